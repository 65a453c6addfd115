package desk

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"moked/dispatch"
	"moked/migrations/dbtest"
)

func TestReportOpensIncidentWithClocksAndJob(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	f := c.reports("פנס לא דולק", west)
	if f.Number != "26-000001" || f.Incident.Number != "26-I-000001" || f.Incident.Merged {
		t.Errorf("filed %+v", f)
	}
	if len(f.Jobs) != 1 || f.Jobs[0].State != dispatch.JobPlanned || f.Jobs[0].Number != "26-J-000001" {
		t.Errorf("jobs %+v", f.Jobs)
	}
	if f.Place.DistrictCode() != "west" {
		t.Errorf("district %q", f.Place.DistrictCode())
	}
	if len(f.Clocks) == 0 {
		t.Error("no clock runs")
	}
	if len(f.Token) < 22 {
		t.Errorf("token %q is short", f.Token)
	}
}

func TestReportsOfOneHazardJoin(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	first := c.reports("פנס לא דולק", west)
	c.later(10 * time.Minute)
	again := c.reports("שוב הפנס", eastOf(west, 5))
	if again.Incident.ID != first.Incident.ID || !again.Incident.Merged {
		t.Fatalf("the second report opened %s", again.Incident.Number)
	}
	if again.Number != "26-000002" || again.Jobs[0].ID != first.Jobs[0].ID {
		t.Errorf("filed %+v", again)
	}
	far := c.reports("פנס אחר", eastOf(west, 2000))
	if far.Incident.ID == first.Incident.ID {
		t.Error("a light two kilometres away was joined")
	}
}

func TestUnplacedReportsNeverJoin(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	n := NewReport{Channel: dispatch.ByWeb, Category: "street-light-out", Text: "חשוך", Place: NewPlace{Text: "איפה שהוא"}}
	var ids []string
	for range 2 {
		f, err := c.FileReport(c.ctx, c.dispatcher(), n)
		c.must(err)
		if f.Place.Precision != "unplaced" || f.Place.Lat != nil || f.Place.Text != n.Place.Text {
			t.Errorf("place %+v", f.Place)
		}
		ids = append(ids, f.Incident.ID.String())
	}
	if ids[0] == ids[1] {
		t.Error("two reports without a place were joined")
	}
}

func TestReportsAtTheSameTimeOpenOneIncident(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	c := cityOn(t, pool, true)
	other := cityOn(t, pool, false) // another process
	var g errgroup.Group
	filed := make([]Filed, 40)
	for n := range filed {
		g.Go(func() (err error) {
			desk := []*city{c, other}[n%2]
			filed[n], err = desk.FileReport(c.ctx, c.dispatcher(), told("street-light-out", "פנס", eastOf(west, float64(n%5))))
			return err
		})
	}
	c.must(g.Wait())
	numbers := map[string]bool{}
	for _, f := range filed {
		numbers[f.Number] = true
		if f.Incident.ID != filed[0].Incident.ID {
			t.Errorf("%s went to %s, %s to %s", f.Number, f.Incident.Number, filed[0].Number, filed[0].Incident.Number)
		}
	}
	if len(numbers) != len(filed) {
		t.Errorf("%d numbers for %d reports", len(numbers), len(filed))
	}
	d, err := other.Incident(c.ctx, c.dispatcher(), filed[0].Incident.ID)
	c.must(err)
	if d.Incident.Reports != len(filed) || len(d.Reports) != len(filed) {
		t.Errorf("the incident counts %d reports and lists %d", d.Incident.Reports, len(d.Reports))
	}
	for n := range len(filed) {
		if !numbers[fmt.Sprintf("26-%06d", n+1)] {
			t.Errorf("number %d is missing", n+1)
		}
	}
}

