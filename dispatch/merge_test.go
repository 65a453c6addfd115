package dispatch_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	orbgeo "github.com/paulmach/orb/geo"
	"pgregory.net/rapid"

	"moked/dispatch"
	"moked/geo"
)

// east is a place so many metres east and north of a corner in Netanya.
func east(x, y float64, p geo.Precision) dispatch.Place {
	lat := 32.32 + y/111195
	lon := 34.85 + x/(111195*math.Cos(32.32*math.Pi/180))
	return dispatch.Place{Lat: &lat, Lon: &lon, Precision: p}
}

func openAt(n int, category string, place dispatch.Place, last time.Time) dispatch.Near {
	return dispatch.Near{
		Incident: dispatch.Incident{
			ID: uuid.NewSHA1(uuid.Nil, fmt.Append(nil, n)), Number: fmt.Sprintf("26-%06d", n), State: dispatch.IncidentOpen, Category: category, Place: place,
		},
		LastReport: last,
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	light := dispatch.Category{Code: "light", Merge: &dispatch.MergeRule{Metres: 30, Hours: 24, With: []string{"dark"}}}
	quiet := dispatch.Category{Code: "light", Sensitive: true, Merge: &dispatch.MergeRule{Metres: 30, Hours: 24}}
	alone := dispatch.Category{Code: "light"}
	unplaced := dispatch.Place{Precision: geo.Unplaced}
	closed := openAt(1, "light", east(0, 0, geo.House), noon)
	closed.Incident.State = dispatch.IncidentClosed
	mixed := func(near ...dispatch.Near) []dispatch.Near { return near }

	for _, k := range []struct {
		what string
		c    dispatch.Category
		told dispatch.Place
		open []dispatch.Near
		join int
		why  string
	}{
		{"the same house", light, east(0, 0, geo.House), mixed(openAt(1, "light", east(0, 0, geo.House), noon)), 1, "merge.same"},
		{"just inside", light, east(29, 0, geo.Pin), mixed(openAt(1, "light", east(0, 0, geo.House), noon)), 1, "merge.same"},
		{"just outside", light, east(31, 0, geo.Pin), mixed(openAt(1, "light", east(0, 0, geo.House), noon)), 0, "merge.too-far"},
		{"nothing open", light, east(0, 0, geo.House), nil, 0, "merge.none-near"},
		{"another category", light, east(0, 0, geo.House), mixed(openAt(1, "water", east(0, 0, geo.House), noon)), 0, "merge.none-near"},
		{"a category that the rule names", light, east(0, 0, geo.House), mixed(openAt(1, "dark", east(0, 0, geo.House), noon)), 1, "merge.same"},
		{"no rule", alone, east(0, 0, geo.House), mixed(openAt(1, "light", east(0, 0, geo.House), noon)), 0, "merge.no-rule"},
		{"a day ago", light, east(0, 0, geo.House), mixed(openAt(1, "light", east(0, 0, geo.House), noon.Add(-24*time.Hour))), 1, "merge.same"},
		{"longer ago", light, east(0, 0, geo.House), mixed(openAt(1, "light", east(0, 0, geo.House), noon.Add(-25*time.Hour))), 0, "merge.too-old"},
		{"filed late, about yesterday", light, east(0, 0, geo.House), mixed(openAt(1, "light", east(0, 0, geo.House), noon.Add(20*time.Hour))), 1, "merge.same"},
		{"closed", light, east(0, 0, geo.House), mixed(closed), 0, "merge.not-open"},

		{"told as a street", light, east(0, 0, geo.OnStreet), mixed(openAt(1, "light", east(0, 0, geo.House), noon)), 0, "merge.not-located"},
		{"told as an area", light, east(0, 0, geo.InArea), mixed(openAt(1, "light", east(0, 0, geo.InArea), noon)), 0, "merge.not-located"},
		{"told without a place", light, unplaced, mixed(openAt(1, "light", unplaced, noon)), 0, "merge.not-located"},
		{"an incident on a fallback", light, east(0, 0, geo.House), mixed(openAt(1, "light", east(0, 0, geo.OnStreet), noon)), 0, "merge.other-not-located"},
		{"an incident without a place", light, east(0, 0, geo.House), mixed(openAt(1, "light", unplaced, noon)), 0, "merge.other-not-located"},

		{"between houses: twenty metres", light, east(20, 0, geo.Interpolated), mixed(openAt(1, "light", east(0, 0, geo.House), noon)), 1, "merge.same"},
		{"between houses: twenty-five metres", light, east(25, 0, geo.Interpolated), mixed(openAt(1, "light", east(0, 0, geo.House), noon)), 0, "merge.too-far"},
		{"at a crossing", light, east(23, 0, geo.House), mixed(openAt(1, "light", east(0, 0, geo.Intersection), noon)), 1, "merge.same"},
		{"at a school", light, east(20, 0, geo.House), mixed(openAt(1, "light", east(0, 0, geo.AtPlace), noon)), 0, "merge.too-far"},

		{"sensitive, the same house", quiet, east(0, 0, geo.House), mixed(openAt(1, "light", east(0, 0, geo.House), noon)), 1, "merge.same"},
		{"sensitive, next door", quiet, east(20, 0, geo.House), mixed(openAt(1, "light", east(0, 0, geo.House), noon)), 0, "merge.too-far"},
		{"sensitive, between houses", quiet, east(0, 0, geo.Interpolated), mixed(openAt(1, "light", east(0, 0, geo.House), noon)), 0, "merge.sensitive"},

		{"the nearest", light, east(0, 0, geo.House), mixed(openAt(1, "light", east(20, 0, geo.House), noon), openAt(2, "light", east(0, 10, geo.House), noon)), 2, "merge.same"},
		{"at one distance, the oldest", light, east(0, 0, geo.House), mixed(openAt(9, "light", east(10, 0, geo.House), noon), openAt(4, "light", east(10, 0, geo.House), noon)), 4, "merge.same"},
		{"the oldest, also over a million", light, east(0, 0, geo.House), mixed(openAt(1000000, "light", east(10, 0, geo.House), noon), openAt(999999, "light", east(10, 0, geo.House), noon)), 999999, "merge.same"},
		{"the nearest that fits", light, east(0, 0, geo.House), mixed(openAt(1, "light", east(0, 0, geo.House), noon.Add(-99*time.Hour)), openAt(2, "light", east(0, 15, geo.House), noon)), 2, "merge.same"},
	} {
		v := dispatch.Merge(dispatch.Told{Place: k.told, At: noon}, k.c, k.open)
		joined := 0
		for _, n := range k.open {
			if v.Join != nil && n.Incident.ID == *v.Join {
				fmt.Sscanf(n.Incident.Number, "26-%d", &joined)
			}
		}
		if joined != k.join || (v.Join == nil) != (k.join == 0) || len(v.Why) != 1 || v.Why[0].Key != k.why {
			t.Errorf("%s: joins %d because %v, want %d because %s", k.what, joined, v.Why, k.join, k.why)
		}
	}
}

func drawPlace(t *rapid.T, name string) dispatch.Place {
	p := east(rapid.Float64Range(-80, 80).Draw(t, name+".x"), rapid.Float64Range(-80, 80).Draw(t, name+".y"),
		rapid.SampledFrom([]geo.Precision{geo.Pin, geo.House, geo.Interpolated, geo.Intersection, geo.AtPlace, geo.OnStreet, geo.InArea, geo.Unplaced}).Draw(t, name+".precision"))
	if p.Precision == geo.Unplaced {
		p.Lat, p.Lon = nil, nil
	}
	return p
}

func TestMergeProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := dispatch.Category{
			Code: "a", Sensitive: rapid.Bool().Draw(t, "sensitive"),
			Merge: &dispatch.MergeRule{Metres: rapid.Float64Range(1, 100).Draw(t, "metres"), Hours: rapid.Float64Range(1, 48).Draw(t, "hours")},
		}
		told := dispatch.Told{Place: drawPlace(t, "told"), At: noon}
		open := make([]dispatch.Near, rapid.IntRange(0, 8).Draw(t, "n"))
		for i := range open {
			open[i] = openAt(i, rapid.SampledFrom([]string{"a", "b"}).Draw(t, "category"), drawPlace(t, "open"),
				noon.Add(-time.Duration(rapid.Float64Range(-60, 60).Draw(t, "age")*float64(time.Hour))))
		}
		v := dispatch.Merge(told, c, open)

		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)).Shuffle(len(open), func(i, j int) { open[i], open[j] = open[j], open[i] })
		if diff := cmp.Diff(v, dispatch.Merge(told, c, open)); diff != "" {
			t.Fatalf("the order of the candidates matters: %s", diff)
		}
		if len(v.Why) == 0 {
			t.Fatal("no reason")
		}
		if v.Join == nil {
			return
		}
		here, _ := told.Place.Point()
		var joined float64
		best := math.Inf(1)
		for _, n := range open {
			there, ok := n.Incident.Place.Point()
			if !ok {
				continue
			}
			d := orbgeo.DistanceHaversine(here, there)
			if n.Incident.ID == *v.Join {
				joined = d
				if d > c.Merge.Metres+0.1 || n.Incident.Category != "a" || !n.Incident.Place.Precision.Located() || !told.Place.Precision.Located() ||
					noon.Sub(n.LastReport).Abs().Hours() > c.Merge.Hours {
					t.Fatalf("joined %s at %v m", n.Incident.Number, d)
				}
				if dispatch.Merge(dispatch.Told{Place: n.Incident.Place, At: noon}, c, []dispatch.Near{openAt(99, "a", told.Place, n.LastReport)}).Join == nil {
					t.Fatal("told the other way round, they are not the same")
				}
			}
			if dispatch.Merge(told, c, []dispatch.Near{n}).Join != nil {
				best = min(best, d)
			}
		}
		if joined > best+0.11 {
			t.Fatalf("joined at %v m, with another at %v m", joined, best)
		}
	})
}

// Positions that are no positions join nothing, and stay writable as JSON.
func TestMergeOfNonsense(t *testing.T) {
	t.Parallel()
	c := dispatch.Category{Code: "a", Merge: &dispatch.MergeRule{Metres: 1000, Hours: 1000}}
	nan, inf := math.NaN(), math.Inf(1)
	for _, p := range []dispatch.Place{
		{Lat: &nan, Lon: &nan, Precision: geo.Pin}, {Lat: &inf, Lon: &nan, Precision: geo.Pin}, {Lat: &inf, Lon: &inf, Precision: geo.House},
	} {
		for _, q := range []dispatch.Place{p, east(0, 0, geo.Pin)} {
			v := dispatch.Merge(dispatch.Told{Place: p, At: noon}, c, []dispatch.Near{openAt(1, "a", q, noon)})
			if v.Join != nil || len(v.Considered) == 1 && math.IsNaN(v.Considered[0].Metres) {
				t.Errorf("%v joined %v: %+v", p, q, v)
			}
		}
	}
}
