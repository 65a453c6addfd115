package desk

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"moked/dispatch"
)

// plan puts a crew on the roster by the clock on the wall.
func (c *city) plan(k dispatch.Crew, from, until string) dispatch.Shift {
	c.t.Helper()
	s, err := c.PlanShift(c.ctx, c.dispatcher(), NewShift{
		Crew: k.ID, From: from, Until: until, Vehicle: "סל 7", Skills: []string{"lift"}, Members: []dispatch.Member{{Name: "ראש הצוות"}},
	})
	c.must(err)
	return s
}

func (c *city) roster(who dispatch.Actor, week string) Roster {
	c.t.Helper()
	r, err := c.Roster(c.ctx, who, RosterQuery{Week: week})
	c.must(err)
	return r
}

func TestShiftsOfACrewDontOverlap(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	k, o := c.crew("k", "electricity", west), c.crew("o", "electricity", west)
	first := c.plan(k, "2026-05-05T07:00", "2026-05-05T15:00")
	if got := first.From.Format(time.RFC3339); got != "2026-05-05T04:00:00Z" {
		t.Errorf("07:00 on the wall is %s", got)
	}
	c.plan(k, "2026-05-05T15:00", "2026-05-05T23:00") // touches
	c.plan(o, "2026-05-05T07:00", "2026-05-05T15:00")
	try := func(from, until string) error {
		return err2(c.PlanShift(c.ctx, c.dispatcher(), NewShift{Crew: k.ID, From: from, Until: until}))
	}
	refused := c.refused(try("2026-05-05T14:59", "2026-05-05T15:01"), dispatch.Conflict, "from")
	if with, ok := refused.Current.(dispatch.Shift); !ok || with.ID != first.ID {
		t.Errorf("in the way is %+v", refused.Current)
	}
	for field, err := range map[string]error{
		"until": try("2026-05-06T15:00", "2026-05-06T07:00"),
		"from":  try("מחר", "2026-05-06T07:00"),
		"crew":  err2(c.PlanShift(c.ctx, c.dispatcher(), NewShift{Crew: uuid.New(), From: "2026-05-06T07:00", Until: "2026-05-06T15:00"})),
	} {
		code := dispatch.Invalid
		if field == "crew" {
			code = dispatch.NotFound
		}
		c.refused(err, code, field)
	}
	who := uuid.New()
	c.refused(err2(c.PlanShift(c.ctx, c.dispatcher(), NewShift{Crew: k.ID, From: "2026-05-07T07:00", Until: "2026-05-07T15:00",
		Members: []dispatch.Member{{Name: "א"}, {Name: "ב", User: &who}}})), dispatch.Invalid, "members.1.user")

	// The constraint holds whatever the code does.
	_, err := c.pool.Exec(c.ctx, insertShift, uuid.New(), cityCode, 1, k.ID, "on", first.From, first.Until, []dispatch.Member{}, "", []string{}, "")
	if err == nil {
		t.Error("the table takes a shift over another")
	}
	// Ten at once for the same hours: one is planned.
	var wg sync.WaitGroup
	errs := make([]error, 10)
	for n := range errs {
		wg.Go(func() { errs[n] = try("2026-05-08T07:00", "2026-05-08T15:00") })
	}
	wg.Wait()
	made := 0
	for _, err := range errs {
		if err == nil {
			made++
		} else {
			c.refused(err, dispatch.Conflict, "from")
		}
	}
	if made != 1 {
		t.Errorf("%d of ten shifts for the same hours were planned", made)
	}
}

