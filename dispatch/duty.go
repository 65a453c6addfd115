package dispatch

import "time"

// Duty is what a crew is put to.
type Duty string

const (
	DutyOff Duty = "off"
	// DutyStandby is at home, to be called when nobody on duty fits.
	DutyStandby Duty = "standby"
	DutyOn      Duty = "on"
	DutyBreak   Duty = "break"
)

// Duties lists every state.
func Duties() []Duty { return []Duty{DutyOff, DutyStandby, DutyOn, DutyBreak} }

const (
	// LongestDuty bounds how far ahead a state may end.
	LongestDuty = 31 * 24 * time.Hour
	// A crew that goes on duty outside of any shift and doesn't say until when
	// works this long.
	unplannedDuty = 8 * time.Hour
	// EarlyDuty is how long before its shift a crew may come on duty and have
	// it counted as that shift.
	EarlyDuty = time.Hour
)

// DutyAt is the crew's state at an instant: what it was put to ends by itself
// at the time it was said to, a break in work again and the rest off duty.
func (k Crew) DutyAt(now time.Time) Duty {
	switch {
	case k.StandbyUntil != nil && k.StandbyUntil.After(now):
		return DutyStandby
	case k.OnUntil == nil || !k.OnUntil.After(now):
		return DutyOff
	case k.OnBreak && (k.BreakUntil == nil || k.BreakUntil.After(now)):
		return DutyBreak
	}
	return DutyOn
}

// Ends is when the state that the crew has at an instant ends by itself, or nil
// for one that doesn't.
func (k Crew) Ends(now time.Time) *time.Time {
	switch k.DutyAt(now) {
	case DutyStandby:
		return k.StandbyUntil
	case DutyBreak:
		return k.BreakUntil
	case DutyOn:
		return k.OnUntil
	}
	return nil
}

// told is the state that the crew's times were left in.
func (k Crew) told() Duty {
	switch {
	case k.StandbyUntil != nil:
		return DutyStandby
	case k.OnUntil == nil:
		return DutyOff
	case k.OnBreak:
		return DutyBreak
	}
	return DutyOn
}

// Told is the crew with Duty as its times say.
func (k Crew) Told() Crew {
	k.Duty = k.told()
	return k
}

// Go puts the crew to a state at now and returns it, of the same version, with
// the type of the event to append. until is when the state ends; without one it is
// the end of the shift that the crew has now, or what it was before, or eight
// hours on, and for a break until the crew says that it is back. A break is
// taken from work: Conflict from any other state. Invalid names until when it
// is not ahead, too far ahead, or a break's end after that of the work.
func (k Crew) Go(state Duty, until *time.Time, shift *Shift, now time.Time) (Crew, string, error) {
	is := k.DutyAt(now)
	if until != nil {
		u := until.UTC().Truncate(time.Millisecond)
		until = &u
		if !u.After(now) || u.After(now.Add(LongestDuty)) {
			return k, "", Bad("until", KeyBadUntil)
		}
	}
	var event string
	after := k
	switch state {
	case DutyOff:
		after.OnUntil, after.OnBreak, after.BreakUntil, after.StandbyUntil, after.Shift = nil, false, nil, nil, nil
		event = "crew.off_duty"
	case DutyOn, DutyStandby:
		if until == nil {
			u := k.dutyEnd(state, is, shift, now)
			until = &u
		}
		after.OnBreak, after.BreakUntil, after.Shift = false, nil, shift
		if state == DutyOn {
			after.OnUntil, after.StandbyUntil = until, nil
			event = "crew.on_duty"
		} else {
			after.OnUntil, after.StandbyUntil = nil, until
			event = "crew.on_standby"
		}
	case DutyBreak:
		if is != DutyOn && is != DutyBreak {
			return k, "", &Error{Code: Conflict, Key: KeyDutyStep, Field: "state", Current: k}
		}
		if until != nil && until.After(*k.OnUntil) {
			return k, "", Bad("until", KeyBadUntil)
		}
		after.OnBreak, after.BreakUntil = true, until
		event = "crew.on_break"
	default:
		return k, "", Bad("state", KeyUnknownDuty)
	}
	return after.Told(), event, nil
}

func (k Crew) dutyEnd(state, is Duty, shift *Shift, now time.Time) time.Time {
	working := is == DutyOn || is == DutyBreak
	switch {
	case state == DutyOn && working:
		return *k.OnUntil
	case state == DutyStandby && is == DutyStandby:
		return *k.StandbyUntil
	case shift != nil:
		return shift.Until
	}
	return now.Add(unplannedDuty)
}
