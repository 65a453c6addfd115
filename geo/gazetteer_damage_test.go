package geo

import (
	"math/rand/v2"
	"strings"
)

// damage is one way in which a caller or a keyboard spoils an address. It
// reports false where it does not apply.
type damage struct {
	name string
	do   func(rng *rand.Rand, street, house string) (string, bool)
}

var damages = []damage{
	{"abbreviation", abbreviate},
	{"prefix", withPrefix},
	{"substitution", func(r *rand.Rand, s, h string) (string, bool) { return typo(r, s, h, 0) }},
	{"deletion", func(r *rand.Rand, s, h string) (string, bool) { return typo(r, s, h, 1) }},
	{"insertion", func(r *rand.Rand, s, h string) (string, bool) { return typo(r, s, h, 2) }},
	{"transposition", func(r *rand.Rand, s, h string) (string, bool) { return typo(r, s, h, 3) }},
	{"number first", func(_ *rand.Rand, s, h string) (string, bool) { return h + " " + s, true }},
	{"words swapped", swapWords},
	{"no quotes", func(_ *rand.Rand, s, h string) (string, bool) {
		t := strings.NewReplacer(`"`, "", "'", "", "-", " ").Replace(s)
		return t + " " + h, t != s
	}},
	{"other quotes", func(r *rand.Rand, s, h string) (string, bool) {
		t := strings.NewReplacer(`"`, []string{"״", "''", "”", "׳׳"}[r.IntN(4)], "'", []string{"׳", "’", "`"}[r.IntN(3)]).Replace(s)
		return t + " " + h, t != s
	}},
	{"plene", plene},
	{"defective", defective},
	{"same sound", sameSound},
	{"glued", func(_ *rand.Rand, s, h string) (string, bool) { return s + h, true }},
	{"flat", func(r *rand.Rand, s, h string) (string, bool) {
		return s + " " + h + []string{" דירה 4", ", דירה 12", " כניסה ב'", " קומה 3", " כניסה א דירה 7", " ד' 3"}[r.IntN(6)], true
	}},
	{"city", func(r *rand.Rand, s, h string) (string, bool) {
		return s + " " + h + []string{", נתיבות", " נתיבות", " בנתיבות"}[r.IntN(3)], true
	}},
	{"niqqud and spaces", func(r *rand.Rand, s, h string) (string, bool) {
		var b strings.Builder
		for _, c := range s {
			b.WriteRune(c)
			if c >= 'א' && c <= 'ת' && r.IntN(3) == 0 {
				b.WriteRune([]rune{0x05B7, 0x05BC, 0x05B8, 0x05B4, 0x05C1}[r.IntN(5)])
			}
		}
		return "  " + b.String() + "   " + h, true
	}},
	{"spaces lost", func(r *rand.Rand, s, h string) (string, bool) {
		i := strings.Index(s, " ")
		if i < 0 {
			return "", false
		}
		return s[:i] + s[i+1:] + " " + h, true
	}},
	{"hyphens", func(r *rand.Rand, s, h string) (string, bool) {
		t := strings.ReplaceAll(s, " ", []string{"-", "־"}[r.IntN(2)])
		return t + " " + h, t != s
	}},
	{"english keys", func(_ *rand.Rand, s, h string) (string, bool) {
		t, ok := toEnglish(s)
		return t + " " + h, ok
	}},
	{"in a sentence", func(r *rand.Rand, s, h string) (string, bool) {
		return []string{"יש בור בכביש ברחוב " + s + " " + h, "פנס לא עובד ב" + s + " " + h + " כבר שבוע", "אשפה ליד הבניין ברחוב " + s + " " + h + " בכניסה",
			s + " " + h + ", יש שם עץ שנפל", "נא לשלוח מישהו לרחוב " + s + " מספר " + h, "שלום, יש נזילה ברח' " + s + " " + h + ". דחוף"}[r.IntN(6)], true
	}},
	{"first name's letter", func(_ *rand.Rand, s, h string) (string, bool) {
		w := strings.Fields(s)
		if len(w) < 2 || len([]rune(w[0])) < 3 {
			return "", false
		}
		w[0] = string([]rune(w[0])[:1]) + "'"
		return strings.Join(w, " ") + " " + h, true
	}},
	{"two errors", func(r *rand.Rand, s, h string) (string, bool) {
		if len([]rune(s)) < 8 {
			return "", false
		}
		once, ok := typo(r, s, "", r.IntN(4))
		if !ok {
			return "", false
		}
		return typo(r, strings.TrimSpace(once), h, r.IntN(4))
	}},
	{"glued letter and error", func(r *rand.Rand, s, h string) (string, bool) {
		once, ok := typo(r, s, h, r.IntN(4))
		return []string{"ברחוב ", "ברח' ", "רח ", "ליד ", "מול ", "ב", "מ"}[r.IntN(7)] + once, ok
	}},
	{"the article", func(_ *rand.Rand, s, h string) (string, bool) {
		if rest, ok := strings.CutPrefix(s, "ה"); ok {
			return rest + " " + h, len([]rune(rest)) > 3
		}
		return "ה" + s + " " + h, true
	}},
}

