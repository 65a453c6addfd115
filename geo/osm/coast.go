package osm

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip/smartclip"
	"github.com/paulmach/orb/planar"
	posm "github.com/paulmach/osm"

	"moked/geo"
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
	box, built, ok := c.inhabited()
	if !ok {
		return
	}
	var shores []orb.LineString // open, with the water on their left
	var islands, seas []orb.Ring
	for _, ids := range coastRuns(parts) {
		line, lacking := c.at.line(ids)
		line = dropRepeats(line)
		if len(line) < 2 || lacking > 0 {
			c.tally.leave("map", "a coastline whose nodes are not all in the file: no sea is drawn", name(posm.TypeNode, ids[0]))
			return
		}
		line.Reverse()
		ring := orb.Ring(line)
		switch {
		case !ring.Closed():
			shores = append(shores, line)
		case len(ring) < 4:
		case ring.Orientation() == orb.CW:
			islands = append(islands, ring)
		default:
			seas = append(seas, ring)
		}
	}
	water, wrong := closeShores(box, shores, built)
	if wrong > 0.1 {
		c.tally.leave("map", "coastlines that do not close along the map's edge: no sea is drawn", parts[0].String())
		return
	}
	if len(shores) == 0 && len(islands) > 0 && len(seas) == 0 {
		water = orb.MultiPolygon{box.ToPolygon()}
	}
	for _, sea := range seas {
		water = append(water, orb.Polygon{sea})
	}
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

// closeShores leads shores along the edge of the box. A shore that ends within
// the box, where the extract ends, is first led straight to a side of it: to
// the nearest, or to the one with which the water lies best: where the shores
// say, and not on built ground. wrong is the share of such places that it gets
// wrong.
func closeShores(box orb.Bound, shores []orb.LineString, built []orb.Point) (water orb.MultiPolygon, wrong float64) {
	if len(shores) == 0 {
		return nil, 0
	}
	// ways[i] are the places beyond the box's sides to which the first and
	// last point of shore i may be led, and taken[i] the ones chosen; -1 leaves
	// an end as it is.
	ways, taken := make([][2][4]orb.Point, len(shores)), make([][2]int, len(shores))
	var loose []int
	for i, shore := range shores {
		taken[i] = [2]int{-1, -1}
		for e, p := range [2]orb.Point{shore[0], shore[len(shore)-1]} {
			if box.Contains(p) {
				ways[i][e], taken[i][e] = sidesFrom(p, box)
			}
		}
		if taken[i] != [2]int{-1, -1} {
			loose = append(loose, i)
		}
	}
	wet, dry := hands(box, shores)
	dry = append(dry, built...)
	try := func() (orb.MultiPolygon, float64) {
		var led orb.MultiPolygon
		for i, shore := range shores {
			shore = shore.Clone()
			if k := taken[i][0]; k >= 0 {
				shore = slices.Insert(shore, 0, ways[i][0][k])
			}
			if k := taken[i][1]; k >= 0 {
				shore = append(shore, ways[i][1][k])
			}
			led = append(led, orb.Polygon{orb.Ring(shore)})
		}
		w := wrap(box, led)
		misses := 0
		for _, p := range wet {
			if !planar.MultiPolygonContains(w, p) {
				misses++
			}
		}
		for _, p := range dry {
			if planar.MultiPolygonContains(w, p) {
				misses++
			}
		}
		return w, float64(misses) / float64(max(len(wet)+len(dry), 1))
	}
	water, wrong = try()
	for _, i := range loose[:min(len(loose), 6)] {
		if wrong < 0.01 {
			break
		}
		best, first := taken[i], taken[i]
		cost := wrong + detour(box, ways[i], taken[i])
		for k := range 16 {
			taken[i] = [2]int{k % 4, k / 4}
			for e := range 2 {
				if first[e] < 0 {
					taken[i][e] = -1
				}
			}
			w, misses := try()
			if total := misses + detour(box, ways[i], taken[i]); total < cost {
				water, wrong, best, cost = w, misses, taken[i], total
			}
		}
		taken[i] = best
	}
	return water, wrong
}

