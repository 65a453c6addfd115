package osm

import (
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	posm "github.com/paulmach/osm"
)

// name is an element as OSM people write it: "way/123".
func name(t posm.Type, id int64) string { return fmt.Sprintf("%s/%d", t, id) }

// node, way and relation are what is kept of the file's elements, with the
// tags that are of use here.
type node struct {
	id    int64
	tags  tags
	point orb.Point
}

type way struct {
	id    int64
	tags  tags
	nodes []int64
}

type relation struct {
	id      int64
	tags    tags
	members posm.Members
}

func (n *node) String() string     { return name(posm.TypeNode, n.id) }
func (w *way) String() string      { return name(posm.TypeWay, w.id) }
func (r *relation) String() string { return name(posm.TypeRelation, r.id) }

func (w *way) closed() bool {
	return len(w.nodes) > 3 && w.nodes[0] == w.nodes[len(w.nodes)-1]
}

// tags are an element's tags; a missing one reads as "".
type tags map[string]string

func (t tags) first(keys ...string) string {
	for _, k := range keys {
		if v := t[k]; v != "" {
			return v
		}
	}
	return ""
}

// keep copies the tags of use; nil when there is none.
func keep(in posm.Tags) tags {
	var t tags
	for _, tag := range in {
		if !useful[tag.Key] {
			continue
		}
		if v := strings.TrimSpace(clean(tag.Value)); v != "" {
			if t == nil {
				t = make(tags, len(in))
			}
			t[tag.Key] = v
		}
	}
	return t
}

// leading are the keys that make an element worth keeping by itself.
var leading = []string{
	"highway", "building", "natural", "landuse", "leisure", "waterway", "railway", "aeroway",
	"amenity", "shop", "tourism", "office", "healthcare", "emergency", "historic", "place",
	"boundary", "addr:housenumber", "addr:interpolation", "public_transport", "man_made",
	"bridge:name",
}

// further are the keys that say more about an element that is kept.
var further = []string{
	"name", "name:he", "name:en", "name:ru", "name:ar", "int_name",
	"alt_name", "alt_name:he", "alt_name:en", "old_name", "old_name:he", "short_name", "short_name:he",
	"loc_name", "official_name", "official_name:he", "noname",
	"addr:street", "addr:place", "addr:street:he", "addr:street:en",
	"type", "area", "layer", "tunnel", "bridge", "service", "usage", "surface", "junction", "water",
	"admin_level", "religion", "ref", "brand", "operator", "sport", "isced:level", "bunker_type",
	"oneway", "oneway:motor_vehicle", "oneway:vehicle", "maxspeed", "maxspeed:forward", "maxspeed:backward",
	"source:maxspeed", "maxspeed:type", "zone:maxspeed",
	"access", "vehicle", "motor_vehicle", "motorcar", "vehicle:forward", "vehicle:backward",
	"motor_vehicle:forward", "motor_vehicle:backward", "barrier",
	"restriction", "restriction:motorcar", "restriction:motor_vehicle", "restriction:conditional", "except",
	"indoor", "government", "station", "subway", "tram", "bus", "memorial",
}

var useful = func() map[string]bool {
	m := map[string]bool{}
	for _, k := range slices.Concat(leading, further) {
		m[k] = true
	}
	return m
}()

func (t tags) worth() bool {
	for _, k := range leading {
		if t[k] != "" {
			return true
		}
	}
	return false
}

func checkWay(id int64, refs, tags int) error {
	if refs > maxRefs {
		return wrongIn(TooLarge, name(posm.TypeWay, id), "has %d nodes; at most %d are read", refs, maxRefs)
	}
	return checkTags(posm.TypeWay, id, tags)
}

func checkRelation(id int64, members, tags int) error {
	if members > maxMembers {
		return wrongIn(TooLarge, name(posm.TypeRelation, id), "has %d members; at most %d are read", members, maxMembers)
	}
	return checkTags(posm.TypeRelation, id, tags)
}

func checkTags(t posm.Type, id int64, tags int) error {
	if tags > maxTags {
		return wrongIn(TooLarge, name(t, id), "has %d tags; at most %d are read", tags, maxTags)
	}
	return nil
}
