package desk

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"moked/dispatch"
)

// offline is a crew's two tablets without a network, another crew, and the desk
// where life goes on. Both know the job as it was assigned.
type offline struct {
	*city
	a, a2, b *tablet
	filed    Filed
	job      dispatch.Job
	queue    []dispatch.Op
	got      []OpResult
}

func newOffline(c *city, n int) *offline {
	spot := eastOf(west, float64(n)*400)
	spot[1] -= 0.03 * float64(n%2)
	f := c.reports("פנס כבוי", spot)
	o := &offline{
		city: c, filed: f,
		a: c.tablet(c.crew("a"+uuid.NewString()[:6], "electricity", spot)),
		b: c.tablet(c.crew("b"+uuid.NewString()[:6], "electricity", spot)),
	}
	o.a2 = c.tablet(o.a.crew)
	o.job = c.step(c.job(f), c.AssignJob, Step{Crew: o.a.crew.ID})
	return o
}

// does has a tablet note that something was done, a few minutes later.
func (o *offline) does(t *tablet, kind dispatch.OpKind, d ...dispatch.OpData) dispatch.Op {
	o.t.Helper()
	o.later(3 * time.Minute)
	op := t.op(kind, o.job, append(d, dispatch.OpData{})[0])
	o.queue = append(o.queue, op)
	return op
}

// sends has the tablets send what waits, in the order given (all, as it was
// done, without one).
func (o *offline) sends(order ...int) {
	o.t.Helper()
	o.later(time.Hour)
	if len(order) == 0 {
		for n := range o.queue {
			order = append(order, n)
		}
	}
	for _, n := range order {
		op := o.queue[n]
		for _, t := range []*tablet{o.a, o.a2, o.b} {
			if t.device == op.Device {
				o.got = append(o.got, t.sync(op)...)
			}
		}
	}
	o.queue = nil
}

// now is the job as it stands.
func (o *offline) now() dispatch.Job {
	o.t.Helper()
	j, err := o.Job(o.ctx, o.dispatcher(), o.job.ID)
	o.must(err)
	return j
}

// online is the desk's step on the job as it stands.
func (o *offline) online(a dispatch.Action, crew ...*tablet) {
	o.t.Helper()
	o.later(time.Minute)
	s := Step{BaseVersion: o.now().Version, Reason: "סיבה"}
	if len(crew) > 0 {
		s.Crew = crew[0].crew.ID
	}
	_, err := o.stepJob(o.ctx, o.dispatcher(), o.job.ID, a, s)
	o.must(err)
}

func (o *offline) incident() dispatch.Incident {
	o.t.Helper()
	d, err := o.Incident(o.ctx, o.dispatcher(), o.now().Incident)
	o.must(err)
	return d.Incident
}

func (o *offline) conflicts() (kinds []string) {
	o.t.Helper()
	list, err := o.Conflicts(o.ctx, o.dispatcher(), false)
	o.must(err)
	for _, k := range list {
		if k.Job == o.job.ID {
			kinds = append(kinds, string(k.Kind))
		}
	}
	return kinds
}

func data(reason string) dispatch.OpData { return dispatch.OpData{Reason: reason} }
func text(s string) dispatch.OpData      { return dispatch.OpData{Text: s} }

// offlineCase is what happens while tablets are offline, and what must have
// become of it: the results in the order in which they came, the job's state,
// its crew (a, b or - for none), the conflicts that are open, and the
// incident's state. more checks what else matters.
type offlineCase struct {
	name      string
	happens   func(o *offline)
	results   string
	state     dispatch.JobState
	crew      string
	conflicts string
	incident  dispatch.IncidentState
	more      func(o *offline) string
}

