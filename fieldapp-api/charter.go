package fieldapi

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"math"
	"net/http"
	"slices"
	"time"

	"moked/dispatch"
	"moked/dispatch/history"
	"moked/geo"
)

type charterIn struct {
	Authority string `query:"authority" doc:"The authority's code, for callers who don't sign in"`
	From      string `query:"from" doc:"The first month, 2026-05; twelve months without one"`
	To        string `query:"to" doc:"The last month, which must be over; the last one without it"`
}

type charterBody struct {
	Charter history.Public `json:"charter"`
}

//go:embed charter.html
var charterHTML string

//go:embed charter.css
var charterCSS []byte

// charterRoutes serve what the authority publishes of how its promises were
// kept: to programs, and as a page that needs no script.
func (a *api) charterRoutes() {
	charter := get("/charter", "charter", "How promises were kept, as the authority publishes it")
	charter.Description = "Whole months, without what is of fewer than five reports or would tell of it, and without a list of sensitive categories. " +
		"A report is counted under what its incident is now, and judged by the standard that was in force on its day."
	charter.Errors = []int{http.StatusTooManyRequests, http.StatusServiceUnavailable}
	route(a, everybody(), charter, func(ctx context.Context, who dispatch.Actor, in *charterIn) (*body[charterBody], error) {
		p, err := a.published(ctx, who, in.From, in.To)
		return answer(charterBody{p}, err)
	})
	a.open(http.MethodGet, "/charter", a.charterPage)
	a.open(http.MethodGet, "/charter/style.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		w.Header().Set("Cache-Control", "public, max-age=600")
		_, _ = w.Write(charterCSS)
	})
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

// charterView is what the page says, in words.
type charterView struct {
	Lang, Dir, Title, City, Lead, Period string
	Languages                            []charterLanguage
	Refusal                              string
	Head                                 [8]string
	Figures                              []charterFigure
	Departments                          []charterPart
	MonthsTitle, DistrictsTitle          string
	Months, Districts                    []charterRow
	Definitions                          []string
	DefinitionsTitle, Hidden, Skip       string
	Whole                                string
	OpenData, OpenDataName               string
}

type charterLanguage struct {
	Code, Name, Address string
	Chosen              bool
}

type charterFigure struct{ Name, Value, More string }

type charterPart struct {
	Name  string
	Whole charterRow
	Rows  []charterRow
}

// charterRow is one line of a table; Share is for drawing.
type charterRow struct {
	Name, Standard, Received, Kept, Median, P90 string
	Hidden                                      bool
	Share                                       float64
}

// charterTable is what the template of a table is given; Whole is its last line.
type charterTable struct {
	charterView
	Rows     []charterRow
	Label    string // of the table
	Name     string // of its first column
	Standard bool
	Columns  []string
	Whole    *charterRow
}

type charterCells struct {
	Row charterRow
	Few string
}

var charterTemplate = template.Must(template.New("charter").Funcs(template.FuncMap{
	"args": func(v charterView, rows []charterRow, label, name string, standard bool, whole any) charterTable {
		t := charterTable{charterView: v, Rows: rows, Label: label, Name: name, Standard: standard, Columns: v.Head[2:6]}
		if w, ok := whole.(charterRow); ok {
			w.Name = v.Whole
			t.Whole = &w
		}
		return t
	},
	"cells": func(row any, few string) charterCells {
		switch row := row.(type) {
		case *charterRow:
			return charterCells{*row, few}
		case charterRow:
			return charterCells{row, few}
		}
		return charterCells{}
	},
}).Parse(charterHTML))

// charterPage writes the page in the language that is asked for, or else the
// browser's.
func (a *api) charterPage(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	lang := langOf(r.Context())
	if asked := q.Get("lang"); asked != "" {
		lang = askedLang(asked)
	}
	v, status := a.charterView(r.Context(), actorOf(r.Context()), lang, q.Get("from"), q.Get("to"), q.Get(authorityParam))
	var page bytes.Buffer
	if err := charterTemplate.Execute(&page, v); err != nil {
		writeProblem(w, problemFrom(r.Context(), a.log, err))
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "Accept-Language")
	h.Set("Cache-Control", "no-store")
	if status == http.StatusOK {
		h.Set("Cache-Control", "public, max-age=60")
	}
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes())
}

