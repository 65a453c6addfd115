package fieldapi

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"moked/dispatch"
	"moked/dispatch/history"
	"moked/fieldapp-api/document"
)

type charterIn struct {
	Authority string `query:"authority" doc:"The authority's code, for callers who don't sign in"`
	From      string `query:"from" doc:"The first month, 2026-05; twelve months without one"`
	To        string `query:"to" doc:"The last month, which must be over; the last one without it"`
}

type charterBody struct {
	Charter history.Public `json:"charter"`
}

// charterRoutes serve what the authority publishes of how its promises were
// kept: to programs, as a page, and as files.
func (a *api) charterRoutes() {
	charter := get("/charter", "charter", "How promises were kept, as the authority publishes it")
	charter.Description = "Whole months, without what is of fewer than five reports or would tell of it, and without a list of sensitive categories. " +
		"A report is counted under what its incident is now, and judged by the standard that was in force on its day."
	charter.Errors = []int{http.StatusTooManyRequests, http.StatusServiceUnavailable}
	route(a, everybody(), charter, func(ctx context.Context, who dispatch.Actor, in *charterIn) (*body[charterBody], error) {
		p, err := a.published(ctx, who, in.From, in.To)
		return answer(charterBody{p}, err)
	})
	a.open(http.MethodGet, "/charter", a.answering(a.charterPage))
	for _, f := range formats {
		a.open(http.MethodGet, "/charter."+f.end, a.answering(func(w http.ResponseWriter, r *http.Request) error { return a.charterFile(w, r, f.end) }))
	}
}

// How often a stranger may ask for months of their own choice.
const (
	monthsEvery = 2 * time.Second
	monthsBurst = 60
)

func (a *api) published(ctx context.Context, who dispatch.Actor, from, to string) (p history.Public, err error) {
	if who.Authority == "" {
		return p, dispatch.Bad(authorityParam, "which-authority")
	}
	// What everybody asks for is kept; other months are reckoned anew.
	if from+to != "" && who.Role == dispatch.Public && !a.limits.allow("charter "+a.caller(callOf(ctx).r), monthsEvery, monthsBurst) {
		return p, tooMany()
	}
	_, categories, err := a.desk.Catalogue(ctx, who)
	if err != nil {
		return p, err
	}
	secret := map[string]bool{}
	for _, k := range categories {
		secret[k.Code] = k.Sensitive
	}
	return a.past.Public(who.Authority, from, to, func(k string) bool { return secret[k] })
}

// charterMonths are the months that an address asks for: those of a year, or from
// and to.
func charterMonths(q url.Values) (from, to string, err error) {
	from, to = q.Get("from"), q.Get("to")
	if year := q.Get("year"); year != "" {
		if !yearPeriod.MatchString(year) {
			return "", "", dispatch.Bad("year", history.KeyBadMonth)
		}
		from, to = year+"-01", year+"-12"
	}
	return from, to, nil
}

// charterOf is the charter's document, and what it was made of.
func (a *api) charterOf(ctx context.Context, who dispatch.Actor, lang string, q url.Values) (d document.Document, p history.Public, city cityNames, err error) {
	from, to, err := charterMonths(q)
	if err != nil {
		return d, p, city, err
	}
	if p, err = a.published(ctx, who, from, to); err != nil {
		return d, p, city, err
	}
	// The charter of the last month's end.
	if city, err = a.cityNames(ctx, who, p.To.Add(-time.Microsecond)); err != nil {
		return d, p, city, err
	}
	return charterDocument(lang, city, p), p, city, nil
}

// charterPage writes the page in the language that is asked for, or else the
// reader's.
func (a *api) charterPage(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	lang := langOfPage(ctx, q)
	link := func(page string, changed ...string) string {
		v := url.Values{}
		for _, name := range []string{authorityParam, "from", "to", "year"} {
			if q.Get(name) != "" {
				v.Set(name, q.Get(name))
			}
		}
		v.Set("lang", lang)
		for n := 0; n+1 < len(changed); n += 2 {
			v.Set(changed[n], changed[n+1])
		}
		return page + "?" + v.Encode()
	}
	d, _, _, err := a.charterOf(ctx, actorOf(ctx), lang, q)
	page := document.Page{Document: d, Controls: &document.Controls{
		Back: document.Choice{Text: text(lang, "open.title", nil), Link: link("/open")}, LanguagesName: text(lang, "review.languages", nil),
		Languages: languageLinks(lang, func(code string) string { return link("/charter", "lang", code) }),
	}}
	if err == nil {
		page.Controls.Downloads = downloads(lang, func(end string) string { return link("/charter." + end) })
	} else {
		page.Lang, page.Title = lang, text(lang, "charter.title", nil)
		page.Words.Skip = text(lang, "charter.skip", nil)
	}
	return a.writePage(w, r, page, err, "public, max-age=60")
}

