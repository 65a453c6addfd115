package feed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"moked/dispatch"
)

// Options tune a Hub; the zero value is right for a server.
type Options struct {
	Poll       time.Duration // how often the database is asked, come what may (1 s)
	Notify     time.Duration // at most one NOTIFY in this time (25 ms)
	Pace       time.Duration // at most one burst in this time (4 ms)
	Positions  time.Duration // at most one frame of positions in this time (1 s)
	Mark       time.Duration // an idle reader is told how far it is this often (5 s)
	MaxEntries int           // window of entries held in memory per authority (65,536)
	MaxBytes   int           // and their size (64 MiB)
	Logger     *slog.Logger
}

func (o *Options) defaults() {
	set := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	set(&o.Poll, time.Second)
	set(&o.Notify, 25*time.Millisecond)
	set(&o.Pace, 4*time.Millisecond)
	set(&o.Positions, time.Second)
	set(&o.Mark, 5*time.Second)
	if o.MaxEntries == 0 {
		o.MaxEntries = 65536
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = 64 << 20
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
}

// Hub tails the logs of all authorities in the database and serves readers.
// Readers may subscribe once Run has taken up the logs.
type Hub struct {
	pool *pgxpool.Pool
	o    Options
	self string // names this process in notifications

	listeners []func(dispatch.Event)
	taken     chan struct{} // closed when Run has read all logs once
	running   atomic.Bool
	polled    atomic.Int64 // when the last poll succeeded, Unix nanoseconds
	stats     counters

	mu   sync.RWMutex
	logs map[string]*log

	dirtyMu sync.Mutex
	dirty   map[string]*news
	told    map[string]bool // commits of this process not yet notified
	wake    chan struct{}
	tell    chan struct{}

	fixMu sync.Mutex
	fixes map[string][]dispatch.Position
	fixed time.Time // positions received until then were read; the tailer's

	replays chan struct{} // bounds the readers that read from the database
}

// NewHub makes a hub on a pool; it does nothing until Run.
func NewHub(pool *pgxpool.Pool, o Options) *Hub {
	o.defaults()
	return &Hub{
		pool:    pool,
		o:       o,
		self:    uuid.NewString(),
		taken:   make(chan struct{}),
		logs:    map[string]*log{},
		dirty:   map[string]*news{},
		told:    map[string]bool{},
		wake:    make(chan struct{}, 1),
		tell:    make(chan struct{}, 1),
		fixes:   map[string][]dispatch.Position{},
		replays: make(chan struct{}, 4),
	}
}

// Listen has f called with every event, in order for each authority, from the
// tailer's goroutine, which waits for it; only geography's have their Note. When the hub takes up a log, at its
// start and after a restore, f gets a geography.changed with Seq 0: what came
// before wasn't heard. Listen must be called before Run.
func (h *Hub) Listen(f func(dispatch.Event)) { h.listeners = append(h.listeners, f) }

// Run tails until ctx ends. A database that can't be reached is tried again;
// only a second Run is an error.
func (h *Hub) Run(ctx context.Context) error {
	if !h.running.CompareAndSwap(false, true) {
		return errors.New("feed: the hub is already running")
	}
	defer h.running.Store(false)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { h.tail(ctx); return nil })
	g.Go(func() error { h.notify(ctx); return nil })
	g.Go(func() error { h.listen(ctx); return nil })
	return g.Wait()
}

// Ready reports why the hub isn't current, or nil.
func (h *Hub) Ready() error {
	if !h.running.Load() {
		return errors.New("feed: not running")
	}
	select {
	case <-h.taken:
	default:
		return errors.New("feed: the logs are still being read")
	}
	if age := time.Since(time.Unix(0, h.polled.Load())); age > 3*h.o.Poll+2*time.Second {
		return fmt.Errorf("feed: the log was last read %v ago", age.Round(time.Second))
	}
	return nil
}

// Wake says that this process has committed events of an authority, as Append
// has stamped them. Given those, the tailer needn't read them; without them,
// or when they don't follow what it has, it reads the log.
func (h *Hub) Wake(authority string, events ...dispatch.Event) {
	h.dirtyMu.Lock()
	n := h.heard(authority)
	if len(events) == 0 || n.count+len(events) > maxOffered {
		n.read = true
	} else {
		n.offers = append(n.offers, events)
		n.count += len(events)
	}
	h.told[authority] = true
	h.dirtyMu.Unlock()
	nudge(h.wake)
	nudge(h.tell)
}

// news is what is known of an authority's log to have grown: the log is to be
// read, or these events are what follows.
type news struct {
	read   bool
	offers [][]dispatch.Event // one slice a transaction
	count  int
}

// So many events wait for the tailer in memory; then it reads them.
const maxOffered = 8192

// heard is the authority's news, with dirtyMu held.
func (h *Hub) heard(authority string) *news {
	n := h.dirty[authority]
	if n == nil {
		n = &news{}
		h.dirty[authority] = n
	}
	return n
}

// unread has the tailer read an authority's log, or ("") all of them.
func (h *Hub) unread(authority string) {
	h.dirtyMu.Lock()
	h.heard(authority).read = true
	h.dirtyMu.Unlock()
	nudge(h.wake)
}

// Positions takes fixes that this process has stored, so that they go out
// with the next round. Those of crews that the hub doesn't know yet come with
// the database's.
func (h *Hub) Positions(authority string, ps []dispatch.Position) {
	if !h.running.Load() {
		return
	}
	h.fixMu.Lock()
	h.fixes[authority] = append(h.fixes[authority], ps...)
	h.fixMu.Unlock()
}

// Head is the seq up to which this process has read an authority's log.
func (h *Hub) Head(authority string) int64 {
	if l := h.log(authority); l != nil {
		return l.now.Load().head
	}
	return 0
}

func (h *Hub) log(authority string) *log {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.logs[authority]
}

// dirtied takes the news of all authorities.
func (h *Hub) dirtied() map[string]*news {
	h.dirtyMu.Lock()
	defer h.dirtyMu.Unlock()
	taken := h.dirty
	h.dirty = map[string]*news{}
	return taken
}

func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
