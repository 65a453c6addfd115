package fieldapi

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/geo"
)

// position is a WGS84 point in a query.
type position struct {
	Lat float64 `query:"lat" required:"true" doc:"Degrees north"`
	Lon float64 `query:"lon" required:"true" doc:"Degrees east"`
}

type geocodeIn struct {
	Q       string `query:"q" required:"true" maxLength:"500" doc:"The place as it was told"`
	Lat     string `query:"lat" doc:"With lon: results near it come first"`
	Lon     string `query:"lon"`
	Limit   int    `query:"limit" minimum:"1" maximum:"50" default:"8"`
	Suggest bool   `query:"suggest" doc:"The text is still being typed"`
}

type results struct {
	Results []desk.Found `json:"results"`
}

func (a *api) groundRoutes() {
	route(a, may(dispatch.GroundRead), get("/geocode", "geocode", "Find the places that a text may mean, best first"), a.geocode)
	route(a, may(dispatch.GroundRead), get("/reverse", "reverse", "What is at a point: the nearest address, the street, the areas"),
		func(ctx context.Context, who dispatch.Actor, in *position) (*body[desk.Near], error) {
			return answer(a.desk.Reverse(ctx, who, in.Lat, in.Lon, langOf(ctx)))
		})
	route(a, may(dispatch.GroundRead), get("/areas/at", "areas-at", "Whose a point is: district, neighbourhood, crew zones"),
		func(ctx context.Context, who dispatch.Actor, in *position) (*body[desk.Whose], error) {
			return answer(a.desk.AreasAt(ctx, who, in.Lat, in.Lon))
		})
	route(a, may(dispatch.GroundRead), get("/areas", "areas", "The authority's areas in force, without their outlines"), a.areas)
	a.plain(may(dispatch.GroundRead), http.MethodGet, "/api/v1/areas/{file}", a.areaOutline)
	route(a, may(dispatch.SnapshotRead), get("/zones", "zones", "The departments' crew zones in force, without their outlines"),
		func(ctx context.Context, who dispatch.Actor, _ *struct{}) (*body[map[string][]desk.ZoneView], error) {
			zones, err := a.desk.Zones(ctx, who)
			return answer(map[string][]desk.ZoneView{"zones": full(zones)}, err)
		})
	route(a, may(dispatch.CatalogueRead), get("/categories", "categories", "Departments and what may be reported to them"), a.categories)
	route(a, may(dispatch.CrewRead), get("/route", "route", "The way by road between two points, with its seconds"), a.wayBetween)
}

func (a *api) geocode(ctx context.Context, who dispatch.Actor, in *geocodeIn) (*body[results], error) {
	b := geo.Bias{Limit: in.Limit, Lang: langOf(ctx)}
	if in.Lat != "" || in.Lon != "" {
		p, err := pointOf(in.Lat+","+in.Lon, "lat")
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
	return answer(results{full(found)}, err)
}

func (a *api) areas(ctx context.Context, who dispatch.Actor, in *struct {
	Level geo.Level `query:"level" enum:"boundary,district,neighbourhood"`
}) (*body[map[string][]desk.AreaView], error) {
	areas, err := a.desk.Areas(ctx, who, in.Level)
	return answer(map[string][]desk.AreaView{"areas": full(areas)}, err)
}

// areaOutline serves one area as a GeoJSON feature, at its id with .geojson.
func (a *api) areaOutline(w http.ResponseWriter, r *http.Request, who dispatch.Actor) error {
	id, ok := strings.CutSuffix(r.PathValue("file"), ".geojson")
	key, err := uuid.Parse(id)
	if !ok || err != nil {
		return &dispatch.Error{Code: dispatch.NotFound, Key: "no-such-page"}
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
}

func (a *api) categories(ctx context.Context, who dispatch.Actor, _ *struct{}) (*body[catalogue], error) {
	ds, cs, err := a.desk.Catalogue(ctx, who)
	return answer(catalogue{full(ds), full(cs)}, err)
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

// pointOf parses "latitude,longitude" in degrees.
func pointOf(s, field string) (orb.Point, error) {
	lat, lon, ok := strings.Cut(s, ",")
	y, errY := strconv.ParseFloat(strings.TrimSpace(lat), 64)
	x, errX := strconv.ParseFloat(strings.TrimSpace(lon), 64)
	if !ok || errY != nil || errX != nil || !(y >= -90 && y <= 90) || !(x >= -180 && x <= 180) {
		return orb.Point{}, dispatch.Bad(field, "point")
	}
	return orb.Point{x, y}, nil
}

// full is the list, never null in JSON.
func full[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
