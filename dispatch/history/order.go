package history

import (
	"cmp"
	"slices"
	"sort"
)

// order holds reports in the order of a key, which is 0 for those that it
// leaves out. Reports that came since it was made, or whose key has changed,
// are loose, and looked at one by one; when they are many, it is made anew.
type order struct {
	sorted   []uint32
	arranged uint32 // reports from there on are new, and loose
	loose    []uint32
	out      map[uint32]bool // of sorted, but loose now
}

// mostLoose is how many reports may be loose.
const mostLoose = 20_000

// arrange makes an order of n reports anew.
func (o *order) arrange(n int, key func(uint32) uint64) {
	size := 0
	for at := range uint32(n) {
		if key(at) != 0 {
			size++
		}
	}
	sorted := make([]uint32, 0, size)
	for at := range uint32(n) {
		if key(at) != 0 {
			sorted = append(sorted, at)
		}
	}
	slices.SortFunc(sorted, func(a, b uint32) int { return cmp.Compare(key(a), key(b)) })
	*o = order{sorted: sorted, arranged: uint32(n)}
}

// came notes a new report.
func (o *order) came(n uint32) { o.loose = append(o.loose, n) }

// changed notes that a report's key isn't what it was.
func (o *order) changed(n uint32) {
	if n >= o.arranged || o.out[n] {
		return // it is loose already
	}
	if o.out == nil {
		o.out = map[uint32]bool{}
	}
	o.out[n] = true
	o.loose = append(o.loose, n)
}

// between hands over, block by block, the reports whose keys are from low to
// high; f must not keep the slice, and may write to it.
func (o *order) between(low, high uint64, key func(uint32) uint64, f func([]uint32)) {
	var room [block]uint32
	sorted := o.sorted[sort.Search(len(o.sorted), func(n int) bool { return key(o.sorted[n]) >= low }):]
	sorted = sorted[:sort.Search(len(sorted), func(n int) bool { return key(sorted[n]) > high })]
	for len(sorted) > 0 {
		found := room[:copy(room[:], sorted)]
		sorted = sorted[len(found):]
		if len(o.out) > 0 {
			found = slices.DeleteFunc(found, func(n uint32) bool { return o.out[n] })
		}
		f(found)
	}
	for rest := o.loose; len(rest) > 0; {
		found := room[:copy(room[:], rest)]
		rest = rest[len(found):]
		f(slices.DeleteFunc(found, func(n uint32) bool { k := key(n); return k == 0 || k < low || k > high }))
	}
}

// morton interleaves the bits of a place (Morton 1966): those of y above those
// of x. What is in a square of the web's map lies together in its order.
func morton(x, y uint32) uint64 { return spreadBits(x) | spreadBits(y)<<1 }

func spreadBits(v uint32) uint64 {
	x := uint64(v)
	x = (x | x<<16) & 0x0000ffff0000ffff
	x = (x | x<<8) & 0x00ff00ff00ff00ff
	x = (x | x<<4) & 0x0f0f0f0f0f0f0f0f
	x = (x | x<<2) & 0x3333333333333333
	return (x | x<<1) & 0x5555555555555555
}

// placeKey orders located reports by their place. The map's very corner, at
// key 0, is in the sea.
func (c *columns) placeKey(n uint32) uint64 {
	if c.x[n] == nowhere {
		return 0
	}
	return morton(c.wx[n], c.wy[n])
}

// closedKey orders closed reports by when they were closed.
func (c *columns) closedKey(n uint32) uint64 {
	if c.closed[n] == never {
		return 0
	}
	return timeKey(c.closed[n])
}

// openKey orders open reports by when they were filed.
func (c *columns) openKey(n uint32) uint64 {
	if c.closed[n] != never {
		return 0
	}
	return timeKey(c.filed[n])
}

// timeKey is a time as a number that isn't 0 and in the same order, from long
// before anybody's reports on.
func timeKey(at int64) uint64 { return uint64(max(at+1<<61, 1)) }

// in hands over the reports of a square of the web's map: of side 2^bits, at its
// north-west corner.
func (c *columns) in(x, y uint32, bits int, f func([]uint32)) {
	low := morton(x, y)
	high := low | (uint64(1)<<(2*bits) - 1) // all ones for the whole map
	sorted := c.places.sorted
	first := sort.Search(len(sorted), func(n int) bool { return c.placeKey(sorted[n]) >= low })
	last := sort.Search(len(sorted), func(n int) bool { return c.placeKey(sorted[n]) > high })
	if last-first < len(sorted)/4 {
		c.places.between(max(low, 1), high, c.placeKey, f)
		return
	}
	// Most of all are sooner looked at as they lie.
	var room [block]uint32
	for n := 0; n < c.len(); {
		found := room[:0]
		for ; n < c.len() && len(found) < block; n++ {
			if c.x[n] != nowhere && (c.wx[n]^x)>>bits == 0 && (c.wy[n]^y)>>bits == 0 {
				found = append(found, uint32(n))
			}
		}
		f(found)
	}
}
