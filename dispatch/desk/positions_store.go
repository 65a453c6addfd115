package desk

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// sight is one group of fixes being judged and stored.
type sight struct {
	desk     *Desk
	now      time.Time
	crews    map[uuid.UUID]*known
	trackers map[string]*Tracker // by hash
	kept     fixColumns
	judged   []judged
	seen     map[fixKey]bool
	counts   map[countKey]int64
}

// known is a crew as far as fixes are concerned. was is its last position
// before the group, last the one that is believed now. open says that a fix
// contradicts the last, and top is the newest time that was told.
type known struct {
	scope     dispatch.Scope
	authority string
	retired   bool
	was, last *dispatch.Position
	open      bool
	top       time.Time
}

type fixKey struct {
	crew uuid.UUID
	at   int64
}

func keyOf(crew uuid.UUID, at time.Time) fixKey { return fixKey{crew, at.UnixMilli()} }

type judged struct {
	of  *fixes
	fix dispatch.Position
	v   dispatch.FixVerdict
}

type countKey struct {
	tracker uuid.UUID
	v       dispatch.FixVerdict
}

const (
	selectKnown = `
select w.id, w.authority, w.district, w.departments, w.retired, st_y(p.geom), st_x(p.geom), p.accuracy, p.at
from crew w left join crew_position p on p.crew = w.id
where w.id = any($1) or w.id in (select crew from tracker where hash = any($2))`
	insertTrack = `
insert into track (crew, at, geom, heading, speed, accuracy)
select f.crew, f.at, st_setsrid(st_makepoint(f.lon, f.lat), 4326), f.heading, f.speed, f.accuracy
from unnest($1::uuid[], $2::timestamptz[], $3::float8[], $4::float8[], $5::float8[], $6::float8[], $7::float8[])
	as f (crew, at, lon, lat, heading, speed, accuracy)
on conflict do nothing
returning crew, at`
	upsertPositions = `
insert into crew_position as p (crew, authority, geom, heading, speed, accuracy, at)
select f.crew, w.authority, st_setsrid(st_makepoint(f.lon, f.lat), 4326), f.heading, f.speed, f.accuracy, f.at
from unnest($1::uuid[], $2::timestamptz[], $3::float8[], $4::float8[], $5::float8[], $6::float8[], $7::float8[])
	as f (crew, at, lon, lat, heading, speed, accuracy) join crew w on w.id = f.crew
order by f.crew
on conflict (crew) do update set geom = excluded.geom, heading = excluded.heading, speed = excluded.speed,
	accuracy = excluded.accuracy, at = excluded.at, received_at = excluded.received_at
where excluded.at > p.at`
	// The latest fixes of crews whose place is in doubt.
	selectCourse = `
select f.crew, t.at, st_y(t.geom), st_x(t.geom), t.heading, t.speed, t.accuracy
from unnest($1::uuid[], $2::timestamptz[]) as f (crew, top) cross join lateral (
	select * from track where crew = f.crew and at <= f.top and at > f.top - interval '6 hours' order by at desc limit 100
) t
order by f.crew, t.at`
	upsertCounts = `
insert into tracker_count as c (tracker, verdict, fixes, last_at)
select n.tracker, n.verdict, n.fixes, $4 from unnest($1::uuid[], $2::text[], $3::bigint[]) as n (tracker, verdict, fixes)
order by n.tracker, n.verdict
on conflict (tracker, verdict) do update set fixes = c.fixes + excluded.fixes, last_at = greatest(c.last_at, excluded.last_at)`
)

// settleFixes stores the fixes of calls together.
func (d *Desk) settleFixes(fs []*fixes) {
	ctx, cancel := context.WithTimeout(context.Background(), groupTimeout)
	defer cancel()
	var (
		err   error
		moved map[string][]dispatch.Position
	)
	for range attempts {
		moved, err = d.storeFixes(ctx, fs)
		if err == nil || !lost(err) {
			break
		}
	}
	if err != nil {
		d.log.Error("positions were not stored", "error", err)
		for _, f := range fs {
			f.done, f.err = Recorded{}, &dispatch.Error{Code: dispatch.Unavailable, Key: KeyUnavailable}
		}
		return
	}
	for _, f := range fs {
		d.judged[dispatch.FixMoved].Add(int64(f.done.Accepted))
		d.judged[dispatch.FixLate].Add(int64(f.done.Late))
		for v, n := range f.done.Why {
			d.judged[v].Add(int64(n))
		}
	}
	for authority, ps := range moved {
		d.hub.Positions(authority, ps)
	}
}

