package desk

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"moked/dispatch"
)

func TestStaleChangeIsRefusedWithWhatChanged(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	k := c.crew("k", "electricity", west, "electrician")
	j := c.job(c.reports("פנס", west))
	c.step(j, c.AssignJob, Step{Crew: k.ID})
	_, err := c.CancelJob(c.ctx, c.dispatcher(), j.ID, Step{BaseVersion: j.Version, Reason: "כפול"})
	refusal := c.refused(err, dispatch.Stale, "base_version")
	now, ok := refusal.Current.(dispatch.Job)
	if !ok || now.State != dispatch.JobAssigned || now.Version != j.Version+1 {
		t.Errorf("current %+v", refusal.Current)
	}
	changes, ok := refusal.Args["changes"].([]Change)
	if !ok || len(changes) != 1 || changes[0].Type != "job.assigned" || changes[0].By.Name != "dispatcher" {
		t.Errorf("changes %+v", refusal.Args["changes"])
	}
	_, err = c.CancelJob(c.ctx, c.dispatcher(), j.ID, Step{Reason: "כפול"})
	c.refused(err, dispatch.Invalid, "base_version")
	d, err := c.Incident(c.ctx, c.dispatcher(), j.Incident)
	c.must(err)
	_, err = c.CloseIncident(c.ctx, c.dispatcher(), j.Incident, IncidentStep{BaseVersion: d.Incident.Version + 1, Reason: "x"})
	c.refused(err, dispatch.Stale, "base_version")
	_, err = c.ChangeCrew(c.ctx, c.dispatcher(), k.ID, CrewChange{BaseVersion: 1})
	refusal = c.refused(err, dispatch.Stale, "base_version")
	if changes := refusal.Args["changes"].([]Change); len(changes) != 1 || changes[0].Type != "crew.on_duty" {
		t.Errorf("changes %+v", changes)
	}
}

// Of many who act on one version, one wins; the others are told, whichever
// process they use. (Take the version check out of fresh, and all win.)
func TestOneWinsOfMany(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	other := cityOn(t, c.pool, false)
	for range 5 {
		c.later(24 * 40 * time.Hour)
		j := c.job(c.reports("פנס", west))
		var won atomic.Int32
		var g errgroup.Group
		for n := range 10 {
			g.Go(func() error {
				desk := []*city{c, other}[n%2]
				_, err := desk.CancelJob(c.ctx, c.dispatcher(), j.ID, Step{BaseVersion: j.Version, Reason: "כפול"})
				var refusal *dispatch.Error
				switch {
				case err == nil:
					won.Add(1)
				case !errors.As(err, &refusal) || refusal.Code != dispatch.Stale:
					return err
				}
				return nil
			})
		}
		c.must(g.Wait())
		if won.Load() != 1 {
			t.Fatalf("%d won", won.Load())
		}
	}
}

func TestALastJobEndsItsIncident(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	k := c.crew("k", "electricity", west, "electrician")
	f := c.reports("פנס", west)
	i := c.incident(f)
	_, err := c.Desk.OpenJob(c.ctx, c.dispatcher(), i.ID, FurtherJob{BaseVersion: i.Version, Department: "water"})
	c.must(err)
	j := c.step(c.job(f), c.AssignJob, Step{Crew: k.ID})
	j = c.step(j, c.DepartJob, Step{})
	j = c.step(j, c.CompleteJob, Step{Note: "הוחלפה נורה"})
	if i := c.incident(f); i.State != dispatch.IncidentOpen {
		t.Fatalf("%s with a job left", i.State)
	}
	d, err := c.Incident(c.ctx, c.dispatcher(), f.Incident.ID)
	c.must(err)
	c.step(d.Jobs[1], c.CancelJob, Step{Reason: "לא נדרש"})
	if i := c.incident(f); i.State != dispatch.IncidentClosed || i.ClosedAt == nil {
		t.Fatalf("%s without a job left", i.State)
	}
	c.step(j, c.ReopenJob, Step{Reason: "שוב לא דולק"})
	if i := c.incident(f); i.State != dispatch.IncidentOpen || i.ClosedAt != nil {
		t.Errorf("%s with a job that was opened again", i.State)
	}
}

