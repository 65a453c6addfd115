package desk

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"moked/dispatch"
)

// settleAlone settles an operation that changes more than its job, in a
// transaction of its own.
func (d *Desk) settleAlone(ctx context.Context, who dispatch.Actor, o *incoming) error {
	if o.Kind == dispatch.OpOpen {
		return d.settleOpen(ctx, who, o)
	}
	before := *o
	return d.write(ctx, who, func(c *change) error {
		*o = before
		f := &field{change: c, crew: o.crew}
		if err := f.known(ctx, []*incoming{o}); err != nil || o.done {
			return err
		}
		var err error
		switch o.Kind {
		case dispatch.OpTransfer:
			err = f.transfer(ctx, o)
		case dispatch.OpDuty:
			err = f.duty(ctx, o)
		case dispatch.OpRead:
			err = f.read(ctx, o)
		}
		if err != nil {
			return err
		}
		f.stored = append(f.stored, o)
		return f.save(ctx)
	})
}

// transfer opens a job of another department on the job's incident, linked to
// this one. Where that department has a live job there, the word joins it; on
// an incident that is closed a person decides.
func (f *field) transfer(ctx context.Context, o *incoming) error {
	if err := f.load(ctx, []*incoming{o}); err != nil {
		return err
	}
	j := f.jobs[o.Job]
	if j == nil {
		o.refuse(dispatch.WhyUnknownJob, "job")
		return nil
	}
	if !j.HadBy(f.crew) || !f.who.Holds(dispatch.JobTransfer) {
		o.refuse(dispatch.WhyNotYours, "job")
		return nil
	}
	if !f.ground.hasDepartment(o.Data.Department) {
		o.refuse(dispatch.WhyBadData, "data.department")
		return nil
	}
	i := f.incidents[j.Incident]
	if i.State != dispatch.IncidentOpen {
		before := *j
		v := dispatch.OpVerdict{Status: dispatch.OpKept, Reason: dispatch.WhyState, Conflict: dispatch.ConflictTransfer}
		if f.contested[contest{j.ID, v.Conflict, f.crew}] {
			v.Conflict, v.Reason = "", dispatch.WhyAlready
		} else if err := f.contest(ctx, o, before, j, v); err != nil {
			return err
		}
		if j.Version != before.Version {
			f.changedJobs = map[uuid.UUID]bool{j.ID: true}
		}
		f.tellOp(o, before, *j, v)
		o.settle(v)
		return nil
	}
	for _, other := range f.jobs {
		if other.Incident == i.ID && other.ID != j.ID && other.Live() && other.Department == o.Data.Department {
			o.settle(dispatch.OpVerdict{Status: dispatch.OpMerged, Reason: dispatch.WhyAlready})
			o.result.Job = other
			return nil
		}
	}
	opened, err := f.openLinked(ctx, i.Incident, *j, o.Data.Department, o.Data.Text)
	if err != nil {
		return err
	}
	o.settle(dispatch.OpVerdict{Status: dispatch.OpApplied})
	o.result.Job = &opened
	return nil
}

