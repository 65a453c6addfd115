package desk

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"moked/geo/postgis"
	"moked/migrations/dbtest"
)

// One report with its zone, and one row for the outbox, in one statement: what
// a good engineer would write first.
const yardstick = `
\set lon random(0, 99999)
\set lat random(0, 99999)
with r as (
	insert into yard_report (category, text, geom, zone)
	select 'street-light-out', 'פנס לא דולק ליד הגן', p, (select z.id from yard_zone z where st_covers(z.geom, p) limit 1)
	from st_setsrid(st_makepoint(34.80 + :lon * 0.000001, 32.00 + :lat * 0.000001), 4326) p
	returning id, zone
)
insert into yard_outbox (type, body) select 'report.filed', jsonb_build_object('id', id, 'zone', zone) from r;
`

// Three hundred zones of about two hundred vertices.
const yard = `
create table yard_zone as
select row_number() over () as id, st_segmentize(st_makeenvelope(34.80 + x * 0.005, 32.00 + y * 0.00667, 34.805 + x * 0.005, 32.00667 + y * 0.00667, 4326), 0.0001167) as geom
from generate_series(0, 19) x, generate_series(0, 14) y;
create index on yard_zone using gist (geom);
create table yard_report (id bigint generated always as identity primary key, at timestamptz default now(), category text, text text, geom geometry(Point, 4326), zone int);
create index on yard_report using gist (geom);
create index on yard_report (zone);
create table yard_outbox (id bigint generated always as identity primary key, at timestamptz default now(), type text, body jsonb);
analyze yard_zone`

// BenchmarkIntake files reports on a database that syncs to disk, from 256
// callers, and compares with pgbench at 32 clients in the same run.
func BenchmarkIntake(b *testing.B) {
	server := dbtest.Server(b)
	pool, err := postgis.Connect(b.Context(), server.URL())
	if err != nil {
		b.Fatal(err)
	}
	defer pool.Close()
	c := cityOn(b, pool, true)
	for n := range 40 {
		c.crew("k"+strconv.Itoa(n), "electricity", spread(), "electrician")
	}
	peer := pgbench(b, c, server.URL())
	var slowest atomic.Int64
	who := c.dispatcher()
	b.SetParallelism(128)
	b.ResetTimer()
	start := time.Now()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			began := time.Now()
			if _, err := c.FileReport(context.Background(), who, told("street-light-out", "פנס לא דולק ליד הגן", spread())); err != nil {
				b.Error(err)
				return
			}
			took := int64(time.Since(began))
			for old := slowest.Load(); took > old && !slowest.CompareAndSwap(old, took); old = slowest.Load() {
			}
		}
	})
	rate := float64(b.N) / time.Since(start).Seconds()
	b.ReportMetric(rate, "reports/s")
	b.ReportMetric(peer, "pgbench/s")
	b.ReportMetric(rate/peer, "ratio")
	b.ReportMetric(float64(slowest.Load())/1e6, "max-ms")
}

func spread() orb.Point {
	return orb.Point{34.80 + rand.Float64()*0.1, 32.00 + rand.Float64()*0.1}
}

// pgbench is the rate of the yardstick at 32 clients, or 1 where pgbench is
// missing.
func pgbench(b *testing.B, c *city, url string) float64 {
	b.Helper()
	_, err := c.pool.Exec(c.ctx, yard)
	c.must(err)
	file := b.TempDir() + "/yard.sql"
	c.must(os.WriteFile(file, []byte(yardstick), 0o644))
	out, err := exec.Command("pgbench", "-n", "-M", "prepared", "-c", "32", "-j", "2", "-T", "6", "-f", file, url).CombinedOutput()
	m := regexp.MustCompile(`tps = ([0-9.]+)`).FindSubmatch(out)
	if err != nil || m == nil {
		b.Logf("pgbench: %v\n%s", err, out)
		return 1
	}
	tps, _ := strconv.ParseFloat(string(m[1]), 64)
	return tps
}
