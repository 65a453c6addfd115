package geo

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// areaCell is a raster list cut by layer.
type areaCell struct{ boundary, districts, hoods, zones []int32 }

// areaFinding is an answer by shape number, -1 for none. filled says that
// a district or neighbourhood was answered by nearness, and margin then how far,
// in degrees of latitude, one may move before another could be nearer.
type areaFinding struct {
	inside         bool
	district, hood int
	zones          []int32
	filled         bool
	margin         float64
}

// testFrom is the least value of the raster that stands for a list to be tested
// at the point, less this, instead of an answer.
const testFrom = 1 << 30

// precompute turns the raster's lists into answers where no border crosses the
// cell and nothing in it could be nearer to another district or neighbourhood.
func (x *AreaIndex) precompute() {
	for _, list := range x.loc.lists {
		x.cells = append(x.cells, x.split(list))
	}
	x.beyond = x.split(x.loc.beyond)
	r := x.loc.raster
	known := map[string]int32{}
	byList := map[int32]int32{}
	value := func(list int32, i, j, span int) int32 {
		if v, ok := byList[list]; ok {
			return v
		}
		for _, e := range x.loc.lists[list] {
			if e&1 == 0 {
				byList[list] = testFrom + list
				return byList[list]
			}
		}
		cx, cy := r.centre(i, j, span)
		f := x.find(&x.cells[list], orb.Point{cx, cy})
		half := math.Hypot(x.k*float64(span)/r.sx, float64(span)/r.sy) / 2
		if f.filled && f.margin <= half*1.01 {
			return testFrom + list
		}
		key := fmt.Sprint(f.inside, f.district, f.hood, f.zones)
		v, ok := known[key]
		if !ok {
			v = int32(len(x.answers))
			x.answers, known[key] = append(x.answers, x.answer(f)), v
		}
		if !f.filled {
			byList[list] = v
		}
		return v
	}
	for c, v := range r.coarse {
		i, j := c%coarseCells, c/coarseCells
		if v >= 0 {
			r.coarse[c] = value(v, i, j, fineCells)
			continue
		}
		block := r.fine[int(^v)*fineCells*fineCells:][:fineCells*fineCells]
		for n, v := range block {
			block[n] = value(v, i*fineCells+n%fineCells, j*fineCells+n/fineCells, 1)
		}
	}
}

// answer names what was found.
func (x *AreaIndex) answer(f areaFinding) Whereabouts {
	w := Whereabouts{Inside: f.inside, District: x.area(f.district), Neighbourhood: x.area(f.hood), Zones: []ZoneRef{}}
	for _, z := range f.zones {
		w.Zones = append(w.Zones, x.zones[int(z)-x.zoneFrom])
	}
	w.Zones = slices.Clip(w.Zones)
	return w
}

func (x *AreaIndex) area(shape int) *AreaRef {
	if shape < 0 {
		return nil
	}
	return &x.areas[shape]
}

// cell is what must be tested for a raster value that is no answer.
func (x *AreaIndex) cell(v int32) *areaCell {
	if v < 0 {
		return &x.beyond
	}
	return &x.cells[v-testFrom]
}

func (x *AreaIndex) split(entries []int32) areaCell {
	cut := func(shape int) (before []int32) {
		n, part := 0, x.loc.starts[shape]
		for n < len(entries) && entries[n]>>1 < part {
			n++
		}
		before, entries = entries[:n], entries[n:]
		return before
	}
	return areaCell{boundary: cut(x.districtFrom), districts: cut(x.hoodFrom), hoods: cut(x.zoneFrom), zones: entries}
}

func (x *AreaIndex) findDistrict(c *areaCell, p orb.Point) areaFinding {
	f := areaFinding{district: -1, hood: -1, margin: math.Inf(1)}
	f.district = x.loc.pick(c.districts, p)
	f.inside = f.district >= 0 || x.loc.pick(c.boundary, p) >= 0
	if f.inside && f.district < 0 {
		f.district = x.nearest(&f, x.districts, p)
	}
	return f
}

// find is the exact answer at a point whose cell is c.
func (x *AreaIndex) find(c *areaCell, p orb.Point) areaFinding {
	f := x.findDistrict(c, p)
	if f.district >= 0 {
		f.hood = x.findHood(&f, c.hoods, p)
	}
	for zones := c.zones; len(zones) > 0; {
		n, department := 1, x.zoneOf(zones[0]).Department
		for n < len(zones) && x.zoneOf(zones[n]).Department == department {
			n++
		}
		if z := x.loc.pick(zones[:n], p); z >= 0 {
			f.zones = append(f.zones, int32(z))
		}
		zones = zones[n:]
	}
	return f
}

func (x *AreaIndex) zoneOf(entry int32) *ZoneRef {
	return &x.zones[int(x.loc.parts[entry>>1].owner)-x.zoneFrom]
}

// findHood considers the neighbourhoods of the finding's district only.
func (x *AreaIndex) findHood(f *areaFinding, entries []int32, p orb.Point) int {
	of := x.hoods[f.district-x.districtFrom]
	if len(of) == 0 {
		return -1
	}
	var room [8]int32
	eligible := room[:0]
	for _, e := range entries {
		if _, ok := slices.BinarySearch(of, x.loc.parts[e>>1].owner); ok {
			eligible = append(eligible, e)
		}
	}
	if h := x.loc.pick(eligible, p); h >= 0 {
		return h
	}
	return x.nearest(f, of, p)
}

// nearest fills a gap.
func (x *AreaIndex) nearest(f *areaFinding, of []int32, p orb.Point) int {
	shape, best, rival, _ := x.loc.nearestShape(p, x.k, of, true)
	if shape < 0 {
		return -1
	}
	f.filled = true
	f.margin = min(f.margin, (math.Sqrt(rival)-math.Sqrt(best))/2)
	return shape
}
