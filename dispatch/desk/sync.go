package desk

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"

	"moked/dispatch"
)

// Syncing is what a tablet sends: what was done since it last had contact, in
// the order in which it was done. SentAt is its clock as it sent it.
type Syncing struct {
	SentAt *time.Time        `json:"sent_at,omitempty"`
	Ops    []json.RawMessage `json:"ops"`
}

// Synced is what became of it. More says that not all was taken up: what has
// no result is to be sent again. SkewMS is how far the device's clock is ahead
// of the server's.
type Synced struct {
	Results    []OpResult `json:"results"`
	ReceivedAt time.Time  `json:"received_at"`
	SkewMS     int64      `json:"skew_ms"`
	More       bool       `json:"more"`
}

// OpResult is the verdict on one operation. Field names what was wrong with a
// refused one. Job is the job as it stands after the last of
// its operations; Report is the
// report that incident.open filed.
type OpResult struct {
	ID     string            `json:"id"`
	Status dispatch.OpStatus `json:"status"`
	Reason dispatch.OpReason `json:"reason"`
	Text   string            `json:"text,omitempty"`
	Field  string            `json:"field,omitempty"`
	Job    *dispatch.Job     `json:"job,omitempty"`
	Report *Filed            `json:"report,omitempty"`
}

const (
	// So many operations are taken up at once; the rest is for the next call.
	maxOps = 10000
	// Operations on jobs are decided on in groups, which commit together. What
	// becomes of each is the same as if it were alone.
	opGroup = 100
	// An operation older than this can't be told from a clock that is off.
	oldestOp = 30 * 24 * time.Hour
)

// incoming is an operation on its way into the database.
type incoming struct {
	dispatch.Op
	at     time.Time // when it was done, but for the job's own bounds
	told   bool      // the device's time of it can be true
	hash   []byte
	crew   uuid.UUID
	fault  *dispatch.Error // why it can't be an operation
	result OpResult
	done   bool
}

// Sync takes up what a tablet did. Each operation is applied once, or kept with a
// verdict; one that can't be is refused and hinders no other. They are taken in
// their order up to the first that can't be settled now (the database is
// away): that and those after it have no result, and More is true. When Sync
// returns, what has a result is on disk.
//
// Operations are a crew's own, whichever of its devices made them; whoever may
// work on the crew's jobs may hand in what a tablet saved to a file.
func (d *Desk) Sync(ctx context.Context, who dispatch.Actor, in Syncing) (Synced, error) {
	now := d.now()
	out := Synced{Results: []OpResult{}, ReceivedAt: now}
	if len(in.Ops) > 0 {
		select {
		case d.syncing <- struct{}{}:
			defer func() { <-d.syncing }()
		case <-ctx.Done():
			return out, ctx.Err()
		}
	}
	if !who.Holds(dispatch.JobWork) || who.Role == dispatch.CrewMember && who.Crew == uuid.Nil {
		return out, forbidden()
	}
	var skew time.Duration
	if in.SentAt != nil && in.SentAt.Year() > 0 && in.SentAt.Year() < 9999 {
		skew = in.SentAt.Sub(now)
		out.SkewMS = skew.Milliseconds()
		// What the way here takes is no skew.
		if skew.Abs() < 2*time.Second {
			skew = 0
		}
	}
	if len(in.Ops) > maxOps {
		in.Ops, out.More = in.Ops[:maxOps], true
	}
	ops := make([]*incoming, len(in.Ops))
	for n, raw := range in.Ops {
		ops[n] = receive(raw, skew, now)
	}
	if err := d.admitDevices(ctx, who, ops, out.SkewMS, now); err != nil {
		return out, err
	}
	err := d.settleOps(ctx, who, ops)
	for _, o := range ops {
		if !o.done {
			out.More = true
			break
		}
		out.Results = append(out.Results, o.result)
	}
	onlyLastJobs(out.Results)
	if len(out.Results) > 0 && err != nil && ctx.Err() == nil {
		d.log.WarnContext(ctx, "a sync stopped on its way", "settled", len(out.Results), "of", len(ops), "err", err)
		return out, nil
	}
	return out, err
}

// onlyLastJobs leaves each job with the last of its operations.
func onlyLastJobs(results []OpResult) {
	told := map[uuid.UUID]bool{}
	for n := len(results) - 1; n >= 0; n-- {
		if j := results[n].Job; j != nil && told[j.ID] {
			results[n].Job = nil
		} else if j != nil {
			told[j.ID] = true
		}
	}
}

// receive reads one operation.
func receive(raw json.RawMessage, skew time.Duration, now time.Time) *incoming {
	o := &incoming{}
	op, err := dispatch.ReadOp(raw)
	o.Op = op
	if err != nil {
		errors.As(err, &o.fault)
	}
	o.result.ID = idOf(op.ID, raw)
	o.at, o.told = dispatch.Performed(op.PerformedAt, skew, now.Add(-oldestOp), now)
	body, err := json.Marshal(op)
	if err != nil {
		o.fault = dispatch.Bad("data", dispatch.KeyBadOp)
	}
	sum := sha256.Sum256(body)
	o.hash = sum[:]
	return o
}

// idOf is the operation's id as the device wrote it.
func idOf(id uuid.UUID, raw json.RawMessage) string {
	if id != uuid.Nil {
		return id.String()
	}
	var o struct {
		ID any `json:"id"`
	}
	if json.Unmarshal(raw, &o) == nil {
		if s, ok := o.ID.(string); ok && len(s) <= 100 {
			return s
		}
	}
	return ""
}

// settleOps settles operations in their order, those on jobs in groups.
func (d *Desk) settleOps(ctx context.Context, who dispatch.Actor, ops []*incoming) error {
	for from := 0; from < len(ops); {
		to := from
		for to < len(ops) && to-from < opGroup && ops[to].grouped() && ops[to].crew == ops[from].crew {
			to++
		}
		if to == from {
			if err := d.settleAlone(ctx, who, ops[from]); err != nil {
				return err
			}
			from++
			continue
		}
		if err := d.settleJobOps(ctx, who, ops[from:to]); err != nil {
			if to-from == 1 || ctx.Err() != nil {
				return err
			}
			// One of them may be what fails: it stops only itself.
			for _, o := range ops[from:to] {
				if err := d.settleJobOps(ctx, who, []*incoming{o}); err != nil {
					return err
				}
			}
		}
		from = to
	}
	return nil
}

// grouped says whether the operation is settled together with its neighbours:
// one that only changes its job, or can't be at all.
func (o *incoming) grouped() bool {
	return o.done || o.fault != nil || o.Kind.OfJob() && o.Kind != dispatch.OpTransfer
}

// settle gives the operation its result.
func (o *incoming) settle(v dispatch.OpVerdict) {
	o.result.Status, o.result.Reason = v.Status, v.Reason
	if v.Status == dispatch.OpApplied && v.Reason == "" && !o.told {
		o.result.Reason = dispatch.WhyClock
	}
	o.done = true
}

// refuse settles an operation that can't be.
func (o *incoming) refuse(why dispatch.OpReason, field string) {
	o.result.Field = field
	o.settle(dispatch.OpVerdict{Status: dispatch.OpRefused, Reason: why})
}
