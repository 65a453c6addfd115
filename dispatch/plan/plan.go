// Package plan finds the rounds that visit a set of stops within their time
// windows over the least distance, with a limited number of vehicles: the
// vehicle routing problem with time windows.
//
// The method is slack induction by string removals (Christiaens and Vanden
// Berghe, Transportation Science 54, 2020): strings of neighbouring stops are
// torn out of a few rounds and put back greedily, under simulated annealing.
// It is pure: no clock, no goroutine, and the same seed and number of
// iterations give the same rounds.
package plan

import (
	"errors"
	"math"
)

// Stop is a place to visit. Its service begins between Ready and Due and takes
// Service; a vehicle that comes early waits. Times are in the unit of the
// problem's Time.
type Stop struct {
	Demand, Ready, Due, Service float64
}

// Problem is what is to be planned. Stops[0] is the depot: vehicles leave it
// at its Ready or later and are back by its Due. Distance and Time are square,
// row by row, from a stop to a stop; +Inf where there is no way. Both are of the
// shortest ways, so that no detour over another stop is shorter. A nil Time is
// equal to Distance.
type Problem struct {
	Stops    []Stop
	Vehicles int
	Capacity float64
	Distance []float64
	Time     []float64
}

// Budget says how long to search: so many Iterations or, if Spent is given,
// until it returns 1. Spent tells the share of the time that is used, never
// falling; it is asked every few dozen iterations.
type Budget struct {
	Iterations int
	Spent      func() float64
}

// Solution is the best that was found: the stops of each round, without the
// depot, and those that no vehicle could take, in ascending order.
type Solution struct {
	Rounds     [][]int
	Unassigned []int
	Distance   float64
	Iterations int
}

// ErrShape is returned for a problem whose parts don't fit together, or with
// numbers that are no measure of anything.
var ErrShape = errors.New("plan: the problem's sizes or numbers make no sense")

// Solve searches for rounds that leave the fewest stops unassigned and, among
// those, drive the least. It always keeps the windows, the capacity and the
// number of vehicles.
func Solve(p Problem, b Budget, seed uint64) (Solution, error) {
	if err := p.check(); err != nil {
		return Solution{}, err
	}
	s := newSearch(&p, seed)
	s.run(b)
	return s.solution(), nil
}

func (p *Problem) check() error {
	n := len(p.Stops)
	if n == 0 || n > math.MaxInt16 || len(p.Distance) != n*n || p.Time != nil && len(p.Time) != n*n || p.Vehicles < 0 || !(p.Capacity >= 0) {
		return ErrShape
	}
	for _, s := range p.Stops {
		if !(s.Demand >= 0) || !(s.Service >= 0) || math.IsNaN(s.Ready) || math.IsNaN(s.Due) || math.IsInf(s.Ready, 0) {
			return ErrShape
		}
	}
	for _, m := range [][]float64{p.Distance, p.Time} {
		for _, v := range m {
			if !(v >= 0) {
				return ErrShape
			}
		}
	}
	return nil
}
