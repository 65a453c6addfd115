package history

import (
	"cmp"
	"math"
	"slices"
	"time"

	"moked/dispatch"
	"moked/geo"
)

// Why says why a place needs attention.
type Why string

// The reasons. More is more reports than its own past lets expect; Overdue is
// promises broken and still waiting; Late is more broken promises than the same
// category has elsewhere; Again is the same hazard at the same spot.
const (
	More      Why = "more"
	OverdueAt Why = "overdue"
	LateAt    Why = "late"
	Again     Why = "again"
)

// Attention is a place, or a category in a place, that needs a person's look,
// with the figures that say so. Lat and Lon are of Again only, and Oldest of
// OverdueAt. Expected, Low and High are what was to be expected, with its 95 %
// bounds: of reports for More, of late ones for LateAt.
type Attention struct {
	Why           Why        `json:"why"`
	District      string     `json:"district"`
	Neighbourhood string     `json:"neighbourhood"`
	Category      string     `json:"category"`
	N             int        `json:"n"`
	Of            int        `json:"of,omitempty"`
	Expected      float64    `json:"expected,omitempty"`
	Low           float64    `json:"low,omitempty"`
	High          float64    `json:"high,omitempty"`
	Oldest        *time.Time `json:"oldest,omitempty"`
	Lat           float64    `json:"lat,omitempty"`
	Lon           float64    `json:"lon,omitempty"`
	Surprise      float64    `json:"surprise"`
}

// pastPeriods is how many periods of the same length before the query's say what
// was to be expected.
const pastPeriods = 12

