//go:build !race

package desk

import (
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// deskWork is one step of the desk's people: on the state as it is they
// reassign, cancel, reopen, or settle a conflict.
func (s *simulation) deskWork() error {
	if err := s.compare(); err != nil {
		return err
	}
	who := s.dispatcher()
	id := s.jobs[s.rand.IntN(len(s.jobs))]
	j, err := s.Job(s.ctx, who, id)
	if err != nil {
		return err
	}
	step := Step{BaseVersion: j.Version, Reason: "סיבה"}
	var refusal *dispatch.Error
	switch n := s.rand.IntN(10); {
	case n < 5:
		step.Crew = s.crews[s.rand.IntN(len(s.crews))]
		if j.State == dispatch.JobDone || j.State == dispatch.JobCancelled {
			if j, err = s.ReopenJob(s.ctx, who, id, step); err != nil {
				break
			}
			step.BaseVersion = j.Version
		}
		_, err = s.AssignJob(s.ctx, who, id, step)
	case n < 7:
		_, err = s.CancelJob(s.ctx, who, id, step)
	case n < 8:
		_, err = s.CompleteJob(s.ctx, who, id, step)
	default:
		// Those of the seeds before wait on.
		rows, _ := s.pool.Query(s.ctx, `select id from conflict where job = any($1) and settled_at is null order by opened_at, job, kind, crew`, s.jobs)
		open, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		if err != nil || len(open) == 0 {
			return err
		}
		k, err := s.Conflict(s.ctx, who, open[s.rand.IntN(len(open))])
		if err != nil {
			return err
		}
		if _, err := s.SettleConflict(s.ctx, who, k.ID, Settling{Choice: k.Choices[s.rand.IntN(len(k.Choices))]}); err != nil {
			return fmt.Errorf("settling a %s: %w", k.Kind, err)
		}
	}
	if err != nil && !errors.As(err, &refusal) {
		return err
	}
	return s.told()
}

// compare holds the jobs against the model.
func (s *simulation) compare() error {
	rows, _ := s.pool.Query(s.ctx, `select id, state, paused_from, crew from job where id = any($1)`, s.jobs)
	var (
		id            uuid.UUID
		state, paused dispatch.JobState
		crew          *uuid.UUID
	)
	_, err := pgx.ForEachRow(rows, []any{&id, &state, &paused, &crew}, func() error {
		m := s.model.jobs[id]
		want, from := m.state, dispatch.JobState("")
		if m.held {
			want, from = dispatch.JobPaused, m.state
		}
		has := uuid.Nil
		if crew != nil {
			has = *crew
		}
		if state != want || paused != from || has != m.crew {
			return fmt.Errorf("job %s is %s (%s) by %s, the model says %s (%s) by %s", id, state, paused, has, want, from, m.crew)
		}
		return nil
	})
	return err
}

// audit is the end: everything that was sent is there once, with one verdict,
// and every entry is on its own job and on no other.
func (s *simulation) audit() error {
	devices := []uuid.UUID{}
	for _, t := range s.tablets {
		devices = append(devices, t.device)
	}
	rows, _ := s.pool.Query(s.ctx, `select id, job, kind, data, at, status, reason from op where device = any($1) order by n`, devices)
	type entry struct {
		id, job        uuid.UUID
		kind           dispatch.OpKind
		data           dispatch.OpData
		at             time.Time
		status, reason string
	}
	want := map[uuid.UUID]*dispatch.Record{}
	for _, id := range s.jobs {
		want[id] = &dispatch.Record{Checks: map[string]dispatch.Check{}, Materials: map[string]float64{}}
	}
	stored := 0
	var e entry
	_, err := pgx.ForEachRow(rows, []any{&e.id, &e.job, &e.kind, &e.data, &e.at, &e.status, &e.reason}, func() error {
		stored++
		m := s.model.ops[e.id]
		if m == nil {
			return fmt.Errorf("%s %s was never sent", e.kind, e.id)
		}
		if string(m.status) != e.status {
			return fmt.Errorf("%s is stored as %s, its tablet was told %s", e.kind, e.status, m.status)
		}
		r := want[e.job]
		if e.status == "refused" || r == nil {
			return nil
		}
		switch e.kind {
		case dispatch.OpNote:
			r.Notes = append(r.Notes, dispatch.RecordNote{ID: e.id})
		case dispatch.OpPhoto:
			r.Photos = append(r.Photos, dispatch.RecordPhoto{SHA256: e.data.SHA256})
		case dispatch.OpMaterial:
			r.Materials[e.data.Code] += e.data.Add
		case dispatch.OpCheck:
			if was, ok := r.Checks[e.data.Code]; !ok || e.at.After(was.At) || e.at.Equal(was.At) && compareIDs(e.id, was.Op) > 0 {
				r.Checks[e.data.Code] = dispatch.Check{Value: e.data.Value, At: e.at, Op: e.id}
			}
		case dispatch.OpSign:
			if was := r.Signature; was == nil || e.at.After(was.At) || e.at.Equal(was.At) && compareIDs(e.id, was.Op) > 0 {
				r.Signature = &dispatch.Signature{Name: e.data.Name, At: e.at, Op: e.id}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if sent := simTablets * simOps; stored != sent || len(s.model.ops) != sent {
		return fmt.Errorf("%d operations are stored of %d", stored, sent)
	}
	if err := s.auditRecords(want); err != nil {
		return err
	}
	return s.auditNews(devices)
}

func (s *simulation) auditRecords(want map[uuid.UUID]*dispatch.Record) error {
	rows, _ := s.pool.Query(s.ctx, `select id, record from job where id = any($1)`, s.jobs)
	var (
		id     uuid.UUID
		record dispatch.Record
	)
	_, err := pgx.ForEachRow(rows, []any{&id, &record}, func() error {
		r, w := record, want[id]
		record = dispatch.Record{}
		notes, photos := map[uuid.UUID]bool{}, map[string]bool{}
		for _, n := range r.Notes {
			notes[n.ID] = true
		}
		for _, p := range r.Photos {
			photos[p.SHA256] = true
		}
		for _, n := range w.Notes {
			if !notes[n.ID] {
				return fmt.Errorf("job %s lacks a note", id)
			}
		}
		for _, p := range w.Photos {
			if !photos[p.SHA256] {
				return fmt.Errorf("job %s lacks a photo", id)
			}
		}
		if len(r.Notes) != len(w.Notes) || len(r.Photos) != len(w.Photos) {
			return fmt.Errorf("job %s has %d notes and %d photos, want %d and %d", id, len(r.Notes), len(r.Photos), len(w.Notes), len(w.Photos))
		}
		for code, sum := range w.Materials {
			if r.Materials[code] != sum {
				return fmt.Errorf("job %s used %v of %s, want %v", id, r.Materials[code], code, sum)
			}
		}
		same := func(a, b dispatch.Check) bool { return a.Value == b.Value && a.Op == b.Op && a.At.Equal(b.At) }
		if !maps.EqualFunc(r.Checks, w.Checks, same) {
			return fmt.Errorf("job %s is ticked %v, want %v", id, r.Checks, w.Checks)
		}
		if (r.Signature == nil) != (w.Signature == nil) || r.Signature != nil && r.Signature.Op != w.Signature.Op {
			return fmt.Errorf("job %s is signed %v, want %v", id, r.Signature, w.Signature)
		}
		return nil
	})
	return err
}

// auditNews: every conflict was opened once, every crew that was stood down
// was told, and the log's last word on each job is the job.
func (s *simulation) auditNews(devices []uuid.UUID) error {
	got := map[contest]int{}
	rows, _ := s.pool.Query(s.ctx, `select job, kind, crew, count(*) from conflict where job = any($1) group by 1, 2, 3`, s.jobs)
	var (
		k contest
		n int
	)
	if _, err := pgx.ForEachRow(rows, []any{&k.job, &k.kind, &k.crew, &n}, func() error { got[k] = n; return nil }); err != nil {
		return err
	}
	if !maps.Equal(got, s.model.contests) {
		return fmt.Errorf("the conflicts are %v, want %v", got, s.model.contests)
	}
	var told, wrong int
	if err := s.pool.QueryRow(s.ctx, `select count(*) from message where job = any($1) and kind = 'stood_down' and sender ->> 'role' = 'crew'`, s.jobs).Scan(&told); err != nil {
		return err
	}
	if told != s.model.stoodDown {
		return fmt.Errorf("%d crews were told that they are stood down, want %d", told, s.model.stoodDown)
	}
	err := s.pool.QueryRow(s.ctx, `
select count(*) from job j where j.id = any($1) and j.version > 2 and j.version is distinct from (
	select (e.body ->> 'version')::int from event e where e.incident = j.incident and e.object = j.id and e.noun = 'job' order by e.seq desc limit 1)`, s.jobs).Scan(&wrong)
	if err != nil {
		return err
	}
	if wrong > 0 {
		return fmt.Errorf("%d jobs aren't what the log says last", wrong)
	}
	return nil
}