func (a *api) charterView(ctx context.Context, who dispatch.Actor, lang, from, to, authority string) (charterView, int) {
	w := wording{lang}
	say := w.say
	v := charterView{
		Lang: lang, Dir: "ltr", Title: say("title"), Lead: say("lead"), DefinitionsTitle: say("definitions"), Hidden: say("hidden"),
		MonthsTitle: say("months"), DistrictsTitle: say("districts"), Skip: say("skip"), Whole: say("whole"),
		Head: [8]string{say("category"), say("standard"), say("received"), say("kept"), say("median"), say("p90"), say("month"), say("district")},
	}
	if lang == "he" || lang == "ar" {
		v.Dir = "rtl"
	}
	v.OpenData, v.OpenDataName = "/open?lang="+lang, text(lang, "open.title", nil)
	if authority != "" {
		v.OpenData += "&" + authorityParam + "=" + template.URLQueryEscaper(authority)
	}
	for _, l := range []struct{ code, name string }{{"he", "עברית"}, {"ar", "العربية"}, {"en", "English"}, {"ru", "Русский"}} {
		address := "?lang=" + l.code
		for _, p := range [][2]string{{authorityParam, authority}, {"from", from}, {"to", to}} {
			if p[1] != "" {
				address += "&" + p[0] + "=" + template.URLQueryEscaper(p[1])
			}
		}
		v.Languages = append(v.Languages, charterLanguage{l.code, l.name, address, l.code == lang})
	}
	for n := 1; n <= 5; n++ {
		v.Definitions = append(v.Definitions, say(fmt.Sprint("definition-", n)))
	}
	refuse := func(err error) (charterView, int) {
		p := problemFrom(ctx, a.log, err)
		if refusal := (*dispatch.Error)(nil); errors.As(err, &refusal) {
			p = problem(lang, refusal)
		}
		v.Refusal = p.Detail
		return v, p.Status
	}
	p, err := a.published(ctx, who, from, to)
	if err != nil {
		return refuse(err)
	}
	city, err := a.desk.Authority(ctx, who)
	if err != nil {
		return refuse(err)
	}
	departments, categories, err := a.desk.CatalogueAt(ctx, who, p.To.Add(-time.Microsecond))
	if err != nil {
		return refuse(err)
	}
	districts, err := a.desk.Areas(ctx, who, geo.District)
	if err != nil {
		return refuse(err)
	}
	v.City = w.name(city.Names, city.Code)
	v.Period = say("period", "from", w.month(p.From.Format("2006-01")), "to", w.month(p.To.AddDate(0, 0, -1).Format("2006-01")))
	v.Figures = []charterFigure{
		{say("received"), w.number(p.Total.Received), ""},
		{say("kept"), w.share(p.Total.Kept, p.Total.Judged), say("kept-of", "kept", w.number(p.Total.Kept), "judged", w.number(p.Total.Judged))},
		{say("median"), w.span(p.Total.Median), say("p90-more", "span", w.span(p.Total.P90))},
	}
	inside := map[string][]charterRow{}
	of := map[string]dispatch.Category{}
	for _, k := range categories {
		of[k.Code] = k
	}
	for _, k := range p.Categories {
		row := w.row(w.name(of[k.Code].Names, k.Code), k.PublicFigures)
		row.Standard = w.standard(of[k.Code].Resolution.Default)
		inside[k.Department] = append(inside[k.Department], row)
	}
	names := map[string]string{}
	for _, d := range departments {
		names[d.Code] = w.name(d.Names, d.Code)
	}
	for _, d := range p.Departments {
		name := cmp.Or(names[d.Code], d.Code)
		v.Departments = append(v.Departments, charterPart{name, w.row(name, d.PublicFigures), inside[d.Code]})
	}
	slices.SortFunc(v.Departments, func(a, b charterPart) int { return cmp.Compare(a.Name, b.Name) })
	for _, m := range p.Months {
		v.Months = append(v.Months, w.row(w.month(m.Code), m.PublicFigures))
	}
	areas := map[string]string{}
	for _, d := range districts {
		areas[d.Code] = w.name(d.Names, d.Name)
	}
	for _, d := range p.Districts {
		if d.Code != "" {
			v.Districts = append(v.Districts, w.row(cmp.Or(areas[d.Code], d.Code), d.PublicFigures))
		}
	}
	return v, http.StatusOK
}

func (w wording) row(name string, f history.PublicFigures) charterRow {
	r := charterRow{Name: name, Hidden: f.Hidden}
	if f.Hidden {
		return r
	}
	r.Received, r.Kept, r.Median, r.P90 = w.number(f.Received), w.share(f.Kept, f.Judged), w.span(f.Median), w.span(f.P90)
	if f.Judged > 0 {
		r.Share = math.Round(1000*float64(f.Kept)/float64(f.Judged)) / 10
	}
	return r
}
