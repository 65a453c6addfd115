package feed

import (
	"sync"
	"sync/atomic"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"moked/dispatch"
)

// log is one authority's log in this process. The tailer alone writes it.
type log struct {
	authority string
	now       atomic.Pointer[view]

	mu      sync.Mutex
	classes map[classKey]*class

	// Where each live object was last, for readers with a bounding box.
	spots map[uuid.UUID]spot
	bytes int // of the window's texts
	crews map[uuid.UUID]*crewAt
	moved bool
	come  atomic.Bool // a reader waits for the next round's positions
}

func newLog(authority string) *log {
	l := &log{authority: authority}
	l.now.Store(&view{changed: make(chan struct{})})
	l.forget()
	return l
}

func (l *log) forget() {
	l.spots, l.crews, l.bytes = map[uuid.UUID]spot{}, map[uuid.UUID]*crewAt{}, 0
}

// publish makes v what readers see, and wakes those that wait.
func (l *log) publish(v view) {
	v.changed = make(chan struct{})
	old := l.now.Swap(&v)
	close(old.changed)
}

// extend appends entries, which follow the head, to v's window and drops its
// oldest ones beyond the limits.
func (l *log) extend(v *view, es []*entry, maxEntries, maxBytes int) {
	for _, e := range es {
		ev := &e.event
		e.from = l.spots[ev.Object]
		if ev.Gone {
			delete(l.spots, ev.Object)
		} else if ev.Noun == dispatch.NounIncident || ev.Noun == dispatch.NounJob {
			l.spots[ev.Object] = e.at
		}
		if ev.Noun == dispatch.NounCrew {
			l.crewChanged(ev)
		}
		l.bytes += len(e.text)
		v.head = ev.Seq
	}
	v.window = append(v.window, es...)
	drop := 0
	for len(v.window)-drop > maxEntries || l.bytes > maxBytes {
		l.bytes -= len(v.window[drop].text)
		drop++
	}
	v.window = v.window[drop:]
}

// crewChanged keeps the scope by which positions are shown, and has the
// crew's position told again: the event's body may carry an older one.
func (l *log) crewChanged(ev *dispatch.Event) {
	if ev.Gone {
		delete(l.crews, ev.Object)
		l.moved = true
		return
	}
	if c := l.crews[ev.Object]; c != nil {
		c.scope, c.tick = ev.Scope, 0
		l.moved = true
	}
}

// fix takes a position; one that is older than the last is ignored.
func (l *log) fix(p dispatch.Position, scope dispatch.Scope) {
	c := l.crews[p.Crew]
	switch {
	case c == nil:
		l.crews[p.Crew] = &crewAt{Position: p, scope: scope, before: orb.Point{p.Lon, p.Lat}}
	case p.At.After(c.At):
		c.Position, c.scope, c.tick = p, scope, 0
	default:
		return
	}
	l.moved = true
}

// round stamps what has moved since the last round and publishes it. Without
// news, and with nobody who waits for it, it does nothing.
func (l *log) round() {
	if !l.come.Swap(false) && !l.moved {
		return
	}
	l.moved = false
	v := *l.now.Load()
	v.tick++
	v.crews = make([]crewAt, 0, len(l.crews))
	for _, c := range l.crews {
		if c.tick == 0 {
			c.tick = v.tick
		}
		v.crews = append(v.crews, *c)
		c.before = orb.Point{c.Lon, c.Lat}
	}
	l.publish(v)
}

func (l *log) join(k classKey) *class {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.classes[k]
	if c == nil {
		if l.classes == nil {
			l.classes = map[classKey]*class{}
		}
		c = newClass(k)
		l.classes[k] = c
	}
	c.readers++
	return c
}

func (l *log) leave(c *class) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.readers--; c.readers == 0 {
		delete(l.classes, c.key)
	}
}
