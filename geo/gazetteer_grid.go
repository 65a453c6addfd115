package geo

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// grid files things by the square cells of the plane that they lie in or
// cross. It answers what is near a point, ring of cells after ring.
type grid struct {
	cell  float64 // metres
	min   orb.Point
	w, h  int
	start []int32
	items []int32
}

const gridCell = 120

// newGrid files n things. Spread calls back with points on the plane, close
// enough together to touch each cell that the thing crosses.
func newGrid(n int, spread func(i int, visit func(orb.Point))) grid {
	lo, hi := orb.Point{math.Inf(1), math.Inf(1)}, orb.Point{math.Inf(-1), math.Inf(-1)}
	for i := range n {
		spread(i, func(p orb.Point) {
			lo = orb.Point{min(lo[0], p[0]), min(lo[1], p[1])}
			hi = orb.Point{max(hi[0], p[0]), max(hi[1], p[1])}
		})
	}
	if lo[0] > hi[0] {
		return grid{}
	}
	g := grid{cell: gridCell, min: lo}
	// A stray point a thousand kilometres off must not make a million cells.
	for (hi[0]-lo[0])/g.cell*(hi[1]-lo[1])/g.cell > float64(4*n+1024) {
		g.cell *= 2
	}
	g.w, g.h = int((hi[0]-lo[0])/g.cell)+1, int((hi[1]-lo[1])/g.cell)+1
	g.start = make([]int32, g.w*g.h+1)
	each := func(visit func(i, cell int)) {
		for i := range n {
			last := -1
			spread(i, func(p orb.Point) {
				if c := g.at(p); c != last {
					visit(i, c)
					last = c
				}
			})
		}
	}
	each(func(_, c int) { g.start[c+1]++ })
	for c := range g.w * g.h {
		g.start[c+1] += g.start[c]
	}
	g.items = make([]int32, g.start[g.w*g.h])
	next := slices.Clone(g.start)
	each(func(i, c int) {
		g.items[next[c]] = int32(i)
		next[c]++
	})
	return g
}

func (g *grid) at(p orb.Point) int {
	x := min(max(int((p[0]-g.min[0])/g.cell), 0), g.w-1)
	y := min(max(int((p[1]-g.min[1])/g.cell), 0), g.h-1)
	return y*g.w + x
}

// nearest finds the thing with the least distance to p, if it is no farther
// than within.
func (g *grid) nearest(p orb.Point, within float64, distance func(i int32) float64) (item int32, metres float64, ok bool) {
	if g.w == 0 {
		return 0, 0, false
	}
	fx, fy := math.Floor((p[0]-g.min[0])/g.cell), math.Floor((p[1]-g.min[1])/g.cell)
	metres = within
	// The first ring that can hold a cell at all.
	first := max(0, -fx, -fy, fx-float64(g.w-1), fy-float64(g.h-1))
	for r := first; (r-1)*g.cell <= metres; r++ {
		if r > 0 && fx-r < 0 && fy-r < 0 && fx+r >= float64(g.w) && fy+r >= float64(g.h) {
			break
		}
		g.ring(int(fx), int(fy), int(r), func(c int) {
			for _, i := range g.items[g.start[c]:g.start[c+1]] {
				if d := distance(i); d <= metres && (d < metres || !ok || i < item) {
					item, metres, ok = i, d, true
				}
			}
		})
	}
	return
}

// ring visits the cells at the edge of the square of radius r about x, y.
func (g *grid) ring(x, y, r int, visit func(cell int)) {
	row := func(y, x0, x1, step int) {
		if y < 0 || y >= g.h {
			return
		}
		for x := x0; x <= x1; x += step {
			if x >= 0 && x < g.w {
				visit(y*g.w + x)
			}
		}
	}
	if r == 0 {
		row(y, x, x, 1)
		return
	}
	row(y-r, max(x-r, 0), min(x+r, g.w-1), 1)
	row(y+r, max(x-r, 0), min(x+r, g.w-1), 1)
	for dy := max(-r+1, -y); dy <= min(r-1, g.h-1-y); dy++ {
		row(y+dy, x-r, x+r, 2*r)
	}
}
