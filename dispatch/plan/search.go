package plan

import (
	"cmp"
	"math"
	"slices"
)

// How the search goes about it. Lengths are in stops; temperatures are shares
// of the distance that the first rounds drive for a stop. A high temperature
// at the start is what wide windows need.
const (
	removed = 10   // stops torn out in an iteration, on average
	longest = 10   // the longest string
	split   = 0.5  // the chance of a string that leaves a part in its middle
	deeper  = 0.01 // the chance that this part grows by a stop
	blink   = 0.01 // the chance that a place to insert is overlooked
	hot     = 2.5  // the temperature at the start
	cold    = 0.01 // and at the end
	asked   = 32   // iterations between two looks at the budget
	sooner  = 1e-9 // a distance that is less by this is the same
)

// search is the state of one run. It allocates nothing once it is made.
type search struct {
	n              int
	stops          []Stop
	capacity       float64
	distance, time []float64
	toward         []float64 // distance, transposed: row c holds the ways to c
	timeToward     []float64
	near           []int32 // for each stop, n-1 to a row, the stops by their distance from it

	rounds, kept []round
	used, free   []int32 // the rounds that have stops, and those that have none
	keptUsed     []int32
	keptFree     []int32
	where        []int32 // the round of each stop; -1 for none
	absent       []int32
	keptAbsent   []int32
	hopeless     []int32 // stops that not even a round of their own could serve
	touched      []int32
	isTouched    []bool
	missed       []int64 // how often each stop was left out
	keys         []float64

	total, keptTotal float64
	best             [][]int32
	bestAbsent       []int32
	bestTotal        float64

	random     random
	logBlink   float64
	untilBlink int
	iterations int
}

func newSearch(p *Problem, seed uint64) *search {
	n := len(p.Stops)
	v := min(p.Vehicles, n-1)
	s := &search{
		n: n, stops: slices.Clone(p.Stops), capacity: p.Capacity,
		distance: p.Distance, time: p.Time,
		rounds: make([]round, v), kept: make([]round, v), where: make([]int32, n),
		touched: make([]int32, 0, v), isTouched: make([]bool, v),
		missed: make([]int64, n), keys: make([]float64, n), random: random(seed),
	}
	for _, l := range []*[]int32{&s.used, &s.free, &s.keptUsed, &s.keptFree} {
		*l = make([]int32, 0, v)
	}
	for _, l := range []*[]int32{&s.absent, &s.keptAbsent, &s.hopeless, &s.bestAbsent} {
		*l = make([]int32, 0, n)
	}
	s.toward = transposed(p.Distance, n)
	if p.Time == nil {
		s.time, s.timeToward = s.distance, s.toward
	} else {
		s.timeToward = transposed(p.Time, n)
	}
	s.best = make([][]int32, v)
	flat, keptFlat, bestFlat := make([]step, v*(n+1)), make([]step, v*(n+1)), make([]int32, v*n)
	for i := range v {
		s.rounds[i].steps = flat[i*(n+1) : i*(n+1)+2 : (i+1)*(n+1)]
		s.kept[i].steps = keptFlat[i*(n+1) : i*(n+1)+2 : (i+1)*(n+1)]
		s.best[i] = bestFlat[i*n : i*n : (i+1)*n]
		s.begin(&s.rounds[i])
		s.begin(&s.kept[i])
		s.free = append(s.free, int32(v-1-i))
	}
	s.near = make([]int32, 0, n*(n-1))
	for c := range n {
		row := s.near[len(s.near):]
		for x := 1; x < n; x++ {
			row = append(row, int32(x))
		}
		slices.SortFunc(row, func(a, b int32) int {
			return cmp.Or(cmp.Compare(s.distance[c*n+int(a)], s.distance[c*n+int(b)]), cmp.Compare(a, b))
		})
		s.near = s.near[:len(s.near)+len(row)]
	}
	s.logBlink = math.Log1p(-blink)
	s.untilBlink = s.random.gap(s.logBlink)
	for c := 1; c < n; c++ {
		s.where[c] = -1
		if v > 0 && s.alone(c) {
			s.absent = append(s.absent, int32(c))
		} else {
			s.hopeless = append(s.hopeless, int32(c))
		}
	}
	return s
}

func transposed(m []float64, n int) []float64 {
	t := make([]float64, len(m))
	for i := range n {
		for j := range n {
			t[j*n+i] = m[i*n+j]
		}
	}
	return t
}

// alone says whether a round of its own could serve the stop.
func (s *search) alone(c int) bool {
	x, depot := &s.stops[c], &s.stops[0]
	start := max(depot.Ready+s.time[c], x.Ready)
	way := s.distance[c] + s.distance[c*s.n]
	return x.Demand <= s.capacity && start <= x.Due && start+x.Service+s.time[c*s.n] <= depot.Due && !math.IsInf(way, 1)
}

func (s *search) run(b Budget) {
	movable := len(s.absent)
	s.recreate()
	s.commit()
	s.remember()
	if movable == 0 {
		return
	}
	scale := max(s.total, 1e-9) / float64(movable)
	temperature, cooling := hot*scale, math.Log(cold/hot)
	for i := 0; b.Spent != nil || i < b.Iterations; i++ {
		if i%asked == 0 {
			share := 0.0
			if b.Spent == nil {
				share = float64(i) / float64(b.Iterations)
			} else if share = b.Spent(); share >= 1 {
				break
			}
			temperature = hot * scale * math.Exp(cooling*share)
		}
		s.iterations++
		s.ruin()
		s.recreate()
		if s.accept(temperature) {
			s.commit()
			if len(s.absent) < len(s.bestAbsent) || len(s.absent) == len(s.bestAbsent) && s.total < s.bestTotal-sooner {
				s.remember()
			}
		} else {
			s.rollback()
		}
	}
}

// accept decides whether the search goes on from the changed rounds. Of two
// that leave as many out, or more, those are better whose stops have been left
// out less often: this makes room for the difficult ones.
func (s *search) accept(temperature float64) bool {
	now, was := len(s.absent), len(s.keptAbsent)
	if now != was {
		if now < was {
			return true
		}
		return s.missedBy(s.absent) < s.missedBy(s.keptAbsent)
	}
	if now > 0 && s.missedBy(s.absent) < s.missedBy(s.keptAbsent) {
		return true
	}
	return s.total < s.keptTotal-temperature*math.Log(s.random.unit())
}

func (s *search) missedBy(stops []int32) (sum int64) {
	for _, c := range stops {
		sum += s.missed[c]
	}
	return sum
}