func TestTheSameKeyIsTheSameReport(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	c := cityOn(t, pool, true)
	other := cityOn(t, pool, false)
	n := told("street-light-out", "פנס", west)
	n.Key = "מפתח-1"
	var g errgroup.Group
	filed := make([]Filed, 30)
	for i := range filed {
		g.Go(func() (err error) {
			filed[i], err = []*city{c, other}[i%2].FileReport(c.ctx, c.dispatcher(), n)
			return err
		})
	}
	c.must(g.Wait())
	for _, f := range filed {
		if f.ID != filed[0].ID || f.Token != filed[0].Token || f.Incident != filed[0].Incident {
			t.Errorf("%+v and %+v", f, filed[0])
		}
	}
	if n := c.count(`select count(*) from report`); n != 1 {
		t.Errorf("%d reports", n)
	}
	n.Text = "גוף אחר"
	_, err := other.FileReport(c.ctx, c.dispatcher(), n)
	c.refused(err, dispatch.KeyReused, "idempotency_key")
	// The same again beside others, and a reused key among them.
	twin := told("street-light-out", "פנס", west)
	twin.Key = "מפתח-2"
	again := twin
	again.Text = "אחר"
	errs := make([]error, 2)
	g = errgroup.Group{}
	g.Go(func() error { _, errs[0] = c.FileReport(c.ctx, c.dispatcher(), twin); return nil })
	g.Go(func() error { _, errs[1] = c.FileReport(c.ctx, c.dispatcher(), again); return nil })
	c.must(g.Wait())
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Errorf("one of two bodies of a key must win: %v, %v", errs[0], errs[1])
	}
}

func TestReportsThatAreRefused(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	f := func(x float64) *float64 { return &x }
	for name, tt := range map[string]struct {
		change func(n *NewReport)
		field  string
	}{
		"no channel":       {func(n *NewReport) { n.Channel = "pigeon" }, "channel"},
		"no category":      {func(n *NewReport) { n.Category = "" }, "category"},
		"unknown category": {func(n *NewReport) { n.Category = "no-such" }, "category"},
		"bad utf-8":        {func(n *NewReport) { n.Text = "\xff" }, "text"},
		"a nul":            {func(n *NewReport) { n.Contact = &dispatch.Contact{Name: "a\x00b"} }, "contact.name"},
		"long":             {func(n *NewReport) { n.Text = strings.Repeat("א", maxText+1) }, "text"},
		"half a place":     {func(n *NewReport) { n.Place.Lon = nil }, "place"},
		"nan":              {func(n *NewReport) { n.Place.Lat = f(math.NaN()) }, "place.lat"},
		"infinite":         {func(n *NewReport) { n.Place.Lon = f(math.Inf(-1)) }, "place.lon"},
		"swapped":          {func(n *NewReport) { n.Place.Lat, n.Place.Lon = f(34.82), f(32.05) }, "place.lat"},
		"another country":  {func(n *NewReport) { n.Place.Lat, n.Place.Lon = f(48.85), f(2.35) }, "place.lat"},
		"unknown question": {func(n *NewReport) { n.Answers = map[string]dispatch.Answer{"no-such": true} }, "answers.no-such"},
		"no such incident": {func(n *NewReport) { n.Incident = new(uuid.New()) }, "incident"},
	} {
		n := told("street-light-out", "פנס", west)
		tt.change(&n)
		_, err := c.FileReport(c.ctx, c.dispatcher(), n)
		var refusal *dispatch.Error
		if !errors.As(err, &refusal) || refusal.Field != tt.field {
			t.Errorf("%s: %v, want a refusal of %s", name, err, tt.field)
		}
	}
	if n := c.count(`select count(*) from report`); n != 0 {
		t.Errorf("%d reports were filed", n)
	}
}

// A row that the database refuses spoils no other report of its batch.
func TestOneBadReportSpoilsNoOther(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	_, err := c.pool.Exec(c.ctx, `alter table report add check (text <> 'רעל')`)
	c.must(err)
	errs := make([]error, 50)
	var g errgroup.Group
	for n := range errs {
		text := "פנס"
		if n == 17 {
			text = "רעל"
		}
		g.Go(func() error {
			_, errs[n] = c.FileReport(c.ctx, c.dispatcher(), told("street-light-out", text, west))
			return nil
		})
	}
	c.must(g.Wait())
	for n, err := range errs {
		if (err != nil) != (n == 17) {
			t.Errorf("report %d: %v", n, err)
		}
	}
	if n := c.count(`select count(*) from report`); n != 49 {
		t.Errorf("%d reports", n)
	}
}

