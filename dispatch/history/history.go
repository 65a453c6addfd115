package history

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"moked/dispatch"
	"moked/dispatch/feed"
)

// Options tune a History; the zero value is right for a server.
type Options struct {
	Now    func() time.Time // the clock (time.Now)
	Logger *slog.Logger
	Pace   time.Duration // the log is read at most once in this time (50 ms)
}

// History is the past of every authority in the database.
type History struct {
	pool  *pgxpool.Pool
	log   *slog.Logger
	clock func() time.Time
	pace  time.Duration

	mu    sync.RWMutex
	pasts map[string]*past

	publicMu sync.Mutex
	public   map[publicKey]publicKept

	times sync.Pool // of *cellTimes, each in use by one question

	newsMu sync.Mutex
	news   map[string]bool // authorities whose log has grown
	wake   chan struct{}
}

// New makes a history that is kept by the hub, which must not run yet. It knows
// of an authority once Run has read it.
func New(pool *pgxpool.Pool, hub *feed.Hub, o Options) *History {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Pace == 0 {
		o.Pace = 50 * time.Millisecond
	}
	h := &History{
		pool: pool, log: o.Logger, clock: o.Now, pace: o.Pace,
		pasts: map[string]*past{}, news: map[string]bool{}, wake: make(chan struct{}, 1),
	}
	hub.Listen(h.heard)
	return h
}

// heard is called by the hub with every event, and once for every log that it
// takes up.
func (h *History) heard(e dispatch.Event) {
	h.newsMu.Lock()
	h.news[e.Authority] = true
	h.newsMu.Unlock()
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// Run keeps the history until ctx ends. What can't be read now is tried again.
func (h *History) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-h.wake:
		}
		// Reading takes up half the time at most, while old reports stream in.
		begun := time.Now()
		ok := h.catchUp(ctx)
		rest := max(h.pace, time.Since(begun))
		if !ok {
			rest = time.Second
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(rest):
		}
	}
}

// catchUp reads the logs that have grown and reports whether all could be.
func (h *History) catchUp(ctx context.Context) bool {
	h.newsMu.Lock()
	news := h.news
	h.news = map[string]bool{}
	h.newsMu.Unlock()
	ok := true
	for authority := range news {
		begun, known := time.Now(), h.of(authority) != nil
		if err := h.advance(ctx, authority); err != nil {
			if ctx.Err() != nil {
				return false
			}
			h.log.WarnContext(ctx, "history: not read", "authority", authority, "err", err)
			h.heard(dispatch.Event{Authority: authority})
			ok = false
		} else if p := h.of(authority); p != nil && !known {
			h.log.InfoContext(ctx, "history read", "authority", authority, "reports", p.columns.len(), "bytes", p.columns.bytes(), "took", time.Since(begun).Round(time.Millisecond))
		}
	}
	return ok
}

func (h *History) of(authority string) *past {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.pasts[authority]
}

// Seq is the sequence number of the authority's log up to which the history
// holds everything; false while it isn't read yet.
func (h *History) Seq(authority string) (int64, bool) {
	p := h.of(authority)
	if p == nil {
		return 0, false
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.seq, true
}
