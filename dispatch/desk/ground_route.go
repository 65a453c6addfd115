package desk

import (
	"context"
	"math"

	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/geo"
)

// routeReach is how far from a road, in metres, a drive may begin or end: it is
// asked for points on a map, which may lie in a park.
const routeReach = 2000.0

// Way is a drive by road: its line as longitudes and latitudes from the first
// point to the second, its length in metres and its time in seconds.
type Way struct {
	Line    orb.LineString `json:"line"`
	Metres  float64        `json:"metres"`
	Seconds float64        `json:"seconds"`
}

// Route is the quickest drive between two points. Where no road leads from
// one to the other it is NotFound.
func (d *Desk) Route(ctx context.Context, who dispatch.Actor, from, to orb.Point) (Way, error) {
	g, err := d.groundFor(ctx, who)
	if err != nil {
		return Way{}, err
	}
	if err := g.checkPoint("from", from[1], from[0]); err != nil {
		return Way{}, err
	}
	if err := g.checkPoint("to", to[1], to[0]); err != nil {
		return Way{}, err
	}
	open := g.roadsAt(d.now())
	a, okA := open.Snap(from, routeReach)
	b, okB := open.Snap(to, routeReach)
	if !okA || !okB {
		return Way{}, notFound(KeyNoRoute)
	}
	line, seconds, ok := open.Route(a, b)
	if !ok {
		return Way{}, notFound(KeyNoRoute)
	}
	return Way{Line: line, Metres: math.Round(geo.LineLength(line)), Seconds: math.Round(seconds*10) / 10}, nil
}
