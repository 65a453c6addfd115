package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// watcher is a dispatcher's screen: a fold of the feed from its beginning,
// which goes on from where it was, at whichever process answers.
type watcher struct {
	t     *testing.T
	token string
	log   string
	urls  func() []string

	mu      sync.Mutex
	conn    *websocket.Conn
	closed  bool
	seq     int64 // of the last entry
	upto    int64
	resumed int
	objects map[string]map[string]any // by noun and id
	reports map[string]int            // how often a report's filing was told, by number
}

// watch follows the feed from its beginning until the test ends; urls lists
// the processes to ask, the first that answers serves.
func (l *callers) watch(urls func() []string) *watcher {
	l.t.Helper()
	w := &watcher{t: l.t, token: l.token, urls: urls, objects: map[string]map[string]any{}, reports: map[string]int{}}
	for _, noun := range watched {
		w.objects[noun] = map[string]any{}
	}
	w.log = l.snapshot().log
	var done sync.WaitGroup
	done.Go(w.run)
	l.t.Cleanup(func() {
		w.mu.Lock()
		w.closed = true
		if w.conn != nil {
			w.conn.Close()
		}
		w.mu.Unlock()
		done.Wait()
	})
	return w
}

func (w *watcher) run() {
	for first := true; ; first = false {
		for _, url := range w.urls() {
			w.follow(url, first)
		}
		w.mu.Lock()
		closed := w.closed
		w.mu.Unlock()
		if closed {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// follow reads from one process until it is gone.
func (w *watcher) follow(url string, first bool) {
	w.mu.Lock()
	at := fmt.Sprintf("%s/api/v1/feed?since=%d&log=%s", strings.Replace(url, "http", "ws", 1), w.upto, w.log)
	w.mu.Unlock()
	conn, _, err := websocket.DefaultDialer.Dial(at, http.Header{"Authorization": {"Bearer " + w.token}})
	if err != nil {
		return
	}
	defer conn.Close()
	w.mu.Lock()
	w.conn = conn
	if !first {
		w.resumed++
	}
	closed := w.closed
	w.mu.Unlock()
	for !closed {
		_, frame, err := conn.ReadMessage()
		if err != nil {
			return
		}
		w.take(frame)
	}
}

var watched = []string{"incident", "job", "crew"}

// take folds one frame.
func (w *watcher) take(frame []byte) {
	var entries []map[string]json.RawMessage
	if err := json.Unmarshal(frame, &entries); err != nil {
		w.t.Errorf("a frame that is no array: %v\n%s", err, frame)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range entries {
		switch string(e["type"]) {
		case `"resync"`:
			w.t.Error("a resync, though the log is whole")
			continue
		case `"upto"`:
			w.upto = decode[int64](w.t, e["upto"])
			continue
		case `"positions"`:
			continue
		}
		// A dispatcher of the whole city sees every entry; after a return some
		// may come again, but none is left out.
		seq := decode[int64](w.t, e["seq"])
		if seq > w.seq+1 {
			w.t.Errorf("entry %d follows %d", seq, w.seq)
		}
		if seq <= w.seq {
			continue
		}
		w.seq = seq
		w.upto = max(w.upto, seq)
		if note := e["note"]; note != nil {
			if n := decode[struct{ Report string }](w.t, note); n.Report != "" {
				w.reports[n.Report]++
			}
		}
		for _, noun := range watched {
			if e[noun] == nil {
				continue
			}
			object := decode[map[string]any](w.t, e[noun])
			id := object["id"].(string)
			if string(e["removed"]) == "true" {
				delete(w.objects[noun], id)
			} else {
				w.objects[noun][id] = still(noun, object)
			}
		}
	}
}

// still is an object without its position, which is telemetry and no part of
// the log.
func still(noun string, object map[string]any) map[string]any {
	if noun == "crew" {
		for _, k := range []string{"lat", "lon", "heading", "at"} {
			delete(object, k)
		}
	}
	return object
}

func decode[T any](t *testing.T, text json.RawMessage) T {
	var v T
	if err := json.Unmarshal(text, &v); err != nil {
		t.Errorf("%v: %s", err, text)
	}
	return v
}

// sees waits until the watcher was told of a report.
func (w *watcher) sees(number string) {
	w.t.Helper()
	for range 1500 {
		w.mu.Lock()
		n := w.reports[number]
		w.mu.Unlock()
		if n > 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	w.t.Errorf("nobody told the watcher of report %s", number)
}

// snapshot is what the API says is so, by noun and id.
type snapshot struct {
	seq     int64
	log     string
	objects map[string]map[string]any
}

func (l *callers) snapshot() snapshot {
	l.t.Helper()
	var s struct {
		Seq                    int64
		Log                    string
		Incidents, Jobs, Crews []map[string]any
	}
	l.get("/snapshot", &s)
	all := map[string]map[string]any{}
	for noun, list := range map[string][]map[string]any{"incident": s.Incidents, "job": s.Jobs, "crew": s.Crews} {
		all[noun] = map[string]any{}
		for _, o := range list {
			all[noun][o["id"].(string)] = still(noun, o)
		}
	}
	return snapshot{s.Seq, s.Log, all}
}

// caughtUp waits until the watcher has all up to seq, and returns what it
// holds.
func (w *watcher) caughtUp(seq int64) map[string]map[string]any {
	w.t.Helper()
	for range 3000 {
		w.mu.Lock()
		if w.upto >= seq {
			defer w.mu.Unlock()
			return w.objects
		}
		w.mu.Unlock()
		time.Sleep(10 * time.Millisecond)
	}
	w.t.Fatalf("the watcher is at %d of %d", w.upto, seq)
	return nil
}
