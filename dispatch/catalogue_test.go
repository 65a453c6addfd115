package dispatch_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"moked/dispatch"
)

func TestDefaultCatalogueHoldsTogether(t *testing.T) {
	t.Parallel()
	departments, categories := dispatch.DefaultCatalogue()
	if err := dispatch.CheckCatalogue(departments, categories); err != nil {
		t.Fatal(err)
	}
	if len(categories) < 60 {
		t.Errorf("%d categories, want at least 60", len(categories))
	}
	skills := map[string]bool{}
	for _, s := range dispatch.Skills() {
		complete(t, "skill "+s.Code, s.Names)
		skills[s.Code] = true
	}
	used := map[string]int{}
	slug := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	for _, c := range categories {
		complete(t, c.Code, c.Names)
		if !slug.MatchString(c.Code) {
			t.Errorf("%s: not a code", c.Code)
		}
		if c.Icon == "" || len(c.Skills) == 0 || c.WorkMins < 5 || c.Keywords["he"] == "" || c.Keywords["en"] == "" {
			t.Errorf("%s: icon %q, skills %v, minutes %d, keywords %v", c.Code, c.Icon, c.Skills, c.WorkMins, c.Keywords)
		}
		for _, s := range c.Skills {
			if !skills[s] {
				t.Errorf("%s: skill %q is not in Skills", c.Code, s)
			}
		}
		for _, q := range c.Questions {
			complete(t, c.Code+"."+q.Code, q.Names)
			for _, choice := range q.Choices {
				complete(t, c.Code+"."+q.Code+"."+choice.Code, choice.Names)
			}
		}
		promised(t, c)
		used[c.Department]++
	}
	for _, d := range departments {
		complete(t, d.Code, d.Names)
		if used[d.Code] < 3 || d.Icon == "" {
			t.Errorf("%s: %d categories, icon %q", d.Code, used[d.Code], d.Icon)
		}
	}
	if len(departments) != 14 {
		t.Errorf("%d departments, want eleven domains, parking, security and emergency", len(departments))
	}
}

func complete(t *testing.T, what string, names map[string]string) {
	t.Helper()
	for _, lang := range []string{"he", "en", "ar", "ru"} {
		if names[lang] == "" {
			t.Errorf("%s: no name in %s", what, lang)
		}
	}
}

// promised checks that both standards promise something under every single
// answer, and the crew's arrival no later than the end of the work.
func promised(t *testing.T, c dispatch.Category) {
	t.Helper()
	cal := dispatch.IsraelCalendar(jerusalem(t))
	start := time.Date(2026, 3, 9, 10, 0, 0, 0, cal.Zone)
	for _, answers := range singleAnswers(c) {
		if err := c.Validate(answers); err != nil {
			t.Errorf("%s: %v: %v", c.Code, answers, err)
		}
		clocks := dispatch.StartClocks(c, answers, start, cal)
		if len(clocks) != 2 {
			t.Fatalf("%s: %v starts %d clocks", c.Code, answers, len(clocks))
		}
		if clocks[0].DueAt.After(clocks[1].DueAt) {
			t.Errorf("%s: %v: arrival due %v, after the end %v", c.Code, answers, clocks[0].DueAt, clocks[1].DueAt)
		}
	}
}

func singleAnswers(c dispatch.Category) []map[string]dispatch.Answer {
	all := []map[string]dispatch.Answer{{}}
	for _, q := range c.Questions {
		switch q.Kind {
		case dispatch.AskBool:
			all = append(all, map[string]dispatch.Answer{q.Code: true}, map[string]dispatch.Answer{q.Code: false})
		case dispatch.AskNumber:
			all = append(all, map[string]dispatch.Answer{q.Code: 1.0}, map[string]dispatch.Answer{q.Code: 5.0})
		case dispatch.AskChoice:
			for _, k := range q.Choices {
				all = append(all, map[string]dispatch.Answer{q.Code: k.Code})
			}
		}
	}
	return all
}

func TestDefaultCatalogueIsFreshEachTime(t *testing.T) {
	t.Parallel()
	_, a := dispatch.DefaultCatalogue()
	a[0].Names["he"] = "אחר"
	a[0].Skills[0] = "other"
	_, b := dispatch.DefaultCatalogue()
	if b[0].Names["he"] == "אחר" || b[0].Skills[0] == "other" {
		t.Error("two calls share their values")
	}
}

func TestStandardsSurviveJSON(t *testing.T) {
	t.Parallel()
	_, categories := dispatch.DefaultCatalogue()
	body, err := json.Marshal(categories)
	if err != nil {
		t.Fatal(err)
	}
	var back []dispatch.Category
	if err := json.Unmarshal(body, &back); err != nil {
		t.Fatal(err)
	}
	for i, c := range categories {
		for _, answers := range singleAnswers(c) {
			if got, want := back[i].Resolution.For(answers), c.Resolution.For(answers); got != want {
				t.Errorf("%s %v: %v after JSON, want %v", c.Code, answers, got, want)
			}
		}
	}
}

