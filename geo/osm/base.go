package osm

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/planar"
	posm "github.com/paulmach/osm"

	"moked/geo"
)

var layerOrder = map[Layer]int{Land: 0, Green: 1, Water: 2, Building: 3, Rail: 4, Road: 5, Border: 6, Label: 7}

// base draws the base map, layer upon layer.
func (c *collected) base() []Feature {
	out := []Feature{}
	add := func(d drawn, t tags, g orb.Geometry) {
		name, names, _ := named(t)
		out = append(out, Feature{d.layer, d.class, name, names, d.zoom, g})
	}
	outlines := c.drawRelations(add)
	for i := range c.ways {
		c.drawWay(&c.ways[i], outlines, add)
	}
	c.drawBorders(add)
	for i := range c.nodes {
		n := &c.nodes[i]
		if d, ok := labelClass[n.tags["place"]]; ok && n.tags.first("name", "name:he") != "" {
			add(d, n.tags, n.point)
		}
	}
	c.drawSea(add)
	slices.SortStableFunc(out, func(a, b Feature) int {
		return cmp.Or(cmp.Compare(layerOrder[a.Layer], layerOrder[b.Layer]), cmp.Compare(a.MinZoom, b.MinZoom))
	})
	return out
}

// drawRelations draws multipolygons. Of one that carries no tags of its own,
// drawn in an older manner, the outer way speaks for it; the ways that have
// so been spoken for are given back.
func (c *collected) drawRelations(add func(drawn, tags, orb.Geometry)) map[int64]bool {
	spoken := map[int64]bool{}
	for i := range c.relations {
		r := &c.relations[i]
		if r.tags["type"] != "multipolygon" {
			continue
		}
		t, outer := r.tags, int64(0)
		if !t.worth() {
			for _, m := range r.members {
				if w := c.way(m.Ref); m.Type == posm.TypeWay && m.Role != "inner" && w != nil && w.tags.worth() {
					if outer != 0 {
						t, outer = r.tags, 0
						break
					}
					t, outer = w.tags, w.id
				}
			}
			if outer == 0 {
				continue
			}
		}
		if drawnArea(t, 1).class == "" {
			continue
		}
		mp := c.areaOf(r)
		if len(mp) == 0 {
			continue
		}
		if outer != 0 {
			spoken[outer] = true
		}
		c.drawArea(mp, t, add)
	}
	return spoken
}

func (c *collected) drawWay(w *way, spoken map[int64]bool, add func(drawn, tags, orb.Geometry)) {
	if len(w.tags) == 0 {
		return
	}
	line := drawnLine(w.tags)
	area := w.closed() && w.tags["area"] != "no" && drawnArea(w.tags, 1).class != "" && !spoken[w.id]
	if w.tags["highway"] != "" && w.tags["area"] == "yes" {
		line = drawn{}
	}
	if line.class == "" && !area {
		return
	}
	points, lacking := c.at.line(w.nodes)
	points = dropRepeats(points)
	if lacking > 0 {
		c.tally.leave("map", "some of its nodes are not in the file: drawn without", w.String())
	}
	if area && lacking == 0 && len(points) >= 4 {
		c.drawArea(orb.MultiPolygon{{oriented(orb.Ring(points), orb.CCW)}}, w.tags, add)
	}
	if line.class != "" && len(points) >= 2 {
		add(line, w.tags, points)
	}
}

// drawArea draws an area, without what lies outside the map when it is
// clipped.
func (c *collected) drawArea(mp orb.MultiPolygon, t tags, add func(drawn, tags, orb.Geometry)) {
	size := squareMetres(mp)
	if c.clipped() {
		if b := mp.Bound(); !c.box.Contains(b.Min) || !c.box.Contains(b.Max) {
			mp = clip.MultiPolygon(c.box, mp.Clone())
		}
	}
	d := drawnArea(t, size)
	switch len(mp) {
	case 0:
	case 1:
		add(d, t, mp[0])
	default:
		add(d, t, mp)
	}
}

func squareMetres(mp orb.MultiPolygon) float64 {
	if len(mp) == 0 {
		return 0
	}
	p := geo.PlaneAt(mp.Bound().Center())
	return math.Abs(planar.Area(mp)) * p.PerLon * p.PerLat
}

// drawBorders draws the administrative borders that the ways of boundary
// relations trace, each once, as the highest of them.
func (c *collected) drawBorders(add func(drawn, tags, orb.Geometry)) {
	level := map[int64]int{}
	note := func(way int64, t tags) {
		n, err := strconv.Atoi(t["admin_level"])
		if t["boundary"] != "administrative" || err != nil || n < 2 || n > 8 {
			return
		}
		if have, ok := level[way]; !ok || n < have {
			level[way] = n
		}
	}
	for i := range c.relations {
		for _, m := range c.relations[i].members {
			if m.Type == posm.TypeWay && m.Role != "inner" {
				note(m.Ref, c.relations[i].tags)
			}
		}
	}
	for i := range c.ways {
		note(c.ways[i].id, c.ways[i].tags)
	}
	for i := range c.ways {
		w := &c.ways[i]
		n, ok := level[w.id]
		if !ok || w.tags["natural"] == "coastline" {
			continue
		}
		d := drawn{Border, "municipal", 11}
		switch {
		case n == 2:
			d = drawn{Border, "national", 4}
		case n <= 6:
			d = drawn{Border, "region", 7}
		}
		if line, _ := c.at.line(w.nodes); len(dropRepeats(line)) >= 2 {
			add(d, nil, dropRepeats(line))
		}
	}
}
