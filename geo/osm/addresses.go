package osm

import (
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	posm "github.com/paulmach/osm"
)

// houses reads every address of the extract: ways, relations and nodes with
// addr:housenumber, their street from addr:street, the associatedStreet
// relation that they are in, or addr:place. Buildings come first, then the
// shops and doors in them that bear the number again.
func (c *collected) houses() []house {
	c.groupStreets()
	var out []house
	add := func(t tags, p orb.Point, where string, group string) {
		numbers := numbersOf(t["addr:housenumber"])
		if len(numbers) == 0 {
			if t["addr:housenumber"] != "" {
				c.tally.leave("address", "the house number has no digit", where)
			}
			return
		}
		street := t.first("addr:street", "addr:street:he")
		if street == "" {
			street = group
		}
		if street == "" {
			street = t["addr:place"]
		}
		if street == "" {
			c.tally.leave("address", "a house number without a street", where)
			return
		}
		if !c.within(p) {
			c.tally.leave("address", "outside the boundary", where)
			return
		}
		for _, n := range numbers {
			out = append(out, house{street, n, p, where})
		}
	}
	for i := range c.ways {
		w := &c.ways[i]
		if w.tags["addr:interpolation"] != "" {
			c.tally.leave("address", "numbers interpolated along a line are no houses: its ends are taken", w.String())
			continue
		}
		if w.tags["addr:housenumber"] == "" {
			continue
		}
		if p, ok := c.wayPoint(w); ok {
			add(w.tags, p, w.String(), c.streetOf[posm.WayID(w.id).FeatureID()])
		} else {
			c.tally.leave("address", "its nodes are not in the file", w.String())
		}
	}
	for i := range c.relations {
		r := &c.relations[i]
		if r.tags["addr:housenumber"] == "" {
			continue
		}
		if p, ok := c.relationPoint(r); ok {
			add(r.tags, p, r.String(), c.streetOf[posm.RelationID(r.id).FeatureID()])
		} else {
			c.tally.leave("address", "its outline is not in the file", r.String())
		}
	}
	for i := range c.nodes {
		n := &c.nodes[i]
		if n.tags["addr:housenumber"] != "" {
			add(n.tags, n.point, n.String(), c.streetOf[posm.NodeID(n.id).FeatureID()])
		}
	}
	return out
}

// groupStreets notes, for the members of associatedStreet relations, and for
// the ends of interpolated lines, the street that these name.
func (c *collected) groupStreets() {
	c.streetOf = map[posm.FeatureID]string{}
	for i := range c.relations {
		r := &c.relations[i]
		if t := r.tags["type"]; t != "associatedStreet" && t != "street" {
			continue
		}
		street := r.tags.first("name", "name:he", "addr:street")
		for _, m := range r.members {
			if w := c.way(m.Ref); street == "" && m.Type == posm.TypeWay && m.Role == "street" && w != nil {
				street = w.tags["name"]
			}
		}
		if street == "" {
			c.tally.leave("relation", "associates houses with a street that has no name", r.String())
			continue
		}
		for _, m := range r.members {
			if m.Role == "house" || m.Role == "address" || m.Role == "addr:houselink" {
				c.streetOf[m.FeatureID()] = street
			}
		}
	}
	for i := range c.ways {
		w := &c.ways[i]
		if street := w.tags["addr:street"]; w.tags["addr:interpolation"] != "" && street != "" {
			for _, n := range w.nodes {
				c.streetOf[posm.NodeID(n).FeatureID()] = street
			}
		}
	}
}

// maxRange is the longest run of numbers that one building bears.
const maxRange = 40

// numbersOf takes apart what one addr:housenumber lists: "12;14" is two
// houses, "12-16" the building of 12, 14 and 16, "17א" and "32/2" one each.
func numbersOf(s string) []string {
	var out []string
	for _, n := range strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == ',' }) {
		n = strings.Join(strings.Fields(n), " ")
		if !strings.ContainsAny(n, "0123456789") {
			continue
		}
		from, to, ok := strings.Cut(strings.NewReplacer("–", "-", "—", "-", "־", "-").Replace(n), "-")
		a, errA := strconv.Atoi(strings.TrimSpace(from))
		b, errB := strconv.Atoi(strings.TrimSpace(to))
		if !ok || errA != nil || errB != nil || a >= b || b-a > maxRange {
			out = append(out, n)
			continue
		}
		step := 1
		if (b-a)%2 == 0 {
			step = 2
		}
		for i := a; i <= b; i += step {
			out = append(out, strconv.Itoa(i))
		}
	}
	return out
}
