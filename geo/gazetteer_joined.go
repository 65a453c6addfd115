package geo

import (
	"math/bits"
	"strings"
)

// gazJoin is a name as one word: without its spaces and without the word for
// its kind, with its titles or bare of them.
type gazJoin struct {
	gazWord
	name int32
	bare bool // it has titles, and they were left out
}

// joinsOf writes a name without spaces and without the word for its kind: with
// its titles, and without them where it has any.
func joinsOf(words []queryWord) (joined, bare string, s script) {
	var all, plains strings.Builder
	titles := false
	for _, w := range words {
		switch w.class {
		case streetWord, typeWord, nearWord, cornerWord, unitWord, houseWord, kindWord, areaWord:
			continue
		case titleWord:
			titles = true
			all.WriteString(w.lit)
			continue
		}
		if w.script != digits {
			s = max(s, w.scriptGroup())
		}
		all.WriteString(w.lit)
		plains.WriteString(w.lit)
	}
	joined, bare = cut(all.String()), ""
	if titles && plains.Len() > 0 {
		bare = cut(plains.String())
	}
	return joined, bare, s
}

// scriptGroup is hebrew, or latin for all that is written in Latin symbols.
func (w queryWord) scriptGroup() script {
	switch w.script {
	case cyrillic, arabic:
		return latin
	}
	return w.script
}

func cut(s string) string { return s[:min(len(s), maxWord)] }

// matchJoined compares whole names without their spaces, to find בנגוריון and
// הר צל. It takes the words of the query that are not in skip.
func (g *Gazetteer) matchJoined(q *query, skip uint32, want func(entry) bool, out []candidate) []candidate {
	var words []queryWord
	rest, typed := 0, ""
	for i, w := range q.words {
		if skip>>i&1 != 0 {
			continue
		}
		switch {
		case w.class == typeWord || w.class == areaWord:
			typed = w.form
		case w.unsure || w.class == stopWord || w.class == nearWord:
			rest++
			continue
		}
		words = append(words, w)
	}
	joined, bare, said := joinsOf(words)
	if len(joined) < 3 || len(words) > 7 {
		return out
	}
	// A bare query meets bare names; and where only one of the two has a
	// title, the other's whole name.
	out = g.meetJoined(joined, said, q.plainKeys, out, func(j *gazJoin) (int, bool) {
		if j.bare {
			return costTitle, bare == ""
		}
		return 0, true
	})
	if bare != "" {
		out = g.meetJoined(bare, said, q.plainKeys, out, func(j *gazJoin) (int, bool) {
			if j.bare {
				return 1, true
			}
			return costTitle, true
		})
	}
	kept := out[:0]
	for _, c := range out {
		n := &g.names[c.name]
		if c.joined {
			if n.n == 1 && len(words) == 1 || !want(n.entry) {
				continue
			}
			c.cost += 1 + rest
			switch {
			case typed != "" && typed != n.typed:
				c.cost += costTypeWrong
			case typed == "" && n.typed != "":
				c.cost += costTypeMissing
			}
			c.joined = false
		}
		kept = append(kept, c)
	}
	return kept
}

// meetJoined compares one word with all names as one word. Allow says which
// of them count, and what they cost beforehand.
func (g *Gazetteer) meetJoined(lit string, said script, plainKeys bool, out []candidate, allow func(*gazJoin) (int, bool)) []candidate {
	mask, hard := skeleton(lit), int(consonants(lit))
	for i := range g.joins {
		j := &g.joins[i]
		limit := allowed(min(len(lit), len(j.lit)))
		if d := int(j.hard) - hard; d > 2 || d < -2 || bits.OnesCount64(mask^j.mask) > limit/10 {
			continue
		}
		before, ok := allow(j)
		if !ok {
			continue
		}
		table, crossing, ok := between(said, j.script)
		if !ok || crossing > 0 && plainKeys {
			continue
		}
		if c := table.distance(lit, j.lit, limit, false); c <= limit {
			out = append(out, candidate{name: j.name, cost: before + crossing + c, letters: len(j.lit), joined: true})
		}
	}
	return out
}
