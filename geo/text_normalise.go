package geo

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText bounds the bytes of a text that the address reader looks at. What
// callers say is shorter by far; what is longer is cut, never refused.
const maxText = 600

// Normalise brings a Hebrew, Latin, Cyrillic or Arabic text to the form in
// which two spellings of one name are most often equal: lower case, without
// niqqud, cantillation, diacritics, geresh, gershayim and quotes, final
// letters as medial ones, maqaf, hyphens and punctuation as single spaces. It
// never fails: bytes that are no UTF-8 and control characters are spaces.
func Normalise(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch r = foldRune(r); {
		case r == drop || r == '\'' || r == '"':
		case unicode.IsLetter(r) || isDigit(r):
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		default:
			space = true
		}
	}
	return b.String()
}

// drop stands for a rune that leaves no trace: a vowel point, a direction
// mark, a soft hyphen.
const drop rune = -1

// foldRune gives the rune that stands for r in addresses: one kind of
// apostrophe, quote, hyphen, space and digit, lower case, no final letters.
func foldRune(r rune) rune {
	switch {
	case r < 0x80:
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r < ' ' && r != '\n' || r == 0x7f:
			return ' '
		case r == '`':
			return '\''
		case r == '_':
			return '-'
		}
		return r
	case r >= 'א' && r <= 'ת':
		return foldFinal(r)
	case r == 0x05BE: // maqaf
		return '-'
	case r == 0x05F3, r == 0x00B4, r == 0x2018, r == 0x2019, r == 0x201A, r == 0x201B, r == 0x02BC, r == 0x2032, r == 0x02B9:
		return '\''
	case r == 0x05F4, r == 0x201C, r == 0x201D, r == 0x201E, r == 0x201F, r == 0x2033, r == 0x00AB, r == 0x00BB:
		return '"'
	case r >= 0x0591 && r <= 0x05C7, r == 0x00AD, r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E,
		r >= 0x2060 && r <= 0x206F, r == 0xFEFF, r == 0x0640, r >= 0x064B && r <= 0x065F, r >= 0x0300 && r <= 0x036F:
		return drop
	case r >= 0x2010 && r <= 0x2015, r == 0x2212:
		return '-'
	case r == 0x060C || r == 0x3001:
		return ','
	case r >= 0x0660 && r <= 0x0669:
		return r - 0x0660 + '0'
	case r >= 0x06F0 && r <= 0x06F9:
		return r - 0x06F0 + '0'
	case r >= 0xFF01 && r <= 0xFF5E: // full-width forms of ASCII
		return foldRune(r - 0xFF01 + '!')
	case r >= 0xFB1D && r <= 0xFB4F:
		return foldPresentation(r)
	case r >= 0xC0 && r <= 0x17F:
		return foldDiacritic(r)
	case r == utf8.RuneError || unicode.IsSpace(r) || unicode.IsControl(r):
		return ' '
	}
	return unicode.ToLower(r)
}

func foldFinal(r rune) rune {
	switch r {
	case 'ך':
		return 'כ'
	case 'ם':
		return 'מ'
	case 'ן':
		return 'נ'
	case 'ף':
		return 'פ'
	case 'ץ':
		return 'צ'
	}
	return r
}

// presentation lists the base letters of U+FB20 … U+FB4F.
const presentation = "עאדהכלמרת-ששששאאאבגדהוז-טיככל-מ-נס-פפ-צקרשתובכפא"

// foldPresentation gives the base letter of a precomposed Hebrew letter.
func foldPresentation(r rune) rune {
	switch r {
	case 0xFB1D, 0xFB1F:
		return 'י'
	case 0xFB1E:
		return drop
	}
	i := rune(0xFB20)
	for _, base := range presentation {
		if i == r {
			return base
		}
		i++
	}
	return ' '
}

// diacritics lists the base letters of U+00C0 … U+017F.
const diacritics = "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty" +
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll" +
	"lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"

func foldDiacritic(r rune) rune { return rune(diacritics[r-0xC0]) }

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
