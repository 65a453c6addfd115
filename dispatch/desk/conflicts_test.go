package desk

import (
	"slices"
	"testing"

	"moked/dispatch"
)

// TestSettling: each kind of conflict, settled in each of its ways.
func TestSettling(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	closed := func(o *offline) {
		i := o.incident()
		o.must(err2(o.CloseIncident(o.ctx, o.dispatcher(), i.ID, IncidentStep{BaseVersion: i.Version, Reason: "טופל"})))
	}
	kinds := map[dispatch.ConflictKind]func(o *offline){
		dispatch.ConflictReassigned: func(o *offline) {
			o.does(o.a, dispatch.OpComplete)
			o.online(dispatch.ActAssign, o.b)
		},
		dispatch.ConflictClosedTwice: func(o *offline) {
			o.does(o.a, dispatch.OpComplete)
			o.online(dispatch.ActAssign, o.b)
			o.b.sync(o.b.op(dispatch.OpComplete, o.now(), dispatch.OpData{}))
		},
		dispatch.ConflictCancelled: func(o *offline) {
			o.does(o.a, dispatch.OpComplete)
			o.online(dispatch.ActCancel)
		},
		dispatch.ConflictReopened: func(o *offline) {
			o.does(o.a, dispatch.OpComplete)
			o.online(dispatch.ActCancel)
			o.online(dispatch.ActReopen)
			o.online(dispatch.ActAssign, o.b)
		},
		dispatch.ConflictDeclined: func(o *offline) {
			o.does(o.a, dispatch.OpComplete)
			o.does(o.a2, dispatch.OpDecline, data("אין גישה"))
		},
		dispatch.ConflictTransfer: func(o *offline) {
			o.does(o.a, dispatch.OpTransfer, dispatch.OpData{Department: "water", Text: "נזילה"})
			closed(o)
		},
	}
	for n, tc := range []struct {
		kind   dispatch.ConflictKind
		choice dispatch.Settlement
		state  dispatch.JobState
		crew   string
	}{
		{dispatch.ConflictReassigned, dispatch.SettleKeep, dispatch.JobDone, "a"},
		{dispatch.ConflictReassigned, dispatch.SettleReopen, dispatch.JobAssigned, "b"},
		{dispatch.ConflictClosedTwice, dispatch.SettleKeep, dispatch.JobDone, "b"},
		{dispatch.ConflictClosedTwice, dispatch.SettleAccept, dispatch.JobDone, "a"},
		{dispatch.ConflictCancelled, dispatch.SettleKeep, dispatch.JobCancelled, "a"},
		{dispatch.ConflictCancelled, dispatch.SettleAccept, dispatch.JobDone, "a"},
		{dispatch.ConflictReopened, dispatch.SettleKeep, dispatch.JobAssigned, "b"},
		{dispatch.ConflictReopened, dispatch.SettleAccept, dispatch.JobDone, "a"},
		{dispatch.ConflictDeclined, dispatch.SettleKeep, dispatch.JobDone, "a"},
		{dispatch.ConflictDeclined, dispatch.SettleReopen, dispatch.JobAssigned, "a"},
		{dispatch.ConflictTransfer, dispatch.SettleKeep, dispatch.JobCancelled, "a"},
		{dispatch.ConflictTransfer, dispatch.SettleAccept, dispatch.JobCancelled, "a"},
	} {
		name := string(tc.kind) + " " + string(tc.choice)
		o := newOffline(c, n)
		kinds[tc.kind](o)
		o.sends()
		list, err := c.Conflicts(c.ctx, c.dispatcher(), false)
		c.must(err)
		at := slices.IndexFunc(list, func(k dispatch.FieldConflict) bool { return k.Job == o.job.ID && k.Kind == tc.kind })
		if at < 0 {
			t.Errorf("%s: there is no such conflict", name)
			continue
		}
		k := list[at]
		if k.Other.Event == "" && tc.kind != dispatch.ConflictDeclined || k.Op.CrewName != o.a.crew.Name || !slices.Contains(k.Choices, tc.choice) {
			t.Errorf("%s: the conflict is %+v", name, k)
		}
		for _, wrong := range []dispatch.Settlement{dispatch.SettleAccept, dispatch.SettleReopen, "toss"} {
			if !slices.Contains(k.Choices, wrong) {
				_, err := c.SettleConflict(c.ctx, c.dispatcher(), k.ID, Settling{Choice: wrong})
				c.refused(err, dispatch.Invalid, "choice")
			}
		}
		_, err = c.SettleConflict(c.ctx, c.actor(dispatch.Operator), k.ID, Settling{Choice: tc.choice})
		c.refused(err, dispatch.Forbidden, "")
		settled, err := c.SettleConflict(c.ctx, c.dispatcher(), k.ID, Settling{Choice: tc.choice, Note: "נבדק"})
		c.must(err)
		if settled.SettledAt == nil || settled.SettledBy == nil || settled.Choice != tc.choice || settled.Live() {
			t.Errorf("%s: settled is %+v", name, settled)
		}
		_, err = c.SettleConflict(c.ctx, c.dispatcher(), k.ID, Settling{Choice: tc.choice})
		c.refused(err, dispatch.Conflict, "")
		j := o.now()
		crew := map[bool]string{true: "a", false: "b"}[j.Crew != nil && *j.Crew == o.a.crew.ID]
		if j.State != tc.state || crew != tc.crew || j.Contested {
			t.Errorf("%s: the job is %s by %s, contested %v, want %s by %s", name, j.State, crew, j.Contested, tc.state, tc.crew)
		}
		if tc.kind == dispatch.ConflictTransfer {
			d, err := c.Incident(c.ctx, c.dispatcher(), j.Incident)
			c.must(err)
			linked := slices.ContainsFunc(d.Jobs, func(l dispatch.Job) bool { return l.Linked != nil && *l.Linked == j.ID && l.Live() })
			if linked != (tc.choice == dispatch.SettleAccept) || (d.Incident.State == dispatch.IncidentOpen) != linked {
				t.Errorf("%s: linked %v on an incident that is %s", name, linked, d.Incident.State)
			}
		}
	}
}

