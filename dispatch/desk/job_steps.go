package desk

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// Step is what a job's step carries. BaseVersion is the job's version that it
// was made on. Crew goes with assign; Reason with pause, decline, cancel and
// reopen.
type Step struct {
	BaseVersion int       `json:"base_version"`
	Crew        uuid.UUID `json:"crew,omitzero"`
	Reason      string    `json:"reason,omitempty"`
	Note        string    `json:"note,omitempty"`
}

// AssignJob gives a job to a crew, or moves it to another.
func (d *Desk) AssignJob(ctx context.Context, who dispatch.Actor, id uuid.UUID, s Step) (dispatch.Job, error) {
	return d.stepJob(ctx, who, id, dispatch.ActAssign, s)
}

// AcceptJob is the crew's word that it will go.
func (d *Desk) AcceptJob(ctx context.Context, who dispatch.Actor, id uuid.UUID, s Step) (dispatch.Job, error) {
	return d.stepJob(ctx, who, id, dispatch.ActAccept, s)
}

// DepartJob is the crew on its way.
func (d *Desk) DepartJob(ctx context.Context, who dispatch.Actor, id uuid.UUID, s Step) (dispatch.Job, error) {
	return d.stepJob(ctx, who, id, dispatch.ActDepart, s)
}

// ArriveJob is the crew at the place; it stops the time to arrive.
func (d *Desk) ArriveJob(ctx context.Context, who dispatch.Actor, id uuid.UUID, s Step) (dispatch.Job, error) {
	return d.stepJob(ctx, who, id, dispatch.ActArrive, s)
}

// PauseJob interrupts the work, with a reason.
func (d *Desk) PauseJob(ctx context.Context, who dispatch.Actor, id uuid.UUID, s Step) (dispatch.Job, error) {
	return d.stepJob(ctx, who, id, dispatch.ActPause, s)
}

// ResumeJob goes on where PauseJob interrupted.
func (d *Desk) ResumeJob(ctx context.Context, who dispatch.Actor, id uuid.UUID, s Step) (dispatch.Job, error) {
	return d.stepJob(ctx, who, id, dispatch.ActResume, s)
}

// CompleteJob is the work done; with the last one the incident closes.
func (d *Desk) CompleteJob(ctx context.Context, who dispatch.Actor, id uuid.UUID, s Step) (dispatch.Job, error) {
	return d.stepJob(ctx, who, id, dispatch.ActComplete, s)
}

// DeclineJob hands the job back, with a reason.
func (d *Desk) DeclineJob(ctx context.Context, who dispatch.Actor, id uuid.UUID, s Step) (dispatch.Job, error) {
	return d.stepJob(ctx, who, id, dispatch.ActDecline, s)
}

// CancelJob ends the job without the work, with a reason.
func (d *Desk) CancelJob(ctx context.Context, who dispatch.Actor, id uuid.UUID, s Step) (dispatch.Job, error) {
	return d.stepJob(ctx, who, id, dispatch.ActCancel, s)
}

// ReopenJob plans an ended job again, with a reason, and opens its incident
// again if that was closed.
func (d *Desk) ReopenJob(ctx context.Context, who dispatch.Actor, id uuid.UUID, s Step) (dispatch.Job, error) {
	return d.stepJob(ctx, who, id, dispatch.ActReopen, s)
}

const (
	selectJobIncident = `select incident from job where id = $1 and authority = $2`
	// Shared, so that the crew isn't retired under the assignment.
	shareCrew = `select ` + crewColumns + fromCrew + ` where w.id = $1 and w.authority = $2 for share of w`
)

// stepJob is every step of a job: the incident and its jobs are locked, the
// job makes its step, the incident what follows from it, and the other jobs
// take up what they repeat of the incident.
func (d *Desk) stepJob(ctx context.Context, who dispatch.Actor, id uuid.UUID, a dispatch.Action, s Step) (after dispatch.Job, err error) {
	err = d.write(ctx, who, func(c *change) error {
		i, js, at, err := c.lockJob(ctx, id)
		if err != nil {
			return err
		}
		before := js[at]
		if err := c.fresh(ctx, s.BaseVersion, before.Version, before.ID, before); err != nil {
			return err
		}
		after, err = c.step(ctx, i, js, at, a, s)
		return err
	})
	if err != nil {
		return dispatch.Job{}, err
	}
	return after.For(who), nil
}

