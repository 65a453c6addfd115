package fieldapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb/geojson"

	"moked/dispatch"
	"moked/dispatch/desk"
)

// mapped is a town with some hundreds of incidents, old and new, jobs and crews.
func mapped(t *testing.T) *server {
	t.Helper()
	s := newServer(t)
	var old []desk.OldReport
	for n := range 260 {
		filed := time.Now().Add(-time.Duration(n+1) * 30 * time.Hour).Truncate(time.Second)
		at := theTown().Extract.Addresses[n*7%len(theTown().Extract.Addresses)].Point
		r := desk.OldReport{ID: strconv.Itoa(n), FiledAt: filed, Category: []string{"pothole", "street-light-out", "lawn"}[n%3], Channel: dispatch.ByPhone, At: &at}
		if n%4 > 0 {
			closed := filed.Add(20 * time.Hour)
			r.ClosedAt = &closed
		}
		if n%20 == 0 {
			r.At = nil
		}
		old = append(old, r)
	}
	_, err := s.desk.ImportReports(t.Context(), s.admin(townCode), "old", old)
	s.must(err)
	all := s.as(dispatch.Dispatcher)
	for n := range 12 {
		all.report(s.told(n * 31))
	}
	for n := range 3 {
		k := all.crew("c"+strconv.Itoa(n), "electricity")
		at := theTown().Extract.Addresses[n].Point
		_, err := s.desk.RecordPositions(t.Context(), s.admin(townCode), []dispatch.Position{{Crew: k.ID, Lat: at[1], Lon: at[0], At: time.Now()}})
		s.must(err)
	}
	return s
}

func (s *server) rows(query string, args ...any) (n int) {
	s.t.Helper()
	s.must(s.pool.QueryRow(s.t.Context(), query, args...).Scan(&n))
	return n
}

// whole is how many features each layer has for who sees all.
func (s *server) whole() map[string]int {
	s.t.Helper()
	return map[string]int{
		"areas":     s.rows(`select count(*) from area where authority = $1 and valid_to is null`, townCode),
		"zones":     s.rows(`select count(*) from zone where authority = $1 and valid_to is null`, townCode),
		"incidents": s.rows(`select count(*) from incident where authority = $1`, townCode),
		"jobs":      s.rows(`select count(*) from job where authority = $1`, townCode),
		"crews":     s.rows(`select count(*) from crew where authority = $1 and not retired`, townCode),
	}
}

type featurePage struct {
	Features []json.RawMessage `json:"features"`
	Matched  int               `json:"numberMatched"`
	Returned int               `json:"numberReturned"`
	Links    []struct{ Href, Rel, Type string }
}

func (p featurePage) link(rel string) string {
	for _, l := range p.Links {
		if l.Rel == rel {
			return l.Href
		}
	}
	return ""
}

// TestLayers reads every layer page by page to its end: each feature once, and
// as many as the database has, while others come.
func TestLayers(t *testing.T) {
	t.Parallel()
	s := mapped(t)
	gis := s.as(dispatch.Integration)
	for layer := range s.whole() {
		want := s.whole()[layer]
		if want == 0 {
			t.Errorf("no %s to read", layer)
		}
		seen := map[string]bool{}
		next := "/ogc/collections/" + layer + "/items?limit=7"
		for n := 0; next != ""; n++ {
			var p featurePage
			a := gis.do("GET", next, nil, "Accept", "application/geo+json").is(200)
			a.into(&p)
			if a.header.Get("Content-Type") != "application/geo+json" || p.Matched != want || p.Returned != len(p.Features) || p.Returned > 7 {
				t.Fatalf("%s page %d: %d of %d, %v", layer, n, p.Returned, p.Matched, a.header)
			}
			for _, raw := range p.Features {
				f, err := geojson.UnmarshalFeature(raw)
				s.must(err)
				id, _ := f.ID.(string)
				if seen[id] {
					t.Fatalf("%s %s comes twice", layer, id)
				}
				seen[id] = true
			}
			if n == 1 && layer == "incidents" {
				s.as(dispatch.Dispatcher).report(s.told(977)) // at the end, or elsewhere: it moves none
			}
			next = strings.TrimPrefix(p.link("next"), s.url)
		}
		if len(seen) != want && !(layer == "incidents" && len(seen) == want+1) {
			t.Errorf("%s: %d features, the database has %d", layer, len(seen), want)
		}
	}
}

