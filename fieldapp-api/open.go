package fieldapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/dispatch/history"
	"moked/fieldapp-api/document"
	"moked/fieldapp-api/opendata"
)

// openRoutes serve the reports as open data: a page that says what is in them,
// the same for programs, and the files.
func (a *api) openRoutes() {
	a.open(http.MethodGet, "/open", a.answering(a.openPage))
	a.open(http.MethodGet, "/open/datapackage.json", a.answering(a.openPackage))
	for _, f := range opendata.Formats {
		a.open(http.MethodGet, "/open/reports."+f.End, a.answering(func(w http.ResponseWriter, r *http.Request) error { return a.openFile(w, r, f.End) }))
	}
}

// answering writes an error as a problem.
func (a *api) answering(h func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := checkAddress(r.URL)
		if err == nil {
			err = h(w, r)
		}
		if err != nil {
			writeProblem(w, problemFrom(r.Context(), a.log, err))
		}
	}
}

// openAsked is what a file is of. Year "" is all years.
type openAsked struct {
	authority, year, category, lang, format string
}

func (q openAsked) name() string {
	name := "reports-" + q.authority
	for _, part := range []string{q.year, q.category} {
		if part != "" && plainCode.MatchString(part) {
			name += "-" + part
		}
	}
	return name + "." + q.format
}

func (a *api) askedOpen(r *http.Request, format string) (q openAsked, err error) {
	v, who := r.URL.Query(), actorOf(r.Context())
	q = openAsked{who.Authority, v.Get("year"), v.Get("category"), langOfPage(r.Context(), v), format}
	if q.authority == "" {
		return q, dispatch.Bad(authorityParam, "which-authority")
	}
	if q.year != "" && !yearPeriod.MatchString(q.year) {
		return q, dispatch.Bad("year", history.KeyBadMonth)
	}
	for name := range v {
		if !slices.Contains([]string{"year", "category", "lang", authorityParam}, name) {
			return q, &dispatch.Error{Code: dispatch.Invalid, Key: "unknown-parameter", Field: name, Args: map[string]any{"parameter": name}}
		}
	}
	return q, nil
}

// askedOpenAll is what a page about all files needs: whose they are, and their
// first and last year.
func (a *api) askedOpenAll(r *http.Request) (q openAsked, city desk.Authority, first, last int, err error) {
	if q, err = a.askedOpen(r, ""); err != nil {
		return q, city, 0, 0, err
	}
	if city, err = a.desk.Authority(r.Context(), actorOf(r.Context())); err != nil {
		return q, city, 0, 0, err
	}
	first, last, err = a.past.Years(q.authority)
	return q, city, first, last, err
}

// Files that were made lately are kept: anybody may ask for them, and they cost
// a reading of the whole past. A file that is older than so is made anew if
// anything has happened since.
const (
	openKept  = 24
	openFresh = time.Hour
)

// openFiles keeps the files, which have no name any more and are gone with the
// process. One is made at a time. A file may be in use after it was dropped: it
// is closed when nobody reads it.
type openFiles struct {
	mu    sync.Mutex
	files map[openAsked]*openFile
	turn  chan struct{} // whoever makes a file
}

type openFile struct {
	file   *os.File
	size   int64
	seq    int64
	made   time.Time
	asked  time.Time
	tag    string
	rows   int
	users  int
	erased bool
}

func newOpenFiles() *openFiles {
	return &openFiles{files: map[openAsked]*openFile{}, turn: make(chan struct{}, 1)}
}

// take is a file that is kept and still good at now; nil without one.
func (o *openFiles) take(q openAsked, now time.Time, seq int64) *openFile {
	o.mu.Lock()
	defer o.mu.Unlock()
	f := o.files[q]
	if f == nil || f.seq != seq && now.Sub(f.made) >= openFresh {
		return nil
	}
	f.users, f.asked = f.users+1, now
	return f
}

// put keeps a file, in use, and drops the one that was asked for longest ago
// where they are too many.
func (o *openFiles) put(q openAsked, f *openFile) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f.users++
	o.drop(q)
	o.files[q] = f
	for len(o.files) > openKept {
		oldest, first := openAsked{}, true
		for k, f := range o.files {
			if first || f.asked.Before(o.files[oldest].asked) {
				oldest, first = k, false
			}
		}
		o.drop(oldest)
	}
}

// drop is called under the lock.
func (o *openFiles) drop(q openAsked) {
	if f := o.files[q]; f != nil {
		delete(o.files, q)
		f.erased = true
		if f.users == 0 {
			_ = f.file.Close()
		}
	}
}

