package fieldapi

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/geo"
)

// At is a WGS84 point in a query.
type At struct {
	Lat float64 `query:"lat" required:"true" doc:"Degrees north"`
	Lon float64 `query:"lon" required:"true" doc:"Degrees east"`
}

type geocodeIn struct {
	Q       string `query:"q" required:"true" doc:"The place as it was told, at most 500 characters"`
	Lat     string `query:"lat" doc:"With lon: results near this point come first"`
	Lon     string `query:"lon"`
	Limit   int    `query:"limit" minimum:"1" doc:"8, at most 50"`
	Suggest bool   `query:"suggest" doc:"The text is still being typed"`
}

type foundList struct {
	Results []desk.Found `json:"results"`
}

type areaList struct {
	Areas []desk.AreaView `json:"areas"`
}

type zoneList struct {
	Zones []desk.ZoneView `json:"zones"`
}

const (
	maxQuery   = 500
	fewResults = 8
	maxResults = 50
)

func (a *api) groundRoutes() {
	route(a, may(dispatch.GroundRead), get("/geocode", "geocode", "Find the places that a text may mean, best first"), a.geocode)
	route(a, may(dispatch.GroundRead), get("/reverse", "reverse", "What is at a point: the nearest address, the street, the areas"),
		func(ctx context.Context, who dispatch.Actor, in *At) (*body[desk.Near], error) {
			return answer(a.desk.Reverse(ctx, who, in.Lat, in.Lon, langOf(ctx)))
		})
	route(a, may(dispatch.GroundRead), get("/areas/at", "areas-at", "Whose a point is: district, neighbourhood, crew zones"),
		func(ctx context.Context, who dispatch.Actor, in *At) (*body[desk.Whose], error) {
			return answer(a.desk.AreasAt(ctx, who, in.Lat, in.Lon))
		})
	route(a, may(dispatch.GroundRead), get("/areas", "areas", "The authority's areas in force, without their outlines"), a.areas)
	outline := get("/api/v1/areas/{file}", "area-outline", "One area's outline as a GeoJSON feature, at its id with .geojson")
	outline.Responses = binary("application/geo+json", "The feature")
	outline.Parameters = []*huma.Param{{Name: "file", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}, Description: "The area's id with .geojson"}}
	a.plain(may(dispatch.GroundRead), outline, a.areaOutline)
	route(a, may(dispatch.SnapshotRead), get("/zones", "zones", "The departments' crew zones in force, without their outlines"),
		func(ctx context.Context, who dispatch.Actor, _ *struct{}) (*body[zoneList], error) {
			zones, err := a.desk.Zones(ctx, who)
			return answer(zoneList{full(zones)}, err)
		})
	route(a, may(dispatch.CatalogueRead), get("/categories", "categories", "Departments and what may be reported to them"), a.categories)
	change := patch("/categories/{code}", "change-standards", "Change what the charter promises of a category, from now on")
	change.Description = "Clocks that were started keep the standard of their day. What was promised before stays known."
	route(a, may(dispatch.CatalogueEdit), change, a.changeStandards)
	route(a, may(dispatch.CatalogueRead), get("/categories/{code}/standards", "standards", "What a category has promised since when"),
		func(ctx context.Context, who dispatch.Actor, in *categoryCode) (*body[standardList], error) {
			list, err := a.desk.Standards(ctx, who, in.Code)
			return answer(standardList{full(list)}, err)
		})
	route(a, may(dispatch.CrewRead), get("/route", "route", "The way by road between two points, with its seconds"), a.wayBetween)
}

type categoryCode struct {
	Code string `path:"code"`
}

type categoryBody struct {
	Category dispatch.Category `json:"category"`
}

type standardList struct {
	Standards []desk.StandardVersion `json:"standards"`
}

func (a *api) changeStandards(ctx context.Context, who dispatch.Actor, in *struct {
	categoryCode
	In desk.StandardChange
}) (*body[categoryBody], error) {
	in.In.Category = in.Code
	if err := a.desk.ChangeStandards(ctx, who, []desk.StandardChange{in.In}); err != nil {
		return nil, err
	}
	_, categories, err := a.desk.Catalogue(ctx, who)
	at := slices.IndexFunc(categories, func(k dispatch.Category) bool { return k.Code == in.Code })
	if err != nil || at < 0 {
		return nil, cmp.Or(err, error(&dispatch.Error{Code: dispatch.NotFound, Key: desk.KeyUnknownCategory, Field: "category", Args: map[string]any{"category": in.Code}}))
	}
	return answer(categoryBody{categories[at]}, nil)
}

