package osm

import (
	"slices"

	posm "github.com/paulmach/osm"
	"google.golang.org/protobuf/encoding/protowire"
)

// fields walks a message: v for numbers, data for bytes.
func fields(b []byte, f func(num protowire.Number, v uint64, data []byte) error) error {
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			return badWire(n)
		}
		b = b[n:]
		var v uint64
		var data []byte
		switch typ {
		case protowire.VarintType:
			v, n = protowire.ConsumeVarint(b)
		case protowire.BytesType:
			data, n = protowire.ConsumeBytes(b)
		default:
			n = protowire.ConsumeFieldValue(num, typ, b)
		}
		if n < 0 {
			return badWire(n)
		}
		b = b[n:]
		if err := f(num, v, data); err != nil {
			return err
		}
	}
	return nil
}

func badWire(n int) error {
	return wrongAt(Corrupt, -1, "broken protobuf: %v", protowire.ParseError(n))
}

// pbfDecoder decodes blocks of elements. It trusts no index, count or size.
type pbfDecoder struct {
	h       handler
	strings []string

	granularity          int64
	latOffset, lonOffset int64

	ids, lats, lons, keys, vals []uint64

	node     posm.Node
	way      posm.Way
	relation posm.Relation
}

func (d *pbfDecoder) block(b []byte) (kinds, error) {
	d.strings = d.strings[:0]
	d.granularity, d.latOffset, d.lonOffset = 100, 0, 0
	err := fields(b, func(num protowire.Number, v uint64, data []byte) error {
		switch num {
		case 1:
			return fields(data, func(num protowire.Number, _ uint64, s []byte) error {
				if len(d.strings) > maxList {
					return wrongAt(TooLarge, -1, "more than %d texts in a block", maxList)
				}
				if num == 1 {
					d.strings = append(d.strings, string(s))
				}
				return nil
			})
		case 17:
			d.granularity = int64(int32(v))
		case 19:
			d.latOffset = int64(v)
		case 20:
			d.lonOffset = int64(v)
		}
		return nil
	})
	if err == nil && d.granularity <= 0 {
		err = wrongAt(Corrupt, -1, "a coordinate granularity of %d", d.granularity)
	}
	if err != nil {
		return 0, err
	}
	var holds kinds
	err = fields(b, func(num protowire.Number, _ uint64, group []byte) error {
		if num != 2 {
			return nil
		}
		return fields(group, func(num protowire.Number, _ uint64, data []byte) error {
			switch num {
			case 1:
				holds |= nodes
				return d.plainNode(data)
			case 2:
				holds |= nodes
				return d.denseNodes(data)
			case 3:
				holds |= ways
				return d.oneWay(data)
			case 4:
				holds |= relations
				return d.oneRelation(data)
			}
			return nil
		})
	})
	return holds, err
}

// maxList bounds the lists of one block; writers put 8,000 elements in it.
const maxList = 2 << 20

// varints appends the numbers of a packed field, or the single one of a field
// that was not packed.
func varints(to []uint64, v uint64, data []byte) ([]uint64, error) {
	if data == nil {
		return append(to, v), nil
	}
	for len(data) > 0 {
		x, n := protowire.ConsumeVarint(data)
		if n < 0 {
			return nil, badWire(n)
		}
		if len(to) >= maxList {
			return nil, wrongAt(TooLarge, -1, "more than %d numbers in one list", maxList)
		}
		to = append(to, x)
		data = data[n:]
	}
	return to, nil
}

func (d *pbfDecoder) text(t posm.Type, id int64, i uint64) (string, error) {
	if i >= uint64(len(d.strings)) {
		return "", wrongIn(Corrupt, name(t, id), "text number %d of %d", i, len(d.strings))
	}
	return d.strings[i], nil
}

func (d *pbfDecoder) tags(to posm.Tags, t posm.Type, id int64, keys, vals []uint64) (posm.Tags, error) {
	if len(keys) != len(vals) {
		return nil, wrongIn(Corrupt, name(t, id), "%d tag keys but %d values", len(keys), len(vals))
	}
	if err := checkTags(t, id, len(keys)); err != nil {
		return nil, err
	}
	for i := range keys {
		k, err := d.text(t, id, keys[i])
		if err != nil {
			return nil, err
		}
		v, err := d.text(t, id, vals[i])
		if err != nil {
			return nil, err
		}
		to = append(to, posm.Tag{Key: k, Value: v})
	}
	return to, nil
}

func (d *pbfDecoder) emitNode(id, lat, lon int64) error {
	d.node.ID = posm.NodeID(id)
	d.node.Lat = float64(d.latOffset+d.granularity*lat) / 1e9
	d.node.Lon = float64(d.lonOffset+d.granularity*lon) / 1e9
	if err := checkNode(&d.node); err != nil {
		return err
	}
	return d.h.node(&d.node)
}

func (d *pbfDecoder) plainNode(b []byte) error {
	if d.h.node == nil {
		return nil
	}
	var id, lat, lon int64
	d.keys, d.vals = d.keys[:0], d.vals[:0]
	err := fields(b, func(num protowire.Number, v uint64, data []byte) (err error) {
		switch num {
		case 1:
			id = protowire.DecodeZigZag(v)
		case 2:
			d.keys, err = varints(d.keys, v, data)
		case 3:
			d.vals, err = varints(d.vals, v, data)
		case 8:
			lat = protowire.DecodeZigZag(v)
		case 9:
			lon = protowire.DecodeZigZag(v)
		}
		return err
	})
	if err == nil {
		d.node.Tags, err = d.tags(d.node.Tags[:0], posm.TypeNode, id, d.keys, d.vals)
	}
	if err != nil {
		return err
	}
	return d.emitNode(id, lat, lon)
}

