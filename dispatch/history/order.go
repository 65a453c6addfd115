package history

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"unsafe"
)

// order holds reports in the order of a key, which is 0 for those that it
// leaves out, and beside each a copy of what a scan in that order needs of it, so
// that it reads memory as it lies. Reports that came since it was made, or of
// which the key or the copy isn't what it was, are loose, and looked at one by
// one in the columns; when they are many, it is made anew. It changes under the
// past's lock, as the columns do.
type order[T any] struct {
	sorted   []uint32
	copies   []T    // of sorted, as of when it was made
	arranged uint32 // reports from there on are new, and loose
	loose    []uint32
	// Those of sorted that are loose now, each with the key by which it was
	// sorted: sorted stays in the order of those.
	out map[uint32]uint64
}

// mostLoose is how many reports may be loose.
const mostLoose = 20_000

// arrange makes an order of n reports anew.
func (o *order[T]) arrange(n int, key func(uint32) uint64, of func(uint32) T) {
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
	copies := make([]T, len(sorted))
	for i, at := range sorted {
		copies[i] = of(at)
	}
	*o = order[T]{sorted: sorted, copies: copies, arranged: uint32(n)}
}

// bytes is how much memory it takes.
func (o *order[T]) bytes() int {
	var one T
	return (cap(o.sorted)+cap(o.loose))*4 + cap(o.copies)*int(unsafe.Sizeof(one))
}

// came notes a new report.
func (o *order[T]) came(n uint32) { o.loose = append(o.loose, n) }

// changed notes that a report's key, which was was, or its copy isn't what it was.
func (o *order[T]) changed(n uint32, was uint64) {
	if _, out := o.out[n]; n >= o.arranged || out {
		return // it is loose already
	}
	if o.out == nil {
		o.out = map[uint32]uint64{}
	}
	o.out[n] = was
	o.loose = append(o.loose, n)
}

// sortedBy is the key by which a report lies in sorted.
func (o *order[T]) sortedBy(at int, key func(uint32) uint64) uint64 {
	n := o.sorted[at]
	if len(o.out) > 0 {
		if was, out := o.out[n]; out {
			return was
		}
	}
	return key(n)
}

// span is where the keys from low to high begin in sorted, and where they end.
func (o *order[T]) span(low, high uint64, key func(uint32) uint64) (first, last int) {
	first = sort.Search(len(o.sorted), func(n int) bool { return o.sortedBy(n, key) >= low })
	return first, first + sort.Search(len(o.sorted)-first, func(n int) bool { return o.sortedBy(first+n, key) > high })
}

// between hands over, block by block, the reports whose keys are from low to
// high, each with its copy; f must neither keep the slices nor write to them.
func (o *order[T]) between(low, high uint64, key func(uint32) uint64, of func(uint32) T, f func([]uint32, []T)) {
	var room [block]uint32
	var copies [block]T
	first, last := o.span(low, high, key)
	for first < last {
		size := min(block, last-first)
		found, beside := o.sorted[first:first+size], o.copies[first:first+size]
		first += size
		if len(o.out) > 0 {
			kept := 0
			for i, n := range found {
				if _, out := o.out[n]; !out {
					room[kept], copies[kept] = n, beside[i]
					kept++
				}
			}
			found, beside = room[:kept], copies[:kept]
		}
		f(found, beside)
	}
	for rest := o.loose; len(rest) > 0; {
		kept := 0
		size := min(block, len(rest))
		for _, n := range rest[:size] {
			if k := key(n); k != 0 && k >= low && k <= high {
				room[kept], copies[kept] = n, of(n)
				kept++
			}
		}
		rest = rest[size:]
		f(room[:kept], copies[:kept])
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

// placed is what a tile needs of a located report: when it was filed and closed,
// in seconds since 1970, 0 where that doesn't say; its category; and whether it
// was closed after its time.
type placed struct {
	filed, closed uint32
	category      uint16
	late          bool
}

func (c *columns) placedOf(n uint32) placed {
	closed, due := c.closed[n], c.due[n]
	return placed{seconds(c.filed[n]), seconds(closed), c.category[n], closed != never && due != never && closed > due}
}

// seconds are the whole seconds of an instant, 0 for those that they can't say.
func seconds(at int64) uint32 {
	if at < 0 || at >= 1e6<<32 {
		return 0
	}
	return uint32(at / 1e6)
}

// done is what the lenses of closing need of a closed report: how long it took,
// and where it is.
type done struct {
	took int64
	x, y int32
}

func (c *columns) doneOf(n uint32) done {
	return done{max(c.closed[n]-c.filed[n], 0), c.x[n], c.y[n]}
}

// standing is what the lenses of what stands open need of an open report: after
// when it is overdue, where it is, and its first codes in the order of kinds.
type standing struct {
	late  int64
	x, y  int32
	codes [4]uint16
}

func (c *columns) standingOf(n uint32) standing {
	late := c.due[n]
	if paused := c.pausedAt(n); late == never || paused != never && paused <= late {
		late = math.MaxInt64 // it stands still before its time, or has none
	}
	return standing{late, c.x[n], c.y[n], [4]uint16{c.department[n], c.category[n], c.district[n], c.neighbourhood[n]}}
}

// in hands over the reports of a square of the web's map: of side 2^bits, at its
// north-west corner.
func (c *columns) in(x, y uint32, bits int, f func([]uint32, []placed)) {
	low := morton(x, y)
	high := low | (uint64(1)<<(2*bits) - 1) // all ones for the whole map
	if first, last := c.places.span(low, high, c.placeKey); last-first < len(c.places.sorted)/4 {
		c.places.between(max(low, 1), high, c.placeKey, c.placedOf, f)
		return
	}
	// Most of all are sooner looked at as they lie.
	var room [block]uint32
	var copies [block]placed
	for n := 0; n < c.len(); {
		kept := 0
		for ; n < c.len() && kept < block; n++ {
			if c.x[n] != nowhere && (c.wx[n]^x)>>bits == 0 && (c.wy[n]^y)>>bits == 0 {
				room[kept], copies[kept] = uint32(n), c.placedOf(uint32(n))
				kept++
			}
		}
		f(room[:kept], copies[:kept])
	}
}
