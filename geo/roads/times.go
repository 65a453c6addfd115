package roads

import (
	"cmp"
	"math"
	"slices"
)

// Times appends to dst the seconds from each of the positions to one of them:
// many crews, one incident. +Inf means that there is no way.
func (g *Graph) Times(dst []float64, to Position, from []Position) []float64 {
	return g.times(dst, to, from, true)
}

// TimesFrom appends to dst the seconds from one position to each of many.
func (g *Graph) TimesFrom(dst []float64, from Position, to []Position) []float64 {
	return g.times(dst, from, to, false)
}

// times searches from one position, on the graph turned around when the many
// drive to the one, until the ends of all the others' segments are final.
func (g *Graph) times(dst []float64, one Position, many []Position, turned bool) []float64 {
	s := g.begin()
	defer g.end(s)
	graph := &g.out
	if turned {
		graph = &g.in
	}
	base := len(dst)
	for i := range many {
		dst = append(dst, g.direct(&one, &many[i], turned))
		g.gates(&many[i], !turned, func(state int32, _ float64) { s.crews[state] = 1 })
	}
	left := 0
	for i := range many {
		g.gates(&many[i], !turned, func(state int32, _ float64) {
			if s.crews[state] == 1 {
				s.crews[state] = 2
				left++
			}
		})
	}
	g.gates(&one, turned, func(state int32, seconds float64) { g.start(s, state, seconds) })
	g.run(s, graph, func(state int32, _ float64) {
		if s.crews[state] == 2 {
			s.crews[state] = 0
			left--
		}
	}, func(float64) bool { return left == 0 })
	for i := range many {
		g.gates(&many[i], !turned, func(state int32, seconds float64) {
			s.crews[state] = 0
			dst[base+i] = min(dst[base+i], s.seconds(state)+seconds)
		})
	}
	return dst
}

// gates calls f with the states by which the road system is left towards a
// position (in) or entered from it, and the seconds between.
func (g *Graph) gates(p *Position, in bool, f func(state int32, seconds float64)) {
	i := g.segment(p)
	if i < 0 {
		return
	}
	for way := range 2 {
		t := g.drive(i, way)
		if t == 0 {
			continue
		}
		share := min(max(p.Share, 0), 1)
		if way == 1 {
			share = 1 - share
		}
		if in {
			g.leaving(i, way, func(state int32) { f(state, share*t) })
		} else {
			f(g.arrive[way][i], (1-share)*t)
		}
	}
}

// direct is the time between two positions of one segment along it, +Inf when
// they are on different ones or the segment is not driven that way.
func (g *Graph) direct(one, other *Position, turned bool) float64 {
	i := g.segment(one)
	if i < 0 || i != g.segment(other) {
		return math.Inf(1)
	}
	if turned {
		one, other = other, one
	}
	along := other.Share - one.Share
	best := math.Inf(1)
	if t := g.drive(i, 0); t > 0 && along >= 0 {
		best = along * t
	}
	if t := g.drive(i, 1); t > 0 && along <= 0 {
		best = min(best, -along*t)
	}
	return best
}

// Nearest is the k crews that reach a position first, the nearest first, of
// those that are suitable (nil: all). It asks about a crew only once the
// search has come to it, and ends with the k-th.
func (g *Graph) Nearest(to Position, crews []Position, k int, suitable func(i int) bool) []Reached {
	if k <= 0 || len(crews) == 0 {
		return nil
	}
	s := g.begin()
	defer g.end(s)
	s.seat(len(crews))
	meet := func(i int, seconds float64) {
		if s.asked[i] == 0 {
			s.asked[i] = 2
			if suitable == nil || suitable(i) {
				s.asked[i] = 1
				s.pending = append(s.pending, int32(i))
			}
		}
		s.best[i] = min(s.best[i], seconds)
	}
	target := g.segment(&to)
	for i := range crews {
		if seg := g.segment(&crews[i]); seg >= 0 {
			if seg == target {
				if t := g.direct(&to, &crews[i], true); !math.IsInf(t, 1) {
					meet(i, t)
				}
			}
			for way := range 2 {
				if g.drive(seg, way) > 0 {
					state, slot := g.arrive[way][seg], int32(2*i+way)
					s.next[slot] = s.crews[state]
					s.crews[state] = slot + 1
				}
			}
		}
	}
	out := make([]Reached, 0, min(k, len(crews)))
	g.gates(&to, true, func(state int32, seconds float64) { g.start(s, state, seconds) })
	settle := func(upTo float64) {
		s.pending = slices.DeleteFunc(s.pending, func(i int32) bool {
			final := s.best[i] <= upTo
			if final {
				out = append(out, Reached{int(i), s.best[i]})
			}
			return final
		})
	}
	g.run(s, &g.in, func(state int32, seconds float64) {
		for slot := s.crews[state]; slot != 0; slot = s.next[slot-1] {
			i, way := int(slot-1)/2, int(slot-1)%2
			share := min(max(crews[i].Share, 0), 1)
			if way == 0 {
				share = 1 - share
			}
			meet(i, seconds+share*g.drive(g.segment(&crews[i]), way))
		}
	}, func(upTo float64) bool {
		settle(upTo)
		return len(out) >= k
	})
	if len(out) < k {
		settle(math.MaxFloat64)
	}
	for i := range crews {
		if seg := g.segment(&crews[i]); seg >= 0 {
			s.crews[g.arrive[0][seg]], s.crews[g.arrive[1][seg]] = 0, 0
		}
	}
	slices.SortFunc(out, func(a, b Reached) int {
		return cmp.Or(cmp.Compare(a.Seconds, b.Seconds), cmp.Compare(a.Index, b.Index))
	})
	return out[:min(k, len(out))]
}

// seat makes room for so many crews, none of them met yet.
func (s *scratch) seat(n int) {
	s.next = slices.Grow(s.next[:0], 2*n)[:2*n]
	s.best = slices.Grow(s.best[:0], n)[:n]
	s.asked = slices.Grow(s.asked[:0], n)[:n]
	for i := range s.best {
		s.best[i] = math.Inf(1)
	}
	clear(s.asked)
	s.pending = s.pending[:0]
}
