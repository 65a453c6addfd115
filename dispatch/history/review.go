package history

import (
	"cmp"
	"math"
	"slices"
	"time"

	"moked/dispatch"
)

// Review is what a period came to, for those who answer for it: in whole and in
// parts, each beside the period before and the same one a year before. All of it
// is of one instant, so that the parts make up the whole.
type Review struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Before time.Time `json:"before"` // where the period before begins
	AsOf   time.Time `json:"as_of"`
	Seq    int64     `json:"seq"`
	// Open says that the period isn't over. The ones beside it are cut as it is.
	Open bool `json:"open,omitempty"`

	Total          Compared   `json:"total"`
	Departments    []Compared `json:"departments"`
	Categories     []Compared `json:"categories"` // of each department
	Districts      []Compared `json:"districts"`
	Neighbourhoods []Compared `json:"neighbourhoods"` // of each district
	Months         []Group    `json:"months"`         // the period's and those before it, thirteen at least
	// Places are those that need a look most.
	Places []Attention `json:"places"`
}

// Compared are the figures of one part in the period, in the one before, and a
// year before. The codes name the part; one that is empty is of none.
// ExpectedLate is, of districts and neighbourhoods, how many of the judged would
// be late if each category were kept there as it is in all that was asked for:
// an area of slow categories isn't blamed for them.
type Compared struct {
	Department    string  `json:"department,omitempty"`
	Category      string  `json:"category,omitempty"`
	District      string  `json:"district,omitempty"`
	Neighbourhood string  `json:"neighbourhood,omitempty"`
	Now           Figures `json:"now"`
	Before        Figures `json:"before"`
	YearAgo       Figures `json:"year_ago"`
	ExpectedLate  float64 `json:"expected_late,omitempty"`

	spreadLate float64 // the variance of ExpectedLate
}

// The periods of a review, in the order of their stretches.
const (
	reviewYearAgo = iota
	reviewBefore
	reviewNow
	reviewPeriods
)

const (
	reviewMonths = 13
	reviewPlaces = 10
)