func (d *Desk) storeFixes(ctx context.Context, fs []*fixes) (moved map[string][]dispatch.Position, err error) {
	s := &sight{
		desk: d, now: d.now(), crews: map[uuid.UUID]*known{}, trackers: map[string]*Tracker{},
		seen: map[fixKey]bool{}, counts: map[countKey]int64{},
	}
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if err := s.read(ctx, tx, fs); err != nil {
			return err
		}
		for _, f := range fs {
			s.judge(ctx, f)
		}
		if err := s.keep(ctx, tx); err != nil {
			return err
		}
		for _, j := range s.judged {
			j.of.done.add(j.v)
			if t := s.trackers[j.of.tracker]; t != nil {
				s.counts[countKey{t.ID, j.v}]++
			}
		}
		last := s.moved()
		b := &pgx.Batch{}
		if len(last.crew) > 0 {
			b.Queue(upsertPositions, last.args()...)
		}
		if len(s.counts) > 0 {
			b.Queue(upsertCounts, s.countColumns()...)
		}
		if b.Len() == 0 {
			return nil
		}
		return tx.SendBatch(ctx, b).Close()
	})
	moved = map[string][]dispatch.Position{}
	for _, k := range s.crews {
		if k.last != k.was {
			moved[k.authority] = append(moved[k.authority], *k.last)
		}
	}
	return moved, err
}

// read reads whose the fixes are.
func (s *sight) read(ctx context.Context, tx pgx.Tx, fs []*fixes) error {
	ids, hashes := map[uuid.UUID]bool{}, [][]byte{}
	for _, f := range fs {
		f.done, f.err = Recorded{}, nil
		if f.tracker != "" {
			if _, asked := s.trackers[f.tracker]; !asked {
				s.trackers[f.tracker] = nil
				hashes = append(hashes, []byte(f.tracker))
			}
			continue
		}
		for _, p := range f.all {
			ids[p.Crew] = true
		}
	}
	b := &pgx.Batch{}
	b.Queue(selectKnown, slices.Collect(maps.Keys(ids)), hashes).Query(func(rows pgx.Rows) error { return readKnown(rows, s.crews) })
	if len(hashes) > 0 {
		b.Queue(selectHashes, hashes).Query(func(rows pgx.Rows) error {
			return each(rows, func(row pgx.CollectableRow) error {
				var (
					t    Tracker
					hash []byte
				)
				err := row.Scan(&hash, &t.ID, &t.Crew, &t.RevokedAt)
				s.trackers[string(hash)] = &t
				return err
			})
		})
	}
	return tx.SendBatch(ctx, b).Close()
}

func readKnown(rows pgx.Rows, into map[uuid.UUID]*known) error {
	return each(rows, func(row pgx.CollectableRow) error {
		var (
			k        known
			p        dispatch.Position
			lat, lon *float64
			at       *time.Time
		)
		if err := row.Scan(&p.Crew, &k.authority, &k.scope.District, &k.scope.Departments, &k.retired, &lat, &lon, &p.Accuracy, &at); err != nil {
			return err
		}
		k.scope.Crew = p.Crew
		if lat != nil && at != nil {
			p.Lat, p.Lon, p.At = *lat, *lon, at.UTC()
			k.was, k.last, k.top = &p, &p, p.At
		}
		into[p.Crew] = &k
		return nil
	})
}

// judge gives each fix of a call its verdict, as far as it can without the
// track.
func (s *sight) judge(ctx context.Context, f *fixes) {
	if f.tracker != "" {
		t := s.trackers[f.tracker]
		switch {
		case t == nil:
			f.err = notFound(KeyNoTracker)
			return
		case t.RevokedAt != nil || s.crews[t.Crew] == nil || s.crews[t.Crew].retired:
			f.err = notFound(KeyNoTracker)
			s.counts[countKey{t.ID, dispatch.FixStranger}]++
			return
		}
		for i := range f.all {
			f.all[i].Crew = t.Crew
		}
		if len(f.all) == 0 {
			s.counts[countKey{t.ID, dispatch.FixNone}]++
		}
	}
	for _, p := range f.all {
		s.judged = append(s.judged, judged{f, p, s.verdict(ctx, f, p)})
	}
}

