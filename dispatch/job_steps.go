package dispatch

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Action is a step that a person or program makes with a job. It is the same
// word in routes, in a tablet's operations (job.accept) and in code.
type Action string

// The job's actions.
const (
	ActAssign   Action = "assign"
	ActAccept   Action = "accept"
	ActDepart   Action = "depart"
	ActArrive   Action = "arrive"
	ActPause    Action = "pause"
	ActResume   Action = "resume"
	ActComplete Action = "complete"
	ActDecline  Action = "decline"
	ActCancel   Action = "cancel"
	ActReopen   Action = "reopen"
)

// Longest texts that a step may carry, in characters.
const (
	MaxReason = 500
	MaxNote   = 4000
)

//go:generate go test -run ^TestJobDoc$ . -update

// jobStep is one row of the table: where the action leads from where, what it
// needs, who may make it, and the event it makes. A resumed job goes back to
// where it was paused.
type jobStep struct {
	action Action
	from   []JobState
	to     JobState
	event  string
	may    Permission
	crew   bool // a crew must be named
	reason bool // a reason must be given
}

// jobSteps is the whole life of a job. It allows the skips that the world
// makes: who departs has accepted, who arrives has departed, who completes has
// arrived. JOB.md draws it.
var jobSteps = [...]jobStep{
	{ActAssign, []JobState{JobPlanned, JobAssigned, JobAccepted, JobDeparted, JobPaused}, JobAssigned, "job.assigned", JobAssign, true, false},
	{ActAccept, []JobState{JobAssigned}, JobAccepted, "job.accepted", JobWork, false, false},
	{ActDepart, []JobState{JobAssigned, JobAccepted}, JobDeparted, "job.departed", JobWork, false, false},
	{ActArrive, []JobState{JobAccepted, JobDeparted}, JobArrived, "job.arrived", JobWork, false, false},
	{ActPause, []JobState{JobAccepted, JobDeparted, JobArrived}, JobPaused, "job.paused", JobWork, false, true},
	{ActResume, []JobState{JobPaused}, "", "job.resumed", JobWork, false, false},
	{ActComplete, []JobState{JobAccepted, JobDeparted, JobArrived}, JobDone, "job.completed", JobWork, false, false},
	{ActDecline, []JobState{JobAssigned, JobAccepted, JobDeparted, JobArrived, JobPaused}, JobPlanned, "job.declined", JobWork, false, true},
	{ActCancel, []JobState{JobPlanned, JobAssigned, JobAccepted, JobDeparted, JobArrived, JobPaused}, JobCancelled, "job.cancelled", JobCancel, false, true},
	{ActReopen, []JobState{JobDone, JobCancelled}, JobPlanned, "job.reopened", JobCancel, false, true},
}

// StepInput is what a step carries: the crew (assign), the reason (pause,
// decline, cancel, reopen), and a note for whoever reads on.
type StepInput struct {
	Crew   uuid.UUID
	Reason string
	Note   string
}

// Actions lists the job's actions in the order of its life.
func Actions() []Action {
	all := make([]Action, len(jobSteps))
	for i, s := range jobSteps {
		all[i] = s.action
	}
	return all
}

// Actions lists the steps that who may make with the job as it stands.
func (j Job) Actions(who Actor) []Action {
	var can []Action
	for _, s := range jobSteps {
		if slices.Contains(s.from, j.State) && who.May(s.may, j.Scope()) {
			can = append(can, s.action)
		}
	}
	return can
}

// Step makes one step at now, and returns the job after it, one version on,
// with the type of the event to append. It refuses, in this order: Forbidden
// to who may not make the step with this job, Conflict (Current is the job)
// where the state has no such step, and Invalid, naming the field, for a
// missing crew or reason, or a text too long. The job itself is unchanged.
func (j Job) Step(a Action, who Actor, in StepInput, now time.Time) (Job, string, error) {
	i := slices.IndexFunc(jobSteps[:], func(s jobStep) bool { return s.action == a })
	if i < 0 {
		return j, "", Bad("action", KeyUnknownAction)
	}
	s := jobSteps[i]
	if !who.May(s.may, j.Scope()) {
		return j, "", &Error{Code: Forbidden, Key: KeyForbidden}
	}
	if !slices.Contains(s.from, j.State) {
		return j, "", &Error{Code: Conflict, Key: KeyJobStep, Args: map[string]any{"action": string(a), "state": string(j.State)}, Current: j}
	}
	in.Reason, in.Note = strings.TrimSpace(in.Reason), strings.TrimSpace(in.Note)
	if err := s.check(j, in); err != nil {
		return j, "", err
	}
	return s.apply(j, in, now), s.event, nil
}

