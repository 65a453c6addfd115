package dispatch

import (
	"slices"
	"time"
)

// For is the promised time under the answers: the first case that holds, or
// the default.
func (s Standard) For(answers map[string]Answer) Duration {
	for _, c := range s.Cases {
		if c.holds(answers) {
			return c.Within
		}
	}
	return s.Default
}

func (c Case) holds(answers map[string]Answer) bool {
	given, ok := answers[c.Question]
	if !ok || given == nil {
		return false
	}
	if c.AtLeast != nil {
		n, isNumber := number(given)
		return isNumber && n >= *c.AtLeast
	}
	return sameAnswer(given, c.Is)
}

// StartClocks starts the clocks that a category promises under the answers,
// for a report filed at at. Due times are in UTC, to the millisecond, as they
// are kept and sent.
func StartClocks(c Category, answers map[string]Answer, at time.Time, cal Calendar) []Clock {
	clocks := []Clock{}
	for _, s := range []struct {
		kind ClockKind
		std  Standard
	}{{Response, c.Response}, {Resolution, c.Resolution}} {
		if d := s.std.For(answers); d.N > 0 {
			clocks = append(clocks, Clock{Kind: s.kind, Standard: d, StartedAt: at, DueAt: cal.Due(at, d).UTC().Truncate(time.Millisecond)})
		}
	}
	return clocks
}

// Paused reports whether the clock stands still now.
func (c Clock) Paused() bool {
	return c.StoppedAt == nil && len(c.Pauses) > 0 && c.Pauses[len(c.Pauses)-1].Until == nil
}

// Running reports whether the clock runs: neither stopped nor paused.
func (c Clock) Running() bool { return c.StoppedAt == nil && !c.Paused() }

// Pause makes the clock stand still from now. A clock that has stopped or is
// paused is a Conflict.
func (c Clock) Pause(reason string, now time.Time) (Clock, error) {
	switch {
	case c.StoppedAt != nil:
		return c, &Error{Code: Conflict, Key: KeyClockStopped}
	case c.Paused():
		return c, &Error{Code: Conflict, Key: KeyClockPaused}
	}
	c.Pauses = append(slices.Clip(c.Pauses), Pause{From: now, Reason: reason})
	return c, nil
}

// Resume lets a paused clock run again with the time that it had left: its due
// time moves by what would have run meanwhile, which is nothing for working
// time paused by night. A promise that was already broken stays due when it
// was.
func (c Clock) Resume(now time.Time, cal Calendar) (Clock, error) {
	if !c.Paused() {
		return c, &Error{Code: Conflict, Key: KeyClockRunning}
	}
	c.Pauses = slices.Clone(c.Pauses)
	p := &c.Pauses[len(c.Pauses)-1]
	until := later(p.From, now)
	p.Until = &until
	c.DueAt = c.moved(p.From, until, cal)
	return c, nil
}

// moved is the due time after the clock stood still from one instant to
// another.
func (c Clock) moved(from, to time.Time, cal Calendar) time.Time {
	if !from.Before(c.DueAt) {
		return c.DueAt
	}
	left := cal.Running(c.Standard.Unit, from, c.DueAt)
	return later(c.DueAt, cal.Advance(c.Standard.Unit, to, left)).UTC()
}

// Stop ends the measurement: what it measures happened now. A pause that
// lasted ends too. A stopped clock stays as it was.
func (c Clock) Stop(now time.Time, cal Calendar) Clock {
	if c.StoppedAt != nil {
		return c
	}
	if c.Paused() {
		c, _ = c.Resume(now, cal)
	}
	c.StoppedAt = &now
	return c
}

// Restart runs a stopped clock again, because what it measures turns out not
// to have happened: the time since it stopped counts as a pause. A running
// clock stays as it was.
func (c Clock) Restart(reason string, now time.Time, cal Calendar) Clock {
	if c.StoppedAt == nil {
		return c
	}
	from, until := *c.StoppedAt, later(*c.StoppedAt, now)
	c.StoppedAt = nil
	c.Pauses = append(slices.Clip(c.Pauses), Pause{From: from, Until: &until, Reason: reason})
	c.DueAt = c.moved(from, until, cal)
	return c
}

// Elapsed is the time that the clock has run until now, in its own unit's
// running time.
func (c Clock) Elapsed(now time.Time, cal Calendar) time.Duration {
	end := c.readAt(now)
	sum := cal.Running(c.Standard.Unit, c.StartedAt, end)
	for _, p := range c.Pauses {
		until := end
		if p.Until != nil {
			until = earlier(*p.Until, end)
		}
		sum -= cal.Running(c.Standard.Unit, p.From, until)
	}
	return sum
}

// Remaining is the running time left until the clock is due, and negative
// when it is late.
func (c Clock) Remaining(now time.Time, cal Calendar) time.Duration {
	end := c.readAt(now)
	if end.Before(c.DueAt) {
		return cal.Running(c.Standard.Unit, end, c.DueAt)
	}
	return -cal.Running(c.Standard.Unit, c.DueAt, end)
}

// Late reports whether the promise is broken as of now.
func (c Clock) Late(now time.Time) bool { return c.readAt(now).After(c.DueAt) }

// readAt is the instant at which the clock's hand stands.
func (c Clock) readAt(now time.Time) time.Time {
	switch {
	case c.StoppedAt != nil:
		return *c.StoppedAt
	case c.Paused():
		return earlier(c.Pauses[len(c.Pauses)-1].From, now)
	}
	return now
}
