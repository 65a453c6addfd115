package geo

import (
	"cmp"
	"math"
	"math/big"

	"github.com/paulmach/orb"
)

// areaEdge is a piece of a ring, lower end first (of a horizontal one, the
// western end), so that two neighbours that list a shared border in opposite
// directions hold the very same edge.
type areaEdge struct{ x1, y1, x2, y2 float64 }

func newAreaEdge(a, b orb.Point) areaEdge {
	if a[1] > b[1] || a[1] == b[1] && a[0] > b[0] {
		a, b = b, a
	}
	return areaEdge{a[0], a[1], b[0], b[1]}
}

// turn is the sign of the cross product of a→b and a→p: 1 when p lies left of
// the line, -1 right, 0 exactly on it. Rounding never decides: where the
// floating-point result is within its error bound (Shewchuk, "Adaptive
// Precision Floating-Point Arithmetic", 1997), rationals do.
func (e *areaEdge) turn(x, y float64) int {
	l := (e.x2 - e.x1) * (y - e.y1)
	r := (x - e.x1) * (e.y2 - e.y1)
	det, bound := l-r, 3.3306690738754716e-16*(math.Abs(l)+math.Abs(r))
	switch {
	case det > bound:
		return 1
	case -det > bound:
		return -1
	}
	return e.exactTurn(x, y)
}

func (e *areaEdge) exactTurn(x, y float64) int {
	// The signs of the two products are exact, as a difference is zero only
	// between equals.
	sl := cmp.Compare(e.x2, e.x1) * cmp.Compare(y, e.y1)
	sr := cmp.Compare(x, e.x1) * cmp.Compare(e.y2, e.y1)
	if sl != sr || sl == 0 {
		return cmp.Compare(sl, sr)
	}
	diff := func(a, b float64) *big.Rat {
		r := new(big.Rat).SetFloat64(a)
		return r.Sub(r, new(big.Rat).SetFloat64(b))
	}
	l := diff(e.x2, e.x1)
	l.Mul(l, diff(y, e.y1))
	r := diff(x, e.x1)
	r.Mul(r, diff(e.y2, e.y1))
	return l.Cmp(r)
}

// crosses reports whether the half-open edge (lower end in, upper end out)
// lies strictly east of the point at the point's height. A horizontal edge
// never does. Of two areas that share the edge, this makes exactly one claim a
// point on it.
func (e *areaEdge) crosses(x, y float64) bool {
	switch {
	case y < e.y1 || y >= e.y2:
		return false
	case x < e.x1 && x < e.x2:
		return true
	case x >= e.x1 && x >= e.x2:
		return false
	}
	return e.turn(x, y) > 0
}

// holds reports whether the point lies exactly on the closed edge.
func (e *areaEdge) holds(x, y float64) bool {
	return y >= e.y1 && y <= e.y2 && x >= min(e.x1, e.x2) && x <= max(e.x1, e.x2) && e.turn(x, y) == 0
}

// dist2 is the squared distance from a point to the edge and the nearest point
// on it, where a degree of x counts k degrees of y. The conversions forbid fused
// multiply-add, so every machine computes the same number.
func (e *areaEdge) dist2(x, y, k float64) (float64, orb.Point) {
	dx, dy := (e.x2-e.x1)*k, e.y2-e.y1
	px, py := (x-e.x1)*k, y-e.y1
	t := 0.0
	if n := float64(dx*dx) + float64(dy*dy); n > 0 {
		t = min(1, max(0, (float64(px*dx)+float64(py*dy))/n))
	}
	rx, ry := px-float64(t*dx), py-float64(t*dy)
	at := orb.Point{e.x1 + float64(t*(e.x2-e.x1)), e.y1 + float64(t*dy)}
	return float64(rx*rx) + float64(ry*ry), at
}

// areaPart is one polygon, holes included, of the shape that owns it. Its edges
// are kept once in ring order (for distances), and once more by horizontal slab
// (for point tests, which look at the edges of one slab only).
type areaPart struct {
	owner  int32
	bound  orb.Bound
	edges  []areaEdge
	runs   []orb.Bound // the bound of each run of edgesPerRun edges
	perDeg float64     // slabs per unit of y
	slab   []int32     // start of each slab in slabs, and the end of the last
	slabs  []areaEdge
}

const edgesPerRun = 16

