package feed

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"moked/dispatch"
)

// ErrLagged says that the reader's place in the log has left memory: its
// client should come back with the last seq that it has.
var ErrLagged = errors.New("feed: the reader has fallen behind")

// ErrClosed is returned by Next after Close.
var ErrClosed = errors.New("feed: the reader is closed")

// Reader is one client's place in an authority's log. It is used by one
// goroutine at a time.
type Reader struct {
	hub    *Hub
	log    *log
	class  *class
	cursor int64 // everything up to here was considered
	life   int64
	beat   int64
	tick   int64 // positions up to here were told
	held   int64 // none are told before the tick after this one
	replay bool  // reads from the database until it reaches the window
	resync bool
}

// Subscribe starts a reader behind since, the seq of a snapshot or the last
// that the client was told of; a negative since starts at the head. log is
// what the snapshot called its log, or "" if the client doesn't know. When the
// log can't be read on from there (it was trimmed or is another one), the
// first frame is a resync, and the reader goes on from the head. With a bbox
// (lon, lat) only objects inside it, entering it or leaving it are told. Close
// the reader when done.
func (h *Hub) Subscribe(ctx context.Context, actor dispatch.Actor, since int64, log string, bbox *orb.Bound) (*Reader, error) {
	select {
	case <-h.taken:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	l := h.log(actor.Authority)
	if l == nil {
		// An authority whose log has no entry yet: take its head up now.
		if _, err := h.pool.Exec(ctx, ensureHead, actor.Authority); err != nil {
			return nil, fmt.Errorf("feed: subscribe: %w", err)
		}
		var err error
		if l, err = h.await(ctx, actor.Authority); err != nil {
			return nil, err
		}
	}
	v := l.now.Load()
	r := &Reader{hub: h, log: l, cursor: since, life: v.life, beat: v.beat, held: v.tick}
	head := v.head
	if since > head {
		// A snapshot may be ahead of what this process has read.
		var row headRow
		if err := h.pool.QueryRow(ctx, selectHead, actor.Authority).Scan(&row.log, &row.seq, &row.trimmed); err != nil {
			return nil, fmt.Errorf("feed: subscribe: %w", err)
		}
		head = row.seq
	}
	switch {
	case since < 0:
		r.cursor = v.head
	case since > head, since < v.trimmed, log != "" && log != v.log:
		r.cursor, r.resync = v.head, true
	case since < v.first()-1:
		r.replay = true
	}
	r.class = l.join(newKey(actor, bbox))
	l.come.Store(true)
	h.stats.readers.Add(1)
	return r, nil
}

const ensureHead = `insert into feed_head (authority) select code from authority where code = $1 on conflict do nothing`

// await waits until the tailer has taken up an authority's log.
func (h *Hub) await(ctx context.Context, authority string) (*log, error) {
	h.unread(authority)
	for range 200 {
		if l := h.log(authority); l != nil {
			return l, nil
		}
		pause(ctx, 10*time.Millisecond)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return nil, &dispatch.Error{Code: dispatch.NotFound, Key: "authority-unknown"}
}

// Close lets go of the reader.
func (r *Reader) Close() {
	if r.class == nil {
		return
	}
	r.log.leave(r.class)
	r.class = nil
	r.hub.stats.readers.Add(-1)
}

// Upto is the seq up to which everything was considered for this reader.
func (r *Reader) Upto() int64 { return r.cursor }

// Next waits for news and returns it as one frame, a JSON array of entries.
// The frame is shared: it must not be changed. It returns ErrLagged when the
// reader has fallen out of the window, and ctx's error when that ends.
func (r *Reader) Next(ctx context.Context) (text []byte, err error) {
	for {
		if r.class == nil {
			return nil, ErrClosed
		}
		v := r.log.now.Load()
		text, err = r.take(ctx, v)
		if err != nil {
			return nil, err
		}
		if text != nil {
			r.hub.stats.frames.Add(1)
			return text, nil
		}
		select {
		case <-v.changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// take returns what is due to the reader in v, or nil when nothing is.
func (r *Reader) take(ctx context.Context, v *view) ([]byte, error) {
	if r.life != v.life {
		r.life, r.cursor, r.resync, r.replay = v.life, v.head, true, false
	}
	if r.resync {
		r.resync = false
		return []byte(`[{"type":"resync"}]`), nil
	}
	for r.cursor < v.head {
		f, err := r.following(ctx, v)
		if err != nil {
			return nil, err
		}
		if r.resync {
			return r.take(ctx, v)
		}
		r.cursor = f.to
		if f.text != nil {
			r.beat = v.beat
			return f.text, nil
		}
	}
	if v.tick > r.tick && v.tick > r.held {
		f := r.class.fixesSince(v, r.tick)
		r.tick = f.to
		if f.text != nil {
			return f.text, nil
		}
	}
	if r.beat != v.beat {
		r.beat = v.beat
		return fmt.Appendf(nil, `[{"type":"upto","upto":%d}]`, r.cursor), nil
	}
	return nil, nil
}

// following is the frame after the reader's cursor, from the window or, for a
// client that came back after long, from the database.
func (r *Reader) following(ctx context.Context, v *view) (frame, error) {
	f, ok := r.class.burst(v, r.cursor)
	switch {
	case ok:
		r.replay = false
		return f, nil
	case !r.replay:
		r.hub.stats.lagged.Add(1)
		return frame{}, ErrLagged
	}
	select {
	case r.hub.replays <- struct{}{}:
		defer func() { <-r.hub.replays }()
	case <-ctx.Done():
		return frame{}, ctx.Err()
	}
	es, err := r.hub.read(ctx, r.log.authority, r.cursor, page)
	if err != nil {
		return frame{}, err
	}
	if len(es) == 0 || !follows(es, r.cursor) {
		// Trimmed under the reader's feet.
		r.cursor, r.resync = v.head, true
		return frame{}, nil
	}
	return r.class.frame(es, r.cursor), nil
}
