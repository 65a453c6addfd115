package postgis_test

import (
	"bytes"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"

	"moked/geo"
	"moked/geo/osm"
	"moked/geo/postgis"
	"moked/geo/roads"
)

func inTx(t *testing.T, pool *pgxpool.Pool, at time.Time, source string, do func(pgx.Tx, postgis.Import) error) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		return do(tx, postgis.Import{Authority: "a", Source: source, File: "f", At: at, Summary: map[string]int{"n": 1}})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestStreetsAndAddressesOfSeveralSources(t *testing.T) {
	t.Parallel()
	pool := newCity(t, "a", "b")
	ctx := t.Context()
	line := orb.MultiLineString{{{34.85, 32.3}, {34.86, 32.3}}}
	mapped := []geo.Street{
		{ID: 1, Code: "7", Name: "הרצל", Names: geo.Names{"en": "Herzl"}, Aliases: []string{"שדרות הרצל"}, Class: "primary", Geom: line},
		{ID: 2, Name: "ויצמן", Geom: line},
	}
	inTx(t, pool, noon, "osm", func(tx pgx.Tx, im postgis.Import) error {
		if err := postgis.ReplaceStreets(ctx, tx, im, mapped); err != nil {
			return err
		}
		return postgis.ReplaceAddresses(ctx, tx, im, mapped, []geo.Address{{ID: 1, Street: 2, House: "4", Point: orb.Point{34.85, 32.3}}})
	})
	municipal := []geo.Street{{ID: 1, Name: "הרצל"}, {ID: 2, Name: "אלון"}}
	houses := []geo.Address{
		{ID: 1, Street: 1, House: "17א", Point: orb.Point{34.851, 32.3}},
		{ID: 2, Street: 2, House: "32/2", Point: orb.Point{34.852, 32.3}},
	}
	for i := range 2 { // the second time replaces the first
		inTx(t, pool, noon.Add(time.Duration(i)*time.Hour), "municipal", func(tx pgx.Tx, im postgis.Import) error {
			return postgis.ReplaceAddresses(ctx, tx, im, municipal, houses)
		})
	}
	streets, err := postgis.LoadStreets(ctx, pool, "a")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(mapped[0], streets[0]); diff != "" {
		t.Fatal(diff)
	}
	streets, addresses, err := postgis.LoadAddresses(ctx, pool, "a", streets)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range addresses {
		i := slices.IndexFunc(streets, func(s geo.Street) bool { return s.ID == a.Street })
		got = append(got, streets[i].Name+" "+a.House)
	}
	if diff := cmp.Diff([]string{"ויצמן 4", "הרצל 17א", "אלון 32/2"}, got); diff != "" {
		t.Fatal(diff)
	}
	if len(streets) != 3 || streets[2].Geom != nil {
		t.Fatalf("%+v", streets)
	}
	if other, err := postgis.LoadStreets(ctx, pool, "b"); err != nil || len(other) != 0 {
		t.Fatal(other, err)
	}
}

func TestOneRoadGraphIsInForce(t *testing.T) {
	t.Parallel()
	pool := newCity(t, "a")
	ctx := t.Context()
	segments := []roads.Segment{
		{ID: 1, A: 1, B: 2, Forward: 12.5, Backward: 0, Name: "הרצל", Line: orb.LineString{{34.85, 32.3}, {34.86, 32.3}}},
		{ID: 2, A: 2, B: 3, Forward: 3, Backward: 4, Line: orb.LineString{{34.86, 32.3}, {34.87, 32.3}}},
	}
	turns := []roads.Restriction{{From: 1, Via: 2, To: 2, Only: true}}
	put := func(at time.Time, source string, s []roads.Segment, r []roads.Restriction) {
		inTx(t, pool, at, source, func(tx pgx.Tx, im postgis.Import) error { return postgis.ReplaceRoads(ctx, tx, im, s, r) })
	}
	put(noon, "municipal", segments[:1], nil)
	put(noon.Add(time.Hour), "osm", segments, turns)
	gotS, gotR, err := postgis.LoadRoads(ctx, pool, "a")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(segments, gotS); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(turns, gotR); diff != "" {
		t.Error(diff)
	}
}

