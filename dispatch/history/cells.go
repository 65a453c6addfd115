package history

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/geo"
)

// CellQuery asks for how many reports bear a mark (Received without one), on
// squares of Size metres in ITM; and, with Significant, which squares stand out:
// those within Band metres of a square's centre are looked at together for that.
type CellQuery struct {
	Query
	Size        int
	Of          Mark
	Significant bool
	Band        float64
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

// CellFigures are a cell's: how many reports of it bear the mark; where it is
// asked, the Gi* score of that number, and whether it stands out, up or down,
// from what chance would give. Median and P90 are of the seconds to resolve, where the mark is Closed.
type CellFigures struct {
	Cell   geo.Cell
	N      int
	Median float64
	P90    float64
	Z      float64
	Hot    bool
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

// Cells counts on a grid. The study area of what stands out is every square in
// which the actor's own reports have ever been: fields and the sea are no place
// where nothing happened. Squares of which there is nothing to say are left out.
// Reports that aren't located count nowhere.
func (h *History) Cells(who dispatch.Actor, q CellQuery) ([]CellFigures, time.Time, error) {
	q.By = nil
	if q.Of == 0 {
		q.Of = Received
	}
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
	g, err := p.grid(q.Size, Where{Districts: q.Where.Districts, Neighbourhoods: q.Where.Neighbourhoods})
	if err != nil || len(g.cells) == 0 {
		return nil, now, err
	}
	counts := make([]int32, len(g.cells))
	s := p.stretches(q.Query, now)[0]
	times, _ := h.times.Get().(*cellTimes)
	if times == nil {
		times = &cellTimes{}
	}
	defer h.times.Put(times)
	times.cell, times.took = times.cell[:0], times.took[:0]
	p.scan(s, p.filtersOf(q.Where), now.UnixMicro(), q.Of, func(all found) {
		for i, x := range all.x {
			if x != nowhere {
				counts[g.of(x, all.y[i])]++
			}
		}
		for i := range all.done {
			d := &all.done[i]
			if d.x != nowhere {
				at := g.of(d.x, d.y)
				counts[at]++
				times.cell, times.took = append(times.cell, at), append(times.took, d.took)
			}
		}
	})
	return g.figures(counts, times, q), now, nil
}

// cellTimes is how long reports took, and in which cells they are.
type cellTimes struct {
	cell []int32
	took []int64

	sorted []int64 // by cell
	next   []int32
}

// byCell puts the times of each cell together, in the order of cells. Where
// a cell's begin is the sum of the counts before it.
func (t *cellTimes) byCell(counts []int32) []int64 {
	t.sorted = slices.Grow(t.sorted[:0], len(t.took))
	t.next = slices.Grow(t.next[:0], len(counts))
	all, next := t.sorted[:len(t.took)], t.next[:len(counts)]
	sum := int32(0)
	for n, count := range counts {
		next[n] = sum
		sum += count
	}
	for n, at := range t.cell {
		all[next[at]] = t.took[n]
		next[at]++
	}
	return all
}

// grid is the squares in which reports have been.
type grid struct {
	size       int32
	minX, minY int32 // in cells
	width      int32
	at         []int32 // of the bounding box: index in cells + 1
	cells      []geo.Cell
	// In place of dividing by size: m is 2^40/size rounded up, which gives the
	// same for what is below 2^40/size (Granlund and Montgomery 1994).
	m uint64
}

func floorDiv(a, b int32) int32 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// of is the index of the cell of a place within the grid.
func (g *grid) of(x, y int32) int32 {
	east, north := uint64(x-g.minX*g.size), uint64(y-g.minY*g.size)
	return g.at[int32(north*g.m>>40)*g.width+int32(east*g.m>>40)] - 1
}

// grids keeps the grids that were asked for lately, until a report comes or
// moves in a place that a grid doesn't have.
type grids struct {
	mu    sync.Mutex
	made  map[string]*grid
	stale bool
}

const mostGrids = 8

// grid lays squares over the located reports of a where, or has done it before.
func (p *past) grid(size int, w Where) (*grid, error) {
	p.grids.mu.Lock()
	defer p.grids.mu.Unlock()
	if p.grids.stale || len(p.grids.made) >= mostGrids {
		p.grids.made, p.grids.stale = nil, false
	}
	name := fmt.Sprint(size, w.Districts, w.Neighbourhoods)
	if g := p.grids.made[name]; g != nil {
		return g, nil
	}
	g, err := p.lay(size, p.filters(w))
	if err != nil {
		return nil, err
	}
	if p.grids.made == nil {
		p.grids.made = map[string]*grid{}
	}
	p.grids.made[name] = g
	return g, nil
}

func (p *past) lay(size int, keep func(int) bool) (*grid, error) {
	c := &p.columns
	minX, minY, maxX, maxY := int32(math.MaxInt32), int32(math.MaxInt32), int32(math.MinInt32), int32(math.MinInt32)
	for n, x := range c.x {
		if x != nowhere && keep(n) {
			y := c.y[n]
			minX, minY, maxX, maxY = min(minX, x), min(minY, y), max(maxX, x), max(maxY, y)
		}
	}
	g := &grid{size: int32(size), m: (1<<40 + uint64(size) - 1) / uint64(size)}
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

func (g *grid) figures(counts []int32, times *cellTimes, q CellQuery) []CellFigures {
	band := q.Band
	if band <= 0 {
		band = defaultBand
	}
	var z []float64
	var hot []bool
	if q.Significant {
		values := make([]float64, len(counts))
		for n, count := range counts {
			values[n] = float64(count)
		}
		z = geo.GiStar(g.cells, values, max(band/float64(g.size), 1))
		hot = geo.Significant(z, hotRate)
	}
	some := 0
	for n, count := range counts {
		if count > 0 || hot != nil && hot[n] {
			some++
		}
	}
	all := make([]CellFigures, 0, some)
	var took []int64
	if len(times.took) > 0 {
		took = times.byCell(counts)
	}
	begin := int32(0)
	for n, count := range counts {
		f := CellFigures{Cell: g.cells[n], N: int(count)}
		if hot != nil {
			f.Z, f.Hot = z[n], hot[n]
		}
		if count == 0 && !f.Hot {
			continue
		}
		if took != nil && count > 0 {
			of := took[begin : begin+count]
			median, p90 := ranks(of, medianRank(len(of)), p90Rank(len(of)))
			f.Median, f.P90 = float64(median)/1e6, float64(p90)/1e6
			begin += count
		}
		all = append(all, f)
	}
	return all
}

// defaultBand is how far, in metres, a spot's neighbourhood reaches: a few
// minutes' walk.
const defaultBand = 400
