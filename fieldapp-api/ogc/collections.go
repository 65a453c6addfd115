package ogc

import (
	"slices"

	"moked/dispatch"
	"moked/dispatch/desk"
)

// conformsTo are the parts of the standard that are kept.
var conformsTo = []string{
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
}

const crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

func (s *Service) landing(c *call) (*answer, error) {
	if err := c.knows(); err != nil {
		return nil, err
	}
	city, err := s.desk.Authority(c.Context(), c.who)
	if err != nil {
		return nil, err
	}
	title := "Moked · " + nameIn(city.Names, s.Lang(c.Request), city.Code)
	links := append(c.selves("/", jsonKind),
		link{c.at("/api", "json"), "service-desc", apiKind, "OpenAPI"},
		link{c.at("/api", "html"), "service-doc", htmlKind, "OpenAPI"},
		link{c.at("/conformance", "json"), "conformance", jsonKind, s.Say(c.Request, "ogc.conformance")},
		link{c.at("/collections", "json"), "data", jsonKind, s.Say(c.Request, "ogc.collections")},
	)
	return &answer{
		body: map[string]any{"title": title, "description": s.Say(c.Request, "ogc.description"), "links": links}, kind: jsonKind,
		html: htmlPage{Title: title, Note: s.Say(c.Request, "ogc.description"), Links: []htmlLink{
			{s.Say(c.Request, "ogc.collections"), c.at("/collections", "html")}, {"OpenAPI", c.at("/api", "html")},
			{s.Say(c.Request, "ogc.conformance"), c.at("/conformance", "html")}, {"JSON", c.at("/", "json")},
		}},
	}, nil
}

func nameIn(names map[string]string, lang, otherwise string) string {
	for _, l := range []string{lang, "he", "en"} {
		if names[l] != "" {
			return names[l]
		}
	}
	return otherwise
}

func (s *Service) conformance(c *call) (*answer, error) {
	if err := c.knows(); err != nil {
		return nil, err
	}
	p := htmlPage{Title: s.Say(c.Request, "ogc.conformance"), Links: []htmlLink{{"JSON", c.at("/conformance", "json")}}}
	for _, u := range conformsTo {
		p.Rows = append(p.Rows, []htmlCell{{u, u}})
	}
	return &answer{body: map[string]any{"conformsTo": conformsTo}, kind: jsonKind, html: p}, nil
}

// collected is a layer as the standard tells of it.
type collected struct {
	ID          string         `json:"id"`
	Title       string         `json:"title"`
	Description string         `json:"description"`
	ItemType    string         `json:"itemType"`
	CRS         []string       `json:"crs"`
	Extent      map[string]any `json:"extent"`
	Links       []link         `json:"links"`
}

