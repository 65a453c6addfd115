package dispatch_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"moked/dispatch"
	"moked/geo"
)

// opened is a street light's incident, of one report filed at 10:00 in Israel.
func opened(t testing.TB) (dispatch.Incident, dispatch.Report, dispatch.Calendar) {
	t.Helper()
	cal := dispatch.IsraelCalendar(jerusalem(t))
	c := dispatch.Category{
		Code: "street-light-out", Department: "electricity", Priority: 3,
		Response:   dispatch.Standard{Default: clockHours(2)},
		Resolution: dispatch.Standard{Default: workHours(6)},
	}
	r := dispatch.Report{ID: blue, Text: "הפנס כבוי", Place: east(0, 0, geo.House), FiledAt: at(t, cal, "2026-03-09 10:00")}
	i := dispatch.OpenIncident(red, "26-000001", r, c, cal)
	r.Incident = i.ID
	return i, r, cal
}

func refused(t *testing.T, what string, err error, code dispatch.Code, key, field string) {
	t.Helper()
	var e *dispatch.Error
	if !errors.As(err, &e) || e.Code != code || e.Key != key || e.Field != field {
		t.Errorf("%s: %v, want %s %s at %q", what, err, code, key, field)
	}
}

func TestOpenIncident(t *testing.T) {
	t.Parallel()
	i, r, cal := opened(t)
	if i.Version != 1 || i.State != dispatch.IncidentOpen || i.Reports != 1 || i.Text != r.Text || !i.OpenedAt.Equal(r.FiledAt) || len(i.Clocks) != 2 {
		t.Errorf("%+v", i)
	}
	if due := i.DueAt(); !due.Equal(at(t, cal, "2026-03-09 12:00")) {
		t.Errorf("due %v", due)
	}
	j := i.OpenJob(blue, "26-000001", "electricity", r.FiledAt)
	if j.Version != 1 || j.State != dispatch.JobPlanned || j.Incident != i.ID || j.Category != i.Category || !j.DueAt.Equal(*i.DueAt()) {
		t.Errorf("%+v", j)
	}
}

func TestJobFollowsIncident(t *testing.T) {
	t.Parallel()
	i, r, _ := opened(t)
	j := i.OpenJob(blue, "26-000001", "electricity", r.FiledAt)
	if _, changed := j.Follow(i); changed {
		t.Error("nothing changed, and yet it follows")
	}
	i.Priority, i.Text = 1, "שלושה פנסים כבויים"
	after, changed := j.Follow(i)
	if !changed || after.Version != 2 || after.Priority != 1 || after.Text != i.Text || after.Department != "electricity" {
		t.Errorf("%+v", after)
	}
}

func TestJoined(t *testing.T) {
	t.Parallel()
	i, _, _ := opened(t)
	more := i.Joined(dispatch.Report{Place: east(5, 5, geo.Pin)})
	if more.Reports != 2 || more.Version != 2 || more.Place != i.Place {
		t.Errorf("%+v", more)
	}
	i.Place = east(0, 0, geo.OnStreet)
	if more := i.Joined(dispatch.Report{Place: east(5, 5, geo.Pin)}); more.Place.Precision != geo.Pin {
		t.Errorf("a located report left the place at %v", more.Place.Precision)
	}
}

