package desk

import (
	"math"

	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/geo"
)

// locate finds what was told. Words that mean no place, or one in another
// authority's ground, leave the report unplaced; only coordinates are refused.
func (g *ground) locate(n NewPlace) (dispatch.Place, error) {
	if n.Lat != nil {
		if err := g.checkPoint("place", *n.Lat, *n.Lon); err != nil {
			return dispatch.Place{}, err
		}
		return g.pin(orb.Point{*n.Lon, *n.Lat}, n.Text), nil
	}
	unplaced := dispatch.Place{Precision: geo.Unplaced, Label: n.Text, Text: n.Text}
	if n.Text == "" {
		return unplaced, nil
	}
	found := g.gazetteer.Find(n.Text, g.bias(geo.Bias{Limit: 1, Lang: "he"}))
	if len(found) == 0 || g.whose(found[0].Point()).Outside {
		return unplaced, nil
	}
	r := found[0]
	r.Score = math.Round(r.Score*1e3) / 1e3
	return g.placeAt(r, n.Text), nil
}

// pin is a point on the map, called by what is near it.
func (g *ground) pin(p orb.Point, told string) dispatch.Place {
	r := geo.Result{Lat: p[1], Lon: p[0], Precision: geo.Pin, Score: 1}
	if near := g.gazetteer.Reverse(p, g.bias(geo.Bias{Limit: 1, Lang: "he"})); len(near) > 0 {
		r.Label = near[0].Label
	} else if r.Label = told; told == "" {
		if w := g.areas.At(p); w.Neighbourhood != nil {
			r.Label = w.Neighbourhood.Name
		} else if w.District != nil {
			r.Label = w.District.Name
		}
	}
	return g.placeAt(r, told)
}
