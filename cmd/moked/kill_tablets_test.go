package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

// killedTablet is a crew's tablet with a job of its own. It writes notes, and
// sends them again until each has a result.
type killedTablet struct {
	callers
	device, job uuid.UUID
	seen        map[uuid.UUID]string // the results, by operation
}

// TestNoAcknowledgedOperationIsLost kills the program and the database while
// tablets send what they did: every operation that ever had a result happened
// once, and has the same result when it comes again.
func TestNoAcknowledgedOperationIsLost(t *testing.T) {
	if testing.Short() {
		t.Skip("it kills databases, which takes them a while")
	}
	c := newKillable(t)
	p := c.serve()
	desk := c.callers(p.url)
	var tablets []*killedTablet
	for n := range 4 {
		tablets = append(tablets, c.tablet(desk, n))
	}
	var group sync.WaitGroup
	stopped := make(chan struct{})
	for _, k := range tablets {
		group.Go(func() { k.work(stopped) })
	}
	point := func(url string) {
		desk.urls.Store(&[]string{url})
		for _, k := range tablets {
			k.urls.Store(&[]string{url})
		}
	}
	for range 3 {
		time.Sleep(time.Duration(200+rand.IntN(400)) * time.Millisecond)
		p.kill()
		p = c.serve()
		point(p.url)
		time.Sleep(time.Duration(200+rand.IntN(400)) * time.Millisecond)
		c.killDatabase(true)
	}
	time.Sleep(500 * time.Millisecond)
	close(stopped)
	group.Wait()
	all := 0
	for _, k := range tablets {
		var job struct {
			Job struct {
				Record struct{ Notes []struct{ ID uuid.UUID } }
			}
		}
		desk.get("/jobs/"+k.job.String(), &job)
		times := map[uuid.UUID]int{}
		for _, n := range job.Job.Record.Notes {
			times[n.ID]++
		}
		for id, status := range k.seen {
			if status == "applied" && times[id] != 1 {
				t.Errorf("an operation that was acknowledged happened %d times", times[id])
			}
		}
		for id := range times {
			if _, ok := k.seen[id]; !ok {
				t.Errorf("operation %s happened and nobody was told", id)
			}
		}
		all += len(k.seen)
	}
	t.Logf("%d operations acknowledged", all)
	if all < 40 {
		t.Errorf("only %d operations were acknowledged", all)
	}
}

// tablet makes a crew with a job, and its way in.
func (c *killable) tablet(desk *callers, n int) *killedTablet {
	c.t.Helper()
	post := func(path string, in, out any) {
		body, err := json.Marshal(in)
		if err != nil {
			c.t.Fatal(err)
		}
		status, answer, err := desk.ask(http.MethodPost, path, "", body)
		if err != nil || status >= 300 {
			c.t.Fatalf("%s: %d %v\n%s", path, status, err, answer)
		}
		if err := json.Unmarshal(answer, out); err != nil {
			c.t.Fatal(err)
		}
	}
	var crew struct{ Crew struct{ ID uuid.UUID } }
	post("/crews", map[string]any{"code": fmt.Sprint("kill-", n), "name": "צוות", "departments": []string{"inspection"}}, &crew)
	var filed struct {
		Jobs []struct {
			ID    uuid.UUID
			State string
		}
	}
	at := desk.points[n*len(desk.points)/8]
	report := map[string]any{"channel": "phone", "category": "waste-offence", "text": uuid.NewString(), "place": map[string]any{"lon": at[0] + float64(n)*0.001, "lat": at[1]}}
	post("/reports", report, &filed)
	var job struct{ Job struct{ Version int } }
	desk.get("/jobs/"+filed.Jobs[0].ID.String(), &job)
	post("/jobs/"+filed.Jobs[0].ID.String()+"/assign", map[string]any{"base_version": job.Job.Version, "crew": crew.Crew.ID}, &job)
	out, err := exec.Command(c.bin, "token", "create", "--authority", killableCode, "--role", "crew", "--crew", crew.Crew.ID.String(), "--data", c.dir).Output()
	if err != nil {
		c.t.Fatalf("moked token create: %v", err)
	}
	lines := strings.Fields(string(out))
	k := &killedTablet{device: uuid.New(), job: filed.Jobs[0].ID, seen: map[uuid.UUID]string{}}
	k.t, k.token, k.http = c.t, lines[len(lines)-1], &http.Client{Timeout: 10 * time.Second}
	k.urls.Store(desk.urls.Load())
	return k
}

// work writes notes and sends them, some in one request and some again with
// the next, until it is stopped and all have a result.
func (k *killedTablet) work(stopped chan struct{}) {
	var queue []map[string]any
	for n := 0; ; n++ {
		select {
		case <-stopped:
			if len(queue) == 0 {
				return
			}
		default:
			for range 1 + rand.IntN(4) {
				if len(k.seen)+len(queue) < 400 {
					queue = append(queue, map[string]any{
						"id": uuid.Must(uuid.NewV7()), "device": k.device, "kind": "job.note", "job": k.job, "base_version": 1,
						"performed_at": time.Now().UTC().Format(time.RFC3339Nano), "data": map[string]any{"text": fmt.Sprint("note ", n)},
					})
				}
			}
		}
		body, err := json.Marshal(map[string]any{"ops": queue})
		if err != nil {
			k.t.Error(err)
			return
		}
		status, answer, err := k.ask(http.MethodPost, "/sync", "", body)
		var out struct {
			Results []struct {
				ID             uuid.UUID
				Status, Reason string
			}
		}
		if err != nil || status != http.StatusOK || json.Unmarshal(answer, &out) != nil {
			if err == nil && status != http.StatusServiceUnavailable && status != http.StatusTooManyRequests && status != http.StatusOK {
				k.t.Errorf("a sync was refused: %d\n%s", status, answer)
				return
			}
			time.Sleep(20 * time.Millisecond)
			continue
		}
		for i, r := range out.Results {
			if was, ok := k.seen[r.ID]; ok && was != r.Status {
				k.t.Errorf("an operation was %s and now is %s", was, r.Status)
			}
			if r.ID != queue[i]["id"] || r.Status != "applied" {
				k.t.Errorf("result %d is %+v", i, r)
			}
			k.seen[r.ID] = r.Status
		}
		// Half of the time the answer is lost, and all is sent again.
		if rand.IntN(2) == 0 {
			queue = queue[len(out.Results):]
		}
		time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
	}
}
