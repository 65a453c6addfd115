package desk

import (
	"context"

	"github.com/google/uuid"

	"moked/dispatch"
)

// Merging ends an incident as being the same as Into.
type Merging struct {
	BaseVersion int       `json:"base_version"`
	Into        uuid.UUID `json:"into"`
}

// Splitting takes a report off an incident again.
type Splitting struct {
	BaseVersion int       `json:"base_version"`
	Report      uuid.UUID `json:"report"`
}

const (
	moveReports = `update report set incident = $2 where incident = $1`
	moveReport  = `update report set incident = $2 where id = $1`
)

// MergeIncidents ends an incident as being the same as another, which takes
// over its reports. Its jobs that are under way go on as the other's; those
// that aren't are cancelled if the other has work already.
func (d *Desk) MergeIncidents(ctx context.Context, who dispatch.Actor, id uuid.UUID, in Merging) (grown dispatch.Incident, err error) {
	err = d.write(ctx, who, func(c *change) error {
		found, err := c.lockIncidents(ctx, id, in.Into)
		if err != nil {
			return err
		}
		i, into := found[id], found[in.Into]
		if i == nil || !who.Sees(dispatch.NounIncident, i.Scope()) {
			return notFound(KeyNoIncident)
		}
		if into == nil || !who.Sees(dispatch.NounIncident, into.Scope()) {
			return &dispatch.Error{Code: dispatch.NotFound, Key: KeyNoIncident, Field: "into"}
		}
		if err := c.fresh(ctx, in.BaseVersion, i.Version, i.ID, i.Incident); err != nil {
			return err
		}
		js, err := c.lockJobs(ctx, id, in.Into)
		if err != nil {
			return err
		}
		was, wasInto := i.Scope(), into.Scope()
		merged, after, err := i.MergeInto(who, into.Incident, c.now, c.ground.calendar)
		if err != nil {
			return err
		}
		grown = after
		into.lastReport = later(into.lastReport, i.lastReport)
		i.Incident, into.Incident = merged, grown
		if err := c.moveJobs(ctx, i, into, js); err != nil {
			return err
		}
		if _, err := c.tx.Exec(ctx, moveReports, i.ID, into.ID); err != nil {
			return err
		}
		if err := c.updateIncident(ctx, *i); err != nil {
			return err
		}
		if err := c.updateIncident(ctx, *into); err != nil {
			return err
		}
		grown = into.Incident
		c.tellIncident("incident.merged", merged, &was, map[string]any{"into": grown.Number})
		c.tellIncident("incident.joined", grown, &wasInto, map[string]any{"merged": merged.Number})
		return nil
	})
	if err != nil {
		return dispatch.Incident{}, err
	}
	return grown, nil
}

// moveJobs takes the jobs of a merged incident over, and has those of the
// other one take up what changed.
func (c *change) moveJobs(ctx context.Context, from, into *incident, js []dispatch.Job) error {
	working := into.Withheld != ""
	var own []dispatch.Job
	for _, j := range js {
		if j.Incident == into.ID {
			own = append(own, j)
			working = working || j.Live()
		}
	}
	system := dispatch.Actor{Authority: c.who.Authority, Role: dispatch.System}
	for _, j := range js {
		if j.Incident != from.ID || !j.Live() {
			continue
		}
		was := j.Scope()
		event := "job.changed"
		after := j
		if j.State == dispatch.JobPlanned && working {
			cancelled, e, err := j.Cancel(system, dispatch.StepInput{Reason: into.Number}, c.now)
			if err != nil {
				return err
			}
			after, event = cancelled, e
		} else {
			after.Incident = into.ID
			after.Version++
		}
		if followed, changed := after.Follow(into.Incident); changed && after.Incident == into.ID {
			followed.Version = after.Version
			after = followed
		}
		if err := c.updateJob(ctx, after); err != nil {
			return err
		}
		c.tellJob(event, after, &was, map[string]any{"merged": into.Number})
		if after.State == dispatch.JobCancelled {
			if err := c.tellLeft(ctx, j, after, dispatch.ActCancel, into.Number); err != nil {
				return err
			}
		}
	}
	return c.follow(ctx, into.Incident, own)
}

// SplitReport takes a report off an incident that it was joined to: it gets
// an incident and a job of its own.
func (d *Desk) SplitReport(ctx context.Context, who dispatch.Actor, id uuid.UUID, in Splitting) (opened dispatch.Incident, err error) {
	err = d.write(ctx, who, func(c *change) error {
		i, err := c.lockIncident(ctx, id, in.BaseVersion)
		if err != nil {
			return err
		}
		js, err := c.lockJobs(ctx, id)
		if err != nil {
			return err
		}
		r, err := reportByID(ctx, c.tx, c.ground, in.Report)
		if err != nil {
			return err
		}
		category := c.ground.category[r.Category]
		if category == nil {
			return invalid("report", KeyUnknownCategory, map[string]any{"category": r.Category})
		}
		oid, err := uuid.NewV7()
		if err != nil {
			return err
		}
		was := i.Scope()
		left, fresh, err := i.Split(who, r.Report, *category, oid, "", c.ground.calendar)
		if err != nil {
			return err
		}
		nums, err := c.numbers(ctx, 1, 0, 0)
		if err != nil {
			return err
		}
		fresh.Number = nums.incident()
		opened = fresh
		i.Incident = left
		if err := c.updateIncident(ctx, *i); err != nil {
			return err
		}
		if err := c.insertIncident(ctx, incident{Incident: opened, lastReport: r.FiledAt}); err != nil {
			return err
		}
		if _, err := c.tx.Exec(ctx, moveReport, r.ID, opened.ID); err != nil {
			return err
		}
		c.tellIncident("incident.split", left, &was, map[string]any{"report": r.Number, "into": opened.Number})
		c.tellIncident("incident.opened", opened, nil, map[string]any{"report": r.Number, "channel": string(r.Channel), "from": left.Number})
		if err := c.follow(ctx, left, js); err != nil {
			return err
		}
		_, err = c.openJob(ctx, opened, opened.Department)
		return err
	})
	if err != nil {
		return dispatch.Incident{}, err
	}
	return opened, nil
}
