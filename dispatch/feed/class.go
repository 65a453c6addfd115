package feed

import (
	"encoding/json"
	"fmt"
	"sync"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"moked/dispatch"
)

// A frame closes once it has grown beyond this, so that one reader far behind
// neither holds much memory nor starves the others.
const frameBytes = 128 << 10

// A class remembers this many frames for its other readers.
const framesKept = 32

// class is what decides what a reader sees. Readers of one class at the same
// cursor get the same bytes, built once.
type class struct {
	key     classKey
	filters map[dispatch.Noun]dispatch.Filter
	readers int // guarded by the log's mutex

	mu     sync.Mutex
	frames map[int64]frame // by cursor
	fixes  map[int64]frame // by tick
}

type classKey struct {
	actor dispatch.Actor
	bbox  orb.Bound
	boxed bool
}

// frame holds what a class sees of the entries after a cursor up to to; text
// is nil when that is nothing.
type frame struct {
	text []byte
	to   int64
}

func newClass(k classKey) *class {
	c := &class{key: k, filters: map[dispatch.Noun]dispatch.Filter{}}
	for _, n := range []dispatch.Noun{dispatch.NounIncident, dispatch.NounJob, dispatch.NounCrew, dispatch.NounOperation, dispatch.NounShift,
		dispatch.NounConflict, dispatch.NounMessage, dispatch.NounPlan, dispatch.NounGeography,
	} {
		c.filters[n] = k.actor.Filter(n)
	}
	return c
}

func newKey(a dispatch.Actor, bbox *orb.Bound) classKey {
	k := classKey{actor: a}
	k.actor.ID, k.actor.Report, k.actor.Device, k.actor.Name, k.actor.Lang = uuid.Nil, uuid.Nil, uuid.Nil, "", ""
	if bbox != nil {
		k.bbox, k.boxed = *bbox, true
	}
	return k
}

// burst is the frame that follows cursor, at least as far as a reader of the
// class was given before; ok is false when the window no longer has it.
func (c *class) burst(v *view, cursor int64) (f frame, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, kept := c.frames[cursor]
	// A frame that ends far behind the head would have a late reader go
	// through every small burst that the others had; it is built anew, each
	// time at least twice as long.
	if kept && f.to <= v.head && (len(f.text) >= frameBytes || v.head-cursor < 2*(f.to-cursor)+8) {
		return f, true
	}
	es, ok := v.after(cursor)
	if !ok {
		return frame{}, false
	}
	f = c.frame(es, cursor)
	if c.frames == nil {
		c.frames = map[int64]frame{}
	}
	if len(c.frames) >= framesKept {
		clear(c.frames)
	}
	c.frames[cursor] = f
	return f, true
}

// frame encodes what the class sees of es into one array that ends with the
// mark of how far everything was considered.
func (c *class) frame(es []*entry, cursor int64) frame {
	f := frame{to: cursor}
	size := 64
	for _, e := range es {
		if size += len(e.text); size > frameBytes {
			break
		}
	}
	var b []byte
	for _, e := range es {
		put, removal := c.sees(e)
		if put || removal {
			if b == nil {
				b = make([]byte, 0, size)
				b = append(b, '[')
			} else {
				b = append(b, ',')
			}
		}
		switch {
		case put && c.key.actor.Role == dispatch.Resident:
			b = e.appendPublic(b)
		case put && c.key.actor.Narrow():
			b = e.appendNarrow(b)
		case put:
			b = append(b, e.text...)
		case removal:
			b = e.appendRemoval(b)
		}
		f.to = e.event.Seq
		if len(b) >= frameBytes {
			break
		}
	}
	if b != nil {
		f.text = fmt.Appendf(b, `,{"type":"upto","upto":%d}]`, f.to)
	}
	return f
}

// sees decides whether an entry is put before the class's readers, or its
// object is taken from them, or neither. An end is told wherever it happens.
func (c *class) sees(e *entry) (put, removal bool) {
	ev := &e.event
	f, ok := c.filters[ev.Noun]
	if !ok {
		return false, false
	}
	now := f.Has(ev.Scope)
	before := now
	if ev.Was != nil {
		before = f.Has(*ev.Was)
	}
	if c.key.boxed && !ev.Gone {
		now = now && e.at.in(c.key.bbox)
		before = before && e.from.in(c.key.bbox)
	}
	return now, before && !now
}

// fixesSince is one entry with the positions that became known after tick.
func (c *class) fixesSince(v *view, tick int64) frame {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f, kept := c.fixes[tick]; kept && f.to == v.tick {
		return f
	}
	f := c.fixesFrom(v, tick)
	if c.fixes == nil {
		c.fixes = map[int64]frame{}
	}
	if len(c.fixes) >= 4 {
		clear(c.fixes)
	}
	c.fixes[tick] = f
	return f
}

func (c *class) fixesFrom(v *view, tick int64) frame {
	var seen []dispatch.Position
	filter := c.filters[dispatch.NounCrew]
	for _, at := range v.crews {
		if at.tick <= tick || !filter.Has(at.scope) {
			continue
		}
		if c.key.boxed && !c.key.bbox.Contains(orb.Point{at.Lon, at.Lat}) && !c.key.bbox.Contains(at.before) {
			continue
		}
		seen = append(seen, at.Position)
	}
	f := frame{to: v.tick}
	if len(seen) > 0 {
		// Positions hold finite numbers and times only: they always encode.
		f.text, _ = json.Marshal([]any{struct {
			Type  string              `json:"type"`
			Crews []dispatch.Position `json:"crews"`
		}{"positions", seen}})
	}
	return f
}
