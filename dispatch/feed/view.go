package feed

import (
	"github.com/paulmach/orb"

	"moked/dispatch"
)

// view is an authority's log as of one instant: the window of entries held in
// memory, and the crews' positions. It is immutable; news makes a new view
// and closes the old one's changed channel. Later views share the window's
// backing array, which is only ever appended to.
type view struct {
	log     string // names the log; a restored one has another
	life    int64  // grows when readers must start anew
	window  []*entry
	head    int64 // the last entry's seq
	trimmed int64
	crews   []crewAt
	tick    int64 // counts rounds of positions
	beat    int64 // counts the idle marks
	changed chan struct{}
}

// crewAt is a crew's last fix, and the tick at which it became known.
type crewAt struct {
	dispatch.Position
	scope  dispatch.Scope
	before orb.Point // where it was drawn until then
	tick   int64
}

// first is the lowest seq that can be read from the window.
func (v *view) first() int64 { return v.head - int64(len(v.window)) + 1 }

// after returns the window's entries with a seq above cursor. ok is false
// when some of them are no longer in the window.
func (v *view) after(cursor int64) (es []*entry, ok bool) {
	if cursor >= v.head {
		return nil, true
	}
	i := cursor + 1 - v.first()
	if i < 0 {
		return nil, false
	}
	return v.window[i:], true
}
