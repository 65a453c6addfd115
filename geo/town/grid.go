package town

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// ruleHood draws a neighbourhood's own streets: two families of lines across
// it, kept out of its park, some of them broken off for a courtyard's sake.
func (p *plan) ruleHood(i int, c *cell) {
	long, short := p.between(78, 100), p.between(150, 215)
	switch c.kind {
	case oldTown:
		long, short = p.between(58, 72), p.between(95, 130)
	case works:
		long, short = p.between(165, 200), p.between(240, 300)
	}
	p.family(i, c, c.angle, long, 0.93)
	p.family(i, c, c.angle+math.Pi/2, short, 0.85)
}

// family draws parallel lines, gap metres apart, over a cell; keep is the
// share of them that stay.
func (p *plan) family(hood int, c *cell, angle, gap, keep float64) {
	mid := c.ring.centroid()
	dx, dy := math.Cos(angle), math.Sin(angle)
	b := c.ring.bound()
	reach := math.Hypot(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1])
	for k := -int(reach / gap); k <= int(reach/gap); k++ {
		if p.r.Float64() > keep {
			continue
		}
		off := (float64(k) + 0.5) * gap
		at := orb.Point{mid[0] - dy*off, mid[1] + dx*off}
		u := orb.Point{at[0] - dx*reach, at[1] - dy*reach}
		v := orb.Point{at[0] + dx*reach, at[1] + dy*reach}
		for _, part := range within([]orb.Point{u, v}, c.ring) {
			for _, part := range within(part, p.inland) {
				p.local(hood, part)
			}
		}
	}
}

// local adds one straight street, cut open where the park lies and in two
// where it would be too long for one name.
func (p *plan) local(hood int, part []orb.Point) {
	parts := [][]orb.Point{part}
	for _, g := range p.parks {
		if g.hood != hood {
			continue
		}
		a, b := part[0], part[len(part)-1]
		at := 0.0
		parts = nil
		for _, iv := range inside(a, b, g.ring) {
			parts = append(parts, []orb.Point{along(a, b, at), along(a, b, iv[0])})
			at = iv[1]
		}
		parts = append(parts, []orb.Point{along(a, b, at), b})
	}
	for _, s := range parts {
		l := math.Hypot(s[1][0]-s[0][0], s[1][1]-s[0][1])
		switch {
		case l < 45:
			continue
		case l < 130 && p.r.Float64() < 0.5:
			p.addLocal(hood, p.words.take(streetWords).with("סמטת", "Lane"), s)
		case l > 900:
			m := along(s[0], s[1], p.between(0.4, 0.6))
			p.addLocal(hood, p.words.take(streetWords), []orb.Point{s[0], m})
			p.addLocal(hood, p.words.take(streetWords), []orb.Point{m, s[1]})
		default:
			p.addLocal(hood, p.words.take(streetWords), s)
		}
	}
}

func (p *plan) addLocal(hood int, n word, s []orb.Point) {
	p.streets = append(p.streets, &line{name: n, class: "residential", points: s, hood: hood, oneWay: p.r.Float64() < 0.2})
}

// edge is one straight edge of a street, with where it is cut, as shares.
type edge struct {
	street int
	a, b   orb.Point
	cuts   []float64
}

// touching is how far apart, in metres, ends still meet.
const touching = 0.8

// cut breaks the streets at their crossings into pieces between junctions.
func (p *plan) cut() {
	var edges []*edge
	for s, l := range p.streets {
		l.id = int64(s + 1)
		for i := 0; i+1 < len(l.points); i++ {
			edges = append(edges, &edge{street: s, a: l.points[i], b: l.points[i+1], cuts: []float64{0, 1}})
		}
	}
	slices.SortStableFunc(edges, func(x, y *edge) int {
		return cmp.Compare(min(x.a[0], x.b[0]), min(y.a[0], y.b[0]))
	})
	for i, e := range edges {
		right := max(e.a[0], e.b[0]) + touching
		lo, hi := min(e.a[1], e.b[1])-touching, max(e.a[1], e.b[1])+touching
		for _, f := range edges[i+1:] {
			if min(f.a[0], f.b[0]) > right {
				break
			}
			if max(f.a[1], f.b[1]) < lo || min(f.a[1], f.b[1]) > hi {
				continue
			}
			if t, u, ok := cross(e.a, e.b, f.a, f.b, touching); ok {
				e.cuts, f.cuts = append(e.cuts, t), append(f.cuts, u)
			}
		}
	}
	junction := p.junctions()
	for _, e := range edges {
		slices.Sort(e.cuts)
		for i := 0; i+1 < len(e.cuts); i++ {
			a, b := junction(along(e.a, e.b, e.cuts[i])), junction(along(e.a, e.b, e.cuts[i+1]))
			if a != b {
				p.pieces = append(p.pieces, piece{e.street, a, b, dense(p.nodes[a], p.nodes[b])})
			}
		}
	}
}

// junctions returns the function that gives points within two metres of each
// other the same number.
func (p *plan) junctions() func(orb.Point) int {
	const size = 4.0
	grid := map[[2]int][]int{}
	return func(q orb.Point) int {
		cx, cy := int(math.Floor(q[0]/size)), int(math.Floor(q[1]/size))
		for dx := -1; dx <= 1; dx++ {
			for dy := -1; dy <= 1; dy++ {
				for _, n := range grid[[2]int{cx + dx, cy + dy}] {
					if math.Hypot(p.nodes[n][0]-q[0], p.nodes[n][1]-q[1]) < 2 {
						return n
					}
				}
			}
		}
		p.nodes = append(p.nodes, q)
		n := len(p.nodes) - 1
		grid[[2]int{cx, cy}] = append(grid[[2]int{cx, cy}], n)
		return n
	}
}
