package postgis_test

import (
	"context"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"moked/migrations/dbtest"
)

var (
	ring = orb.Ring{{34.8, 32.3}, {34.9, 32.3}, {34.9, 32.4}, {34.8, 32.3}}
	hole = orb.Ring{{34.85, 32.31}, {34.86, 32.31}, {34.86, 32.32}, {34.85, 32.31}}
)

// geometries are one of each kind, with what PostGIS calls it.
var geometries = []struct {
	name string
	g    orb.Geometry
	wkt  string
}{
	{"point", orb.Point{34.85, 32.32}, "SRID=4326;POINT(34.85 32.32)"},
	{"multipoint", orb.MultiPoint{{1, 2}, {3, 4}}, "SRID=4326;MULTIPOINT(1 2,3 4)"},
	{"line", orb.LineString{{1, 2}, {3, 4}, {5, 6}}, "SRID=4326;LINESTRING(1 2,3 4,5 6)"},
	{"multiline", orb.MultiLineString{{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}, {9, 10}}}, "SRID=4326;MULTILINESTRING((1 2,3 4),(5 6,7 8,9 10))"},
	{"polygon", orb.Polygon{ring, hole}, "SRID=4326;POLYGON((34.8 32.3,34.9 32.3,34.9 32.4,34.8 32.3),(34.85 32.31,34.86 32.31,34.86 32.32,34.85 32.31))"},
	{"multipolygon", orb.MultiPolygon{{ring, hole}, {ring}}, "SRID=4326;MULTIPOLYGON(((34.8 32.3,34.9 32.3,34.9 32.4,34.8 32.3),(34.85 32.31,34.86 32.31,34.86 32.32,34.85 32.31)),((34.8 32.3,34.9 32.3,34.9 32.4,34.8 32.3)))"},
	{"collection", orb.Collection{orb.Point{1, 2}, orb.LineString{{1, 2}, {3, 4}}}, "SRID=4326;GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(1 2,3 4))"},
	{"no parts", orb.MultiPolygon{}, "SRID=4326;MULTIPOLYGON EMPTY"},
	{"an empty part", orb.MultiLineString{{}, {{1, 2}, {3, 4}}}, "SRID=4326;MULTILINESTRING(EMPTY,(1 2,3 4))"},
	{"no points", orb.LineString{}, "SRID=4326;LINESTRING EMPTY"},
	{"no members", orb.Collection{}, "SRID=4326;GEOMETRYCOLLECTION EMPTY"},
}

func TestGeometryRoundTrip(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	for _, c := range geometries {
		for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeCacheStatement, pgx.QueryExecModeExec} {
			for _, format := range []int16{pgx.BinaryFormatCode, pgx.TextFormatCode} {
				var wkt string
				var back orb.Geometry
				err := db.QueryRow(t.Context(), `select st_asewkt($1::geometry), $1::geometry`,
					mode, pgx.QueryResultFormats{pgx.TextFormatCode, format}, c.g).Scan(&wkt, &back)
				if err != nil {
					t.Errorf("%s, mode %v, format %d: %v", c.name, mode, format, err)
					continue
				}
				if wkt != c.wkt {
					t.Errorf("%s: PostGIS has %s", c.name, wkt)
				}
				if diff := cmp.Diff(c.g, back); diff != "" {
					t.Errorf("%s, mode %v, format %d: %s", c.name, mode, format, diff)
				}
			}
		}
	}
}

func TestGeometryWritten(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	p, missing := &orb.Point{1, 2}, (*orb.Point)(nil)
	var asPointer, asRing, asBound string
	var asNil, asNilPolygon *string
	err := db.QueryRow(t.Context(), `select st_astext($1::geometry), st_astext($2::geometry), st_astext($3::geometry), st_astext($4::geometry), st_astext($5::geometry)`,
		p, missing, ring, orb.Bound{Min: orb.Point{0, 0}, Max: orb.Point{1, 2}}, orb.MultiPolygon(nil)).
		Scan(&asPointer, &asNil, &asRing, &asBound, &asNilPolygon)
	if err != nil {
		t.Fatal(err)
	}
	if asPointer != "POINT(1 2)" || asNil != nil || asNilPolygon != nil ||
		asRing != "POLYGON((34.8 32.3,34.9 32.3,34.9 32.4,34.8 32.3))" || asBound != "POLYGON((0 0,1 0,1 2,0 2,0 0))" {
		t.Error(asPointer, asNil, asRing, asBound, asNilPolygon)
	}
	for _, bad := range []orb.Geometry{
		orb.Point{math.NaN(), 1}, orb.LineString{{0, 0}, {1, math.Inf(-1)}}, orb.MultiPolygon{{ring}, {{{math.Inf(1), 0}}}},
		orb.Collection{orb.Point{0, math.NaN()}}, orb.Collection{nil},
	} {
		if _, err := db.Exec(t.Context(), `select $1::geometry`, bad); err == nil {
			t.Errorf("%v was written", bad)
		}
	}
}

