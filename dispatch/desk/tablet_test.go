package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"moked/dispatch"
)

// tablet is a crew's device, in which a test reads like a shift.
type tablet struct {
	*city
	crew   dispatch.Crew
	device uuid.UUID
	ahead  time.Duration // how far its clock is ahead
}

func (c *city) tablet(k dispatch.Crew) *tablet { return &tablet{city: c, crew: k, device: uuid.New()} }

func (t *tablet) actor() dispatch.Actor {
	return dispatch.Actor{Authority: cityCode, Role: dispatch.CrewMember, ID: t.crew.ID, Name: t.crew.Name, Crew: t.crew.ID, Kind: dispatch.StaffCrew, Lang: "he"}
}

// op is an operation done now, on the job as it is given.
func (t *tablet) op(kind dispatch.OpKind, j dispatch.Job, d dispatch.OpData) dispatch.Op {
	t.t.Helper()
	id, err := uuid.NewV7()
	t.must(err)
	return dispatch.Op{
		ID: id, Device: t.device, Kind: kind, Job: j.ID, BaseVersion: j.Version, Data: d,
		PerformedAt: t.now.Add(t.ahead).UTC().Truncate(time.Millisecond),
	}
}

func (t *tablet) raw(ops ...dispatch.Op) []json.RawMessage {
	var all []json.RawMessage
	for _, op := range ops {
		all = append(all, encode(t.t, op))
	}
	return all
}

// sync sends operations and returns their results.
func (t *tablet) sync(ops ...dispatch.Op) []OpResult {
	t.t.Helper()
	sent := t.now.Add(t.ahead)
	out, err := t.Sync(t.ctx, t.actor(), Syncing{SentAt: &sent, Ops: t.raw(ops...)})
	t.must(err)
	if len(out.Results) != len(ops) {
		t.t.Fatalf("%d results of %d operations", len(out.Results), len(ops))
	}
	return out.Results
}

func sha(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
