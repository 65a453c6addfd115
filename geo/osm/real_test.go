package osm

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"

	"moked/geo/roads"
)

// realData reads a file of the shared real data, or skips.
func realData(t testing.TB, file string) []byte {
	t.Helper()
	b, err := os.ReadFile("../../../shared/data/" + file)
	if err != nil {
		t.Skip("the shared real data is not here: ", err)
	}
	return b
}

func boundary(t testing.TB, file string) orb.MultiPolygon {
	t.Helper()
	fc, err := geojson.UnmarshalFeatureCollection(realData(t, file))
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

func taken(x *Extract, kind string) int {
	for _, c := range x.Report.Taken {
		if c.Kind == kind {
			return c.N
		}
	}
	return 0
}

// mostlyConnected wants a network of which at most one segment in so many is
// cut off.
func mostlyConnected(t *testing.T, x *Extract, oneIn int) {
	t.Helper()
	g := roads.New(x.Segments, x.Restrictions)
	if n := len(g.Islands()); n*oneIn > len(x.Segments) {
		t.Errorf("%d of %d segments are cut off", n, len(x.Segments))
	}
}

func TestNetanya(t *testing.T) {
	t.Parallel()
	b := realData(t, "netanya.osm.pbf")
	x, err := Read(context.Background(), bytes.NewReader(b), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(x.Streets) < 430 || len(x.Segments) < 2974 || taken(x, "map road") != 2974 {
		t.Errorf("%d streets, %d segments, %d roads drawn", len(x.Streets), len(x.Segments), taken(x, "map road"))
	}
	mostlyConnected(t, x, 50)
	for _, s := range x.Streets {
		if s.Names["he"] == "" && s.Name[0] > 0x7f {
			t.Errorf("street %q has no Hebrew name", s.Name)
		}
	}
	in, err := Read(context.Background(), bytes.NewReader(b), Options{Clip: boundary(t, "netanya_boundary.geojson")})
	if err != nil {
		t.Fatal(err)
	}
	if len(in.Streets) >= len(x.Streets) || len(in.Streets) < 400 {
		t.Errorf("%d streets within the boundary, %d in all", len(in.Streets), len(x.Streets))
	}
}

func TestMonaco(t *testing.T) {
	t.Parallel()
	x, err := Read(context.Background(), bytes.NewReader(realData(t, "monaco.osm.pbf")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	// 257 elements bear a house number, 14 of them without a street.
	if left(x.Report, "a house number without a street") != 14 || len(x.Addresses) < 243 {
		t.Errorf("%d addresses, left out %+v", len(x.Addresses), x.Report.Left)
	}
	if taken(x, "map building") != 1207 || taken(x, "restriction") < 40 || taken(x, "place") < 550 {
		t.Errorf("taken: %+v", x.Report.Taken)
	}
	mostlyConnected(t, x, 10)
	wet := func(lon, lat float64) bool {
		for _, f := range x.Base {
			if f.Class == "sea" && planar.MultiPolygonContains(polygons(f.Geom), orb.Point{lon, lat}) {
				return true
			}
		}
		return false
	}
	if !wet(7.4400, 43.7300) || !wet(7.4255, 43.7345) || wet(7.4200, 43.7310) || wet(7.4270, 43.7400) {
		t.Error("the sea lies elsewhere")
	}
}

func TestNetivot(t *testing.T) {
	t.Parallel()
	x, err := ReadStreets(bytes.NewReader(realData(t, "netivot_streets.geojson")), 4326, Fields{Name: "רחוב", Class: "type"})
	if err != nil {
		t.Fatal(err)
	}
	if len(x.Streets) < 270 || len(x.Segments) < 1000 || left(x.Report, "no name") != 60 {
		t.Errorf("%d streets, %d segments, left out %+v", len(x.Streets), len(x.Segments), x.Report.Left)
	}
	mostlyConnected(t, x, 20)
	a, err := ReadAddresses(bytes.NewReader(realData(t, "netivot_addresses.geojson")), 4326, Fields{Street: "str_name", House: "House"})
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Addresses)+left(a.Report, "the same house twice") != 4698 {
		t.Errorf("%d addresses, left out %+v", len(a.Addresses), a.Report.Left)
	}
	for file, n := range map[string]int{
		"netivot_districts.geojson": 6, "netivot_neighbourhoods.geojson": 24, "netanya_districts.geojson": 12,
		"netanya_neighbourhoods.geojson": 44,
	} {
		f := Fields{Name: "name", NameEN: "name_en", Code: "code"}
		if n > 12 {
			f.Parent = "district"
		}
		areas, report, err := ReadAreas(bytes.NewReader(realData(t, file)), 4326, f)
		if err != nil || len(areas)+left(report, "no geometry") != n || areas[0].Names["en"] == "" || (areas[0].Parent != "") != (f.Parent != "") {
			t.Errorf("%s: %d areas, %v", file, len(areas), err)
		}
	}
	one, _, err := ReadAreas(bytes.NewReader(realData(t, "netanya_boundary.geojson")), 0, Fields{})
	if err != nil || len(one) != 1 || len(one[0].Geom) == 0 {
		t.Errorf("a boundary: %+v, %v", one, err)
	}
}

func BenchmarkRead(b *testing.B) {
	for _, file := range []string{"netanya.osm.pbf", "monaco.osm.pbf"} {
		b.Run(file, func(b *testing.B) {
			data := realData(b, file)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Read(context.Background(), bytes.NewReader(data), Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
