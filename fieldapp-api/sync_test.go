package fieldapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"moked/dispatch"
	"moked/dispatch/desk"
)

// field is a crew with a tablet and a job.
type field struct {
	*server
	dispatcher *client
	crew       dispatch.Crew
	tablet     *client
	device     uuid.UUID
	job        dispatch.Job
}

func newField(t *testing.T) *field {
	t.Helper()
	f := &field{server: newServer(t), device: uuid.New()}
	f.dispatcher = f.as(dispatch.Dispatcher)
	f.crew = f.dispatcher.crew("T1", "electricity")
	_, err := f.desk.CreateUser(t.Context(), f.admin(townCode), desk.NewUser{Login: "avi", Name: "אבי", Role: dispatch.CrewMember, Crew: &f.crew.ID, Password: password})
	f.must(err)
	f.tablet = f.signInDevice()
	f.job = f.assigned(3)
	return f
}

func (f *field) signInDevice() *client {
	f.t.Helper()
	got := f.public().post("/session", map[string]any{"login": "avi", "password": password, "device": map[string]any{"id": f.device, "name": "Tab", "app": "1.0.0"}}).is(200)
	w := http.Response{Header: got.header}
	for _, c := range w.Cookies() {
		if c.Name == deviceCookie {
			if !c.HttpOnly || c.Expires.Before(time.Now().Add(72*time.Hour)) {
				f.t.Errorf("the device's cookie is %v", c)
			}
			return &client{s: f.server, cookie: c}
		}
	}
	f.t.Fatal("signing in gives no device cookie")
	return nil
}

func (f *field) assigned(n int) dispatch.Job {
	f.t.Helper()
	filed := f.dispatcher.report(f.told(n))
	var b jobBody
	f.dispatcher.post("/jobs/"+filed.Jobs[0].ID.String()+"/assign", map[string]any{"base_version": 1, "crew": f.crew.ID}).is(200).into(&b)
	return b.Job
}

func (f *field) op(kind string, data any) map[string]any {
	return map[string]any{"id": uuid.Must(uuid.NewV7()), "device": f.device, "kind": kind, "job": f.job.ID, "base_version": f.job.Version,
		"performed_at": time.Now().UTC().Format(time.RFC3339Nano), "data": data}
}

func (f *field) sync(in map[string]any, header ...string) SyncOut {
	f.t.Helper()
	var out SyncOut
	f.tablet.post("/sync", in, header...).is(200).into(&out)
	return out
}

func TestSyncOverHTTP(t *testing.T) {
	t.Parallel()
	f := newField(t)
	var snap desk.Snapshot
	f.tablet.get("/snapshot").is(200).into(&snap)
	if len(snap.Jobs) != 1 || snap.Jobs[0].ID != f.job.ID {
		t.Fatalf("the tablet sees %d jobs", len(snap.Jobs))
	}
	ops := []any{f.op("job.arrive", map[string]any{}), f.op("job.note", map[string]any{"text": "הוחלפה נורה"}), f.op("job.complete", map[string]any{})}
	in := map[string]any{"since": snap.Seq, "log": snap.Log, "sent_at": time.Now().Add(90 * time.Second), "ops": ops}
	out := f.sync(in)
	for n, r := range out.Results {
		if r.Status != dispatch.OpApplied || r.Text == "" {
			t.Errorf("operation %d: %+v", n, r)
		}
	}
	if out.SkewMS < 80_000 || out.SkewMS > 100_000 || out.Seq <= snap.Seq || out.More {
		t.Errorf("skew %d, seq %d after %d, more %v", out.SkewMS, out.Seq, snap.Seq, out.More)
	}
	var types []string
	for _, e := range out.Events {
		var head struct {
			Type string `json:"type"`
			Upto int64  `json:"upto"`
		}
		f.must(json.Unmarshal(e, &head))
		types = append(types, head.Type)
		if head.Type == "upto" && head.Upto > out.Seq {
			t.Errorf("an upto of %d beyond seq %d", head.Upto, out.Seq)
		}
	}
	if told := strings.Join(types, " "); !strings.Contains(told, "job.arrived job.recorded job.completed") {
		t.Errorf("the events are %s", told)
	}
	// The same again changes nothing and answers alike.
	again := f.sync(in)
	for n := range again.Results {
		if again.Results[n].Status != out.Results[n].Status || again.Results[n].Reason != out.Results[n].Reason {
			t.Errorf("operation %d the second time: %+v", n, again.Results[n])
		}
	}
	var b jobBody
	f.dispatcher.get("/jobs/" + f.job.ID.String()).is(200).into(&b)
	if b.Job.State != dispatch.JobDone || len(b.Job.Record.Notes) != 1 {
		t.Errorf("the job is %s with %d notes", b.Job.State, len(b.Job.Record.Notes))
	}
}