func TestGeometryRead(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	read := func(wkt string, target any) error {
		return db.QueryRow(t.Context(), `select $1::text::geometry`, wkt).Scan(target)
	}
	var p orb.Point
	for _, wkt := range []string{"POINT(1 2)", "SRID=2039;POINT Z (1 2 3)", "POINT M (1 2 3)", "SRID=4326;POINT ZM (1 2 3 4)"} {
		if err := read(wkt, &p); err != nil || p != (orb.Point{1, 2}) {
			t.Errorf("%s: %v, %v", wkt, p, err)
		}
	}
	var mp orb.MultiPolygon
	want := orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}}
	for _, wkt := range []string{"POLYGON Z ((0 0 9,1 0 9,1 1 9,0 0 9))", "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))"} {
		if err := read(wkt, &mp); err != nil || !cmp.Equal(mp, want) {
			t.Errorf("%s: %v, %v", wkt, mp, err)
		}
	}
	var g orb.Geometry
	if err := read("GEOMETRYCOLLECTION Z (POINT Z (1 2 3), MULTIPOINT Z ((4 5 6)))", &g); err != nil ||
		!cmp.Equal(g, orb.Geometry(orb.Collection{orb.Point{1, 2}, orb.MultiPoint{{4, 5}}})) {
		t.Error(g, err)
	}
	for _, wkt := range []string{"LINESTRING(0 0,1 1)", "POINT EMPTY"} {
		if err := read(wkt, &p); err == nil {
			t.Errorf("%s was read into a point", wkt)
		}
	}
	if err := read("CIRCULARSTRING(0 0, 1 1, 2 0)", &g); err == nil {
		t.Error("an arc was read")
	}

	var null *orb.Point
	if err := db.QueryRow(t.Context(), `select null::geometry`).Scan(&null); err != nil || null != nil {
		t.Error(null, err)
	}
	if err := db.QueryRow(t.Context(), `select null::geometry`).Scan(&mp); err != nil || mp != nil {
		t.Error(mp, err)
	}
	if err := db.QueryRow(t.Context(), `select null::geometry`).Scan(&p); err == nil {
		t.Error("NULL was read into a point")
	}
	var anything any
	if err := db.QueryRow(t.Context(), `select 'POINT(1 2)'::geometry`).Scan(&anything); err != nil || anything != (orb.Point{1, 2}) {
		t.Error(anything, err)
	}
}

func TestGeometryArrays(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	count := func(array any) (n int, wkt string) {
		t.Helper()
		err := db.QueryRow(t.Context(), `select count(*), coalesce(string_agg(coalesce(st_astext(g), '-'), ';' order by i), '') from unnest($1::geometry[]) with ordinality u(g, i)`, array).Scan(&n, &wkt)
		if err != nil {
			t.Fatal(err)
		}
		return n, wkt
	}
	for _, c := range []struct {
		array any
		n     int
		wkt   string
	}{
		{[]orb.Point{{1, 2}, {3, 4}}, 2, "POINT(1 2);POINT(3 4)"},
		{[]*orb.Point{{1, 2}, nil}, 2, "POINT(1 2);-"},
		{[]orb.LineString{{{0, 0}, {1, 1}}, nil, {{2, 2}, {3, 3}}}, 3, "LINESTRING(0 0,1 1);-;LINESTRING(2 2,3 3)"},
		{[]orb.Polygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}}, 1, "POLYGON((0 0,1 0,1 1,0 0))"},
		{[]orb.MultiPolygon{{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}}}, 1, "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))"},
		{[]orb.Geometry{orb.Point{1, 2}, orb.LineString{{0, 0}, {1, 1}}}, 2, "POINT(1 2);LINESTRING(0 0,1 1)"},
		{[]orb.Point{}, 0, ""},
	} {
		if n, wkt := count(c.array); n != c.n || wkt != c.wkt {
			t.Errorf("%T: %d %s", c.array, n, wkt)
		}
	}
	lines := []orb.LineString{{{0, 0}, {1, 1}}, {{2, 2}, {3, 3}}}
	for _, format := range []int16{pgx.BinaryFormatCode, pgx.TextFormatCode} {
		var back []orb.LineString
		if err := db.QueryRow(t.Context(), `select $1::geometry[]`, pgx.QueryResultFormats{format}, lines).Scan(&back); err != nil || !cmp.Equal(back, lines) {
			t.Errorf("format %d: %v, %v", format, back, err)
		}
	}
}

