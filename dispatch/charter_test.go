package dispatch_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"moked/dispatch"
)

// The published standards of a real hotline, by its own subjects: the category
// each is, whether it speaks of arriving, and the answer it depends on.
var subjects = map[string]struct {
	category string
	kind     dispatch.ClockKind
	yes      string
}{
	"פינוי אשפה ביתית":                      {"household-waste", dispatch.Resolution, ""},
	"רכב נטוש-עם מספרים":                    {"vehicle-abandoned", dispatch.Resolution, "plates"},
	"גזם וגרוטאות לפינוי מנוף":              {"bulky-waste", dispatch.Resolution, ""},
	"חיות פצועות":                           {"animal-injured", dispatch.Resolution, ""},
	"בעיות ריצוף":                           {"pavement-broken", dispatch.Resolution, ""},
	"רכב חונה חוסם":                         {"parking-blocking", dispatch.Resolution, ""},
	"יתושים":                                {"mosquitoes", dispatch.Resolution, ""},
	"טפטפת / צינור השקיה קרוע":              {"irrigation-leak", dispatch.Resolution, ""},
	"ניקיון רחובות":                         {"street-dirty", dispatch.Resolution, ""},
	"אשפה מסביב למכולת אשפה/טמון":           {"waste-around-bin", dispatch.Resolution, ""},
	"גן ציבורי מלוכלך":                      {"park-dirty", dispatch.Resolution, ""},
	"טרקטורונים/אופנועים/ רכב הנוסע בחופים": {"motorbikes", dispatch.Response, ""},
	`הומלסים \ זרים`:                        {"rough-sleeper", dispatch.Response, ""},
	"רעש בשטח ציבורי":                       {"noise-public", dispatch.Response, ""},
	"רעש מוזיקה מבית פרטי":                  {"noise-home", dispatch.Response, ""},
	"שריפה(בטחון סיור)":                     {"fire", dispatch.Resolution, ""},
	"ספסל שבור":                             {"bench-broken", dispatch.Resolution, ""},
	"פינוי פגר":                             {"dead-animal", dispatch.Resolution, ""},
	"ניכוש עשביה ממדרכה":                    {"weeds", dispatch.Resolution, ""},
	"עצים לגיזום":                           {"tree-pruning", dispatch.Resolution, ""},
	`מפגעי אשפה\ניקיון`:                     {"waste-offence", dispatch.Resolution, ""},
	"פסולת בניין-הגעה למקום":                {"building-waste", dispatch.Response, ""},
	"פריצת ביוב-הגעה למקום":                 {"sewage-overflow", dispatch.Response, ""},
	"מפגעי אספלט תיקון סופי":                {"pothole", dispatch.Resolution, ""},
	"מפגעי תמרורים":                         {"sign-damaged", dispatch.Resolution, ""},
	"חניה אדום לבן":                         {"parking-red-white", dispatch.Resolution, ""},
	"חניה על מדרכה":                         {"parking-pavement", dispatch.Resolution, ""},
	"בדיקת ביוב":                            {"sewer-blocked", dispatch.Response, ""},
	"נזילת מים":                             {"water-leak", dispatch.Resolution, ""},
	"פיצוץ מים":                             {"water-burst", dispatch.Resolution, ""},
	"חיות מטרידות":                          {"animal-nuisance", dispatch.Resolution, ""},
	"כלב משוטט ללא בעלים":                   {"dog-stray", dispatch.Resolution, ""},
}

func TestStandardsOfARealHotline(t *testing.T) {
	t.Parallel()
	body, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", "ashdod-106-2026-05.json"))
	if err != nil {
		t.Skipf("the published report is not here: %v", err)
	}
	type issue struct {
		Name     string `json:"issue_name"`
		Standard string `json:"sla_time"`
		Calls    int    `json:"total_calls"`
	}
	var report struct {
		Top     []issue `json:"issues_top"`
		Below80 []issue `json:"issues_below80"`
		Core    []issue `json:"issues_core"`
	}
	if err := json.Unmarshal(body, &report); err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, i := range slices.Concat(report.Top, report.Below80, report.Core) {
		s, ok := subjects[i.Name]
		if !ok {
			continue
		}
		found[i.Name] = true
		var days, hours, minutes int
		if _, err := fmt.Sscanf(i.Standard, "%d:%d:%d", &days, &hours, &minutes); err != nil {
			t.Fatal(i.Standard, err)
		}
		c := category(t, s.category)
		standard := c.Resolution
		if s.kind == dispatch.Response {
			standard = c.Response
		}
		var answers map[string]dispatch.Answer
		if s.yes != "" {
			answers = map[string]dispatch.Answer{s.yes: true}
		}
		got := standard.For(answers)
		inHours := float64(days*24+hours) + float64(minutes)/60
		if got != clockHours(inHours) && !(hours == 0 && minutes == 0 && got == workDays(float64(days))) {
			t.Errorf("%s: %s promises %v, published is %s", i.Name, s.category, got, i.Standard)
		}
	}
	if len(found) < len(subjects) {
		for name := range subjects {
			if !found[name] {
				t.Errorf("%q is not in the report", name)
			}
		}
	}
}
