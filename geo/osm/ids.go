package osm

import (
	"slices"

	"github.com/paulmach/orb"
)

// ids is a set of ids, once sorted: eight bytes an id where a map takes forty.
type ids []int64

func (s *ids) sort() {
	if !slices.IsSorted(*s) {
		slices.Sort(*s)
	}
	*s = slices.Compact(*s)
}

func (s ids) has(id int64) bool {
	_, ok := slices.BinarySearch(s, id)
	return ok
}

// positions holds where the nodes of a fixed set are.
type positions struct {
	ids    ids
	points []orb.Point
	known  []bool
}

func newPositions(of ids) positions {
	return positions{of, make([]orb.Point, len(of)), make([]bool, len(of))}
}

// put places a node; it is ignored when not in the set. again: it was there.
func (p positions) put(id int64, pt orb.Point) (in, again bool) {
	i, ok := slices.BinarySearch(p.ids, id)
	if !ok {
		return false, false
	}
	again = p.known[i]
	p.points[i], p.known[i] = pt, true
	return true, again
}

func (p positions) get(id int64) (orb.Point, bool) {
	i, ok := slices.BinarySearch(p.ids, id)
	if !ok || !p.known[i] {
		return orb.Point{}, false
	}
	return p.points[i], true
}

// line is a way's drawing without the nodes that the file lacks, and how many
// it lacks.
func (p positions) line(nodes []int64) (orb.LineString, int) {
	line := make(orb.LineString, 0, len(nodes))
	for _, id := range nodes {
		if pt, ok := p.get(id); ok {
			line = append(line, pt)
		}
	}
	return line, len(nodes) - len(line)
}
