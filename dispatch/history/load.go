package history

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"moked/geo"
)

// past is what happened in one authority.
type past struct {
	mu         sync.RWMutex
	zone       *time.Location
	log        uuid.UUID
	seq        int64 // of the log, up to which everything is here
	columns    columns
	grids      grids
	category   names
	department names
	district   names
	hood       names
	channel    names
}

const (
	selectHead = `
select h.log, h.seq, h.trimmed, a.time_zone from feed_head h join authority a on a.code = h.authority where h.authority = $1`
	// Old reports that were brought in are more than the log could name.
	selectImported = `select exists (select from event where authority = $1 and seq > $2 and type = 'history.imported')`
	countAll       = `select count(*) from report where authority = $1`
	selectAll      = `select ` + pastColumns + ` from past p where p.authority = $1 order by p.filed_at, p.id`
	// The incidents are few, and each is looked up by itself whatever the planner
	// knows of the tables.
	selectChanged = `
select ` + pastColumns + `
from (select distinct incident from event where authority = $1 and seq > $2 and incident is not null) e
cross join lateral (select * from past p where p.incident = e.incident and p.authority = $1 offset 0) p`

	pastColumns = `p.id, p.first_at, p.filed_at, p.closed_at, p.due_at, p.paused_at, p.responded_at, p.response_due_at, p.reopened, p.lon, p.lat,
	p.category, p.department, p.district, p.neighbourhood, p.channel`
)

// advance brings a past to the end of its log, in one snapshot of the database.
// It reads everything anew when the log is another, was trimmed of what wasn't
// read, or holds more than the incidents' own changes.
func (h *History) advance(ctx context.Context, authority string) error {
	tx, err := h.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	var (
		log          uuid.UUID
		seq, trimmed int64
		name         string
	)
	switch err := tx.QueryRow(ctx, selectHead, authority).Scan(&log, &seq, &trimmed, &name); {
	case errors.Is(err, pgx.ErrNoRows):
		return nil // an authority that is being made
	case err != nil:
		return err
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return err
	}
	p := h.of(authority)
	var imported bool
	if p != nil && p.seq < seq {
		if err := tx.QueryRow(ctx, selectImported, authority, p.seq).Scan(&imported); err != nil {
			return err
		}
	}
	if p == nil || imported || p.log != log || p.seq > seq || p.seq < trimmed || p.zone.String() != zone.String() {
		p = &past{zone: zone, log: log, seq: seq, category: newNames(), department: newNames(), district: newNames(), hood: newNames(), channel: newNames()}
		var reports int
		if err := tx.QueryRow(ctx, countAll, authority).Scan(&reports); err != nil {
			return err
		}
		// A little more than there is: the first days need no larger columns.
		p.columns.reserve(reports + reports/32)
		if err := each(ctx, tx, p.take, selectAll, authority); err != nil {
			return err
		}
		p.columns.arrange()
		p.columns.inOrder = p.columns.len()
		h.mu.Lock()
		h.pasts[authority] = p
		h.mu.Unlock()
		return nil
	}
	// Readers don't wait for the database.
	var changed [][][]byte
	if p.seq < seq {
		keep := func(v [][]byte) error {
			v = slices.Clone(v)
			for n := range v {
				v[n] = bytes.Clone(v[n])
			}
			changed = append(changed, v)
			return nil
		}
		if err := each(ctx, tx, keep, selectChanged, authority, p.seq); err != nil {
			return err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, v := range changed {
		if err := p.take(v); err != nil {
			return err
		}
	}
	p.grids.stale = p.grids.stale || len(changed) > 0
	if max(len(p.columns.places.loose), len(p.columns.closings.loose), len(p.columns.opens.loose)) > mostLoose {
		p.columns.arrange()
	}
	p.seq = seq
	return nil
}

// each hands rows over as they come on the wire, which are gone when f returns:
// a million of them are read in seconds, and nothing is allocated for each.
func each(ctx context.Context, tx pgx.Tx, f func([][]byte) error, sql string, args ...any) error {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for first := true; rows.Next(); first = false {
		if first {
			for _, c := range rows.FieldDescriptions()[:codes] {
				if c.Format != pgx.BinaryFormatCode {
					return fmt.Errorf("%s came as text", c.Name)
				}
			}
		}
		if err := f(rows.RawValues()); err != nil {
			return err
		}
	}
	return rows.Err()
}

// codes is the first of pastColumns that is a text, which is the same in both
// of the wire's formats.
const codes = 11

func (p *past) take(v [][]byte) error {
	r := row{
		first: instant(v[1]), filed: instant(v[2]), closed: instant(v[3]), due: instant(v[4]), paused: instant(v[5]),
		responded: instant(v[6]), responseDue: instant(v[7]),
		reopened: uint8(min(binary.BigEndian.Uint32(v[8]), math.MaxUint8)),
	}
	r.hour = p.hourOfWeek(r.filed)
	r.x, r.y, r.wx, r.wy = whereabouts(v[9], v[10])
	copy(r.id[:], v[0])
	for n, c := range []struct {
		names *names
		to    *uint16
	}{{&p.category, &r.category}, {&p.department, &r.department}, {&p.district, &r.district}, {&p.hood, &r.neighbourhood}, {&p.channel, &r.channel}} {
		at, ok := c.names.of(v[codes+n])
		if !ok {
			return fmt.Errorf("too many codes: %q", v[codes+n])
		}
		*c.to = at
	}
	p.columns.put(&r)
	return nil
}

// hourOfWeek is the hour of the authority's week at an instant.
func (p *past) hourOfWeek(at int64) uint16 {
	t := time.UnixMicro(at).In(p.zone)
	return uint16(int(t.Weekday())*24 + t.Hour())
}

// whereabouts puts a longitude and a latitude from the wire, or nulls, into both
// of the columns' squares. A place outside the web's square is nowhere.
func whereabouts(lon, lat []byte) (x, y int32, wx, wy uint32) {
	if lon == nil || lat == nil {
		return nowhere, 0, 0, 0
	}
	at := orb.Point{math.Float64frombits(binary.BigEndian.Uint64(lon)), math.Float64frombits(binary.BigEndian.Uint64(lat))}
	itm := geo.ToITM(at)
	const farthest = 100_000_000 // metres: grid.of is exact up to twice that
	if !(math.Abs(itm[0]) < farthest && math.Abs(itm[1]) < farthest) {
		return nowhere, 0, 0, 0
	}
	sin := math.Sin(at[1] * math.Pi / 180)
	east := at[0]/360 + 0.5
	south := 0.5 - math.Log((1+sin)/(1-sin))/(4*math.Pi)
	if !(east >= 0 && east < 1 && south >= 0 && south < 1) {
		return nowhere, 0, 0, 0
	}
	return int32(math.Floor(itm[0])), int32(math.Floor(itm[1])), uint32(east * (1 << 32)), uint32(south * (1 << 32))
}

// since2000 is PostgreSQL's epoch in microseconds since 1970.
const since2000 = 946_684_800_000_000

// instant reads a timestamptz from the wire; null is never.
func instant(b []byte) int64 {
	if b == nil {
		return never
	}
	return int64(binary.BigEndian.Uint64(b)) + since2000
}
