package osm

import (
	"math"

	"github.com/paulmach/orb"

	"moked/geo"
)

// samePlace is how near two places of one kind and name are that are one:
// mapped as a building and again as a point, or in several parts.
const samePlace = 150.0

// places reads the named places. A place drawn as an area is at its middle.
func (c *collected) places() []geo.Place {
	out := []geo.Place{}
	known := map[placeCell][]int{}
	add := func(t tags, where string, at func() (orb.Point, bool)) {
		kind := placeKind(t)
		if kind == "" {
			return
		}
		name, names, aliases := named(t)
		if name == "" {
			name = t["brand"]
		}
		if name == "" {
			c.tally.leave("place", "no name: "+kind, where)
			return
		}
		p, ok := at()
		if !ok {
			c.tally.leave("place", "its outline is not in the file", where)
			return
		}
		if !c.within(p) {
			c.tally.leave("place", "outside the boundary", where)
			return
		}
		cell := cellOf(kind, name, p)
		for _, i := range cell.around(known) {
			if geo.Metres(out[i].Point, p) <= samePlace {
				for lang, n := range names {
					if out[i].Names == nil {
						out[i].Names = geo.Names{}
					}
					if out[i].Names[lang] == "" {
						out[i].Names[lang] = n
					}
				}
				for _, a := range append(aliases, name) {
					out[i].Aliases = addAlias(out[i].Aliases, a, out[i].Name)
				}
				c.tally.leave("place", "the same place again", where)
				return
			}
		}
		known[cell] = append(known[cell], len(out))
		out = append(out, geo.Place{
			ID: int64(len(out) + 1), Kind: kind, Name: name, Names: names, Aliases: aliases, Point: p,
		})
	}
	for i := range c.nodes {
		n := &c.nodes[i]
		add(n.tags, n.String(), func() (orb.Point, bool) { return n.point, true })
	}
	for i := range c.ways {
		w := &c.ways[i]
		if w.tags["highway"] != "" && w.tags["place"] == "" {
			if w.tags["bridge:name"] != "" {
				add(tags{"man_made": "bridge", "name": w.tags["bridge:name"]}, w.String(),
					func() (orb.Point, bool) { return c.wayPoint(w) })
			}
			continue
		}
		add(w.tags, w.String(), func() (orb.Point, bool) { return c.wayPoint(w) })
	}
	for i := range c.relations {
		r := &c.relations[i]
		if r.tags["type"] == "multipolygon" {
			add(r.tags, r.String(), func() (orb.Point, bool) { return c.relationPoint(r) })
		}
	}
	return out
}

// placeCell is a kind and name in a square of samePlace metres and more.
type placeCell struct {
	kind, name string
	x, y       int
}

func cellOf(kind, name string, p orb.Point) placeCell {
	plane := geo.PlaneAt(orb.Point{p[0], math.Floor(p[1])}) // the same for neighbours
	side := samePlace * 1.1
	return placeCell{kind, geo.Normalise(name), int(p[0] * plane.PerLon / side), int(p[1] * plane.PerLat / side)}
}

// around lists what is known in the cell and in those next to it.
func (c placeCell) around(known map[placeCell][]int) []int {
	var out []int
	for dx := -1; dx <= 1; dx++ {
		for dy := -1; dy <= 1; dy++ {
			out = append(out, known[placeCell{c.kind, c.name, c.x + dx, c.y + dy}]...)
		}
	}
	return out
}
