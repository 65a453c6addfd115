package town_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"moked/geo/osm"
	"moked/geo/town"
)

func TestTheSameSeedGivesTheSameTown(t *testing.T) {
	t.Parallel()
	if d := cmp.Diff(town.New(7, 20_000), town.New(7, 20_000)); d != "" {
		t.Fatal(d[:min(len(d), 2000)])
	}
	if cmp.Equal(town.New(7, 20_000).Boundary, town.New(8, 20_000).Boundary) {
		t.Fatal("two seeds gave one town")
	}
}

func TestATownOfAQuarterMillion(t *testing.T) {
	t.Parallel()
	c := town.New(1, 250_000)
	if n := len(c.Districts); n != 17 {
		t.Errorf("%d districts, want 17", n)
	}
	people := 0
	for _, d := range c.Districts {
		people += *d.Population
	}
	if people < 249_900 || people > 250_100 {
		t.Errorf("%d residents", people)
	}
	x := c.Extract
	t.Logf("%d neighbourhoods, %d streets, %d addresses, %d segments, %d places, %d base features",
		len(c.Neighbourhoods), len(x.Streets), len(x.Addresses), len(x.Segments), len(x.Places), len(x.Base))
	if len(x.Streets) < 500 || len(x.Addresses) < 20_000 || len(x.Segments) < 3_000 {
		t.Error("the town is too small for its people")
	}
	names := map[string]int{}
	for _, s := range x.Streets {
		names[s.Name]++
	}
	for n, k := range names {
		if k > 1 {
			t.Errorf("%d streets are called %s", k, n)
		}
	}
	for _, a := range x.Addresses {
		if !planar.MultiPolygonContains(c.Boundary, a.Point) {
			t.Fatalf("address %d lies outside of the town", a.ID)
		}
	}
}

// Districts and neighbourhoods cover the boundary: their areas add up, and
// each neighbourhood's vertices lie in or on its district.
func TestAreasNest(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{1, 2, 3} {
		c := town.New(seed, 120_000)
		whole := planar.Area(c.Boundary)
		for level, areas := range map[string][]osm.Area{"districts": c.Districts, "neighbourhoods": c.Neighbourhoods, "zones": c.Zones[6]} {
			sum := 0.0
			for _, a := range areas {
				sum += planar.Area(a.Geom)
				for _, p := range a.Geom {
					if p[0].Orientation() != orb.CCW {
						t.Errorf("%s %s is wound backwards", level, a.Code)
					}
				}
			}
			if off := sum/whole - 1; off > 1e-6 || off < -1e-6 {
				t.Errorf("seed %d: %s cover %.7f of the town", seed, level, sum/whole)
			}
		}
	}
}

// Nearly all junctions can be driven to and from each other.
func TestStreetsConnect(t *testing.T) {
	t.Parallel()
	c := town.New(1, 250_000)
	next := map[int64][]int64{}
	for _, s := range c.Extract.Segments {
		next[s.A], next[s.B] = append(next[s.A], s.B), append(next[s.B], s.A)
	}
	seen := map[int64]bool{}
	best := 0
	for n := range next {
		if seen[n] {
			continue
		}
		seen[n] = true
		queue, size := []int64{n}, 0
		for len(queue) > 0 {
			at := queue[0]
			queue = queue[1:]
			size++
			for _, m := range next[at] {
				if !seen[m] {
					seen[m] = true
					queue = append(queue, m)
				}
			}
		}
		best = max(best, size)
	}
	if share := float64(best) / float64(len(next)); share < 0.97 {
		t.Errorf("only %.3f of the junctions hang together", share)
	}
}
