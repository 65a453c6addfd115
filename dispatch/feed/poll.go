package feed

import "context"

// Poll is Next without the wait: nil says that there is no news. Whoever reads
// for many takes News first, polls each reader, and then waits.
func (r *Reader) Poll(ctx context.Context) ([]byte, error) {
	if r.class == nil {
		return nil, ErrClosed
	}
	text, err := r.take(ctx, r.log.now.Load())
	if text != nil {
		r.hub.stats.frames.Add(1)
	}
	return text, err
}

// News is closed when an authority's readers have something to poll for beyond
// what they have now. It is nil for an authority without readers yet.
func (h *Hub) News(authority string) <-chan struct{} {
	l := h.log(authority)
	if l == nil {
		return nil
	}
	return l.now.Load().changed
}
