package geo

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// What it costs, in twentieths of a typing error, that a house is not known
// as it was said.
const (
	costKin          = 1
	costRange        = 2
	costInner        = 1 // 32/2 for 32: the second number is a flat's
	costSuffix       = 4
	costInterpolated = 7
	costBeyond       = 12
	costNoHouse      = 12
)

// found is where a house of a street is, and how well that is known.
type found struct {
	house     int32 // in houses, or -1
	point     orb.Point
	precision Precision
	cost      int
	label     string // the house as the answer names it
	reach     float64
}

// locate finds a house on a street: the house itself, at more than one place
// where the register has it so, or where it should be by its neighbours, or
// the street alone.
func (g *Gazetteer) locate(street int32, want houseNumber) []found {
	s := &g.streets[street]
	if out := g.exactHouse(street, want); len(out) > 0 {
		return out
	}
	for _, k := range s.kin {
		if out := g.exactHouse(k, want); len(out) > 0 {
			for i := range out {
				out[i].cost += costKin
			}
			return out
		}
	}
	for _, k := range append([]int32{street}, s.kin...) {
		if out, ok := g.likeHouse(k, want); ok {
			return []found{out}
		}
	}
	known := g.knownHouses(street)
	if p, reach, ok := g.interpolate(s, known, want.N); ok {
		return []found{{house: -1, point: p, precision: Interpolated, cost: costInterpolated, label: want.String(), reach: reach}}
	}
	cost := costNoHouse
	if len(known) > 0 {
		cost = costBeyond
	}
	return []found{{house: -1, point: s.mid, precision: OnStreet, cost: cost}}
}

// knownHouses lists the houses of a street and its kin by number.
func (g *Gazetteer) knownHouses(street int32) []gazHouse {
	s := &g.streets[street]
	known := g.houses[s.first:s.after]
	if len(s.kin) == 0 {
		return known
	}
	known = slices.Clone(known)
	for _, k := range s.kin {
		known = append(known, g.houses[g.streets[k].first:g.streets[k].after]...)
	}
	slices.SortStableFunc(known, func(a, b gazHouse) int { return compareHouses(a.houseNumber, b.houseNumber) })
	return known
}

// exactHouse finds the houses of that number and suffix.
func (g *Gazetteer) exactHouse(street int32, want houseNumber) []found {
	s := &g.streets[street]
	houses := g.houses[s.first:s.after]
	var out []found
	i, _ := slices.BinarySearchFunc(houses, want.N, func(h gazHouse, n int32) int { return cmp.Compare(h.N, n) })
	for ; i < len(houses) && houses[i].N == want.N; i++ {
		if h := &houses[i]; h.Suffix == want.Suffix && h.To == want.To {
			out = append(out, found{house: s.first + int32(i), point: h.point, precision: House, label: h.label})
		}
	}
	return out
}

// likeHouse finds a house that stands for the one wanted: the first of a
// range, the range that holds it, the house without its flat, another
// entrance of the same number.
func (g *Gazetteer) likeHouse(street int32, want houseNumber) (found, bool) {
	s := &g.streets[street]
	best := found{house: -1, cost: 1000}
	for i := s.first; i < s.after; i++ {
		h := &g.houses[i]
		if h.N > want.N && h.N != want.To {
			if want.To == 0 || h.N > want.To {
				break
			}
			continue
		}
		f := found{house: i, point: h.point, precision: House, label: h.label, cost: 1000}
		inner := len(want.Suffix) > 1 && want.Suffix[0] == '/'
		switch {
		case want.To > 0 && h.To == 0 && (h.N == want.N || h.N == want.To) && h.Suffix == "":
			f.cost = costRange
			if h.N == want.To {
				f.cost++
			}
		case h.To > 0 && want.To == 0 && h.N <= want.N && want.N <= h.To && (want.N-h.N)%2 == 0:
			f.cost = costRange
		case h.N == want.N && h.To == want.To && inner && h.Suffix == "":
			f.cost, f.label = costInner, h.label
		case h.N == want.N && (h.Suffix == "" || want.Suffix == "" || inner):
			f.cost, f.precision, f.label = costSuffix, Interpolated, want.String()
		case h.N == want.N:
			f.cost, f.precision, f.label = costSuffix+1, Interpolated, want.String()
		}
		if f.cost < best.cost {
			best = f
		}
	}
	return best, best.cost < 1000
}
