package fieldapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/dispatch/feed"
)

// screen is a client of the feed: a fold of what it is sent.
type screen struct {
	t      testing.TB
	conn   *websocket.Conn
	mu     sync.Mutex
	nouns  map[string]map[uuid.UUID]json.RawMessage
	places map[uuid.UUID]dispatch.Position
	upto   int64
	resync bool
	seen   []string // the types of entries
	closed chan int // the close code
}

// dial opens the feed.
func (c *client) dial(query string, header ...string) (*websocket.Conn, *http.Response, error) {
	h := http.Header{}
	if c.secret != "" {
		h.Set("Authorization", "Bearer "+c.secret)
	}
	if c.cookie != nil {
		h.Set("Cookie", c.cookie.String())
	}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	address := "ws" + strings.TrimPrefix(c.s.url, "http") + "/api/v1/feed?" + query + "&" + c.query
	return websocket.DefaultDialer.Dial(address, h)
}

// watch takes a snapshot and follows it up.
func (c *client) watch(more ...string) *screen {
	c.s.t.Helper()
	v := &screen{t: c.s.t, nouns: map[string]map[uuid.UUID]json.RawMessage{}, places: map[uuid.UUID]dispatch.Position{}, closed: make(chan int, 1)}
	var snap struct {
		Seq                    int64
		Log                    string
		Incidents, Jobs, Crews []json.RawMessage
	}
	c.get("/snapshot").is(200).into(&snap)
	for noun, list := range map[string][]json.RawMessage{"incident": snap.Incidents, "job": snap.Jobs, "crew": snap.Crews} {
		v.nouns[noun] = map[uuid.UUID]json.RawMessage{}
		for _, o := range list {
			v.nouns[noun][idOf(o)] = o
		}
	}
	v.upto = snap.Seq
	query := fmt.Sprintf("since=%d&log=%s", snap.Seq, snap.Log)
	v.follow(c, strings.Join(append([]string{query}, more...), "&"))
	return v
}

func (v *screen) follow(c *client, query string) {
	v.t.Helper()
	conn, _, err := c.dial(query)
	c.s.must(err)
	v.conn = conn
	v.t.Cleanup(func() { conn.Close() })
	go func() {
		for {
			_, b, err := conn.ReadMessage()
			if err != nil {
				var closing *websocket.CloseError
				code := -1
				if errors.As(err, &closing) {
					code = closing.Code
				}
				v.closed <- code
				return
			}
			v.take(b)
		}
	}()
}

func idOf(o json.RawMessage) uuid.UUID {
	var v struct{ ID uuid.UUID }
	_ = json.Unmarshal(o, &v)
	return v.ID
}

func (v *screen) take(frame []byte) {
	v.mu.Lock()
	defer v.mu.Unlock()
	var entries []map[string]json.RawMessage
	if err := json.Unmarshal(frame, &entries); err != nil || len(entries) == 0 {
		v.t.Errorf("a frame is no list of entries: %s", frame)
	}
	for _, e := range entries {
		var kind string
		_ = json.Unmarshal(e["type"], &kind)
		v.seen = append(v.seen, kind)
		switch kind {
		case "upto":
			_ = json.Unmarshal(e["upto"], &v.upto)
		case "resync":
			v.resync = true
		case "positions":
			var crews []dispatch.Position
			_ = json.Unmarshal(e["crews"], &crews)
			for _, p := range crews {
				v.places[p.Crew] = p
			}
		}
		for noun, known := range v.nouns {
			o, ok := e[noun]
			switch {
			case !ok:
			case string(e["removed"]) == "true":
				delete(known, idOf(o))
			default:
				known[idOf(o)] = o
			}
		}
	}
}

