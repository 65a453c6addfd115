package history

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/dispatch/feed"
	"moked/geo"
	"moked/geo/osm"
	"moked/migrations/dbtest"
)

const townCode = "hof"

// town is an authority of two districts with two neighbourhoods each, whose
// desk works by a clock that the test moves.
type town struct {
	t    testing.TB
	pool *pgxpool.Pool
	*desk.Desk
	*History
	ctx context.Context
	now time.Time
	// gap is the mean time from one thing that happens to the next.
	gap time.Duration
}

func box(code string, west, south, east, north float64) osm.Area {
	return osm.Area{Code: code, Name: code, Geom: orb.MultiPolygon{orb.Bound{Min: orb.Point{west, south}, Max: orb.Point{east, north}}.ToPolygon()}}
}

func newTown(t testing.TB) *town {
	t.Helper()
	c := &town{t: t, pool: dbtest.New(t), now: time.Date(2026, 3, 3, 8, 0, 0, 0, time.UTC), gap: 5 * time.Hour}
	ctx, stop := context.WithCancel(context.Background())
	c.ctx = ctx
	quiet := slog.New(slog.DiscardHandler)
	hub := feed.NewHub(c.pool, feed.Options{Logger: quiet, Poll: 50 * time.Millisecond})
	clock := func() time.Time { return c.now }
	c.History = New(c.pool, hub, Options{Now: clock, Logger: quiet, Pace: time.Millisecond})
	folder, err := os.OpenRoot(t.TempDir())
	c.must(err)
	c.Desk, err = desk.Open(ctx, c.pool, hub, desk.Options{Photos: folder, Maps: folder, Now: clock, Logger: quiet})
	c.must(err)
	ran := make(chan struct{}, 2)
	go func() { _ = hub.Run(ctx); ran <- struct{}{} }()
	go func() { _ = c.History.Run(ctx); ran <- struct{}{} }()
	t.Cleanup(func() {
		c.Desk.Close()
		stop()
		<-ran
		<-ran
		folder.Close()
	})
	system := dispatch.Actor{Authority: townCode, Role: dispatch.System}
	boundary := box(townCode, 34.80, 32.00, 34.90, 32.10)
	from := desk.Source{Name: "test"}
	_, err = c.CreateAuthority(ctx, system, desk.NewAuthority{Code: townCode, Names: geo.Names{"he": "חוף"}, Boundary: &boundary, From: from})
	c.must(err)
	_, err = c.ReplaceAreas(ctx, system, from, geo.District, []osm.Area{box("west", 34.80, 32.00, 34.85, 32.10), box("east", 34.85, 32.00, 34.90, 32.10)})
	c.must(err)
	_, err = c.ReplaceAreas(ctx, system, from, geo.Neighbourhood, []osm.Area{
		box("nw", 34.80, 32.05, 34.85, 32.10), box("sw", 34.80, 32.00, 34.85, 32.05),
		box("ne", 34.85, 32.05, 34.90, 32.10), box("se", 34.85, 32.00, 34.90, 32.05),
	})
	c.must(err)
	return c
}

func (c *town) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *town) dispatcher() dispatch.Actor {
	return dispatch.Actor{Authority: townCode, Role: dispatch.Dispatcher, ID: uuid.New(), Name: "מוקדנית", Lang: "he"}
}

func (c *town) files(category string, at orb.Point, channel dispatch.Channel) desk.Filed {
	c.t.Helper()
	n := desk.NewReport{Channel: channel, Category: category, Text: "לא עובד", Place: desk.NewPlace{Lat: &at[1], Lon: &at[0]}}
	f, err := c.FileReport(c.ctx, c.dispatcher(), n)
	c.must(err)
	return f
}

func (c *town) incident(id uuid.UUID) dispatch.Incident {
	c.t.Helper()
	d, err := c.Incident(c.ctx, c.dispatcher(), id)
	c.must(err)
	return d.Incident
}

type incidentStep func(context.Context, dispatch.Actor, uuid.UUID, desk.IncidentStep) (dispatch.Incident, error)

// step makes an incident's step, and reports whether the incident allowed it.
func (c *town) step(id uuid.UUID, do incidentStep, reason string) bool {
	c.t.Helper()
	_, err := do(c.ctx, c.dispatcher(), id, desk.IncidentStep{BaseVersion: c.incident(id).Version, Reason: reason})
	return err == nil
}

