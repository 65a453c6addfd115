package geo

import (
	"math/bits"
	"strings"
)

// What it costs, in twentieths of a typing error, when words of the query or
// of the name have no partner.
const (
	costOrder       = 3
	costPrefix      = 5
	costSaidPlain   = 22
	costSaidUnsure  = 4
	costSaidNumber  = 10
	costSaidLetter  = 5
	costSaidOther   = 1
	costTypeMissing = 3
	costTypeWrong   = 4
	costTitle       = 3
	costFirstName   = 4
	costLastName    = 14
	costOther       = 8
	costPlaceWord   = 4
	costMost        = 250
)

// scratch is the working memory of one search.
type scratch struct {
	cost  [maxTokens][]uint8 // [query word][vocabulary word]: cost + 1, or 0
	hit   [maxTokens][]int32 // the vocabulary words that have a cost
	run   [maxTokens]wordRun // words whose first letters are an acronym's
	seen  []bool             // [name]
	names []int32            // those seen
}

// wordRun says that so many words from here on spell out an acronym.
type wordRun struct {
	word int32 // in the vocabulary
	n    int
}

func (g *Gazetteer) newScratch() *scratch { return &scratch{seen: make([]bool, len(g.names))} }

func (sc *scratch) reset() {
	for i := range sc.hit {
		sc.run[i].n = 0
		for _, t := range sc.hit[i] {
			sc.cost[i][t] = 0
		}
		sc.hit[i] = sc.hit[i][:0]
	}
}

func (sc *scratch) put(i int, t int32, cost int) {
	c := &sc.cost[i][t]
	switch {
	case *c == 0:
		sc.hit[i] = append(sc.hit[i], t)
	case int(*c) <= cost+1:
		return
	}
	*c = uint8(min(cost, costMost) + 1)
}

// allowed is how much a word of so many letters may differ.
func allowed(n int) int {
	switch {
	case n <= 1:
		return 0
	case n == 2:
		return 7
	case n == 3:
		return 20
	case n == 4:
		return 22
	case n <= 6:
		return 32
	}
	return 40
}

// between gives the table of costs for a word said in one script and written
// in another, what crossing costs, and whether they can be compared.
func between(said, written script) (*spelling, int, bool) {
	switch {
	case said == hebrew && written == hebrew:
		return hebrewSpelling, 0, true
	case said == latin && written == latin:
		return latinSpelling, 0, true
	case said == latin && written == hebrew:
		return toHebrew, 3, true
	case said == hebrew && written == latin:
		return toLatin, 3, true
	}
	return nil, 0, false
}

// matchExact fills the scratch with the words of the vocabulary that the words
// of the query are, to the letter, or that an unfinished one begins.
func (g *Gazetteer) matchExact(q *query, sc *scratch) {
	for i, w := range q.words {
		if sc.cost[i] == nil {
			sc.cost[i] = make([]uint8, len(g.vocab))
		}
		open := q.open && i == len(q.words)-1
		for _, lit := range []string{w.lit, w.form, w.alt} {
			if lit == "" {
				continue
			}
			if t, ok := g.word(lit); ok {
				cost := 0
				if lit == w.alt {
					cost = 1
				}
				sc.put(i, t, cost)
			}
		}
		if open {
			first, after := g.wordsFrom(w.lit)
			for t := first; t < after; t++ {
				sc.put(i, t, min(2, len(g.vocab[t].lit)-len(w.lit)))
			}
		}
	}
	g.matchAcronyms(q, sc)
}

// matchNear adds what each word of the query costs against each word of the
// vocabulary that is near it.
func (g *Gazetteer) matchNear(q *query, sc *scratch) {
	for i, w := range q.words {
		open := q.open && i == len(q.words)-1
		if w.class == numberWord || len(w.lit) < 2 {
			continue
		}
		if open && len(sc.hit[i]) > 20 {
			continue
		}
		g.matchFuzzy(q, i, open, sc)
	}
}

// matchAcronyms finds words that spell out a name's acronym: קרן קיימת לישראל
// is קק"ל, and שמואל יוסף the ש"י of עגנון.
func (g *Gazetteer) matchAcronyms(q *query, sc *scratch) {
	for i := range q.words {
		initials := ""
		for n := 1; n <= 4 && i+n <= len(q.words); n++ {
			w := &q.words[i+n-1]
			if w.script != hebrew || len(w.lit) < 2 {
				break
			}
			initials += w.lit[:1]
			if n < 2 {
				continue
			}
			if t, ok := g.word(initials); ok && g.vocab[t].acronym {
				sc.run[i] = wordRun{t, n}
				sc.put(i, t, 3)
			}
		}
	}
}

func (g *Gazetteer) matchFuzzy(q *query, i int, open bool, sc *scratch) {
	w := &q.words[i]
	g.matchLit(w.lit, w.scriptGroup(), 0, q.plainKeys, i, open, sc)
	if w.class == plain && w.script == hebrew && len(w.lit) >= 4 && !open && prefixSymbol(w.lit[0]) {
		// The first letter may be glued to a word that is misspelt besides.
		g.matchLit(w.lit[1:], hebrew, costPrefix, q.plainKeys, i, false, sc)
	}
}

// prefixSymbol reports whether Hebrew glues this letter to a word.
func prefixSymbol(c byte) bool { return strings.IndexByte(prefixSymbols, c) >= 0 }

var prefixSymbols = symbols(prefixes)

// matchLit compares one spelling of query word i with the vocabulary.
func (g *Gazetteer) matchLit(lit string, said script, before int, plainKeys bool, i int, open bool, sc *scratch) {
	mask, hard := skeleton(lit), int(consonants(lit))
	for t := range g.vocab {
		v := &g.vocab[t]
		table, crossing, ok := between(said, v.script)
		if !ok {
			continue
		}
		limit := allowed(min(len(lit), len(v.lit)))
		if len(lit)+len(v.lit) == 5 {
			limit = oneEdit // one letter of three was lost, or one of two was added
		}
		if crossing > 0 && plainKeys {
			continue
		}
		if crossing > 0 {
			limit = limit * 3 / 4
		}
		if open {
			if limit = allowed(len(lit) - 1); len(lit) < 3 || bits.OnesCount64(mask&^v.mask) > 2 || int(v.hard) < hard-2 {
				continue
			}
		} else if d := int(v.hard) - hard; d > 2 || d < -2 || bits.OnesCount64(mask^v.mask) > limit/10 {
			continue
		}
		if c := table.distance(lit, v.lit, limit, open); c <= limit {
			if open {
				c += 2
			}
			sc.put(i, int32(t), before+c+crossing)
		}
	}
}
