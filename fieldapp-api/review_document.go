package fieldapi

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strconv"
	"time"

	"moked/dispatch/desk"
	"moked/dispatch/history"
	"moked/fieldapp-api/document"
)

// How many subjects a review's lists hold, the share in time below
// and above which a subject is listed, and how many decided reports it must have.
const (
	reviewTop = 10
	keptBelow = 0.8
	keptAbove = 0.95
	keptOf    = 10
)

// reviewWords writes a review in one language.
type reviewWords struct {
	wording
	city   cityNames
	ask    reviewAsked
	review history.Review
}

func (w reviewWords) tell(key string, args ...any) string {
	return text(w.lang, "review."+key, named(args))
}

func (w reviewWords) document(pauses []desk.PauseSum) document.Document {
	r := w.review
	d := document.Document{
		Lang: w.lang, Title: w.tell("title"), Of: w.whose(), Period: w.period(),
		AsOf:    w.tell("as-of", "at", r.AsOf.In(w.city.zone).Format("02/01/2006 15:04")),
		Figures: w.figures(), Findings: w.findings(),
		Words: document.Words{Findings: w.tell("findings"), Notes: w.say("definitions"), Skip: w.say("skip")},
	}
	if r.Open {
		d.Lead = w.tell("open")
	}
	d.Chart = w.chart()
	add := func(t document.Table) {
		if len(t.Rows) > 0 {
			d.Tables = append(d.Tables, t)
		}
	}
	if w.ask.department == "" {
		add(w.departments())
	}
	received := func(a, b history.Compared) int { return cmp.Compare(b.Now.Received, a.Now.Received) }
	late := func(a, b history.Compared) int { return cmp.Compare(b.Now.Late, a.Now.Late) }
	share := func(c history.Compared) float64 { return kept(c.Now) }
	decided := func(c history.Compared) bool { return c.Now.Judged >= keptOf }
	add(w.subjects("top", reviewTop, received, func(c history.Compared) bool { return c.Now.Received > 0 }))
	add(w.subjects("below", reviewTop, late, func(c history.Compared) bool { return decided(c) && share(c) < keptBelow }))
	add(w.subjects("above", reviewTop, received, func(c history.Compared) bool { return decided(c) && share(c) >= keptAbove }))
	if w.ask.district == "" {
		add(w.areas("districts", r.Districts))
	}
	add(w.places(r.Places))
	add(w.pauses(pauses))
	hoods := w.areas("neighbourhoods", r.Neighbourhoods)
	hoods.Annex = w.ask.district == ""
	add(hoods)
	add(w.months())
	subjects := w.subjects("subjects", len(r.Categories), received, func(c history.Compared) bool { return c.Now.Received+c.Now.Closed+c.Now.Open > 0 })
	subjects.Annex = true
	add(subjects)
	for n := 1; n <= 3; n++ {
		d.Notes = append(d.Notes, w.say("definition-"+strconv.Itoa(n)))
	}
	d.Notes = append(d.Notes, w.tell("definition-before"), w.tell("definition-chance"), w.tell("definition-expected"), w.say("definition-5"))
	return d
}

// whose is whom the review is of: the district, the department, the city.
func (w reviewWords) whose() string {
	name := w.name(w.city.Names, w.city.Code)
	if w.ask.department != "" {
		name = w.department(w.ask.department) + " · " + name
	}
	if w.ask.district != "" {
		name = w.district(w.ask.district) + " · " + name
	}
	return name
}

func (w reviewWords) department(code string) string {
	for _, d := range w.city.departments {
		if d.Code == code {
			return w.name(d.Names, code)
		}
	}
	return cmp.Or(code, w.tell("none"))
}

func (w reviewWords) category(code string) string {
	return cmp.Or(w.name(w.city.categories[code].Names, code), w.tell("none"))
}

func (w reviewWords) district(code string) string {
	for _, d := range w.city.districts {
		if d.Code == code {
			return w.name(d.Names, d.Name)
		}
	}
	return cmp.Or(code, w.tell("nowhere"))
}

func (w reviewWords) hood(district, code string) string {
	for _, n := range w.city.hoods {
		if n.Code == code {
			return w.name(n.Names, n.Name)
		}
	}
	if code == "" && district != "" {
		return w.tell("rest-of", "district", w.district(district))
	}
	return cmp.Or(code, w.tell("nowhere"))
}

