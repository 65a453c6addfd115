package history

import (
	"math/bits"
	"slices"
	"sort"
	"strings"
	"time"

	"moked/dispatch"
)

// Mark is one thing that is true of a report in a period; the package's comment
// defines each. A figure is how many reports bear its mark.
type Mark uint16

// The marks.
const (
	Received Mark = 1 << iota
	Judged
	Late
	Reopened
	Responded
	Promised // to respond, and decided
	RespondLate
	Closed
	Open
	Overdue
)

var markNames = []string{"received", "judged", "late", "reopened", "responded", "promised", "respond_late", "closed", "open", "overdue"}

// MarkNames lists the marks' names in JSON and in addresses.
func MarkNames() []string { return slices.Clone(markNames) }

// String is the mark's name.
func (m Mark) String() string { return markNames[m.bit()] }

// ParseMark reads a mark's name.
func ParseMark(name string) (Mark, error) {
	n := slices.Index(markNames, name)
	if n < 0 {
		return 0, &dispatch.Error{Code: dispatch.Invalid, Key: KeyUnknownMark, Field: "of", Args: map[string]any{"mark": name, "all": strings.Join(markNames, ", ")}}
	}
	return 1 << n, nil
}

// bit is the place of a single mark.
func (m Mark) bit() int { return bits.TrailingZeros16(uint16(m)) }

// marks are what is true of a report in a stretch, read at an instant.
func (c *columns) marks(n int, s *stretch, at int64) (m Mark) {
	filed, closed := c.filed[n], c.closed[n]
	if filed >= s.from && filed < s.to {
		m |= c.receipt(n, at)
	}
	if closed != never {
		if closed >= s.from && closed < s.to {
			m |= Closed
		}
		if closed < s.end {
			return m
		}
	}
	if filed >= s.end {
		return m
	}
	m |= Open
	if late, _ := judge(never, c.due[n], c.pausedAt(uint32(n)), s.end); late {
		m |= Overdue
	}
	return m
}

// receipt are the marks of a report that was filed in the period.
func (c *columns) receipt(n int, at int64) Mark {
	m := Received
	if c.reopened[n] > 0 {
		m |= Reopened
	}
	if late, decided := judge(c.closed[n], c.due[n], c.pausedAt(uint32(n)), at); decided {
		m |= Judged
		if late {
			m |= Late
		}
	}
	if late, decided := judge(c.responded[n], c.responseDue[n], never, at); decided {
		m |= Promised
		if late {
			m |= RespondLate
		}
	}
	if c.responded[n] != never {
		m |= Responded
	}
	return m
}

// judge says whether a promise was broken, and whether that is decided.
func judge(kept, due, paused, at int64) (late, decided bool) {
	if due == never {
		return false, false
	}
	if kept != never {
		return kept > due, true
	}
	if paused != never {
		at = min(at, paused)
	}
	return at > due, at > due
}

// everything is any mark.
const everything = ^Mark(0)

// ofFiling are the marks of reports that were filed in the period.
const ofFiling = Received | Judged | Late | Reopened | Responded | Promised | RespondLate

// brief is how long after its filing a brief report was closed at most. The
// others, few, are in the columns' list of long ones.
const brief = int64(60 * 24 * time.Hour / time.Microsecond)

// each calls f with every report that bears one of the wanted marks in one of
// the stretches, once for each stretch in which it does, with all of its marks.
// The stretches follow one another without gaps. The caller holds the lock for
// reading.
//
// Only what may bear a mark is looked at: the reports that were filed in the
// period, or a brief time before it; and, for marks of closing or of standing
// open, the long ones.
func (p *past) each(stretches []stretch, keep func(int) bool, at int64, want Mark, f func(n, stretch int, m Mark)) {
	c := &p.columns
	first, last := stretches[0].from, stretches[len(stretches)-1].to
	look := func(n int) {
		filed, closed := c.filed[n], c.closed[n]
		if filed >= last && (closed == never || closed >= last) || closed != never && closed < first && filed < first || !keep(n) {
			return
		}
		if len(stretches) == 1 {
			if m := c.marks(n, &stretches[0], at); m&want != 0 {
				f(n, 0, m)
			}
			return
		}
		// Nothing is true of a report before it was filed, unless its incident was
		// closed by then; and nothing after both.
		begun := filed
		if closed != never {
			begun = min(filed, closed)
		}
		i := 0
		if begun >= stretches[0].to {
			i = after(stretches, begun)
		}
		for ; i < len(stretches); i++ {
			s := &stretches[i]
			if closed != never && s.from > max(closed, filed) {
				break
			}
			if m := c.marks(n, s, at); m&want != 0 {
				f(n, i, m)
			}
		}
	}
	from := first
	if want&^ofFiling != 0 {
		from -= brief
		for _, n := range c.long {
			// The others come below.
			if filed := c.filed[n]; filed < from || filed >= last {
				look(int(n))
			}
		}
	}
	lo := sort.Search(c.inOrder, func(n int) bool { return c.filed[n] >= from })
	hi := lo + sort.Search(c.inOrder-lo, func(n int) bool { return c.filed[lo+n] >= last })
	for n := lo; n < hi; n++ {
		look(n)
	}
	for n := c.inOrder; n < c.len(); n++ {
		if filed := c.filed[n]; filed >= from && filed < last {
			look(n)
		}
	}
}

// after is the first stretch that ends after an instant.
func after(stretches []stretch, at int64) int {
	n, _ := slices.BinarySearchFunc(stretches, at, func(s stretch, at int64) int {
		if s.to <= at {
			return -1
		}
		return 1
	})
	return n
}
