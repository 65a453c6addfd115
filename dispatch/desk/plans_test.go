package desk

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/geo/osm"
	"moked/geo/roads"
	"moked/migrations/dbtest"
)

// pave gives the city two streets from west to east, 1.1 km apart, with cross
// streets every 944 m; each stretch is a minute's drive.
func (c *city) pave() {
	c.t.Helper()
	if len(c.ground().datasets["road"]) > 0 {
		return
	}
	var x osm.Extract
	node := func(col, row int) int64 { return int64(100 + 20*row + col) }
	at := func(col, row int) orb.Point { return orb.Point{34.80 + 0.01*float64(col), 32.05 + 0.01*float64(row)} }
	id := int64(0)
	add := func(col, row, col2, row2 int) {
		id++
		x.Segments = append(x.Segments, roads.Segment{
			ID: id, A: node(col, row), B: node(col2, row2), Forward: 60, Backward: 60, Line: orb.LineString{at(col, row), at(col2, row2)},
		})
	}
	for col := range 11 {
		if col < 10 {
			add(col, 0, col+1, 0)
			add(col, 1, col+1, 1)
		}
		add(col, 0, col, 1)
	}
	c.must(c.ReplaceExtract(c.ctx, dispatch.Actor{Authority: cityCode, Role: dispatch.System}, Source{Name: "paved"}, &x))
}

func (c *city) closes(p orb.Point) Closure {
	c.t.Helper()
	c.pave()
	k, err := c.CloseRoad(c.ctx, c.dispatcher(), NewClosure{Through: []orb.Point{p}, Reason: "קו מים"})
	c.must(err)
	return k
}

// gives files a report at so many minutes' drive east of the crew, and assigns it.
func (c *city) gives(k dispatch.Crew, minutes float64, category ...string) dispatch.Job {
	c.t.Helper()
	c.later(time.Second)
	f := c.reports("פנס", orb.Point{34.80 + minutes/100, 32.05}, category...)
	j := c.job(f)
	if j.Crew != nil && *j.Crew == k.ID {
		return j
	}
	return c.step(j, c.AssignJob, Step{Crew: k.ID})
}

func (c *city) planned(k dispatch.Crew) dispatch.DayPlan {
	c.t.Helper()
	p, err := c.Plan(c.ctx, c.dispatcher(), k.ID)
	c.must(err)
	return p
}

func order(p dispatch.DayPlan, js ...dispatch.Job) (s string) {
	for _, stop := range p.Stops {
		for n, j := range js {
			if j.ID == stop.Job {
				s += string(rune('A' + n))
			}
		}
	}
	return s
}

func (c *city) urgent(j dispatch.Job) dispatch.Job {
	c.t.Helper()
	d, err := c.Incident(c.ctx, c.dispatcher(), j.Incident)
	c.must(err)
	one := 1
	_, err = c.ChangeIncident(c.ctx, c.dispatcher(), j.Incident, IncidentChange{BaseVersion: d.Incident.Version, Priority: &one})
	c.must(err)
	j, err = c.Job(c.ctx, c.dispatcher(), j.ID)
	c.must(err)
	return j
}

