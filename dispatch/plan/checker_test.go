package plan

import (
	"fmt"
	"math"
)

// faults is an independent look at a solution, by arithmetic of its own: it
// drives every round from the depot and says what is wrong. Slack is what
// rounding may add to a time.
func faults(p Problem, s Solution) []string {
	const slack = 1e-7
	var found []string
	say := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	seen := make([]int, len(p.Stops))
	visit := func(c int) bool {
		if c < 1 || c >= len(p.Stops) {
			say("stop %d is none", c)
			return false
		}
		seen[c]++
		return true
	}
	times := p.Time
	if times == nil {
		times = p.Distance
	}
	total := 0.0
	for r, round := range s.Rounds {
		if len(round) == 0 {
			say("round %d is empty", r)
		}
		load, clock, at := 0.0, p.Stops[0].Ready, 0
		for _, c := range round {
			if !visit(c) {
				continue
			}
			load += p.Stops[c].Demand
			total += p.Distance[at*len(p.Stops)+c]
			clock = math.Max(clock+times[at*len(p.Stops)+c], p.Stops[c].Ready)
			if clock > p.Stops[c].Due+slack {
				say("round %d comes to %d at %v, due %v", r, c, clock, p.Stops[c].Due)
			}
			clock += p.Stops[c].Service
			at = c
		}
		total += p.Distance[at*len(p.Stops)]
		if clock += times[at*len(p.Stops)]; clock > p.Stops[0].Due+slack {
			say("round %d is back at %v, due %v", r, clock, p.Stops[0].Due)
		}
		if load > p.Capacity+slack {
			say("round %d carries %v of %v", r, load, p.Capacity)
		}
	}
	if len(s.Rounds) > p.Vehicles {
		say("%d rounds for %d vehicles", len(s.Rounds), p.Vehicles)
	}
	for _, c := range s.Unassigned {
		visit(c)
	}
	for c := 1; c < len(seen); c++ {
		if seen[c] != 1 {
			say("stop %d is there %d times", c, seen[c])
		}
	}
	if !(math.Abs(total-s.Distance) <= 1e-6*math.Max(1, total)) {
		say("says %v, drives %v", s.Distance, total)
	}
	return found
}
