package geo

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/paulmach/orb"
)

// crossWithin is how far apart, in metres, two streets may pass and still
// have a corner: layers of lines do not always meet where streets do.
const crossWithin = 40

// crossings reads the query as two streets that meet.
func (r *reader) crossings() {
	n := len(r.q.words)
	best := costMost
	for _, o := range r.out {
		best = min(best, o.cost)
	}
	marked := len(r.q.corners) > 0
	var splits []int
	for i := 1; i < n; i++ {
		at := slices.Contains(r.q.corners, i)
		first := slices.Contains(r.q.corners, 0) || r.q.words[0].text == "צומת" || r.q.words[0].text == "צמת"
		and := !marked && best > 6 && r.q.words[i].script == hebrew && len(r.q.words[i].lit) > 2 && r.q.words[i].lit[0] == hebrewSymbol['ו'-'א']
		joint := !marked && best > 6 && (r.q.words[i].text == "and" || r.q.words[i].text == "и" || r.q.words[i].text == "et")
		if at || first || and || joint {
			splits = append(splits, i)
		}
	}
	for _, at := range splits[:min(len(splits), 6)] {
		r.corner(span(0, at), span(at, n))
	}
}

// corner reads two sets of words as two streets.
func (r *reader) corner(left, right uint32) {
	g, all := r.g, span(0, len(r.q.words))
	numbers := uint32(0)
	for _, at := range r.q.where {
		numbers |= 1 << at
	}
	if left&^numbers == 0 || right&^numbers == 0 {
		return
	}
	isStreet := func(e entry) bool { return e&entryKind == streetEntry }
	side := func(words uint32) []candidate {
		c := g.match(r.q, all&^words|numbers, isStreet, r.sc)
		if k := bits.OnesCount32(words & numbers); k > 0 && len(c) < 2 {
			// A number may be part of the name.
			c = append(c, g.match(r.q, all&^words, isStreet, r.sc)...)
		}
		for i := range c {
			if c[i].cost > c[0].cost+20 || i == 12 {
				return c[:i]
			}
		}
		return c
	}
	a, b := side(left), side(right)
	if len(a) == 0 || len(b) == 0 {
		return
	}
	extra := 0
	if numbers != 0 {
		extra = 4 // the house, which is read below, is the better place
	}
	for _, x := range a {
		for _, y := range b {
			s, t := g.names[x.name].entry, g.names[y.name].entry
			if s == t {
				continue
			}
			for _, c := range g.cross(int32(s.index()), int32(t.index())) {
				r.out = append(r.out, option{entry: s, other: t, cost: extra + x.cost + y.cost + c.cost, dropped: x.dropped + y.dropped, idle: x.idle + y.idle, letters: min(x.letters, y.letters),
					found: found{house: -1, point: c.point, precision: Intersection}})
			}
		}
	}
	for k, at := range r.q.where {
		words, beside := left, b[0].cost
		if right>>at&1 != 0 {
			words, beside = right, a[0].cost
		}
		if words&^(1<<at) != 0 {
			r.housed(all&^words|1<<at, 2+beside, r.q.numbers[k])
		}
	}
	// Of streets that don't meet, either is all there is to say.
	for i, side := range [][]candidate{a, b} {
		for _, c := range side {
			c.asked = true
			r.add(c, 18+i)
		}
	}
}

type crossing struct {
	point orb.Point
	cost  int
}

// cross finds the corners of two streets: where their lines cross, each
// group of crossings once, or else where they come nearest.
func (g *Gazetteer) cross(s, t int32) []crossing {
	a, b := &g.streets[s], &g.streets[t]
	if g.apart(a.bound, b.bound) > crossWithin {
		return nil
	}
	var at []orb.Point
	best, nearest := float64(crossWithin), orb.Point{}
	for _, la := range a.lines {
		for i := 0; i+1 < len(la); i++ {
			p, q := g.plane.XY(la[i]), g.plane.XY(la[i+1])
			for _, lb := range b.lines {
				for j := 0; j+1 < len(lb); j++ {
					u, v := g.plane.XY(lb[j]), g.plane.XY(lb[j+1])
					if min(p[0], q[0])-best > max(u[0], v[0]) || min(u[0], v[0])-best > max(p[0], q[0]) ||
						min(p[1], q[1])-best > max(u[1], v[1]) || min(u[1], v[1])-best > max(p[1], q[1]) {
						continue
					}
					if x, ok := meet(p, q, u, v); ok {
						at = append(at, x)
						best = 0
						continue
					}
					if x, d := approach(p, q, u, v); d < best {
						best, nearest = d, x
					}
				}
			}
		}
	}
	var out []crossing
	for _, p := range at {
		point := g.plane.Point(p)
		if !slices.ContainsFunc(out, func(c crossing) bool { return g.plane.Distance(c.point, point) < 60 }) {
			out = append(out, crossing{point, 0})
		}
	}
	if len(out) == 0 && best < crossWithin {
		out = []crossing{{g.plane.Point(nearest), int(best / 10)}}
	}
	return out
}

// meet is where two segments cross or touch.
func meet(p, q, u, v orb.Point) (orb.Point, bool) {
	dx, dy := q[0]-p[0], q[1]-p[1]
	ex, ey := v[0]-u[0], v[1]-u[1]
	den := dx*ey - dy*ex
	if den == 0 {
		return orb.Point{}, false
	}
	t := ((u[0]-p[0])*ey - (u[1]-p[1])*ex) / den
	w := ((u[0]-p[0])*dy - (u[1]-p[1])*dx) / den
	if t < 0 || t > 1 || w < 0 || w > 1 {
		return orb.Point{}, false
	}
	return orb.Point{p[0] + t*dx, p[1] + t*dy}, true
}

// approach is the point midway where two segments that do not meet come
// nearest, and how near.
func approach(p, q, u, v orb.Point) (orb.Point, float64) {
	type pair struct {
		a, b orb.Point
	}
	toward := func(p, u, v orb.Point) pair { return pair{p, nearestOn(p, u, v)} }
	pairs := [4]pair{toward(p, u, v), toward(q, u, v), toward(u, p, q), toward(v, p, q)}
	best := slices.MinFunc(pairs[:], func(x, y pair) int { return cmp.Compare(flat(x.a, x.b), flat(y.a, y.b)) })
	return orb.Point{(best.a[0] + best.b[0]) / 2, (best.a[1] + best.b[1]) / 2}, flat(best.a, best.b)
}
