package fieldapi

import (
	"sync"

	"moked/dispatch/feed"
)

// sockets are the feed's open ones. For each authority that has some, one
// goroutine waits for news and wakes them.
type sockets struct {
	hub      *feed.Hub
	stopping <-chan struct{}
	mu       sync.Mutex
	open     map[string]map[*socket]struct{} // by authority
}

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
