package desk

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// A plan is stale when the jobs, the crew or the roads are not those that it
// was made of. That is told by comparing it with what there is, so nothing is
// written where a job changes, and nothing is lost when a process is killed:
// the next look finds it. What the feed tells of is only where to look first.

// planMarks are the crews that the feed told of since they were last taken.
type planMarks struct {
	mu    sync.Mutex
	crews map[string]map[uuid.UUID]bool // by authority
	wake  chan struct{}
}

func newPlanMarks() *planMarks {
	return &planMarks{crews: map[string]map[uuid.UUID]bool{}, wake: make(chan struct{}, 1)}
}

// heard is the feed's listener.
func (m *planMarks) heard(e dispatch.Event) {
	switch {
	case e.Noun == dispatch.NounJob || e.Noun == dispatch.NounCrew || e.Type == GroundChanged:
	default:
		return
	}
	crews := []uuid.UUID{e.Scope.Crew}
	if e.Was != nil {
		crews = append(crews, e.Was.Crew)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, crew := range crews {
		if crew == uuid.Nil && e.Type != GroundChanged {
			continue
		}
		if m.crews[e.Authority] == nil {
			m.crews[e.Authority] = map[uuid.UUID]bool{}
		}
		m.crews[e.Authority][crew] = true // the zero one: all of them
		select {
		case m.wake <- struct{}{}:
		default:
		}
	}
}

func (m *planMarks) take() map[string]map[uuid.UUID]bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	taken := m.crews
	m.crews = map[string]map[uuid.UUID]bool{}
	return taken
}

const (
	planSettles = 500 * time.Millisecond // so that what comes together is planned once
	planLook    = 30 * time.Second       // between looks at all crews
	planRest    = 3                      // times as long as it worked
)

// FollowPlans keeps plans current until ctx ends: those of crews that the feed
// tells of at once, and all others every half a minute. It works a quarter of the
// time at most, so that reports and tablets never wait for it.
func (d *Desk) FollowPlans(ctx context.Context) error {
	look := time.NewTicker(planLook)
	defer look.Stop()
	all := true
	for {
		marks := d.plans.take()
		if err := d.keepPlans(ctx, marks, all); err != nil && ctx.Err() == nil {
			d.log.Warn("plans not kept, tried again soon", "err", err)
		}
		all = false
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
			all = true
		case <-d.plans.wake:
			if !rest(ctx, planSettles) {
				return ctx.Err()
			}
		}
	}
}

func rest(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// KeepPlans makes every plan again that is not of what there is.
func (d *Desk) KeepPlans(ctx context.Context) error { return d.keepPlans(ctx, nil, true) }

// keepPlans makes stale plans again: those of the marked crews, or all.
func (d *Desk) keepPlans(ctx context.Context, marks map[string]map[uuid.UUID]bool, all bool) error {
	rows, err := d.pool.Query(ctx, selectAuthorities)
	if err != nil {
		return err
	}
	codes, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	var failed error
	for _, code := range codes {
		crews := slices.Collect(mapsKeys(marks[code]))
		if all || marks[code][uuid.Nil] {
			crews = nil
		} else if len(crews) == 0 {
			continue
		}
		failed = errors.Join(failed, d.keepPlansOf(ctx, code, crews))
	}
	return failed
}

func mapsKeys(m map[uuid.UUID]bool) func(func(uuid.UUID) bool) {
	return func(yield func(uuid.UUID) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func (d *Desk) keepPlansOf(ctx context.Context, authority string, crews []uuid.UUID) error {
	g, err := d.grounds.of(ctx, authority)
	if err != nil {
		return err
	}
	now := d.now()
	rows, err := d.pool.Query(ctx, selectStalePlans, authority, g.closed(now), now, crews)
	if err != nil {
		return err
	}
	stale, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return err
	}
	var failed error
	for _, crew := range stale {
		began := time.Now()
		if err := d.keepPlan(ctx, authority, crew); err != nil {
			failed = errors.Join(failed, err)
		}
		if !rest(ctx, min(planRest*time.Since(began), time.Second)) {
			break
		}
	}
	return failed
}

// keepPlan makes one crew's plan again with the least upset, and tells of it if
// that comes to anything. Where another process did so meanwhile, nothing is
// left to do.
func (d *Desk) keepPlan(ctx context.Context, authority string, crew uuid.UUID) error {
	who := dispatch.Actor{Authority: authority, Role: dispatch.System}
	return d.write(ctx, who, func(c *change) error {
		was, err := c.lockPlan(ctx, crew)
		if err != nil {
			return err
		}
		day, err := c.workday(ctx, crew, was.DayPlan)
		if err != nil {
			return err
		}
		p := day.Make(was.DayPlan, true)
		p.Departments, p.District, p.Further = day.crew.Departments, day.crew.District, day.further
		if !p.Differs(was.DayPlan) {
			_, err := c.tx.Exec(ctx, touchPlan, crew, day.basis, day.again)
			return err
		}
		before := was.before
		if was.Live() && p.Reordered(was.DayPlan) {
			before = was.pushed()
			for n := range before[0] {
				before[0][n].Left = true
			}
		}
		if !p.Live() {
			before = nil // the day is done
		}
		_, err = c.savePlan(ctx, was, p.Because(day.News(was.DayPlan)...), before, day, day.basis, "plan.changed")
		return err
	})
}
