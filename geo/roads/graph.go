package roads

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// Graph is a road network ready to be searched. It never changes: readers
// need no lock, and closures make another one. A vehicle may turn back at any
// junction where no restriction forbids it.
//
// The search runs over states. A junction is one state, and one more for each
// road that comes up to it with a turn restricted: what may follow depends on
// that road only there. States are numbered along a Hilbert curve, so that
// neighbours in the city are neighbours in memory.
type Graph struct {
	segments []Segment
	byID     map[int64]int32
	a, b     []int32    // each segment's junctions
	first    []int32    // each junction's first state; its states are consecutive
	arrive   [2][]int32 // the state that a segment driven forward, backward ends in
	turns    map[int32]turns
	closed   []bool // by segment; nil: none

	out, in csr
	width   float64 // of a bucket of the search, in seconds
	buckets int     // a power of two
	off     []bool  // segments from which one cannot come and go

	index *rtree.RTreeGN[float64, stretch]
	pool  *sync.Pool
}

// arc is one drivable direction of a segment, from the state whose list it is
// in to another one, or the other way around in the graph that is turned.
type arc struct {
	to      int32
	seconds float32 // 4e-8 of itself off: under a millisecond in four hours
}

// csr lists arcs state by state. road is each arc's segment, doubled, plus
// one when driven backward.
type csr struct {
	from []int32
	arcs []arc
	road []int32
}

// New makes a graph of a network's segments and restrictions. Of segments
// that share an id the first counts; a direction whose time is not a positive
// number is not driven; a restriction whose roads do not meet at its junction
// says nothing.
func New(segments []Segment, restrictions []Restriction) *Graph {
	g := &Graph{byID: make(map[int64]int32, len(segments))}
	for _, s := range segments {
		if _, again := g.byID[s.ID]; again {
			continue
		}
		g.byID[s.ID] = int32(len(g.segments))
		g.segments = append(g.segments, s)
	}
	junctions := g.order()
	g.expand(junctions, restrictions)
	g.link()
	g.index = newIndex(g.segments)
	return g
}

// order gives each segment its junctions, numbered along a Hilbert curve, and
// says how many there are.
func (g *Graph) order() int {
	type junction struct {
		id   int64
		at   orb.Point
		rank uint64
	}
	var all []junction
	number := map[int64]int32{}
	var bound orb.Bound
	note := func(id int64, line orb.LineString, last bool) {
		if _, known := number[id]; known {
			return
		}
		var at orb.Point
		if len(line) > 0 {
			at = line[0]
			if last {
				at = line[len(line)-1]
			}
		}
		if len(all) == 0 {
			bound = orb.Bound{Min: at, Max: at}
		}
		bound = bound.Extend(at)
		number[id] = 0
		all = append(all, junction{id: id, at: at})
	}
	for i := range g.segments {
		s := &g.segments[i]
		note(s.A, s.Line, false)
		note(s.B, s.Line, true)
	}
	for i := range all {
		all[i].rank = hilbert(all[i].at, bound)
	}
	slices.SortFunc(all, func(a, b junction) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.id, b.id))
	})
	for i := range all {
		number[all[i].id] = int32(i)
	}
	g.a, g.b = make([]int32, len(g.segments)), make([]int32, len(g.segments))
	for i := range g.segments {
		g.a[i], g.b[i] = number[g.segments[i].A], number[g.segments[i].B]
	}
	return len(all)
}

// hilbert is how far along a Hilbert curve of 2^16 by 2^16 cells over the
// bound a point lies.
func hilbert(p orb.Point, b orb.Bound) uint64 {
	const n = 1 << 16
	cell := func(v, lo, hi float64) uint32 {
		if !(hi > lo) {
			return 0
		}
		return uint32(min(max((v-lo)/(hi-lo)*n, 0), n-1))
	}
	x, y := cell(p[0], b.Min[0], b.Max[0]), cell(p[1], b.Min[1], b.Max[1])
	var d uint64
	for s := uint32(n / 2); s > 0; s /= 2 {
		var rx, ry uint32
		if x&s > 0 {
			rx = 1
		}
		if y&s > 0 {
			ry = 1
		}
		d += uint64(s) * uint64(s) * uint64((3*rx)^ry)
		if ry == 0 {
			if rx == 1 {
				x, y = n-1-x, n-1-y
			}
			x, y = y, x
		}
	}
	return d
}

// drive is the time of a segment driven forward (0) or backward (1); 0 when
// it is not driven.
func (g *Graph) drive(segment int32, way int) float64 {
	s := &g.segments[segment]
	t := s.Forward
	if way == 1 {
		t = s.Backward
	}
	if !(t > 0) || math.IsInf(t, 0) || g.closed != nil && g.closed[segment] {
		return 0
	}
	return max(t, 1e-4)
}

// ends are the junctions that a segment driven one way leads from and to.
func (g *Graph) ends(segment int32, way int) (from, to int32) {
	if way == 0 {
		return g.a[segment], g.b[segment]
	}
	return g.b[segment], g.a[segment]
}

// WithClosures is the graph in which these segments cannot be driven at all,
// besides those already closed. It shares all but the arcs.
func (g *Graph) WithClosures(segments []int64) *Graph {
	c := *g
	c.closed = make([]bool, len(g.segments))
	copy(c.closed, g.closed)
	for _, id := range segments {
		if i, ok := g.byID[id]; ok {
			c.closed[i] = true
		}
	}
	c.link()
	return &c
}

// Islands lists the segments that one cannot both come to and go from, out of
// the greatest part of the network in which one can: cut off by one-ways,
// restrictions or closures, or not connected.
func (g *Graph) Islands() []int64 {
	out := []int64{}
	for i, off := range g.off {
		if off && (g.closed == nil || !g.closed[i]) {
			out = append(out, g.segments[i].ID)
		}
	}
	return out
}