func (a *api) geocode(ctx context.Context, who dispatch.Actor, in *geocodeIn) (*body[foundList], error) {
	if n := utf8.RuneCountInString(in.Q); n > maxQuery {
		return nil, &dispatch.Error{Code: dispatch.Invalid, Key: dispatch.KeyTooLong, Field: "q", Args: map[string]any{"max": maxQuery, "length": n}}
	}
	b := geo.Bias{Limit: min(in.Limit, maxResults), Lang: langOf(ctx)}
	if in.Limit == 0 {
		b.Limit = fewResults
	}
	if in.Lat != "" || in.Lon != "" {
		p, err := nearOf(in.Lat, in.Lon)
		if err != nil {
			return nil, err
		}
		b.Near = &p
	}
	find := a.desk.Geocode
	if in.Suggest {
		find = a.desk.Suggest
	}
	found, err := find(ctx, who, in.Q, b)
	return answer(foundList{full(found)}, err)
}

func (a *api) areas(ctx context.Context, who dispatch.Actor, in *struct {
	Level geo.Level `query:"level" enum:"boundary,district,neighbourhood"`
}) (*body[areaList], error) {
	areas, err := a.desk.Areas(ctx, who, in.Level)
	return answer(areaList{full(areas)}, err)
}

// areaOutline serves one area as a GeoJSON feature, at its id with .geojson.
func (a *api) areaOutline(w http.ResponseWriter, r *http.Request, who dispatch.Actor) error {
	id, ok := strings.CutSuffix(r.PathValue("file"), ".geojson")
	key, err := uuid.Parse(id)
	if !ok || err != nil {
		return errNoPage
	}
	v, err := a.desk.Area(r.Context(), who, key)
	if err != nil {
		return err
	}
	f := geojson.NewFeature(v.Geom)
	f.ID = v.ID
	f.Properties = geojson.Properties{"level": v.Level, "code": v.Code, "name": v.Name, "names": v.Names}
	b, err := f.MarshalJSON()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/geo+json")
	_, err = w.Write(b)
	return err
}

type catalogue struct {
	Departments []dispatch.Department `json:"departments"`
	Categories  []dispatch.Category   `json:"categories"`
	Skills      []dispatch.Skill      `json:"skills"`
}

func (a *api) categories(ctx context.Context, who dispatch.Actor, _ *struct{}) (*body[catalogue], error) {
	ds, cs, err := a.desk.Catalogue(ctx, who)
	return answer(catalogue{full(ds), full(cs), dispatch.Skills()}, err)
}

func (a *api) wayBetween(ctx context.Context, who dispatch.Actor, in *struct {
	From string `query:"from" required:"true" doc:"latitude,longitude"`
	To   string `query:"to" required:"true" doc:"latitude,longitude"`
}) (*body[desk.Way], error) {
	from, err := pointOf(in.From, "from")
	if err != nil {
		return nil, err
	}
	to, err := pointOf(in.To, "to")
	if err != nil {
		return nil, err
	}
	return answer(a.desk.Route(ctx, who, from, to))
}

// nearOf is the point that a map is looked at.
func nearOf(lat, lon string) (p orb.Point, err error) {
	for i, f := range []struct{ name, value string }{{"lon", lon}, {"lat", lat}} {
		if p[i], err = strconv.ParseFloat(strings.TrimSpace(f.value), 64); err != nil {
			return p, dispatch.Bad(f.name, "wants.number")
		}
	}
	return p, nil
}

// pointOf parses "latitude,longitude" in degrees.
func pointOf(s, field string) (orb.Point, error) {
	lat, lon, _ := strings.Cut(s, ",")
	p, err := nearOf(lat, lon)
	if err != nil {
		return p, dispatch.Bad(field, "wants.point")
	}
	return p, nil
}

// full is the list, never null in JSON.
func full[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
