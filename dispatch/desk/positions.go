package desk

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/geo"
)

// Recorded counts what became of fixes. Late ones are older than the crew's
// last: they are kept in its track and don't move it. Refused ones can't be
// true.
type Recorded struct {
	Accepted int `json:"accepted"`
	Late     int `json:"late"`
	Refused  int `json:"refused"`
}

const (
	maxFixes   = 1000               // in one call
	maxAhead   = 2 * time.Minute    // a device's clock may be fast by so much
	oldestFix  = 7 * 24 * time.Hour // a tablet may have been offline for so long
	fastest    = 90.0               // metres a second; more is a jump of the receiver
	jumpMetres = 500.0              // and shorter jumps are its noise
)

// fixes are one call's, on their way into the database.
type fixes struct {
	authority string
	ground    *ground
	sees      func(dispatch.Scope) bool
	all       []dispatch.Position
	done      Recorded
	err       error
}

// RecordPositions takes fixes of crews: a crew's own, or any crew's from
// those who may send them. A fix that can't be true (in the future, long ago,
// at 0/0, a jump no vehicle makes, of a crew that isn't the actor's) is
// counted and dropped. Calls at the same time share a transaction, which, as
// this is telemetry, doesn't wait for the disk.
func (d *Desk) RecordPositions(ctx context.Context, who dispatch.Actor, ps []dispatch.Position) (Recorded, error) {
	if len(ps) > maxFixes {
		return Recorded{}, invalid("positions", KeyTooMany, map[string]any{"max": maxFixes})
	}
	g, err := d.grounds.of(ctx, who.Authority)
	if err != nil {
		return Recorded{}, err
	}
	f := &fixes{authority: who.Authority, ground: g, sees: func(s dispatch.Scope) bool { return who.May(dispatch.PositionsSend, s) }}
	for _, p := range ps {
		if who.Role == dispatch.CrewMember {
			p.Crew = who.Crew
		}
		f.all = append(f.all, p)
	}
	if who.Role != dispatch.CrewMember && !who.May(dispatch.PositionsSend, dispatch.Scope{}) {
		return Recorded{}, forbidden()
	}
	if len(f.all) == 0 {
		return Recorded{}, nil
	}
	if err := d.fixes.do(ctx, who.Authority, f); err != nil {
		return Recorded{}, err
	}
	return f.done, f.err
}

// known is a crew as far as fixes are concerned, with its last one.
type known struct {
	scope dispatch.Scope
	last  *dispatch.Position
}

const (
	dontWait    = `select set_config('synchronous_commit', 'off', true)`
	selectKnown = `
select w.id, w.district, w.departments, st_y(p.geom), st_x(p.geom), p.at
from crew w left join crew_position p on p.crew = w.id
where w.authority = $1 and w.id = any($2) and not w.retired`
	insertTrack = `
insert into track (crew, at, geom, heading, speed, accuracy)
select f.crew, f.at, st_setsrid(st_makepoint(f.lon, f.lat), 4326), f.heading, f.speed, f.accuracy
from unnest($1::uuid[], $2::timestamptz[], $3::float8[], $4::float8[], $5::float8[], $6::float8[], $7::float8[])
	as f (crew, at, lon, lat, heading, speed, accuracy)
on conflict do nothing`
	upsertPositions = `
insert into crew_position as p (crew, authority, geom, heading, speed, accuracy, at)
select distinct on (f.crew) f.crew, $8, st_setsrid(st_makepoint(f.lon, f.lat), 4326), f.heading, f.speed, f.accuracy, f.at
from unnest($1::uuid[], $2::timestamptz[], $3::float8[], $4::float8[], $5::float8[], $6::float8[], $7::float8[])
	as f (crew, at, lon, lat, heading, speed, accuracy)
order by f.crew, f.at desc
on conflict (crew) do update set geom = excluded.geom, heading = excluded.heading, speed = excluded.speed,
	accuracy = excluded.accuracy, at = excluded.at, received_at = excluded.received_at
where excluded.at > p.at`
)

// settleFixes stores the fixes of one authority's calls together.
func (d *Desk) settleFixes(fs []*fixes) {
	ctx, cancel := context.WithTimeout(context.Background(), groupTimeout)
	defer cancel()
	var err error
	var moved []dispatch.Position
	for range attempts {
		moved, err = d.storeFixes(ctx, fs)
		if err == nil || !lost(err) {
			break
		}
	}
	if err != nil {
		d.log.Error("positions were not stored", "error", err)
		for _, f := range fs {
			f.err = &dispatch.Error{Code: dispatch.Unavailable, Key: KeyUnavailable}
		}
		return
	}
	d.hub.Positions(fs[0].authority, moved)
}

