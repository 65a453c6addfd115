package dispatch

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"
)

// standing is a day as numbers, in seconds from its now.
type standing struct {
	day   WorkDay
	due   []float64 // +Inf without a clock
	early []bool    // met by arriving, not by finishing
	work  []float64
	at    []float64 // a pinned time, -Inf for none
	was   []int     // the place in the plan before, -1 for none
	fixed []int     // the place among the known jobs, -1 for a free one
	keep  bool
}

// stand works out what stays where. The places of pinned jobs are those that
// they had, less the jobs before them that are gone and after those that were
// begun since; no two are the same.
func (d WorkDay) stand(was DayPlan, keep bool) *standing {
	n := len(d.Jobs)
	s := &standing{
		day: d, due: make([]float64, n), early: make([]bool, n), work: make([]float64, n), at: make([]float64, n),
		was: make([]int, n), fixed: make([]int, n), keep: keep,
	}
	here := make(map[uuid.UUID]int, n)
	for i, j := range d.Jobs {
		here[j.Job.ID] = i
		s.due[i], s.at[i], s.was[i], s.fixed[i] = math.Inf(1), math.Inf(-1), -1, -1
		s.work[i] = j.left(d.Now).Seconds()
		if due, byArriving := j.clock(); due != nil {
			s.due[i], s.early[i] = due.Sub(d.Now).Seconds(), byArriving
		}
	}
	var started []int
	for i, j := range d.Jobs {
		if j.Job.started() {
			started = append(started, i)
		}
	}
	slices.SortStableFunc(started, func(a, b int) int {
		return compareBools(d.Jobs[b].Job.State == JobArrived, d.Jobs[a].Job.State == JobArrived)
	})
	for place, i := range started {
		s.fixed[i] = place
	}
	place := 0
	var pinned []int
	for _, stop := range was.Stops {
		i, ok := here[stop.Job]
		if !ok {
			continue
		}
		s.was[i] = place
		place++
		switch {
		case s.fixed[i] >= 0 || !stop.Pinned && !(keep && stop.Placed):
		case stop.Pinned && stop.At != nil:
			s.at[i] = stop.At.Sub(d.Now).Seconds()
			s.due[i] = min(s.due[i], s.at[i])
			s.early[i] = true
		default:
			pinned = append(pinned, i)
		}
	}
	for _, i := range pinned {
		s.fixed[i] = s.was[i]
		for _, begun := range started {
			if s.was[begun] < 0 || s.was[begun] > s.was[i] {
				s.fixed[i]++
			}
		}
	}
	return s
}

// known is whether a job was there when the places were given. New ones take no
// part in the counting: one that comes in between moves a pinned job back, and
// doesn't make it overtake what it was promised to follow.
func (s *standing) known(i int) bool { return s.was[i] >= 0 || s.fixed[i] >= 0 }

// pins are the fixed jobs in the order of their places.
func (s *standing) pins() []int {
	fixed := []int{}
	for i, f := range s.fixed {
		if f >= 0 {
			fixed = append(fixed, i)
		}
	}
	slices.SortFunc(fixed, func(a, b int) int { return s.fixed[a] - s.fixed[b] })
	return fixed
}

// cost is what an order, or the beginning of one, costs. It never falls when
// the order grows.
func (s *standing) cost(order []int) (sum float64) {
	clock, from := 0.0, len(s.day.Jobs)
	for k, i := range order {
		drive, _ := s.way(from, i)
		clock += drive
		begin := max(clock, s.at[i])
		sum += drive + waitOf*(begin-clock)
		done := begin + s.work[i]
		reached := done
		if s.early[i] {
			reached = begin
		}
		if late := reached - s.due[i]; late > 0.5 {
			sum += missedCost + late*latenessOf
		}
		sum += begin * priorityOf * float64(6-s.day.Jobs[i].Job.Priority)
		if s.keep && s.was[i] >= 0 {
			for _, before := range order[:k] {
				if s.was[before] > s.was[i] {
					sum += movedOf
				}
			}
		}
		clock, from = done, i
	}
	return sum
}

