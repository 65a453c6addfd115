package roads

import "slices"

// turns says where one may not go from a restricted state: into banned, or,
// when only is not empty, into anything else than only.
type turns struct {
	banned, only []int32 // segments
}

func (t turns) allow(segment int32) bool {
	return !slices.Contains(t.banned, segment) && (len(t.only) == 0 || slices.Contains(t.only, segment))
}

// expand numbers the states: one for each junction, and one more for each
// direction of a segment that comes to it with a turn restricted.
func (g *Graph) expand(junctions int, restrictions []Restriction) {
	type approach struct {
		segment int32
		way     int
	}
	restricted := map[approach]turns{}
	for _, r := range restrictions {
		from, ok := g.byID[r.From]
		to, okTo := g.byID[r.To]
		if !ok || !okTo {
			continue
		}
		leads := g.segments[to].A == r.Via && g.drive(to, 0) > 0 || g.segments[to].B == r.Via && g.drive(to, 1) > 0
		if !leads {
			continue
		}
		for way, end := range [2]int64{g.segments[from].B, g.segments[from].A} {
			if end != r.Via || g.drive(from, way) == 0 {
				continue
			}
			t := restricted[approach{from, way}]
			if r.Only {
				t.only = append(t.only, to)
			} else {
				t.banned = append(t.banned, to)
			}
			restricted[approach{from, way}] = t
		}
	}

	more := make([]int32, junctions) // restricted states by junction
	for a := range restricted {
		_, to := g.ends(a.segment, a.way)
		more[to]++
	}
	g.first = make([]int32, junctions+1)
	for j := range junctions {
		g.first[j+1] = g.first[j] + 1 + more[j]
	}
	next := slices.Clone(g.first)
	g.turns = make(map[int32]turns, len(restricted))
	for way := range g.arrive {
		g.arrive[way] = make([]int32, len(g.segments))
	}
	for i := range int32(len(g.segments)) {
		for way := range g.arrive {
			_, to := g.ends(i, way)
			g.arrive[way][i] = g.first[to]
			if t, ok := restricted[approach{i, way}]; ok {
				next[to]++
				g.arrive[way][i] = next[to]
				g.turns[next[to]] = t
			}
		}
	}
}

func (g *Graph) states() int32 { return g.first[len(g.first)-1] }

// leaving calls f with the states from which a segment may be driven one way.
func (g *Graph) leaving(segment int32, way int, f func(state int32)) {
	from, _ := g.ends(segment, way)
	for s := g.first[from]; s < g.first[from+1]; s++ {
		if len(g.turns) > 0 {
			if t, ok := g.turns[s]; ok && !t.allow(segment) {
				continue
			}
		}
		f(s)
	}
}

// link lists the arcs that are open, measures them for the search, and finds
// what they cut off.
func (g *Graph) link() {
	type step struct {
		from, to int32
		seconds  float32
		road     int32
	}
	steps := make([]step, 0, 2*len(g.segments))
	sum, longest := 0.0, 0.0
	for i := range int32(len(g.segments)) {
		for way := range 2 {
			t := g.drive(i, way)
			if t == 0 {
				continue
			}
			sum, longest = sum+t, max(longest, t)
			g.leaving(i, way, func(s int32) {
				steps = append(steps, step{s, g.arrive[way][i], float32(t), 2*i + int32(way)})
			})
		}
	}
	n := g.states()
	fill := func(turned bool) csr {
		c := csr{from: make([]int32, n+1), arcs: make([]arc, len(steps)), road: make([]int32, len(steps))}
		for _, s := range steps {
			if turned {
				s.from = s.to
			}
			c.from[s.from+1]++
		}
		for i := range n {
			c.from[i+1] += c.from[i]
		}
		at := slices.Clone(c.from[:n])
		for _, s := range steps {
			if turned {
				s.from, s.to = s.to, s.from
			}
			k := at[s.from]
			at[s.from]++
			c.arcs[k], c.road[k] = arc{s.to, s.seconds}, s.road
		}
		return c
	}
	g.out, g.in = fill(false), fill(true)
	g.measure(sum/max(float64(len(steps)), 1), longest)
	g.off = g.cutOff()
}
