package geo

import (
	"math"
	"sync"

	"github.com/paulmach/orb"
)

// Gazetteer finds the places of one authority in what people say: streets
// with their houses, named places and areas. It is immutable, and safe for
// concurrent use.
type Gazetteer struct {
	plane   Plane
	streets []gazStreet
	houses  []gazHouse // by street, number, suffix
	places  []Place
	areas   []gazArea
	city    [][]string // the names of the boundary, as folded words

	vocab   []gazWord // sorted by symbols
	names   []gazName
	tokens  []int32 // vocabulary words of the names, name by name
	classes []wordClass
	post    postings // names that hold a vocabulary word
	joins   []gazJoin

	housesAt, segmentsAt, placesAt grid
	segments                       []gazSegment

	stats GazetteerStats
	pool  sync.Pool // of *scratch
}

// Bias turns the answers towards what the asker looks at. The zero Bias is a
// fair one.
type Bias struct {
	Near  *orb.Point // WGS84; of two equals the nearer comes first
	Limit int        // the most results wanted, 0 for 8, never more than 50
	Lang  string     // of labels, where the name is known in it: "he", "en", "ru", "ar"
	City  []string   // names of the authority besides its boundary's own, to be left out of the query
}

func (o Bias) limit() int {
	switch {
	case o.Limit <= 0:
		return 8
	case o.Limit > 50:
		return 50
	}
	return o.Limit
}

// GazetteerStats counts what a Gazetteer holds, and what it could not use.
type GazetteerStats struct {
	Streets  int `json:"streets"` // after the pieces of one street were joined
	Houses   int `json:"houses"`  // after doubled points were joined
	Places   int `json:"places"`
	Areas    int `json:"areas"`
	Names    int `json:"names"`    // spellings and languages of all of these
	Words    int `json:"words"`    // different words in them
	Unlinked int `json:"unlinked"` // addresses of a street that isn't there
	Unread   int `json:"unread"`   // addresses without a house number or a point
	Doubled  int `json:"doubled"`  // addresses at the place of another of the same number
}

type gazStreet struct {
	id           int64
	name         string
	names        Names
	aliases      []string
	lines        orb.MultiLineString
	first, after int32   // its houses
	kin          []int32 // streets that are this one under another spelling
	bound        orb.Bound
	mid          orb.Point
	hood         int32 // the neighbourhood that holds its middle, or -1
	twin         bool  // another street has the same name
}

type gazHouse struct {
	houseNumber
	street int32
	count  int32 // addresses at this point
	label  string
	point  orb.Point
}

type gazArea struct {
	Area
	point orb.Point // inside
	bound orb.Bound
}

// NewGazetteer builds the index. Pieces of one street that come as several
// streets of one name are joined where they lie close together; addresses
// refer to any of them. What has no usable name or point is left out and
// counted by Stats. The caller must not change the arguments afterwards.
func NewGazetteer(streets []Street, addresses []Address, places []Place, areas []Area) *Gazetteer {
	g := &Gazetteer{}
	g.plane = PlaneAt(middleOf(streets, addresses, places, areas))
	g.addAreas(areas)
	g.addStreets(streets, addresses)
	for _, p := range places {
		if finite(p.Point) && Normalise(p.Name) != "" {
			g.places = append(g.places, p)
		}
	}
	g.indexNames()
	g.joinKin()
	g.indexPoints()
	g.pool.New = func() any { return g.newScratch() }
	return g
}

// Stats counts what the gazetteer holds.
func (g *Gazetteer) Stats() GazetteerStats { return g.stats }

// middleOf is any point amid the data: the origin of the plane.
func middleOf(streets []Street, addresses []Address, places []Place, areas []Area) orb.Point {
	var lon, lat []float64
	add := func(p orb.Point) {
		if finite(p) {
			lon, lat = append(lon, p[0]), append(lat, p[1])
		}
	}
	for _, s := range streets {
		for _, l := range s.Geom {
			if len(l) > 0 {
				add(l[0])
			}
		}
	}
	for _, a := range addresses {
		add(a.Point)
	}
	for _, p := range places {
		add(p.Point)
	}
	for _, a := range areas {
		if len(a.Geom) > 0 {
			add(a.Geom.Bound().Center())
		}
	}
	if len(lon) == 0 {
		return orb.Point{}
	}
	return orb.Point{median(lon), median(lat)}
}

// finite reports whether p is a WGS84 position at all.
func finite(p orb.Point) bool {
	return math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90 && p != orb.Point{}
}
