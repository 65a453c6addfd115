// Package ogc speaks OGC API - Features (OGC 17-069r4, Part 1: Core), by which
// the municipality's GIS reads live layers: QGIS, ArcGIS, GDAL. It is a thin
// adapter onto desk.Layer; what an actor may see is decided there. A parameter
// that isn't known, or can't be read, is a 400, as the standard wants.
package ogc

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"moked/dispatch"
	"moked/dispatch/desk"
)

// Path is where the service's landing page is.
const Path = "/ogc/"

// Options are what the adapter needs of the surface. Who is who asks; Base is the
// server's address as the caller reaches it, without a slash at its end; Refuse
// answers with an error; Say is a text in the caller's language.
type Options struct {
	Now    func() time.Time
	Who    func(*http.Request) dispatch.Actor
	Base   func(*http.Request) string
	Refuse func(http.ResponseWriter, *http.Request, error)
	Say    func(r *http.Request, key string) string
	Lang   func(*http.Request) string
	// SignIn is the refusal of a caller who didn't say who they are.
	SignIn error
}

// Service is the adapter.
type Service struct {
	desk *desk.Desk
	Options
}

// New makes the adapter on a desk.
func New(d *desk.Desk, o Options) *Service { return &Service{d, o} }

// Routes are the service's paths below Path, each with what answers it.
func (s *Service) Routes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"{$}":                          s.page(s.landing),
		"conformance":                  s.page(s.conformance),
		"api":                          s.page(s.api),
		"collections":                  s.page(s.collections),
		"collections/{id}":             s.page(s.collection),
		"collections/{id}/queryables":  s.page(s.queryables),
		"collections/{id}/items":       s.page(s.items),
		"collections/{id}/items/{fid}": s.page(s.item),
	}
}

// call is one request under way.
type call struct {
	*http.Request
	who  dispatch.Actor
	base string // of the service: https://host/ogc
	q    url.Values
	html bool
}

// answer is what a page came to. Kind is of its JSON. Tag tells versions of it
// apart, "" where nothing does.
type answer struct {
	body any
	raw  []byte // instead of body
	kind string
	tag  string
	html htmlPage
}

const (
	jsonKind    = "application/json"
	geoJSONKind = "application/geo+json"
	schemaKind  = "application/schema+json"
	apiKind     = "application/vnd.oai.openapi+json;version=3.0"
	htmlKind    = "text/html"
)

// page answers in the form that is asked for, by f or by Accept, and says when
// nothing has changed.
func (s *Service) page(make func(*call) (*answer, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := &call{Request: r, who: s.Who(r), base: s.Base(r) + strings.TrimSuffix(Path, "/")}
		a, err := s.make(c, make)
		h := w.Header()
		h.Add("Vary", "Accept, Accept-Language, Authorization, Cookie")
		if err != nil {
			s.Refuse(w, r, err)
			return
		}
		h.Set("Cache-Control", "private, no-cache")
		if a.tag != "" {
			h.Set("ETag", a.tag)
			if matches(r.Header.Get("If-None-Match"), a.tag) {
				w.WriteHeader(http.StatusNotModified)
				return
			}
		}
		body, kind := a.raw, a.kind
		switch {
		case c.html:
			a.html.Lang, a.html.Dir = s.Lang(r), "ltr"
			if a.html.Lang == "he" || a.html.Lang == "ar" {
				a.html.Dir = "rtl"
			}
			var b bytes.Buffer
			if err := pageTemplate.Execute(&b, a.html); err != nil {
				s.Refuse(w, r, err)
				return
			}
			body, kind = b.Bytes(), "text/html; charset=utf-8"
		case body == nil:
			if body, err = json.Marshal(a.body); err != nil {
				s.Refuse(w, r, err)
				return
			}
		}
		h.Set("Content-Type", kind)
		h.Set("Content-Length", strconv.Itoa(len(body)))
		if r.Method != http.MethodHead {
			_, _ = w.Write(body)
		}
	}
}

func (s *Service) make(c *call, make func(*call) (*answer, error)) (*answer, error) {
	q, err := url.ParseQuery(c.URL.RawQuery)
	if err != nil {
		return nil, bad("query", keyBadQuery, nil)
	}
	c.q = q
	switch f := q.Get("f"); f {
	case "html":
		c.html = true
	case "json":
	case "":
		c.html = prefersHTML(c.Header.Get("Accept"))
	default:
		return nil, bad("f", keyBadForm, nil)
	}
	if c.who.Authority == "" {
		return nil, dispatch.Bad(authorityParam, "which-authority")
	}
	return make(c)
}

// The texts of what only this protocol refuses.
const (
	keyBadQuery     = "ogc.bad-query"
	keyBadForm      = "ogc.bad-form"
	keyUnknownParam = "unknown-parameter"
	keyRepeated     = "ogc.repeated"
	keyBadBox       = "ogc.bad-bbox"
	keyBadTime      = "ogc.bad-datetime"
	keyBadLimit     = "ogc.bad-limit"
)

