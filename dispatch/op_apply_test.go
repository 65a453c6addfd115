package dispatch_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"moked/dispatch"
)

var (
	opStart = time.Date(2026, 5, 5, 8, 0, 0, 0, time.UTC)
	opForm  = dispatch.Form{
		Checklist: []dispatch.CheckItem{{Code: "a", Required: true}, {Code: "b"}}, Photos: dispatch.FormPhotos{After: true}, Signature: true,
	}
)

func opJob(crew uuid.UUID) dispatch.Job {
	at := opStart
	return dispatch.Job{ID: uuid.New(), Version: 2, State: dispatch.JobAssigned, Crew: &crew, CreatedAt: opStart, AssignedAt: &at}
}

// aOp draws an operation of a crew that has the job, of those whose order must
// not matter.
func aOp(t *rapid.T, kinds []dispatch.OpKind) dispatch.Op {
	op := dispatch.Op{
		ID: uuid.New(), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), BaseVersion: 2,
		PerformedAt: opStart.Add(time.Duration(rapid.IntRange(1, 40).Draw(t, "minute")) * time.Minute),
	}
	d := &op.Data
	switch op.Kind {
	case dispatch.OpPause:
		d.Reason = rapid.SampledFrom([]string{"גשם", "חלק"}).Draw(t, "reason")
	case dispatch.OpNote:
		d.Text = rapid.StringMatching(`[א-ת]{1,5}`).Draw(t, "text")
	case dispatch.OpCheck:
		d.Code, d.Value = rapid.SampledFrom([]string{"a", "b"}).Draw(t, "code"), rapid.Bool().Draw(t, "value")
	case dispatch.OpMaterial:
		d.Code, d.Add = "lamp", rapid.Float64Range(-5, 5).Draw(t, "add")
	case dispatch.OpPhoto:
		d.SHA256 = strings.Repeat(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "sha"), 64)
		d.PhotoKind = rapid.SampledFrom([]dispatch.PhotoKind{dispatch.PhotoBefore, dispatch.PhotoAfter}).Draw(t, "photo")
	case dispatch.OpSign:
		d.Name = rapid.SampledFrom([]string{"דנה", "יוסי"}).Draw(t, "name")
	}
	return op
}

// TestOrderDoesNotMatter: whatever the order in which the entries of a crew's
// tablets come, the job is the same.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	kinds := []dispatch.OpKind{
		dispatch.OpAccept, dispatch.OpDepart, dispatch.OpArrive, dispatch.OpPause, dispatch.OpResume,
		dispatch.OpNote, dispatch.OpCheck, dispatch.OpMaterial, dispatch.OpPhoto, dispatch.OpSign,
	}
	rapid.Check(t, func(t *rapid.T) {
		crew := uuid.New()
		var ops []dispatch.Op
		for range rapid.IntRange(2, 8).Draw(t, "ops") {
			ops = append(ops, aOp(t, kinds))
		}
		if rapid.Bool().Draw(t, "done") {
			ops = append(ops, aOp(t, []dispatch.OpKind{dispatch.OpComplete}))
		}
		job := opJob(crew)
		one := applied(job, crew, ops)
		other := applied(job, crew, rapid.Permutation(ops).Draw(t, "order"))
		if diff := cmp.Diff(one, other, cmpopts.IgnoreFields(dispatch.Job{}, "Version")); diff != "" {
			t.Fatalf("in another order the job differs (-one +other):\n%s", diff)
		}
	})
}

func applied(j dispatch.Job, crew uuid.UUID, ops []dispatch.Op) dispatch.Job {
	now := opStart.Add(10 * time.Hour)
	for _, op := range ops {
		j, _ = j.Apply(op, crew, opForm, op.PerformedAt, now)
	}
	return j
}

