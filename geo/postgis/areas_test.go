package postgis_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"moked/geo"
	"moked/geo/osm"
	"moked/geo/postgis"
	"moked/migrations/dbtest"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// box is a square of the unit (about 1 km) at a corner of the test's city.
func box(x, y, w, h float64) orb.MultiPolygon {
	const unit, lon, lat = 0.01, 34.85, 32.3
	a, b := orb.Point{lon + x*unit, lat + y*unit}, orb.Point{lon + (x+w)*unit, lat + (y+h)*unit}
	return orb.MultiPolygon{{{a, {b[0], a[1]}, b, {a[0], b[1]}, a}}}
}

func newCity(t *testing.T, codes ...string) *pgxpool.Pool {
	t.Helper()
	pool := dbtest.New(t)
	for _, code := range codes {
		if _, err := pool.Exec(t.Context(), `insert into authority (code, names) values ($1, '{"he": "עיר"}')`, code); err != nil {
			t.Fatal(err)
		}
		if _, err := pool.Exec(t.Context(), `insert into department (authority, code, names) values ($1, 'electricity', '{}')`, code); err != nil {
			t.Fatal(err)
		}
	}
	return pool
}

func replaceAreas(t *testing.T, pool *pgxpool.Pool, authority string, at time.Time, level geo.Level, rows ...osm.Area) ([]postgis.Repair, error) {
	t.Helper()
	var repairs []postgis.Repair
	err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) (err error) {
		repairs, err = postgis.ReplaceAreas(t.Context(), tx, postgis.Import{Authority: authority, Source: "municipal", At: at}, level, rows)
		return err
	})
	return repairs, err
}

func mustReplace(t *testing.T, pool *pgxpool.Pool, at time.Time, level geo.Level, rows ...osm.Area) {
	t.Helper()
	if _, err := replaceAreas(t, pool, "a", at, level, rows...); err != nil {
		t.Fatal(err)
	}
}

func parents(t *testing.T, pool *pgxpool.Pool) map[string]string {
	t.Helper()
	areas, err := postgis.LoadAreas(t.Context(), pool, "a")
	if err != nil {
		t.Fatal(err)
	}
	code := map[[16]byte]string{}
	found := map[string]string{}
	for _, a := range areas {
		code[a.ID] = a.Code
		if a.Parent != nil {
			found[a.Code] = code[*a.Parent]
		}
	}
	return found
}

func TestAreasAreReplacedAndDated(t *testing.T) {
	t.Parallel()
	pool := newCity(t, "a", "b")
	mustReplace(t, pool, noon, geo.Boundary, osm.Area{Code: "a", Name: "עיר", Geom: box(0, 0, 4, 4)})
	mustReplace(t, pool, noon, geo.District,
		osm.Area{Code: "D1", Name: "מערב", Names: geo.Names{"en": "West"}, Geom: box(0, 0, 2, 4)},
		osm.Area{Code: "D2", Name: "מזרח", Geom: box(2, 0, 2, 4)})
	mustReplace(t, pool, noon, geo.Neighbourhood,
		osm.Area{Code: "N1", Name: "א", Parent: "D2", Geom: box(0, 0, 2, 2)},
		osm.Area{Code: "N2", Name: "ב", Parent: "מערב", Geom: box(2, 0, 2, 2)},
		osm.Area{Code: "N3", Name: "ג", Geom: box(1.5, 2, 2, 2)},
		osm.Area{Code: "N4", Name: "ד", Parent: "D9", Geom: box(0, 2, 1.5, 2)})
	want := map[string]string{"D1": "a", "D2": "a", "N1": "D2", "N2": "D1", "N3": "D2", "N4": "D1"}
	if diff := cmp.Diff(want, parents(t, pool)); diff != "" {
		t.Fatal(diff)
	}

	// D2 goes: the neighbourhood that it held by name moves by place.
	later := noon.Add(time.Hour)
	mustReplace(t, pool, later, geo.District,
		osm.Area{Code: "D1", Name: "מערב", Geom: box(0, 0, 2, 4)},
		osm.Area{Code: "D3", Name: "מזרח", Geom: box(2, 0, 2, 4)})
	want = map[string]string{"D1": "a", "D3": "a", "N1": "D1", "N2": "D1", "N3": "D3", "N4": "D1"}
	if diff := cmp.Diff(want, parents(t, pool)); diff != "" {
		t.Fatal(diff)
	}
	var n int
	err := pool.QueryRow(t.Context(), `select count(*) from area where level = 'district' and valid_from = $1 and valid_to = $2`, noon, later).Scan(&n)
	if err != nil || n != 2 {
		t.Fatalf("%d districts dated, %v", n, err)
	}
	sets, err := postgis.Datasets(t.Context(), pool, "a")
	if err != nil || len(sets) != 3 || sets[1].Kind != "district" || !sets[1].ValidFrom.Equal(later) {
		t.Fatalf("%+v, %v", sets, err)
	}
}

