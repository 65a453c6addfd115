package geo

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

func TestSuggest(t *testing.T) {
	t.Parallel()
	r := modelTown()
	g := NewGazetteer(r.streets, r.addresses, modelPlaces(), r.areas)
	for _, c := range []struct {
		typed string
		want  string
		among int
	}{
		{"הר", "הרצל", 8},
		{"הרצ", "הרצל", 2},
		{"הרצל", "הרצל", 1},
		{"הרצל ", "הרצל", 1},
		{"הרצל 1", "הרצל 1", 1},
		{"הרצל 1", "הרצל 10", 8},
		{"הרצל 17", "הרצל 17", 1},
		{"הרצל 17", "הרצל 17א", 2},
		{"vrm", "הרצל", 2},
		{"רחוב הרצ", "הרצל", 2},
		{"רח' הרצ", "הרצל", 2},
		{"ז'בו", "ז'בוטינסקי", 2},
		{"זבו", "ז'בוטינסקי", 2},
		{"זבט", "ז'בוטינסקי", 2},
		{"זבוטני", "ז'בוטינסקי", 2},
		{"בן גו", "שדרות בן גוריון", 1},
		{"שד' בן ג", "שדרות בן גוריון", 1},
		{"גורי", "שדרות בן גוריון", 2},
		{"ביאל", "חיים נחמן ביאליק", 1},
		{"חיים נח", "חיים נחמן ביאליק", 1},
		{"רמב", `רמב"ן`, 3},
		{`רמב"`, `הרמב"ם`, 3},
		{"כט בנו", `כ"ט בנובמבר`, 1},
		{"29 בנו", `כ"ט בנובמבר`, 1},
		{"בית ספר ני", "בית ספר יסודי ניצנים", 1},
		{"קניון", "קניון השרון", 1},
		{"נווה שא", "נווה שאנן", 1},
		{"Jabo", "ז'בוטינסקי", 2},
		{"Herz", "הרצל", 4},
		{"Жабот", "ז'בוטינסקי", 2},
		{"הרצל פינת ז'בו", "הרצל פינת ז'בוטינסקי", 3},
	} {
		res := g.Suggest(c.typed, Bias{})
		at := slices.IndexFunc(res, func(r Result) bool { return r.Label == c.want })
		if at < 0 || at >= c.among {
			var got []string
			for _, r := range res {
				got = append(got, r.Label)
			}
			t.Errorf("%q: %s, want %s among the first %d", c.typed, strings.Join(got, "; "), c.want, c.among)
		}
	}
	for _, typed := range []string{"", "ה", " ", "5", "'"} {
		if res := g.Suggest(typed, Bias{}); len(res) != 0 || res == nil {
			t.Errorf("%q: %v, want an empty list", typed, res)
		}
	}
}

// TestSuggestNear wants of two names that begin alike the one in view.
func TestSuggestNear(t *testing.T) {
	t.Parallel()
	streets := []Street{
		{ID: 1, Name: "הרב קוק", Geom: orb.MultiLineString{{{34.80, 32.00}, {34.801, 32.00}}}},
		{ID: 2, Name: "הרב קארו", Geom: orb.MultiLineString{{{34.90, 32.00}, {34.901, 32.00}}}},
		{ID: 3, Name: "הזית", Geom: orb.MultiLineString{{{34.80, 32.00}, {34.801, 32.00}}}},
		{ID: 4, Name: "הזית", Geom: orb.MultiLineString{{{34.90, 32.00}, {34.901, 32.00}}}},
	}
	g := NewGazetteer(streets, nil, nil, nil)
	for i, near := range []orb.Point{{34.80, 32.00}, {34.90, 32.00}} {
		for typed, want := range map[string]int64{"הרב ק": int64(i + 1), "הז": int64(i + 3), "הזית": int64(i + 3)} {
			if res := g.Suggest(typed, Bias{Near: &near}); len(res) < 2 || res[0].StreetID != want {
				t.Errorf("%q at %v: %+v, want %d first", typed, near, res, want)
			}
		}
		if res := g.Find("הזית", Bias{Near: &near}); len(res) != 2 || res[0].StreetID != int64(i+3) {
			t.Errorf("הזית at %v: %+v", near, res)
		}
	}
	res := g.Find("הזית", Bias{})
	if len(res) != 2 || res[0].Score > 0.6 || res[1].Score < 0.4 {
		t.Errorf("two streets of one name: %+v", res)
	}
}

// TestSuggestFindsStreets types the names of a real city letter by letter and
// counts how soon the street is among the first five.
func TestSuggestFindsStreets(t *testing.T) {
	t.Parallel()
	r := netivot(t)
	g := r.gazetteer()
	rng := rand.New(rand.NewPCG(8, 8))
	names := r.streetNames()
	asked, found, typed, all := 0, 0, 0, 0
	for range 800 {
		name := names[r.addresses[rng.IntN(len(r.addresses))].Street]
		runes := []rune(name)
		asked++
		for n := 2; n <= len(runes); n++ {
			res := g.Suggest(string(runes[:n]), Bias{Limit: 5})
			if slices.ContainsFunc(res, func(x Result) bool { return Normalise(x.Street) == Normalise(name) }) {
				found++
				typed, all = typed+n, all+len(runes)
				break
			}
		}
	}
	t.Logf("%d of %d streets found, after %.0f %% of their letters", found, asked, 100*float64(typed)/float64(all))
	if found < asked*98/100 {
		t.Errorf("%d of %d streets found while typing", found, asked)
	}
}