// TestLayersByPermission shows each caller what is theirs, in counts, lists and
// single features alike.
func TestLayersByPermission(t *testing.T) {
	t.Parallel()
	s := mapped(t)
	nobody := s.publicOf(townCode)
	nobody.do("GET", "/ogc/collections/areas/items", nil).is(200)
	a := nobody.do("GET", "/ogc/collections/incidents/items", nil).is(401)
	if got := strings.Join(a.header.Values("WWW-Authenticate"), "; "); !strings.Contains(got, "Bearer") || !strings.Contains(got, "Basic") {
		t.Errorf("challenged with %s", got)
	}
	var told struct {
		Collections []struct{ ID string } `json:"collections"`
	}
	nobody.do("GET", "/ogc/collections", nil).is(200).into(&told)
	if len(told.Collections) != 1 || told.Collections[0].ID != "areas" {
		t.Errorf("everybody sees %+v", told.Collections)
	}
	var code, outside, inside string
	s.must(s.pool.QueryRow(t.Context(), `select district from incident where district <> '' group by 1 order by count(*) desc limit 1`).Scan(&code))
	s.must(s.pool.QueryRow(t.Context(), `select id from incident where district not in ('', $1) limit 1`, code).Scan(&outside))
	s.must(s.pool.QueryRow(t.Context(), `select id from incident where district = $1 limit 1`, code).Scan(&inside))
	manager := s.token(townCode, desk.NewToken{Role: dispatch.DistrictManager, District: code})
	var p featurePage
	manager.do("GET", "/ogc/collections/incidents/items?limit=10000", nil).is(200).into(&p)
	if want := s.rows(`select count(*) from incident where district in ('', $1)`, code); p.Matched != want || p.Returned != want {
		t.Errorf("the manager sees %d of %d, of %d", p.Returned, p.Matched, want)
	}
	manager.do("GET", "/ogc/collections/incidents/items/"+outside, nil).is(404)
	manager.do("GET", "/ogc/collections/incidents/items/"+inside, nil).is(200)
	var other string
	s.must(s.pool.QueryRow(t.Context(), `select district from incident where id = $1`, outside).Scan(&other))
	manager.do("GET", "/ogc/collections/incidents/items?district="+url.QueryEscape(other), nil).is(200).into(&p)
	if p.Matched != 0 || p.Returned != 0 {
		t.Errorf("the manager sees %d of %s", p.Matched, other)
	}
	head := s.token(townCode, desk.NewToken{Role: dispatch.DepartmentHead, Department: "roads"})
	for layer, query := range map[string]string{
		"incidents": `select count(*) from incident where department = 'roads'`, "jobs": `select count(*) from job where department = 'roads'`,
		"crews": `select count(*) from crew where 'roads' = any(departments)`,
	} {
		head.do("GET", "/ogc/collections/"+layer+"/items", nil).is(200).into(&p)
		if want := s.rows(query); p.Matched != want {
			t.Errorf("the head of roads sees %d %s, want %d", p.Matched, layer, want)
		}
	}
	for _, role := range []dispatch.Role{dispatch.Operator} {
		s.as(role).do("GET", "/ogc/collections/incidents/items", nil).is(403)
	}
	// The text of a report and the names of people are in no layer.
	all := s.as(dispatch.Admin)
	for layer := range s.whole() {
		if b := all.do("GET", "/ogc/collections/"+layer+"/items?limit=10000", nil).is(200).body; bytes.Contains(b, []byte("פנס לא דולק")) {
			t.Errorf("%s tells what a resident wrote", layer)
		}
	}
	gis := s.as(dispatch.Integration)
	basic, err := http.NewRequestWithContext(t.Context(), "GET", s.url+"/ogc/collections/jobs/items?f=json", nil)
	s.must(err)
	basic.SetBasicAuth("qgis", gis.secret)
	res, err := http.DefaultClient.Do(basic)
	s.must(err)
	res.Body.Close()
	if res.StatusCode != 200 {
		t.Errorf("a name and a password: %d", res.StatusCode)
	}
	basic.URL.Path = "/api/v1/jobs"
	res, err = http.DefaultClient.Do(basic)
	s.must(err)
	res.Body.Close()
	if res.StatusCode != 401 {
		t.Errorf("a name and a password elsewhere: %d", res.StatusCode)
	}
}

