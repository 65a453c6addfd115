package history

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"moked/dispatch"
)

// The zooms that tiles have, how many pixels a side has, and into how many
// cells a side is parted where the reports are too many to be told apart.
const (
	maxZoom    = 20
	extentBits = 12
	cellBits   = 7
	mostPoints = 20_000
)

// Tile is a vector tile (Mapbox Vector Tile 2.1) of a period's reports: those
// that were filed in it. It has one layer: "reports", a point each, with its
// category and its state (open, overdue, closed, late); or, where there are
// more than can be told apart, "cells", a point for each of 128 × 128 parts of
// the tile, with how many there are (n), of them open, overdue and late. It is
// nil where there are none, or no such tile.
func (h *History) Tile(who dispatch.Actor, q Query, z, x, y int) ([]byte, error) {
	q.By = nil
	p, err := h.ask(who, &q)
	if err != nil {
		return nil, err
	}
	if z < 0 || z > maxZoom || x < 0 || y < 0 || x >= 1<<z || y >= 1<<z {
		return nil, nil
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	now := h.clock()
	at := now.UnixMicro()
	s := stretch{q.From.UnixMicro(), q.To.UnixMicro(), min(q.To.UnixMicro(), at)}
	filters := p.filtersOf(q.Where)
	c := &p.columns
	t := &tile{c: c, side: 32 - z, x: uint32(uint64(x) << (32 - z)), y: uint32(uint64(y) << (32 - z))}
	first, last := seconds(s.from), seconds(s.to)
	c.in(t.x, t.y, t.side, func(found []uint32, copies []placed) {
		for i, n := range found {
			// The seconds tell, but for those in which the period begins or ends.
			k := &copies[i]
			inside := k.filed > first && k.filed < last
			if !inside && (k.filed == 0 || first == 0 || last == 0 || k.filed == first || k.filed == last) {
				filed := c.filed[n]
				inside = filed >= s.from && filed < s.to
			}
			if inside && passes(filters, n) {
				t.found, t.copies = append(t.found, n), append(t.copies, *k)
			}
		}
	})
	switch {
	case len(t.found) == 0:
		return nil, nil
	case len(t.found) > mostPoints:
		return t.cells(&s, at), nil
	}
	return t.points(&s, at, p.category.codes), nil
}

// tile is one that is being made: a square of 2^side at x, y.
type tile struct {
	c     *columns
	side  int
	x, y  uint32
	found []uint32
	// What the order of places has beside each of found.
	copies []placed
}

// pixel is where a report lies, in steps of 2^-bits of the side, the nearest.
func (t *tile) pixel(v, from uint32, steps int) uint32 {
	d := uint64(v - from)
	if shift := t.side - steps; shift > 0 {
		return uint32((d + 1<<(shift-1)) >> shift)
	}
	return uint32(d << (steps - t.side))
}

var states = []string{"open", "overdue", "closed", "late"}

// state is the place in states of a report that was filed in the stretch: what
// its marks say.
func (t *tile) state(i int, s *stretch, at int64) uint64 {
	k, n := &t.copies[i], t.found[i]
	end := seconds(s.end)
	gone := k.closed != 0 && k.closed < end
	if !gone && (k.closed == 0 || end == 0 || k.closed == end) {
		closed := t.c.closed[n]
		gone = closed != never && closed < s.end
	}
	if gone {
		if k.late {
			return 3
		}
		return 2
	}
	due := t.c.due[n]
	if due == never {
		return 0
	}
	if paused := t.c.pausedAt(n); paused != never {
		at = min(at, paused)
	}
	if min(at, s.end) > due {
		return 1
	}
	return 0
}

// each hands over the tile's reports by their index and where they lie. What is
// near on the map lies anywhere in the columns: many waits for memory go on at
// once where nothing else is done between.
func (t *tile) each(bits int, f func(i int, x, y uint32)) {
	var xs, ys [block]uint32
	for begin := 0; begin < len(t.found); begin += block {
		part := t.found[begin:min(begin+block, len(t.found))]
		for i, n := range part {
			xs[i] = t.c.wx[n]
		}
		for i, n := range part {
			ys[i] = t.c.wy[n]
		}
		for i := range part {
			f(begin+i, t.pixel(xs[i], t.x, bits), t.pixel(ys[i], t.y, bits))
		}
	}
}

// Fields and wire types of the vector tile's protocol buffer.
const (
	tileLayer     = 3<<3 | 2
	layerName     = 1<<3 | 2
	layerFeature  = 2<<3 | 2
	layerKey      = 3<<3 | 2
	layerValue    = 4<<3 | 2
	layerExtent   = 5 << 3
	layerVersion  = 15 << 3
	featureTags   = 2<<3 | 2
	featureType   = 3 << 3
	featureGeom   = 4<<3 | 2
	valueString   = 1<<3 | 2
	valueUint     = 5 << 3
	typePoint     = 1
	commandMoveTo = 1<<3 | 1
)

func (t *tile) points(s *stretch, at int64, categories []string) []byte {
	b := header("reports", "category", "state", len(t.found)*20)
	for _, text := range states {
		b = stringValue(b, text)
	}
	value, known := make([]uint64, len(categories)), 0
	var tags [4]uint64
	t.each(extentBits, func(i int, x, y uint32) {
		k := t.copies[i].category
		if value[k] == 0 {
			value[k] = uint64(len(states) + known)
			known++
			b = stringValue(b, categories[k])
		}
		if value[k] < 128 && x < 1<<13 && y < 1<<13 {
			b = smallFeature(b, byte(value[k]), byte(t.state(i, s, at)), x<<1, y<<1)
			return
		}
		tags = [4]uint64{0, value[k], 1, t.state(i, s, at)}
		b = feature(b, tags[:], x, y)
	})
	return layer(b)
}

func (t *tile) cells(s *stretch, at int64) []byte {
	type cell struct{ n, open, overdue, late uint64 }
	const wide = 1 << cellBits
	cells := make([]cell, wide*wide)
	t.each(extentBits, func(i int, x, y uint32) {
		// The nearest pixel may be the next tile's first.
		x, y = min(x, 1<<extentBits-1)>>(extentBits-cellBits), min(y, 1<<extentBits-1)>>(extentBits-cellBits)
		c := &cells[y<<cellBits|x]
		c.n++
		switch t.state(i, s, at) {
		case 0:
			c.open++
		case 1:
			c.open++
			c.overdue++
			c.late++
		case 3:
			c.late++
		}
	})
	b := header("cells", "n", "open", 1<<16)
	b = text(b, layerKey, "overdue")
	b = text(b, layerKey, "late")
	value := map[uint64]uint64{}
	of := func(v uint64) uint64 {
		at, known := value[v]
		if !known {
			at = uint64(len(value))
			value[v] = at
			b = append(b, layerValue, byte(1+size(v)), valueUint)
			b = binary.AppendUvarint(b, v)
		}
		return at
	}
	half := uint32(1) << (extentBits - cellBits - 1)
	for n, c := range cells {
		if c.n > 0 {
			tags := []uint64{0, of(c.n), 1, of(c.open), 2, of(c.overdue), 3, of(c.late)}
			x, y := uint32(n)&(wide-1), uint32(n)>>cellBits
			b = feature(b, tags, x<<(extentBits-cellBits)+half, y<<(extentBits-cellBits)+half)
		}
	}
	return layer(b)
}

// header begins a layer with two keys; room is about how much will follow.
func header(name, key1, key2 string, room int) []byte {
	b := make([]byte, 0, room+256)
	b = append(b, layerVersion, 2)
	b = text(b, layerName, name)
	b = append(b, layerExtent)
	b = binary.AppendUvarint(b, 1<<extentBits)
	b = text(b, layerKey, key1)
	return text(b, layerKey, key2)
}

func text(b []byte, field byte, s string) []byte {
	b = append(b, field)
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

func stringValue(b []byte, s string) []byte {
	b = append(b, layerValue)
	b = binary.AppendUvarint(b, uint64(1+size(uint64(len(s)))+len(s)))
	return text(b, valueString, s)
}

// feature adds a point with its tags.
func feature(b []byte, tags []uint64, x, y uint32) []byte {
	tagged := 0
	for _, v := range tags {
		tagged += size(v)
	}
	zx, zy := uint64(x)<<1, uint64(y)<<1 // zigzag of what isn't negative
	geom := 1 + size(zx) + size(zy)
	b = append(b, layerFeature)
	b = binary.AppendUvarint(b, uint64(1+size(uint64(tagged))+tagged+2+1+size(uint64(geom))+geom))
	b = append(b, featureTags)
	b = binary.AppendUvarint(b, uint64(tagged))
	for _, v := range tags {
		b = binary.AppendUvarint(b, v)
	}
	b = append(b, featureType, typePoint, featureGeom)
	b = binary.AppendUvarint(b, uint64(geom))
	b = append(b, commandMoveTo)
	b = binary.AppendUvarint(b, zx)
	return binary.AppendUvarint(b, zy)
}

// smallFeature is feature for two tags whose values are below 128 and for a zigzag
// place below 2¹⁴, as nearly all are.
func smallFeature(b []byte, value0, value1 byte, zx, zy uint32) []byte {
	n := len(b)
	b = append(b, layerFeature, 0, featureTags, 4, 0, value0, 1, value1, featureType, typePoint, featureGeom, 0, commandMoveTo)
	for _, v := range [2]uint32{zx, zy} {
		if v >= 128 {
			b = append(b, byte(v)|128, byte(v>>7))
		} else {
			b = append(b, byte(v))
		}
	}
	b[n+1], b[n+11] = byte(len(b)-n-2), byte(len(b)-n-12)
	return b
}

// layer wraps the one layer into a tile.
func layer(b []byte) []byte {
	head := binary.AppendUvarint([]byte{tileLayer}, uint64(len(b)))
	return slices.Concat(head, b)
}

// size is how many bytes a varint takes.
func size(v uint64) int { return (bits.Len64(v|1) + 6) / 7 }
