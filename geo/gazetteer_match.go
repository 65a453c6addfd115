package geo

import (
	"cmp"
	"math/bits"
	"slices"
)

// What it costs, in twentieths of a typing error, when words of the query or
// of the name have no partner.
const (
	costOrder       = 3
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
	mask, hard, said := skeleton(w.lit), int(consonants(w.lit)), w.scriptGroup()
	for t := range g.vocab {
		v := &g.vocab[t]
		table, crossing, ok := between(said, v.script)
		if !ok {
			continue
		}
		limit := allowed(min(len(w.lit), len(v.lit)))
		if len(w.lit)+len(v.lit) == 5 {
			limit = oneEdit // one letter of three was lost, or one of two was added
		}
		if crossing > 0 && q.plainKeys {
			continue
		}
		if crossing > 0 {
			limit = limit * 3 / 4
		}
		if open {
			if limit = allowed(len(w.lit) - 1); len(w.lit) < 3 || bits.OnesCount64(mask&^v.mask) > 2 || int(v.hard) < hard-2 {
				continue
			}
		} else if d := int(v.hard) - hard; d > 2 || d < -2 || bits.OnesCount64(mask^v.mask) > limit/10 {
			continue
		}
		if c := table.distance(w.lit, v.lit, limit, open); c <= limit {
			if open {
				c += 2
			}
			sc.put(i, int32(t), c+crossing)
		}
	}
}

// candidate is a name that may be what was said.
type candidate struct {
	name    int32
	cost    int
	dropped int // plain words of the query without a partner
	joined  bool
	letters int  // of the name
	asked   bool // a number is among the words without a partner
}

// match finds the names that the words of the query may mean, best first. The
// words whose places are in skip are left out of the comparison, as when they
// are the house's number.
func (g *Gazetteer) match(q *query, skip uint32, want func(entry) bool, sc *scratch) []candidate {
	sc.names = sc.names[:0]
	g.gather(q, skip, sc, false)
	if len(sc.names) == 0 {
		g.gather(q, skip, sc, true)
	}
	var out []candidate
	for _, n := range sc.names {
		sc.seen[n] = false
		if !want(g.names[n].entry) {
			continue
		}
		if c, ok := g.tokenCost(q, skip, n, sc); ok {
			out = append(out, c)
		}
	}
	if !q.open && !q.exact && !slices.ContainsFunc(out, func(c candidate) bool { return c.cost <= 2 }) {
		out = g.matchJoined(q, skip, want, out)
	}
	return g.bestPerEntry(out)
}

// gather collects the names that hold a word like one of the query's. Words
// for kinds of street and titles only count when all is asked for.
func (g *Gazetteer) gather(q *query, skip uint32, sc *scratch, all bool) {
	for i, w := range q.words {
		if skip>>i&1 != 0 || !all && (w.class == streetWord || w.class == typeWord || w.class == titleWord || w.class == stopWord) {
			continue
		}
		for _, t := range sc.hit[i] {
			for _, n := range g.post.of(t) {
				if !sc.seen[n] {
					sc.seen[n] = true
					sc.names = append(sc.names, n)
				}
			}
		}
	}
}

