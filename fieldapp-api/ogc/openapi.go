package ogc

import (
	"moked/dispatch/desk"
)

// api is the service in OpenAPI 3.0: clients read from it which parameters a
// collection takes, and send their filters only if it names them.
func (s *Service) api(c *call) (*answer, error) {
	if err := c.knows(); err != nil {
		return nil, err
	}
	type object = map[string]any
	param := func(name, in string, required bool, schema object, description string) object {
		p := object{"name": name, "in": in, "required": required, "schema": schema, "description": description}
		if in == "query" {
			p["style"], p["explode"] = "form", false
		}
		return p
	}
	f := param("f", "query", false, object{"type": "string", "enum": []string{"json", "html"}}, "The form of the answer; Accept says it without one")
	authority := param(authorityParam, "query", false, object{"type": "string"}, "The authority's code, for callers who don't sign in")
	ok := func(kind string) object {
		return object{
			"200":     object{"description": "The answer", "content": object{kind: object{"schema": object{"type": "object"}}, htmlKind: object{"schema": object{"type": "string"}}}},
			"400":     object{"description": "A parameter that isn't known or can't be read"},
			"401":     object{"description": "Who asks must say who they are"},
			"404":     object{"description": "There is no such thing"},
			"default": object{"description": "An error", "content": object{"application/problem+json": object{"schema": object{"type": "object"}}}},
		}
	}
	get := func(id, summary, kind string, params ...object) object {
		return object{"get": object{"operationId": id, "summary": summary, "parameters": append([]object{f, authority}, params...), "responses": ok(kind)}}
	}
	paths := object{
		"/":            get("landing", s.Say(c.Request, "ogc.description"), jsonKind),
		"/conformance": get("conformance", s.Say(c.Request, "ogc.conformance"), jsonKind),
		"/api":         get("api", "OpenAPI", apiKind),
		"/collections": get("collections", s.Say(c.Request, "ogc.collections"), jsonKind),
	}
	for _, l := range s.desk.Layers(c.who) {
		path, title := "/collections/"+l.Name, s.Say(c.Request, "ogc.layer-"+l.Name)
		paths[path] = get("describe-"+l.Name, title, jsonKind)
		paths[path+"/queryables"] = get("queryables-"+l.Name, title, schemaKind)
		params := []object{
			param("limit", "query", false, object{"type": "integer", "minimum": 1, "maximum": mostFeatures, "default": fewFeatures}, "How many features a page has; more than the most is the most"),
			param("bbox", "query", false, object{"type": "array", "minItems": 4, "maxItems": 6, "items": object{"type": "number"}},
				"West, south, east, north in degrees of WGS84; west east of east crosses the antimeridian"),
			param("datetime", "query", false, object{"type": "string"}, "An instant of RFC 3339, a day, or an interval of two; .. is open"),
			param(cursorParam, "query", false, object{"type": "string"}, "Where the next page begins, as a next link says it"),
		}
		for _, k := range l.Columns {
			if k.Kind != desk.TimeColumn {
				params = append(params, param(k.Name, "query", false, schemaOf(k), "Features whose "+k.Name+" is this"))
			}
		}
		paths[path+"/items"] = get("items-"+l.Name, title, geoJSONKind, params...)
		paths[path+"/items/{fid}"] = get("item-"+l.Name, title, geoJSONKind, param("fid", "path", true, object{"type": "string"}, "The feature's id"))
	}
	return &answer{
		body: object{
			"openapi": "3.0.3",
			"info":    object{"title": "Moked: OGC API - Features", "version": "1.0.0", "description": s.Say(c.Request, "ogc.description")},
			"servers": []object{{"url": c.base}},
			"paths":   paths,
			"components": object{"securitySchemes": object{
				"token": object{"type": "http", "scheme": "bearer"}, "password": object{"type": "http", "scheme": "basic", "description": "A token as the password; the name isn't looked at"},
			}},
			"security": []object{{}, {"token": []string{}}, {"password": []string{}}},
		},
		kind: apiKind,
		html: htmlPage{Title: "OpenAPI", Note: s.Say(c.Request, "ogc.description"), Links: []htmlLink{{"JSON", c.at("/api", "json")}, {s.Say(c.Request, "ogc.collections"), c.at("/collections", "html")}}},
	}, nil
}
