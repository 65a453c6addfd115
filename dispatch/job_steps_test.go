package dispatch_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"moked/dispatch"
)

var (
	noon     = time.Date(2026, 3, 9, 10, 0, 0, 0, time.UTC)
	red      = uuid.MustParse("00000000-0000-7000-8000-000000000001")
	blue     = uuid.MustParse("00000000-0000-7000-8000-000000000002")
	admin    = dispatch.Actor{Role: dispatch.Admin}
	inputAll = dispatch.StepInput{Crew: blue, Reason: "סיבה"}
)

// The whole table, written out: rows are states, columns actions in the order
// of Actions, and a cell is the state after, or a dot.
const jobTable = `
            assign   accept   depart   arrive  pause  resume   complete decline cancel    reopen
planned     assigned .        .        .       .      .        .        .       cancelled .
assigned    assigned accepted departed .       .      .        .        planned cancelled .
accepted    assigned .        departed arrived paused .        done     planned cancelled .
departed    assigned .        .        arrived paused .        done     planned cancelled .
arrived     .        .        .        .       paused .        done     planned cancelled .
paused      assigned .        .        .       .      departed .        planned cancelled .
done        .        .        .        .       .      .        .        .       .         planned
cancelled   .        .        .        .       .      .        .        .       .         planned
`

func jobIn(state dispatch.JobState) dispatch.Job {
	crew := red
	j := dispatch.Job{ID: uuid.New(), Number: "26-1", Version: 7, State: state, Department: "electricity", Category: "street-light-out", Crew: &crew}
	switch state {
	case dispatch.JobPlanned:
		j.Crew = nil
	case dispatch.JobPaused:
		j.PausedFrom = dispatch.JobDeparted
	}
	return j
}

func TestJobTable(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.Trim(jobTable, "\n"), "\n")
	actions := strings.Fields(lines[0])
	if got := dispatch.Actions(); len(got) != len(actions) {
		t.Fatalf("actions %v", got)
	}
	for _, line := range lines[1:] {
		cells := strings.Fields(line)
		for i, want := range cells[1:] {
			job := jobIn(dispatch.JobState(cells[0]))
			after, event, err := job.Step(dispatch.Action(actions[i]), admin, inputAll, noon)
			if want == "." {
				refused, _ := err.(*dispatch.Error)
				if refused == nil || refused.Code != dispatch.Conflict || refused.Current.(dispatch.Job).ID != job.ID || event != "" {
					t.Errorf("%s %s: %v %q, want a conflict with the job", cells[0], actions[i], err, event)
				}
				continue
			}
			if err != nil || string(after.State) != want || after.Version != job.Version+1 || !strings.HasPrefix(event, "job.") {
				t.Errorf("%s %s: %s v%d %q %v, want %s", cells[0], actions[i], after.State, after.Version, event, err, want)
			}
		}
	}
}

func TestJobStepInput(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("א", dispatch.MaxReason+1)
	for _, k := range []struct {
		name   string
		state  dispatch.JobState
		action dispatch.Action
		in     dispatch.StepInput
		code   dispatch.Code
		field  string
	}{
		{"assign without a crew", dispatch.JobPlanned, dispatch.ActAssign, dispatch.StepInput{}, dispatch.Invalid, "crew"},
		{"assign to the same crew", dispatch.JobAssigned, dispatch.ActAssign, dispatch.StepInput{Crew: red}, dispatch.Conflict, "crew"},
		{"pause without a reason", dispatch.JobArrived, dispatch.ActPause, dispatch.StepInput{}, dispatch.Invalid, "reason"},
		{"decline with a blank reason", dispatch.JobAssigned, dispatch.ActDecline, dispatch.StepInput{Reason: " \n"}, dispatch.Invalid, "reason"},
		{"cancel without a reason", dispatch.JobPlanned, dispatch.ActCancel, dispatch.StepInput{}, dispatch.Invalid, "reason"},
		{"reopen without a reason", dispatch.JobDone, dispatch.ActReopen, dispatch.StepInput{}, dispatch.Invalid, "reason"},
		{"a long reason", dispatch.JobPlanned, dispatch.ActCancel, dispatch.StepInput{Reason: long}, dispatch.Invalid, "reason"},
		{"a broken note", dispatch.JobAssigned, dispatch.ActAccept, dispatch.StepInput{Note: "\xff"}, dispatch.Invalid, "note"},
		{"an unknown action", dispatch.JobAssigned, "explode", dispatch.StepInput{}, dispatch.Invalid, "action"},
		{"wrong state before missing reason", dispatch.JobPlanned, dispatch.ActPause, dispatch.StepInput{}, dispatch.Conflict, ""},
	} {
		job := jobIn(k.state)
		after, _, err := job.Step(k.action, admin, k.in, noon)
		var refused *dispatch.Error
		if !errors.As(err, &refused) || refused.Code != k.code || refused.Field != k.field {
			t.Errorf("%s: %v", k.name, err)
		}
		if diff := cmp.Diff(job, after); diff != "" {
			t.Errorf("%s: the refused job changed: %s", k.name, diff)
		}
	}
}

