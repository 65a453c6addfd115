package osm

import (
	"cmp"
	"context"
	"io"
	"slices"

	"github.com/paulmach/orb"
	posm "github.com/paulmach/osm"

	"moked/geo"
)

// collected is what the passes over a file gathered, each list in the order
// of its ids.
type collected struct {
	o         Options
	format    string
	box       orb.Bound // what is kept; empty: everything
	nodes     []node    // those with tags of use, in the box
	ways      []way
	relations []relation
	at        positions
	tally     *tally

	streetOf map[posm.FeatureID]string  // house → street, by relation
	areas    map[int64]orb.MultiPolygon // relation → its area

	inside ids // nodes in the box, until the ways are read
	held   int // nodes and references held
}

// passes runs one pass after another over a source.
type passes struct {
	ctx      context.Context
	src      source
	progress func(float64)
	done, of int
}

func (p *passes) scan(h handler) error {
	err := p.src.scan(p.ctx, h, func(share float64) {
		if p.progress != nil {
			p.progress((float64(p.done) + min(share, 1)) / float64(p.of))
		}
	})
	p.done++
	return err
}

// collect passes over the file for the nodes in the box (where there is one),
// the relations, the ways, the ways outside that relations inside still need,
// and last for the positions of all of their nodes.
func collect(ctx context.Context, r io.ReadSeeker, o Options) (*collected, error) {
	src, err := open(r)
	if err != nil {
		return nil, err
	}
	if o.MaxElements <= 0 {
		o.MaxElements = DefaultMaxElements
	}
	if o.Margin == 0 {
		o.Margin = DefaultMargin
	}
	c := &collected{o: o, format: src.format(), tally: newTally()}
	steps := []func(*passes) error{c.readRelations, c.readWays, c.readNodes}
	if c.clipped() {
		c.box = widen(o.Clip.Bound(), o.Margin)
		steps = []func(*passes) error{c.readInside, c.readRelations, c.readWays, c.readMissing, c.readNodes}
	}
	p := &passes{ctx: ctx, src: src, progress: o.Progress, of: len(steps)}
	for _, step := range steps {
		if err := step(p); err != nil {
			return nil, err
		}
	}
	if p.progress != nil {
		p.progress(1)
	}
	return c, nil
}

// widen moves a bound's sides out by so many metres.
func widen(b orb.Bound, metres float64) orb.Bound {
	p := geo.PlaneAt(b.Center())
	dx, dy := metres/p.PerLon, metres/p.PerLat
	return orb.Bound{Min: orb.Point{b.Min[0] - dx, b.Min[1] - dy}, Max: orb.Point{b.Max[0] + dx, b.Max[1] + dy}}
}

func (c *collected) clipped() bool { return len(c.o.Clip) > 0 }

func (c *collected) hold(n int) error {
	if c.held += n; c.held > c.o.MaxElements {
		return wrongAt(TooLarge, -1, "more than %d nodes to hold at once; give a boundary to clip to, or a smaller extract", c.o.MaxElements)
	}
	return nil
}

func (c *collected) readInside(p *passes) error {
	err := p.scan(handler{node: func(n *posm.Node) error {
		if !c.box.Contains(n.Point()) {
			return nil
		}
		c.inside = append(c.inside, int64(n.ID))
		return c.hold(1)
	}})
	if err != nil {
		return err
	}
	if len(c.inside) == 0 {
		return wrongAt(Empty, -1, "no node of it lies inside the boundary")
	}
	c.inside.sort()
	return nil
}

func (c *collected) readRelations(p *passes) error {
	err := p.scan(handler{relation: func(r *posm.Relation) error {
		c.tally.read["relation"]++
		t := keep(r.Tags)
		switch t["type"] {
		case "multipolygon", "boundary", "associatedStreet", "street", "restriction":
			c.relations = append(c.relations, relation{int64(r.ID), t, slices.Clone(r.Members)})
			return c.hold(len(r.Members))
		}
		return nil
	}})
	if err != nil {
		return err
	}
	slices.SortFunc(c.relations, func(a, b relation) int { return cmp.Compare(a.id, b.id) })
	for i := 1; i < len(c.relations); i++ {
		if c.relations[i].id == c.relations[i-1].id {
			return repeated(c.relations[i].String())
		}
	}
	return nil
}

func repeated(where string) error {
	return wrongIn(RepeatedID, where, "it is there twice; a snapshot holds each element once")
}