// until waits for something to be true of the screen.
func (v *screen) until(what string, is func() bool) {
	v.t.Helper()
	for range 1500 {
		v.mu.Lock()
		ok := is()
		v.mu.Unlock()
		if ok {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	v.t.Fatalf("%s: never; seen %v", what, v.seen)
}

// reached waits until everything up to seq was considered.
func (v *screen) reached(seq int64) {
	v.t.Helper()
	v.until(fmt.Sprintf("reaching %d", seq), func() bool { return v.upto >= seq })
}

func (v *screen) closes(code int) {
	v.t.Helper()
	select {
	case got := <-v.closed:
		if got != code {
			v.t.Errorf("closed with %d, want %d", got, code)
		}
	case <-time.After(20 * time.Second):
		v.t.Errorf("never closed, want %d", code)
	}
}

// same compares the screen with a fresh snapshot. Positions are no part of the
// log, and so of neither.
func (v *screen) same(c *client) {
	v.t.Helper()
	var snap desk.Snapshot
	c.get("/snapshot").is(200).into(&snap)
	v.reached(snap.Seq)
	v.mu.Lock()
	defer v.mu.Unlock()
	compare(v, "incident", snap.Incidents, func(i dispatch.Incident) uuid.UUID { return i.ID })
	compare(v, "job", snap.Jobs, func(j dispatch.Job) uuid.UUID { return j.ID })
	for i := range snap.Crews {
		snap.Crews[i] = placeless(snap.Crews[i])
	}
	for id, o := range v.nouns["crew"] {
		var k dispatch.Crew
		_ = json.Unmarshal(o, &k)
		v.nouns["crew"][id], _ = json.Marshal(placeless(k))
	}
	compare(v, "crew", snap.Crews, func(k dispatch.Crew) uuid.UUID { return k.ID })
}

func placeless(k dispatch.Crew) dispatch.Crew {
	k.Lat, k.Lon, k.Heading, k.At = nil, nil, nil, nil
	return k
}

func compare[T any](v *screen, noun string, want []T, id func(T) uuid.UUID) {
	v.t.Helper()
	left := maps.Clone(v.nouns[noun])
	for _, w := range want {
		var got T
		if err := json.Unmarshal(left[id(w)], &got); err != nil {
			v.t.Errorf("%s %v isn't on the screen", noun, id(w))
			continue
		}
		a, _ := json.Marshal(w)
		b, _ := json.Marshal(got)
		if string(a) != string(b) {
			v.t.Errorf("%s\non the screen %s\nin truth      %s", noun, b, a)
		}
		delete(left, id(w))
	}
	for _, o := range left {
		v.t.Errorf("%s is on the screen only: %s", noun, o)
	}
}

// TestScreensFold: whatever happens, every role's screen is what a fresh
// snapshot of it says.
func TestScreensFold(t *testing.T) {
	t.Parallel()
	c := newCast(t, townCode)
	screens := map[dispatch.Role]*screen{}
	for role, caller := range c.callers {
		if role != dispatch.Public {
			screens[role] = caller.watch()
		}
	}
	by := c.callers[dispatch.Dispatcher]
	step := func(path, action string, version int, more ...any) {
		t.Helper()
		body := map[string]any{"base_version": version}
		for i := 0; i+1 < len(more); i += 2 {
			body[more[i].(string)] = more[i+1]
		}
		by.post(path+"/"+action, body).is(http.StatusOK)
	}
	incident := func(f desk.Filed) (path string, version int) {
		var v desk.IncidentDetail
		path = "/incidents/" + f.Incident.ID.String()
		by.get(path).is(200).into(&v)
		return path, v.Incident.Version
	}
	job := "/jobs/" + c.filed.Jobs[0].ID.String()
	step(job, "assign", 1, "crew", c.crew.ID)
	step(job, "accept", 2)
	by.report(c.told(3))
	second := by.report(c.told(50))
	other := c.elsewhere(by)
	path, version := incident(c.filed)
	by.patch(path, map[string]any{"base_version": version, "category": firstCategory(t, by, "water"), "text": "בעצם מים"}).is(200)
	path, version = incident(second)
	step(path, "pause", version, "reason", "ממתינים")
	path, version = incident(second)
	step(path, "resume", version)
	path, version = incident(other)
	_, at, _ := c.house(3)
	by.patch(path, map[string]any{"base_version": version, "place": map[string]any{"lat": at[1], "lon": at[0]}}).is(200) // into the district
	path, version = incident(second)
	step(path, "merge", version, "into", other.Incident.ID)
	by.crew("C2", "water")
	by.post("/crews/"+c.crew.ID.String()+"/duty", map[string]any{"on_until": nil}).is(200)
	path, version = incident(c.filed)
	step(path, "close", version, "reason", "טופל")

	by.post("/positions", map[string]any{"positions": []any{map[string]any{"crew": c.crew.ID, "lat": at[1], "lon": at[0], "at": time.Now()}}}).is(200)
	for role, s := range screens {
		t.Run(string(role), func(t *testing.T) {
			s.t = t
			s.same(c.callers[role])
			if role == dispatch.Resident {
				return
			}
			s.until("the crew's position", func() bool { return s.places[c.crew.ID].Lat == at[1] })
		})
	}
}

func TestFeedResumes(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	by := s.as(dispatch.Dispatcher)
	first := by.watch()
	by.report(s.told(3))
	var snap desk.Snapshot
	by.get("/snapshot").into(&snap)
	first.reached(snap.Seq)
	first.conn.Close()
	for n := range 20 {
		by.report(s.told(100 + 10*n))
	}
	// The same screen comes back with what it has.
	first.follow(by, fmt.Sprintf("since=%d&log=%s", first.upto, snap.Log))
	first.same(by)
	if first.resync {
		t.Error("it was asked to take a new snapshot")
	}
	for what, query := range map[string]string{
		"another log": "since=1&log=" + uuid.NewString(),
		"the future":  "since=999999999",
	} {
		lost := &screen{t: t, closed: make(chan int, 1)}
		lost.follow(by, query)
		lost.until(what+" asks for a new snapshot", func() bool { return lost.resync })
	}
	boxed := by.watch("bbox=0,0,1,1")
	by.report(s.told(3))
	by.get("/snapshot").into(&snap)
	boxed.reached(snap.Seq)
	if slices.Contains(boxed.seen, "incident.opened") || slices.Contains(boxed.seen, "incident.joined") {
		t.Error("a map of elsewhere was told")
	}
}

func TestSocketsEndWithTheirRight(t *testing.T) {
	t.Parallel()
	stopping, stop := context.WithCancel(context.Background())
	defer stop()
	s := newServer(t, func(o *Options, _ *feed.Options) { o.Life = stopping })
	admin := dispatch.Actor{Authority: townCode, Role: dispatch.System}

	secret, token, err := s.desk.CreateToken(t.Context(), admin, desk.NewToken{Role: dispatch.Operator})
	s.must(err)
	program := (&client{s: s, secret: secret}).watch()
	s.must(s.desk.RevokeToken(t.Context(), admin, token.ID))
	program.closes(closeForbidden)
	(&client{s: s, secret: secret}).get("/snapshot").is(http.StatusUnauthorized)

	dana := s.user("dana", dispatch.Dispatcher)
	seen := s.signIn("dana").watch()
	left := s.signIn("dana")
	screen := left.watch()
	left.do("DELETE", "/api/v1/session", nil).is(http.StatusNoContent)
	screen.closes(closeForbidden)
	yes := true
	_, err = s.desk.ChangeUser(t.Context(), admin, dana.ID, desk.UserChange{Disabled: &yes})
	s.must(err)
	seen.closes(closeForbidden)

	s.user("noa", dispatch.Dispatcher)
	noa := s.signIn("noa").watch()
	_, err = s.pool.Exec(t.Context(), `update app_user set department = 'water', role = 'department' where login = 'noa'`)
	s.must(err)
	noa.closes(closeChanged) // once who she was is no longer remembered

	stays := s.as(dispatch.Dispatcher).watch()
	stop()
	stays.closes(closeStopping)
}

func TestSlowReaderIsAskedBack(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(_ *Options, f *feed.Options) { f.MaxBytes = 1 << 20 })
	by := s.as(dispatch.Dispatcher)
	conn, _, err := by.dial("")
	s.must(err)
	defer conn.Close()
	s.flood(120)
	for range 200 { // what is on its way
		_, _, err := conn.ReadMessage()
		if websocket.IsCloseError(err, closeResume) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Error("a reader far behind goes on")
}

// flood commits events that are more than a connection's own buffers take.
func (s *server) flood(n int) (last int64) {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{"id": uuid.New(), "text": strings.Repeat("x", 256<<10)})
	s.must(err)
	for range n {
		tx, err := s.pool.Begin(s.t.Context())
		s.must(err)
		last, err = feed.Append(s.t.Context(), tx, townCode, []dispatch.Event{{
			Type: "incident.changed", At: time.Now(), Noun: dispatch.NounIncident, Object: uuid.New(), Body: body, Scope: dispatch.Scope{Departments: []string{"water"}},
		}})
		s.must(err)
		s.must(tx.Commit(s.t.Context()))
		s.hub.Wake(townCode)
	}
	return last
}

// TestSlowReadersHoldNobodyUp: many that don't read at all, and one that does.
func TestSlowReadersHoldNobodyUp(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	by := s.as(dispatch.Dispatcher)
	for range 8 * writersEach * runtime.GOMAXPROCS(0) {
		conn, _, err := by.dial("")
		s.must(err)
		defer conn.Close()
	}
	brisk := by.watch()
	brisk.reached(s.flood(60))
}

func TestWebsocketMisuse(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	by := s.as(dispatch.Dispatcher)
	for name, tc := range map[string]struct {
		header []string
		status int
	}{
		"another site":  {[]string{"Origin", "https://evil.example"}, http.StatusForbidden},
		"a broken site": {[]string{"Origin", "::"}, http.StatusForbidden},
		"no token":      {[]string{"Authorization", "Bearer x"}, http.StatusUnauthorized},
	} {
		conn, w, err := by.dial("", tc.header...)
		if err == nil {
			conn.Close()
			t.Errorf("%s is let in", name)
		} else if w == nil || w.StatusCode != tc.status {
			t.Errorf("%s: %v", name, w)
		}
	}
	conn, _, err := by.dial("", "Origin", s.url)
	s.must(err)
	conn.Close()
	for _, header := range [][]string{
		{"Connection", "Upgrade", "Upgrade", "websocket"},
		{"Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "7", "Sec-WebSocket-Key", "x"},
		{"Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "x"},
	} {
		by.do("GET", "/api/v1/feed", nil, header...).is(http.StatusBadRequest).problem()
	}
	// One that speaks out of turn goes on; one that speaks too much is let go.
	v := by.watch()
	s.must(v.conn.WriteMessage(websocket.TextMessage, []byte("hello")))
	by.report(s.told(3))
	v.until("the report", func() bool { return slices.Contains(v.seen, "incident.opened") })
	_ = v.conn.WriteMessage(websocket.TextMessage, make([]byte, 100_000))
	select {
	case <-v.closed:
	case <-time.After(20 * time.Second):
		t.Error("it is let to speak")
	}
}
