package desk

import (
	"context"
	"sync"

	"moked/dispatch"
)

// gather brings what comes at the same time into one transaction: while one
// group is being committed, those that arrive wait for the next. A group is of
// one authority. Nothing waits when nothing is under way, and there is a
// goroutine only while there is work.
type gather[T any] struct {
	settle func(group []T) // does the work of a group
	size   int             // of a group, at most
	limit  int             // of those who wait
	wg     sync.WaitGroup

	mu     sync.Mutex
	queues map[string]*queue[T]
}

type queue[T any] struct {
	pending []waiting[T]
	running bool
}

type waiting[T any] struct {
	item T
	done chan struct{}
}

func newGather[T any](size, limit int, settle func([]T)) *gather[T] {
	return &gather[T]{settle: settle, size: size, limit: limit, queues: map[string]*queue[T]{}}
}

// close waits for the work under way.
func (g *gather[T]) close() { g.wg.Wait() }

// do waits until the item's group was settled. When ctx ends first, it may
// still be.
func (g *gather[T]) do(ctx context.Context, authority string, item T) error {
	w := waiting[T]{item, make(chan struct{})}
	g.mu.Lock()
	q := g.queues[authority]
	if q == nil {
		q = &queue[T]{}
		g.queues[authority] = q
	}
	if len(q.pending) >= g.limit {
		g.mu.Unlock()
		return &dispatch.Error{Code: dispatch.TooMany, Key: KeyBusy}
	}
	q.pending = append(q.pending, w)
	if !q.running {
		q.running = true
		g.wg.Go(func() { g.run(q) })
	}
	g.mu.Unlock()
	select {
	case <-w.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *gather[T]) run(q *queue[T]) {
	for {
		g.mu.Lock()
		n := min(len(q.pending), g.size)
		if n == 0 {
			q.running, q.pending = false, nil
			g.mu.Unlock()
			return
		}
		ws := q.pending[:n:n]
		q.pending = q.pending[n:]
		g.mu.Unlock()
		group := make([]T, n)
		for i, w := range ws {
			group[i] = w.item
		}
		g.settle(group)
		for _, w := range ws {
			close(w.done)
		}
	}
}
