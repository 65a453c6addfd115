package osm

import (
	"math"

	"github.com/paulmach/orb"

	"moked/geo"
)

// sets joins things into disjoint sets.
type sets []int32

func newSets(n int) sets {
	s := make(sets, n)
	for i := range s {
		s[i] = int32(i)
	}
	return s
}

func (s sets) find(i int) int {
	for int(s[i]) != i {
		s[i] = s[s[i]]
		i = int(s[i])
	}
	return i
}

// join keeps the smaller member as the set's name.
func (s sets) join(a, b int) {
	a, b = s.find(a), s.find(b)
	s[max(a, b)] = int32(min(a, b))
}

// groups joins the lines that come within gap metres of each other, through
// others if need be, and gives each line its group: the index of the group's
// first line. It works on a grid of an eighth of the gap, so the gap is good
// to a quarter, and takes time in proportion to the lines' length.
func groups(lines []orb.LineString, gap float64) []int {
	type cell [2]int32
	at := map[cell]int{}
	joined := newSets(len(lines))
	if len(lines) > 1 {
		var plane geo.Plane
		for i := range lines {
			if len(lines[i]) > 0 {
				plane = geo.PlaneAt(lines[i][0])
				break
			}
		}
		step := gap / 8
		for i, l := range lines {
			for j := range l {
				a, b := plane.XY(l[max(j-1, 0)]), plane.XY(l[j])
				n := min(int(math.Hypot(b[0]-a[0], b[1]-a[1])/step), 200) + 1
				for k := range n + 1 {
					t := float64(k) / float64(n)
					c := cell{int32(math.Floor((a[0] + t*(b[0]-a[0])) / step)), int32(math.Floor((a[1] + t*(b[1]-a[1])) / step))}
					if first, ok := at[c]; ok {
						joined.join(first, i)
					} else {
						at[c] = i
					}
				}
			}
		}
		for c, i := range at {
			for dx := int32(0); dx <= 8; dx++ {
				for dy := int32(-8); dy <= 8; dy++ {
					if dx*dx+dy*dy > 64 {
						continue
					}
					if j, ok := at[cell{c[0] + dx, c[1] + dy}]; ok {
						joined.join(i, j)
					}
				}
			}
		}
	}
	out := make([]int, len(lines))
	for i := range out {
		out[i] = joined.find(i)
	}
	return out
}
