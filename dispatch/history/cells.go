package history

import (
	"math"
	"time"

	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/geo"
)

// CellQuery asks for a period's figures on squares of Size metres in ITM.
// Significant spots are those of Of (Received without one), where the squares
// within Band metres of a square's centre are looked at together.
type CellQuery struct {
	Query
	Size int
	Of   Mark
	Band float64
}

// The sizes that a cell may have, in metres, and how many cells there may be.
const (
	minCell  = 50
	maxCell  = 5000
	maxCells = 1 << 21
)

// hotRate is the share of false ones among the spots that are called
// significant.
const hotRate = 0.05

// CellFigures are a cell's. Z is the Gi* score of what was asked for, and Hot
// says that it stands out, up or down, from what chance would give.
type CellFigures struct {
	Cell     geo.Cell
	Received int
	Judged   int
	Late     int
	Reopened int
	Closed   int
	Open     int
	Overdue  int
	Median   float64 // seconds to resolve, of the closed; NaN for none
	P90      float64
	Z        float64
	Hot      bool
}

// Ring is the cell's outline in WGS84, counter-clockwise and closed.
func Ring(c geo.Cell, size int) orb.Ring {
	s := float64(size)
	x, y := float64(c.X)*s, float64(c.Y)*s
	r := make(orb.Ring, 0, 5)
	for _, p := range []orb.Point{{x, y}, {x + s, y}, {x + s, y + s}, {x, y + s}, {x, y}} {
		r = append(r, geo.FromITM(p))
	}
	return r
}

// Cells are the figures of a period on a grid. The study area of the
// significant spots is every square in which the actor's own reports have ever
// been: fields and the sea are no place where nothing happened. Squares of
// which there is nothing to say but that are left out. Reports that aren't
// located count nowhere.
func (h *History) Cells(who dispatch.Actor, q CellQuery) ([]CellFigures, time.Time, error) {
	q.By = nil
	if q.Size < minCell || q.Size > maxCell {
		return nil, time.Time{}, &dispatch.Error{Code: dispatch.Invalid, Key: KeyBadCell, Field: "cell", Args: map[string]any{"min": minCell, "max": maxCell}}
	}
	p, err := h.ask(who, &q.Query)
	if err != nil {
		return nil, time.Time{}, err
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	now := h.clock()
	// What was ever reported of the same kind isn't what makes a place a place.
	own := Where{Districts: q.Where.Districts, Neighbourhoods: q.Where.Neighbourhoods}
	g, err := p.grid(q.Size, p.filters(own))
	if err != nil || len(g.cells) == 0 {
		return nil, now, err
	}
	sums := make([]cellSums, len(g.cells))
	c := &p.columns
	p.each(p.stretches(q.Query, now), p.filters(q.Where), now.UnixMicro(), func(n, _ int, m Mark) {
		if c.x[n] != nowhere {
			sums[g.of(c.x[n], c.y[n])].take(c, n, m)
		}
	})
	return g.figures(sums, q), now, nil
}

// cellSums is what a cell's figures are made of.
type cellSums struct {
	marks [10]int32
	took  []int64
}

func (s *cellSums) take(c *columns, n int, m Mark) {
	for b := range s.marks {
		s.marks[b] += int32(m >> b & 1)
	}
	if m&Closed != 0 {
		s.took = append(s.took, max(c.closed[n]-c.filed[n], 0))
	}
}

func (s *cellSums) of(m Mark) int { return int(s.marks[m.bit()]) }

// grid is the squares in which reports have been.
type grid struct {
	size       int32
	minX, minY int32 // in cells
	width      int32
	at         []int32 // of the bounding box: index in cells + 1
	cells      []geo.Cell
}

func floorDiv(a, b int32) int32 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func (g *grid) of(x, y int32) int32 {
	return g.at[(floorDiv(y, g.size)-g.minY)*g.width+floorDiv(x, g.size)-g.minX] - 1
}

// grid lays squares over the located reports that keep lets pass.
func (p *past) grid(size int, keep func(int) bool) (*grid, error) {
	c := &p.columns
	minX, minY, maxX, maxY := int32(math.MaxInt32), int32(math.MaxInt32), int32(math.MinInt32), int32(math.MinInt32)
	for n, x := range c.x {
		if x != nowhere && keep(n) {
			y := c.y[n]
			minX, minY, maxX, maxY = min(minX, x), min(minY, y), max(maxX, x), max(maxY, y)
		}
	}
	g := &grid{size: int32(size)}
	if minX > maxX {
		return g, nil
	}
	g.minX, g.minY = floorDiv(minX, g.size), floorDiv(minY, g.size)
	g.width = floorDiv(maxX, g.size) - g.minX + 1
	height := int64(floorDiv(maxY, g.size)-g.minY) + 1
	if int64(g.width)*height > maxCells {
		least := int(math.Ceil(float64(size) * math.Sqrt(float64(g.width)*float64(height)/maxCells)))
		return nil, &dispatch.Error{Code: dispatch.Invalid, Key: KeyManyCells, Field: "cell", Args: map[string]any{"min": least}}
	}
	g.at = make([]int32, int64(g.width)*height)
	for n, x := range c.x {
		if x == nowhere || !keep(n) {
			continue
		}
		cell := geo.Cell{X: floorDiv(x, g.size), Y: floorDiv(c.y[n], g.size)}
		if at := &g.at[(cell.Y-g.minY)*g.width+cell.X-g.minX]; *at == 0 {
			g.cells = append(g.cells, cell)
			*at = int32(len(g.cells))
		}
	}
	return g, nil
}

func (g *grid) figures(sums []cellSums, q CellQuery) []CellFigures {
	of := q.Of
	if of == 0 {
		of = Received
	}
	band := q.Band
	if band <= 0 {
		band = defaultBand
	}
	values := make([]float64, len(sums))
	for n := range sums {
		values[n] = float64(sums[n].of(of))
	}
	z := geo.GiStar(g.cells, values, max(band/float64(g.size), 1))
	hot := geo.Significant(z, hotRate)
	all := make([]CellFigures, 0, len(sums))
	for n := range sums {
		s := &sums[n]
		f := CellFigures{
			Cell: g.cells[n], Received: s.of(Received), Judged: s.of(Judged), Late: s.of(Late), Reopened: s.of(Reopened),
			Closed: s.of(Closed), Open: s.of(Open), Overdue: s.of(Overdue), Median: math.NaN(), P90: math.NaN(), Z: z[n], Hot: hot[n],
		}
		if f.Received+f.Closed+f.Open == 0 && !f.Hot {
			continue
		}
		if took := spread(s.took); took.N > 0 {
			f.Median, f.P90 = took.Median, took.P90
		}
		all = append(all, f)
	}
	return all
}

// defaultBand is how far, in metres, a spot's neighbourhood reaches: a few
// minutes' walk.
const defaultBand = 400
