package plan

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// town draws a problem of n stops: windows of all widths, some that nobody can
// keep, and travel times of their own.
func town(n, vehicles int, r *rand.Rand) Problem {
	p := Problem{Stops: make([]Stop, n+1), Vehicles: vehicles, Capacity: 20 + 40*r.Float64()}
	at := make([][2]float64, n+1)
	p.Stops[0] = Stop{Ready: 10 * r.Float64(), Due: 150 + 400*r.Float64()}
	at[0] = [2]float64{50, 50}
	for c := 1; c <= n; c++ {
		at[c] = [2]float64{100 * r.Float64(), 100 * r.Float64()}
		ready := 300 * r.Float64()
		p.Stops[c] = Stop{Demand: 1 + 9*r.Float64(), Ready: ready, Due: ready + 300*r.Float64()*r.Float64(), Service: 10 * r.Float64()}
		if r.IntN(8) == 0 {
			p.Stops[c].Demand *= 10
		}
	}
	cut := make([]bool, n+1) // no road leads there
	for c := 1; c <= n; c++ {
		cut[c] = r.IntN(30) == 0
	}
	for i := range at {
		for j := range at {
			d := math.Hypot(at[i][0]-at[j][0], at[i][1]-at[j][1])
			t := d * (0.8 + 0.4*r.Float64())
			if i != j && (cut[i] || cut[j]) {
				d, t = math.Inf(1), math.Inf(1)
			}
			p.Distance, p.Time = append(p.Distance, d), append(p.Time, t)
		}
	}
	shorten(p.Distance, n+1)
	shorten(p.Time, n+1)
	return p
}

// shorten makes each way the shortest there is, as ways by road are.
func shorten(m []float64, n int) {
	for over := range n {
		for i := range n {
			for j := range n {
				m[i*n+j] = min(m[i*n+j], m[i*n+over]+m[over*n+j])
			}
		}
	}
}

func TestEveryRoundIsKept(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n, vehicles, seed := rapid.IntRange(0, 40).Draw(t, "stops"), rapid.IntRange(0, 8).Draw(t, "vehicles"), rapid.Uint64().Draw(t, "seed")
		p := town(n, vehicles, rand.New(rand.NewPCG(seed, 1)))
		iterations := rapid.IntRange(0, 400).Draw(t, "iterations")
		s, err := Solve(p, Budget{Iterations: iterations}, seed)
		if err != nil {
			t.Fatal(err)
		}
		if bad := faults(p, s); bad != nil {
			t.Fatal(bad)
		}
		again, _ := Solve(p, Budget{Iterations: iterations}, seed)
		if !reflect.DeepEqual(s, again) {
			t.Fatal("the same seed gives other rounds")
		}
	})
}

// brute is the fewest stops left out, and then the least distance, of all ways
// there are.
func brute(p Problem) (out int, distance float64) {
	n := len(p.Stops)
	out, distance = n, math.Inf(1)
	var drive func(seen int, rounds int, at int, clock, load, way float64, taken int)
	drive = func(seen, rounds, at int, clock, load, way float64, taken int) {
		if at != 0 {
			if back := clock + p.Time[at*n]; back <= p.Stops[0].Due {
				drive(seen, rounds+1, 0, p.Stops[0].Ready, 0, way+p.Distance[at*n], taken)
			}
		} else if left := n - 1 - taken; left < out || left == out && way < distance {
			out, distance = left, way
		}
		if rounds == p.Vehicles {
			return
		}
		for c := 1; c < n; c++ {
			x := p.Stops[c]
			start := max(clock+p.Time[at*n+c], x.Ready)
			if seen>>c&1 == 0 && start <= x.Due && load+x.Demand <= p.Capacity {
				drive(seen|1<<c, rounds, c, start+x.Service, load+x.Demand, way+p.Distance[at*n+c], taken+1)
			}
		}
	}
	drive(0, 0, 0, p.Stops[0].Ready, 0, 0, 0)
	return out, distance
}

