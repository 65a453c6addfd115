package geo

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	tokWord   tokenKind = iota
	tokNumber           // may be a house
	tokCorner           // / & + between two streets
	tokComma
)

// token is a piece of an address. Text is folded, without quotes.
type token struct {
	kind   tokenKind
	script script
	quoted bool // it was written with geresh or gershayim
	text   string
	house  houseNumber
}

// maxTokens bounds how many pieces of a text are read.
const maxTokens = 24

// lex cuts a text into words, numbers and separators. A house number takes
// its suffix with it, however it was written: 17א, 17 א', 17/א, 17-א.
func lex(s string) []token {
	l := lexer{runes: foldText(s)}
	for len(l.out) < maxTokens && l.i < len(l.runes) {
		switch r := l.runes[l.i]; {
		case isDigit(r):
			l.number()
		case unicode.IsLetter(r):
			l.word()
		case r == '/' || r == '&' || r == '+' || r == '\\' || r == '|' || r == '×':
			l.out = append(l.out, token{kind: tokCorner})
			l.i++
		case r == ',' || r == ';' || r == '\n' || r == '(' || r == ')':
			l.out = append(l.out, token{kind: tokComma})
			l.i++
		default:
			l.i++
		}
	}
	return l.out
}

// foldText folds the runes of a text of bounded length.
func foldText(s string) []rune {
	if len(s) > maxText {
		s = s[:maxText]
	}
	out := make([]rune, 0, len(s))
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		if r = foldRune(r); r != drop {
			out = append(out, r)
		}
	}
	return out
}

type lexer struct {
	runes []rune
	i     int
	out   []token
}

func (l *lexer) at(i int) rune {
	if i < len(l.runes) {
		return l.runes[i]
	}
	return 0
}

func quote(r rune) bool { return r == '\'' || r == '"' }

// word reads letters of one script. Quotes inside a Hebrew word belong to it;
// in other scripts they part two words, as in d'Ostende.
func (l *lexer) word() {
	var b strings.Builder
	t := token{script: scriptOf(l.at(l.i))}
	for ; l.i < len(l.runes); l.i++ {
		r := l.runes[l.i]
		if quote(r) {
			if t.script != hebrew {
				l.i++
				break
			}
			t.quoted = t.quoted || b.Len() > 0
			continue
		}
		if !unicode.IsLetter(r) || scriptOf(r) != t.script {
			break
		}
		b.WriteRune(r)
	}
	t.text = b.String()
	l.out = append(l.out, t)
}

// number reads digits and what belongs to them.
func (l *lexer) number() {
	n, from := l.digits()
	t := token{kind: tokNumber, script: digits, text: string(l.runes[from:l.i]), house: houseNumber{N: n}}
	next, after := l.at(l.i), l.at(l.i+1)
	switch {
	case next == '-' && isDigit(after):
		l.i++
		if to, _ := l.digits(); to > n && n <= maxHouse && to <= maxHouse && to-n < 100 {
			t.house.To = to
		} else {
			t.house.N = maxHouse + 1 // a telephone, a date: no house
		}
	case next == '/' && isDigit(after):
		l.i++
		_, from := l.digits()
		t.house.Suffix = "/" + strings.TrimLeft(string(l.runes[from:l.i]), "0")
	case (next == '-' || next == '/') && l.single(l.i+1):
		l.i++
		l.suffix(&t)
	case l.single(l.i):
		l.suffix(&t)
	case next == ' ':
		i := l.i
		for l.at(i) == ' ' {
			i++
		}
		if l.single(i) && l.closes(i) {
			l.i = i
			l.suffix(&t)
		}
	}
	l.bis(&t)
	for quote(l.at(l.i)) {
		l.i++
	}
	l.out = append(l.out, t)
}

// digits reads a run of digits; above maxHouse the value is not exact.
func (l *lexer) digits() (n int32, from int) {
	from = l.i
	for ; isDigit(l.at(l.i)); l.i++ {
		if n <= maxHouse {
			n = n*10 + l.runes[l.i] - '0'
		}
	}
	return n, from
}

// single reports whether one letter stands alone at i.
func (l *lexer) single(i int) bool {
	if suffixOf(l.at(i)) == "" {
		return false
	}
	i++
	for l.at(i) == '\'' {
		i++
	}
	return !unicode.IsLetter(l.at(i)) && !(l.at(i) == '"' && unicode.IsLetter(l.at(i+1)))
}

// closes reports whether the letter at i is said to belong to the number
// before it: by its geresh, or because nothing but a separator follows.
func (l *lexer) closes(i int) bool {
	letter := l.at(i)
	for i++; l.at(i) == ' '; i++ {
	}
	r := l.at(i)
	if r == '\'' && (letter == 'ד' || letter == 'ק' || letter == 'כ') {
		for i++; l.at(i) == ' ' || l.at(i) == '\''; i++ {
		}
		return !isDigit(l.at(i)) // ד' 3 is a flat
	}
	return r == 0 || r == '\'' || r == ',' || r == '\n' || r == ')'
}

func (l *lexer) suffix(t *token) {
	t.house.Suffix = suffixOf(l.runes[l.i])
	for l.i++; l.at(l.i) == '\''; l.i++ {
	}
}

// bis reads the French suffixes.
func (l *lexer) bis(t *token) {
	i := l.i
	for l.at(i) == ' ' {
		i++
	}
	for _, w := range []string{"bis", "ter", "quater"} {
		end := i + len(w)
		if end <= len(l.runes) && string(l.runes[i:end]) == w && !unicode.IsLetter(l.at(end)) {
			t.house.Suffix, l.i = w, end
			return
		}
	}
}
