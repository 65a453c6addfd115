package postgis_test

import (
	"math"
	"os"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"moked/geo"
	"moked/geo/osm"
	"moked/geo/postgis"
)

func coverage(t *testing.T, pool postgis.Querier) map[string]postgis.Coverage {
	t.Helper()
	found, err := postgis.CheckCoverage(t.Context(), pool, "a")
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]postgis.Coverage{}
	for _, c := range found {
		by[c.Layer] = c
	}
	return by
}

func TestCoverageNamesGapsOverlapsAndStrays(t *testing.T) {
	t.Parallel()
	pool := newCity(t, "a")
	mustReplace(t, pool, noon, geo.Boundary, osm.Area{Code: "a", Name: "עיר", Geom: box(0, 0, 4, 4)})
	mustReplace(t, pool, noon, geo.District,
		osm.Area{Code: "D1", Name: "א", Geom: box(0, 0, 2.2, 4)},       // over D2
		osm.Area{Code: "D2", Name: "ב", Geom: box(2, 0, 2.5, 2)},       // sticks out
		osm.Area{Code: "D3", Name: "ג", Geom: box(2.2, 2.00005, 1, 2)}) // leaves a gap, and a sliver
	c := coverage(t, pool)["district"]
	km2 := 1e6 * 1.11 * 1.11 * math.Cos(32.3*math.Pi/180)
	want := []struct {
		kind, a, b string
		share      float64
	}{{"gap", "D3", "", 1.6}, {"outside", "D2", "a", 1}, {"overlap", "D1", "D2", 0.4}}
	if c.Polygons != 3 || len(c.Flaws) != len(want) || c.Whole() {
		t.Fatalf("%+v", c)
	}
	for i, w := range want {
		f := c.Flaws[i]
		if f.Kind != w.kind || f.A != w.a || f.B != w.b || math.Abs(f.M2/km2-w.share) > 0.02 {
			t.Errorf("%+v, want %+v", f, w)
		}
	}
}

func TestSliversAreCountedNotNamed(t *testing.T) {
	t.Parallel()
	pool := newCity(t, "a")
	mustReplace(t, pool, noon, geo.Boundary, osm.Area{Code: "a", Name: "עיר", Geom: box(0, 0, 2, 2)})
	mustReplace(t, pool, noon, geo.District,
		osm.Area{Code: "D1", Name: "א", Geom: box(0, 0, 0.9997, 2)}, // 30 cm short of D2
		osm.Area{Code: "D2", Name: "ב", Geom: box(1, 0, 1.0003, 2)})
	c := coverage(t, pool)["district"]
	if !c.Whole() || c.Slivers != 2 || c.SliversM2 < 500 || c.CoveredM2 < 0.999*c.WholeM2 {
		t.Fatalf("%+v", c)
	}
}

func TestARealCityIsCovered(t *testing.T) {
	t.Parallel()
	pool := newCity(t, "a")
	for _, l := range []struct {
		level      geo.Level
		file, code string
	}{{geo.Boundary, "netanya_boundary", "name"}, {geo.District, "netanya_districts", "code"}, {geo.Neighbourhood, "netanya_neighbourhoods", "code"}} {
		raw, err := os.ReadFile("../../../shared/data/" + l.file + ".geojson")
		if err != nil {
			t.Skip("the real layers are not here:", err)
		}
		fc, err := geojson.UnmarshalFeatureCollection(raw)
		if err != nil {
			t.Fatal(err)
		}
		var rows []osm.Area
		for _, f := range fc.Features {
			row := osm.Area{Code: f.Properties.MustString(l.code), Name: f.Properties.MustString("name"), Parent: f.Properties.MustString("district", "")}
			switch g := f.Geometry.(type) {
			case orb.Polygon:
				row.Geom = orb.MultiPolygon{g}
			case orb.MultiPolygon:
				row.Geom = g
			}
			rows = append(rows, row)
		}
		mustReplace(t, pool, noon, l.level, rows...)
	}
	for layer, c := range coverage(t, pool) {
		t.Logf("%+v", c)
		if !c.Whole() {
			t.Errorf("%s: %+v", layer, c.Flaws)
		}
	}
}
