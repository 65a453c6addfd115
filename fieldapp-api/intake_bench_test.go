package fieldapi

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"moked/dispatch"
	"moked/dispatch/feed"
	"moked/geo/postgis"
	"moked/geo/town"
	"moked/migrations/dbtest"
)

const (
	benchCallers = 256
	benchWarm    = time.Second
	benchTime    = 5 * time.Second
)

// BenchmarkIntake files reports over HTTP, each from a caller who waits for
// the answer, on a server that syncs to disk: half of them told in words, half
// as points, with everything that a report sets off. Beside it, in the same
// run, pgbench inserts one report with its zone and one row of an outbox at 32
// clients. Then it files at half of its own peak, and the time to the answer
// counts from when the report was due.
func BenchmarkIntake(b *testing.B) {
	b.Cleanup(func() { debug.SetGCPercent(100) })
	debug.SetGCPercent(300) // as the server does
	database := dbtest.Server(b)
	pool, err := postgis.Connect(b.Context(), database.URL())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(pool.Close)
	s := serverOn(b, pool, town.New(106, 100_000), func(_ *Options, f *feed.Options) { f.Mark = 0 })
	s.follow(b)
	for n := range 40 {
		s.as(dispatch.Admin).crew("E"+strconv.Itoa(n), "electricity")
	}
	requests := s.requests(b, 1<<15)
	peer, prepared := yardstick(b, s, database.URL())
	if _, err := pool.Exec(b.Context(), "checkpoint"); err != nil {
		b.Fatal(err)
	}
	s.fileFor(b, requests, benchWarm, 0)
	b.ResetTimer()
	times, took := s.fileFor(b, requests, benchTime, 0)
	peak := float64(len(times)) / took.Seconds()
	b.ReportMetric(peak, "reports/s")
	b.ReportMetric(float64(at(times, .99))/1e6, "peak-p99-ms")
	b.ReportMetric(peer, "pgbench/s")
	b.ReportMetric(peak/peer, "×pgbench")
	b.ReportMetric(prepared, "pgbench-prepared/s")
	times, _ = s.fileFor(b, requests, benchTime, peak/2)
	b.ReportMetric(float64(at(times, .5))/1e6, "half-p50-ms")
	b.ReportMetric(float64(at(times, .99))/1e6, "half-p99-ms")
	b.ReportMetric(0, "ns/op")
}

// requests are reports ready to be sent.
func (s *server) requests(b *testing.B, n int) [][]byte {
	b.Helper()
	token := s.as(dispatch.Operator).secret
	host := strings.TrimPrefix(s.url, "http://")
	categories := []string{"street-light-out", "pothole", "bin-overflow", "water-leak"}
	known := string(s.as(dispatch.Operator).get("/categories").body)
	categories = slices.DeleteFunc(categories, func(c string) bool { return !strings.Contains(known, `"`+c+`"`) })
	all := make([][]byte, n)
	for i := range all {
		told, where, _ := s.house(rand.IntN(1 << 30))
		place := fmt.Sprintf(`{"text":%q}`, told)
		if i%2 == 0 {
			place = fmt.Sprintf(`{"lat":%.6f,"lon":%.6f}`, where[1]+rand.NormFloat64()*1e-4, where[0]+rand.NormFloat64()*1e-4)
		}
		body := fmt.Sprintf(`{"channel":"phone","category":%q,"text":"פנס לא דולק ליד הגן, כבר שלושה ימים, חשוך מאוד בערב","place":%s,"contact":{"name":"דנה לוי","phone":"052-%07d"}}`,
			categories[i%len(categories)], place, rand.IntN(1e7))
		all[i] = fmt.Appendf(nil, "POST /api/v1/reports HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
			host, token, len(body), body)
	}
	return all
}

