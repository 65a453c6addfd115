package fieldapi

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/dispatch/feed"
	"moked/dispatch/history"
	"moked/geo"
	"moked/geo/osm"
	"moked/geo/town"
	"moked/migrations/dbtest"
)

// server is the whole surface on a database of its own, with a made-up town
// and, beside it, another authority that must never show.
type server struct {
	t    testing.TB
	url  string
	api  *api
	desk *desk.Desk
	hub  *feed.Hub
	past *history.History
	pool *pgxpool.Pool
	town *town.Town
	log  *errorLog

	folder string // of the photos
}

const (
	townCode  = "hof"
	otherCode = "zar"
)

var otherBound = orb.Bound{Min: orb.Point{34.95, 32.00}, Max: orb.Point{35.00, 32.05}}

// theTown is made up once; it doesn't change.
var theTown = sync.OnceValue(func() *town.Town { return town.New(106, 5000) })

func newServer(t testing.TB, change ...func(*Options, *feed.Options)) *server {
	t.Helper()
	return serverOn(t, dbtest.New(t), theTown(), change...)
}

func serverOn(t testing.TB, pool *pgxpool.Pool, city *town.Town, change ...func(*Options, *feed.Options)) *server {
	t.Helper()
	s := &server{t: t, pool: pool, town: city, log: &errorLog{t: t}}
	o := Options{Log: slog.New(s.log), Recheck: 100 * time.Millisecond}
	f := feed.Options{Mark: 50 * time.Millisecond, Positions: 50 * time.Millisecond, Logger: slog.New(slog.DiscardHandler)}
	for _, c := range change {
		c(&o, &f)
	}
	ctx, stop := context.WithCancel(context.Background())
	s.hub = feed.NewHub(s.pool, f)
	s.past = history.New(s.pool, s.hub, history.Options{Logger: slog.New(slog.DiscardHandler)})
	s.folder = t.TempDir()
	folder, err := os.OpenRoot(s.folder)
	s.must(err)
	t.Cleanup(func() { folder.Close() })
	s.desk, err = desk.Open(ctx, s.pool, s.hub, desk.Options{Photos: folder, Maps: folder, Logger: slog.New(slog.DiscardHandler)})
	s.must(err)
	ran := make(chan struct{})
	go func() {
		defer close(ran)
		read := make(chan struct{})
		go func() {
			defer close(read)
			_ = s.past.Run(ctx)
		}()
		if err := s.hub.Run(ctx); err != nil {
			t.Error(err)
		}
		<-read
	}()
	s.build()
	s.api = newAPI(s.desk, s.hub, s.past, o)
	web := httptest.NewServer(s.api.handler())
	s.url = web.URL
	t.Cleanup(func() {
		web.CloseClientConnections()
		web.Close()
		s.desk.Close()
		stop()
		<-ran
	})
	return s
}

func (s *server) build() {
	s.t.Helper()
	from := desk.Source{Name: "test"}
	system := func(code string) dispatch.Actor { return dispatch.Actor{Authority: code, Role: dispatch.System} }
	ctx := s.t.Context()
	_, err := s.desk.CreateAuthority(ctx, system(townCode), desk.NewAuthority{
		Code: townCode, Names: s.town.Names, From: from,
		Boundary: &osm.Area{Code: townCode, Name: s.town.Names["he"], Names: s.town.Names, Geom: s.town.Boundary},
	})
	s.must(err)
	_, err = s.desk.ReplaceAreas(ctx, system(townCode), from, geo.District, s.town.Districts)
	s.must(err)
	_, err = s.desk.ReplaceAreas(ctx, system(townCode), from, geo.Neighbourhood, s.town.Neighbourhoods)
	s.must(err)
	s.must(s.desk.ReplaceExtract(ctx, system(townCode), from, &s.town.Extract))
	var zones []osm.Zone
	for _, z := range s.town.Zones[3] {
		zones = append(zones, osm.Zone{Department: "electricity", Area: z})
	}
	_, err = s.desk.ReplaceZones(ctx, system(townCode), from, zones)
	s.must(err)
	_, err = s.desk.CreateAuthority(ctx, system(otherCode), desk.NewAuthority{
		Code: otherCode, Names: geo.Names{"he": "צר", "en": "Zar"}, From: from,
		Boundary: &osm.Area{Code: otherCode, Name: "צר", Geom: orb.MultiPolygon{otherBound.ToPolygon()}},
	})
	s.must(err)
}

func (s *server) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// house is an address of the town, as one says it, with where it is.
func (s *server) house(n int) (text string, at orb.Point, street string) {
	x := &s.town.Extract
	a := x.Addresses[n%len(x.Addresses)]
	for _, st := range x.Streets {
		if st.ID == a.Street {
			return st.Name + " " + a.House, a.Point, st.Name
		}
	}
	s.t.Fatal("a house without a street")
	return "", at, ""
}

