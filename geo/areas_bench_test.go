package geo_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/tidwall/geojson/geometry"
	"github.com/tidwall/rtree"

	"moked/geo"
)

// BenchmarkAreasAt measures, on one core, the district at points of a city of
// 300 polygons of 200 vertices: by AreaIndex, and by the best pair of Go
// libraries, tidwall/rtree over the bounds and tidwall/geojson's geometry index
// within each polygon, in whichever of its kinds is fastest. "x-best-libraries" is
// how many times as fast; each takes turns within the same run.
func BenchmarkAreasAt(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	shapes := patchwork(r, cityBound, 20, 15, 50)
	points := crowd(r, cityBound, 1<<20)
	areas := []geo.Area{area(geo.Boundary, "b", nil, boundPolygon(cityBound))}
	for i, s := range shapes {
		areas = append(areas, area(geo.District, fmt.Sprintf("%03d", i), nil, s...))
	}
	var zones []geo.Zone
	for i, s := range patchwork(r, cityBound, 3, 2, 50) {
		zones = append(zones, geo.Zone{ID: testID(i), Department: "lighting", Code: fmt.Sprint(i), Geom: s})
	}
	index, err := geo.NewAreaIndex(1, areas, nil)
	if err != nil {
		b.Fatal(err)
	}
	zoned, err := geo.NewAreaIndex(1, areas, zones)
	if err != nil {
		b.Fatal(err)
	}
	ways := []struct {
		name string
		find func(orb.Point) bool
	}{
		{"DistrictAt", func(p orb.Point) bool { return index.DistrictAt(p) != nil }},
		{"At", func(p orb.Point) bool { return index.At(p).District != nil }},
		{"At-with-zones", func(p orb.Point) bool { w := zoned.At(p); return w.District != nil && len(w.Zones) == 1 }},
		{"rtree+none", pairOfLibraries(shapes, geometry.None)},
		{"rtree+quadtree", pairOfLibraries(shapes, geometry.QuadTree)},
		{"rtree+rtree", pairOfLibraries(shapes, geometry.RTree)},
	}
	const ours = 3
	took := make([]time.Duration, len(ways))
	for n := 0; b.Loop(); n++ {
		const turn = 1 << 16
		part := points[n*turn%len(points):][:turn]
		for i, w := range ways {
			missed := 0
			start := time.Now()
			for _, p := range part {
				if !w.find(p) {
					missed++
				}
			}
			took[i] += time.Since(start)
			if missed > 0 {
				b.Fatalf("%s: %d points without a district", w.name, missed)
			}
		}
	}
	rate := func(i int) float64 { return float64(b.N) * (1 << 16) / took[i].Seconds() }
	best := max(rate(3), rate(4), rate(5))
	for i, w := range ways {
		b.ReportMetric(rate(i)/1e6, w.name+"-M/s")
		if i < ours {
			b.ReportMetric(rate(i)/best, w.name+"-x-best-libraries")
		}
	}
}

func pairOfLibraries(shapes []orb.MultiPolygon, kind geometry.IndexKind) func(orb.Point) bool {
	var tree rtree.RTreeG[int]
	var polys []*geometry.Poly
	for i, s := range shapes {
		var ring []geometry.Point
		for _, p := range s[0][0] {
			ring = append(ring, geometry.Point{X: p[0], Y: p[1]})
		}
		polys = append(polys, geometry.NewPoly(ring, nil, &geometry.IndexOptions{Kind: kind, MinPoints: 32}))
		tree.Insert(s.Bound().Min, s.Bound().Max, i)
	}
	return func(p orb.Point) bool {
		found := -1
		tree.Search(p, p, func(_, _ [2]float64, i int) bool {
			if polys[i].ContainsPoint(geometry.Point{X: p[0], Y: p[1]}) {
				found = i
				return false
			}
			return true
		})
		return found >= 0
	}
}

func boundPolygon(b orb.Bound) orb.Polygon { return box(b.Min[0], b.Min[1], b.Max[0], b.Max[1]) }

// BenchmarkAreaIndexBuild is what a change of an area costs.
func BenchmarkAreaIndexBuild(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	var areas []geo.Area
	areas = append(areas, area(geo.Boundary, "b", nil, boundPolygon(cityBound)))
	for i, s := range patchwork(r, cityBound, 20, 15, 50) {
		areas = append(areas, area(geo.District, fmt.Sprintf("%03d", i), nil, s...))
	}
	for b.Loop() {
		if _, err := geo.NewAreaIndex(1, areas, nil); err != nil {
			b.Fatal(err)
		}
	}
}
