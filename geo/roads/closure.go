package roads

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"moked/geo"
)

// Between lists the segments of the quickest drive through the positions, both
// ends whole, in the order of the drive; each pair is taken the way around that
// is quicker. One position is its own segment. False when there is no drive.
func (g *Graph) Between(through []Position) ([]int64, bool) {
	var list []int64
	add := func(segment int32) {
		if id := g.segments[segment].ID; !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	for i, p := range through {
		if i == 0 {
			own := g.segment(&p)
			if own < 0 {
				return nil, false
			}
			add(own)
			continue
		}
		var there, back []int32
		onto := func(list *[]int32) func(int32, float64, float64) {
			return func(segment int32, _, _ float64) { *list = append(*list, segment) }
		}
		a, okA := g.walk(through[i-1], p, onto(&there))
		b, okB := g.walk(p, through[i-1], onto(&back))
		switch {
		case !okA && !okB:
			return nil, false
		case !okA || okB && b < a:
			slices.Reverse(back)
			there = back
		}
		for _, segment := range there {
			add(segment)
		}
	}
	return list, true
}

// Lines are the lines of segments, whole.
func (g *Graph) Lines(segments []int64) orb.MultiLineString {
	var lines orb.MultiLineString
	for _, id := range segments {
		if i, ok := g.byID[id]; ok {
			lines = append(lines, slices.Clone(g.segments[i].Line))
		}
	}
	return lines
}

// Along lists the segments whose middle lies within limit metres of the lines:
// those that Lines drew, also after the network was loaded anew.
func (g *Graph) Along(lines orb.MultiLineString, limit float64) []int64 {
	var list []int64
	seen := map[int32]bool{}
	for _, line := range lines {
		for i := 1; i < len(line); i++ {
			ends := [2]orb.Point{line[i-1], line[i]}
			plane := geo.PlaneAt(ends[0])
			dx, dy := limit/plane.PerLon, limit/plane.PerLat
			lo := [2]float64{min(ends[0][0], ends[1][0]) - dx, min(ends[0][1], ends[1][1]) - dy}
			hi := [2]float64{max(ends[0][0], ends[1][0]) + dx, max(ends[0][1], ends[1][1]) + dy}
			g.index.Search(lo, hi, func(_, _ [2]float64, s stretch) bool {
				if seen[s.segment] {
					return true
				}
				own := g.segments[s.segment].Line
				middle, _ := geo.PointAlong(own, geo.LineLength(own)/2)
				if _, d := closest(plane, middle, ends); d <= limit && !math.IsNaN(d) {
					seen[s.segment] = true
					list = append(list, g.segments[s.segment].ID)
				}
				return true
			})
		}
	}
	slices.Sort(list)
	return list
}