func TestADayIsPlannedMovedPinnedAndUndone(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.pave()
	k := c.crew("k", "electricity", orb.Point{34.80, 32.05})
	a, b, d := c.gives(k, 9), c.gives(k, 1), c.gives(k, 5)
	c.must(c.KeepPlans(c.ctx))
	p := c.planned(k)
	if got := order(p, a, b, d); got != "BCA" || p.Version != 1 || p.Drive != 9*60 || p.Ends == nil || p.By.Role != dispatch.System {
		t.Fatalf("the first plan is %s, %+v", got, p)
	}
	if !strings.Contains(p.Why["en"], "was added") || p.Stops[0].Why["he"] == "" || p.Stops[0].DueAt == nil || p.Undo {
		t.Errorf("it doesn't say why: %q, %+v", p.Why["en"], p.Stops[0])
	}
	// Nothing has changed: nothing is told.
	head := c.count(`select seq from feed_head where authority = $1`, cityCode)
	c.must(c.KeepPlans(c.ctx))
	if now := c.count(`select seq from feed_head where authority = $1`, cityCode); now != head {
		t.Errorf("%d events tell of nothing", now-head)
	}

	p, err := c.MoveStop(c.ctx, c.dispatcher(), k.ID, StopMove{p.Version, a.ID, 0})
	c.must(err)
	if got := order(p, a, b, d); got != "ABC" || !p.Stops[0].Placed || !p.Undo || p.By.Role != dispatch.Dispatcher {
		t.Fatalf("moved: %s %+v", got, p.Stops[0])
	}
	// What was put somewhere by hand stays there when the plan is kept.
	e := c.gives(k, 2)
	c.must(c.KeepPlans(c.ctx))
	p = c.planned(k)
	if got := order(p, a, b, d, e); got[0] != 'A' || len(got) != 4 {
		t.Fatalf("kept: %s", got)
	}
	p, err = c.PlanDay(c.ctx, c.dispatcher(), k.ID, PlanChange{p.Version})
	c.must(err)
	if got := order(p, a, b, d, e); got != "BDCA" {
		t.Fatalf("anew: %s", got)
	}
	p, err = c.PinStop(c.ctx, c.dispatcher(), k.ID, StopPin{BaseVersion: p.Version, Job: a.ID, Pinned: true, At: c.now.Add(10 * time.Minute).Format(time.RFC3339)})
	c.must(err)
	if got := order(p, a, b, d, e); got[0] != 'A' || !p.Stops[0].Begin.Equal(c.now.Add(10*time.Minute).Truncate(time.Minute)) {
		t.Fatalf("pinned to a time: %s, begins %s", got, p.Stops[0].Begin)
	}
	pinned := order(p, a, b, d, e)
	p, err = c.PinStop(c.ctx, c.dispatcher(), k.ID, StopPin{BaseVersion: p.Version, Job: a.ID})
	c.must(err)
	if p.Stops[0].Pinned || p.Stops[0].At != nil {
		t.Errorf("let go: %+v", p.Stops[0])
	}
	// Back through all of it.
	for _, want := range []struct {
		order string
		pin   bool
	}{{pinned, true}, {"BDCA", false}} {
		p, err = c.UndoPlan(c.ctx, c.dispatcher(), k.ID, PlanChange{p.Version})
		c.must(err)
		if got := order(p, a, b, d, e); got != want.order || p.Stops[p.Index(a.ID)].Pinned != want.pin {
			t.Fatalf("undone: %s, want %v", got, want)
		}
	}
	for p.Undo {
		p, err = c.UndoPlan(c.ctx, c.dispatcher(), k.ID, PlanChange{p.Version})
		c.must(err)
	}
	c.refused(err2(c.UndoPlan(c.ctx, c.dispatcher(), k.ID, PlanChange{p.Version})), dispatch.Conflict, "")
	for name, err := range map[string]struct {
		err   error
		code  dispatch.Code
		field string
	}{
		"place": {err2(c.MoveStop(c.ctx, c.dispatcher(), k.ID, StopMove{p.Version, a.ID, 4})), dispatch.Invalid, "to"},
		"job":   {err2(c.MoveStop(c.ctx, c.dispatcher(), k.ID, StopMove{p.Version, uuid.New(), 0})), dispatch.NotFound, "job"},
		"past":  {err2(c.PinStop(c.ctx, c.dispatcher(), k.ID, StopPin{p.Version, a.ID, true, c.now.Add(-time.Hour).Format(time.RFC3339)})), dispatch.Invalid, "at"},
		"time":  {err2(c.PinStop(c.ctx, c.dispatcher(), k.ID, StopPin{p.Version, a.ID, true, "מחר"})), dispatch.Invalid, "at"},
		"stale": {err2(c.PlanDay(c.ctx, c.dispatcher(), k.ID, PlanChange{p.Version - 1})), dispatch.Stale, "base_version"},
		"crew":  {err2(c.PlanDay(c.ctx, c.dispatcher(), uuid.New(), PlanChange{1})), dispatch.NotFound, ""},
	} {
		t.Run(name, func(t *testing.T) { c.refused(err.err, err.code, err.field) })
	}
}

