package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// How far, in metres, Reverse looks for a house, a place and a street.
const (
	reverseHouse  = 200
	reversePlace  = 100
	reverseStreet = 400
)

// gazSegment is one straight piece of a street, on the plane.
type gazSegment struct {
	a, b   orb.Point
	street int32
}

// indexPoints files houses, places and the pieces of streets by where they
// are.
func (g *Gazetteer) indexPoints() {
	for i := range g.streets {
		s := &g.streets[i]
		for _, l := range s.lines {
			for j := 0; j+1 < len(l); j++ {
				g.segments = append(g.segments, gazSegment{g.plane.XY(l[j]), g.plane.XY(l[j+1]), int32(i)})
			}
		}
	}
	g.housesAt = newGrid(len(g.houses), func(i int, visit func(orb.Point)) { visit(g.plane.XY(g.houses[i].point)) })
	g.placesAt = newGrid(len(g.places), func(i int, visit func(orb.Point)) { visit(g.plane.XY(g.places[i].Point)) })
	g.segmentsAt = newGrid(len(g.segments), func(i int, visit func(orb.Point)) {
		s := &g.segments[i]
		steps := min(math.Ceil(flat(s.a, s.b)/(gridCell/4)), 4000)
		visit(s.a)
		for k := 1.0; k <= steps; k++ {
			visit(orb.Point{s.a[0] + (s.b[0]-s.a[0])*k/steps, s.a[1] + (s.b[1]-s.a[1])*k/steps})
		}
	})
}

// Reverse says what is at a point: the nearest house, place and street, those
// that are near enough to say so, then the neighbourhood and the district.
// Distance is in metres from the point; the score says how well the thing
// stands for it. A point that isn't a number has no answers.
func (g *Gazetteer) Reverse(p orb.Point, o Bias) []Result {
	out := []Result{}
	if !(math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90) {
		return out
	}
	xy := g.plane.XY(p)
	add := func(opt option, d, within float64) {
		r := g.result(opt, math.Exp(-d*d/(within*within/2)), o.Lang)
		r.Distance = d
		out = append(out, r)
	}
	if i, d, ok := g.housesAt.nearest(xy, reverseHouse, func(i int32) float64 { return flat(xy, g.plane.XY(g.houses[i].point)) }); ok {
		h := &g.houses[i]
		add(option{entry: streetEntry | entry(h.street), other: none, found: found{house: i, point: h.point, precision: House, label: h.label}}, d, reverseHouse)
	}
	if i, d, ok := g.placesAt.nearest(xy, reversePlace, func(i int32) float64 { return flat(xy, g.plane.XY(g.places[i].Point)) }); ok {
		add(option{entry: placeEntry | entry(i), other: none, found: found{house: -1, point: g.places[i].Point, precision: AtPlace}}, d, reversePlace)
	}
	if i, d, ok := g.segmentsAt.nearest(xy, reverseStreet, func(i int32) float64 {
		s := &g.segments[i]
		return flat(xy, nearestOn(xy, s.a, s.b))
	}); ok {
		s := &g.segments[i]
		add(option{entry: streetEntry | entry(s.street), other: none, found: found{house: -1, point: g.plane.Point(nearestOn(xy, s.a, s.b)), precision: OnStreet}}, d, reverseStreet)
	}
	for _, level := range []Level{Neighbourhood, District} {
		if i := g.areaAt(p, level); i >= 0 {
			add(option{entry: areaEntry | entry(i), other: none, found: found{house: -1, point: p, precision: InArea}}, 0, 1)
		}
	}
	return out[:min(len(out), max(o.limit(), 1))]
}

// nearestOn is the point of a segment that is nearest to p, on the plane.
func nearestOn(p, a, b orb.Point) orb.Point {
	dx, dy := b[0]-a[0], b[1]-a[1]
	den := dx*dx + dy*dy
	if den == 0 {
		return a
	}
	t := min(max(((p[0]-a[0])*dx+(p[1]-a[1])*dy)/den, 0), 1)
	return orb.Point{a[0] + t*dx, a[1] + t*dy}
}

// flat is the distance of two points of the plane.
func flat(a, b orb.Point) float64 { return math.Hypot(a[0]-b[0], a[1]-b[1]) }