// way is the drive to a job; one that is under way already counts from where
// the crew is, and one where it stands is none.
func (s *standing) way(from, to int) (float64, bool) {
	if s.day.Jobs[to].Job.State == JobArrived {
		return 0, true
	}
	return s.day.way(from, to)
}

// best is the order of least cost that leaves the fixed jobs in their places.
func (s *standing) best() []int {
	order := s.start()
	free := 0
	for _, f := range s.fixed {
		if f < 0 {
			free++
		}
	}
	if free <= exactly {
		return s.exact(order)
	}
	return s.improve(order)
}

// start is an order to begin with: the jobs that were planned as they were, and
// each new one where it costs least.
func (s *standing) start() []int {
	n := len(s.day.Jobs)
	known, fresh := []int{}, []int{}
	for i := range n {
		switch {
		case s.fixed[i] >= 0:
		case s.was[i] >= 0 && s.keep:
			known = append(known, i)
		default:
			fresh = append(fresh, i)
		}
	}
	slices.SortFunc(known, func(a, b int) int { return s.was[a] - s.was[b] })
	slices.SortStableFunc(fresh, func(a, b int) int { return cmp.Compare(s.due[a], s.due[b]) })
	for _, i := range fresh {
		best, place := math.Inf(1), 0
		for k := range len(known) + 1 {
			if c := s.cost(s.seat(slices.Insert(slices.Clone(known), k, i))); c < best {
				best, place = c, k
			}
		}
		known = slices.Insert(known, place, i)
	}
	return s.seat(known)
}

// seat puts the fixed jobs into their places among the free ones.
func (s *standing) seat(free []int) []int {
	fixed := s.pins()
	order := make([]int, 0, len(free)+len(fixed))
	known := 0
	for len(free)+len(fixed) > 0 {
		from := &free
		if len(fixed) > 0 && (len(free) == 0 || s.fixed[fixed[0]] <= known) {
			from = &fixed
		}
		next := (*from)[0]
		order, *from = append(order, next), (*from)[1:]
		if s.known(next) {
			known++
		}
	}
	return order
}

// exact tries every order, and leaves off where it is dearer than the best.
func (s *standing) exact(first []int) []int {
	n := len(first)
	best, bound := slices.Clone(first), s.cost(first)
	used := make([]bool, n)
	var walk func(order, fixed []int, known int)
	add := func(order, fixed []int, known, i int) {
		if s.known(i) {
			known++
		}
		walk(append(order, i), fixed, known)
	}
	walk = func(order, fixed []int, known int) {
		c := s.cost(order)
		if c >= bound {
			return
		}
		if len(order) == n {
			best, bound = slices.Clone(order), c
			return
		}
		if len(fixed) > 0 && s.fixed[fixed[0]] <= known {
			add(order, fixed[1:], known, fixed[0])
			return
		}
		for i := range n {
			if !used[i] && s.fixed[i] < 0 {
				used[i] = true
				add(order, fixed, known, i)
				used[i] = false
			}
		}
	}
	walk(make([]int, 0, n), s.pins(), 0)
	return best
}

// improve moves runs of one to three free jobs elsewhere, forwards or turned
// round, and swaps pairs, until nothing is gained.
func (s *standing) improve(order []int) []int {
	free := slices.DeleteFunc(slices.Clone(order), func(i int) bool { return s.fixed[i] >= 0 })
	bound := s.cost(order)
	try := func(next []int) bool {
		if c := s.cost(s.seat(next)); c < bound-1e-6 {
			free, bound = next, c
			return true
		}
		return false
	}
	for better := true; better; {
		better = false
		for a := range free {
			for b := range free {
				if a < b {
					next := slices.Clone(free)
					next[a], next[b] = next[b], next[a]
					better = try(next) || better
					next = slices.Clone(free)
					slices.Reverse(next[a : b+1])
					better = try(next) || better
				}
				for run := 1; run <= 3 && a+run <= len(free) && b+run <= len(free); run++ {
					part := slices.Clone(free[a : a+run])
					rest := slices.Delete(slices.Clone(free), a, a+run)
					better = try(slices.Insert(rest, b, part...)) || better
				}
			}
		}
	}
	return s.seat(free)
}

// seconds is a whole number of seconds, rounded up.
func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }
