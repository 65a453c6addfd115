package fieldapi

import (
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"moked/dispatch"
	"moked/dispatch/feed"
	"moked/dispatch/history"
)

// A million reports of five years, in a hundred crowds of one city, and beside
// them the tables that the best SQL would ask: a square's place stored with
// each report, in an index that holds all that is asked for, and points in the
// tiles' own system.
const (
	benchReports = 1_000_000
	makeHistory  = `
insert into incident (id, authority, number, state, category, department, priority, text, geom, precision, score, label, district, neighbourhood, last_report_at, opened_at, closed_at)
select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'hof', 'B' || n, case when open then 'archived' else 'closed' end,
	category, department, 3, '', st_setsrid(st_makepoint(lon, lat), 4326), 'pin', 1, '', district, '', filed, filed, case when not open then filed + took end
from (
	select n, filed, k.code as category, k.department, took, n % 97 = 0 or filed + took >= now() as open,
		34.6 + (hashint4(n % 100) & 1023) / 20000.0 + (random() + random() + random() - 1.5) * 0.006 as lon,
		32.17 + (hashint4(n % 100 + 1000) & 1023) / 14000.0 + (random() + random() + random() - 1.5) * 0.006 as lat,
		'D' || (1 + n % 17) as district
	from (select n, now() - random() * interval '5 years' as filed, random() * random() * interval '12 days' as took from generate_series(1, $1::int) n) g
	join (select row_number() over (order by code) - 1 as at, code, department, count(*) over () as all from category where authority = 'hof') k on k.at = n % k.all) r`
	makeReports = `
insert into report (id, authority, number, token, channel, category, text, geom, precision, score, label, district, incident, merge, filed_by, filed_at)
select md5(id::text)::uuid, authority, number, number, 'phone', category, '', geom, precision, 1, '', district, id, '{}', '{}', opened_at from incident where number like 'B%'`
	makeClocks = `
insert into clock (incident, kind, n, unit, started_at, due_at, stopped_at)
select id, 'resolution', 3, 'working_days', opened_at, opened_at + interval '4 days', closed_at from incident where number like 'B%'`
	makeCells = `
create table bench_cell as
select i.category, i.district, r.filed_at, i.closed_at, k.due_at, floor(st_x(m) / 250)::int as cx, floor(st_y(m) / 250)::int as cy
from report r join incident i on i.id = r.incident join clock k on k.incident = i.id, st_transform(i.geom, 2039) m`
	indexCells = `create index bench_cell_filed on bench_cell (filed_at) include (cx, cy, district)`
	makePoints = `
create table bench_point as
select i.category, case when i.closed_at is null then 'open' else 'closed' end as state, r.filed_at, st_transform(i.geom, 3857) as geom
from report r join incident i on i.id = r.incident order by 4`
	indexPoints = `create index on bench_point using gist (geom)`

	indexClosed  = `create index bench_cell_closed on bench_cell (closed_at) include (cx, cy, filed_at, district)`
	indexOverdue = `create index bench_cell_overdue on bench_cell (due_at) include (cx, cy, filed_at, district) where closed_at is null`

	askReceived = `select cx, cy, count(*) from bench_cell where filed_at >= $1 and filed_at < $2 and ($3 = '' or district = $3) group by cx, cy`
	askClosed   = `
select cx, cy, count(*), percentile_disc(array[0.5, 0.9]) within group (order by closed_at - filed_at)
from bench_cell where closed_at >= $1 and closed_at < $2 and ($3 = '' or district = $3) group by cx, cy`
	askOverdue = `
select cx, cy, count(*) from bench_cell where $1::timestamptz < $2 and closed_at is null and due_at < now() and filed_at < $2 and ($3 = '' or district = $3) group by cx, cy`
	askTile = `
select st_asmvt(t, 'reports', 4096, 'at') from (
	select category, state, st_asmvtgeom(geom, st_tileenvelope($1, $2, $3), 4096, 0, true) as at
	from bench_point where geom && st_tileenvelope($1, $2, $3)) t`
)

// BenchmarkHistory asks a million reports over HTTP, beside the best SQL for the
// same questions.
func BenchmarkHistory(b *testing.B) {
	s := newServer(b)
	ctx := b.Context()
	for _, sql := range []string{makeHistory, makeReports, makeClocks, makeCells, indexCells, indexClosed, indexOverdue, makePoints, indexPoints} {
		args := []any{}
		if sql == makeHistory {
			args = append(args, benchReports)
		}
		if _, err := s.pool.Exec(ctx, sql, args...); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := s.pool.Exec(ctx, `vacuum analyze`); err != nil {
		b.Fatal(err)
	}
	// A history of its own reads it all, as a server does when it starts.
	hub := feed.NewHub(s.pool, feed.Options{Logger: slog.New(slog.DiscardHandler)})
	past := history.New(s.pool, hub, history.Options{Logger: slog.New(slog.DiscardHandler)})
	runtime.GC()
	before := heap()
	begun := time.Now()
	go func() { _ = hub.Run(ctx) }()
	go func() { _ = past.Run(ctx) }()
	for known := false; !known; time.Sleep(time.Millisecond) {
		_, known = past.Seq(townCode)
	}
	start := time.Since(begun)
	runtime.GC()
	size := float64(heap()-before) / benchReports
	s.api.past = past
	by := s.as(dispatch.Dispatcher)

	now := time.Now()
	day := func(t time.Time) string { return url.QueryEscape(t.UTC().Format(time.RFC3339)) }
	var slowest time.Duration
	least := 1e9
	for _, lens := range []struct {
		of  history.Mark
		ask string
	}{{history.Received, askReceived}, {history.Closed, askClosed}, {history.Overdue, askOverdue}} {
		for _, from := range []time.Time{now.AddDate(0, -1, 0), now.AddDate(-1, 0, 0), now.AddDate(-5, 0, -7)} {
			for _, district := range []string{"", "D3"} {
				path := fmt.Sprintf("/api/v1/heat?cell=250&of=%s&from=%s&to=%s&district=%s", lens.of, day(from), day(now), district)
				var ours []time.Duration
				for range 40 {
					at := time.Now()
					by.fetch(path)
					ours = append(ours, time.Since(at))
				}
				slices.Sort(ours)
				slowest = max(slowest, ours[37])
				// Without the wire: SQL's answer isn't sent to anybody either.
				who := dispatch.Actor{Authority: townCode, Role: dispatch.Admin}
				q := history.CellQuery{Query: history.Query{From: from, To: now}, Size: 250, Of: lens.of}
				if district != "" {
					q.Where.Districts = []string{district}
				}
				scan := middle(9, func() {
					if _, _, err := past.Cells(who, q); err != nil {
						b.Fatal(err)
					}
				})
				sql := middle(5, func() {
					rows, err := s.pool.Query(ctx, lens.ask, from, now, district)
					if err != nil {
						b.Fatal(err)
					}
					for rows.Next() {
						_ = rows.RawValues()
					}
					if rows.Err() != nil {
						b.Fatal(rows.Err())
					}
				})
				fmt.Fprintf(os.Stderr, "# %s since %s, %q: p95 over HTTP %v, scan %v, SQL %v: %.1f times\n", lens.of, from.Format(time.DateOnly), district, ours[37], scan, sql, float64(sql)/float64(scan))
				least = min(least, float64(sql)/float64(scan))
			}
		}
	}
	// What the page asks besides: how it went month by month, and where to look.
	var page time.Duration
	for _, path := range []string{
		fmt.Sprintf("/api/v1/figures?by=month&from=%s&to=%s", day(now.AddDate(-5, 0, 0)), day(now)),
		fmt.Sprintf("/api/v1/figures?by=month&from=%s&to=%s&district=D3", day(now.AddDate(-5, 0, 0)), day(now)),
		fmt.Sprintf("/api/v1/figures/attention?from=%s&to=%s", day(now.AddDate(0, -1, 0)), day(now)),
		fmt.Sprintf("/api/v1/review?from=%s&to=%s", day(now.AddDate(0, -1, 0)), day(now)),
		fmt.Sprintf("/api/v1/review?from=%s&to=%s", day(now.AddDate(-1, 0, 0)), day(now)),
	} {
		var ours []time.Duration
		for range 20 {
			at := time.Now()
			by.fetch(path)
			ours = append(ours, time.Since(at))
		}
		slices.Sort(ours)
		fmt.Fprintf(os.Stderr, "# %s: p95 over HTTP %v\n", path, ours[18])
		page = max(page, ours[18])
	}
	tiles := 1e9
	r := rand.New(rand.NewPCG(1, 106))
	for z := maptile.Zoom(10); z <= 16; z++ {
		var at []maptile.Tile
		for range 12 {
			n := r.IntN(100)
			var p orb.Point
			s.must(s.pool.QueryRow(ctx, `select st_x(geom), st_y(geom) from incident where number = $1`, fmt.Sprint("B", 1+n)).Scan(&p[0], &p[1]))
			at = append(at, maptile.At(p, z))
		}
		ours := middle(5, func() {
			for _, t := range at {
				by.fetch(fmt.Sprintf("/tiles/history/%d/%d/%d.mvt?from=%s&to=%s", z, t.X, t.Y, day(now.AddDate(-6, 0, 0)), day(now.Add(time.Hour))))
			}
		})
		bare := middle(1, func() {
			for _, t := range at {
				var tile []byte
				s.must(s.pool.QueryRow(ctx, askTile, int(z), int(t.X), int(t.Y)).Scan(&tile))
			}
		})
		fmt.Fprintf(os.Stderr, "# z%d: a tile over HTTP %v, bare ST_AsMVT %v: %.1f times\n", z, ours/12, bare/12, float64(bare)/float64(ours))
		tiles = min(tiles, float64(bare)/float64(ours))
	}
	for b.Loop() {
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(start.Seconds(), "start-s")
	b.ReportMetric(size, "bytes/report")
	b.ReportMetric(float64(slowest.Microseconds())/1000, "p95-ms")
	b.ReportMetric(float64(page.Microseconds())/1000, "figures-p95-ms")
	b.ReportMetric(least, "×SQL")
	b.ReportMetric(tiles, "×ST_AsMVT")
}

// fetch reads an answer to its end, without the test's own looking at it.
func (c *client) fetch(path string) {
	c.s.t.Helper()
	r, err := http.NewRequest("GET", c.s.url+path, nil)
	c.s.must(err)
	r.Header.Set("Authorization", "Bearer "+c.secret)
	w, err := http.DefaultClient.Do(r)
	c.s.must(err)
	defer w.Body.Close()
	if _, err := io.Copy(io.Discard, w.Body); err != nil || w.StatusCode != http.StatusOK {
		c.s.t.Fatal(path, w.StatusCode, err)
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// middle is the median time of n runs.
func middle(n int, f func()) time.Duration {
	var took []time.Duration
	for range n {
		at := time.Now()
		f()
		took = append(took, time.Since(at))
	}
	slices.Sort(took)
	return took[n/2]
}