// TestLayersAsked holds filters against PostGIS's own answer, and refuses what
// isn't of the standard.
func TestLayersAsked(t *testing.T) {
	t.Parallel()
	s := mapped(t)
	gis := s.as(dispatch.Integration)
	var box string
	s.must(s.pool.QueryRow(t.Context(), `select st_xmin(e) || ',' || st_ymin(e) || ',' || (st_xmin(e) + st_xmax(e)) / 2 || ',' || st_ymax(e) from (select st_extent(geom) as e from incident) x`).Scan(&box))
	in := `st_intersects(geom, st_makeenvelope(` + box + `, 4326))`
	month := time.Now().AddDate(0, -1, 0).UTC().Format(time.RFC3339)
	for query, sql := range map[string]string{
		"category=pothole":                        `category = 'pothole'`,
		"category=pothole&state=archived":         `category = 'pothole' and state = 'archived'`,
		"reports=1":                               `reports = 1`,
		"bbox=" + box:                             in,
		"bbox=" + box + "&category=lawn":          in + ` and category = 'lawn'`,
		"bbox=170,-10,-170,10":                    `false`,
		"bbox=-180,-90,180,90":                    `geom is not null`,
		"datetime=" + month + "/..":               `closed_at is null or closed_at >= '` + month + `'`,
		"datetime=../" + month:                    `opened_at <= '` + month + `'`,
		"datetime=" + month:                       `opened_at <= '` + month + `' and (closed_at is null or closed_at >= '` + month + `')`,
		"number=x' or '1'='1":                     `false`,
		"label=" + strings.Repeat("א", 40):        `false`,
		"district=&category=pothole":              `district = '' and category = 'pothole'`,
		"authority=" + otherCode + "&reports=100": `false`,
	} {
		var p featurePage
		gis.do("GET", "/ogc/collections/incidents/items?limit=10000&"+escaped(query), nil).is(200).into(&p)
		if want := s.rows(`select count(*) from incident where authority = $1 and (`+sql+`)`, townCode); p.Matched != want || p.Returned != want {
			t.Errorf("%s: %d of %d, the database has %d", query, p.Returned, p.Matched, want)
		}
	}
	for query, field := range map[string]string{
		"foo=1": "foo", "limit=0": "limit", "limit=-3": "limit", "limit=x": "limit", "limit=": "limit", "bbox=1,2,3": "bbox", "bbox=0,5,1,4": "bbox", "bbox=NaN,0,1,1": "bbox",
		"bbox=": "bbox", "datetime=soon": "datetime", "datetime=../..": "datetime", "datetime=2026-02-01/2026-01-01": "datetime", "reports=many": "reports", "opened_at=2026-01-01": "opened_at",
		"cursor=x": "cursor", "cursor=x.5": "cursor", "cursor=.5": "cursor", "filter=category%20%3D%20%27pothole%27": "filter", "filter-lang=cql2-text": "filter-lang",
		"crs=http://x": "crs", "f=xml": "f", "limit=1&limit=2": "limit", "category=a&category=b": "category", "text=x": "text", "offset=10": "offset",
		"CATEGORY=pothole": "CATEGORY",
	} {
		gis.do("GET", "/ogc/collections/incidents/items?"+query, nil).is(400).names("invalid", field)
	}
	for _, query := range []string{"category=%zz", "category=a;b", "category=%00", "bbox=%ff"} {
		gis.do("GET", "/ogc/collections/incidents/items?"+query, nil).is(400)
	}
	for _, path := range []string{"/ogc/collections/shoes", "/ogc/collections/shoes/items", "/ogc/collections/incidents/items/x", "/ogc/collections/incidents/items/00000000-0000-0000-0000-000000000000", "/ogc/nothing", "/ogc/collections/incidents/nothing"} {
		gis.do("GET", path, nil).is(404)
	}
	for _, path := range []string{"/ogc/?x=1", "/ogc/conformance?x=1", "/ogc/api?x=1", "/ogc/collections?x=1", "/ogc/collections/areas?x=1", "/ogc/collections/areas/queryables?x=1"} {
		gis.do("GET", path, nil).is(400)
	}
	var p featurePage
	gis.do("GET", "/ogc/collections/incidents/items?limit=99999999999", nil).is(200).into(&p)
	if p.Returned != p.Matched {
		t.Errorf("a huge limit gives %d of %d", p.Returned, p.Matched)
	}
	s.token(townCode, desk.NewToken{Role: dispatch.Integration}).do("POST", "/ogc/collections/incidents/items", map[string]any{}).is(405)
}