// TestSyncBadInput: each of what can't be is refused with its field and in the
// caller's language, and the good operations between them take effect.
func TestSyncBadInput(t *testing.T) {
	t.Parallel()
	f := newField(t)
	with := func(op map[string]any, name string, v any) map[string]any { op[name] = v; return op }
	note := func() map[string]any { return f.op("job.note", map[string]any{"text": "א"}) }
	reused := note()
	tests := []struct {
		name   string
		op     any
		status dispatch.OpStatus
		reason dispatch.OpReason
		field  string
	}{
		{"good", note(), "applied", "", ""},
		{"unknown job", with(note(), "job", uuid.New()), "refused", "unknown_job", "job"},
		{"unknown kind", f.op("job.explode", nil), "refused", "unknown_kind", "kind"},
		{"no text", f.op("job.note", map[string]any{}), "refused", "bad_data", "data.text"},
		{"a NUL", f.op("job.note", map[string]any{"text": "a\x00b"}), "refused", "bad_data", "data.text"},
		{"too long", f.op("job.note", map[string]any{"text": strings.Repeat("א", 5000)}), "refused", "bad_data", "data.text"},
		{"no reason", f.op("job.pause", map[string]any{}), "refused", "bad_data", "data.reason"},
		{"a hash that is none", f.op("job.photo", map[string]any{"sha256": "abc"}), "refused", "bad_data", "data.sha256"},
		{"wrong type", with(note(), "base_version", "three"), "refused", "bad_data", "base_version"},
		{"not an operation", 17, "refused", "bad_data", "op"},
		{"no id", with(note(), "id", "x"), "refused", "bad_data", "id"},
		{"null", nil, "refused", "bad_data", "id"},
		{"another's device", with(note(), "device", f.foreignDevice()), "refused", "unknown_device", "device"},
		{"the future", with(note(), "performed_at", "2199-01-01T00:00:00Z"), "applied", "clock", ""},
		{"1970", with(note(), "performed_at", "1970-01-01T00:00:00Z"), "applied", "clock", ""},
		{"no time", with(note(), "performed_at", "yesterday"), "refused", "bad_data", "performed_at"},
		{"first of two", reused, "applied", "", ""},
		{"the same id, another body", with(f.op("job.note", map[string]any{"text": "אחר"}), "id", reused["id"]), "refused", "id_reused", "id"},
		{"the same again", reused, "applied", "", ""},
		{"good at the end", note(), "applied", "", ""},
	}
	for _, lang := range []string{"he", "en", "ar", "ru"} {
		var ops []any
		for _, tc := range tests {
			ops = append(ops, tc.op)
		}
		out := f.sync(map[string]any{"ops": ops}, "Accept-Language", lang)
		if len(out.Results) != len(tests) {
			t.Fatalf("%d results of %d", len(out.Results), len(tests))
		}
		for n, tc := range tests {
			r := out.Results[n]
			if r.Status != tc.status || r.Reason != tc.reason || r.Field != tc.field {
				t.Errorf("%s: %+v", tc.name, r)
			}
			if want := texts(t, lang)["op."+string(tc.reason)]; tc.reason != "" && !strings.HasPrefix(r.Text, want) {
				t.Errorf("%s in %s: %q", tc.name, lang, r.Text)
			}
		}
	}
	var b jobBody
	f.dispatcher.get("/jobs/" + f.job.ID.String()).is(200).into(&b)
	if len(b.Job.Record.Notes) != 5 {
		t.Errorf("%d notes, want the five good ones once each", len(b.Job.Record.Notes))
	}
}

// foreignDevice is a tablet of another crew.
func (f *field) foreignDevice() uuid.UUID {
	f.t.Helper()
	other := f.dispatcher.crew("T2", "electricity")
	id := uuid.New()
	by := f.token(townCode, desk.NewToken{Role: dispatch.CrewMember, Crew: &other.ID})
	by.post("/sync", map[string]any{"ops": []any{map[string]any{"id": uuid.New(), "device": id, "kind": "crew.duty", "performed_at": time.Now().UTC().Format(time.RFC3339Nano), "data": map[string]any{"state": "on"}}}}).is(200)
	return id
}

// TestTenThousandOperations come in one batch: all are taken up.
func TestTenThousandOperations(t *testing.T) {
	t.Parallel()
	f := newField(t)
	var ops []any
	for n := range 10_050 {
		ops = append(ops, f.op("job.check", map[string]any{"code": fmt.Sprint("c", n%7), "value": n%2 == 0}))
	}
	out := f.sync(map[string]any{"ops": ops})
	if len(out.Results) != 10_000 || !out.More {
		t.Fatalf("%d results, more %v", len(out.Results), out.More)
	}
	for n, r := range out.Results {
		if r.Status != dispatch.OpApplied {
			t.Fatalf("operation %d: %+v", n, r)
		}
	}
	if out = f.sync(map[string]any{"ops": ops[10_000:]}); len(out.Results) != 50 || out.More {
		t.Errorf("the rest: %d results, more %v", len(out.Results), out.More)
	}
}

