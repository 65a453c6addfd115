package desk

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"moked/dispatch"
	"moked/dispatch/feed"
	"moked/geo"
	"moked/geo/osm"
)

// picture is what a client holds: a snapshot, and then a fold of the feed.
type picture struct {
	seq     int64
	objects map[dispatch.Noun]map[string]any // by noun and id
}

var nouns = []dispatch.Noun{dispatch.NounIncident, dispatch.NounJob, dispatch.NounCrew, dispatch.NounConflict, dispatch.NounMessage, dispatch.NounPlan}

func (c *city) picture(who dispatch.Actor) (picture, Snapshot) {
	c.t.Helper()
	s, err := c.Snapshot(c.ctx, who)
	c.must(err)
	p := picture{seq: s.Seq, objects: map[dispatch.Noun]map[string]any{}}
	for _, n := range nouns {
		p.objects[n] = map[string]any{}
	}
	for _, i := range s.Incidents {
		p.put(dispatch.NounIncident, encode(c.t, i))
	}
	for _, j := range s.Jobs {
		p.put(dispatch.NounJob, encode(c.t, j))
	}
	for _, k := range s.Crews {
		p.put(dispatch.NounCrew, encode(c.t, k))
	}
	for _, k := range s.Conflicts {
		p.put(dispatch.NounConflict, encode(c.t, k))
	}
	for _, m := range s.Messages {
		p.put(dispatch.NounMessage, encode(c.t, m))
	}
	for _, m := range s.Plans {
		p.put(dispatch.NounPlan, encode(c.t, m))
	}
	return p, s
}

