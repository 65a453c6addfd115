package town

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"moked/geo/osm"
)

// The strip between the water and the first street, and between the ring road
// and the municipal border.
const (
	beach  = 120.0
	fields = 160.0
)

func (p *plan) coast(y float64) float64 {
	return 70*math.Sin(y/900+p.phase[1]) + 35*math.Sin(y/370+p.phase[3])
}

func (p *plan) drawAreas() {
	p.land, p.inland = p.outline(0, 0), p.outline(beach, fields)
	n := max(3, int(math.Round(17*math.Pow(float64(p.population)/250_000, 0.6))))
	var rings []ring
	for i, c := range divide(p.land, p.scatter(p.land, n)) {
		p.districts = append(p.districts, &cell{ring: c, site: c.centroid(), angle: p.between(-0.5, 0.5), parent: i})
	}
	// From the north-west as one reads, right to left comes later.
	slices.SortFunc(p.districts, func(a, b *cell) int {
		return cmp.Compare((b.site[1]*1.5 - b.site[0]), (a.site[1]*1.5 - a.site[0]))
	})
	p.nameDistricts()
	for i, d := range p.districts {
		d.code, d.parent = fmt.Sprintf("D%d", i+1), i
		k := min(max(2, int(math.Round(d.ring.area()/750_000))), 5)
		for _, c := range divide(d.ring, p.scatter(d.ring, k)) {
			if len(c) < 3 {
				continue
			}
			name := p.words.take(hoodWords)
			p.hoods = append(p.hoods, &cell{
				code: fmt.Sprintf("N%d", len(p.hoods)+1), name: name.he, nameEN: name.en, parent: i,
				ring: c, angle: d.angle + p.between(-0.12, 0.12), kind: d.kind, area: math.Abs(c.area()),
			})
		}
	}
	for _, c := range p.hoods {
		rings = append(rings, c.ring)
	}
	for _, c := range p.districts {
		rings = append(rings, c.ring)
	}
	rings = append(rings, p.land)
	share(rings, 0.05)
	for i, c := range p.hoods {
		c.ring = rings[i]
	}
	for i, c := range p.districts {
		c.ring = rings[len(p.hoods)+i]
		c.area = c.ring.area()
	}
	p.land = rings[len(rings)-1]
}

// outline is the town's ring, moved inwards by sea on the water's side and by
// rim on the others.
func (p *plan) outline(sea, rim float64) ring {
	var r ring
	const step = 90
	for y := p.h - rim; y > rim; y -= step {
		r = append(r, rounded(orb.Point{p.coast(y) + sea, y}))
	}
	for x := p.coast(rim) + sea; x < p.w-rim; x += 400 {
		r = append(r, rounded(orb.Point{x, rim + 60*math.Sin(x/700)}))
	}
	for y := rim; y < p.h-rim; y += 400 {
		r = append(r, rounded(orb.Point{p.w - rim + 80*math.Sin(y/800+p.phase[0]), y}))
	}
	for x := p.w - rim; x > p.coast(p.h-rim)+sea+200; x -= 400 {
		r = append(r, rounded(orb.Point{x, p.h - rim + 60*math.Sin(x/650+p.phase[2])}))
	}
	return r
}

// scatter puts n points into a ring, far from each other.
func (p *plan) scatter(r ring, n int) []orb.Point {
	b := r.bound()
	var out []orb.Point
	for len(out) < n {
		var best orb.Point
		far := -1.0
		for range 30 {
			q := orb.Point{p.between(b.Min[0], b.Max[0]), p.between(b.Min[1], b.Max[1])}
			if !r.contains(q) {
				continue
			}
			d := math.Inf(1)
			for _, o := range out {
				d = min(d, math.Hypot(q[0]-o[0], q[1]-o[1]))
			}
			if d > far {
				best, far = q, d
			}
		}
		if far >= 0 {
			out = append(out, best)
		}
	}
	return out
}

// nameDistricts gives the one nearest the middle of the shore to the old town
// and the one farthest inland to industry; the others have names of their own.
func (p *plan) nameDistricts() {
	old, far := p.districts[0], p.districts[0]
	toShore := func(c *cell) float64 { return math.Hypot(c.site[0], c.site[1]-p.h/2) }
	for _, c := range p.districts {
		if toShore(c) < toShore(old) {
			old = c
		}
	}
	for _, c := range p.districts {
		if c != old && c.site[0]-math.Abs(c.site[1]-p.h*0.3)/3 > far.site[0]-math.Abs(far.site[1]-p.h*0.3)/3 {
			far = c
		}
	}
	old.kind, far.kind = oldTown, works
	for _, c := range p.districts {
		w := p.words.take(districtWords)
		c.name, c.nameEN = w.he, w.en
	}
	old.name, old.nameEN = "העיר הוותיקה", "Old Town"
	far.name, far.nameEN = "אזור התעשייה", "Industrial Park"
}

// zones groups the districts into n neighbouring parts.
func (p *plan) zones(n int) []osm.Area {
	sites := p.scatter(p.land, n)
	divide(p.land, sites)
	if n == len(p.districts) {
		for i, d := range p.districts {
			sites[i] = d.site
		}
	}
	slices.SortFunc(sites, func(a, b orb.Point) int { return cmp.Compare(b[1], a[1]) })
	groups := make([][]ring, n)
	for _, d := range p.districts {
		best := 0
		for i, s := range sites {
			if math.Hypot(d.site[0]-s[0], d.site[1]-s[1]) < math.Hypot(d.site[0]-sites[best][0], d.site[1]-sites[best][1]) {
				best = i
			}
		}
		groups[best] = append(groups[best], d.ring)
	}
	var out []osm.Area
	for _, g := range groups {
		if len(g) == 0 {
			continue
		}
		i := len(out) + 1
		z := osm.Area{Code: fmt.Sprintf("Z%d", i), Name: fmt.Sprintf("גזרה %d", i)}
		z.Names = map[string]string{"he": z.Name, "en": fmt.Sprintf("Sector %d", i)}
		for _, r := range dissolve(g) {
			if r.area() > 0 {
				z.Geom = append(z.Geom, orb.Polygon{p.onGlobe(r)})
			}
		}
		out = append(out, z)
	}
	return out
}