// period is the month, the year, or the first and the last day.
func (w reviewWords) period() string {
	from, to := w.review.From.In(w.city.zone), w.review.To.In(w.city.zone)
	switch {
	case monthPeriod.MatchString(w.ask.period):
		return w.month(w.ask.period)
	case w.ask.period != "":
		return w.ask.period
	}
	return w.say("period", "from", from.Format("02/01/2006"), "to", to.Add(-time.Microsecond).Format("02/01/2006"))
}

// kept is the share in time of what is decided.
func kept(f history.Figures) float64 {
	if f.Judged == 0 {
		return math.NaN()
	}
	return float64(f.Judged-f.Late) / float64(f.Judged)
}

func (w reviewWords) keptShare(f history.Figures) string { return w.share(f.Judged-f.Late, f.Judged) }

// points writes a difference of two shares, in percentage points.
func (w reviewWords) points(now, was float64) string {
	return signed(math.Round(1000*(now-was))/10, "")
}

// percent writes how much more there is than there was.
func (w reviewWords) percent(now, was int) string {
	if was == 0 {
		return "–"
	}
	return signed(math.Round(1000*float64(now-was)/float64(was))/10, "%")
}

// signed writes a change with its sign, which stays before it amid a text that is
// read from right to left.
func signed(v float64, unit string) string {
	s := strconv.FormatFloat(math.Abs(v), 'f', -1, 64) + unit
	switch {
	case v > 0:
		s = "+" + s
	case v < 0:
		s = "\u2212" + s
	}
	return "\u2066" + s + "\u2069"
}

// look is the district's page with the same question, and more of it.
func (w reviewWords) look(more ...string) string {
	v := url.Values{}
	v.Set("from", w.review.From.In(w.city.zone).Format(time.DateOnly))
	v.Set("to", w.review.To.In(w.city.zone).Format(time.DateOnly))
	if w.ask.district != "" {
		v.Set("district", w.ask.district)
	}
	for n := 0; n+1 < len(more); n += 2 {
		if more[n+1] != "" {
			v.Set(more[n], more[n+1])
		}
	}
	return "/district?" + v.Encode()
}

func (w reviewWords) figures() []document.Figure {
	now, was, year := w.review.Total.Now, w.review.Total.Before, w.review.Total.YearAgo
	against := func(key, value string) string { return w.tell(key, "value", value) }
	received := document.Figure{
		Name: w.say("received"), Value: w.number(now.Received), Link: w.look(),
	}
	for _, k := range []struct {
		key  string
		then int
	}{{"against-before", was.Received}, {"against-year", year.Received}} {
		if k.then > 0 {
			received.More = append(received.More, against(k.key, w.percent(now.Received, k.then)))
		}
	}
	in := document.Figure{Name: w.say("kept"), Value: w.keptShare(now), Link: w.look("lens", "late")}
	if now.Judged > 0 && was.Judged > 0 {
		in.More = append(in.More, against("points-before", w.points(kept(now), kept(was))))
		switch {
		case kept(now) > kept(was):
			in.Tone = document.Good
		case kept(now) < kept(was):
			in.Tone = document.Bad
		}
	}
	if year.Judged > 0 {
		in.More = append(in.More, against("year-was", w.keptShare(year)))
	}
	overdue := document.Figure{
		Name: w.tell("col.overdue"), Value: w.number(now.Overdue), Link: w.look("lens", "overdue"),
		More: []string{w.tell("of-open", "n", w.number(now.Open))},
	}
	if now.Oldest != nil {
		overdue.More = append(overdue.More, w.tell("oldest", "date", now.Oldest.In(w.city.zone).Format("02/01/2006")))
	}
	took := document.Figure{Name: w.say("median"), Value: w.span(now.Resolve.Median), Link: w.look("lens", "median"), More: []string{
		w.say("p90-more", "span", w.span(now.Resolve.P90)), w.tell("mean", "span", w.span(now.Resolve.Mean)),
		w.tell("reopened-more", "share", w.share(now.Reopened, now.Received)),
	}}
	return []document.Figure{received, in, overdue, took}
}

func (w reviewWords) chart() *document.Chart {
	c := &document.Chart{Title: w.say("months"), Bars: w.say("received"), Line: w.tell("kept-line")}
	for _, m := range w.review.Months {
		share := kept(m.Figures)
		c.Points = append(c.Points, document.ChartPoint{Name: w.month(m.Month), Bar: float64(m.Received), Line: share, Known: m.Judged > 0})
	}
	return c
}

