package fieldapi

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"moked/dispatch"
)

// post is a report with a piece of JSON put into it.
func reportWith(place, more string) string {
	return `{"channel":"phone","category":"street-light-out","text":"פנס","place":` + place + more + `}`
}

// TestHostileReports: what a report may be refused for, with the field named.
func TestHostileReports(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.as(dispatch.Integration)
	deep := strings.Repeat("[", 20_000)
	for _, tc := range []struct {
		name, body string
		status     int
		field, key string
	}{
		{"empty", ``, 400, "", "body-missing"},
		{"spaces", "  \n ", 400, "", "body-missing"},
		{"null", `null`, 400, "", "body-missing"},
		{"a list", `[1,2]`, 422, "", "wants.object"},
		{"a text", `"hello"`, 422, "", "wants.object"},
		{"a number", `12`, 422, "", "wants.object"},
		{"no object", `{}`, 422, "channel", "error.unknown-channel"},
		{"broken off", `{"channel":"phone","place":{"lat":32.`, 400, "place.lat", "malformed"},
		{"two values", `{} {}`, 400, "", "malformed"},
		{"a comma too many", `{"channel":"phone",}`, 400, "", "malformed"},
		{"NaN", reportWith(`{"lat":NaN,"lon":34.6}`, ""), 400, "place.lat", "malformed"},
		{"Infinity", reportWith(`{"lat":32.2,"lon":-Infinity}`, ""), 400, "place.lon", "malformed"},
		{"a huge number", reportWith(`{"lat":1e999,"lon":34.6}`, ""), 422, "place.lat", "wants.number"},
		{"a number in text", reportWith(`{"lat":"32.2","lon":34.6}`, ""), 422, "place.lat", "wants.number"},
		{"a place that is a text", reportWith(`"רחוב הרצל 3"`, ""), 422, "place", "wants.object"},
		{"half a place", reportWith(`{"lat":32.2}`, ""), 422, "place", "error.place-half"},
		{"off the earth", reportWith(`{"lat":91,"lon":34.6}`, ""), 422, "place.lat", "error.bad-coordinate"},
		{"around the earth", reportWith(`{"lat":32,"lon":394.6}`, ""), 422, "place.lon", "error.bad-coordinate"},
		{"swapped", reportWith(`{"lat":34.62,"lon":32.21}`, ""), 422, "place.lat", "error.swapped"},
		{"another country", reportWith(`{"lat":48.85,"lon":2.35}`, ""), 422, "place.lat", "error.too-far"},
		{"nowhere", reportWith(`{"lat":0,"lon":0}`, ""), 422, "place.lat", "error.too-far"},
		{"bad UTF-8", reportWith(`{"text":"`+"\xff\xfe"+`"}`, ""), 422, "place.text", "error.bad-text"},
		{"bad UTF-8 in a name", `{"channel":"phone","` + "a\xc3" + `":1}`, 422, "", "error.bad-text"},
		{"a NUL", reportWith(`{"text":"a\u0000b"}`, ""), 422, "place.text", "error.bad-text"},
		{"a NUL in an answer's name", reportWith(`{"text":"x"}`, `,"answers":{"a\u0000":1}`), 422, "answers", "error.bad-text"},
		{"a NUL in what is passed over", reportWith(`{"text":"x"}`, `,"more":{"deep":["\u0000"]}`), 422, "more.deep.0", "error.bad-text"},
		{"unknown channel", `{"channel":"telepathy"}`, 422, "channel", "error.unknown-channel"},
		{"channel of another kind", `{"channel":7}`, 422, "channel", "wants.text"},
		{"unknown category", `{"channel":"phone","category":"dragons","place":{"text":"x"}}`, 422, "category", "error.unknown-category"},
		{"no category", `{"channel":"phone","place":{"text":"x"}}`, 422, "category", "error.required"},
		{"a long text", `{"channel":"phone","category":"street-light-out","text":"` + strings.Repeat("א", 4001) + `"}`, 422, "text", "error.too-long"},
		{"unknown question", reportWith(`{"text":"x"}`, `,"answers":{"shoe-size":44}`), 422, "answers.shoe-size", "error.unknown-question"},
		{"answers in a list", reportWith(`{"text":"x"}`, `,"answers":[1]`), 422, "answers", "wants.object"},
		{"an answer too large", reportWith(`{"text":"x"}`, `,"answers":{"n":1e999}`), 422, "answers.n", "wants.number"},
		{"contact's phone", reportWith(`{"text":"x"}`, `,"contact":{"phone":972}`), 422, "contact.phone", "wants.text"},
		{"no uuid", reportWith(`{"text":"x"}`, `,"incident":"first"`), 422, "incident", "wants.id"},
		{"no such incident", reportWith(`{"text":"x"}`, `,"incident":"`+uuid.NewString()+`"`), 404, "incident", "error.no-incident"},
		{"deep", `{"answers":{"a":` + deep, 400, "answers.a.0.0.0.0.0.0", "malformed"},
		{"deep in what is passed over", `{"x":` + deep + strings.Repeat("]", 20_000) + `}`, 400, "x.0.0.0.0.0.0.0", "malformed"},
		{"a control character", "{\"text\":\"a\nb\"}", 400, "text", "malformed"},
		{"huge", `{"text":"` + strings.Repeat("x", maxBody) + `"}`, 413, "", "too-large"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := c.post("/reports", tc.body).is(tc.status)
			if p := got.problem(); p.Field != tc.field || p.Key != tc.key {
				t.Errorf("field %q, key %q, want %q, %q: %s", p.Field, p.Key, tc.field, tc.key, p.Detail)
			}
			for _, lang := range []string{"he", "ar", "ru"} {
				c.lang = lang
				if p := c.post("/reports", tc.body).problem(); p.Detail == got.problem().Detail || p.Field != tc.field {
					t.Errorf("in %s: %s %s", lang, p.Field, p.Detail)
				}
			}
			c.lang = ""
		})
	}
	for name, body := range map[string]string{
		"fields that nobody knows": reportWith(`{"text":"x","accuracy":3}`, `,"priority":"!!","device":{"os":["a",{"b":null}]}`),
		"a field twice":            `{"channel":"phone","channel":"web","category":"street-light-out","place":{"text":"x"}}`,
		"null for what may be":     reportWith(`{"text":"x","lat":null,"lon":null}`, `,"contact":null,"answers":null,"incident":null`),
		"an escaped backslash":     reportWith(`{"text":"\\u0000"}`, ""),
		"half a surrogate":         reportWith(`{"text":"\ud800"}`, ""),
		"an empty place":           reportWith(`{}`, ""),
		"odd text":                 reportWith(`{"text":"\u202e٠ \t ﷽ 😀 '; drop table report; --"}`, ""),
	} {
		t.Run(name, func(t *testing.T) { c.post("/reports", body).is(http.StatusCreated) })
	}
}

