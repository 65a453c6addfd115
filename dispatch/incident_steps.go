package dispatch

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// allow refuses with Forbidden who may not do p with the incident, and with
// Conflict a state that the action doesn't start from.
func (i Incident) allow(who Actor, p Permission, action string, from IncidentState) error {
	if !who.May(p, i.Scope()) {
		return &Error{Code: Forbidden, Key: KeyForbidden}
	}
	if i.State != from {
		return &Error{Code: Conflict, Key: KeyIncidentStep, Args: map[string]any{"action": action, "state": string(i.State)}, Current: i}
	}
	return nil
}

func checkReason(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return "", Bad("reason", KeyReasonRequired)
	}
	return reason, checkText("reason", reason, MaxReason)
}

// eachClock is the incident one version on, with f applied to its clocks.
func (i Incident) eachClock(f func(Clock) Clock) Incident {
	i.Version++
	i.Clocks = slices.Clone(i.Clocks)
	for k := range i.Clocks {
		i.Clocks[k] = f(i.Clocks[k])
	}
	return i
}

// Joined is the incident with one more report on it. A report that is located
// gives its place to an incident that isn't.
func (i Incident) Joined(r Report) Incident {
	i.Version++
	i.Reports++
	if !i.Place.Precision.Located() && r.Place.Precision.Located() {
		i.Place = r.Place
	}
	return i
}

// Correction is what a person changes in an incident; nil leaves as it is. Answers are those that
// the new category's standards are measured by.
type Correction struct {
	Category *Category
	Answers  map[string]Answer
	Place    *Place
	Text     *string
	Priority *int
}

// Change corrects the incident. Another category brings its department and its
// clocks, which have run since the incident was opened and keep the pauses and
// the stops of the old ones; and its priority, unless one is given.
func (i Incident) Change(who Actor, in Correction, cal Calendar) (Incident, error) {
	if err := i.allow(who, IncidentChange, "change", IncidentOpen); err != nil {
		return i, err
	}
	after := i
	if c := in.Category; c != nil && c.Code != i.Category {
		if c.Retired {
			return i, &Error{Code: Invalid, Key: KeyCategoryRetired, Field: "category", Args: map[string]any{"category": c.Code}}
		}
		after.Category, after.Department, after.Priority, after.Sensitive = c.Code, c.Department, c.Priority, c.Sensitive
		after.Clocks = StartClocks(*c, in.Answers, i.OpenedAt, cal)
		for k, fresh := range after.Clocks {
			after.Clocks[k] = fresh.replay(i.Clocks, cal)
		}
	}
	if p := in.Priority; p != nil {
		if *p < 1 || *p > 5 {
			return i, &Error{Code: Invalid, Key: KeyBadPriority, Field: "priority", Args: map[string]any{"min": 1, "max": 5}}
		}
		after.Priority = *p
	}
	if in.Text != nil {
		if err := checkText("text", *in.Text, MaxNote); err != nil {
			return i, err
		}
		after.Text = strings.TrimSpace(*in.Text)
	}
	if in.Place != nil {
		after.Place = *in.Place
	}
	if after.Category == i.Category && after.Priority == i.Priority && after.Text == i.Text && samePlace(after.Place, i.Place) {
		return i, &Error{Code: Invalid, Key: KeyNothingToChange}
	}
	after.Version++
	return after, nil
}

// replay gives a fresh clock the pauses and the stop of the old one of its
// kind, or of any other if there is none.
func (c Clock) replay(old []Clock, cal Calendar) Clock {
	if len(old) == 0 {
		return c
	}
	was := old[0]
	for _, o := range old {
		if o.Kind == c.Kind {
			was = o
		}
	}
	for _, p := range was.Pauses {
		c, _ = c.Pause(p.Reason, p.From)
		if p.Until != nil {
			c, _ = c.Resume(*p.Until, cal)
		}
	}
	if was.StoppedAt != nil && was.Kind == c.Kind {
		c = c.Stop(*was.StoppedAt, cal)
	}
	return c
}

// Pause makes the incident's clocks stand still, with a reason. An incident of
// which no clock runs is a Conflict.
func (i Incident) Pause(who Actor, reason string, now time.Time) (Incident, error) {
	if err := i.allow(who, IncidentChange, "pause", IncidentOpen); err != nil {
		return i, err
	}
	reason, err := checkReason(reason)
	if err != nil {
		return i, err
	}
	if !slices.ContainsFunc(i.Clocks, Clock.Running) {
		return i, &Error{Code: Conflict, Key: KeyClockPaused, Current: i}
	}
	return i.eachClock(func(c Clock) Clock {
		c, _ = c.Pause(reason, now)
		return c
	}), nil
}

// Resume lets the paused clocks run again.
func (i Incident) Resume(who Actor, now time.Time, cal Calendar) (Incident, error) {
	if err := i.allow(who, IncidentChange, "resume", IncidentOpen); err != nil {
		return i, err
	}
	if !slices.ContainsFunc(i.Clocks, Clock.Paused) {
		return i, &Error{Code: Conflict, Key: KeyClockRunning, Current: i}
	}
	return i.eachClock(func(c Clock) Clock {
		c, _ = c.Resume(now, cal)
		return c
	}), nil
}

// Withhold leaves the incident open without work, with the reason. With a live
// job it is a Conflict.
func (i Incident) Withhold(who Actor, reason string, jobs []Job) (Incident, error) {
	if err := i.allow(who, IncidentClose, "withhold", IncidentOpen); err != nil {
		return i, err
	}
	reason, err := checkReason(reason)
	if err != nil {
		return i, err
	}
	if slices.ContainsFunc(jobs, Job.Live) {
		return i, &Error{Code: Conflict, Key: KeyIncidentHasWork, Current: i}
	}
	i.Version++
	i.Withheld = reason
	return i, nil
}