func TestAnUrgentJobUpsetsTheLeast(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.pave()
	k := c.crew("k", "electricity", orb.Point{34.80, 32.05})
	a, b, d := c.gives(k, 9), c.gives(k, 1), c.gives(k, 5)
	a = c.step(a, c.AcceptJob, Step{})
	a = c.step(a, c.DepartJob, Step{})
	c.must(c.KeepPlans(c.ctx))
	p := c.planned(k)
	if got := order(p, a, b, d); got != "ACB" {
		t.Fatalf("the one under way is first: %s", got)
	}
	c.refused(err2(c.MoveStop(c.ctx, c.dispatcher(), k.ID, StopMove{p.Version, a.ID, 2})), dispatch.Conflict, "job")
	c.refused(err2(c.MoveStop(c.ctx, c.dispatcher(), k.ID, StopMove{p.Version, b.ID, 0})), dispatch.Invalid, "to")

	// Its clock leaves time for nothing else first.
	u := c.gives(k, 3)
	_, err := c.pool.Exec(c.ctx, `update clock set due_at = $2 where incident = $1`, u.Incident, c.now.Add(75*time.Minute))
	c.must(err)
	u = c.urgent(u)
	c.must(c.KeepPlans(c.ctx))
	p = c.planned(k)
	got := order(p, a, b, d, u)
	if strings.ReplaceAll(got, "D", "") != "ACB" || got[0] != 'A' {
		t.Fatalf("the promised ones changed places: %s", got)
	}
	at := p.Index(u.ID)
	if !strings.Contains(p.Why["en"], u.Number) {
		t.Errorf("the plan doesn't say what changed it: %q", p.Why["en"])
	}
	for _, s := range p.Stops[at+1:] {
		if !strings.Contains(s.Why["en"], "moved: job "+u.Number) {
			t.Errorf("%s doesn't say why it moved: %q", s.Number, s.Why["en"])
		}
	}
	// Undone, it is last, and stays so.
	p, err = c.UndoPlan(c.ctx, c.dispatcher(), k.ID, PlanChange{p.Version})
	c.must(err)
	if got := order(p, a, b, d, u); got != "ACBD" {
		t.Fatalf("undone: %s", got)
	}
	c.step(a, c.ArriveJob, Step{})
	c.must(c.KeepPlans(c.ctx))
	if got := order(c.planned(k), a, b, d, u); got != "ACBD" {
		t.Fatalf("a step later the undone plan is back: %s", got)
	}
	// Paused, done and given away are off it.
	c.step(b, c.AcceptJob, Step{})
	b, err = c.Job(c.ctx, c.dispatcher(), b.ID)
	c.must(err)
	b = c.step(b, c.PauseJob, Step{Reason: "חסר חלק"})
	o := c.crew("o", "electricity", orb.Point{34.90, 32.05})
	c.step(d, c.AssignJob, Step{Crew: o.ID})
	c.must(c.KeepPlans(c.ctx))
	if got := order(c.planned(k), a, b, d, u); got != "AD" {
		t.Errorf("left: %s", got)
	}
	if got := order(c.planned(o), a, b, d, u); got != "C" {
		t.Errorf("the other crew has %s", got)
	}
	c.step(b, c.ResumeJob, Step{})
	c.must(c.KeepPlans(c.ctx))
	if got := order(c.planned(k), a, b, d, u); len(got) != 3 {
		t.Errorf("resumed: %s", got)
	}
}

// Two dispatchers move at once: one wins, the other is shown what stands.
func TestTwoMoveAtOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	k := c.crew("k", "electricity", west)
	a, b := c.gives(k, 9), c.gives(k, 5)
	c.gives(k, 7)
	c.must(c.KeepPlans(c.ctx))
	p := c.planned(k)
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for n := range errs {
		wg.Go(func() {
			_, errs[n] = c.MoveStop(c.ctx, c.dispatcher(), k.ID, StopMove{p.Version, []uuid.UUID{a.ID, b.ID}[n%2], n % 3})
		})
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		r := c.refused(err, dispatch.Stale, "base_version")
		if now, ok := r.Current.(dispatch.DayPlan); !ok || now.Version != p.Version+1 {
			t.Errorf("what stands is %+v", r.Current)
		}
	}
	if now := c.planned(k); won != 1 || now.Version != p.Version+1 {
		t.Errorf("%d won, version %d", won, now.Version)
	}
}