// TestApplyLosesNothing: whatever crews do with a job and whatever it has
// become, no word changes it that is refused or kept, every other that changes
// it makes one version and says which event it is, and what was written down
// stays written down.
func TestApplyLosesNothing(t *testing.T) {
	t.Parallel()
	kinds := []dispatch.OpKind{
		dispatch.OpAccept, dispatch.OpDepart, dispatch.OpArrive, dispatch.OpPause, dispatch.OpResume, dispatch.OpComplete, dispatch.OpDecline,
		dispatch.OpNote, dispatch.OpCheck, dispatch.OpMaterial, dispatch.OpPhoto, dispatch.OpSign,
	}
	desk := dispatch.Actor{Role: dispatch.Admin}
	rapid.Check(t, func(t *rapid.T) {
		crews := []uuid.UUID{uuid.New(), uuid.New(), uuid.New()}
		j := opJob(crews[0])
		done := false
		notes := 0
		for n := range rapid.IntRange(1, 25).Draw(t, "steps") {
			now := opStart.Add(time.Hour + time.Duration(n)*time.Minute)
			if rapid.IntRange(0, 2).Draw(t, "who") == 0 {
				a := rapid.SampledFrom([]dispatch.Action{dispatch.ActAssign, dispatch.ActCancel, dispatch.ActReopen}).Draw(t, "step")
				in := dispatch.StepInput{Reason: "x"}
				if a == dispatch.ActAssign {
					in.Crew = rapid.SampledFrom(crews[:2]).Draw(t, "crew")
				}
				if after, _, err := j.Step(a, desk, in, now); err == nil {
					j, done = after, after.State == dispatch.JobDone
				}
				continue
			}
			op := aOp(t, kinds)
			op.BaseVersion = rapid.IntRange(0, j.Version).Draw(t, "base")
			op.Data.Reason = "x"
			crew := rapid.SampledFrom(crews).Draw(t, "by")
			before, err := json.Marshal(j)
			if err != nil {
				t.Fatal(err)
			}
			after, v := j.Apply(op, crew, opForm, op.PerformedAt, now)
			if again, _ := json.Marshal(j); string(again) != string(before) {
				t.Fatal("the job before was changed")
			}
			changed := after.Version != j.Version
			switch {
			case v.Status == dispatch.OpRefused && (j.HadBy(crew) || changed):
				t.Fatalf("%s of a crew that had the job is refused", op.Kind)
			case v.Status == dispatch.OpKept && (changed || v.Reason == ""):
				t.Fatalf("kept, but the job changed or nobody says why: %+v", v)
			case changed != (v.Event != ""):
				t.Fatalf("%s: changed %v and event %q", op.Kind, changed, v.Event)
			case changed && after.Version != j.Version+1:
				t.Fatalf("from version %d to %d", j.Version, after.Version)
			case done && after.State != dispatch.JobDone:
				t.Fatal("a word from the field undid a closure")
			case v.StoodDown != nil && (v.Conflict == "" || *v.StoodDown == crew):
				t.Fatal("a crew is stood down in silence")
			case op.Kind == dispatch.OpComplete && v.Status != dispatch.OpApplied && v.Status != dispatch.OpRefused && v.Conflict == "" && v.Reason != dispatch.WhyAlready:
				t.Fatalf("a completion that doesn't simply count is shown to nobody: %+v", v)
			}
			if op.Kind == dispatch.OpNote && v.Status != dispatch.OpRefused {
				notes++
			}
			j, done = after, after.State == dispatch.JobDone
			if len(j.Record.Notes) != notes {
				t.Fatalf("%d notes of %d", len(j.Record.Notes), notes)
			}
		}
	})
}

func TestPerformed(t *testing.T) {
	t.Parallel()
	from, now := opStart, opStart.Add(4*time.Hour)
	for _, tc := range []struct {
		name string
		at   time.Time
		skew time.Duration
		want time.Time
		told bool
	}{
		{"as it was", from.Add(time.Hour), 0, from.Add(time.Hour), true},
		{"a clock that is ahead", from.Add(3 * time.Hour), 2 * time.Hour, from.Add(time.Hour), true},
		{"a clock that is behind", from.Add(-time.Hour), -2 * time.Hour, from.Add(time.Hour), true},
		{"a little before", from.Add(-time.Minute), 0, from, true},
		{"a little after", now.Add(time.Minute), 0, now, true},
		{"long before", from.Add(-time.Hour), 0, now, false},
		{"1970", time.Unix(0, 0), 0, now, false},
		{"the future", now.Add(time.Hour), 0, now, false},
		{"a year that isn't", time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), 0, now, false},
	} {
		if at, told := dispatch.Performed(tc.at, tc.skew, from, now); !at.Equal(tc.want) || told != tc.told {
			t.Errorf("%s: %s, %v", tc.name, at, told)
		}
	}
}

func TestFormMissing(t *testing.T) {
	t.Parallel()
	full := opForm
	full.Photos.Before = true
	if got := strings.Join(full.Missing(dispatch.Record{}), " "); got != "photo.before photo.after check.a signature" {
		t.Errorf("an empty record lacks %s", got)
	}
	r := dispatch.Record{
		Checks: map[string]dispatch.Check{"a": {Value: true}}, Signature: &dispatch.Signature{Name: "דנה"},
		Photos: []dispatch.RecordPhoto{{Kind: dispatch.PhotoBefore}, {Kind: dispatch.PhotoAfter}},
	}
	if got := full.Missing(r); got != nil {
		t.Errorf("a full record lacks %v", got)
	}
}

// FuzzReadOp: whatever a device sends is read or refused with a field, and
// what is read says the same when it is written again.
func FuzzReadOp(f *testing.F) {
	id := `"01a216a2-a9cb-7389-bc7d-66df028b89b4"`
	for _, s := range []string{
		`{"id":` + id + `,"device":` + id + `,"kind":"job.note","job":` + id + `,"base_version":3,"performed_at":"2026-05-05T08:00:00Z","data":{"text":"א"}}`,
		`{"id":` + id + `,"device":` + id + `,"kind":"incident.open","performed_at":"2026-05-05T08:00:00.123+03:00","data":{"category":"x","lat":32.1,"lon":34.8}}`,
		`{}`, `null`, `[]`, `17`, `{"id":null}`, `{"id":` + id + `,"performed_at":"0000-01-01T00:00:00Z"}`, `{"id":"\u0000"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		op, err := dispatch.ReadOp(b)
		if err != nil {
			var refusal *dispatch.Error
			if !asRefusal(err, &refusal) || refusal.Field == "" || refusal.Code != dispatch.Invalid {
				t.Fatalf("%q is refused with %v", b, err)
			}
			return
		}
		again, err := json.Marshal(op)
		if err != nil {
			t.Fatal(err)
		}
		other, err := dispatch.ReadOp(again)
		if err != nil {
			t.Fatalf("%s can't be read again: %v", again, err)
		}
		if diff := cmp.Diff(op, other); diff != "" {
			t.Fatal(diff)
		}
	})
}

func asRefusal(err error, target **dispatch.Error) bool {
	e, ok := err.(*dispatch.Error)
	*target = e
	return ok
}
