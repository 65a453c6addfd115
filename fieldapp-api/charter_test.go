package fieldapi

import (
	"strings"
	"testing"
	"time"

	"moked/dispatch"
	"moked/dispatch/desk"
)

// TestCharter publishes without sign-in, in four languages, and nothing of few.
func TestCharter(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	system := s.admin(townCode)
	var old []desk.OldReport
	month := time.Now().AddDate(0, -2, 0)
	for n := range 31 {
		filed := month.Add(time.Duration(n) * time.Minute)
		closed, due := filed.Add(time.Duration(n)*time.Hour), filed.Add(24*time.Hour)
		category := "pothole"
		switch {
		case n < 3:
			category = "lawn"
		case n < 12:
			category = "dog-bite" // sensitive
		}
		at := theTown().Extract.Addresses[n].Point
		old = append(old, desk.OldReport{ID: string(rune('a' + n)), FiledAt: filed, ClosedAt: &closed, DueAt: &due, Category: category, Channel: dispatch.ByPhone, At: &at})
	}
	_, err := s.desk.ImportReports(t.Context(), system, "old", old)
	s.must(err)
	s.reads()
	nobody := s.publicOf(townCode)
	var c charterBody
	nobody.get("/charter").is(200).into(&c)
	if c.Charter.Total.Received != 31 || c.Charter.Total.Judged != 31 || c.Charter.Total.Kept != 25 {
		t.Errorf("in whole: %+v", c.Charter.Total)
	}
	for _, k := range c.Charter.Categories {
		if k.Code == "dog-bite" || k.Code == "lawn" && !k.Hidden {
			t.Errorf("published: %+v", k)
		}
	}
	for path, field := range map[string]string{"/charter?from=x": "from", "/charter?to=2099-01": "to", "/charter?from=2025-05&to=2025-01": "to"} {
		nobody.get(path).is(422).names("invalid", field)
	}
	titles := map[string]bool{}
	for _, lang := range []string{"he", "en", "ar", "ru"} {
		a := nobody.do("GET", "/charter?lang="+lang, nil).is(200)
		page := string(a.body)
		if !strings.Contains(page, "</html>") || strings.Count(page, "<table") != strings.Count(page, "</table>") || !strings.Contains(page, `<html lang="`+lang+`"`) || strings.Contains(strings.ReplaceAll(page, "/charter.", ""), "charter.") || strings.Contains(page, "dog-bite") {
			t.Errorf("%s:\n%s", lang, page)
		}
		rtl := lang == "he" || lang == "ar"
		if strings.Contains(page, `<body dir="rtl">`) != rtl {
			t.Errorf("%s reads the wrong way", lang)
		}
		_, rest, _ := strings.Cut(page, "<title>")
		title, _, _ := strings.Cut(rest, "</title>")
		titles[title] = true
	}
	if len(titles) != 4 {
		t.Errorf("the titles are %v", titles)
	}
	if a := nobody.do("GET", "/charter?lang=en&to=2099-01&from=%22%3E%3Cscript%3E", nil).is(422); strings.Contains(string(a.body), "<script") || !strings.Contains(string(a.body), `role="alert"`) {
		t.Errorf("%s", a.body)
	}
	for n := range 2 * monthsBurst {
		if a := nobody.do("GET", "/api/v1/charter?from=2025-01", nil); a.status == 429 {
			break
		} else if n == 2*monthsBurst-1 {
			t.Error("a stranger may ask for months without end")
		}
	}
	nobody.get("/charter").is(200)
	s.public().do("GET", "/charter", nil).is(422) // of which of the two?
	if a := s.public().do("GET", pageStyle, nil).is(200); !strings.HasPrefix(a.header.Get("Content-Type"), "text/css") {
		t.Error(a.header)
	}
}

// TestOldReportsAreLookedFor finds old reports that have words for a place, and
// leaves those unplaced whose words mean none.
func TestOldReportsAreLookedFor(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	text, at, _ := s.house(40)
	filed := time.Now().Add(-48 * time.Hour)
	old := []desk.OldReport{
		{ID: "1", FiledAt: filed, Category: "pothole", Channel: dispatch.ByPhone, Told: text, Standard: true},
		{ID: "2", FiledAt: filed, Category: "pothole", Channel: dispatch.ByPhone, Told: "שום מקום בעולם 777"},
		{ID: "3", FiledAt: filed, Category: "pothole", Channel: dispatch.ByPhone, At: &at, Fallback: true},
	}
	_, err := s.desk.ImportReports(t.Context(), s.admin(townCode), "old", old)
	s.must(err)
	var precise, due, far int
	s.must(s.pool.QueryRow(t.Context(), `
select count(*) filter (where lon is not null), count(due_at), count(*) filter (where st_distance(st_point(lon, lat)::geography, st_point($1, $2)::geography) > 1)
from past where authority = $3`, at[0], at[1], townCode).Scan(&precise, &due, &far))
	if precise != 1 || due != 1 || far != 0 {
		t.Errorf("%d are located, %d of them elsewhere, %d have a promise", precise, far, due)
	}
}