// Close ends the incident, with a reason, and its clocks. The caller cancels
// its live jobs in the same transaction.
func (i Incident) Close(who Actor, reason string, now time.Time, cal Calendar) (Incident, error) {
	if err := i.allow(who, IncidentClose, "close", IncidentOpen); err != nil {
		return i, err
	}
	if _, err := checkReason(reason); err != nil {
		return i, err
	}
	return i.closed(now, cal), nil
}

func (i Incident) closed(now time.Time, cal Calendar) Incident {
	i = i.eachClock(func(c Clock) Clock { return c.Stop(now, cal) })
	i.State, i.ClosedAt, i.Withheld = IncidentClosed, &now, ""
	return i
}

// Reopen opens a closed incident again, with a reason. The time to resolve
// goes on with what was left of it; a crew that arrived has arrived. The caller
// opens or reopens a job in the same transaction.
func (i Incident) Reopen(who Actor, reason string, now time.Time, cal Calendar) (Incident, error) {
	if err := i.allow(who, IncidentClose, "reopen", IncidentClosed); err != nil {
		return i, err
	}
	reason, err := checkReason(reason)
	if err != nil {
		return i, err
	}
	return i.reopened(reason, now, cal), nil
}

func (i Incident) reopened(reason string, now time.Time, cal Calendar) Incident {
	i = i.eachClock(func(c Clock) Clock {
		if c.Kind == Resolution {
			c = c.Restart(reason, now, cal)
		}
		return c
	})
	i.State, i.ClosedAt = IncidentOpen, nil
	i.Reopened++
	return i
}

// MergeInto ends the incident as being the same as into, which takes over its
// reports and the more urgent priority. The caller moves the reports and the
// jobs in the same transaction.
func (i Incident) MergeInto(who Actor, into Incident, now time.Time, cal Calendar) (merged, grown Incident, err error) {
	if err := i.allow(who, IncidentChange, "merge", IncidentOpen); err != nil {
		return i, into, err
	}
	switch {
	case !who.May(IncidentChange, into.Scope()):
		return i, into, &Error{Code: Forbidden, Key: KeyForbidden, Field: "into"}
	case i.ID == into.ID:
		return i, into, Bad("into", KeyMergeSelf)
	case into.State != IncidentOpen:
		return i, into, &Error{Code: Conflict, Key: KeyMergeClosed, Field: "into", Current: into}
	}
	i = i.closed(now, cal)
	i.State, i.Into = IncidentMerged, &into.ID
	into.Version++
	into.Reports += i.Reports
	into.Priority = min(into.Priority, i.Priority)
	if !into.Place.Precision.Located() && i.Place.Precision.Located() {
		into.Place = i.Place
	}
	return i, into, nil
}

// Split takes a report off the incident: it opens one of its own, as it would
// have if it hadn't been joined, with clocks that run since it was filed. The
// last report can't be taken away. The caller moves the report and opens a job
// for it in the same transaction.
func (i Incident) Split(who Actor, r Report, c Category, id uuid.UUID, number string, cal Calendar) (left, opened Incident, err error) {
	if err := i.allow(who, IncidentChange, "split", IncidentOpen); err != nil {
		return i, Incident{}, err
	}
	switch {
	case r.Incident != i.ID:
		return i, Incident{}, Bad("report", KeySplitOther)
	case i.Reports < 2:
		return i, Incident{}, &Error{Code: Conflict, Key: KeySplitLast, Field: "report", Current: i}
	}
	i.Version++
	i.Reports--
	return i, OpenIncident(id, number, r, c, cal), nil
}

// AfterStep is what becomes of the incident when one of its jobs has made a
// step; jobs are all of its jobs as they are after it. The types are the
// events to append, none if the incident is as it was.
//
//   - A crew that arrives stops the time to arrive, and one that completes too.
//   - When the last live job is done, the incident closes. When it is cancelled,
//     the incident closes if another job was done, and is otherwise withheld for
//     the same reason.
//   - A job that is planned anew opens a closed incident again.
func (i Incident) AfterStep(a Action, job Job, jobs []Job, now time.Time, cal Calendar) (Incident, []string) {
	was := i
	if a == ActReopen && i.State == IncidentClosed {
		return i.reopened(job.Reason, now, cal), []string{"incident.reopened"}
	}
	if i.State != IncidentOpen {
		return was, nil
	}
	live := slices.ContainsFunc(jobs, Job.Live)
	done := slices.ContainsFunc(jobs, func(j Job) bool { return j.State == JobDone })
	switch {
	case (a == ActComplete || a == ActCancel) && !live && done:
		return i.closed(now, cal), []string{"incident.closed"}
	case a == ActCancel && !live:
		i.Version++
		i.Withheld = job.Reason
		return i, []string{"incident.withheld"}
	case a == ActReopen && i.Withheld != "":
		i.Version++
		i.Withheld = ""
		return i, []string{"incident.changed"}
	case a == ActArrive || a == ActComplete:
		if !slices.ContainsFunc(i.Clocks, func(c Clock) bool { return c.Kind == Response && c.StoppedAt == nil }) {
			return was, nil
		}
		return i.eachClock(func(c Clock) Clock {
			if c.Kind == Response {
				c = c.Stop(now, cal)
			}
			return c
		}), []string{"incident.changed"}
	}
	return was, nil
}
