package geo

import (
	"encoding/binary"
	"math"
	"math/bits"

	"github.com/paulmach/orb"
)

// Locator answers which of many shapes a point lies in. It is immutable and
// exact: its raster says at once which shapes hold a whole cell, and only the
// shapes whose border may cross the point's cell are tested. Coordinates are
// planar, of any unit up to 1e9.
type Locator struct {
	parts  []areaPart // by owner
	starts []int32    // the first part of each owner, and the end of the last
	raster *areaRaster
	lists  [][]int32 // what the raster's values stand for: entries by part
	beyond []int32   // the entries that hold outside of the raster
}

// An entry says what a part is to a cell: part<<1 when its border may cross the
// cell, part<<1|1 when the part holds all of the cell.
func entryOf(part int, whole bool) int32 {
	if whole {
		return int32(part)<<1 | 1
	}
	return int32(part) << 1
}

// NewLocator indexes the shapes, which it neither changes nor keeps. The error is
// a *ShapeError.
func NewLocator(shapes []orb.MultiPolygon) (*Locator, error) {
	limit := orb.Bound{Min: orb.Point{-1e9, -1e9}, Max: orb.Point{1e9, 1e9}}
	for i, mp := range shapes {
		if err := checkShape(i, mp, limit); err != nil {
			return nil, err
		}
	}
	return newLocator(shapes, shapesBound(shapes)), nil
}

// shapesBound holds every ring of checked shapes.
func shapesBound(shapes []orb.MultiPolygon) orb.Bound {
	var all orb.Bound
	for i, mp := range shapes {
		for j, poly := range mp {
			if i == 0 && j == 0 {
				all = polygonBound(poly)
			}
			all = all.Union(polygonBound(poly))
		}
	}
	return all
}

// Find returns the one shape, by its place in the list, that a point belongs to,
// or -1. In a partition a point on a shared border belongs to exactly one of its
// neighbours (of the edge's two sides, the eastern or, on a horizontal edge,
// northern one). Where shapes overlap, the first in the list has the point; a
// point on a border that no shape claims belongs to the first that touches it.
func (l *Locator) Find(p orb.Point) int {
	return l.pick(l.entries(p), p)
}

// Append appends to dst every shape that covers the point, borders included, in
// the order of the list.
func (l *Locator) Append(dst []int32, p orb.Point) []int32 {
	last := int32(-1)
	for _, e := range l.entries(p) {
		part := &l.parts[e>>1]
		if part.owner != last && (e&1 != 0 || part.claims(p[0], p[1]) || part.touches(p[0], p[1])) {
			dst, last = append(dst, part.owner), part.owner
		}
	}
	return dst
}

func (l *Locator) entries(p orb.Point) []int32 {
	if v := l.raster.at(p[0], p[1]); v >= 0 {
		return l.lists[v]
	}
	return l.beyond
}

// pick is Find among some entries of one list.
func (l *Locator) pick(entries []int32, p orb.Point) int {
	for _, e := range entries {
		if part := &l.parts[e>>1]; e&1 != 0 || part.claims(p[0], p[1]) {
			return int(part.owner)
		}
	}
	for _, e := range entries {
		if part := &l.parts[e>>1]; part.touches(p[0], p[1]) {
			return int(part.owner)
		}
	}
	return -1
}

// newLocator builds over checked shapes a raster of the given bound.
func newLocator(shapes []orb.MultiPolygon, bound orb.Bound) *Locator {
	l := &Locator{raster: newAreaRaster(bound)}
	for i, mp := range shapes {
		l.starts = append(l.starts, int32(len(l.parts)))
		for _, poly := range mp {
			if b := polygonBound(poly); !bound.Contains(b.Min) || !bound.Contains(b.Max) {
				l.beyond = append(l.beyond, entryOf(len(l.parts), false))
			}
			l.parts = append(l.parts, newAreaPart(int32(i), poly))
		}
	}
	l.starts = append(l.starts, int32(len(l.parts)))
	b := rasterBuilder{Locator: l, known: map[string]int32{}}
	b.markCoarse()
	for c := range b.head {
		b.fill(c)
	}
	return l
}

// rasterBuilder holds, for each coarse cell, a chain of the parts that matter
// there: marks lead from head to the next, by ascending part.
type rasterBuilder struct {
	*Locator
	head  []int32
	marks []rasterMark
	known map[string]int32 // lists by content
	key   []byte
}

// rasterMark says that an edge of a part may cross the cell or, with edge -1,
// that the part holds all of it.
type rasterMark struct{ part, edge, next int32 }

