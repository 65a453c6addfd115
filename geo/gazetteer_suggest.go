package geo

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Suggest completes what is being typed, from the second letter on: the last
// word may go on, and so may the last number. Of names that begin alike, those
// near o.Near and those of many houses come first. The score only ranks.
func (g *Gazetteer) Suggest(text string, o Bias) []Result {
	out := []Result{}
	if letters(text) < 2 {
		return out
	}
	if r, ok := g.coordinates(text, o); ok {
		return r
	}
	sc := g.pool.Get().(*scratch)
	defer g.pool.Put(sc)
	options := g.complete(text, o, false, sc)
	if len(options) == 0 || options[0].cost > 12 {
		if other, ok := otherKeyboard(text); ok {
			for _, more := range g.complete(other, o, true, sc) {
				more.cost += 4
				options = append(options, more)
			}
		}
	}
	if len(options) == 0 {
		return out
	}
	ranks := make([]float64, len(options))
	for i := range options {
		ranks[i] = g.appeal(&options[i], o)
	}
	order := make([]int, len(options))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ranks[a], ranks[b]) })
	for _, i := range order {
		if len(out) == o.limit() {
			break
		}
		r := g.result(options[i], 0, o.Lang)
		r.Score = math.Exp(-max(ranks[i]+6, 0) / 20)
		if !slices.ContainsFunc(out, func(x Result) bool {
			return x.Label == r.Label && x.StreetID == r.StreetID && x.PlaceID == r.PlaceID
		}) {
			out = append(out, r)
		}
	}
	return out
}

func letters(text string) (n int) {
	for _, r := range foldText(text) {
		if unicode.IsLetter(r) || isDigit(r) {
			n++
		}
	}
	return
}

// appeal is what ranks suggestions: least first.
func (g *Gazetteer) appeal(opt *option, o Bias) float64 {
	rank := float64(opt.cost)
	if o.Near != nil && finite(*o.Near) {
		rank += min(6, g.plane.Distance(*o.Near, opt.point)/500)
	}
	if opt.entry&entryKind == streetEntry {
		s := &g.streets[opt.entry.index()]
		rank -= min(3, math.Log10(1+float64(s.after-s.first)))
	}
	return rank
}

// complete finds what an unfinished text may become.
func (g *Gazetteer) complete(text string, o Bias, plainKeys bool, sc *scratch) []option {
	toks := lex(text)
	q := parse(toks, g.cityNames(o))
	if len(q.words) == 0 {
		return nil
	}
	q.plainKeys = plainKeys
	last := len(q.words) - 1
	q.open = q.words[last].class != numberWord && !strings.HasSuffix(text, " ")
	sc.reset()
	g.matchExact(&q, sc)
	g.matchNear(&q, sc)
	r := reader{g: g, q: &q, sc: sc}
	r.named(0, 0, func(entry) bool { return true })
	for k, at := range q.where {
		q.open = false
		from := len(r.out)
		r.housed(1<<at, k, q.numbers[k])
		if at == last {
			for _, opt := range slices.Clone(r.out[from:]) {
				r.out = append(r.out, g.housesLike(opt, q.numbers[k])...)
			}
		}
	}
	if len(q.corners) > 0 {
		r.crossings()
	}
	return r.out
}

// housesLike lists the houses of a street whose numbers go on from the one
// typed so far.
func (g *Gazetteer) housesLike(opt option, typed houseNumber) []option {
	const most = 6
	var out []option
	s := &g.streets[opt.entry.index()]
	want := strconv.Itoa(int(typed.N))
	for i := s.first; i < s.after && len(out) < most; i++ {
		h := &g.houses[i]
		n := strconv.Itoa(int(h.N))
		if !strings.HasPrefix(n, want) || h.houseNumber == typed || typed.Suffix != "" && h.Suffix != typed.Suffix {
			continue
		}
		more := opt
		more.cost += 2 + len(n) - len(want) - opt.found.cost
		more.found = found{house: i, point: h.point, precision: House, label: h.label}
		out = append(out, more)
	}
	return out
}
