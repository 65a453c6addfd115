package osm

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"moked/geo/roads"
)

// real reads a file of the shared real data, or skips.
func real(t testing.TB, file string) []byte {
	t.Helper()
	b, err := os.ReadFile("../../../shared/data/" + file)
	if err != nil {
		t.Skip("the shared real data is not here: ", err)
	}
	return b
}

func boundary(t testing.TB, file string) orb.MultiPolygon {
	t.Helper()
	fc, err := geojson.UnmarshalFeatureCollection(real(t, file))
	if err != nil {
		t.Fatal(err)
	}
	switch g := fc.Features[0].Geometry.(type) {
	case orb.Polygon:
		return orb.MultiPolygon{g}
	case orb.MultiPolygon:
		return g
	}
	t.Fatalf("%s is no area", file)
	return nil
}

func show(t *testing.T, x *Extract) {
	for _, c := range x.Report.Read {
		t.Log("read", c.Kind, c.N)
	}
	for _, c := range x.Report.Taken {
		t.Log("taken", c.Kind, c.N)
	}
	for _, l := range x.Report.Left {
		t.Log("left", l.Kind, l.N, l.Reason, l.Examples)
	}
}

func TestNetanya(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{{}, {Clip: boundary(t, "netanya_boundary.geojson")}} {
		x, err := Read(context.Background(), bytes.NewReader(real(t, "netanya.osm.pbf")), o)
		if err != nil {
			t.Fatal(err)
		}
		show(t, x)
	}
}

func TestMonaco(t *testing.T) {
	t.Parallel()
	x, err := Read(context.Background(), bytes.NewReader(real(t, "monaco.osm.pbf")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	show(t, x)
	for i, s := range x.Streets[:12] {
		t.Log(i, s.Name, s.Names, s.Aliases, s.Class, len(s.Geom))
	}
}

func TestNetivot(t *testing.T) {
	t.Parallel()
	x, err := ReadStreets(bytes.NewReader(real(t, "netivot_streets.geojson")), 4326, Fields{Name: "רחוב", Class: "type"})
	if err != nil {
		t.Fatal(err)
	}
	show(t, x)
	g := roads.New(x.Segments, nil)
	t.Log("islands", len(g.Islands()), "of", len(x.Segments))
	a, err := ReadAddresses(bytes.NewReader(real(t, "netivot_addresses.geojson")), 4326, Fields{Street: "str_name", House: "House"})
	if err != nil {
		t.Fatal(err)
	}
	show(t, a)
	for _, f := range []string{"netivot_districts.geojson", "netanya_neighbourhoods.geojson", "netanya_boundary.geojson"} {
		areas, _, err := ReadAreas(bytes.NewReader(real(t, f)), 4326, Fields{})
		t.Log(len(areas), areas[0].Code, areas[0].Name, err)
	}
}
