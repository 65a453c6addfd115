package history

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"moked/dispatch"
)

// Behind are the reports behind a figure: those of the query that bear the
// mark, newest first, limit of them after the first skip; and how many there
// are in all, which is the figure.
func (h *History) Behind(who dispatch.Actor, q Query, m Mark, skip, limit int) (ids []uuid.UUID, all int, err error) {
	q.By = nil
	p, err := h.ask(who, &q)
	if err != nil {
		return nil, 0, err
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	now := h.clock()
	c := &p.columns
	var behind []uint32
	p.scan(p.stretches(q, now)[0], p.filtersOf(q.Where), now.UnixMicro(), m, func(more found) { behind = append(behind, more.n...) })
	slices.SortFunc(behind, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(c.filed[b], c.filed[a]), slices.Compare(c.id[b][:], c.id[a][:]))
	})
	for _, n := range behind[min(skip, len(behind)):min(skip+limit, len(behind))] {
		ids = append(ids, c.id[n])
	}
	return ids, len(behind), nil
}
