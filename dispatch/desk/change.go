package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"moked/dispatch"
	"moked/dispatch/feed"
)

// change is one writing use case under way: its transaction, its one instant,
// and the events that it will append.
type change struct {
	tx     pgx.Tx
	who    dispatch.Actor
	now    time.Time
	ground *ground
	events []dispatch.Event
}

// A transaction that lost to another one (deadlock, serialization) is made
// again this often.
const attempts = 4

// write runs f in a transaction, appends its events as the last statement,
// commits, and wakes the feed. f may run more than once.
func (d *Desk) write(ctx context.Context, who dispatch.Actor, f func(c *change) error) error {
	g, err := d.grounds.of(ctx, who.Authority)
	if err != nil {
		return err
	}
	for try := 1; ; try++ {
		c := &change{who: who, now: d.now(), ground: g}
		err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
			c.tx = tx
			if err := f(c); err != nil {
				return err
			}
			_, err := feed.Append(ctx, tx, who.Authority, c.events)
			return err
		})
		switch {
		case err == nil:
			if len(c.events) > 0 {
				d.hub.Wake(who.Authority, c.events...)
			}
			return nil
		case lost(err) && try < attempts:
			continue
		}
		return narrowed(who, err)
	}
}

// narrowed is a refusal with the object that it carries as the actor may see
// it.
func narrowed(who dispatch.Actor, err error) error {
	var refused *dispatch.Error
	if !who.Narrow() || !errors.As(err, &refused) {
		return err
	}
	if j, ok := refused.Current.(dispatch.Job); ok {
		told := *refused
		told.Current = j.For(who)
		return &told
	}
	return err
}

// read runs f in a read-only transaction that sees one state.
func (d *Desk) read(ctx context.Context, who dispatch.Actor, f func(tx pgx.Tx, g *ground) error) error {
	g, err := d.grounds.of(ctx, who.Authority)
	if err != nil {
		return err
	}
	opts := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	return pgx.BeginTxFunc(ctx, d.pool, opts, func(tx pgx.Tx) error { return f(tx, g) })
}

// lost reports whether a transaction only lost to another one.
func lost(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

// object is what the feed tells of.
type object interface {
	Scope() dispatch.Scope
	Live() bool
}

// tell notes an event with the object's state after it. was is its scope
// before, or nil for a new object.
func (c *change) tell(event string, noun dispatch.Noun, id, incident uuid.UUID, o object, was *dispatch.Scope, note map[string]any) {
	body, err := json.Marshal(o)
	if err != nil {
		panic(fmt.Sprintf("desk: %s does not encode: %v", noun, err)) // only NaN could do that, and rows hold none
	}
	e := dispatch.Event{
		Type: event, At: c.now, By: c.who.By(), Noun: noun, Object: id, Incident: incident,
		Scope: o.Scope(), Gone: !o.Live(), Note: note, Body: body,
	}
	if was != nil && !sameScope(*was, e.Scope) {
		before := *was
		e.Was = &before
	}
	c.events = append(c.events, e)
}

func (c *change) tellIncident(event string, i dispatch.Incident, was *dispatch.Scope, note map[string]any) {
	c.tell(event, dispatch.NounIncident, i.ID, i.ID, i, was, note)
}

func (c *change) tellJob(event string, j dispatch.Job, was *dispatch.Scope, note map[string]any) {
	c.tell(event, dispatch.NounJob, j.ID, j.Incident, j, was, note)
}

func (c *change) tellCrew(event string, k dispatch.Crew, was *dispatch.Scope, note map[string]any) {
	c.tell(event, dispatch.NounCrew, k.ID, uuid.Nil, k, was, note)
}

func (c *change) tellConflict(event string, k dispatch.FieldConflict) {
	c.tell(event, dispatch.NounConflict, k.ID, k.Incident, k, nil, nil)
}

func (c *change) tellMessage(event string, m dispatch.Message) {
	c.tell(event, dispatch.NounMessage, m.ID, uuid.Nil, m, nil, nil)
}

func (c *change) tellPlan(event string, p dispatch.DayPlan, was *dispatch.Scope) {
	c.tell(event, dispatch.NounPlan, p.ID, uuid.Nil, p, was, nil)
}

func sameScope(a, b dispatch.Scope) bool {
	x, errA := json.Marshal(a)
	y, errB := json.Marshal(b)
	return errA == nil && errB == nil && string(x) == string(y)
}
