package desk

import (
	"bytes"
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"moked/dispatch"
)

// errAgain gives a batch up whose choice of incidents was overtaken.
var errAgain = errors.New("desk: an incident changed while the reports were merged")

// batch is one transaction of reports under way. It makes three round trips
// whatever the number of reports: what may be joined; the locks and numbers;
// the writes.
type batch struct {
	change
	filings []*filing
	firsts  []*filing           // those that are not repetitions
	twins   map[*filing]*filing // repetitions within the batch
	near    map[*filing][]dispatch.Near
	joins   map[*filing]uuid.UUID // what the report joins, or nil to open one
	verdict map[*filing]dispatch.Verdict
	opens   map[*filing]*incident // by the report that opened it
	held    map[uuid.UUID]*incident
	jobs    map[uuid.UUID][]dispatch.Job // by incident
	changed map[uuid.UUID]bool           // incidents that were joined
	isNew   map[uuid.UUID]bool           // incidents that the batch opens
	moved   map[uuid.UUID]dispatch.Job   // live jobs that took up a change of their incident
	nums    numbers
	force   *force // the crews, when a category may assign by itself
}

// fileTogether files reports of one authority in one transaction.
func (d *Desk) fileTogether(ctx context.Context, fs []*filing) error {
	for try := 1; ; try++ {
		err := d.tryTogether(ctx, fs)
		if err == nil {
			return nil
		}
		if try < attempts && (lost(err) || errors.Is(err, errAgain)) {
			continue
		}
		return err
	}
}

func (d *Desk) tryTogether(ctx context.Context, fs []*filing) error {
	b := &batch{
		filings: fs, twins: map[*filing]*filing{},
		near: map[*filing][]dispatch.Near{}, joins: map[*filing]uuid.UUID{}, verdict: map[*filing]dispatch.Verdict{},
		opens: map[*filing]*incident{}, held: map[uuid.UUID]*incident{}, jobs: map[uuid.UUID][]dispatch.Job{}, changed: map[uuid.UUID]bool{}, isNew: map[uuid.UUID]bool{}, moved: map[uuid.UUID]dispatch.Job{},
	}
	b.now, b.ground, b.who = d.now(), fs[0].ground, dispatch.Actor{Authority: fs[0].who.Authority, Role: dispatch.System}
	for _, f := range fs {
		f.report.FiledAt, f.filed, f.err = b.now, Filed{}, nil
	}
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		b.tx = tx
		if err := b.look(ctx); err != nil {
			return err
		}
		b.choose()
		if err := b.lock(ctx); err != nil {
			return err
		}
		if err := b.decide(); err != nil {
			return err
		}
		return b.save(ctx)
	})
	if err != nil {
		return err
	}
	if len(b.events) > 0 {
		d.hub.Wake(b.who.Authority, b.events...)
	}
	b.answer()
	return nil
}

// choose decides what each report joins, also among the incidents that earlier
// reports of the batch open.
func (b *batch) choose() {
	opened := map[string][]*incident{} // by category
	last := map[uuid.UUID]time.Time{}
	for _, f := range b.firsts {
		if f.n.Incident != nil {
			b.joins[f] = *f.n.Incident
			b.verdict[f] = dispatch.Verdict{Join: f.n.Incident, Why: []dispatch.Reason{{Key: KeyMergeAsked}}}
			continue
		}
		near := b.near[f]
		if m := f.category.Merge; m != nil && f.report.Place.Precision.Located() {
			for _, category := range append([]string{f.category.Code}, m.With...) {
				near = appendClose(near, opened[category], f.report.Place, m.Metres)
			}
		}
		for i := range near {
			if at, ok := last[near[i].Incident.ID]; ok {
				near[i].LastReport = at
			}
		}
		v := dispatch.Merge(dispatch.Told{Place: f.report.Place, At: f.report.FiledAt}, *f.category, near)
		b.verdict[f] = v
		if v.Join != nil {
			b.joins[f] = *v.Join
			last[*v.Join] = f.report.FiledAt
			continue
		}
		i := &incident{lastReport: f.report.FiledAt}
		i.Incident = dispatch.OpenIncident(uuid.Must(uuid.NewV7()), "", f.report, *f.category, f.ground.calendar)
		b.opens[f] = i
		b.held[i.ID] = i
		b.isNew[i.ID] = true
		if f.category.Merge != nil && f.report.Place.Precision.Located() {
			opened[i.Category] = append(opened[i.Category], i)
		}
	}
}

// appendClose adds those incidents that a box around the place may hold.
func appendClose(near []dispatch.Near, opened []*incident, p dispatch.Place, metres float64) []dispatch.Near {
	pt, _ := p.Point()
	dlon, dlat := boxAround(pt, metres)
	for _, i := range opened {
		at := point(i.Place)
		if math.Abs(at[0]-pt[0]) <= dlon && math.Abs(at[1]-pt[1]) <= dlat {
			near = append(near, dispatch.Near{Incident: i.Incident, LastReport: i.lastReport})
		}
	}
	return near
}