func TestOpenIncidentsHaveWorkOrAReason(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	f := c.reports("פנס", west)
	c.step(c.job(f), c.CancelJob, Step{Reason: "אין חלקים"})
	if i := c.incident(f); i.State != dispatch.IncidentOpen || i.Withheld != "אין חלקים" {
		t.Errorf("state %s, withheld %q", i.State, i.Withheld)
	}
	i := c.incident(f)
	_, err := c.Desk.OpenJob(c.ctx, c.dispatcher(), i.ID, FurtherJob{BaseVersion: i.Version})
	c.must(err)
	if i := c.incident(f); i.Withheld != "" {
		t.Errorf("still withheld: %q", i.Withheld)
	}
	const orphans = `select count(*) from incident i where state = 'open' and withheld = ''
		and not exists (select from job j where j.incident = i.id and j.state not in ('done', 'cancelled'))`
	if n := c.count(orphans); n != 0 {
		t.Errorf("%d open incidents have neither", n)
	}
}

func TestMergeAndSplit(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	a, b := c.reports("פנס", west), c.reports("פנס", eastOf(west, 800))
	ia := c.incident(a)
	grown, err := c.MergeIncidents(c.ctx, c.dispatcher(), ia.ID, Merging{BaseVersion: ia.Version, Into: b.Incident.ID})
	c.must(err)
	if grown.Reports != 2 {
		t.Errorf("%d reports", grown.Reports)
	}
	if i := c.incident(a); i.State != dispatch.IncidentMerged || i.Into == nil || *i.Into != grown.ID {
		t.Errorf("merged: %+v", i)
	}
	opened, err := c.SplitReport(c.ctx, c.dispatcher(), grown.ID, Splitting{BaseVersion: grown.Version, Report: a.ID})
	c.must(err)
	r, err := c.Report(c.ctx, c.dispatcher(), a.ID)
	c.must(err)
	if r.Incident != opened.ID || opened.Number == grown.Number || opened.State != dispatch.IncidentOpen {
		t.Errorf("the report is on %s, opened %+v", r.Incident, opened)
	}
	left := c.incident(b)
	_, err = c.SplitReport(c.ctx, c.dispatcher(), left.ID, Splitting{BaseVersion: left.Version, Report: b.ID})
	c.refused(err, dispatch.Conflict, "report")
	_, err = c.MergeIncidents(c.ctx, c.dispatcher(), left.ID, Merging{BaseVersion: left.Version, Into: left.ID})
	c.refused(err, dispatch.Invalid, "into")
}

// Many change everything at once, in both directions, and nobody hangs: the
// order of the locks is kept.
func TestEverybodyAtOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	var crews []dispatch.Crew
	for n := range 3 {
		crews = append(crews, c.crew(string(rune('a'+n)), "electricity", west, "electrician"))
	}
	var filed []Filed
	for n := range 6 {
		filed = append(filed, c.reports("פנס", eastOf(west, float64(n)*300)))
	}
	var done atomic.Int32
	var g errgroup.Group
	for w := range 8 {
		g.Go(func() error {
			for n := range 25 {
				f, o := filed[(w+n)%len(filed)], filed[(w*3+n*5+1)%len(filed)]
				i, j := c.incident(f), c.job(f)
				var err error
				switch (w + n) % 6 {
				case 0:
					_, err = c.MergeIncidents(c.ctx, c.dispatcher(), i.ID, Merging{BaseVersion: i.Version, Into: o.Incident.ID})
				case 1:
					_, err = c.AssignJob(c.ctx, c.dispatcher(), j.ID, Step{BaseVersion: j.Version, Crew: crews[n%3].ID})
				case 2:
					_, err = c.FileReport(c.ctx, c.dispatcher(), told("street-light-out", "פנס", eastOf(west, float64(n%6)*300)))
				case 3:
					_, err = c.SplitReport(c.ctx, c.dispatcher(), i.ID, Splitting{BaseVersion: i.Version, Report: o.ID})
				case 4:
					_, err = c.Desk.SetDuty(c.ctx, c.dispatcher(), crews[n%3].ID, Duty{OnUntil: new(c.now.Add(time.Hour))})
				case 5:
					_, err = c.ReopenIncident(c.ctx, c.dispatcher(), i.ID, IncidentStep{BaseVersion: i.Version, Reason: "שוב"})
				}
				var refusal *dispatch.Error
				if err != nil && !errors.As(err, &refusal) {
					return err
				}
				if err == nil {
					done.Add(1)
				}
			}
			return nil
		})
	}
	c.must(g.Wait())
	if done.Load() < 50 {
		t.Errorf("only %d changes went through", done.Load())
	}
	if n := c.count(`select count(*) from incident i where reports <> (select count(*) from report r where r.incident = i.id) and state = 'open'`); n != 0 {
		t.Errorf("%d incidents count their reports wrongly", n)
	}
	if s := c.hub.Stats(); s.Gaps != 0 {
		t.Errorf("%d gaps in the feed", s.Gaps)
	}
}

