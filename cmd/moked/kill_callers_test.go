package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
)

// acknowledged is a report that was answered with 201.
type acknowledged struct {
	key    string
	body   []byte
	id     string
	number string
}

// callers file reports without a pause, each again and again under its key
// until it is acknowledged.
type callers struct {
	t          *testing.T
	token      string
	urls       atomic.Pointer[[]string] // where to; whoever is asked may be dead
	http       *http.Client
	categories []string
	addresses  []string
	points     [][2]float64
	stopped    chan struct{}
	working    sync.WaitGroup

	mu      sync.Mutex
	acks    []acknowledged
	retries int
}

func (c *killable) callers(urls ...string) *callers {
	l := &callers{
		t: c.t, token: c.token, stopped: make(chan struct{}),
		http: &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
	}
	l.urls.Store(&urls)
	l.learn()
	return l
}

// learn asks the server what there is to report, and where.
func (l *callers) learn() {
	l.t.Helper()
	var catalogue struct {
		Categories []struct{ Code string }
	}
	l.get("/categories", &catalogue)
	for _, c := range catalogue.Categories {
		l.categories = append(l.categories, c.Code)
	}
	var districts struct {
		Areas []struct{ Center [2]float64 }
	}
	l.get("/areas?level=district", &districts)
	for _, d := range districts.Areas {
		for range 10 {
			p := [2]float64{d.Center[0] + (rand.Float64()-0.5)*0.006, d.Center[1] + (rand.Float64()-0.5)*0.006}
			l.points = append(l.points, p)
			var near struct{ Label string }
			l.get(fmt.Sprintf("/reverse?lat=%f&lon=%f", p[1], p[0]), &near)
			if near.Label != "" {
				l.addresses = append(l.addresses, near.Label)
			}
		}
	}
	if len(l.categories) == 0 || len(l.addresses) == 0 {
		l.t.Fatalf("%d categories, %d addresses", len(l.categories), len(l.addresses))
	}
}

func (l *callers) get(path string, into any) {
	l.t.Helper()
	status, answer, err := l.ask(http.MethodGet, path, "", nil)
	if err != nil || status != http.StatusOK {
		l.t.Fatalf("%s: %d %v\n%s", path, status, err, answer)
	}
	if err := json.Unmarshal(answer, into); err != nil {
		l.t.Fatalf("%s: %v\n%s", path, err, answer)
	}
}

func (l *callers) ask(method, path, key string, body []byte) (status int, answer []byte, err error) {
	urls := *l.urls.Load()
	r, err := http.NewRequest(method, urls[rand.IntN(len(urls))]+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Authorization", "Bearer "+l.token)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	got, err := l.http.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer got.Body.Close()
	answer, err = io.ReadAll(got.Body)
	return got.StatusCode, answer, err
}

// work has so many callers report until stop.
func (l *callers) work(n int) {
	for range n {
		l.working.Go(func() {
			for {
				select {
				case <-l.stopped:
					return
				case <-time.After(time.Duration(rand.IntN(8)) * time.Millisecond):
					if a, ok := l.report(uuid.NewString(), l.body()); ok {
						l.mu.Lock()
						l.acks = append(l.acks, a)
						l.mu.Unlock()
					}
				}
			}
		})
	}
}

// stop waits until every report that was begun is acknowledged.
func (l *callers) stop() {
	close(l.stopped)
	l.working.Wait()
}

func (l *callers) body() []byte {
	place := map[string]any{"text": l.addresses[rand.IntN(len(l.addresses))]}
	if rand.IntN(2) == 0 {
		p := l.points[rand.IntN(len(l.points))]
		place = map[string]any{"lon": p[0], "lat": p[1]}
	}
	body, err := json.Marshal(map[string]any{
		"channel": "phone", "category": l.categories[rand.IntN(len(l.categories))], "text": "מפגע " + uuid.NewString(),
		"place": place, "contact": map[string]any{"phone": fmt.Sprintf("050%07d", rand.IntN(1e7))},
	})
	if err != nil {
		panic(err)
	}
	return body
}

// report files one report until it is acknowledged.
func (l *callers) report(key string, body []byte) (acknowledged, bool) {
	for deadline := time.Now().Add(45 * time.Second); time.Now().Before(deadline); {
		status, answer, err := l.ask(http.MethodPost, "/reports", key, body)
		switch {
		case err == nil && status == http.StatusCreated:
			a := acknowledged{key: key, body: body}
			var filed struct{ ID, Number string }
			if err := json.Unmarshal(answer, &filed); err != nil || filed.ID == "" || filed.Number == "" {
				l.t.Errorf("an acknowledgement that says nothing: %v\n%s", err, answer)
				return a, false
			}
			a.id, a.number = filed.ID, filed.Number
			return a, true
		case err == nil && status != http.StatusServiceUnavailable && status != http.StatusTooManyRequests:
			l.t.Errorf("a report was refused: %d\n%s", status, answer)
			return acknowledged{}, false
		}
		l.mu.Lock()
		l.retries++
		l.mu.Unlock()
		time.Sleep(20 * time.Millisecond)
	}
	l.t.Errorf("report %s was never acknowledged", key)
	return acknowledged{}, false
}

func (l *callers) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.acks)
}

// more waits until so many more reports were acknowledged.
func (l *callers) more(n int) {
	l.t.Helper()
	for from, deadline := l.count(), time.Now().Add(time.Minute); l.count() < from+n; time.Sleep(2 * time.Millisecond) {
		if l.t.Failed() || time.Now().After(deadline) {
			l.t.Fatalf("%d reports acknowledged of %d", l.count()-from, n)
		}
	}
}

// again files every acknowledged report once more: each key must bring the
// same report.
func (l *callers) again() {
	l.t.Helper()
	parts := slices.Collect(slices.Chunk(l.acks, len(l.acks)/16+1))
	var all sync.WaitGroup
	for _, part := range parts {
		all.Go(func() {
			for _, a := range part {
				if b, ok := l.report(a.key, a.body); ok && (b.id != a.id || b.number != a.number) {
					l.t.Errorf("key %s was report %s (%s), and now is %s (%s)", a.key, a.number, a.id, b.number, b.id)
				}
			}
		})
	}
	all.Wait()
}
