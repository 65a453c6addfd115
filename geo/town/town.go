// Package town makes up a coastal city: its coast, districts and
// neighbourhoods, named streets with houses on them, a road graph with
// one-ways, parks, places, and a base map. The same seed and population give
// the same city. It stands in for a municipality's own layers wherever there
// are none: a first look, a load test, a drill.
package town

import (
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"

	"moked/geo"
	"moked/geo/osm"
)

// Town is a made-up city. Zones divide it in three, six and as many parts as
// it has districts, for departments with few, more and many crews.
type Town struct {
	Names          geo.Names
	Boundary       orb.MultiPolygon
	Districts      []osm.Area
	Neighbourhoods []osm.Area
	Zones          map[int][]osm.Area
	Extract        osm.Extract
}

// Centre is about where the town lies, in WGS84: off the shore, where no real
// streets are.
var centre = orb.Point{34.62, 32.21}

// density is in residents a square kilometre, as in Israel's larger cities.
const density = 6500.0

// New makes up the town of a seed. Population is the number of residents; it
// sets the ground that the town covers and the number of its districts, 17 for
// a quarter of a million.
func New(seed uint64, population int) *Town {
	population = min(max(population, 5_000), 2_000_000)
	p := newPlan(rand.New(rand.NewPCG(seed, 0x6d6f6b6564)), population)
	p.drawAreas()
	p.drawParks()
	p.drawRoads()
	p.buildHouses()
	p.findPlaces()
	return p.town()
}

// plan is the town on the drawing board: flat coordinates in metres, x to the
// east and y to the north, before they are bent and put on the globe.
type plan struct {
	r          *rand.Rand
	population int
	w, h       float64
	land       ring // with the beach
	inland     ring // within the ring road
	districts  []*cell
	hoods      []*cell
	parks      []park
	lake       ring
	streets    []*line
	nodes      []orb.Point
	pieces     []piece
	houses     []house
	places     []geo.Place
	words      *words
	phase      [4]float64
}

// cell is a district or a neighbourhood on the board.
type cell struct {
	code, name, nameEN string
	parent             int
	site               orb.Point
	ring               ring
	angle              float64
	kind               cellKind
	area               float64
}

type cellKind int

const (
	homes cellKind = iota
	oldTown
	works // workshops and industry
)

func newPlan(r *rand.Rand, population int) *plan {
	ground := float64(population) / density * 1e6
	h := math.Sqrt(ground * 1.7)
	p := &plan{r: r, population: population, w: ground / h, h: h, words: newWords(r)}
	for i := range p.phase {
		p.phase[i] = r.Float64() * 2 * math.Pi
	}
	return p
}

// bend turns the board's straight lines into the easy curves of a town that
// grew. Its amplitude is far below its wavelength: it never folds.
func (p *plan) bend(q orb.Point) orb.Point {
	x, y := q[0], q[1]
	return orb.Point{
		x + 55*math.Sin(y/640+p.phase[0]) + 22*math.Sin((x+y)/310+p.phase[1]),
		y + 45*math.Sin(x/560+p.phase[2]) + 18*math.Sin((x-y)/270+p.phase[3]),
	}
}

// globe puts a bent point on WGS84, to a tenth of a microdegree.
func (p *plan) globe(q orb.Point) orb.Point {
	b := p.bend(q)
	const perDegree = 111_195.0
	lat := centre[1] + (b[1]-p.h/2)/perDegree
	lon := centre[0] + (b[0]-p.w/2)/(perDegree*math.Cos(centre[1]*math.Pi/180))
	return orb.Point{math.Round(lon*1e7) / 1e7, math.Round(lat*1e7) / 1e7}
}

func (p *plan) between(lo, hi float64) float64 { return lo + p.r.Float64()*(hi-lo) }

func (p *plan) town() *Town {
	t := &Town{
		Names:    geo.Names{"he": "נווה ים", "en": "Neve Yam", "ar": "نفيه يام", "ru": "Неве-Ям"},
		Boundary: orb.MultiPolygon{{p.onGlobe(p.land)}},
		Zones:    map[int][]osm.Area{},
	}
	total := 0.0
	for _, c := range p.hoods {
		total += c.area * c.weight()
	}
	people := func(c *cell) int { return int(math.Round(float64(p.population) * c.area * c.weight() / total)) }
	inDistrict := make([]int, len(p.districts))
	for _, c := range p.hoods {
		n := people(c)
		inDistrict[c.parent] += n
		t.Neighbourhoods = append(t.Neighbourhoods, p.area(c, p.districts[c.parent].code, n))
	}
	for i, c := range p.districts {
		t.Districts = append(t.Districts, p.area(c, "", inDistrict[i]))
	}
	for _, n := range []int{3, 6, len(p.districts)} {
		t.Zones[n] = p.zones(n)
	}
	t.Extract = p.extract()
	return t
}

func (c *cell) weight() float64 {
	switch c.kind {
	case works:
		return 0.04
	case oldTown:
		return 1.5
	}
	return 1
}

func (p *plan) area(c *cell, parent string, people int) osm.Area {
	return osm.Area{
		Code: c.code, Name: c.name, Names: geo.Names{"he": c.name, "en": c.nameEN},
		Parent: parent, Population: &people, Geom: orb.MultiPolygon{{p.onGlobe(c.ring)}},
	}
}
