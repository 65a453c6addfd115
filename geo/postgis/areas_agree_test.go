package postgis_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"moked/geo"
	"moked/migrations/dbtest"
)

// Half a million points for each of the two tests, a fifth of them within ten
// centimetres of a border.
const agreePoints = 500_000

// The layers of a real city touch, and overlap or leave gaps of millimetres.
func TestAreaIndexAgreesWithSTCoversOnARealCity(t *testing.T) {
	t.Parallel()
	areas := realAreas(t, geo.Boundary, "netanya_boundary")
	areas = append(areas, realAreas(t, geo.District, "netanya_districts")...)
	areas = append(areas, realAreas(t, geo.Neighbourhood, "netanya_neighbourhoods")...)
	var shapes []orb.MultiPolygon
	for _, a := range areas {
		shapes = append(shapes, a.Geom)
	}
	index, err := geo.NewAreaIndex(1, areas, nil)
	if err != nil {
		t.Fatal(err)
	}
	locator, err := geo.NewLocator(shapes)
	if err != nil {
		t.Fatal(err)
	}
	var room []int32
	agree(t, shapes, func(p orb.Point) (mask int64) {
		room = locator.Append(room[:0], p)
		var covering []geo.Area
		for _, n := range room {
			mask |= 1 << n
			covering = append(covering, areas[n])
		}
		checkAnswer(t, p, index.At(p), covering)
		return mask
	})
}

// checkAnswer knows the areas that cover the point, ordered by level and code.
func checkAnswer(t *testing.T, p orb.Point, w geo.Whereabouts, covering []geo.Area) {
	var district, hood *geo.Area
	inside := false
	for i, a := range covering {
		inside = inside || a.Level != geo.Neighbourhood
		switch {
		case a.Level == geo.District && district == nil:
			district = &covering[i]
		case a.Level == geo.Neighbourhood && hood == nil && w.District != nil && *a.Parent == w.District.ID:
			hood = &covering[i]
		}
	}
	if w.Inside != inside || w.Inside != (w.District != nil) || w.Inside != (w.Neighbourhood != nil) {
		t.Errorf("%v, covered by %d: %+v", p, len(covering), w)
		return
	}
	if district != nil && district.ID != w.District.ID {
		t.Errorf("%v lies in district %s, is said to in %s", p, district.Code, w.District.Code)
	}
	if hood != nil && hood.ID != w.Neighbourhood.ID {
		t.Errorf("%v lies in neighbourhood %s, is said to in %s", p, hood.Code, w.Neighbourhood.Code)
	}
}

// Sixty zones, each of its own department: stars with spikes, most with holes,
// many of two pieces, all over each other and beyond the boundary.
func TestAreaIndexAgreesWithSTCoversOnStars(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(11, 12))
	var shapes []orb.MultiPolygon
	var zones []geo.Zone
	for i := range 60 {
		size := .002 + .03*r.Float64()*r.Float64()
		at := orb.Point{34.8 + .2*r.Float64(), 32.2 + .2*r.Float64()}
		mp := orb.MultiPolygon{starPolygon(r, at, size, i%4 > 0)}
		if i%2 == 0 {
			mp = append(mp, starPolygon(r, orb.Point{at[0] + 2.1*size, at[1]}, size, i%3 > 0))
		}
		shapes = append(shapes, mp)
		zones = append(zones, geo.Zone{ID: uuid.New(), Department: fmt.Sprintf("%02d", i), Code: fmt.Sprint(i), Geom: mp})
	}
	middle := geo.Area{ID: uuid.New(), Level: geo.Boundary, Code: "m", Geom: orb.MultiPolygon{starPolygon(r, orb.Point{34.9, 32.3}, .1, false)}}
	index, err := geo.NewAreaIndex(1, []geo.Area{middle}, zones)
	if err != nil {
		t.Fatal(err)
	}
	locator, err := geo.NewLocator(shapes)
	if err != nil {
		t.Fatal(err)
	}
	var room []int32
	agree(t, shapes, func(p orb.Point) (mask int64) {
		for _, z := range index.At(p).Zones {
			var n int
			fmt.Sscan(z.Code, &n)
			mask |= 1 << n
		}
		var same int64
		room = locator.Append(room[:0], p)
		for _, n := range room {
			same |= 1 << n
		}
		if same != mask {
			t.Errorf("%v: %b by the index, %b by the locator", p, mask, same)
		}
		return mask
	})
}

