package geo

import "github.com/paulmach/orb"

// Simplify is which vertices of a line to keep so that it nowhere strays from
// itself by more than so many metres: their indexes in order, the first and the
// last among them (Douglas and Peucker, 1973). Metres are those of the plane at
// the line's first vertex.
func Simplify(line orb.LineString, metres float64) []int {
	if len(line) < 3 {
		keep := make([]int, len(line))
		for i := range keep {
			keep[i] = i
		}
		return keep
	}
	plane := PlaneAt(line[0])
	xy := make([]orb.Point, len(line))
	for i, p := range line {
		xy[i] = plane.XY(p)
	}
	kept := make([]bool, len(line))
	kept[0], kept[len(line)-1] = true, true
	for open := [][2]int{{0, len(line) - 1}}; len(open) > 0; {
		from, to := open[len(open)-1][0], open[len(open)-1][1]
		open = open[:len(open)-1]
		far, at := metres, -1
		for i := from + 1; i < to; i++ {
			if d := flat(xy[i], nearestOn(xy[i], xy[from], xy[to])); d > far {
				far, at = d, i
			}
		}
		if at >= 0 {
			kept[at] = true
			open = append(open, [2]int{from, at}, [2]int{at, to})
		}
	}
	var keep []int
	for i, k := range kept {
		if k {
			keep = append(keep, i)
		}
	}
	return keep
}
