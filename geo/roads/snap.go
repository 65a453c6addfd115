package roads

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"moked/geo"
)

// stretch is one straight piece of a segment's line.
type stretch struct{ segment, piece int32 }

func newIndex(segments []Segment) *rtree.RTreeGN[float64, stretch] {
	t := &rtree.RTreeGN[float64, stretch]{}
	for i := range segments {
		line := segments[i].Line
		for j := range max(len(line)-1, min(len(line), 1)) {
			a, b := line[j], line[min(j+1, len(line)-1)]
			lo := [2]float64{min(a[0], b[0]), min(a[1], b[1])}
			hi := [2]float64{max(a[0], b[0]), max(a[1], b[1])}
			if lo[0] <= hi[0] && lo[1] <= hi[1] { // not when a coordinate is no number
				t.Insert(lo, hi, stretch{int32(i), int32(j)})
			}
		}
	}
	return t
}

// Snap finds the place on the road nearest to p, within limit metres. A road
// from which one can come and go is taken before a nearer one that is cut off;
// closed roads, and those that may be driven neither way, are none.
func (g *Graph) Snap(p orb.Point, limit float64) (Position, bool) {
	plane := geo.PlaneAt(p)
	var best, off stretch
	found, foundOff := false, false
	g.index.Nearby(func(lo, hi [2]float64, s stretch, item bool) float64 {
		if item {
			_, d := closest(plane, p, g.piece(s))
			return d
		}
		dx := max(lo[0]-p[0], p[0]-hi[0], 0) * plane.PerLon
		dy := max(lo[1]-p[1], p[1]-hi[1], 0) * plane.PerLat
		return math.Hypot(dx, dy)
	}, func(_, _ [2]float64, s stretch, d float64) bool {
		switch {
		case !(d <= limit):
			return false
		case g.drive(s.segment, 0) == 0 && g.drive(s.segment, 1) == 0:
			return true
		case g.off[s.segment]:
			if !foundOff {
				off, foundOff = s, true
			}
			return true
		}
		best, found = s, true
		return false
	})
	if !found {
		if !foundOff {
			return Position{}, false
		}
		best = off
	}
	return g.place(plane, p, best), true
}

func (g *Graph) piece(s stretch) [2]orb.Point {
	line := g.segments[s.segment].Line
	return [2]orb.Point{line[s.piece], line[min(int(s.piece)+1, len(line)-1)]}
}

// place is the position on a piece nearest to p.
func (g *Graph) place(plane geo.Plane, p orb.Point, s stretch) Position {
	seg := &g.segments[s.segment]
	share, d := closest(plane, p, g.piece(s))
	ends := g.piece(s)
	at := orb.Point{
		ends[0][0] + share*(ends[1][0]-ends[0][0]),
		ends[0][1] + share*(ends[1][1]-ends[0][1]),
	}
	before := geo.LineLength(seg.Line[:s.piece+1]) + geo.LineLength(orb.LineString{ends[0], at})
	along := 0.0
	if whole := geo.LineLength(seg.Line); whole > 0 {
		along = min(before/whole, 1)
	}
	return Position{
		Segment: seg.ID, Share: along, Point: at, Metres: d, Off: g.off[s.segment], index: s.segment,
	}
}

// closest is the place on a piece nearest to p: the share of the way along
// it, and the metres from p.
func closest(plane geo.Plane, p orb.Point, ends [2]orb.Point) (share, metres float64) {
	ax, ay := (ends[0][0]-p[0])*plane.PerLon, (ends[0][1]-p[1])*plane.PerLat
	dx, dy := (ends[1][0]-ends[0][0])*plane.PerLon, (ends[1][1]-ends[0][1])*plane.PerLat
	if n := dx*dx + dy*dy; n > 0 {
		share = min(max(-(ax*dx+ay*dy)/n, 0), 1)
	}
	return share, math.Hypot(ax+share*dx, ay+share*dy)
}

// segment finds a position's segment in this graph; -1 when it has none.
func (g *Graph) segment(p *Position) int32 {
	if i := p.index; i >= 0 && int(i) < len(g.segments) && g.segments[i].ID == p.Segment {
		return i
	}
	if i, ok := g.byID[p.Segment]; ok {
		return i
	}
	return -1
}