func (s *sight) verdict(ctx context.Context, f *fixes, p dispatch.Position) dispatch.FixVerdict {
	k := s.crews[p.Crew]
	if k == nil || k.retired || f.tracker == "" && (k.authority != f.who.Authority || !f.who.May(dispatch.PositionsSend, k.scope)) {
		return dispatch.FixStranger
	}
	p = p.Plain()
	if v := dispatch.CheckFix(p, s.now, s.desk.tracks); v != "" {
		return v
	}
	if g, err := s.desk.grounds.of(ctx, k.authority); err != nil || g.checkPoint("", p.Lat, p.Lon) != nil {
		return dispatch.FixFar
	}
	if s.seen[keyOf(p.Crew, p.At)] {
		return dispatch.FixAgain
	}
	v, open := p.After(k.last)
	if v == dispatch.FixMoved {
		k.last = &p
	}
	k.open = k.open || open
	if p.At.After(k.top) {
		k.top = p.At
	}
	if v.Kept() {
		s.seen[keyOf(p.Crew, p.At)] = true
		s.kept.add(p)
	}
	return v
}

// keep stores the track, finds which fixes it had already, and settles where
// crews are whose fixes contradict each other.
func (s *sight) keep(ctx context.Context, tx pgx.Tx) error {
	if len(s.kept.crew) == 0 {
		return nil
	}
	fresh, tracks := map[fixKey]bool{}, map[uuid.UUID][]dispatch.Position{}
	b := &pgx.Batch{}
	b.Queue(insertTrack, s.kept.args()...).Query(func(rows pgx.Rows) error {
		var (
			crew uuid.UUID
			at   time.Time
		)
		_, err := pgx.ForEachRow(rows, []any{&crew, &at}, func() error {
			fresh[keyOf(crew, at)] = true
			return nil
		})
		return err
	})
	var (
		open []uuid.UUID
		tops []time.Time
	)
	for id, k := range s.crews {
		if k.open {
			open, tops = append(open, id), append(tops, k.top)
		}
	}
	if len(open) > 0 {
		b.Queue(selectCourse, open, tops).Query(func(rows pgx.Rows) error {
			return each(rows, func(row pgx.CollectableRow) error {
				p, err := scanFix(row)
				tracks[p.Crew] = append(tracks[p.Crew], p)
				return err
			})
		})
	}
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return err
	}
	for _, id := range open {
		k := s.crews[id]
		k.last = k.was
		if b := dispatch.CourseOf(along(tracks[id], k.was)).Believed; k.was == nil || b[len(b)-1].At.After(k.was.At) {
			k.last = &b[len(b)-1]
		}
	}
	for i := range s.judged {
		j := &s.judged[i]
		if !j.v.Kept() {
			continue
		}
		at := keyOf(j.fix.Crew, j.fix.At.UTC().Truncate(time.Millisecond))
		k := s.crews[j.fix.Crew]
		switch {
		case !fresh[at]:
			j.v = dispatch.FixAgain
		case k.open && k.last != nil && k.last != k.was && at == keyOf(k.last.Crew, k.last.At):
			j.v = dispatch.FixMoved
		case k.open && j.v == dispatch.FixMoved && (k.last == nil || j.fix.At.After(k.last.At)):
			j.v = dispatch.FixJump
		}
	}
	return nil
}

// along is a track with the crew's last position, which the track may have
// lost.
func along(track []dispatch.Position, was *dispatch.Position) []dispatch.Position {
	if was == nil {
		return track
	}
	at, there := slices.BinarySearchFunc(track, was.At, func(p dispatch.Position, t time.Time) int { return p.At.Compare(t) })
	if there {
		return track
	}
	return slices.Insert(track, at, *was)
}

// scanFix reads a fix of a track.
func scanFix(row pgx.CollectableRow) (p dispatch.Position, err error) {
	err = row.Scan(&p.Crew, &p.At, &p.Lat, &p.Lon, &p.Heading, &p.Speed, &p.Accuracy)
	p.At = p.At.UTC()
	return p, err
}

// moved are the crews that are elsewhere now.
func (s *sight) moved() (c fixColumns) {
	for _, k := range s.crews {
		if k.last != k.was {
			c.add(*k.last)
		}
	}
	return c
}

func (s *sight) countColumns() []any {
	keys := slices.SortedFunc(maps.Keys(s.counts), func(a, b countKey) int {
		if c := bytes.Compare(a.tracker[:], b.tracker[:]); c != 0 {
			return c
		}
		return bytes.Compare([]byte(a.v), []byte(b.v))
	})
	var (
		ids   []uuid.UUID
		words []string
		ns    []int64
	)
	for _, k := range keys {
		ids, words, ns = append(ids, k.tracker), append(words, string(k.v)), append(ns, s.counts[k])
	}
	return []any{ids, words, ns, s.now}
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
