package desk

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// Snapshot is all that an actor sees, as of Seq of the log named Log. Events
// after Seq, put or removed one by one, keep it current.
type Snapshot struct {
	Seq        int64               `json:"seq"`
	Log        string              `json:"log"`
	At         time.Time           `json:"at"`
	Incidents  []dispatch.Incident `json:"incidents"`
	Jobs       []dispatch.Job      `json:"jobs"`
	Crews      []dispatch.Crew     `json:"crews"`
	Operations []struct{}          `json:"operations"`

	Conflicts []dispatch.FieldConflict `json:"conflicts"`
	Messages  []dispatch.Message       `json:"messages"`
	Plans     []dispatch.DayPlan       `json:"plans"`
}

const (
	selectHead = `select h.seq, h.log::text from feed_head h where h.authority = $1`

	// What a filter lets pass, see dispatch.Filter: district, department, and
	// the object's own incident or crew; "" and null don't narrow.
	snapshotIncidents = `select ` + incidentColumns + fromIncident + `
where i.authority = $1 and i.state = 'open'
	and ($2 = '' or i.district in ('', $2)) and ($3 = '' or i.department = $3) and ($4::uuid is null or i.id = $4)
order by i.opened_at, i.id`
	snapshotJobs = `select ` + jobColumns + fromJob + `
where j.authority = $1 and j.state not in ('done', 'cancelled')
	and ($2 = '' or i.district in ('', $2)) and ($3 = '' or j.department = $3) and ($4::uuid is null or j.crew = $4)
order by j.created_at, j.id`
)

// Snapshot reads the open incidents, the live jobs and the crews that the
// actor sees, and the seq of the feed that they are of, from one state of the
// database.
func (d *Desk) Snapshot(ctx context.Context, who dispatch.Actor) (Snapshot, error) {
	if !who.May(dispatch.SnapshotRead, dispatch.Scope{}) {
		return Snapshot{}, forbidden()
	}
	s := Snapshot{
		Incidents: []dispatch.Incident{}, Jobs: []dispatch.Job{}, Crews: []dispatch.Crew{}, Operations: []struct{}{},
		Conflicts: []dispatch.FieldConflict{}, Messages: []dispatch.Message{}, Plans: []dispatch.DayPlan{}, At: d.now(),
	}
	err := d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		q := &pgx.Batch{}
		q.Queue(selectHead, who.Authority).Query(func(rows pgx.Rows) error {
			_, err := pgx.ForEachRow(rows, []any{&s.Seq, &s.Log}, func() error { return nil })
			return err
		})
		if f := who.Filter(dispatch.NounIncident); !f.Nothing {
			q.Queue(snapshotIncidents, f.Authority, f.District, f.Department, optional(f.Incident)).Query(func(rows pgx.Rows) error {
				return each(rows, func(row pgx.CollectableRow) error {
					i, err := scanIncident(row, g)
					if err == nil && f.Has(i.Scope()) {
						s.Incidents = append(s.Incidents, view(who, i.Incident))
					}
					return err
				})
			})
		}
		if f := who.Filter(dispatch.NounJob); !f.Nothing {
			q.Queue(snapshotJobs, f.Authority, f.District, f.Department, optional(f.Crew)).Query(func(rows pgx.Rows) error {
				return each(rows, func(row pgx.CollectableRow) error {
					j, err := scanJob(row, g)
					if err == nil && f.Has(j.Scope()) {
						s.Jobs = append(s.Jobs, j.For(who))
					}
					return err
				})
			})
		}
		if f := who.Filter(dispatch.NounCrew); !f.Nothing {
			q.Queue(selectCrews, f.Authority).Query(func(rows pgx.Rows) error {
				return each(rows, func(row pgx.CollectableRow) error {
					k, err := scanCrew(row)
					if err == nil && f.Has(k.Scope()) {
						s.Crews = append(s.Crews, k)
					}
					return err
				})
			})
		}
		if f := who.Filter(dispatch.NounConflict); !f.Nothing {
			q.Queue(selectConflicts, f.Authority, false, s.At).Query(func(rows pgx.Rows) error {
				return each(rows, func(row pgx.CollectableRow) error {
					k, err := scanConflict(row)
					if err == nil && f.Has(k.Scope()) {
						s.Conflicts = append(s.Conflicts, k)
					}
					return err
				})
			})
		}
		if f := who.Filter(dispatch.NounMessage); !f.Nothing {
			q.Queue(snapshotMessages, f.Authority, s.At.Add(-messagesLast), optional(f.Crew)).Query(func(rows pgx.Rows) error {
				return each(rows, func(row pgx.CollectableRow) error {
					m, err := scanMessage(row)
					if err == nil && f.Has(m.Scope()) {
						s.Messages = append(s.Messages, m)
					}
					return err
				})
			})
		}
		if f := who.Filter(dispatch.NounPlan); !f.Nothing {
			q.Queue(snapshotPlans, f.Authority, optional(f.Crew)).Query(func(rows pgx.Rows) error {
				return each(rows, func(row pgx.CollectableRow) error {
					p, err := scanPlan(row)
					if err == nil && f.Has(p.Scope()) {
						s.Plans = append(s.Plans, p.For(who))
					}
					return err
				})
			})
		}
		return tx.SendBatch(ctx, q).Close()
	})
	return s, err
}

// Head is the seq of the last event of the actor's authority.
func (d *Desk) Head(ctx context.Context, who dispatch.Actor) (seq int64, err error) {
	var log string
	err = d.pool.QueryRow(ctx, selectHead, who.Authority).Scan(&seq, &log)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	return seq, err
}

// view is the incident as the actor may see it.
func view(who dispatch.Actor, i dispatch.Incident) dispatch.Incident {
	if who.Role == dispatch.Resident {
		return i.Public()
	}
	return i
}

func optional(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// each calls f with every row.
func each(rows pgx.Rows, f func(pgx.CollectableRow) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