func TestWhoMayStep(t *testing.T) {
	t.Parallel()
	job := jobIn(dispatch.JobAssigned)
	job.Place.District = &dispatch.Ref{Code: "north"}
	all := "assign accept depart decline cancel"
	for _, k := range []struct {
		name string
		who  dispatch.Actor
		may  string
	}{
		{"admin", admin, all},
		{"dispatcher", dispatch.Actor{Role: dispatch.Dispatcher}, all},
		{"dispatcher of the district", dispatch.Actor{Role: dispatch.Dispatcher, District: "north"}, all},
		{"dispatcher of another district", dispatch.Actor{Role: dispatch.Dispatcher, District: "south"}, ""},
		{"department", dispatch.Actor{Role: dispatch.DepartmentHead, Department: "electricity"}, all},
		{"another department", dispatch.Actor{Role: dispatch.DepartmentHead, Department: "water"}, ""},
		{"department of none", dispatch.Actor{Role: dispatch.DepartmentHead}, ""},
		{"district", dispatch.Actor{Role: dispatch.DistrictManager, District: "north"}, "assign cancel"},
		{"another district", dispatch.Actor{Role: dispatch.DistrictManager, District: "south"}, ""},
		{"its crew", dispatch.Actor{Role: dispatch.CrewMember, Crew: red}, "accept depart decline"},
		{"another crew", dispatch.Actor{Role: dispatch.CrewMember, Crew: blue}, ""},
		{"crew of none", dispatch.Actor{Role: dispatch.CrewMember}, ""},
		{"operator", dispatch.Actor{Role: dispatch.Operator}, ""},
		{"integration", dispatch.Actor{Role: dispatch.Integration}, ""},
		{"resident", dispatch.Actor{Role: dispatch.Resident, Incident: job.Incident}, ""},
		{"public", dispatch.Actor{Role: dispatch.Public}, ""},
		{"nobody", dispatch.Actor{}, ""},
	} {
		var may []string
		for _, a := range job.Actions(k.who) {
			may = append(may, string(a))
		}
		if got := strings.Join(may, " "); got != k.may {
			t.Errorf("%s may %q, want %q", k.name, got, k.may)
		}
		for _, a := range dispatch.Actions() {
			_, _, err := job.Step(a, k.who, inputAll, noon)
			var refused *dispatch.Error
			if forbidden := errors.As(err, &refused) && refused.Code == dispatch.Forbidden; forbidden && strings.Contains(k.may, string(a)) || err == nil && !strings.Contains(k.may, string(a)) {
				t.Errorf("%s, %s: %v", k.name, a, err)
			}
		}
	}
}

// Whatever is done in whatever order, a job keeps its own rules.
func TestJobKeepsItsRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		job := dispatch.Job{ID: red, State: dispatch.JobPlanned, Version: 1, Department: "water", CreatedAt: noon}
		now := noon
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			now = now.Add(time.Minute)
			a := rapid.SampledFrom(dispatch.Actions()).Draw(t, "action")
			in := dispatch.StepInput{Crew: rapid.SampledFrom([]uuid.UUID{red, blue}).Draw(t, "crew"), Reason: "x"}
			before, _ := json.Marshal(job)
			after, event, err := job.Step(a, admin, in, now)
			if unchanged, _ := json.Marshal(job); string(unchanged) != string(before) {
				t.Fatalf("%s changed the job it was made on", a)
			}
			if err != nil {
				continue
			}
			if after.Version != job.Version+1 || event == "" {
				t.Fatalf("%s: version %d after %d, event %q", a, after.Version, job.Version, event)
			}
			job = after
			ended := job.State == dispatch.JobDone || job.State == dispatch.JobCancelled
			switch {
			case job.Live() == ended, ended != (job.EndedAt != nil):
				t.Fatalf("%s: %s, ended %v", a, job.State, job.EndedAt)
			case job.State == dispatch.JobPlanned && (job.Crew != nil || job.AssignedAt != nil):
				t.Fatalf("%s: planned with crew %v", a, job.Crew)
			case job.State != dispatch.JobPlanned && job.State != dispatch.JobCancelled && (job.Crew == nil || job.AssignedAt == nil):
				t.Fatalf("%s: %s without a crew", a, job.State)
			case (job.State == dispatch.JobPaused) != (job.PausedFrom != ""):
				t.Fatalf("%s: %s paused from %q", a, job.State, job.PausedFrom)
			case (job.State == dispatch.JobArrived || job.State == dispatch.JobDone) && job.ArrivedAt == nil:
				t.Fatalf("%s: %s but never arrived", a, job.State)
			}
		}
	})
}

func TestNamedStepsAreTheTable(t *testing.T) {
	t.Parallel()
	type step func(dispatch.Job, dispatch.Actor, dispatch.StepInput, time.Time) (dispatch.Job, string, error)
	for a, named := range map[dispatch.Action]step{
		dispatch.ActAssign: dispatch.Job.Assign, dispatch.ActAccept: dispatch.Job.Accept, dispatch.ActDepart: dispatch.Job.Depart,
		dispatch.ActArrive: dispatch.Job.Arrive, dispatch.ActPause: dispatch.Job.Pause, dispatch.ActResume: dispatch.Job.Resume,
		dispatch.ActComplete: dispatch.Job.Complete, dispatch.ActDecline: dispatch.Job.Decline,
		dispatch.ActCancel: dispatch.Job.Cancel, dispatch.ActReopen: dispatch.Job.Reopen,
	} {
		for _, state := range []dispatch.JobState{dispatch.JobAssigned, dispatch.JobAccepted, dispatch.JobPaused, dispatch.JobDone} {
			job := jobIn(state)
			want, wantEvent, wantErr := job.Step(a, admin, inputAll, noon)
			got, event, err := named(job, admin, inputAll, noon)
			if diff := cmp.Diff(want, got); diff != "" || event != wantEvent || (err == nil) != (wantErr == nil) {
				t.Errorf("%s from %s: %s %q %v", a, state, diff, event, err)
			}
		}
	}
}
