package osm

import (
	"io"

	"github.com/paulmach/orb"

	"moked/geo"
)

// Area is an area or crew zone of a municipal layer. Parent is the code of
// the area around it. Where names the features that it was made of.
type Area struct {
	Code       string
	Name       string
	Names      geo.Names
	Parent     string
	Population *int
	Geom       orb.MultiPolygon
	Where      string
}

// Zone is a crew zone with the department's code that the layer gives.
type Zone struct {
	Department string
	Area
}

// ReadAreas reads districts, neighbourhoods or a boundary: polygons with a
// name and a code. Features of one code are parts of one area; without a code
// the name serves; when f names neither field, as for a boundary, all features
// are one area without a code. srid is 4326 or 2039, 0 what the file says.
func ReadAreas(r io.Reader, srid int, f Fields) ([]Area, Report, error) {
	zones, report, err := ReadZones(r, srid, f)
	out := make([]Area, len(zones))
	for i, z := range zones {
		out[i] = z.Area
	}
	return out, report, err
}

// ReadZones reads crew zones as ReadAreas reads areas. Zones of different
// departments may share a code.
func ReadZones(r io.Reader, srid int, f Fields) ([]Zone, Report, error) {
	type departmentAndCode struct{ department, code string }
	at := map[departmentAndCode]int{}
	out := []Zone{}
	t := newTally()
	err := readLayer(r, srid, f, t, func(l *layerFeature) error {
		name, names := l.names(f)
		code := l.text(f.Code)
		if code == "" && name == "" && (f.Code != "" || f.Name != "") {
			t.leave("area", "neither name nor code", l.String())
			return nil
		}
		if code == "" {
			code = name
		}
		if name == "" {
			name = code
		}
		geom := polygons(l.geom)
		if len(geom) == 0 {
			return wrongIn(BadGeometry, l.String(), "a %s, which covers no ground: areas are polygons", l.geom.GeoJSONType())
		}
		k := departmentAndCode{l.text(f.Department), code}
		if i, ok := at[k]; ok {
			out[i].Geom = append(out[i].Geom, geom...)
			out[i].Where += ", " + l.String()
			return nil
		}
		at[k] = len(out)
		z := Zone{k.department, Area{
			Code: code, Name: name, Names: names, Parent: l.text(f.Parent), Geom: geom, Where: l.String(),
		}}
		if n, ok := l.numeric(f.Population); ok && n >= 0 && n < 1e9 {
			whole := int(n)
			z.Population = &whole
		}
		out = append(out, z)
		return nil
	})
	if err != nil {
		return nil, Report{}, err
	}
	if len(out) == 0 {
		return nil, Report{}, wrongAt(Empty, -1, "no area in it that has a name or a code")
	}
	t.taken["area"] = len(out)
	return out, t.report("geojson"), nil
}

// polygons are the areas of a geometry.
func polygons(g orb.Geometry) orb.MultiPolygon {
	switch g := g.(type) {
	case orb.Polygon:
		return orb.MultiPolygon{g}
	case orb.MultiPolygon:
		return g
	case orb.Collection:
		var out orb.MultiPolygon
		for _, part := range g {
			out = append(out, polygons(part)...)
		}
		return out
	}
	return nil
}