func TestSmallOnesAreSolvedToTheEnd(t *testing.T) {
	t.Parallel()
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 2))
		p := town(1+r.IntN(6), 1+r.IntN(3), r)
		out, distance := brute(p)
		s, err := Solve(p, Budget{Iterations: 3000}, seed)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Unassigned) != out || math.Abs(s.Distance-distance) > 1e-6 {
			t.Errorf("seed %d: %d left out over %v, best %d over %v", seed, len(s.Unassigned), s.Distance, out, distance)
		}
	}
}

// TestTheCheckerSees plants each fault there is in a good solution.
func TestTheCheckerSees(t *testing.T) {
	t.Parallel()
	stops := []Stop{{Due: 100}, {Demand: 1, Due: 50, Service: 1}, {Demand: 1, Ready: 20, Due: 30, Service: 1}, {Demand: 1, Due: 90, Service: 1}}
	p := Problem{Stops: stops, Vehicles: 2, Capacity: 2, Distance: []float64{
		0, 10, 10, 10,
		10, 0, 5, 10,
		10, 5, 0, 30,
		10, 10, 30, 0,
	}}
	good := Solution{Rounds: [][]int{{1, 2}, {3}}, Distance: 45}
	if bad := faults(p, good); bad != nil {
		t.Fatal(bad)
	}
	for name, plant := range map[string]func(*Problem, *Solution){
		"late":           func(_ *Problem, s *Solution) { s.Rounds, s.Distance = [][]int{{3, 2}, {1}}, 70 },
		"back late":      func(p *Problem, _ *Solution) { p.Stops[0].Due = 30 },
		"overloaded":     func(p *Problem, _ *Solution) { p.Capacity = 1.5 },
		"too many":       func(p *Problem, _ *Solution) { p.Vehicles = 1 },
		"a stop missing": func(_ *Problem, s *Solution) { s.Rounds, s.Distance = [][]int{{1, 2}}, 25 },
		"a stop twice":   func(_ *Problem, s *Solution) { s.Unassigned = []int{3} },
		"no such stop":   func(_ *Problem, s *Solution) { s.Unassigned = []int{4} },
		"a false sum":    func(_ *Problem, s *Solution) { s.Distance = 44 },
		"an empty round": func(_ *Problem, s *Solution) { s.Rounds, s.Distance = [][]int{{1, 2}, {}}, 25; s.Unassigned = []int{3} },
	} {
		q, s := p, good
		q.Stops = append([]Stop(nil), p.Stops...)
		plant(&q, &s)
		if faults(q, s) == nil {
			t.Errorf("%s: nothing seen", name)
		}
	}
}

func TestNonsenseIsRefused(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for name, p := range map[string]Problem{
		"nothing":    {},
		"no square":  {Stops: make([]Stop, 2), Distance: make([]float64, 3)},
		"times":      {Stops: make([]Stop, 2), Distance: make([]float64, 4), Time: make([]float64, 1)},
		"a hole":     {Stops: make([]Stop, 1), Distance: []float64{nan}},
		"backwards":  {Stops: make([]Stop, 1), Distance: []float64{-1}},
		"a demand":   {Stops: []Stop{{Demand: nan}}, Distance: []float64{0}},
		"a window":   {Stops: []Stop{{Due: nan}}, Distance: []float64{0}},
		"a capacity": {Stops: make([]Stop, 1), Distance: []float64{0}, Capacity: nan},
		"a fleet":    {Stops: make([]Stop, 1), Distance: []float64{0}, Vehicles: -1},
	} {
		if _, err := Solve(p, Budget{Iterations: 1}, 1); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestTheSearchAllocatesNothing compares two lengths of the same search.
func TestTheSearchAllocatesNothing(t *testing.T) {
	p := town(50, 10, rand.New(rand.NewPCG(7, 7)))
	allocations := func(iterations int) float64 {
		return testing.AllocsPerRun(5, func() { _, _ = Solve(p, Budget{Iterations: iterations}, 1) })
	}
	if short, long := allocations(10), allocations(3000); long > short+20 {
		t.Errorf("%v allocations in 10 iterations, %v in 3000", short, long)
	}
}
