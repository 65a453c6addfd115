package desk

import (
	"context"
	"encoding/json"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/geo"
)

const (
	selectCrew  = `select ` + crewColumns + fromCrew + ` where w.id = $1 and w.authority = $2`
	selectTrack = `
select crew, at, st_y(geom), st_x(geom), heading, speed, accuracy from track
where crew = $1 and at >= $2 and at < $3 order by at limit 200000`
	// The crew as it was at the day's start, and as it was changed on the day.
	selectDuty = `
select x.at, x.body from (
	(select seq, at, body from event where authority = $1 and object = $2 and noun = 'crew' and at < $3 order by seq desc limit 1)
	union all
	select seq, at, body from event where authority = $1 and object = $2 and noun = 'crew' and at >= $3 and at < $4
) x
order by x.seq`
	selectServed = `
select ` + jobColumns + fromJob + `
where j.authority = $1 and j.crew = $2 and j.assigned_at < $4 and (j.ended_at is null or j.ended_at >= $3) order by j.assigned_at limit 500`
)

// Trail is where a crew was on a day ("2026-05-05", or "" for today) by the
// clock of its authority, while it was on duty.
func (d *Desk) Trail(ctx context.Context, who dispatch.Actor, crew uuid.UUID, day string) (t dispatch.Trail, err error) {
	now := d.now()
	err = d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		zone := g.calendar.Zone
		from := now.In(zone)
		if day != "" {
			if from, err = time.ParseInLocation(time.DateOnly, day, zone); err != nil || from.Year() < 2000 || from.Year() > 2200 {
				return invalid("day", KeyBadTime, nil)
			}
		}
		from = time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, zone)
		to := time.Date(from.Year(), from.Month(), from.Day()+1, 0, 0, 0, 0, zone)
		ks, err := crews(ctx, tx, selectCrew, crew, who.Authority)
		if err != nil {
			return err
		}
		if len(ks) == 0 || !who.Sees(dispatch.NounCrew, ks[0].Scope()) {
			return notFound(KeyNoCrew)
		}
		fixes, changes, js, err := readTrail(ctx, tx, g, who.Authority, crew, from, to)
		if err != nil {
			return err
		}
		t = dispatch.TrailOf(fixes, changes)
		t.Crew, t.Day, t.TimeZone = crew, from.Format(time.DateOnly), zone.String()
		for i := range t.Stops {
			s := &t.Stops[i]
			if said := g.gazetteer.Reverse(orb.Point{s.Lon, s.Lat}, geo.Bias{Limit: 1, Lang: who.Lang}); len(said) > 0 {
				s.Label = said[0].Label
			}
			s.Job = s.Served(visible(who, js))
		}
		if k := ks[0]; k.At != nil {
			t.Last = &dispatch.LastSeen{Lat: *k.Lat, Lon: *k.Lon, At: *k.At, Age: math.Round(max(0, now.Sub(*k.At).Seconds()))}
		}
		return nil
	})
	return t, err
}

// visible are the jobs that the actor sees.
func visible(who dispatch.Actor, js []dispatch.Job) (seen []dispatch.Job) {
	for _, j := range js {
		if who.Sees(dispatch.NounJob, j.Scope()) {
			seen = append(seen, j)
		}
	}
	return seen
}

func readTrail(ctx context.Context, tx pgx.Tx, g *ground, authority string, crew uuid.UUID, from, to time.Time) (fixes []dispatch.Position, changes []dispatch.DutyChange, js []dispatch.Job, err error) {
	b := &pgx.Batch{}
	b.Queue(selectTrack, crew, from, to).Query(func(rows pgx.Rows) (err error) {
		fixes, err = pgx.CollectRows(rows, scanFix)
		return err
	})
	b.Queue(selectDuty, authority, crew, from, to).Query(func(rows pgx.Rows) error {
		return each(rows, func(row pgx.CollectableRow) error {
			var (
				c    dispatch.DutyChange
				body []byte
			)
			if err := row.Scan(&c.At, &body); err != nil {
				return err
			}
			changes = append(changes, c)
			return json.Unmarshal(body, &changes[len(changes)-1].Crew)
		})
	})
	b.Queue(selectServed, authority, crew, from, to).Query(func(rows pgx.Rows) (err error) {
		js, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (dispatch.Job, error) { return scanJob(row, g) })
		return err
	})
	err = tx.SendBatch(ctx, b).Close()
	return fixes, changes, js, err
}
