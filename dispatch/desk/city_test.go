package desk

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/dispatch/feed"
	"moked/geo"
	"moked/geo/osm"
	"moked/migrations/dbtest"
)

// city is a small authority by the sea with two districts, in which a test
// reads like what happens there.
type city struct {
	t    testing.TB
	pool *pgxpool.Pool
	hub  *feed.Hub
	*Desk
	ctx context.Context
	now *time.Time

	folder string // of the photos
}

const cityCode = "hof"

// The city is a rectangle; its districts are the west and the east half.
var (
	cityBound = orb.Bound{Min: orb.Point{34.80, 32.00}, Max: orb.Point{34.90, 32.10}}
	west      = orb.Point{34.82, 32.05}
	east      = orb.Point{34.88, 32.05}
)

func newCity(t testing.TB) *city {
	t.Helper()
	return cityOn(t, dbtest.New(t), true)
}

// cityOn opens a desk and a hub of their own on a database; found makes the
// authority first.
func cityOn(t testing.TB, pool *pgxpool.Pool, found bool, tell ...feed.Options) *city {
	t.Helper()
	now := time.Date(2026, 5, 5, 10, 0, 0, 0, time.UTC) // a Tuesday
	c := &city{t: t, pool: pool, now: &now}
	ctx, stop := context.WithCancel(context.Background())
	c.ctx = ctx
	quiet := slog.New(slog.DiscardHandler)
	o := append(tell, feed.Options{Positions: 50 * time.Millisecond, Mark: 50 * time.Millisecond})[0]
	o.Logger = quiet
	c.hub = feed.NewHub(pool, o)
	c.folder = t.TempDir()
	folder, err := os.OpenRoot(c.folder)
	c.must(err)
	t.Cleanup(func() { folder.Close() })
	d, err := Open(ctx, pool, c.hub, Options{Photos: folder, Maps: folder, Now: func() time.Time { return *c.now }, Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	c.Desk = d
	ran := make(chan struct{})
	go func() {
		defer close(ran)
		if err := c.hub.Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	t.Cleanup(func() {
		d.Close()
		stop()
		<-ran
	})
	if found {
		c.found()
	}
	return c
}

func (c *city) found() {
	c.t.Helper()
	system := dispatch.Actor{Authority: cityCode, Role: dispatch.System}
	boundary := osm.Area{Code: cityCode, Name: "חוף", Geom: orb.MultiPolygon{cityBound.ToPolygon()}}
	_, err := c.CreateAuthority(c.ctx, system, NewAuthority{Code: cityCode, Names: geo.Names{"he": "חוף"}, Boundary: &boundary, From: Source{Name: "test"}})
	c.must(err)
	_, err = c.ReplaceAreas(c.ctx, system, Source{Name: "test"}, geo.District, []osm.Area{
		{Code: "west", Name: "מערב", Geom: rectangle(34.80, 34.85)}, {Code: "east", Name: "מזרח", Geom: rectangle(34.85, 34.90)},
	})
	c.must(err)
	// The ground's own reload is in the background; the test doesn't wait for it.
	c.grounds.reload(cityCode, c.grounds.plot(cityCode))
}

func (c *city) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// later moves the city's clock.
func (c *city) later(d time.Duration) { *c.now = c.now.Add(d) }

func (c *city) actor(role dispatch.Role) dispatch.Actor {
	return dispatch.Actor{Authority: cityCode, Role: role, ID: uuid.New(), Name: string(role), Lang: "he"}
}

func (c *city) dispatcher() dispatch.Actor { return c.actor(dispatch.Dispatcher) }

// told is a report at a point.
func told(category, text string, at orb.Point) NewReport {
	return NewReport{Channel: dispatch.ByPhone, Category: category, Text: text, Place: NewPlace{Lat: &at[1], Lon: &at[0]}}
}

// reports files a report of a dead street light, or another category's.
func (c *city) reports(text string, at orb.Point, category ...string) Filed {
	c.t.Helper()
	category = append(category, "street-light-out")
	f, err := c.FileReport(c.ctx, c.dispatcher(), told(category[0], text, at))
	c.must(err)
	return f
}

func (c *city) job(f Filed) dispatch.Job {
	c.t.Helper()
	j, err := c.Job(c.ctx, c.dispatcher(), f.Jobs[0].ID)
	c.must(err)
	return j
}

// crew adds a crew of a department that is on duty at a point.
func (c *city) crew(code, department string, at orb.Point, skills ...string) dispatch.Crew {
	c.t.Helper()
	k, err := c.AddCrew(c.ctx, c.dispatcher(), NewCrew{Code: code, Name: "צוות " + code, Departments: []string{department}, Skills: skills})
	c.must(err)
	until := c.now.Add(8 * time.Hour)
	k, err = c.SetDuty(c.ctx, c.dispatcher(), k.ID, Duty{OnUntil: &until})
	c.must(err)
	c.at(k, at)
	return k
}

// at puts a crew somewhere.
func (c *city) at(k dispatch.Crew, p orb.Point) {
	c.t.Helper()
	_, err := c.pool.Exec(c.ctx, `insert into crew_position (crew, authority, geom, at) values ($1, $2, st_setsrid(st_makepoint($3, $4), 4326), $5)
		on conflict (crew) do update set geom = excluded.geom, at = excluded.at`, k.ID, cityCode, p[0], p[1], *c.now)
	c.must(err)
}

// east moves a point so many metres eastward.
func eastOf(p orb.Point, metres float64) orb.Point {
	return orb.Point{p[0] + metres/94_400, p[1]}
}

func (c *city) count(sql string, args ...any) (n int) {
	c.t.Helper()
	c.must(c.pool.QueryRow(c.ctx, sql, args...).Scan(&n))
	return n
}

// rectangle is the city from one meridian to another.
func rectangle(west, east float64) orb.MultiPolygon {
	return orb.MultiPolygon{orb.Bound{Min: orb.Point{west, 32}, Max: orb.Point{east, 32.10}}.ToPolygon()}
}

func (c *city) ground() *ground {
	c.t.Helper()
	g, err := c.grounds.of(c.ctx, cityCode)
	c.must(err)
	return g
}

// refused checks a refusal's code and field.
func (c *city) refused(err error, code dispatch.Code, field string) *dispatch.Error {
	c.t.Helper()
	var refusal *dispatch.Error
	if !errors.As(err, &refusal) || refusal.Code != code || refusal.Field != field {
		c.t.Fatalf("got %v, want %s of %q", err, code, field)
	}
	return refusal
}

// auto is a category that assigns by itself and wants skills.
func (c *city) auto() *dispatch.Category {
	for n := range c.ground().categories {
		if x := &c.ground().categories[n]; x.Auto && !x.Retired && len(x.Skills) > 0 && x.Merge != nil {
			return x
		}
	}
	c.t.Fatal("no category assigns by itself")
	return nil
}

// step makes a job's step on its version.
func (c *city) step(j dispatch.Job, do func(context.Context, dispatch.Actor, uuid.UUID, Step) (dispatch.Job, error), s Step) dispatch.Job {
	c.t.Helper()
	s.BaseVersion = j.Version
	j, err := do(c.ctx, c.dispatcher(), j.ID, s)
	c.must(err)
	return j
}

func (c *city) pause(f Filed) {
	c.t.Helper()
	c.stepIncidentOf(f, c.PauseIncident, "ממתין לחלקים")
}
func (c *city) resume(f Filed) { c.t.Helper(); c.stepIncidentOf(f, c.ResumeIncident, "") }

func (c *city) stepIncidentOf(f Filed, do func(context.Context, dispatch.Actor, uuid.UUID, IncidentStep) (dispatch.Incident, error), reason string) dispatch.Incident {
	c.t.Helper()
	d, err := c.Incident(c.ctx, c.dispatcher(), f.Incident.ID)
	c.must(err)
	i, err := do(c.ctx, c.dispatcher(), f.Incident.ID, IncidentStep{BaseVersion: d.Incident.Version, Reason: reason})
	c.must(err)
	return i
}

// spread is a point anywhere in the city.
func spread() orb.Point {
	return orb.Point{34.80 + rand.Float64()*0.1, 32.00 + rand.Float64()*0.1}
}