// A process is killed with changes that it hasn't planned: the next one finds
// them. Two at once make one plan.
func TestStalePlansSurviveAKill(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	c := cityOn(t, pool, true)
	k := c.crew("k", "electricity", west)
	a := c.gives(k, 9)
	c.must(c.KeepPlans(c.ctx))
	b := c.gives(k, 5) // and nobody comes to plan it

	other := cityOn(t, pool, false)
	*other.now = *c.now
	ctx, stop := context.WithCancel(c.ctx)
	ran := make(chan error, 2)
	third := cityOn(t, pool, false)
	*third.now = *c.now
	for _, d := range []*city{other, third} {
		go func() { ran <- d.FollowPlans(ctx) }()
	}
	until := func(what string, ok func(p dispatch.DayPlan) bool) {
		t.Helper()
		for limit := time.Now().Add(30 * time.Second); !ok(c.planned(k)); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(limit) {
				t.Fatalf("%s: %+v", what, c.planned(k))
			}
		}
	}
	until("after the kill", func(p dispatch.DayPlan) bool { return len(p.Stops) == 2 && p.Index(b.ID) >= 0 })
	if p := c.planned(k); p.Version != 2 {
		t.Errorf("two processes made version %d", p.Version)
	}
	d := c.gives(k, 7) // which they hear of
	until("by the feed", func(p dispatch.DayPlan) bool { return p.Index(d.ID) >= 0 })
	c.step(a, c.CancelJob, Step{Reason: "כפול"})
	until("one less", func(p dispatch.DayPlan) bool { return p.Index(a.ID) < 0 })
	stop()
	for range 2 {
		if err := <-ran; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

func TestWhoPlans(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	k, err := c.AddCrew(c.ctx, c.dispatcher(), NewCrew{Code: "k", Name: "קבלן", Departments: []string{"electricity"}, District: "west", Kind: dispatch.ContractorCrew})
	c.must(err)
	a := c.gives(k, 2)
	b := c.gives(k, 4)
	p := planOf(c, b)
	contractor := dispatch.Actor{Authority: cityCode, Role: dispatch.CrewMember, Crew: k.ID, Kind: dispatch.ContractorCrew}
	for name, who := range map[string]struct {
		actor     dispatch.Actor
		see, move bool
	}{
		"dispatcher":     {c.dispatcher(), true, true},
		"operator":       {c.actor(dispatch.Operator), true, false},
		"department":     {dispatch.Actor{Authority: cityCode, Role: dispatch.DepartmentHead, Department: "electricity"}, true, true},
		"another's":      {dispatch.Actor{Authority: cityCode, Role: dispatch.DepartmentHead, Department: "water"}, false, false},
		"district":       {dispatch.Actor{Authority: cityCode, Role: dispatch.DistrictManager, District: "west"}, true, false},
		"other district": {dispatch.Actor{Authority: cityCode, Role: dispatch.DistrictManager, District: "east"}, false, false},
		"contractor":     {contractor, true, false},
		"other crew":     {dispatch.Actor{Authority: cityCode, Role: dispatch.CrewMember, Crew: uuid.New()}, false, false},
		"program":        {c.actor(dispatch.Integration), false, false},
		"elsewhere":      {dispatch.Actor{Authority: cityCode, Role: dispatch.Dispatcher, District: "east"}, false, false},
	} {
		_, err := c.Plan(c.ctx, who.actor, k.ID)
		if seen := err == nil; seen != who.see {
			t.Errorf("%s sees the plan: %v (%v)", name, seen, err)
		}
		s, err := c.Snapshot(c.ctx, who.actor)
		c.must(err)
		if seen := len(s.Plans) == 1; seen != who.see {
			t.Errorf("%s has %d plans in the snapshot", name, len(s.Plans))
		}
		base := c.planned(k)
		_, err = c.MoveStop(c.ctx, who.actor, k.ID, StopMove{base.Version, a.ID, 1})
		var refusal *dispatch.Error
		switch {
		case who.move && err != nil:
			t.Errorf("%s can't move: %v", name, err)
		case !who.move && (!errors.As(err, &refusal) || refusal.Code != dispatch.Forbidden && refusal.Code != dispatch.NotFound):
			t.Errorf("%s may move: %v", name, err)
		}
	}
	told, err := c.Plan(c.ctx, contractor, k.ID)
	c.must(err)
	if p.By.Name == "" || told.By.Name != "" || len(told.Stops) != 2 {
		t.Errorf("the contractor is told %+v of %+v", told.By, p.By)
	}
}

// A crew that isn't at work begins with its shift, and what doesn't fit into it
// is said to.
func TestADayHasItsHours(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.pave()
	k, err := c.AddCrew(c.ctx, c.dispatcher(), NewCrew{Code: "k", Name: "צוות", Departments: []string{"electricity"}})
	c.must(err)
	from := c.now.Add(2 * time.Hour)
	_, err = c.PlanShift(c.ctx, c.dispatcher(), NewShift{Crew: k.ID, From: from.Format(time.RFC3339), Until: from.Add(time.Hour).Format(time.RFC3339)})
	c.must(err)
	for n := range 4 {
		c.gives(k, float64(n+1))
	}
	c.must(c.KeepPlans(c.ctx))
	p := c.planned(k)
	if first := p.Stops[0]; first.Begin.Before(from) || !first.Unknown || p.Ends == nil || !p.Ends.Equal(from.Add(time.Hour)) {
		t.Errorf("begins %s, ends %v", first.Begin, p.Ends)
	}
	last := p.Stops[3]
	if !last.Finish.After(*p.Ends) || !strings.Contains(last.Why["en"], "after the shift ends") {
		t.Errorf("the last ends %s: %q", last.Finish, last.Why["en"])
	}
}

func TestPlansGoAroundClosedRoads(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.pave()
	k := c.crew("k", "electricity", orb.Point{34.80, 32.05})
	j := c.gives(k, 6.5)
	c.must(c.KeepPlans(c.ctx))
	if p := c.planned(k); p.Drive != 390 {
		t.Fatalf("open: %d s", p.Drive)
	}
	way := func() float64 {
		w, err := c.Route(c.ctx, c.dispatcher(), orb.Point{34.80, 32.05}, orb.Point{34.865, 32.05})
		c.must(err)
		return w.Seconds
	}
	open := way()
	shut := c.closes(orb.Point{34.825, 32.05})
	if len(shut.Lines) != 1 || len(shut.Lines[0]) != 2 {
		t.Fatalf("closed %v", shut.Lines)
	}
	c.must(c.KeepPlans(c.ctx))
	p := c.planned(k)
	if p.Drive != 390+120 || !strings.Contains(p.Why["en"], "roads") {
		t.Errorf("closed: %d s, %q", p.Drive, p.Why["en"])
	}
	if got := way(); math.Abs(got-open-120) > 1 {
		t.Errorf("the route takes %v s, %v before", got, open)
	}
	ranked, err := c.Recommend(c.ctx, c.dispatcher(), j.ID)
	c.must(err)
	if s := ranked[0].Seconds; s == nil || math.Abs(*s-510) > 1 {
		t.Errorf("the crew is said to take %v", s)
	}
	// One that is to come is no hindrance yet, and then it is.
	from := c.now.Add(time.Hour)
	_, err = c.CloseRoad(c.ctx, c.dispatcher(), NewClosure{
		Through: []orb.Point{{34.825, 32.06}}, Reason: "עבודות", From: from.Format(time.RFC3339), Until: from.Add(time.Hour).Format(time.RFC3339),
	})
	c.must(err)
	c.must(c.KeepPlans(c.ctx))
	if p := c.planned(k); p.Drive != 510 {
		t.Errorf("before it begins: %d s", p.Drive)
	}
	c.later(61 * time.Minute)
	c.must(c.KeepPlans(c.ctx))
	if p := c.planned(k); !p.Stops[0].Unknown || !strings.Contains(p.Stops[0].Why["en"], "no road") {
		t.Errorf("both closed: %+v", p.Stops[0])
	}
	lines, err := c.Stretch(c.ctx, c.dispatcher(), Through{[]orb.Point{{34.825, 32.0601}, {34.845, 32.06}}})
	c.must(err)
	if len(lines) != 3 {
		t.Errorf("the stretch through two points: %v", lines)
	}
	c.refused(err2(c.Stretch(c.ctx, c.dispatcher(), Through{})), dispatch.Invalid, "through")
	c.refused(err2(c.Stretch(c.ctx, c.actor(dispatch.Operator), Through{[]orb.Point{{34.825, 32.06}}})), dispatch.Forbidden, "")
	list, err := c.Closures(c.ctx, c.dispatcher())
	c.must(err)
	if len(list) != 2 {
		t.Errorf("%d closures", len(list))
	}
	c.must(err2(c.LiftClosure(c.ctx, c.dispatcher(), shut.ID)))
	c.must(err2(c.LiftClosure(c.ctx, c.dispatcher(), shut.ID)))
	c.must(c.KeepPlans(c.ctx))
	if p := c.planned(k); p.Drive != 390 {
		t.Errorf("lifted: %d s", p.Drive)
	}
	c.refused(err2(c.CloseRoad(c.ctx, c.dispatcher(), NewClosure{Through: []orb.Point{{34.825, 32.02}}, Reason: "x"})), dispatch.Invalid, "through")
	c.refused(err2(c.CloseRoad(c.ctx, c.dispatcher(), NewClosure{Through: []orb.Point{west}})), dispatch.Invalid, "reason")
	c.refused(err2(c.CloseRoad(c.ctx, c.actor(dispatch.Operator), NewClosure{Through: []orb.Point{west}, Reason: "x"})), dispatch.Forbidden, "")
	c.refused(err2(c.LiftClosure(c.ctx, c.dispatcher(), uuid.New())), dispatch.NotFound, "")
}
