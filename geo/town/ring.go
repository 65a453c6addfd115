package town

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// ring is a simple polygon, counter-clockwise, without the closing point.
type ring []orb.Point

func (r ring) area() float64 {
	sum := 0.0
	for i, a := range r {
		b := r[(i+1)%len(r)]
		sum += a[0]*b[1] - b[0]*a[1]
	}
	return sum / 2
}

func (r ring) centroid() orb.Point {
	var x, y, sum float64
	for i, a := range r {
		b := r[(i+1)%len(r)]
		k := a[0]*b[1] - b[0]*a[1]
		x, y, sum = x+(a[0]+b[0])*k, y+(a[1]+b[1])*k, sum+k
	}
	return orb.Point{x / (3 * sum), y / (3 * sum)}
}

func (r ring) contains(q orb.Point) bool {
	in := false
	for i, a := range r {
		b := r[(i+1)%len(r)]
		if (a[1] > q[1]) != (b[1] > q[1]) && q[0] < (b[0]-a[0])*(q[1]-a[1])/(b[1]-a[1])+a[0] {
			in = !in
		}
	}
	return in
}

func (r ring) bound() orb.Bound { return orb.MultiPoint(r).Bound() }

// nearer is the part of r that is nearer to a than to b.
func (r ring) nearer(a, b orb.Point) ring {
	mx, my := (a[0]+b[0])/2, (a[1]+b[1])/2
	dx, dy := b[0]-a[0], b[1]-a[1]
	side := func(q orb.Point) float64 { return (q[0]-mx)*dx + (q[1]-my)*dy }
	var out ring
	for i, p := range r {
		q := r[(i+1)%len(r)]
		sp, sq := side(p), side(q)
		if sp <= 0 {
			out = append(out, p)
		}
		if (sp < 0) != (sq < 0) && sp != 0 && sq != 0 {
			t := sp / (sp - sq)
			out = append(out, rounded(orb.Point{p[0] + t*(q[0]-p[0]), p[1] + t*(q[1]-p[1])}))
		}
	}
	return out
}

func rounded(q orb.Point) orb.Point {
	return orb.Point{math.Round(q[0]*100) / 100, math.Round(q[1]*100) / 100}
}

// divide cuts r into cells of about equal size around n sites, which settle
// in a few rounds (Lloyd's relaxation of a Voronoi diagram).
func divide(r ring, sites []orb.Point) []ring {
	var cells []ring
	for range 6 {
		cells = cells[:0]
		for i, s := range sites {
			c := r
			for j, o := range sites {
				if i != j && len(c) > 2 {
					c = c.nearer(s, o)
				}
			}
			cells = append(cells, c)
		}
		for i, c := range cells {
			if len(c) > 2 {
				sites[i] = c.centroid()
			}
		}
	}
	return cells
}

// share makes rings that touch share their vertices: vertices closer than
// near become one, and every vertex on another ring's edge is put into it.
func share(rings []ring, near float64) {
	var vertices []orb.Point
	canonical := func(q orb.Point) orb.Point {
		for _, v := range vertices {
			if math.Abs(v[0]-q[0]) < near && math.Abs(v[1]-q[1]) < near {
				return v
			}
		}
		vertices = append(vertices, q)
		return q
	}
	for _, r := range rings {
		for i := range r {
			r[i] = canonical(r[i])
		}
	}
	for k, r := range rings {
		var out ring
		for i, a := range r {
			b := r[(i+1)%len(r)]
			if a == b {
				continue
			}
			out = append(out, a)
			out = append(out, onEdge(a, b, vertices, near)...)
		}
		rings[k] = out
	}
}

// onEdge lists the vertices within near of the open edge ab, from a to b.
func onEdge(a, b orb.Point, vertices []orb.Point, near float64) []orb.Point {
	dx, dy := b[0]-a[0], b[1]-a[1]
	l := math.Hypot(dx, dy)
	type at struct {
		t float64
		v orb.Point
	}
	var found []at
	for _, v := range vertices {
		if v == a || v == b {
			continue
		}
		t := ((v[0]-a[0])*dx + (v[1]-a[1])*dy) / l
		off := math.Abs((v[0]-a[0])*dy-(v[1]-a[1])*dx) / l
		if t > 0 && t < l && off < near {
			found = append(found, at{t, v})
		}
	}
	slices.SortFunc(found, func(x, y at) int { return cmp.Compare(x.t, y.t) })
	out := make([]orb.Point, len(found))
	for i, f := range found {
		out[i] = f.v
	}
	return out
}

// dissolve is the outline of rings that share their vertices: edges that two
// of them run along in opposite directions fall out.
func dissolve(rings []ring) []ring {
	type edge struct{ a, b orb.Point }
	edges := map[edge]bool{}
	var order []edge
	for _, r := range rings {
		for i, a := range r {
			e := edge{a, r[(i+1)%len(r)]}
			edges[e] = true
			order = append(order, e)
		}
	}
	next := map[orb.Point]orb.Point{}
	var starts []orb.Point
	for _, e := range order {
		if !edges[edge{e.b, e.a}] {
			next[e.a] = e.b
			starts = append(starts, e.a)
		}
	}
	var out []ring
	for _, s := range starts {
		var r ring
		for at, ok := s, true; ok; {
			var to orb.Point
			if to, ok = next[at]; ok {
				r = append(r, at)
				delete(next, at)
				at = to
			}
		}
		if len(r) > 2 {
			out = append(out, r)
		}
	}
	return out
}

// onGlobe bends a ring and puts it on WGS84, closed. Points are added along
// its edges, from the lower end so that neighbours add the same ones.
func (p *plan) onGlobe(r ring) orb.Ring {
	var out orb.Ring
	for i, a := range r {
		b := r[(i+1)%len(r)]
		part := dense(a, b)
		for _, q := range part[:len(part)-1] {
			out = append(out, p.globe(q))
		}
	}
	return append(out, out[0])
}

// dense is the edge from a to b with a point at least every 45 metres.
func dense(a, b orb.Point) []orb.Point {
	flip := b[0] < a[0] || (b[0] == a[0] && b[1] < a[1])
	if flip {
		a, b = b, a
	}
	n := int(math.Ceil(math.Hypot(b[0]-a[0], b[1]-a[1]) / 45))
	out := make([]orb.Point, 0, n+1)
	for k := range n {
		t := float64(k) / float64(n)
		out = append(out, orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])})
	}
	out = append(out, b)
	if flip {
		slices.Reverse(out)
	}
	return out
}
