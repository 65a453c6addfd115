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
