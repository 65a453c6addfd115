package fieldapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"
	"github.com/jackc/pgx/v5"
	"github.com/tidwall/gjson"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/geo/postgis"
	"moked/migrations/dbtest"
)

const (
	drainCrews   = 100
	drainTablets = 200
	drainJobs    = 8 // of a crew
	drainBatch   = 25
	drainOps     = 100 // of a tablet
	liveEvery    = 50 * time.Millisecond
)

// BenchmarkDrain has 200 tablets come back at once with 100 operations each,
// sent 25 at a time to a server whose database is as durable as a real one, and
// measures until all are settled. Meanwhile a dispatcher files twenty reports a
// second and waits for each to show on a console: that is the live p99.
func BenchmarkDrain(b *testing.B) {
	pool, err := postgis.Connect(b.Context(), dbtest.Server(b).URL())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(pool.Close)
	s := serverOn(b, pool, theTown())
	s.follow(b)
	for b.Loop() {
		s.drain(b)
	}
	b.ReportMetric(0, "ns/op")
}

// follow keeps the crews' plans current meanwhile, as a server does.
func (s *server) follow(b *testing.B) {
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.desk.FollowPlans(ctx) }()
	b.Cleanup(func() {
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			b.Error(err)
		}
	})
}

func (s *server) drain(b *testing.B) {
	crews, jobs := s.drainJobs(b)
	var batches [][][]byte // of each tablet
	for n := range drainTablets {
		crew := n % drainCrews
		batches = append(batches, shift(b, uuid.New(), jobs[crews[crew]]))
	}
	live := s.watch(b)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: drainTablets}}
	var group sync.WaitGroup
	var settled atomic.Int64
	start := time.Now()
	for n := range drainTablets {
		secret := s.token(townCode, desk.NewToken{Role: dispatch.CrewMember, Crew: &crews[n%drainCrews]}).secret
		group.Go(func() {
			for _, body := range batches[n] {
				r, err := http.NewRequest("POST", s.url+"/api/v1/sync", strings.NewReader(string(body)))
				if err != nil {
					b.Error(err)
					return
				}
				r.Header.Set("Authorization", "Bearer "+secret)
				r.Header.Set("Content-Type", "application/json")
				w, err := client.Do(r)
				if err != nil {
					b.Error(err)
					return
				}
				answer, err := io.ReadAll(w.Body)
				w.Body.Close()
				if err != nil || w.StatusCode != http.StatusOK {
					b.Errorf("%d %v %.200s", w.StatusCode, err, answer)
					return
				}
				gjson.GetBytes(answer, "results").ForEach(func(_, r gjson.Result) bool {
					if r.Get("status").Str != "refused" {
						settled.Add(1)
					}
					return true
				})
			}
		})
	}
	group.Wait()
	took := time.Since(start).Seconds()
	times := live()
	if n := settled.Load(); n != drainTablets*drainOps {
		b.Fatalf("%d operations were settled", n)
	}
	b.ReportMetric(took, "drain-s")
	b.ReportMetric(drainTablets*drainOps/took, "ops/s")
	b.ReportMetric(float64(at(times, .5))/1e6, "live-p50-ms")
	b.ReportMetric(float64(at(times, .99))/1e6, "live-p99-ms")
}

// drainJobs makes crews with jobs of their own.
func (s *server) drainJobs(b *testing.B) (crews []uuid.UUID, jobs map[uuid.UUID][]uuid.UUID) {
	b.Helper()
	jobs = map[uuid.UUID][]uuid.UUID{}
	run := uuid.NewString()[:8]
	q := &pgx.Batch{}
	for n := range drainCrews {
		crew := uuid.New()
		crews = append(crews, crew)
		q.Queue(`insert into crew (id, authority, code, name, departments) values ($1, $2, $3, $3, '{electricity}')`, crew, townCode, fmt.Sprint("d", run, n))
		for k := range drainJobs {
			job, in, number := uuid.New(), uuid.New(), fmt.Sprint("D", run, "-", n, "-", k)
			jobs[crew] = append(jobs[crew], job)
			_, where, _ := s.house(n*drainJobs + k)
			q.Queue(`insert into incident (id, authority, number, state, category, department, priority, text, geom, precision, score, label, last_report_at, opened_at)
				values ($1, $2, $3, 'open', 'street-light-out', 'electricity', 4, 'פנס', st_setsrid(st_makepoint($4, $5), 4326), 'house', 1, '', now(), now() - interval '5 h')`,
				in, townCode, number, where[0], where[1])
			q.Queue(`insert into clock (incident, kind, n, unit, started_at, due_at) values ($1, 'response', 4, 'clock_hours', now() - interval '5 h', now())`, in)
			q.Queue(`insert into job (id, authority, number, version, state, incident, crew, department, created_at, assigned_at)
				values ($1, $2, $3, 2, 'assigned', $4, $5, 'electricity', now() - interval '5 h', now() - interval '5 h')`, job, townCode, number, in, crew)
		}
	}
	s.must(s.pool.SendBatch(b.Context(), q).Close())
	return crews, jobs
}

