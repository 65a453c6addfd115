package desk

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// planRow is a crew's plan with what is known of it beside the plan itself.
type planRow struct {
	dispatch.DayPlan
	before []planOrder
	basis  string
}

// planOrder is an order that a plan had: what undoing goes back to.
type planOrder []planPlace

// planPlace is one stop of an order.
type planPlace struct {
	Job    uuid.UUID  `json:"job"`
	Pinned bool       `json:"pinned,omitempty"`
	Placed bool       `json:"placed,omitempty"`
	At     *time.Time `json:"at,omitempty"`
	Left   bool       `json:"left,omitempty"` // the plan left this order by itself
}

// undoable is how many orders are kept.
const undoable = 20

// A plan rests on its crew's jobs, its next shift at $3 and the crew itself, each
// as of its version, and on the roads ($2, see ground.closed). A crew w of an
// authority is asked.
const planBasis = `md5(w.version || ' ' || $2 || coalesce((
	select string_agg(j.id::text || j.version, ' ' order by j.id) from job j
	where j.authority = w.authority and j.crew = w.id and j.state not in ('done', 'cancelled')), '')
	|| ' ' || coalesce((
	select s.id::text || s.version from shift s
	where s.crew = w.id and s.state = 'on' and s.ends_at > $3 and s.starts_at < $3::timestamptz + interval '24 hours' order by s.starts_at limit 1), ''))`

const (
	insertPlan = `
insert into plan (crew, authority) select id, authority from crew where id = $1 and authority = $2 on conflict do nothing`
	lockPlan   = `select version, body, before, basis from plan where crew = $1 and authority = $2 for update`
	updatePlan = `update plan set version = $2, body = $3, before = $4, basis = $5, again_at = $6, live = $7 where crew = $1`
	touchPlan  = `update plan set basis = $2, again_at = $3 where crew = $1`
	selectPlan = `select body from plan where crew = $1 and authority = $2 and live`

	snapshotPlans = `select body from plan p where p.authority = $1 and p.live and ($2::uuid is null or p.crew = $2) order by p.crew`

	selectBasis    = `select ` + planBasis + ` from crew w where w.id = $1`
	selectPlanJobs = `select ` + jobColumns + `, count(*) over () ` + fromJob + `
where j.authority = $1 and j.crew = $2 and j.state in ('assigned', 'accepted', 'departed', 'arrived')
order by j.state not in ('departed', 'arrived'), not j.id = any($5::uuid[]), i.priority, not j.id = any($3::uuid[]), j.created_at, j.id limit $4`
	selectPlanClocks = `
select k.incident, k.kind, k.due_at, k.pauses from clock k join job j on j.incident = k.incident
where j.authority = $1 and j.crew = $2 and j.state in ('assigned', 'accepted', 'departed', 'arrived') and k.stopped_at is null
group by k.incident, k.kind`
	selectNextShift = `select ` + shiftColumns + ` from shift s
where s.crew = $1 and s.state = 'on' and s.ends_at > $2 and s.starts_at < $3 order by s.starts_at limit 1`

	selectStalePlans = `
select w.id from crew w left join plan p on p.crew = w.id
where w.authority = $1 and ($4::uuid[] is null or w.id = any($4))
	and case when p.crew is null then exists (
			select from job j where j.authority = $1 and j.crew = w.id and j.state not in ('done', 'cancelled'))
		else p.again_at <= $3 or p.basis <> ` + planBasis + ` end
order by p.again_at nulls first, w.id`
)

// lockPlan takes a crew's plan; one that has none yet gets an empty one.
func (c *change) lockPlan(ctx context.Context, crew uuid.UUID) (p planRow, err error) {
	if _, err := c.tx.Exec(ctx, insertPlan, crew, c.who.Authority); err != nil {
		return p, err
	}
	err = c.tx.QueryRow(ctx, lockPlan, crew, c.who.Authority).Scan(&p.Version, &p.DayPlan, &p.before, &p.basis)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, notFound(KeyNoCrew)
	}
	return p, err
}

// order is the plan's own order, to go back to.
func (p planRow) order() planOrder {
	o := make(planOrder, len(p.Stops))
	for n, s := range p.Stops {
		o[n] = planPlace{Job: s.Job, Pinned: s.Pinned, Placed: s.Placed, At: s.At}
	}
	return o
}

func scanPlan(row pgx.CollectableRow) (p dispatch.DayPlan, err error) {
	err = row.Scan(&p)
	return p, err
}
