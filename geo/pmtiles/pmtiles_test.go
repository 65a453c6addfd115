package pmtiles

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// TestIDsAreThoseOfTheSpecification: the ids that its text lists, and a number
// for each tile and a tile for each number.
func TestIDsAreThoseOfTheSpecification(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		z    uint8
		x, y uint32
		id   uint64
	}{{0, 0, 0, 0}, {1, 0, 0, 1}, {1, 0, 1, 2}, {1, 1, 1, 3}, {1, 1, 0, 4}, {2, 0, 0, 5}, {12, 3423, 1763, 19078479}} {
		if got := ID(c.z, c.x, c.y); got != c.id {
			t.Errorf("%d/%d/%d is %d, want %d", c.z, c.x, c.y, got, c.id)
		}
	}
	next := uint64(0)
	for z := range uint8(7) {
		ids := map[uint64][2]uint32{}
		for x := range uint32(1) << z {
			for y := range uint32(1) << z {
				ids[ID(z, x, y)] = [2]uint32{x, y}
			}
		}
		var before [2]uint32
		for n := range uint64(1) << (2 * z) {
			at, ok := ids[next]
			if !ok {
				t.Fatalf("no tile of zoom %d has id %d", z, next)
			}
			// The curve goes from tile to neighbour.
			if dx, dy := int(at[0])-int(before[0]), int(at[1])-int(before[1]); n > 0 && dx*dx+dy*dy != 1 {
				t.Fatalf("zoom %d goes from %v to %v", z, before, at)
			}
			before = at
			next++
		}
	}
}

func TestDeepIDs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.Uint8Range(1, MaxZoom).Draw(t, "z")
		x, y := rapid.Uint32Max(1<<z-1).Draw(t, "x"), rapid.Uint32Max(1<<z-1).Draw(t, "y")
		id, parent := ID(z, x, y), ID(z-1, x/2, y/2)
		first := func(z uint8) uint64 { return (uint64(1)<<(2*z) - 1) / 3 }
		// A tile's place on the curve is within its parent's.
		if (id-first(z))/4 != parent-first(z-1) {
			t.Fatalf("%d/%d/%d is %d, its parent %d", z, x, y, id, parent)
		}
		for _, beside := range []uint64{ID(z, x^1, y), ID(z, x, y^1), ID(z, x^1, y^1)} {
			if beside == id {
				t.Fatalf("%d/%d/%d has another's id", z, x, y)
			}
		}
	})
}

// read takes an archive apart by the specification's own words.
type read struct {
	t       *testing.T
	b       []byte
	numbers map[string]uint64
}

func open(t *testing.T, b []byte) *read {
	t.Helper()
	if len(b) < 127 || string(b[:8]) != "PMTiles\x03" {
		t.Fatalf("the header is %q", b[:min(len(b), 8)])
	}
	r := &read{t, b, map[string]uint64{}}
	for i, name := range []string{
		"root", "root length", "meta", "meta length", "leaves", "leaves length", "tiles", "tiles length", "addressed", "entries", "contents",
	} {
		r.numbers[name] = binary.LittleEndian.Uint64(b[8+8*i:])
	}
	if r.numbers["root"]+r.numbers["root length"] > 16384 {
		t.Errorf("the root ends at %d", r.numbers["root"]+r.numbers["root length"])
	}
	if end := r.numbers["tiles"] + r.numbers["tiles length"]; end != uint64(len(b)) {
		t.Errorf("the tiles end at %d of %d", end, len(b))
	}
	if b[96] != 1 || b[97] != 2 || b[98] != 2 || b[99] != 1 {
		t.Errorf("clustered, compressions and type are %v", b[96:100])
	}
	return r
}

func (r *read) unpack(from, length uint64) []byte {
	r.t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(r.b[from : from+length]))
	if err != nil {
		r.t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		r.t.Fatal(err)
	}
	return b
}

func (r *read) directory(from, length uint64) []entry {
	r.t.Helper()
	in := bytes.NewReader(r.unpack(from, length))
	next := func() uint64 {
		v, err := binary.ReadUvarint(in)
		if err != nil {
			r.t.Fatal(err)
		}
		return v
	}
	es := make([]entry, next())
	var id uint64
	for i := range es {
		id += next()
		es[i].id = id
	}
	for i := range es {
		es[i].run = uint32(next())
	}
	for i := range es {
		es[i].length = uint32(next())
	}
	for i := range es {
		if v := next(); v == 0 && i > 0 {
			es[i].offset = es[i-1].offset + uint64(es[i-1].length)
		} else {
			es[i].offset = v - 1
		}
	}
	if in.Len() > 0 {
		r.t.Errorf("%d bytes follow a directory", in.Len())
	}
	return es
}

