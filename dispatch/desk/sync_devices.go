package desk

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

const (
	selectDeviceCrews = `select id, crew, revoked_at is not null, seen_at, skew_ms from device where id = any($1) and authority = $2`
	seenDevices       = `update device set seen_at = $2, skew_ms = case when id = $4 then $3 else skew_ms end where id = any($1)`
	selectCrewIDs     = `select id from crew where id = any($1) and authority = $2`
)

// admitDevices finds out whose operations these are. A device that a crew's
// program names for the first time becomes the crew's. What comes from a
// device of another crew, or from one that was revoked, is refused; whoever
// hands in a tablet's file acts for the tablet's crew.
func (d *Desk) admitDevices(ctx context.Context, who dispatch.Actor, ops []*incoming, skewMS int64, now time.Time) error {
	var ids []uuid.UUID
	for _, o := range ops {
		if o.Device != uuid.Nil && !slices.Contains(ids, o.Device) {
			ids = append(ids, o.Device)
		}
	}
	if len(ids) == 0 {
		return d.refuseStrangers(ops, nil, who)
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	known, err := d.deviceCrews(ctx, who, ids)
	if err != nil {
		return err
	}
	if who.Role == dispatch.CrewMember {
		fresh := slices.DeleteFunc(slices.Clone(ids), func(id uuid.UUID) bool { _, ok := known[id]; return ok })
		if len(fresh) > 0 {
			var have int
			if err := d.pool.QueryRow(ctx, countDevices, who.Crew).Scan(&have); err != nil {
				return err
			}
			fresh = fresh[:min(len(fresh), max(0, maxDevices-have))]
			b := &pgx.Batch{}
			for _, id := range fresh {
				b.Queue(insertDevice, id, who.Authority, who.Crew, nil, "", "", nil, now)
			}
			if err := d.pool.SendBatch(ctx, b).Close(); err != nil {
				return err
			}
			if known, err = d.deviceCrews(ctx, who, ids); err != nil {
				return err
			}
		}
	}
	if stillSeen(known, ids, speaker(who, ids), skewMS, now) {
		return d.refuseStrangers(ops, known, who)
	}
	if _, err := d.pool.Exec(ctx, seenDevices, ids, now, skewMS, speaker(who, ids)); err != nil {
		return err
	}
	return d.refuseStrangers(ops, known, who)
}

// stillSeen says that all of the devices were heard of a moment ago, and that
// the speaker's clock is off by about as much as then.
func stillSeen(known map[uuid.UUID]deviceCrew, ids []uuid.UUID, speaker uuid.UUID, skewMS int64, now time.Time) bool {
	for _, id := range ids {
		v, ok := known[id]
		if ok && (now.Sub(v.seen).Abs() > time.Minute || id == speaker && max(v.skewMS-skewMS, skewMS-v.skewMS) > 1000) {
			return false
		}
	}
	return true
}

// speaker is the device whose clock was measured.
func speaker(who dispatch.Actor, ids []uuid.UUID) uuid.UUID {
	if who.Device != uuid.Nil || len(ids) != 1 || who.Role != dispatch.CrewMember {
		return who.Device
	}
	return ids[0]
}

// deviceCrew is whose a device is. A device of another authority isn't found.
type deviceCrew struct {
	crew    uuid.UUID
	revoked bool
	seen    time.Time
	skewMS  int64
}

func (d *Desk) deviceCrews(ctx context.Context, who dispatch.Actor, ids []uuid.UUID) (map[uuid.UUID]deviceCrew, error) {
	known := map[uuid.UUID]deviceCrew{}
	rows, _ := d.pool.Query(ctx, selectDeviceCrews, ids, who.Authority)
	var (
		id uuid.UUID
		v  deviceCrew
	)
	_, err := pgx.ForEachRow(rows, []any{&id, &v.crew, &v.revoked, &v.seen, &v.skewMS}, func() error {
		known[id] = v
		return nil
	})
	return known, err
}

func (d *Desk) refuseStrangers(ops []*incoming, known map[uuid.UUID]deviceCrew, who dispatch.Actor) error {
	for _, o := range ops {
		o.crew = who.Crew
		v, ok := known[o.Device]
		switch {
		case o.Device == uuid.Nil:
			// It can't be read: refused as such.
		case who.Role != dispatch.CrewMember && ok:
			o.crew = v.crew
			continue
		case ok && !v.revoked && v.crew == who.Crew:
			continue
		}
		if o.fault == nil {
			o.fault = &dispatch.Error{Code: dispatch.Invalid, Key: KeyNoDevice, Field: "device"}
		}
	}
	return nil
}