// shift is a tablet's day: each job's life with what was written down, in
// batches ready to send.
func shift(b *testing.B, device uuid.UUID, jobs []uuid.UUID) (bodies [][]byte) {
	b.Helper()
	kinds := []dispatch.OpKind{
		dispatch.OpAccept, dispatch.OpDepart, dispatch.OpArrive, dispatch.OpPhoto, dispatch.OpCheck, dispatch.OpCheck, dispatch.OpMaterial,
		dispatch.OpNote, dispatch.OpPause, dispatch.OpResume, dispatch.OpPhoto, dispatch.OpComplete, dispatch.OpNote,
	}
	var ops []dispatch.Op
	at := time.Now().Add(-4 * time.Hour)
	for n := range drainOps {
		id, err := uuid.NewV7()
		if err != nil {
			b.Fatal(err)
		}
		at = at.Add(2 * time.Minute)
		op := dispatch.Op{ID: id, Device: device, Kind: kinds[n%len(kinds)], Job: jobs[n/len(kinds)%len(jobs)], BaseVersion: 2, PerformedAt: at.UTC().Truncate(time.Millisecond)}
		op.Data = dispatch.OpData{Text: "הוחלפה נורה ונבדק", Reason: "חסר חלק", Code: fmt.Sprint("c", n%3), Value: true, Add: 1, SHA256: strings.Repeat(fmt.Sprintf("%08x", n), 8)}
		ops = append(ops, op)
	}
	for part := range slices.Chunk(ops, drainBatch) {
		body, err := json.Marshal(map[string]any{"sent_at": time.Now(), "ops": part})
		if err != nil {
			b.Fatal(err)
		}
		bodies = append(bodies, body)
	}
	return bodies
}

// watch files reports at a steady pace until it is asked for the times from
// each request to its frame at a console.
func (s *server) watch(b *testing.B) (times func() []time.Duration) {
	b.Helper()
	d := s.as(dispatch.Dispatcher)
	var known catalogue
	d.get("/categories").is(http.StatusOK).into(&known)
	alone := known.Categories[slices.IndexFunc(known.Categories, func(k dispatch.Category) bool { return k.Merge == nil && !k.Retired })].Code
	conn, w, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.url, "http")+"/api/v1/feed", http.Header{"Authorization": {"Bearer " + d.secret}})
	if err != nil {
		b.Fatal(err)
	}
	w.Body.Close()
	var (
		mu    sync.Mutex
		shown = map[string]time.Time{}
		sent  = map[string]time.Time{}
		stop  = make(chan struct{})
		group sync.WaitGroup
	)
	go func() {
		for {
			_, frame, err := conn.ReadMessage()
			if err != nil {
				return
			}
			now := time.Now()
			gjson.ParseBytes(frame).ForEach(func(_, e gjson.Result) bool {
				if text := e.Get("incident.text").Str; strings.HasPrefix(text, "live ") {
					mu.Lock()
					if _, ok := shown[text]; !ok {
						shown[text] = now
					}
					mu.Unlock()
				}
				return true
			})
		}
	}()
	group.Go(func() {
		tick := time.NewTicker(liveEvery)
		defer tick.Stop()
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			case <-tick.C:
			}
			group.Go(func() {
				text := "live " + uuid.NewString()
				mu.Lock()
				sent[text] = time.Now()
				mu.Unlock()
				in := s.told(n*7 + 1)
				in["category"], in["text"] = alone, text
				d.post("/reports", in).is(http.StatusCreated)
			})
		}
	})
	return func() (all []time.Duration) {
		close(stop)
		group.Wait()
		for range 500 {
			mu.Lock()
			missing := len(sent) - len(shown)
			mu.Unlock()
			if missing <= 0 {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		conn.Close()
		mu.Lock()
		defer mu.Unlock()
		for text, at := range sent {
			came, ok := shown[text]
			if !ok {
				b.Fatalf("only %d of %d reports were seen", len(shown), len(sent))
			}
			all = append(all, came.Sub(at))
		}
		slices.Sort(all)
		return all
	}
}
