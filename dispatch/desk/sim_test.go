//go:build !race

package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
	"moked/dispatch/feed"
	"moked/migrations/dbtest"
)

// The size of one run of the simulation.
const (
	simCrews   = 8
	simTablets = 20
	simOps     = 50 // of each tablet
	simJobs    = 30
	simDesk    = 20 // steps of the desk's people meanwhile
)

// TestFieldSimulation runs the sync against the model for many seeds: twenty
// tablets work offline, are cut off in the middle of a request, lose answers,
// are killed and send again, while the desk's people reassign, cancel, reopen
// and settle. Each operation happens once or is kept with a verdict, none is
// lost or doubled, and every entry is on its own job. MOKED_SEEDS says how many
// seeds ("make test" asks for 1,000), MOKED_SEED which one alone.
func TestFieldSimulation(t *testing.T) {
	seeds := 20
	if n, err := strconv.Atoi(os.Getenv("MOKED_SEEDS")); err == nil {
		seeds = n
	}
	first := 1
	if n, err := strconv.Atoi(os.Getenv("MOKED_SEED")); err == nil {
		first, seeds = n, 1
	}
	var next atomic.Int64
	next.Store(int64(first))
	var group sync.WaitGroup
	var ops, cuts atomic.Int64
	for range min(seeds, max(2, runtime.GOMAXPROCS(0))) {
		c := cityOn(t, dbtest.New(t), true, feed.Options{Positions: time.Hour, Mark: time.Hour})
		group.Add(1)
		go func() {
			defer group.Done()
			mine := 0
			for !t.Failed() {
				seed := next.Add(1) - 1
				if seed >= int64(first+seeds) {
					return
				}
				if mine++; mine == 3 || mine%100 == 0 {
					// As autovacuum would have by now.
					if _, err := c.pool.Exec(c.ctx, `analyze`); err != nil {
						t.Error(err)
					}
				}
				s := newSimulation(c, uint64(seed))
				if err := s.run(); err != nil {
					t.Errorf("seed %d: %v", seed, err)
				}
				ops.Add(int64(len(s.model.ops)))
				cuts.Add(int64(s.cuts))
			}
		}()
	}
	group.Wait()
	t.Logf("%d seeds, %d operations, %d cuts", seeds, ops.Load(), cuts.Load())
}

// simulation is one seed's world in a city that the seeds before it have used.
type simulation struct {
	*city
	rand    *rand.Rand
	seed    uint64
	crews   []uuid.UUID
	jobs    []uuid.UUID
	tablets []*simTablet
	model   *model
	cuts    int
	begun   time.Time
}

type simTablet struct {
	device uuid.UUID
	crew   uuid.UUID
	skew   time.Duration
	left   int           // operations still to be made
	queue  []dispatch.Op // durable: a kill loses nothing of it
	known  []dispatch.Job
	photos int
}

func newSimulation(c *city, seed uint64) *simulation {
	s := &simulation{
		city: c, rand: rand.New(rand.NewPCG(seed, 106)), seed: seed,
		model: &model{jobs: map[uuid.UUID]*modelJob{}, ops: map[uuid.UUID]*modelOp{}, contests: map[contest]int{}},
	}
	c.later(24 * time.Hour)
	s.begun = c.now.UTC()
	return s
}

func (s *simulation) id() uuid.UUID {
	var id uuid.UUID
	for n := range id {
		id[n] = byte(s.rand.UintN(256))
	}
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return id
}