func TestChangeAndRemoveShift(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	k, o := c.crew("k", "electricity", west), c.crew("o", "water", west)
	s := c.plan(k, "2026-05-05T12:00", "2026-05-05T20:00")
	c.plan(k, "2026-05-05T21:00", "2026-05-05T23:00")
	until, far := "2026-05-05T21:00", "2026-05-05T21:30"
	change := func(who dispatch.Actor, in ShiftChange) (dispatch.Shift, error) {
		return c.ChangeShift(c.ctx, who, s.ID, in)
	}
	c.refused(err2(change(c.dispatcher(), ShiftChange{BaseVersion: 1, Until: &far})), dispatch.Conflict, "from")
	after, err := change(c.dispatcher(), ShiftChange{BaseVersion: 1, Until: &until})
	c.must(err)
	if after.Version != 2 || after.Vehicle != "סל 7" || len(after.Members) != 1 || !after.Until.Equal(s.Until.Add(time.Hour)) {
		t.Errorf("%+v", after)
	}
	stale := c.refused(err2(change(c.dispatcher(), ShiftChange{BaseVersion: 1, Until: &far})), dispatch.Stale, "base_version")
	if changes := stale.Args["changes"].([]Change); len(changes) != 1 || changes[0].Type != "shift.changed" {
		t.Errorf("%+v", changes)
	}
	// Who may: the crew's own department, and no crew.
	water := dispatch.Actor{Authority: cityCode, Role: dispatch.DepartmentHead, Department: "water"}
	c.refused(err2(change(water, ShiftChange{BaseVersion: 2, Until: &until})), dispatch.NotFound, "")
	c.refused(err2(change(c.of(k), ShiftChange{BaseVersion: 2, Until: &until})), dispatch.Forbidden, "")
	c.refused(err2(change(c.of(o), ShiftChange{BaseVersion: 2, Until: &until})), dispatch.NotFound, "")
	c.refused(c.RemoveShift(c.ctx, c.of(k), s.ID, 2), dispatch.Forbidden, "")
	c.refused(c.RemoveShift(c.ctx, c.dispatcher(), s.ID, 1), dispatch.Stale, "base_version")

	// To another crew, and away.
	after, err = change(c.dispatcher(), ShiftChange{BaseVersion: 2, Crew: &o.ID})
	c.must(err)
	if got := c.roster(c.of(o), "2026-05-05").Shifts; after.Crew != o.ID || len(got) != 1 || got[0].ID != s.ID {
		t.Errorf("%+v", got)
	}
	if got := c.roster(water, "2026-05-05").Shifts; len(got) != 1 {
		t.Errorf("the department sees %+v", got)
	}
	c.must(c.RemoveShift(c.ctx, water, s.ID, 3))
	c.refused(c.RemoveShift(c.ctx, water, s.ID, 3), dispatch.NotFound, "")
	if got := c.roster(c.dispatcher(), "2026-05-09").Shifts; len(got) != 1 {
		t.Errorf("%+v is left", got)
	}
}

// A crew puts itself on duty; the shift gives it the end, a vehicle and skills
// for as long.
func TestDutyByTheRoster(t *testing.T) {
	t.Parallel()
	c := newCity(t) // on Tuesday 5 May 2026 at 13:00 by the wall
	k, err := c.AddCrew(c.ctx, c.dispatcher(), NewCrew{Code: "k", Name: "צוות", Departments: []string{"electricity"}, Skills: []string{"electrician"}})
	c.must(err)
	s := c.plan(k, "2026-05-05T14:00", "2026-05-05T22:00")
	c.later(2 * time.Hour)
	snap, err := c.Snapshot(c.ctx, c.of(k))
	c.must(err)
	if snap.Crews[0].Duty != dispatch.DutyOff || snap.Crews[0].Shift != nil {
		t.Errorf("the shift's start has put the crew on duty: %+v", snap.Crews[0])
	}
	put := func(state dispatch.Duty) dispatch.Crew {
		t.Helper()
		k, err := c.SetDuty(c.ctx, c.of(k), k.ID, Duty{State: state})
		c.must(err)
		return k
	}
	k = put(dispatch.DutyOn)
	if !k.OnUntil.Equal(s.Until) || k.Shift == nil || k.Shift.Vehicle != "סל 7" || !k.Can("lift") || k.Vehicle != "" {
		t.Errorf("%+v", k)
	}
	put(dispatch.DutyBreak)
	if k = put(dispatch.DutyOn); k.Shift == nil {
		t.Errorf("the shift is lost over a break: %+v", k)
	}
	// The shift is changed under it: its end moves with the shift's.
	until, vehicle := "2026-05-05T23:00", "סל 8"
	s, err = c.ChangeShift(c.ctx, c.dispatcher(), s.ID, ShiftChange{BaseVersion: s.Version, Until: &until, Vehicle: &vehicle})
	c.must(err)
	list, err := c.Crews(c.ctx, c.of(k))
	c.must(err)
	if now := list[0]; !now.OnUntil.Equal(s.Until) || now.Shift.Vehicle != "סל 8" || now.Version != k.Version+1 {
		t.Errorf("%+v", now)
	}
	c.must(c.RemoveShift(c.ctx, c.dispatcher(), s.ID, s.Version))
	if list, err = c.Crews(c.ctx, c.of(k)); err != nil || list[0].Shift != nil || list[0].Duty != dispatch.DutyOn || list[0].Can("lift") {
		t.Errorf("%+v, %v", list[0], err)
	}
	// An hour before the next one at the most.
	next := c.plan(k, "2026-05-06T07:00", "2026-05-06T15:00")
	put(dispatch.DutyOff)
	if k = put(dispatch.DutyOn); k.Shift != nil || !k.OnUntil.Equal(c.now.Add(8*time.Hour)) {
		t.Errorf("%+v", k)
	}
	put(dispatch.DutyOff)
	*c.now = next.From.Add(-50 * time.Minute)
	if k = put(dispatch.DutyOn); k.Shift == nil || k.Shift.ID != next.ID || !k.OnUntil.Equal(next.Until) {
		t.Errorf("%+v", k)
	}
}