func TestChange(t *testing.T) {
	t.Parallel()
	i, _, cal := opened(t)
	now := at(t, cal, "2026-03-09 11:00")
	i, err := i.Pause(admin, "ממתינים", now)
	if err != nil {
		t.Fatal(err)
	}
	i, _ = i.Resume(admin, now.Add(30*time.Minute), cal)
	i, events := i.AfterStep(dispatch.ActArrive, dispatch.Job{}, nil, now.Add(time.Hour), cal)
	if !slices.Equal(events, []string{"incident.changed"}) {
		t.Fatal(events)
	}

	other := dispatch.Category{Code: "sewer-blocked", Department: "sewage", Priority: 2, Sensitive: true, Resolution: dispatch.Standard{Default: clockHours(8)}, Response: dispatch.Standard{Default: clockHours(1)}}
	after, err := i.Change(admin, dispatch.Correction{Category: &other}, cal)
	if err != nil {
		t.Fatal(err)
	}
	if after.Category != "sewer-blocked" || after.Department != "sewage" || after.Priority != 2 || !after.Sensitive || after.Version != i.Version+1 {
		t.Errorf("%+v", after)
	}
	for _, k := range []struct {
		kind    dispatch.ClockKind
		due     string
		stopped bool
	}{{dispatch.Response, "2026-03-09 11:00", true}, {dispatch.Resolution, "2026-03-09 18:30", false}} {
		c := after.Clocks[slices.IndexFunc(after.Clocks, func(c dispatch.Clock) bool { return c.Kind == k.kind })]
		if !c.DueAt.Equal(at(t, cal, k.due)) || (c.StoppedAt != nil) != k.stopped || len(c.Pauses) > 1 {
			t.Errorf("%s: %+v, want due %s", k.kind, c, k.due)
		}
	}

	five, six, text, long := 5, 6, " חדש ", string(make([]byte, dispatch.MaxNote+1))
	if after, err := i.Change(admin, dispatch.Correction{Priority: &five, Text: &text}, cal); err != nil || after.Priority != 5 || after.Text != "חדש" || cmp.Diff(after.Clocks, i.Clocks) != "" {
		t.Errorf("%+v, %v", after, err)
	}
	if after, err := i.Change(admin, dispatch.Correction{Category: &other, Priority: &five}, cal); err != nil || after.Priority != 5 {
		t.Errorf("the given priority: %d, %v", after.Priority, err)
	}
	gone := other
	gone.Retired = true
	_, err = i.Change(admin, dispatch.Correction{Category: &gone}, cal)
	refused(t, "a retired category", err, dispatch.Invalid, dispatch.KeyCategoryRetired, "category")
	_, err = i.Change(admin, dispatch.Correction{Priority: &six}, cal)
	refused(t, "a priority", err, dispatch.Invalid, dispatch.KeyBadPriority, "priority")
	_, err = i.Change(admin, dispatch.Correction{Text: &long}, cal)
	refused(t, "a text", err, dispatch.Invalid, dispatch.KeyTooLong, "text")
	_, err = i.Change(admin, dispatch.Correction{}, cal)
	refused(t, "nothing", err, dispatch.Invalid, dispatch.KeyNothingToChange, "")
	_, err = i.Change(dispatch.Actor{Role: dispatch.CrewMember, Crew: red}, dispatch.Correction{Priority: &five}, cal)
	refused(t, "a crew", err, dispatch.Forbidden, dispatch.KeyForbidden, "")
}

func TestIncidentStepsRefuse(t *testing.T) {
	t.Parallel()
	i, r, cal := opened(t)
	now := r.FiledAt.Add(time.Hour)
	closed, err := i.Close(admin, "טופל", now, cal)
	if err != nil {
		t.Fatal(err)
	}
	if closed.Live() || closed.ClosedAt == nil || closed.DueAt() != nil || i.Clocks[0].StoppedAt != nil {
		t.Errorf("%+v", closed)
	}
	stranger := dispatch.Actor{Role: dispatch.DepartmentHead, Department: "water"}
	for what, step := range map[string]func(dispatch.Incident, dispatch.Actor, string) error{
		"pause": func(i dispatch.Incident, who dispatch.Actor, s string) error {
			_, err := i.Pause(who, s, now)
			return err
		},
		"withhold": func(i dispatch.Incident, who dispatch.Actor, s string) error {
			_, err := i.Withhold(who, s, nil)
			return err
		},
		"close": func(i dispatch.Incident, who dispatch.Actor, s string) error {
			_, err := i.Close(who, s, now, cal)
			return err
		},
	} {
		refused(t, what+" without a reason", step(i, admin, " "), dispatch.Invalid, dispatch.KeyReasonRequired, "reason")
		refused(t, what+" when closed", step(closed, admin, "x"), dispatch.Conflict, dispatch.KeyIncidentStep, "")
		refused(t, what+" by another department", step(i, stranger, "x"), dispatch.Forbidden, dispatch.KeyForbidden, "")
	}
	_, err = i.Reopen(admin, "x", now, cal)
	refused(t, "reopen what is open", err, dispatch.Conflict, dispatch.KeyIncidentStep, "")
	_, err = closed.Reopen(admin, "", now, cal)
	refused(t, "reopen without a reason", err, dispatch.Invalid, dispatch.KeyReasonRequired, "reason")
	_, err = i.Withhold(admin, "x", []dispatch.Job{{State: dispatch.JobPlanned}})
	refused(t, "withhold with a live job", err, dispatch.Conflict, dispatch.KeyIncidentHasWork, "")
	_, err = i.Resume(admin, now, cal)
	refused(t, "resume what runs", err, dispatch.Conflict, dispatch.KeyClockRunning, "")
	paused, _ := i.Pause(admin, "x", now)
	_, err = paused.Pause(admin, "x", now)
	refused(t, "pause twice", err, dispatch.Conflict, dispatch.KeyClockPaused, "")

	again, err := closed.Reopen(admin, "עדיין כבוי", now.Add(time.Hour), cal)
	if err != nil || !again.Live() || again.ClosedAt != nil || again.Clocks[0].StoppedAt == nil || !again.Clocks[1].Running() {
		t.Errorf("reopened: %+v, %v", again, err)
	}
}

