package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"moked/migrations/dbtest"
)

// shared is where the real cities lie; it is no part of the project.
const shared = "../../../shared/data/"

// shell runs command lines on one database.
type shell struct {
	t   *testing.T
	url string
}

func newShell(t *testing.T) shell {
	t.Helper()
	return shell{t, dbtest.URL(t)}
}

// try runs one command line and returns its status, output and messages.
func (s shell) try(args ...string) (status int, out, messages string) {
	s.t.Helper()
	var o, e bytes.Buffer
	status = run(s.t.Context(), append(args, "--database", s.url, "--log-level", "error"), &o, &e)
	return status, o.String(), e.String()
}

// do runs one that must succeed.
func (s shell) do(args ...string) string {
	s.t.Helper()
	status, out, messages := s.try(args...)
	if status != 0 {
		s.t.Fatalf("moked %s: %d\n%s%s", strings.Join(args, " "), status, out, messages)
	}
	return out
}

// real is a file of a real city; the test is skipped where there is none.
func (s shell) real(name string) string {
	s.t.Helper()
	if _, err := os.Stat(shared + name); err != nil {
		s.t.Skip("the real city is not here:", err)
	}
	return shared + name
}

// rows asks the database for one text per row.
func (s shell) rows(sql string, args ...any) string {
	s.t.Helper()
	conn, err := pgx.Connect(s.t.Context(), s.url)
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close(context.Background())
	rows, err := conn.Query(s.t.Context(), sql, args...)
	if err != nil {
		s.t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// inForce is what an authority has, as kind, source and file.
func (s shell) inForce(authority string) string {
	s.t.Helper()
	return s.rows(`select kind || ' ' || source || ' ' || file from dataset where authority = $1 and valid_to is null order by 1`, authority)
}

// fingerprint changes with any row of an authority's ground.
func (s shell) fingerprint() string {
	s.t.Helper()
	return s.rows(`
select md5(string_agg(t, '|' order by t)) from (
	select dataset::text as t from dataset union all select area::text from area union all
	select street::text from street union all select address::text from address union all
	select place::text from place union all select road_segment::text from road_segment union all
	select zone::text from zone union all select base_feature::text from base_feature union all select event::text from event) all_rows`)
}

func (s shell) mustSay(out string, words ...string) {
	s.t.Helper()
	for _, w := range words {
		if !strings.Contains(out, w) {
			s.t.Errorf("%q is not said in:\n%s", w, out)
		}
	}
}

func TestNetanya(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.do("authority", "create", "netanya", "--name", "נתניה", "--boundary", s.real("netanya_boundary.geojson"))
	out := s.do("import", "osm", s.real("netanya.osm.pbf"), "--authority", "netanya")
	s.mustSay(out, "way 2974", "street 4", "segment 2")
	out = s.do("import", "areas", s.real("netanya_districts.geojson"), "--authority", "netanya",
		"--level", "district", "--name-field", "name", "--code-field", "code")
	s.mustSay(out, "area 11", "feature 11", "district: 11 polygons cover 28.90 of 28.90 km²")
	out = s.do("import", "areas", s.real("netanya_neighbourhoods.geojson"), "--authority", "netanya",
		"--level", "neighbourhood", "--name-field", "name", "--code-field", "code", "--parent-field", "district", "--srid", "4326")
	s.mustSay(out, "area 44", "neighbourhood: 44 polygons cover 28.90 of 28.90 km²")
	wrong := s.rows(`
select n.code from area n left join area d on d.id = n.parent
where n.level = 'neighbourhood' and n.valid_to is null and (d.code is null or not ST_Covers(ST_Buffer(d.geom::geography, 5)::geometry, n.geom))`)
	if wrong != "" {
		t.Error("neighbourhoods in the wrong district:", wrong)
	}

	// Once more: the old is dated, the new is in force, and there is one of each.
	before := s.inForce("netanya")
	s.do("import", "osm", s.real("netanya.osm.pbf"), "--authority", "netanya")
	s.do("import", "areas", s.real("netanya_districts.geojson"), "--authority", "netanya", "--level", "district")
	if after := s.inForce("netanya"); after != before {
		t.Errorf("in force:\n%s\nbefore:\n%s", after, before)
	}
	dated := s.rows(`
select kind || ' ' || count(*) filter (where valid_to is not null) || ' ' || count(*) from dataset
where kind in ('district', 'street', 'boundary') group by kind order by kind`)
	if dated != "boundary 0 1\ndistrict 1 2\nstreet 1 2" {
		t.Error(dated)
	}
	orphans := s.rows(`
select n.code from area n join area d on d.id = n.parent where n.valid_to is null and d.valid_to is not null`)
	if orphans != "" {
		t.Error("these hang on areas that are no longer in force:", orphans)
	}
}

func TestBoundaryAndZonesOfManyDepartments(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.do("authority", "create", "netanya", "--name", "נתניה")
	out := s.do("import", "areas", s.real("netanya_districts.geojson"), "--authority", "netanya", "--level", "district")
	s.mustSay(out, "cover 28.90 of 28.90 km²") // the boundary is the districts' outline
	s.do("import", "areas", s.real("netanya_boundary.geojson"), "--authority", "netanya", "--level", "boundary")
	if got := s.rows(`select source from dataset where kind = 'boundary' and valid_to is null`); got != "municipal" {
		t.Errorf("the boundary is from %q", got)
	}
	box := `{"type":"Feature","properties":{"agaf":%q,"sivug":%q},"geometry":{"type":"Polygon","coordinates":[[[%g,32.30],[%g,32.30],[%g,32.33],[%g,32.33],[%g,32.30]]]}}`
	zone := func(department, code string, from, to float64) string {
		return fmt.Sprintf(box, department, code, from, to, to, from, from)
	}
	file := filepath.Join(t.TempDir(), "zones.geojson")
	write := func(zones ...string) {
		t.Helper()
		all := `{"type":"FeatureCollection","features":[` + strings.Join(zones, ",") + `]}`
		if err := os.WriteFile(file, []byte(all), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	zones := func() string {
		return s.rows(`select department || ' ' || code from zone where valid_to is null order by 1`)
	}
	args := []string{"import", "zones", file, "--authority", "netanya", "--department-field", "agaf", "--code-field", "sivug"}
	write(zone("water", "א", 34.85, 34.86), zone("water", "ב", 34.86, 34.87), zone("electricity", "א", 34.85, 34.87))
	s.mustSay(s.do(args...), "zone water: 2 polygons", "zone electricity: 1 polygons", "a gap by")
	write(zone("water", "ג", 34.85, 34.86))
	s.do(args...)
	if got := zones(); got != "electricity א\nwater ג" {
		t.Error(got)
	}
	write(zone("water", "ד", 34.85, 34.86), zone("alchemy", "א", 34.85, 34.86))
	if status, _, messages := s.try(args...); status != 1 || !strings.Contains(messages, "alchemy") || zones() != "electricity א\nwater ג" {
		t.Error(status, messages, zones())
	}
}

func TestNetivot(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.do("authority", "create", "netivot", "--name", "נתיבות", "--boundary", s.real("netivot_boundary.geojson"))
	s.do("import", "areas", s.real("netivot_districts.geojson"), "--authority", "netivot", "--level", "district")
	s.do("import", "areas", s.real("netivot_neighbourhoods.geojson"), "--authority", "netivot", "--level", "neighbourhood")
	out := s.do("import", "streets", s.real("netivot_streets.geojson"), "--authority", "netivot", "--name-field", "רחוב", "--class-field", "type")
	s.mustSay(out, "feature 681", "map road 681")
	out = s.do("import", "addresses", s.real("netivot_addresses.geojson"), "--authority", "netivot", "--street-field", "str_name", "--house-field", "House")
	s.mustSay(out, "feature 4698", "address 469")
	if n := s.rows(`select count(*)::text from road_segment`); n < "1000" {
		t.Errorf("%s segments: the lines were not cut at their crossings", n)
	}
	if n := s.rows(`select count(*)::text from address where street = 'אגוז' and house = '1'`); n != "1" {
		t.Errorf("%s houses at אגוז 1", n)
	}
}

func TestACityWithoutABoundary(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.do("authority", "create", "monaco", "--name", "מונקו", "--name-en", "Monaco", "--time-zone", "Europe/Monaco")
	out := s.do("import", "osm", s.real("monaco.osm.pbf"), "--authority", "monaco")
	s.mustSay(out, "address 25", "restriction", "map building", "map water", "no name: parking")
	km2 := s.rows(`select round((ST_Area(geom::geography) / 1e6)::numeric, 1)::text from area where level = 'boundary' and valid_to is null`)
	if km2 < "2.0" || km2 > "9.9" {
		t.Errorf("the streets' hull has %s km²", km2)
	}
}

func TestABrokenFileLeavesEverythingAsItWas(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.do("authority", "create", "netanya", "--name", "נתניה", "--boundary", s.real("netanya_boundary.geojson"))
	s.do("import", "osm", s.real("netanya.osm.pbf"), "--authority", "netanya")
	s.do("import", "areas", s.real("netanya_districts.geojson"), "--authority", "netanya", "--level", "district")
	before := s.fingerprint()
	dir := t.TempDir()
	write := func(name string, content []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	read := func(name string) []byte {
		raw, err := os.ReadFile(s.real(name))
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	pbf, districts := read("netanya.osm.pbf"), read("netanya_districts.geojson")
	turned := bytes.Clone(pbf)
	for i := len(turned) / 2; i < len(turned)/2+64; i++ {
		turned[i] ^= 0xff
	}
	doubled := bytes.ReplaceAll(districts, []byte(`"code": "D2"`), []byte(`"code": null, "name": null, "x": "D2"`))
	for name, tc := range map[string]struct {
		args []string
		says string
	}{
		"cut.osm.pbf":      {[]string{"osm", write("cut.osm.pbf", pbf[:len(pbf)*2/3])}, "at byte"},
		"turned.osm.pbf":   {[]string{"osm", write("turned.osm.pbf", turned)}, "at byte"},
		"empty.osm.pbf":    {[]string{"osm", write("empty.osm.pbf", nil)}, "empty.osm.pbf"},
		"text":             {[]string{"osm", write("text.osm", []byte("לא מפה"))}, "neither OSM PBF nor OSM XML"},
		"cut.geojson":      {[]string{"areas", write("cut.geojson", districts[:len(districts)/2]), "--level", "district"}, "ends in the middle"},
		"not a field":      {[]string{"areas", s.real("netanya_districts.geojson"), "--level", "district", "--code-field", "קוד"}, `"code", "name", "name_en"`},
		"lines":            {[]string{"areas", write("line.geojson", []byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"א"},"geometry":{"type":"LineString","coordinates":[[34.85,32.3],[34.86,32.3]]}}]}`)), "--level", "district"}, "feature 1"},
		"another city":     {[]string{"areas", s.real("netivot_districts.geojson"), "--level", "district"}, "elsewhere"},
		"another's roads":  {[]string{"streets", s.real("netivot_streets.geojson"), "--name-field", "רחוב"}, "elsewhere"},
		"another's houses": {[]string{"addresses", s.real("netivot_addresses.geojson")}, "elsewhere"},
		"no such alchemy":  {[]string{"zones", s.real("netanya_districts.geojson"), "--department", "alchemy"}, "alchemy"},
		"no such parents":  {[]string{"areas", s.real("netanya_neighbourhoods.geojson"), "--level", "neighbourhood", "--parent-field", "name_en"}, "Neighbourhood 1"},
		"no file":          {[]string{"osm", filepath.Join(dir, "nothing.osm.pbf")}, "nothing.osm.pbf"},
		"a folder":         {[]string{"areas", dir, "--level", "district"}, "folder"},
		"nameless":         {[]string{"areas", write("nameless.geojson", bytes.ReplaceAll(doubled, []byte("D11"), []byte("D10"))), "--level", "planet"}, "--level"},
	} {
		status, out, messages := s.try(append(append([]string{"import"}, tc.args...), "--authority", "netanya")...)
		if status == 0 || !strings.Contains(messages, tc.says) {
			t.Errorf("%s: status %d\n%s%s", name, status, out, messages)
		}
		if now := s.fingerprint(); now != before {
			t.Fatalf("%s changed something", name)
		}
	}
	if status, _, messages := s.try("import", "osm", s.real("netanya.osm.pbf"), "--authority", "nowhere"); status != 1 || !strings.Contains(messages, "nowhere") {
		t.Error(status, messages)
	}
}

func TestForeignFormats(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	boundary := s.real("netanya_boundary.geojson")
	dir := t.TempDir()
	gpkg := filepath.Join(dir, "districts.gpkg")
	if err := ogr(t, gpkg, "-f", "GPKG", "-t_srs", "EPSG:2039", gpkg, s.real("netanya_districts.geojson")); err != nil {
		t.Skip("ogr2ogr is not here:", err)
	}
	s.do("authority", "create", "netanya", "--name", "נתניה", "--boundary", boundary)
	out := s.do("import", "areas", gpkg, "--authority", "netanya", "--level", "district")
	s.mustSay(out, "area 11", "28.90 of 28.90 km²")
	shp := filepath.Join(dir, "n.shp")
	if err := ogr(t, shp, "-f", "ESRI Shapefile", "-t_srs", "EPSG:2039", "-lco", "ENCODING=UTF-8", shp, s.real("netanya_neighbourhoods.geojson")); err != nil {
		t.Fatal(err)
	}
	out = s.do("import", "areas", shp, "--authority", "netanya", "--level", "neighbourhood")
	s.mustSay(out, "area 44", "28.90 of 28.90 km²")
	if name := s.rows(`select name from area where level = 'neighbourhood' and code = 'N7'`); name != "שכונה 7" {
		t.Errorf("N7 is called %q", name)
	}
	orders := `<OGRVRTDataSource><OGRVRTLayer name="n"><SrcDataSource>` + boundary + `</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>`
	if err := os.WriteFile(shp, []byte(orders), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _, messages := s.try("import", "areas", shp, "--authority", "netanya", "--level", "neighbourhood"); status != 1 || !strings.Contains(messages, "ogr2ogr cannot read") {
		t.Error(status, messages)
	}
}

func TestPeopleProgramsAndCrews(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.do("authority", "create", "yam", "--name", "ים")
	last := func(out string) string {
		lines := strings.Split(strings.TrimRight(out, "\n"), "\n")
		return lines[len(lines)-1]
	}
	crew := last(s.do("crew", "add", "--authority", "yam", "--code", "חש1", "--name", "חשמל 1", "--department", "electricity", "--skill", "electrician"))
	if n := s.rows(`select name from crew where id = $1::text::uuid`, crew); n != "חשמל 1" {
		t.Errorf("crew %q is %q", crew, n)
	}
	builder := last(s.do("crew", "add", "--authority", "yam", "--code", "ק1", "--name", "קבלן", "--kind", "contractor", "--department", "electricity"))
	list := s.do("crew", "list", "--authority", "yam")
	for _, row := range []string{`חש1 +crew +off +electricity +חשמל 1 +` + crew, `ק1 +contractor +off +electricity +קבלן +` + builder} {
		if !regexp.MustCompile(row).MatchString(list) {
			t.Errorf("%s isn't in\n%s", row, list)
		}
	}
	token := last(s.do("token", "create", "--authority", "yam", "--role", "crew", "--crew", crew))
	if !strings.HasPrefix(token, "moked_") || strings.ContainsAny(token, " \t") {
		t.Errorf("token %q", token)
	}
	s.do("user", "add", "--authority", "yam", "--role", "dispatcher", "--login", "dana", "--name", "דנה", "--password", "correct horse")
	out := s.do("user", "add", "--authority", "yam", "--role", "operator", "--login", "gal", "--name", "גל")
	s.mustSay(out, "password: ")
	for _, bad := range [][]string{
		{"token", "create", "--authority", "yam", "--role", "king"},
		{"token", "create", "--authority", "yam", "--role", "crew", "--crew", "7"},
		{"user", "add", "--authority", "yam", "--role", "operator", "--login", "gal", "--name", "גל"},
		{"crew", "add", "--authority", "yam", "--code", "חש1", "--name", "אחר", "--department", "electricity"},
		{"crew", "add", "--authority", "har", "--code", "1", "--name", "אחר", "--department", "electricity"},
		{"authority", "create", "yam", "--name", "ים"},
		{"authority", "create", "Bad Code", "--name", "ים"},
	} {
		if status, out, messages := s.try(bad...); status != 1 || messages == "" {
			t.Errorf("%v: %d\n%s%s", bad, status, out, messages)
		}
	}
	if status, _, _ := s.try("frobnicate"); status != 2 {
		t.Error(status)
	}
}

// Every flag has its MOKED_… variable.
func TestFlagsHaveVariables(t *testing.T) {
	t.Setenv("MOKED_DATABASE_URL", dbtest.URL(t))
	t.Setenv("MOKED_NAME", "ים")
	t.Setenv("MOKED_NAME_EN", "Sea")
	var out, messages bytes.Buffer
	if status := run(t.Context(), []string{"authority", "create", "yam"}, &out, &messages); status != 0 {
		t.Fatal(messages.String())
	}
	s := shell{t, os.Getenv("MOKED_DATABASE_URL")}
	if got := s.rows(`select names::text from authority`); got != `{"en": "Sea", "he": "ים"}` {
		t.Error(got)
	}
}

func TestProgressOffTheTerminal(t *testing.T) {
	t.Parallel()
	var w bytes.Buffer
	p := newProgress(&w, "reading")
	for i := range 1001 {
		p.at(float64(i) / 1000)
	}
	p.done()
	var want strings.Builder
	for _, n := range []int{0, 25, 50, 75, 100} {
		fmt.Fprintf(&want, "reading: %d%%\n", n)
	}
	if w.String() != want.String() {
		t.Error(w.String())
	}
}