// found makes the seed's crews, and jobs that they have.
func (s *simulation) found() error {
	b := &pgx.Batch{}
	for n := range simCrews {
		id := s.id()
		s.crews = append(s.crews, id)
		b.Queue(`insert into crew (id, authority, code, name, departments) values ($1, $2, $3, $3, '{electricity}')`, id, cityCode, fmt.Sprintf("s%d-%d", s.seed, n))
	}
	for n := range simJobs {
		job, in := s.id(), s.id()
		s.jobs = append(s.jobs, job)
		number := fmt.Sprintf("S%d-%d", s.seed, n)
		at := spread()
		b.Queue(`insert into incident (id, authority, number, state, category, department, priority, text, geom, precision, score, label, district, last_report_at, opened_at)
			values ($1, $2, $3, 'open', 'street-light-out', 'electricity', 4, 'פנס', st_setsrid(st_makepoint($4, $5), 4326), 'point', 1, '', 'west', $6, $6)`,
			in, cityCode, number, at[0], at[1], s.begun)
		b.Queue(`insert into clock (incident, kind, n, unit, started_at, due_at) values ($1, 'response', 4, 'clock_hours', $2, $3)`, in, s.begun, s.begun.Add(4*time.Hour))
		b.Queue(`insert into job (id, authority, number, version, state, incident, crew, department, created_at, assigned_at)
			values ($1, $2, $3, 2, 'assigned', $4, $5, 'electricity', $6, $6)`, job, cityCode, number, in, s.crews[s.rand.IntN(simCrews)], s.begun)
	}
	if err := s.pool.SendBatch(s.ctx, b).Close(); err != nil {
		return err
	}
	for n := range simTablets {
		s.tablets = append(s.tablets, &simTablet{
			device: s.id(), crew: s.crews[n%simCrews], left: simOps,
			skew: time.Duration(s.rand.IntN(7200)-3600) * time.Second,
		})
	}
	if err := s.told(); err != nil {
		return err
	}
	for _, t := range s.tablets {
		s.learn(t)
	}
	return nil
}

// told has the model take up what the desk's people made of the jobs.
func (s *simulation) told() error {
	rows, _ := s.pool.Query(s.ctx, `
select j.id, j.state, j.paused_from, j.crew, j.former, j.reopened_at, j.incident, i.state = 'open', j.assigned_at, j.created_at, j.record
from job j join incident i on i.id = j.incident where j.id = any($1)`, s.jobs)
	var (
		id       uuid.UUID
		paused   dispatch.JobState
		crew     *uuid.UUID
		former   []uuid.UUID
		assigned *time.Time
		record   dispatch.Record
		j        modelJob
	)
	scan := []any{&id, &j.state, &paused, &crew, &former, &j.epoch, &j.incident, &j.open, &assigned, &j.created, &record}
	_, err := pgx.ForEachRow(rows, scan, func() error {
		n := j
		n.had, n.contested, n.crew, n.held, n.holdAt, n.holdOp = map[uuid.UUID]bool{}, map[contest]bool{}, uuid.Nil, false, time.Time{}, uuid.Nil
		for _, k := range former {
			n.had[k] = true
		}
		if crew != nil {
			n.crew = *crew
		}
		if n.assigned = n.created; assigned != nil {
			n.assigned = *assigned
		}
		if n.state == dispatch.JobPaused {
			n.state, n.held = paused, true
		}
		if record.Hold != nil {
			n.holdAt, n.holdOp = record.Hold.At, record.Hold.Op
		}
		record = dispatch.Record{}
		s.model.jobs[id] = &n
		return nil
	})
	if err != nil {
		return err
	}
	rows, _ = s.pool.Query(s.ctx, `select job, kind, crew from conflict where job = any($1) and settled_at is null`, s.jobs)
	var k contest
	_, err = pgx.ForEachRow(rows, []any{&k.job, &k.kind, &k.crew}, func() error { s.model.jobs[k.job].contested[k] = true; return nil })
	return err
}

func (s *simulation) run() error {
	if err := s.found(); err != nil {
		return err
	}
	every := simTablets * simOps / 8 / simDesk // a turn makes some eight operations
	for turn := 0; ; turn++ {
		s.later(time.Duration(s.rand.IntN(60)) * time.Second)
		var waiting []*simTablet
		for _, t := range s.tablets {
			if t.left > 0 || len(t.queue) > 0 {
				waiting = append(waiting, t)
			}
		}
		if len(waiting) == 0 {
			break
		}
		t := waiting[s.rand.IntN(len(waiting))]
		for range min(t.left, s.rand.IntN(17)) {
			s.later(time.Duration(s.rand.IntN(20000)) * time.Millisecond)
			t.queue = append(t.queue, s.work(t))
			t.left--
		}
		if s.rand.IntN(3) == 0 || t.left == 0 {
			if err := s.contact(t); err != nil {
				return fmt.Errorf("turn %d: %w", turn, err)
			}
		}
		if turn%max(1, every) == 0 {
			if err := s.deskWork(); err != nil {
				return fmt.Errorf("turn %d: %w", turn, err)
			}
		}
	}
	if err := s.compare(); err != nil {
		return err
	}
	return s.audit()
}