func bad(field, key string, args map[string]any) error {
	return &dispatch.Error{Code: dispatch.Invalid, Key: key, Field: field, Args: args}
}

// authorityParam names the authority for callers who don't sign in.
const authorityParam = "authority"

// knows refuses parameters that aren't named, and those given twice.
func (c *call) knows(names ...string) error {
	known := map[string]bool{"f": true, authorityParam: true}
	for _, n := range names {
		known[n] = true
	}
	for name, values := range c.q {
		if !known[name] {
			return bad(name, keyUnknownParam, map[string]any{"parameter": name})
		}
		if len(values) > 1 {
			return bad(name, keyRepeated, map[string]any{"parameter": name})
		}
	}
	return nil
}

// prefersHTML says whether a browser asks: one that names HTML before JSON.
func prefersHTML(accept string) bool {
	h := strings.Index(accept, "text/html")
	if h < 0 {
		return false
	}
	j := strings.Index(accept, "json")
	return j < 0 || h < j
}

// matches says whether one of the tags of If-None-Match is the tag.
func matches(asked, tag string) bool {
	for t := range strings.SplitSeq(asked, ",") {
		if t = strings.TrimSpace(t); t == "*" || strings.TrimPrefix(t, "W/") == strings.TrimPrefix(tag, "W/") && t != "" {
			return true
		}
	}
	return false
}

// tag tells versions of a layer's pages apart by the sequence number of the
// authority's log, for one caller and one question.
func (c *call) tag(seq int64) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%s|%s|%s|%t|%s?%s", c.who.Authority, c.who.Role, c.who.District, c.who.Department, c.base, c.html, c.URL.Path, c.URL.RawQuery))
	return fmt.Sprintf(`W/"%d-%s"`, seq, hex.EncodeToString(sum[:8]))
}

// link is one of the links that everything here has.
type link struct {
	Href  string `json:"href"`
	Rel   string `json:"rel"`
	Type  string `json:"type,omitempty"`
	Title string `json:"title,omitempty"`
}

// at is the address of a page of the service, in a form.
func (c *call) at(path, form string, more ...string) string {
	q := url.Values{}
	if form != "" {
		q.Set("f", form)
	}
	if a := c.q.Get(authorityParam); a != "" {
		q.Set(authorityParam, a)
	}
	for n := 0; n+1 < len(more); n += 2 {
		q.Set(more[n], more[n+1])
	}
	if len(q) == 0 {
		return c.base + path
	}
	return c.base + path + "?" + q.Encode()
}

// selves are the links of a page to itself, and to itself in the other form.
func (c *call) selves(path, kind string, more ...string) []link {
	this, that := link{c.at(path, "json", more...), "self", kind, ""}, link{c.at(path, "html", more...), "alternate", htmlKind, ""}
	if c.html {
		this.Rel, that.Rel = "alternate", "self"
	}
	return []link{this, that}
}

// htmlPage is a page for people: a heading, links, and rows.
type htmlPage struct {
	Lang, Dir, Title, Note string
	Links                  []htmlLink
	Heads                  []string
	Rows                   [][]htmlCell
	Next                   *htmlLink
}

type htmlLink struct{ Text, Href string }

type htmlCell struct{ Text, Href string }

var pageTemplate = template.Must(template.New("ogc").Parse(`<!doctype html>
<html lang="{{.Lang}}" dir="{{.Dir}}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>{{.Title}}</title>
<style>
body{margin:0 auto;max-width:1100px;padding:16px 20px;font:16px/1.5 "Noto Sans Hebrew","Noto Sans",system-ui,sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:26px;margin:0 0 8px}
nav{display:flex;flex-wrap:wrap;gap:4px 20px;margin-block:8px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{padding:6px 8px;text-align:start;border-bottom:1px solid #8886;vertical-align:top}
a{color:#0a5fb8}@media(prefers-color-scheme:dark){a{color:#62aefc}}
</style></head>
<body><main><h1>{{.Title}}</h1>{{with .Note}}<p>{{.}}</p>{{end}}
{{if .Links}}<nav aria-label="{{.Title}}">{{range .Links}}<a href="{{.Href}}">{{.Text}}</a> {{end}}</nav>{{end}}
{{if .Rows}}<div class="scroll" tabindex="0" role="region" aria-label="{{.Title}}"><table>{{if .Heads}}<thead><tr>{{range .Heads}}<th scope="col">{{.}}</th>{{end}}</tr></thead>{{end}}<tbody>
{{range .Rows}}<tr>{{range .}}<td>{{if .Href}}<a href="{{.Href}}"><bdi>{{.Text}}</bdi></a>{{else}}<bdi>{{.Text}}</bdi>{{end}}</td>{{end}}</tr>
{{end}}</tbody></table></div>{{end}}
{{with .Next}}<p><a rel="next" href="{{.Href}}">{{.Text}}</a></p>{{end}}
</main></body></html>
`))