// Review reviews the query's period, narrowed to what the actor may see. Its By
// isn't looked at.
func (h *History) Review(who dispatch.Actor, q Query) (Review, error) {
	q.By = []Key{ByDepartment, ByCategory, ByDistrict, ByNeighbourhood}
	p, err := h.ask(who, &q)
	if err != nil {
		return Review{}, err
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	now := h.clock()
	from, to := q.From.In(p.zone), q.To.In(p.zone)
	before, year := earlier(from, to, now), yearBefore(from, to, now)
	stretches := make([]stretch, reviewPeriods)
	for n, s := range [reviewPeriods][2]time.Time{year, before, {from, to}} {
		stretches[n] = stretch{s[0].UnixMicro(), s[1].UnixMicro(), min(s[1].UnixMicro(), now.UnixMicro())}
	}
	counted, _ := p.count(q, stretches, now, math.MaxInt)
	r := Review{From: q.From, To: q.To, Before: before[0].UTC(), AsOf: now, Seq: p.seq, Open: to.After(now)}
	parts := func(keep ...int) []Compared { return p.compared(counted, keep...) }
	if whole := parts(); len(whole) > 0 {
		r.Total = whole[0]
	}
	r.Departments, r.Categories, r.Districts, r.Neighbourhoods = parts(0), parts(0, 1), parts(2), parts(2, 3)
	expectLate(r.Districts, parts(1, 2), r.Categories)
	expectLate(r.Neighbourhoods, parts(1, 2, 3), r.Categories)

	months := q
	months.By = []Key{ByMonth}
	y, m, _ := to.Add(-time.Microsecond).Date()
	if first := time.Date(y, m+1-reviewMonths, 1, 0, 0, 0, 0, p.zone); first.Before(from) {
		months.From = first
	}
	spans := p.stretches(months, now)
	monthly, _ := p.count(months, spans, now, math.MaxInt)
	r.Months = p.groups(months, monthly, spans)
	r.Places = p.attention(q, "", reviewPlaces, now)
	return r, nil
}

// compared puts what was counted together by the codes at the given places of a
// key, in the order of those codes.
func (p *past) compared(counted map[key]*sums, keep ...int) []Compared {
	type codes = [6]uint16
	parts := map[codes]*[reviewPeriods]sums{}
	for k, s := range counted {
		var of codes
		for _, n := range keep {
			of[n] = k.codes[n]
		}
		if parts[of] == nil {
			parts[of] = &[reviewPeriods]sums{}
		}
		parts[of][k.stretch].add(s, true)
	}
	all := make([]Compared, 0, len(parts))
	for of, s := range parts {
		c := Compared{Now: s[reviewNow].figures(), Before: s[reviewBefore].figures(), YearAgo: s[reviewYearAgo].figures()}
		for _, n := range keep {
			*[4]*string{&c.Department, &c.Category, &c.District, &c.Neighbourhood}[n] = p.kinds()[n].names.codes[of[n]]
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b Compared) int {
		return cmp.Or(cmp.Compare(a.Department, b.Department), cmp.Compare(a.Category, b.Category),
			cmp.Compare(a.District, b.District), cmp.Compare(a.Neighbourhood, b.Neighbourhood))
	})
	return all
}

// expectLate reckons what was to be expected of areas, given the categories of
// each and the categories' own shares of late.
func expectLate(areas, byCategory, categories []Compared) {
	type counts struct{ judged, late int }
	whole := map[string]counts{}
	for _, c := range categories {
		w := whole[c.Category]
		whole[c.Category] = counts{w.judged + c.Now.Judged, w.late + c.Now.Late}
	}
	at := map[[2]string]*Compared{}
	for n := range areas {
		at[[2]string{areas[n].District, areas[n].Neighbourhood}] = &areas[n]
	}
	for _, c := range byCategory {
		if w := whole[c.Category]; w.judged > 0 {
			share, judged := float64(w.late)/float64(w.judged), float64(c.Now.Judged)
			area := at[[2]string{c.District, c.Neighbourhood}]
			area.ExpectedLate += judged * share
			area.spreadLate += judged * share * (1 - share)
		}
	}
}

// earlier is the period that one is held against: as many months earlier where
// it begins with a month and spans whole ones, as long and just before it
// otherwise. Of a period that isn't over, the part that has passed is compared.
func earlier(from, to, now time.Time) [2]time.Time {
	if months := wholeMonths(from, to); months > 0 {
		return [2]time.Time{from.AddDate(0, -months, 0), passed(from, to, now, 0, -months)}
	}
	return [2]time.Time{from.Add(from.Sub(to)), from.Add(from.Sub(to)).Add(min(to.Sub(from), max(now.Sub(from), 0)))}
}

func yearBefore(from, to, now time.Time) [2]time.Time {
	return [2]time.Time{from.AddDate(-1, 0, 0), passed(from, to, now, -1, 0)}
}

// passed is the end of a period that isn't over, or over, moved by years and
// months: never beyond the whole one's end, nor into the next month because the
// month is shorter.
func passed(from, to, now time.Time, years, months int) time.Time {
	whole := to.AddDate(years, months, 0)
	if !to.After(now) || !now.After(from) {
		return whole
	}
	y, m, d := now.Date()
	first := time.Date(y+years, m+time.Month(months), 1, 0, 0, 0, 0, now.Location())
	last := first.AddDate(0, 1, -1).Day()
	hour, minute, second := now.Clock()
	at := time.Date(first.Year(), first.Month(), min(d, last), hour, minute, second, now.Nanosecond(), from.Location())
	if at.After(whole) {
		return whole
	}
	return at
}

// wholeMonths is how many months a period spans that begins with one and ends
// with one; 0 if it doesn't.
func wholeMonths(from, to time.Time) int {
	isFirst := func(t time.Time) bool {
		y, m, _ := t.Date()
		return t.Equal(time.Date(y, m, 1, 0, 0, 0, 0, t.Location()))
	}
	if !isFirst(from) || !isFirst(to) {
		return 0
	}
	return (to.Year()-from.Year())*12 + int(to.Month()) - int(from.Month())
}
