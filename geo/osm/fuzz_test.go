package osm

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"moked/geo/roads"
)

// usable puts an extract to use: what was read from anything at all must not
// break what comes after.
func usable(t *testing.T, x *Extract, err error) {
	t.Helper()
	if err != nil {
		var e *Error
		if !errors.As(err, &e) || e.Msg == "" {
			t.Fatalf("an error that says nothing: %v", err)
		}
		return
	}
	for _, s := range x.Streets {
		if strings.TrimSpace(s.Name) == "" {
			t.Fatal("a street without a name")
		}
	}
	for _, a := range x.Addresses {
		if a.House == "" || a.Street < 1 || a.Street > int64(len(x.Streets)) || offEarth(a.Point[0], a.Point[1]) {
			t.Fatalf("an address without a house, street or place: %+v", a)
		}
	}
	for _, s := range x.Segments {
		if s.Forward < 0 || s.Backward < 0 || s.Forward == 0 && s.Backward == 0 || len(s.Line) < 2 {
			t.Fatalf("a segment that cannot be driven: %+v", s)
		}
	}
	for _, f := range x.Base {
		if f.Geom == nil || f.Class == "" {
			t.Fatalf("a feature without a shape or class: %+v", f)
		}
	}
	g := roads.New(x.Segments, x.Restrictions)
	if len(x.Segments) > 0 {
		if p, ok := g.Snap(x.Segments[0].Line[0], 100); ok {
			g.Times(nil, p, []roads.Position{p})
		}
	}
}

func FuzzXML(f *testing.F) {
	f.Add(string(village().xml()))
	f.Add(string(crossroads().relation(9, []string{"way 1 from", "node 100 via", "way 2 to"},
		"type", "restriction", "restriction", "no_left_turn").xml()))
	f.Add(`<osm><node id="1" lat="90" lon="180"/><node id="2" lat="-90" lon="-180"/><way id="1"><nd ref="1"/><nd ref="2"/><nd ref="1"/><nd ref="1"/><tag k="highway" v="road"/><tag k="name" v="א"/><tag k="natural" v="coastline"/></way><relation id="1"><member type="relation" ref="1" role=""/><member type="way" ref="1" role="outer"/><tag k="type" v="multipolygon"/><tag k="landuse" v="forest"/></relation></osm>`)
	f.Fuzz(func(t *testing.T, data string) {
		x, err := Read(context.Background(), strings.NewReader("<osm>"+data), Options{MaxElements: 100_000})
		usable(t, x, err)
	})
}

// FuzzPBF spoils the inside of a block, which compression would hide.
func FuzzPBF(f *testing.F) {
	f.Add(village().block(true))
	f.Add(village().block(false))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, body []byte) {
		data := append(bytes.Clone(pbfHeader), block("OSMData", body, false)...)
		x, err := Read(context.Background(), bytes.NewReader(data), Options{MaxElements: 100_000})
		usable(t, x, err)
	})
}

func FuzzFrames(f *testing.F) {
	f.Add(village().pbf(true))
	f.Add(zipped(village().xml()))
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := Read(context.Background(), bytes.NewReader(data), Options{MaxElements: 100_000})
		usable(t, x, err)
	})
}

func FuzzLayer(f *testing.F) {
	f.Add(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"n":"הרצל","h":12},"geometry":{"type":"LineString","coordinates":[[34.8,32.1,7],[34.8,32.1],[34.81,32.12]]}},{"type":"Feature","properties":{"n":"ויצמן","h":"3א"},"geometry":{"type":"MultiLineString","coordinates":[[[34.805,32.1],[34.805,32.2]]]}}]}`, 4326)
	f.Add(`{"crs":{"properties":{"name":"EPSG:2039"}},"type":"FeatureCollection","features":[{"type":"Feature","properties":{"n":"צפון","h":"1"},"geometry":{"type":"Polygon","coordinates":[[[187000,690000],[188000,690000],[188000,691000]],[[1,2]]]}},{"type":"Feature","properties":null,"geometry":null}]}`, 2039)
	f.Fuzz(func(t *testing.T, data string, srid int) {
		by := Fields{Name: "n", House: "h", Street: "n", Code: "h"}
		for _, read := range []func() (*Extract, error){
			func() (*Extract, error) {
				return ReadStreets(strings.NewReader(data), srid, Fields{Name: "n", Class: "h"})
			},
			func() (*Extract, error) {
				return ReadAddresses(strings.NewReader(data), srid, Fields{Street: "n", House: "h"})
			},
		} {
			x, err := read()
			usable(t, x, err)
		}
		if areas, _, err := ReadAreas(strings.NewReader(data), srid, by); err == nil && len(areas) == 0 {
			t.Fatal("neither an area nor an error")
		}
	})
}
