package desk

import (
	"context"
	"log/slog"
	"os"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"moked/dispatch/feed"
)

// Options tune a Desk; the zero value is right for a server.
type Options struct {
	Now    func() time.Time // the clock (time.Now)
	Logger *slog.Logger
	// Group is how many reports are filed in one transaction at most (512), and
	// Waiting how many may wait for theirs before more are refused (8192).
	Group, Waiting int
	// Tracks is how long tracks are kept (30 days); older fixes are refused.
	Tracks time.Duration
	// Photos is the folder of photos, which all processes on the database share.
	// Without one no photo is taken.
	Photos *os.Root
	// Maps is the folder of the districts' maps, which are made again where they
	// are lost. Without one none can be had.
	Maps *os.Root
}

// Desk carries out the use cases on one database. Any number of desks, in any
// number of processes, may work on the same one.
type Desk struct {
	pool    *pgxpool.Pool
	hub     *feed.Hub
	log     *slog.Logger
	clock   func() time.Time
	grounds *grounds
	intake  *gather[*filing]
	fixes   *gather[*fixes]
	judged  verdicts
	tracks  time.Duration // how long they are kept
	hashing chan struct{} // bounds the password hashes at work
	syncing chan struct{} // bounds the tablets that are served at once, so that many coming back don't slow the desk
	maps    *mapFiles     // nil without a folder for them
	photos  *photos       // nil without a folder for them
	plans   *planMarks
	actors  *actors // of tokens and users, as they were a moment ago
}

// Open makes a desk on a migrated database. The hub must not run yet, and must
// run for the desk to learn of what other processes change. Close it when
// done.
func Open(ctx context.Context, pool *pgxpool.Pool, hub *feed.Hub, o Options) (*Desk, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Group == 0 {
		o.Group = 512
	}
	if o.Waiting == 0 {
		o.Waiting = 8192
	}
	if o.Tracks == 0 {
		o.Tracks = 30 * 24 * time.Hour
	}
	d := &Desk{
		pool:    pool,
		hub:     hub,
		log:     o.Logger,
		clock:   o.Now,
		judged:  newVerdicts(),
		plans:   newPlanMarks(),
		tracks:  o.Tracks,
		grounds: newGrounds(pool, o.Logger),
		hashing: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
		syncing: make(chan struct{}, max(2, runtime.GOMAXPROCS(0))),
	}
	d.actors = newActors(d.clock)
	if o.Photos != nil {
		d.photos = newPhotos(o.Photos)
	}
	if o.Maps != nil {
		d.maps = newMapFiles(o.Maps)
	}
	d.intake = newGather(o.Group, o.Waiting, d.settleReports)
	d.fixes = newGather(o.Group, o.Waiting, d.settleFixes)
	hub.Listen(d.grounds.heard)
	hub.Listen(d.plans.heard)
	if err := d.grounds.loadAll(ctx); err != nil {
		d.grounds.close()
		return nil, err
	}
	return d, nil
}

// Close waits for the reports that are being filed and ends the desk's own
// work. Use cases must not be called after it.
func (d *Desk) Close() {
	d.intake.close()
	d.fixes.close()
	d.grounds.close()
}

// now is the instant of a use case: UTC, to the millisecond, so that it is the
// same in the database and in JSON.
func (d *Desk) now() time.Time { return d.clock().UTC().Truncate(time.Millisecond) }
