package geo

import (
	"math/bits"
	"slices"
)

// joinKin finds the streets that are one street under two spellings: the
// register of addresses says ברוש and the layer of lines says הברוש. Their
// names differ little and the houses of the one stand along the lines of the
// other, which has few houses or none of its own.
func (g *Gazetteer) joinKin() {
	type named struct {
		street int32
		join   *gazJoin
	}
	var lined, housed []named
	for i := range g.joins {
		n := &g.names[g.joins[i].name]
		if n.entry&entryKind != streetEntry || !n.primary {
			continue
		}
		this := named{int32(n.entry.index()), &g.joins[i]}
		s := &g.streets[this.street]
		if len(s.lines) > 0 {
			lined = append(lined, this)
		}
		if s.after > s.first {
			housed = append(housed, this)
		}
	}
	for _, h := range housed {
		hs := &g.streets[h.street]
		for _, l := range lined {
			ls := &g.streets[l.street]
			if l.street == h.street || len(hs.lines) > 0 && ls.after > ls.first ||
				bits.OnesCount64(h.join.mask^l.join.mask) > 2 ||
				g.apart(hs.bound, ls.bound) > 100 || !alike(h.join, l.join, 2*oneEdit) || slices.Contains(hs.kin, l.street) {
				continue
			}
			within := 70.0
			if !alike(h.join, l.join, oneEdit+6) {
				within = 35 // less alike, and so they must lie the closer
			}
			if g.along(hs, ls) < within {
				hs.kin = append(hs.kin, l.street)
				ls.kin = append(ls.kin, h.street)
				if len(hs.lines) == 0 {
					hs.lines = ls.lines
				}
			}
		}
	}
}

// alike reports whether two names may be spellings of one, which differ by most
// at most.
func alike(a, b *gazJoin, most int) bool {
	table, crossing, ok := between(a.script, b.script)
	if !ok || crossing > 0 {
		return false
	}
	limit := min(allowed(min(len(a.lit), len(b.lit))), most)
	if len(a.lit) < 5 {
		limit = 8
	}
	return table.distance(a.lit, b.lit, limit, false) <= limit
}

// along is how far half of the houses of one street lie from the lines of
// another, at most.
func (g *Gazetteer) along(houses, lines *gazStreet) float64 {
	var d []float64
	for _, h := range g.houses[houses.first:houses.after] {
		if at, ok := NearestOnMultiLine(h.point, lines.lines); ok {
			d = append(d, at.Distance())
		}
	}
	if len(d) == 0 {
		return 1e9
	}
	return median(d)
}