var offlineCases = []offlineCase{
	{"in order", func(o *offline) {
		o.does(o.a, dispatch.OpAccept)
		o.does(o.a, dispatch.OpDepart)
		o.does(o.a, dispatch.OpArrive)
		o.does(o.a, dispatch.OpComplete)
		o.sends()
	}, "applied applied applied applied", "done", "a", "", "closed", nil},
	{"backwards", func(o *offline) {
		o.does(o.a, dispatch.OpAccept)
		o.does(o.a, dispatch.OpDepart)
		o.does(o.a, dispatch.OpArrive)
		o.does(o.a, dispatch.OpComplete)
		o.sends(3, 2, 1, 0)
	}, "applied merged/already merged/already merged/already", "done", "a", "", "closed", func(o *offline) string {
		j := o.now()
		if j.ArrivedAt == nil || j.EndedAt == nil || j.EndedAt.Sub(*j.ArrivedAt) != 3*time.Minute {
			return "the arrival's own time is lost"
		}
		return ""
	}},
	{"completed, and nothing else", func(o *offline) { o.does(o.a, dispatch.OpComplete); o.sends() }, "applied", "done", "a", "", "closed", nil},
	{"the middle is missing", func(o *offline) {
		o.does(o.a, dispatch.OpAccept)
		o.does(o.a, dispatch.OpComplete)
		o.sends()
	}, "applied applied", "done", "a", "", "closed", nil},
	{"arrived without a word before", func(o *offline) { o.does(o.a, dispatch.OpArrive); o.sends() }, "applied", "arrived", "a", "", "open", nil},
	{"sent twice", func(o *offline) {
		op := o.does(o.a, dispatch.OpNote, text("פעם"))
		o.sends()
		o.queue = []dispatch.Op{op}
		o.sends()
	}, "applied applied", "assigned", "a", "", "open", func(o *offline) string {
		if len(o.now().Record.Notes) != 1 {
			return "it happened twice"
		}
		return ""
	}},
	{"twice in one batch", func(o *offline) {
		op := o.does(o.a, dispatch.OpMaterial, dispatch.OpData{Code: "lamp", Add: 2})
		o.got = o.a.sync(op, op)
	}, "applied applied", "assigned", "a", "", "open", func(o *offline) string {
		if o.now().Record.Materials["lamp"] != 2 {
			return "it was counted twice"
		}
		return ""
	}},
	{"the same id, another body", func(o *offline) {
		op := o.does(o.a, dispatch.OpNote, text("אחד"))
		other := op
		other.Data.Text = "שניים"
		o.queue = append(o.queue, other)
		o.sends()
	}, "applied refused/id_reused", "assigned", "a", "", "open", nil},
	{"cut in the middle, and sent again from the start", func(o *offline) {
		ops := []dispatch.Op{o.does(o.a, dispatch.OpAccept), o.does(o.a, dispatch.OpDepart), o.does(o.a, dispatch.OpArrive), o.does(o.a, dispatch.OpComplete)}
		o.a.sync(ops[:2]...)
		o.got = o.a.sync(ops...)
	}, "applied applied applied applied", "done", "a", "", "closed", nil},
	{"corrected at the desk meanwhile", func(o *offline) {
		o.does(o.a, dispatch.OpAccept)
		words, urgent := "פנס נפל", 1
		i := o.incident()
		o.must(err2(o.ChangeIncident(o.ctx, o.dispatcher(), i.ID, IncidentChange{BaseVersion: i.Version, Text: &words, Priority: &urgent})))
		o.does(o.a, dispatch.OpComplete)
		o.sends()
	}, "applied applied", "done", "a", "", "closed", nil},
	{"moved to another district meanwhile", func(o *offline) {
		o.does(o.a, dispatch.OpArrive)
		i := o.incident()
		o.must(err2(o.ChangeIncident(o.ctx, o.dispatcher(), i.ID, IncidentChange{BaseVersion: i.Version, Place: &NewPlace{Lat: &east[1], Lon: &east[0]}})))
		o.does(o.a, dispatch.OpComplete)
		o.sends()
	}, "applied applied", "done", "a", "", "closed", func(o *offline) string {
		if o.now().Place.DistrictCode() != "east" {
			return "the job stayed behind"
		}
		return ""
	}},
	{"its incident merged into another meanwhile", func(o *offline) {
		o.does(o.a, dispatch.OpArrive)
		other := o.reports("אותו דבר", eastOf(east, 50*float64(len(o.a.crew.Code))), "pothole")
		i, into := o.incident(), other.Incident.ID
		o.must(err2(o.MergeIncidents(o.ctx, o.dispatcher(), i.ID, Merging{BaseVersion: i.Version, Into: into})))
		o.does(o.a, dispatch.OpComplete)
		o.sends()
	}, "applied applied", "done", "a", "", "open", func(o *offline) string {
		if o.incident().ID == o.filed.Incident.ID {
			return "the job is still the merged incident's"
		}
		return ""
	}},
	{"a report split off meanwhile", func(o *offline) {
		p, _ := o.job.Place.Point()
		again := o.reports("שוב", eastOf(p, 3))
		if again.Incident.ID != o.filed.Incident.ID {
			o.t.Fatal("not joined")
		}
		o.does(o.a, dispatch.OpArrive)
		i := o.incident()
		o.must(err2(o.SplitReport(o.ctx, o.dispatcher(), i.ID, Splitting{BaseVersion: i.Version, Report: again.ID})))
		o.does(o.a, dispatch.OpComplete)
		o.sends()
	}, "applied applied", "done", "a", "", "closed", nil},
	{"gone to another department meanwhile", func(o *offline) {
		o.does(o.a, dispatch.OpComplete)
		i, category := o.incident(), "water-leak"
		o.must(err2(o.ChangeIncident(o.ctx, o.dispatcher(), i.ID, IncidentChange{BaseVersion: i.Version, Category: &category})))
		o.sends()
	}, "merged/reassigned", "done", "a", "reassigned", "closed", nil},
	{"another category while under way", func(o *offline) {
		o.a.sync(o.does(o.a, dispatch.OpAccept))
		o.queue = nil
		o.does(o.a, dispatch.OpComplete)
		i, category := o.incident(), "water-leak"
		o.must(err2(o.ChangeIncident(o.ctx, o.dispatcher(), i.ID, IncidentChange{BaseVersion: i.Version, Category: &category})))
		o.sends()
	}, "applied", "done", "a", "", "closed", nil},
	{"accepted after it went to another crew", func(o *offline) {
		o.does(o.a, dispatch.OpAccept)
		o.online(dispatch.ActAssign, o.b)
		o.sends()
	}, "kept/reassigned", "assigned", "b", "", "open", nil},
	{"done after it went to another crew", func(o *offline) {
		o.does(o.a, dispatch.OpArrive)
		o.does(o.a, dispatch.OpComplete)
		o.online(dispatch.ActAssign, o.b)
		o.sends()
	}, "kept/reassigned merged/reassigned", "done", "a", "reassigned", "closed", func(o *offline) string {
		_, s := o.picture(o.b.actor())
		if !slices.ContainsFunc(s.Messages, func(m dispatch.Message) bool { return m.Kind == dispatch.MessageStoodDown && *m.Job == o.job.ID }) {
			return "the other crew isn't told that it is stood down"
		}
		return ""
	}},
	{"done while the other crew is there", func(o *offline) {
		o.does(o.a, dispatch.OpComplete)
		o.online(dispatch.ActAssign, o.b)
		o.job = o.now()
		o.b.sync(o.b.op(dispatch.OpArrive, o.job, dispatch.OpData{}))
		o.sends()
	}, "merged/reassigned", "done", "a", "reassigned", "closed", nil},
	{"done after the other crew did it", func(o *offline) {
		o.does(o.a, dispatch.OpComplete)
		o.online(dispatch.ActAssign, o.b)
		o.b.sync(o.b.op(dispatch.OpComplete, o.now(), dispatch.OpData{}))
		o.sends()
	}, "kept/closed_by_other", "done", "b", "closed_twice", "closed", nil},
	{"closed by both, twice over", func(o *offline) {
		o.does(o.a, dispatch.OpComplete)
		o.does(o.a2, dispatch.OpComplete)
		o.online(dispatch.ActAssign, o.b)
		o.b.sync(o.b.op(dispatch.OpComplete, o.now(), dispatch.OpData{}))
		o.sends()
	}, "kept/closed_by_other kept/already", "done", "b", "closed_twice", "closed", nil},
	{"declined after it went to another crew", func(o *offline) {
		o.does(o.a, dispatch.OpDecline, data("אין גישה"))
		o.online(dispatch.ActAssign, o.b)
		o.sends()
	}, "kept/reassigned", "assigned", "b", "", "open", nil},
	{"to another crew and back", func(o *offline) {
		o.does(o.a, dispatch.OpComplete)
		o.online(dispatch.ActAssign, o.b)
		o.online(dispatch.ActAssign, o.a)
		o.sends()
	}, "applied", "done", "a", "", "closed", nil},
	{"noted and photographed after it went to another crew", func(o *offline) {
		o.does(o.a, dispatch.OpNote, text("היינו כאן"))
		o.does(o.a, dispatch.OpPhoto, dispatch.OpData{SHA256: sha("p"), PhotoKind: dispatch.PhotoBefore})
		o.online(dispatch.ActAssign, o.b)
		o.sends()
	}, "merged/reassigned merged/reassigned", "assigned", "b", "", "open", func(o *offline) string {
		if r := o.now().Record; len(r.Notes) != 1 || len(r.Photos) != 1 || r.Photos[0].SHA256 != sha("p") {
			return "what was written down is lost"
		}
		return ""
	}},
	{"done after it was cancelled", func(o *offline) {
		o.does(o.a, dispatch.OpComplete)
		o.online(dispatch.ActCancel)
		o.sends()
	}, "kept/cancelled", "cancelled", "a", "cancelled", "open", nil},
	{"noted after it was cancelled", func(o *offline) {
		o.does(o.a, dispatch.OpNote, text("היינו כאן"))
		o.online(dispatch.ActCancel)
		o.sends()
	}, "merged/cancelled", "cancelled", "a", "", "open", nil},
	{"accepted after it was cancelled", func(o *offline) {
		o.does(o.a, dispatch.OpAccept)
		o.online(dispatch.ActCancel)
		o.sends()
	}, "kept/cancelled", "cancelled", "a", "", "open", nil},
	{"done before it was begun anew", func(o *offline) {
		o.does(o.a, dispatch.OpArrive)
		o.does(o.a, dispatch.OpComplete)
		o.online(dispatch.ActCancel)
		o.online(dispatch.ActReopen)
		o.online(dispatch.ActAssign, o.a)
		o.sends()
	}, "kept/reopened kept/reopened", "assigned", "a", "reopened", "open", nil},
	{"done after it was begun anew", func(o *offline) {
		o.online(dispatch.ActCancel)
		o.online(dispatch.ActReopen)
		o.online(dispatch.ActAssign, o.a)
		o.job = o.now()
		o.does(o.a, dispatch.OpComplete)
		o.sends()
	}, "applied", "done", "a", "", "closed", nil},
	{"closed for the crew at the desk meanwhile", func(o *offline) {
		o.does(o.a, dispatch.OpComplete)
		o.online(dispatch.ActAccept)
		o.online(dispatch.ActComplete)
		o.sends()
	}, "merged/already", "done", "a", "", "closed", nil},
	{"its incident closed meanwhile", func(o *offline) {
		o.does(o.a, dispatch.OpComplete)
		i := o.incident()
		o.must(err2(o.CloseIncident(o.ctx, o.dispatcher(), i.ID, IncidentStep{BaseVersion: i.Version, Reason: "טופל"})))
		o.sends()
	}, "kept/cancelled", "cancelled", "a", "cancelled", "closed", nil},
	{"done by both members of the crew", func(o *offline) {
		o.does(o.a, dispatch.OpComplete)
		o.does(o.a2, dispatch.OpComplete)
		o.sends()
	}, "applied merged/already", "done", "a", "", "closed", nil},
	{"one member pauses, the other arrives", func(o *offline) {
		o.does(o.a, dispatch.OpPause, data("חסר חלק"))
		o.does(o.a2, dispatch.OpArrive)
		o.sends()
	}, "applied applied", "paused", "a", "", "open", pausedFrom("arrived")},
	{"one member arrives, the other pauses, the other way round", func(o *offline) {
		o.does(o.a, dispatch.OpPause, data("חסר חלק"))
		o.does(o.a2, dispatch.OpArrive)
		o.sends(1, 0)
	}, "applied applied", "paused", "a", "", "open", pausedFrom("arrived")},
	{"paused without having accepted", func(o *offline) {
		o.does(o.a, dispatch.OpPause, data("חסר חלק"))
		o.sends()
	}, "applied", "paused", "a", "", "open", pausedFrom("accepted")},
	{"the end of a pause comes before the pause", func(o *offline) {
		o.does(o.a, dispatch.OpArrive)
		o.does(o.a, dispatch.OpPause, data("חסר חלק"))
		o.does(o.a2, dispatch.OpResume)
		o.sends(0, 2, 1)
	}, "applied merged/already merged/already", "arrived", "a", "", "open", nil},
	{"one member declines, the other did it", func(o *offline) {
		o.does(o.a, dispatch.OpDecline, data("אין גישה"))
		o.does(o.a2, dispatch.OpComplete)
		o.sends()
	}, "applied merged/reassigned", "done", "a", "reassigned", "closed", nil},
	{"one member did it, the other declines", func(o *offline) {
		o.does(o.a, dispatch.OpComplete)
		o.does(o.a2, dispatch.OpDecline, data("אין גישה"))
		o.sends()
	}, "applied kept/already", "done", "a", "declined", "closed", nil},
	{"ticked by both members: the later counts", func(o *offline) {
		o.does(o.a, dispatch.OpCheck, dispatch.OpData{Code: "tested", Value: true})
		o.does(o.a2, dispatch.OpCheck, dispatch.OpData{Code: "tested"})
		o.sends(1, 0)
	}, "applied applied", "assigned", "a", "", "open", func(o *offline) string {
		if o.now().Record.Checks["tested"].Value {
			return "the earlier one counted"
		}
		return ""
	}},
	{"materials of both members add up", func(o *offline) {
		o.does(o.a, dispatch.OpMaterial, dispatch.OpData{Code: "lamp", Add: 2})
		o.does(o.a2, dispatch.OpMaterial, dispatch.OpData{Code: "lamp", Add: 0.1})
		o.does(o.a, dispatch.OpMaterial, dispatch.OpData{Code: "lamp", Add: 0.2})
		o.sends(2, 1, 0)
	}, "applied applied applied", "assigned", "a", "", "open", func(o *offline) string {
		if got := o.now().Record.Materials["lamp"]; got != 2.3 {
			return "they come to something else"
		}
		return ""
	}},
	{"a job that never was the crew's", func(o *offline) {
		o.does(o.b, dispatch.OpComplete)
		o.does(o.b, dispatch.OpNote, text("לא שלנו"))
		o.sends()
	}, "refused/not_yours refused/not_yours", "assigned", "a", "", "open", nil},
	{"a job that isn't there (yet)", func(o *offline) {
		op := o.a.op(dispatch.OpNote, dispatch.Job{ID: uuid.New(), Version: 1}, text("עדכון לפני יצירה"))
		o.got = o.a.sync(op, o.does(o.a, dispatch.OpAccept))
	}, "refused/unknown_job applied", "accepted", "a", "", "open", nil},
	{"a clock that is two hours ahead is corrected", func(o *offline) {
		o.a.ahead = 2 * time.Hour
		o.does(o.a, dispatch.OpArrive)
		o.sends()
	}, "applied", "arrived", "a", "", "open", func(o *offline) string {
		if at := o.now().ArrivedAt; at == nil || o.city.now.Sub(*at) != time.Hour {
			return "the arrival isn't an hour ago"
		}
		return ""
	}},
	{"a time in the future", func(o *offline) {
		op := o.does(o.a, dispatch.OpArrive)
		op.PerformedAt = op.PerformedAt.Add(100 * 24 * time.Hour)
		o.queue = []dispatch.Op{op}
		o.sends()
	}, "applied/clock", "arrived", "a", "", "open", nil},
	{"a time in 1970", func(o *offline) {
		op := o.does(o.a, dispatch.OpComplete)
		op.PerformedAt = time.Unix(0, 0).UTC()
		o.queue = []dispatch.Op{op}
		o.sends()
	}, "applied/clock", "done", "a", "", "closed", nil},
	{"another department is needed", func(o *offline) {
		o.does(o.a, dispatch.OpTransfer, dispatch.OpData{Department: "water", Text: "יש גם נזילה"})
		o.does(o.a, dispatch.OpComplete)
		o.sends()
	}, "applied applied", "done", "a", "", "open", func(o *offline) string {
		d, err := o.Incident(o.ctx, o.dispatcher(), o.now().Incident)
		o.must(err)
		for _, j := range d.Jobs {
			if j.Department == "water" && j.Linked != nil && *j.Linked == o.job.ID && j.Note == "יש גם נזילה" {
				return ""
			}
		}
		return "no linked job was opened"
	}},
	{"another department is asked for twice", func(o *offline) {
		o.does(o.a, dispatch.OpTransfer, dispatch.OpData{Department: "water", Text: "נזילה"})
		o.does(o.a2, dispatch.OpTransfer, dispatch.OpData{Department: "water", Text: "נזילה"})
		o.sends()
	}, "applied merged/already", "assigned", "a", "", "open", nil},
	{"a department that isn't there", func(o *offline) {
		o.does(o.a, dispatch.OpTransfer, dispatch.OpData{Department: "nowhere"})
		o.sends()
	}, "refused/bad_data", "assigned", "a", "", "open", nil},
	{"another department is needed where all is closed by now", func(o *offline) {
		o.does(o.a, dispatch.OpTransfer, dispatch.OpData{Department: "water", Text: "נזילה"})
		i := o.incident()
		o.must(err2(o.CloseIncident(o.ctx, o.dispatcher(), i.ID, IncidentStep{BaseVersion: i.Version, Reason: "טופל"})))
		o.sends()
	}, "kept/state", "cancelled", "a", "transfer", "closed", nil},
	{"found something where it stood, and sent it twice", func(o *offline) {
		p, _ := o.job.Place.Point()
		at := eastOf(p, 150)
		op := o.does(o.a, dispatch.OpOpen, dispatch.OpData{Category: "pothole", Text: "בור", Lat: &at[1], Lon: &at[0], Photos: []string{sha("hole")}})
		o.sends()
		o.queue = []dispatch.Op{op}
		o.sends()
	}, "applied applied", "assigned", "a", "", "open", func(o *offline) string {
		if n := o.count(`select count(*) from report where idempotency like 'op %' and text = 'בור'`); n != 1 {
			return "it was filed more or less than once"
		}
		return ""
	}},
	{"a break, and a break from a break off", func(o *offline) {
		o.does(o.a, dispatch.OpDuty, dispatch.OpData{State: "break"})
		o.does(o.a, dispatch.OpDuty, dispatch.OpData{State: "off"})
		o.does(o.a, dispatch.OpDuty, dispatch.OpData{State: "break"})
		o.sends()
	}, "applied applied kept/state", "assigned", "a", "", "open", nil},
}

