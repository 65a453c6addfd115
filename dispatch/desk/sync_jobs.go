package desk

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

const (
	// First of all locks, so that a request that timed out and its repetition
	// keep the device's order.
	lockDevices = `select id from device where id = any($1) order by id for update`
	selectOps   = `select id, hash, status, reason, field from op where authority = $1 and id = any($2)`
	jobsOfOps   = `select id, incident from job where authority = $1 and id = any($2)`
	openOfJobs  = `
select f.job, f.kind, f.crew from job j join conflict f on f.job = j.id and f.settled_at is null where j.incident = any($1) and j.contested`
	crewNames = `
select w.id, w.name from crew w where w.id = $2 or w.id in (select j.crew from job j where j.incident = any($1))`
	insertOps = `
insert into op (authority, id, device, crew, kind, job, base_version, performed_at, at, received_at, data, hash, status, reason, field, by)
select $1, o.id, o.device, $2, o.kind, o.job, o.base_version, o.performed_at, o.at, $3, o.data::jsonb, o.hash, o.status, o.reason, o.field, $4
from unnest($5::uuid[], $6::uuid[], $7::text[], $8::uuid[], $9::int[], $10::timestamptz[], $11::timestamptz[], $12::text[], $13::bytea[],
	$14::text[], $15::text[], $16::text[]) with ordinality
	as o (id, device, kind, job, base_version, performed_at, at, data, hash, status, reason, field, n)
order by o.n`
)

// field is the state on which a group of operations is decided.
type field struct {
	*change
	crew      uuid.UUID
	incidents map[uuid.UUID]*incident
	jobs      map[uuid.UUID]*dispatch.Job
	contested map[contest]bool
	names     map[uuid.UUID]string
	// The versions of the jobs as they were read.
	readVersion map[uuid.UUID]int
	// What has to be written.
	changedJobs      map[uuid.UUID]bool
	changedIncidents map[uuid.UUID]bool
	conflicts        []dispatch.FieldConflict
	stored           []*incoming
	// What is to be told after the job's own event.
	after []func()
}

type contest struct {
	job  uuid.UUID
	kind dispatch.ConflictKind
	crew uuid.UUID
}

// settleJobOps settles operations of one crew that each change one job, in one
// transaction: what they touch is locked and read, each is decided on in
// turn, and the outcome is written.
func (d *Desk) settleJobOps(ctx context.Context, who dispatch.Actor, ops []*incoming) error {
	before := make([]incoming, len(ops))
	for n, o := range ops {
		before[n] = *o
	}
	err := d.write(ctx, who, func(c *change) error {
		for n := range ops { // a transaction that lost begins anew
			*ops[n] = before[n]
		}
		f := &field{
			change: c, crew: ops[0].crew, changedJobs: map[uuid.UUID]bool{}, changedIncidents: map[uuid.UUID]bool{},
		}
		if err := f.known(ctx, ops); err != nil {
			return err
		}
		if err := f.load(ctx, ops); err != nil {
			return err
		}
		if !ruleOrder {
			ops = slices.Clone(ops)
			slices.Reverse(ops)
		}
		for _, o := range ops {
			if o.done {
				continue
			}
			if err := f.settle(ctx, o); err != nil {
				return err
			}
		}
		return f.save(ctx)
	})
	if err != nil && ruleDurable {
		for n := range ops {
			*ops[n] = before[n]
		}
	}
	return err
}

