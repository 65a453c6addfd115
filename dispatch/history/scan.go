package history

import "sort"

// block is how many reports a scan takes at a time: few enough for their
// columns to stay near.
const block = 1024

// found is a block of reports that a scan found, and where they are (nowhere in x
// for one that isn't located): in done, with how long they took, where Closed
// was wanted, in x and y otherwise.
type found struct {
	n    []uint32
	x, y []int32
	done []done
}

// room is where a scan puts a block.
type room struct {
	n    [block]uint32
	x, y [block]int32
	done [block]done
}

// scan hands over, block by block, the reports that bear a mark in one stretch
// and pass the filters. It is what each does for one mark and one stretch, a
// column at a time. f must not keep the slices.
func (p *past) scan(s stretch, filters []filter, at int64, want Mark, f func(found)) {
	c := &p.columns
	r := &room{}
	if want == Closed {
		p.scanClosed(s, filters, r, f)
		return
	}
	if want&^(Open|Overdue) == 0 && c.latest < s.end {
		p.scanOpen(s, filters, want, r, f)
		return
	}
	give := func(n []uint32) {
		for i, n := range n {
			r.x[i] = c.x[n]
		}
		for i, n := range n {
			r.y[i] = c.y[n]
		}
		f(found{n: n, x: r.x[:len(n)], y: r.y[:len(n)]})
	}
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
			give(found)
		}
	}
	from := s.from
	if want&ofFiling == 0 {
		from -= brief
		if want&(Open|Overdue) != 0 {
			from = s.end - brief
		}
		for rest := c.long; len(rest) > 0; {
			found := r.n[:0]
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
		found := r.n[:min(block, hi-lo)]
		for n := range found {
			found[n] = uint32(lo + n)
		}
		sift(found)
	}
	for n := c.inOrder; n < c.len(); {
		found := r.n[:0]
		for ; n < c.len() && len(found) < block; n++ {
			if filed := c.filed[n]; filed >= from && filed < s.to {
				found = append(found, uint32(n))
			}
		}
		sift(found)
	}
}

// scanClosed finds what was closed in the stretch, in the order of closings.
func (p *past) scanClosed(s stretch, filters []filter, r *room, f func(found)) {
	c := &p.columns
	c.closings.between(timeKey(s.from), timeKey(s.to-1), c.closedKey, c.doneOf, func(ns []uint32, copies []done) {
		// One filter after the other: each is a short loop over one column.
		for _, k := range filters {
			kept, wanted, column := 0, k.wanted, k.column
			for i, n := range ns {
				if wanted[column[n]] {
					r.n[kept], r.done[kept] = n, copies[i]
					kept++
				}
			}
			ns, copies = r.n[:kept], r.done[:kept]
		}
		if len(ns) > 0 {
			f(found{n: ns, done: copies})
		}
	})
}

// scanOpen finds what stands open at the stretch's end, and past its time if
// only that is wanted; nothing was closed since.
func (p *past) scanOpen(s stretch, filters []filter, want Mark, r *room, f func(found)) {
	c := &p.columns
	c.opens.between(1, timeKey(s.to-1), c.openKey, c.standingOf, func(ns []uint32, copies []standing) {
		kept := 0
	reports:
		for i, n := range ns {
			o := &copies[i]
			if want == Overdue && o.late >= s.end {
				continue
			}
			for _, k := range filters {
				code := uint16(0)
				if k.kind < len(o.codes) {
					code = o.codes[k.kind]
				} else {
					code = k.column[n]
				}
				if !k.wanted[code] {
					continue reports
				}
			}
			r.n[kept], r.x[kept], r.y[kept] = n, o.x, o.y
			kept++
		}
		if kept > 0 {
			f(found{n: r.n[:kept], x: r.x[:kept], y: r.y[:kept]})
		}
	})
}

func passes(filters []filter, n uint32) bool {
	for _, k := range filters {
		if !k.wanted[k.column[n]] {
			return false
		}
	}
	return true
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
