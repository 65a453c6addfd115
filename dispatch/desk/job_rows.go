package desk

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// The columns of a job in the order that scanJob reads them, from job j and
// its incident i.
const jobColumns = `
j.id, j.number, j.version, j.state, j.incident, j.crew, j.department, j.reason, j.note, j.paused_from,
j.created_at, j.assigned_at, j.arrived_at, j.ended_at, j.record, j.record_missing, j.linked, j.contested, j.former, j.reopened_at, i.category, i.priority, i.text,
st_y(i.geom), st_x(i.geom), i.precision, i.score, i.label, i.told, i.district, i.neighbourhood,
(select min(k.due_at) from clock k where k.incident = i.id and k.stopped_at is null)`

const fromJob = ` from job j join incident i on i.id = j.incident `

func scanJob(row pgx.CollectableRow, g *ground) (dispatch.Job, error) {
	var (
		j       dispatch.Job
		place   placeRow
		created time.Time
	)
	err := row.Scan(&j.ID, &j.Number, &j.Version, &j.State, &j.Incident, &j.Crew, &j.Department, &j.Reason, &j.Note, &j.PausedFrom,
		&created, &j.AssignedAt, &j.ArrivedAt, &j.EndedAt, &j.Record, &j.RecordMissing, &j.Linked, &j.Contested, &j.Former, &j.ReopenedAt, &j.Category, &j.Priority, &j.Text,
		&place.lat, &place.lon, &place.precision, &place.score, &place.label, &place.told, &place.district, &place.neighbourhood, &j.DueAt)
	if err != nil {
		return j, err
	}
	j.Place = place.in(g)
	j.CreatedAt, j.AssignedAt, j.ArrivedAt = created.UTC(), inUTC(j.AssignedAt), inUTC(j.ArrivedAt)
	j.EndedAt, j.DueAt = inUTC(j.EndedAt), inUTC(j.DueAt)
	if len(j.RecordMissing) == 0 {
		j.RecordMissing = nil
	}
	return j, nil
}

func jobs(ctx context.Context, tx pgx.Tx, g *ground, sql string, args ...any) ([]dispatch.Job, error) {
	rows, _ := tx.Query(ctx, sql, args...)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (dispatch.Job, error) { return scanJob(row, g) })
}

const (
	lockJobs = `
select j.id from unnest($1::uuid[]) as u (id) cross join lateral (
	select id from job where incident = u.id order by id for update
) j`
	readJobs = `
select x.* from unnest($1::uuid[]) as u (id) cross join lateral (
	select ` + jobColumns + fromJob + ` where j.incident = u.id order by j.created_at, j.number offset 0
) x`
)

// lockJobs takes all jobs of incidents that are locked already, the oldest
// first.
func (c *change) lockJobs(ctx context.Context, incidents ...uuid.UUID) (js []dispatch.Job, err error) {
	b := &pgx.Batch{}
	b.Queue(lockJobs, incidents)
	b.Queue(readJobs, incidents).Query(func(rows pgx.Rows) error {
		js, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (dispatch.Job, error) { return scanJob(row, c.ground) })
		return err
	})
	return js, c.tx.SendBatch(ctx, b).Close()
}

const (
	insertJob = `
insert into job (id, authority, number, version, state, incident, crew, department, reason, note, paused_from, created_at, assigned_at, arrived_at, ended_at, linked)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`
	updateJob = `
update job set version = $2, state = $3, incident = $4, crew = $5, reason = $6, note = $7, paused_from = $8, assigned_at = $9, arrived_at = $10, ended_at = $11,
	record = $12, record_missing = coalesce($13::text[], '{}'), contested = $14, former = coalesce($15::uuid[], '{}'), reopened_at = $16
where id = $1`
)

func (c *change) insertJob(ctx context.Context, j dispatch.Job) error {
	_, err := c.tx.Exec(ctx, insertJob, j.ID, c.who.Authority, j.Number, j.Version, j.State, j.Incident, j.Crew, j.Department,
		j.Reason, j.Note, j.PausedFrom, j.CreatedAt, j.AssignedAt, j.ArrivedAt, j.EndedAt, j.Linked)
	return err
}

func (c *change) updateJob(ctx context.Context, j dispatch.Job) error {
	b := &pgx.Batch{}
	queueJob(b, j)
	return c.tx.SendBatch(ctx, b).Close()
}

func queueJob(b *pgx.Batch, j dispatch.Job) {
	b.Queue(updateJob, j.ID, j.Version, j.State, j.Incident, j.Crew, j.Reason, j.Note, j.PausedFrom,
		j.AssignedAt, j.ArrivedAt, j.EndedAt, j.Record, j.RecordMissing, j.Contested, j.Former, j.ReopenedAt)
}

// follow writes what live jobs repeat of their incident, and tells of those
// that it changed.
func (c *change) follow(ctx context.Context, i dispatch.Incident, js []dispatch.Job) error {
	for _, j := range js {
		if !j.Live() || j.Incident != i.ID {
			continue
		}
		was := j.Scope()
		after, changed := j.Follow(i)
		if !changed {
			continue
		}
		if err := c.updateJob(ctx, after); err != nil {
			return err
		}
		c.tellJob("job.changed", after, &was, nil)
	}
	return nil
}