// charterFile answers with the charter as a file.
func (a *api) charterFile(w http.ResponseWriter, r *http.Request, format string) error {
	ctx, q := r.Context(), r.URL.Query()
	who := actorOf(ctx)
	if who.Role == dispatch.Public && !a.limits.allow("charter file "+a.caller(callOf(ctx).r), fileEvery, fileBurst) {
		return tooMany()
	}
	d, p, city, err := a.charterOf(ctx, who, langOfPage(ctx, q), q)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "public, max-age=60")
	w.Header().Add("Vary", "Accept-Language")
	month := func(at time.Time) string { return at.In(city.zone).Format("2006-01") }
	return a.send(w, r, d, "charter-"+month(p.From)+"--"+month(p.To.AddDate(0, 0, -1)), format)
}

// How often a stranger may ask for a file, which costs more than a page.
const (
	fileEvery = 10 * time.Second
	fileBurst = 12
)

// charterDocument is the public charter as a document: a table for each
// department's subjects, and the districts and months.
func charterDocument(lang string, city cityNames, p history.Public) document.Document {
	w := reviewWords{wording: wording{lang}, city: city}
	d := document.Document{
		Lang: lang, Title: w.say("title"), Of: w.name(city.Names, city.Code), Lead: w.say("lead"),
		Period: w.say("period", "from", w.month(p.From.In(city.zone).Format("2006-01")), "to", w.month(p.To.In(city.zone).AddDate(0, 0, -1).Format("2006-01"))),
		Figures: []document.Figure{
			{Name: w.say("received"), Value: w.number(p.Total.Received)},
			{Name: w.say("kept"), Value: w.share(p.Total.Kept, p.Total.Judged), More: []string{w.say("kept-of", "kept", w.number(p.Total.Kept), "judged", w.number(p.Total.Judged))}},
			{Name: w.say("median"), Value: w.span(p.Total.Median), More: []string{w.say("p90-more", "span", w.span(p.Total.P90))}},
		},
		Words: document.Words{Notes: w.say("definitions"), Skip: w.say("skip")},
	}
	columns := func(first string, more ...document.Column) []document.Column {
		return slices.Concat([]document.Column{{Name: w.say(first), Kind: document.Text}}, more, []document.Column{
			{Name: w.say("received"), Kind: document.Count}, {Name: w.say("kept"), Kind: document.Share},
			{Name: w.say("median"), Kind: document.Span}, {Name: w.say("p90"), Kind: document.Span},
		})
	}
	cells := func(f history.PublicFigures) []document.Cell {
		if f.Hidden {
			return []document.Cell{{Text: w.say("hidden"), Over: 4}}
		}
		share := math.NaN()
		if f.Judged > 0 {
			share = float64(f.Kept) / float64(f.Judged)
		}
		return []document.Cell{w.count(f.Received), numeric(w.share(f.Kept, f.Judged), share), numeric(w.span(f.Median), f.Median), numeric(w.span(f.P90), f.P90)}
	}
	inside := map[string][][]document.Cell{}
	for _, k := range p.Categories {
		standard := w.standard(city.categories[k.Code].Resolution.Default)
		inside[k.Department] = append(inside[k.Department], slices.Concat([]document.Cell{plainCell(w.category(k.Code)), plainCell(standard)}, cells(k.PublicFigures)))
	}
	for _, k := range p.Departments {
		d.Tables = append(d.Tables, document.Table{
			Code: k.Code, Title: w.department(k.Code), Columns: columns("category", document.Column{Name: w.say("standard"), Kind: document.Text}),
			Rows: inside[k.Code], Whole: slices.Concat([]document.Cell{plainCell(w.say("whole")), plainCell("")}, cells(k.PublicFigures)), Meters: true,
		})
	}
	slices.SortFunc(d.Tables, func(a, b document.Table) int { return cmp.Compare(a.Title, b.Title) })
	list := func(code, title, first string, parts []history.PublicPart, name func(code string) string) {
		t := document.Table{Code: code, Title: w.say(title), Columns: columns(first), Meters: true}
		for _, part := range parts {
			if part.Code != "" {
				t.Rows = append(t.Rows, slices.Concat([]document.Cell{plainCell(name(part.Code))}, cells(part.PublicFigures)))
			}
		}
		if len(t.Rows) > 0 {
			d.Tables = append(d.Tables, t)
		}
	}
	list("districts", "districts", "district", p.Districts, w.district)
	list("months", "months", "month", p.Months, w.month)
	for n := 1; n <= 5; n++ {
		d.Notes = append(d.Notes, w.say("definition-"+strconv.Itoa(n)))
	}
	return d
}
