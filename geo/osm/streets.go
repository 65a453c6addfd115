package osm

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"moked/geo"
)

// sameStreet is the gap across which two lines of one name are still one
// street: over a park or a rail line, but not to the next village. nearStreet
// is how far from its street's line a house may stand.
const (
	sameStreet = 400.0
	nearStreet = 2_000.0
)

// notStreets are values of highway=* that are no way that bears a name for
// addresses.
var notStreets = map[string]bool{
	"proposed": true, "construction": true, "planned": true, "abandoned": true, "razed": true, "disused": true,
	"platform": true, "bus_stop": true, "rest_area": true, "services": true, "elevator": true,
	"corridor": true, "raceway": true, "via_ferrata": true, "crossing": true, "no": true,
}

// piece is one named line, before pieces become streets.
type piece struct {
	name    string
	names   geo.Names
	aliases []string
	class   string
	rank    int // of the class: the lower, the more of a road
	line    orb.LineString
}

// streetIndex gathers pieces into streets, and finds the street that an
// address names.
type streetIndex struct {
	streets []geo.Street
	byKey   map[string][]int
}

// newStreetIndex groups pieces of one name that are near each other.
func newStreetIndex(pieces []piece) *streetIndex {
	byKey := map[string][]int{}
	var order []string
	for i := range pieces {
		k := geo.Normalise(pieces[i].name)
		if k == "" {
			continue
		}
		if byKey[k] == nil {
			order = append(order, k)
		}
		byKey[k] = append(byKey[k], i)
	}
	x := &streetIndex{byKey: map[string][]int{}}
	for _, k := range order {
		lines := make([]orb.LineString, len(byKey[k]))
		for i, p := range byKey[k] {
			lines[i] = pieces[p].line
		}
		of := map[int][]piece{}
		for i, g := range groups(lines, sameStreet) {
			of[g] = append(of[g], pieces[byKey[k][i]])
		}
		firsts := make([]int, 0, len(of))
		for g := range of {
			firsts = append(firsts, g)
		}
		slices.Sort(firsts)
		for _, g := range firsts {
			x.add(merged(of[g]))
		}
	}
	return x
}

// merged makes one street of its pieces: the commonest spelling of the name,
// every other name, the greatest class.
func merged(pieces []piece) geo.Street {
	spelt := map[string]int{}
	rank := math.MaxInt
	s := geo.Street{}
	for _, p := range pieces {
		spelt[p.name]++
		if n := spelt[p.name]; s.Name == "" || n > spelt[s.Name] {
			s.Name = p.name
		}
		if p.rank < rank {
			s.Class, rank = p.class, p.rank
		}
		for lang, n := range p.names {
			if s.Names == nil {
				s.Names = geo.Names{}
			}
			if s.Names[lang] == "" {
				s.Names[lang] = n
			}
		}
		s.Geom = append(s.Geom, p.line)
	}
	for _, p := range pieces {
		s.Aliases = addAlias(s.Aliases, p.name, s.Name)
		for _, a := range p.aliases {
			s.Aliases = addAlias(s.Aliases, a, s.Name)
		}
	}
	return s
}

func (x *streetIndex) add(s geo.Street) int {
	i := len(x.streets)
	s.ID = int64(i + 1)
	x.streets = append(x.streets, s)
	keys := []string{geo.Normalise(s.Name)}
	for _, n := range s.Names {
		keys = append(keys, geo.Normalise(n))
	}
	for _, a := range s.Aliases {
		keys = append(keys, geo.Normalise(a))
	}
	slices.Sort(keys)
	for _, k := range slices.Compact(keys) {
		x.byKey[k] = append(x.byKey[k], i)
	}
	return i
}

// find is the street of that name nearest to p, or -1. One whose own name
// matches goes before one that is only also called so.
func (x *streetIndex) find(name string, p orb.Point) int {
	best, bestDistance, bestOther := -1, nearStreet, true
	k := geo.Normalise(name)
	for _, i := range x.byKey[k] {
		s := &x.streets[i]
		if len(s.Geom) == 0 {
			continue
		}
		other := geo.Normalise(s.Name) != k
		at, ok := geo.NearestOnMultiLine(p, s.Geom)
		d := at.Distance()
		if !ok || d > nearStreet {
			continue
		}
		if best < 0 || cmp.Or(compareBool(other, bestOther), cmp.Compare(d, bestDistance)) < 0 {
			best, bestDistance, bestOther = i, d, other
		}
	}
	return best
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// house is an address before it is tied to its street.
type house struct {
	street string
	number string
	point  orb.Point
	where  string // the element or feature
}

// link ties houses to streets: to the nearest of the name, or to one without
// a line that is made for them.
func (x *streetIndex) link(houses []house, t *tally) []geo.Address {
	type around struct {
		name string
		x, y int
	}
	plane := geo.PlaneAt(orb.Point{})
	if len(houses) > 0 {
		plane = geo.PlaneAt(houses[0].point)
	}
	made := map[around]int{} // street by name and square of twice nearStreet
	lines := len(x.streets) > 0
	seen := map[geo.Address]bool{}
	out := []geo.Address{}
	for _, h := range houses {
		name := geo.Normalise(h.street)
		if name == "" {
			t.leave("address", "the street's name has no letter or digit", h.where)
			continue
		}
		s := x.find(h.street, h.point)
		if s < 0 {
			p := plane.XY(h.point)
			at := around{name, int(math.Floor(p[0] / nearStreet)), int(math.Floor(p[1] / nearStreet))}
			for dx := -1; dx <= 1 && s < 0; dx++ {
				for dy := -1; dy <= 1 && s < 0; dy++ {
					if i, ok := made[around{name, at.x + dx, at.y + dy}]; ok {
						s = i
					}
				}
			}
			if s < 0 {
				st := geo.Street{Name: h.street}
				if lang := script(h.street); lang != "" {
					st.Names = geo.Names{lang: h.street}
				}
				s = x.add(st)
				if lines {
					t.leave("street", "no line of that name near its houses: kept without a line", h.where)
				}
			}
			made[at] = s
		}
		a := geo.Address{Street: x.streets[s].ID, House: h.number, Point: h.point}
		if seen[a] {
			t.leave("address", "the same house twice", h.where)
			continue
		}
		seen[a] = true
		a.ID = int64(len(out) + 1)
		out = append(out, a)
	}
	return out
}
