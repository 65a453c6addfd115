package fieldapi

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"moked/dispatch"
	"moked/dispatch/desk"
)

// has fails unless every name in want is in got too, and of the same kind:
// these are the shapes that outside programs rely on.
func has(t *testing.T, where string, want, got any) {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			t.Errorf("%s is %T, not an object", where, got)
			return
		}
		for name, w := range want {
			v, ok := g[name]
			if !ok {
				t.Errorf("%s.%s isn't there", where, name)
				continue
			}
			has(t, where+"."+name, w, v)
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) == 0 && len(want) > 0 {
			t.Errorf("%s is %v, not a list with something in it", where, got)
			return
		}
		for i := range want {
			has(t, where, want[i], g[i])
		}
	case string:
		if s, ok := got.(string); !ok || want != "" && want != s {
			t.Errorf("%s is %v, not %q", where, got, want)
		}
	case float64:
		if _, ok := got.(float64); !ok {
			t.Errorf("%s is %T, not a number", where, got)
		}
	case bool:
		if g, ok := got.(bool); !ok || g != want {
			t.Errorf("%s is %v, not %v", where, got, want)
		}
	case nil:
		if got != nil {
			t.Errorf("%s is %v, not null", where, got)
		}
	}
}

func TestShapes(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	d := s.as(dispatch.Dispatcher)
	crew := d.crew("X1", "electricity")
	told := s.told(3)
	told["contact"] = map[string]any{"name": "דנה", "phone": "052-1234567"}
	told["surprise"] = map[string]any{"more": true}

	ref := `{"code":"","name":""}`
	filed := d.post("/reports", told).is(http.StatusCreated)
	shape(t, "filed", `{"id":"","number":"","token":"","place":{"lat":1,"lon":1,"precision":"house","score":1,"label":"","district":`+ref+`,"neighbourhood":`+ref+`},
		"incident":{"id":"","number":"","merged":false},"jobs":[{"id":"","number":"","state":"planned","crew":null}],
		"clocks":[{"kind":"response","due_at":""},{"kind":"resolution","due_at":""}]}`, filed.body)
	var f desk.Filed
	filed.into(&f)
	again := d.post("/reports", told).is(http.StatusCreated)
	shape(t, "joined", `{"incident":{"id":"`+f.Incident.ID.String()+`","number":"`+f.Incident.Number+`","merged":true}}`, again.body)

	address, at, _ := s.house(3)
	shape(t, "geocode", `{"results":[{"label":"","lat":1,"lon":1,"precision":"house","score":1,"street":"","house":"","district":`+ref+`}]}`,
		d.get("/geocode?q="+escape(address)).is(200).body)
	where := "lat=" + number(at[1]+2e-5) + "&lon=" + number(at[0])
	shape(t, "areas/at", `{"authority":"hof","district":`+ref+`,"neighbourhood":`+ref+`,"zones":[{"department":"electricity","code":""}]}`,
		d.get("/areas/at?"+where).is(200).body)
	shape(t, "reverse", `{"address":{"label":"","distance":1},"street":"","areas":{"district":`+ref+`}}`, d.get("/reverse?"+where).is(200).body)
	shape(t, "near", `{"incidents":[{"incident":{"id":"`+f.Incident.ID.String()+`"},"distance":1}]}`, d.get("/incidents/near?category=street-light-out&"+where).is(200).body)
	shape(t, "recommend", `{"crews":[{"crew":"`+crew.ID.String()+`","score":1,"seconds":null,"reasons":[{"key":""}],"text":[""]}]}`,
		d.get("/jobs/"+f.Jobs[0].ID.String()+"/recommend").is(200).body)

	job := "/jobs/" + f.Jobs[0].ID.String()
	shape(t, "assigned", `{"job":{"id":"","version":1,"state":"assigned","crew":"`+crew.ID.String()+`","incident":"`+f.Incident.ID.String()+`"}}`,
		d.post(job+"/assign", map[string]any{"base_version": 1, "crew": crew.ID}).is(200).body)
	d.post("/positions", map[string]any{"positions": []any{map[string]any{"crew": crew.ID, "lat": at[1], "lon": at[0], "at": time.Now()}}})
	shape(t, "snapshot", `{"seq":1,"log":"","at":"","incidents":[{"id":"","number":"","version":1,"state":"open","reports":2,"clocks":[{"kind":"response"}]}],
		"jobs":[{"id":"","state":"assigned"}],"crews":[{"id":"","code":"X1","lat":1,"lon":1,"at":""}],"operations":[]}`, d.get("/snapshot").is(200).body)
	shape(t, "incident", `{"incident":{"id":""},"reports":[{"number":"","contact":{"name":"דנה","phone":"052-1234567"}}],"jobs":[{"id":""}],
		"timeline":[{"seq":1,"type":"incident.opened","at":"","by":{"role":"dispatcher"},"incident":{"id":""}}]}`,
		d.get("/incidents/"+f.Incident.ID.String()).is(200).body)
	shape(t, "session", `{"actor":{"authority":"hof","role":"dispatcher"},"authority":{"code":"hof","names":{"he":""},"center":[1,1],"bbox":[1,1,1,1]}}`,
		d.get("/session").is(200).body)
	shape(t, "categories", `{"departments":[{"code":"","names":{"he":""}}],"categories":[{"code":"","department":"","names":{"he":""}}]}`, d.get("/categories").is(200).body)
	shape(t, "areas", `{"areas":[{"id":"","level":"boundary","bbox":[1,1,1,1],"center":[1,1]}]}`, d.get("/areas").is(200).body)
	shape(t, "search", `{"results":[{"kind":"incident","id":"","label":""}]}`, d.get("/search?q="+f.Incident.Number).is(200).body)
	shape(t, "stale", `{"type":"about:blank","title":"","status":1,"detail":"","code":"stale","field":"base_version","current":{"id":"`+f.Jobs[0].ID.String()+`","version":1}}`,
		d.post(job+"/accept", map[string]any{"base_version": 1}).is(http.StatusConflict).body)
	shape(t, "track", `{"report":{"number":"`+f.Number+`"},"incident":{"id":"`+f.Incident.ID.String()+`","text":""}}`, s.public().get("/track/"+f.Token).is(200).body)
	shape(t, "public's report", `{"id":"","token":"","jobs":[]}`, s.publicOf(townCode).post("/reports", s.told(9)).is(http.StatusCreated).body)
}

func (s *server) publicOf(authority string) *client {
	return &client{s: s, query: "authority=" + authority}
}

func shape(t *testing.T, what, want string, got []byte) {
	t.Helper()
	var w, g any
	if err := json.NewDecoder(strings.NewReader(want)).Decode(&w); err != nil {
		t.Fatalf("%s: %v in %s", what, err, want)
	}
	if err := json.Unmarshal(got, &g); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	has(t, what, w, g)
}
