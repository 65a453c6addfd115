package geo

import (
	"strconv"
	"strings"
)

// houseNumber is a house as it is said: 17, 17א, 32/2, 12-14. Suffix is a
// folded Hebrew letter, "/2", or bis and ter. To is the end of a range, or 0.
type houseNumber struct {
	N, To  int32
	Suffix string
}

// maxHouse is the highest number taken for a house.
const maxHouse = 9999

func (h houseNumber) String() string {
	s := strconv.Itoa(int(h.N))
	if h.To > 0 {
		s += "-" + strconv.Itoa(int(h.To))
	}
	return s + h.Suffix
}

// parseHouse reads a house number as registers write it. It reports false
// when the text does not begin with a number.
func parseHouse(s string) (houseNumber, bool) {
	toks := lex(s)
	for _, t := range toks {
		if t.kind == tokNumber {
			return t.house, t.house.N <= maxHouse
		}
	}
	return houseNumber{}, false
}

// suffixLetters gives the Hebrew letter for the letters that other scripts
// put after a house number.
var suffixLetters = map[rune]string{
	'a': "א", 'b': "ב", 'c': "ג", 'd': "ד", 'e': "ה", 'f': "ו", 'g': "ג",
	'а': "א", 'б': "ב", 'в': "ג", 'г': "ד", 'д': "ה", 'أ': "א", 'ا': "א", 'ب': "ב", 'ج': "ג", 'د': "ד",
}

func suffixOf(r rune) string {
	if scriptOf(r) == hebrew {
		return string(r)
	}
	return suffixLetters[r]
}

// gematria is the number that a Hebrew numeral in its usual form writes, or
// 0: כט is 29, טו 15, and הרצל is none.
func gematria(w string) int {
	n := 0
	for _, r := range w {
		if scriptOf(r) != hebrew {
			return 0
		}
		n += letterValue(r)
	}
	if n == 0 || n >= 500 || numeral(n) != w {
		return 0
	}
	return n
}

func letterValue(r rune) int {
	i := strings.IndexRune(hebrewLetters, r) / 2
	switch {
	case i < 9:
		return i + 1
	case i < 18:
		return (i - 8) * 10
	default:
		return (i - 17) * 100
	}
}

// numeral writes 1 … 499 in Hebrew letters, without quotes and finals.
func numeral(n int) string {
	letters := []rune(hebrewLetters)
	var b strings.Builder
	if n >= 100 {
		b.WriteRune(letters[17+n/100])
		n %= 100
	}
	switch n {
	case 15:
		return b.String() + "טו"
	case 16:
		return b.String() + "טז"
	}
	if n >= 10 {
		b.WriteRune(letters[8+n/10])
		n %= 10
	}
	if n > 0 {
		b.WriteRune(letters[n-1])
	}
	return b.String()
}

// otherNumeral gives the digits of a Hebrew numeral and the Hebrew numeral of
// digits, so that כ"ט בנובמבר and 29 בנובמבר are one; otherwise "".
func otherNumeral(w string) string {
	if n, err := strconv.Atoi(w); err == nil {
		if n > 0 && n < 500 {
			return numeral(n)
		}
		return ""
	}
	if n := gematria(w); n > 0 {
		return strconv.Itoa(n)
	}
	return ""
}

var unitWords, tensWords = func() (map[string]int, map[string]int) {
	units, tens := map[string]int{}, map[string]int{}
	for i, w := range strings.Fields("אחת,אחד שתיים,שניים,שתי,שני,שנים,שתים שלוש,שלושה,שלושת ארבע,ארבעה,ארבעת חמש,חמישה,חמשת,חמשה שש,שישה,ששה,ששת שבע,שבעה,שבעת שמונה,שמונת תשע,תשעה,תשעת עשר,עשרה,עשרת") {
		for _, v := range strings.Split(w, ",") {
			units[foldWord(v)] = i + 1
		}
	}
	for i, w := range strings.Fields("עשרים שלושים ארבעים חמישים שישים שבעים שמונים תשעים") {
		tens[foldWord(w)] = (i + 2) * 10
	}
	return units, tens
}()

// wordNumber is the number that one word says, or 0.
func wordNumber(w string) int {
	if n := unitWords[w]; n > 0 {
		return n
	}
	return tensWords[w]
}

// spokenNumber reads a number of two words at the front of words, as in אחת
// עשרה הנקודות and עשרים ותשעה בנובמבר. It gives the number and how many words
// it took, or 0, 0.
func spokenNumber(words []string) (n, took int) {
	if len(words) < 2 {
		return 0, 0
	}
	first, second := words[0], words[1]
	if u := unitWords[first]; u > 0 && u < 10 && (second == "עשר" || second == "עשרה") {
		return 10 + u, 2
	}
	if t := tensWords[first]; t > 0 {
		if u := unitWords[strings.TrimPrefix(second, "ו")]; u > 0 && u < 10 {
			return t + u, 2
		}
	}
	return 0, 0
}
