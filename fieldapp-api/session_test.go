package fieldapi

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/dispatch/feed"
)

const password = "sesame-sesame"

func (s *server) user(login string, role dispatch.Role) desk.User {
	s.t.Helper()
	u, err := s.desk.CreateUser(s.t.Context(), s.admin(townCode), desk.NewUser{Login: login, Name: login, Role: role, Password: password})
	s.must(err)
	return u
}

func (s *server) signIn(login string) *client {
	s.t.Helper()
	got := s.public().post("/session", Credentials{Login: login, Password: password}).is(http.StatusOK)
	w := http.Response{Header: got.header}
	for _, c := range w.Cookies() {
		if c.Name == cookieName {
			return &client{s: s, cookie: c}
		}
	}
	s.t.Fatal("signing in gives no cookie")
	return nil
}

func TestSession(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(o *Options, _ *feed.Options) { o.SecureCookies = true })
	s.user("dana", dispatch.Dispatcher)
	dana := s.signIn("dana")
	if c := dana.cookie; !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || len(c.Value) < 40 {
		t.Errorf("the cookie is %v", c)
	}
	if another := s.signIn("dana"); another.cookie.Value == dana.cookie.Value {
		t.Error("two sessions share a secret")
	}
	dana.get("/session").is(200)
	var in signedIn
	dana.patch("/session", Language{"ru"}).is(200).into(&in)
	if in.Actor.Lang != "ru" {
		t.Errorf("the language is %q", in.Actor.Lang)
	}
	if p := dana.do("GET", "/api/v1/jobs/x", nil, "Accept-Language", "").problem(); p.Title != texts(t, "ru")["code.invalid"] {
		t.Errorf("her screens speak %q", p.Title)
	}
	s.public().get("/session").is(http.StatusUnauthorized).problem()

	// From another site the cookie does nothing.
	for _, header := range [][]string{{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}} {
		if p := dana.post("/reports", s.told(3), header...).is(http.StatusForbidden).problem(); p.Key != "foreign-origin" {
			t.Errorf("%v: %s", header, p.Key)
		}
	}
	dana.post("/reports", s.told(3), "Origin", s.url).is(http.StatusCreated)

	dana.do("DELETE", "/api/v1/session", nil).is(http.StatusNoContent)
	dana.get("/session").is(http.StatusUnauthorized)
	dana.get("/snapshot").is(http.StatusUnauthorized)
}

// TestSignInTellsNothing: a wrong login and a wrong password look alike.
func TestSignInTellsNothing(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.user("dana", dispatch.Dispatcher)
	var first *answered
	for _, c := range []Credentials{
		{Login: "dana", Password: "wrong"}, {Login: "nobody", Password: "wrong"}, {Login: "", Password: ""}, {Login: "dana", Password: ""}, {Login: strings.Repeat("x", 5000), Password: "x"}, {Login: "DANA ", Password: strings.Repeat("x", 5000)}, {Login: "' or 1=1 --", Password: "x"},
	} {
		got := s.public().post("/session", c).is(http.StatusUnauthorized)
		if got.header.Get("Set-Cookie") != "" {
			t.Error("a refusal gives a cookie")
		}
		if first == nil {
			first = got
		}
		if !bytes.Equal(got.body, first.body) {
			t.Errorf("%s\nand %s", first.body, got.body)
		}
	}
	// Who goes on guessing has to wait.
	for range 20 {
		if got := s.public().post("/session", Credentials{Login: "dana", Password: "wrong"}); got.status == http.StatusTooManyRequests {
			if got.problem(); got.header.Get("Retry-After") == "" {
				t.Error("it isn't said until when")
			}
			return
		}
	}
	t.Error("one may guess for ever")
}

