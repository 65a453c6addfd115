package desk

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/geo"
	"moked/geo/roads"
)

// force is an authority's crews with the work that they have in hand.
type force struct {
	crews []dispatch.Crew
	work  map[uuid.UUID]work
	snaps []snap // of the crews' positions, made when first asked for
}

type work struct {
	jobs  int
	ahead time.Duration
}

// snap is a crew's place on the road; ok is false for one that has none.
type snap struct {
	at roads.Position
	ok bool
}

const (
	selectCrews = `select ` + crewColumns + fromCrew + ` where w.authority = $1 and not w.retired order by w.code`
	selectWork  = `
select j.crew, j.state, i.category from job j join incident i on i.id = j.incident
where j.authority = $1 and j.crew is not null and j.state not in ('done', 'cancelled')`
	selectDeclined = `
select distinct (was ->> 'crew')::uuid from event
where incident = $1 and object = $2 and type = 'job.declined' and was ->> 'crew' is not null`
)

// queueForce reads the crews with the batch.
func queueForce(q *pgx.Batch, authority string, g *ground) *force {
	f := &force{work: map[uuid.UUID]work{}}
	q.Queue(selectCrews, authority).Query(func(rows pgx.Rows) (err error) {
		f.crews, err = pgx.CollectRows(rows, scanCrew)
		return err
	})
	q.Queue(selectWork, authority).Query(func(rows pgx.Rows) error {
		var (
			crew     uuid.UUID
			state    dispatch.JobState
			category string
		)
		_, err := pgx.ForEachRow(rows, []any{&crew, &state, &category}, func() error {
			c := g.category[category]
			if c == nil {
				c = &dispatch.Category{}
			}
			f.add(crew, state, *c)
			return nil
		})
		return err
	})
	return f
}

// add counts a job of a crew; half of one that is under way is behind it.
func (f *force) add(crew uuid.UUID, state dispatch.JobState, c dispatch.Category) {
	w := f.work[crew]
	w.jobs++
	ahead := time.Duration(c.WorkMins) * time.Minute
	if state == dispatch.JobArrived {
		ahead /= 2
	}
	w.ahead += ahead
	f.work[crew] = w
}

// take counts a job that was given to a crew just now.
func (f *force) take(crew uuid.UUID, c dispatch.Category) { f.add(crew, dispatch.JobAssigned, c) }

// A crew or a place farther than this from any road is not on it, in metres.
const roadReach = 300

// Where no road is known, a crew drives straight, with this detour and speed.
const (
	detour         = 1.4
	metresASecond  = 30 / 3.6
	nearestByRoads = 8
)

func (f *force) snapped(open *roads.Graph) []snap {
	if f.snaps == nil {
		f.snaps = make([]snap, len(f.crews))
		for n, k := range f.crews {
			if open != nil && k.Lat != nil {
				f.snaps[n].at, f.snaps[n].ok = open.Snap(orb.Point{*k.Lon, *k.Lat}, roadReach)
			}
		}
	}
	return f.snaps
}

// candidates weighs all crews for a job: how long each drives, and what it has
// in hand.
func (f *force) candidates(g *ground, j dispatch.Job, now time.Time) []dispatch.Candidate {
	return f.weigh(g, j, now, func(int) bool { return true }, 0)
}

// nearest weighs the crews that could take a job of the category at all, and
// measures the way of the nearest few of them only.
func (f *force) nearest(g *ground, j dispatch.Job, c dispatch.Category, now time.Time) []dispatch.Candidate {
	return f.weigh(g, j, now, func(n int) bool {
		k := &f.crews[n]
		if k.DutyAt(now) != dispatch.DutyOn || !slices.Contains(k.Departments, j.Department) {
			return false
		}
		for _, s := range c.Skills {
			if !k.Can(s) {
				return false
			}
		}
		return true
	}, nearestByRoads)
}

