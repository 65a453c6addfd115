package plan

import (
	"cmp"
	"math"
	"slices"
)

// recreate puts the absent stops back, each at the place that costs least
// among those that it doesn't overlook.
func (s *search) recreate() {
	s.order()
	left := s.absent[:0]
	for _, c := range s.absent {
		at, k, cost := s.cheapest(c)
		if at < 0 {
			s.missed[c]++
			left = append(left, c)
			continue
		}
		s.touch(at)
		if r := &s.rounds[at]; len(r.steps) == 2 {
			s.free = s.free[:len(s.free)-1]
			s.used = append(s.used, at)
			r.steps[0].edge = s.distance[0]
		}
		s.insert(at, k, c)
		s.total += cost
	}
	s.absent = left
}

// cheapest finds where the stop is best inserted: in which round, before which
// step, at which cost. The round is -1 when none can take it.
func (s *search) cheapest(c int32) (at int32, before int, cost float64) {
	n := s.n
	lo, hi := int(c)*n, int(c+1)*n
	in, out := s.toward[lo:hi], s.distance[lo:hi]
	timeIn, timeOut := s.timeToward[lo:hi], s.time[lo:hi]
	x := s.stops[c]
	room := s.capacity - x.Demand
	at = -1
	best := math.Inf(1)
	if len(s.free) > 0 {
		at, before, best = s.free[len(s.free)-1], 1, in[0]+out[0]
	}
	for _, u := range s.used {
		r := &s.rounds[u]
		if r.load > room {
			continue
		}
		steps := r.steps
		a := &steps[0]
		for k := 1; k < len(steps); k++ {
			b := &steps[k]
			delta := in[a.stop] + out[b.stop] - a.edge
			if delta < best {
				start := max(a.leave+timeIn[a.stop], x.Ready)
				if start > x.Due {
					if a.leave > x.Due {
						break
					}
				} else if start+x.Service+timeOut[b.stop] <= b.late {
					if s.untilBlink--; s.untilBlink == 0 {
						s.untilBlink = s.random.gap(s.logBlink)
					} else {
						at, before, best = u, k, delta
					}
				}
			}
			a = b
		}
	}
	return at, before, best
}

// order sorts the absent stops by a measure that is drawn at random: none in
// four of seventeen, the largest demand first (4), the farthest from the depot
// (2), the nearest (1), the narrowest window (2), the earliest (2), the one that
// ends last (2).
func (s *search) order() {
	draw := s.random.below(17)
	for _, c := range s.absent {
		x := &s.stops[c]
		switch {
		case draw < 4:
			s.keys[c] = s.random.unit()
		case draw < 8:
			s.keys[c] = -x.Demand
		case draw < 10:
			s.keys[c] = -s.distance[c]
		case draw < 11:
			s.keys[c] = s.distance[c]
		case draw < 13:
			s.keys[c] = x.Due - x.Ready
		case draw < 15:
			s.keys[c] = x.Ready
		default:
			s.keys[c] = -x.Due
		}
	}
	slices.SortFunc(s.absent, func(a, b int32) int { return cmp.Compare(s.keys[a], s.keys[b]) })
}
