package osm

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	posm "github.com/paulmach/osm"
)

// maxRings bounds the rings of one area, whose nesting is found pair by pair.
const maxRings = 3_000

// area assembles the rings of a multipolygon relation: ways are joined end to
// end whatever their direction and role, and which ring is a hole is told by
// how the rings nest. What cannot be closed is named in the report.
func (c *collected) area(r *relation) orb.MultiPolygon {
	var parts []*way
	seen := map[int64]bool{}
	lacking := 0
	for _, m := range r.members {
		if m.Type != posm.TypeWay {
			continue
		}
		if m.Role != "outer" && m.Role != "inner" && m.Role != "" {
			continue
		}
		w := c.way(m.Ref)
		switch {
		case seen[m.Ref]:
			c.tally.leave("area", "a member twice: taken once", r.String())
		case w == nil || len(w.nodes) < 2:
			lacking++
		default:
			parts = append(parts, w)
		}
		seen[m.Ref] = true
	}
	chains, open := chain(parts)
	var rings []orb.Ring
	for _, ids := range chains {
		line, lost := c.at.line(ids)
		ring := orb.Ring(dropRepeats(line))
		switch {
		case lost > 0:
			c.tally.leave("area", "a ring whose nodes are not all in the file", r.String())
		case len(ring) < 4 || planar.Area(ring) == 0:
			c.tally.leave("area", "a ring without extent", r.String())
		default:
			rings = append(rings, ring)
		}
	}
	switch {
	case len(open) > 0 && lacking > 0:
		c.tally.leave("area", "a ring is open, since some of its ways are not in the file", r.String())
	case len(open) > 0:
		c.tally.leave("area", "a ring is broken", fmt.Sprintf("%s at %s", r, name(posm.TypeNode, open[0])))
	}
	if len(rings) > maxRings {
		c.tally.leave("area", fmt.Sprintf("more than %d rings", maxRings), r.String())
		return nil
	}
	return nest(rings)
}

// chain joins ways into closed runs of nodes. open has the loose end of each
// run that does not close. A run that comes back to a node where it was before
// closes there, so rings that touch at a node come apart.
func chain(parts []*way) (rings [][]int64, open []int64) {
	at := map[int64][]int{}
	for i, w := range parts {
		if w.closed() {
			continue
		}
		a, b := w.nodes[0], w.nodes[len(w.nodes)-1]
		at[a] = append(at[a], i)
		if b != a {
			at[b] = append(at[b], i)
		}
	}
	used := make([]bool, len(parts))
	take := func(node int64) int {
		list := at[node]
		for len(list) > 0 && used[list[len(list)-1]] {
			list = list[:len(list)-1]
		}
		at[node] = list
		if len(list) == 0 {
			return -1
		}
		return list[len(list)-1]
	}
	for i, w := range parts {
		if used[i] {
			continue
		}
		used[i] = true
		if w.closed() {
			rings = append(rings, w.nodes)
			continue
		}
		run := slices.Clone(w.nodes)
		starts := map[int64]int{run[0]: 0} // joint → index in run
		for {
			tail := run[len(run)-1]
			if from, ok := starts[tail]; ok && from < len(run)-1 {
				rings = append(rings, slices.Clone(run[from:]))
				for node, at := range starts {
					if at > from {
						delete(starts, node)
					}
				}
				run = run[:from+1]
				if from == 0 {
					break
				}
				continue
			}
			next := take(tail)
			if next < 0 {
				open = append(open, tail)
				break
			}
			used[next] = true
			starts[tail] = len(run) - 1
			nodes := parts[next].nodes
			if nodes[0] != tail {
				nodes = slices.Clone(nodes)
				slices.Reverse(nodes)
			}
			run = append(run, nodes[1:]...)
		}
	}
	return rings, open
}

// nest tells outer rings from holes: a ring within an odd number of others is
// a hole of the smallest of them. Outer rings come counter-clockwise, holes
// clockwise, the largest area first.
func nest(rings []orb.Ring) orb.MultiPolygon {
	type nested struct {
		ring  orb.Ring
		bound orb.Bound
		size  float64
		outer int // its polygon's index; for a hole that of the ring around it
		hole  bool
	}
	all := make([]nested, len(rings))
	for i, r := range rings {
		all[i] = nested{ring: r, bound: r.Bound(), size: math.Abs(planar.Area(r))}
	}
	slices.SortStableFunc(all, func(a, b nested) int { return cmp.Compare(b.size, a.size) })
	var out orb.MultiPolygon
	for i := range all {
		n := &all[i]
		p := insidePoint(n.ring)
		depth, parent := 0, -1
		for j := range i {
			if all[j].bound.Contains(p) && planar.RingContains(all[j].ring, p) {
				depth, parent = depth+1, j
			}
		}
		if n.hole = depth%2 == 1; n.hole && !all[parent].hole {
			n.outer = all[parent].outer
			out[n.outer] = append(out[n.outer], oriented(n.ring, orb.CW))
		} else if !n.hole {
			n.outer = len(out)
			out = append(out, orb.Polygon{oriented(n.ring, orb.CCW)})
		}
	}
	return out
}

func oriented(r orb.Ring, o orb.Orientation) orb.Ring {
	if r.Orientation() != o {
		r = r.Clone()
		r.Reverse()
	}
	return r
}

// dropRepeats leaves out points that repeat the one before.
func dropRepeats(l orb.LineString) orb.LineString { return slices.Compact(l) }

// insidePoint is a point within the ring, near its middle: the centroid, or
// where the ring bends around it the middle of the widest stretch at its
// height.
func insidePoint(r orb.Ring) orb.Point {
	c, _ := planar.CentroidArea(orb.Polygon{r})
	if planar.RingContains(r, c) {
		return c
	}
	var xs []float64
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		if (a[1] > c[1]) != (b[1] > c[1]) {
			xs = append(xs, a[0]+(c[1]-a[1])/(b[1]-a[1])*(b[0]-a[0]))
		}
	}
	slices.Sort(xs)
	best, width := r[0], -1.0
	for i := 0; i+1 < len(xs); i += 2 {
		if w := xs[i+1] - xs[i]; w > width {
			best, width = orb.Point{(xs[i] + xs[i+1]) / 2, c[1]}, w
		}
	}
	return best
}

// middle is a point of an area that stands for it: inside its largest part.
func middle(mp orb.MultiPolygon) (orb.Point, bool) {
	var best orb.Ring
	size := -1.0
	for _, p := range mp {
		if s := math.Abs(planar.Area(p[0])); s > size {
			best, size = p[0], s
		}
	}
	if best == nil {
		return orb.Point{}, false
	}
	return insidePoint(best), true
}
