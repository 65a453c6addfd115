package geo

import "strings"

// The keys of the Hebrew keyboard (SI 1452) and what the English one has in
// their place.
const (
	englishKeys = "qwertyuiop" + "asdfghjkl;'" + "zxcvbnm,./"
	hebrewKeys  = "/'קראטוןםפ" + "שדגכעיחלךף," + "זסבהנמצתץ."
)

var toHebrewKeys, toEnglishKeys = keyMap(englishKeys, hebrewKeys), keyMap(hebrewKeys, englishKeys)

func keyMap(from, to string) map[rune]rune {
	m := map[rune]rune{}
	keys := []rune(to)
	for i, r := range []rune(from) {
		m[r] = keys[i]
	}
	return m
}

// otherKeyboard gives a text as it would have come out had the keyboard been
// switched: vrmk is הרצל. It reports false where no letter would change.
func otherKeyboard(s string) (string, bool) {
	if len(s) > maxText {
		s = s[:maxText]
	}
	english, other := 0, 0
	for _, r := range s {
		switch scriptOf(foldRune(r)) {
		case latin:
			english++
		case hebrew:
			other++
		case cyrillic, arabic:
			return "", false
		}
	}
	if english+other == 0 {
		return "", false
	}
	keys := toEnglishKeys
	if english > other {
		keys = toHebrewKeys
	}
	last := ' '
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		k, ok := keys[r]
		if !ok || r == '/' && isDigit(last) {
			k = r
		}
		last = r
		return k
	}, s), true
}
