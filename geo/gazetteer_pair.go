package geo

import (
	"cmp"
	"slices"
)

// candidate is a name that may be what was said.
type candidate struct {
	name    int32
	cost    int
	dropped int // plain words of the query without a partner
	joined  bool
	idle    int  // the part of the cost for words of the query that name nothing
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
	missing, lastPlain, spelt := 0, -1, 0
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
			if class == plain {
				missing++
			}
			continue
		}
		used |= 1 << best
		cost += bestCost - 1
		letters += len(g.vocab[t].lit)
		if run := sc.run[best]; run.n > 0 && run.word == t {
			used |= span(best, best+run.n)
			spelt = run.n
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
	if spelt == 2 && missing > 0 {
		// Any two words have initials: they stand for an acronym only where
		// the rest of the name was said too.
		return candidate{}, false
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
	lastLost := lastPlain >= 0 && partner[lastPlain] < 0 && !isPlace
	c := candidate{name: name, cost: cost + lost, letters: letters}
	for i, w := range q.words {
		if used>>i&1 == 0 {
			lost := w.lostCost(n)
			c.cost += lost
			c.idle += lost
			if w.class == plain && !w.unsure {
				c.dropped++
			}
			c.asked = c.asked || w.class == numberWord
		}
	}
	if lastLost && c.dropped > 0 {
		c.cost += costOther // one word for another
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
