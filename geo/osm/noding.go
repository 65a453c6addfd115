package osm

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"moked/geo"
	"moked/geo/roads"
)

// snapping is how near, in metres, two ends are that are one junction, and an
// end and a line that touch. maxCuts bounds the crossings of a layer.
const (
	snapping = 0.5
	maxCuts  = 2_000_000
)

// noding cuts lines where they meet. It works in metres on a plane.
type noding struct {
	plane geo.Plane
	lines []orb.LineString // on the plane
	cuts  [][]cut          // by line
	count int
	nodes map[[2]int32][]int64 // by cell of the snapping distance
	at    []orb.Point          // of node n+1, on the plane
}

// cut is a place on a line: the piece that starts at that vertex, and the
// share of it.
type cut struct {
	piece int
	share float64
	node  int64
}

// nodeLines makes a road graph of lines that need not be noded. Every crossing
// becomes a junction, for a layer of lines does not tell a bridge.
func nodeLines(in []drivableLine, t *tally) ([]roads.Segment, error) {
	out := []roads.Segment{}
	if len(in) == 0 {
		return out, nil
	}
	var bound orb.Bound
	for i, d := range in {
		if b := d.line.Bound(); i == 0 {
			bound = b
		} else {
			bound = bound.Union(b)
		}
	}
	n := &noding{plane: geo.PlaneAt(bound.Center()), nodes: map[[2]int32][]int64{}, cuts: make([][]cut, len(in))}
	for _, d := range in {
		flat := make(orb.LineString, len(d.line))
		for i, p := range d.line {
			flat[i] = n.plane.XY(p)
		}
		n.lines = append(n.lines, flat)
	}
	if err := n.cutAll(); err != nil {
		return nil, err
	}
	type drawn struct {
		a, b   int64
		length float64
	}
	seen := map[drawn]orb.Point{}
	for i := range in {
		n.split(i, func(a, b int64, flat orb.LineString) {
			line := make(orb.LineString, len(flat))
			for j, p := range flat {
				line[j] = n.plane.Point(p)
			}
			// Another line drawn over the same ground adds nothing.
			k := drawn{min(a, b), max(a, b), math.Round(geo.LineLength(line))}
			mid, _ := geo.PointAlong(line, geo.LineLength(line)/2)
			if other, ok := seen[k]; ok && geo.Metres(other, mid) < 2*snapping {
				t.leave("road", "drawn twice: taken once", in[i].where)
				return
			}
			seen[k] = mid
			out = append(out, in[i].segment(int64(len(out)+1), a, b, line))
		})
	}
	return out, nil
}

// cutAll notes, on every line, its ends and where others meet it.
func (n *noding) cutAll() error {
	type piece struct{ line, at int32 }
	var tree rtree.RTreeGN[float64, piece]
	for i, l := range n.lines {
		for j := range len(l) - 1 {
			b := l[j : j+2].Bound().Pad(snapping)
			tree.Insert(b.Min, b.Max, piece{int32(i), int32(j)})
		}
	}
	for i, l := range n.lines {
		n.cut(i, 0, 0)
		n.cut(i, len(l)-2, 1)
	}
	for i, l := range n.lines {
		for j := range len(l) - 1 {
			b := l[j : j+2].Bound().Pad(snapping)
			tree.Search(b.Min, b.Max, func(_, _ [2]float64, other piece) bool {
				oi, oj := int(other.line), int(other.at)
				if oi > i || oi == i && oj > j+1 {
					n.meet(i, j, oi, oj)
				}
				return n.count <= maxCuts
			})
			if n.count > maxCuts {
				return wrongAt(TooLarge, -1, "its lines meet more than %d times", maxCuts)
			}
		}
	}
	return nil
}

// meet cuts two pieces where they cross, and either where an end of the other
// touches it.
func (n *noding) meet(i, j, oi, oj int) {
	a, b := n.lines[i][j], n.lines[i][j+1]
	c, d := n.lines[oi][oj], n.lines[oi][oj+1]
	touched := false
	touch := func(line, piece int, from, to, p orb.Point) float64 {
		share, distance := alongPiece(from, to, p)
		if distance <= snapping {
			touched = true
			n.cut(line, piece, share)
		}
		return distance
	}
	ends := func(line, piece int, share float64, distance float64) {
		if distance <= snapping {
			n.cut(line, piece, share)
		}
	}
	// Every vertex that lies on the other line is a meeting, be it an end or
	// a bend: both lines are cut there.
	ends(oi, oj, 0, touch(i, j, a, b, c))
	ends(oi, oj, 1, touch(i, j, a, b, d))
	ends(i, j, 0, touch(oi, oj, c, d, a))
	ends(i, j, 1, touch(oi, oj, c, d, b))
	if touched {
		return
	}
	if s, t, ok := crossing(a, b, c, d); ok {
		n.cut(i, j, s)
		n.cut(oi, oj, t)
	}
}

