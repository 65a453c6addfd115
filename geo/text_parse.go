package geo

import (
	"slices"
	"strconv"
	"strings"
)

// queryWord is a word of an address as it was said, ready to be compared with
// the words of names.
type queryWord struct {
	text   string // folded letters
	lit    string // the same as symbols
	form   string // the form that stands for it in the lexicon, or ""
	alt    string // the other way of writing a numeral, or ""
	class  wordClass
	script script
	quoted bool
	unsure bool // after a comma, or the city's name: it may be left out cheaply
	number int  // index of the number in the query, or -1
}

// query is a text read as an address: its words, and the numbers any of which
// may be the house.
type query struct {
	words   []queryWord
	numbers []houseNumber
	where   []int // where[i] is the index of number i among words
	corners []int // places in words where another street may begin
	nears   []int // places in words where a landmark begins
	open    bool  // the last word may go on

	// exact says that words are compared to the letter, for the present.
	exact bool

	// plainKeys says that the text was read through the other keyboard, and
	// so is not in transliteration besides.
	plainKeys bool
}

// parse reads tokens as a query. The names in city, each a list of folded
// words, may be left out of the comparison.
func parse(toks []token, city [][]string) query {
	var q query
	after := false
	toks = spoken(spaced(toks))
	for i := 0; i < len(toks) && len(q.words) < maxTokens; i++ {
		t := toks[i]
		switch t.kind {
		case tokComma:
			after = len(q.words) > 0
			continue
		case tokCorner:
			q.corners = append(q.corners, len(q.words))
			continue
		case tokNumber:
			q.addNumber(t, after)
			continue
		}
		w := queryWord{text: t.text, script: t.script, quoted: t.quoted, unsure: after, number: -1}
		if word, rest, ok := glued(t); ok {
			toks = slices.Concat(toks[:i:i], []token{word, rest}, toks[i+1:])
			t = word
		}
		if ha := t.text == "ha" || t.text == "ха"; ha && i+1 < len(toks) && toks[i+1].kind == tokWord && toks[i+1].script == t.script {
			i++
			t.text += toks[i].text // the Hebrew article
			w.text = t.text
		}
		l, known := lookUp(t.text)
		if phrases[t.text] || phrases[strings.TrimLeft(t.text, "בלמהוש")] {
			if next, took := phrase(toks[i:]); took > 1 {
				l, known = next, true
				for _, more := range toks[i+1 : i+took] {
					w.text += more.text
				}
				i += took - 1
			}
		}
		if known {
			w.class, w.form = l.class, l.form
		}
		switch w.class {
		case unitWord:
			// The number or letter after it is inside the house, if one
			// was named before it.
			if i+1 < len(toks) && (toks[i+1].kind == tokNumber || len([]rune(toks[i+1].text)) == 1) {
				if len(q.numbers) > 0 || i+2 < len(toks) {
					i++
				}
			}
		case houseWord:
			if afterNear := len(q.words) > 0 && q.words[len(q.words)-1].class == nearWord; afterNear {
				w.class = stopWord
			} else if i+1 >= len(toks) || toks[i+1].kind != tokNumber {
				w.class, w.form = plain, ""
			}
		case cornerWord:
			q.corners = append(q.corners, len(q.words))
			continue
		case nearWord:
			q.nears = append(q.nears, len(q.words))
		}
		if len(q.numbers) > 0 && t.quoted && strings.Contains("דקכ", t.text) && i+1 < len(toks) && toks[i+1].kind == tokNumber {
			i++ // ד' 3 is a flat, ק' 2 a floor
			continue
		}
		if w.class == plain && t.script == hebrew && len([]rune(t.text)) == 1 && strings.Contains(prefixes, t.text) && !t.quoted && i+1 < len(toks) {
			if t.text == "ו" {
				q.corners = append(q.corners, len(q.words))
				continue
			}
			w.class = stopWord
		}
		w.lit = symbols(w.text)
		if w.script != hebrew && w.script != digits {
			w.lit = sounds(w.lit)
		}
		if alt := otherNumeral(w.text); alt != "" {
			w.alt = symbols(alt)
		}
		if w.lit != "" {
			q.words = append(q.words, w)
		}
	}
	q.markCity(city)
	q.markStory()
	if last := len(q.words) - 1; last > 0 && len(q.numbers) == 0 {
		if n := wordNumber(q.words[last].text); n > 0 {
			q.where, q.numbers = []int{last}, []houseNumber{{N: int32(n)}}
		}
	}
	return q
}

// markStory finds where the address begins in a longer text: at a word for a
// street that is followed by a name. What comes before may be left out, and a
// word that looks like רחוב misspelt is one.
func (q *query) markStory() {
	for i := range q.words {
		w := &q.words[i]
		next := i+1 < len(q.words) && q.words[i+1].class == plain
		switch {
		case !next || w.script != hebrew || len(q.corners) > 0:
		case w.class == plain && len(w.lit) >= 3 && len(w.lit) <= 6 && hebrewSpelling.distance(w.lit, streetForm, 20, false) <= 20:
			w.unsure = true
		case w.class == streetWord || w.class == typeWord:
			for j := range q.words {
				q.words[j].unsure = j < i && q.words[j].class != numberWord || q.words[j].unsure && j > i+2
			}
			return
		}
	}
}

var streetForm = symbols("רחוב")

