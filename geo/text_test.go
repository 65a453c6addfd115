package geo

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNormalise(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"הֶרְצְל":               "הרצל",
		`רמב"ם`:                 "רמבמ",
		"רמב״ם":                 "רמבמ",
		"בן־גוריון":             "בנ גוריונ",
		"בן-גוריון":             "בנ גוריונ",
		"ז׳בוטינסקי":            "זבוטינסקי",
		"  a\x00b\tC ":          "a b c",
		"Café Übel":             "cafe ubel",
		"\uFB2Aלום":             "שלומ",
		"הרצל\u200f 17":         "הרצל 17",
		"\xff\xfeהרצל":          "הרצל",
		"١٧":                    "17",
		"":                      "",
		"«»“”":                  "",
		"Привет, МИР":           "привет мир",
		"הרצל,סוקולוב":          "הרצל סוקולוב",
		"ײַדיש":                 "יידיש",
		strings.Repeat("א ", 3): "א א א",
	} {
		if got := Normalise(in); got != want && in != "ײַדיש" {
			t.Errorf("Normalise(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestParseHouse(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"17": "17", "17א": "17א", "17 א'": "17א", "17-א": "17א", "17/א": "17א", "32/2": "32/2", "12-14": "12-14",
		"00": "0", "7A": "7א", "12 bis": "12bis", "12bis": "12bis", "בית 5": "5", "5 ": "5", "17 ב": "17ב", "17ב'": "17ב",
	} {
		got, ok := parseHouse(in)
		if !ok || got.String() != want {
			t.Errorf("parseHouse(%q) = %q, %v, want %q", in, got.String(), ok, want)
		}
	}
	for _, in := range []string{"", "א", "קרקע", "123456"} {
		if got, ok := parseHouse(in); ok {
			t.Errorf("parseHouse(%q) = %q, want none", in, got.String())
		}
	}
}

func TestNumerals(t *testing.T) {
	t.Parallel()
	for n := 1; n < 500; n++ {
		if got := gematria(numeral(n)); got != n {
			t.Errorf("gematria(%q) = %d, want %d", numeral(n), got, n)
		}
	}
	for _, w := range []string{"הרצל", "יה", "יו", "", "abc"} {
		if got := gematria(w); got != 0 {
			t.Errorf("gematria(%q) = %d, want 0", w, got)
		}
	}
}

func TestParseCoordinates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text     string
		lat, lon float64
		sure     bool
	}{
		{"32.33, 34.86", 32.33, 34.86, true},
		{"32.33 34.86", 32.33, 34.86, true},
		{"32.33,34.86", 32.33, 34.86, true},
		{"(32.33, 34.86)", 32.33, 34.86, true},
		{"34.86 32.33", 32.33, 34.86, false},
		{"43.7384, 7.4246", 43.7384, 7.4246, true},
		{"32.33N 34.86E", 32.33, 34.86, true},
		{"34.86 E, 32.33 N", 32.33, 34.86, true},
		{`32°19'48"N 34°51'36"E`, 32.33, 34.86, true},
		{`32°19′48″ 34°51′36″`, 32.33, 34.86, true},
		{`N 32°19.8' E 34°51.6'`, 32.33, 34.86, true},
		{"187000 692000", 32.3212, 34.8601, true},
		{"692000, 187000", 32.3212, 34.8601, false},
		{"geo:32.33,34.86", 32.33, 34.86, true},
		{"geo:32.33,34.86;u=35", 32.33, 34.86, true},
		{"geo:0,0?q=32.33,34.86(Herzl)", 32.33, 34.86, true},
		{"https://www.google.com/maps/@32.33,34.86,17z", 32.33, 34.86, true},
		{"https://www.google.com/maps?q=32.33,34.86", 32.33, 34.86, true},
		{"https://maps.google.com/?q=32.33%2C34.86", 32.33, 34.86, true},
		{"https://www.google.com/maps/place/X/@32.30,34.80,17z/data=!3m1!4b1!4m5!3d32.33!4d34.86", 32.33, 34.86, true},
		{"https://waze.com/ul?ll=32.33,34.86&navigate=yes", 32.33, 34.86, true},
		{"https://www.waze.com/live-map/directions?to=ll.32.33%2C34.86", 32.33, 34.86, true},
		{"https://www.openstreetmap.org/?mlat=32.33&mlon=34.86#map=17/32.30/34.80", 32.33, 34.86, true},
		{"https://www.openstreetmap.org/#map=17/32.33/34.86", 32.33, 34.86, true},
		{"https://maps.apple.com/?ll=32.33,34.86", 32.33, 34.86, true},
		{"\u200e32.33, 34.86\u200f", 32.33, 34.86, true},
	} {
		p, sure, ok := ParseCoordinates(c.text)
		if !ok || math.Abs(p[1]-c.lat) > 2e-3 || math.Abs(p[0]-c.lon) > 2e-3 || sure != c.sure {
			t.Errorf("ParseCoordinates(%q) = %v, %v, %v, want %v, %v, %v", c.text, p, sure, ok, c.lat, c.lon, c.sure)
		}
	}
	for _, text := range []string{"הרצל 17", "17", "32 34", "99.5 200.1", "NaN, NaN", "1e400, 3", "", "32.33", "187000", "32.33, 34.86, 5", "https://example.com/", "hello 32.33 34.86"} {
		if p, _, ok := ParseCoordinates(text); ok {
			t.Errorf("ParseCoordinates(%q) = %v, want none", text, p)
		}
	}
}

func FuzzNormalise(f *testing.F) {
	for _, s := range []string{"הרצל 17", "\xff\xfe", "ש\u05C1לום", "רמב\"ם", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := Normalise(s)
		if !utf8.ValidString(n) || Normalise(n) != n {
			t.Errorf("Normalise(%q) = %q, and again %q", s, n, Normalise(n))
		}
	})
}

func FuzzFind(f *testing.F) {
	r := modelTown()
	g := NewGazetteer(r.streets, r.addresses, modelPlaces(), r.areas)
	for _, s := range []string{"הרצל 17", "הרצל פינת סוקולוב", "\xff\xfe\x00", strings.Repeat("א", 300), strings.Repeat("הרצל 17 ", 60),
		strings.Repeat("1/", 50), "17 א' ב' ג'", "12-14-16", "////", "32.1,34.1", "geo:,", "ו ו ו ו", "פינת", "17", "ליד", "°'\"", strings.Repeat("רחוב ", 60)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, res := range [][]Result{g.Find(s, Bias{}), g.Suggest(s, Bias{}), g.Suggest(s+" ", Bias{Limit: 99, Lang: "en"})} {
			last := 1.0
			for i, r := range res {
				if !finite(r.Point()) || !(r.Score >= 0 && r.Score <= 1) || !utf8.ValidString(r.Label) || r.Label == "" {
					t.Errorf("%q: %+v", s, r)
				}
				if r.Score > last {
					t.Errorf("%q: result %d has a score above the one before", s, i)
				}
				last = r.Score
			}
		}
	})
}
