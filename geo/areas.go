package geo

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

// AreaRef is an area as an answer names it.
type AreaRef struct {
	ID    uuid.UUID `json:"-"`
	Code  string    `json:"code"`
	Name  string    `json:"name"`
	Names Names     `json:"-"`
}

// ZoneRef is a department's crew zone as an answer names it.
type ZoneRef struct {
	ID         uuid.UUID `json:"-"`
	Department string    `json:"department"`
	Code       string    `json:"code"`
	Name       string    `json:"-"`
}

// Whereabouts says whose a point is. District and Neighbourhood are nil where
// there is none; Zones has at most one zone of each department, by department,
// and is never nil. Authority is left for the caller, who knows whose index it
// asked. Distance is in metres from the authority's ground, 0 inside it and
// infinite when the authority has neither a boundary nor districts. What the fields refer to
// is shared with other answers: read it, don't change it.
type Whereabouts struct {
	Authority     string    `json:"authority"`
	District      *AreaRef  `json:"district"`
	Neighbourhood *AreaRef  `json:"neighbourhood"`
	Zones         []ZoneRef `json:"zones"`
	Inside        bool      `json:"-"`
	Distance      float64   `json:"-"`
}

// Zone is the department's zone at the point, nil when it has none there.
func (w Whereabouts) Zone(department string) *ZoneRef {
	for i := range w.Zones {
		if w.Zones[i].Department == department {
			return &w.Zones[i]
		}
	}
	return nil
}

// AreaIndex answers whose a point is, for one authority at one time. It is
// immutable: readers share it without locks, and a change builds a new one. Its
// answers depend on the areas and zones alone, not on their order nor on the
// process or machine.
//
// A point is inside when the boundary or a district covers it, its border
// included. Inside, every point has exactly one district: the one that covers it;
// on a border shared by two, the one that Locator.Find names; where districts
// overlap, the lowest code; in a gap between them the nearest, the lowest code of
// equals. Inside a district the same goes for the neighbourhoods that name it as
// their parent, or whose parent is unknown.
// Zones are found likewise for each department, but gaps stay gaps and the
// boundary doesn't matter. Equal codes are told apart by id.
type AreaIndex struct {
	version int64
	loc     *Locator // over boundaries, districts, neighbourhoods, zones, in this order
	areas   []AreaRef
	zones   []ZoneRef

	// The shapes from 0 are boundaries, from the others districts, neighbourhoods
	// and zones.
	districtFrom, hoodFrom, zoneFrom int
	ground                           []int32   // all boundaries and districts
	districts                        []int32   // all districts
	hoods                            [][]int32 // by district, the neighbourhoods that may be answered there
	k                                float64   // degrees of latitude in one of longitude, mid-authority

	// A value of the raster is the number of an answer or, from testFrom, of a
	// cell that is tested; beyond is tested outside of the raster.
	answers []Whereabouts
	cells   []areaCell
	beyond  areaCell
}

// NewAreaIndex builds the index of an authority's areas and zones, all of them
// valid at the time that the index is for. version is the caller's number for
// this state. The error is a *ShapeError whose What names the area or zone.
func NewAreaIndex(version int64, areas []Area, zones []Zone) (*AreaIndex, error) {
	x := &AreaIndex{version: version}
	if err := checkAreas(areas, zones); err != nil {
		return nil, err
	}
	areas = slices.SortedFunc(slices.Values(areas), func(a, b Area) int {
		return cmp.Or(levelRank(a.Level)-levelRank(b.Level), cmp.Compare(a.Code, b.Code), bytes.Compare(a.ID[:], b.ID[:]))
	})
	zones = slices.SortedFunc(slices.Values(zones), func(a, b Zone) int {
		return cmp.Or(cmp.Compare(a.Department, b.Department), cmp.Compare(a.Code, b.Code), bytes.Compare(a.ID[:], b.ID[:]))
	})
	var shapes []orb.MultiPolygon
	for _, a := range areas {
		shapes = append(shapes, a.Geom)
		x.areas = append(x.areas, AreaRef{a.ID, a.Code, a.Name, a.Names})
	}
	for _, z := range zones {
		shapes = append(shapes, z.Geom)
		x.zones = append(x.zones, ZoneRef{z.ID, z.Department, z.Code, z.Name})
	}
	x.arrange(areas)
	// The raster covers the ground, so that a zone that reaches far beyond doesn't
	// coarsen it.
	bound := shapesBound(shapes[:x.hoodFrom])
	if len(x.ground) == 0 {
		bound = shapesBound(shapes)
	}
	x.k = longitudeScale(bound)
	x.loc = newLocator(shapes, bound)
	x.precompute()
	return x, nil
}

