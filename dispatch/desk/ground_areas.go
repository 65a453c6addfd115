package desk

import (
	"context"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/geo"
)

// Authority is how an authority presents itself. Center is longitude,
// latitude, and BBox west, south, east, north; nil where it has no areas yet.
type Authority struct {
	Code     string    `json:"code"`
	Names    geo.Names `json:"names"`
	TimeZone string    `json:"time_zone"`
	// Sources name where the ground in force came from ("osm", "municipal"),
	// so that maps can give credit.
	Sources []string  `json:"sources"`
	Center  []float64 `json:"center"`
	BBox    []float64 `json:"bbox"`
}

// AreaView is an area without its outline.
type AreaView struct {
	geo.Area
	ParentCode string     `json:"parent_code,omitempty"`
	BBox       [4]float64 `json:"bbox"`
	Center     orb.Point  `json:"center"`
}

// ZoneView is a crew zone without its outline.
type ZoneView struct {
	geo.Zone
	BBox   [4]float64 `json:"bbox"`
	Center orb.Point  `json:"center"`
}

// Authority presents the actor's authority.
func (d *Desk) Authority(ctx context.Context, who dispatch.Actor) (Authority, error) {
	g, err := d.grounds.of(ctx, who.Authority)
	if err != nil {
		return Authority{}, err
	}
	v := Authority{Code: g.authority, Names: g.names, Sources: g.sources, TimeZone: g.calendar.Zone.String()}
	if bound, ok := g.bound(); ok {
		box, c := bbox(bound), bound.Center()
		v.BBox, v.Center = box[:], c[:]
	}
	return v, nil
}

// bound is the box of the root of the tree of areas, or without areas that of
// the roads; ok is false with neither.
func (g *ground) bound() (b orb.Bound, ok bool) {
	var level geo.Level
	for _, a := range g.tree {
		if level == "" {
			b, level, ok = a.Geom.Bound(), a.Level, true
		}
		if a.Level == level {
			b = b.Union(a.Geom.Bound())
		}
	}
	if ok {
		return b, true
	}
	return g.roadBound, !g.roadBound.IsEmpty()
}

// Areas lists the areas in force of one level, or of all when level is "",
// from the root of the tree down.
func (d *Desk) Areas(ctx context.Context, who dispatch.Actor, level geo.Level) ([]AreaView, error) {
	g, err := d.groundFor(ctx, who)
	if err != nil {
		return nil, err
	}
	code := map[uuid.UUID]string{}
	views := []AreaView{}
	for _, a := range g.tree {
		code[a.ID] = a.Code
		if level != "" && a.Level != level {
			continue
		}
		v := AreaView{Area: a, BBox: bbox(a.Geom.Bound()), Center: a.Geom.Bound().Center()}
		if a.Parent != nil {
			v.ParentCode = code[*a.Parent]
		}
		views = append(views, v)
	}
	return views, nil
}

// Area is one area in force, with its outline.
func (d *Desk) Area(ctx context.Context, who dispatch.Actor, id uuid.UUID) (geo.Area, error) {
	g, err := d.groundFor(ctx, who)
	if err != nil {
		return geo.Area{}, err
	}
	for _, a := range g.tree {
		if a.ID == id {
			return a, nil
		}
	}
	return geo.Area{}, notFound(KeyNoArea)
}

// Zones lists the crew zones in force, by department and code.
func (d *Desk) Zones(ctx context.Context, who dispatch.Actor) ([]ZoneView, error) {
	g, err := d.groundFor(ctx, who)
	if err != nil {
		return nil, err
	}
	views := []ZoneView{}
	for _, z := range g.zones {
		views = append(views, ZoneView{z, bbox(z.Geom.Bound()), z.Geom.Bound().Center()})
	}
	return views, nil
}

// Catalogue lists the departments and categories; retired categories too, as
// old incidents speak of them.
func (d *Desk) Catalogue(ctx context.Context, who dispatch.Actor) ([]dispatch.Department, []dispatch.Category, error) {
	if !who.May(dispatch.CatalogueRead, dispatch.Scope{}) {
		return nil, nil, forbidden()
	}
	g, err := d.grounds.of(ctx, who.Authority)
	if err != nil {
		return nil, nil, err
	}
	return g.departments, g.categories, nil
}

func bbox(b orb.Bound) [4]float64 {
	return [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
}