func (w reviewWords) column(key string, kind document.Kind) document.Column {
	return document.Column{Name: w.tell("col." + key), Kind: kind}
}

func plainCell(s string) document.Cell { return document.Cell{Text: s} }

func numeric(text string, value float64) document.Cell {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return document.Cell{Text: "–"}
	}
	return document.Cell{Text: text, Value: &value}
}

func (w reviewWords) count(n int) document.Cell { return numeric(w.number(n), float64(n)) }

// of are the cells that every part's row has.
func (w reviewWords) of(c history.Compared) []document.Cell {
	change := numeric(w.percent(c.Now.Received, c.Before.Received), float64(c.Now.Received-c.Before.Received)/float64(c.Before.Received))
	in := numeric(w.keptShare(c.Now), kept(c.Now))
	points := numeric(w.points(kept(c.Now), kept(c.Before)), kept(c.Now)-kept(c.Before))
	switch {
	case points.Value == nil:
	case *points.Value < 0:
		points.Tone = document.Bad
	case *points.Value > 0:
		points.Tone = document.Good
	}
	return []document.Cell{w.count(c.Now.Received), change, in, points, w.count(c.Now.Overdue)}
}

func (w reviewWords) ofColumns() []document.Column {
	return []document.Column{
		w.column("received", document.Count), w.column("change", document.Change), w.column("kept", document.Share),
		w.column("points", document.Points), w.column("overdue", document.Count),
	}
}

func (w reviewWords) times(s history.Spread) []document.Cell {
	cell := func(v float64) document.Cell {
		if s.N == 0 {
			v = math.NaN()
		}
		return numeric(w.span(v), v)
	}
	return []document.Cell{cell(s.Mean), cell(s.Median), cell(s.P90)}
}

func (w reviewWords) timeColumns() []document.Column {
	return []document.Column{w.column("mean", document.Span), w.column("median", document.Span), w.column("p90", document.Span)}
}

func (w reviewWords) departments() document.Table {
	t := document.Table{Code: "departments", Title: w.tell("departments"), Columns: slices.Concat([]document.Column{w.column("department", document.Text)}, w.ofColumns(), w.timeColumns())}
	parts := slices.Clone(w.review.Departments)
	slices.SortStableFunc(parts, func(a, b history.Compared) int { return cmp.Compare(b.Now.Received, a.Now.Received) })
	for _, c := range parts {
		if c.Now.Received+c.Before.Received+c.Now.Open == 0 {
			continue
		}
		name := plainCell(w.department(c.Department))
		if c.Department != "" {
			name.Link = w.ask.link("/review", "department", c.Department)
		}
		t.Rows = append(t.Rows, slices.Concat([]document.Cell{name}, w.of(c), w.times(c.Now.Resolve)))
	}
	total := w.review.Total
	t.Whole = slices.Concat([]document.Cell{plainCell(w.say("whole"))}, w.of(total), w.times(total.Now.Resolve))
	return t
}

// subjects lists categories that keep lets in, in order, so many at most.
func (w reviewWords) subjects(code string, most int, order func(a, b history.Compared) int, keep func(history.Compared) bool) document.Table {
	t := document.Table{
		Code: code, Title: w.tell(code), Note: w.tell(code + "-note"),
		Columns: slices.Concat([]document.Column{w.column("category", document.Text), w.column("department", document.Text), w.column("standard", document.Text)}, w.ofColumns(), w.timeColumns()),
	}
	parts := slices.Clone(w.review.Categories)
	slices.SortStableFunc(parts, order)
	for _, c := range parts {
		if len(t.Rows) == most || !keep(c) {
			continue
		}
		name := plainCell(w.category(c.Category))
		if c.Category != "" {
			name.Link = w.look("category", c.Category)
		}
		t.Rows = append(t.Rows, slices.Concat([]document.Cell{
			name, plainCell(w.department(c.Department)), plainCell(w.standard(w.city.categories[c.Category].Resolution.Default)),
		}, w.of(c), w.times(c.Now.Resolve)))
	}
	return t
}