// Version is the number that the index was built with.
func (x *AreaIndex) Version() int64 { return x.version }

// DistrictAt is At's district alone, without allocation.
func (x *AreaIndex) DistrictAt(p orb.Point) *AreaRef {
	v := x.loc.raster.at(p[0], p[1])
	if uint32(v) < testFrom {
		return x.answers[v].District
	}
	f := x.findDistrict(x.cell(v), p)
	return x.area(f.district)
}

// At says whose the point is (WGS84). A point that isn't a number is outside,
// at a distance that isn't a number.
func (x *AreaIndex) At(p orb.Point) Whereabouts {
	v := x.loc.raster.at(p[0], p[1])
	var w Whereabouts
	if uint32(v) < testFrom {
		w = x.answers[v]
	} else {
		w = x.answer(x.find(x.cell(v), p))
	}
	if !w.Inside {
		w.Distance = x.distance(p)
	}
	return w
}

// distance is in metres from the ground, for a point outside of it.
func (x *AreaIndex) distance(p orb.Point) float64 {
	if math.IsNaN(p[0] + p[1]) {
		return math.NaN()
	}
	shape, _, _, at := x.loc.nearestShape(p, x.k, x.ground, false)
	if shape < 0 {
		return math.Inf(1)
	}
	return Metres(p, at)
}

// arrange sets the ranges and lists of shapes for areas sorted by level.
func (x *AreaIndex) arrange(areas []Area) {
	x.zoneFrom = len(areas)
	from := func(l Level) int {
		i := slices.IndexFunc(areas, func(a Area) bool { return levelRank(a.Level) >= levelRank(l) })
		if i < 0 {
			return len(areas)
		}
		return i
	}
	x.districtFrom, x.hoodFrom = from(District), from(Neighbourhood)
	x.districts = shapeRange(x.districtFrom, x.hoodFrom)
	x.ground = shapeRange(0, x.hoodFrom)
	byID := map[uuid.UUID]int{}
	for i := x.districtFrom; i < x.hoodFrom; i++ {
		byID[areas[i].ID] = i - x.districtFrom
	}
	x.hoods = make([][]int32, len(x.districts))
	for i := x.hoodFrom; i < x.zoneFrom; i++ {
		if areas[i].Parent != nil {
			if d, ok := byID[*areas[i].Parent]; ok {
				x.hoods[d] = append(x.hoods[d], int32(i))
				continue
			}
		}
		for d := range x.hoods {
			x.hoods[d] = append(x.hoods[d], int32(i))
		}
	}
}

func checkAreas(areas []Area, zones []Zone) error {
	world := orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}
	for i, a := range areas {
		err := checkShape(i, a.Geom, world)
		if levelRank(a.Level) < 0 {
			err = &ShapeError{Fault: UnknownLevel, Shape: i, Polygon: -1, Ring: -1}
		}
		if err != nil {
			err.What = fmt.Sprintf("%s %q (%s)", a.Level, a.Code, a.Name)
			return err
		}
	}
	for i, z := range zones {
		if err := checkShape(i, z.Geom, world); err != nil {
			err.What = fmt.Sprintf("zone %q of %q (%s)", z.Code, z.Department, z.Name)
			return err
		}
	}
	return nil
}

func levelRank(l Level) int { return slices.Index(Levels(), l) }

func shapeRange(from, to int) []int32 {
	var s []int32
	for i := from; i < to; i++ {
		s = append(s, int32(i))
	}
	return s
}

// longitudeScale is cos(latitude), rounded so that all machines agree on it.
func longitudeScale(b orb.Bound) float64 {
	return math.Round(math.Cos(b.Center()[1]*math.Pi/180)*1e6) / 1e6
}
