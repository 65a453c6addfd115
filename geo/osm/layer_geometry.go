package osm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"moked/geo"
)

// rawGeometry is a GeoJSON geometry as it stands in the file.
type rawGeometry struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
	Geometries  []*rawGeometry  `json:"geometries"`
}

// position is a GeoJSON position of which height and measure are dropped.
type position orb.Point

// UnmarshalJSON wants two numbers at least: encoding/json would read a null or
// a missing number as 0, which is a place in the Gulf of Guinea.
func (p *position) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	if len(b) < 2 || b[0] != '[' {
		return fmt.Errorf("a position is a list of numbers, not %s", glimpse(b))
	}
	parts := strings.Split(string(b[1:len(b)-1]), ",")
	if len(parts) < 2 {
		return fmt.Errorf("a position has two numbers, not %s", glimpse(b))
	}
	for i := range p {
		v, err := strconv.ParseFloat(strings.TrimSpace(parts[i]), 64)
		if err != nil {
			return fmt.Errorf("a position has two numbers, not %s", glimpse(b))
		}
		p[i] = v
	}
	return nil
}

// geometry reads a feature's geometry into WGS84; nil when it has none.
func (l *layer) geometry(f *layerFeature, g *rawGeometry) (orb.Geometry, error) {
	if g == nil {
		return nil, nil
	}
	geom, err := l.decode(f, g, 0)
	var own *Error
	var shape *json.UnmarshalTypeError
	if errors.As(err, &shape) {
		err = fmt.Errorf("its coordinates are not those of a %s", g.Type)
	}
	if err != nil && !errors.As(err, &own) {
		return nil, &Error{Code: BadGeometry, At: -1, Where: f.String(), Field: "geometry", Msg: err.Error(), Err: err}
	}
	return geom, err
}

func (l *layer) decode(f *layerFeature, g *rawGeometry, depth int) (orb.Geometry, error) {
	var err error
	switch g.Type {
	case "Point":
		var c position
		if err = json.Unmarshal(g.Coordinates, &c); err != nil {
			return nil, err
		}
		return l.point(f, c)
	case "MultiPoint":
		var c []position
		if err = json.Unmarshal(g.Coordinates, &c); err != nil {
			return nil, err
		}
		line, err := l.line(f, c)
		return unlessEmpty(orb.MultiPoint(line), len(line)), err
	case "LineString":
		var c []position
		if err = json.Unmarshal(g.Coordinates, &c); err != nil {
			return nil, err
		}
		line, err := l.line(f, c)
		return unlessEmpty(line, len(line)-1), err
	case "MultiLineString":
		var c [][]position
		if err = json.Unmarshal(g.Coordinates, &c); err != nil {
			return nil, err
		}
		var out orb.MultiLineString
		for _, c := range c {
			line, err := l.line(f, c)
			if err != nil {
				return nil, err
			}
			if len(line) > 1 {
				out = append(out, line)
			}
		}
		return unlessEmpty(out, len(out)), nil
	case "Polygon":
		var c [][]position
		if err = json.Unmarshal(g.Coordinates, &c); err != nil {
			return nil, err
		}
		p, err := l.polygon(f, c)
		return unlessEmpty(p, len(p)), err
	case "MultiPolygon":
		var c [][][]position
		if err = json.Unmarshal(g.Coordinates, &c); err != nil {
			return nil, err
		}
		var out orb.MultiPolygon
		for _, c := range c {
			p, err := l.polygon(f, c)
			if err != nil {
				return nil, err
			}
			if len(p) > 0 {
				out = append(out, p)
			}
		}
		return unlessEmpty(out, len(out)), nil
	case "GeometryCollection":
		if depth > 4 {
			return nil, errors.New("geometry collections too deep in each other")
		}
		var out orb.Collection
		for _, part := range g.Geometries {
			if part == nil {
				continue
			}
			geom, err := l.decode(f, part, depth+1)
			if err != nil {
				return nil, err
			}
			if geom != nil {
				out = append(out, geom)
			}
		}
		return unlessEmpty(out, len(out)), nil
	}
	return nil, fmt.Errorf("an unknown type of geometry, %.30q", g.Type)
}

// unlessEmpty is no geometry when there is nothing in it.
func unlessEmpty(g orb.Geometry, n int) orb.Geometry {
	if n <= 0 {
		return nil
	}
	return g
}

// line reads positions without those that repeat the one before.
func (l *layer) line(f *layerFeature, c []position) (orb.LineString, error) {
	out := make(orb.LineString, 0, len(c))
	doubled := false
	for _, c := range c {
		p, err := l.point(f, c)
		if err != nil {
			return nil, err
		}
		if n := len(out); n > 0 && out[n-1] == p {
			doubled = true
			continue
		}
		out = append(out, p)
	}
	if doubled {
		l.tally.leave("point", "doubled points: taken once", f.String())
	}
	return out, nil
}