// Attention lists the places that need a look most, the most surprising first,
// for one reason if it is given.
// Surprise is the negative decimal logarithm of the chance of as much if all
// were as ever: 3 is one in a thousand.
func (h *History) Attention(who dispatch.Actor, q Query, why Why, limit int) ([]Attention, error) {
	q.By = nil
	p, err := h.ask(who, &q)
	if err != nil {
		return nil, err
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.attention(q, why, limit, h.clock()), nil
}

// attention is Attention of a question that was allowed. The caller holds the
// lock for reading.
func (p *past) attention(q Query, why Why, limit int, now time.Time) []Attention {
	q.By = []Key{ByDistrict, ByNeighbourhood, ByCategory}
	length := q.To.Sub(q.From)
	var stretches []stretch
	for n := pastPeriods; n >= 0; n-- {
		from, to := q.From.Add(-time.Duration(n)*length), q.To.Add(-time.Duration(n)*length)
		stretches = append(stretches, stretch{from.UnixMicro(), to.UnixMicro(), min(to.UnixMicro(), now.UnixMicro())})
	}
	counted, _ := p.count(q, stretches, now, math.MaxInt)
	all := slices.Concat(p.more(counted, stretches, now), p.broken(counted), p.again(q))
	slices.SortFunc(all, func(a, b Attention) int {
		return cmp.Or(cmp.Compare(b.Surprise, a.Surprise), cmp.Compare(b.N, a.N), cmp.Compare(a.Why, b.Why),
			cmp.Compare(a.Neighbourhood, b.Neighbourhood), cmp.Compare(a.Category, b.Category))
	})
	if why != "" {
		all = slices.DeleteFunc(all, func(a Attention) bool { return a.Why != why })
		return all[:min(limit, len(all))]
	}
	return oncePerPlace(all, limit)
}

// oncePerPlace keeps the first of each place and category, limit at most, in
// order: of one reason no more than two in five, unless the other reasons leave
// room.
func oncePerPlace(all []Attention, limit int) []Attention {
	type place struct{ district, hood, category string }
	seen, reasons := map[place]bool{}, map[Why]int{}
	var first, rest []int
	for n, a := range all {
		at := place{a.District, a.Neighbourhood, a.Category}
		if seen[at] {
			continue
		}
		seen[at] = true
		if reasons[a.Why]++; reasons[a.Why] <= (2*limit+4)/5 {
			first = append(first, n)
		} else {
			rest = append(rest, n)
		}
	}
	if room := limit - len(first); room > 0 {
		first = append(first, rest[:min(room, len(rest))]...)
	}
	first = first[:min(limit, len(first))]
	slices.Sort(first)
	kept := []Attention{}
	for _, n := range first {
		kept = append(kept, all[n])
	}
	return kept
}

// at names a group's place: by district, neighbourhood and category.
func (p *past) at(k key, why Why) Attention {
	return Attention{Why: why, Category: p.category.codes[k.codes[1]], District: p.district.codes[k.codes[2]], Neighbourhood: p.hood.codes[k.codes[3]]}
}

// least is how much there must be at all to call for attention, and rare how
// small a chance.
const (
	least = 5
	rare  = 0.001
)

// more finds where more was reported in the last stretch than the ones before
// let expect. The counts before are taken for a Poisson's with a gamma prior
// (Jeffreys'), so that what is to come is negative binomial, and wider by as
// much as they spread more than a Poisson's. A period that isn't over yet is
// expected to have its share.
func (p *past) more(counted map[key]*sums, stretches []stretch, now time.Time) []Attention {
	var all []Attention
	last := stretches[pastPeriods]
	share := float64(min(last.to, now.UnixMicro())-last.from) / float64(last.to-last.from)
	if share <= 0 {
		return nil
	}
	// Before the authority's first report there was nothing to see.
	begun := int64(math.MaxInt64)
	for _, filed := range p.columns.filed {
		begun = min(begun, filed)
	}
	for k, s := range counted {
		if k.stretch != pastPeriods || s.received < least {
			continue
		}
		var sum, squares, n float64
		for before := range pastPeriods {
			if stretches[before].from < begun {
				continue
			}
			x := 0.0
			if o := counted[key{k.codes, before}]; o != nil {
				x = float64(o.received)
			}
			sum, squares, n = sum+x, squares+x*x, n+1
		}
		if n < 3 {
			continue
		}
		wide := 1.0
		if sum > 0 {
			mean := sum / n
			wide = max(1, (squares/n-mean*mean)*n/(n-1)/mean)
		}
		future := negativeBinomial{(sum + 0.5) / n * share, wide * (1 + share/n)}
		chance := future.tail(s.received)
		if chance > rare {
			continue
		}
		a := p.at(k, More)
		a.N, a.Expected, a.Surprise = s.received, future.mean, surprise(chance)
		a.Low, a.High = float64(future.quantile(0.025)), float64(future.quantile(0.975))
		all = append(all, a)
	}
	return all
}

// broken finds where promises are broken more than the same category's are in
// all that was asked for, and where most wait beyond theirs.
func (p *past) broken(counted map[key]*sums) []Attention {
	type of struct{ judged, late, open, overdue int }
	whole := map[uint16]of{}
	for k, s := range counted {
		if k.stretch == pastPeriods {
			w := whole[k.codes[1]]
			whole[k.codes[1]] = of{w.judged + s.judged, w.late + s.late, w.open + s.open, w.overdue + s.overdue}
		}
	}
	var all []Attention
	add := func(k key, why Why, n, of, allN, allOf int, oldest int64) {
		if n < least || allOf == of {
			return
		}
		// What is elsewhere, of the same category.
		share := (float64(allN-n) + 0.5) / (float64(allOf-of) + 1)
		chance := binomialTail(of, n, share)
		if chance > rare {
			return
		}
		a := p.at(k, why)
		a.N, a.Of, a.Expected, a.Surprise = n, of, share*float64(of), surprise(chance)
		if oldest != never {
			t := time.UnixMicro(oldest).UTC()
			a.Oldest = &t
		}
		all = append(all, a)
	}
	for k, s := range counted {
		if k.stretch != pastPeriods {
			continue
		}
		w := whole[k.codes[1]]
		add(k, LateAt, s.late, s.judged, w.late, w.judged, never)
		add(k, OverdueAt, s.overdue, s.open, w.overdue, w.open, s.oldest)
	}
	return all
}

// A site is a square of so many metres, and is looked at for so long before the
// period's end.
const (
	siteMetres = 25
	siteYears  = 1
	siteTimes  = 4
)

// again finds the spots where the same hazard came back: several incidents of
// one category in a year within one small square.
func (p *past) again(q Query) []Attention {
	type site struct {
		cell     geo.Cell
		category uint16
	}
	to := q.To.UnixMicro()
	from := q.To.AddDate(-siteYears, 0, 0).UnixMicro()
	keep := p.filters(q.Where)
	c := &p.columns
	type seen struct {
		times, last int
		recent      bool
	}
	sites := map[site]seen{}
	total := map[uint16]int{}
	for n, filed := range c.filed {
		if filed < from || filed >= to || filed > c.first[n] || c.x[n] == nowhere || !keep(n) {
			continue
		}
		at := site{geo.Cell{X: floorDiv(c.x[n], siteMetres), Y: floorDiv(c.y[n], siteMetres)}, c.category[n]}
		s := sites[at]
		s.times, s.last, s.recent = s.times+1, n, s.recent || filed >= q.From.UnixMicro()
		sites[at] = s
		total[at.category]++
	}
	perSite := map[uint16]int{}
	for at := range sites {
		perSite[at.category]++
	}
	var all []Attention
	for at, s := range sites {
		if s.times < siteTimes || !s.recent {
			continue
		}
		mean := float64(total[at.category]) / float64(perSite[at.category])
		chance := poissonTail(mean, s.times)
		if chance > rare {
			continue
		}
		a := p.at(key{codes: [6]uint16{1: at.category, 2: c.district[s.last], 3: c.neighbourhood[s.last]}}, Again)
		spot := geo.FromITM([2]float64{float64(c.x[s.last]) + 0.5, float64(c.y[s.last]) + 0.5})
		a.N, a.Expected, a.Lat, a.Lon, a.Surprise = s.times, mean, spot[1], spot[0], surprise(chance)
		all = append(all, a)
	}
	return all
}
