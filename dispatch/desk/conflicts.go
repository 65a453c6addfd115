package desk

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

const conflictColumns = `
f.id, f.version, f.kind, f.status, f.job, f.about, f.op, f.other, f.opened_at, f.settled_at, f.settled_by, f.choice, f.note`

const fromConflict = ` from conflict f `

// about is what a conflict repeats of its job as it was then.
type about struct {
	Number     string         `json:"number"`
	Incident   uuid.UUID      `json:"incident"`
	Category   string         `json:"category"`
	Department string         `json:"department"`
	Place      dispatch.Place `json:"place"`
}

const (
	insertConflict = `
insert into conflict (id, authority, kind, status, job, crew, about, op, other, opened_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	selectConflict  = `select ` + conflictColumns + fromConflict + ` where f.id = $1 and f.authority = $2`
	selectConflicts = `select ` + conflictColumns + fromConflict + `
where f.authority = $1 and (f.settled_at is null or $2 and f.opened_at > $3) order by f.opened_at, f.id`
	lockConflict   = `select job from conflict where id = $1 and authority = $2 for update`
	settleConflict = `update conflict set version = version + 1, settled_at = $2, settled_by = $3, choice = $4, note = $5 where id = $1`
	stillContested = `select exists (select from conflict where job = $1 and settled_at is null)`
	lastOfJob      = `
select type, by, at from event where incident = $2 and object = $1 and noun = 'job' and type <> 'job.recorded' and type <> 'job.kept'
order by seq desc limit 1`
)

func scanConflict(row pgx.CollectableRow) (k dispatch.FieldConflict, err error) {
	var of about
	err = row.Scan(&k.ID, &k.Version, &k.Kind, &k.Status, &k.Job, &of, &k.Op, &k.Other, &k.OpenedAt, &k.SettledAt, &k.SettledBy, &k.Choice, &k.Note)
	k.Number, k.Incident, k.Category, k.Department, k.Place = of.Number, of.Incident, of.Category, of.Department, of.Place
	k.Choices = k.Kind.Choices()
	k.OpenedAt, k.SettledAt = k.OpenedAt.UTC(), inUTC(k.SettledAt)
	return k, err
}

func queueConflict(b *pgx.Batch, authority string, k dispatch.FieldConflict) {
	b.Queue(insertConflict, k.ID, authority, k.Kind, k.Status, k.Job, k.Op.Crew,
		about{k.Number, k.Incident, k.Category, k.Department, k.Place}, k.Op, k.Other, k.OpenedAt)
}

// contest opens a conflict between the operation and what had become of the
// job; after is the job with it.
func (f *field) contest(ctx context.Context, o *incoming, before dispatch.Job, after *dispatch.Job, v dispatch.OpVerdict) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	if !after.Contested {
		after.Contested = true
		if after.Version == before.Version {
			after.Version++
		}
	}
	other := dispatch.ConflictOther{State: before.State, Crew: before.Crew, Reason: before.Reason}
	if before.Crew != nil {
		other.CrewName = f.names[*before.Crew]
	}
	// What the group itself did has no event yet.
	if before.Version == f.readVersion[before.ID] {
		var (
			event string
			by    dispatch.By
		)
		err := f.tx.QueryRow(ctx, lastOfJob, before.ID, before.Incident).Scan(&event, &by, &other.At)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if err == nil {
			other.Event, other.By, other.At = event, &by, inUTC(other.At)
		}
	}
	k := dispatch.FieldConflict{
		ID: id, Version: 1, Kind: v.Conflict, Status: v.Status, Job: before.ID, Number: before.Number, Incident: before.Incident,
		Place: before.Place, Category: before.Category, Department: before.Department, Choices: v.Conflict.Choices(), OpenedAt: f.now, Other: other,
		Op: dispatch.ConflictOp{
			ID: o.ID, Kind: o.Kind, Device: o.Device, Crew: f.crew, CrewName: f.names[f.crew],
			At: o.at, PerformedAt: o.PerformedAt, ReceivedAt: f.now, Data: o.Data,
		},
	}
	f.conflicts = append(f.conflicts, k)
	f.contested[contest{before.ID, v.Conflict, f.crew}] = true
	f.later(func() { f.tellConflict("conflict.opened", k) })
	return nil
}

// Conflicts lists the conflicts that wait for a person and, with settled, those
// of the last week too; the oldest first.
func (d *Desk) Conflicts(ctx context.Context, who dispatch.Actor, settled bool) ([]dispatch.FieldConflict, error) {
	list := []dispatch.FieldConflict{}
	err := d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		rows, err := d.queryConflicts(ctx, tx, who, settled)
		if err != nil || rows == nil {
			return err
		}
		return each(rows, func(row pgx.CollectableRow) error {
			k, err := scanConflict(row)
			if err == nil && who.Sees(dispatch.NounConflict, k.Scope()) {
				list = append(list, k)
			}
			return err
		})
	})
	return list, err
}

func (d *Desk) queryConflicts(ctx context.Context, tx pgx.Tx, who dispatch.Actor, settled bool) (pgx.Rows, error) {
	f := who.Filter(dispatch.NounConflict)
	if f.Nothing {
		return nil, nil
	}
	return tx.Query(ctx, selectConflicts, f.Authority, settled, d.now().Add(-messagesLast))
}

// Conflict is one conflict in the actor's scope.
func (d *Desk) Conflict(ctx context.Context, who dispatch.Actor, id uuid.UUID) (k dispatch.FieldConflict, err error) {
	err = d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		k, err = readConflict(ctx, tx, who, id)
		return err
	})
	return k, err
}

func readConflict(ctx context.Context, tx pgx.Tx, who dispatch.Actor, id uuid.UUID) (dispatch.FieldConflict, error) {
	rows, _ := tx.Query(ctx, selectConflict, id, who.Authority)
	k, err := pgx.CollectExactlyOneRow(rows, scanConflict)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !who.Sees(dispatch.NounConflict, k.Scope()) {
		return k, notFound(KeyNoConflict)
	}
	return k, err
}

// Settling is a person's word on a conflict.
type Settling struct {
	Choice dispatch.Settlement `json:"choice"`
	Note   string              `json:"note,omitempty"`
}

// SettleConflict settles a conflict: what stands is kept, or the crew's word
// counts, or the work is done again. Both crews are told.
func (d *Desk) SettleConflict(ctx context.Context, who dispatch.Actor, id uuid.UUID, in Settling) (k dispatch.FieldConflict, err error) {
	in.Note = strings.TrimSpace(in.Note)
	if err := checkText("note", in.Note, dispatch.MaxReason); err != nil {
		return k, err
	}
	err = d.write(ctx, who, func(c *change) error {
		// The job's locks come first, and then the conflict's.
		k, err = readConflict(ctx, c.tx, who, id)
		if err != nil {
			return err
		}
		i, js, at, err := c.lockJob(ctx, k.Job)
		if err != nil {
			return err
		}
		var job uuid.UUID
		if err := c.tx.QueryRow(ctx, lockConflict, id, who.Authority).Scan(&job); err != nil {
			return err
		}
		if k, err = readConflict(ctx, c.tx, who, id); err != nil {
			return err
		}
		if !who.May(dispatch.ConflictSettle, k.Scope()) {
			return forbidden()
		}
		if !k.Live() {
			return &dispatch.Error{Code: dispatch.Conflict, Key: KeySettled, Current: k}
		}
		if !slices.Contains(k.Choices, in.Choice) {
			return invalid("choice", KeyUnknownChoice, map[string]any{"choice": string(in.Choice)})
		}
		by, now := who.By(), c.now
		k.Version++
		k.SettledAt, k.SettledBy, k.Choice, k.Note = &now, &by, in.Choice, in.Note
		if _, err := c.tx.Exec(ctx, settleConflict, id, now, by, in.Choice, in.Note); err != nil {
			return err
		}
		if at, err = c.carryOut(ctx, k, i, js, at, in); err != nil {
			return err
		}
		if err := c.uncontest(ctx, js[at]); err != nil {
			return err
		}
		c.tellConflict("conflict.settled", k)
		return c.message(ctx, k.Op.Crew, dispatch.MessageSettled, string(in.Choice), &js[at])
	})
	if err != nil {
		return dispatch.FieldConflict{}, err
	}
	return k, nil
}

// carryOut makes of the job what was chosen; js and at are kept current.
func (c *change) carryOut(ctx context.Context, k dispatch.FieldConflict, i *incident, js []dispatch.Job, at int, in Settling) (int, error) {
	reason := in.Note
	if reason == "" {
		reason = string(k.Kind)
	}
	switch {
	case in.Choice == dispatch.SettleReopen:
		if js[at].State != dispatch.JobDone && js[at].State != dispatch.JobCancelled {
			return at, nil // it is open again already
		}
		if _, err := c.step(ctx, i, js, at, dispatch.ActReopen, Step{Reason: reason}); err != nil {
			return at, err
		}
		if k.Other.Crew == nil || *k.Other.Crew == k.Op.Crew && k.Kind == dispatch.ConflictReassigned {
			return at, nil
		}
		_, err := c.step(ctx, i, js, at, dispatch.ActAssign, Step{Crew: *k.Other.Crew})
		var refusal *dispatch.Error
		if errors.As(err, &refusal) {
			err = nil // that crew is gone: the job stays planned
		}
		return at, err
	case in.Choice == dispatch.SettleAccept && k.Kind == dispatch.ConflictTransfer:
		return at, c.acceptTransfer(ctx, k, i, js[at], reason)
	case in.Choice == dispatch.SettleAccept:
		return at, c.acceptClosure(ctx, k, i, js, at)
	}
	return at, nil
}

// acceptClosure makes the crew's closure the job's.
func (c *change) acceptClosure(ctx context.Context, k dispatch.FieldConflict, i *incident, js []dispatch.Job, at int) error {
	before := js[at]
	was := before.Scope()
	after := before.DoneBy(k.Op.Crew, c.ground.form(before), k.Op.At, c.now)
	js[at] = after
	now, events := i.AfterFieldStep(dispatch.ActComplete, after, js, k.Op.At, c.now, c.ground.calendar)
	if err := c.updateJob(ctx, after); err != nil {
		return err
	}
	c.tellJob("job.completed", after, &was, map[string]any{"conflict": k.ID})
	if before.Live() && before.Crew != nil && *before.Crew != k.Op.Crew {
		if err := c.message(ctx, *before.Crew, dispatch.MessageStoodDown, "", &after); err != nil {
			return err
		}
	}
	if len(events) == 0 {
		return nil
	}
	scope := i.Scope()
	i.Incident = now
	if err := c.updateIncident(ctx, *i); err != nil {
		return err
	}
	for _, e := range events {
		c.tellIncident(e, now, &scope, map[string]any{"job": after.Number})
	}
	others := append(append([]dispatch.Job(nil), js[:at]...), js[at+1:]...)
	return c.follow(ctx, now, others)
}

// uncontest clears the job's mark with its last conflict.
func (c *change) uncontest(ctx context.Context, j dispatch.Job) error {
	var still bool
	if err := c.tx.QueryRow(ctx, stillContested, j.ID).Scan(&still); err != nil || still || !j.Contested {
		return err
	}
	was := j.Scope()
	j.Contested = false
	j.Version++
	if err := c.updateJob(ctx, j); err != nil {
		return err
	}
	c.tellJob("job.changed", j, &was, nil)
	return nil
}
