package desk

import (
	"testing"
	"time"

	"moked/dispatch"
)

func TestDutyOfACrew(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	k := c.crew("k", "electricity", west, "electrician")
	who := c.of(k)
	put := func(in Duty) dispatch.Crew {
		t.Helper()
		k, err := c.SetDuty(c.ctx, who, k.ID, in)
		c.must(err)
		s, err := c.Snapshot(c.ctx, who)
		c.must(err)
		if len(s.Crews) != 1 || s.Crews[0].Duty != k.Duty || s.Crews[0].Version != k.Version {
			t.Errorf("%+v, and then %+v", k, s.Crews)
		}
		return k
	}
	back := c.now.Add(30 * time.Minute)
	if k := put(Duty{State: dispatch.DutyBreak, Until: &back}); !k.OnBreak || k.OnUntil == nil || !k.BreakUntil.Equal(back) {
		t.Errorf("%+v", k)
	}
	if k := put(Duty{State: dispatch.DutyOn}); k.OnBreak || k.BreakUntil != nil || !k.OnUntil.Equal(c.now.Add(8*time.Hour)) {
		t.Errorf("%+v", k)
	}
	if k := put(Duty{State: dispatch.DutyStandby}); k.OnUntil != nil || k.StandbyUntil == nil {
		t.Errorf("%+v", k)
	}
	c.refused(err2(c.SetDuty(c.ctx, who, k.ID, Duty{State: dispatch.DutyBreak})), dispatch.Conflict, "state")
	c.refused(err2(c.SetDuty(c.ctx, who, k.ID, Duty{State: "asleep"})), dispatch.Invalid, "state")
	past := c.now.Add(-time.Minute)
	c.refused(err2(c.SetDuty(c.ctx, who, k.ID, Duty{State: dispatch.DutyOn, Until: &past})), dispatch.Invalid, "until")
	c.refused(err2(c.SetDuty(c.ctx, who, k.ID, Duty{OnUntil: &past})), dispatch.Invalid, "on_until")
	// The way that programs had before.
	until := c.now.Add(2 * time.Hour)
	if k := put(Duty{OnUntil: &until, OnBreak: true}); k.Duty != dispatch.DutyBreak || !k.OnUntil.Equal(until) {
		t.Errorf("%+v", k)
	}
	if k := put(Duty{}); k.Duty != dispatch.DutyOff || k.OnUntil != nil {
		t.Errorf("%+v", k)
	}
	// Another crew's isn't its to set.
	o := c.crew("o", "electricity", east)
	c.refused(err2(c.SetDuty(c.ctx, who, o.ID, Duty{State: dispatch.DutyOff})), dispatch.NotFound, "")
}
