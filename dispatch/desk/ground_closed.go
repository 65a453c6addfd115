package desk

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/geo/roads"
)

// closed is the closures of an authority as its ground holds them, and the road
// graph without those that are in force: it changes only when one begins or
// ends, and is made when first asked for.
type closed struct {
	list []closedRoad

	mu    sync.Mutex
	key   string
	graph *roads.Graph
}

type closedRoad struct {
	id       uuid.UUID
	segments []int64
	from     time.Time
	until    *time.Time
}

func (k closedRoad) at(now time.Time) bool {
	return !k.from.After(now) && (k.until == nil || k.until.After(now))
}

// Those that have ended are told by at; the limit is for a table of years.
const selectClosed = `select id, geom, starts_at, ends_at from closure
where authority = $1 and lifted_at is null order by coalesce(ends_at, 'infinity') desc, id limit 1000`

// loadClosed finds the closed stretches in the road graph, which is loaded.
func (g *ground) loadClosed(ctx context.Context, tx pgx.Tx) error {
	g.shut = &closed{}
	rows, err := tx.Query(ctx, selectClosed, g.authority)
	if err != nil {
		return fmt.Errorf("load closures: %w", err)
	}
	g.shut.list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (k closedRoad, err error) {
		var c Closure
		if err := row.Scan(&k.id, &c.Lines, &k.from, &k.until); err != nil {
			return k, err
		}
		k.segments = g.roads.Along(c.Lines, closedAlong)
		return k, nil
	})
	if err != nil {
		return fmt.Errorf("load closures: %w", err)
	}
	return nil
}

// closed names the roads as they are at an instant: of which import, and which
// are closed. The same name is the same ways.
func (g *ground) closed(now time.Time) string {
	var b strings.Builder
	fmt.Fprint(&b, g.datasets["road"])
	for _, k := range g.shut.list {
		if k.at(now) {
			fmt.Fprint(&b, " ", k.id)
		}
	}
	return b.String()
}

// roadsAt is the road graph without what is closed at an instant.
func (g *ground) roadsAt(now time.Time) *roads.Graph {
	var segments []int64
	for _, k := range g.shut.list {
		if k.at(now) {
			segments = append(segments, k.segments...)
		}
	}
	if len(segments) == 0 || g.roads == nil {
		return g.roads
	}
	key := g.closed(now)
	g.shut.mu.Lock()
	defer g.shut.mu.Unlock()
	if g.shut.key != key {
		g.shut.key, g.shut.graph = key, g.roads.WithClosures(segments)
	}
	return g.shut.graph
}