// alongPiece is the share of the way from a to b nearest to p, and the metres.
func alongPiece(a, b, p orb.Point) (share, metres float64) {
	dx, dy := b[0]-a[0], b[1]-a[1]
	if n := dx*dx + dy*dy; n > 0 {
		share = min(max(((p[0]-a[0])*dx+(p[1]-a[1])*dy)/n, 0), 1)
	}
	return share, math.Hypot(a[0]+share*dx-p[0], a[1]+share*dy-p[1])
}

// crossing is where a–b and c–d cross, as shares of each.
func crossing(a, b, c, d orb.Point) (s, t float64, ok bool) {
	rx, ry, qx, qy := b[0]-a[0], b[1]-a[1], d[0]-c[0], d[1]-c[1]
	det := rx*qy - ry*qx
	if det == 0 {
		return 0, 0, false
	}
	s = ((c[0]-a[0])*qy - (c[1]-a[1])*qx) / det
	t = ((c[0]-a[0])*ry - (c[1]-a[1])*rx) / det
	return s, t, s >= 0 && s <= 1 && t >= 0 && t <= 1
}

// cut notes a cut and gives it its node: the one within the snapping distance,
// or a new one.
func (n *noding) cut(line, piece int, share float64) {
	n.count++
	a, b := n.lines[line][piece], n.lines[line][piece+1]
	p := orb.Point{a[0] + share*(b[0]-a[0]), a[1] + share*(b[1]-a[1])}
	n.cuts[line] = append(n.cuts[line], cut{piece, share, n.node(p)})
}

func (n *noding) node(p orb.Point) int64 {
	cx, cy := int32(math.Floor(p[0]/snapping)), int32(math.Floor(p[1]/snapping))
	best, distance := int64(0), snapping
	for x := cx - 1; x <= cx+1; x++ {
		for y := cy - 1; y <= cy+1; y++ {
			for _, id := range n.nodes[[2]int32{x, y}] {
				if d := math.Hypot(n.at[id-1][0]-p[0], n.at[id-1][1]-p[1]); d <= distance {
					best, distance = id, d
				}
			}
		}
	}
	if best == 0 {
		n.at = append(n.at, p)
		best = int64(len(n.at))
		n.nodes[[2]int32{cx, cy}] = append(n.nodes[[2]int32{cx, cy}], best)
	}
	return best
}

// split gives the parts of a line between its cuts. A part that goes nowhere,
// the overshoot of a line past a crossing, is none.
func (n *noding) split(i int, part func(a, b int64, flat orb.LineString)) {
	cuts, line := n.cuts[i], n.lines[i]
	slices.SortFunc(cuts, func(a, b cut) int {
		return cmp.Or(cmp.Compare(a.piece, b.piece), cmp.Compare(a.share, b.share))
	})
	from := cuts[0]
	flat := orb.LineString{n.at[from.node-1]}
	next := from.piece + 1 // the vertex to pass next
	for _, c := range cuts[1:] {
		last := c.piece // the last vertex before the cut
		if c.share == 0 {
			last--
		}
		for ; next <= last; next++ {
			flat = append(flat, line[next])
		}
		switch c.share { // a cut at a vertex stands for it
		case 0:
			next = max(next, c.piece+1)
		case 1:
			next = max(next, c.piece+2)
		}
		if c.node == from.node && length(append(flat, n.at[c.node-1])) <= 4*snapping {
			continue
		}
		flat = dropRepeats(append(flat, n.at[c.node-1]))
		if len(flat) > 1 {
			part(from.node, c.node, flat)
		}
		from, flat = c, orb.LineString{n.at[c.node-1]}
	}
}

func length(l orb.LineString) float64 {
	sum := 0.0
	for i := 1; i < len(l); i++ {
		sum += math.Hypot(l[i][0]-l[i-1][0], l[i][1]-l[i-1][1])
	}
	return sum
}
