package desk_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/dispatch/feed"
	"moked/geo"
	"moked/geo/osm"
	"moked/migrations/dbtest"
)

// openGround is a desk whose hub runs until the test ends.
func openGround(t *testing.T, pool *pgxpool.Pool) *desk.Desk {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	hub := feed.NewHub(pool, feed.Options{Poll: 20 * time.Millisecond})
	d, err := desk.Open(ctx, pool, hub, desk.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- hub.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		<-ended
		d.Close()
	})
	return d
}

func square(lon, lat, size float64) orb.MultiPolygon {
	return orb.MultiPolygon{orb.Bound{Min: orb.Point{lon, lat}, Max: orb.Point{lon + size, lat + size}}.ToPolygon()}
}

func system(authority string) dispatch.Actor {
	return dispatch.Actor{Authority: authority, Role: dispatch.System}
}

func makeAuthority(t *testing.T, d *desk.Desk, code, name string, boundary orb.MultiPolygon) {
	t.Helper()
	_, err := d.CreateAuthority(t.Context(), system(code), desk.NewAuthority{
		Code: code, Names: geo.Names{"he": name},
		Boundary: &osm.Area{Code: code, Name: name, Geom: boundary},
		From:     desk.Source{Name: "municipal", File: "boundary.geojson"},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// eventually waits for what another goroutine brings about.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 500 {
		if ok() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("never came: " + what)
}

func TestEveryProcessTakesUpNewGround(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	here, there := openGround(t, pool), openGround(t, pool)
	makeAuthority(t, here, "yam", "ים", square(34.8, 32.2, 0.1))
	who := system("yam")
	at := func(d *desk.Desk) string {
		w, err := d.AreasAt(t.Context(), who, 32.25, 34.82)
		if err != nil {
			t.Fatal(err)
		}
		if w.Authority != "yam" || w.Outside {
			t.Fatalf("%+v", w)
		}
		if w.District == nil {
			return ""
		}
		return w.District.Code
	}
	if d := at(there); d != "" {
		t.Fatalf("district %q before there is one", d)
	}
	for _, code := range []string{"D1", "D2"} {
		taken, err := here.ReplaceAreas(t.Context(), who, desk.Source{Name: "municipal"}, geo.District, []osm.Area{
			{Code: code, Name: code, Geom: square(34.8, 32.2, 0.05)}, {Code: "E", Name: "E", Geom: square(34.85, 32.2, 0.05)},
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(taken.Coverage) != 1 || taken.Coverage[0].Whole() {
			t.Errorf("half of the ground is not covered, but: %+v", taken.Coverage)
		}
		eventually(t, code+" here", func() bool { return at(here) == code })
		eventually(t, code+" in the other process", func() bool { return at(there) == code })
	}
}

func TestARefusedImportChangesNothing(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	d := openGround(t, pool)
	makeAuthority(t, d, "yam", "ים", square(34.8, 32.2, 0.1))
	who := system("yam")
	_, err := d.ReplaceAreas(t.Context(), who, desk.Source{}, geo.District, []osm.Area{
		{Code: "D1", Where: "feature 0", Geom: square(34.8, 32.2, 0.05)}, {Code: "D1", Where: "feature 1", Geom: square(34.85, 32.2, 0.05)},
	})
	var refused *dispatch.Error
	if !errors.As(err, &refused) || refused.Code != dispatch.Invalid || refused.Key != desk.KeyBadArea || refused.Field != "feature 1" {
		t.Fatalf("%v", err)
	}
	_, err = d.ReplaceZones(t.Context(), who, desk.Source{}, []osm.Zone{{Department: "alchemy", Area: osm.Area{Code: "Z", Geom: square(34.8, 32.2, 0.05)}}})
	if !errors.As(err, &refused) || refused.Key != desk.KeyUnknownDepartment {
		t.Fatalf("%v", err)
	}
	if areas, err := d.Areas(t.Context(), who, ""); err != nil || len(areas) != 1 {
		t.Fatal(areas, err)
	}
	_, err = d.CreateAuthority(t.Context(), who, desk.NewAuthority{Code: "yam", Names: geo.Names{"he": "ים"}})
	if !errors.As(err, &refused) || refused.Code != dispatch.Conflict {
		t.Fatalf("%v", err)
	}
	operator := dispatch.Actor{Authority: "yam", Role: dispatch.Operator}
	if err := d.ReplaceExtract(t.Context(), operator, desk.Source{}, &osm.Extract{}); !errors.As(err, &refused) || refused.Code != dispatch.Forbidden {
		t.Fatalf("%v", err)
	}
}

func TestOutsideSaysWhoseItIs(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	d := openGround(t, pool)
	makeAuthority(t, d, "yam", "ים", square(34.8, 32.2, 0.1))
	makeAuthority(t, d, "har", "הר", square(34.9, 32.2, 0.1))
	who := system("yam")
	for _, tc := range []struct {
		lat, lon  float64
		authority string
		outside   bool
		key       string
	}{
		{32.25, 34.85, "yam", false, ""},
		{32.25, 34.95, "har", true, ""},
		{32.25, 35.2, "", true, ""},
		{34.85, 32.25, "", false, desk.KeySwapped},
		{48.85, 2.35, "", false, desk.KeyTooFar},
		{91, 34, "", false, desk.KeyBadCoordinate},
	} {
		eventually(t, fmt.Sprintf("%+v", tc), func() bool {
			w, err := d.AreasAt(t.Context(), who, tc.lat, tc.lon)
			if tc.key != "" {
				var bad *dispatch.Error
				return errors.As(err, &bad) && bad.Key == tc.key && bad.Field == "lat"
			}
			return err == nil && w.Authority == tc.authority && w.Outside == tc.outside
		})
	}
}

func TestARealCityIsFound(t *testing.T) {
	t.Parallel()
	f, err := os.Open("../../../shared/data/netanya.osm.pbf")
	if err != nil {
		t.Skip("the real extract is not here:", err)
	}
	defer f.Close()
	x, err := osm.Read(t.Context(), f, osm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	pool := dbtest.New(t)
	d := openGround(t, pool)
	makeAuthority(t, d, "netanya", "נתניה", square(34.83, 32.25, 0.12))
	who := system("netanya")
	if err := d.ReplaceExtract(t.Context(), who, desk.Source{Name: "osm", File: "netanya.osm.pbf"}, x); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the city's streets", func() bool {
		found, err := d.Geocode(t.Context(), who, "רחוב הרצל, נתניה", geo.Bias{})
		if err != nil {
			t.Fatal(err)
		}
		return len(found) > 0 && found[0].Street == "הרצל" && found[0].Precision == geo.OnStreet && !found[0].Outside
	})
	found, err := d.Suggest(t.Context(), who, "הר", geo.Bias{Limit: 5})
	if err != nil || len(found) == 0 {
		t.Fatal(found, err)
	}
	near, err := d.Reverse(t.Context(), who, found[0].Lat, found[0].Lon, "he")
	if err != nil || near.Street == "" || near.Areas.Authority != "netanya" {
		t.Fatalf("%+v, %v", near, err)
	}
	tile, err := d.Tile(t.Context(), who, "base", 10, 611, 414)
	if err != nil || len(tile) == 0 {
		t.Fatal(len(tile), err)
	}
	var wrong *dispatch.Error
	if _, err := d.Tile(t.Context(), who, "base", 1, 2, 0); !errors.As(err, &wrong) || wrong.Field != "x" {
		t.Fatal(err)
	}
}
