package geo

import (
	"cmp"
	"slices"
)

// option is one reading of a query: what it names, where that is, and what
// had to be forgiven.
type option struct {
	found
	entry   entry
	other   entry // the second street of a crossing, or none
	cost    int
	dropped int
	idle    int  // the part of the cost for words that name nothing
	letters int  // of the names
	asked   bool // a house was asked for
}

const none entry = -1

// Find geocodes a text, best first. It reads coordinates and map links,
// street and house, crossings, places, streets and areas, in Hebrew as
// callers say it and in transliteration. Results whose precision isn't
// Located are fallbacks. Text of any length and content is safe: only its
// beginning is read.
func (g *Gazetteer) Find(text string, o Bias) []Result {
	if r, ok := g.coordinates(text, o); ok {
		return r
	}
	return g.results(g.options(text, o), o)
}

// options gathers what a text that is no position may mean.
func (g *Gazetteer) options(text string, o Bias) []option {
	sc := g.pool.Get().(*scratch)
	defer g.pool.Put(sc)
	city := g.cityNames(o)
	options := g.read(lex(text), city, false, sc)
	const good = 6
	if len(options) == 0 || options[0].cost > good {
		if other, ok := otherKeyboard(text); ok {
			for _, more := range g.read(lex(other), city, true, sc) {
				more.cost += 4
				options = append(options, more)
			}
		}
	}
	return options
}

func (g *Gazetteer) cityNames(o Bias) [][]string {
	city := slices.Clip(g.city)
	for _, c := range o.City {
		city = append(city, cityWords(c)...)
	}
	return city
}

// read finds what a text may mean, best first.
func (g *Gazetteer) read(toks []token, city [][]string, plainKeys bool, sc *scratch) []option {
	q := parse(toks, city)
	q.plainKeys = plainKeys
	if len(q.words) == 0 {
		return nil
	}
	sc.reset()
	g.matchExact(&q, sc)
	r := reader{g: g, q: &q, sc: sc}
	q.exact = true
	r.all()
	if !slices.ContainsFunc(r.out, option.clear) {
		q.exact = false
		g.matchNear(&q, sc)
		r.out = r.out[:0]
		r.all()
	}
	slices.SortStableFunc(r.out, func(a, b option) int { return cmp.Compare(a.cost, b.cost) })
	return r.out
}

// clear reports that no other reading can come near: the place is known, and
// the words are those of its name.
func (o option) clear() bool { return o.cost <= 2 && o.precision.Located() && o.dropped == 0 }

// reader collects the options of one query.
type reader struct {
	g   *Gazetteer
	q   *query
	sc  *scratch
	out []option
}

// all tries the ways of reading the query.
func (r *reader) all() {
	r.whole(0, 0)
	n := len(r.q.words)
	for _, at := range r.q.nears {
		if at > 0 {
			landmark := span(at, n)
			r.landmark(landmark)
		}
	}
	r.inAreas()
	r.crossings()
}

// span is the set of the words from i up to j.
func span(i, j int) uint32 { return (1<<j - 1) &^ (1<<i - 1) }

// whole reads the words not in skip as one address, place or area.
func (r *reader) whole(skip uint32, extra int) {
	r.named(skip, extra, func(entry) bool { return true })
	for k, at := range r.q.where {
		if skip>>at&1 == 0 {
			r.housed(skip|1<<at, extra+k, r.q.numbers[k])
		}
	}
}

// named reads the words not in skip as a name alone.
func (r *reader) named(skip uint32, extra int, want func(entry) bool) {
	for _, c := range r.g.match(r.q, skip, want, r.sc) {
		r.add(c, extra)
	}
}

// housed reads the words not in skip as the street of a house.
func (r *reader) housed(skip uint32, extra int, house houseNumber) {
	isStreet := func(e entry) bool { return e&entryKind == streetEntry }
	for _, c := range r.g.match(r.q, skip, isStreet, r.sc) {
		for _, f := range r.g.locate(int32(r.g.names[c.name].entry.index()), house) {
			r.out = append(r.out, option{found: f, entry: r.g.names[c.name].entry, other: none, cost: extra + c.cost + f.cost, dropped: c.dropped, idle: c.idle, letters: c.letters, asked: true})
		}
	}
}

// add takes a named thing without a house.
func (r *reader) add(c candidate, extra int) {
	e := r.g.names[c.name].entry
	opt := option{entry: e, other: none, cost: extra + c.cost, dropped: c.dropped, idle: c.idle, letters: c.letters, asked: c.asked}
	opt.found = found{house: -1}
	switch i := e.index(); e & entryKind {
	case streetEntry:
		opt.point, opt.precision = r.g.streets[i].mid, OnStreet
	case placeEntry:
		opt.point, opt.precision = r.g.places[i].Point, AtPlace
	case areaEntry:
		opt.point, opt.precision = r.g.areas[i].point, InArea
		opt.cost += 2
	}
	r.out = append(r.out, opt)
}

// landmark reads a query whose last words say what the place is near.
func (r *reader) landmark(near uint32) {
	n := len(r.q.words)
	from := len(r.out)
	r.whole(near, 1)
	located := false
	for i := range r.out[from:] {
		opt := &r.out[from+i]
		located = located || opt.precision.Located() && opt.cost < 16
		if !opt.precision.Located() {
			opt.cost += 4
		}
	}
	extra := 2
	if located {
		extra = 10
	}
	r.whole(span(0, n)&^near, extra)
}

