package dispatch

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// OpStatus is what became of an operation.
type OpStatus string

// An operation is applied when it took effect, merged when it was so already
// or became part of what another did, kept when it is evidence only, and
// refused when it can't be. Every one is stored, with its verdict.
const (
	OpApplied OpStatus = "applied"
	OpMerged  OpStatus = "merged"
	OpKept    OpStatus = "kept"
	OpRefused OpStatus = "refused"
)

// OpReason says why an operation wasn't simply applied.
type OpReason string

// The reasons. WhyClock goes with an operation that took effect: the device's
// time of it can't be true, and the server's counts.
const (
	WhyClock         OpReason = "clock"
	WhyReassigned    OpReason = "reassigned"
	WhyCancelled     OpReason = "cancelled"
	WhyClosedByOther OpReason = "closed_by_other"
	WhyAlready       OpReason = "already"
	WhyReopened      OpReason = "reopened"
	WhyState         OpReason = "state"
	WhyNotYours      OpReason = "not_yours"
	WhyUnknownJob    OpReason = "unknown_job"
	WhyUnknownKind   OpReason = "unknown_kind"
	WhyBadData       OpReason = "bad_data"
	WhyIDReused      OpReason = "id_reused"
	WhyUnknownDevice OpReason = "unknown_device"
)

// OpReasons lists the reasons.
func OpReasons() []OpReason {
	return []OpReason{
		WhyClock, WhyReassigned, WhyCancelled, WhyClosedByOther, WhyAlready, WhyReopened, WhyState, WhyNotYours, WhyUnknownJob,
		WhyUnknownKind, WhyBadData, WhyIDReused, WhyUnknownDevice,
	}
}

// OpVerdict is what became of an operation on a job. Event is the event's type
// to append, or "" when the job is as it was. Action is the step that
// the operation turned out to be for the incident, or "". Conflict, if any, is for
// a person to look at. StoodDown is the crew that had the job and hasn't any
// more.
type OpVerdict struct {
	Status    OpStatus
	Reason    OpReason
	Event     string
	Action    Action
	Conflict  ConflictKind
	StoodDown *uuid.UUID
}

// Bounds of a job's record, beyond which nothing is written down: a device
// gone wild, not work.
const (
	maxRecordNotes  = 500
	maxRecordPhotos = 200
	maxRecordCodes  = 200
)

// progress is how far a job has come, in the order of its life; a pause
// doesn't change it.
func (j Job) progress() int {
	s := j.State
	if s == JobPaused {
		s = j.PausedFrom
	}
	return slices.Index(progressStates[:], s)
}

var progressStates = [...]JobState{JobAssigned, JobAccepted, JobDeparted, JobArrived, JobDone}

// Apply is the rule of the sync: what an operation that a crew made offline
// does to the job as it stands now. at is when it was done, corrected by the
// device's measured skew and bounded by what the server knows; now is when it
// came.
//
// Field work is a fact and never thrown away. What adds to the record is
// always written down. Progress only grows (accept < depart < arrive <
// complete), so that the order in which a crew's tablets come doesn't matter,
// nor a step that is missing. A crew that lost the job meanwhile and did it
// closes it, and who has it now is stood down; where the job is closed,
// cancelled or begun anew, the later word is kept beside it. What a person
// should look at is a conflict.
func (j Job) Apply(op Op, crew uuid.UUID, form Form, at, now time.Time) (Job, OpVerdict) {
	own := j.Crew != nil && *j.Crew == crew
	if !j.HadBy(crew) {
		return j, OpVerdict{Status: OpRefused, Reason: WhyNotYours}
	}
	if op.Kind.writes() && (own || ruleAttach) {
		return j.write(op, own, form, at)
	}
	a := op.Kind.Action()
	switch {
	case op.BaseVersion < j.ReopenedAt && ruleEpoch:
		return j.keep(a == ActComplete, WhyReopened, ConflictReopened)
	case j.State == JobCancelled && ruleCancelled:
		return j.keep(a == ActComplete, WhyCancelled, ConflictCancelled)
	case j.State == JobDone && !own && (ruleFirst || a != ActComplete):
		return j.keep(a == ActComplete, WhyClosedByOther, ConflictClosedTwice)
	case j.State == JobDone && own:
		return j.afterDone(a, at, form)
	case !own && a == ActComplete && ruleFormer:
		return j.takeOver(op, crew, form, at, now)
	case !own:
		return j, OpVerdict{Status: OpKept, Reason: WhyReassigned}
	}
	return j.advance(op, form, at, now)
}

