package town

import (
	"math"

	"github.com/paulmach/orb"

	"moked/geo"
	"moked/geo/osm"
	"moked/geo/roads"
)

// extract is the town as a map's file would give it.
func (p *plan) extract() osm.Extract {
	x := osm.Extract{Places: p.places}
	geoms := make([]orb.MultiLineString, len(p.streets))
	for i, c := range p.pieces {
		s := p.streets[c.street]
		g := p.lineOnGlobe(c.line)
		geoms[c.street] = append(geoms[c.street], g)
		seconds := length(c.line) / (speeds[s.class] / 3.6)
		seg := roads.Segment{
			ID: int64(i + 1), A: int64(c.a + 1), B: int64(c.b + 1),
			Forward: seconds, Backward: seconds, Name: s.name.he, Line: g,
		}
		if s.oneWay {
			seg.Backward = 0
		}
		x.Segments = append(x.Segments, seg)
	}
	for i, s := range p.streets {
		if len(geoms[i]) == 0 {
			continue
		}
		x.Streets = append(x.Streets, geo.Street{
			ID: s.id, Name: s.name.he, Names: geo.Names{"he": s.name.he, "en": s.name.en}, Class: s.class, Geom: geoms[i],
		})
	}
	for i, h := range p.houses {
		x.Addresses = append(x.Addresses, geo.Address{
			ID: int64(i + 1), Street: p.streets[h.street].id, House: h.name(), Point: p.globe(h.door),
		})
	}
	x.Base = p.base(geoms)
	return x
}

func (p *plan) lineOnGlobe(line []orb.Point) orb.LineString {
	out := make(orb.LineString, len(line))
	for i, q := range line {
		out[i] = p.globe(q)
	}
	return out
}

func length(line []orb.Point) float64 {
	sum := 0.0
	for i := 0; i+1 < len(line); i++ {
		sum += math.Hypot(line[i+1][0]-line[i][0], line[i+1][1]-line[i][1])
	}
	return sum
}

// base is the base map, from the sea up.
func (p *plan) base(geoms []orb.MultiLineString) []osm.Feature {
	var out []osm.Feature
	add := func(l osm.Layer, class string, zoom int, n word, g orb.Geometry) {
		f := osm.Feature{Layer: l, Class: class, MinZoom: zoom, Name: n.he, Geom: g}
		if n.he != "" {
			f.Names = geo.Names{"he": n.he, "en": n.en}
		}
		out = append(out, f)
	}
	add(osm.Water, "sea", 0, word{}, orb.Polygon{p.onGlobe(p.sea())})
	add(osm.Land, "sand", 11, word{}, orb.Polygon{p.onGlobe(p.sand())})
	for _, c := range p.hoods {
		class := "residential"
		if c.kind == works {
			class = "industrial"
		}
		for _, part := range (parts{c.ring}).insideOf(p.inland) {
			add(osm.Land, class, 10, word{}, orb.Polygon{p.onGlobe(part)})
		}
		add(osm.Label, "neighbourhood", 14, word{c.name, c.nameEN}, p.globe(c.ring.centroid()))
	}
	for _, c := range p.districts {
		add(osm.Label, "suburb", 12, word{c.name, c.nameEN}, p.globe(c.ring.centroid()))
	}
	add(osm.Label, "city", 8, word{"נווה ים", "Neve Yam"}, p.globe(orb.Point{p.w * 0.45, p.h * 0.5}))
	for _, g := range p.parks {
		zoom := 13
		if g.ring.area() > 100_000 {
			zoom = 11
		}
		add(osm.Green, "park", zoom, g.name, orb.Polygon{p.onGlobe(g.ring)})
		add(osm.Label, "park", zoom+2, g.name, p.globe(g.ring.centroid()))
	}
	if p.lake != nil {
		add(osm.Water, "lake", 11, word{}, orb.Polygon{p.onGlobe(p.lake)})
	}
	for _, h := range p.houses {
		if h.walls != nil {
			add(osm.Building, "building", 14, word{}, orb.Polygon{p.onGlobe(h.walls)})
		}
	}
	zooms := map[string]int{"primary": 9, "secondary": 10, "tertiary": 11, "residential": 13}
	classes := map[string]string{"residential": "minor"}
	for i, s := range p.streets {
		class := s.class
		if c, ok := classes[class]; ok {
			class = c
		}
		for _, l := range joined(geoms[i]) {
			add(osm.Road, class, zooms[s.class], s.name, l)
		}
	}
	return out
}

// sea reaches from the coast out to the west, beyond the map's first view.
func (p *plan) sea() ring {
	var r ring
	for _, q := range p.land {
		if q[0] < p.coast(q[1])+1 && q[1] > 1 {
			r = append(r, q)
		}
	}
	top, bottom := r[0], r[len(r)-1]
	out := ring{{top[0] + 60, p.h + 9_000}, {-14_000, p.h + 9_000}, {-14_000, -9_000}, {bottom[0] - 60, -9_000}}
	for i := len(r) - 1; i >= 0; i-- {
		out = append(out, r[i])
	}
	return out
}

// sand is the strip along the water.
func (p *plan) sand() ring {
	var shore ring
	for _, q := range p.land {
		if q[0] < p.coast(q[1])+1 && q[1] > 1 {
			shore = append(shore, q)
		}
	}
	out := append(ring{}, shore...)
	for i := len(shore) - 1; i >= 0; i-- {
		out = append(out, orb.Point{shore[i][0] + 48 + 14*math.Sin(shore[i][1]/200), shore[i][1]})
	}
	return out
}

type parts []ring

// insideOf keeps what of the cells lies within the built-up ring: cells on
// the rim lose the strip of fields or beach outside of it.
func (c parts) insideOf(r ring) []ring {
	var out []ring
	for _, cell := range c {
		cut := make(ring, 0, len(cell))
		for _, q := range cell {
			if r.contains(q) {
				cut = append(cut, q)
				continue
			}
			cut = append(cut, nearestOn(r, q))
		}
		if math.Abs(cut.area()) > 1_000 {
			out = append(out, cut)
		}
	}
	return out
}

func nearestOn(r ring, q orb.Point) orb.Point {
	best, far := r[0], math.Inf(1)
	for i, a := range r {
		b := r[(i+1)%len(r)]
		l2 := (b[0]-a[0])*(b[0]-a[0]) + (b[1]-a[1])*(b[1]-a[1])
		t := 0.0
		if l2 > 0 {
			t = min(max(((q[0]-a[0])*(b[0]-a[0])+(q[1]-a[1])*(b[1]-a[1]))/l2, 0), 1)
		}
		s := along(a, b, t)
		if d := math.Hypot(s[0]-q[0], s[1]-q[1]); d < far {
			best, far = s, d
		}
	}
	return best
}

// joined puts lines that follow each other together, so that a street's name
// is drawn along it and not along each block.
func joined(m orb.MultiLineString) []orb.LineString {
	var out []orb.LineString
	for _, l := range m {
		if n := len(out); n > 0 && out[n-1][len(out[n-1])-1] == l[0] {
			out[n-1] = append(out[n-1], l[1:]...)
			continue
		}
		out = append(out, append(orb.LineString{}, l...))
	}
	return out
}
