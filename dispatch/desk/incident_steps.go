package desk

import (
	"context"

	"github.com/google/uuid"

	"moked/dispatch"
)

// IncidentStep is what an incident's step carries: the version that it was
// made on and, but for resume, a reason.
type IncidentStep struct {
	BaseVersion int    `json:"base_version"`
	Reason      string `json:"reason,omitempty"`
}

// PauseIncident makes the incident's clocks stand still, with a reason.
func (d *Desk) PauseIncident(ctx context.Context, who dispatch.Actor, id uuid.UUID, s IncidentStep) (dispatch.Incident, error) {
	return d.stepIncident(ctx, who, id, s, "incident.paused", func(c *change, i *incident, js []dispatch.Job) (dispatch.Incident, []dispatch.Job, error) {
		after, err := i.Pause(who, s.Reason, c.now)
		return after, nil, err
	})
}

// ResumeIncident lets the paused clocks run again.
func (d *Desk) ResumeIncident(ctx context.Context, who dispatch.Actor, id uuid.UUID, s IncidentStep) (dispatch.Incident, error) {
	return d.stepIncident(ctx, who, id, s, "incident.resumed", func(c *change, i *incident, js []dispatch.Job) (dispatch.Incident, []dispatch.Job, error) {
		after, err := i.Resume(who, c.now, c.ground.calendar)
		return after, nil, err
	})
}

// WithholdIncident leaves the incident open without work, with the reason.
func (d *Desk) WithholdIncident(ctx context.Context, who dispatch.Actor, id uuid.UUID, s IncidentStep) (dispatch.Incident, error) {
	return d.stepIncident(ctx, who, id, s, "incident.withheld", func(c *change, i *incident, js []dispatch.Job) (dispatch.Incident, []dispatch.Job, error) {
		after, err := i.Withhold(who, s.Reason, js)
		return after, nil, err
	})
}

// CloseIncident ends the incident and cancels the jobs that live.
func (d *Desk) CloseIncident(ctx context.Context, who dispatch.Actor, id uuid.UUID, s IncidentStep) (dispatch.Incident, error) {
	return d.stepIncident(ctx, who, id, s, "incident.closed", func(c *change, i *incident, js []dispatch.Job) (dispatch.Incident, []dispatch.Job, error) {
		after, err := i.Close(who, s.Reason, c.now, c.ground.calendar)
		if err != nil {
			return after, nil, err
		}
		ended, err := c.cancelJobs(ctx, after, js, s.Reason)
		return after, ended, err
	})
}

// ReopenIncident opens a closed incident again, with a new job.
func (d *Desk) ReopenIncident(ctx context.Context, who dispatch.Actor, id uuid.UUID, s IncidentStep) (dispatch.Incident, error) {
	return d.stepIncident(ctx, who, id, s, "incident.reopened", func(c *change, i *incident, js []dispatch.Job) (dispatch.Incident, []dispatch.Job, error) {
		after, err := i.Reopen(who, s.Reason, c.now, c.ground.calendar)
		if err != nil {
			return after, nil, err
		}
		_, err = c.openJob(ctx, after, after.Department)
		return after, nil, err
	})
}

// stepIncident is a step of an incident: f decides, and has told of the jobs
// that it returns; the other live jobs take up what they repeat. The incident
// is told of last, so that it doesn't leave the picture before its jobs.
func (d *Desk) stepIncident(ctx context.Context, who dispatch.Actor, id uuid.UUID, s IncidentStep, event string, f func(*change, *incident, []dispatch.Job) (dispatch.Incident, []dispatch.Job, error)) (after dispatch.Incident, err error) {
	err = d.write(ctx, who, func(c *change) error {
		if err := checkText("reason", s.Reason, dispatch.MaxReason); err != nil {
			return err
		}
		i, err := c.lockIncident(ctx, id, s.BaseVersion)
		if err != nil {
			return err
		}
		js, err := c.lockJobs(ctx, id)
		if err != nil {
			return err
		}
		was := i.Scope()
		var ended []dispatch.Job
		if after, ended, err = f(c, i, js); err != nil {
			return err
		}
		if len(ended) == 0 {
			if err := c.follow(ctx, after, js); err != nil {
				return err
			}
		}
		i.Incident = after
		if err := c.updateIncident(ctx, *i); err != nil {
			return err
		}
		var note map[string]any
		if s.Reason != "" {
			note = map[string]any{"reason": s.Reason}
		}
		c.tellIncident(event, after, &was, note)
		return nil
	})
	if err != nil {
		return dispatch.Incident{}, err
	}
	return after, nil
}

// cancelJobs ends the live jobs of an incident that ends.
func (c *change) cancelJobs(ctx context.Context, i dispatch.Incident, js []dispatch.Job, reason string) (ended []dispatch.Job, err error) {
	system := dispatch.Actor{Authority: c.who.Authority, Role: dispatch.System}
	for _, j := range js {
		if !j.Live() {
			continue
		}
		was := j.Scope()
		after, event, err := j.Cancel(system, dispatch.StepInput{Reason: reason}, c.now)
		if err != nil {
			return nil, err
		}
		if followed, changed := after.Follow(i); changed {
			followed.Version = after.Version
			after = followed
		}
		if err := c.updateJob(ctx, after); err != nil {
			return nil, err
		}
		c.tellJob(event, after, &was, map[string]any{"reason": reason})
		if err := c.tellLeft(ctx, j, after, dispatch.ActCancel, reason); err != nil {
			return nil, err
		}
		ended = append(ended, after)
	}
	return ended, nil
}

// openJob plans a job on the incident.
func (c *change) openJob(ctx context.Context, i dispatch.Incident, department string) (dispatch.Job, error) {
	nums, err := c.numbers(ctx, 0, 1, 0)
	if err != nil {
		return dispatch.Job{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return dispatch.Job{}, err
	}
	j := i.OpenJob(id, nums.job(), department, c.now)
	if err := c.insertJob(ctx, j); err != nil {
		return dispatch.Job{}, err
	}
	c.tellJob("job.created", j, nil, nil)
	return j, nil
}

// FurtherJob asks for another job on an incident, of the incident's own
// department if it names none.
type FurtherJob struct {
	BaseVersion int    `json:"base_version"`
	Department  string `json:"department,omitempty"`
}

// OpenJob plans a further job on an open incident; a withheld incident isn't
// any more.
func (d *Desk) OpenJob(ctx context.Context, who dispatch.Actor, id uuid.UUID, in FurtherJob) (j dispatch.Job, err error) {
	err = d.write(ctx, who, func(c *change) error {
		i, err := c.lockIncident(ctx, id, in.BaseVersion)
		if err != nil {
			return err
		}
		if !who.May(dispatch.IncidentClose, i.Scope()) {
			return forbidden()
		}
		if i.State != dispatch.IncidentOpen {
			return &dispatch.Error{Code: dispatch.Conflict, Key: dispatch.KeyIncidentStep,
				Args: map[string]any{"action": "job", "state": string(i.State)}, Current: i.Incident}
		}
		department := in.Department
		if department == "" {
			department = i.Department
		}
		if !c.ground.hasDepartment(department) {
			return invalid("department", KeyUnknownDepartment, map[string]any{"department": department})
		}
		if i.Withheld != "" {
			was := i.Scope()
			i.Withheld = ""
			i.Version++
			if err := c.updateIncident(ctx, *i); err != nil {
				return err
			}
			c.tellIncident("incident.changed", i.Incident, &was, nil)
		}
		j, err = c.openJob(ctx, i.Incident, department)
		return err
	})
	if err != nil {
		return dispatch.Job{}, err
	}
	return j, nil
}