// all is every tile by its id, and how many entries there are.
func (r *read) all() (tiles map[uint64][]byte, entries int) {
	tiles = map[uint64][]byte{}
	var walk func(es []entry)
	walk = func(es []entry) {
		for _, e := range es {
			if e.run == 0 {
				walk(r.directory(r.numbers["leaves"]+e.offset, uint64(e.length)))
				continue
			}
			entries++
			for n := range uint64(e.run) {
				tiles[e.id+n] = r.unpack(r.numbers["tiles"]+e.offset, uint64(e.length))
			}
		}
	}
	walk(r.directory(r.numbers["root"], r.numbers["root length"]))
	return tiles, entries
}

// TestArchive writes archives of few tiles and of so many that they need
// leaves, and finds every tile in them, each content once.
func TestArchive(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 200, 24_000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(1, uint64(n)))
			want := map[uint64][]byte{}
			for range n {
				id := random.Uint64N(uint64(max(n, 1)) * 3)
				want[id] = []byte(fmt.Sprint("tile ", random.IntN(n/3+1)))
			}
			var ids []uint64
			contents := map[string]bool{}
			for id, b := range want {
				ids = append(ids, id)
				contents[string(b)] = true
			}
			slices.Sort(ids)
			var aside, out bytes.Buffer
			w := NewWriter(&aside)
			for _, id := range ids {
				if err := w.Add(id, want[id]); err != nil {
					t.Fatal(err)
				}
			}
			about := About{
				Name: "רובע", Attribution: "x", MinZoom: 10, MaxZoom: 16, CenterZoom: 13, Center: orb.Point{34.85, 32.3},
				Bound: orb.Bound{Min: orb.Point{34.8, -32.2}, Max: orb.Point{34.9, 32.4}}, Layers: []Layer{{ID: "road", Fields: map[string]string{"class": "String"}}},
			}
			if err := w.Finish(&out, &aside, about); err != nil {
				t.Fatal(err)
			}
			r := open(t, out.Bytes())
			got, entries := r.all()
			if len(got) != len(want) || uint64(len(want)) != r.numbers["addressed"] || uint64(entries) != r.numbers["entries"] ||
				uint64(len(contents)) != r.numbers["contents"] {
				t.Errorf("%d tiles, want %d; the header says %v", len(got), len(want), r.numbers)
			}
			for id, b := range want {
				if !bytes.Equal(got[id], b) {
					t.Fatalf("tile %d is %q, want %q", id, got[id], b)
				}
			}
			if (r.numbers["leaves length"] > 0) != (n > 10_000) {
				t.Errorf("%d bytes of leaves", r.numbers["leaves length"])
			}
			var meta struct {
				Name   string
				Layers []Layer `json:"vector_layers"`
			}
			if err := json.Unmarshal(r.unpack(r.numbers["meta"], r.numbers["meta length"]), &meta); err != nil || meta.Name != "רובע" || len(meta.Layers) != 1 {
				t.Errorf("the metadata is %+v, %v", meta, err)
			}
			h := out.Bytes()
			for i, v := range []int32{348000000, -322000000, 349000000, 324000000} {
				if got := int32(binary.LittleEndian.Uint32(h[102+4*i:])); got != v {
					t.Errorf("bound %d is %d, want %d", i, got, v)
				}
			}
			if h[100] != 10 || h[101] != 16 || h[118] != 13 || int32(binary.LittleEndian.Uint32(h[119:])) != 348500000 {
				t.Errorf("zooms and center are %v", h[100:127])
			}
		})
	}
}

func TestTilesComeInOrder(t *testing.T) {
	t.Parallel()
	w := NewWriter(io.Discard)
	for _, id := range []uint64{4, 5} {
		if err := w.Add(id, []byte("a")); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []uint64{5, 4, 0} {
		if w.Add(id, []byte("b")) == nil {
			t.Errorf("%d is taken after 5", id)
		}
	}
}

// FuzzDirectory encodes any directory, and reads it again.
func FuzzDirectory(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8})
	f.Fuzz(func(t *testing.T, b []byte) {
		var es []entry
		id, offset := uint64(0), uint64(0)
		for len(b) >= 4 {
			id += uint64(b[0])
			e := entry{id: id, run: uint32(b[1]), length: uint32(b[2]), offset: offset}
			if b[3]%3 == 0 {
				e.offset = uint64(b[3])
			}
			offset = e.offset + uint64(e.length)
			id += uint64(e.run) + 1
			es, b = append(es, e), b[4:]
		}
		packed, err := directory(es)
		if err != nil {
			t.Fatal(err)
		}
		r := &read{t: t, b: packed}
		if got := r.directory(0, uint64(len(packed))); !slices.Equal(got, es) {
			t.Errorf("%v comes back as %v", es, got)
		}
	})
}
