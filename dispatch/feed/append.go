package feed

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// The head row is taken first and held to the commit, so that sequence order
// is commit order. One statement, whatever the number of events.
const appendEvents = `
with head as (
	insert into feed_head as h (authority, seq) values ($1, $2)
	on conflict (authority) do update set seq = h.seq + excluded.seq
	returning h.seq
), added as (
	insert into event (authority, seq, at, type, noun, object, incident, by, scope, was, gone, note, body)
	select $1, head.seq - $2 + e.n, e.at, e.type, e.noun, e.object, e.incident, e.by::json, e.scope::json, e.was::json, e.gone, e.note::json, e.body::json
	from head, unnest($3::timestamptz[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::text[], $9::text[], $10::text[], $11::bool[], $12::text[], $13::text[])
		with ordinality as e (at, type, noun, object, incident, by, scope, was, gone, note, body, n)
)
select seq from head`

// Append writes events, in order, to the authority's log and stamps each with
// its Authority and Seq; it returns the last one's. It must be the last
// statement of the transaction: from here to the commit every other
// transaction of this authority that appends waits. The caller wakes the Hub
// after the commit. Appending nothing does nothing and returns 0.
func Append(ctx context.Context, tx pgx.Tx, authority string, events []dispatch.Event) (last int64, err error) {
	if len(events) == 0 {
		return 0, nil
	}
	args, err := columns(authority, events)
	if err != nil {
		return 0, err
	}
	if err := tx.QueryRow(ctx, appendEvents, args...).Scan(&last); err != nil {
		return 0, fmt.Errorf("feed: append %d events: %w", len(events), err)
	}
	stamp(authority, last, events)
	return last, nil
}

// Queue is Append as the last statement of a batch, for a transaction that
// sends its writes in one round trip. The events are stamped when the batch's
// results are read.
func Queue(b *pgx.Batch, authority string, events []dispatch.Event) error {
	if len(events) == 0 {
		return nil
	}
	args, err := columns(authority, events)
	if err != nil {
		return err
	}
	b.Queue(appendEvents, args...).QueryRow(func(row pgx.Row) error {
		var last int64
		if err := row.Scan(&last); err != nil {
			return fmt.Errorf("feed: append %d events: %w", len(events), err)
		}
		stamp(authority, last, events)
		return nil
	})
	return nil
}

func stamp(authority string, last int64, events []dispatch.Event) {
	first := last - int64(len(events)) + 1
	for i := range events {
		events[i].Authority = authority
		events[i].Seq = first + int64(i)
	}
}

// columns lays the events out as the arrays that appendEvents unnests.
func columns(authority string, events []dispatch.Event) ([]any, error) {
	n := len(events)
	var (
		at        = make([]time.Time, n)
		types     = make([]string, n)
		nouns     = make([]string, n)
		objects   = make([]uuid.UUID, n)
		incidents = make([]*uuid.UUID, n)
		by        = make([]string, n)
		scopes    = make([]string, n)
		was       = make([]*string, n)
		gone      = make([]bool, n)
		notes     = make([]*string, n)
		bodies    = make([]*string, n)
	)
	for i := range events {
		e := &events[i]
		at[i], types[i], nouns[i], objects[i], gone[i] = e.At, e.Type, string(e.Noun), e.Object, e.Gone
		if e.Incident != uuid.Nil {
			incidents[i] = &e.Incident
		}
		var err error
		if by[i], err = text(e.By); err != nil {
			return nil, err
		}
		if scopes[i], err = text(e.Scope); err != nil {
			return nil, err
		}
		if e.Was != nil {
			s, err := text(e.Was)
			if err != nil {
				return nil, err
			}
			was[i] = &s
		}
		if len(e.Note) > 0 {
			s, err := text(e.Note)
			if err != nil {
				return nil, err
			}
			notes[i] = &s
		}
		if len(e.Body) > 0 {
			s := string(e.Body)
			bodies[i] = &s
		}
	}
	return []any{authority, int64(n), at, types, nouns, objects, incidents, by, scopes, was, gone, notes, bodies}, nil
}

func text(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("feed: encode event: %w", err)
	}
	return string(b), nil
}
