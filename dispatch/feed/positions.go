package feed

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

const selectPositions = `
select c.authority, c.district, c.departments, p.crew, st_y(p.geom), st_x(p.geom), p.heading, p.speed, p.accuracy, p.at, p.received_at
from crew_position p join crew c on c.id = p.crew
where p.received_at > $1 and not c.retired`

// A position's transaction may commit this long after it was stamped and
// still be found by the next round.
const commitSlack = 10 * time.Second

// round takes the positions that any process has stored since the last round
// and has them told.
func (h *Hub) round(ctx context.Context) {
	h.fixMu.Lock()
	own := h.fixes
	h.fixes = map[string][]dispatch.Position{}
	h.fixMu.Unlock()
	for a, ps := range own {
		l := h.log(a)
		if l == nil {
			continue
		}
		for _, p := range ps {
			if c := l.crews[p.Crew]; c != nil {
				l.fix(p, c.scope)
			}
		}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	rows, _ := h.pool.Query(ctx, selectPositions, h.fixed.Add(-commitSlack))
	var (
		authority string
		scope     dispatch.Scope
		p         dispatch.Position
		received  time.Time
	)
	newest := h.fixed
	_, err := pgx.ForEachRow(rows, []any{&authority, &scope.District, &scope.Departments, &p.Crew, &p.Lat, &p.Lon, &p.Heading, &p.Speed, &p.Accuracy, &p.At, &received}, func() error {
		if received.After(newest) {
			newest = received
		}
		if l := h.log(authority); l != nil {
			fix := p
			fix.At = p.At.UTC()
			l.fix(fix, dispatch.Scope{District: scope.District, Departments: append([]string(nil), scope.Departments...), Crew: p.Crew})
		}
		return nil
	})
	if err != nil {
		h.failed(ctx, "positions", err)
		return
	}
	h.fixed = newest
	for _, l := range h.all() {
		l.round()
	}
}