func (s *server) admin(authority string) dispatch.Actor {
	return dispatch.Actor{Authority: authority, Role: dispatch.System}
}

// token makes a program's way in.
func (s *server) token(authority string, n desk.NewToken) *client {
	s.t.Helper()
	n.Name = string(n.Role)
	secret, _, err := s.desk.CreateToken(s.t.Context(), s.admin(authority), n)
	s.must(err)
	return &client{s: s, secret: secret}
}

func (s *server) as(role dispatch.Role) *client { return s.token(townCode, desk.NewToken{Role: role}) }

// public is a caller who doesn't say who they are.
func (s *server) public() *client { return &client{s: s} }

// client calls the server as somebody.
type client struct {
	s      *server
	secret string
	cookie *http.Cookie
	query  string // added to every address
	lang   string
}

// answered is what came back.
type answered struct {
	t      testing.TB
	what   string
	status int
	header http.Header
	body   []byte
}

func (c *client) do(method, path string, in any, header ...string) *answered {
	c.s.t.Helper()
	var body io.Reader
	switch in := in.(type) {
	case nil:
	case string:
		body = bytes.NewReader([]byte(in))
	default:
		b, err := json.Marshal(in)
		c.s.must(err)
		body = bytes.NewReader(b)
	}
	address := c.s.url + path
	if c.query != "" {
		join := "?"
		if bytes.ContainsRune([]byte(path), '?') {
			join = "&"
		}
		address += join + c.query
	}
	r, err := http.NewRequest(method, address, body)
	c.s.must(err)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.secret != "" {
		r.Header.Set("Authorization", "Bearer "+c.secret)
	}
	if c.cookie != nil {
		r.AddCookie(c.cookie)
	}
	r.Header.Set("Accept-Language", "en")
	if c.lang != "" {
		r.Header.Set("Accept-Language", c.lang)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w, err := noRedirects.Do(r)
	c.s.must(err)
	defer w.Body.Close()
	b, err := io.ReadAll(w.Body)
	c.s.must(err)
	c.s.asDescribed(method, path, w, b)
	return &answered{c.s.t, method + " " + path, w.StatusCode, w.Header, b}
}

var noRedirects = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func (c *client) get(path string) *answered { c.s.t.Helper(); return c.do("GET", "/api/v1"+path, nil) }

func (c *client) post(path string, in any, header ...string) *answered {
	c.s.t.Helper()
	return c.do("POST", "/api/v1"+path, in, header...)
}

func (c *client) patch(path string, in any) *answered {
	c.s.t.Helper()
	return c.do("PATCH", "/api/v1"+path, in)
}

// is requires a status.
func (a *answered) is(status int) *answered {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: %d, want %d: %s", a.what, a.status, status, a.body)
	}
	return a
}

// into reads the answer.
func (a *answered) into(v any) {
	a.t.Helper()
	if err := json.Unmarshal(a.body, v); err != nil {
		a.t.Fatalf("%s: %v: %s", a.what, err, a.body)
	}
}

func (a *answered) problem() Problem {
	a.t.Helper()
	var p Problem
	a.into(&p)
	if p.Status != a.status || p.Code == "" || p.Detail == "" || p.Title == "" || a.header.Get("Content-Type") != "application/problem+json" {
		a.t.Errorf("%s: no problem document: %s", a.what, a.body)
	}
	return p
}

// told is a report as the API takes it.
type told map[string]any

func (s *server) told(n int) told {
	text, _, _ := s.house(n)
	return told{"channel": "phone", "category": "street-light-out", "text": "פנס לא דולק", "place": map[string]any{"text": text}}
}

// report files one.
func (c *client) report(in told) desk.Filed {
	c.s.t.Helper()
	var f desk.Filed
	c.post("/reports", in).is(http.StatusCreated).into(&f)
	return f
}

// crew adds one that is on duty.
func (c *client) crew(code string, departments ...string) dispatch.Crew {
	c.s.t.Helper()
	var b crewBody
	c.post("/crews", map[string]any{"code": code, "name": "צוות " + code, "departments": departments}).is(http.StatusCreated).into(&b)
	c.post("/crews/"+b.Crew.ID.String()+"/duty", map[string]any{"on_until": time.Now().Add(8 * time.Hour)}).is(http.StatusOK).into(&b)
	return b.Crew
}

// errorLog fails the test when the server logs an error: each is a 5xx.
type errorLog struct {
	slog.Handler
	t testing.TB
}

func (l *errorLog) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelError }
func (l *errorLog) WithAttrs([]slog.Attr) slog.Handler               { return l }
func (l *errorLog) WithGroup(string) slog.Handler                    { return l }
func (l *errorLog) Handle(_ context.Context, r slog.Record) error {
	text := r.Message
	r.Attrs(func(a slog.Attr) bool { text += " " + a.String(); return true })
	l.t.Error(text)
	return nil
}

func escape(s string) string { return url.QueryEscape(s) }

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
