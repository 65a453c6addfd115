package osm

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"google.golang.org/protobuf/encoding/protowire"

	"moked/geo"
)

// world is a small made-up extract that can be written as XML and as PBF.
// Places are in metres around its origin.
type world struct {
	nodes     []worldElement
	ways      []worldElement
	relations []worldElement
}

type worldElement struct {
	id      int64
	at      orb.Point
	refs    []int64
	members []worldMember
	tags    []string // key, value, key, value
}

type worldMember struct {
	typ  string
	ref  int64
	role string
}

var origin = geo.PlaneAt(orb.Point{34.85, 32.32})

func at(x, y float64) orb.Point { return origin.Point(orb.Point{x, y}) }

func (w *world) node(id int64, x, y float64, tags ...string) *world {
	w.nodes = append(w.nodes, worldElement{id: id, at: at(x, y), tags: tags})
	return w
}

func (w *world) way(id int64, refs []int64, tags ...string) *world {
	w.ways = append(w.ways, worldElement{id: id, refs: refs, tags: tags})
	return w
}

// relation takes members as "way 5 outer".
func (w *world) relation(id int64, members []string, tags ...string) *world {
	e := worldElement{id: id, tags: tags}
	for _, m := range members {
		f := strings.Fields(m + " ")
		ref, _ := strconv.ParseInt(f[1], 10, 64)
		e.members = append(e.members, worldMember{f[0], ref, strings.Join(f[2:], " ")})
	}
	w.relations = append(w.relations, e)
	return w
}

func (w *world) xml() []byte {
	var b bytes.Buffer
	esc := func(s string) string {
		var e bytes.Buffer
		_ = xml.EscapeText(&e, []byte(s))
		return e.String()
	}
	b.WriteString("<?xml version='1.0' encoding='UTF-8'?>\n<osm version=\"0.6\">\n")
	write := func(kind, attrs string, e worldElement) {
		fmt.Fprintf(&b, "<%s id=\"%d\"%s>", kind, e.id, attrs)
		for _, r := range e.refs {
			fmt.Fprintf(&b, "<nd ref=\"%d\"/>", r)
		}
		for _, m := range e.members {
			fmt.Fprintf(&b, "<member type=\"%s\" ref=\"%d\" role=\"%s\"/>", m.typ, m.ref, esc(m.role))
		}
		for i := 0; i < len(e.tags); i += 2 {
			fmt.Fprintf(&b, "<tag k=\"%s\" v=\"%s\"/>", esc(e.tags[i]), esc(e.tags[i+1]))
		}
		fmt.Fprintf(&b, "</%s>\n", kind)
	}
	for _, e := range w.nodes {
		write("node", fmt.Sprintf(" lat=\"%.7f\" lon=\"%.7f\"", e.at[1], e.at[0]), e)
	}
	for _, e := range w.ways {
		write("way", "", e)
	}
	for _, e := range w.relations {
		write("relation", "", e)
	}
	b.WriteString("</osm>\n")
	return b.Bytes()
}

// message builds protobuf messages.
type message []byte

func (m message) number(field protowire.Number, v uint64) message {
	return protowire.AppendVarint(protowire.AppendTag(m, field, protowire.VarintType), v)
}

func (m message) bytes(field protowire.Number, v []byte) message {
	return protowire.AppendBytes(protowire.AppendTag(m, field, protowire.BytesType), v)
}

func packed(values ...uint64) (out []byte) {
	for _, v := range values {
		out = protowire.AppendVarint(out, v)
	}
	return out
}

func deltas(values ...int64) []byte {
	var last int64
	var out []uint64
	for _, v := range values {
		out = append(out, protowire.EncodeZigZag(v-last))
		last = v
	}
	return packed(out...)
}

// block frames a body as PBF does.
func block(typ string, body []byte, pack bool) []byte {
	blob := message(nil).bytes(1, body)
	if pack {
		var z bytes.Buffer
		zw := zlib.NewWriter(&z)
		_, _ = zw.Write(body)
		_ = zw.Close()
		blob = message(nil).number(2, uint64(len(body))).bytes(3, z.Bytes())
	}
	return frame(typ, blob)
}

func frame(typ string, blob []byte) []byte {
	header := message(nil).bytes(1, []byte(typ)).number(3, uint64(len(blob)))
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(header))), header...), blob...)
}

var pbfHeader = block("OSMHeader", message(nil).bytes(4, []byte("OsmSchema-V0.6")).bytes(4, []byte("DenseNodes")), true)

// pbf writes nodes dense or plain, everything in one block.
func (w *world) pbf(dense bool) []byte {
	return append(bytes.Clone(pbfHeader), block("OSMData", w.block(dense), true)...)
}

func (w *world) block(dense bool) []byte {
	index := map[string]uint64{"": 0}
	list := []string{""}
	str := func(s string) uint64 {
		if _, ok := index[s]; !ok {
			index[s] = uint64(len(list))
			list = append(list, s)
		}
		return index[s]
	}
	tags := func(m message, e worldElement) message {
		var keys, vals []uint64
		for i := 0; i < len(e.tags); i += 2 {
			keys, vals = append(keys, str(e.tags[i])), append(vals, str(e.tags[i+1]))
		}
		return m.bytes(2, packed(keys...)).bytes(3, packed(vals...))
	}
	var groups []message
	var ids, lats, lons []int64
	var keysVals []uint64
	var plain message
	for _, e := range w.nodes {
		lat, lon := int64(e.at[1]*1e7+.5), int64(e.at[0]*1e7+.5)
		ids, lats, lons = append(ids, e.id), append(lats, lat), append(lons, lon)
		for _, t := range e.tags {
			keysVals = append(keysVals, str(t))
		}
		keysVals = append(keysVals, 0)
		plain = plain.bytes(1, tags(message(nil).number(1, protowire.EncodeZigZag(e.id)).
			number(8, protowire.EncodeZigZag(lat)).number(9, protowire.EncodeZigZag(lon)), e))
	}
	if dense {
		groups = append(groups, message(nil).bytes(2, message(nil).bytes(1, deltas(ids...)).
			bytes(8, deltas(lats...)).bytes(9, deltas(lons...)).bytes(10, packed(keysVals...))))
	} else {
		groups = append(groups, plain)
	}
	var ways, relations message
	for _, e := range w.ways {
		ways = ways.bytes(3, tags(message(nil).number(1, uint64(e.id)), e).bytes(8, deltas(e.refs...)))
	}
	for _, e := range w.relations {
		var roles, types []uint64
		var refs []int64
		for _, m := range e.members {
			roles, refs = append(roles, str(m.role)), append(refs, m.ref)
			types = append(types, map[string]uint64{"node": 0, "way": 1, "relation": 2}[m.typ])
		}
		relations = relations.bytes(4, tags(message(nil).number(1, uint64(e.id)), e).
			bytes(8, packed(roles...)).bytes(9, deltas(refs...)).bytes(10, packed(types...)))
	}
	groups = append(groups, ways, relations)
	var table, out message
	for _, s := range list {
		table = table.bytes(1, []byte(s))
	}
	out = out.bytes(1, table)
	for _, g := range groups {
		out = out.bytes(2, g)
	}
	return out
}

func read(t testing.TB, w *world) *Extract {
	t.Helper()
	x, err := Read(context.Background(), bytes.NewReader(w.xml()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// left says how often a reason was given.
func left(r Report, reason string) int {
	n := 0
	for _, l := range r.Left {
		if strings.Contains(l.Reason, reason) {
			n += l.N
		}
	}
	return n
}
