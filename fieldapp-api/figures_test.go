package fieldapi

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/dispatch/history"
)

// reads waits until the history holds all that was committed.
func (s *server) reads() {
	s.t.Helper()
	var head int64
	s.must(s.pool.QueryRow(s.t.Context(), `select seq from feed_head where authority = $1`, townCode).Scan(&head))
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if seq, known := s.past.Seq(townCode); known && seq >= head {
			return
		}
		if time.Now().After(end) {
			s.t.Fatal("the history isn't kept")
		}
	}
}

func TestFiguresOverHTTP(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	all := s.as(dispatch.Dispatcher)
	districts := map[string]int{}
	for n := range 12 {
		text, _, _ := s.house(n * 97)
		var filed desk.Filed
		all.post("/reports", map[string]any{"channel": "phone", "category": []string{"pothole", "street-light-out"}[n%2], "text": "בדיקה", "place": map[string]any{"text": text}}).is(201).into(&filed)
		districts[filed.Place.DistrictCode()]++
	}
	s.reads()

	var a history.Answer
	all.get("/figures?by=district,category").is(200).into(&a)
	if a.Total.Received != 12 || a.Total.Open != 12 || a.Total.Closed != 0 || a.Total.Oldest == nil {
		t.Errorf("in whole: %+v", a.Total)
	}
	got := map[string]int{}
	for _, g := range a.Groups {
		got[*g.District] += g.Received
	}
	for code, n := range districts {
		if got[code] != n {
			t.Errorf("%q has %d, want %d", code, got[code], n)
		}
	}

	var behind behindBody
	all.get("/figures/reports?of=open&category=pothole&limit=4").is(200).into(&behind)
	if behind.All != 6 || len(behind.Reports) != 4 || behind.Reports[0].Category != "pothole" || behind.Reports[0].FiledAt.Before(behind.Reports[1].FiledAt) {
		t.Errorf("behind: %+v", behind)
	}
	all.get("/figures/reports?of=open&category=pothole&limit=4&skip=4").is(200).into(&behind)
	if len(behind.Reports) != 2 {
		t.Errorf("the rest: %d", len(behind.Reports))
	}

	own := a.Groups[0].District
	manager := s.token(townCode, desk.NewToken{Role: dispatch.DistrictManager, District: *own})
	manager.get("/figures").is(200).into(&a)
	if a.Total.Received != districts[*own] {
		t.Errorf("a manager sees %d of %d", a.Total.Received, districts[*own])
	}
	for code := range districts {
		if code != *own {
			manager.get("/figures?district="+code).is(403).names("forbidden", "district")
			manager.get("/figures/reports?of=open&district="+code).is(403).names("forbidden", "district")
		}
	}
	var heat heatMap
	all.get("/heat?cell=500").is(200).into(&heat)
	n := 0
	for _, f := range heat.Features {
		n += f.Properties.N
		if r := f.Geometry.Coordinates[0]; len(r) != 5 || !r.Closed() || r.Orientation() != orb.CCW {
			t.Errorf("a square's outline is %v", r)
		}
	}
	if n != 12 {
		t.Errorf("%d reports are on squares", n)
	}
	var look lookList
	all.get("/figures/attention").is(200).into(&look)
	var reporting reportingList
	all.get("/figures/reporting?by=district").is(200).into(&reporting)
	if len(reporting.Areas) == 0 {
		t.Error("no area's readiness is known")
	}
	for code := range districts {
		if code != *own {
			for _, path := range []string{"/heat?", "/figures/attention?", "/figures/reporting?"} {
				manager.get(path+"district="+code).is(403).names("forbidden", "district")
			}
		}
	}
	at := maptile.At(orb.Point{theTown().Boundary.Bound().Center()[0], theTown().Boundary.Bound().Center()[1]}, 9)
	path := fmt.Sprintf("/tiles/history/9/%d/%d.mvt", at.X, at.Y)
	b := all.do("GET", path, nil).is(200).body
	if layers, err := mvt.Unmarshal(b); err != nil || len(layers) != 1 || len(layers[0].Features) != 12 {
		t.Errorf("the tile holds %v, %v", layers, err)
	}
	if b := all.do("GET", path+"?category=pothole", nil).is(200).body; len(b) == 0 {
		t.Error("no potholes")
	}
	all.do("GET", path+"?category=lawn", nil).is(204)
	all.do("GET", path+"?from=2020-01-02&to=2020-01-01", nil).is(422).names("invalid", "to")
	s.as(dispatch.Operator).do("GET", path, nil).is(403)
	s.public().do("GET", path+"?authority="+townCode, nil).is(401)
	for path, want := range map[string]struct {
		status      int
		code, field string
	}{
		"/figures?from=2026-05-02&to=2026-05-01":              {422, "invalid", "to"},
		"/figures?from=2026-05-02&to=2026-05-02":              {422, "invalid", "to"},
		"/figures?from=yesterday":                             {422, "invalid", "from"},
		"/figures?from=2026-02-30":                            {422, "invalid", "from"},
		"/figures?from=1900-01-01&to=2026-05-01":              {422, "invalid", "to"},
		"/heat?cell=10":                                       {422, "invalid", "cell"},
		"/heat?of=shoe":                                       {422, "invalid", "of"},
		"/figures/reporting?by=month":                         {422, "invalid", "by"},
		"/figures/attention?limit=0":                          {422, "invalid", "limit"},
		"/figures?hour=168":                                   {422, "invalid", "hour"},
		"/figures?hour=noon":                                  {422, "invalid", "hour"},
		"/figures?by=shoe":                                    {422, "invalid", "by"},
		"/figures/reports?of=shoe":                            {422, "invalid", "of"},
		"/figures/reports?of=open&limit=" + strconv.Itoa(501): {422, "invalid", "limit"},
	} {
		all.get(path).is(want.status).names(want.code, want.field)
	}
	s.as(dispatch.Operator).get("/figures").is(403)
	s.public().get("/figures").is(401)
}

// names requires a problem's code, and the field that it names.
func (a *answered) names(code, field string) {
	a.t.Helper()
	p := a.problem()
	if string(p.Code) != code || p.Field != field {
		a.t.Errorf("%s: %s, want %s of %s", a.what, a.body, code, field)
	}
}
