package desk

import (
	"bytes"
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
	"moked/geo"
)

const (
	// One intake at a time in an authority, so that two reports of one hazard
	// don't open two incidents.
	lockIntake = `select pg_advisory_xact_lock(106, hashtext($1))`

	selectKeys = `select idempotency, body_hash, id from report where authority = $1 and idempotency = any($2)`

	// A plan of selectNear that was made while the table was new is right only
	// for as long as it is small, and would be kept. Other statements keep theirs:
	// those that check foreign keys run for every row.
	planAnew = `select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true)`
	planOnce = `select set_config('plan_cache_mode', 'auto', true)`

	// The open incidents around each place, the nearest first. Package dispatch
	// measures; the box only has to be large enough, and is what must be looked up
	// by, which the expressions see to.
	selectNear = `
select q.n, i.id, i.number, i.category, st_y(i.geom), st_x(i.geom), i.precision, i.last_report_at
from unnest($2::int[], $3::float8[], $4::float8[], $5::float8[], $6::float8[], $7::text[]) as q (n, lon, lat, dlon, dlat, categories)
cross join lateral (
	select * from incident i
	where i.authority || '' = $1 and i.state = 'open' and i.category || '' = any (string_to_array(q.categories, ' '))
		and i.geom && st_makeenvelope(q.lon - q.dlon, q.lat - q.dlat, q.lon + q.dlon, q.lat + q.dlat, 4326)
	order by i.geom <-> st_setsrid(st_makepoint(q.lon, q.lat), 4326), i.id
	limit 16
) i`
)

// look takes intake's lock and reads what the reports repeat or may join.
func (b *batch) look(ctx context.Context) error {
	q := &pgx.Batch{}
	q.Queue(lockIntake, b.who.Authority)
	byKey := map[string]*filing{}
	var keys []string
	var asked []uuid.UUID
	for _, f := range b.filings {
		if f.n.Key != "" {
			if first := byKey[f.n.Key]; first != nil {
				b.twins[f] = first
				continue
			}
			byKey[f.n.Key] = f
			keys = append(keys, f.n.Key)
		}
		if f.n.Incident != nil {
			asked = append(asked, *f.n.Incident)
		}
		b.firsts = append(b.firsts, f)
	}
	repeats := map[uuid.UUID]*filing{}
	if len(keys) > 0 {
		q.Queue(selectKeys, b.who.Authority, keys).Query(func(rows pgx.Rows) error {
			var (
				key  string
				hash []byte
				id   uuid.UUID
			)
			_, err := pgx.ForEachRow(rows, []any{&key, &hash, &id}, func() error {
				f := byKey[key]
				if !bytes.Equal(f.hash, hash) {
					f.err = keyReused()
				} else {
					repeats[id] = f
				}
				return nil
			})
			return err
		})
	}
	found := map[uuid.UUID]*incident{}
	if len(asked) > 0 {
		q.Queue(readIncidents, asked, b.who.Authority).Query(func(rows pgx.Rows) error {
			all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*incident, error) { return scanIncident(row, b.ground) })
			for _, i := range all {
				found[i.ID] = i
			}
			return err
		})
	}
	b.queueNear(q)
	if err := b.tx.SendBatch(ctx, q).Close(); err != nil {
		return err
	}
	if err := b.repeat(ctx, repeats); err != nil {
		return err
	}
	b.refuse(found)
	return nil
}