// markCoarse goes through the parts from the last to the first, as each mark
// goes to the front of its chain.
func (b *rasterBuilder) markCoarse() {
	b.head = make([]int32, coarseCells*coarseCells)
	crossed := make([]int32, len(b.head)) // the part+1 that last crossed the cell
	for c := range b.head {
		b.head[c] = -1
	}
	all := wholeRaster(fineCells)
	for p := len(b.parts) - 1; p >= 0; p-- {
		part := &b.parts[p]
		for i, e := range part.edges {
			b.raster.walk(e, fineCells, all, func(y, x0, x1 int) {
				for c := y*coarseCells + x0; c <= y*coarseCells+x1; c++ {
					crossed[c] = int32(p) + 1
					b.mark(c, p, i)
				}
			})
		}
		w := b.raster.window(part.bound, fineCells)
		for y := w.j0; y <= w.j1; y++ {
			// Between two cells that the border crosses, all are in or all are out.
			tested, in := false, false
			for x := w.i0; x <= w.i1; x++ {
				c := y*coarseCells + x
				if crossed[c] == int32(p)+1 {
					tested = false
					continue
				}
				if !tested {
					tested, in = true, part.claims(b.raster.centre(x, y, fineCells))
				}
				if in {
					b.mark(c, p, -1)
				}
			}
		}
	}
}

func (b *rasterBuilder) mark(cell, part, edge int) {
	b.marks = append(b.marks, rasterMark{int32(part), int32(edge), b.head[cell]})
	b.head[cell] = int32(len(b.marks) - 1)
}

// fill sets a coarse cell's value, or divides it. A division is 64 cells: a word
// for those that a part's border may cross and one for those it holds.
func (b *rasterBuilder) fill(cell int) {
	type piece struct {
		part           int
		crossed, whole uint64
	}
	var pieces []piece
	var list []int32
	divided := false
	cx, cy := cell%coarseCells*fineCells, cell/coarseCells*fineCells
	within := cellWindow{cx, cy, cx + fineCells - 1, cy + fineCells - 1}
	for m := b.head[cell]; m >= 0; {
		pc := piece{part: int(b.marks[m].part)}
		for ; m >= 0 && int(b.marks[m].part) == pc.part; m = b.marks[m].next {
			if b.marks[m].edge < 0 {
				pc.whole = math.MaxUint64
				continue
			}
			b.raster.walk(b.parts[pc.part].edges[b.marks[m].edge], 1, within, func(y, x0, x1 int) {
				pc.crossed |= (1<<(x1-x0+1) - 1) << ((y-cy)*fineCells + x0 - cx)
			})
		}
		if pc.whole == 0 {
			divided = true
			pc.whole = b.held(&b.parts[pc.part], cx, cy, pc.crossed)
		}
		pieces = append(pieces, pc)
		list = append(list, entryOf(pc.part, true))
	}
	if !divided {
		b.raster.coarse[cell] = b.intern(list)
		return
	}
	b.raster.coarse[cell] = ^int32(len(b.raster.fine) / (fineCells * fineCells))
	for i := range fineCells * fineCells {
		list = list[:0]
		for _, pc := range pieces {
			if bit := uint64(1) << i; (pc.crossed|pc.whole)&bit != 0 {
				list = append(list, entryOf(pc.part, pc.whole&bit != 0))
			}
		}
		b.raster.fine = append(b.raster.fine, b.intern(list))
	}
}

// held is the fine cells of a coarse cell that the part holds, given those that
// its border may cross.
func (b *rasterBuilder) held(part *areaPart, cx, cy int, crossed uint64) (whole uint64) {
	if bits.OnesCount64(crossed) == fineCells*fineCells {
		return 0
	}
	for y := range fineCells {
		tested, in := false, false
		for x := range fineCells {
			bit := uint64(1) << (y*fineCells + x)
			if crossed&bit != 0 {
				tested = false
				continue
			}
			if !tested {
				tested, in = true, part.claims(b.raster.centre(cx+x, cy+y, 1))
			}
			if in {
				whole |= bit
			}
		}
	}
	return whole
}

// intern gives equal lists one number.
func (b *rasterBuilder) intern(list []int32) int32 {
	b.key = b.key[:0]
	for _, e := range list {
		b.key = binary.LittleEndian.AppendUint32(b.key, uint32(e))
	}
	v, ok := b.known[string(b.key)]
	if !ok {
		v = int32(len(b.lists))
		b.lists = append(b.lists, append([]int32(nil), list...))
		b.known[string(b.key)] = v
	}
	return v
}