func TestTilesOfARealCity(t *testing.T) {
	t.Parallel()
	f, err := os.Open("../../../shared/data/monaco.osm.pbf")
	if err != nil {
		t.Skip("the real extract is not here:", err)
	}
	defer f.Close()
	ctx := t.Context()
	x, err := osm.Read(ctx, f, osm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	pool := newCity(t, "a")
	at := orb.Point{7.42, 43.735}
	square := orb.MultiPolygon{at.Bound().Pad(0.01).ToPolygon()}
	mustReplace(t, pool, noon, geo.District, osm.Area{Code: "D1", Name: "מונקו", Names: geo.Names{"en": "Monaco"}, Geom: square})
	inTx(t, pool, noon, "osm", func(tx pgx.Tx, im postgis.Import) error {
		if err := postgis.ReplacePlaces(ctx, tx, im, x.Places); err != nil {
			return err
		}
		if _, err := postgis.ReplaceZones(ctx, tx, im, "electricity", []osm.Area{{Code: "z", Name: "ז", Geom: square}}); err != nil {
			return err
		}
		return postgis.ReplaceBase(ctx, tx, im, x.Base)
	})
	places, err := postgis.LoadPlaces(ctx, pool, "a")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(x.Places, places, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	features := func(layer string, z maptile.Zoom) map[string]int {
		t.Helper()
		tile := maptile.At(at, z)
		raw, err := postgis.Tile(ctx, pool, layer, int(z), int(tile.X), int(tile.Y), "a")
		if err != nil {
			t.Fatal(err)
		}
		layers, err := mvt.Unmarshal(raw)
		if err != nil {
			t.Fatal(err)
		}
		n := map[string]int{}
		for _, l := range layers {
			n[l.Name] = len(l.Features)
			for _, f := range l.Features {
				if layer == "areas" && (f.Properties["name"] != "מונקו" || f.Properties["name_en"] != "Monaco" || f.Properties["level"] != "district") {
					t.Errorf("%s has %v", l.Name, f.Properties)
				}
			}
		}
		return n
	}
	for _, z := range []maptile.Zoom{12, 14, 16} {
		n := features("base", z)
		t.Log(z, n)
		if n["road"] == 0 || n["water"] == 0 {
			t.Errorf("zoom %d: %v", z, n)
		}
	}
	if n := features("base", 16); n["building"] == 0 || n["label"]+n["road"] == 0 {
		t.Error(n)
	}
	if n := features("areas", 12); n["areas"] != 1 || n["area_labels"] != 1 {
		t.Error(n)
	}
	if n := features("zones", 12); n["zones"] != 1 || n["zone_labels"] != 1 {
		t.Error(n)
	}
	empty, err := postgis.Tile(ctx, pool, "base", 14, 0, 0, "a")
	if err != nil || len(empty) != 0 {
		t.Error(len(empty), err)
	}
	tile := maptile.At(at, 14)
	other, err := postgis.Tile(ctx, pool, "base", 14, int(tile.X), int(tile.Y), "b")
	if err != nil || len(other) != 0 {
		t.Error("another authority's tile has", len(other), err)
	}
	again, err := postgis.Tile(ctx, pool, "base", 14, int(tile.X), int(tile.Y), "a")
	once, err2 := postgis.Tile(ctx, pool, "base", 14, int(tile.X), int(tile.Y), "a")
	if err != nil || err2 != nil || !bytes.Equal(again, once) {
		t.Error("the same tile differs", err, err2)
	}
}

func TestTilesOutsideOfThePyramid(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		layer   string
		z, x, y int
		field   string
	}{
		{"roads", 1, 0, 0, "layer"}, {"base", -1, 0, 0, "z"}, {"base", 21, 0, 0, "z"},
		{"base", 3, 8, 0, "x"}, {"base", 3, -1, 0, "x"}, {"base", 0, 0, 1, "y"},
	} {
		_, err := postgis.Tile(t.Context(), nil, tc.layer, tc.z, tc.x, tc.y, "a")
		if wrong, ok := err.(*postgis.TileError); !ok || wrong.Field != tc.field {
			t.Errorf("%+v: %v", tc, err)
		}
	}
}
