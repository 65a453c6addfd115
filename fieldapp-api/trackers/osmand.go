package trackers

import (
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"moked/dispatch"
	"moked/dispatch/desk"
)

// A knot in metres a second.
const knot = 1852.0 / 3600

// OsmAnd takes a fix as OsmAnd and Traccar's programs send it: in the query,
// or in a form when there is none, or (Traccar Client from 9 on) as JSON.
func (t *Trackers) OsmAnd(w http.ResponseWriter, r *http.Request) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "application/json" {
		t.traccar(w, r)
		return
	}
	query := r.URL.RawQuery
	if query == "" {
		b, err := body(w, r)
		if err != nil {
			t.refuse(w, r, err, http.StatusBadRequest)
			return
		}
		query = string(b)
	}
	values, err := url.ParseQuery(query)
	id := first(values, "id", "deviceid")
	if err != nil || id == "" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if err := t.record(r, desk.OsmAndDevice(id), []fix{osmAndFix(values, t.Now())}); err != nil {
		t.refuse(w, r, err, http.StatusBadRequest)
	}
}

// first is the first of the names' values that isn't empty.
func first(v url.Values, names ...string) string {
	for _, n := range names {
		if s := v.Get(n); s != "" {
			return s
		}
	}
	return ""
}

// osmAndFix reads a fix; what it doesn't say the time of is of now. One that
// the receiver itself calls invalid is a sign of life.
func osmAndFix(v url.Values, now time.Time) (f fix) {
	f.At = now
	number := func(s string) *float64 {
		if s = strings.TrimSpace(s); s == "" {
			return nil
		}
		n, err := strconv.ParseFloat(s, 64)
		if err != nil {
			f.broken = true
			return nil
		}
		return &n
	}
	if s := v.Get("timestamp"); s != "" {
		at, ok := moment(s)
		f.At, f.broken = at, !ok
	}
	lat, lon := number(v.Get("lat")), number(v.Get("lon"))
	if s := v.Get("location"); s != "" {
		a, b, _ := strings.Cut(s, ",")
		lat, lon = number(a), number(b)
	}
	if (lat == nil) != (lon == nil) {
		f.broken = true
	}
	if lat != nil && lon != nil && v.Get("valid") != "0" && !strings.EqualFold(v.Get("valid"), "false") {
		f.Lat, f.Lon, f.placed = *lat, *lon, true
	}
	reading := func(by float64, names ...string) *float64 {
		n, err := strconv.ParseFloat(first(v, names...), 64)
		if err != nil {
			return nil
		}
		n *= by
		return &n
	}
	f.Speed, f.Heading, f.Accuracy = reading(knot, "speed"), reading(1, "bearing", "heading"), reading(1, "accuracy")
	return f
}

// moment reads a time in any of the protocol's forms: Unix seconds, or
// milliseconds from 2³¹−1 on, ISO 8601, or a date and a time of day in UTC.
func moment(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		if n < 1<<31-1 {
			return time.Unix(max(n, -1<<31), 0), true
		}
		return time.UnixMilli(min(n, farAhead)), true
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return unix(n), true
	}
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05"} {
		if at, err := time.Parse(form, s); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// farAhead is a year that is long enough from now, in milliseconds: beyond it
// there is no telling times apart.
const farAhead = 1 << 47

// unix is a time in seconds, which may have a fraction.
func unix(seconds float64) time.Time {
	if !(seconds > -1<<31) {
		seconds = -1 << 31
	}
	return time.UnixMilli(int64(min(seconds*1000, farAhead)))
}

// traccarBody is what Traccar Client sends from its version 9 on.
type traccarBody struct {
	Device   text            `json:"device_id"`
	Location json.RawMessage `json:"location"`
}

type traccarLocation struct {
	Timestamp text `json:"timestamp"`
	Coords    *struct {
		Latitude, Longitude, Accuracy, Speed, Heading *float64
	} `json:"coords"`
}

// text is a string, or a number as it was written.
type text string

// UnmarshalJSON takes both.
func (t *text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] != '"' {
		*t = text(b)
		return nil
	}
	return json.Unmarshal(b, (*string)(t))
}

func (t *Trackers) traccar(w http.ResponseWriter, r *http.Request) {
	b, err := body(w, r)
	if err != nil {
		t.refuse(w, r, err, http.StatusNotFound)
		return
	}
	var in traccarBody
	if json.Unmarshal(b, &in) != nil || in.Device == "" || in.Device == "null" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	var all []traccarLocation
	if len(in.Location) > 0 && in.Location[0] == '[' {
		err = json.Unmarshal(in.Location, &all)
	} else if len(in.Location) > 0 {
		all = make([]traccarLocation, 1)
		err = json.Unmarshal(in.Location, &all[0])
	}
	fs := make([]fix, 0, len(all))
	for _, l := range all {
		fs = append(fs, l.fix(t.Now()))
	}
	if err != nil {
		fs = []fix{{broken: true}}
	}
	if err := t.record(r, desk.OsmAndDevice(string(in.Device)), fs); err != nil {
		t.refuse(w, r, err, http.StatusNotFound)
	}
}

// fix reads a location. Speeds are in metres a second here, and −1 is unknown.
func (l traccarLocation) fix(now time.Time) (f fix) {
	f.At = now
	if l.Timestamp != "" && l.Timestamp != "null" {
		at, ok := moment(string(l.Timestamp))
		f.At, f.broken = at, !ok
	}
	if c := l.Coords; c != nil {
		f.placed = c.Latitude != nil && c.Longitude != nil
		f.broken = f.broken || !f.placed
		if f.placed {
			f.Position = dispatch.Position{Lat: *c.Latitude, Lon: *c.Longitude, Accuracy: c.Accuracy, Speed: c.Speed, Heading: c.Heading, At: f.At}
		}
	}
	return f
}
