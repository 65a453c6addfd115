package geo

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func TestSimplify(t *testing.T) {
	t.Parallel()
	plane := PlaneAt(orb.Point{34.85, 32.3})
	line := func(xy ...orb.Point) (l orb.LineString) {
		for _, p := range xy {
			l = append(l, plane.Point(p))
		}
		return l
	}
	for name, c := range map[string]struct {
		line orb.LineString
		want []int
	}{
		"empty":          {nil, []int{}},
		"a point":        {line(orb.Point{0, 0}), []int{0}},
		"straight":       {line(orb.Point{0, 0}, orb.Point{50, 4}, orb.Point{100, 0}), []int{0, 2}},
		"a corner":       {line(orb.Point{0, 0}, orb.Point{50, 6}, orb.Point{100, 0}), []int{0, 1, 2}},
		"there and back": {line(orb.Point{0, 0}, orb.Point{50, 0}, orb.Point{0, 0}), []int{0, 1, 2}},
		"past the end":   {line(orb.Point{0, 0}, orb.Point{120, 0}, orb.Point{100, 0}), []int{0, 1, 2}},
		"standing":       {line(orb.Point{0, 0}, orb.Point{1, 1}, orb.Point{0, 1}, orb.Point{1, 0}), []int{0, 3}},
		"the same place": {line(orb.Point{9, 9}, orb.Point{9, 9}, orb.Point{9, 9}), []int{0, 2}},
		"a staircase":    {line(orb.Point{0, 0}, orb.Point{100, 0}, orb.Point{100, 100}, orb.Point{200, 100}), []int{0, 1, 2, 3}},
	} {
		if got := Simplify(c.line, 5); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestSimplifyStaysNear: no vertex that was left out is farther than the
// metres from the line that is left.
func TestSimplifyStaysNear(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		metres := rapid.Float64Range(0, 100).Draw(t, "metres")
		p, line := orb.Point{34.85, 32.3}, orb.LineString{}
		for range rapid.IntRange(2, 200).Draw(t, "vertices") {
			p = orb.Point{p[0] + r.NormFloat64()*3e-4, p[1] + r.NormFloat64()*3e-4}
			line = append(line, p)
		}
		keep := Simplify(line, metres)
		if keep[0] != 0 || keep[len(keep)-1] != len(line)-1 || !slices.IsSorted(keep) {
			t.Fatalf("%v of %d", keep, len(line))
		}
		for i := 1; i < len(keep); i++ {
			piece := orb.LineString{line[keep[i-1]], line[keep[i]]}
			for _, p := range line[keep[i-1]:keep[i]] {
				if at, ok := NearestOnLine(p, piece); !ok || at.Distance() > metres*1.01+0.01 {
					t.Fatalf("a vertex lies %.2f m off, more than %.2f", at.Distance(), metres)
				}
			}
		}
	})
}
