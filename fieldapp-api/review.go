package fieldapi

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/dispatch/history"
	"moked/fieldapp-api/document"
	"moked/geo"
)

type reviewBody struct {
	Review   history.Review    `json:"review"`
	Findings []history.Finding `json:"findings"`
}

// formats are what a document can be had as, besides a page.
var formats = []struct{ end, kind string }{
	{"pdf", "application/pdf"},
	{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	{"csv", "text/csv; charset=utf-8"},
}

// pageStyle is where the style of all documents' pages is.
const pageStyle = "/document/style.css"

// reviewRoutes serve what a period came to: to programs, as a page, and as files
// to send on.
func (a *api) reviewRoutes() {
	review := get("/review", "review", "What a period came to, beside the one before and the year before, and what is to be said of it")
	review.Description = "Everything is of one instant: the parts make up the whole. A finding's chance is how often chance alone would make as much. " +
		"Who answers for a district or a department sees its figures only; to ask for another's is refused."
	route(a, may(dispatch.FigureRead), review, func(ctx context.Context, who dispatch.Actor, in *PastQuery) (*body[reviewBody], error) {
		q, err := a.question(who, *in)
		if err != nil {
			return nil, err
		}
		r, err := a.past.Review(who, q)
		return answer(reviewBody{r, r.Findings()}, err)
	})
	a.open(http.MethodGet, pageStyle, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		w.Header().Set("Cache-Control", "public, max-age=600")
		_, _ = w.Write(document.Style())
	})
	a.plain(may(dispatch.FigureRead), huma.Operation{Method: http.MethodGet, Path: "/review"}, a.reviewPage)
	for _, f := range formats {
		a.plain(may(dispatch.FigureRead), huma.Operation{Method: http.MethodGet, Path: "/review." + f.end}, func(w http.ResponseWriter, r *http.Request, who dispatch.Actor) error {
			d, err := a.reviewOf(r.Context(), who, r.URL.Query())
			if err != nil {
				return err
			}
			return a.send(w, r, d.Document, "review-"+d.file, f.end)
		})
	}
}

// errNoPrinter is said where a PDF is asked for and the machine has no Chromium.
var errNoPrinter = &dispatch.Error{Code: dispatch.NotFound, Key: "no-printer"}

// send answers with a document as a file.
func (a *api) send(w http.ResponseWriter, r *http.Request, d document.Document, name, format string) error {
	file, kind, err := a.make(r.Context(), d, format)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+"."+format+`"`)
	h.Set("Content-Length", strconv.Itoa(len(file)))
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	_, err = w.Write(file)
	if err != nil {
		a.log.DebugContext(r.Context(), "a document wasn't taken", "err", err)
	}
	return nil
}

// make makes a document into a file, whole, and says of what kind it is.
func (a *api) make(ctx context.Context, d document.Document, format string) (file []byte, kind string, err error) {
	var b bytes.Buffer
	switch format {
	case "pdf":
		if file, err = a.printer.PDF(ctx, d); errors.Is(err, document.ErrNoPrinter) {
			err = errNoPrinter
		}
	case "xlsx":
		err = d.XLSX(&b)
		file = b.Bytes()
	default:
		err = d.CSV(&b)
		file = b.Bytes()
	}
	for _, f := range formats {
		if f.end == format {
			kind = f.kind
		}
	}
	return file, kind, err
}

// reviewed is a review's document, what it was asked with, and what its file is
// called.
type reviewed struct {
	document.Document
	asked reviewAsked
	file  string
}

// reviewAsked is a review's question: a month (2026-05), a year (2025) or two
// dates, of a district or a department if they are named.
type reviewAsked struct {
	period, from, to     string
	district, department string
	lang                 string
}