// readWays keeps the ways in the box that have tags of use or are members,
// and then the relations that have such a way.
func (c *collected) readWays(p *passes) error {
	members := c.members(func(*relation) bool { return true })
	err := p.scan(handler{way: func(w *posm.Way) error {
		c.tally.read["way"]++
		if c.clipped() && !slices.ContainsFunc(w.Nodes, func(n posm.WayNode) bool { return c.inside.has(int64(n.ID)) }) {
			return nil
		}
		t := keep(w.Tags)
		if !t.worth() && !members.has(int64(w.ID)) {
			return nil
		}
		return c.keepWay(w, t)
	}})
	if err != nil {
		return err
	}
	if err := c.sortWays(); err != nil {
		return err
	}
	c.inside = nil
	if c.clipped() {
		c.relations = slices.DeleteFunc(c.relations, func(r relation) bool {
			return !slices.ContainsFunc(r.members, func(m posm.Member) bool {
				return m.Type == posm.TypeWay && c.way(m.Ref) != nil
			})
		})
	}
	return nil
}

// readMissing completes the areas that reach out of the box.
func (c *collected) readMissing(p *passes) error {
	needed := c.members(func(r *relation) bool { return r.tags["type"] == "multipolygon" })
	needed = slices.DeleteFunc(needed, func(id int64) bool { return c.way(id) != nil })
	if len(needed) == 0 {
		p.done++
		return nil
	}
	err := p.scan(handler{way: func(w *posm.Way) error {
		if !needed.has(int64(w.ID)) {
			return nil
		}
		return c.keepWay(w, nil)
	}})
	if err != nil {
		return err
	}
	return c.sortWays()
}

func (c *collected) keepWay(w *posm.Way, t tags) error {
	kept := way{id: int64(w.ID), tags: t, nodes: make([]int64, len(w.Nodes))}
	for i, n := range w.Nodes {
		kept.nodes[i] = int64(n.ID)
	}
	c.ways = append(c.ways, kept)
	return c.hold(len(kept.nodes))
}

func (c *collected) sortWays() error {
	slices.SortFunc(c.ways, func(a, b way) int { return cmp.Compare(a.id, b.id) })
	for i := 1; i < len(c.ways); i++ {
		if c.ways[i].id == c.ways[i-1].id {
			return repeated(c.ways[i].String())
		}
	}
	return nil
}

// way finds a kept way, or nil.
func (c *collected) way(id int64) *way {
	i, ok := slices.BinarySearchFunc(c.ways, id, func(w way, id int64) int { return cmp.Compare(w.id, id) })
	if !ok {
		return nil
	}
	return &c.ways[i]
}

func (c *collected) members(of func(*relation) bool) ids {
	var m ids
	for i := range c.relations {
		if !of(&c.relations[i]) {
			continue
		}
		for _, mem := range c.relations[i].members {
			if mem.Type == posm.TypeWay {
				m = append(m, mem.Ref)
			}
		}
	}
	m.sort()
	return m
}

// readNodes takes the positions of the ways' nodes, and the nodes that say
// something themselves.
func (c *collected) readNodes(p *passes) error {
	var needed ids
	for i := range c.ways {
		needed = append(needed, c.ways[i].nodes...)
	}
	needed.sort()
	if err := c.hold(2 * len(needed)); err != nil {
		return err
	}
	c.at = newPositions(needed)
	err := p.scan(handler{node: func(n *posm.Node) error {
		c.tally.read["node"]++
		known, again := c.at.put(int64(n.ID), n.Point())
		if again {
			return repeated(name(posm.TypeNode, int64(n.ID)))
		}
		if len(n.Tags) == 0 || c.clipped() && !known && !c.box.Contains(n.Point()) {
			return nil
		}
		if t := keep(n.Tags); t.worth() || known && t["barrier"] != "" {
			c.nodes = append(c.nodes, node{int64(n.ID), t, n.Point()})
			return c.hold(1)
		}
		return nil
	}})
	if err != nil {
		return err
	}
	slices.SortFunc(c.nodes, func(a, b node) int { return cmp.Compare(a.id, b.id) })
	for i := 1; i < len(c.nodes); i++ {
		if c.nodes[i].id == c.nodes[i-1].id {
			return repeated(c.nodes[i].String())
		}
	}
	if c.tally.read["node"] == 0 {
		return wrongAt(Empty, -1, "no node in it")
	}
	return nil
}