// known takes the devices and gives operations that came before the result
// that they had.
func (f *field) known(ctx context.Context, ops []*incoming) error {
	ids, devices := []uuid.UUID{}, []uuid.UUID{}
	byID := map[uuid.UUID][]*incoming{}
	for _, o := range ops {
		if o.done || o.ID == uuid.Nil {
			continue
		}
		ids = append(ids, o.ID)
		byID[o.ID] = append(byID[o.ID], o)
		if !slices.Contains(devices, o.Device) {
			devices = append(devices, o.Device)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	b := &pgx.Batch{}
	b.Queue(lockDevices, devices)
	b.Queue(selectOps, f.who.Authority, ids).Query(func(rows pgx.Rows) error {
		var (
			id   uuid.UUID
			hash []byte
			was  OpResult
		)
		_, err := pgx.ForEachRow(rows, []any{&id, &hash, &was.Status, &was.Reason, &was.Field}, func() error {
			for _, o := range byID[id] {
				if ruleOnce {
					o.again(hash, was)
				}
			}
			return nil
		})
		return err
	})
	return f.tx.SendBatch(ctx, b).Close()
}

// again is an operation whose id is known: the same one has the result that it
// had, and another one is refused.
func (o *incoming) again(hash []byte, was OpResult) {
	if !slices.Equal(hash, o.hash) && ruleBody {
		o.refuse(dispatch.WhyIDReused, "id")
		return
	}
	o.result.Status, o.result.Reason, o.result.Field, o.done = was.Status, was.Reason, was.Field, true
}

// load locks the incidents of the jobs and the jobs, and reads them.
func (f *field) load(ctx context.Context, ops []*incoming) error {
	var wanted []uuid.UUID
	for _, o := range ops {
		if !o.done && o.fault == nil && !slices.Contains(wanted, o.Job) {
			wanted = append(wanted, o.Job)
		}
	}
	for range attempts {
		of := map[uuid.UUID]uuid.UUID{}
		var id, in uuid.UUID
		rows, _ := f.tx.Query(ctx, jobsOfOps, f.who.Authority, wanted)
		if _, err := pgx.ForEachRow(rows, []any{&id, &in}, func() error { of[id] = in; return nil }); err != nil {
			return err
		}
		ids := slices.Collect(maps.Values(of))
		slices.SortFunc(ids, compareIDs)
		if ids = slices.Compact(ids); len(ids) == 0 {
			return nil
		}
		if err := f.lock(ctx, ids); err != nil {
			return err
		}
		// A job that was moved to another incident meanwhile is looked for anew.
		moved := false
		for id := range of {
			moved = moved || f.jobs[id] == nil
		}
		if !moved {
			return nil
		}
	}
	return nil
}

// lock takes incidents by id, in order, and their jobs, and reads all that a
// decision needs, in one round trip; what is read is what the locks waited for.
func (f *field) lock(ctx context.Context, incidents []uuid.UUID) error {
	f.incidents, f.jobs, f.readVersion = map[uuid.UUID]*incident{}, map[uuid.UUID]*dispatch.Job{}, map[uuid.UUID]int{}
	f.contested, f.names = map[contest]bool{}, map[uuid.UUID]string{}
	b := &pgx.Batch{}
	b.Queue(lockIncidents, incidents, f.who.Authority)
	b.Queue(lockJobs, incidents)
	b.Queue(readIncidents, incidents, f.who.Authority).Query(func(rows pgx.Rows) error {
		return each(rows, func(row pgx.CollectableRow) error {
			i, err := scanIncident(row, f.ground)
			if err == nil {
				f.incidents[i.ID] = i
			}
			return err
		})
	})
	b.Queue(readJobs, incidents).Query(func(rows pgx.Rows) error {
		return each(rows, func(row pgx.CollectableRow) error {
			j, err := scanJob(row, f.ground)
			f.jobs[j.ID], f.readVersion[j.ID] = &j, j.Version
			return err
		})
	})
	b.Queue(openOfJobs, incidents).Query(func(rows pgx.Rows) error {
		var k contest
		_, err := pgx.ForEachRow(rows, []any{&k.job, &k.kind, &k.crew}, func() error { f.contested[k] = true; return nil })
		return err
	})
	b.Queue(crewNames, incidents, f.crew).Query(func(rows pgx.Rows) error {
		var (
			id   uuid.UUID
			name string
		)
		_, err := pgx.ForEachRow(rows, []any{&id, &name}, func() error { f.names[id] = name; return nil })
		return err
	})
	return f.tx.SendBatch(ctx, b).Close()
}

// settle decides on one operation, and tells of what it changed.
func (f *field) settle(ctx context.Context, o *incoming) error {
	if o.ID != uuid.Nil {
		for _, s := range f.stored {
			if s.ID == o.ID && ruleOnce {
				o.again(s.hash, s.result)
				return nil
			}
		}
		if f.crew != uuid.Nil {
			f.stored = append(f.stored, o)
		}
	}
	switch {
	case o.fault != nil && o.fault.Key == dispatch.KeyUnknownOp:
		o.refuse(dispatch.WhyUnknownKind, "kind")
		return nil
	case o.fault != nil && o.fault.Key == KeyNoDevice:
		o.refuse(dispatch.WhyUnknownDevice, "device")
		return nil
	case o.fault != nil:
		o.refuse(dispatch.WhyBadData, o.fault.Field)
		return nil
	}
	j := f.jobs[o.Job]
	if !ruleJob && o.Kind == dispatch.OpPhoto {
		for _, other := range f.jobs {
			if other.HadBy(f.crew) {
				j = other
			}
		}
	}
	if j == nil {
		o.refuse(dispatch.WhyUnknownJob, "job")
		return nil
	}
	if f.who.Role != dispatch.CrewMember && !f.who.May(dispatch.JobWork, j.Scope()) {
		o.refuse(dispatch.WhyNotYours, "job")
		return nil
	}
	i := f.incidents[j.Incident]
	at := f.bounded(o, *j, i)
	before := *j
	after, v := before.Apply(o.Op, f.crew, f.ground.form(before), at, f.now)
	if v.Status == dispatch.OpRefused {
		o.refuse(v.Reason, "job")
		return nil
	}
	o.at = at
	if v.Conflict != "" && f.contested[contest{j.ID, v.Conflict, f.crew}] {
		v.Conflict = ""
		v.Reason = dispatch.WhyAlready
	}
	if v.Conflict != "" && ruleContest {
		if err := f.contest(ctx, o, before, &after, v); err != nil {
			return err
		}
	}
	*j = after
	if v.Event != "" || after.Version != before.Version {
		f.changedJobs[j.ID] = true
	}
	if v.Action != "" {
		f.follow(i, j, v.Action, at)
	}
	f.tellOp(o, before, *j, v)
	if v.StoodDown != nil && ruleStandDown {
		if err := f.message(ctx, *v.StoodDown, dispatch.MessageStoodDown, "", j); err != nil {
			return err
		}
	}
	o.settle(v)

	narrowed := j.For(f.who)
	o.result.Job = &narrowed
	return nil
}

// bounded is when the operation was done, not before the crew had the job nor
// before what its incident's clocks have behind them.
func (f *field) bounded(o *incoming, j dispatch.Job, i *incident) time.Time {
	from := j.CreatedAt
	if j.Crew != nil && *j.Crew == f.crew && j.AssignedAt != nil {
		from = *j.AssignedAt
	}
	at, told := dispatch.Performed(o.at, 0, from, f.now)
	if !told {
		o.told = false
	}
	return at
}

// follow is what becomes of the incident and of its other jobs.
func (f *field) follow(i *incident, j *dispatch.Job, a dispatch.Action, at time.Time) {
	var js []dispatch.Job
	for _, other := range f.jobs {
		if other.Incident == i.ID {
			js = append(js, *other)
		}
	}
	slices.SortFunc(js, func(a, b dispatch.Job) int { return compareIDs(a.ID, b.ID) })
	now, events := i.AfterFieldStep(a, *j, js, at, f.now, f.ground.calendar)
	if followed, changed := j.Follow(now); changed {
		followed.Version = j.Version
		*j = followed
	}
	if len(events) == 0 {
		return
	}
	scope := i.Scope()
	i.Incident = now
	f.changedIncidents[i.ID] = true
	for _, e := range events {
		f.later(func() { f.tellIncident(e, now, &scope, map[string]any{"job": j.Number}) })
	}
	for _, other := range js {
		if other.ID == j.ID || !other.Live() {
			continue
		}
		after, changed := other.Follow(now)
		if !changed {
			continue
		}
		*f.jobs[other.ID] = after
		f.changedJobs[other.ID] = true
		was := other.Scope()
		f.later(func() { f.tellJob("job.changed", after, &was, nil) })
	}
}

// save writes what has changed, and every operation with its verdict.
func (f *field) save(ctx context.Context) error {
	b := &pgx.Batch{}
	for _, id := range slices.SortedFunc(maps.Keys(f.changedIncidents), compareIDs) {
		queueIncident(b, *f.incidents[id])
	}
	for _, id := range slices.SortedFunc(maps.Keys(f.changedJobs), compareIDs) {
		queueJob(b, *f.jobs[id])
		f.namePhotos(b, *f.jobs[id])
	}
	for _, k := range f.conflicts {
		queueConflict(b, f.who.Authority, k)
	}
	if err := queueOps(b, f.who, f.crew, f.now, f.stored); err != nil {
		return err
	}
	if b.Len() == 0 {
		return nil
	}
	return f.tx.SendBatch(ctx, b).Close()
}
