package roads

import (
	"math"

	"github.com/paulmach/orb"

	"moked/geo"
)

// Route is the quickest drive from one position to another: its line, from
// point to point, and its seconds; false when there is none.
func (g *Graph) Route(from, to Position) (orb.LineString, float64, bool) {
	var line orb.LineString
	seconds, ok := g.walk(from, to, func(segment int32, from, until float64) {
		line = g.stretchOf(line, segment, from, until)
	})
	return line, seconds, ok
}

// walk goes along the quickest drive from one position to another, segment by
// segment, each between two shares of it.
func (g *Graph) walk(from, to Position, along func(segment int32, from, until float64)) (float64, bool) {
	source, target := g.segment(&from), g.segment(&to)
	if source < 0 || target < 0 {
		return 0, false
	}
	s := g.begin()
	defer g.end(s)

	// The search runs from the target back, so that at every state it is
	// known how long remains, and the way on is the arc that agrees.
	best := g.direct(&to, &from, true)
	stays := true // the drive stays on one segment
	var state int32
	var first int // the way in which the source's segment is driven
	g.gates(&to, true, func(v int32, seconds float64) { g.start(s, v, seconds) })
	g.run(s, &g.in, nil, func(upTo float64) bool {
		for way := range 2 {
			if t := g.drive(source, way); t > 0 {
				v := g.arrive[way][source]
				if total := s.seconds(v) + (1-driven(from.Share, way))*t; total < best {
					best, stays, state, first = total, false, v, way
				}
			}
		}
		return best <= upTo
	})
	switch {
	case stays && !(best < math.Inf(1)):
		return 0, false
	case stays:
		along(source, from.Share, to.Share)
		return best, true
	}
	along(source, from.Share, float64(1-first))
	for {
		// The last stretch: from here onto the target's segment.
		rest := s.seconds(state)
		next, arrived := int32(-1), false
		for k := g.out.from[state]; k < g.out.from[state+1] && next < 0 && !arrived; k++ {
			road, a := g.out.road[k], g.out.arcs[k]
			way := int(road & 1)
			if road/2 == target && driven(to.Share, way)*g.drive(target, way) == rest {
				along(target, float64(way), to.Share)
				arrived = true
			} else if s.seconds(a.to)+float64(a.seconds) == rest {
				along(road/2, float64(way), float64(1-way))
				next = a.to
			}
		}
		if arrived || next < 0 {
			return best, arrived
		}
		state = next
	}
}

// driven is the share of a segment that lies behind a position, driven one
// way.
func driven(share float64, way int) float64 {
	share = min(max(share, 0), 1)
	if way == 1 {
		return 1 - share
	}
	return share
}

// stretchOf appends the part of a segment's line between two shares of it.
func (g *Graph) stretchOf(to orb.LineString, segment int32, from, until float64) orb.LineString {
	line := g.segments[segment].Line
	whole := geo.LineLength(line)
	at := func(share float64) orb.Point {
		p, _ := geo.PointAlong(line, share*whole)
		return p
	}
	add := func(p orb.Point) {
		if len(to) == 0 || to[len(to)-1] != p {
			to = append(to, p)
		}
	}
	if len(line) == 0 {
		return to
	}
	lo, hi := min(from, until), max(from, until)
	var inner orb.LineString
	run := 0.0
	for i := 1; i+1 < len(line); i++ {
		run += geo.LineLength(line[i-1 : i+1])
		if run > lo*whole && run < hi*whole {
			inner = append(inner, line[i])
		}
	}
	if from > until {
		inner.Reverse()
	}
	ends := [2]orb.Point{at(from), at(until)}
	for i, share := range [2]float64{from, until} { // ends exactly, for pieces to join
		switch share {
		case 0:
			ends[i] = line[0]
		case 1:
			ends[i] = line[len(line)-1]
		}
	}
	add(ends[0])
	for _, p := range inner {
		add(p)
	}
	add(ends[1])
	return to
}