func TestRosterWeek(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	k := c.crew("k", "electricity", west)
	c.plan(k, "2026-03-21T23:00", "2026-03-22T07:00") // Saturday into Sunday
	c.plan(k, "2026-03-26T23:00", "2026-03-27T07:00") // over the change of the clock
	c.plan(k, "2026-03-29T00:00", "2026-03-29T07:00") // the next week's
	r := c.roster(c.dispatcher(), "2026-03-27")
	if len(r.Shifts) != 2 || len(r.Days) != 7 || r.Days[0].Date != "2026-03-22" || r.Days[6].Date != "2026-03-28" {
		t.Fatalf("%+v", r)
	}
	if friday := r.Days[5]; friday.Until.Sub(friday.From) != 23*time.Hour {
		t.Errorf("%+v", friday)
	}
	if long := r.Shifts[1].Until.Sub(r.Shifts[1].From); long != 7*time.Hour {
		t.Errorf("the short night lasts %v", long)
	}
	if r := c.roster(c.dispatcher(), ""); r.Days[0].Date != "2026-05-03" {
		t.Errorf("this week begins on %s", r.Days[0].Date)
	}
	c.refused(err2(c.Roster(c.ctx, c.dispatcher(), RosterQuery{Week: "27.3.2026"})), dispatch.Invalid, "week")
}

