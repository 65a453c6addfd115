package trackers

import (
	"encoding/json"
	"math"
	"net/url"
	"testing"
	"time"

	"moked/dispatch"
)

var now = time.Date(2026, 5, 5, 10, 0, 0, 0, time.UTC)

func TestMoment(t *testing.T) {
	t.Parallel()
	at := time.Date(2024, 2, 12, 14, 35, 0, 0, time.UTC)
	for said, want := range map[string]time.Time{
		"1707748500": at, "1707748500000": at, " 1707748500 ": at, "1707748500.5": at.Add(500 * time.Millisecond),
		"2024-02-12T14:35:00Z": at, "2024-02-12T16:35:00+02:00": at, "2024-02-12T16:35:00.000+0200": at, "2024-02-12T14:35:00": at,
		"2024-02-12T14:35:00.123Z": at.Add(123 * time.Millisecond), "2024-02-12 14:35:00": at,
		"2147483646": time.Unix(math.MaxInt32-1, 0), "2147483647": time.UnixMilli(math.MaxInt32),
		"0": time.Unix(0, 0),
	} {
		if got, ok := moment(said); !ok || !got.Equal(want) {
			t.Errorf("%s: %v %v, want %v", said, got, ok, want)
		}
	}
	for _, said := range []string{"", "now", "12:00", "2024-13-01 00:00:00", "0x10x"} {
		if got, ok := moment(said); ok {
			t.Errorf("%q is %v", said, got)
		}
	}
}

// FuzzForms reads anything as each protocol's fix: what is taken for a fix has
// a time within what the database holds once it has passed CheckFix, and
// readings that are numbers.
func FuzzForms(f *testing.F) {
	f.Add("id=1&timestamp=1707748500&lat=32.1&lon=34.8&speed=10&bearing=1&accuracy=5")
	f.Add("location=32.1,34.8&timestamp=2024-02-12T14:35:00Z&valid=true")
	f.Add("lat=NaN&lon=1e999&timestamp=-9223372036854775808")
	f.Add(`{"_type":"location","lat":32.1,"lon":34.8,"tst":1707748500.9,"vel":36,"acc":1e400}`)
	f.Add(`{"timestamp":"2024-02-12T14:35:00.000Z","coords":{"latitude":32.1,"longitude":34.8,"speed":-1}}`)
	f.Add(`{"timestamp":1e308,"coords":{"latitude":-0}}`)
	f.Add(`{"_type":"location","tst":-1e308}`)
	f.Fuzz(func(t *testing.T, said string) {
		var all []fix
		if v, err := url.ParseQuery(said); err == nil {
			all = append(all, osmAndFix(v, now))
		}
		var own ownTracks
		if json.Unmarshal([]byte(said), &own) == nil {
			all = append(all, own.fix())
		}
		var l traccarLocation
		if json.Unmarshal([]byte(said), &l) == nil {
			all = append(all, l.fix(now))
		}
		for _, x := range all {
			p := x.Plain()
			for _, r := range []*float64{p.Speed, p.Heading, p.Accuracy} {
				if r != nil && !(*r >= 0 && *r <= 1e5) {
					t.Fatalf("%q: a reading of %v", said, *r)
				}
			}
			if !x.placed || dispatch.CheckFix(p, now, 24*time.Hour) != "" {
				continue
			}
			if p.At.After(now.Add(time.Hour)) || p.At.Before(now.Add(-25*time.Hour)) || !(math.Abs(p.Lat) <= 90) || !(math.Abs(p.Lon) <= 180) {
				t.Fatalf("%q is a fix of %v", said, p)
			}
		}
	})
}