func (b *batch) queueNear(q *pgx.Batch) {
	var (
		n                    []int32
		lon, lat, dlon, dlat []float64
		categories           []string
	)
	for k, f := range b.firsts {
		m := f.category.Merge
		pt, ok := f.report.Place.Point()
		if m == nil || !ok || !f.report.Place.Precision.Located() {
			continue
		}
		width, height := boxAround(pt, m.Metres)
		n, lon, lat = append(n, int32(k)), append(lon, pt[0]), append(lat, pt[1])
		dlon, dlat = append(dlon, width), append(dlat, height)
		names := f.category.Code
		for _, with := range m.With {
			names += " " + with
		}
		categories = append(categories, names)
	}
	if len(n) == 0 {
		return
	}
	q.Queue(planAnew)
	q.Queue(selectNear, b.who.Authority, n, lon, lat, dlon, dlat, categories).Query(func(rows pgx.Rows) error {
		var (
			k         int
			i         dispatch.Incident
			precision string
			last      time.Time
			y, x      float64
		)
		_, err := pgx.ForEachRow(rows, []any{&k, &i.ID, &i.Number, &i.Category, &y, &x, &precision, &last}, func() error {
			c, lat, lon := i, y, x
			c.State = dispatch.IncidentOpen
			c.Place = dispatch.Place{Lat: &lat, Lon: &lon, Precision: geo.Precision(precision)}
			f := b.firsts[k]
			b.near[f] = append(b.near[f], dispatch.Near{Incident: c, LastReport: last.UTC()})
			return nil
		})
		return err
	})
	q.Queue(planOnce)
}

// refuse takes out the reports with a reused key, those that are answered
// already, and those that name an incident that can't be joined.
func (b *batch) refuse(found map[uuid.UUID]*incident) {
	left := b.firsts[:0:0]
	for _, f := range b.firsts {
		if f.n.Incident != nil && f.err == nil && f.filed.ID == uuid.Nil {
			switch i := found[*f.n.Incident]; {
			case i == nil || !f.who.May(dispatch.IncidentChange, i.Scope()):
				f.err = &dispatch.Error{Code: dispatch.NotFound, Key: KeyNoIncident, Field: "incident"}
			case i.State != dispatch.IncidentOpen:
				f.err = &dispatch.Error{Code: dispatch.Conflict, Key: dispatch.KeyMergeClosed, Field: "incident", Current: i.Incident}
			}
		}
		if f.err == nil && f.filed.ID == uuid.Nil {
			left = append(left, f)
		}
	}
	b.firsts = left
}

// repeat answers repetitions with the report of the first time, as it stands.
func (b *batch) repeat(ctx context.Context, repeats map[uuid.UUID]*filing) error {
	for id, f := range repeats {
		r, err := reportByID(ctx, b.tx, b.ground, id)
		if err != nil {
			return err
		}
		is, err := incidents(ctx, b.tx, b.ground, readIncidents, []uuid.UUID{r.Incident}, b.who.Authority)
		if err != nil || len(is) == 0 {
			return err
		}
		js, err := jobs(ctx, b.tx, b.ground, readJobs, []uuid.UUID{r.Incident})
		if err != nil {
			return err
		}
		f.filed = filed(r.Report, is[0].Incident, js, r.joined)
	}
	return nil
}

// lock takes the incidents that are joined with their jobs, reads the crews if
// one may be assigned, and takes the numbers.
func (b *batch) lock(ctx context.Context) error {
	if len(b.firsts) == 0 {
		return nil
	}
	q := &pgx.Batch{}
	if ids := b.before(); len(ids) > 0 {
		q.Queue(lockIncidents, ids, b.who.Authority)
		q.Queue(lockJobs, ids)
		q.Queue(readIncidents, ids, b.who.Authority).Query(func(rows pgx.Rows) error {
			all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*incident, error) { return scanIncident(row, b.ground) })
			for _, i := range all {
				b.held[i.ID] = i
			}
			return err
		})
		q.Queue(readJobs, ids).Query(func(rows pgx.Rows) error {
			all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (dispatch.Job, error) { return scanJob(row, b.ground) })
			for _, j := range all {
				b.jobs[j.Incident] = append(b.jobs[j.Incident], j)
			}
			return err
		})
	}
	for f := range b.opens {
		if f.category.Auto {
			b.force = queueForce(q, b.who.Authority, b.ground)
			break
		}
	}
	year := b.ground.year(b.now)
	opens := len(b.opens)
	sql, args := numbersQuery(b.who.Authority, year, opens, opens, len(b.firsts))
	q.Queue(sql, args...).Query(func(rows pgx.Rows) (err error) {
		b.nums, err = readNumbers(rows, year, opens, opens, len(b.firsts))
		return err
	})
	return b.tx.SendBatch(ctx, q).Close()
}
