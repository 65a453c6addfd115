package osm

import (
	"strings"

	posm "github.com/paulmach/osm"

	"moked/geo/roads"
)

// turns reads the turn restrictions that stand on a node. Those over a way,
// and those that hold only at times, are left out and counted.
func (c *collected) turns(n *network) []roads.Restriction {
	out := []roads.Restriction{}
	seen := map[roads.Restriction]bool{}
	for i := range c.relations {
		r := &c.relations[i]
		if r.tags["type"] != "restriction" {
			continue
		}
		kind := r.tags.first("restriction:motorcar", "restriction:motor_vehicle", "restriction")
		only := strings.HasPrefix(kind, "only_")
		switch {
		case kind == "" && r.tags["restriction:conditional"] != "":
			c.tally.leave("restriction", "holds only at times", r.String())
			continue
		case kind == "":
			c.tally.leave("restriction", "is for other vehicles", r.String())
			continue
		case !only && !strings.HasPrefix(kind, "no_"):
			c.tally.leave("restriction", "of a kind that is not known", r.String())
			continue
		case exempt(r.tags["except"]):
			c.tally.leave("restriction", "excepts motor vehicles", r.String())
			continue
		}
		made, reason := n.restrict(r, only)
		if reason != "" {
			c.tally.leave("restriction", reason, r.String())
		}
		for _, m := range made {
			if !seen[m] {
				seen[m] = true
				out = append(out, m)
			}
		}
	}
	return out
}

func exempt(except string) bool {
	for _, v := range strings.FieldsFunc(except, func(r rune) bool { return r == ';' || r == ',' || r == ' ' }) {
		if v == "motorcar" || v == "motor_vehicle" || v == "vehicle" {
			return true
		}
	}
	return false
}

// restrict turns a relation's members into segments and a junction: every
// from (no_entry has several) with every to (no_exit has several).
func (n *network) restrict(r *relation, only bool) ([]roads.Restriction, string) {
	var from, to []int64
	var via []posm.Member
	for _, m := range r.members {
		switch {
		case m.Role == "from" && m.Type == posm.TypeWay:
			from = append(from, m.Ref)
		case m.Role == "to" && m.Type == posm.TypeWay:
			to = append(to, m.Ref)
		case m.Role == "via":
			via = append(via, m)
		}
	}
	switch {
	case len(from) == 0 || len(to) == 0 || len(via) == 0:
		return nil, "lacks its from, via or to"
	case len(via) > 1 || via[0].Type != posm.TypeNode:
		return nil, "leads over a way rather than a node"
	case len(from)*len(to) > 64:
		return nil, "has too many members"
	}
	at, ok := n.junctions[via[0].Ref]
	if !ok {
		return nil, "its roads are not in the road graph"
	}
	var out []roads.Restriction
	for _, f := range from {
		in, reason := n.end(f, at, true)
		if reason != "" {
			return nil, reason
		}
		for _, t := range to {
			if f == t { // a turn back
				out = append(out, roads.Restriction{From: in, Via: at, To: in, Only: only})
				continue
			}
			exit, reason := n.end(t, at, false)
			if reason != "" {
				return nil, reason
			}
			out = append(out, roads.Restriction{From: in, Via: at, To: exit, Only: only})
		}
	}
	return out, ""
}

// end is the one segment of a way by which one comes to a junction, or leaves
// it.
func (n *network) end(way, junction int64, arriving bool) (segment int64, reason string) {
	for _, i := range n.of[way] {
		s := &n.segments[i]
		if s.A != junction && s.B != junction {
			continue
		}
		usable := s.B == junction && s.Forward > 0 || s.A == junction && s.Backward > 0
		if !arriving {
			usable = s.A == junction && s.Forward > 0 || s.B == junction && s.Backward > 0
		}
		if !usable {
			continue
		}
		if segment != 0 {
			return 0, "one of its roads passes through its node"
		}
		segment = s.ID
	}
	if segment == 0 {
		return 0, "its roads are not in the road graph, or not driven that way"
	}
	return segment, ""
}
