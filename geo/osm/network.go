package osm

import (
	"math"

	"github.com/paulmach/orb"

	"moked/geo"
	"moked/geo/roads"
)

// network is the road graph while it is made of ways.
type network struct {
	segments  []roads.Segment
	junctions map[int64]int64   // node → junction
	of        map[int64][]int32 // way → its segments
	last      int64             // junction given out last
}

// roadNetwork cuts the drivable ways where they meet, at their ends and at
// what bars the road, into segments from junction to junction. A node that is
// barred is no junction: each line that comes up to it ends there for itself.
func (c *collected) roadNetwork() *network {
	n := &network{junctions: map[int64]int64{}, of: map[int64][]int32{}}
	barred := map[int64]bool{}
	for i := range c.nodes {
		if blocks(c.nodes[i].tags) {
			barred[c.nodes[i].id] = true
		}
	}
	var drivable []*way
	used := map[int64]uint8{} // how many ends and passages meet at a node, up to 2
	for i := range c.ways {
		w := &c.ways[i]
		if w.tags["highway"] == "" {
			continue
		}
		forward, backward, reason := directions(w.tags)
		if reason != "" {
			c.tally.leave("road", reason, w.String())
		}
		if forward == closed && backward == closed {
			continue
		}
		if len(w.nodes) < 2 {
			c.tally.leave("road", "fewer than two nodes", w.String())
			continue
		}
		drivable = append(drivable, w)
		for j, id := range w.nodes {
			if used[id] < 2 {
				used[id]++
			}
			if j == 0 || j == len(w.nodes)-1 || barred[id] {
				used[id] = 2
			}
		}
	}
	for _, w := range drivable {
		n.cut(c, w, used, barred)
	}
	return n
}

// cut makes the segments of one way.
func (n *network) cut(c *collected, w *way, used map[int64]uint8, barred map[int64]bool) {
	allowForward, allowBackward, _ := directions(w.tags)
	kmhForward, kmhBackward := speeds(w.tags)
	lacking := 0
	var line orb.LineString
	var from int64
	end := func(to int64) {
		if len(line) >= 2 {
			length := geo.LineLength(line)
			s := roads.Segment{
				ID: int64(len(n.segments) + 1), A: n.junction(from, barred), B: n.junction(to, barred),
				Forward:  seconds(length, kmhForward, allowForward),
				Backward: seconds(length, kmhBackward, allowBackward),
				Name:     w.tags.first("name", "name:he", "ref"), Line: line,
			}
			n.of[w.id] = append(n.of[w.id], int32(len(n.segments)))
			n.segments = append(n.segments, s)
		}
		line = nil
	}
	var previous int64
	for i, id := range w.nodes {
		p, ok := c.at.get(id)
		if !ok {
			lacking++
			end(previous)
			continue
		}
		if i > 0 && id == previous {
			continue // the same node twice running
		}
		line = append(line, p)
		if len(line) == 1 {
			from = id
		} else if used[id] == 2 {
			end(id)
			line, from = orb.LineString{p}, id
		}
		previous = id
	}
	end(previous)
	if lacking > 0 {
		c.tally.leave("road", "some of its nodes are not in the file: cut there", w.String())
	}
}

func (n *network) junction(node int64, barred map[int64]bool) int64 {
	if j, ok := n.junctions[node]; ok && !barred[node] {
		return j
	}
	n.last++
	if !barred[node] {
		n.junctions[node] = n.last
	}
	return n.last
}

// seconds is how long a stretch takes; 0 where it may not be driven.
func seconds(metres, kmh float64, p permission) float64 {
	switch p {
	case closed:
		return 0
	case restricted:
		kmh *= onSufferance
	}
	return math.Max(math.Round(metres/kmh*3600)/1000, 0.001)
}
