package geo

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// entry is a thing that has names: a street, a place or an area.
type entry int32

const (
	streetEntry entry = 0
	placeEntry  entry = 1 << 28
	areaEntry   entry = 2 << 28
	entryKind   entry = 3 << 28
)

func (e entry) index() int { return int(e &^ entryKind) }

// gazWord is a word of the vocabulary.
type gazWord struct {
	lit    string
	mask   uint64
	hard   uint8 // consonants
	script script

	acronym bool // in some name it is written with gershayim
}

// gazName is one name of an entry: its own, an alias, one in another
// language.
type gazName struct {
	entry    entry
	first, n int32  // its words in tokens
	typed    string // the form of its word for the kind of street
	primary  bool
}

// postings lists for each vocabulary word the names that hold it.
type postings struct{ start, names []int32 }

func (p postings) of(word int32) []int32 { return p.names[p.start[word]:p.start[word+1]] }

// indexNames builds the vocabulary and the names.
func (g *Gazetteer) indexNames() {
	b := nameIndexer{g: g, words: map[string]int32{}}
	for i := range g.streets {
		s := &g.streets[i]
		if s.bound.IsEmpty() {
			continue // it has no place to answer with
		}
		b.add(streetEntry|entry(i), "", append([]string{s.name}, s.aliases...), s.names)
	}
	for i := range g.places {
		p := &g.places[i]
		b.add(placeEntry|entry(i), kindForm(p.Kind), append([]string{p.Name}, p.Aliases...), p.Names)
	}
	for i := range g.areas {
		a := &g.areas[i]
		if a.Level != Boundary {
			b.add(areaEntry|entry(i), "", []string{a.Name}, a.Names)
		}
	}
	b.finish()
	g.stats.Streets, g.stats.Houses = len(g.streets), len(g.houses)
	g.stats.Places, g.stats.Areas = len(g.places), len(g.areas)
	g.stats.Names, g.stats.Words = len(g.names), len(g.vocab)
}

type nameIndexer struct {
	g     *Gazetteer
	words map[string]int32
}

func (b *nameIndexer) add(e entry, kind string, names []string, others Names) {
	seen := map[string]bool{}
	add := func(name string, primary bool) {
		for _, words := range variants(nameWords(name, e&entryKind != streetEntry)) {
			if kind != "" && !slices.ContainsFunc(words, func(w queryWord) bool { return w.form == kind }) {
				words = append([]queryWord{{lit: kind, form: kind, class: kindWord, script: hebrew}}, words...)
			}
			if key := joinWords(words); key != "" && !seen[key] {
				seen[key] = true
				b.addName(e, words, primary)
			}
		}
	}
	for i, n := range names {
		add(n, i == 0)
	}
	langs := make([]string, 0, len(others))
	for lang := range others {
		langs = append(langs, lang)
	}
	slices.Sort(langs)
	for _, lang := range langs {
		add(others[lang], false)
	}
}

// variants adds to a name its form with a spoken number as digits.
func variants(words []queryWord) [][]queryWord {
	if len(words) == 0 {
		return nil
	}
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.text
	}
	for i := range texts {
		if n, took := spokenNumber(texts[i:]); took > 0 {
			text := strconv.Itoa(n)
			number := queryWord{text: text, lit: symbols(text), class: numberWord, script: digits}
			other := slices.Concat(words[:i:i], []queryWord{number}, words[i+took:])
			return [][]queryWord{words, other}
		}
	}
	return [][]queryWord{words}
}

func joinWords(words []queryWord) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.key())
		b.WriteByte(0)
	}
	return b.String()
}

// key is what the vocabulary holds for a word of a name.
func (w queryWord) key() string {
	if w.form != "" && w.class != stopWord {
		return w.form
	}
	return w.lit
}

func (b *nameIndexer) addName(e entry, words []queryWord, primary bool) {
	words = words[:min(len(words), maxTokens/2)]
	g := b.g
	n := gazName{entry: e, first: int32(len(g.tokens)), n: int32(len(words)), primary: primary}
	for _, w := range words {
		id, ok := b.words[w.key()]
		if !ok {
			id = int32(len(g.vocab))
			b.words[w.key()] = id
			g.vocab = append(g.vocab, newGazWord(w.key()))
		}
		if w.quoted && w.class == plain && len(w.lit) <= 4 {
			g.vocab[id].acronym = true
		}
		g.tokens = append(g.tokens, id)
		g.classes = append(g.classes, w.class)
		if w.class == typeWord || w.class == areaWord {
			n.typed = w.form
		}
	}
	joined, bare, _ := joinsOf(words)
	for i, lit := range []string{joined, bare} {
		if len(lit) >= 3 {
			g.joins = append(g.joins, gazJoin{newGazWord(lit), int32(len(g.names)), i == 1})
		}
	}
	g.names = append(g.names, n)
}

func newGazWord(lit string) gazWord {
	return gazWord{lit: lit, mask: skeleton(lit), hard: consonants(lit), script: symbolScript(lit)}
}

func symbolScript(lit string) script {
	switch {
	case lit == "":
		return noScript
	case lit[0] <= symTav:
		return hebrew
	case lit[0] >= symA && lit[0] <= symZh:
		return latin
	case lit[0] >= symDigit && lit[0] < symDigit+10:
		return digits
	}
	return noScript
}

// consonants counts the symbols that no spelling leaves out.
func consonants(lit string) (n uint8) {
	for _, c := range []byte(lit) {
		if skeletonOf[c] != 0 {
			n++
		}
	}
	return
}

// finish sorts the vocabulary and turns the names' words round into postings.
func (b *nameIndexer) finish() {
	g := b.g
	order := make([]int32, len(g.vocab))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(x, y int32) int { return cmp.Compare(g.vocab[x].lit, g.vocab[y].lit) })
	place := make([]int32, len(order))
	sorted := make([]gazWord, len(order))
	for to, from := range order {
		place[from] = int32(to)
		sorted[to] = g.vocab[from]
	}
	g.vocab = sorted
	start := make([]int32, len(sorted)+1)
	for i, t := range g.tokens {
		g.tokens[i] = place[t]
		start[place[t]+1]++
	}
	for i := range sorted {
		start[i+1] += start[i]
	}
	names := make([]int32, len(g.tokens))
	next := slices.Clone(start)
	for i, n := range g.names {
		for _, t := range g.tokens[n.first : n.first+n.n] {
			names[next[t]] = int32(i)
			next[t]++
		}
	}
	g.post = postings{start, names}
	g.tokens, g.classes, g.names = slices.Clip(g.tokens), slices.Clip(g.classes), slices.Clip(g.names)
}

// word finds a word of the vocabulary.
func (g *Gazetteer) word(lit string) (int32, bool) {
	i, ok := slices.BinarySearchFunc(g.vocab, lit, func(w gazWord, lit string) int { return cmp.Compare(w.lit, lit) })
	return int32(i), ok
}

// wordsFrom gives the range of the vocabulary that begins with lit.
func (g *Gazetteer) wordsFrom(lit string) (first, after int32) {
	i, _ := g.word(lit)
	j := i
	for int(j) < len(g.vocab) && strings.HasPrefix(g.vocab[j].lit, lit) {
		j++
	}
	return i, j
}
