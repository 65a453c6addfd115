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

// window is the range of columns and rows of such cells that a bound meets;
// empty (i1 < i0 or j1 < j0) when it lies outside.
func (r *areaRaster) window(b orb.Bound, span int) (i0, j0, i1, j1 int) {
	n := rasterCells / span
	i0, i1 = cellRange((b.Min[0]-r.x0)*r.sx/float64(span), (b.Max[0]-r.x0)*r.sx/float64(span), 0, n-1)
	j0, j1 = cellRange((b.Min[1]-r.y0)*r.sy/float64(span), (b.Max[1]-r.y0)*r.sy/float64(span), 0, n-1)
	return
}

// walk calls visit with each run of cells of a row that the edge may meet:
// columns i0 to i1 of row j. It errs on the side of too many.
func (r *areaRaster) walk(e areaEdge, span int, visit func(j, i0, i1 int)) {
	n, s := rasterCells/span, float64(span)
	u1, u2 := (e.x1-r.x0)*r.sx/s, (e.x2-r.x0)*r.sx/s
	v1, v2 := (e.y1-r.y0)*r.sy/s, (e.y2-r.y0)*r.sy/s
	lo, hi := min(u1, u2), max(u1, u2)
	i0, i1 := cellRange(lo, hi, 0, n-1)
	j0, j1 := cellRange(v1, v2, 0, n-1)
	if i0 > i1 {
		return
	}
	if j0 == j1 || i0 == i1 {
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