func TestARefusedLayerLeavesTheOneInForce(t *testing.T) {
	t.Parallel()
	pool := newCity(t, "a")
	mustReplace(t, pool, noon, geo.District, osm.Area{Code: "D1", Name: "א", Geom: box(0, 0, 1, 1)})
	line := orb.MultiPolygon{{{{34.85, 32.3}, {34.86, 32.3}, {34.87, 32.3}, {34.85, 32.3}}}}
	for name, tc := range map[string]struct {
		level geo.Level
		rows  []osm.Area
		fault postgis.Fault
	}{
		"two of one code":   {geo.District, []osm.Area{{Code: "X", Where: "feature 0", Geom: box(0, 0, 1, 1)}, {Code: "X", Where: "feature 1", Geom: box(1, 0, 1, 1)}}, postgis.RepeatedCode},
		"no area":           {geo.District, []osm.Area{{Code: "X", Where: "feature 0", Geom: line}}, postgis.NoneLeft},
		"an unknown parent": {geo.Neighbourhood, []osm.Area{{Code: "X", Where: "feature 0", Parent: "D7", Geom: box(0, 0, 1, 1)}}, postgis.NoParents},
	} {
		_, err := replaceAreas(t, pool, "a", noon.Add(time.Hour), tc.level, tc.rows...)
		var refused *postgis.PolygonError
		if !errors.As(err, &refused) || refused.Fault != tc.fault || refused.Where == "" || refused.Area != "X" {
			t.Errorf("%s: %v", name, err)
		}
	}
	areas, err := postgis.LoadAreas(t.Context(), pool, "a")
	if err != nil || len(areas) != 1 || areas[0].Code != "D1" || areas[0].ValidTo != nil {
		t.Fatalf("%+v, %v", areas, err)
	}
}

func TestInvalidRingsAreMended(t *testing.T) {
	t.Parallel()
	pool := newCity(t, "a")
	bow := orb.MultiPolygon{{{{34.85, 32.3}, {34.87, 32.32}, {34.87, 32.3}, {34.85, 32.32}, {34.85, 32.3}}}}
	spike := box(3, 0, 1, 1)
	spike[0][0] = append(orb.Ring{spike[0][0][0], {34.9, 32.3}}, spike[0][0][1:]...)
	repairs, err := replaceAreas(t, pool, "a", noon, geo.District,
		osm.Area{Code: "bow", Name: "א", Where: "feature 0", Geom: bow},
		osm.Area{Code: "spike", Name: "ב", Where: "feature 1", Geom: spike},
		osm.Area{Code: "none", Name: "ד", Where: "feature 3"},
		osm.Area{Code: "sound", Name: "ג", Where: "feature 2", Geom: box(5, 0, 1, 1)})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range repairs {
		got = append(got, r.Where+" "+r.Code+" "+string(r.Fault))
		if r.Reason == "" {
			t.Errorf("%+v", r)
		}
	}
	want := []string{"feature 0 bow invalid", "feature 1 spike invalid", "feature 3 none no-area"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
	var sound bool
	if err := pool.QueryRow(t.Context(), `select bool_and(ST_IsValid(geom)) from area`).Scan(&sound); err != nil || !sound {
		t.Fatal("invalid areas are in force", err)
	}
}

func TestZonesAreADepartmentsOwn(t *testing.T) {
	t.Parallel()
	pool := newCity(t, "a")
	if _, err := pool.Exec(t.Context(), `insert into department (authority, code, names) values ('a', 'water', '{}')`); err != nil {
		t.Fatal(err)
	}
	put := func(at time.Time, department string, rows ...osm.Area) {
		t.Helper()
		err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
			_, err := postgis.ReplaceZones(t.Context(), tx, postgis.Import{Authority: "a", Source: "municipal", At: at}, department, rows)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	put(noon, "electricity", osm.Area{Code: "north", Name: "צפון", Geom: box(0, 0, 1, 1)})
	put(noon, "water", osm.Area{Code: "north", Name: "צפון", Geom: box(0, 0, 1, 1)})
	put(noon.Add(time.Hour), "water", osm.Area{Code: "all", Name: "הכול", Geom: box(0, 0, 2, 2)})
	zones, err := postgis.LoadZones(t.Context(), pool, "a")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, z := range zones {
		got = append(got, z.Department+" "+z.Code)
	}
	if diff := cmp.Diff([]string{"electricity north", "water all"}, got); diff != "" {
		t.Fatal(diff)
	}
}
