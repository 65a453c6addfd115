package geo

import (
	"cmp"
	"slices"
)

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
