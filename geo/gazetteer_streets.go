package geo

import (
	"cmp"
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// joinWithin is how far apart, in metres, pieces of one name may lie and
// still be one street.
const joinWithin = 350

// addStreets joins the pieces of each street and gives it its houses.
func (g *Gazetteer) addStreets(streets []Street, addresses []Address) {
	at := make(map[int64]int32, len(streets)) // street id → place in streets
	for i, s := range streets {
		at[s.ID] = int32(i)
	}
	bounds := make([]orb.Bound, len(streets))
	for i, s := range streets {
		bounds[i] = emptyBound()
		for _, l := range s.Geom {
			for _, p := range l {
				bounds[i] = extend(bounds[i], p)
			}
		}
	}
	for _, a := range addresses {
		if i, ok := at[a.Street]; ok && len(streets[i].Geom) == 0 {
			bounds[i] = extend(bounds[i], a.Point)
		}
	}
	logical := g.joinPieces(streets, bounds)
	g.addHouses(addresses, at, logical)
	for i := range g.streets {
		s := &g.streets[i]
		s.bound = emptyBound()
		for _, l := range s.lines {
			for _, p := range l {
				s.bound = extend(s.bound, p)
			}
		}
		for _, h := range g.houses[s.first:s.after] {
			s.bound = extend(s.bound, h.point)
		}
		s.hood = -1
		if !s.bound.IsEmpty() {
			s.mid = g.middle(s)
			s.hood = g.hoodAt(s.mid)
		}
	}
}

// joinPieces groups streets of one name that lie close together, and gives
// for each of streets its place in g.streets, or -1 where it has no name.
func (g *Gazetteer) joinPieces(streets []Street, bounds []orb.Bound) []int32 {
	byName := map[string][]int32{}
	logical := make([]int32, len(streets))
	for i, s := range streets {
		logical[i] = -1
		if key := Normalise(s.Name); key != "" {
			byName[key] = append(byName[key], int32(i))
		}
	}
	group := make([]int32, len(streets))
	for i := range group {
		group[i] = int32(i)
	}
	root := func(i int32) int32 {
		for group[i] != i {
			group[i] = group[group[i]]
			i = group[i]
		}
		return i
	}
	for _, pieces := range byName {
		for x, a := range pieces {
			for _, b := range pieces[:x] {
				if root(a) != root(b) && g.apart(bounds[a], bounds[b]) < joinWithin {
					group[max(root(a), root(b))] = min(root(a), root(b))
				}
			}
		}
	}
	for i, s := range streets {
		if Normalise(s.Name) == "" {
			continue
		}
		r := root(int32(i))
		if int(r) == i {
			logical[i] = int32(len(g.streets))
			g.streets = append(g.streets, gazStreet{id: s.ID, name: strings.TrimSpace(s.Name), names: s.Names, aliases: s.Aliases, lines: usable(s.Geom)})
			continue
		}
		l := &g.streets[logical[r]]
		logical[i] = logical[r]
		l.lines = append(slices.Clip(l.lines), usable(s.Geom)...)
		for _, alias := range s.Aliases {
			if !slices.Contains(l.aliases, alias) {
				l.aliases = append(slices.Clip(l.aliases), alias)
			}
		}
		if len(l.names) == 0 {
			l.names = s.Names
		}
	}
	for _, pieces := range byName {
		first := logical[pieces[0]]
		for _, p := range pieces[1:] {
			if logical[p] != first {
				g.streets[logical[p]].twin, g.streets[first].twin = true, true
			}
		}
	}
	return logical
}

// usable leaves out the lines that are no lines.
func usable(lines orb.MultiLineString) orb.MultiLineString {
	bad := func(l orb.LineString) bool {
		return len(l) < 2 || slices.ContainsFunc(l, func(p orb.Point) bool { return !finite(p) })
	}
	if !slices.ContainsFunc(lines, bad) {
		return lines
	}
	return slices.DeleteFunc(slices.Clone(lines), bad)
}

func (g *Gazetteer) addHouses(addresses []Address, at map[int64]int32, logical []int32) {
	g.houses = make([]gazHouse, 0, len(addresses))
	for _, a := range addresses {
		i, ok := at[a.Street]
		if !ok || logical[i] < 0 {
			g.stats.Unlinked++
			continue
		}
		number, ok := parseHouse(a.House)
		if !ok || !finite(a.Point) {
			g.stats.Unread++
			continue
		}
		g.houses = append(g.houses, gazHouse{houseNumber: number, street: logical[i], count: 1,
			label: strings.TrimSpace(a.House), point: a.Point})
	}
	slices.SortStableFunc(g.houses, func(a, b gazHouse) int {
		return cmp.Or(cmp.Compare(a.street, b.street), compareHouses(a.houseNumber, b.houseNumber))
	})
	g.joinDoubled()
	for i := range g.houses {
		s := &g.streets[g.houses[i].street]
		if s.after == 0 {
			s.first = int32(i)
		}
		s.after = int32(i + 1)
	}
}

func compareHouses(a, b houseNumber) int {
	return cmp.Or(cmp.Compare(a.N, b.N), cmp.Compare(a.Suffix, b.Suffix), cmp.Compare(a.To, b.To))
}

// joinDoubled makes one house of the points of one number that lie within a
// house's length; the others stay, the place with the most points first.
func (g *Gazetteer) joinDoubled() {
	const within = 40
	out := g.houses[:0]
	for i := 0; i < len(g.houses); {
		start := len(out)
		first := g.houses[i]
		for ; i < len(g.houses) && g.houses[i].street == first.street && g.houses[i].houseNumber == first.houseNumber; i++ {
			h := g.houses[i]
			near := slices.IndexFunc(out[start:], func(o gazHouse) bool { return g.plane.Distance(o.point, h.point) < within })
			if near >= 0 {
				out[start+near].count++
				g.stats.Doubled++
				continue
			}
			out = append(out, h)
		}
		slices.SortStableFunc(out[start:], func(a, b gazHouse) int { return cmp.Compare(b.count, a.count) })
	}
	g.houses = slices.Clip(out)
}

// apart is the distance in metres between two bounds, infinite for an empty
// one.
func (g *Gazetteer) apart(a, b orb.Bound) float64 {
	if a.IsEmpty() || b.IsEmpty() {
		return 1e9
	}
	dx := max(0, a.Min[0]-b.Max[0], b.Min[0]-a.Max[0]) * g.plane.PerLon
	dy := max(0, a.Min[1]-b.Max[1], b.Min[1]-a.Max[1]) * g.plane.PerLat
	return max(dx, dy)
}

// middle is the point half way along the street's longest line, or amid its
// houses.
func (g *Gazetteer) middle(s *gazStreet) orb.Point {
	best, length := -1, -1.0
	for i, l := range s.lines {
		if n := LineLength(l); n > length {
			best, length = i, n
		}
	}
	if best >= 0 {
		centre := s.bound.Center()
		if len(s.lines) > 1 {
			if at, ok := NearestOnMultiLine(centre, s.lines); ok {
				return at.Point
			}
		}
		if p, ok := PointAlong(s.lines[best], length/2); ok {
			return p
		}
	}
	if s.after > s.first {
		centre := s.bound.Center()
		return slices.MinFunc(g.houses[s.first:s.after], func(a, b gazHouse) int {
			return cmp.Compare(g.plane.Distance(a.point, centre), g.plane.Distance(b.point, centre))
		}).point
	}
	return s.bound.Center()
}

func emptyBound() orb.Bound { return orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{-1, -1}} }

func extend(b orb.Bound, p orb.Point) orb.Bound {
	if !finite(p) {
		return b
	}
	if b.IsEmpty() {
		return p.Bound()
	}
	return b.Extend(p)
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}