// tell describes a layer. Its extent is the whole authority's, whatever the
// caller sees of it.
func (s *Service) tell(c *call, l desk.Layer, box []float64) collected {
	path := "/collections/" + l.Name
	title := s.Say(c.Request, "ogc.layer-"+l.Name)
	extent := map[string]any{}
	if len(box) == 4 {
		extent["spatial"] = map[string]any{"bbox": [][]float64{box}, "crs": crs84}
	}
	if l.Begin != "" {
		extent["temporal"] = map[string]any{"interval": [][]any{{nil, nil}}, "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}
	}
	return collected{
		ID: l.Name, Title: title, Description: s.Say(c.Request, "ogc.about-"+l.Name), ItemType: "feature", CRS: []string{crs84}, Extent: extent,
		Links: append(c.selves(path, jsonKind),
			link{c.at(path+"/items", "json"), "items", geoJSONKind, title}, link{c.at(path+"/items", "html"), "items", htmlKind, title},
			link{c.at(path+"/queryables", "json"), "http://www.opengis.net/def/rel/ogc/1.0/queryables", schemaKind, ""}),
	}
}

func (s *Service) collections(c *call) (*answer, error) {
	if err := c.knows(); err != nil {
		return nil, err
	}
	city, err := s.desk.Authority(c.Context(), c.who)
	if err != nil {
		return nil, err
	}
	all := []collected{}
	p := htmlPage{Title: s.Say(c.Request, "ogc.collections"), Links: []htmlLink{{"JSON", c.at("/collections", "json")}}}
	for _, l := range s.desk.Layers(c.who) {
		told := s.tell(c, l, city.BBox)
		all = append(all, told)
		p.Rows = append(p.Rows, []htmlCell{{told.Title, c.at("/collections/"+l.Name, "html")}, {Text: told.Description}})
	}
	return &answer{body: map[string]any{"links": c.selves("/collections", jsonKind), "collections": all}, kind: jsonKind, html: p}, nil
}

// layer is the one that is asked for, if the caller may read it: who didn't say
// who they are is asked to.
func (s *Service) layer(c *call) (desk.Layer, error) {
	name := c.PathValue("id")
	all := s.desk.Layers(c.who)
	if n := slices.IndexFunc(all, func(l desk.Layer) bool { return l.Name == name }); n >= 0 {
		return all[n], nil
	}
	switch {
	case !desk.LayerExists(name):
		return desk.Layer{}, &dispatch.Error{Code: dispatch.NotFound, Key: desk.KeyNoLayer}
	case c.who.Role == dispatch.Public:
		return desk.Layer{}, s.SignIn
	}
	return desk.Layer{}, &dispatch.Error{Code: dispatch.Forbidden, Key: "forbidden-role"}
}

func (s *Service) collection(c *call) (*answer, error) {
	l, err := s.layer(c)
	if err != nil {
		return nil, err
	}
	if err := c.knows(); err != nil {
		return nil, err
	}
	city, err := s.desk.Authority(c.Context(), c.who)
	if err != nil {
		return nil, err
	}
	told := s.tell(c, l, city.BBox)
	path := "/collections/" + l.Name
	return &answer{body: told, kind: jsonKind, html: htmlPage{Title: told.Title, Note: told.Description, Links: []htmlLink{
		{s.Say(c.Request, "ogc.items"), c.at(path+"/items", "html")}, {s.Say(c.Request, "ogc.queryables"), c.at(path+"/queryables", "html")},
		{s.Say(c.Request, "ogc.collections"), c.at("/collections", "html")}, {"JSON", c.at(path, "json")},
	}}}, nil
}

// schemaOf is a column's type in JSON Schema.
func schemaOf(k desk.Column) map[string]any {
	switch k.Kind {
	case desk.IntColumn:
		return map[string]any{"type": "integer"}
	case desk.TimeColumn:
		return map[string]any{"type": "string", "format": "date-time"}
	}
	return map[string]any{"type": "string"}
}

func (s *Service) queryables(c *call) (*answer, error) {
	l, err := s.layer(c)
	if err != nil {
		return nil, err
	}
	if err := c.knows(); err != nil {
		return nil, err
	}
	properties := map[string]any{"geometry": map[string]any{"format": "geometry-" + map[string]string{"Point": "point", "MultiPolygon": "multipolygon"}[l.Shape], "x-ogc-role": "primary-geometry"}}
	p := htmlPage{Title: s.Say(c.Request, "ogc.queryables"), Links: []htmlLink{{s.Say(c.Request, "ogc.layer-"+l.Name), c.at("/collections/"+l.Name, "html")}, {"JSON", c.at("/collections/"+l.Name+"/queryables", "json")}}}
	for _, k := range l.Columns {
		if k.Kind == desk.TimeColumn {
			continue
		}
		told := schemaOf(k)
		told["title"] = k.Name
		properties[k.Name] = told
		p.Rows = append(p.Rows, []htmlCell{{Text: k.Name}, {Text: string(k.Kind)}})
	}
	return &answer{body: map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": c.at("/collections/"+l.Name+"/queryables", ""),
		"type": "object", "title": s.Say(c.Request, "ogc.layer-"+l.Name), "properties": properties, "additionalProperties": false,
	}, kind: schemaKind, html: p}, nil
}
