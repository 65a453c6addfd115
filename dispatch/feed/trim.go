package feed

import (
	"context"
	"fmt"
	"time"
)

const (
	// The cut lies before the first event that stays.
	moveTrimmed = `
update feed_head h set trimmed = c.seq
from (
	select f.authority, coalesce((select min(e.seq) - 1 from event e where e.authority = f.authority and e.at >= $1), f.seq) as seq
	from feed_head f
) c
where c.authority = h.authority and c.seq > h.trimmed`
	deleteTrimmed = `
delete from event e using (
	select e.authority, e.seq from event e join feed_head h on h.authority = e.authority and e.seq <= h.trimmed limit $1
) d
where e.authority = d.authority and e.seq = d.seq`
)

// Trim removes the events of all authorities from before an instant, and
// returns how many. A reader that asks for them is told to resync.
func (h *Hub) Trim(ctx context.Context, before time.Time) (int64, error) {
	if _, err := h.pool.Exec(ctx, moveTrimmed, before); err != nil {
		return 0, fmt.Errorf("feed: trim: %w", err)
	}
	const chunk = 10000
	for total := int64(0); ; {
		tag, err := h.pool.Exec(ctx, deleteTrimmed, chunk)
		if err != nil {
			return total, fmt.Errorf("feed: trim: %w", err)
		}
		if total += tag.RowsAffected(); tag.RowsAffected() < chunk {
			return total, nil
		}
	}
}
