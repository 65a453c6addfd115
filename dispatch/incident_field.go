package dispatch

import (
	"slices"
	"time"
)

// AfterFieldStep is AfterStep for a step that a crew made at at and that came at
// now: the incident's clocks stop when the work was done, and not when the
// tablet had a network. They never stop before what they have behind them (a
// pause, another job's end). An arrival that comes after a later one takes the
// time to arrive back to when it was.
func (i Incident) AfterFieldStep(a Action, job Job, jobs []Job, at, now time.Time, cal Calendar) (Incident, []string) {
	for _, c := range i.Clocks {
		at = later(at, c.StartedAt)
		for _, p := range c.Pauses {
			at = later(at, p.From)
			if p.Until != nil {
				at = later(at, *p.Until)
			}
		}
	}
	if a == ActComplete {
		for _, j := range jobs {
			if j.EndedAt != nil && j.ID != job.ID {
				at = later(at, *j.EndedAt)
			}
		}
	}
	at = earlier(at, now)
	if a == ActArrive && i.State == IncidentOpen {
		if k := slices.IndexFunc(i.Clocks, func(c Clock) bool {
			return c.Kind == Response && c.StoppedAt != nil && at.Before(*c.StoppedAt)
		}); k >= 0 {
			i = i.eachClock(func(c Clock) Clock { return c })
			i.Clocks[k].StoppedAt = &at
			return i, []string{"incident.changed"}
		}
	}
	return i.AfterStep(a, job, jobs, at, cal)
}