// TestWhoseConflict: a conflict is seen where its job is, and by no crew.
func TestWhoseConflict(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	o := newOffline(c, 1)
	o.does(o.a, dispatch.OpComplete)
	o.online(dispatch.ActCancel)
	o.sends()
	for _, tc := range []struct {
		who  dispatch.Actor
		sees int
	}{
		{c.dispatcher(), 1},
		{dispatch.Actor{Authority: cityCode, Role: dispatch.DistrictManager, District: "west"}, 1},
		{dispatch.Actor{Authority: cityCode, Role: dispatch.DistrictManager, District: "east"}, 0},
		{dispatch.Actor{Authority: cityCode, Role: dispatch.DepartmentHead, Department: "electricity"}, 1},
		{dispatch.Actor{Authority: cityCode, Role: dispatch.DepartmentHead, Department: "water"}, 0},
		{o.a.actor(), 0},
		{c.actor(dispatch.Integration), 0},
	} {
		list, err := c.Conflicts(c.ctx, tc.who, true)
		c.must(err)
		if len(list) != tc.sees {
			t.Errorf("%s %s%s sees %d", tc.who.Role, tc.who.District, tc.who.Department, len(list))
		}
	}
}

// TestHandingIn: what a tablet saved to a file is handed in at the desk, as the
// crew's own; and who may not work on its jobs can't.
func TestHandingIn(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	o := newOffline(c, 1)
	known := o.does(o.a, dispatch.OpAccept)
	o.sends()
	op := o.does(o.a, dispatch.OpComplete)
	in := Syncing{Ops: o.a.raw(known, op)}
	out, err := c.Sync(c.ctx, c.dispatcher(), in)
	c.must(err)
	if len(out.Results) != 2 || out.Results[1].Status != dispatch.OpApplied {
		t.Fatalf("%+v", out.Results)
	}
	if j := o.now(); j.State != dispatch.JobDone || *j.Crew != o.a.crew.ID {
		t.Errorf("the job is %s", j.State)
	}
	strange := o.a.op(dispatch.OpNote, o.job, text("x"))
	strange.Device = o.b.device
	out, err = c.Sync(c.ctx, c.dispatcher(), Syncing{Ops: o.a.raw(strange)})
	c.must(err)
	if r := out.Results[0]; r.Status != dispatch.OpRefused {
		t.Errorf("a device that nobody knows: %+v", r)
	}
	_, err = c.Sync(c.ctx, c.actor(dispatch.Operator), in)
	c.refused(err, dispatch.Forbidden, "")
}
