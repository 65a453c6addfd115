package desk

import (
	"context"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/geo"
	"moked/geo/roads"
)

const (
	// planned is how many of a crew's jobs are planned at most: more are no day.
	planned = 30
	// nextShift is how far ahead a crew's next shift is looked for.
	nextShift = 24 * time.Hour
	// again is how long the times of a plan hold, and againIdle where the crew has
	// no hours that they could be of.
	again     = 15 * time.Minute
	againIdle = time.Hour
	// usualWork is the time that the work of an unknown category takes.
	usualWork = 30 * time.Minute
)

// workday is what there is to plan, as of one transaction.
type workday struct {
	dispatch.WorkDay
	crew    dispatch.Crew
	further int
	basis   string
	again   *time.Time
}

// workday reads a crew's day. Where there are too many jobs, pinned ones are
// planned before others, then urgent ones, then those that was has.
func (c *change) workday(ctx context.Context, crew uuid.UUID, was dispatch.DayPlan) (d workday, err error) {
	known, pinned := make([]uuid.UUID, len(was.Stops)), []uuid.UUID{}
	for n, s := range was.Stops {
		if known[n] = s.Job; s.Pinned {
			pinned = append(pinned, s.Job)
		}
	}
	var (
		ks     []dispatch.Crew
		turns  []dispatch.Shift
		all    int
		clocks = map[uuid.UUID][]dispatch.Clock{}
	)
	b := &pgx.Batch{}
	// The basis comes first: what changes after it is a change to plan for.
	b.Queue(selectBasis, crew, c.ground.closed(c.now), c.now).QueryRow(func(row pgx.Row) error { return row.Scan(&d.basis) })
	b.Queue(selectOneCrew, crew, c.who.Authority).Query(func(rows pgx.Rows) (err error) {
		ks, err = pgx.CollectRows(rows, scanCrew)
		return err
	})
	b.Queue(selectNextShift, crew, c.now, c.now.Add(nextShift)).Query(func(rows pgx.Rows) (err error) {
		turns, err = pgx.CollectRows(rows, scanShift)
		return err
	})
	b.Queue(selectPlanClocks, c.who.Authority, crew).Query(func(rows pgx.Rows) error {
		var (
			of uuid.UUID
			k  dispatch.Clock
		)
		_, err := pgx.ForEachRow(rows, []any{&of, &k.Kind, &k.DueAt, &k.Pauses}, func() error {
			k.DueAt = k.DueAt.UTC()
			clocks[of] = append(clocks[of], k)
			k = dispatch.Clock{}
			return nil
		})
		return err
	})
	b.Queue(selectPlanJobs, c.who.Authority, crew, known, planned, pinned).Query(func(rows pgx.Rows) error {
		return each(rows, func(row pgx.CollectableRow) error {
			j, err := scanJob(withCount{row, &all}, c.ground)
			d.Jobs = append(d.Jobs, dispatch.DayJob{Job: j})
			return err
		})
	})
	if err := c.tx.SendBatch(ctx, b).Close(); err != nil {
		return d, err
	}
	if len(ks) == 0 {
		return d, notFound(KeyNoCrew)
	}
	d.crew, d.further, d.Zone = ks[0], all-len(d.Jobs), c.ground.calendar.Zone
	for n := range d.Jobs {
		j := &d.Jobs[n]
		j.Clocks, j.Work = clocks[j.Job.Incident], usualWork
		if k := c.ground.category[j.Job.Category]; k != nil && k.WorkMins > 0 {
			j.Work = time.Duration(k.WorkMins) * time.Minute
		}
	}
	d.hours(turns, c.now)
	d.Ways = c.ground.ways(d.crew, d.Jobs, c.now)
	return d, nil
}

// withCount is a row with one more column at its end.
type withCount struct {
	pgx.CollectableRow
	more *int
}

func (r withCount) Scan(dest ...any) error { return r.CollectableRow.Scan(append(dest, r.more)...) }

// hours says from when to when the crew works: from now, from the end of its
// break, or from the beginning of its next shift.
func (d *workday) hours(turns []dispatch.Shift, now time.Time) {
	d.Now = now
	switch d.crew.DutyAt(now) {
	case dispatch.DutyOn:
		d.Ends = d.crew.OnUntil
	case dispatch.DutyBreak:
		d.Ends = d.crew.OnUntil
		if d.crew.BreakUntil != nil {
			d.Now = *d.crew.BreakUntil
		}
	default:
		if len(turns) > 0 {
			d.Ends = &turns[0].Until
			if turns[0].From.After(now) {
				d.Now = turns[0].From
			}
		}
	}
	if len(d.Jobs) > 0 {
		at := now.Add(againIdle)
		if d.Ends != nil {
			at = now.Add(again)
		}
		d.again = &at
	}
}

// ways are the seconds of all drives between the jobs and from the crew, as
// dispatch.WorkDay has them. Where there are no roads, or a place is on none,
// it is driven straight.
func (g *ground) ways(k dispatch.Crew, jobs []dispatch.DayJob, now time.Time) []float64 {
	n := len(jobs)
	points := make([]*orb.Point, n+1)
	for i, j := range jobs {
		if p, ok := j.Job.Place.Point(); ok {
			points[i] = &p
		}
	}
	if k.Lat != nil {
		points[n] = &orb.Point{*k.Lon, *k.Lat}
	}
	graph := g.roadsAt(now)
	snaps := make([]snap, n+1)
	var (
		to []roads.Position
		of []int // the job at each
	)
	for i, p := range points {
		if p != nil && graph != nil {
			snaps[i].at, snaps[i].ok = graph.Snap(*p, roadReach)
		}
		if snaps[i].ok && i < n {
			to, of = append(to, snaps[i].at), append(of, i)
		}
	}
	ways := make([]float64, 0, (n+1)*n)
	var seconds []float64
	for i, from := range points {
		row := ways[len(ways) : len(ways)+n]
		ways = ways[:len(ways)+n]
		for j := range n {
			switch {
			case i == j:
				row[j] = 0
			case from == nil || points[j] == nil:
				row[j] = math.NaN()
			default:
				row[j] = geo.Metres(*from, *points[j]) * detour / metresASecond
			}
		}
		if snaps[i].ok {
			seconds = graph.TimesFrom(seconds[:0], snaps[i].at, to)
			for m, j := range of {
				row[j] = seconds[m]
			}
		}
	}
	return ways
}