// areas lists districts or neighbourhoods, each with its people and with how
// many late reports its subjects let expect.
func (w reviewWords) areas(code string, parts []history.Compared) document.Table {
	t := document.Table{Code: code, Title: w.tell(code), Note: w.tell("areas-note"), Columns: slices.Concat(
		[]document.Column{w.column(map[string]string{"districts": "district", "neighbourhoods": "neighbourhood"}[code], document.Text)},
		[]document.Column{w.column("population", document.Count), w.column("per-1000", document.Number)}, w.ofColumns(),
		[]document.Column{w.column("late", document.Count), w.column("expected", document.Number), w.column("median", document.Span)},
	)}
	parts = slices.Clone(parts)
	slices.SortStableFunc(parts, func(a, b history.Compared) int { return cmp.Compare(b.Now.Received, a.Now.Received) })
	for _, c := range parts {
		if c.Now.Received+c.Before.Received+c.Now.Open == 0 {
			continue
		}
		name, people := plainCell(w.district(c.District)), w.people(c)
		if code == "neighbourhoods" {
			name = plainCell(w.hood(c.District, c.Neighbourhood))
			if c.Neighbourhood != "" {
				name.Link = w.look("district", c.District, "neighbourhood", c.Neighbourhood)
			}
		} else if c.District != "" {
			name.Link = w.ask.link("/review", "district", c.District)
		}
		perThousand, population := numeric("", math.NaN()), numeric("", math.NaN())
		if people > 0 {
			v := 1000 * float64(c.Now.Received) / float64(people)
			perThousand, population = numeric(w.one(v), v), w.count(people)
		}
		t.Rows = append(t.Rows, slices.Concat([]document.Cell{name, population, perThousand}, w.of(c),
			[]document.Cell{w.count(c.Now.Late), numeric(w.one(c.ExpectedLate), c.ExpectedLate), w.times(c.Now.Resolve)[1]}))
	}
	return t
}

func (w reviewWords) one(v float64) string {
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', 1, 64)
}

// people is how many live in an area; 0 is unknown.
func (w reviewWords) people(c history.Compared) int {
	areas, code := w.city.districts, c.District
	if c.Neighbourhood != "" {
		areas, code = w.city.hoods, c.Neighbourhood
	}
	for _, a := range areas {
		if a.Code == code && a.Population != nil && code != "" {
			return *a.Population
		}
	}
	return 0
}

func (w reviewWords) months() document.Table {
	t := document.Table{Code: "months", Title: w.say("months"), Columns: slices.Concat([]document.Column{
		w.column("month", document.Text), w.column("received", document.Count), w.column("closed", document.Count), w.column("kept", document.Share),
		w.column("reopened", document.Share), w.column("open", document.Count), w.column("overdue", document.Count),
	}, w.timeColumns())}
	for _, m := range w.review.Months {
		t.Rows = append(t.Rows, slices.Concat([]document.Cell{
			plainCell(w.month(m.Month)), w.count(m.Received), w.count(m.Closed), numeric(w.keptShare(m.Figures), kept(m.Figures)),
			numeric(w.share(m.Reopened, m.Received), float64(m.Reopened)/float64(m.Received)), w.count(m.Open), w.count(m.Overdue),
		}, w.times(m.Resolve)))
	}
	return t
}

// places lists where somebody should look, each with its reason.
func (w reviewWords) places(places []history.Attention) document.Table {
	t := document.Table{Code: "places", Title: w.tell("places"), Note: w.tell("places-note"), Columns: []document.Column{
		w.column("neighbourhood", document.Text), w.column("category", document.Text), w.column("why", document.Text),
	}}
	for _, a := range places {
		where := plainCell(w.hood(a.District, a.Neighbourhood))
		where.Link = w.look("district", a.District, "neighbourhood", a.Neighbourhood, "category", a.Category)
		t.Rows = append(t.Rows, []document.Cell{where, plainCell(w.category(a.Category)), plainCell(w.tell("why-"+string(a.Why),
			"n", w.number(a.N), "of", w.number(a.Of), "expected", w.one(a.Expected), "low", w.one(a.Low), "high", w.one(a.High)))})
	}
	return t
}

// pauses lists for what clocks stood still: time that isn't counted as late.
func (w reviewWords) pauses(pauses []desk.PauseSum) document.Table {
	t := document.Table{Code: "pauses", Title: w.tell("pauses"), Note: w.tell("pauses-note"), Columns: []document.Column{
		w.column("reason", document.Text), w.column("paused", document.Count), w.column("stood", document.Span), w.column("waiting", document.Count),
	}}
	for _, p := range pauses {
		t.Rows = append(t.Rows, []document.Cell{plainCell(p.Reason), w.count(p.Incidents), numeric(w.span(p.Seconds), p.Seconds), w.count(p.Now)})
	}
	return t
}