func TestScopesOfUseCases(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	k := c.crew("k", "electricity", west, "electrician")
	f := c.reports("פנס", west)
	j := c.job(f)
	eastern := dispatch.Actor{Authority: cityCode, Role: dispatch.DistrictManager, District: "east"}
	western := dispatch.Actor{Authority: cityCode, Role: dispatch.DistrictManager, District: "west"}
	stranger := dispatch.Actor{Authority: cityCode, Role: dispatch.CrewMember, Crew: uuid.New()}
	own := dispatch.Actor{Authority: cityCode, Role: dispatch.CrewMember, Crew: k.ID}
	step := Step{BaseVersion: j.Version, Crew: k.ID}

	_, err := c.AssignJob(c.ctx, eastern, j.ID, step)
	c.refused(err, dispatch.NotFound, "")
	_, err = c.AssignJob(c.ctx, c.actor(dispatch.Operator), j.ID, step)
	c.refused(err, dispatch.Forbidden, "")
	_, err = c.Incident(c.ctx, eastern, f.Incident.ID)
	c.refused(err, dispatch.NotFound, "")
	_, err = c.Incident(c.ctx, own, f.Incident.ID)
	c.refused(err, dispatch.NotFound, "")
	j, err = c.AssignJob(c.ctx, western, j.ID, step)
	c.must(err)
	_, err = c.AcceptJob(c.ctx, stranger, j.ID, Step{BaseVersion: j.Version})
	c.refused(err, dispatch.NotFound, "")
	_, err = c.AcceptJob(c.ctx, own, j.ID, Step{BaseVersion: j.Version})
	c.must(err)
	for _, who := range []dispatch.Actor{eastern, stranger, c.actor(dispatch.Public)} {
		if page, err := c.Jobs(c.ctx, who, JobQuery{}); err != nil || len(page.Jobs) != 0 {
			t.Errorf("%s lists %d jobs, %v", who.Role, len(page.Jobs), err)
		}
		if page, err := c.Incidents(c.ctx, who, IncidentQuery{}); err != nil || len(page.Incidents) != 0 {
			t.Errorf("%s lists %d incidents, %v", who.Role, len(page.Incidents), err)
		}
	}
	if page, err := c.Jobs(c.ctx, own, JobQuery{}); err != nil || len(page.Jobs) != 1 {
		t.Errorf("the crew lists %d jobs, %v", len(page.Jobs), err)
	}
	foreign := dispatch.Actor{Authority: "nowhere", Role: dispatch.Admin}
	_, err = c.Job(c.ctx, foreign, j.ID)
	c.refused(err, dispatch.NotFound, "authority")
}

// incident is a report's incident as it stands.
func (c *city) incident(f Filed) dispatch.Incident {
	c.t.Helper()
	d, err := c.Incident(c.ctx, c.dispatcher(), f.Incident.ID)
	c.must(err)
	return d.Incident
}