// escaped escapes the values of a query.
func escaped(query string) string {
	v := url.Values{}
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		v.Add(name, value)
	}
	return v.Encode()
}

// TestLayersAgain says when nothing has changed, and when something has; to each
// caller for itself.
func TestLayersAgain(t *testing.T) {
	t.Parallel()
	s := mapped(t)
	gis := s.as(dispatch.Integration)
	const path = "/ogc/collections/incidents/items?limit=5"
	tag := gis.do("GET", path, nil).is(200).header.Get("ETag")
	if tag == "" {
		t.Fatal("no tag")
	}
	if b := gis.do("GET", path, nil, "If-None-Match", `"x", `+tag).is(304).body; len(b) != 0 {
		t.Errorf("%s", b)
	}
	if b := gis.do("HEAD", path, nil).is(200); len(b.body) != 0 || b.header.Get("ETag") != tag {
		t.Errorf("HEAD: %v", b.header)
	}
	s.token(townCode, desk.NewToken{Role: dispatch.DistrictManager, District: s.anyDistrict()}).do("GET", path, nil, "If-None-Match", tag).is(200)
	gis.do("GET", path+"&category=lawn", nil, "If-None-Match", tag).is(200)
	s.as(dispatch.Dispatcher).report(s.told(5))
	if again := gis.do("GET", path, nil, "If-None-Match", tag).is(200).header.Get("ETag"); again == tag {
		t.Error("another report, and the same tag")
	}
	if crews := gis.do("GET", "/ogc/collections/crews/items", nil).is(200); crews.header.Get("ETag") != "" {
		t.Error("crews move without events, and yet have a tag")
	}
}

func (s *server) anyDistrict() (code string) {
	s.t.Helper()
	s.must(s.pool.QueryRow(s.t.Context(), `select code from area where authority = $1 and level = 'district' order by code limit 1`, townCode).Scan(&code))
	return code
}

// TestLayersArePages has every resource in HTML too, and all links lead somewhere.
func TestLayersArePages(t *testing.T) {
	t.Parallel()
	s := mapped(t)
	gis := s.as(dispatch.Integration)
	seen := map[string]bool{}
	var walk func(path string)
	walk = func(path string) {
		if path = strings.TrimPrefix(path, s.url); seen[path] || len(seen) > 120 {
			return
		}
		seen[path] = true
		a := gis.do("GET", path, nil, "Accept", "application/json").is(200)
		if strings.Contains(a.header.Get("Content-Type"), "html") {
			if !bytes.Contains(a.body, []byte("</html>")) || !bytes.Contains(a.body, []byte(`lang="en"`)) || bytes.Contains(a.body, []byte("ogc.")) {
				t.Errorf("%s: %s", path, a.body)
			}
			return
		}
		var told struct {
			Links       []struct{ Href, Rel string } `json:"links"`
			Collections []struct {
				Links []struct{ Href, Rel string } `json:"links"`
			} `json:"collections"`
		}
		if json.Unmarshal(a.body, &told) != nil {
			t.Errorf("%s: %s", path, a.body)
		}
		for _, k := range told.Collections {
			told.Links = append(told.Links, k.Links...)
		}
		for _, l := range told.Links {
			if l.Rel != "next" {
				walk(l.Href)
			}
		}
	}
	walk("/ogc/")
	if len(seen) < 25 {
		t.Errorf("only %d pages: %v", len(seen), seen)
	}
	page := gis.do("GET", "/ogc/collections/incidents/items?limit=3", nil, "Accept", "text/html,application/xhtml+xml", "Accept-Language", "he").is(200)
	if !bytes.Contains(page.body, []byte(`dir="rtl"`)) || !bytes.Contains(page.body, []byte(`rel="next"`)) {
		t.Errorf("%s", page.body)
	}
	var api struct {
		OpenAPI string `json:"openapi"`
		Paths   map[string]map[string]struct {
			Parameters []struct{ Name, In string } `json:"parameters"`
		} `json:"paths"`
	}
	gis.do("GET", "/ogc/api?f=json", nil).is(200).into(&api)
	named := map[string]bool{}
	for _, p := range api.Paths["/collections/incidents/items"]["get"].Parameters {
		named[p.Name] = true
	}
	for _, want := range []string{"limit", "bbox", "datetime", "category", "state", "priority"} {
		if !named[want] {
			t.Errorf("the OpenAPI document lacks %s", want)
		}
	}
}

