package desk

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"
	"golang.org/x/sync/singleflight"

	"moked/dispatch"
	"moked/geo"
	"moked/geo/postgis"
	"moked/geo/roads"
)

// ground is what one authority stands on, as of its last load: immutable, so
// that a use case takes it once and sees one state throughout.
type ground struct {
	authority   string
	names       geo.Names
	calendar    dispatch.Calendar
	areas       *geo.AreaIndex
	tree        []geo.Area
	supposed    bool // the boundary is only a guess
	zones       []geo.Zone
	gazetteer   *geo.Gazetteer
	roads       *roads.Graph
	roadBound   orb.Bound
	shut        *closed
	departments []dispatch.Department
	categories  []dispatch.Category
	category    map[string]*dispatch.Category
	neighbours  []postgis.Territory // the other authorities
	tiles       *tiles

	sources []string // of the datasets in force

	// What each part was loaded from: a part whose datasets are the same is
	// carried over to the next load.
	datasets map[string][]int64
	newest   int64 // the last of the datasets
}

// grounds holds every authority's ground. An authority's is loaded when it is
// first asked for, and again in the background when its geography changed; a
// load that fails leaves the one before in place.
type grounds struct {
	pool *pgxpool.Pool
	log  *slog.Logger
	ctx  context.Context // ends the background loads
	stop context.CancelFunc
	wg   sync.WaitGroup

	mu   sync.Mutex
	held map[string]*plot

	making singleflight.Group // of tiles
}

// plot is one authority's place in grounds.
type plot struct {
	current atomic.Pointer[ground]
	load    sync.Mutex // one load at a time
	stale   atomic.Bool
	busy    atomic.Bool // a background load runs or is about to
}

func newGrounds(pool *pgxpool.Pool, log *slog.Logger) *grounds {
	ctx, stop := context.WithCancel(context.Background())
	return &grounds{pool: pool, log: log, ctx: ctx, stop: stop, held: map[string]*plot{}}
}

// close ends the background loads and waits for them.
func (g *grounds) close() {
	g.mu.Lock()
	g.stop()
	g.mu.Unlock()
	g.wg.Wait()
}

// hold has close wait until the caller says wg.Done. When close has begun it
// is an error, and there is nothing to say.
func (g *grounds) hold() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.ctx.Err(); err != nil {
		return err
	}
	g.wg.Add(1)
	return nil
}

func (g *grounds) plot(authority string) *plot {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.held[authority]
	if p == nil {
		p = &plot{}
		g.held[authority] = p
	}
	return p
}

// of returns the authority's ground, and loads it when it isn't there yet.
// There is no authority of that code: NotFound.
func (g *grounds) of(ctx context.Context, authority string) (*ground, error) {
	g.mu.Lock()
	p := g.held[authority]
	g.mu.Unlock()
	if p != nil {
		if now := p.current.Load(); now != nil {
			return now, nil
		}
	}
	if !authorityCode.MatchString(authority) {
		return nil, noAuthority(authority)
	}
	p = g.plot(authority)
	p.load.Lock()
	defer p.load.Unlock()
	if now := p.current.Load(); now != nil {
		return now, nil
	}
	now, err := g.read(ctx, authority, nil)
	if err != nil {
		return nil, err
	}
	p.current.Store(now)
	return now, nil
}

const selectAuthorities = `select code from authority order by code`

// loadAll loads every authority's ground, so that no first caller waits.
func (g *grounds) loadAll(ctx context.Context) error {
	rows, err := g.pool.Query(ctx, selectAuthorities)
	if err != nil {
		return fmt.Errorf("list authorities: %w", err)
	}
	codes, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("list authorities: %w", err)
	}
	for _, code := range codes {
		if _, err := g.of(ctx, code); err != nil {
			return fmt.Errorf("load the ground of %s: %w", code, err)
		}
	}
	return nil
}

// heard is the feed's listener: it takes up what another process, or this
// one, changed. Changes that come while a load runs are taken up together by
// one more. A new boundary is news for the neighbours too.
func (g *grounds) heard(e dispatch.Event) {
	if e.Type != GroundChanged {
		return
	}
	g.refresh(e.Authority)
	switch e.Note["kind"] {
	case nil, "authority", string(geo.Boundary): // nil: the log is new to this process
	default:
		return
	}
	g.mu.Lock()
	var others []string
	for code := range g.held {
		if code != e.Authority {
			others = append(others, code)
		}
	}
	g.mu.Unlock()
	for _, code := range others {
		g.refresh(code)
	}
}

// refresh loads an authority's ground again in the background. One that
// nobody asked for yet is loaded too: it will be.
func (g *grounds) refresh(authority string) {
	p := g.plot(authority)
	p.stale.Store(true)
	// Under the lock, so that close waits for every load that has begun.
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ctx.Err() != nil || p.busy.Swap(true) {
		return
	}
	g.wg.Go(func() {
		for {
			for p.stale.Swap(false) {
				g.reload(authority, p)
			}
			p.busy.Store(false)
			if !p.stale.Load() || p.busy.Swap(true) {
				return
			}
		}
	})
}

func (g *grounds) reload(authority string, p *plot) {
	p.load.Lock()
	defer p.load.Unlock()
	began := time.Now()
	now, err := g.read(g.ctx, authority, p.current.Load())
	if err != nil {
		if g.ctx.Err() == nil {
			g.log.Error("ground not loaded, the one before stays", "authority", authority, "err", err)
		}
		return
	}
	p.current.Store(now)
	g.log.Info("ground loaded", "authority", authority, "took", time.Since(began).Round(time.Millisecond))
}

// put takes up the ground that a transaction of this process left, so that the
// process sees its own import at once.
func (g *grounds) put(now *ground) {
	p := g.plot(now.authority)
	p.load.Lock()
	defer p.load.Unlock()
	if held := p.current.Load(); held == nil || held.newest <= now.newest {
		p.current.Store(now)
	}
}

// read loads one consistent state.
func (g *grounds) read(ctx context.Context, authority string, before *ground) (now *ground, err error) {
	opts := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, g.pool, opts, func(tx pgx.Tx) error {
		now, err = loadGround(ctx, tx, authority, before)
		return err
	})
	return now, err
}

func noAuthority(code string) error {
	return &dispatch.Error{Code: dispatch.NotFound, Key: KeyNoAuthority, Field: "authority", Args: map[string]any{"authority": code}}
}

// same reports whether the kinds were loaded from the same datasets before.
func (g *ground) same(before *ground, kinds ...string) bool {
	if before == nil {
		return false
	}
	for _, k := range kinds {
		if !slices.Equal(g.datasets[k], before.datasets[k]) {
			return false
		}
	}
	return true
}
