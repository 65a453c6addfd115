package geo_test

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"moked/geo"
)

// coverage is the plain definition, in rationals: even-odd within a polygon,
// any polygon of the shape, borders included.
func coverage(mp orb.MultiPolygon, p orb.Point) (claimed, covered bool) {
	for _, poly := range mp {
		odd := false
		for _, ring := range poly {
			for i := range ring[1:] {
				a, b := ring[i], ring[i+1]
				if a[1] > b[1] {
					a, b = b, a
				}
				if p[1] < a[1] || p[1] > b[1] || p[0] > max(a[0], b[0]) {
					continue // neither on the edge nor west of it
				}
				s := ratTurn(a, b, p)
				covered = covered || s == 0 && p[0] >= min(a[0], b[0])
				if a[1] <= p[1] && p[1] < b[1] && s > 0 {
					odd = !odd
				}
			}
		}
		claimed = claimed || odd
	}
	return claimed, claimed || covered
}

func ratTurn(a, b, p orb.Point) int {
	rat := func(v float64) *big.Rat { return new(big.Rat).SetFloat64(v) }
	sub := func(u, v float64) *big.Rat { return new(big.Rat).Sub(rat(u), rat(v)) }
	l := new(big.Rat).Mul(sub(b[0], a[0]), sub(p[1], a[1]))
	return l.Cmp(new(big.Rat).Mul(sub(p[0], a[0]), sub(b[1], a[1])))
}

// latticeShapes draws shapes on a small lattice, where borders meet, cross and
// overlap in every odd way.
func latticeShapes(t *rapid.T, unit float64) []orb.MultiPolygon {
	coord := rapid.IntRange(0, 9)
	ring := rapid.Custom(func(t *rapid.T) orb.Ring {
		var r orb.Ring
		for range rapid.IntRange(3, 9).Draw(t, "points") {
			r = append(r, orb.Point{float64(coord.Draw(t, "x")) * unit, float64(coord.Draw(t, "y")) * unit})
		}
		return append(r, r[0])
	})
	poly := rapid.Custom(func(t *rapid.T) orb.Polygon { return rapid.SliceOfN(ring, 1, 3).Draw(t, "rings") })
	shape := rapid.Custom(func(t *rapid.T) orb.MultiPolygon { return rapid.SliceOfN(poly, 1, 3).Draw(t, "polygons") })
	return rapid.SliceOfN(shape, 1, 5).Draw(t, "shapes")
}

func TestLocatorIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]float64{1, .1, 1e-3, 1. / 3, 1e-7}).Draw(t, "unit")
		shapes := latticeShapes(t, unit)
		l, err := geo.NewLocator(shapes)
		if err != nil {
			var fault *geo.ShapeError
			if !errors.As(err, &fault) || fault.Fault != geo.NoExtent {
				t.Fatal(err)
			}
			t.Skip("no surface")
		}
		half := rapid.IntRange(-2, 20) // halves of the lattice's unit
		for range 50 {
			p := orb.Point{float64(half.Draw(t, "x")) / 2 * unit, float64(half.Draw(t, "y")) / 2 * unit}
			checkLocator(t, l, shapes, p)
			checkLocator(t, l, shapes, orb.Point{math.Nextafter(p[0], 1e9), math.Nextafter(p[1], -1e9)})
		}
	})
}

func checkLocator(t interface{ Fatalf(string, ...any) }, l *geo.Locator, shapes []orb.MultiPolygon, p orb.Point) {
	want, touched := -1, -1
	var all []int32
	for i, s := range shapes {
		claimed, covered := coverage(s, p)
		if claimed && want < 0 {
			want = i
		}
		if covered {
			all = append(all, int32(i))
			if touched < 0 {
				touched = i
			}
		}
	}
	if want < 0 {
		want = touched
	}
	if got := l.Find(p); got != want {
		t.Fatalf("Find(%v) = %d, want %d", p, got, want)
	}
	if got := l.Append(nil, p); !slices.Equal(got, all) {
		t.Fatalf("Append(%v) = %v, want %v", p, got, all)
	}
}

// In a partition every point, on borders and corners too, has one shape,
// whatever the order of the shapes and however their rings run.
func TestLocatorPartition(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	shapes := patchwork(r, cityBound, 4, 4, 25)
	l, err := geo.NewLocator(shapes)
	if err != nil {
		t.Fatal(err)
	}
	order := r.Perm(len(shapes))
	var shuffled []orb.MultiPolygon
	for _, i := range order {
		ring := slices.Clone(shapes[i][0][0][1:])
		if r.IntN(2) == 0 {
			slices.Reverse(ring)
		}
		n := r.IntN(len(ring))
		ring = append(slices.Clone(ring[n:]), ring[:n]...)
		shuffled = append(shuffled, orb.MultiPolygon{{append(ring, ring[0])}})
	}
	other, err := geo.NewLocator(shuffled)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range hardPoints(shapes) {
		claims := 0
		for _, s := range shapes {
			if claimed, _ := coverage(s, p); claimed {
				claims++
			}
		}
		if claims > 1 {
			t.Fatalf("%v has %d claims: the test's own shapes overlap", p, claims)
		}
		got, same := l.Find(p), other.Find(p)
		if claims == 1 && (got < 0 || same < 0 || order[same] != got) {
			t.Fatalf("%v belongs to %d, shuffled to %d", p, got, same)
		}
	}
	for _, p := range crowd(r, cityBound, 1000) {
		checkLocator(t, l, shapes, p)
	}
}

// hardPoints are the shapes' vertices, middles of edges, and their neighbours by
// one unit in the last place.
func hardPoints(shapes []orb.MultiPolygon) (hard []orb.Point) {
	for _, mp := range shapes {
		for _, poly := range mp {
			for _, ring := range poly {
				for i := range ring[1:] {
					a, b := ring[i], ring[i+1]
					m := orb.Point{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2}
					hard = append(hard, a, m, orb.Point{math.Nextafter(m[0], 0), m[1]}, orb.Point{a[0], math.Nextafter(a[1], 90)})
				}
			}
		}
	}
	return hard
}

func TestLocatorAnywhere(t *testing.T) {
	t.Parallel()
	l, err := geo.NewLocator([]orb.MultiPolygon{{box(0, 0, 10, 10)}})
	if err != nil {
		t.Fatal(err)
	}
	inf := math.Inf(1)
	for _, p := range []orb.Point{{math.NaN(), 5}, {5, math.NaN()}, {inf, 5}, {5, -inf}, {-1e300, 1e300}, {10.000001, 5}} {
		if got := l.Find(p); got >= 0 {
			t.Errorf("Find(%v) = %d", p, got)
		}
	}
	for _, p := range []orb.Point{{0, 0}, {10, 10}, {10, 0}, {0, 10}, {10, 5}, {5, 10}} {
		if got := l.Find(p); got != 0 {
			t.Errorf("Find(%v) = %d", p, got)
		}
	}
	if l, err := geo.NewLocator(nil); err != nil || l.Find(orb.Point{0, 0}) != -1 {
		t.Error("an empty locator finds something")
	}
}
