package desk

import (
	"context"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"moked/dispatch"
	"moked/geo"
)

// How far from its authority a point may be, in metres. Beyond nearby, one
// whose coordinates changed places lies nearby is taken to have them swapped;
// beyond farthest, Israel from end to end, it is a mistake.
const (
	nearby   = 50_000.0
	farthest = 500_000.0
)

// Whose says whose a point is. Outside of the caller's authority, Authority is
// the neighbour whose ground it is, or "" where none is known.
type Whose struct {
	geo.Whereabouts
	AuthorityNames geo.Names `json:"authority_names,omitempty"`
	Outside        bool      `json:"outside,omitempty"`
}

// AreasAt says whose the point is. Coordinates that are no place near the
// authority are Invalid.
func (d *Desk) AreasAt(ctx context.Context, who dispatch.Actor, lat, lon float64) (Whose, error) {
	g, err := d.groundFor(ctx, who)
	if err != nil {
		return Whose{}, err
	}
	if err := g.checkPoint("", lat, lon); err != nil {
		return Whose{}, err
	}
	return g.whose(orb.Point{lon, lat}), nil
}

// groundFor is the ground of the actor's authority, for actors who may ask.
func (d *Desk) groundFor(ctx context.Context, who dispatch.Actor) (*ground, error) {
	if !who.May(dispatch.GroundRead, dispatch.Scope{}) {
		return nil, &dispatch.Error{Code: dispatch.Forbidden, Key: dispatch.KeyForbidden}
	}
	return d.grounds.of(ctx, who.Authority)
}

// checkPoint refuses coordinates that are not a place within reach of the
// authority. field is the path of the object that has lat and lon, or "".
func (g *ground) checkPoint(field string, lat, lon float64) error {
	if field != "" {
		field += "."
	}
	if !(math.Abs(lat) <= 90) {
		return dispatch.Bad(field+"lat", KeyBadCoordinate)
	}
	if !(math.Abs(lon) <= 180) {
		return dispatch.Bad(field+"lon", KeyBadCoordinate)
	}
	far := g.areas.At(orb.Point{lon, lat}).Distance
	if math.IsInf(far, 1) || far <= nearby {
		return nil
	}
	if math.Abs(lon) <= 90 && g.areas.At(orb.Point{lat, lon}).Distance <= nearby {
		return dispatch.Bad(field+"lat", KeySwapped)
	}
	if far <= farthest {
		return nil
	}
	return &dispatch.Error{
		Code: dispatch.Invalid, Key: KeyTooFar, Field: field + "lat",
		Args: map[string]any{"km": math.Round(far / 1000), "authority": g.authority},
	}
}

// whose answers for a point, inside or outside.
func (g *ground) whose(p orb.Point) Whose {
	w := Whose{Whereabouts: g.areas.At(p)}
	if w.Inside || math.IsInf(w.Distance, 1) {
		w.Authority = g.authority
		return w
	}
	w.Outside = true
	for _, n := range g.neighbours {
		if n.Area.Geom.Bound().Contains(p) && planar.MultiPolygonContains(n.Area.Geom, p) {
			w.Authority, w.AuthorityNames = n.Authority, n.Names
			break
		}
	}
	return w
}

// placeAt is a point as a place with the areas that it lies in.
func (g *ground) placeAt(r geo.Result, told string) dispatch.Place {
	w := g.areas.At(r.Point())
	return dispatch.Place{
		Lat: &r.Lat, Lon: &r.Lon, Precision: r.Precision, Score: r.Score, Label: r.Label, Text: told,
		District: ref(w.District), Neighbourhood: ref(w.Neighbourhood),
	}
}

func ref(a *geo.AreaRef) *dispatch.Ref {
	if a == nil {
		return nil
	}
	return &dispatch.Ref{Code: a.Code, Name: a.Name}
}
