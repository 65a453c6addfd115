package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// numbered is a house as interpolation sees it: a number on the plane.
type numbered struct {
	n  float64
	at orb.Point
}

// guess is where a number may be, and how far off that is expected to be.
type guess struct {
	at    orb.Point
	error float64 // metres
}

// interpolate says where a number should be on a street, from the houses
// known there, and how many metres that may be off. Numbers run along each
// side of a street; the sides need not keep pace, and a side may go on
// around a corner or behind the next building, so that a large step between
// two neighbours is followed from its nearer end and not cut in half.
func (g *Gazetteer) interpolate(s *gazStreet, known []gazHouse, number int32) (orb.Point, float64, bool) {
	if len(known) == 0 || number == 0 {
		return orb.Point{}, 0, false
	}
	n := float64(number)
	var same, other []numbered
	for _, h := range known {
		side := &same
		if (h.N-number)%2 != 0 {
			side = &other
		}
		*side = g.appendNumbered(*side, h)
	}
	var guesses []guess
	if p, ok := alongSide(same, n); ok {
		guesses = append(guesses, p)
	}
	if p, ok := acrossStreet(same, other, n); ok {
		guesses = append(guesses, p)
	}
	if p, ok := g.mirrored(s, same, other, n); ok {
		guesses = append(guesses, p)
	}
	if len(guesses) == 0 {
		return orb.Point{}, 0, false
	}
	at, expected := blend(guesses)
	if expected > 110 {
		return orb.Point{}, 0, false
	}
	return g.plane.Point(at), expected, true
}

// appendNumbered adds a house; of several points of one number the one
// nearest to the number before stays.
func (g *Gazetteer) appendNumbered(side []numbered, h gazHouse) []numbered {
	p := numbered{float64(h.N), g.plane.XY(h.point)}
	if last := len(side) - 1; last >= 0 && side[last].n == p.n {
		if last > 0 && flat(side[last-1].at, p.at) < flat(side[last-1].at, side[last].at) {
			side[last] = p
		}
		return side
	}
	return append(side, p)
}

// alongSide guesses from the houses of one side, which are sorted by number.
func alongSide(side []numbered, n float64) (guess, bool) {
	if len(side) == 0 {
		return guess{}, false
	}
	after := 0
	for after < len(side) && side[after].n < n {
		after++
	}
	pace := paceOf(side)
	if after < len(side) && side[after].n == n {
		return guess{side[after].at, 5}, true
	}
	switch {
	case after == 0:
		return onward(side, 0, 1, n, pace), true
	case after == len(side):
		return onward(side, after-1, after-2, n, pace), true
	}
	a, b := side[after-1], side[after]
	step, numbers := flat(a.at, b.at), b.n-a.n
	t := (n - a.n) / numbers
	if step > jump(pace, numbers) {
		// A jump: the number stands with its nearer neighbour.
		first, second := onward(side, after-1, after-2, n, pace), onward(side, after, after+1, n, pace)
		if t <= 0.5 {
			first.error += step * t
			return first, true
		}
		second.error += step * (1 - t)
		return second, true
	}
	at := orb.Point{a.at[0] + t*(b.at[0]-a.at[0]), a.at[1] + t*(b.at[1]-a.at[1])}
	return guess{at, 5 + step*min(t, 1-t)*0.7}, true
}

// jump is the step between two numbers above which no row of houses fills it.
func jump(pace, numbers float64) float64 { return 50 + 3*pace*numbers }

// onward goes on from the house at i, as the step from the house at back led
// to it.
func onward(side []numbered, i, back int, n, pace float64) guess {
	from := side[i]
	d := math.Abs(n - from.n)
	out := guess{from.at, 12 + pace*d}
	if back < 0 || back >= len(side) {
		return out
	}
	step, numbers := flat(from.at, side[back].at), math.Abs(from.n-side[back].n)
	if step == 0 || step > jump(pace, numbers) {
		return out
	}
	length := min(step/numbers, 1.5*pace) * d * 0.75
	length = min(length, 90)
	out.at = orb.Point{from.at[0] + (from.at[0]-side[back].at[0])/step*length, from.at[1] + (from.at[1]-side[back].at[1])/step*length}
	out.error = 10 + pace*d*0.7
	return out
}

// acrossStreet guesses from the other side, moved by how far the sides are
// apart at the nearest houses of this one.
func acrossStreet(same, other []numbered, n float64) (guess, bool) {
	p, ok := alongSide(other, n)
	if !ok {
		return guess{}, false
	}
	best := -1
	for i := range same {
		if best < 0 || math.Abs(same[i].n-n) < math.Abs(same[best].n-n) {
			best = i
		}
	}
	if best < 0 {
		p.error += 40
		return p, true
	}
	q, _ := alongSide(other, same[best].n)
	d := math.Abs(same[best].n - n)
	apart := flat(q.at, same[best].at)
	p.at[0] += same[best].at[0] - q.at[0]
	p.at[1] += same[best].at[1] - q.at[1]
	p.error += q.error/2 + apart*min(d/16, 1) + 4
	return p, true
}

// mirrored guesses from the other side what stands across the street's line.
func (g *Gazetteer) mirrored(s *gazStreet, same, other []numbered, n float64) (guess, bool) {
	p, ok := alongSide(other, n)
	if !ok {
		return guess{}, false
	}
	line, ok := NearestOnMultiLine(g.plane.Point(p.at), s.lines)
	if !ok || line.Distance() > 60 {
		return guess{}, false
	}
	foot := g.plane.XY(line.Point)
	p.at = orb.Point{2*foot[0] - p.at[0], 2*foot[1] - p.at[1]}
	// Where houses of the number's own side are known, they tell more.
	p.error += 12
	if len(same) > 0 {
		p.error += 60
	}
	return p, true
}

// paceOf is the usual distance from a number to the next but one, halved: the
// median over one side.
func paceOf(side []numbered) float64 {
	var steps []float64
	for i := 1; i < len(side); i++ {
		if d := side[i].n - side[i-1].n; d <= 30 {
			steps = append(steps, flat(side[i].at, side[i-1].at)/d)
		}
	}
	if len(steps) == 0 {
		return 9
	}
	return min(max(median(steps), 3), 30)
}

// blend weighs guesses by how good they are expected to be. Guesses that
// contradict each other are not mixed: the better one stands.
func blend(guesses []guess) (orb.Point, float64) {
	best := guesses[0]
	for _, p := range guesses[1:] {
		if p.error < best.error {
			best = p
		}
	}
	var at orb.Point
	sum := 0.0
	for _, p := range guesses {
		if flat(p.at, best.at) > 100 {
			continue
		}
		w := 1 / (p.error * p.error)
		at[0] += w * p.at[0]
		at[1] += w * p.at[1]
		sum += w
	}
	return orb.Point{at[0] / sum, at[1] / sum}, best.error
}
