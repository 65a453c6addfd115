package desk

import (
	"context"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"moked/dispatch"
	"moked/geo/postgis"
	"moked/migrations/dbtest"
)

// The database is killed while reports come in. Whoever was told that a report
// is filed finds it afterwards, and the log has no hole.
func TestNoAcknowledgedReportIsLost(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("kills a database")
	}
	server := dbtest.Server(t)
	pool, err := postgis.Connect(t.Context(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	c := cityOn(t, pool, true)
	ctx, stop := context.WithCancel(t.Context())
	var (
		mu    sync.Mutex
		acked []string
		wg    sync.WaitGroup
	)
	for range 16 {
		wg.Go(func() {
			for ctx.Err() == nil {
				f, err := c.FileReport(t.Context(), c.dispatcher(), told("street-light-out", "פנס", spread()))
				if err != nil {
					time.Sleep(20 * time.Millisecond)
					continue
				}
				mu.Lock()
				acked = append(acked, f.Number)
				mu.Unlock()
			}
		})
	}
	count := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(acked)
	}
	more := func(n int) {
		t.Helper()
		for limit := time.Now().Add(60 * time.Second); count() < n; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(limit) {
				t.Fatalf("%d reports were filed, want %d", count(), n)
			}
		}
	}
	for range 2 {
		more(count() + 200)
		if err := syscall.Kill(server.PID(), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		more(count() + 200)
	}
	stop()
	wg.Wait()
	rows, err := pool.Query(t.Context(), `select number from report`)
	if err != nil {
		t.Fatal(err)
	}
	kept := map[string]bool{}
	for rows.Next() {
		var number string
		c.must(rows.Scan(&number))
		kept[number] = true
	}
	c.must(rows.Err())
	lost := slices.DeleteFunc(slices.Clone(acked), func(n string) bool { return kept[n] })
	if len(lost) > 0 {
		t.Errorf("of %d acknowledged reports %d are lost: %v", len(acked), len(lost), lost[:min(5, len(lost))])
	}
	slices.Sort(acked)
	if n := len(slices.Compact(acked)); n != len(acked) {
		t.Errorf("%d numbers were given twice", len(acked)-n)
	}
	if n := c.count(`select (select seq from feed_head) - (select count(*) from event)`); n != 0 {
		t.Errorf("the log has %d holes", n)
	}
	if s := c.hub.Stats(); s.Gaps != 0 {
		t.Errorf("the tailer met %d gaps", s.Gaps)
	}
	picture, err := c.Snapshot(t.Context(), c.actor(dispatch.Admin))
	c.must(err)
	if len(picture.Incidents) == 0 || len(picture.Incidents) != len(picture.Jobs) {
		t.Errorf("%d incidents, %d jobs", len(picture.Incidents), len(picture.Jobs))
	}
}
