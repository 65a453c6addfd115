package fieldapi

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"moked/dispatch"
	"moked/dispatch/feed"
	"moked/geo/postgis"
	"moked/migrations/dbtest"
)

// A city's worth of crews, each with a phone.
const fixDevices = 2000

const (
	insertCrews = `
insert into crew (id, authority, code, name, departments) select gen_random_uuid(), $1, 'K' || n, 'צוות ' || n, array['electricity']
from generate_series(0, $2::int - 1) n`
	insertPhones = `
insert into tracker (id, authority, crew, protocol, name, device, hash, created_at)
select gen_random_uuid(), w.authority, w.id, 'osmand', '', '', sha256('osmand'::bytea || '\x00'::bytea || convert_to('bench-device-' || substr(w.code, 2), 'UTF8')), now()
from crew w where w.authority = $1`
)

// BenchmarkFixes has 2,000 phones send their fixes, each request one fix as
// OsmAnd's protocol has it, on a server that syncs to disk: an answer means
// that the fix is there.
func BenchmarkFixes(b *testing.B) {
	b.Cleanup(func() { debug.SetGCPercent(100) })
	debug.SetGCPercent(300) // as the server does
	pool, err := postgis.Connect(b.Context(), dbtest.Server(b).URL())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(pool.Close)
	s := serverOn(b, pool, theTown(), func(_ *Options, f *feed.Options) { f.Mark, f.Positions = 0, 0 })
	_, err = pool.Exec(b.Context(), insertCrews, townCode, fixDevices)
	s.must(err)
	_, err = pool.Exec(b.Context(), insertPhones, townCode)
	s.must(err)
	s.must(s.desk.KeepTracks(b.Context(), 30*24*time.Hour))
	_, err = pool.Exec(b.Context(), "checkpoint")
	s.must(err)
	port := s.trackerPort(b)
	s.sendFixes(b, port, time.Now().Add(-2*time.Hour), benchWarm)
	b.ResetTimer()
	before := s.desk.Judged(dispatch.FixMoved)
	start := time.Now()
	s.sendFixes(b, port, time.Now().Add(-time.Hour), benchTime)
	took := time.Since(start).Seconds()
	moved := float64(s.desk.Judged(dispatch.FixMoved) - before)
	var stored float64
	s.must(pool.QueryRow(b.Context(), `select count(*) from track where at > now() - interval '65 minutes'`).Scan(&stored))
	if stored != moved || moved == 0 {
		b.Fatalf("%v fixes were accepted and %v are stored", moved, stored)
	}
	b.ReportMetric(moved/took, "fixes/s")
	b.ReportMetric(0, "ns/op")
}

// sendFixes has connections send the devices' fixes in turn, each waiting for
// its answers, for a while.
func (s *server) sendFixes(b *testing.B, port string, from time.Time, d time.Duration) {
	b.Helper()
	var (
		wg    sync.WaitGroup
		round [fixDevices]atomic.Int64
	)
	end := time.Now().Add(d)
	for c := range benchCallers {
		wg.Go(func() {
			conn, err := net.Dial("tcp", port)
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			in := bufio.NewReader(conn)
			for n := c; time.Now().Before(end); n += benchCallers {
				device := n % fixDevices
				step := round[device].Add(1)
				where := s.town.Extract.Addresses[device%len(s.town.Extract.Addresses)].Point
				_, err := fmt.Fprintf(conn, "GET ?id=bench-device-%d&timestamp=%d&lat=%.6f&lon=%.6f&speed=12&bearing=90&accuracy=5&batt=80 HTTP/1.1\r\nHost: x\r\n\r\n",
					device, from.UnixMilli()+step*1000, where[1]+float64(step)*1e-5, where[0])
				if err == nil {
					err = taken(in)
				}
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// taken reads an answer, which must be an empty 200.
func taken(in *bufio.Reader) error {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(line, []byte("HTTP/1.1 200")) {
		return fmt.Errorf("%s", line)
	}
	for len(line) > 2 {
		if line, err = in.ReadSlice('\n'); err != nil {
			return err
		}
	}
	return nil
}