// TestHostileAddresses: what stands in an address, and in headers.
func TestHostileAddresses(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.as(dispatch.Admin)
	f := c.report(s.told(3))
	job, incident := "/api/v1/jobs/"+f.Jobs[0].ID.String(), "/api/v1/incidents/"+f.Incident.ID.String()
	crew := "/api/v1/crews/" + c.crew("C1", "electricity").ID.String()
	for _, tc := range []struct {
		method, address, body string
		status                int
		field                 string
	}{
		{"GET", "/api/v1/areas/at", "", 422, "lat"},
		{"GET", "/api/v1/areas/at?lat=32.2", "", 422, "lon"},
		{"GET", "/api/v1/areas/at?lat=NaN&lon=34.6", "", 422, "lat"},
		{"GET", "/api/v1/areas/at?lat=32.2&lon=Inf", "", 422, "lon"},
		{"GET", "/api/v1/areas/at?lat=1e400&lon=34.6", "", 422, "lat"},
		{"GET", "/api/v1/areas/at?lat=34.62&lon=32.21", "", 422, "lat"},
		{"GET", "/api/v1/areas/at?lat=&lon=", "", 422, "lat"},
		{"GET", "/api/v1/areas/at?lat=thirty&lon=34.6", "", 422, "lat"},
		{"GET", "/api/v1/reverse?lat=-32&lon=34.6", "", 422, "lat"},
		{"GET", "/api/v1/geocode", "", 422, "q"},
		{"GET", "/api/v1/geocode?q=" + strings.Repeat("a", 501), "", 422, "q"},
		{"GET", "/api/v1/geocode?q=%ff%fe", "", 422, "q"},
		{"GET", "/api/v1/geocode?q=a%00b", "", 422, "q"},
		{"GET", "/api/v1/geocode?q=x&lat=NaN&lon=1", "", 422, "lat"},
		{"GET", "/api/v1/geocode?q=x&lat=32.2", "", 422, "lon"},
		{"GET", "/api/v1/geocode?q=x&limit=-1", "", 422, "limit"},
		{"GET", "/api/v1/geocode?q=x&limit=many", "", 422, "limit"},
		{"GET", "/api/v1/geocode?q=x&limit=99999999999999999999", "", 422, "limit"},
		{"GET", "/api/v1/geocode?q=x&suggest=perhaps", "", 422, "suggest"},
		{"GET", "/api/v1/areas?level=kingdom", "", 422, "level"},
		{"GET", "/api/v1/areas/nothing.geojson", "", 404, ""},
		{"GET", "/api/v1/areas/" + uuid.NewString() + ".geojson", "", 404, ""},
		{"GET", "/api/v1/areas/" + uuid.NewString(), "", 404, ""},
		{"GET", "/api/v1/route?from=1&to=2", "", 422, "from"},
		{"GET", "/api/v1/route?from=32.2,34.6&to=NaN,NaN", "", 422, "to.lat"},
		{"GET", "/api/v1/incidents?limit=-5", "", 422, "limit"},
		{"GET", "/api/v1/incidents?state=odd", "", 422, "state"},
		{"GET", "/api/v1/incidents?category=a%00", "", 422, "category"},
		{"GET", "/api/v1/incidents?cursor=!!", "", 422, "cursor"},
		{"GET", "/api/v1/incidents?cursor=enp6enp6enp6enp6enp6", "", 422, "cursor"},
		{"GET", "/api/v1/incidents/near?lat=32.2&lon=", "", 422, "lon"},
		{"GET", "/api/v1/incidents/1", "", 422, "id"},
		{"GET", "/api/v1/incidents/" + uuid.NewString(), "", 404, ""},
		{"GET", "/api/v1/incidents/%00", "", 404, ""},
		{"GET", "/api/v1/jobs?crew=me", "", 422, "crew"},
		{"GET", "/api/v1/jobs/" + strings.Repeat("f", 300), "", 422, "id"},
		{"GET", "/api/v1/jobs/" + uuid.NewString() + "/recommend", "", 404, ""},
		{"GET", "/api/v1/reports?phone=%00", "", 422, "phone"},
		{"GET", "/api/v1/reports?incident=x", "", 422, "incident"},
		{"GET", "/api/v1/reports/" + uuid.NewString(), "", 404, ""},
		{"GET", "/api/v1/search", "", 422, "q"},
		{"GET", "/api/v1/search?q=" + strings.Repeat("%D7%90", 300), "", 422, "q"},
		{"GET", "/api/v1/track/nosuchtokennosuchtokennosuch", "", 404, ""},
		{"GET", "/api/v1/track/%ff", "", 404, ""},
		{"GET", "/api/v1/categories?authority=nowhere", "", 0, ""},
		{"GET", "/api/v1/nothing", "", 404, ""},
		{"PUT", "/api/v1/reports", "", 405, ""},
		{"DELETE", incident, "", 405, ""},
		{"GET", "/tiles/base/99/0/0.mvt", "", 404, "z"},
		{"GET", "/tiles/base/1/5/0.mvt", "", 404, "x"},
		{"GET", "/tiles/base/1/0/-1.mvt", "", 404, "y"},
		{"GET", "/tiles/base/1/0/99999999999999999999.mvt", "", 404, "y"},
		{"GET", "/tiles/base/1/0/0.png", "", 404, "y"},
		{"GET", "/tiles/secrets/1/0/0.mvt", "", 404, "layer"},
		{"GET", "/api/v1/feed", "", 426, ""},
		{"GET", "/api/v1/feed?since=x", "", 422, "since"},
		{"GET", "/api/v1/feed?since=-3", "", 422, "since"},
		{"GET", "/api/v1/feed?since=99999999999999999999", "", 422, "since"},
		{"GET", "/api/v1/feed?bbox=1,2,3", "", 422, "bbox"},
		{"GET", "/api/v1/feed?bbox=NaN,NaN,NaN,NaN", "", 422, "bbox"},
		{"GET", "/api/v1/feed?bbox=35,32,34,33", "", 422, "bbox"},

		{"POST", job + "/assign", `{"base_version":1}`, 422, "crew"},
		{"POST", job + "/assign", `{"base_version":1,"crew":"x"}`, 422, "crew"},
		{"POST", job + "/assign", `{"base_version":1,"crew":"` + uuid.NewString() + `"}`, 404, "crew"},
		{"POST", job + "/assign", `{"base_version":1.5}`, 422, "base_version"},
		{"POST", job + "/assign", `{"base_version":"1"}`, 422, "base_version"},
		{"POST", job + "/accept", `{"base_version":9223372036854775807}`, 409, "base_version"},
		{"POST", job + "/accept", `{"base_version":99999999999999999999}`, 422, "base_version"},
		{"POST", job + "/accept", `{"base_version":-1}`, 422, "base_version"},
		{"POST", job + "/accept", `{}`, 422, "base_version"},
		{"POST", job + "/accept", `{"base_version":1}`, 409, ""},
		{"POST", job + "/cancel", `{"base_version":1}`, 422, "reason"},
		{"POST", job + "/cancel", `{"base_version":1,"reason":"\u0000"}`, 422, "reason"},
		{"POST", job + "/cancel", `{"base_version":1,"reason":"` + strings.Repeat("x", 501) + `"}`, 422, "reason"},
		{"POST", job + "/cancel", `{"base_version":1,"reason":"x","note":"` + strings.Repeat("x", 4001) + `"}`, 422, "note"},
		{"POST", job + "/explode", `{"base_version":1}`, 404, ""},
		{"PATCH", incident, `{"base_version":1}`, 422, ""},
		{"PATCH", incident, `{"base_version":1,"priority":0}`, 422, "priority"},
		{"PATCH", incident, `{"base_version":1,"priority":9223372036854775807}`, 422, "priority"},
		{"PATCH", incident, `{"base_version":1,"category":"dragons"}`, 422, "category"},
		{"PATCH", incident, `{"base_version":1,"place":{"lat":5,"lon":5}}`, 422, "place.lat"},
		{"PATCH", incident, `{"base_version":1,"place":{"lat":null}}`, 422, "place"},
		{"PATCH", incident, `{"base_version":1,"text":"` + strings.Repeat("x", 5000) + `"}`, 422, "text"},
		{"PATCH", incident, `{"base_version":9223372036854775807,"priority":1}`, 409, "base_version"},
		{"POST", incident + "/merge", `{"base_version":1,"into":"` + f.Incident.ID.String() + `"}`, 0, ""},
		{"POST", incident + "/merge", `{"base_version":1,"into":"` + uuid.NewString() + `"}`, 404, "into"},
		{"POST", incident + "/merge", `{"base_version":1}`, 0, ""},
		{"POST", incident + "/split", `{"base_version":1,"report":"` + uuid.NewString() + `"}`, 0, ""},
		{"POST", incident + "/close", `{"base_version":1}`, 422, "reason"},
		{"POST", incident + "/jobs", `{"base_version":1,"department":"dragons"}`, 422, "department"},
		{"POST", "/api/v1/crews", `{}`, 422, "code"},
		{"POST", "/api/v1/crews", `{"code":"A","name":"A","departments":["dragons"]}`, 422, "departments"},
		{"POST", "/api/v1/crews", `{"code":"A","name":"A","departments":["electricity"],"kind":"x"}`, 422, "kind"},
		{"POST", "/api/v1/crews", `{"code":"C1","name":"A","departments":["electricity"]}`, 409, "code"},
		{"POST", "/api/v1/crews", `{"code":"A","name":"A","departments":["electricity"],"skills":["` + strings.Repeat("x", 50) + `"]}`, 422, "skills.0"},
		{"POST", "/api/v1/crews", `{"code":"A","name":"A","departments":["electricity"],"skills":[5]}`, 422, "skills.0"},
		{"PATCH", crew, `{"base_version":9223372036854775807,"name":"x"}`, 409, "base_version"},
		{"PATCH", crew, `{"base_version":2,"name":""}`, 422, "name"},
		{"PATCH", crew, `{"base_version":2,"departments":[]}`, 422, "departments"},
		{"POST", crew + "/duty", `{"on_until":"tomorrow"}`, 422, "on_until"},
		{"POST", crew + "/duty", `{"on_until":"9999-12-31T23:59:59Z"}`, 422, "on_until"},
		{"POST", crew + "/duty", `{"on_until":"0000-01-01T00:00:00Z"}`, 422, "on_until"},
		{"POST", crew + "/duty", `{"on_until":null,"base_version":9223372036854775807}`, 409, "base_version"},
		{"POST", "/api/v1/positions", `{"positions":[{"lat":1}]}`, 422, "positions.0.lon"},
		{"POST", "/api/v1/positions", `{"positions":[{"lat":32.2,"lon":34.6,"at":"now"}]}`, 422, "positions.0.at"},
		{"POST", "/api/v1/positions", `{"positions":[{"lat":1e308,"lon":-1e308,"at":"2026-01-01T00:00:00Z"}]}`, 200, ""},
		{"POST", "/api/v1/positions", `{"positions":[` + strings.Repeat(`{"lat":1,"lon":1,"at":"2026-01-01T00:00:00Z"},`, 1000) + `{"lat":1,"lon":1}]}`, 422, "positions"},
		{"POST", "/api/v1/positions", `{"positions":null}`, 200, ""},
		{"POST", "/api/v1/session", `{"login":"a","password":7}`, 422, "password"},
		{"POST", "/api/v1/session", `{"login":"\u0000","password":"x"}`, 422, "login"},
		{"PATCH", "/api/v1/session", `{"lang":"tlh"}`, 422, "lang"},
	} {
		got := c.do(tc.method, tc.address, anyBody(tc.body))
		if got.status >= 500 || tc.status != 0 && got.status != tc.status {
			t.Errorf("%.120s %.120s: %d, want %d: %.300s", got.what, tc.body, got.status, tc.status, got.body)
			continue
		}
		if got.status >= 400 {
			if p := got.problem(); tc.status != 0 && p.Field != tc.field {
				t.Errorf("%.120s %.120s: field %q, want %q: %s", got.what, tc.body, p.Field, tc.field, p.Detail)
			}
		}
	}
}