// A merge can be undone: splitting every report off leaves what was there.
func TestMergeIntoAndSplit(t *testing.T) {
	t.Parallel()
	i, r, cal := opened(t)
	now := r.FiledAt.Add(time.Hour)
	into := i
	into.ID, into.Number, into.Priority, into.Place = blue, "26-000002", 4, east(0, 0, geo.OnStreet)
	merged, grown, err := i.MergeInto(admin, into, now, cal)
	if err != nil {
		t.Fatal(err)
	}
	if merged.State != dispatch.IncidentMerged || *merged.Into != into.ID || merged.Live() || merged.DueAt() != nil ||
		grown.Reports != 2 || grown.Priority != 3 || grown.Version != into.Version+1 || grown.Place != i.Place {
		t.Errorf("%+v into %+v", merged, grown)
	}
	_, _, err = i.MergeInto(admin, i, now, cal)
	refused(t, "into itself", err, dispatch.Invalid, dispatch.KeyMergeSelf, "into")
	_, _, err = into.MergeInto(admin, merged, now, cal)
	refused(t, "into one that is merged", err, dispatch.Conflict, dispatch.KeyMergeClosed, "into")
	_, _, err = merged.MergeInto(admin, into, now, cal)
	refused(t, "what is merged", err, dispatch.Conflict, dispatch.KeyIncidentStep, "")

	c := dispatch.Category{Code: "street-light-out", Department: "electricity", Priority: 3, Resolution: dispatch.Standard{Default: workHours(6)}}
	r.Incident = grown.ID
	id := uuid.New()
	left, own, err := grown.Split(admin, r, c, id, "26-000003", cal)
	if err != nil {
		t.Fatal(err)
	}
	if left.Reports != 1 || left.Version != grown.Version+1 || own.ID != id || own.Reports != 1 || own.Text != r.Text || !own.OpenedAt.Equal(r.FiledAt) || !own.Live() {
		t.Errorf("left %+v, own %+v", left, own)
	}
	_, _, err = left.Split(admin, r, c, id, "26-000004", cal)
	refused(t, "the last report", err, dispatch.Conflict, dispatch.KeySplitLast, "report")
	r.Incident = uuid.New()
	_, _, err = grown.Split(admin, r, c, id, "26-000004", cal)
	refused(t, "another's report", err, dispatch.Invalid, dispatch.KeySplitOther, "report")
}

