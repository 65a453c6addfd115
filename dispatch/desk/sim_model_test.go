package desk

import (
	"time"

	"github.com/google/uuid"

	"moked/dispatch"
)

// model is what must become of each operation, written a second time and
// simply: it knows no transactions, batches or repetitions. What the desk's
// people do online it is told; see simulation.told.
type model struct {
	jobs map[uuid.UUID]*modelJob
	ops  map[uuid.UUID]*modelOp
	// Conflicts that must have been opened, and crews that must have been told
	// that they are stood down.
	contests  map[contest]int
	stoodDown int
}

type modelJob struct {
	state     dispatch.JobState // never paused: see held
	held      bool
	holdAt    time.Time
	holdOp    uuid.UUID
	crew      uuid.UUID
	had       map[uuid.UUID]bool
	epoch     int
	incident  uuid.UUID
	open      bool // the incident
	assigned  time.Time
	created   time.Time
	contested map[contest]bool
}

type modelOp struct {
	op     dispatch.Op
	crew   uuid.UUID
	status dispatch.OpStatus
	reason dispatch.OpReason
}

var modelRank = map[dispatch.JobState]int{"assigned": 0, "accepted": 1, "departed": 2, "arrived": 3, "done": 4}

// hears is the verdict on an operation that the server takes up now: done at
// at, by a device whose clock is off by skew.
func (m *model) hears(op dispatch.Op, crew uuid.UUID, skew time.Duration, now time.Time) *modelOp {
	if known := m.ops[op.ID]; known != nil {
		return known
	}
	o := &modelOp{op: op, crew: crew}
	m.ops[op.ID] = o
	o.status, o.reason = m.verdict(op, crew, skew, now)
	return o
}

func (m *model) verdict(op dispatch.Op, crew uuid.UUID, skew time.Duration, now time.Time) (dispatch.OpStatus, dispatch.OpReason) {
	j := m.jobs[op.Job]
	if j == nil {
		return dispatch.OpRefused, dispatch.WhyUnknownJob
	}
	own := j.crew == crew
	if !own && !j.had[crew] {
		return dispatch.OpRefused, dispatch.WhyNotYours
	}
	switch op.Kind {
	case dispatch.OpNote, dispatch.OpCheck, dispatch.OpMaterial, dispatch.OpPhoto, dispatch.OpSign:
		switch {
		case j.state == dispatch.JobCancelled:
			return dispatch.OpMerged, dispatch.WhyCancelled
		case own:
			return dispatch.OpApplied, ""
		case j.state == dispatch.JobDone:
			return dispatch.OpMerged, dispatch.WhyClosedByOther
		}
		return dispatch.OpMerged, dispatch.WhyReassigned
	}
	completes := op.Kind == dispatch.OpComplete
	flagged := func(kind dispatch.ConflictKind, why dispatch.OpReason) (dispatch.OpStatus, dispatch.OpReason) {
		if completes || kind == dispatch.ConflictDeclined {
			k := contest{op.Job, kind, crew}
			if j.contested[k] {
				return dispatch.OpKept, dispatch.WhyAlready
			}
			j.contested[k] = true
			m.contests[k]++
		}
		return dispatch.OpKept, why
	}
	switch {
	case op.BaseVersion < j.epoch:
		return flagged(dispatch.ConflictReopened, dispatch.WhyReopened)
	case j.state == dispatch.JobCancelled:
		return flagged(dispatch.ConflictCancelled, dispatch.WhyCancelled)
	case j.state == dispatch.JobDone && !own:
		return flagged(dispatch.ConflictClosedTwice, dispatch.WhyClosedByOther)
	case j.state == dispatch.JobDone && op.Kind == dispatch.OpDecline:
		return flagged(dispatch.ConflictDeclined, dispatch.WhyAlready)
	case j.state == dispatch.JobDone:
		return dispatch.OpMerged, dispatch.WhyAlready
	case !own && !completes:
		return dispatch.OpKept, dispatch.WhyReassigned
	case !own:
		k := contest{op.Job, dispatch.ConflictReassigned, crew}
		why := dispatch.WhyReassigned
		if j.contested[k] {
			why = dispatch.WhyAlready
		} else {
			m.contests[k]++
			j.contested[k] = true
		}
		if j.crew != uuid.Nil {
			m.stoodDown++
			j.had[j.crew] = true
		}
		j.crew, j.state, j.held = crew, dispatch.JobDone, false
		return dispatch.OpMerged, why
	}
	switch op.Kind {
	case dispatch.OpComplete:
		j.state, j.held = dispatch.JobDone, false
		return dispatch.OpApplied, ""
	case dispatch.OpDecline:
		j.had[crew] = true
		j.crew, j.state, j.held, j.holdAt, j.holdOp = uuid.Nil, dispatch.JobPlanned, false, time.Time{}, uuid.Nil
		return dispatch.OpApplied, ""
	case dispatch.OpPause, dispatch.OpResume:
		at, _ := dispatch.Performed(op.PerformedAt, skew, j.assigned, now)
		if !j.holdAt.IsZero() && (at.Before(j.holdAt) || at.Equal(j.holdAt) && compareIDs(op.ID, j.holdOp) <= 0) {
			return dispatch.OpMerged, dispatch.WhyAlready
		}
		j.holdAt, j.holdOp = at, op.ID
		if j.state == dispatch.JobAssigned {
			j.state = dispatch.JobAccepted
		}
		if op.Kind == dispatch.OpPause {
			j.held = true
			return dispatch.OpApplied, ""
		}
		if !j.held {
			return dispatch.OpMerged, dispatch.WhyAlready
		}
		j.held = false
		return dispatch.OpApplied, ""
	}
	to := map[dispatch.OpKind]dispatch.JobState{dispatch.OpAccept: "accepted", dispatch.OpDepart: "departed", dispatch.OpArrive: "arrived"}[op.Kind]
	if modelRank[to] <= modelRank[j.state] {
		return dispatch.OpMerged, dispatch.WhyAlready
	}
	j.state = to
	return dispatch.OpApplied, ""
}