// read waits until the history holds all that was committed.
func (c *town) read() {
	c.t.Helper()
	var head int64
	c.must(c.pool.QueryRow(c.ctx, `select seq from feed_head where authority = $1`, townCode).Scan(&head))
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		if seq, known := c.Seq(townCode); known && seq >= head {
			return
		}
		if time.Now().After(end) {
			c.t.Fatalf("the history did not come to %d", head)
		}
	}
}

var spots = []orb.Point{{34.81, 32.08}, {34.83, 32.02}, {34.87, 32.09}, {34.88, 32.01}, {34.8501, 32.0501}}

var categories = []string{"street-light-out", "pothole", "irrigation-leak", "bench-broken"}

// happens makes one thing happen in the town, anything at all.
func (c *town) happens(r *rand.Rand) string {
	c.t.Helper()
	c.now = c.now.Add(time.Duration(r.ExpFloat64() * float64(c.gap))).Truncate(time.Microsecond)
	var ids []uuid.UUID
	rows, err := c.pool.Query(c.ctx, `select id from incident where authority = $1 order by opened_at, id`, townCode)
	c.must(err)
	for rows.Next() {
		var id uuid.UUID
		c.must(rows.Scan(&id))
		ids = append(ids, id)
	}
	c.must(rows.Err())
	if len(ids) < 3 || r.IntN(3) == 0 {
		at := spots[r.IntN(len(spots))]
		channel := []dispatch.Channel{dispatch.ByPhone, dispatch.ByWeb}[r.IntN(2)]
		c.files(categories[r.IntN(len(categories))], at, channel)
		return "filed"
	}
	id := ids[r.IntN(len(ids))]
	did := func(what string, ok bool) string {
		if !ok {
			return ""
		}
		return what
	}
	switch r.IntN(17) {
	case 0, 1, 2, 3:
		return did("closed", c.step(id, c.CloseIncident, "טופל"))
	case 4, 5:
		return did("reopened", c.step(id, c.ReopenIncident, "חזר"))
	case 6, 7:
		return did("paused", c.step(id, c.PauseIncident, "ממתין לחלקים"))
	case 8, 9:
		return did("resumed", c.step(id, c.ResumeIncident, ""))
	case 10, 11:
		category := categories[r.IntN(len(categories))]
		_, err := c.ChangeIncident(c.ctx, c.dispatcher(), id, desk.IncidentChange{BaseVersion: c.incident(id).Version, Category: &category})
		return did("another category", err == nil)
	case 12, 13:
		other := ids[r.IntN(len(ids))]
		_, err := c.MergeIncidents(c.ctx, c.dispatcher(), id, desk.Merging{BaseVersion: c.incident(id).Version, Into: other})
		return did("merged", err == nil)
	case 14:
		// The districts' border moves; what happened stays where it was counted.
		if r.IntN(2) == 0 {
			border := 34.84 + r.Float64()*0.02
			_, err := c.ReplaceAreas(c.ctx, dispatch.Actor{Authority: townCode, Role: dispatch.System}, desk.Source{Name: "test"}, geo.District,
				[]osm.Area{box("west", 34.80, 32.00, border, 32.10), box("east", border, 32.00, 34.90, 32.10)})
			c.must(err)
			return "re-drawn"
		}
		// The charter promises something else from now on.
		who := dispatch.Actor{Authority: townCode, Role: dispatch.Admin, ID: uuid.New()}
		category := categories[r.IntN(len(categories))]
		versions, err := c.Standards(c.ctx, who, category)
		c.must(err)
		standard := &dispatch.Standard{Default: dispatch.Duration{N: float64(1 + r.IntN(200)), Unit: dispatch.ClockHours}}
		c.must(c.ChangeStandards(c.ctx, who, []desk.StandardChange{{Category: category, BaseVersion: versions[len(versions)-1].Version, Resolution: standard}}))
		return "charter"
	default:
		d, err := c.Incident(c.ctx, c.dispatcher(), id)
		c.must(err)
		if len(d.Reports) < 2 {
			at := spots[r.IntN(len(spots))]
			_, err := c.ChangeIncident(c.ctx, c.dispatcher(), id, desk.IncidentChange{BaseVersion: d.Incident.Version, Place: &desk.NewPlace{Lat: &at[1], Lon: &at[0]}})
			return did("moved", err == nil)
		}
		_, err = c.SplitReport(c.ctx, c.dispatcher(), id, desk.Splitting{BaseVersion: d.Incident.Version, Report: d.Reports[r.IntN(len(d.Reports))].ID})
		return did("split", err == nil)
	}
}