func pausedFrom(s dispatch.JobState) func(o *offline) string {
	return func(o *offline) string {
		if j := o.now(); j.PausedFrom != s {
			return "it is paused from " + string(j.PausedFrom)
		}
		return ""
	}
}

// TestOfflineCases: what a person would expect of each way in which a tablet
// can be behind.
func TestOfflineCases(t *testing.T) {
	t.Parallel()
	if len(offlineCases) < 41 {
		t.Fatalf("only %d cases", len(offlineCases))
	}
	for n, tc := range offlineCases {
		if n%8 == 0 {
			cases := offlineCases[n:min(n+8, len(offlineCases))]
			t.Run(tc.name, func(t *testing.T) {
				t.Parallel()
				c := newCity(t)
				for n, tc := range cases {
					o := newOffline(c, n)
					o.check(tc)
				}
			})
		}
	}
}

func (o *offline) check(tc offlineCase) {
	o.t.Helper()
	tc.happens(o)
	var got []string
	for _, r := range o.got {
		s := string(r.Status)
		if r.Reason != "" {
			s += "/" + string(r.Reason)
		}
		got = append(got, s)
	}
	if s := strings.Join(got, " "); s != tc.results {
		o.t.Errorf("%s: the results are %s, want %s", tc.name, s, tc.results)
	}
	j := o.now()
	crew := "-"
	for name, t := range map[string]*tablet{"a": o.a, "b": o.b} {
		if j.Crew != nil && *j.Crew == t.crew.ID {
			crew = name
		}
	}
	if i := o.incident(); j.State != tc.state || crew != tc.crew || i.State != tc.incident {
		o.t.Errorf("%s: the job is %s by %s and its incident %s, want %s by %s and %s", tc.name, j.State, crew, i.State, tc.state, tc.crew, tc.incident)
	}
	if kinds := strings.Join(o.conflicts(), " "); kinds != tc.conflicts || j.Contested != (tc.conflicts != "") {
		o.t.Errorf("%s: the conflicts are %q (contested %v), want %q", tc.name, kinds, j.Contested, tc.conflicts)
	}
	if tc.more != nil {
		if fault := tc.more(o); fault != "" {
			o.t.Errorf("%s: %s", tc.name, fault)
		}
	}
	// Every operation is there, with its verdict.
	for _, r := range o.got {
		if n := o.count(`select count(*) from op where id = $1`, uuid.MustParse(r.ID)); n != 1 {
			o.t.Errorf("%s: operation %s is stored %d times", tc.name, r.ID, n)
		}
	}
}
