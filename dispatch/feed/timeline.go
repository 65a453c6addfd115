package feed

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

const selectTimeline = `select ` + entryColumns + ` from event where incident = $1 and authority = $2 order by seq limit 2000`

// Timeline returns the events on an incident's timeline that the actor may
// see, oldest first, encoded as the feed's entries are.
func Timeline(ctx context.Context, tx pgx.Tx, actor dispatch.Actor, incident uuid.UUID) ([]json.RawMessage, error) {
	rows, _ := tx.Query(ctx, selectTimeline, incident, actor.Authority)
	es, err := pgx.CollectRows(rows, func(pgx.CollectableRow) (*entry, error) { return scanEntry(rows) })
	if err != nil {
		return nil, fmt.Errorf("feed: timeline: %w", err)
	}
	c := newClass(newKey(actor, nil))
	line := make([]json.RawMessage, 0, len(es))
	for _, e := range es {
		put, _ := c.sees(e)
		switch {
		case !put:
		case actor.Role == dispatch.Resident:
			line = append(line, e.appendPublic(nil))
		default:
			line = append(line, e.text)
		}
	}
	return line, nil
}
