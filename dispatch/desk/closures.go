package desk

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/geo/roads"
)

// Closure is a stretch of road that nobody drives from From until Until, or
// until it is lifted. Lines are longitudes and latitudes.
type Closure struct {
	ID       uuid.UUID           `json:"id"`
	Version  int                 `json:"version"`
	Lines    orb.MultiLineString `json:"lines"`
	Reason   string              `json:"reason"`
	From     time.Time           `json:"from"`
	Until    *time.Time          `json:"until,omitempty"`
	By       dispatch.By         `json:"by"`
	MadeAt   time.Time           `json:"made_at"`
	LiftedAt *time.Time          `json:"lifted_at,omitempty"`
}

// NewClosure closes the road that leads through the points, as longitudes and
// latitudes; one point closes the stretch between two junctions. Without From it
// is closed at once, without Until until somebody lifts it.
type NewClosure struct {
	Through []orb.Point `json:"through"`
	Reason  string      `json:"reason"`
	From    string      `json:"from,omitempty"`
	Until   string      `json:"until,omitempty"`
}

// Through is points on a road, as longitudes and latitudes.
type Through struct {
	Through []orb.Point `json:"through"`
}

const (
	// closedReach is how far from a road, in metres, a point may be that closes it.
	closedReach = 50
	// closedAlong is within how many metres of a closure's lines a road is it.
	closedAlong = 3
	maxThrough  = 20

	closureColumns = `c.id, c.version, c.geom, c.reason, c.starts_at, c.ends_at, c.made_by, c.made_at, c.lifted_at`
	insertClosure  = `
insert into closure (id, authority, geom, reason, starts_at, ends_at, made_by, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`
	selectClosures = `select ` + closureColumns + ` from closure c
where c.authority = $1 and c.lifted_at is null and (c.ends_at is null or c.ends_at > $2) order by c.starts_at, c.id`
	lockClosure = `select ` + closureColumns + ` from closure c where c.id = $1 and c.authority = $2 for update`
	liftClosure = `update closure set version = version + 1, lifted_at = $2 where id = $1`
)

func scanClosure(row pgx.CollectableRow) (k Closure, err error) {
	err = row.Scan(&k.ID, &k.Version, &k.Lines, &k.Reason, &k.From, &k.Until, &k.By, &k.MadeAt, &k.LiftedAt)
	k.From, k.MadeAt, k.Until, k.LiftedAt = k.From.UTC(), k.MadeAt.UTC(), inUTC(k.Until), inUTC(k.LiftedAt)
	return k, err
}

// Closures lists the roads that are closed, or will be. A crew that isn't the
// authority's own isn't told who closed them.
func (d *Desk) Closures(ctx context.Context, who dispatch.Actor) (list []Closure, err error) {
	err = d.read(ctx, who, func(tx pgx.Tx, _ *ground) error {
		rows, _ := tx.Query(ctx, selectClosures, who.Authority, d.now())
		list, err = pgx.CollectRows(rows, scanClosure)
		if who.Narrow() {
			for n := range list {
				list[n].By.Name = ""
			}
		}
		return err
	})
	return list, err
}

// Stretch is what CloseRoad would close: the lines of the road that leads
// through the points, as longitudes and latitudes.
func (d *Desk) Stretch(ctx context.Context, who dispatch.Actor, in Through) (lines orb.MultiLineString, err error) {
	if !who.May(dispatch.RoadClose, dispatch.Scope{}) {
		return nil, forbidden()
	}
	err = d.read(ctx, who, func(_ pgx.Tx, g *ground) error {
		lines, err = g.stretch(in.Through)
		return err
	})
	return lines, err
}

// CloseRoad closes a stretch of road. Plans, recommendations and routes go
// around it from then on.
func (d *Desk) CloseRoad(ctx context.Context, who dispatch.Actor, in NewClosure) (k Closure, err error) {
	if !who.May(dispatch.RoadClose, dispatch.Scope{}) {
		return k, forbidden()
	}
	in.Reason = strings.TrimSpace(in.Reason)
	if in.Reason == "" {
		return k, invalid("reason", dispatch.KeyReasonRequired, nil)
	}
	if err := checkText("reason", in.Reason, dispatch.MaxReason); err != nil {
		return k, err
	}
	err = d.write(ctx, who, func(c *change) error {
		k = Closure{Version: 1, Reason: in.Reason, From: c.now, By: who.By(), MadeAt: c.now}
		if k.ID, err = uuid.NewV7(); err != nil {
			return err
		}
		if k.Lines, err = c.ground.stretch(in.Through); err != nil {
			return err
		}
		if in.From != "" {
			if k.From, err = c.ground.moment("from", in.From); err != nil {
				return err
			}
		}
		if in.Until != "" {
			until, err := c.ground.moment("until", in.Until)
			if err != nil {
				return err
			}
			if !until.After(k.From) || !until.After(c.now) {
				return invalid("until", dispatch.KeyBadUntil, nil)
			}
			k.Until = &until
		}
		_, err := c.tx.Exec(ctx, insertClosure, k.ID, who.Authority, k.Lines, k.Reason, k.From, k.Until, k.By, k.MadeAt)
		c.tellClosed()
		return err
	})
	if err != nil {
		return Closure{}, err
	}
	d.grounds.reload(who.Authority, d.grounds.plot(who.Authority))
	return k, nil
}

// LiftClosure opens a closed road again. One that is open already stays so.
func (d *Desk) LiftClosure(ctx context.Context, who dispatch.Actor, id uuid.UUID) (k Closure, err error) {
	if !who.May(dispatch.RoadClose, dispatch.Scope{}) {
		return k, forbidden()
	}
	err = d.write(ctx, who, func(c *change) error {
		rows, _ := c.tx.Query(ctx, lockClosure, id, who.Authority)
		k, err = pgx.CollectExactlyOneRow(rows, scanClosure)
		if errors.Is(err, pgx.ErrNoRows) {
			return notFound(KeyNoClosure)
		}
		if err != nil || k.LiftedAt != nil {
			return err
		}
		now := c.now
		k.Version, k.LiftedAt = k.Version+1, &now
		_, err := c.tx.Exec(ctx, liftClosure, id, now)
		c.tellClosed()
		return err
	})
	if err != nil {
		return Closure{}, err
	}
	d.grounds.reload(who.Authority, d.grounds.plot(who.Authority))
	return k, nil
}

// tellClosed has every process load what is closed.
func (c *change) tellClosed() {
	c.events = append(c.events, dispatch.Event{
		Type: GroundChanged, At: c.now, By: c.who.By(), Noun: dispatch.NounGeography, Note: map[string]any{"kind": "closure"},
	})
}

// stretch is the road through the points.
func (g *ground) stretch(through []orb.Point) (orb.MultiLineString, error) {
	if len(through) == 0 || len(through) > maxThrough {
		return nil, invalid("through", KeyTooMany, map[string]any{"max": maxThrough})
	}
	at := make([]roads.Position, len(through))
	for n, p := range through {
		if err := g.checkPoint("through", p[1], p[0]); err != nil {
			return nil, err
		}
		var ok bool
		if g.roads != nil {
			at[n], ok = g.roads.Snap(p, closedReach)
		}
		if !ok {
			return nil, invalid("through", KeyNoRoad, nil)
		}
	}
	segments, ok := g.roads.Between(at)
	if !ok {
		return nil, invalid("through", KeyNoRoad, nil)
	}
	return g.roads.Lines(segments), nil
}
