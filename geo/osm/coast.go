package osm

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip/smartclip"
	"github.com/paulmach/orb/planar"
	posm "github.com/paulmach/osm"
)

// drawSea fills the sea: coastlines have land on their left and water on
// their right, so turned around, and closed along the edge of the map, they
// ring the water counter-clockwise.
func (c *collected) drawSea(add func(drawn, tags, orb.Geometry)) {
	var parts []*way
	for i := range c.ways {
		if w := &c.ways[i]; w.tags["natural"] == "coastline" && len(w.nodes) >= 2 {
			parts = append(parts, w)
		}
	}
	if len(parts) == 0 {
		return
	}
	box, ok := c.inhabited()
	if !ok {
		return
	}
	var shores, seas orb.MultiPolygon // open lines and inland seas; islands apart
	var islands []orb.Ring
	for _, ids := range coastRuns(parts) {
		line, lacking := c.at.line(ids)
		line = dropRepeats(line)
		if len(line) < 2 || lacking > 0 {
			c.tally.leave("map", "a coastline whose nodes are not all in the file: no sea is drawn", name(posm.TypeNode, ids[0]))
			return
		}
		ring := orb.Ring(line)
		ring.Reverse()
		switch {
		case !ring.Closed():
			shores = append(shores, orb.Polygon{orb.Ring(c.carryOn(line, box))})
		case len(ring) < 4:
		case ring.Orientation() == orb.CW:
			islands = append(islands, ring)
		default:
			seas = append(seas, orb.Polygon{ring})
		}
	}
	water := wrap(box, shores)
	if len(shores) == 0 && len(islands) > 0 && len(seas) == 0 {
		water = orb.MultiPolygon{box.ToPolygon()}
	}
	water = append(water, seas...)
	for _, island := range islands {
		for i := range water {
			if planar.RingContains(water[i][0], island[0]) {
				water[i] = append(water[i], island)
				break
			}
		}
	}
	for _, p := range water {
		add(drawn{Water, "sea", 4}, nil, p)
	}
}

// wrap closes shores along the box. The clipper counts on well-drawn coasts;
// when it is given others, no sea is better than a failed import.
func wrap(box orb.Bound, shores orb.MultiPolygon) (water orb.MultiPolygon) {
	if len(shores) == 0 {
		return nil
	}
	defer func() {
		if recover() != nil {
			water = nil
		}
	}()
	return slices.DeleteFunc(smartclip.MultiPolygon(box, shores, orb.CCW), func(p orb.Polygon) bool {
		return len(p) == 0 || len(p[0]) < 4 || !p[0].Closed()
	})
}

// inhabited is the part of the map that the file fills: the bound of its
// roads and buildings, within the box.
func (c *collected) inhabited() (orb.Bound, bool) {
	var b orb.Bound
	found := false
	for i := range c.ways {
		w := &c.ways[i]
		if w.tags["highway"] == "" && w.tags["building"] == "" {
			continue
		}
		for _, id := range w.nodes {
			p, ok := c.at.get(id)
			if !ok || c.clipped() && !c.box.Contains(p) {
				continue
			}
			if !found {
				b, found = orb.Bound{Min: p, Max: p}, true
			}
			b = b.Extend(p)
		}
	}
	return b, found && b.Min[0] < b.Max[0] && b.Min[1] < b.Max[1]
}

// carryOn leads the ends of a coast that stops within the box straight to the
// box's nearest side.
func (c *collected) carryOn(line orb.LineString, box orb.Bound) orb.LineString {
	beyond := func(p orb.Point) orb.Point {
		const past = 1e-4
		sides := []struct {
			distance float64
			to       orb.Point
		}{
			{p[0] - box.Min[0], orb.Point{box.Min[0] - past, p[1]}},
			{box.Max[0] - p[0], orb.Point{box.Max[0] + past, p[1]}},
			{p[1] - box.Min[1], orb.Point{p[0], box.Min[1] - past}},
			{box.Max[1] - p[1], orb.Point{p[0], box.Max[1] + past}},
		}
		best, to := math.Inf(1), p
		for _, s := range sides {
			if s.distance < best {
				best, to = s.distance, s.to
			}
		}
		return to
	}
	if first := line[0]; box.Contains(first) {
		line = slices.Insert(line, 0, beyond(first))
	}
	if last := line[len(line)-1]; box.Contains(last) {
		line = append(line, beyond(last))
	}
	return line
}

// coastRuns joins coastlines head to tail, never turning one around: their
// direction says where the water is.
func coastRuns(parts []*way) [][]int64 {
	byStart := map[int64]*way{}
	ends := map[int64]bool{}
	for _, w := range parts {
		byStart[w.nodes[0]] = w
		ends[w.nodes[len(w.nodes)-1]] = true
	}
	used := map[int64]bool{}
	var out [][]int64
	follow := func(w *way) {
		if used[w.id] {
			return
		}
		used[w.id] = true
		run := slices.Clone(w.nodes)
		for run[0] != run[len(run)-1] {
			next := byStart[run[len(run)-1]]
			if next == nil || used[next.id] {
				break
			}
			used[next.id] = true
			run = append(run, next.nodes[1:]...)
		}
		out = append(out, run)
	}
	for _, w := range parts {
		if !ends[w.nodes[0]] {
			follow(w)
		}
	}
	for _, w := range parts { // the closed ones
		follow(w)
	}
	return out
}