// inAreas reads queries that say the neighbourhood besides the address.
func (r *reader) inAreas() {
	g, q := r.g, r.q
	for i := range g.names {
		n := &g.names[i]
		if n.entry&entryKind != areaEntry || int(n.n) >= len(q.words) {
			continue
		}
		words, ok := r.holdsName(n)
		if !ok {
			continue
		}
		from := len(r.out)
		r.whole(words, 1)
		area := &g.areas[n.entry.index()]
		for j := range r.out[from:] {
			if opt := &r.out[from+j]; opt.entry == n.entry || !area.holds(opt.point) {
				opt.cost += costLastName
			}
		}
	}
}

// holdsName finds all the words of an area's name side by side in the query.
func (r *reader) holdsName(n *gazName) (words uint32, ok bool) {
	tokens := r.g.tokens[n.first : n.first+n.n]
	for at := 0; at+len(tokens) <= len(r.q.words); at++ {
		cost := 0
		for j, t := range tokens {
			c := int(r.sc.cost[at+j][t])
			if c == 0 {
				cost = costMost
				break
			}
			cost += c - 1
		}
		if cost <= 6 {
			return span(at, at+len(tokens)), true
		}
	}
	return 0, false
}

// results ranks, scores and writes the options.
func (g *Gazetteer) results(options []option, o Bias) []Result {
	options, ranks := g.rank(options, o)
	scores := g.scores(options, ranks)
	out := make([]Result, 0, min(len(options), o.limit()))
	for i, opt := range options {
		if len(out) == o.limit() || scores[i] < 0.005 && i > 0 {
			break
		}
		out = append(out, g.result(opt, scores[i], o.Lang))
	}
	return out
}

// rank sorts the options, those near the asker's view a little before their
// equals, joins those that are the same, and leaves out the hopeless.
func (g *Gazetteer) rank(options []option, o Bias) ([]option, []float64) {
	if len(options) == 0 {
		return nil, nil
	}
	type ranked struct {
		option
		rank float64
	}
	best := slices.MinFunc(options, func(a, b option) int { return cmp.Compare(a.cost, b.cost) }).cost
	in := make([]ranked, 0, len(options))
	for _, opt := range options {
		if opt.cost > best+25 {
			continue
		}
		rank := float64(opt.cost)
		if o.Near != nil && finite(*o.Near) {
			rank += min(3, g.plane.Distance(*o.Near, opt.point)/1500)
		}
		in = append(in, ranked{opt, rank})
	}
	slices.SortStableFunc(in, func(a, b ranked) int { return cmp.Compare(a.rank, b.rank) })
	most := max(24, o.limit())
	var kept []option
	var ranks []float64
	for _, x := range in {
		covered := func(y option) bool {
			switch {
			case x.house >= 0 && x.house == y.house:
				return x.found.label == y.found.label // by way of its kin
			case x.entry == y.entry && x.precision == OnStreet && y.precision.Located():
				return true // that the street is there goes without saying
			}
			same := x.entry == y.entry && x.other == y.other || x.precision == Interpolated
			return same && x.point == y.point && x.precision == y.precision && x.found.label == y.found.label
		}
		if len(kept) < most && !slices.ContainsFunc(kept, covered) {
			kept, ranks = append(kept, x.option), append(ranks, x.rank)
		}
	}
	return kept, ranks
}

// result writes an option as an answer.
func (g *Gazetteer) result(opt option, score float64, lang string) Result {
	r := Result{Lat: opt.point[1], Lon: opt.point[0], Precision: opt.precision, Score: score}
	switch i := opt.entry.index(); opt.entry & entryKind {
	case streetEntry:
		s := &g.streets[i]
		r.Street, r.StreetID = s.name, s.id
		r.Label = inLang(s.name, s.names, lang)
		if opt.house >= 0 && g.houses[opt.house].street != int32(i) {
			s = &g.streets[g.houses[opt.house].street]
			r.Street, r.StreetID = s.name, s.id
			r.Label = inLang(s.name, s.names, lang)
		}
		if opt.other != none {
			t := &g.streets[opt.other.index()]
			r.Label += cornerOf(lang) + inLang(t.name, t.names, lang)
		} else if opt.found.label != "" {
			r.House = opt.found.label
			r.Label += " " + r.House
		}
		if s.twin && s.hood >= 0 {
			a := &g.areas[s.hood]
			r.Label += ", " + inLang(a.Name, a.Names, lang)
		}
	case placeEntry:
		p := &g.places[i]
		r.PlaceID = p.ID
		r.Label = inLang(p.Name, p.Names, lang)
	case areaEntry:
		a := &g.areas[i]
		r.Label = inLang(a.Name, a.Names, lang)
	}
	return r
}

func inLang(name string, names Names, lang string) string {
	if n := names[lang]; n != "" {
		return n
	}
	return name
}

func cornerOf(lang string) string {
	switch lang {
	case "en":
		return " corner "
	case "ru":
		return " угол "
	case "ar":
		return " زاوية "
	}
	return " פינת "
}