// newAreaPart makes the part of a polygon whose rings are closed and finite.
func newAreaPart(owner int32, poly orb.Polygon) areaPart {
	p := areaPart{owner: owner, bound: polygonBound(poly)}
	for _, ring := range poly {
		for i := range ring[1:] {
			if ring[i] != ring[i+1] {
				p.edges = append(p.edges, newAreaEdge(ring[i], ring[i+1]))
			}
		}
	}
	for i := 0; i < len(p.edges); i += edgesPerRun {
		b := orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
		for _, e := range p.edges[i:min(len(p.edges), i+edgesPerRun)] {
			b = b.Extend(orb.Point{e.x1, e.y1}).Extend(orb.Point{e.x2, e.y2})
		}
		p.runs = append(p.runs, b)
	}
	p.cut()
	return p
}

// polygonBound holds every ring, also a hole that sticks out of its shell.
func polygonBound(poly orb.Polygon) orb.Bound {
	b := poly[0].Bound()
	for _, ring := range poly[1:] {
		b = b.Union(ring.Bound())
	}
	return b
}

// cut distributes the edges over slabs: many enough that a slab holds few, and
// few enough that the copies of tall edges stay within a small multiple of the
// ring.
func (p *areaPart) cut() {
	n := min(4096, len(p.edges)/3+1)
	for ; ; n /= 2 {
		p.slab = make([]int32, n+1)
		p.perDeg = float64(n) / (p.bound.Max[1] - p.bound.Min[1])
		if n == 1 || math.IsInf(p.perDeg, 0) {
			p.slab, p.perDeg = []int32{0, int32(len(p.edges))}, 0
			p.slabs = p.edges
			return
		}
		copies := 0
		for _, e := range p.edges {
			copies += p.slabOf(e.y2) - p.slabOf(e.y1) + 1
		}
		if copies <= 8*len(p.edges)+n {
			break
		}
	}
	for _, e := range p.edges {
		for s := p.slabOf(e.y1); s <= p.slabOf(e.y2); s++ {
			p.slab[s+1]++
		}
	}
	for s := range n {
		p.slab[s+1] += p.slab[s]
	}
	p.slabs = make([]areaEdge, p.slab[n])
	next := append([]int32(nil), p.slab...)
	for _, e := range p.edges {
		for s := p.slabOf(e.y1); s <= p.slabOf(e.y2); s++ {
			p.slabs[next[s]] = e
			next[s]++
		}
	}
}

// slabOf never decreases as y grows, so an edge's slabs are those from its lower
// end's to its upper end's. y lies within the part's bound.
func (p *areaPart) slabOf(y float64) int {
	return min(int((y-p.bound.Min[1])*p.perDeg), len(p.slab)-2)
}

// claims is the half-open test: in a partition exactly one part claims a point,
// whatever the order and direction of the rings.
func (p *areaPart) claims(x, y float64) bool {
	if !(y >= p.bound.Min[1] && y < p.bound.Max[1] && x >= p.bound.Min[0] && x <= p.bound.Max[0]) {
		return false
	}
	s := p.slabOf(y)
	in := false
	edges := p.slabs[p.slab[s]:p.slab[s+1]]
	for i := range edges {
		if edges[i].crosses(x, y) {
			in = !in
		}
	}
	return in
}

// touches reports whether the point lies exactly on the part's border.
func (p *areaPart) touches(x, y float64) bool {
	if !(y >= p.bound.Min[1] && y <= p.bound.Max[1] && x >= p.bound.Min[0] && x <= p.bound.Max[0]) {
		return false
	}
	s := p.slabOf(y)
	edges := p.slabs[p.slab[s]:p.slab[s+1]]
	for i := range edges {
		if edges[i].holds(x, y) {
			return true
		}
	}
	return false
}

// nearer lowers *best and *at to the squared distance and the nearest point of
// the part's border, if that is nearer.
func (p *areaPart) nearer(x, y, k float64, best *float64, at *orb.Point) {
	if boundDist2(p.bound, x, y, k) > *best {
		return
	}
	for i, b := range p.runs {
		if boundDist2(b, x, y, k) > *best {
			continue
		}
		edges := p.edges[i*edgesPerRun : min(len(p.edges), (i+1)*edgesPerRun)]
		for j := range edges {
			if d, q := edges[j].dist2(x, y, k); d < *best {
				*best, *at = d, q
			}
		}
	}
}

// boundDist2 is never more than the squared distance to anything in the bound,
// less a margin for rounding.
func boundDist2(b orb.Bound, x, y, k float64) float64 {
	dx := max(0, b.Min[0]-x, x-b.Max[0]) * k
	dy := max(0, b.Min[1]-y, y-b.Max[1])
	return (float64(dx*dx) + float64(dy*dy)) * (1 - 1e-9)
}
