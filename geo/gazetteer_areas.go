package geo

import (
	"cmp"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// addAreas keeps the areas and a point inside each. The boundary's names are
// the city's.
func (g *Gazetteer) addAreas(areas []Area) {
	for _, a := range areas {
		if len(a.Geom) == 0 {
			continue
		}
		bound := a.Geom.Bound()
		if !finite(bound.Min) || !finite(bound.Max) {
			continue
		}
		if a.Level == Boundary {
			g.city = append(g.city, cityWords(a.Name)...)
			for _, n := range a.Names {
				g.city = append(g.city, cityWords(n)...)
			}
		}
		g.areas = append(g.areas, gazArea{a, pointInside(a.Geom), bound})
	}
}

// cityWords gives a city's name as the reader's words, also with what stands
// before it taken off.
func cityWords(name string) [][]string {
	words := strings.Fields(Normalise(name))
	if len(words) == 0 {
		return nil
	}
	out := [][]string{words}
	if len(words) > 1 && (words[0] == "עירית" || words[0] == "עיריית" || words[0] == "העיר") {
		out = append(out, words[1:])
	}
	return out
}

// pointInside is the centroid, or, where that is outside, the middle of the
// longest stretch inside on the line of latitude half way up the largest
// polygon.
func pointInside(mp orb.MultiPolygon) orb.Point {
	if c, _ := planar.CentroidArea(mp); finite(c) && planar.MultiPolygonContains(mp, c) {
		return c
	}
	largest := slices.MaxFunc(mp, func(a, b orb.Polygon) int { return cmp.Compare(planar.Area(a), planar.Area(b)) })
	b := largest.Bound()
	y := (b.Min[1] + b.Max[1]) / 2
	var xs []float64
	for _, ring := range largest {
		for i := range ring {
			p, q := ring[i], ring[(i+1)%len(ring)]
			if (p[1] > y) != (q[1] > y) {
				xs = append(xs, p[0]+(y-p[1])/(q[1]-p[1])*(q[0]-p[0]))
			}
		}
	}
	slices.Sort(xs)
	best, width := b.Center(), -1.0
	for i := 0; i+1 < len(xs); i += 2 {
		if w := xs[i+1] - xs[i]; w > width {
			best, width = orb.Point{(xs[i] + xs[i+1]) / 2, y}, w
		}
	}
	return best
}

// hoodAt is the neighbourhood at a point, or -1.
func (g *Gazetteer) hoodAt(p orb.Point) int32 { return g.areaAt(p, Neighbourhood) }

func (g *Gazetteer) areaAt(p orb.Point, level Level) int32 {
	for i := range g.areas {
		if a := &g.areas[i]; a.Level == level && a.bound.Contains(p) && planar.MultiPolygonContains(a.Geom, p) {
			return int32(i)
		}
	}
	return -1
}

func (a *gazArea) holds(p orb.Point) bool {
	return a.bound.Contains(p) && planar.MultiPolygonContains(a.Geom, p)
}

// inAreas reads queries that say the neighbourhood besides the address.
func (r *reader) inAreas() {
	g, q := r.g, r.q
	for i := range g.names {
		n := &g.names[i]
		if n.entry&entryKind != areaEntry || int(n.n) >= len(q.words) {
			continue
		}
		words, ok := r.holdsName(n)
		if !ok {
			continue
		}
		from := len(r.out)
		r.whole(words, 1)
		area := &g.areas[n.entry.index()]
		for j := range r.out[from:] {
			if opt := &r.out[from+j]; opt.entry == n.entry || !area.holds(opt.point) {
				opt.cost += costLastName
			}
		}
	}
}

// holdsName finds all the words of an area's name side by side in the query.
func (r *reader) holdsName(n *gazName) (words uint32, ok bool) {
	tokens := r.g.tokens[n.first : n.first+n.n]
	for at := 0; at+len(tokens) <= len(r.q.words); at++ {
		cost := 0
		for j, t := range tokens {
			c := int(r.sc.cost[at+j][t])
			if c == 0 {
				cost = costMost
				break
			}
			cost += c - 1
		}
		if cost <= 6 {
			return span(at, at+len(tokens)), true
		}
	}
	return 0, false
}
