package feed

import (
	"context"
	"encoding/json"
	"errors"

	"moked/dispatch"
)

// Collected is what a client that asks now and then is told: the entries after
// its place in the log, the seq up to which everything was considered, and
// whether there is more. A resync among the entries says that the log can't be
// read on from there.
type Collected struct {
	Entries []json.RawMessage
	Upto    int64
	More    bool
}

// Collect is the feed for those who don't listen: the entries that actor sees
// after since, at least up to the seq upto if this process comes to know it
// before ctx ends. It stops at about most bytes.
func (h *Hub) Collect(ctx context.Context, actor dispatch.Actor, since int64, log string, upto int64, most int) (Collected, error) {
	c := Collected{Entries: []json.RawMessage{}, Upto: since}
	r, err := h.Subscribe(ctx, actor, since, log, nil)
	if err != nil {
		return c, err
	}
	defer r.Close()
	for size := 0; ; {
		v := r.log.now.Load()
		text, err := r.take(ctx, v)
		switch {
		case errors.Is(err, ErrLagged):
			// The client asks again from where it is.
			c.More = true
			return c, nil
		case err != nil:
			return c, err
		case text != nil:
			var entries []json.RawMessage
			if err := json.Unmarshal(text, &entries); err != nil {
				return c, err
			}
			c.Entries = append(c.Entries, entries...)
			size += len(text)
		}
		c.Upto = r.Upto()
		switch {
		case text != nil && size < most:
			continue
		case text != nil, r.cursor >= upto:
			c.More = c.Upto < v.head
			return c, nil
		}
		select {
		case <-v.changed:
		case <-ctx.Done():
			c.More = true
			return c, nil
		}
	}
}
