package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// areaRaster is a grid of 256 by 256 cells over a bound, each holding a value;
// a cell that one value does not fit is divided once more, 8 by 8.
type areaRaster struct {
	x0, y0, sx, sy float64 // sx and sy are fine cells per unit
	coarse         []int32 // a value, or ^block of fine
	fine           []int32
}

const (
	coarseCells = 256
	fineCells   = 8
	rasterCells = coarseCells * fineCells
)

// newAreaRaster lays an empty raster over b. Cells are never so small that the
// rounding of coordinates matters beside them.
func newAreaRaster(b orb.Bound) *areaRaster {
	size := max(math.Abs(b.Min[0]), math.Abs(b.Max[0]), math.Abs(b.Min[1]), math.Abs(b.Max[1]), 1)
	least := size * 1e-9 * rasterCells
	w, h := max(least, b.Max[0]-b.Min[0]), max(least, b.Max[1]-b.Min[1])
	// A little less than the whole, so that the far borders fall inside.
	return &areaRaster{
		x0: b.Min[0], y0: b.Min[1],
		sx: rasterCells / w * (1 - 1e-12), sy: rasterCells / h * (1 - 1e-12),
		coarse: make([]int32, coarseCells*coarseCells),
	}
}

// at is the value of the point's cell, or -1 outside the raster and for NaN.
// Both steps to a cell's number are monotone, also after rounding: the points of
// a cell are exactly those of a rectangle.
func (r *areaRaster) at(x, y float64) int32 {
	fx, fy := (x-r.x0)*r.sx, (y-r.y0)*r.sy
	if !(fx >= 0 && fx < rasterCells && fy >= 0 && fy < rasterCells) {
		return -1
	}
	ix, iy := uint(fx), uint(fy)
	v := r.coarse[iy/fineCells*coarseCells+ix/fineCells]
	if v < 0 {
		v = r.fine[uint(^v)*fineCells*fineCells+iy%fineCells*fineCells+ix%fineCells]
	}
	return v
}

// centre is the middle of the cell at column i, row j of a division into cells
// of span fine cells.
func (r *areaRaster) centre(i, j, span int) (x, y float64) {
	s := float64(span)
	return r.x0 + (float64(i)+.5)*s/r.sx, r.y0 + (float64(j)+.5)*s/r.sy
}

// cellWindow is columns i0 to i1 of rows j0 to j1, empty when one is less.
type cellWindow struct{ i0, j0, i1, j1 int }

// wholeRaster is all cells of span fine cells.
func wholeRaster(span int) cellWindow {
	return cellWindow{0, 0, rasterCells/span - 1, rasterCells/span - 1}
}

// window is the cells of span fine cells that a bound meets.
func (r *areaRaster) window(b orb.Bound, span int) (w cellWindow) {
	all, s := wholeRaster(span), float64(span)
	w.i0, w.i1 = cellRange((b.Min[0]-r.x0)*r.sx/s, (b.Max[0]-r.x0)*r.sx/s, all.i0, all.i1)
	w.j0, w.j1 = cellRange((b.Min[1]-r.y0)*r.sy/s, (b.Max[1]-r.y0)*r.sy/s, all.j0, all.j1)
	return w
}

// walk calls visit with each run of cells of span fine cells, within a row of the
// window, that the edge may meet: columns i0 to i1 of row j. It errs on the side
// of too many.
func (r *areaRaster) walk(e areaEdge, span int, w cellWindow, visit func(j, i0, i1 int)) {
	s := float64(span)
	u1, u2 := (e.x1-r.x0)*r.sx/s, (e.x2-r.x0)*r.sx/s
	v1, v2 := (e.y1-r.y0)*r.sy/s, (e.y2-r.y0)*r.sy/s
	lo, hi := min(u1, u2), max(u1, u2)
	i0, i1 := cellRange(lo, hi, w.i0, w.i1)
	j0, j1 := cellRange(v1, v2, w.j0, w.j1)
	if i0 > i1 || j0 > j1 {
		return
	}
	if math.Floor(lo) == math.Floor(hi) || math.Floor(v1) == math.Floor(v2) {
		for j := j0; j <= j1; j++ {
			visit(j, i0, i1)
		}
		return
	}
	// pad, in cells, is far above the rounding of what it pads.
	const pad = 1e-3
	slope := (u2 - u1) / (v2 - v1)
	for j := j0; j <= j1; j++ {
		a := min(hi, max(lo, u1+(float64(j)-pad-v1)*slope))
		b := min(hi, max(lo, u1+(float64(j)+1+pad-v1)*slope))
		if c0, c1 := cellRange(min(a, b)-pad, max(a, b)+pad, i0, i1); c0 <= c1 {
			visit(j, c0, c1)
		}
	}
}

// cellRange is the cells from lo to hi, kept within least and most.
func cellRange(lo, hi float64, least, most int) (int, int) {
	if !(hi >= float64(least)) || !(lo < float64(most)+1) {
		return 0, -1
	}
	return int(max(float64(least), math.Floor(lo))), int(min(float64(most), math.Floor(hi)))
}