func TestIdleSessionEnds(t *testing.T) {
	t.Parallel()
	var (
		mu  sync.Mutex
		now = time.Now()
	)
	later := func(d time.Duration) { mu.Lock(); now = now.Add(d); mu.Unlock() }
	s := newServer(t, func(o *Options, _ *feed.Options) {
		o.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	})
	s.user("dana", dispatch.Dispatcher)
	dana := s.signIn("dana")
	expiry := func() (at time.Time) {
		s.must(s.pool.QueryRow(t.Context(), `select expires_at from session`).Scan(&at))
		return at
	}
	before := expiry()
	dana.get("/session").is(200)
	if !expiry().Equal(before) {
		t.Error("every request writes")
	}
	later(time.Hour)
	time.Sleep(time.Millisecond)
	dana.get("/session").is(200)
	if !expiry().After(before) {
		t.Error("a session in use doesn't go on")
	}
}

// TestIdempotencyKeys: the same request again is the same report.
func TestIdempotencyKeys(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.as(dispatch.Integration)
	const key = "a5c2c3a0-1"
	told := s.told(3)
	first := c.post("/reports", told, "Idempotency-Key", key).is(http.StatusCreated)
	again := c.post("/reports", told, "Idempotency-Key", key).is(http.StatusCreated)
	var a, b desk.Filed
	first.into(&a)
	again.into(&b)
	if a.ID != b.ID || a.Number != b.Number || a.Token != b.Token || a.Incident.ID != b.Incident.ID {
		t.Errorf("%s\nand %s", first.body, again.body)
	}
	other := s.told(50)
	p := c.post("/reports", other, "Idempotency-Key", key).is(http.StatusConflict).problem()
	if p.Code != dispatch.KeyReused {
		t.Errorf("the code is %s", p.Code)
	}
	c.post("/reports", other).is(http.StatusCreated)

	// At the same time too, in one commit or in several.
	var (
		wg  sync.WaitGroup
		mu  sync.Mutex
		ids = map[string]int{}
	)
	for range 40 {
		wg.Go(func() {
			var f desk.Filed
			c.post("/reports", other, "Idempotency-Key", "together").is(http.StatusCreated).into(&f)
			mu.Lock()
			ids[f.ID.String()]++
			mu.Unlock()
		})
	}
	wg.Wait()
	if len(ids) != 1 {
		t.Errorf("forty requests with one key made %d reports", len(ids))
	}
	var n int
	s.must(s.pool.QueryRow(t.Context(), `select count(*) from report`).Scan(&n))
	if n != 3 {
		t.Errorf("there are %d reports, want 3", n)
	}
}

func TestOperations(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.public()
	c.do("GET", "/healthz", nil).is(http.StatusOK)
	for range 100 {
		if c.do("GET", "/readyz", nil).status == http.StatusOK {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	c.do("GET", "/readyz", nil).is(http.StatusOK)
	s.as(dispatch.Dispatcher).get("/snapshot")
	metrics := string(c.do("GET", "/metrics", nil).is(http.StatusOK).body)
	for _, want := range []string{`moked_http_seconds_count{route="GET /api/v1/snapshot",status="200"} 1`, "moked_feed_sockets 0", "moked_feed_events_total", "go_goroutines"} {
		if !strings.Contains(metrics, want) {
			t.Errorf("/metrics lacks %s", want)
		}
	}
	s.pool.Close()
	got := c.do("GET", "/readyz", nil).is(http.StatusServiceUnavailable)
	got.problem()
	c.do("GET", "/healthz", nil).is(http.StatusOK)
}

// TestManyAuthorities: the public says which, unless there is one only.
func TestPublicAuthority(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	if p := s.public().get("/categories").is(http.StatusUnprocessableEntity).problem(); p.Field != authorityParam {
		t.Errorf("field %q", p.Field)
	}
	if p := s.publicOf("nowhere").get("/categories").is(http.StatusNotFound).problem(); p.Key != desk.KeyNoAuthority {
		t.Errorf("key %q", p.Key)
	}
	s.publicOf(otherCode).get("/categories").is(http.StatusOK)
	f := s.publicOf(townCode).report(s.told(3))
	(&client{s: s, query: "report=" + f.Token}).get("/incidents/" + f.Incident.ID.String()).is(http.StatusOK)
	(&client{s: s, query: "report=" + f.Token[:20] + "AAAAAA"}).get("/incidents").is(http.StatusNotFound)
}