// detour is how far the ends of a shore are led, to weigh against a share of
// places: a tenth for the whole height and breadth of the box.
func detour(box orb.Bound, ways [2][4]orb.Point, taken [2]int) float64 {
	sum := 0.0
	for e, k := range taken {
		if k >= 0 { // those beside have the end's latitude, those above its longitude
			sum += planar.Distance(ways[e][k], orb.Point{ways[e][2][0], ways[e][0][1]})
		}
	}
	return 0.1 * sum / (box.Max[0] - box.Min[0] + box.Max[1] - box.Min[1])
}

// hands are places a few metres to the left of the shores, in the water, and
// to the right, on land.
func hands(box orb.Bound, shores []orb.LineString) (wet, dry []orb.Point) {
	const aside, most = 8.0, 400 // metres; places
	total := 0
	for _, s := range shores {
		total += len(s)
	}
	step := total/most + 1
	for _, s := range shores {
		for i := 1; i < len(s); i += step {
			plane := geo.PlaneAt(s[i])
			a, b := plane.XY(s[i-1]), plane.XY(s[i])
			n := math.Hypot(b[0]-a[0], b[1]-a[1])
			if n < aside {
				continue
			}
			mid := orb.Point{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2}
			left := orb.Point{-(b[1] - a[1]) / n * aside, (b[0] - a[0]) / n * aside}
			w := plane.Point(orb.Point{mid[0] + left[0], mid[1] + left[1]})
			d := plane.Point(orb.Point{mid[0] - left[0], mid[1] - left[1]})
			if box.Contains(w) && box.Contains(d) {
				wet, dry = append(wet, w), append(dry, d)
			}
		}
	}
	return wet, dry
}

// sidesFrom are the points beyond each side of the box straight from p, and
// which is nearest.
func sidesFrom(p orb.Point, box orb.Bound) (to [4]orb.Point, nearest int) {
	const past = 1e-4
	to = [4]orb.Point{
		{box.Min[0] - past, p[1]}, {box.Max[0] + past, p[1]}, {p[0], box.Min[1] - past}, {p[0], box.Max[1] + past},
	}
	for i := range to {
		if planar.Distance(p, to[i]) < planar.Distance(p, to[nearest]) {
			nearest = i
		}
	}
	return to, nearest
}

// wrap closes shores along the box. The clipper counts on well-drawn coasts;
// when it is given others, no sea is better than a failed import.
func wrap(box orb.Bound, shores orb.MultiPolygon) (water orb.MultiPolygon) {
	defer func() {
		if recover() != nil {
			water = nil
		}
	}()
	return slices.DeleteFunc(smartclip.MultiPolygon(box, shores, orb.CCW), func(p orb.Polygon) bool {
		return len(p) == 0 || len(p[0]) < 4 || !p[0].Closed()
	})
}

// inhabited is the part of the map that the file fills, the bound of its roads
// and buildings within the box, with half as much again on every side for the
// eye; and a few hundred places of the buildings.
func (c *collected) inhabited() (b orb.Bound, built []orb.Point, ok bool) {
	found, every := false, len(c.ways)/300+1
	for i := range c.ways {
		w := &c.ways[i]
		if w.tags["highway"] == "" && w.tags["building"] == "" {
			continue
		}
		for j, id := range w.nodes {
			p, ok := c.at.get(id)
			if !ok || c.clipped() && !c.box.Contains(p) {
				continue
			}
			if !found {
				b, found = orb.Bound{Min: p, Max: p}, true
			}
			b = b.Extend(p)
			if j == 0 && w.tags["building"] != "" && i%every == 0 {
				built = append(built, p)
			}
		}
	}
	if !found || b.Min[0] == b.Max[0] || b.Min[1] == b.Max[1] {
		return b, nil, false
	}
	return b.Pad(max(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]) / 2), built, true
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
