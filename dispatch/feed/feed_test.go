package feed

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"moked/dispatch"
	"moked/geo"
	"moked/migrations/dbtest"
)

const town = "town"

// newTown is a database with one authority.
func newTown(t testing.TB) *pgxpool.Pool {
	t.Helper()
	pool := dbtest.New(t)
	exec(t, pool, `insert into authority (code, names) values ('town', '{"he": "עיר"}')`)
	return pool
}

func exec(t testing.TB, pool *pgxpool.Pool, sql string, args ...any) {
	t.Helper()
	if _, err := pool.Exec(context.Background(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// running is a hub that runs until the test ends, with everything quick.
func running(t testing.TB, pool *pgxpool.Pool, o Options) *Hub {
	t.Helper()
	if o.Positions == 0 {
		o.Positions = 30 * time.Millisecond
	}
	if o.Mark == 0 {
		o.Mark = 50 * time.Millisecond
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	h := NewHub(pool, o)
	start(t, h)
	return h
}

func start(t testing.TB, h *Hub) {
	ctx, stop := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- h.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ran; err != nil {
			t.Error(err)
		}
	})
	<-h.taken
}

func job(id uuid.UUID, district string, p *orb.Point) dispatch.Job {
	j := dispatch.Job{ID: id, State: dispatch.JobPlanned, Department: "roads", Place: dispatch.Place{Precision: geo.Unplaced}}
	if district != "" {
		j.Place.District = &dispatch.Ref{Code: district}
	}
	if p != nil {
		j.Place.Lat, j.Place.Lon = &p[1], &p[0]
	}
	return j
}

func eventOf(t testing.TB, event string, j dispatch.Job, was *dispatch.Scope) dispatch.Event {
	t.Helper()
	body, err := json.Marshal(j)
	if err != nil {
		t.Fatal(err)
	}
	return dispatch.Event{Type: event, At: time.Now().UTC(), By: dispatch.By{Role: dispatch.Dispatcher, Name: "נועה"}, Noun: dispatch.NounJob,
		Object: j.ID, Incident: j.Incident, Scope: j.Scope(), Was: was, Gone: !j.Live(), Body: body}
}

// commit appends events in one transaction, and wakes the hub if there is one.
func commit(t testing.TB, pool *pgxpool.Pool, h *Hub, events ...dispatch.Event) int64 {
	t.Helper()
	var last int64
	err := pgx.BeginFunc(context.Background(), pool, func(tx pgx.Tx) (err error) {
		last, err = Append(context.Background(), tx, town, events)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if h != nil {
		h.Wake(town, events...)
	}
	return last
}

type line struct {
	Seq      int64          `json:"seq"`
	Type     string         `json:"type"`
	Upto     int64          `json:"upto"`
	Removed  bool           `json:"removed"`
	Job      *dispatch.Job  `json:"job"`
	By       *dispatch.By   `json:"by"`
	Note     map[string]any `json:"note"`
	Crews    []dispatch.Position
	Incident *dispatch.Incident `json:"incident"`
}

func subscribe(t testing.TB, h *Hub, a dispatch.Actor, since int64, log string, bbox *orb.Bound) *Reader {
	t.Helper()
	a.Authority = town
	r, err := h.Subscribe(context.Background(), a, since, log, bbox)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// until reads frames until one entry satisfies done, and returns all entries.
func until(t testing.TB, r *Reader, done func(line) bool) []line {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var all []line
	for {
		frame, err := r.Next(ctx)
		if err != nil {
			t.Fatalf("after %d entries: %v", len(all), err)
		}
		var ls []line
		if err := json.Unmarshal(frame, &ls); err != nil {
			t.Fatalf("%v\n%s", err, frame)
		}
		all = append(all, ls...)
		if slices.ContainsFunc(ls, done) {
			return all
		}
	}
}

func upto(seq int64) func(line) bool { return func(l line) bool { return l.Upto >= seq } }

// told are the entries with a seq.
func told(ls []line) []line {
	return slices.DeleteFunc(ls, func(l line) bool { return l.Seq == 0 })
}

var admin = dispatch.Actor{Role: dispatch.Admin}

func TestCommitOrderWithoutHoles(t *testing.T) {
	t.Parallel()
	pool := newTown(t)
	h := running(t, pool, Options{})
	r := subscribe(t, h, admin, 0, "", nil)
	const writers, each = 8, 60
	g := errgroup.Group{}
	for w := range writers {
		g.Go(func() error {
			for n := range each {
				commit(t, pool, h, slices.Repeat([]dispatch.Event{eventOf(t, "job.created", job(uuid.New(), "", nil), nil)}, 1+(w+n)%3)...)
			}
			return nil
		})
	}
	total := int64(writers * each * 2) // 1, 2 and 3 events by turns
	ls := told(until(t, r, upto(total)))
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	for n, l := range ls {
		if l.Seq != int64(n)+1 {
			t.Fatalf("entry %d has seq %d", n, l.Seq)
		}
	}
	if int64(len(ls)) != total || h.Stats().Gaps != 0 {
		t.Errorf("%d of %d events, %d gaps", len(ls), total, h.Stats().Gaps)
	}
}

func TestTwoProcessesOnePicture(t *testing.T) {
	t.Parallel()
	pool := newTown(t)
	// A poll once an hour: only the notification can tell the other one.
	a := running(t, pool, Options{Poll: time.Hour})
	b := running(t, pool, Options{Poll: time.Hour})
	commit(t, pool, a, eventOf(t, "job.created", job(uuid.New(), "", nil), nil))
	r := subscribe(t, b, admin, 0, "", nil)
	until(t, r, upto(1))
	for n := range int64(20) {
		seq := commit(t, pool, a, eventOf(t, "job.created", job(uuid.New(), "", nil), nil))
		if seq != n+2 {
			t.Fatalf("seq %d", seq)
		}
	}
	until(t, r, upto(21))
}

// A plain sequence would let a reader miss what commits late; a hole, however
// it came about, is found.
func TestPlantedGapIsFound(t *testing.T) {
	t.Parallel()
	pool := newTown(t)
	h := running(t, pool, Options{Poll: 20 * time.Millisecond})
	commit(t, pool, h, eventOf(t, "job.created", job(uuid.New(), "", nil), nil))
	r := subscribe(t, h, admin, 0, "", nil)
	until(t, r, upto(1))
	exec(t, pool, `update feed_head set seq = seq + 1`)
	commit(t, pool, h, eventOf(t, "job.created", job(uuid.New(), "", nil), nil))
	until(t, r, func(l line) bool { return l.Type == "resync" })
	if h.Stats().Gaps != 1 {
		t.Errorf("%d gaps counted", h.Stats().Gaps)
	}
	seq := commit(t, pool, h, eventOf(t, "job.created", job(uuid.New(), "", nil), nil))
	until(t, r, upto(seq))
}

func TestScopes(t *testing.T) {
	t.Parallel()
	pool := newTown(t)
	h := running(t, pool, Options{})
	id, crew := uuid.New(), uuid.New()
	west := job(id, "west", nil)
	assigned := west
	assigned.Crew = &crew
	east := assigned
	east.Place.District = &dispatch.Ref{Code: "east"}
	done := east
	done.State = dispatch.JobDone
	last := commit(t, pool, h,
		eventOf(t, "job.created", west, nil),
		eventOf(t, "job.assigned", assigned, new(west.Scope())),
		eventOf(t, "job.changed", east, new(assigned.Scope())),
		eventOf(t, "job.completed", done, nil),
	)
	type seen struct {
		seq     int64
		removed bool
		whole   bool
	}
	for name, tt := range map[string]struct {
		who  dispatch.Actor
		want []seen
	}{
		"admin":   {admin, []seen{{1, false, true}, {2, false, true}, {3, false, true}, {4, true, true}}},
		"west":    {dispatch.Actor{Role: dispatch.DistrictManager, District: "west"}, []seen{{1, false, true}, {2, false, true}, {3, true, false}}},
		"east":    {dispatch.Actor{Role: dispatch.DistrictManager, District: "east"}, []seen{{3, false, true}, {4, true, true}}},
		"roads":   {dispatch.Actor{Role: dispatch.DepartmentHead, Department: "roads"}, []seen{{1, false, true}, {2, false, true}, {3, false, true}, {4, true, true}}},
		"water":   {dispatch.Actor{Role: dispatch.DepartmentHead, Department: "water"}, nil},
		"crew":    {dispatch.Actor{Role: dispatch.CrewMember, Crew: crew}, []seen{{2, false, true}, {3, false, true}, {4, true, true}}},
		"another": {dispatch.Actor{Role: dispatch.CrewMember, Crew: uuid.New()}, nil},
		"public":  {dispatch.Actor{Role: dispatch.Public}, nil},
	} {
		ls := until(t, subscribe(t, h, tt.who, 0, "", nil), upto(last))
		var got []seen
		for _, l := range told(ls) {
			got = append(got, seen{l.Seq, l.Removed, l.Job.Department != ""})
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s saw %v, want %v", name, got, tt.want)
		}
	}
}

func TestBoundingBox(t *testing.T) {
	t.Parallel()
	pool := newTown(t)
	h := running(t, pool, Options{})
	box := orb.Bound{Min: orb.Point{34, 32}, Max: orb.Point{35, 33}}
	in, out := &orb.Point{34.5, 32.5}, &orb.Point{36, 32.5}
	a, b, c := uuid.New(), uuid.New(), uuid.New()
	gone := job(b, "", out)
	gone.State = dispatch.JobDone
	r := subscribe(t, h, admin, 0, "", &box)
	last := commit(t, pool, h,
		eventOf(t, "job.created", job(a, "", in), nil),  // 1 put
		eventOf(t, "job.created", job(b, "", out), nil), // 2 a removal: where it was isn't known
		eventOf(t, "job.changed", job(b, "", out), nil), // 3 outside and stays there
		eventOf(t, "job.changed", job(a, "", out), nil), // 4 moves out
		eventOf(t, "job.changed", job(a, "", in), nil),  // 5 moves in
		eventOf(t, "job.created", job(c, "", nil), nil), // 6 unplaced: everywhere
		eventOf(t, "job.completed", gone, nil),          // 7 an end is told anywhere
	)
	var got []string
	for _, l := range told(until(t, r, upto(last))) {
		s := "put"
		if l.Removed {
			s = "removed"
		}
		got = append(got, s)
	}
	if want := "put removed removed put put removed"; strings.Join(got, " ") != want {
		t.Errorf("told %v, want %s", got, want)
	}
}

func TestResidentHasThePublicView(t *testing.T) {
	t.Parallel()
	pool := newTown(t)
	h := running(t, pool, Options{})
	i := dispatch.Incident{ID: uuid.New(), State: dispatch.IncidentOpen, Department: "roads", Text: "השכן שלי יוסי", Withheld: "ממתין"}
	body, _ := json.Marshal(i)
	e := dispatch.Event{Type: "incident.opened", At: time.Now(), By: dispatch.By{Role: dispatch.Operator, Name: "נועה"}, Noun: dispatch.NounIncident,
		Object: i.ID, Incident: i.ID, Scope: i.Scope(), Body: body, Note: map[string]any{"report": "26-000001"}}
	other := eventOf(t, "job.created", job(uuid.New(), "", nil), nil)
	last := commit(t, pool, h, e, other)
	r := subscribe(t, h, dispatch.Actor{Role: dispatch.Resident, Incident: i.ID, Report: uuid.New()}, 0, "", nil)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	frame, err := r.Next(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"יוסי", "נועה", "ממתין", "26-000001", "job"} {
		if strings.Contains(string(frame), secret) {
			t.Errorf("a resident reads %q in %s", secret, frame)
		}
	}
	if r.Upto() != last || !strings.Contains(string(frame), i.ID.String()) {
		t.Errorf("up to %d: %s", r.Upto(), frame)
	}
}

func TestResync(t *testing.T) {
	t.Parallel()
	pool := newTown(t)
	h := running(t, pool, Options{Poll: 20 * time.Millisecond})
	for range 10 {
		commit(t, pool, h, eventOf(t, "job.created", job(uuid.New(), "", nil), nil))
	}
	until(t, subscribe(t, h, admin, 0, "", nil), upto(10))
	resyncs := func(since int64, log string) bool {
		r := subscribe(t, h, admin, since, log, nil)
		commit(t, pool, h, eventOf(t, "job.created", job(uuid.New(), "", nil), nil))
		ls := until(t, r, func(l line) bool { return l.Upto > 0 || l.Type == "resync" })
		return ls[0].Type == "resync"
	}
	var log string
	if err := pool.QueryRow(t.Context(), `select log::text from feed_head`).Scan(&log); err != nil {
		t.Fatal(err)
	}
	if resyncs(5, log) || resyncs(5, "") || resyncs(-1, "") {
		t.Error("a log that can be read on was called another one")
	}
	if !resyncs(5, uuid.NewString()) || !resyncs(1e6, log) {
		t.Error("another log was read on")
	}
	exec(t, pool, `update event set at = at - interval '1 day' where seq <= 7`)
	if n, err := h.Trim(t.Context(), time.Now().Add(-time.Hour)); n != 7 || err != nil {
		t.Fatalf("trimmed %d: %v", n, err)
	}
	for h.log(town).now.Load().trimmed != 7 {
		time.Sleep(5 * time.Millisecond)
	}
	if !resyncs(3, log) || resyncs(7, log) {
		t.Error("the trimmed part decides wrongly")
	}
	// A restored database has another log; who reads on is told.
	r := subscribe(t, h, admin, -1, log, nil)
	exec(t, pool, `update feed_head set log = gen_random_uuid()`)
	until(t, r, func(l line) bool { return l.Type == "resync" })
}

func TestReplayFromTheDatabase(t *testing.T) {
	t.Parallel()
	pool := newTown(t)
	const n = 3 * page
	var es []dispatch.Event
	for range n {
		es = append(es, eventOf(t, "job.created", job(uuid.New(), "", nil), nil))
	}
	commit(t, pool, nil, es...)
	h := running(t, pool, Options{MaxEntries: 100})
	ls := told(until(t, subscribe(t, h, admin, 0, "", nil), upto(n)))
	for i, l := range ls {
		if l.Seq != int64(i)+1 {
			t.Fatalf("entry %d has seq %d", i, l.Seq)
		}
	}
	if len(ls) != n {
		t.Errorf("%d of %d", len(ls), n)
	}
}

func TestSlowReaderLags(t *testing.T) {
	t.Parallel()
	pool := newTown(t)
	h := running(t, pool, Options{MaxEntries: 50})
	r := subscribe(t, h, admin, -1, "", nil)
	fast := subscribe(t, h, admin, -1, "", nil)
	var last int64
	for range 12 {
		last = commit(t, pool, h, slices.Repeat([]dispatch.Event{eventOf(t, "job.created", job(uuid.New(), "", nil), nil)}, 10)...)
		until(t, fast, upto(last))
	}
	if _, err := r.Next(t.Context()); !errors.Is(err, ErrLagged) {
		t.Errorf("the slow reader got %v", err)
	}
	// It comes back with what it had, and misses nothing.
	ls := told(until(t, subscribe(t, h, admin, r.Upto(), "", nil), upto(last)))
	if len(ls) != int(last) {
		t.Errorf("%d of %d", len(ls), last)
	}
}

func TestReadersShareFrames(t *testing.T) {
	t.Parallel()
	pool := newTown(t)
	h := running(t, pool, Options{Mark: time.Hour})
	var rs []*Reader
	for range 5 {
		rs = append(rs, subscribe(t, h, dispatch.Actor{Role: dispatch.Dispatcher, ID: uuid.New(), Name: "א"}, 0, "", nil))
	}
	commit(t, pool, h, eventOf(t, "job.created", job(uuid.New(), "", nil), nil))
	var first []byte
	for n, r := range rs {
		frame, err := r.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			first = frame
		} else if &frame[0] != &first[0] {
			t.Error("a frame was built twice")
		}
	}
}

// What a process takes from its own commits is what it would have read.
func TestOwnEventsAreAsTheLogHasThem(t *testing.T) {
	t.Parallel()
	pool := newTown(t)
	own, other := running(t, pool, Options{Mark: time.Hour}), running(t, pool, Options{Mark: time.Hour})
	j := job(uuid.New(), "west", &orb.Point{34.5, 32.5})
	done := j
	done.State = dispatch.JobDone
	es := []dispatch.Event{eventOf(t, "job.created", j, nil), eventOf(t, "job.completed", done, new(dispatch.Scope{District: "east"})),
		{Type: "geography.changed", At: time.Now(), Noun: dispatch.NounGeography, Note: map[string]any{"kind": "zone"}}}
	es[0].Note = map[string]any{"report": "26-000001", "channel": "phone"}
	es[0].At = es[0].At.Truncate(time.Millisecond)
	es[1].At, es[2].At = es[0].At, es[0].At
	a, b := subscribe(t, own, admin, 0, "", nil), subscribe(t, other, admin, 0, "", nil)
	last := commit(t, pool, nil, es...)
	own.Wake(town, es...)
	var texts [2][]byte
	for n, r := range []*Reader{a, b} {
		for r.Upto() < last {
			frame, err := r.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			texts[n] = append(texts[n], frame...)
		}
	}
	if string(texts[0]) != string(texts[1]) {
		t.Errorf("taken %s\nread  %s", texts[0], texts[1])
	}
	x, y := own.log(town).now.Load().window, other.log(town).now.Load().window
	for n := range x {
		if diff := cmp.Diff(x[n].event, y[n].event, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(dispatch.Event{}, "Authority")); diff != "" || x[n].at != y[n].at {
			t.Errorf("entry %d: %s", n, diff)
		}
	}
	// Out of order, twice, and with a hole: the log decides.
	first := commit(t, pool, nil, es[:1]...)
	second := []dispatch.Event{eventOf(t, "job.changed", j, nil)}
	commit(t, pool, nil, second...)
	own.Wake(town, second...)
	own.Wake(town, second...)
	until(t, a, upto(first+1))
	if s := own.Stats(); s.Gaps != 0 || own.Head(town) != first+1 {
		t.Errorf("%d gaps, head %d", s.Gaps, own.Head(town))
	}
}

// With a plain sequence for a head, a transaction that took its number first
// may commit last, and whoever reads beyond a cursor never sees it. Planted
// here, it doesn't pass in silence.
func TestPlantedLateCommitIsFound(t *testing.T) {
	t.Parallel()
	pool := newTown(t)
	h := running(t, pool, Options{Poll: 20 * time.Millisecond})
	commit(t, pool, h, eventOf(t, "job.created", job(uuid.New(), "", nil), nil))
	r := subscribe(t, h, admin, 1, "", nil)
	plant := func(tx pgx.Tx, seq int) {
		t.Helper()
		_, err := tx.Exec(t.Context(), `insert into event (authority, seq, at, type, noun, object, by, scope, body)
			values ('town', $1, now(), 'job.created', 'job', gen_random_uuid(), '{}', '{}', '{}')`, seq)
		if err != nil {
			t.Fatal(err)
		}
	}
	late, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	plant(late, 2)
	if err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error { plant(tx, 3); return nil }); err != nil {
		t.Fatal(err)
	}
	exec(t, pool, `update feed_head set seq = 3`)
	until(t, r, func(l line) bool { return l.Type == "resync" })
	if err := late.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if h.Stats().Gaps == 0 {
		t.Error("the gap was not counted")
	}
}