// TestLayersBehindAProxy has links lead to where the caller is.
func TestLayersBehindAProxy(t *testing.T) {
	t.Parallel()
	r, err := http.NewRequest("GET", "http://inner:8080/ogc/", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "inner:8080"
	r.Header.Set("X-Forwarded-Proto", "http, https")
	r.Header.Set("X-Forwarded-Host", "evil.example, moked.example.org")
	for _, tc := range []struct {
		a    *api
		want string
	}{
		{&api{}, "http://inner:8080"}, {&api{secure: true}, "https://inner:8080"}, {&api{hops: 1}, "https://moked.example.org"}, {&api{hops: 1, home: "https://gis.example.org"}, "https://gis.example.org"},
	} {
		if got := tc.a.base(r); got != tc.want {
			t.Errorf("%s, want %s", got, tc.want)
		}
	}
}

// TestGDAL has a real client read every layer to its end, with its filters, into
// a GeoPackage.
func TestGDAL(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"ogrinfo", "ogr2ogr"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s isn't here (gdal-bin)", tool)
		}
	}
	s := mapped(t)
	gis := s.as(dispatch.Integration)
	gdal := func(tool string, args ...string) string {
		t.Helper()
		c := exec.CommandContext(t.Context(), tool, args...)
		c.Env = append(os.Environ(), "GDAL_HTTP_HEADERS=Authorization: Bearer "+gis.secret, "LC_ALL=C.UTF-8")
		out, err := c.CombinedOutput()
		if err != nil || bytes.Contains(out, []byte("ERROR")) {
			t.Fatalf("%s %v: %v\n%s", tool, args, err, out)
		}
		return string(out)
	}
	source := "OAPIF:" + s.url + "/ogc/"
	file := filepath.Join(t.TempDir(), "layers.gpkg")
	gdal("ogr2ogr", "-f", "GPKG", file, source)
	count := func(out string) int {
		t.Helper()
		_, rest, found := strings.Cut(out, "Feature Count: ")
		line, _, _ := strings.Cut(rest, "\n")
		n, err := strconv.Atoi(strings.TrimSpace(line))
		if !found || err != nil {
			t.Fatalf("no count in %s", out)
		}
		return n
	}
	for layer, want := range s.whole() {
		if got := count(gdal("ogrinfo", "-so", file, layer)); got != want {
			t.Errorf("the package has %d %s, the database %d", got, layer, want)
		}
		if got := count(gdal("ogrinfo", "-so", source, layer)); got != want {
			t.Errorf("ogrinfo says %d %s, the database has %d", got, layer, want)
		}
	}
	var w, so, e, n float64
	s.must(s.pool.QueryRow(t.Context(), `select st_xmin(x) - 1e-4, st_ymin(x) - 1e-4, (st_xmin(x) + st_xmax(x)) / 2, st_ymax(x) + 1e-4 from (select st_extent(geom) as x from incident) y`).Scan(&w, &so, &e, &n))
	num := func(v float64) string { return strconv.FormatFloat(v, 'f', 9, 64) }
	spat := []string{"-spat", num(w), num(so), num(e), num(n)}
	in := fmt.Sprintf(`st_intersects(geom, st_makeenvelope(%s, %s, %s, %s, 4326))`, num(w), num(so), num(e), num(n))
	for _, tc := range []struct {
		args []string
		sql  string
	}{
		{spat, in},
		{[]string{"-where", "category = 'pothole'"}, `category = 'pothole'`},
		{[]string{"-where", "category = 'pothole' AND state = 'closed' AND reports = 1"}, `category = 'pothole' and state = 'closed' and reports = 1`},
		{append([]string{"-where", "state = 'archived'"}, spat...), `state = 'archived' and ` + in},
		{[]string{"-where", "priority > 1 AND category <> 'lawn'"}, `priority > 1 and category <> 'lawn'`}, // the client's own work
	} {
		got := count(gdal("ogrinfo", append(append([]string{"-so"}, tc.args...), source, "incidents")...))
		if want := s.rows(`select count(*) from incident where authority = $1 and (`+tc.sql+`)`, townCode); got != want || want == 0 {
			t.Errorf("%v: %d, the database has %d", tc.args, got, want)
		}
	}
}