func TestCopyWeek(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	k, o := c.crew("k", "electricity", west), c.crew("o", "water", west)
	c.plan(k, "2026-03-14T22:00", "2026-03-15T06:00") // the week before's
	for day := 15; day <= 19; day++ {
		c.plan(k, fmt.Sprintf("2026-03-%dT07:00", day), fmt.Sprintf("2026-03-%dT15:00", day))
	}
	c.plan(k, "2026-03-19T23:00", "2026-03-20T07:00")
	c.plan(o, "2026-03-21T20:00", "2026-03-22T04:00")
	in := WeekCopy{From: "2026-03-18", To: "2026-03-27"}
	inWay := c.plan(k, "2026-03-24T10:00", "2026-03-24T12:00")
	out, err := c.CopyWeek(c.ctx, c.dispatcher(), in)
	c.must(err)
	if len(out.Made) != 6 || out.Already != 0 || len(out.Conflicts) != 1 || out.Conflicts[0].With.ID != inWay.ID ||
		out.Conflicts[0].Shift.From.In(c.ground().calendar.Zone).Format("2006-01-02T15:04") != "2026-03-24T07:00" {
		t.Fatalf("%d made, %d already, %+v", len(out.Made), out.Already, out.Conflicts)
	}
	for _, s := range out.Made {
		wall := s.From.In(c.ground().calendar.Zone)
		if h := wall.Hour(); h != 7 && h != 23 && h != 20 || len(s.Members) != 1 || s.Vehicle != "סל 7" {
			t.Errorf("%v: %+v", wall, s)
		}
		if night := s.Until.Sub(s.From); wall.Hour() == 23 && night != 7*time.Hour {
			t.Errorf("the night when the clock goes forward lasts %v", night)
		}
	}
	// Again: nothing new, also when a copy was moved or its hours planned by hand.
	moved, until := out.Made[0], "2026-03-22T16:00"
	c.must(err2(c.ChangeShift(c.ctx, c.dispatcher(), moved.ID, ShiftChange{BaseVersion: 1, Until: &until})))
	again, err := c.CopyWeek(c.ctx, c.dispatcher(), in)
	c.must(err)
	if len(again.Made) != 0 || again.Already != 6 || len(again.Conflicts) != 1 {
		t.Errorf("%d made, %d already, %d conflicts", len(again.Made), again.Already, len(again.Conflicts))
	}
	// Of its own crews only, over three weeks, one of which is there.
	water := dispatch.Actor{Authority: cityCode, Role: dispatch.DepartmentHead, Department: "water"}
	in.Weeks = 3
	if out, err = c.CopyWeek(c.ctx, water, in); err != nil || len(out.Made) != 2 || out.Already != 1 {
		t.Errorf("%+v, %v", out, err)
	}
	c.refused(err2(c.CopyWeek(c.ctx, c.of(k), in)), dispatch.Forbidden, "")
	for field, in := range map[string]WeekCopy{
		"to": {From: "2026-03-15", To: "2026-03-21"}, "from": {From: "x", To: "2026-03-21"}, "weeks": {From: "2026-03-15", To: "2026-03-22", Weeks: 9},
	} {
		c.refused(err2(c.CopyWeek(c.ctx, c.dispatcher(), in)), dispatch.Invalid, field)
	}
}

// Who reported is for the crew at work on it, and it is noted.
func TestJobContacts(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	crews := map[dispatch.CrewKind]dispatch.Crew{}
	for _, kind := range dispatch.CrewKinds() {
		crews[kind] = c.kind(c.crew("c-"+string(kind), "electricity", west), kind)
	}
	n := told("street-light-out", "פנס", west)
	n.Contact = &dispatch.Contact{Name: "דנה", Phone: "0521234567"}
	f, err := c.FileReport(c.ctx, c.dispatcher(), n)
	c.must(err)
	c.reports("בלי שם", west)
	j := c.job(f)
	views := func() int { return c.count(`select count(*) from personal_view`) }
	for _, kind := range dispatch.CrewKinds() {
		k := crews[kind]
		c.refused(err2(c.JobContacts(c.ctx, c.of(k), j.ID)), dispatch.NotFound, "")
		j = c.step(j, c.AssignJob, Step{Crew: k.ID})
		before := views()
		list, err := c.JobContacts(c.ctx, c.of(k), j.ID)
		if kind != dispatch.StaffCrew {
			c.refused(err, dispatch.Forbidden, "")
			if views() != before {
				t.Errorf("%s is noted to have seen what it didn't", kind)
			}
			continue
		}
		c.must(err)
		if len(list) != 1 || list[0].Contact.Phone != "0521234567" || list[0].Number != f.Number || views() != before+1 {
			t.Errorf("%+v, noted %d times", list, views()-before)
		}
	}
	list, err := c.JobContacts(c.ctx, c.dispatcher(), j.ID)
	if err != nil || len(list) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
	c.refused(err2(c.JobContacts(c.ctx, c.actor(dispatch.Integration), j.ID)), dispatch.Forbidden, "")
	if n := c.count(`select count(*) from personal_view where actor ->> 'crew_kind' = 'crew' and actor ->> 'crew' = $1`, crews[dispatch.StaffCrew].ID.String()); n != 1 {
		t.Errorf("the crew is noted %d times", n)
	}
	// Once the job has ended, no longer.
	j = c.step(j, c.AssignJob, Step{Crew: crews[dispatch.StaffCrew].ID})
	j = c.step(j, c.DepartJob, Step{})
	c.step(j, c.CompleteJob, Step{})
	c.refused(err2(c.JobContacts(c.ctx, c.of(crews[dispatch.StaffCrew]), j.ID)), dispatch.Forbidden, "")
}