// polygon reads rings, closes open ones, and turns them as they should be.
func (l *layer) polygon(f *layerFeature, c [][]position) (orb.Polygon, error) {
	var out orb.Polygon
	for i, c := range c {
		line, err := l.line(f, c)
		if err != nil {
			return nil, err
		}
		ring := orb.Ring(line)
		if len(ring) > 2 && !ring.Closed() {
			l.tally.leave("ring", "not closed: closed", f.String())
			ring = append(ring, ring[0])
		}
		if len(ring) < 4 {
			l.tally.leave("ring", "fewer than three corners", f.String())
			if i == 0 {
				return nil, nil
			}
			continue
		}
		o := orb.CW
		if i == 0 {
			o = orb.CCW
		}
		out = append(out, oriented(ring, o))
	}
	return out, nil
}

// point takes a position into WGS84, or says what it looks like instead.
func (l *layer) point(f *layerFeature, c position) (orb.Point, error) {
	p := orb.Point(c)
	kind := geo.KindOf(p)
	wrong := ""
	if l.system() == 2039 {
		switch {
		case kind == geo.LonLat || kind == geo.LatLon || !offEarth(p[0], p[1]):
			wrong = "degrees (EPSG:4326), where metres of the Israeli TM Grid (EPSG:2039) were announced"
		case kind == geo.NorthEast:
			wrong = "northing before easting; easting comes first"
		case mercator(p):
			wrong = "Web Mercator (EPSG:3857), where EPSG:2039 was announced"
		case kind != geo.EastNorth:
			wrong = "a place outside the Israeli TM Grid (EPSG:2039)"
		}
		if wrong == "" {
			return geo.FromITM(p), nil
		}
	} else {
		switch {
		case kind == geo.LatLon && !cyprus(p):
			wrong = "latitude before longitude; longitude comes first"
		case kind == geo.EastNorth || kind == geo.NorthEast:
			wrong = "metres of the Israeli TM Grid (EPSG:2039), where degrees (EPSG:4326) were announced"
		case mercator(p):
			wrong = "Web Mercator (EPSG:3857), where degrees (EPSG:4326) were announced"
		case offEarth(p[0], p[1]):
			wrong = "no place on the earth"
		}
		if wrong == "" {
			return p, nil
		}
	}
	e := wrongIn(WrongSRID, f.String(), "[%v, %v] looks like %s", p[0], p[1], wrong)
	if offEarth(p[0], p[1]) && wrong == "no place on the earth" {
		e = wrongIn(BadCoordinate, f.String(), "[%v, %v] is no place on the earth", p[0], p[1])
	}
	e.Field = "geometry"
	return orb.Point{}, e
}

// mercator reports whether a pair is Israel in EPSG:3857.
func mercator(p orb.Point) bool {
	return p[0] > 3.7e6 && p[0] < 4.1e6 && p[1] > 3.4e6 && p[1] < 4.0e6
}

// cyprus reports whether a pair that could be Israel with latitude first is
// more likely the island that lies there: Israel's sea, turned round.
func cyprus(p orb.Point) bool {
	coast := 34.2 + (p[0]-31.2)*0.46 // of Israel, as latitude p[0] has it
	return p[1] < coast
}

func (l *layer) system() int {
	switch {
	case l.srid != 0:
		return l.srid
	case l.crs != 0:
		return l.crs
	}
	return 4326
}

var epsg = regexp.MustCompile(`(?i)epsg:{1,2}(?:[\d.]*:)?(\d+)$`)

// readCRS reads the crs member of older GeoJSON. It may come after the
// features, so it is checked against the srid given rather than followed.
func (l *layer) readCRS() error {
	var raw json.RawMessage
	if err := l.dec.Decode(&raw); err != nil {
		return l.broken(err)
	}
	var crs struct {
		Properties struct {
			Name string `json:"name"`
		} `json:"properties"`
	}
	if json.Unmarshal(raw, &crs) != nil {
		return nil
	}
	n := 0
	if m := epsg.FindStringSubmatch(crs.Properties.Name); m != nil {
		n, _ = strconv.Atoi(m[1])
	} else if strings.HasSuffix(crs.Properties.Name, "CRS84") {
		n = 4326
	}
	switch {
	case n == 0:
	case n != 4326 && n != 2039:
		return wrongAt(WrongSRID, -1, "its crs member says EPSG:%d; 4326 and 2039 are read", n)
	case l.srid != 0 && n != l.srid:
		return wrongAt(WrongSRID, -1, "its crs member says EPSG:%d, where EPSG:%d was announced", n, l.srid)
	case l.srid == 0 && l.number > 0 && n != 4326:
		return wrongAt(WrongSRID, -1, "its crs member, EPSG:%d, comes after the features: announce it", n)
	default:
		l.crs = n
	}
	return nil
}