var simKinds = []dispatch.OpKind{
	dispatch.OpNote, dispatch.OpNote, dispatch.OpCheck, dispatch.OpCheck, dispatch.OpMaterial, dispatch.OpMaterial, dispatch.OpPhoto, dispatch.OpPhoto,
	dispatch.OpSign, dispatch.OpAccept, dispatch.OpDepart, dispatch.OpArrive, dispatch.OpPause, dispatch.OpResume, dispatch.OpPause, dispatch.OpResume,
	dispatch.OpComplete, dispatch.OpComplete, dispatch.OpDecline,
}

// work is one thing that a crew does with a job that its tablet knows of, or
// once in a while with one that it doesn't.
func (s *simulation) work(t *simTablet) dispatch.Op {
	op := dispatch.Op{
		ID: s.id(), Device: t.device, Kind: simKinds[s.rand.IntN(len(simKinds))],
		PerformedAt: s.city.now.Add(t.skew).UTC().Truncate(time.Millisecond),
	}
	switch {
	case len(t.known) > 0 && s.rand.IntN(40) > 0:
		j := t.known[s.rand.IntN(len(t.known))]
		op.Job, op.BaseVersion = j.ID, j.Version
	case s.rand.IntN(2) == 0:
		op.Job, op.BaseVersion = s.jobs[s.rand.IntN(len(s.jobs))], 2
	default:
		op.Job = s.id()
	}
	d := &op.Data
	switch op.Kind {
	case dispatch.OpNote:
		d.Text = op.ID.String()
	case dispatch.OpCheck:
		d.Code, d.Value = "c"+strconv.Itoa(s.rand.IntN(3)), s.rand.IntN(2) == 0
	case dispatch.OpMaterial:
		d.Code, d.Add = "m"+strconv.Itoa(s.rand.IntN(2)), float64(1+s.rand.IntN(40))/4
	case dispatch.OpPhoto:
		t.photos++
		d.SHA256, d.PhotoKind = sha(op.ID.String()), dispatch.PhotoAfter
	case dispatch.OpSign:
		d.Name = op.ID.String()
	case dispatch.OpPause, dispatch.OpDecline:
		d.Reason = "סיבה"
	}
	return op
}

// learn is the tablet's look at its crew's jobs: it forgets none that it knew.
func (s *simulation) learn(t *simTablet) {
	for _, id := range s.jobs {
		if s.model.jobs[id].crew != t.crew {
			continue
		}
		at := slices.IndexFunc(t.known, func(j dispatch.Job) bool { return j.ID == id })
		if at < 0 {
			t.known = append(t.known, dispatch.Job{ID: id})
			at = len(t.known) - 1
		}
		t.known[at].Version = max(t.known[at].Version, s.model.jobs[id].epoch, 2)
	}
}

// contact is a request of a tablet, with what a bad network makes of it.
func (s *simulation) contact(t *simTablet) error {
	n := len(t.queue)
	if s.rand.IntN(2) == 0 {
		n = s.rand.IntN(n + 1)
	}
	ops := slices.Clone(t.queue[:n])
	if len(ops) > 0 && s.rand.IntN(30) == 0 {
		// Another body under an id that the server knows.
		return s.reuse(t, ops[0])
	}
	sent := s.city.now.Add(t.skew)
	in := Syncing{SentAt: &sent}
	for _, op := range ops {
		body, err := json.Marshal(op)
		if err != nil {
			return err
		}
		in.Ops = append(in.Ops, body)
	}
	who := dispatch.Actor{Authority: cityCode, Role: dispatch.CrewMember, Name: "צוות", Crew: t.crew, Kind: dispatch.StaffCrew}
	luck := s.rand.IntN(60)
	if luck >= 50 {
		return nil // the request is lost
	}
	ctx := s.ctx
	if luck == 1 && len(ops) > 0 { // a lost connection is dear
		// The server dies under it, at some point.
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(s.rand.IntN(6000))*time.Microsecond)
		defer cancel()
		s.cuts++
	}
	out, err := s.Sync(ctx, who, in)
	if luck == 1 {
		return s.cut(t, ops, out, err)
	}
	if err != nil {
		return err
	}
	if len(out.Results) != len(ops) || out.More {
		return fmt.Errorf("%d results of %d operations", len(out.Results), len(ops))
	}
	if err := s.agree(t, ops, out.Results); err != nil {
		return err
	}
	if luck >= 40 {
		return nil // the answer is lost: all is sent again
	}
	t.queue = t.queue[len(ops):]
	s.learn(t)
	return nil
}