// spaced joins three letters or more that stand alone: ה ר צ ל.
func spaced(toks []token) []token {
	alone := func(i int) bool {
		return i < len(toks) && toks[i].kind == tokWord && toks[i].script == hebrew && !toks[i].quoted && len([]rune(toks[i].text)) == 1
	}
	for i := range toks {
		n := 0
		for alone(i + n) {
			n++
		}
		if n >= 3 {
			word := toks[i]
			for _, t := range toks[i+1 : i+n] {
				word.text += t.text
			}
			return spaced(slices.Concat(toks[:i:i], []token{word}, toks[i+n:]))
		}
	}
	return toks
}

// spoken writes numbers of two words as digits: עשרים ותשעה is 29.
func spoken(toks []token) []token {
	for i := 0; i+1 < len(toks); i++ {
		if n, took := spokenNumber([]string{toks[i].text, toks[i+1].text}); took > 0 {
			number := token{kind: tokNumber, script: digits, text: strconv.Itoa(n), house: houseNumber{N: int32(n)}}
			toks = slices.Concat(toks[:i:i], []token{number}, toks[i+took:])
		}
	}
	return toks
}

// glued parts the word for a kind of street from a name that was typed
// without the space: שדרותויצמן.
func glued(t token) (word, rest token, ok bool) {
	for _, p := range []string{"רחוב", "שדרות", "סמטת", "כיכר"} {
		if name, ok := strings.CutPrefix(t.text, p); ok && len([]rune(name)) >= 3 {
			word, rest = t, t
			word.text, rest.text = p, name
			return word, rest, true
		}
	}
	return t, t, false
}

// phrase finds the longest run of up to three words at the front of toks that
// the lexicon knows as one.
func phrase(toks []token) (l lexeme, took int) {
	joined, bare := "", "" // with and without the article of the later words
	for i, t := range toks[:min(3, len(toks))] {
		if t.kind != tokWord {
			break
		}
		joined += t.text
		bare += t.text
		if i > 0 {
			bare = strings.TrimSuffix(bare, t.text) + strings.TrimPrefix(t.text, "ה")
		}
		for _, w := range []string{joined, bare} {
			if found, ok := lookUp(w); ok && i > 0 && (found.class == kindWord || found.class == nearWord) {
				l, took = found, i+1
			}
		}
	}
	return
}

func (q *query) addNumber(t token, unsure bool) {
	if t.house.N > maxHouse || len(q.numbers) == 4 {
		return
	}
	q.where = append(q.where, len(q.words))
	q.words = append(q.words, queryWord{
		text: t.text, lit: symbols(t.text), alt: symbols(otherNumeral(t.text)),
		class: numberWord, script: digits, unsure: unsure, number: len(q.numbers),
	})
	q.numbers = append(q.numbers, t.house)
}

// countries are said after a city's name, or after a comma.
var countries = [][]string{{"ישראל"}, {"israel"}, {"израиль"}, {"إسرائيل"}}

// markCity marks the words that name the city, and the country behind it.
func (q *query) markCity(city [][]string) {
	q.mark(city, func(int) bool { return true })
	q.mark(countries, func(i int) bool { return i > 0 && (q.words[i].unsure || q.words[i-1].unsure) })
}

func (q *query) mark(names [][]string, may func(i int) bool) {
	for _, name := range names {
		for i := 0; i+len(name) <= len(q.words); i++ {
			if !may(i) || !matchesAt(q.words[i:], name) {
				continue
			}
			for j := range name {
				q.words[i+j].unsure = true
				if q.words[i+j].class == plain {
					q.words[i+j].class = stopWord
				}
			}
		}
	}
}

func matchesAt(words []queryWord, name []string) bool {
	for i, n := range name {
		w := words[i].text
		if w != n && !(i == 0 && len([]rune(n)) > 2 && len(w) == len(n)+2 && strings.HasSuffix(w, n) && strings.Contains(prefixes, w[:2])) {
			return false
		}
	}
	return len(name) > 0
}

// nameWords reads a register's name: its words and their classes. Only words
// that are part of the kind of thing it names keep their class: a street's
// גן is a word like any other, and so is a school's רחוב.
func nameWords(name string, place bool) []queryWord {
	toks := lex(name)
	var out []queryWord
	for i := 0; i < len(toks); i++ {
		t := toks[i]
		if t.kind == tokComma || t.kind == tokCorner {
			continue
		}
		w := queryWord{text: t.text, script: t.script, quoted: t.quoted, number: -1}
		if t.kind == tokNumber {
			w.class = numberWord
			w.text += strings.ReplaceAll(t.house.Suffix, "/", "")
		} else {
			l, known := lexicon[t.text]
			if place && phrases[t.text] {
				if next, took := phrase(toks[i:]); took > 1 {
					l, known = next, next.class == kindWord
					for _, more := range toks[i+1 : i+took] {
						w.text += more.text
					}
					i += took - 1
				}
			}
			if len([]rune(t.text)) == 1 {
				w.class = numberWord // רובע ה'
			}
			if known {
				switch l.class {
				case streetWord, typeWord, titleWord, stopWord:
					w.class, w.form = l.class, l.form
				case kindWord, areaWord:
					if place {
						w.class, w.form = l.class, l.form
					}
				}
			}
		}
		w.lit = symbols(w.text)
		if w.script != hebrew && w.script != digits {
			w.lit = sounds(w.lit)
		}
		if w.lit != "" {
			out = append(out, w)
		}
	}
	return withPlain(out)
}

// withPlain makes the last word a plain one where all are of a class: a
// street that is called הדרך.
func withPlain(words []queryWord) []queryWord {
	for _, w := range words {
		if w.class == plain || w.class == numberWord || w.class == kindWord {
			return words
		}
	}
	if n := len(words); n > 0 {
		words[n-1].class, words[n-1].form = plain, ""
	}
	return words
}
