package osm

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/paulmach/orb"

	"moked/geo"
	"moked/geo/roads"
)

// ReadStreets reads a layer of street lines into streets, a road graph and
// the roads of a base map. Lines of one name near each other are one street;
// lines without a name are driven all the same. The lines need not be noded:
// they are cut where they cross, touch, or end within half a metre of another.
// A class is understood in Hebrew, English, or OSM's words; it gives the
// speed where the layer has no limit. Streets are two-way unless f.OneWay says
// otherwise.
func ReadStreets(r io.Reader, srid int, f Fields) (*Extract, error) {
	t := newTally()
	x := &Extract{}
	var pieces []piece
	var drivable []drivableLine
	codes := map[string]string{}
	err := readLayer(r, srid, f, t, func(l *layerFeature) error {
		parts := lines(l.geom)
		if len(parts) == 0 {
			return wrongIn(BadGeometry, l.String(), "a %s, where a street is a line", l.geom.GeoJSONType())
		}
		name, names := l.names(f)
		tagged := tags{}
		highway, known := highwayOf(l.text(f.Class))
		if !known {
			t.leave("road", fmt.Sprintf("a class that is not known, %.40q: driven as a local street", l.text(f.Class)), l.String())
		}
		tagged["highway"] = highway
		if tagged["oneway"], known = onewayOf(l.text(f.OneWay)); !known {
			t.leave("road", fmt.Sprintf("a direction that is not known, %.40q: both", l.text(f.OneWay)), l.String())
		}
		if limitOf(l.text(f.Speed)) > 0 {
			tagged["maxspeed"] = l.text(f.Speed)
		}
		class := roadClass[highway]
		if nameless(name) {
			name, names = "", nil
			t.leave("street", "no name: driven, not found by name", l.String())
		} else if code := l.text(f.Code); code != "" && code != "0" && codes[geo.Normalise(name)] == "" {
			codes[geo.Normalise(name)] = code
		}
		for _, line := range parts {
			if name != "" {
				pieces = append(pieces, piece{name, names, nil, class.class, streetRank[class.class], line})
			}
			x.Base = append(x.Base, Feature{Road, class.class, name, names, class.zoom, line})
			if forward, backward, _ := directions(tagged); forward != closed || backward != closed {
				drivable = append(drivable, drivableLine{tagged, name, line, l.String()})
			} else {
				t.leave("road", "not for vehicles", l.String())
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(x.Base) == 0 {
		return nil, wrongAt(Empty, -1, "no street line in it")
	}
	x.Streets = newStreetIndex(pieces).streets
	for i := range x.Streets {
		x.Streets[i].Code = codes[geo.Normalise(x.Streets[i].Name)]
	}
	if x.Segments, err = nodeLines(drivable, t); err != nil {
		return nil, err
	}
	slices.SortStableFunc(x.Base, func(a, b Feature) int { return cmp.Compare(a.MinZoom, b.MinZoom) })
	t.taken["street"], t.taken["segment"], t.taken["map road"] = len(x.Streets), len(x.Segments), len(x.Base)
	x.Report = t.report("geojson")
	return x, nil
}

// drivableLine is a line of the layer on its way to become segments.
type drivableLine struct {
	tags  tags
	name  string
	line  orb.LineString
	where string
}

// segment is the part of it from one junction to another.
func (d *drivableLine) segment(id, a, b int64, line orb.LineString) roads.Segment {
	forward, backward, _ := directions(d.tags)
	kmhForward, kmhBackward := speeds(d.tags)
	length := geo.LineLength(line)
	return roads.Segment{
		ID: id, A: a, B: b, Name: d.name, Line: line,
		Forward:  seconds(length, kmhForward, forward),
		Backward: seconds(length, kmhBackward, backward),
	}
}

// lines are the lines of a geometry that have two points at least.
func lines(g orb.Geometry) orb.MultiLineString {
	switch g := g.(type) {
	case orb.LineString:
		return orb.MultiLineString{g}
	case orb.MultiLineString:
		return g
	case orb.Collection:
		var out orb.MultiLineString
		for _, part := range g {
			out = append(out, lines(part)...)
		}
		return out
	}
	return nil
}