// openLinked plans a job that another job's crew asked for.
func (c *change) openLinked(ctx context.Context, i dispatch.Incident, from dispatch.Job, department, text string) (dispatch.Job, error) {
	nums, err := c.numbers(ctx, 0, 1, 0)
	if err != nil {
		return dispatch.Job{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return dispatch.Job{}, err
	}
	j := i.OpenJob(id, nums.job(), department, c.now)
	j.Linked, j.Note = &from.ID, text
	if err := c.insertJob(ctx, j); err != nil {
		return dispatch.Job{}, err
	}
	c.tellJob("job.created", j, nil, map[string]any{"from": from.Number, "text": text})
	return j, nil
}

// acceptTransfer opens the incident again and the job that was asked for.
func (c *change) acceptTransfer(ctx context.Context, k dispatch.FieldConflict, i *incident, j dispatch.Job, reason string) error {
	if i.State == dispatch.IncidentClosed {
		was := i.Scope()
		reopened, err := i.Reopen(c.who, reason, c.now, c.ground.calendar)
		if err != nil {
			return err
		}
		i.Incident = reopened
		if err := c.updateIncident(ctx, *i); err != nil {
			return err
		}
		c.tellIncident("incident.reopened", reopened, &was, map[string]any{"reason": reason})
	}
	_, err := c.openLinked(ctx, i.Incident, j, k.Op.Data.Department, k.Op.Data.Text)
	return err
}

// read notes that the crew has read a message.
func (f *field) read(ctx context.Context, o *incoming) error {
	found, fresh, err := f.messageRead(ctx, o.Data.Message, f.crew, o.at)
	if err != nil {
		return err
	}
	switch {
	case !found:
		o.refuse(dispatch.WhyNotYours, "data.message")
	case fresh:
		o.settle(dispatch.OpVerdict{Status: dispatch.OpApplied})
	default:
		o.settle(dispatch.OpVerdict{Status: dispatch.OpMerged, Reason: dispatch.WhyAlready})
	}
	return nil
}

// duty is the crew's word on whether it works. What doesn't fit the state it
// has by now is kept.
func (f *field) duty(ctx context.Context, o *incoming) error {
	_, err := f.setDuty(ctx, f.crew, Duty{State: dispatch.Duty(o.Data.State), Until: o.Data.Until})
	var refusal *dispatch.Error
	switch {
	case err == nil:
		o.settle(dispatch.OpVerdict{Status: dispatch.OpApplied})
	case !errors.As(err, &refusal):
		return err
	case refusal.Code == dispatch.Conflict:
		o.settle(dispatch.OpVerdict{Status: dispatch.OpKept, Reason: dispatch.WhyState})
	case refusal.Field == "until":
		// The time that it said has passed by now: its shift's end counts.
		if _, err = f.setDuty(ctx, f.crew, Duty{State: dispatch.Duty(o.Data.State)}); err != nil {
			if !errors.As(err, &refusal) {
				return err
			}
			o.settle(dispatch.OpVerdict{Status: dispatch.OpKept, Reason: dispatch.WhyState})
			return nil
		}
		o.settle(dispatch.OpVerdict{Status: dispatch.OpApplied, Reason: dispatch.WhyClock})
	default:
		o.refuse(dispatch.WhyNotYours, refusal.Field)
	}
	return nil
}

// settleOpen files what a crew found where it stood. The operation's id is the
// report's key, so that a crash between the two changes nothing.
func (d *Desk) settleOpen(ctx context.Context, who dispatch.Actor, o *incoming) error {
	var filed *Filed
	before := *o
	known := false
	err := d.write(ctx, who, func(c *change) error {
		*o = before
		f := &field{change: c, crew: o.crew}
		err := f.known(ctx, []*incoming{o})
		known = o.done
		return err
	})
	if err != nil || known {
		return err
	}
	n := NewReport{Channel: dispatch.ByField, Category: o.Data.Category, Text: o.Data.Text, Key: "op " + o.ID.String(),
		Place: NewPlace{Text: o.Data.Address, Lat: o.Data.Lat, Lon: o.Data.Lon}}
	reply, err := d.FileReport(ctx, who, n)
	var refusal *dispatch.Error
	switch {
	case errors.As(err, &refusal) && (refusal.Code == dispatch.Invalid || refusal.Code == dispatch.Forbidden || refusal.Code == dispatch.NotFound):
		o.refuse(dispatch.WhyBadData, "data."+refusal.Field)
	case err != nil:
		return err
	default:
		filed = &reply
	}
	opened := *o
	return d.write(ctx, who, func(c *change) error {
		*o = opened
		f := &field{change: c, crew: o.crew, stored: []*incoming{o}}
		if filed != nil {
			o.settle(dispatch.OpVerdict{Status: dispatch.OpApplied})
			o.result.Report = filed
			if len(o.Data.Photos) > 0 {
				if err := f.addPhotos(ctx, o, filed.Incident.ID); err != nil {
					return err
				}
			}
		}
		return f.save(ctx)
	})
}

// addPhotos gives the photos of a find to the newest live job of its incident.
func (f *field) addPhotos(ctx context.Context, o *incoming, in uuid.UUID) error {
	if _, err := f.lockIncidents(ctx, in); err != nil {
		return err
	}
	js, err := f.lockJobs(ctx, in)
	if err != nil {
		return err
	}
	slices.Reverse(js)
	at := slices.IndexFunc(js, dispatch.Job.Live)
	if at < 0 {
		return nil
	}
	before := js[at]
	after := before
	for _, sha := range o.Data.Photos {
		op := dispatch.Op{ID: o.ID, Kind: dispatch.OpPhoto, Data: dispatch.OpData{SHA256: sha, PhotoKind: dispatch.PhotoBefore}}
		after = after.Written(op, o.at)
	}
	after.Version = before.Version + 1
	was := before.Scope()
	f.jobs, f.changedJobs = map[uuid.UUID]*dispatch.Job{after.ID: &after}, map[uuid.UUID]bool{after.ID: true}
	f.tellJob("job.recorded", after, &was, map[string]any{"op": o.ID, "kind": string(o.Kind)})
	return nil
}
