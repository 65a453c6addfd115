package fieldapi

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limits bounds how often one caller may do a costly or guessable thing. It
// holds at most maxCallers of them and forgets the longest unseen first.
type limits struct {
	now  func() time.Time
	mu   sync.Mutex
	seen map[string]*limited
}

type limited struct {
	*rate.Limiter
	last time.Time
}

const maxCallers = 50_000

func newLimits(now func() time.Time) *limits {
	return &limits{now: now, seen: map[string]*limited{}}
}

// allow takes one of the key's events; every refills one, up to burst.
func (l *limits) allow(key string, every time.Duration, burst int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	e := l.seen[key]
	if e == nil {
		if len(l.seen) >= maxCallers {
			l.forget(now)
		}
		e = &limited{Limiter: rate.NewLimiter(rate.Every(every), burst)}
		l.seen[key] = e
	}
	e.last = now
	return e.AllowN(now, 1)
}

// spent says that none of the key's events is left.
func (l *limits) spent(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.seen[key]
	return e != nil && e.TokensAt(l.now()) < 1
}

func (l *limits) forget(now time.Time) {
	oldest := now
	for k, e := range l.seen {
		if now.Sub(e.last) > 10*time.Minute {
			delete(l.seen, k)
		} else if e.last.Before(oldest) {
			oldest = e.last
		}
	}
	if len(l.seen) < maxCallers {
		return
	}
	cut := oldest.Add(now.Sub(oldest) / 2)
	for k, e := range l.seen {
		if !e.last.After(cut) {
			delete(l.seen, k)
		}
	}
}