func TestStreetLight(t *testing.T) {
	t.Parallel()
	c := category(t, "street-light-out")
	for _, k := range []struct {
		answers map[string]dispatch.Answer
		hours   float64
	}{
		{nil, 72},
		{map[string]dispatch.Answer{"lamps": 1.0}, 72},
		{map[string]dispatch.Answer{"lamps": 2}, 72},
		{map[string]dispatch.Answer{"lamps": 3.0}, 48},
		{map[string]dispatch.Answer{"lamps": json.Number("4")}, 48},
		{map[string]dispatch.Answer{"lamps": "3"}, 72},
		{map[string]dispatch.Answer{"lamps": 3.0, "danger": true}, 6},
		{map[string]dispatch.Answer{"danger": false}, 72},
	} {
		if got := c.Resolution.For(k.answers); got.N != k.hours || got.Unit != dispatch.ClockHours {
			t.Errorf("%v: %v, want %v clock hours", k.answers, got, k.hours)
		}
	}
	if got := c.Response.For(map[string]dispatch.Answer{"danger": true}); got != (dispatch.Duration{N: 1, Unit: dispatch.ClockHours}) {
		t.Errorf("in danger: %v, want one clock hour", got)
	}
}

func TestValidateAnswers(t *testing.T) {
	t.Parallel()
	light, signal := category(t, "street-light-out"), category(t, "traffic-light")
	for _, k := range []struct {
		c       dispatch.Category
		answers map[string]dispatch.Answer
		field   string
		key     string
	}{
		{light, nil, "", ""},
		{light, map[string]dispatch.Answer{"lamps": 3.0, "danger": false}, "", ""},
		{light, map[string]dispatch.Answer{"lamps": nil}, "", ""},
		{light, map[string]dispatch.Answer{"lamps": "three"}, "answers.lamps", dispatch.KeyAnswerKind},
		{light, map[string]dispatch.Answer{"lamps": -1.0}, "answers.lamps", dispatch.KeyAnswerKind},
		{light, map[string]dispatch.Answer{"lamps": 1e9}, "answers.lamps", dispatch.KeyAnswerKind},
		{light, map[string]dispatch.Answer{"lamps": []any{1.0}}, "answers.lamps", dispatch.KeyAnswerKind},
		{light, map[string]dispatch.Answer{"danger": "yes"}, "answers.danger", dispatch.KeyAnswerKind},
		{light, map[string]dispatch.Answer{"zebra": 1.0, "colour": "red"}, "answers.colour", dispatch.KeyUnknownQuestion},
		{signal, map[string]dispatch.Answer{"fault": "dark"}, "", ""},
		{signal, map[string]dispatch.Answer{"fault": "gone"}, "answers.fault", dispatch.KeyUnknownChoice},
		{signal, map[string]dispatch.Answer{"fault": 1.0}, "answers.fault", dispatch.KeyAnswerKind},
	} {
		err := k.c.Validate(k.answers)
		refused, _ := err.(*dispatch.Error)
		switch {
		case k.field == "" && err != nil:
			t.Errorf("%v: %v", k.answers, err)
		case k.field != "" && (refused == nil || refused.Field != k.field || refused.Key != k.key || refused.Code != dispatch.Invalid):
			t.Errorf("%v: %v, want %s at %s", k.answers, err, k.key, k.field)
		}
	}
}

func TestCheckCatalogueNamesTheFault(t *testing.T) {
	t.Parallel()
	for want, spoil := range map[string]func(c *dispatch.Category){
		"code":         func(c *dispatch.Category) { c.Code = "water-burst" },
		"department":   func(c *dispatch.Category) { c.Department = "magic" },
		"names":        func(c *dispatch.Category) { c.Names = nil },
		"priority":     func(c *dispatch.Category) { c.Priority = 9 },
		"work_minutes": func(c *dispatch.Category) { c.WorkMins = -1 },
		"merge":        func(c *dispatch.Category) { c.Merge = &dispatch.MergeRule{Metres: 0, Hours: 1} },
		"merge.with": func(c *dispatch.Category) {
			c.Merge = &dispatch.MergeRule{Metres: 1, Hours: 1, With: []string{"nothing"}}
		},
		"response":   func(c *dispatch.Category) { c.Response.Default.Unit = "fortnights" },
		"resolution": func(c *dispatch.Category) { c.Resolution.Cases = []dispatch.Case{{Question: "never-asked", Is: true}} },
		"questions":  func(c *dispatch.Category) { c.Questions = append(c.Questions, c.Questions[0]) },
	} {
		departments, categories := dispatch.DefaultCatalogue()
		i := slices.IndexFunc(categories, func(c dispatch.Category) bool { return c.Code == "street-light-out" })
		spoil(&categories[i])
		err, _ := dispatch.CheckCatalogue(departments, categories).(*dispatch.Error)
		if err == nil || err.Field != want {
			t.Errorf("%s: got %v", want, err)
		}
	}
}

// The web draws the icons from Tabler's set.
func TestIconsExist(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("..", "web", "node_modules", "@tabler", "icons", "icons", "outline")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the web's packages are not installed")
	}
	icons := map[string]bool{}
	departments, categories := dispatch.DefaultCatalogue()
	for _, d := range departments {
		icons[d.Icon] = true
	}
	for _, c := range categories {
		icons[c.Icon] = true
	}
	for icon := range maps.Keys(icons) {
		if _, err := os.Stat(filepath.Join(dir, icon+".svg")); err != nil {
			t.Errorf("no icon %q", icon)
		}
	}
}

func category(t *testing.T, code string) dispatch.Category {
	t.Helper()
	_, categories := dispatch.DefaultCatalogue()
	for _, c := range categories {
		if c.Code == code {
			return c
		}
	}
	t.Fatalf("no category %q", code)
	return dispatch.Category{}
}

func jerusalem(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Jerusalem")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}
