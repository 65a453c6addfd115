package geo

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// TestReverse compares with looking at everything.
func TestReverse(t *testing.T) {
	t.Parallel()
	r := netivot(t)
	g := r.gazetteer()
	bound := emptyBound()
	for _, a := range r.addresses {
		bound = extend(bound, a.Point)
	}
	rng := rand.New(rand.NewPCG(2, 3))
	for range 500 {
		p := orb.Point{bound.Min[0] + rng.Float64()*(bound.Max[0]-bound.Min[0]), bound.Min[1] + rng.Float64()*(bound.Max[1]-bound.Min[1])}
		house, street := math.Inf(1), math.Inf(1)
		for _, h := range g.houses {
			house = min(house, g.plane.Distance(p, h.point))
		}
		for i := range g.streets {
			if at, ok := NearestOnMultiLine(p, g.streets[i].lines); ok {
				street = min(street, at.Distance())
			}
		}
		got := map[Precision]Result{}
		for _, res := range g.Reverse(p, Bias{}) {
			got[res.Precision] = res
		}
		check := func(precision Precision, want, within float64) {
			res, ok := got[precision]
			if ok != (want <= within) || ok && math.Abs(res.Distance-want) > 0.5+want/1000 {
				t.Errorf("%s at %v: %+v, want %.1f m", precision, p, res, want)
			}
		}
		check(House, house, reverseHouse)
		check(OnStreet, street, reverseStreet)
	}
}

func TestReverseEdges(t *testing.T) {
	t.Parallel()
	r := modelTown()
	g := NewGazetteer(r.streets, r.addresses, modelPlaces(), r.areas)
	for _, p := range []orb.Point{{math.NaN(), 32}, {34, math.Inf(1)}, {181, 0}, {34, -91}} {
		if res := g.Reverse(p, Bias{}); len(res) != 0 {
			t.Errorf("Reverse(%v) = %v", p, res)
		}
	}
	for _, p := range []orb.Point{{0, 0}, {-70, 42}, {180, 90}, {-180, -90}} {
		if res := g.Reverse(p, Bias{}); len(res) != 0 {
			t.Errorf("Reverse(%v) = %v, far from everything", p, res)
		}
	}
	at := r.addresses[0].Point
	res := g.Reverse(at, Bias{})
	if len(res) < 4 || res[0].Label != "הרצל 1" || res[0].Distance > 0.1 || res[0].Precision != House {
		t.Fatalf("at הרצל 1: %+v", res)
	}
	if last := res[len(res)-1]; last.Label != "רובע א'" || last.Precision != InArea {
		t.Errorf("the district: %+v", last)
	}
	empty := NewGazetteer(nil, nil, nil, nil)
	if res := empty.Reverse(at, Bias{}); res == nil || len(res) != 0 {
		t.Errorf("an empty gazetteer: %v", res)
	}
	if res := empty.Find("הרצל 17", Bias{}); res == nil || len(res) != 0 {
		t.Errorf("an empty gazetteer: %v", res)
	}
	if res := empty.Suggest("הרצל", Bias{}); res == nil || len(res) != 0 {
		t.Errorf("an empty gazetteer: %v", res)
	}
}

func TestCross(t *testing.T) {
	t.Parallel()
	plane := PlaneAt(orb.Point{34.8, 32})
	line := func(xy ...float64) orb.MultiLineString {
		var l orb.LineString
		for i := 0; i < len(xy); i += 2 {
			l = append(l, plane.Point(orb.Point{xy[i], xy[i+1]}))
		}
		return orb.MultiLineString{l}
	}
	streets := []Street{
		{ID: 1, Name: "הרצל", Geom: line(0, 0, 1000, 0)},
		{ID: 2, Name: "ביאליק", Geom: line(500, -300, 500, 300)},                      // crosses, without a common point
		{ID: 3, Name: "סוקולוב", Geom: line(200, 30, 200, 300)},                       // stops 30 m short
		{ID: 4, Name: "ויצמן", Geom: line(800, 60, 800, 300)},                         // stops 60 m short
		{ID: 5, Name: "נורדאו", Geom: line(100, -100, 100, 100, 700, 100, 700, -100)}, // crosses twice
		{ID: 6, Name: "דיזנגוף", Geom: line(0, 0, 0, 500)},                            // begins where the other does
		{ID: 7, Name: "אלנבי"},
	}
	g := NewGazetteer(streets, nil, nil, nil)
	for _, c := range []struct {
		query string
		at    orb.Point // metres
		want  Precision
		n     int
	}{
		{"הרצל פינת ביאליק", orb.Point{500, 0}, Intersection, 1},
		{"ביאליק פינת הרצל", orb.Point{500, 0}, Intersection, 1},
		{"הרצל פינת סוקולוב", orb.Point{200, 15}, Intersection, 1},
		{"הרצל פינת ויצמן", orb.Point{500, 0}, OnStreet, 0},
		{"הרצל פינת נורדאו", orb.Point{100, 0}, Intersection, 2},
		{"הרצל פינת דיזנגוף", orb.Point{0, 0}, Intersection, 1},
		{"הרצל פינת אלנבי", orb.Point{500, 0}, OnStreet, 0}, // which is nowhere
	} {
		res := g.Find(c.query, Bias{})
		if len(res) == 0 || res[0].Precision != c.want || plane.Distance(res[0].Point(), plane.Point(c.at)) > 2 {
			t.Errorf("%q: %+v", c.query, res)
			continue
		}
		n := 0
		for _, r := range res {
			if r.Precision == Intersection {
				n++
			}
		}
		if n != c.n {
			t.Errorf("%q: %d corners, want %d: %+v", c.query, n, c.n, res)
		}
		if c.n == 2 && res[0].Score > 0.6 {
			t.Errorf("%q: two corners, but the first scores %.2f", c.query, res[0].Score)
		}
	}
	near := plane.Point(orb.Point{720, 0})
	if res := g.Find("הרצל פינת נורדאו", Bias{Near: &near}); plane.Distance(res[0].Point(), plane.Point(orb.Point{700, 0})) > 2 {
		t.Errorf("the nearer corner first: %+v", res)
	}
}
