package fieldapi

import (
	"runtime"
	"sync"
	"time"

	"moked/dispatch/feed"
)

// sockets are the feed's open ones. For each authority that has some, one
// goroutine waits for news and wakes them; those with something to write take
// turns at a few writers.
type sockets struct {
	hub      *feed.Hub
	stopping <-chan struct{}

	mu   sync.Mutex
	open map[string]map[*socket]struct{} // by authority

	turns   sync.Mutex
	waiting []*socket
	writers int // at work, but for those that a slow peer holds up
}

const (
	// A writer that one peer holds up for so long is replaced by another.
	patience = 20 * time.Millisecond
	// Writers for each processor: what they do is mostly the kernel's work.
	writersEach = 2
)

func newSockets(hub *feed.Hub, stopping <-chan struct{}) *sockets {
	return &sockets{hub: hub, stopping: stopping, open: map[string]map[*socket]struct{}{}}
}

func (o *sockets) join(s *socket) {
	o.mu.Lock()
	defer o.mu.Unlock()
	all, waiting := o.open[s.who.Authority]
	if !waiting {
		all = map[*socket]struct{}{}
		o.open[s.who.Authority] = all
		go o.wait(s.who.Authority)
	}
	all[s] = struct{}{}
	s.wake() // what came before it joined
}

func (o *sockets) leave(s *socket) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.open[s.who.Authority], s)
}

// wait wakes an authority's sockets with every news, until none is left.
func (o *sockets) wait(authority string) {
	for {
		news := o.hub.News(authority)
		if !o.each(authority, (*socket).wake) {
			return
		}
		select {
		case <-news:
		case <-o.stopping:
			o.each(authority, func(s *socket) { go s.end(closeStopping, "restart") })
			return
		}
	}
}

// each calls f with every socket of an authority; some is false when there is
// none, and its goroutine then ends.
func (o *sockets) each(authority string, f func(*socket)) (some bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for s := range o.open[authority] {
		f(s)
	}
	if some = len(o.open[authority]) > 0; !some {
		delete(o.open, authority)
	}
	return some
}

// turn has the socket written to when its turn comes.
func (o *sockets) turn(s *socket) {
	o.turns.Lock()
	o.waiting = append(o.waiting, s)
	o.hire()
	o.turns.Unlock()
}

// hire starts a writer if there is work for another.
func (o *sockets) hire() {
	if len(o.waiting) > 0 && o.writers < writersEach*runtime.GOMAXPROCS(0) {
		o.writers++
		go o.work()
	}
}

// work writes until nobody waits, or until a peer has held it up.
func (o *sockets) work() {
	var gone bool // no longer counted; guarded by turns
	alarm := time.AfterFunc(time.Hour, func() {
		o.turns.Lock()
		defer o.turns.Unlock()
		if !gone {
			gone = true
			o.writers--
			o.hire()
		}
	})
	defer alarm.Stop()
	for {
		o.turns.Lock()
		if gone {
			o.turns.Unlock()
			return
		}
		if len(o.waiting) == 0 {
			gone = true
			o.waiting = nil
			o.writers--
			o.turns.Unlock()
			return
		}
		s := o.waiting[0]
		o.waiting[0] = nil
		o.waiting = o.waiting[1:]
		alarm.Reset(patience)
		o.turns.Unlock()
		s.write()
	}
}
