package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"moked/migrations/localpg"
)

// TestNoAcknowledgedReportIsLost kills the program, the database and both while
// callers report without a pause, and then counts: every report that was ever
// acknowledged is there once, under the number that it was acknowledged with,
// and the log tells of all of them without a hole.
func TestNoAcknowledgedReportIsLost(t *testing.T) {
	if testing.Short() {
		t.Skip("it kills databases, which takes them a while")
	}
	c := newKillable(t)
	p := c.serve()
	l := c.callers(p.url)
	l.work(16)
	again := func() {
		p = c.serve()
		l.urls.Store(&[]string{p.url})
	}
	disasters := []struct {
		name   string
		happen func()
	}{
		{"the program", func() { p.kill(); again() }},
		{"the database", func() { c.killDatabase(true) }},
		{"the database's first process", func() { c.killDatabase(false) }},
		{"the program and the database", func() { p.kill(); c.killDatabase(true); again() }},
		{"the database and, while it comes back, the program", func() {
			c.killDatabase(true)
			time.Sleep(time.Duration(rand.IntN(600)) * time.Millisecond)
			p.kill()
			again()
		}},
	}
	for range 2 {
		for _, d := range disasters {
			l.more(40 + rand.IntN(80))
			began := time.Now()
			d.happen()
			l.more(10)
			t.Logf("killed %s: %d acknowledged, the tenth since then after %v", d.name, l.count(), time.Since(began).Round(time.Millisecond))
		}
	}
	l.stop()
	t.Logf("%d reports acknowledged after %d retries", len(l.acks), l.retries)
	c.count(l)
	l.again()
	c.count(l)
	s := l.snapshot()
	w := l.watch(func() []string { return []string{p.url} })
	if diff := cmp.Diff(s.objects, w.caughtUp(s.seq)); diff != "" {
		t.Errorf("the snapshot is not what the feed tells from its beginning (-snapshot +feed):\n%s", diff)
	}
	if int(s.seq) < len(l.acks) {
		t.Errorf("%d events of %d reports", s.seq, len(l.acks))
	}
}

// TestTwoProcessesGiveOnePicture runs two servers on one database: what is
// filed with one shows on the screens of both, and when either is killed the
// other goes on, and the screens with it.
func TestTwoProcessesGiveOnePicture(t *testing.T) {
	if testing.Short() {
		t.Skip("it kills servers, which takes them a while")
	}
	c := newKillable(t)
	servers := []*program{c.serve(), c.serve()}
	l := c.callers(servers[0].url)
	here := func(i int) func() []string { // process i, or else the other
		return func() []string {
			urls := *l.urls.Load()
			return []string{urls[i%len(urls)], urls[(i+1)%len(urls)]}
		}
	}
	both := func() { l.urls.Store(&[]string{servers[0].url, servers[1].url}) }
	both()
	screens := []*watcher{l.watch(here(0)), l.watch(here(1))}
	l.work(4)
	for round := range 4 {
		i := round % 2
		l.more(60)
		servers[i].kill()
		other := servers[1-i]
		l.urls.Store(&[]string{other.url})
		l.more(60)
		servers[i] = c.serve()
		both()
	}
	l.stop()
	// One at each, seen by both.
	for _, p := range servers {
		l.urls.Store(&[]string{p.url})
		a, ok := l.report(fmt.Sprint("last ", p.url), l.body())
		if ok {
			l.acks = append(l.acks, a)
		}
		for _, w := range screens {
			w.sees(a.number)
		}
	}
	both()
	c.count(l)
	s := l.snapshot()
	for i, w := range screens {
		if diff := cmp.Diff(s.objects, w.caughtUp(s.seq)); diff != "" {
			t.Errorf("screen %d shows what is not so (-is +shown):\n%s", i, diff)
		}
		for _, a := range l.acks {
			if w.reports[a.number] != 1 {
				t.Errorf("screen %d was told %d times of report %s", i, w.reports[a.number], a.number)
			}
		}
	}
	t.Logf("%d reports acknowledged after %d retries; the screens resumed %d and %d times", len(l.acks), l.retries, screens[0].resumed, screens[1].resumed)
}

// count compares what was acknowledged with what the database holds.
func (c *killable) count(l *callers) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	// A use that lingers leaves it to others to start the server again.
	box, err := localpg.Start(ctx, localpg.Options{Dir: c.dir, Linger: time.Millisecond})
	if err != nil {
		c.t.Fatal(err)
	}
	defer box.Stop(ctx)
	conn, err := pgx.Connect(ctx, box.URL())
	if err != nil {
		c.t.Fatal(err)
	}
	defer conn.Close(ctx)

	type row struct{ Key, ID, Number string }
	rows, _ := conn.Query(ctx, `select coalesce(idempotency, ''), id::text, number from report order by number`)
	there, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
	if err != nil {
		c.t.Fatal(err)
	}
	byKey := map[string]row{}
	for _, r := range there {
		if _, twice := byKey[r.Key]; twice {
			c.t.Errorf("key %s is there twice", r.Key)
		}
		byKey[r.Key] = r
	}
	for _, a := range l.acks {
		if r, ok := byKey[a.key]; !ok {
			c.t.Errorf("report %s was acknowledged and is lost", a.number)
		} else if r.ID != a.id || r.Number != a.number {
			c.t.Errorf("report %s (%s) was acknowledged as %s (%s)", r.Number, r.ID, a.number, a.id)
		}
	}
	if len(there) != len(l.acks) {
		c.t.Errorf("%d reports are there, %d were acknowledged", len(there), len(l.acks))
	}
	for what, sql := range map[string]string{
		"holes in the log":                  `select count(*) from (select seq, row_number() over (partition by authority order by seq) as n from event) e where seq <> n`,
		"logs that don't end at their head": `select count(*) from feed_head h where seq <> (select max(seq) from event e where e.authority = h.authority)`,
		"reports that the log tells of other than once": `select count(*) from report r where 1 <>
			(select count(*) from event e where e.incident = r.incident and e.noun = 'incident' and e.note ->> 'report' = r.number)`,
		"incidents that count their reports wrongly": `select count(*) from incident i where i.reports <> (select count(*) from report r where r.incident = i.id)`,
		"open incidents without a job":               `select count(*) from incident i where i.state = 'open' and not exists (select from job j where j.incident = i.id)`,
	} {
		var n int
		if err := conn.QueryRow(ctx, sql).Scan(&n); err != nil {
			c.t.Fatalf("%s: %v", what, err)
		}
		if n != 0 {
			c.t.Errorf("%d %s", n, what)
		}
	}
}