var (
	monthPeriod = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])$`)
	yearPeriod  = regexp.MustCompile(`^\d{4}$`)
)

// askedReview reads a question; without a period it is of the last month that is
// over.
func askedReview(who dispatch.Actor, lang string, q url.Values, today time.Time) (reviewAsked, error) {
	ask := reviewAsked{
		period: q.Get("period"), from: q.Get("from"), to: q.Get("to"),
		district: cmp.Or(q.Get("district"), who.District), department: cmp.Or(q.Get("department"), who.Department), lang: lang,
	}
	if ask.period == "" && ask.from == "" && ask.to == "" {
		y, m, _ := today.Date()
		ask.period = time.Date(y, m-1, 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
	}
	switch {
	case ask.period == "":
	case monthPeriod.MatchString(ask.period):
		at, _ := time.Parse("2006-01", ask.period)
		ask.from, ask.to = at.Format(time.DateOnly), at.AddDate(0, 1, 0).Format(time.DateOnly)
	case yearPeriod.MatchString(ask.period):
		at, _ := time.Parse("2006", ask.period)
		ask.from, ask.to = at.Format(time.DateOnly), at.AddDate(1, 0, 0).Format(time.DateOnly)
	default:
		return ask, dispatch.Bad("period", history.KeyBadMonth)
	}
	return ask, nil
}

// link is the page of the same question with some of it changed.
func (q reviewAsked) link(page string, changed ...string) string {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		} else {
			v.Del(name)
		}
	}
	if q.period != "" {
		set("period", q.period)
	} else {
		set("from", q.from)
		set("to", q.to)
	}
	set("district", q.district)
	set("department", q.department)
	set("lang", q.lang)
	for n := 0; n+1 < len(changed); n += 2 {
		set(changed[n], changed[n+1])
	}
	return page + "?" + v.Encode()
}

// langOfPage is the language that a page's address asks for, or else its reader's.
func langOfPage(ctx context.Context, q url.Values) string {
	if asked := q.Get("lang"); asked != "" {
		return askedLang(asked)
	}
	return cmp.Or(actorOf(ctx).Lang, langOf(ctx))
}

// city is what documents say of a place: its names.
type cityNames struct {
	desk.Authority
	zone        *time.Location
	departments []dispatch.Department
	categories  map[string]dispatch.Category
	districts   []desk.AreaView
	hoods       []desk.AreaView
}

// cityNames reads them; the standards are those that were in force at an instant.
func (a *api) cityNames(ctx context.Context, who dispatch.Actor, at time.Time) (c cityNames, err error) {
	if c.Authority, err = a.desk.Authority(ctx, who); err != nil {
		return c, err
	}
	if c.zone, err = time.LoadLocation(c.TimeZone); err != nil {
		return c, err
	}
	departments, categories, err := a.desk.CatalogueAt(ctx, who, at)
	if err != nil {
		return c, err
	}
	c.departments, c.categories = departments, map[string]dispatch.Category{}
	for _, k := range categories {
		c.categories[k.Code] = k
	}
	if c.districts, err = a.desk.Areas(ctx, who, geo.District); err != nil {
		return c, err
	}
	c.hoods, err = a.desk.Areas(ctx, who, geo.Neighbourhood)
	return c, err
}

// reviewOf makes the document of a question.
func (a *api) reviewOf(ctx context.Context, who dispatch.Actor, q url.Values) (reviewed, error) {
	authority, err := a.desk.Authority(ctx, who)
	if err != nil {
		return reviewed{}, err
	}
	zone, err := time.LoadLocation(authority.TimeZone)
	if err != nil {
		return reviewed{}, err
	}
	ask, err := askedReview(who, langOfPage(ctx, q), q, a.now().In(zone))
	if err != nil {
		return reviewed{asked: ask}, err
	}
	in := PastQuery{From: ask.from, To: ask.to}
	if ask.district != "" {
		in.District = []string{ask.district}
	}
	if ask.department != "" {
		in.Department = []string{ask.department}
	}
	question, err := a.question(who, in)
	if err != nil {
		return reviewed{asked: ask}, err
	}
	// The charter of the period's end.
	city, err := a.cityNames(ctx, who, question.To.Add(-time.Microsecond))
	if err != nil {
		return reviewed{asked: ask}, err
	}
	review, err := a.past.Review(who, question)
	if err != nil {
		return reviewed{asked: ask}, err
	}
	pauses, err := a.desk.Pauses(ctx, who, pausesOf(question))
	if err != nil {
		return reviewed{asked: ask}, err
	}
	w := reviewWords{wording{ask.lang}, city, ask, review}
	file := cmp.Or(ask.period, ask.from+"--"+ask.to)
	for _, code := range []string{ask.district, ask.department} {
		if code != "" && plainCode.MatchString(code) {
			file += "-" + code
		}
	}
	return reviewed{w.document(pauses), ask, file}, nil
}

var plainCode = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

func (a *api) reviewPage(w http.ResponseWriter, r *http.Request, who dispatch.Actor) error {
	return a.writeReview(w, r, who, nil)
}

// writeReview writes the page, and says what was refused, if anything was.
func (a *api) writeReview(w http.ResponseWriter, r *http.Request, who dispatch.Actor, refused error) error {
	ctx, q := r.Context(), r.URL.Query()
	d, err := a.reviewOf(ctx, who, q)
	shown := err == nil
	if shown {
		err = refused
	}
	page := document.Page{Document: d.Document}
	if !shown {
		page.Lang = langOfPage(ctx, q)
		page.Title = text(page.Lang, "review.title", nil)
		page.Words.Skip = text(page.Lang, "charter.skip", nil)
	}
	city, broken := a.cityNames(ctx, who, a.now())
	if broken != nil {
		return broken
	}
	page.Of = cmp.Or(page.Of, wording{page.Lang}.name(city.Names, city.Code))
	page.Controls = a.reviewControls(who, wording{page.Lang}, city, d.asked, shown)
	if shown {
		if page.Controls.Mailings, broken = a.mailingsOf(ctx, who, wording{page.Lang}, city, d.asked); broken != nil {
			return broken
		}
	}
	return a.writePage(w, r, page, err, "no-store")
}

// writePage writes a page whole, with what was refused, if anything was; what is
// shown in full may be kept as cache says.
func (a *api) writePage(w http.ResponseWriter, r *http.Request, page document.Page, refused error, cache string) error {
	status := http.StatusOK
	if refused != nil {
		p := problemFrom(r.Context(), a.log, refused)
		if refusal := (*dispatch.Error)(nil); errors.As(refused, &refusal) {
			p = problem(page.Lang, refusal)
		}
		page.Refusal, status, cache = p.Detail, p.Status, "no-store"
	}
	page.StyleAt = pageStyle
	var b bytes.Buffer
	if err := page.HTML(&b); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "Accept-Language, Cookie")
	h.Set("Cache-Control", cache)
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
	return nil
}

// How many months and years a review offers.
const (
	offeredMonths = 25
	offeredYears  = 5
)

// languageNames are what the languages call themselves.
var languageNames = []struct{ code, name string }{{"he", "עברית"}, {"ar", "العربية"}, {"en", "English"}, {"ru", "Русский"}}

func (a *api) reviewControls(who dispatch.Actor, w wording, city cityNames, ask reviewAsked, shown bool) *document.Controls {
	say := func(key string) string { return text(w.lang, "review."+key, nil) }
	c := &document.Controls{
		Back:          document.Choice{Text: say("back"), Link: "/district"},
		LanguagesName: say("languages"), ChooseName: say("choose"), Submit: say("show"),
		Hidden: []document.Hidden{{Name: "lang", Value: w.lang}},
	}
	c.Languages = languageLinks(w.lang, func(code string) string { return ask.link("/review", "lang", code) })
	periods := document.Select{Name: "period", Label: say("period")}
	known := false
	offer := func(value, text string) {
		chosen := value == ask.period
		known = known || chosen
		periods.Options = append(periods.Options, document.Option{Value: value, Text: text, Chosen: chosen})
	}
	today := a.now().In(city.zone)
	first := time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, time.UTC)
	for n := range offeredMonths {
		month := first.AddDate(0, -n, 0).Format("2006-01")
		offer(month, w.month(month))
	}
	for n := range offeredYears {
		year := strconv.Itoa(today.Year() - n)
		offer(year, year)
	}
	if !known {
		said := cmp.Or(ask.period, ask.from+" – "+ask.to)
		if monthPeriod.MatchString(ask.period) {
			said = w.month(ask.period)
		}
		periods.Options = slices.Insert(periods.Options, 0, document.Option{Value: ask.period, Text: said, Chosen: true})
	}
	c.Selects = append(c.Selects, periods)
	if who.District == "" {
		s := document.Select{Name: "district", Label: say("col.district"), Options: []document.Option{{Text: say("all"), Chosen: ask.district == ""}}}
		for _, d := range city.districts {
			s.Options = append(s.Options, document.Option{Value: d.Code, Text: w.name(d.Names, d.Name), Chosen: d.Code == ask.district})
		}
		c.Selects = append(c.Selects, s)
	}
	if who.Department == "" {
		s := document.Select{Name: "department", Label: say("col.department"), Options: []document.Option{{Text: say("all"), Chosen: ask.department == ""}}}
		for _, d := range city.departments {
			s.Options = append(s.Options, document.Option{Value: d.Code, Text: w.name(d.Names, d.Code), Chosen: d.Code == ask.department})
		}
		c.Selects = append(c.Selects, s)
	}
	if shown {
		c.Downloads = downloads(w.lang, func(end string) string { return ask.link("/review." + end) })
	}
	return c
}

// languageLinks lead to the same page in each language.
func languageLinks(lang string, link func(code string) string) (all []document.Choice) {
	for _, l := range languageNames {
		all = append(all, document.Choice{Text: l.name, Link: link(l.code), Lang: l.code, Chosen: l.code == lang})
	}
	return all
}

// madeFormats are the ends of the files that this machine can make.
func madeFormats() (ends []string) {
	for _, f := range formats {
		if _, err := document.Browser(); f.end != "pdf" || err == nil {
			ends = append(ends, f.end)
		}
	}
	return ends
}

// downloads lead to the same document as files.
func downloads(lang string, link func(end string) string) (all []document.Choice) {
	for _, end := range madeFormats() {
		all = append(all, document.Choice{Text: text(lang, "review.as-"+end, nil), Link: link(end)})
	}
	return all
}
