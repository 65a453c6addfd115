package history

import "sort"

// block is how many reports a scan takes at a time: few enough for their
// columns to stay near.
const block = 1024

// scan hands over, block by block, the reports that bear a mark in one stretch
// and pass the filters. It is what each does for one mark and one stretch, a
// column at a time. f must not keep the slice.
func (p *past) scan(s stretch, filters []filter, at int64, want Mark, f func([]uint32)) {
	c := &p.columns
	var room [block]uint32
	sift := func(found []uint32) {
		found = pass(found, filters)
		if want != Received {
			kept := found[:0]
			for _, n := range found {
				if c.marks(int(n), &s, at)&want != 0 {
					kept = append(kept, n)
				}
			}
			found = kept
		}
		if len(found) > 0 {
			f(found)
		}
	}
	if want == Closed {
		c.closings.between(timeKey(s.from), timeKey(s.to-1), c.closedKey, func(found []uint32) {
			if found = pass(found, filters); len(found) > 0 {
				f(found)
			}
		})
		return
	}
	if want&^(Open|Overdue) == 0 && c.latest < s.end {
		var due, paused [block]int64
		c.opens.between(1, timeKey(s.to-1), c.openKey, func(found []uint32) {
			if found = pass(found, filters); want == Overdue {
				for i, n := range found {
					due[i] = c.due[n]
				}
				for i, n := range found {
					paused[i] = c.paused[n]
				}
				kept := found[:0]
				for i, n := range found {
					if late, _ := judge(never, due[i], paused[i], s.end); late {
						kept = append(kept, n)
					}
				}
				found = kept
			}
			if len(found) > 0 {
				f(found)
			}
		})
		return
	}
	from := s.from
	if want&ofFiling == 0 {
		from -= brief
		if want&(Open|Overdue) != 0 {
			from = s.end - brief
		}
		for rest := c.long; len(rest) > 0; {
			found := room[:0]
			for len(rest) > 0 && len(found) < block {
				n := rest[0]
				rest = rest[1:]
				if filed := c.filed[n]; filed < from || filed >= s.to {
					found = append(found, n)
				}
			}
			sift(found)
		}
	}
	lo := sort.Search(c.inOrder, func(n int) bool { return c.filed[n] >= from })
	hi := lo + sort.Search(c.inOrder-lo, func(n int) bool { return c.filed[lo+n] >= s.to })
	for ; lo < hi; lo += block {
		found := room[:min(block, hi-lo)]
		for n := range found {
			found[n] = uint32(lo + n)
		}
		sift(found)
	}
	for n := c.inOrder; n < c.len(); {
		found := room[:0]
		for ; n < c.len() && len(found) < block; n++ {
			if filed := c.filed[n]; filed >= from && filed < s.to {
				found = append(found, uint32(n))
			}
		}
		sift(found)
	}
}

// pass keeps the reports that pass the filters, in place.
func pass(found []uint32, filters []filter) []uint32 {
	for _, k := range filters {
		kept := found[:0]
		for _, n := range found {
			if k.wanted[k.column[n]] {
				kept = append(kept, n)
			}
		}
		found = kept
	}
	return found
}
