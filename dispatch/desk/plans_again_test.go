package desk

import (
	"testing"
	"time"

	"github.com/paulmach/orb"

	"moked/dispatch"
)

// What a plan did by itself and a dispatcher undid is not done again; a job that
// comes later is still put where its clock wants it.
func TestUndoneStaysUndone(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.pave()
	k := c.crew("k", "electricity", orb.Point{34.80, 32.05})
	hurry := func(j dispatch.Job, minutes time.Duration) dispatch.Job {
		_, err := c.pool.Exec(c.ctx, `update clock set due_at = $2 where incident = $1`, j.Incident, c.now.Add(minutes*time.Minute))
		c.must(err)
		return c.urgent(j)
	}
	a, b := c.gives(k, 1), c.gives(k, 8)
	c.must(c.KeepPlans(c.ctx))
	b = hurry(b, 40)
	c.must(c.KeepPlans(c.ctx))
	p := c.planned(k)
	if got := order(p, a, b); got != "BA" || p.By.Role != dispatch.System {
		t.Fatalf("by itself: %s", got)
	}
	p, err := c.UndoPlan(c.ctx, c.dispatcher(), k.ID, PlanChange{p.Version})
	c.must(err)
	if got := order(p, a, b); got != "AB" {
		t.Fatalf("undone: %s", got)
	}
	c.later(again + time.Minute)
	c.must(c.KeepPlans(c.ctx))
	if got := order(c.planned(k), a, b); got != "AB" {
		t.Errorf("what was undone is done again: %s", got)
	}
	u := hurry(c.gives(k, 2), 35)
	c.must(c.KeepPlans(c.ctx))
	if got := order(c.planned(k), a, b, u); got[0] != 'C' {
		t.Errorf("a later urgent job: %s", got)
	}
}

// A crew without hours is planned again when it gets some, and before its times
// are long past.
func TestHoursThatComeLater(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.pave()
	k, err := c.AddCrew(c.ctx, c.dispatcher(), NewCrew{Code: "k", Name: "צוות", Departments: []string{"electricity"}})
	c.must(err)
	c.gives(k, 2)
	c.must(c.KeepPlans(c.ctx))
	c.later(30 * time.Hour)
	c.must(c.KeepPlans(c.ctx))
	if p := c.planned(k); p.Stops[0].Finish.Before(*c.now) {
		t.Errorf("at %s the stop is expected at %s", *c.now, p.Stops[0].Arrive)
	}
	from := c.now.Add(3 * time.Hour)
	_, err = c.PlanShift(c.ctx, c.dispatcher(), NewShift{Crew: k.ID, From: from.Format(time.RFC3339), Until: from.Add(4 * time.Hour).Format(time.RFC3339)})
	c.must(err)
	c.must(c.KeepPlans(c.ctx))
	if p := c.planned(k); p.Ends == nil || p.Stops[0].Begin.Before(from.Truncate(time.Minute)) {
		t.Errorf("the shift from %s isn't taken up: %s, ends %v", from, p.Stops[0].Begin, p.Ends)
	}
}

func TestAnUrgentJobBeyondTheDay(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.pave()
	k := c.crew("k", "electricity", orb.Point{34.80, 32.05})
	for n := range planned {
		c.gives(k, float64(n%9)+float64(n)/40)
	}
	c.must(c.KeepPlans(c.ctx))
	p := c.planned(k)
	last := p.Stops[planned-1].Job
	_, err := c.PinStop(c.ctx, c.dispatcher(), k.ID, StopPin{BaseVersion: p.Version, Job: last, Pinned: true})
	c.must(err)
	u := c.urgent(c.gives(k, 0.5))
	c.must(c.KeepPlans(c.ctx))
	if p = c.planned(k); p.Index(u.ID) < 0 || p.Index(last) < 0 || len(p.Stops) != planned || p.Further != 1 {
		t.Errorf("the urgent one at %d, the pinned one at %d, of %d and %d further", p.Index(u.ID), p.Index(last), len(p.Stops), p.Further)
	}
}

func TestWhoClosedIsNotToldToContractors(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.closes(orb.Point{34.825, 32.05})
	for kind, told := range map[dispatch.CrewKind]bool{dispatch.StaffCrew: true, dispatch.ContractorCrew: false, dispatch.VolunteerCrew: false} {
		list, err := c.Closures(c.ctx, dispatch.Actor{Authority: cityCode, Role: dispatch.CrewMember, Kind: kind})
		c.must(err)
		if len(list) != 1 || list[0].By.Name != "" != told {
			t.Errorf("%s: %+v", kind, list)
		}
	}
}