func TestJoiningTheIncidentThatAPersonNames(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	first := c.reports("פנס", west)
	far := told("street-light-out", "אותו פנס", eastOf(west, 900))
	far.Incident = &first.Incident.ID
	f, err := c.FileReport(c.ctx, c.dispatcher(), far)
	c.must(err)
	if f.Incident.ID != first.Incident.ID || !f.Incident.Merged {
		t.Errorf("joined %+v", f.Incident)
	}
	_, err = c.FileReport(c.ctx, c.actor(dispatch.Public), far)
	c.refused(err, dispatch.NotFound, "incident")
	d, err := c.Incident(c.ctx, c.dispatcher(), first.Incident.ID)
	c.must(err)
	_, err = c.CloseIncident(c.ctx, c.dispatcher(), first.Incident.ID, IncidentStep{BaseVersion: d.Incident.Version, Reason: "טופל"})
	c.must(err)
	_, err = c.FileReport(c.ctx, c.dispatcher(), far)
	c.refused(err, dispatch.Conflict, "incident")
}

func TestAnUrgentReportFindsItsCrew(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	category := c.auto()
	near := c.crew("near", category.Department, eastOf(west, 200), category.Skills...)
	c.crew("far", category.Department, east, category.Skills...)
	c.crew("unskilled", category.Department, west)
	other := "water"
	if category.Department == other {
		other = "roads"
	}
	c.crew("other", other, west, category.Skills...)
	f := c.reports("דחוף", west, category.Code)
	if f.Jobs[0].State != dispatch.JobAssigned || f.Jobs[0].Crew == nil || *f.Jobs[0].Crew != near.ID {
		t.Errorf("job %+v, want it with %s", f.Jobs[0], near.ID)
	}
	// The nearest has its hands full now; the next report goes to the other one
	// or waits, but not to who can't do it.
	for range 5 {
		f = c.reports("עוד אחד", eastOf(west, float64(1000+c.count(`select count(*) from report`)*500)), category.Code)
		if k := f.Jobs[0].Crew; k != nil {
			code := ""
			c.must(c.pool.QueryRow(c.ctx, `select code from crew where id = $1`, *k).Scan(&code))
			if code != "near" && code != "far" {
				t.Errorf("%s was sent", code)
			}
		}
	}
}

func TestClocks(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	k := c.crew("k", "electricity", west, "electrician")
	f := c.reports("פנס", west)
	due := func() map[dispatch.ClockKind]dispatch.Clock {
		d, err := c.Incident(c.ctx, c.dispatcher(), f.Incident.ID)
		c.must(err)
		m := map[dispatch.ClockKind]dispatch.Clock{}
		for _, k := range d.Incident.Clocks {
			m[k.Kind] = k
		}
		return m
	}
	before := due()
	if len(before) == 0 || !before[dispatch.Resolution].StartedAt.Equal(*c.now) {
		t.Fatalf("clocks %+v", before)
	}
	c.pause(f)
	c.later(24 * time.Hour)
	c.resume(f)
	after := due()
	if !after[dispatch.Resolution].DueAt.After(before[dispatch.Resolution].DueAt) || len(after[dispatch.Resolution].Pauses) != 1 {
		t.Errorf("a day's pause moved the due time from %v to %v", before[dispatch.Resolution].DueAt, after[dispatch.Resolution].DueAt)
	}
	j := c.step(c.job(f), c.AssignJob, Step{Crew: k.ID})
	j = c.step(j, c.DepartJob, Step{})
	c.later(time.Hour)
	j = c.step(j, c.ArriveJob, Step{})
	if s, ok := due()[dispatch.Response]; ok && (s.StoppedAt == nil || !s.StoppedAt.Equal(*c.now)) {
		t.Errorf("the time to arrive: %+v", s)
	}
	c.later(time.Hour)
	c.step(j, c.CompleteJob, Step{})
	d, err := c.Incident(c.ctx, c.dispatcher(), f.Incident.ID)
	c.must(err)
	if d.Incident.State != dispatch.IncidentClosed || !due()[dispatch.Resolution].StoppedAt.Equal(*c.now) {
		t.Errorf("after the work: %s, %+v", d.Incident.State, due()[dispatch.Resolution])
	}
	if len(d.Timeline) < 7 {
		t.Errorf("the timeline has %d entries", len(d.Timeline))
	}
}