func (d *Desk) storeFixes(ctx context.Context, fs []*fixes) (moved []dispatch.Position, err error) {
	var ids []uuid.UUID
	asked := map[uuid.UUID]bool{}
	for _, f := range fs {
		f.done = Recorded{}
		for _, p := range f.all {
			if !asked[p.Crew] {
				asked[p.Crew] = true
				ids = append(ids, p.Crew)
			}
		}
	}
	now := d.now()
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		crews := map[uuid.UUID]*known{}
		b := &pgx.Batch{}
		b.Queue(dontWait)
		b.Queue(selectKnown, fs[0].authority, ids).Query(func(rows pgx.Rows) error { return readKnown(rows, crews) })
		if err := tx.SendBatch(ctx, b).Close(); err != nil {
			return err
		}
		var c fixColumns
		for _, f := range fs {
			for _, p := range f.all {
				p.At = p.At.UTC().Truncate(time.Millisecond)
				k := crews[p.Crew]
				switch {
				case k == nil || !f.sees(k.scope) || !f.ground.plausible(k.last, &p, now):
					f.done.Refused++
					continue
				case k.last != nil && !p.At.After(k.last.At):
					f.done.Late++
				default:
					f.done.Accepted++
					k.last = &p
					moved = append(moved, p)
				}
				c.add(p)
			}
		}
		if len(c.crew) == 0 {
			return nil
		}
		b = &pgx.Batch{}
		b.Queue(insertTrack, c.args()...)
		b.Queue(upsertPositions, append(c.args(), fs[0].authority)...)
		return tx.SendBatch(ctx, b).Close()
	})
	return moved, err
}

func readKnown(rows pgx.Rows, into map[uuid.UUID]*known) error {
	return each(rows, func(row pgx.CollectableRow) error {
		var (
			id       uuid.UUID
			k        known
			lat, lon *float64
			at       *time.Time
		)
		if err := row.Scan(&id, &k.scope.District, &k.scope.Departments, &lat, &lon, &at); err != nil {
			return err
		}
		k.scope.Crew = id
		if lat != nil && at != nil {
			k.last = &dispatch.Position{Crew: id, Lat: *lat, Lon: *lon, At: at.UTC()}
		}
		into[id] = &k
		return nil
	})
}

// plausible reports whether a fix can be true. Readings beside the point that
// can't be are removed from it.
func (g *ground) plausible(last, p *dispatch.Position, now time.Time) bool {
	if p.Lat == 0 && p.Lon == 0 || g.checkPoint("", p.Lat, p.Lon) != nil {
		return false
	}
	if p.At.After(now.Add(maxAhead)) || p.At.Before(now.Add(-oldestFix)) {
		return false
	}
	p.Heading, p.Speed, p.Accuracy = reading(p.Heading, 360), reading(p.Speed, 200), reading(p.Accuracy, 1e5)
	if last == nil || !p.At.After(last.At) {
		return true
	}
	metres := geo.Metres(orb.Point{last.Lon, last.Lat}, orb.Point{p.Lon, p.Lat})
	return metres <= jumpMetres || metres <= fastest*p.At.Sub(last.At).Seconds()
}

// reading is a value from 0 to max, to one decimal, or nil.
func reading(v *float64, max float64) *float64 {
	if v == nil || !(*v >= 0 && *v <= max) {
		return nil
	}
	r := math.Round(*v*10) / 10
	return &r
}

// fixColumns are the arrays that the statements unnest.
type fixColumns struct {
	crew                     []uuid.UUID
	at                       []time.Time
	lon, lat                 []float64
	heading, speed, accuracy []*float64
}

func (c *fixColumns) add(p dispatch.Position) {
	c.crew, c.at, c.lon, c.lat = append(c.crew, p.Crew), append(c.at, p.At), append(c.lon, p.Lon), append(c.lat, p.Lat)
	c.heading, c.speed, c.accuracy = append(c.heading, p.Heading), append(c.speed, p.Speed), append(c.accuracy, p.Accuracy)
}

func (c *fixColumns) args() []any {
	return []any{c.crew, c.at, c.lon, c.lat, c.heading, c.speed, c.accuracy}
}

const (
	deleteTracks = `delete from track where at < $1`
	selectTracks = `
select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'track'::regclass and c.relname ~ '^track_[0-9]{8}$'`
)

// KeepTracks makes the tracks' daily partitions of the next days, and removes
// what is older than keep. It is to be called every few hours.
func (d *Desk) KeepTracks(ctx context.Context, keep time.Duration) error {
	now := d.now()
	for n := range 4 {
		day := now.AddDate(0, 0, n)
		sql := fmt.Sprintf(`create table if not exists track_%s partition of track for values from ('%s') to ('%s')`,
			day.Format("20060102"), day.Format(time.DateOnly), day.AddDate(0, 0, 1).Format(time.DateOnly))
		// A day that has rows in the default partition stays there.
		if _, err := d.pool.Exec(ctx, sql); err != nil && !spoiled(err) {
			return fmt.Errorf("desk: partition of %s: %w", day.Format(time.DateOnly), err)
		}
	}
	rows, _ := d.pool.Query(ctx, selectTracks)
	parts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("desk: partitions: %w", err)
	}
	cut := now.Add(-keep)
	for _, p := range parts {
		day, err := time.Parse("20060102", p[len("track_"):])
		if err != nil || !day.AddDate(0, 0, 1).Before(cut) {
			continue
		}
		if _, err := d.pool.Exec(ctx, `drop table `+pgx.Identifier{p}.Sanitize()); err != nil {
			return fmt.Errorf("desk: drop %s: %w", p, err)
		}
	}
	if _, err := d.pool.Exec(ctx, deleteTracks, cut); err != nil {
		return fmt.Errorf("desk: old tracks: %w", err)
	}
	return nil
}
