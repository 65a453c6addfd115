package desk

import (
	"context"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/geo"
)

// Found is a place that was found, with whose it is. Outside of the caller's
// authority, Authority is the neighbour whose ground it is, or "".
type Found struct {
	geo.Result
	District      *dispatch.Ref `json:"district"`
	Neighbourhood *dispatch.Ref `json:"neighbourhood"`
	Outside       bool          `json:"outside,omitempty"`
	Authority     string        `json:"authority,omitempty"`
}

// Near says what is at a point: the nearest house, place and street, where
// they are near enough to say so, and whose the point is.
type Near struct {
	Address *Found `json:"address"`
	Place   *Found `json:"place"`
	Street  string `json:"street"`
	Label   string `json:"label"` // the best of them, "" for none
	Areas   Whose  `json:"areas"`
}

// Geocode finds the places that a text may mean, best first.
func (d *Desk) Geocode(ctx context.Context, who dispatch.Actor, text string, o geo.Bias) ([]Found, error) {
	return d.find(ctx, who, text, o, (*geo.Gazetteer).Find)
}

// Suggest completes a text that is being typed.
func (d *Desk) Suggest(ctx context.Context, who dispatch.Actor, text string, o geo.Bias) ([]Found, error) {
	return d.find(ctx, who, text, o, (*geo.Gazetteer).Suggest)
}

func (d *Desk) find(ctx context.Context, who dispatch.Actor, text string, o geo.Bias, ask func(*geo.Gazetteer, string, geo.Bias) []geo.Result) ([]Found, error) {
	g, err := d.groundFor(ctx, who)
	if err != nil {
		return nil, err
	}
	if !utf8.ValidString(text) {
		return nil, dispatch.Bad("q", dispatch.KeyBadText)
	}
	if o.Near != nil {
		if err := g.checkPoint("", o.Near[1], o.Near[0]); err != nil {
			return nil, err
		}
	}
	if o.Lang == "" {
		o.Lang = who.Lang
	}
	found := []Found{}
	for _, r := range ask(g.gazetteer, text, g.bias(o)) {
		found = append(found, g.found(r))
	}
	return found, nil
}

// Reverse says what is at a point.
func (d *Desk) Reverse(ctx context.Context, who dispatch.Actor, lat, lon float64, lang string) (Near, error) {
	g, err := d.groundFor(ctx, who)
	if err != nil {
		return Near{}, err
	}
	if err := g.checkPoint("", lat, lon); err != nil {
		return Near{}, err
	}
	if lang == "" {
		lang = who.Lang
	}
	p := orb.Point{lon, lat}
	n := Near{Areas: g.whose(p)}
	for _, r := range g.gazetteer.Reverse(p, g.bias(geo.Bias{Lang: lang})) {
		if n.Label == "" {
			n.Label = r.Label
		}
		f := g.found(r)
		switch r.Precision {
		case geo.House:
			n.Address = &f
		case geo.AtPlace:
			n.Place = &f
		case geo.OnStreet:
			n.Street = r.Street
		}
	}
	return n, nil
}

// bias adds what the authority is called, which callers say after an address.
func (g *ground) bias(o geo.Bias) geo.Bias {
	for _, name := range g.names {
		o.City = append(o.City, name)
	}
	return o
}

// found says whose a result is.
func (g *ground) found(r geo.Result) Found {
	w := g.whose(r.Point())
	f := Found{Result: r, District: ref(w.District), Neighbourhood: ref(w.Neighbourhood), Outside: w.Outside}
	if w.Outside {
		f.Authority = w.Authority
	}
	return f
}
