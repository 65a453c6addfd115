package dispatch

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestOpenSmallCells publishes random towns and looks for what would tell of few:
// a sensitive row says no more than at least five others of its kind and month
// do, whatever part of the rows one takes, and a later day takes nothing back.
func TestOpenSmallCells(t *testing.T) {
	t.Parallel()
	zone := israel(t)
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 6, 15, 12, 0, 0, 0, zone)
		var all []OpenReport
		counts := OpenCounts{Zone: zone}
		for n := range rapid.IntRange(0, 120).Draw(t, "reports") {
			filed := time.Date(2026, time.Month(rapid.IntRange(3, 6).Draw(t, "month")), rapid.IntRange(1, 14).Draw(t, "day"), rapid.IntRange(0, 23).Draw(t, "hour"), 0, 0, 0, zone)
			closed := filed.Add(time.Duration(rapid.IntRange(1, 900).Draw(t, "took")) * time.Hour)
			lat, lon := 32+rapid.Float64Range(0, 0.03).Draw(t, "lat"), 34.8+rapid.Float64Range(0, 0.03).Draw(t, "lon")
			r := OpenReport{
				Number: fmt.Sprint(n), Filed: filed, Closed: &closed, Channel: ByPhone, Category: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "category"),
				Label: fmt.Sprint("house ", n), Lat: &lat, Lon: &lon, Sensitive: rapid.Bool().Draw(t, "sensitive"),
			}
			if closed.After(now) {
				r.Closed = nil
			}
			all = append(all, r)
			if r.Sensitive {
				counts.Add(r)
			}
		}
		type row struct {
			category, filed, place string
		}
		alike, kinds := map[row]int{}, map[[2]string]int{}
		for _, r := range all {
			out, published := counts.Publish(r, now)
			if !r.Sensitive {
				if !published || out != r {
					t.Fatalf("%+v is %+v, %t", r, out, published)
				}
				continue
			}
			if !published {
				continue
			}
			if out.Number != "" || out.Label != "" || out.Channel != "" || !out.Filed.Equal(monthOf(out.Filed, zone)) || out.Closed != nil && !out.Closed.Equal(monthOf(*out.Closed, zone)) {
				t.Fatalf("it tells too much: %+v", out)
			}
			if out.Filed.Month() == now.Month() {
				t.Fatalf("of a month that isn't over: %+v", out)
			}
			place := ""
			if out.Lat != nil {
				place = fmt.Sprint(*out.Lat, *out.Lon)
				if *out.Lat == *r.Lat || *out.Lon == *r.Lon {
					t.Fatalf("its very place: %+v", out)
				}
			}
			alike[row{out.Category, out.Filed.String(), place}]++
			kinds[[2]string{out.Category, out.Filed.String()}]++
			later, published := counts.Publish(r, now.AddDate(0, 3, 0))
			if !published || !later.Filed.Equal(out.Filed) || (later.Lat == nil) != (out.Lat == nil) {
				t.Fatalf("later it is %+v, %t, before %+v", later, published, out)
			}
		}
		for k, n := range alike {
			if k.place != "" && n < openFew {
				t.Fatalf("%d rows like %+v", n, k)
			}
		}
		for k, n := range kinds {
			if n < openFew {
				t.Fatalf("%d rows of %v", n, k)
			}
		}
	})
}
