package fieldapi

import (
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"moked/dispatch"
)

//go:generate go test -run ^TestOpenAPI$ . -update

func description() huma.Config {
	c := huma.DefaultConfig("Moked", "1")
	c.Info.Description = introduction
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.CreateHooks = nil
	c.AllowAdditionalPropertiesByDefault = true
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: cookieName, Description: "A person's, from signing in"},
		"token":   {Type: "http", Scheme: "bearer", Description: "A program's, made by moked token create"},
		"report":  {Type: "apiKey", In: "query", Name: residentParam, Description: "A resident's: the token of their report"},
	}
	c.Tags = []*huma.Tag{}
	return c
}

const introduction = `Reports, incidents, jobs and crews of a municipal hotline, live.

Times are RFC 3339 in UTC, positions are WGS84 degrees, and texts are UTF-8 without NUL. More fields may be added to any answer, and fields that a request has beyond those described are passed over.

Whoever doesn't sign in is the public, who may report, geocode and read the catalogue: of the authority that ?authority= names, or of the only one.

Refusals are RFC 9457 problems (application/problem+json) whose code is stable and whose detail is in the caller's language, by Accept-Language: he, en, ar or ru. field is the path of the input that is wrong, such as place.lat. A change carries the version that it was made on as base_version; when that isn't the current one any more, it is refused with code stale and the object as it stands in current.`

// describe completes a route's description for outside programs.
func (a *api) describe(op *huma.Operation, c access) {
	op.Security = []map[string][]string{{"session": {}}, {"token": {}}}
	refusals := []int{http.StatusForbidden, http.StatusUnauthorized, http.StatusUnprocessableEntity}
	switch {
	case c.kind == "everybody":
		op.Security = []map[string][]string{{}}
		refusals = []int{http.StatusUnprocessableEntity}
	case c.permission != "":
		op.Extensions = map[string]any{"x-permission": string(c.permission)}
		if c.allows(dispatch.Public) {
			op.Security = append(op.Security, map[string][]string{})
			op.Parameters = append(op.Parameters, &huma.Param{
				Name: authorityParam, In: "query", Schema: &huma.Schema{Type: huma.TypeString},
				Description: "The authority's code, for callers who don't sign in",
			})
		}
		if c.allows(dispatch.Resident) {
			op.Security = append(op.Security, map[string][]string{"report": {}})
		}
	}
	if strings.Contains(op.Path, "{") {
		refusals = append(refusals, http.StatusNotFound)
	}
	if op.Method == http.MethodPost || op.Method == http.MethodPatch {
		refusals = append(refusals, http.StatusBadRequest, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusTooManyRequests)
	}
	refusals = append(refusals, op.Errors...)
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	problem := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	for _, status := range refusals {
		op.Responses[strconv.Itoa(status)] = &huma.Response{
			Description: http.StatusText(status),
			Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: problem}},
		}
	}
	tag, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(op.Path, "/api/v1"), "/"), "/")
	op.Tags = []string{tag}
}

// describeBody adds what a route reads itself.
func (a *api) describeBody(op huma.Operation, t reflect.Type) {
	item := a.huma.OpenAPI().Paths[op.Path]
	described := map[string]*huma.Operation{http.MethodPost: item.Post, http.MethodPatch: item.Patch}[op.Method]
	described.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/json": {Schema: a.huma.OpenAPI().Components.Schemas.Schema(t, true, t.Name())},
	}}
}

// binary describes an answer that isn't JSON.
func binary(mediaType, what string) map[string]*huma.Response {
	return map[string]*huma.Response{"200": {
		Description: what,
		Content:     map[string]*huma.MediaType{mediaType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
	}}
}

// openAPI is the description of all routes, as YAML.
func (a *api) openAPI() ([]byte, error) {
	schemas := a.huma.OpenAPI().Components.Schemas
	for _, t := range []reflect.Type{
		reflect.TypeFor[FeedEvent](), reflect.TypeFor[FeedRemoval](), reflect.TypeFor[FeedPositions](), reflect.TypeFor[FeedMark](), reflect.TypeFor[FeedResync](),
		reflect.TypeFor[dispatch.Op](),
	} {
		schemas.Schema(t, true, t.Name())
	}
	ref := func(name string) *huma.Schema { return &huma.Schema{Ref: "#/components/schemas/" + name} }
	schemas.Map()["FeedFrame"] = &huma.Schema{
		Type: huma.TypeArray, Description: "One message of the feed: entries in order",
		Items: &huma.Schema{AnyOf: []*huma.Schema{ref("FeedEvent"), ref("FeedRemoval"), ref("FeedPositions"), ref("FeedMark"), ref("FeedResync")}},
	}
	schemas.Map()["IncidentDetail"].Properties["timeline"] = &huma.Schema{
		Type: huma.TypeArray, Items: ref("FeedEvent"),
	}
	schemas.Map()["SyncOut"].Properties["events"] = ref("FeedFrame")
	schemas.Map()["SyncIn"].Properties["ops"] = &huma.Schema{Type: huma.TypeArray, Items: ref("Op")}
	explain(schemas.Map())
	return a.huma.OpenAPI().YAML()
}