// step makes a job's step, js[at] being the job, and what follows from it. It
// leaves i and js as they are after it.
func (c *change) step(ctx context.Context, i *incident, js []dispatch.Job, at int, a dispatch.Action, s Step) (after dispatch.Job, err error) {
	before := js[at]
	if a == dispatch.ActAssign && s.Crew != uuid.Nil {
		if err := c.assignable(ctx, s.Crew); err != nil {
			return before, err
		}
	}
	after, event, err := before.Step(a, c.who, dispatch.StepInput{Crew: s.Crew, Reason: s.Reason, Note: s.Note}, c.now)
	if err != nil {
		return before, err
	}
	if after.State == dispatch.JobDone {
		after.RecordMissing = c.ground.form(after).Missing(after.Record)
	}
	js[at] = after
	now, events := i.AfterStep(a, after, js, c.now, c.ground.calendar)
	// The step and what it changes of the incident are one change of the job.
	if followed, changed := after.Follow(now); changed {
		followed.Version = after.Version
		after = followed
		js[at] = after
	}
	if err := c.updateJob(ctx, after); err != nil {
		return before, err
	}
	was := before.Scope()
	c.tellJob(event, after, &was, stepNote(s))
	if err := c.tellLeft(ctx, before, after, a, s.Reason); err != nil {
		return before, err
	}
	if len(events) == 0 {
		return after, nil
	}
	scope := i.Scope()
	i.Incident = now
	if err := c.updateIncident(ctx, *i); err != nil {
		return before, err
	}
	for _, e := range events {
		c.tellIncident(e, now, &scope, map[string]any{"job": after.Number})
	}
	others := append(append([]dispatch.Job(nil), js[:at]...), js[at+1:]...)
	return after, c.follow(ctx, now, others)
}

// tellLeft leaves word in the inbox of a crew from which somebody else took a
// job: its tablet would only see it vanish.
func (c *change) tellLeft(ctx context.Context, before, after dispatch.Job, a dispatch.Action, reason string) error {
	if before.Crew == nil || c.who.Crew == *before.Crew {
		return nil
	}
	switch {
	case a == dispatch.ActCancel:
		return c.message(ctx, *before.Crew, dispatch.MessageCancelled, reason, &after)
	case a == dispatch.ActAssign, a == dispatch.ActDecline:
		return c.message(ctx, *before.Crew, dispatch.MessageStoodDown, reason, &after)
	}
	return nil
}

// form is what the job's category asks of the crew.
func (g *ground) form(j dispatch.Job) dispatch.Form {
	if k := g.category[j.Category]; k != nil {
		return k.Field
	}
	return dispatch.Form{}
}

// lockJob takes a job's incident and all of the incident's jobs, of which js[at]
// is the job. An incident that the job was moved to meanwhile is taken in a
// new try.
func (c *change) lockJob(ctx context.Context, id uuid.UUID) (i *incident, js []dispatch.Job, at int, err error) {
	for range attempts {
		var of uuid.UUID
		err := c.tx.QueryRow(ctx, selectJobIncident, id, c.who.Authority).Scan(&of)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, nil, 0, notFound(KeyNoJob)
		}
		if err != nil {
			return nil, nil, 0, err
		}
		found, err := c.lockIncidents(ctx, of)
		if err != nil {
			return nil, nil, 0, err
		}
		if js, err = c.lockJobs(ctx, of); err != nil {
			return nil, nil, 0, err
		}
		for at, j := range js {
			if j.ID != id {
				continue
			}
			if !c.who.Sees(dispatch.NounJob, j.Scope()) {
				return nil, nil, 0, notFound(KeyNoJob)
			}
			return found[of], js, at, nil
		}
	}
	return nil, nil, 0, notFound(KeyNoJob)
}

// assignable checks that the crew is one of the actor's and still there.
func (c *change) assignable(ctx context.Context, id uuid.UUID) error {
	ks, err := crews(ctx, c.tx, shareCrew, id, c.who.Authority)
	if err != nil {
		return err
	}
	if len(ks) == 0 || !c.who.Sees(dispatch.NounCrew, ks[0].Scope()) {
		return &dispatch.Error{Code: dispatch.NotFound, Key: KeyNoCrew, Field: "crew"}
	}
	if ks[0].Retired {
		return &dispatch.Error{Code: dispatch.Conflict, Key: dispatch.KeyCrewRetired, Field: "crew", Args: map[string]any{"crew": ks[0].Name}}
	}
	return nil
}

// stepNote is what the job itself doesn't keep: its reason is overwritten by
// the next step.
func stepNote(s Step) map[string]any {
	n := map[string]any{}
	if s.Reason != "" {
		n["reason"] = s.Reason
	}
	if s.Note != "" {
		n["note"] = s.Note
	}
	if len(n) == 0 {
		return nil
	}
	return n
}