// While an incident is open it has a live job, or says why not; and only then.
func TestOpenIncidentHasWork(t *testing.T) {
	t.Parallel()
	start, _, cal := opened(t)
	rapid.Check(t, func(t *rapid.T) {
		i, now := start, start.OpenedAt
		jobs := []dispatch.Job{i.OpenJob(uuid.New(), "1", "electricity", now)}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			now = now.Add(10 * time.Minute)
			if len(jobs) < 3 && i.Live() && i.Withheld == "" && rapid.IntRange(0, 5).Draw(t, "another") == 0 {
				jobs = append(jobs, i.OpenJob(uuid.New(), "2", "water", now))
			}
			n := rapid.IntRange(0, len(jobs)-1).Draw(t, "job")
			a := rapid.SampledFrom(dispatch.Actions()).Draw(t, "action")
			in := dispatch.StepInput{Crew: rapid.SampledFrom([]uuid.UUID{red, blue}).Draw(t, "crew"), Reason: "x"}
			after, _, err := jobs[n].Step(a, admin, in, now)
			if err != nil {
				continue
			}
			jobs[n] = after
			was := i
			var events []string
			i, events = i.AfterStep(a, after, jobs, now, cal)
			if (i.Version == was.Version) != (len(events) == 0) {
				t.Fatalf("%s: version %d to %d, events %v", a, was.Version, i.Version, events)
			}
			live := slices.ContainsFunc(jobs, dispatch.Job.Live)
			if i.Live() != (live || i.Withheld != "") || live && i.Withheld != "" {
				t.Fatalf("%s: %s, withheld %q, live jobs %v", a, i.State, i.Withheld, live)
			}
			arrived := slices.ContainsFunc(jobs, func(j dispatch.Job) bool { return j.ArrivedAt != nil })
			if arrived && i.Clocks[0].StoppedAt == nil {
				t.Fatalf("%s: a crew arrived and the response clock runs", a)
			}
			if i.Live() == (i.ClosedAt != nil) || i.Live() == (i.Clocks[1].StoppedAt != nil) {
				t.Fatalf("%s: %s, closed at %v, resolution %+v", a, i.State, i.ClosedAt, i.Clocks[1])
			}
		}
	})
}

func TestPublic(t *testing.T) {
	t.Parallel()
	i, r, _ := opened(t)
	i.Place.Text, i.Place.Label = "ליד הבית של משה", "הרצל 10"
	i.Place.Neighbourhood = &dispatch.Ref{Code: "n1", Name: "מרכז"}
	i, _ = i.Pause(admin, "התושב לא בבית", i.OpenedAt.Add(time.Minute))
	i.Withheld = "סיבה פנימית"
	p := i.Public()
	if p.Text != "" || p.Withheld != "" || p.Place.Text != "" || p.Clocks[0].Pauses[0].Reason != "" || p.Place.Label != "הרצל 10" || *p.Place.Lat != *i.Place.Lat {
		t.Errorf("%+v", p)
	}
	if i.Clocks[0].Pauses[0].Reason == "" || i.Place.Text == "" {
		t.Error("the public view changed the incident")
	}
	i.Sensitive = true
	q := i.Public()
	if q.Place.Label != "מרכז" || *q.Place.Lat == *i.Place.Lat || q.Place.Precision != geo.InArea {
		t.Errorf("sensitive: %+v", q.Place)
	}

	r.Contact, r.Token, r.Answers = &dispatch.Contact{Phone: "0500000000"}, "secret", map[string]dispatch.Answer{"danger": true}
	if p := r.Public(); p.Contact != nil || p.Token != "" || p.Text != "" || p.Answers != nil || p.Number != r.Number {
		t.Errorf("%+v", p)
	}
}

// A sensitive place is known to the cell only, from any point of the cell.
func TestPublicPlaceIsTheCells(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := rapid.Float64Range(-3000, 3000).Draw(t, "x"), rapid.Float64Range(-3000, 3000).Draw(t, "y")
		i := dispatch.Incident{Sensitive: true, Place: east(x, y, geo.House)}
		seen := i.Public().Place
		again := dispatch.Incident{Sensitive: true, Place: seen}.Public().Place
		if *again.Lat != *seen.Lat || *again.Lon != *seen.Lon {
			t.Fatalf("blurred twice it moves: %v, %v", seen, again)
		}
		if d := *seen.Lat - *i.Place.Lat; d > 0.00501 || d < -0.00501 {
			t.Fatalf("moved by %v degrees", d)
		}
	})
}
