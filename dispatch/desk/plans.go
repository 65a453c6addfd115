package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// PlanChange is what every change of a plan carries: the version that it was
// made on.
type PlanChange struct {
	BaseVersion int `json:"base_version"`
}

// StopMove puts a job at a place of its crew's plan, counted from 0.
type StopMove struct {
	BaseVersion int       `json:"base_version"`
	Job         uuid.UUID `json:"job"`
	To          int       `json:"to"`
}

// StopPin keeps a job at its place, or at the time At ("2026-05-05T14:30" by the
// clock on the wall, or with a zone); Pinned false lets it go.
type StopPin struct {
	BaseVersion int       `json:"base_version"`
	Job         uuid.UUID `json:"job"`
	Pinned      bool      `json:"pinned"`
	At          string    `json:"at,omitempty"`
}

// pinnedAhead is how far ahead a time may be pinned.
const pinnedAhead = 48 * time.Hour

// Plan is a crew's day, without stops where there is none.
func (d *Desk) Plan(ctx context.Context, who dispatch.Actor, crew uuid.UUID) (p dispatch.DayPlan, err error) {
	err = d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		ks, err := crews(ctx, tx, selectOneCrew, crew, who.Authority)
		if err != nil {
			return err
		}
		if len(ks) == 0 || !who.Sees(dispatch.NounPlan, ks[0].Scope()) {
			return notFound(KeyNoCrew)
		}
		p = dispatch.DayPlan{
			ID: crew, Crew: crew, Stops: []dispatch.PlanStop{}, Reasons: []dispatch.Reason{},
			Departments: ks[0].Departments, District: ks[0].District, MadeAt: d.now(), By: who.By(),
		}
		p.Day = p.MadeAt.In(g.calendar.Zone).Format(time.DateOnly)
		err = tx.QueryRow(ctx, selectPlan, crew, who.Authority).Scan(&p)
		if errors.Is(err, pgx.ErrNoRows) {
			err = nil
		}
		p = p.For(who)
		return err
	})
	return p, err
}

// PlanDay plans a crew's day anew: pinned and started jobs stay, and what was
// moved by hand doesn't.
func (d *Desk) PlanDay(ctx context.Context, who dispatch.Actor, crew uuid.UUID, in PlanChange) (dispatch.DayPlan, error) {
	return d.changePlan(ctx, who, crew, in.BaseVersion, func(_ *change, was *planRow, day workday) (dispatch.DayPlan, arranged, error) {
		for n := range was.Stops {
			was.Stops[n].Placed = false
		}
		return day.Make(was.DayPlan, false), arranged{event: "plan.made", act: dispatch.PlanAnew}, nil
	})
}

// MoveStop puts a job at another place of its crew's plan; the others stay in
// their order, and the started ones first.
func (d *Desk) MoveStop(ctx context.Context, who dispatch.Actor, crew uuid.UUID, in StopMove) (dispatch.DayPlan, error) {
	return d.changePlan(ctx, who, crew, in.BaseVersion, func(_ *change, was *planRow, day workday) (dispatch.DayPlan, arranged, error) {
		at, err := stopAt(was, in.Job)
		if err != nil {
			return was.DayPlan, arranged{}, err
		}
		started := 0
		for _, s := range was.Stops {
			if s.Started {
				started++
			}
		}
		if in.To < started || in.To >= len(was.Stops) {
			return was.DayPlan, arranged{}, invalid("to", KeyBadPlace, map[string]any{"min": started, "max": len(was.Stops) - 1})
		}
		was.Stops[at].Placed = true
		jobs := was.jobs()
		jobs = slices.Insert(slices.Delete(jobs, at, at+1), in.To, in.Job)
		return day.Arrange(was.DayPlan, jobs), arranged{event: "plan.moved", act: dispatch.PlanDrag, number: was.Stops[at].Number, kept: true}, nil
	})
}

// PinStop keeps a job where it is in its crew's plan, or at a time; or lets it
// go again.
func (d *Desk) PinStop(ctx context.Context, who dispatch.Actor, crew uuid.UUID, in StopPin) (dispatch.DayPlan, error) {
	return d.changePlan(ctx, who, crew, in.BaseVersion, func(c *change, was *planRow, day workday) (dispatch.DayPlan, arranged, error) {
		n, err := stopAt(was, in.Job)
		if err != nil {
			return was.DayPlan, arranged{}, err
		}
		s := &was.Stops[n]
		s.Pinned, s.At, s.Placed = in.Pinned, nil, s.Placed && in.Pinned
		if !in.Pinned {
			return day.Arrange(was.DayPlan, was.jobs()), arranged{event: "plan.unpinned", act: dispatch.PlanUnpin, number: s.Number, kept: true}, nil
		}
		done := arranged{event: "plan.pinned", act: dispatch.PlanPin, number: s.Number, kept: true}
		if in.At == "" {
			return day.Arrange(was.DayPlan, was.jobs()), done, nil
		}
		at, err := c.ground.moment("at", in.At)
		if err != nil {
			return was.DayPlan, arranged{}, err
		}
		if !at.After(c.now.Add(-time.Minute)) || at.After(c.now.Add(pinnedAhead)) {
			return was.DayPlan, arranged{}, invalid("at", dispatch.KeyBadUntil, nil)
		}
		s.At, s.Placed = &at, false
		return day.Make(was.DayPlan, true), done, nil
	})
}

