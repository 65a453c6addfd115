package fieldapi

import (
	"fmt"
	"runtime/debug"
	"syscall"
	"testing"
	"time"

	"moked/dispatch"
	"moked/dispatch/feed"
)

const (
	movingCrews     = 2000
	crewConsoles    = 100
	crewFeedSeconds = 10
	placeCrews      = `
insert into crew_position (crew, authority, geom, heading, speed, accuracy, at)
select w.id, w.authority, st_setsrid(st_makepoint($2::float8 + random() * 0.05, $3::float8 + random() * 0.05), 4326), 90, 11.1, 4.5, now()
from crew w where w.authority = $1`
	moveCrews = `
update crew_position set geom = st_translate(geom, (random() - 0.5) * 1e-4, (random() - 0.5) * 1e-4), heading = floor(random() * 3600) / 10,
	speed = floor(random() * 200) / 10, at = now(), received_at = now()
where authority = $1`
)

// BenchmarkCrewsFeed measures what 2,000 crews that all move every second cost
// the feed while 100 consoles watch: half see all of them, the other half a
// box of its own each. The positions are made in the database, so what the
// process uses, without the thread that plays the consoles, is the feed's:
// reading them, encoding them and writing them out. 100 % is one core.
func BenchmarkCrewsFeed(b *testing.B) {
	b.Cleanup(func() { debug.SetGCPercent(100) })
	debug.SetGCPercent(300) // as the server does
	s := newServer(b, func(o *Options, f *feed.Options) { o.Recheck, f.Mark, f.Positions = 0, 0, 0 })
	_, err := s.pool.Exec(b.Context(), insertCrews, townCode, movingCrews)
	s.must(err)
	bound := s.town.Boundary.Bound()
	_, err = s.pool.Exec(b.Context(), placeCrews, townCode, bound.Min[0], bound.Min[1])
	s.must(err)
	secret := s.as(dispatch.Dispatcher).secret
	request := func(query string) string {
		return fmt.Sprintf("GET /api/v1/feed%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n", query, secret)
	}
	crowd := newCrowd(b, s.url, request(""), crewConsoles/2)
	defer crowd.close()
	for n := range crewConsoles / 2 {
		west := bound.Min[0] + float64(n)*0.0005
		crowd.join(b, s.url, request(fmt.Sprintf("?bbox=%f,%f,%f,%f", west, bound.Min[1], west+0.02, bound.Min[1]+0.02)))
	}
	move := func() {
		_, err := s.pool.Exec(b.Context(), moveCrews, townCode)
		s.must(err)
	}
	move()
	time.Sleep(2 * time.Second)
	b.ResetTimer()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	cpu, own, told, start := processTime(syscall.RUSAGE_SELF), crowd.cpu.Load(), crowd.bytes.Load(), time.Now()
	for range crewFeedSeconds {
		move()
		<-tick.C
	}
	took := time.Since(start).Seconds()
	used := float64(processTime(syscall.RUSAGE_SELF)-cpu-(crowd.cpu.Load()-own)) / 1e9
	mb := float64(crowd.bytes.Load()-told) / 1e6 / took
	if mb < 5 {
		b.Fatalf("the consoles were told %.1f MB a second", mb)
	}
	b.ReportMetric(100*used/took, "core-%")
	b.ReportMetric(mb, "MB/s")
	b.ReportMetric(0, "ns/op")
}

// processTime is what a process or a thread has used of the processors, in
// nanoseconds.
func processTime(who int) int64 {
	var u syscall.Rusage
	if syscall.Getrusage(who, &u) != nil {
		return 0
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
