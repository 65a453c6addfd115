package desk

import (
	"context"
	"sync/atomic"

	"moked/dispatch"
)

// Recorded counts what became of fixes. Late ones are older than the crew's
// last: they are kept in its track and don't move it. Refused ones aren't
// believed, or were known already; Why counts those by verdict.
type Recorded struct {
	Accepted int                         `json:"accepted"`
	Late     int                         `json:"late"`
	Refused  int                         `json:"refused"`
	Why      map[dispatch.FixVerdict]int `json:"why,omitempty"`
}

func (r *Recorded) add(v dispatch.FixVerdict) {
	switch v {
	case dispatch.FixMoved:
		r.Accepted++
	case dispatch.FixLate:
		r.Late++
	default:
		r.Refused++
		if r.Why == nil {
			r.Why = map[dispatch.FixVerdict]int{}
		}
		r.Why[v]++
	}
}

const maxFixes = 1000 // in one call

// fixes are one call's, on their way into the database: an actor's, or those
// of a tracker by its hash.
type fixes struct {
	who     dispatch.Actor
	tracker string
	all     []dispatch.Position
	done    Recorded
	err     error
}

// RecordPositions takes fixes of crews: a crew's own, or any crew's from
// those who may send them. A fix that isn't believed is counted by its
// verdict. When it returns without an error, what is kept of the fixes is on
// the disk; calls at the same time share a transaction.
func (d *Desk) RecordPositions(ctx context.Context, who dispatch.Actor, ps []dispatch.Position) (Recorded, error) {
	if len(ps) > maxFixes {
		return Recorded{}, invalid("positions", KeyTooMany, map[string]any{"max": maxFixes})
	}
	if _, err := d.grounds.of(ctx, who.Authority); err != nil {
		return Recorded{}, err
	}
	if who.Role != dispatch.CrewMember && !who.May(dispatch.PositionsSend, dispatch.Scope{}) {
		return Recorded{}, forbidden()
	}
	f := &fixes{who: who}
	for _, p := range ps {
		if who.Role == dispatch.CrewMember {
			p.Crew = who.Crew
		}
		f.all = append(f.all, p)
	}
	if len(f.all) == 0 {
		return Recorded{}, nil
	}
	return d.recordFixes(ctx, f)
}

// recordFixes waits for the transaction that takes the fixes. Those of all
// authorities share it.
func (d *Desk) recordFixes(ctx context.Context, f *fixes) (Recorded, error) {
	if err := d.fixes.do(ctx, "", f); err != nil {
		return Recorded{}, err
	}
	return f.done, f.err
}

// verdicts counts what this process has judged.
type verdicts map[dispatch.FixVerdict]*atomic.Int64

func newVerdicts() verdicts {
	vs := verdicts{}
	for _, v := range dispatch.FixVerdicts() {
		vs[v] = &atomic.Int64{}
	}
	return vs
}

// Judged is how many fixes this process has given a verdict.
func (d *Desk) Judged(v dispatch.FixVerdict) int64 {
	if n := d.judged[v]; n != nil {
		return n.Load()
	}
	return 0
}
