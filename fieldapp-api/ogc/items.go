package ogc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"moked/dispatch"
	"moked/dispatch/desk"
)

// cursorParam is where a next link says which feature was the last, and how many
// there were in all when the first page was read: counting is once a reading.
const cursorParam = "cursor"

func (s *Service) items(c *call) (*answer, error) {
	l, err := s.layer(c)
	if err != nil {
		return nil, err
	}
	q, matched, err := c.question(l)
	if err != nil {
		return nil, err
	}
	a := &answer{kind: geoJSONKind}
	if !l.Moves {
		// Read before the rows: what is newer than its tag is merely read again.
		seq, err := s.desk.Head(c.Context(), c.who)
		if err != nil {
			return nil, err
		}
		a.tag = c.tag(seq)
		if matches(c.Header.Get("If-None-Match"), a.tag) {
			return a, nil
		}
	}
	page, err := s.desk.Layer(c.Context(), c.who, l.Name, q)
	if err != nil {
		return nil, err
	}
	if page.Matched != nil {
		matched = *page.Matched
	}
	path := "/collections/" + l.Name + "/items"
	links := c.selves(path, geoJSONKind, c.rest("")...)
	links = append(links, link{c.at("/collections/"+l.Name, "json"), "collection", jsonKind, s.Say(c.Request, "ogc.layer-"+l.Name)})
	next := ""
	if page.Next != "" {
		cursor := page.Next + "." + strconv.Itoa(matched)
		next = c.at(path, c.form(), c.rest(cursor)...)
		links = append(links, link{next, "next", geoJSONKind, s.Say(c.Request, "ogc.next")})
	}
	if c.html {
		a.html, err = s.table(c, l, page, next)
		return a, err
	}
	head, err := json.Marshal(struct {
		Type     string `json:"type"`
		Links    []link `json:"links"`
		Time     string `json:"timeStamp"`
		Matched  int    `json:"numberMatched"`
		Returned int    `json:"numberReturned"`
	}{"FeatureCollection", links, s.Now().UTC().Format(time.RFC3339), matched, len(page.Features)})
	if err != nil {
		return nil, err
	}
	b := bytes.NewBuffer(make([]byte, 0, len(head)+400*len(page.Features)))
	b.Write(head[:len(head)-1])
	b.WriteString(`,"features":[`)
	for n, f := range page.Features {
		if n > 0 {
			b.WriteByte(',')
		}
		b.Write(f)
	}
	b.WriteString("]}")
	a.raw = b.Bytes()
	return a, nil
}

// form is the form that was asked for, to be kept from page to page.
func (c *call) form() string {
	if c.html {
		return "html"
	}
	return "json"
}

// rest are the parameters that go on to the next page, with its cursor.
func (c *call) rest(cursor string) (pairs []string) {
	for name, values := range c.q {
		if name != "f" && name != authorityParam && name != cursorParam {
			pairs = append(pairs, name, values[0])
		}
	}
	if cursor == "" {
		cursor = c.q.Get(cursorParam)
	}
	if cursor != "" {
		pairs = append(pairs, cursorParam, cursor)
	}
	return pairs
}

// question reads what is asked of a layer. Matched is what the cursor says.
func (c *call) question(l desk.Layer) (q desk.LayerQuery, matched int, err error) {
	names := []string{"limit", "bbox", "datetime", cursorParam}
	q.Where = map[string]string{}
	for _, k := range l.Columns {
		if k.Kind != desk.TimeColumn {
			names = append(names, k.Name)
			if c.q.Has(k.Name) {
				q.Where[k.Name] = c.q.Get(k.Name)
			}
		}
	}
	if err := c.knows(names...); err != nil {
		return q, 0, err
	}
	var ok bool
	if q.Limit, ok = readLimit(c.q.Get("limit")); !ok || c.q.Has("limit") && c.q.Get("limit") == "" {
		return q, 0, bad("limit", keyBadLimit, map[string]any{"max": mostFeatures})
	}
	if c.q.Has("bbox") {
		if q.Boxes, ok = readBox(c.q.Get("bbox")); !ok {
			return q, 0, bad("bbox", keyBadBox, nil)
		}
	}
	if c.q.Has("datetime") {
		if q.From, q.To, ok = readTime(c.q.Get("datetime")); !ok {
			return q, 0, bad("datetime", keyBadTime, nil)
		}
	}
	q.Count = true
	if c.q.Has(cursorParam) {
		after, n, _ := strings.Cut(c.q.Get(cursorParam), ".")
		if matched, err = strconv.Atoi(n); err != nil || matched < 0 || after == "" {
			return q, 0, bad(cursorParam, desk.KeyBadCursor, nil)
		}
		q.After, q.Count = after, false
	}
	return q, matched, nil
}

func (s *Service) item(c *call) (*answer, error) {
	l, err := s.layer(c)
	if err != nil {
		return nil, err
	}
	if err := c.knows(); err != nil {
		return nil, err
	}
	a := &answer{kind: geoJSONKind}
	if !l.Moves {
		seq, err := s.desk.Head(c.Context(), c.who)
		if err != nil {
			return nil, err
		}
		a.tag = c.tag(seq)
	}
	f, err := s.desk.Feature(c.Context(), c.who, l.Name, c.PathValue("fid"))
	if err != nil {
		return nil, err
	}
	path := "/collections/" + l.Name + "/items/" + c.PathValue("fid")
	links, err := json.Marshal(append(c.selves(path, geoJSONKind), link{c.at("/collections/"+l.Name, "json"), "collection", jsonKind, ""}))
	if err != nil {
		return nil, err
	}
	if c.html {
		a.html, err = s.table(c, l, desk.LayerPage{Features: []json.RawMessage{f}}, "")
		return a, err
	}
	end := bytes.LastIndexByte(f, '}')
	if end < 0 {
		return nil, &dispatch.Error{Code: dispatch.NotFound, Key: desk.KeyNoFeature}
	}
	a.raw = fmt.Appendf(nil, `%s,"links":%s}`, f[:end], links)
	return a, nil
}

// table shows features to people: their properties.
func (s *Service) table(c *call, l desk.Layer, page desk.LayerPage, next string) (htmlPage, error) {
	title := s.Say(c.Request, "ogc.layer-"+l.Name)
	path := "/collections/" + l.Name
	p := htmlPage{Title: title, Links: []htmlLink{{title, c.at(path, "html")}, {"GeoJSON", c.at(path+"/items", "json", c.rest("")...)}}, Heads: []string{"id"}}
	for _, k := range l.Columns {
		p.Heads = append(p.Heads, k.Name)
	}
	for _, raw := range page.Features {
		var f struct {
			ID         string         `json:"id"`
			Properties map[string]any `json:"properties"`
		}
		if err := json.Unmarshal(raw, &f); err != nil {
			return p, err
		}
		row := []htmlCell{{f.ID, c.at(path+"/items/"+f.ID, "html")}}
		for _, k := range l.Columns {
			v := f.Properties[k.Name]
			if v == nil {
				v = ""
			}
			row = append(row, htmlCell{Text: fmt.Sprint(v)})
		}
		p.Rows = append(p.Rows, row)
	}
	if next != "" {
		p.Next = &htmlLink{s.Say(c.Request, "ogc.next"), next}
	}
	return p, nil
}
