package desk

import (
	"context"

	"github.com/google/uuid"

	"moked/dispatch"
)

// IncidentChange corrects an incident; nil leaves as it is.
type IncidentChange struct {
	BaseVersion int       `json:"base_version"`
	Category    *string   `json:"category,omitempty"`
	Place       *NewPlace `json:"place,omitempty"`
	Text        *string   `json:"text,omitempty"`
	Priority    *int      `json:"priority,omitempty"`
}

const (
	// The answers by which the standards are measured are the first report's.
	selectAnswers = `select answers from report where incident = $1 order by filed_at, id limit 1`
	// A job that nobody has begun goes over to the incident's new department.
	updateJobDepartment = `update job set department = $2 where id = $1`
)

// ChangeIncident corrects what an incident is, where it is, and how urgent.
// With another category come its department and its clocks; planned jobs of
// the old department go over to the new one, and so do those assigned, which
// lose their crew.
func (d *Desk) ChangeIncident(ctx context.Context, who dispatch.Actor, id uuid.UUID, in IncidentChange) (after dispatch.Incident, err error) {
	if in.Text != nil {
		if err := checkText("text", *in.Text, maxText); err != nil {
			return after, err
		}
	}
	err = d.write(ctx, who, func(c *change) error {
		i, err := c.lockIncident(ctx, id, in.BaseVersion)
		if err != nil {
			return err
		}
		js, err := c.lockJobs(ctx, id)
		if err != nil {
			return err
		}
		fix := dispatch.Correction{Text: in.Text, Priority: in.Priority}
		if in.Category != nil {
			if fix.Category = c.ground.category[*in.Category]; fix.Category == nil {
				return invalid("category", KeyUnknownCategory, map[string]any{"category": *in.Category})
			}
			if err := c.tx.QueryRow(ctx, selectAnswers, id).Scan(&fix.Answers); err != nil {
				return err
			}
		}
		if in.Place != nil {
			place, err := c.ground.placed(*in.Place)
			if err != nil {
				return err
			}
			fix.Place = &place
		}
		was, department := i.Scope(), i.Department
		if after, err = i.Change(who, fix, c.ground.calendar); err != nil {
			return err
		}
		i.Incident = after
		if err := c.updateIncident(ctx, *i); err != nil {
			return err
		}
		c.tellIncident("incident.changed", after, &was, nil)
		if after.Department == department {
			return c.follow(ctx, after, js)
		}
		return c.handOver(ctx, after, js, department)
	})
	if err != nil {
		return dispatch.Incident{}, err
	}
	return after, nil
}

// placed locates a corrected place; unlike a report's it must be told whole.
func (g *ground) placed(n NewPlace) (dispatch.Place, error) {
	if err := checkText("place.text", n.Text, maxTold); err != nil {
		return dispatch.Place{}, err
	}
	if (n.Lat == nil) != (n.Lon == nil) {
		return dispatch.Place{}, invalid("place", KeyPlaceHalf, nil)
	}
	if n.Lat == nil && n.Text == "" {
		return dispatch.Place{}, invalid("place", KeyRequired, nil)
	}
	return g.locate(n)
}

// handOver gives the jobs that aren't under way to the incident's new
// department; the others only take up what they repeat.
func (c *change) handOver(ctx context.Context, i dispatch.Incident, js []dispatch.Job, from string) error {
	system := dispatch.Actor{Authority: c.who.Authority, Role: dispatch.System}
	var rest []dispatch.Job
	for _, j := range js {
		if j.Department != from || j.State != dispatch.JobPlanned && j.State != dispatch.JobAssigned {
			rest = append(rest, j)
			continue
		}
		was := j.Scope()
		if j.State == dispatch.JobAssigned {
			after, event, err := j.Decline(system, dispatch.StepInput{Reason: i.Category}, c.now)
			if err != nil {
				return err
			}
			after.Reason = ""
			c.tellJob(event, after, &was, nil)
			if err := c.tellLeft(ctx, j, after, dispatch.ActDecline, ""); err != nil {
				return err
			}
			j, was = after, after.Scope()
		}
		after, changed := j.Follow(i)
		if !changed {
			after.Version++
		}
		after.Department = i.Department
		if _, err := c.tx.Exec(ctx, updateJobDepartment, after.ID, after.Department); err != nil {
			return err
		}
		if err := c.updateJob(ctx, after); err != nil {
			return err
		}
		c.tellJob("job.changed", after, &was, nil)
	}
	return c.follow(ctx, i, rest)
}
