package osm

import (
	"io"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// ReadAddresses reads houses: points, or areas whose middle counts, with the
// name of a street and a number. The geometry is the truth; coordinates among
// the properties are not looked at. The Extract holds the houses and the
// streets that they name, which have no line.
func ReadAddresses(r io.Reader, srid int, f Fields) (*Extract, error) {
	t := newTally()
	var houses []house
	err := readLayer(r, srid, f, t, func(l *layerFeature) error {
		street, number := l.text(f.Street), l.text(f.House)
		switch {
		case nameless(street):
			t.leave("address", "no street", l.String())
			return nil
		case !strings.ContainsAny(number, "0123456789"):
			t.leave("address", "no house number", l.String())
			return nil
		}
		p, ok := represent(l.geom)
		if !ok {
			return wrongIn(BadGeometry, l.String(), "a %s, where a house is a point", l.geom.GeoJSONType())
		}
		for _, n := range numbersOf(number) {
			houses = append(houses, house{street, n, p, l.String()})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(houses) == 0 {
		return nil, wrongAt(Empty, -1, "no address in it: each needs a street and a number")
	}
	x := &Extract{}
	streets := newStreetIndex(nil)
	x.Addresses = streets.link(houses, t)
	x.Streets = streets.streets
	t.taken["address"], t.taken["street name"] = len(x.Addresses), len(x.Streets)
	x.Report = t.report("geojson")
	return x, nil
}

// represent is a point that stands for a geometry: itself, or inside it.
func represent(g orb.Geometry) (orb.Point, bool) {
	switch g := g.(type) {
	case orb.Point:
		return g, true
	case orb.MultiPoint:
		return g[0], true
	case orb.Polygon, orb.MultiPolygon:
		return middle(polygons(g))
	case orb.Collection:
		for _, part := range g {
			if p, ok := represent(part); ok {
				return p, true
			}
		}
	case orb.LineString, orb.MultiLineString:
		p, _ := planar.CentroidArea(g)
		return p, true
	}
	return orb.Point{}, false
}
