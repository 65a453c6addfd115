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
		name   *gazName
	}
	var lined, housed []named
	for i := range g.names {
		n := &g.names[i]
		if n.entry&entryKind != streetEntry || !n.primary || n.joined == "" {
			continue
		}
		s := &g.streets[n.entry.index()]
		if len(s.lines) > 0 {
			lined = append(lined, named{int32(n.entry.index()), n})
		}
		if s.after > s.first {
			housed = append(housed, named{int32(n.entry.index()), n})
		}
	}
	for _, h := range housed {
		hs := &g.streets[h.street]
		for _, l := range lined {
			ls := &g.streets[l.street]
			if l.street == h.street || len(hs.lines) > 0 && ls.after > ls.first ||
				bits.OnesCount32(h.name.mask^l.name.mask) > 2 || h.name.script != l.name.script ||
				g.apart(hs.bound, ls.bound) > 100 || !alike(h.name, l.name) || slices.Contains(hs.kin, l.street) {
				continue
			}
			if g.along(hs, ls) < 70 {
				hs.kin = append(hs.kin, l.street)
				ls.kin = append(ls.kin, h.street)
				if len(hs.lines) == 0 {
					hs.lines = ls.lines
				}
			}
		}
	}
}

// alike reports whether two names may be spellings of one.
func alike(a, b *gazName) bool {
	table, _, ok := between(a.script, b.script)
	if !ok {
		return false
	}
	limit := min(allowed(min(len(a.joined), len(b.joined))), oneEdit+6)
	if len(a.joined) < 5 {
		limit = 8
	}
	joinedA, joinedB := a.joined, b.joined
	if table.distance(joinedA, joinedB, limit, false) <= limit {
		return true
	}
	if a.bare != "" {
		joinedA = a.bare
	}
	if b.bare != "" {
		joinedB = b.bare
	}
	return (a.bare != "" || b.bare != "") && table.distance(joinedA, joinedB, limit, false) <= limit
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