// tokenCost pairs the words of the query with those of a name.
func (g *Gazetteer) tokenCost(q *query, skip uint32, name int32, sc *scratch) (candidate, bool) {
	n := &g.names[name]
	tokens := g.tokens[n.first : n.first+n.n]
	classes := g.classes[n.first : n.first+n.n]
	var partner [maxTokens]int8
	used := skip
	cost, last, letters := 0, -1, 0
	anchored, numbered := false, false // by a word, by a number
	missing, lastPlain := 0, -1
	for j, t := range tokens {
		best, bestCost := -1, costMost+1
		for i := range q.words {
			if used>>i&1 != 0 {
				continue
			}
			if c := int(sc.cost[i][t]); c > 0 && c < bestCost {
				best, bestCost = i, c
			}
		}
		class := classes[j]
		if class == plain || class == numberWord {
			lastPlain = j
		}
		partner[j] = int8(best)
		if best < 0 {
			missing++
			continue
		}
		used |= 1 << best
		cost += bestCost - 1
		letters += len(g.vocab[t].lit)
		if run := sc.run[best]; run.n > 0 && run.word == t {
			used |= span(best, best+run.n)
		}
		switch class {
		case plain, kindWord:
			anchored = true
		case numberWord:
			numbered = true
		}
		if best < last {
			cost += costOrder
		}
		last = best
	}
	if !anchored && !numbered {
		return candidate{}, false
	}
	cost += g.pairInitials(q, tokens, classes, &partner, &used)
	isPlace := n.entry&entryKind == placeEntry
	lost := 0
	for j := range tokens {
		if partner[j] >= 0 {
			continue
		}
		switch classes[j] {
		case streetWord, stopWord:
			lost++
		case typeWord, kindWord, areaWord:
			lost += costTypeMissing
		case titleWord:
			lost += costTitle
		default:
			switch {
			case isPlace || q.open:
				lost += costPlaceWord
			case j == lastPlain:
				lost += costLastName
			default:
				lost += costFirstName
			}
		}
	}
	if isPlace {
		lost = min(lost, 3*costPlaceWord)
	}
	c := candidate{name: name, cost: cost + lost, letters: letters}
	for i, w := range q.words {
		if used>>i&1 == 0 {
			c.cost += w.lostCost(n)
			if w.class == plain && !w.unsure {
				c.dropped++
			}
			c.asked = c.asked || w.class == numberWord
		}
	}
	if !anchored && (c.dropped > 0 || lost > 0 || cost > 8) {
		// A number alone names neither שכונה 5 nor a street beside words
		// that it does not have.
		if c.dropped > 0 || cost > 8 {
			return candidate{}, false
		}
		c.cost += costLastName
	}
	return c, true
}

// pairInitials pairs initials with the words that they stand for, on either
// side: ח"נ or ח for חיים נחמן, and אהרון for the א of א.ד. גורדון. It gives
// what that costs.
func (g *Gazetteer) pairInitials(q *query, tokens []int32, classes []wordClass, partner *[maxTokens]int8, used *uint32) (cost int) {
	const each = 2
	for i := range q.words {
		w := &q.words[i]
		if *used>>i&1 != 0 || w.script != hebrew || w.class != plain && w.class != stopWord {
			continue
		}
		var free []int // words of the name that begin with the letters of w
		short := len(w.lit) == 1 || w.quoted && len(w.lit) <= 3
		for j, t := range tokens {
			lit := g.vocab[t].lit
			switch {
			case partner[j] >= 0 || lit == "" || classes[j] != plain && classes[j] != numberWord:
			case !short && len(lit) == 1 && lit[0] == w.lit[0]:
				partner[j] = int8(i)
				*used |= 1 << i
				cost += each
			case short && len(free) < len(w.lit) && lit[0] == w.lit[len(free)]:
				free = append(free, j)
			}
			if *used>>i&1 != 0 {
				break
			}
		}
		if short && len(free) == len(w.lit) {
			for _, j := range free {
				partner[j] = int8(i)
			}
			*used |= 1 << i
			cost += each
		}
	}
	return cost
}

// lostCost is what it costs to leave a word of the query without a partner.
func (w queryWord) lostCost(n *gazName) int {
	isStreet := n.entry&entryKind == streetEntry
	switch w.class {
	case streetWord:
		if isStreet {
			return 0
		}
		return 6
	case nearWord, cornerWord, unitWord, houseWord, stopWord:
		return costSaidOther
	case typeWord:
		return costTypeWrong
	case titleWord:
		return costTitle
	case areaWord, kindWord:
		if w.unsure {
			return costSaidUnsure
		}
		return 12
	case numberWord:
		if w.unsure {
			return costSaidUnsure
		}
		return costSaidNumber
	}
	switch {
	case w.unsure:
		return costSaidUnsure
	case len(w.lit) == 1:
		return costSaidLetter
	}
	return costSaidPlain
}

// bestPerEntry keeps the best name of each entry, and not too many of them.
func (g *Gazetteer) bestPerEntry(c []candidate) []candidate {
	const most = 60
	slices.SortFunc(c, func(a, b candidate) int { return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.name, b.name)) })
	out := c[:0]
	for _, x := range c {
		e := g.names[x.name].entry
		if len(out) < most && !slices.ContainsFunc(out, func(o candidate) bool { return g.names[o.name].entry == e }) {
			out = append(out, x)
		}
	}
	return out
}
