package town

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// line is a street as it was ruled on the board: a chain of straight edges.
type line struct {
	name   word
	class  string
	points []orb.Point
	oneWay bool
	hood   int // the neighbourhood it serves, or -1
	id     int64
}

// piece is a stretch of a street between two junctions.
type piece struct {
	street int
	a, b   int
	line   []orb.Point
}

// speeds are in km/h, as driven in a town with its lights and crossings.
var speeds = map[string]float64{"primary": 42, "secondary": 36, "tertiary": 30, "residential": 22}

type park struct {
	ring ring
	name word
	hood int
}

// drawParks lays a garden into most neighbourhoods and one large park with a
// lake into the town.
func (p *plan) drawParks() {
	large := len(p.hoods) * 2 / 5
	for i, c := range p.hoods {
		if c.kind == works || (p.r.Float64() < 0.15 && i != large) {
			continue
		}
		mid := c.ring.centroid()
		w, h := p.between(70, 130), p.between(60, 100)
		if i == large {
			w, h = 330, 250
		}
		g := park{ring: tilted(mid, w, h, c.angle), name: p.words.take(parkWords), hood: i}
		p.parks = append(p.parks, g)
		if i == large {
			for k := range 24 {
				t := float64(k) / 24 * 2 * math.Pi
				p.lake = append(p.lake, orb.Point{
					mid[0] + (95+18*math.Sin(3*t))*math.Cos(t), mid[1] + (70+14*math.Cos(2*t))*math.Sin(t),
				})
			}
		}
	}
}

// tilted is a rectangle of half-widths w and h, turned by angle.
func tilted(mid orb.Point, w, h, angle float64) ring {
	c, s := math.Cos(angle), math.Sin(angle)
	var r ring
	for _, k := range [][2]float64{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}} {
		x, y := k[0]*w, k[1]*h
		r = append(r, orb.Point{mid[0] + x*c - y*s, mid[1] + x*s + y*c})
	}
	return r
}

func (p *plan) drawRoads() {
	p.ruleBorders()
	for i, c := range p.hoods {
		p.ruleHood(i, c)
	}
	p.cut()
}

// ruleBorders draws avenues along the districts' borders, collectors along
// the neighbourhoods', and the ring road with the seafront around them.
func (p *plan) ruleBorders() {
	around := append(slices.Clone(p.inland), p.inland[0])
	shore := 0
	for i, q := range p.inland {
		if q[0] < p.coast(q[1])+beach+1 {
			shore = i
		}
	}
	p.streets = append(p.streets,
		&line{name: word{"טיילת הים", "Seafront Promenade"}, class: "secondary", points: around[:shore+1], hood: -1},
		&line{name: word{"דרך הטבעת", "Ring Road"}, class: "primary", points: around[shore:], hood: -1})
	borders := func(cells []*cell, sameParent bool, class string) {
		for i, a := range cells {
			for j := i + 1; j < len(cells); j++ {
				b := cells[j]
				if sameParent && a.parent != b.parent {
					continue
				}
				for _, chain := range common(a.ring, b.ring) {
					for _, part := range within(chain, p.inland) {
						n := p.words.take(streetWords)
						if class == "primary" {
							n = n.with("שדרות", "Blvd")
						}
						p.streets = append(p.streets, &line{name: n, class: class, points: part, hood: -1})
					}
				}
			}
		}
	}
	borders(p.districts, false, "primary")
	borders(p.hoods, true, "tertiary")
}

// common lists the chains of edges that two rings share.
func common(a, b ring) [][]orb.Point {
	type edge struct{ a, b orb.Point }
	of := map[edge]bool{}
	for i, q := range b {
		of[edge{b[(i+1)%len(b)], q}] = true
	}
	n, start := len(a), 0
	for i := range a {
		if !of[edge{a[i], a[(i+1)%n]}] {
			start = i
			break
		}
	}
	var out [][]orb.Point
	var run []orb.Point
	for k := range n {
		u, v := a[(start+k)%n], a[(start+k+1)%n]
		if !of[edge{u, v}] {
			if run != nil {
				out, run = append(out, run), nil
			}
			continue
		}
		if run == nil {
			run = []orb.Point{u}
		}
		run = append(run, v)
	}
	if run != nil {
		out = append(out, run)
	}
	return out
}

// within cuts a chain to the parts that lie inside a ring.
func within(chain []orb.Point, r ring) [][]orb.Point {
	var out [][]orb.Point
	var run []orb.Point
	flush := func() {
		if len(run) > 1 {
			out = append(out, run)
		}
		run = nil
	}
	for i := 0; i+1 < len(chain); i++ {
		for _, iv := range inside(chain[i], chain[i+1], r) {
			u, v := along(chain[i], chain[i+1], iv[0]), along(chain[i], chain[i+1], iv[1])
			if len(run) == 0 || math.Hypot(run[len(run)-1][0]-u[0], run[len(run)-1][1]-u[1]) > 0.01 {
				flush()
				run = []orb.Point{u}
			}
			run = append(run, v)
		}
	}
	flush()
	return out
}

// inside lists the intervals of the edge ab, from 0 to 1, inside a ring.
func inside(a, b orb.Point, r ring) [][2]float64 {
	cuts := []float64{0, 1}
	for i, c := range r {
		if t, _, ok := cross(a, b, c, r[(i+1)%len(r)], 0); ok {
			cuts = append(cuts, t)
		}
	}
	slices.Sort(cuts)
	var out [][2]float64
	for i := 0; i+1 < len(cuts); i++ {
		u, v := cuts[i], cuts[i+1]
		if v-u < 1e-9 || !r.contains(along(a, b, (u+v)/2)) {
			continue
		}
		if n := len(out); n > 0 && u-out[n-1][1] < 1e-9 {
			out[n-1][1] = v
		} else {
			out = append(out, [2]float64{u, v})
		}
	}
	return out
}

func along(a, b orb.Point, t float64) orb.Point {
	return orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
}

// cross is where ab and cd meet, as shares of each; ends within slack metres
// of the other edge count as on it.
func cross(a, b, c, d orb.Point, slack float64) (t, u float64, ok bool) {
	rx, ry, sx, sy := b[0]-a[0], b[1]-a[1], d[0]-c[0], d[1]-c[1]
	k := rx*sy - ry*sx
	lr, ls := math.Hypot(rx, ry), math.Hypot(sx, sy)
	if math.Abs(k) < 1e-6*lr*ls || lr == 0 || ls == 0 {
		return 0, 0, false
	}
	t = ((c[0]-a[0])*sy - (c[1]-a[1])*sx) / k
	u = ((c[0]-a[0])*ry - (c[1]-a[1])*rx) / k
	et, eu := slack/lr, slack/ls
	if t < -et || t > 1+et || u < -eu || u > 1+eu {
		return 0, 0, false
	}
	return min(max(t, 0), 1), min(max(u, 0), 1), true
}