func (o *openFiles) done(f *openFile) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if f.users--; f.users == 0 && f.erased {
		_ = f.file.Close()
	}
}

// How long a making may take, and a taking of one: who takes longer has a
// connection on which they may go on where they were.
const (
	openMaking = 5 * time.Minute
	openTaking = 30 * time.Minute
)

// openFile serves a file whole, in parts, or not at all where nothing changed.
func (a *api) openFile(w http.ResponseWriter, r *http.Request, format string) error {
	q, err := a.askedOpen(r, format)
	if err != nil {
		return err
	}
	ctx, who := r.Context(), actorOf(r.Context())
	if !a.limits.allow("open "+a.caller(callOf(ctx).r), fileEvery, fileBurst*5) {
		return tooMany()
	}
	seq, err := a.desk.Head(ctx, dispatch.Actor{Authority: who.Authority, Role: dispatch.Public})
	if err != nil {
		return err
	}
	f := a.opened.take(q, a.now(), seq)
	if f == nil {
		if f, err = a.makeOpen(ctx, q, seq); err != nil {
			return err
		}
	}
	defer a.opened.done(f)
	kind, _ := opendata.KindOf(format)
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+q.name()+`"`)
	h.Set("ETag", f.tag)
	h.Set("Cache-Control", "public, max-age=600")
	h.Set("X-Rows", strconv.Itoa(f.rows))
	taking := http.NewResponseController(w)
	_ = taking.SetWriteDeadline(time.Now().Add(openTaking))
	defer func() { _ = taking.SetWriteDeadline(time.Time{}) }()
	http.ServeContent(w, r, "", f.made, io.NewSectionReader(f.file, 0, f.size))
	return nil
}

// makeOpen makes a file, or takes one that somebody else has just made.
func (a *api) makeOpen(ctx context.Context, q openAsked, seq int64) (*openFile, error) {
	ctx, cancel := context.WithTimeout(ctx, openMaking)
	defer cancel()
	select {
	case a.opened.turn <- struct{}{}:
		defer func() { <-a.opened.turn }()
	case <-ctx.Done():
		return nil, tooMany()
	}
	if f := a.opened.take(q, a.now(), seq); f != nil {
		return f, nil
	}
	who := dispatch.Actor{Authority: q.authority, Role: dispatch.Public}
	first, last, err := a.past.Years(q.authority)
	if err != nil {
		return nil, err
	}
	if q.year != "" {
		year, _ := strconv.Atoi(q.year)
		if year < first || year > last {
			return nil, &dispatch.Error{Code: dispatch.NotFound, Key: "no-such-year", Field: "year", Args: map[string]any{"first": first, "last": last}}
		}
		first, last = year, year
	}
	city, err := a.cityNames(ctx, who, a.now())
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp("", "moked-open-")
	if err != nil {
		return nil, err
	}
	// It needs no name, and is gone however the process ends.
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	f := &openFile{file: file, seq: seq, made: a.now().Truncate(time.Second), asked: a.now()}
	words := reviewWords{wording: wording{q.lang}, city: city}
	out, err := opendata.NewWriter(file, q.format)
	if err == nil {
		err = a.desk.OpenData(ctx, who, first, last, q.category, func(r dispatch.OpenReport) error {
			f.rows++
			return out.Write(opendata.RowOf(r, words.category, words.department))
		})
		err = errors.Join(err, out.Close())
	}
	if err == nil {
		f.size, err = file.Seek(0, 1)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	f.tag = fmt.Sprintf(`"%s-%d-%d"`, strconv.FormatInt(f.made.Unix(), 36), seq, f.size)
	a.opened.put(q, f)
	return f, nil
}

// openColumns are the columns of the files with their types, as Frictionless
// names them.
var openColumns = map[string]string{
	"service_request_id": "string", "requested_datetime": "datetime", "updated_datetime": "datetime", "closed_date": "datetime", "lat": "number", "long": "number",
}

// openPackage tells programs what the files are: a Data Package (Frictionless).
func (a *api) openPackage(w http.ResponseWriter, r *http.Request) error {
	q, city, first, last, err := a.askedOpenAll(r)
	if err != nil {
		return err
	}
	type object = map[string]any
	say := func(key string) string { return text(q.lang, "open."+key, nil) }
	fields := []object{}
	for _, c := range opendata.Columns {
		f := object{"name": c, "type": "string", "description": say("column-" + c)}
		if kind, ok := openColumns[c]; ok {
			f["type"] = kind
		}
		if f["type"] == "datetime" {
			f["type"], f["format"] = "any", "RFC 3339, or YYYY-MM"
		}
		if c == "status_description" {
			f["constraints"] = object{"enum": []string{opendata.Open, opendata.Closed}}
		}
		fields = append(fields, f)
	}
	resources := []object{}
	for year := first - 1; year <= last; year++ {
		for _, f := range opendata.Formats {
			one := openAsked{authority: q.authority, format: f.End}
			if year >= first {
				one.year = strconv.Itoa(year)
			}
			resource := object{
				"name": strings.ToLower(strings.ReplaceAll(one.name(), ".", "-")), "path": a.base(r) + a.openLink(r, one), "format": f.End, "mediatype": strings.Split(f.Kind, ";")[0], "encoding": "utf-8",
			}
			if strings.HasPrefix(f.End, "csv") {
				resource["profile"], resource["schema"] = "tabular-data-resource", object{"fields": fields, "missingValues": []string{""}}
			}
			resources = append(resources, resource)
		}
	}
	rules := []string{}
	for n := 1; n <= openRules; n++ {
		rules = append(rules, say("rule-"+strconv.Itoa(n)))
	}
	b, err := json.MarshalIndent(object{
		"profile": "data-package", "name": "moked-reports-" + q.authority, "title": say("title") + " · " + wording{q.lang}.name(city.Names, city.Code),
		"description": strings.Join(append([]string{say("lead")}, rules...), "\n\n"), "homepage": a.base(r) + a.openLink(r, openAsked{}), "time_zone": city.TimeZone,
		"resources": resources,
	}, "", "  ")
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "public, max-age=600")
	h.Add("Vary", "Accept-Language")
	_, _ = w.Write(b)
	return nil
}