// boxAround is half the width and height, in degrees, of a box that has
// everything within so many metres of a point.
func boxAround(pt orb.Point, metres float64) (dlon, dlat float64) {
	dlat = metres * 1.02 / 110_574
	return dlat / max(0.01, math.Cos(pt[1]*math.Pi/180)), dlat
}

// before lists the incidents to be joined that were there before the batch.
func (b *batch) before() []uuid.UUID {
	var ids []uuid.UUID
	for _, id := range b.joins {
		if b.held[id] == nil && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(x, y uuid.UUID) int { return bytes.Compare(x[:], y[:]) })
	return ids
}

// decide gives the numbers, joins and opens, makes the jobs, and tells of it
// all, report by report.
func (b *batch) decide() error {
	for _, f := range b.firsts {
		b.who = f.who
		r := &f.report
		r.Number = b.nums.report()
		if i := b.opens[f]; i != nil {
			i.Number = b.nums.incident()
			r.Incident = i.ID
			b.tellIncident("incident.opened", i.Incident, nil, f.note())
			b.plan(f, i)
		} else if err := b.join(f, b.held[b.joins[f]]); err != nil {
			return err
		}
		b.name(b.verdict[f])
	}
	return nil
}

// name gives the incidents that the batch opened their numbers in what was
// decided before they had any.
func (b *batch) name(v dispatch.Verdict) {
	for n := range v.Considered {
		k := &v.Considered[n]
		if i := b.held[k.Incident]; i != nil && k.Number == "" {
			k.Number = i.Number
			k.Why.Args["number"] = i.Number // shared with v.Why
		}
	}
}

// join puts the report on an incident. One that was closed since it was chosen
// spoils the batch's choices.
func (b *batch) join(f *filing, i *incident) error {
	if i == nil || i.State != dispatch.IncidentOpen {
		return errAgain
	}
	r := &f.report
	r.Incident = i.ID
	was := i.Scope()
	i.Incident = i.Joined(*r)
	i.lastReport = later(i.lastReport, r.FiledAt)
	b.changed[i.ID] = true
	b.tellIncident("incident.joined", i.Incident, &was, f.note())
	for n, j := range b.jobs[i.ID] {
		scope := j.Scope()
		after, changed := j.Follow(i.Incident)
		if !changed || !j.Live() {
			continue
		}
		b.jobs[i.ID][n] = after
		b.moved[j.ID] = after
		b.tellJob("job.changed", after, &scope, nil)
	}
	return nil
}

// plan makes the incident's job and, where the category assigns by itself,
// gives it to the recommended crew.
func (b *batch) plan(f *filing, i *incident) {
	j := i.OpenJob(uuid.Must(uuid.NewV7()), b.nums.job(), i.Department, f.report.FiledAt)
	b.tellJob("job.created", j, nil, nil)
	if f.category.Auto && b.force != nil {
		ranked := dispatch.Recommend(j, *f.category, i.Clocks, b.force.nearest(f.ground, j, *f.category, b.now), b.now)
		if crew, ok := dispatch.Auto(*f.category, ranked); ok {
			system := dispatch.Actor{Authority: f.who.Authority, Role: dispatch.System}
			if after, event, err := j.Assign(system, dispatch.StepInput{Crew: crew}, b.now); err == nil {
				was := j.Scope()
				j = after
				b.who = system
				b.tellJob(event, j, &was, map[string]any{"auto": true, "reasons": ranked[0].Reasons})
				b.who = f.who
				b.force.take(crew, *f.category)
			}
		}
	}
	b.jobs[i.ID] = []dispatch.Job{j}
}

// note is what the timeline says of the report; its contact stays out of it.
func (f *filing) note() map[string]any {
	return map[string]any{"report": f.report.Number, "channel": string(f.report.Channel)}
}

// answer gives every filing its result, repetitions those of their first.
func (b *batch) answer() {
	for _, f := range b.firsts {
		if f.err != nil {
			continue
		}
		i := b.held[f.report.Incident]
		f.filed = filed(f.report, i.Incident, b.jobs[i.ID], b.opens[f] == nil)
	}
	for f, first := range b.twins {
		switch {
		case !bytes.Equal(f.hash, first.hash):
			f.err = keyReused()
		default:
			f.filed, f.err = first.filed, first.err
		}
	}
}

func filed(r dispatch.Report, i dispatch.Incident, js []dispatch.Job, merged bool) Filed {
	out := Filed{
		ID: r.ID, Number: r.Number, Token: r.Token, Place: r.Place, Clocks: i.Clocks,
		Incident: FiledIncident{ID: i.ID, Number: i.Number, Merged: merged}, Jobs: []FiledJob{},
	}
	for _, j := range js {
		out.Jobs = append(out.Jobs, FiledJob{j.ID, j.Number, j.State, j.Crew})
	}
	return out
}

func keyReused() error {
	return &dispatch.Error{Code: dispatch.KeyReused, Key: KeyKeyReused, Field: "idempotency_key"}
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