func anyBody(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// TestHostileHeaders: what isn't the body's nor the address's.
func TestHostileHeaders(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.as(dispatch.Integration)
	good := reportWith(`{"text":"x"}`, "")
	for _, tc := range []struct {
		header, value string
		status        int
	}{
		{"Content-Type", "text/plain", 415},
		{"Content-Type", "application/x-www-form-urlencoded", 415},
		{"Content-Type", "multipart/form-data; boundary=x", 415},
		{"Content-Type", ";;;", 415},
		{"Content-Type", "application/json; charset=utf-8", 201},
		{"Content-Type", "application/vnd.moked+json", 201},
		{"Content-Type", "", 201},
		{"Accept", "text/html", 201},
		{"Accept", "application/xml;q=1, */*;q=0.1", 201},
		{"Accept-Language", strings.Repeat("he,", 1000), 201},
		{"Accept-Language", "\xff\xff", 201},
		{"Idempotency-Key", strings.Repeat("k", 201), 422},
		{"Idempotency-Key", "\xff\xfe", 422},
		{"Authorization", "Basic YTpi", 401},
		{"Authorization", "Bearer", 401},
		{"Authorization", "Bearer moked_" + strings.Repeat("a", 5000), 401},
		{"Authorization", "bearer " + c.secret, 201},
		{"Origin", "https://evil.example", 403},
		{"Sec-Fetch-Site", "cross-site", 403},
		{"X-Forwarded-For", "', 1.2.3.4", 201},
	} {
		got := c.post("/reports", good, tc.header, tc.value)
		if got.status != tc.status {
			t.Errorf("%s: %.60q: %d, want %d: %s", tc.header, tc.value, got.status, tc.status, got.body)
		}
		if got.status >= 400 {
			got.problem()
		}
	}
	cookie := &client{s: s, cookie: &http.Cookie{Name: cookieName, Value: strings.Repeat("z", 3000)}, query: "authority=" + townCode}
	cookie.get("/session").is(http.StatusUnauthorized)
	cookie.post("/reports", good).is(http.StatusCreated)
}

// FuzzReports posts whatever comes: none of it is the server's fault.
func FuzzReports(f *testing.F) {
	for _, seed := range []string{
		reportWith(`{"text":"הרצל 17א פינת ביאליק"}`, ""), reportWith(`{"lat":32.21,"lon":34.62}`, `,"contact":{"phone":"052"},"answers":{"count":3}`),
		`{"channel":`, `[`, `{"place":{"lat":1e999}}`, "\xff", `{"a":"\u0000"}`, `{"incident":"00000000-0000-0000-0000-000000000000"}`,
	} {
		f.Add([]byte(seed))
	}
	s := newServer(f)
	c := s.as(dispatch.Integration)
	f.Fuzz(func(t *testing.T, body []byte) {
		here := *s
		here.t, here.log.t = t, t
		got := (&client{s: &here, secret: c.secret}).post("/reports", string(body))
		if got.status >= 500 {
			t.Errorf("%d %s for %q", got.status, got.body, body)
		}
		if got.status >= 400 && got.status != http.StatusRequestEntityTooLarge {
			if p := got.problem(); strings.HasPrefix(p.Field, "body") || p.Detail == p.Key {
				t.Errorf("%q: %+v", body, p)
			}
		}
	})
}

// FuzzPath finds its way in anything.
func FuzzPath(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"b":"\""}]}`), 12)
	f.Add([]byte(`}{]["`), 5)
	f.Fuzz(func(t *testing.T, b []byte, at int) {
		if at < 0 || at > len(b) {
			return
		}
		path := pathAt(b, at)
		if len(path) > pathDepth*(4*pathName+1) {
			t.Errorf("%q has the path %q at %d", b, path, at)
		}
		var v struct{ A []struct{ B bool } }
		_ = decode(bytes.Clone(b), &v)
	})
}