// weigh measures the ways of the crews that may go, all of them or the k
// nearest.
func (f *force) weigh(g *ground, j dispatch.Job, now time.Time, may func(n int) bool, k int) []dispatch.Candidate {
	cs := make([]dispatch.Candidate, 0, len(f.crews))
	var (
		from []roads.Position
		of   []int // the candidate at each
	)
	pt, placed := j.Place.Point()
	zone := g.zoneAt(j.Place, j.Department)
	to, onRoad := roads.Position{}, false
	open := g.roadsAt(now)
	if placed && open != nil {
		to, onRoad = open.Snap(pt, roadReach)
	}
	for n, crew := range f.crews {
		if !may(n) {
			continue
		}
		w := f.work[crew.ID]
		c := dispatch.Candidate{Crew: crew, Seconds: math.NaN(), Age: -1, Jobs: w.jobs, Ahead: w.ahead}
		if crew.Lat != nil && crew.At != nil {
			at := orb.Point{*crew.Lon, *crew.Lat}
			c.Age = max(0, now.Sub(*crew.At))
			if z := g.areas.At(at).Zone(j.Department); z != nil && zone != nil {
				c.InZone = z.Code == zone.Code
			}
			switch s := f.snapped(open)[n]; {
			case !placed:
			case onRoad && s.ok:
				from, of = append(from, s.at), append(of, len(cs))
				if k > 0 {
					c.Seconds = math.Inf(1) // unless it is among the nearest
				}
			default:
				c.Seconds = geo.Metres(at, pt) * detour / metresASecond
			}
		}
		cs = append(cs, c)
	}
	switch {
	case len(from) == 0:
	case k > 0:
		for _, r := range open.Nearest(to, from, k, nil) {
			cs[of[r.Index]].Seconds = r.Seconds
		}
	default:
		for n, s := range open.Times(nil, to, from) {
			cs[of[n]].Seconds = s
		}
	}
	return cs
}

func (g *ground) zoneAt(p dispatch.Place, department string) *geo.ZoneRef {
	pt, ok := p.Point()
	if !ok {
		return nil
	}
	return g.areas.At(pt).Zone(department)
}

// Recommend ranks the crews for a job and says why, in the actor's language.
func (d *Desk) Recommend(ctx context.Context, who dispatch.Actor, id uuid.UUID) (ranked []dispatch.Recommendation, err error) {
	err = d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		js, err := jobs(ctx, tx, g, selectJob, id, who.Authority)
		if err != nil {
			return err
		}
		if len(js) == 0 || !who.Sees(dispatch.NounJob, js[0].Scope()) {
			return notFound(KeyNoJob)
		}
		j := js[0]
		if !who.May(dispatch.JobAssign, j.Scope()) {
			return forbidden()
		}
		c := g.category[j.Category]
		if c == nil {
			return notFound(KeyUnknownCategory)
		}
		q := &pgx.Batch{}
		f := queueForce(q, who.Authority, g)
		declined := map[uuid.UUID]bool{}
		q.Queue(selectDeclined, j.Incident, j.ID).Query(func(rows pgx.Rows) error {
			var crew uuid.UUID
			_, err := pgx.ForEachRow(rows, []any{&crew}, func() error { declined[crew] = true; return nil })
			return err
		})
		var clocks []dispatch.Clock
		q.Queue(readIncidents, []uuid.UUID{j.Incident}, who.Authority).Query(func(rows pgx.Rows) error {
			is, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*incident, error) { return scanIncident(row, g) })
			if len(is) > 0 {
				clocks = is[0].Clocks
			}
			return err
		})
		if err := tx.SendBatch(ctx, q).Close(); err != nil {
			return err
		}
		now := d.now()
		cs := f.candidates(g, j, now)
		seen := cs[:0]
		for _, c := range cs {
			if c.Declined = declined[c.Crew.ID]; who.Sees(dispatch.NounCrew, c.Crew.Scope()) {
				seen = append(seen, c)
			}
		}
		ranked = dispatch.Recommend(j, *c, clocks, seen, now)
		for n := range ranked {
			ranked[n] = ranked[n].In(who.Lang)
		}
		return nil
	})
	return ranked, err
}