// fileFor files reports for a while, as fast as the answers come or, with a
// rate, each when it is due. It returns the times to the answers, in order.
func (s *server) fileFor(b *testing.B, requests [][]byte, d time.Duration, rate float64) (times []time.Duration, took time.Duration) {
	b.Helper()
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		next atomic.Int64
	)
	start := time.Now()
	for range benchCallers {
		wg.Go(func() {
			conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			in := bufio.NewReader(conn)
			var own []time.Duration
			for {
				n := next.Add(1) - 1
				due := time.Now()
				if rate > 0 {
					due = start.Add(time.Duration(float64(n) / rate * 1e9))
					time.Sleep(time.Until(due))
				}
				if due.Sub(start) > d {
					break
				}
				if _, err := conn.Write(requests[n%int64(len(requests))]); err != nil {
					b.Error(err)
					return
				}
				if err := created(in); err != nil {
					b.Error(err)
					return
				}
				own = append(own, time.Since(due))
			}
			mu.Lock()
			times = append(times, own...)
			mu.Unlock()
		})
	}
	wg.Wait()
	took = time.Since(start)
	slices.Sort(times)
	return times, took
}

// created reads an answer, which must be a 201, as cheaply as can be.
func created(in *bufio.Reader) error {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return err
	}
	ok := bytes.HasPrefix(line, []byte("HTTP/1.1 201"))
	first := string(line)
	length := 0
	for len(line) > 2 {
		if line, err = in.ReadSlice('\n'); err != nil {
			return err
		}
		if rest, is := bytes.CutPrefix(line, []byte("Content-Length: ")); is {
			length, _ = strconv.Atoi(string(bytes.TrimSpace(rest)))
		}
	}
	if !ok {
		b, _ := io.ReadAll(io.LimitReader(in, int64(length)))
		return fmt.Errorf("%s %s", first, b)
	}
	_, err = in.Discard(length)
	return err
}

// at is a quantile of what is in order.
func at(times []time.Duration, q float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	return times[min(len(times)-1, int(q*float64(len(times))))]
}

const (
	// Three hundred zones of about two hundred vertices.
	yard = `
create table yard_zone as select row_number() over () as id,
	st_segmentize(st_makeenvelope(34.55 + x * 0.005, 32.15 + y * 0.00667, 34.555 + x * 0.005, 32.15667 + y * 0.00667, 4326), 0.0001167) as geom
from generate_series(0, 19) x, generate_series(0, 14) y;
create index on yard_zone using gist (geom);
create table yard_report (id bigint generated always as identity primary key, category smallint not null, status smallint not null default 0,
	zone int, text text not null, at timestamptz not null default now(), geom geometry(Point, 4326) not null);
create index on yard_report using gist (geom);
create index on yard_report (zone, status);
create table yard_outbox (id bigint generated always as identity primary key, report bigint not null, kind text not null, payload jsonb not null);
analyze yard_zone`

	yardReport = `
\set lon random(0, 99999)
\set lat random(0, 99999)
\set c random(0, 23)
with p as (select st_setsrid(st_makepoint(34.55 + :lon / 1e6, 32.15 + :lat / 1e6), 4326) as g),
r as (
	insert into yard_report (category, zone, text, geom)
	select :c, (select id from yard_zone z where st_covers(z.geom, p.g) limit 1), 'פנס לא דולק ליד הגן, כבר שלושה ימים, חשוך מאוד בערב', p.g from p
	returning id, zone, category
)
insert into yard_outbox (report, kind, payload) select id, 'created', jsonb_build_object('id', id, 'zone', zone, 'category', category) from r;
`
)

var tps = regexp.MustCompile(`tps = ([0-9.]+)`)

// yardstick is how many reports a second pgbench inserts: as it comes, and with
// statements that are prepared once, which spares the database planning them.
func yardstick(b *testing.B, s *server, url string) (simple, prepared float64) {
	b.Helper()
	_, err := s.pool.Exec(b.Context(), yard)
	s.must(err)
	file := filepath.Join(b.TempDir(), "report.sql")
	s.must(os.WriteFile(file, []byte(yardReport), 0o644))
	program := "pgbench"
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench"); len(found) > 0 {
		program = found[len(found)-1]
	}
	rate := func(mode string) float64 {
		out, err := exec.Command(program, "-n", "-M", mode, "-c", "32", "-j", "2", "-T", strconv.Itoa(int(benchTime.Seconds())), "-f", file, url).CombinedOutput()
		m := tps.FindSubmatch(out)
		if err != nil || m == nil {
			b.Skipf("pgbench: %v: %s", err, out)
		}
		rate, _ := strconv.ParseFloat(string(m[1]), 64)
		return rate
	}
	return rate("simple"), rate("prepared")
}
