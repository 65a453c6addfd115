package fieldapi

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"moked/dispatch"
	"moked/dispatch/desk"
)

// SyncIn is what a tablet sends. With Since, the answer tells what happened after
// that seq of the log named Log.
type SyncIn struct {
	Since  *int64            `json:"since,omitempty"`
	Log    string            `json:"log,omitempty"`
	SentAt *time.Time        `json:"sent_at,omitempty"`
	Ops    []json.RawMessage `json:"ops"`
}

// body of a sync: a shift's operations, each of which is judged by itself, so
// that a broken one doesn't hold up the others.
func (*SyncIn) loose() (most int64) { return 32 << 20 }

// SyncOut is what became of it, and what the tablet should know.
type SyncOut struct {
	desk.Synced
	Events []json.RawMessage `json:"events"`
	Seq    int64             `json:"seq"`
}

const (
	// How long a sync waits for its own events to come round, and how much it
	// tells at once.
	syncWait  = 2 * time.Second
	syncBytes = 4 << 20
)

func (a *api) syncRoutes() {
	sync := okPost("/sync", "sync", "What a tablet did, and what it should know")
	sync.Description = "Operations are taken up in order, each once: one that came before has the result that it had, and one that can't be is refused " +
		"and hinders no other. What has a result is on disk. When more is true, send again what has none, or ask again with since = seq."
	route(a, may(dispatch.JobWork), sync, a.sync)

	route(a, may(dispatch.ConflictRead), get("/conflicts", "conflicts", "What the field and the desk disagree about"),
		func(ctx context.Context, who dispatch.Actor, in *struct {
			Settled bool `query:"settled" doc:"Those of the last week that are settled, too"`
		}) (*body[conflictList], error) {
			list, err := a.desk.Conflicts(ctx, who, in.Settled)
			return answer(conflictList{full(list)}, err)
		})
	route(a, may(dispatch.ConflictRead), get("/conflicts/{id}", "conflict", "One conflict: both sides"),
		func(ctx context.Context, who dispatch.Actor, in *byID) (*body[conflictBody], error) {
			k, err := a.desk.Conflict(ctx, who, in.ID)
			return answer(conflictBody{k}, err)
		})
	route(a, may(dispatch.ConflictSettle), okPost("/conflicts/{id}/settle", "settle-conflict", "Settle a conflict by one of its choices"),
		func(ctx context.Context, who dispatch.Actor, in *struct {
			ID uuid.UUID `path:"id"`
			In desk.Settling
		}) (*body[conflictBody], error) {
			k, err := a.desk.SettleConflict(ctx, who, in.ID, in.In)
			return answer(conflictBody{k}, err)
		})
	route(a, may(dispatch.MessageSend), post("/crews/{id}/messages", "send-message", "Put a message into a crew's inbox"),
		func(ctx context.Context, who dispatch.Actor, in *struct {
			ID uuid.UUID `path:"id"`
			In desk.NewMessage
		}) (*body[messageBody], error) {
			m, err := a.desk.SendMessage(ctx, who, in.ID, in.In)
			return answer(messageBody{m}, err)
		})
}

type conflictBody struct {
	Conflict dispatch.FieldConflict `json:"conflict"`
}

type conflictList struct {
	Conflicts []dispatch.FieldConflict `json:"conflicts"`
}

type messageBody struct {
	Message dispatch.Message `json:"message"`
}

func (a *api) sync(ctx context.Context, who dispatch.Actor, in *struct{ In SyncIn }) (*body[SyncOut], error) {
	if s := in.In.Since; s != nil && *s < 0 {
		return nil, dispatch.Bad("since", "wants.whole-number")
	}
	done, err := a.desk.Sync(ctx, who, desk.Syncing{SentAt: in.In.SentAt, Ops: in.In.Ops})
	if err != nil {
		return nil, err
	}
	lang := langOf(ctx)
	for n := range done.Results {
		r := &done.Results[n]
		switch {
		case r.Field != "" && r.Status == dispatch.OpRefused:
			r.Text = text(lang, "op."+string(r.Reason), nil) + " (" + r.Field + ")"
		case r.Reason != "":
			r.Text = text(lang, "op."+string(r.Reason), nil)
		default:
			r.Text = text(lang, "op."+string(r.Status), nil)
		}
	}
	out := SyncOut{Synced: done, Events: []json.RawMessage{}}
	head, err := a.desk.Head(ctx, who)
	if err != nil {
		// What was done is done; its news can be asked for again.
		out.More = true
		return &body[SyncOut]{out}, nil
	}
	out.Seq = head
	if in.In.Since == nil {
		return &body[SyncOut]{out}, nil
	}
	wait, cancel := context.WithTimeout(ctx, syncWait)
	defer cancel()
	news, err := a.hub.Collect(wait, who, *in.In.Since, in.In.Log, head, syncBytes)
	if err != nil {
		out.More, out.Seq = true, *in.In.Since
		return &body[SyncOut]{out}, nil
	}
	out.Events, out.Seq, out.More = news.Entries, news.Upto, out.More || news.More
	return &body[SyncOut]{out}, nil
}