func toEnglish(s string) (string, bool) {
	from, to := []rune("קראטוןםפשדגכעיחלךףזסבהנמצתץ"), []rune("ertyuiopasdfghjkl;zxcvbnm,.")
	return strings.Map(func(r rune) rune {
		for i, f := range from {
			if r == f {
				return to[i]
			}
		}
		if r == '\'' {
			return 'w'
		}
		return r
	}, s), true
}

func abbreviate(r *rand.Rand, s, h string) (string, bool) {
	for _, p := range [][2]string{{"שדרות ", "שד' "}, {"סמטת ", "סמ' "}, {"כיכר ", "ככר "}, {"הרב ", "ר' "}, {`ד"ר `, "דר' "}, {"פרופסור ", "פרופ' "}} {
		if rest, ok := strings.CutPrefix(s, p[0]); ok && r.IntN(2) == 0 {
			return p[1] + rest + " " + h, true
		}
	}
	return []string{"רח' ", "רח׳ ", "רח ", "רחוב "}[r.IntN(4)] + s + " " + h, true
}

func withPrefix(r *rand.Rand, s, h string) (string, bool) {
	return []string{"ברחוב ", "ליד ", "מול ", "ב", "ברח' ", "ליד הבית ב", "מרחוב ", "בכתובת ", "על יד ", "ל", "סמוך ל", "רחוב "}[r.IntN(12)] + s + " " + h, true
}

// typo spoils one letter of a word of at least three.
func typo(r *rand.Rand, s, h string, kind int) (string, bool) {
	runes := []rune(s)
	var at []int
	for i := range runes {
		if runes[i] >= 'א' && runes[i] <= 'ת' && wordLength(runes, i) >= 3 {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return "", false
	}
	i := at[r.IntN(len(at))]
	letters := []rune("אבגדהוזחטיכלמנסעפצקרשת")
	switch kind {
	case 0:
		c := letters[r.IntN(len(letters))]
		if near := keyNeighbours[runes[i]]; near != "" && r.IntN(2) == 0 {
			c = []rune(near)[r.IntN(len([]rune(near)))]
		}
		if c == runes[i] {
			return "", false
		}
		runes[i] = c
	case 1:
		runes = append(runes[:i:i], runes[i+1:]...)
	case 2:
		c := letters[r.IntN(len(letters))]
		if r.IntN(2) == 0 {
			c = runes[i]
		}
		runes = append(runes[:i:i], append([]rune{c}, runes[i:]...)...)
	case 3:
		if i+1 >= len(runes) || runes[i+1] < 'א' || runes[i] == runes[i+1] {
			return "", false
		}
		runes[i], runes[i+1] = runes[i+1], runes[i]
	}
	return string(runes) + " " + h, true
}

func wordLength(runes []rune, i int) int {
	n := 1
	for j := i - 1; j >= 0 && runes[j] != ' '; j-- {
		n++
	}
	for j := i + 1; j < len(runes) && runes[j] != ' '; j++ {
		n++
	}
	return n
}

var keyNeighbours = map[rune]string{'ק': "ר", 'ר': "קא", 'א': "רט", 'ט': "או", 'ו': "טן", 'ן': "ום", 'ם': "ןפ", 'פ': "ם", 'ש': "ד", 'ד': "שג",
	'ג': "דכ", 'כ': "גע", 'ע': "כי", 'י': "עח", 'ח': "יל", 'ל': "חך", 'ך': "ל", 'ז': "ס", 'ס': "זב", 'ב': "סה", 'ה': "בנ", 'נ': "המ", 'מ': "נצ", 'צ': "מת", 'ת': "צ"}

func swapWords(r *rand.Rand, s, h string) (string, bool) {
	w := strings.Fields(s)
	if len(w) < 2 {
		return "", false
	}
	w[0], w[len(w)-1] = w[len(w)-1], w[0]
	return strings.Join(w, " ") + " " + h, true
}

func plene(r *rand.Rand, s, h string) (string, bool) {
	runes := []rune(s)
	for range 8 {
		i := 1 + r.IntN(max(len(runes)-1, 1))
		if i >= len(runes) || runes[i] == ' ' || runes[i-1] == ' ' || runes[i] < 'א' || runes[i-1] < 'א' {
			continue
		}
		c := []rune("יו")[r.IntN(2)]
		return string(runes[:i]) + string(c) + string(runes[i:]) + " " + h, true
	}
	return "", false
}

func defective(r *rand.Rand, s, h string) (string, bool) {
	runes := []rune(s)
	for i := 1; i+1 < len(runes); i++ {
		if (runes[i] == 'י' || runes[i] == 'ו') && runes[i-1] >= 'א' && runes[i+1] >= 'א' && wordLength(runes, i) > 3 {
			return string(runes[:i]) + string(runes[i+1:]) + " " + h, true
		}
	}
	return "", false
}

func sameSound(r *rand.Rand, s, h string) (string, bool) {
	pairs := map[rune]rune{'ט': 'ת', 'ת': 'ט', 'כ': 'ק', 'ק': 'כ', 'ח': 'כ', 'א': 'ע', 'ע': 'א', 'ס': 'ש', 'ב': 'ו'}
	runes := []rune(s)
	for range 8 {
		i := r.IntN(len(runes))
		if c, ok := pairs[runes[i]]; ok && wordLength(runes, i) > 2 {
			runes[i] = c
			return string(runes) + " " + h, true
		}
	}
	return "", false
}
