package desk

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

// queueOps writes operations of one crew with their verdicts, in their order.
func queueOps(b *pgx.Batch, who dispatch.Actor, crew uuid.UUID, now time.Time, ops []*incoming) error {
	if !ruleStored {
		ops = slices.DeleteFunc(slices.Clone(ops), func(o *incoming) bool {
			return o.result.Status == dispatch.OpKept || o.result.Status == dispatch.OpRefused
		})
	}
	if len(ops) == 0 {
		return nil
	}
	n := len(ops)
	var (
		ids       = make([]uuid.UUID, n)
		devices   = make([]uuid.UUID, n)
		kinds     = make([]string, n)
		jobs      = make([]*uuid.UUID, n)
		bases     = make([]int, n)
		performed = make([]time.Time, n)
		ats       = make([]time.Time, n)
		data      = make([]string, n)
		hashes    = make([][]byte, n)
		statuses  = make([]string, n)
		reasons   = make([]string, n)
		fields    = make([]string, n)
	)
	for k, o := range ops {
		body, err := json.Marshal(o.Data)
		if err != nil {
			return err
		}
		ids[k], devices[k], kinds[k], jobs[k], bases[k] = o.ID, o.Device, string(o.Kind), optional(o.Job), o.BaseVersion
		if o.fault != nil {
			body = storable(body)
		}
		performed[k], ats[k], data[k], hashes[k] = o.PerformedAt, o.at, string(body), o.hash
		statuses[k], reasons[k], fields[k] = string(o.result.Status), string(o.result.Reason), o.result.Field
	}
	b.Queue(insertOps, who.Authority, crew, now, who.By(), ids, devices, kinds, jobs, bases, performed, ats, data, hashes, statuses, reasons, fields)
	return nil
}

// storable is a JSON document without what PostgreSQL can't hold; the
// operation was refused for it.
func storable(body []byte) []byte {
	return bytes.ReplaceAll(body, []byte(`\u0000`), []byte(`\ufffd`))
}

// tellOp tells of an operation that changed its job, or that is kept beside it.
func (f *field) tellOp(o *incoming, before, after dispatch.Job, v dispatch.OpVerdict) {
	defer f.tellLater()
	event := v.Event
	if event == "" {
		if v.Status != dispatch.OpKept {
			if after.Version != before.Version {
				event = "job.changed"
			} else {
				return
			}
		} else {
			event = "job.kept"
		}
	}
	note := map[string]any{"op": o.ID, "kind": string(o.Kind), "at": o.at, "performed_at": o.PerformedAt}
	for name, s := range map[string]string{
		"reason": o.Data.Reason, "note": o.Data.Note, "text": o.Data.Text, "why": string(v.Reason), "crew": f.names[f.crew],
	} {
		if s != "" {
			note[name] = s
		}
	}
	was := before.Scope()
	f.tellJob(event, after, &was, note)
}

func (f *field) later(tell func()) { f.after = append(f.after, tell) }

// tellLater tells of what followed from the job's step, after the step.
func (f *field) tellLater() {
	for _, tell := range f.after {
		tell()
	}
	f.after = nil
}