// agree asks PostGIS which shapes cover random points, and compares with ours, a
// bit for each shape. They may differ within a millimetre of a border.
func agree(t *testing.T, shapes []orb.MultiPolygon, ours func(orb.Point) int64) {
	conn := scratch(t)
	rows := make([][]any, len(shapes))
	for i, s := range shapes {
		rows[i] = []any{int32(i), s}
	}
	if _, err := conn.Exec(t.Context(), `create temp table shape (id int, geom geometry)`); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.CopyFrom(t.Context(), pgx.Identifier{"shape"}, []string{"id", "geom"}, pgx.CopyFromRows(rows)); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(13, 14))
	covered, near := 0, 0
	const turn = 50_000
	for done := 0; done < agreePoints; done += turn {
		var xs, ys []float64
		var masks []int64
		for range turn {
			p := randomPoint(r, shapes)
			mask := ours(p)
			if mask != 0 {
				covered++
			}
			xs, ys, masks = append(xs, p[0]), append(ys, p[1]), append(masks, mask)
		}
		type difference struct {
			X, Y         float64
			Ours, Theirs int64
			Metres       float64
		}
		found, err := conn.Query(t.Context(), `
			with point as materialized (
				select n, st_setsrid(st_point(x, y), 4326) as geom, ours
				from unnest($1::float8[], $2::float8[], $3::int8[]) with ordinality as p (x, y, ours, n)
			), theirs as (
				select n, sum(1::int8 << shape.id)::int8 as mask
				from shape join point on shape.geom && point.geom and st_covers(shape.geom, point.geom)
				group by n
			)
			select st_x(geom) as x, st_y(geom) as y, ours, coalesce(mask, 0) as theirs,
				(select min(st_distance(st_boundary(shape.geom)::geography, point.geom::geography)) from shape) as metres
			from point left join theirs using (n)
			where ours <> coalesce(mask, 0)`, xs, ys, masks)
		if err != nil {
			t.Fatal(err)
		}
		differences, err := pgx.CollectRows(found, pgx.RowToStructByName[difference])
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range differences {
			if d.Metres > .001 {
				t.Errorf("%.17g %.17g, %f m from a border: %b, ST_Covers says %b", d.X, d.Y, d.Metres, d.Ours, d.Theirs)
			}
			near++
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d points, %d covered; %d differ within a millimetre of a border", agreePoints, covered, near)
}

// TestITMAgreesWithSTTransform goes over the country in both directions.
func TestITMAgreesWithSTTransform(t *testing.T) {
	t.Parallel()
	conn := scratch(t)
	rows, err := conn.Query(t.Context(), `
		select lon, lat, st_x(itm) as e, st_y(itm) as n, st_x(back) as back_lon, st_y(back) as back_lat
		from (select lon, lat, itm, st_transform(st_setsrid(st_point(floor(st_x(itm)), floor(st_y(itm))), 2039), 4326) as back
			from (select lon, lat, st_transform(st_setsrid(st_point(lon, lat), 4326), 2039) as itm
				from generate_series(34.2, 35.7, 0.05) as lon, generate_series(29.45, 33.3, 0.05) as lat) as there) as here`)
	if err != nil {
		t.Fatal(err)
	}
	type pair struct{ Lon, Lat, E, N, BackLon, BackLat float64 }
	pairs, err := pgx.CollectRows(rows, pgx.RowToStructByName[pair])
	if err != nil {
		t.Fatal(err)
	}
	worst := 0.0
	for _, c := range pairs {
		itm := geo.ToITM(orb.Point{c.Lon, c.Lat})
		back := geo.FromITM(orb.Point{math.Floor(c.E), math.Floor(c.N)})
		worst = max(worst, math.Hypot(itm[0]-c.E, itm[1]-c.N), geo.Metres(back, orb.Point{c.BackLon, c.BackLat}))
	}
	if len(pairs) < 2000 || worst > 1e-6 {
		t.Errorf("%d points, up to %g m off", len(pairs), worst)
	}
}

// scratch is one connection of a new database.
func scratch(t *testing.T) *pgxpool.Conn {
	conn, err := dbtest.New(t).Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Release)
	return conn
}