func TestGeometryCopy(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	const n = 200_000
	if _, err := db.Exec(t.Context(), `create table p (i int, geom geometry(Point, 4326))`); err != nil {
		t.Fatal(err)
	}
	i := 0
	copied, err := db.CopyFrom(t.Context(), pgx.Identifier{"p"}, []string{"i", "geom"}, pgx.CopyFromFunc(func() ([]any, error) {
		if i++; i > n {
			return nil, nil
		}
		return []any{i, orb.Point{34 + float64(i)/n, 32}}, nil
	}))
	if err != nil || copied != n {
		t.Fatal(copied, err)
	}
	var right int
	err = db.QueryRow(t.Context(), `select count(*) from p where st_x(geom) = 34 + i / $1::float8 and st_y(geom) = 32`, n).Scan(&right)
	if err != nil || right != n {
		t.Error(right, err)
	}
}

func TestUUID(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	id := uuid.Must(uuid.NewV7())
	ids := []uuid.UUID{id, uuid.New()}
	for _, format := range []int16{pgx.BinaryFormatCode, pgx.TextFormatCode} {
		var text string
		var one uuid.UUID
		var pointer, null *uuid.UUID
		var many []uuid.UUID
		err := db.QueryRow(t.Context(), `select $1::uuid::text, $1::uuid, $1::uuid, null::uuid, $2::uuid[]`,
			pgx.QueryResultFormats{pgx.TextFormatCode, format, format, format, format}, id, ids).
			Scan(&text, &one, &pointer, &null, &many)
		if err != nil || text != id.String() || one != id || *pointer != id || null != nil || !cmp.Equal(many, ids) {
			t.Errorf("format %d: %s %s %v %v %v, %v", format, text, one, pointer, null, many, err)
		}
	}
	var isNull bool
	if err := db.QueryRow(t.Context(), `select $1::uuid is null`, (*uuid.UUID)(nil)).Scan(&isNull); err != nil || !isNull {
		t.Error("a nil id is not NULL", err)
	}
	var one uuid.UUID
	if err := db.QueryRow(t.Context(), `select null::uuid`).Scan(&one); err == nil {
		t.Error("NULL was read into an id")
	}
}

// TestGeometryAny sends geometries of any shape there and back.
func TestGeometryAny(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	rapid.Check(t, func(t *rapid.T) {
		g := drawGeometry(t, 2)
		var back orb.Geometry
		if err := db.QueryRow(context.Background(), `select $1::geometry`, g).Scan(&back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(g, back); diff != "" {
			t.Fatal(diff)
		}
	})
}

func drawGeometry(t *rapid.T, depth int) orb.Geometry {
	point := rapid.Custom(func(t *rapid.T) orb.Point {
		return orb.Point{rapid.Float64Range(-180, 180).Draw(t, "x"), rapid.Float64Range(-90, 90).Draw(t, "y")}
	})
	points := rapid.SliceOfN(point, 2, 6)
	closed := rapid.Custom(func(t *rapid.T) orb.Ring {
		r := rapid.SliceOfN(point, 3, 6).Draw(t, "ring")
		return append(r, r[0])
	})
	polygon := rapid.Custom(func(t *rapid.T) orb.Polygon { return rapid.SliceOfN(closed, 0, 3).Draw(t, "polygon") })
	switch rapid.IntRange(0, 5+min(depth, 1)).Draw(t, "kind") {
	case 0:
		return point.Draw(t, "point")
	case 1:
		return orb.MultiPoint(points.Draw(t, "multipoint"))
	case 2:
		return orb.LineString(points.Draw(t, "line"))
	case 3:
		lines := make(orb.MultiLineString, rapid.IntRange(0, 3).Draw(t, "lines"))
		for i := range lines {
			lines[i] = points.Draw(t, "line")
		}
		return lines
	case 4:
		return polygon.Draw(t, "polygon")
	case 5:
		return orb.MultiPolygon(rapid.SliceOfN(polygon, 0, 3).Draw(t, "multipolygon"))
	}
	parts := make(orb.Collection, rapid.IntRange(0, 3).Draw(t, "parts"))
	for i := range parts {
		parts[i] = drawGeometry(t, depth-1)
	}
	return parts
}