// TestRevokedDevice: a lost tablet is told to wipe itself, and says that it has.
func TestRevokedDevice(t *testing.T) {
	t.Parallel()
	f := newField(t)
	var in signedIn
	f.tablet.get("/session").is(200).into(&in)
	if in.Device == nil || in.Device.ID != f.device || in.Actor.Crew != f.crew.ID {
		t.Fatalf("signed in as %+v", in)
	}
	var list deviceList
	f.dispatcher.get("/devices?crew=" + f.crew.ID.String()).is(200).into(&list)
	if len(list.Devices) != 1 || list.Devices[0].Name != "Tab" || list.Devices[0].User != "אבי" {
		t.Fatalf("the devices are %+v", list.Devices)
	}
	f.dispatcher.post("/devices/"+f.device.String()+"/revoke", map[string]any{}).is(200)
	for _, got := range []*answered{f.tablet.get("/snapshot"), f.tablet.post("/sync", map[string]any{"ops": []any{}}), f.tablet.get("/session")} {
		if p := got.is(http.StatusUnauthorized).problem(); p.Code != dispatch.DeviceRevoked {
			t.Errorf("a revoked device is answered %s", p.Code)
		}
	}
	f.tablet.do("POST", "/api/v1/session/wiped", nil).is(http.StatusNoContent)
	f.dispatcher.get("/devices").is(200).into(&list)
	if list.Devices[0].WipedAt == nil || list.Devices[0].RevokedAt == nil {
		t.Errorf("the device is %+v", list.Devices[0])
	}
	// The crew may sign in on it again, under another id.
	again := f.signInDevice()
	again.get("/session").is(200).into(&in)
	if in.Device.ID == f.device {
		t.Error("a revoked id came back")
	}
}

// TestDeviceResumes: a tablet whose browser lost its cookie gets it back for
// its secret, as long as it is signed in.
func TestDeviceResumes(t *testing.T) {
	t.Parallel()
	f := newField(t)
	resume := func(secret string) *answered {
		return f.public().post("/session/resume", map[string]any{"secret": secret})
	}
	secret := f.tablet.cookie.Value
	var in signedIn
	got := resume(secret).is(200)
	got.into(&in)
	cookies := (&http.Response{Header: got.header}).Cookies()
	if in.Device == nil || in.Device.ID != f.device || in.Secret != "" || len(cookies) != 1 || cookies[0].Name != deviceCookie || cookies[0].Value != secret || !cookies[0].HttpOnly {
		t.Fatalf("resumed as %+v with %v", in, cookies)
	}
	for _, wrong := range []string{"", "x", secret + "x"} {
		resume(wrong).is(http.StatusUnauthorized)
	}
	f.dispatcher.post("/devices/"+f.device.String()+"/revoke", map[string]any{}).is(200)
	if p := resume(secret).is(http.StatusUnauthorized).problem(); p.Code != dispatch.DeviceRevoked {
		t.Errorf("a revoked device resumes with %s", p.Code)
	}
}

// TestConflictOverHTTP: two closures side by side, settled in a click.
func TestConflictOverHTTP(t *testing.T) {
	t.Parallel()
	f := newField(t)
	f.dispatcher.post("/jobs/"+f.job.ID.String()+"/cancel", map[string]any{"base_version": f.job.Version, "reason": "כפול"}).is(200)
	out := f.sync(map[string]any{"ops": []any{f.op("job.complete", map[string]any{"note": "תוקן"})}})
	if r := out.Results[0]; r.Status != dispatch.OpKept || r.Reason != dispatch.WhyCancelled {
		t.Fatalf("%+v", r)
	}
	var list conflictList
	f.dispatcher.get("/conflicts").is(200).into(&list)
	if len(list.Conflicts) != 1 {
		t.Fatalf("%d conflicts", len(list.Conflicts))
	}
	k := list.Conflicts[0]
	if k.Op.CrewName != f.crew.Name || k.Other.Event != "job.cancelled" || k.Other.By == nil || k.Other.Reason != "כפול" {
		t.Errorf("the conflict is %+v", k)
	}
	settle := "/conflicts/" + k.ID.String() + "/settle"
	if p := f.dispatcher.post(settle, map[string]any{"choice": "reopen"}).is(http.StatusUnprocessableEntity).problem(); p.Field != "choice" {
		t.Errorf("the field is %s", p.Field)
	}
	f.dispatcher.post(settle, map[string]any{"choice": "accept"}).is(200)
	f.dispatcher.post(settle, map[string]any{"choice": "keep"}).is(http.StatusConflict)
	var b jobBody
	f.dispatcher.get("/jobs/" + f.job.ID.String()).is(200).into(&b)
	if b.Job.State != dispatch.JobDone || b.Job.Contested || b.Job.Crew == nil || *b.Job.Crew != f.crew.ID {
		t.Errorf("the job is %+v", b.Job)
	}
	f.tablet.get("/conflicts").is(http.StatusForbidden)
}