func realAreas(t *testing.T, level geo.Level, file string) (areas []geo.Area) {
	raw, err := os.ReadFile("../../../shared/data/" + file + ".geojson")
	if err != nil {
		t.Skip("the real layers are not here:", err)
	}
	fc, err := geojson.UnmarshalFeatureCollection(raw)
	if err != nil {
		t.Fatal(err)
	}
	id := func(level geo.Level, code string) uuid.UUID {
		return uuid.NewSHA1(uuid.NameSpaceOID, []byte(string(level)+code))
	}
	for _, f := range fc.Features {
		a := geo.Area{Level: level, Code: f.Properties.MustString("code", file)}
		a.ID = id(level, a.Code)
		if parent := f.Properties.MustString("district", ""); parent != "" {
			of := id(geo.District, parent)
			a.Parent = &of
		}
		switch g := f.Geometry.(type) {
		case orb.Polygon:
			a.Geom = orb.MultiPolygon{g}
		case orb.MultiPolygon:
			a.Geom = g
		}
		if len(a.Geom) > 0 { // the file has a district without ground
			areas = append(areas, a)
		}
	}
	slices.SortFunc(areas, func(a, b geo.Area) int { return strings.Compare(a.Code, b.Code) })
	return areas
}

// starPolygon is seen whole from its centre, so it is valid; its hole is a
// smaller star within.
func starPolygon(r *rand.Rand, at orb.Point, size float64, hole bool) orb.Polygon {
	ring := func(least, most float64) (ring orb.Ring) {
		n := 5 + r.IntN(300)
		for i := range n {
			angle := 2 * math.Pi * (float64(i) + .9*r.Float64()) / float64(n)
			d := least + (most-least)*r.Float64()
			ring = append(ring, orb.Point{at[0] + d*math.Cos(angle), at[1] + d*math.Sin(angle)})
		}
		return append(ring, ring[0])
	}
	poly := orb.Polygon{ring(size/2, size)}
	if hole {
		poly = append(poly, ring(size/20, size/6))
	}
	return poly
}

// randomPoint is anywhere about the shapes or, one time in five, 1 to 100 mm
// from an edge.
func randomPoint(r *rand.Rand, shapes []orb.MultiPolygon) orb.Point {
	mp := shapes[r.IntN(len(shapes))]
	if r.IntN(5) > 0 {
		b := shapes[0].Bound().Union(mp.Bound())
		return orb.Point{
			b.Min[0] + (b.Max[0]-b.Min[0])*(1.02*r.Float64()-.01),
			b.Min[1] + (b.Max[1]-b.Min[1])*(1.02*r.Float64()-.01),
		}
	}
	poly := mp[r.IntN(len(mp))]
	ring := poly[r.IntN(len(poly))]
	i := 1 + r.IntN(len(ring)-1)
	t := r.Float64()
	plane := geo.PlaneAt(orb.Point{ring[i-1][0] + t*(ring[i][0]-ring[i-1][0]), ring[i-1][1] + t*(ring[i][1]-ring[i-1][1])})
	angle, d := 2*math.Pi*r.Float64(), .001*math.Pow(100, r.Float64())
	return plane.Point(orb.Point{d * math.Cos(angle), d * math.Sin(angle)})
}