func (d *pbfDecoder) denseNodes(b []byte) error {
	if d.h.node == nil {
		return nil
	}
	d.ids, d.lats, d.lons, d.keys = d.ids[:0], d.lats[:0], d.lons[:0], d.keys[:0]
	err := fields(b, func(num protowire.Number, v uint64, data []byte) (err error) {
		switch num {
		case 1:
			d.ids, err = varints(d.ids, v, data)
		case 8:
			d.lats, err = varints(d.lats, v, data)
		case 9:
			d.lons, err = varints(d.lons, v, data)
		case 10:
			d.keys, err = varints(d.keys, v, data)
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(d.lats) != len(d.ids) || len(d.lons) != len(d.ids) {
		return wrongAt(Corrupt, -1, "%d nodes with %d latitudes and %d longitudes", len(d.ids), len(d.lats), len(d.lons))
	}
	var id, lat, lon int64
	rest := d.keys // key, value, key, value, 0 for each node; empty when no node has tags
	for i := range d.ids {
		id += protowire.DecodeZigZag(d.ids[i])
		lat += protowire.DecodeZigZag(d.lats[i])
		lon += protowire.DecodeZigZag(d.lons[i])
		d.node.Tags = d.node.Tags[:0]
		if len(d.keys) > 0 {
			n := slices.Index(rest, 0)
			if n < 0 || n%2 != 0 {
				return wrongIn(Corrupt, name(posm.TypeNode, id), "its list of tags does not end")
			}
			for j := 0; j < n; j += 2 {
				var err error
				if d.node.Tags, err = d.tags(d.node.Tags, posm.TypeNode, id, rest[j:j+1], rest[j+1:j+2]); err != nil {
					return err
				}
			}
			rest = rest[n+1:]
		}
		if err := d.emitNode(id, lat, lon); err != nil {
			return err
		}
	}
	return nil
}

func (d *pbfDecoder) oneWay(b []byte) error {
	if d.h.way == nil {
		return nil
	}
	d.ids, d.keys, d.vals = d.ids[:0], d.keys[:0], d.vals[:0]
	var id int64
	err := fields(b, func(num protowire.Number, v uint64, data []byte) (err error) {
		switch num {
		case 1:
			id = int64(v)
		case 2:
			d.keys, err = varints(d.keys, v, data)
		case 3:
			d.vals, err = varints(d.vals, v, data)
		case 8:
			d.ids, err = varints(d.ids, v, data)
		}
		return err
	})
	if err == nil {
		err = checkWay(id, len(d.ids), len(d.keys))
	}
	w := &d.way
	if err == nil {
		w.Tags, err = d.tags(w.Tags[:0], posm.TypeWay, id, d.keys, d.vals)
	}
	if err != nil {
		return err
	}
	w.ID, w.Nodes = posm.WayID(id), w.Nodes[:0]
	var ref int64
	for _, x := range d.ids {
		ref += protowire.DecodeZigZag(x)
		w.Nodes = append(w.Nodes, posm.WayNode{ID: posm.NodeID(ref)})
	}
	return d.h.way(w)
}

var memberTypes = [...]posm.Type{posm.TypeNode, posm.TypeWay, posm.TypeRelation}

func (d *pbfDecoder) oneRelation(b []byte) error {
	if d.h.relation == nil {
		return nil
	}
	d.keys, d.vals = d.keys[:0], d.vals[:0]
	roles, refs, types := d.ids[:0], d.lats[:0], d.lons[:0]
	var id int64
	err := fields(b, func(num protowire.Number, v uint64, data []byte) (err error) {
		switch num {
		case 1:
			id = int64(v)
		case 2:
			d.keys, err = varints(d.keys, v, data)
		case 3:
			d.vals, err = varints(d.vals, v, data)
		case 8:
			roles, err = varints(roles, v, data)
		case 9:
			refs, err = varints(refs, v, data)
		case 10:
			types, err = varints(types, v, data)
		}
		return err
	})
	if err != nil {
		return err
	}
	d.ids, d.lats, d.lons = roles, refs, types
	where := name(posm.TypeRelation, id)
	if len(roles) != len(refs) || len(types) != len(refs) {
		return wrongIn(Corrupt, where, "%d members with %d roles and %d types", len(refs), len(roles), len(types))
	}
	if err := checkRelation(id, len(refs), len(d.keys)); err != nil {
		return err
	}
	r := &d.relation
	if r.Tags, err = d.tags(r.Tags[:0], posm.TypeRelation, id, d.keys, d.vals); err != nil {
		return err
	}
	r.ID, r.Members = posm.RelationID(id), r.Members[:0]
	var ref int64
	for i := range refs {
		role, err := d.text(posm.TypeRelation, id, roles[i])
		if err != nil {
			return err
		}
		if types[i] >= uint64(len(memberTypes)) {
			return wrongIn(Corrupt, where, "a member of unknown type %d", types[i])
		}
		ref += protowire.DecodeZigZag(refs[i])
		r.Members = append(r.Members, posm.Member{Type: memberTypes[types[i]], Ref: ref, Role: role})
	}
	return d.h.relation(r)
}