func encode(t testing.TB, v any) json.RawMessage {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// put keeps an object; positions are telemetry and not part of the fold.
func (p picture) put(n dispatch.Noun, body json.RawMessage) {
	var o map[string]any
	if err := json.Unmarshal(body, &o); err != nil {
		panic(err)
	}
	if n == dispatch.NounCrew {
		for _, k := range []string{"lat", "lon", "heading", "at"} {
			delete(o, k)
		}
	}
	p.objects[n][o["id"].(string)] = o
}

// take folds one frame.
func (p *picture) take(t testing.TB, frame []byte) {
	t.Helper()
	var entries []map[string]json.RawMessage
	if err := json.Unmarshal(frame, &entries); err != nil {
		t.Fatalf("a frame that is no array: %v\n%s", err, frame)
	}
	for _, e := range entries {
		if upto, ok := e["upto"]; ok {
			if err := json.Unmarshal(upto, &p.seq); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if string(e["type"]) == `"resync"` {
			t.Fatal("a resync")
		}
		for _, n := range nouns {
			body, ok := e[string(n)]
			if !ok {
				continue
			}
			if string(e["removed"]) == "true" {
				var o struct {
					ID string `json:"id"`
				}
				if err := json.Unmarshal(body, &o); err != nil {
					t.Fatal(err)
				}
				delete(p.objects[n], o.ID)
				continue
			}
			p.put(n, body)
		}
	}
}

// catchUp folds what r is told until everything up to seq was considered.
func (p *picture) catchUp(t testing.TB, r *feed.Reader, seq int64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for p.seq < seq {
		frame, err := r.Next(ctx)
		if err != nil {
			t.Fatalf("at %d of %d: %v", p.seq, seq, err)
		}
		p.take(t, frame)
	}
}

// TestSnapshotAndEventsAreAFreshSnapshot makes every change that the desk can
// make, and asks of every kind of actor that the snapshot before it, folded
// with what the feed tells, is the snapshot after it.
func TestSnapshotAndEventsAreAFreshSnapshot(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	k := c.crew("k1", "electricity", west, "electrician")
	seed := c.reports("פנס ראשון", west)
	readers := []dispatch.Actor{
		c.actor(dispatch.Admin), c.dispatcher(), c.actor(dispatch.Operator), c.actor(dispatch.Integration),
		{Authority: cityCode, Role: dispatch.Dispatcher, District: "east"},
		{Authority: cityCode, Role: dispatch.Operator, Department: "electricity"},
		{Authority: cityCode, Role: dispatch.DepartmentHead, Department: seedDepartment(c, seed)},
		{Authority: cityCode, Role: dispatch.DepartmentHead, Department: "water"},
		{Authority: cityCode, Role: dispatch.DistrictManager, District: "west"},
		{Authority: cityCode, Role: dispatch.DistrictManager, District: "east"},
		{Authority: cityCode, Role: dispatch.CrewMember, Crew: k.ID},
	}
	resident, err := c.ResidentActor(c.ctx, seed.Token)
	c.must(err)
	readers = append(readers, resident)

	changes := mutations(k)
	for _, name := range slices.Sorted(mapKeys(changes)) {
		var before []picture
		var feeds []*feed.Reader
		for _, who := range readers {
			p, s := c.picture(who)
			r, err := c.hub.Subscribe(c.ctx, who, s.Seq, s.Log, nil)
			c.must(err)
			before, feeds = append(before, p), append(feeds, r)
		}
		events := c.count(`select seq from feed_head where authority = $1`, cityCode)
		changes[name](c)
		if after := c.count(`select seq from feed_head where authority = $1`, cityCode); after == events && !silent[name] {
			t.Errorf("%s: no event tells of it", name)
		}
		for n, who := range readers {
			fresh, s := c.picture(who)
			before[n].catchUp(t, feeds[n], s.Seq)
			feeds[n].Close()
			if diff := cmp.Diff(fresh.objects, before[n].objects); diff != "" {
				t.Errorf("%s: what %s (%s%s) holds differs from a fresh snapshot (-fresh +held):\n%s", name, who.Role, who.District, who.Department, diff)
			}
		}
	}
}

func seedDepartment(c *city, f Filed) string {
	d, err := c.Incident(c.ctx, c.dispatcher(), f.Incident.ID)
	c.must(err)
	return d.Incident.Department
}

func mapKeys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// silent use cases change nothing that the feed tells of.
var silent = map[string]bool{
	"RecordPositions": true, "KeepMailing": true, "EndMailing": true, "TakeMailing": true, "MailingSent": true, "MailingFailed": true, "CreateUser": true, "ChangeUser": true, "SetLang": true, "CreateToken": true, "RevokeToken": true,
	"KeepTracks": true, "EndExpiredSessions": true, "Authenticate": true, "CreateAuthority": true,
	"AddTracker": true, "RevokeTracker": true, "TrackPositions": true,
	"SignInDevice": true, "SignOutDevice": true, "RevokeDevice": true, "DeviceWiped": true,
	"PutPhoto": true, "KeepPhotos": true,
}

// mutations makes every change there is, by the name of its use case.
func mutations(k dispatch.Crew) map[string]func(c *city) {
	at := eastOf(west, 1500)
	spot := func(n float64) (f func(c *city) (Filed, dispatch.Incident, dispatch.Job)) {
		return func(c *city) (Filed, dispatch.Incident, dispatch.Job) {
			c.later(time.Minute)
			f := c.reports("פנס", eastOf(at, n*137))
			d, err := c.Incident(c.ctx, c.dispatcher(), f.Incident.ID)
			c.must(err)
			return f, d.Incident, c.job(f)
		}
	}
	spots := 0.0
	open := func(c *city) (Filed, dispatch.Incident, dispatch.Job) {
		spots++
		return spot(spots)(c)
	}
	step := func(c *city, j dispatch.Job, do func(context.Context, dispatch.Actor, uuid.UUID, Step) (dispatch.Job, error)) dispatch.Job {
		c.later(time.Minute)
		j, err := do(c.ctx, c.dispatcher(), j.ID, Step{BaseVersion: j.Version, Crew: k.ID, Reason: "סיבה"})
		c.must(err)
		return j
	}
	assigned := func(c *city) dispatch.Job {
		_, _, j := open(c)
		return step(c, j, c.AssignJob)
	}
	incident := func(c *city, i dispatch.Incident, do func(context.Context, dispatch.Actor, uuid.UUID, IncidentStep) (dispatch.Incident, error)) dispatch.Incident {
		c.later(time.Minute)
		i, err := do(c.ctx, c.dispatcher(), i.ID, IncidentStep{BaseVersion: i.Version, Reason: "סיבה"})
		c.must(err)
		return i
	}
	crewOf := func(c *city) dispatch.Crew {
		spots++
		x, err := c.AddCrew(c.ctx, c.dispatcher(), NewCrew{Code: uuid.NewString()[:8], Name: "צוות", Departments: []string{"electricity"}, District: "west"})
		c.must(err)
		return x
	}
	system := dispatch.Actor{Authority: cityCode, Role: dispatch.System}
	return map[string]func(c *city){
		"FileReport": func(c *city) {
			open(c)
			c.reports("שוב", eastOf(at, spots*137))
			spots++
			_, err := c.FileReport(c.ctx, c.dispatcher(), NewReport{Channel: dispatch.ByWeb, Category: "street-light-out", Place: NewPlace{Text: "אי שם"}})
			c.must(err)
		},
		"AssignJob":  func(c *city) { assigned(c) },
		"AcceptJob":  func(c *city) { step(c, assigned(c), c.AcceptJob) },
		"DepartJob":  func(c *city) { step(c, assigned(c), c.DepartJob) },
		"ArriveJob":  func(c *city) { step(c, step(c, assigned(c), c.DepartJob), c.ArriveJob) },
		"PauseJob":   func(c *city) { step(c, step(c, assigned(c), c.DepartJob), c.PauseJob) },
		"ResumeJob":  func(c *city) { step(c, step(c, step(c, assigned(c), c.DepartJob), c.PauseJob), c.ResumeJob) },
		"DeclineJob": func(c *city) { step(c, assigned(c), c.DeclineJob) },
		"CancelJob":  func(c *city) { step(c, assigned(c), c.CancelJob) },
		"CompleteJob": func(c *city) {
			step(c, step(c, assigned(c), c.DepartJob), c.CompleteJob)
		},
		"ReopenJob": func(c *city) {
			step(c, step(c, step(c, assigned(c), c.DepartJob), c.CompleteJob), c.ReopenJob)
			step(c, step(c, assigned(c), c.CancelJob), c.ReopenJob)
		},
		"OpenJob": func(c *city) {
			_, i, j := open(c)
			c.must(err2(c.OpenJob(c.ctx, c.dispatcher(), i.ID, FurtherJob{BaseVersion: i.Version, Department: "water"})))
			j = step(c, j, c.AssignJob)
			step(c, step(c, j, c.DepartJob), c.ArriveJob) // the other job takes up the new due time
		},
		"PauseIncident": func(c *city) { _, i, _ := open(c); incident(c, i, c.PauseIncident) },
		"ResumeIncident": func(c *city) {
			_, i, _ := open(c)
			i = incident(c, i, c.PauseIncident)
			c.later(3 * time.Hour)
			incident(c, i, c.ResumeIncident)
		},
		"CloseIncident":  func(c *city) { _, i, _ := open(c); incident(c, i, c.CloseIncident) },
		"ReopenIncident": func(c *city) { _, i, _ := open(c); incident(c, incident(c, i, c.CloseIncident), c.ReopenIncident) },
		"WithholdIncident": func(c *city) {
			_, i, j := open(c)
			step(c, j, c.CancelJob)
			d, err := c.Incident(c.ctx, c.dispatcher(), i.ID)
			c.must(err)
			incident(c, d.Incident, c.WithholdIncident)
			d, err = c.Incident(c.ctx, c.dispatcher(), i.ID)
			c.must(err)
			c.must(err2(c.OpenJob(c.ctx, c.dispatcher(), i.ID, FurtherJob{BaseVersion: d.Incident.Version})))
		},
		"ChangeIncident": func(c *city) {
			_, i, j := open(c)
			step(c, j, c.AssignJob)
			text, urgent, category := "טקסט אחר", 1, "water-leak"
			lat, lon := east[1], east[0]
			i, err := c.ChangeIncident(c.ctx, c.dispatcher(), i.ID, IncidentChange{BaseVersion: i.Version, Text: &text, Priority: &urgent,
				Place: &NewPlace{Lat: &lat, Lon: &lon}})
			c.must(err)
			for code := range c.ground().category {
				if x := c.ground().category[code]; x.Department != i.Department && !x.Retired {
					category = code
				}
			}
			c.must(err2(c.ChangeIncident(c.ctx, c.dispatcher(), i.ID, IncidentChange{BaseVersion: i.Version, Category: &category})))
		},
		"MergeIncidents": func(c *city) {
			_, a, j := open(c)
			_, b, _ := open(c)
			step(c, j, c.AssignJob)
			b, err := c.MergeIncidents(c.ctx, c.dispatcher(), a.ID, Merging{BaseVersion: a.Version, Into: b.ID})
			c.must(err)
			_, d, _ := open(c)
			c.must(err2(c.MergeIncidents(c.ctx, c.dispatcher(), d.ID, Merging{BaseVersion: d.Version, Into: b.ID})))
		},
		"SplitReport": func(c *city) {
			_, i, _ := open(c)
			again := c.reports("שוב", eastOf(at, spots*137))
			if again.Incident.ID != i.ID {
				c.t.Fatal("not joined")
			}
			c.must(err2(c.SplitReport(c.ctx, c.dispatcher(), i.ID, Splitting{BaseVersion: i.Version + 1, Report: again.ID})))
		},
		"AddCrew": func(c *city) { crewOf(c) },
		"ChangeCrew": func(c *city) {
			x := crewOf(c)
			name, district, gone := "שם אחר", "east", true
			x, err := c.ChangeCrew(c.ctx, c.dispatcher(), x.ID, CrewChange{BaseVersion: x.Version, Name: &name, District: &district, Departments: &[]string{"water"}})
			c.must(err)
			c.must(err2(c.ChangeCrew(c.ctx, c.dispatcher(), x.ID, CrewChange{BaseVersion: x.Version, Retired: &gone})))
		},
		"SetDuty": func(c *city) {
			until := c.now.Add(time.Hour)
			c.must(err2(c.Desk.SetDuty(c.ctx, c.dispatcher(), k.ID, Duty{OnUntil: &until, OnBreak: true})))
			c.must(err2(c.Desk.SetDuty(c.ctx, c.dispatcher(), k.ID, Duty{})))
		},
		"SendMessage": func(c *city) {
			j := assigned(c)
			c.must(err2(c.SendMessage(c.ctx, c.dispatcher(), k.ID, NewMessage{Text: "התקשרו למוקד", Job: &j.ID})))
		},
		"Sync": func(c *city) {
			j, other := assigned(c), assigned(c)
			t := tablet{city: c, crew: k, device: uuid.New()}
			t.sync(t.op(dispatch.OpArrive, j, dispatch.OpData{}), t.op(dispatch.OpNote, j, dispatch.OpData{Text: "הוחלפה נורה"}),
				t.op(dispatch.OpTransfer, j, dispatch.OpData{Department: "water", Text: "נזילה"}), t.op(dispatch.OpComplete, j, dispatch.OpData{}),
				t.op(dispatch.OpPause, other, dispatch.OpData{Reason: "חסר חלק"}), t.op(dispatch.OpDuty, dispatch.Job{}, dispatch.OpData{State: "break"}),
				t.op(dispatch.OpOpen, dispatch.Job{}, dispatch.OpData{Category: "pothole", Text: "בור", Lat: &at[1], Lon: &at[0], Photos: []string{sha("x")}}))
			c.must(err2(c.SendMessage(c.ctx, c.dispatcher(), k.ID, NewMessage{Text: "עוד"})))
			_, s := c.picture(c.dispatcher())
			t.sync(t.op(dispatch.OpRead, dispatch.Job{}, dispatch.OpData{Message: s.Messages[len(s.Messages)-1].ID}))
		},
		"SettleConflict": func(c *city) {
			for _, choice := range []dispatch.Settlement{dispatch.SettleKeep, dispatch.SettleAccept} {
				j := step(c, assigned(c), c.CancelJob)
				t := tablet{city: c, crew: k, device: uuid.New()}
				t.sync(t.op(dispatch.OpComplete, j, dispatch.OpData{}))
				list, err := c.Conflicts(c.ctx, c.dispatcher(), false)
				c.must(err)
				c.must(err2(c.SettleConflict(c.ctx, c.dispatcher(), list[len(list)-1].ID, Settling{Choice: choice, Note: "נבדק"})))
			}
		},
		"SignInDevice":  func(c *city) { signIn(c, k) },
		"SignOutDevice": func(c *city) { secret, _ := signIn(c, k); c.must(c.SignOutDevice(c.ctx, secret)) },
		"RevokeDevice": func(c *city) {
			_, v := signIn(c, k)
			c.must(err2(c.RevokeDevice(c.ctx, c.dispatcher(), v.ID)))
		},
		"DeviceWiped": func(c *city) {
			secret, v := signIn(c, k)
			c.must(err2(c.RevokeDevice(c.ctx, c.dispatcher(), v.ID)))
			c.must(c.DeviceWiped(c.ctx, secret))
		},
		"KeepPlans": func(c *city) { assigned(c); c.must(c.KeepPlans(c.ctx)) },
		"PlanDay":   func(c *city) { planOf(c, assigned(c)) },
		"MoveStop": func(c *city) {
			assigned(c)
			p := planOf(c, assigned(c))
			n := len(p.Stops) - 1
			c.must(err2(c.MoveStop(c.ctx, c.dispatcher(), k.ID, StopMove{p.Version, p.Stops[n].Job, n - 1})))
		},
		"PinStop": func(c *city) {
			assigned(c)
			p := planOf(c, assigned(c))
			c.must(err2(c.PinStop(c.ctx, c.dispatcher(), k.ID, StopPin{BaseVersion: p.Version, Job: p.Stops[len(p.Stops)-1].Job, Pinned: true})))
		},
		"UndoPlan": func(c *city) {
			p := planOf(c, assigned(c))
			c.must(err2(c.UndoPlan(c.ctx, c.dispatcher(), k.ID, PlanChange{p.Version})))
			x := crewOf(c) // whose last job leaves its plan, and who moves house
			_, _, j := open(c)
			j, err := c.AssignJob(c.ctx, c.dispatcher(), j.ID, Step{BaseVersion: j.Version, Crew: x.ID})
			c.must(err)
			c.must(c.KeepPlans(c.ctx))
			district := "east"
			c.must(err2(c.ChangeCrew(c.ctx, c.dispatcher(), x.ID, CrewChange{BaseVersion: x.Version, District: &district})))
			c.must(c.KeepPlans(c.ctx))
			step(c, j, c.CancelJob)
			c.must(c.KeepPlans(c.ctx))
		},
		"CloseRoad":   func(c *city) { c.closes(west) },
		"LiftClosure": func(c *city) { c.must(err2(c.LiftClosure(c.ctx, c.dispatcher(), c.closes(west).ID))) },
		"PlanShift":   func(c *city) { shiftOf(c, crewOf(c)) },
		"ChangeShift": func(c *city) {
			x := crewOf(c)
			s := shiftOf(c, x)
			c.must(err2(c.Desk.SetDuty(c.ctx, c.dispatcher(), x.ID, Duty{State: dispatch.DutyStandby})))
			vehicle, until, skills := "סל", s.Until.Add(time.Hour).Format(time.RFC3339), []string{"crane"}
			c.must(err2(c.ChangeShift(c.ctx, c.dispatcher(), s.ID, ShiftChange{BaseVersion: s.Version, Vehicle: &vehicle, Until: &until, Skills: &skills})))
		},
		"RemoveShift": func(c *city) {
			x := crewOf(c)
			s := shiftOf(c, x)
			c.must(err2(c.Desk.SetDuty(c.ctx, c.dispatcher(), x.ID, Duty{State: dispatch.DutyOn})))
			c.must(c.RemoveShift(c.ctx, c.dispatcher(), s.ID, s.Version))
		},
		"CopyWeek": func(c *city) {
			s := shiftOf(c, crewOf(c))
			c.must(err2(c.CopyWeek(c.ctx, c.dispatcher(), WeekCopy{From: s.From.Format(time.DateOnly), To: s.From.AddDate(0, 0, 7).Format(time.DateOnly)})))
		},
		"RecordPositions": func(c *city) {
			c.must(err2(c.RecordPositions(c.ctx, c.dispatcher(), []dispatch.Position{{Crew: k.ID, Lat: west[1], Lon: west[0], At: c.now.Add(time.Second)}})))
		},
		"AddTracker":    func(c *city) { tracker(c, k) },
		"RevokeTracker": func(c *city) { t, _ := tracker(c, k); c.must(err2(c.RevokeTracker(c.ctx, c.dispatcher(), t.ID))) },
		"TrackPositions": func(c *city) {
			_, s := tracker(c, k)
			c.must(err2(c.TrackPositions(c.ctx, OsmAndDevice(s.ID), []dispatch.Position{{Lat: west[1], Lon: west[0], At: c.now.Add(2 * time.Second)}})))
		},
		"PutPhoto":   func(c *city) { c.sends(c.dispatcher(), picture1(c.t, 1)) },
		"KeepPhotos": func(c *city) { c.must(c.KeepPhotos(c.ctx)) },
		"CreateUser": func(c *city) { user(c) },
		"ChangeUser": func(c *city) {
			no := true
			c.must(err2(c.ChangeUser(c.ctx, c.actor(dispatch.Admin), user(c).ID, UserChange{Disabled: &no})))
		},
		"Authenticate":       func(c *city) { c.must(err2(c.Authenticate(c.ctx, user(c).Login, "סיסמה ארוכה"))) },
		"SetLang":            func(c *city) { c.must(c.SetLang(c.ctx, dispatch.Actor{Authority: cityCode, ID: user(c).ID}, "ru")) },
		"CreateToken":        func(c *city) { accessToken(c) },
		"RevokeToken":        func(c *city) { c.must(c.RevokeToken(c.ctx, c.actor(dispatch.Admin), accessToken(c).ID)) },
		"KeepTracks":         func(c *city) { c.must(c.KeepTracks(c.ctx, 24*time.Hour)) },
		"EndExpiredSessions": func(c *city) { c.must(c.EndExpiredSessions(c.ctx)) },
		"KeepMailing":        func(c *city) { mailing(c) },
		"EndMailing":         func(c *city) { m, who := mailing(c); c.must(c.EndMailing(c.ctx, who, m.ID)) },
		"TakeMailing":        func(c *city) { dueMailing(c) },
		"MailingSent":        func(c *city) { c.must(c.MailingSent(c.ctx, dueMailing(c))) },
		"MailingFailed":      func(c *city) { c.must(c.MailingFailed(c.ctx, dueMailing(c), "אין מענה")) },
		"ChangeStandards": func(c *city) {
			who := c.actor(dispatch.Admin)
			versions, err := c.Standards(c.ctx, who, "lawn")
			c.must(err)
			c.must(c.ChangeStandards(c.ctx, who, []StandardChange{{Category: "lawn", BaseVersion: versions[len(versions)-1].Version, Resolution: &dispatch.Standard{Default: dispatch.Duration{N: 9, Unit: dispatch.WorkingDays}}}}))
		},
		"CreateAuthority": func(c *city) {
			code := "a" + uuid.NewString()[:8]
			c.must(err2(c.CreateAuthority(c.ctx, dispatch.Actor{Authority: code, Role: dispatch.System}, NewAuthority{Code: code, Names: geo.Names{"he": "אחרת"}})))
		},
		"ReplaceAreas": func(c *city) {
			c.must(err2(c.ReplaceAreas(c.ctx, system, Source{Name: "test"}, geo.Neighbourhood, []osm.Area{{Code: "n", Name: "שכונה", Geom: rectangle(34.80, 34.82)}})))
		},
	}
}

// mailing is one of a new person's.
func mailing(c *city) (dispatch.Mailing, dispatch.Actor) {
	c.t.Helper()
	u, err := c.CreateUser(c.ctx, c.actor(dispatch.Admin), NewUser{Login: "u" + uuid.NewString()[:8], Name: "דנה", Role: dispatch.Dispatcher, Password: "סיסמה ארוכה"})
	c.must(err)
	who := dispatch.Actor{Authority: cityCode, Role: u.Role, ID: u.ID, Lang: "he"}
	m, err := c.KeepMailing(c.ctx, who, NewMailing{To: "dana@example.org", Every: dispatch.EveryWeek, Hour: 6, Format: "csv"})
	c.must(err)
	return m, who
}

// dueMailing is one whose time has come.
func dueMailing(c *city) *Due {
	c.t.Helper()
	m, _ := mailing(c)
	_, err := c.pool.Exec(c.ctx, `update mailing set try_at = $2 where id = $1`, m.ID, c.now.Add(-time.Hour))
	c.must(err)
	due, err := c.TakeMailing(c.ctx)
	c.must(err)
	if due == nil {
		c.t.Fatal("none is due")
	}
	return due
}

// elsewhere are the use cases that are tried in tests of their own.
var elsewhere = []string{"ReplaceExtract", "ReplaceStreets", "ReplaceAddresses", "ReplacePlaces", "ReplaceRoads", "ReplaceBase", "ReplaceZones", "FollowPlans",
	"AddOldCatalogue", "ImportReports"}

// readings are the methods that change nothing.
var readings = []string{"ShowHand", "PhotoOffset", "OpenPhoto",
	"Close", "Snapshot", "Incident", "Incidents", "NearIncidents", "Job", "Jobs", "Crews", "Report", "Reports", "ReportsOf", "Track", "ResidentActor",
	"Trackers", "Judged", "Trail", "Mailings", "Standards", "CatalogueAt", "Layers", "Layer", "Feature", "OpenData", "Pauses",
	"Conflicts", "Conflict", "Head", "Devices", "Device", "DeviceActor",
	"Plan", "Closures", "Stretch", "Recommend", "Search", "Users", "Roster", "JobContacts", "Tokens", "TokenActor", "UserActor", "Sessions",
}

// TestEveryUseCaseIsFolded fails when a use case is new and TestSnapshotAnd…
// doesn't know it.
func TestEveryUseCaseIsFolded(t *testing.T) {
	t.Parallel()
	changes := mutations(dispatch.Crew{})
	desk := reflect.TypeFor[*Desk]()
	for n := range desk.NumMethod() {
		name := desk.Method(n).Name
		_, folded := changes[name]
		if !folded && !slices.Contains(readings, name) && !slices.Contains(elsewhere, name) && !slices.Contains(groundReadings, name) {
			t.Errorf("%s: neither folded nor known to change nothing", name)
		}
	}
}

// groundReadings are those of the ground.
var groundReadings = []string{"Geocode", "Suggest", "Reverse", "AreasAt", "Areas", "Area", "Zones", "Catalogue", "Authority", "Authorities", "Boundary", "Ready", "Tile", "Route", "DistrictMap"}

func err2[T any](_ T, err error) error { return err }

// planOf is the plan of the job's crew, made anew.
func planOf(c *city, j dispatch.Job) dispatch.DayPlan {
	c.t.Helper()
	p, err := c.Plan(c.ctx, c.dispatcher(), *j.Crew)
	c.must(err)
	p, err = c.PlanDay(c.ctx, c.dispatcher(), *j.Crew, PlanChange{p.Version})
	c.must(err)
	return p
}

func signIn(c *city, k dispatch.Crew) (string, Tablet) {
	u, err := c.CreateUser(c.ctx, c.actor(dispatch.Admin), NewUser{Login: uuid.NewString(), Name: "אבי", Role: dispatch.CrewMember, Crew: &k.ID, Password: "סיסמה ארוכה"})
	c.must(err)
	who, err := c.UserActor(c.ctx, u.ID)
	c.must(err)
	secret, v, err := c.SignInDevice(c.ctx, who, NewDevice{ID: uuid.New(), Name: "טאבלט", App: "1"})
	c.must(err)
	return secret, v
}

// shiftOf plans a crew's first shift, from now.
func shiftOf(c *city, k dispatch.Crew) dispatch.Shift {
	c.t.Helper()
	s, err := c.PlanShift(c.ctx, c.dispatcher(), NewShift{
		Crew: k.ID, From: c.now.Format(time.RFC3339), Until: c.now.Add(8 * time.Hour).Format(time.RFC3339), Vehicle: "רכב", Skills: []string{"lift"},
	})
	c.must(err)
	return s
}

func user(c *city) User {
	u, err := c.CreateUser(c.ctx, c.actor(dispatch.Admin), NewUser{Login: uuid.NewString(), Name: "דנה", Role: dispatch.Operator, Password: "סיסמה ארוכה"})
	c.must(err)
	return u
}

func tracker(c *city, k dispatch.Crew) (Tracker, TrackerSecret) {
	t, s, err := c.AddTracker(c.ctx, c.dispatcher(), NewTracker{Crew: k.ID, Name: "טלפון"})
	c.must(err)
	return t, s
}

func accessToken(c *city) Token {
	_, token, err := c.CreateToken(c.ctx, c.actor(dispatch.Admin), NewToken{Name: "t", Role: dispatch.Integration})
	c.must(err)
	return token
}
