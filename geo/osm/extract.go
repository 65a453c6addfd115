package osm

import (
	"context"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"moked/geo"
)

// extract turns what was collected into the plain data.
func (c *collected) extract(ctx context.Context) (*Extract, error) {
	c.areas = map[int64]orb.MultiPolygon{}
	x := &Extract{}
	steps := []func(){
		func() {
			streets := newStreetIndex(c.pieces())
			x.Addresses = streets.link(c.houses(), c.tally)
			x.Streets = streets.streets
		},
		func() { x.Places = c.places() },
		func() {
			n := c.roadNetwork()
			x.Segments, x.Restrictions = n.segments, c.turns(n)
		},
		func() { x.Base = c.base() },
	}
	for _, step := range steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		step()
	}
	if len(x.Streets)+len(x.Addresses)+len(x.Places)+len(x.Segments)+len(x.Base) == 0 {
		return nil, wrongAt(Empty, -1, "no street, address, place or thing to draw in it")
	}
	for kind, n := range map[string]int{
		"street": len(x.Streets), "address": len(x.Addresses), "place": len(x.Places),
		"segment": len(x.Segments), "restriction": len(x.Restrictions),
	} {
		c.tally.taken[kind] = n
	}
	for i := range x.Base {
		c.tally.taken["map "+string(x.Base[i].Layer)]++
	}
	x.Report = c.tally.report(c.format)
	return x, nil
}

// pieces reads the named lines that streets are made of.
func (c *collected) pieces() []piece {
	var out []piece
	for i := range c.ways {
		w := &c.ways[i]
		h := w.tags["highway"]
		if h == "" || notStreets[h] {
			continue
		}
		name, names, aliases := named(w.tags)
		if name == "" {
			if classes[h].speed >= 50 && w.tags["junction"] == "" && w.tags["noname"] == "" {
				c.tally.leave("street", "no name", w.String())
			}
			continue
		}
		if geo.Normalise(name) == "" {
			c.tally.leave("street", "the name has no letter or digit", w.String())
			continue
		}
		line, _ := c.at.line(w.nodes)
		if line = dropRepeats(line); len(line) < 2 {
			c.tally.leave("street", "its nodes are not in the file", w.String())
			continue
		}
		if !c.touches(line) {
			c.tally.leave("street", "outside the boundary", w.String())
			continue
		}
		class := streetClass(h)
		out = append(out, piece{name, names, aliases, class, streetRank[class], line})
	}
	return out
}

// within reports whether a point lies in the boundary, or there is none.
func (c *collected) within(p orb.Point) bool {
	return !c.clipped() || c.box.Contains(p) && planar.MultiPolygonContains(c.o.Clip, p)
}

func (c *collected) touches(line orb.LineString) bool {
	for i, p := range line {
		if c.within(p) {
			return true
		}
		if i > 0 {
			q := line[i-1]
			if c.within(orb.Point{(p[0] + q[0]) / 2, (p[1] + q[1]) / 2}) {
				return true
			}
		}
	}
	return false
}

// wayPoint is a point that stands for a way: the middle of the area that a
// closed one encloses, the middle of an open one's length.
func (c *collected) wayPoint(w *way) (orb.Point, bool) {
	line, _ := c.at.line(w.nodes)
	line = dropRepeats(line)
	if w.closed() && len(line) >= 4 && line[0] == line[len(line)-1] {
		return insidePoint(orb.Ring(line)), true
	}
	return geo.PointAlong(line, geo.LineLength(line)/2)
}

func (c *collected) relationPoint(r *relation) (orb.Point, bool) {
	return middle(c.areaOf(r))
}

// areaOf is a relation's area, assembled once.
func (c *collected) areaOf(r *relation) orb.MultiPolygon {
	mp, ok := c.areas[r.id]
	if !ok {
		mp = c.area(r)
		c.areas[r.id] = mp
	}
	return mp
}