// agree compares results with what the model says.
func (s *simulation) agree(t *simTablet, ops []dispatch.Op, results []OpResult) error {
	skew := t.skew
	if skew.Abs() < 2*time.Second {
		skew = 0
	}
	now := s.city.now.UTC().Truncate(time.Millisecond)
	for n, r := range results {
		want := s.model.hears(ops[n], t.crew, skew, now)
		reason := r.Reason
		if reason == dispatch.WhyClock {
			reason = ""
		}
		if r.ID != ops[n].ID.String() || r.Status != want.status || reason != want.reason {
			return fmt.Errorf("%s of %s: %s/%s, the model says %s/%s", ops[n].Kind, ops[n].Job, r.Status, r.Reason, want.status, want.reason)
		}
	}
	return nil
}

// cut is a request that ended with the server: what the database has of it
// happened, in order, and nothing else; what had a result is there.
func (s *simulation) cut(t *simTablet, ops []dispatch.Op, out Synced, err error) error {
	var refusal *dispatch.Error
	if errors.As(err, &refusal) {
		return err
	}
	for range 50 { // the server lets a cut transaction go in the background
		var busy int
		if err := s.pool.QueryRow(s.ctx, `select count(*) from pg_locks l join pg_stat_activity a using (pid)
			where l.locktype = 'tuple' or a.datname = current_database() and a.state in ('active', 'idle in transaction') and a.pid <> pg_backend_pid()`).Scan(&busy); err != nil {
			return err
		}
		if busy == 0 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	there := map[uuid.UUID]OpResult{}
	ids := make([]uuid.UUID, len(ops))
	for n, op := range ops {
		ids[n] = op.ID
	}
	rows, _ := s.pool.Query(s.ctx, `select id, status, reason from op where authority = $1 and id = any($2)`, cityCode, ids)
	var (
		id uuid.UUID
		r  OpResult
	)
	if _, err := pgx.ForEachRow(rows, []any{&id, &r.Status, &r.Reason}, func() error {
		r.ID = id.String()
		there[id] = r
		return nil
	}); err != nil {
		return err
	}
	for n := range out.Results {
		if _, ok := there[ops[n].ID]; !ok {
			return fmt.Errorf("%s has a result and isn't in the database", ops[n].Kind)
		}
	}
	gap := false
	for n, op := range ops {
		r, ok := there[op.ID]
		if gap && ok && s.model.ops[op.ID] == nil {
			return fmt.Errorf("%s happened before what was done before it", op.Kind)
		}
		if gap = gap || !ok; ok {
			if err := s.agree(t, ops[n:n+1], []OpResult{r}); err != nil {
				return fmt.Errorf("after a cut: %w", err)
			}
		}
	}
	return nil
}

// reuse sends another operation under an id of the queue's, after it.
func (s *simulation) reuse(t *simTablet, op dispatch.Op) error {
	if s.model.ops[op.ID] == nil {
		return nil
	}
	other := op
	other.Data.Note = "אחר"
	body, err := json.Marshal(other)
	if err != nil {
		return err
	}
	who := dispatch.Actor{Authority: cityCode, Role: dispatch.CrewMember, Name: "צוות", Crew: t.crew, Kind: dispatch.StaffCrew}
	out, err := s.Sync(s.ctx, who, Syncing{Ops: []json.RawMessage{body}})
	if err != nil {
		return err
	}
	if r := out.Results[0]; r.Status != dispatch.OpRefused || r.Reason != dispatch.WhyIDReused {
		return fmt.Errorf("another body under a known id: %s/%s", r.Status, r.Reason)
	}
	return nil
}