// openLink is the address of a file, or of the page without a format.
func (a *api) openLink(r *http.Request, q openAsked) string {
	v := url.Values{}
	for name, value := range map[string]string{"year": q.year, "category": q.category, "lang": q.lang, authorityParam: r.URL.Query().Get(authorityParam)} {
		if value != "" {
			v.Set(name, value)
		}
	}
	path := "/open"
	if q.format != "" {
		path += "/reports." + q.format
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// openRules is how many sentences say what is left out and blurred.
const openRules = 6

// openPage says to people what the files are, and where.
func (a *api) openPage(w http.ResponseWriter, r *http.Request) error {
	q, city, first, last, err := a.askedOpenAll(r)
	if err != nil {
		return err
	}
	words := wording{q.lang}
	say := func(key string) string { return text(q.lang, "open."+key, nil) }
	d := document.Document{
		Lang: q.lang, Title: say("title"), Of: words.name(city.Names, city.Code), Lead: say("lead"), Period: strconv.Itoa(first) + " – " + strconv.Itoa(last),
		Words: document.Words{Notes: say("rules"), Skip: words.say("skip")},
	}
	files := document.Table{Code: "files", Title: say("files"), Columns: []document.Column{{Name: say("year"), Kind: document.Text}}}
	for _, f := range opendata.Formats {
		files.Columns = append(files.Columns, document.Column{Name: f.End, Kind: document.Text})
	}
	for year := last + 1; year >= first; year-- {
		one := openAsked{lang: q.lang, year: strconv.Itoa(year)}
		name := one.year
		if year > last {
			one.year, name = "", say("all-years")
		}
		row := []document.Cell{{Text: name}}
		for _, f := range opendata.Formats {
			one.format = f.End
			row = append(row, document.Cell{Text: say("download"), Link: a.openLink(r, one)})
		}
		files.Rows = append(files.Rows, row)
	}
	columns := document.Table{Code: "columns", Title: say("columns"), Columns: []document.Column{{Name: say("column"), Kind: document.Text}, {Name: say("meaning"), Kind: document.Text}}}
	for _, c := range opendata.Columns {
		columns.Rows = append(columns.Rows, []document.Cell{{Text: c}, {Text: say("column-" + c)}})
	}
	d.Tables = []document.Table{files, columns}
	for n := 1; n <= openRules; n++ {
		d.Notes = append(d.Notes, say("rule-"+strconv.Itoa(n)))
	}
	c := &document.Controls{
		Back: document.Choice{Text: words.say("title"), Link: "/charter"}, LanguagesName: text(q.lang, "review.languages", nil),
		Downloads: []document.Choice{{Text: "datapackage.json", Link: strings.Replace(a.openLink(r, openAsked{lang: q.lang}), "/open", "/open/datapackage.json", 1)}},
	}
	c.Languages = languageLinks(q.lang, func(code string) string { return a.openLink(r, openAsked{lang: code}) })
	return a.writePage(w, r, document.Page{Document: d, Controls: c}, nil, "public, max-age=60")
}
