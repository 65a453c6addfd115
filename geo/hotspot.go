package geo

import (
	"cmp"
	"math"
	"slices"
)

// Cell is a square of an equal-area grid, counted in sides from the grid's
// origin. In ITM the cell {X, Y} of size s has its south-west corner at
// (X·s, Y·s) metres.
type Cell struct{ X, Y int32 }

// GiStar is the Getis-Ord Gi* statistic of each cell (Ord and Getis 1995,
// equation 5), as a z-score: how far the sum of the values within band sides of
// a cell's centre, its own among them, lies above what it would be if the same
// values were spread at random over the cells. The cells are the study area,
// those of value 0 included, and must differ; weights are 0 or 1. Where all
// values are the same, or every cell is near, there is nothing to tell: 0.
func GiStar(cells []Cell, values []float64, band float64) []float64 {
	n := float64(len(cells))
	var sum, squares float64
	for _, v := range values {
		sum += v
		squares += v * v
	}
	mean := sum / n
	s := math.Sqrt(max(squares/n-mean*mean, 0))
	z := make([]float64, len(cells))
	if s == 0 || len(cells) < 2 {
		return z
	}
	at := newCellIndex(cells)
	near := disc(band)
	for i, c := range cells {
		var local, w float64
		for _, d := range near {
			if j := at.of(Cell{c.X + d.X, c.Y + d.Y}); j >= 0 {
				local += values[j]
				w++
			}
		}
		if spread := s * math.Sqrt((n*w-w*w)/(n-1)); spread > 0 {
			z[i] = (local - mean*w) / spread
		}
	}
	return z
}

// disc are the cells whose centres lie within band sides of the origin's.
func disc(band float64) []Cell {
	var all []Cell
	r := int32(band)
	for y := -r; y <= r; y++ {
		for x := -r; x <= r; x++ {
			if float64(x*x+y*y) <= band*band {
				all = append(all, Cell{x, y})
			}
		}
	}
	return all
}

// cellIndex finds a cell's place: in a table of the bounding box, or in a map
// where the cells are few in a wide box.
type cellIndex struct {
	min, max Cell
	table    []int32 // index + 1
	wide     map[Cell]int32
}

func newCellIndex(cells []Cell) cellIndex {
	x := cellIndex{min: cells[0], max: cells[0]}
	for _, c := range cells {
		x.min = Cell{min(x.min.X, c.X), min(x.min.Y, c.Y)}
		x.max = Cell{max(x.max.X, c.X), max(x.max.Y, c.Y)}
	}
	area := (int64(x.max.X) - int64(x.min.X) + 1) * (int64(x.max.Y) - int64(x.min.Y) + 1)
	if area > 64*int64(len(cells))+(1<<16) {
		x.wide = make(map[Cell]int32, len(cells))
		for n, c := range cells {
			x.wide[c] = int32(n)
		}
		return x
	}
	x.table = make([]int32, area)
	for n, c := range cells {
		x.table[x.slot(c)] = int32(n) + 1
	}
	return x
}

func (x *cellIndex) slot(c Cell) int64 {
	return int64(c.Y-x.min.Y)*(int64(x.max.X-x.min.X)+1) + int64(c.X-x.min.X)
}

func (x *cellIndex) of(c Cell) int32 {
	if c.X < x.min.X || c.X > x.max.X || c.Y < x.min.Y || c.Y > x.max.Y {
		return -1
	}
	if x.wide != nil {
		if n, ok := x.wide[c]; ok {
			return n
		}
		return -1
	}
	return x.table[x.slot(c)] - 1
}

// Significant says which of the z-scores stand out from what chance would give,
// at a false discovery rate: of those it names, at most that share is expected
// to be there by chance (Benjamini and Hochberg 1995, on two-sided normal
// p-values; for Gi*, Caldas de Castro and Singer 2006).
func Significant(z []float64, rate float64) []bool {
	p := make([]float64, len(z))
	order := make([]int, len(z))
	for n := range z {
		p[n], order[n] = math.Erfc(math.Abs(z[n])/math.Sqrt2), n
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	last := -1
	for rank, n := range order {
		if p[n] <= rate*float64(rank+1)/float64(len(z)) {
			last = rank
		}
	}
	named := make([]bool, len(z))
	for _, n := range order[:last+1] {
		named[n] = true
	}
	return named
}
