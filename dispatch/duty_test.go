package dispatch_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"moked/dispatch"
)

func in(d time.Duration) *time.Time { t := noon.Add(d); return &t }

func TestDutyAt(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		crew dispatch.Crew
		want dispatch.Duty
	}{
		{dispatch.Crew{}, dispatch.DutyOff},
		{dispatch.Crew{OnUntil: in(time.Hour)}, dispatch.DutyOn},
		{dispatch.Crew{OnUntil: in(0)}, dispatch.DutyOff},
		{dispatch.Crew{OnUntil: in(time.Hour), OnBreak: true}, dispatch.DutyBreak},
		{dispatch.Crew{OnUntil: in(time.Hour), OnBreak: true, BreakUntil: in(time.Minute)}, dispatch.DutyBreak},
		{dispatch.Crew{OnUntil: in(time.Hour), OnBreak: true, BreakUntil: in(0)}, dispatch.DutyOn},
		{dispatch.Crew{OnUntil: in(-time.Hour), OnBreak: true, BreakUntil: in(time.Hour)}, dispatch.DutyOff},
		{dispatch.Crew{StandbyUntil: in(time.Hour)}, dispatch.DutyStandby},
		{dispatch.Crew{StandbyUntil: in(0)}, dispatch.DutyOff},
	} {
		if got := k.crew.DutyAt(noon); got != k.want {
			t.Errorf("%+v: %s, want %s", k.crew, got, k.want)
		}
	}
}

func TestDutySteps(t *testing.T) {
	t.Parallel()
	shift := &dispatch.Shift{ID: red, From: noon.Add(-time.Hour), Until: noon.Add(5 * time.Hour), Vehicle: "סל", Skills: []string{"lift"}}
	at := map[dispatch.Duty]dispatch.Crew{
		dispatch.DutyOff:     {},
		dispatch.DutyOn:      {OnUntil: in(2 * time.Hour), Shift: shift},
		dispatch.DutyBreak:   {OnUntil: in(2 * time.Hour), OnBreak: true, Shift: shift},
		dispatch.DutyStandby: {StandbyUntil: in(3 * time.Hour), Shift: shift},
	}
	const conflict = "conflict"
	for _, k := range []struct {
		from, to dispatch.Duty
		until    *time.Time
		shift    *dispatch.Shift
		ends     *time.Time // of the work, the break or the standby
		event    string
		field    string
	}{
		{from: dispatch.DutyOff, to: dispatch.DutyOn, shift: shift, ends: &shift.Until, event: "crew.on_duty"},
		{from: dispatch.DutyOff, to: dispatch.DutyOn, ends: in(8 * time.Hour), event: "crew.on_duty"},
		{from: dispatch.DutyOff, to: dispatch.DutyOn, shift: shift, until: in(time.Hour), ends: in(time.Hour), event: "crew.on_duty"},
		{from: dispatch.DutyOn, to: dispatch.DutyOn, shift: shift, ends: in(2 * time.Hour), event: "crew.on_duty"},
		{from: dispatch.DutyBreak, to: dispatch.DutyOn, shift: shift, ends: in(2 * time.Hour), event: "crew.on_duty"},
		{from: dispatch.DutyStandby, to: dispatch.DutyOn, shift: shift, ends: &shift.Until, event: "crew.on_duty"},
		{from: dispatch.DutyOff, to: dispatch.DutyStandby, shift: shift, ends: &shift.Until, event: "crew.on_standby"},
		{from: dispatch.DutyStandby, to: dispatch.DutyStandby, shift: shift, ends: in(3 * time.Hour), event: "crew.on_standby"},
		{from: dispatch.DutyOn, to: dispatch.DutyBreak, event: "crew.on_break"},
		{from: dispatch.DutyOn, to: dispatch.DutyBreak, until: in(time.Hour), ends: in(time.Hour), event: "crew.on_break"},
		{from: dispatch.DutyBreak, to: dispatch.DutyBreak, until: in(time.Hour), ends: in(time.Hour), event: "crew.on_break"},
		{from: dispatch.DutyOn, to: dispatch.DutyBreak, until: in(3 * time.Hour), field: "until"},
		{from: dispatch.DutyOff, to: dispatch.DutyBreak, field: conflict},
		{from: dispatch.DutyStandby, to: dispatch.DutyBreak, field: conflict},
		{from: dispatch.DutyOn, to: dispatch.DutyOff, event: "crew.off_duty"},
		{from: dispatch.DutyStandby, to: dispatch.DutyOff, event: "crew.off_duty"},
		{from: dispatch.DutyOff, to: dispatch.DutyOn, until: in(0), field: "until"},
		{from: dispatch.DutyOff, to: dispatch.DutyStandby, until: in(32 * 24 * time.Hour), field: "until"},
		{from: dispatch.DutyOff, to: "asleep", field: "state"},
	} {
		crew := at[k.from]
		after, event, err := crew.Go(k.to, k.until, k.shift, noon)
		if k.field != "" {
			var refused *dispatch.Error
			if !errors.As(err, &refused) || refused.Field != k.field && (k.field != conflict || refused.Code != dispatch.Conflict) {
				t.Errorf("%s → %s: %v, want a refusal of %s", k.from, k.to, err, k.field)
			}
			continue
		}
		if err != nil || event != k.event || after.Duty != k.to || after.DutyAt(noon) != k.to {
			t.Errorf("%s → %s: %s, %s, %v", k.from, k.to, after.Duty, event, err)
			continue
		}
		ends := map[dispatch.Duty]*time.Time{dispatch.DutyOn: after.OnUntil, dispatch.DutyBreak: after.BreakUntil, dispatch.DutyStandby: after.StandbyUntil}[k.to]
		if (ends == nil) != (k.ends == nil) || ends != nil && !ends.Equal(*k.ends) {
			t.Errorf("%s → %s: until %v, want %v", k.from, k.to, ends, k.ends)
		}
		if has := after.Can("lift"); has != (k.to != dispatch.DutyOff && (k.shift != nil || k.to == dispatch.DutyBreak)) {
			t.Errorf("%s → %s: the shift's skills: %v", k.from, k.to, has)
		}
	}
}

// Whatever a crew goes through, its fields are those of one state, and who is
// on standby or off doesn't look as if at work to a program that reads on_until
// only.
func TestDutyIsOneState(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var crew dispatch.Crew
		now := noon
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 600).Draw(t, "wait")) * time.Minute)
			var until *time.Time
			if rapid.Bool().Draw(t, "says") {
				u := now.Add(time.Duration(rapid.IntRange(-10, 900).Draw(t, "until")) * time.Minute)
				until = &u
			}
			after, _, err := crew.Go(rapid.SampledFrom(dispatch.Duties()).Draw(t, "to"), until, nil, now)
			if err != nil {
				continue
			}
			crew = after
			works := crew.OnUntil != nil && crew.OnUntil.After(now)
			if is := crew.DutyAt(now); is != crew.Duty || works != (is == dispatch.DutyOn || is == dispatch.DutyBreak) ||
				works && crew.StandbyUntil != nil || crew.BreakUntil != nil && !crew.OnBreak {
				t.Fatalf("%s: %+v", is, crew)
			}
		}
	})
}
