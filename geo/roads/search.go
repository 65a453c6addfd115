package roads

import (
	"math"
	"math/bits"
	"sync"
)

// The search is Dijkstra's over a ring of buckets (Dial 1969; within a bucket
// labels are corrected, as in the delta-stepping of Meyer and Sanders 2003).
// A bucket is a few seconds wide, so that a push is an append and a pop costs
// nothing; a state improved while its bucket is worked on is worked on again.
// Whatever a bucket holds is final once it has run empty.

// label is what the search knows of one state.
type label struct {
	seconds float64
	round   uint32 // the query that it is of
	open    bool   // improved since it was last worked on
}

// scratch is the memory of one query, used again by the next.
type scratch struct {
	labels  []label
	round   uint32
	buckets [][]int32
	waiting int // entries in the buckets
	at      int // the bucket in work, counted from time 0
	low     int // the lowest bucket that was filled before the start

	crews   []int32   // by state: one of the crews that set out there, plus one
	next    []int32   // by twice the crew and the way: the next such crew
	best    []float64 // by crew
	asked   []int8    // by crew: 0 not yet, 1 suitable, 2 not, 3 counted
	pending []int32
}

// measure sets the width of buckets, and how many a ring needs for the
// longest arc.
func (g *Graph) measure(mean, longest float64) {
	const most = 1 << 14
	g.width = max(mean/4, longest/(most-4), 1e-3)
	g.buckets = 1 << bits.Len(uint(longest/g.width)+4)
	n, buckets := g.states(), g.buckets
	g.pool = &sync.Pool{New: func() any {
		return &scratch{labels: make([]label, n), crews: make([]int32, n), buckets: make([][]int32, buckets)}
	}}
}

func (g *Graph) begin() *scratch {
	s := g.pool.Get().(*scratch)
	s.round++
	if s.round == 0 { // the counter went around
		clear(s.labels)
		s.round = 1
	}
	s.at, s.low = 0, math.MaxInt
	return s
}

// end gives the scratch back with its buckets empty.
func (g *Graph) end(s *scratch) {
	if s.waiting > 0 {
		for i := range s.buckets {
			s.buckets[i] = s.buckets[i][:0]
		}
		s.waiting = 0
	}
	g.pool.Put(s)
}

// start puts a state in before the search.
func (g *Graph) start(s *scratch, state int32, seconds float64) {
	l := &s.labels[state]
	if l.round == s.round && l.seconds <= seconds {
		return
	}
	*l = label{seconds, s.round, true}
	b := int(seconds * (1 / g.width))
	s.low = min(s.low, b)
	s.buckets[b&(g.buckets-1)] = append(s.buckets[b&(g.buckets-1)], state)
	s.waiting++
}

// run searches until nothing waits. After each bucket that held something,
// done gets the time up to which everything is final, and may end the search;
// visit, unless nil, gets each state whenever it is worked on.
func (g *Graph) run(s *scratch, graph *csr, visit func(state int32, seconds float64), done func(upTo float64) bool) {
	labels, from, arcs, round := s.labels, graph.from, graph.arcs, s.round
	scale, mask := 1/g.width, g.buckets-1
	for s.at = s.low; s.waiting > 0; s.at++ {
		slot := s.at & mask
		if len(s.buckets[slot]) == 0 {
			continue
		}
		for i := 0; i < len(s.buckets[slot]); i++ {
			v := s.buckets[slot][i]
			l := &labels[v]
			if !l.open {
				continue
			}
			l.open = false
			d := l.seconds
			if visit != nil {
				visit(v, d)
			}
			for _, a := range arcs[from[v]:from[v+1]] {
				to := &labels[a.to]
				t := d + float64(a.seconds)
				if to.round != round || t < to.seconds {
					*to = label{t, round, true}
					b := int(t*scale) & mask
					s.buckets[b] = append(s.buckets[b], a.to)
					s.waiting++
				}
			}
		}
		s.waiting -= len(s.buckets[slot])
		s.buckets[slot] = s.buckets[slot][:0]
		if done(float64(s.at+1) * g.width) {
			return
		}
	}
}

func (s *scratch) seconds(state int32) float64 {
	if l := &s.labels[state]; l.round == s.round {
		return l.seconds
	}
	return math.Inf(1)
}