// keep leaves the job as it is; a completion that doesn't count is for a
// person to look at.
func (j Job) keep(completes bool, why OpReason, kind ConflictKind) (Job, OpVerdict) {
	v := OpVerdict{Status: OpKept, Reason: why}
	if completes {
		v.Conflict = kind
	}
	return j, v
}

// write adds to the record, whoever has the job by now and however it ended.
func (j Job) write(op Op, own bool, form Form, at time.Time) (Job, OpVerdict) {
	r := j.Record
	if len(r.Notes) >= maxRecordNotes && op.Kind == OpNote || len(r.Photos) >= maxRecordPhotos && op.Kind == OpPhoto ||
		len(r.Checks) >= maxRecordCodes && op.Kind == OpCheck || len(r.Materials) >= maxRecordCodes && op.Kind == OpMaterial {
		return j, OpVerdict{Status: OpRefused, Reason: WhyBadData}
	}
	j.Record = r.written(op, at)
	j.Version++
	if j.State == JobDone {
		j.RecordMissing = form.Missing(j.Record)
	}
	v := OpVerdict{Status: OpApplied, Event: "job.recorded"}
	switch {
	case j.State == JobCancelled:
		v.Status, v.Reason = OpMerged, WhyCancelled
	case !own && j.State == JobDone:
		v.Status, v.Reason = OpMerged, WhyClosedByOther
	case !own:
		v.Status, v.Reason = OpMerged, WhyReassigned
	}
	return j, v
}

// afterDone is a word of the crew that closed the job: the times that it fills
// in are taken, and only "we can't" contradicts.
func (j Job) afterDone(a Action, at time.Time, form Form) (Job, OpVerdict) {
	switch a {
	case ActDecline:
		return j, OpVerdict{Status: OpKept, Reason: WhyAlready, Conflict: ConflictDeclined}
	case ActAccept, ActDepart, ActArrive:
		return j.fill(a, at)
	}
	return j, OpVerdict{Status: OpMerged, Reason: WhyAlready}
}

// fill takes the time of a step that the job has behind it.
func (j Job) fill(a Action, at time.Time) (Job, OpVerdict) {
	v := OpVerdict{Status: OpMerged, Reason: WhyAlready}
	r := j.Record.said(a, at)
	if sameTime(r.AcceptedAt, j.Record.AcceptedAt) && sameTime(r.DepartedAt, j.Record.DepartedAt) && sameTime(r.ArrivedAt, j.Record.ArrivedAt) {
		return j, v
	}
	j.Record = r
	j.Version++
	v.Event = "job.recorded"
	if a == ActArrive {
		j.ArrivedAt = r.ArrivedAt
		v.Action = ActArrive
	}
	return j, v
}

// advance is a step of the crew that has the job.
func (j Job) advance(op Op, form Form, at, now time.Time) (Job, OpVerdict) {
	a := op.Kind.Action()
	switch a {
	case ActAccept, ActDepart, ActArrive:
		to := slices.Index(progressStates[:], map[Action]JobState{ActAccept: JobAccepted, ActDepart: JobDeparted, ActArrive: JobArrived}[a])
		if to <= j.progress() && ruleMonotone {
			return j.fill(a, at)
		}
		j.Record = j.Record.said(a, at)
		j = j.reached(progressStates[to], at)
		return j.stepped(op, OpVerdict{Status: OpApplied, Event: eventOf(a), Action: a})
	case ActPause, ActResume:
		return j.hold(op, at)
	case ActComplete:
		return j.finished(form, at).stepped(op, OpVerdict{Status: OpApplied, Event: eventOf(a), Action: a})
	case ActDecline:
		j = jobSteps[slices.IndexFunc(jobSteps[:], func(s jobStep) bool { return s.action == ActDecline })].apply(j, StepInput{Reason: op.Data.Reason, Note: op.Data.Note}, now)
		return j, OpVerdict{Status: OpApplied, Event: eventOf(a), Action: a}
	}
	return j, OpVerdict{Status: OpRefused, Reason: WhyUnknownKind}
}

// reached moves the job on; where it stands still it goes on doing so.
func (j Job) reached(s JobState, at time.Time) Job {
	if j.State == JobPaused {
		j.PausedFrom = s
	} else {
		j.State, j.Reason = s, ""
	}
	if s == JobArrived {
		j.ArrivedAt = &at
		if t := j.Record.ArrivedAt; t != nil {
			j.ArrivedAt = t
		}
	}
	return j
}