// UndoPlan goes back to the order, and the pins, that the plan had before its
// last change, whoever made it; jobs that came since are last. Where the plan
// had left that order by itself, the jobs that it brought forward are kept back:
// otherwise it would do so again.
func (d *Desk) UndoPlan(ctx context.Context, who dispatch.Actor, crew uuid.UUID, in PlanChange) (dispatch.DayPlan, error) {
	return d.changePlan(ctx, who, crew, in.BaseVersion, func(_ *change, was *planRow, day workday) (dispatch.DayPlan, arranged, error) {
		if len(was.before) == 0 {
			return was.DayPlan, arranged{}, &dispatch.Error{Code: dispatch.Conflict, Key: KeyNoUndo, Current: was.DayPlan}
		}
		order := was.before[0]
		was.before = was.before[1:]
		var jobs []uuid.UUID
		for n := range was.Stops {
			s := &was.Stops[n]
			// One that the order doesn't have is put last, and stays there.
			s.Pinned, s.At, s.Placed = false, nil, true
			for at, o := range order {
				if o.Job == s.Job {
					s.Pinned, s.At = o.Pinned, o.At
					s.Placed = o.Placed || o.Left && !o.Pinned && broughtForward(was.jobs(), order, n, at)
				}
			}
		}
		for _, o := range order {
			jobs = append(jobs, o.Job)
		}
		return day.Arrange(was.DayPlan, jobs), arranged{event: "plan.undone", act: dispatch.PlanUndone, kept: true, back: true}, nil
	})
}

// broughtForward reports whether stop n of a plan stands before a job that was
// before it at its place in the order.
func broughtForward(jobs []uuid.UUID, order planOrder, n, at int) bool {
	return slices.ContainsFunc(order[:at], func(o planPlace) bool { return slices.Contains(jobs[n+1:], o.Job) })
}

// arranged is what a person did to a plan. kept says that the order was given,
// so that jobs which came meanwhile are still to be put in; back that it is an
// earlier one.
type arranged struct {
	event  string
	act    dispatch.PlanAct
	number string
	kept   bool
	back   bool
}

func (p planRow) jobs() []uuid.UUID {
	ids := make([]uuid.UUID, len(p.Stops))
	for n, s := range p.Stops {
		ids[n] = s.Job
	}
	return ids
}

// stopAt is the place of a job that may be moved.
func stopAt(p *planRow, job uuid.UUID) (int, error) {
	at := p.Index(job)
	if at < 0 {
		return at, &dispatch.Error{Code: dispatch.NotFound, Key: KeyNoStop, Field: "job"}
	}
	if p.Stops[at].Started {
		return at, &dispatch.Error{Code: dispatch.Conflict, Key: KeyStopStarted, Field: "job", Args: map[string]any{"number": p.Stops[at].Number}, Current: p.DayPlan}
	}
	return at, nil
}

// changePlan is a person's change of a plan, in one transaction. f may change
// was on the way.
func (d *Desk) changePlan(ctx context.Context, who dispatch.Actor, crew uuid.UUID, base int,
	f func(c *change, was *planRow, day workday) (dispatch.DayPlan, arranged, error),
) (p dispatch.DayPlan, err error) {
	err = d.write(ctx, who, func(c *change) error {
		was, err := c.lockPlan(ctx, crew)
		if err != nil {
			return err
		}
		day, err := c.workday(ctx, crew, was.DayPlan)
		if err != nil {
			return err
		}
		if !who.Sees(dispatch.NounPlan, day.crew.Scope()) {
			return notFound(KeyNoCrew)
		}
		if !who.May(dispatch.PlanArrange, day.crew.Scope()) {
			return forbidden()
		}
		if was.Live() {
			if err := c.fresh(ctx, base, was.Version, crew, was.DayPlan); err != nil {
				return err
			}
		}
		now := was
		now.Stops = slices.Clone(was.Stops)
		made, did, err := f(c, &now, day)
		if err != nil {
			return err
		}
		if !did.back {
			now.before = was.pushed()
		}
		basis := day.basis
		if did.kept && was.basis != day.basis {
			basis = "" // what came meanwhile is still to be planned
		}
		p, err = c.savePlan(ctx, was, made.Because(did.act.Reason(did.number)), now.before, day, basis, did.event)
		return err
	})
	if err != nil {
		return dispatch.DayPlan{}, err
	}
	return p.For(who), nil
}

// pushed are the orders to go back to, this one among them.
func (p planRow) pushed() []planOrder {
	return append([]planOrder{p.order()}, p.before[:min(len(p.before), undoable-1)]...)
}

// savePlan writes the plan that was made of a day, and tells of it.
func (c *change) savePlan(ctx context.Context, was planRow, p dispatch.DayPlan, before []planOrder, day workday, basis, event string) (dispatch.DayPlan, error) {
	k := day.crew
	p.ID, p.Crew, p.Version, p.MadeAt, p.By = k.ID, k.ID, was.Version+1, c.now, c.who.By()
	p.Departments, p.District, p.Undo, p.Further = k.Departments, k.District, len(before) > 0, day.further
	if before == nil {
		before = []planOrder{}
	}
	if _, err := c.tx.Exec(ctx, updatePlan, k.ID, p.Version, p, before, basis, day.again, p.Live()); err != nil {
		return p, err
	}
	if p.Live() || was.Live() {
		var scope *dispatch.Scope
		if was.Live() {
			s := was.Scope()
			scope = &s
		}
		c.tellPlan(event, p, scope)
	}
	return p, nil
}
