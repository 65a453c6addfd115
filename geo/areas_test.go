package geo_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"moked/geo"
)

func index(t testing.TB, areas []geo.Area, zones []geo.Zone) *geo.AreaIndex {
	t.Helper()
	x, err := geo.NewAreaIndex(7, areas, zones)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func zone(n int, department, code string, polys ...orb.Polygon) geo.Zone {
	return geo.Zone{ID: testID(n), Department: department, Code: code, Geom: polys}
}

func code(r *geo.AreaRef) string {
	if r == nil {
		return "-"
	}
	return r.Code
}

// A town of 0.06 by 0.04 degrees. Districts: 1 in the west, 2 in the middle with
// a hole, 3 in two pieces, overlapping 2 by a strip; a gap lies between 1 and 2,
// and the east has none.
func town() ([]geo.Area, []geo.Zone) {
	boundary := area(geo.Boundary, "town", nil, box(34.80, 32.00, 34.86, 32.04))
	d1 := area(geo.District, "1", nil, box(34.80, 32.00, 34.81, 32.04))
	d2 := area(geo.District, "2", nil, orb.Polygon{
		box(34.812, 32.00, 34.83, 32.04)[0],
		box(34.818, 32.015, 34.824, 32.025)[0],
	})
	d3 := area(geo.District, "3", nil, box(34.829, 32.00, 34.84, 32.02), box(34.83, 32.03, 34.84, 32.04))
	n1 := area(geo.Neighbourhood, "n1", &d1, box(34.80, 32.00, 34.81, 32.02))
	n2 := area(geo.Neighbourhood, "n2", &d1, box(34.80, 32.021, 34.81, 32.04))
	n3 := area(geo.Neighbourhood, "n3", &d2, box(34.805, 32.00, 34.82, 32.01))
	zones := []geo.Zone{
		zone(1, "water", "w", box(34.80, 32.00, 34.82, 32.04)),
		zone(2, "lighting", "north", box(34.79, 32.02, 34.87, 32.05)),
		zone(3, "lighting", "south", box(34.79, 31.99, 34.87, 32.02)),
	}
	return []geo.Area{boundary, d1, d2, d3, n1, n2, n3}, zones
}

func TestAreaIndexAt(t *testing.T) {
	t.Parallel()
	areas, zones := town()
	x := index(t, areas, zones)
	if x.Version() != 7 {
		t.Errorf("version %d", x.Version())
	}
	for _, c := range []struct {
		name           string
		p              orb.Point
		district, hood string
		zones          string
	}{
		{"plainly inside", orb.Point{34.805, 32.01}, "1", "n1", "[lighting/south water/w]"},
		{"the parent's neighbourhood only, though n3 covers it", orb.Point{34.808, 32.005}, "1", "n1", "[lighting/south water/w]"},
		{"a gap between neighbourhoods", orb.Point{34.805, 32.0203}, "1", "n1", "[lighting/north water/w]"},
		{"the same, nearer to the other", orb.Point{34.805, 32.0207}, "1", "n2", "[lighting/north water/w]"},
		{"a gap, nearer to 1", orb.Point{34.8104, 32.03}, "1", "n2", "[lighting/north water/w]"},
		{"a gap, nearer to 2", orb.Point{34.8116, 32.03}, "2", "n3", "[lighting/north water/w]"},
		{"a hole", orb.Point{34.82, 32.02}, "2", "n3", "[lighting/north water/w]"},
		{"an overlap", orb.Point{34.8295, 32.01}, "2", "n3", "[lighting/south]"},
		{"the second piece of 3", orb.Point{34.835, 32.035}, "3", "-", "[lighting/north]"},
		{"where no district is", orb.Point{34.855, 32.01}, "3", "-", "[lighting/south]"},
		{"on the boundary's corner", orb.Point{34.80, 32.00}, "1", "n1", "[lighting/south water/w]"},
		{"on the boundary's eastern border", orb.Point{34.86, 32.02}, "3", "-", "[lighting/north]"},
		{"on the zones' border", orb.Point{34.835, 32.02}, "3", "-", "[lighting/north]"},
	} {
		w := x.At(c.p)
		var found []string
		for _, z := range w.Zones {
			found = append(found, z.Department+"/"+z.Code)
		}
		if !w.Inside || w.Distance != 0 || code(w.District) != c.district || code(w.Neighbourhood) != c.hood || fmt.Sprint(found) != c.zones {
			t.Errorf("%s: inside %v, district %s, neighbourhood %s, zones %v", c.name, w.Inside, code(w.District), code(w.Neighbourhood), found)
		}
		if got := x.DistrictAt(c.p); got != w.District {
			t.Errorf("%s: DistrictAt says %s", c.name, code(got))
		}
	}
	if z := x.At(orb.Point{34.805, 32.03}).Zone("water"); z == nil || z.Code != "w" {
		t.Errorf("the water zone is %v", z)
	}
	if z := x.At(orb.Point{34.805, 32.03}).Zone("parks"); z != nil {
		t.Errorf("a zone of no department: %v", z)
	}
}

func TestAreaIndexOutside(t *testing.T) {
	t.Parallel()
	areas, zones := town()
	x := index(t, areas, zones)
	w := x.At(orb.Point{34.865, 32.03})
	if w.Inside || w.District != nil || w.Neighbourhood != nil || len(w.Zones) != 1 {
		t.Errorf("outside: %+v", w)
	}
	if want := geo.Metres(orb.Point{34.865, 32.03}, orb.Point{34.86, 32.03}); math.Abs(w.Distance-want) > .5 {
		t.Errorf("distance %f, want %f", w.Distance, want)
	}
	for _, p := range []orb.Point{{0, 0}, {-179, -89}, {1e300, -1e300}, {math.Inf(1), 32}} {
		if w := x.At(p); w.Inside || w.District != nil || w.Zones == nil || w.Distance < 1000 {
			t.Errorf("At(%v) = %+v", p, w)
		}
	}
	if w := x.At(orb.Point{math.NaN(), 32}); w.Inside || !math.IsNaN(w.Distance) {
		t.Errorf("At(NaN) = %+v", w)
	}
}

func TestAreaIndexWithoutLevels(t *testing.T) {
	t.Parallel()
	areas, _ := town()
	for _, c := range []struct {
		name   string
		areas  []geo.Area
		inside bool
		code   string
	}{
		{"nothing", nil, false, "-"},
		{"boundary only", areas[:1], true, "-"},
		{"districts only", areas[1:4], true, "1"},
		{"neighbourhoods only", areas[4:], false, "-"},
	} {
		w := index(t, c.areas, nil).At(orb.Point{34.805, 32.01})
		if w.Inside != c.inside || code(w.District) != c.code || w.Inside != (w.Distance == 0) {
			t.Errorf("%s: %+v", c.name, w)
		}
	}
	if w := index(t, areas[1:4], nil).At(orb.Point{34.811, 32.03}); w.Inside || w.Distance < 50 || w.Distance > 150 {
		t.Errorf("in a gap without a boundary: %+v", w)
	}
	orphan := areas[4]
	gone := testID(99)
	orphan.Parent = &gone
	if w := index(t, []geo.Area{areas[0], areas[1], orphan}, nil).At(orb.Point{34.805, 32.01}); code(w.Neighbourhood) != "n1" {
		t.Error("a neighbourhood whose parent is gone is lost")
	}
}

// The answer depends neither on the order of the areas nor on how their rings
// run, at the hardest points.
func TestAreaIndexSameInEveryOrder(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	shapes := patchwork(r, cityBound, 5, 4, 30)
	areas := []geo.Area{area(geo.Boundary, "b", nil, boundPolygon(cityBound))}
	for i, s := range shapes {
		// All of one code: only the ids tell them apart. Every fourth is missing.
		if d := area(geo.District, "same", nil, s...); i%4 != 0 {
			d.ID = testID(i)
			areas = append(areas, d)
		}
	}
	x := index(t, areas, nil)
	points := append(hardPoints(shapes), crowd(r, cityBound, 5000)...)
	for range 3 {
		other := slices.Clone(areas)
		r.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		for i, a := range other {
			ring := slices.Clone(a.Geom[0][0])
			slices.Reverse(ring)
			other[i].Geom = orb.MultiPolygon{{ring}}
		}
		y := index(t, other, nil)
		for _, p := range points {
			a, b := x.DistrictAt(p), y.DistrictAt(p)
			if (a == nil) != (b == nil) || a != nil && a.ID != b.ID || (a == nil) == x.At(p).Inside {
				t.Fatalf("%v belongs to %v, then to %v", p, a, b)
			}
		}
	}
}

// Whatever is missing, a point has the district that covers it or the nearest.
func TestAreaIndexFillsGapsWithTheNearest(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	shapes := patchwork(r, cityBound, 6, 6, 20)
	areas := []geo.Area{area(geo.Boundary, "b", nil, boundPolygon(cityBound))}
	var kept []orb.MultiPolygon
	for i, s := range shapes {
		if i%3 == 0 {
			areas = append(areas, area(geo.District, fmt.Sprintf("%02d", len(kept)), nil, s...))
			kept = append(kept, s)
		}
	}
	x := index(t, areas, nil)
	for _, p := range crowd(r, cityBound, 1000) {
		got := code(x.DistrictAt(p))
		best, second, want := math.Inf(1), math.Inf(1), ""
		for i, s := range kept {
			d := 0.0
			if _, covered := coverage(s, p); !covered {
				at, _ := geo.NearestOnLine(p, orb.LineString(s[0][0]))
				d = at.Distance()
			}
			if d < best {
				best, second, want = d, best, fmt.Sprintf("%02d", i)
			} else if d < second {
				second = d
			}
		}
		// The index's scale is that of the city's middle: near a tie it may differ.
		if got != want && second > best*1.01 {
			t.Fatalf("%v belongs to %s, want %s (%f m, next %f m)", p, got, want, best, second)
		}
	}
}

func TestWhereaboutsJSON(t *testing.T) {
	t.Parallel()
	areas, zones := town()
	x := index(t, areas, zones)
	for _, c := range []struct {
		p    orb.Point
		want string
	}{
		{orb.Point{34.805, 32.01}, `{"authority":"town","district":{"code":"1","name":"שם 1"},"neighbourhood":{"code":"n1","name":"שם n1"},"zones":[{"department":"lighting","code":"south"},{"department":"water","code":"w"}]}`},
		{orb.Point{35, 33}, `{"authority":"town","district":null,"neighbourhood":null,"zones":[]}`},
	} {
		w := x.At(c.p)
		w.Authority = "town"
		if got, err := json.Marshal(w); err != nil || string(got) != c.want {
			t.Errorf("%s, %v", got, err)
		}
	}
}

func TestAreaIndexAllocatesNothing(t *testing.T) {
	areas, zones := town()
	x := index(t, areas, zones)
	points := []orb.Point{{34.805, 32.01}, {34.811, 32.03}, {34.80001, 32.00001}, {34.81 + 1e-9, 32.03}, {34.86, 32.04}, {35, 33}}
	if n := testing.AllocsPerRun(10, func() {
		for _, p := range points {
			x.DistrictAt(p)
		}
	}); n > 0 {
		t.Errorf("DistrictAt allocates %v times", n)
	}
	if n := testing.AllocsPerRun(10, func() { x.At(orb.Point{34.805, 32.012}) }); n > 0 {
		t.Errorf("At allocates %v times within a cell", n)
	}
}

func TestAreaIndexNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	good := box(34.80, 32.00, 34.81, 32.01)
	for _, c := range []struct {
		fault geo.ShapeFault
		geom  orb.MultiPolygon
		text  string
	}{
		{geo.NotFinite, orb.MultiPolygon{good, {{{1, 1}, {nan, 2}, {2, 2}, {1, 1}}}}, `district "17" (שם 17): polygon 1, ring 0: shape.not-finite`},
		{geo.NotFinite, orb.MultiPolygon{{good[0], {{1, 1}, {2, math.Inf(1)}, {2, 2}, {1, 1}}}}, `district "17" (שם 17): polygon 0, ring 1: shape.not-finite`},
		{geo.OutOfRange, orb.MultiPolygon{box(180000, 660000, 181000, 661000)}, `district "17" (שם 17): polygon 0, ring 0: shape.out-of-range`},
		{geo.Unclosed, orb.MultiPolygon{{{{1, 1}, {1, 2}, {2, 2}, {2, 1}}}}, `district "17" (שם 17): polygon 0, ring 0: shape.unclosed`},
		{geo.TooFewPoints, orb.MultiPolygon{{{{1, 1}, {1, 2}, {1, 1}}}}, `district "17" (שם 17): polygon 0, ring 0: shape.too-few-points`},
		{geo.TooFewPoints, orb.MultiPolygon{{}}, `district "17" (שם 17): polygon 0, ring 0: shape.too-few-points`},
		{geo.NoExtent, orb.MultiPolygon{{{{1, 1}, {2, 2}, {3, 3}, {1, 1}}}}, `district "17" (שם 17): shape.no-extent`},
		{geo.NoExtent, nil, `district "17" (שם 17): shape.no-extent`},
	} {
		_, err := geo.NewAreaIndex(1, []geo.Area{area(geo.Boundary, "b", nil, good), area(geo.District, "17", nil, c.geom...)}, nil)
		var fault *geo.ShapeError
		if !errors.As(err, &fault) || fault.Fault != c.fault || fault.Shape != 1 || err.Error() != c.text {
			t.Errorf("%v", err)
		}
	}
	if _, err := geo.NewAreaIndex(1, []geo.Area{area("county", "x", nil, good)}, nil); err == nil || err.Error() != `county "x" (שם x): area.unknown-level` {
		t.Errorf("%v", err)
	}
	if _, err := geo.NewAreaIndex(1, nil, []geo.Zone{zone(1, "water", "w")}); err == nil || err.Error() != `zone "w" of "water" (): shape.no-extent` {
		t.Errorf("%v", err)
	}
	// What is odd but clear is taken: doubled points, a flat piece beside a real one.
	doubled := orb.Polygon{{{0, 0}, {0, 0}, {1, 0}, {1, 1}, {1, 1}, {0, 0}}}
	x := index(t, []geo.Area{area(geo.District, "d", nil, doubled, orb.Polygon{{{5, 5}, {6, 6}, {5, 5}, {5, 5}}})}, nil)
	if x.DistrictAt(orb.Point{.9, .1}) == nil || x.DistrictAt(orb.Point{.1, .9}) != nil {
		t.Error("doubled points change the shape")
	}
}