// hold is a pause or its end: of two, the later one by its own time counts. A
// crew that pauses what it hasn't accepted, or goes on with it, has accepted it.
func (j Job) hold(op Op, at time.Time) (Job, OpVerdict) {
	on := op.Kind == OpPause
	h := &Hold{On: on, Reason: op.Data.Reason, At: at, Op: op.ID}
	if was := j.Record.Hold; was != nil && !beats(at, op.ID, was.At, was.Op) && ruleLatest {
		return j, OpVerdict{Status: OpMerged, Reason: WhyAlready}
	}
	j.Record.Hold = h
	if j.State == JobAssigned {
		j.State = JobAccepted
	}
	v := OpVerdict{Status: OpApplied, Event: eventOf(op.Kind.Action()), Action: op.Kind.Action()}
	switch {
	case on && j.State != JobPaused:
		j.PausedFrom, j.State, j.Reason = j.State, JobPaused, op.Data.Reason
	case on:
		j.Reason = op.Data.Reason
	case j.State == JobPaused:
		j.State, j.PausedFrom, j.Reason = j.PausedFrom, "", ""
	default:
		// It goes on already; that it was said counts against an earlier pause.
		v = OpVerdict{Status: OpMerged, Reason: WhyAlready, Event: "job.recorded"}
	}
	return j.stepped(op, v)
}

// finished is the job done at at by the crew that has it.
func (j Job) finished(form Form, at time.Time) Job {
	j.State, j.PausedFrom, j.Reason = JobDone, "", ""
	j.EndedAt = &at
	j.Record.Hold = nil
	if j.ArrivedAt == nil {
		j.ArrivedAt = &at
	}
	j.RecordMissing = form.Missing(j.Record)
	return j
}

// takeOver is the job done by a crew that it was taken from meanwhile: it is
// done, by whoever did it, and who has it now is stood down.
func (j Job) takeOver(op Op, crew uuid.UUID, form Form, at, now time.Time) (Job, OpVerdict) {
	v := OpVerdict{Status: OpMerged, Reason: WhyReassigned, Event: "job.completed", Action: ActComplete, Conflict: ConflictReassigned, StoodDown: j.Crew}
	j = j.left()
	j.Crew, j.ArrivedAt = &crew, nil
	if j.AssignedAt == nil {
		j.AssignedAt = &now
	}
	return j.finished(form, at).stepped(op, v)
}

func (j Job) stepped(op Op, v OpVerdict) (Job, OpVerdict) {
	j.Version++
	if op.Data.Note != "" {
		j.Note = op.Data.Note
	}
	return j, v
}

func eventOf(a Action) string {
	return jobSteps[slices.IndexFunc(jobSteps[:], func(s jobStep) bool { return s.action == a })].event
}

// Performed is when an operation was done, as far as it can be known: the
// device's time less its skew (how far the device's clock is ahead of the
// server's), not before from and not after now. A time that is further off
// than a clock drifts between two measurements can't be true: then it is when
// the operation came, and told is false.
func Performed(at time.Time, skew time.Duration, from, now time.Time) (t time.Time, told bool) {
	const drift = 10 * time.Minute
	t = at.Add(-skew).UTC().Truncate(time.Millisecond)
	switch {
	case t.After(now.Add(drift)), t.Before(from.Add(-drift)):
		return now, false
	case t.After(now):
		return now, true
	case t.Before(from):
		return from, true
	}
	return t, true
}

// DoneBy is the job closed by a crew's word that a person accepted, however it
// stood.
func (j Job) DoneBy(crew uuid.UUID, form Form, at, now time.Time) Job {
	if j.Crew == nil || *j.Crew != crew {
		j = j.left()
		j.Crew, j.ArrivedAt = &crew, nil
	}
	if j.AssignedAt == nil {
		j.AssignedAt = &now
	}
	j = j.finished(form, at)
	j.Version++
	return j
}

// HadBy says whether the crew has the job, or had it.
func (j Job) HadBy(crew uuid.UUID) bool {
	return j.Crew != nil && *j.Crew == crew || slices.Contains(j.Former, crew)
}

// Written is the job with an operation's entry in its record.
func (j Job) Written(op Op, at time.Time) Job {
	j.Record = j.Record.written(op, at)
	return j
}