func (s jobStep) check(j Job, in StepInput) error {
	switch {
	case s.crew && in.Crew == uuid.Nil:
		return Bad("crew", KeyCrewRequired)
	case s.crew && j.Crew != nil && *j.Crew == in.Crew:
		return &Error{Code: Conflict, Key: KeySameCrew, Field: "crew", Current: j}
	case s.reason && in.Reason == "":
		return Bad("reason", KeyReasonRequired)
	}
	if err := checkText("reason", in.Reason, MaxReason); err != nil {
		return err
	}
	return checkText("note", in.Note, MaxNote)
}

// apply is what each step does to the job's fields; nothing it points to is
// shared with the job before.
func (s jobStep) apply(j Job, in StepInput, now time.Time) Job {
	j.Version++
	j.Reason = ""
	if s.reason {
		j.Reason = in.Reason
	}
	if in.Note != "" {
		j.Note = in.Note
	}
	from := j.State
	j.State = s.to
	if s.action == ActResume {
		j.State = j.PausedFrom
	}
	j.PausedFrom = ""

	switch s.action {
	case ActAssign:
		j = j.left()
		crew := in.Crew
		j.Crew, j.AssignedAt, j.ArrivedAt = &crew, &now, nil
	case ActAccept, ActDepart:
		j.Record = j.Record.said(s.action, now)
	case ActArrive:
		j.Record = j.Record.said(s.action, now)
		j.ArrivedAt = &now
	case ActPause:
		j.PausedFrom = from
		j.Record.Hold = &Hold{On: true, Reason: in.Reason, At: now}
	case ActResume:
		j.Record.Hold = &Hold{At: now}
	case ActComplete:
		if j.ArrivedAt == nil {
			j.ArrivedAt = &now
		}
		j.EndedAt = &now
		j.Record.Hold = nil
	case ActCancel:
		j.EndedAt = &now
	case ActDecline, ActReopen:
		j = j.left()
		j.Crew, j.AssignedAt, j.ArrivedAt, j.EndedAt = nil, nil, nil, nil
		if s.action == ActReopen {
			j.ReopenedAt, j.RecordMissing = j.Version, nil
		}
	}
	return j
}

// left is the job that its crew, if it has one, no longer has: what that one
// said of its way doesn't hold for the next.
func (j Job) left() Job {
	j.Record.AcceptedAt, j.Record.DepartedAt, j.Record.ArrivedAt, j.Record.Hold = nil, nil, nil, nil
	if j.Crew != nil && !slices.Contains(j.Former, *j.Crew) {
		j.Former = append(slices.Clip(j.Former), *j.Crew)
	}
	return j
}

func checkText(field, s string, max int) error {
	if !utf8.ValidString(s) {
		return Bad(field, KeyBadText)
	}
	if n := utf8.RuneCountInString(s); n > max {
		return &Error{Code: Invalid, Key: KeyTooLong, Field: field, Args: map[string]any{"max": max, "length": n}}
	}
	return nil
}

// Assign gives the job to a crew, or moves it to another.
func (j Job) Assign(who Actor, in StepInput, now time.Time) (Job, string, error) {
	return j.Step(ActAssign, who, in, now)
}

// Accept is the crew's word that it will go.
func (j Job) Accept(who Actor, in StepInput, now time.Time) (Job, string, error) {
	return j.Step(ActAccept, who, in, now)
}

// Depart is the crew on its way; it implies Accept.
func (j Job) Depart(who Actor, in StepInput, now time.Time) (Job, string, error) {
	return j.Step(ActDepart, who, in, now)
}

// Arrive is the crew at the place: what the response clock measures.
func (j Job) Arrive(who Actor, in StepInput, now time.Time) (Job, string, error) {
	return j.Step(ActArrive, who, in, now)
}

// Pause interrupts the work, with a reason.
func (j Job) Pause(who Actor, in StepInput, now time.Time) (Job, string, error) {
	return j.Step(ActPause, who, in, now)
}

// Resume goes on where Pause interrupted.
func (j Job) Resume(who Actor, in StepInput, now time.Time) (Job, string, error) {
	return j.Step(ActResume, who, in, now)
}

// Complete is the work done; it implies Arrive.
func (j Job) Complete(who Actor, in StepInput, now time.Time) (Job, string, error) {
	return j.Step(ActComplete, who, in, now)
}

// Decline hands the job back, with a reason: it is planned again, for another
// crew.
func (j Job) Decline(who Actor, in StepInput, now time.Time) (Job, string, error) {
	return j.Step(ActDecline, who, in, now)
}

// Cancel ends the job without the work, with a reason.
func (j Job) Cancel(who Actor, in StepInput, now time.Time) (Job, string, error) {
	return j.Step(ActCancel, who, in, now)
}

// Reopen plans an ended job again, with a reason and without its crew.
func (j Job) Reopen(who Actor, in StepInput, now time.Time) (Job, string, error) {
	return j.Step(ActReopen, who, in, now)
}
