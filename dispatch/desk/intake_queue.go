package desk

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"moked/dispatch"
)

// intake gathers the reports that come at the same time into one transaction:
// while one is being committed, those that arrive wait for the next.
type intake struct {
	desk    *Desk
	batch   int
	waiting int
	wg      sync.WaitGroup

	mu     sync.Mutex
	queues map[string]*queue
}

// queue is one authority's. It has a goroutine only while reports wait.
type queue struct {
	pending []*filing
	running bool
}

func newIntake(d *Desk, batch, waiting int) *intake {
	return &intake{desk: d, batch: batch, waiting: waiting, queues: map[string]*queue{}}
}

func (in *intake) close() { in.wg.Wait() }

// file waits until f is filed or refused. When ctx ends first, f may still be
// filed.
func (in *intake) file(ctx context.Context, f *filing) error {
	in.mu.Lock()
	q := in.queues[f.who.Authority]
	if q == nil {
		q = &queue{}
		in.queues[f.who.Authority] = q
	}
	if len(q.pending) >= in.waiting {
		in.mu.Unlock()
		return &dispatch.Error{Code: dispatch.TooMany, Key: KeyBusy}
	}
	q.pending = append(q.pending, f)
	if !q.running {
		q.running = true
		in.wg.Go(func() { in.run(q) })
	}
	in.mu.Unlock()
	select {
	case <-f.done:
		return f.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (in *intake) run(q *queue) {
	for {
		in.mu.Lock()
		n := min(len(q.pending), in.batch)
		if n == 0 {
			q.running, q.pending = false, nil
			in.mu.Unlock()
			return
		}
		fs := q.pending[:n:n]
		q.pending = q.pending[n:]
		in.mu.Unlock()
		in.settle(fs)
		for _, f := range fs {
			close(f.done)
		}
	}
}

// A batch gets this long, whatever became of those who wait for it.
const batchTimeout = 30 * time.Second

// settle files the reports together, or each by itself when one of them spoils
// it for the others.
func (in *intake) settle(fs []*filing) {
	ctx, cancel := context.WithTimeout(context.Background(), batchTimeout)
	defer cancel()
	err := in.desk.fileTogether(ctx, fs)
	if err == nil {
		return
	}
	if len(fs) > 1 && spoiled(err) {
		in.desk.log.Warn("a report spoiled its batch; each is filed by itself", "reports", len(fs), "error", err)
		for _, f := range fs {
			in.settle([]*filing{f})
		}
		return
	}
	var refused *dispatch.Error
	if !errors.As(err, &refused) {
		in.desk.log.Error("reports were not filed", "reports", len(fs), "error", err)
		err = &dispatch.Error{Code: dispatch.Unavailable, Key: KeyUnavailable}
	}
	for _, f := range fs {
		f.err = err
	}
}

// spoiled reports whether the content of a row made the transaction fail, and
// not the machine.
func spoiled(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && len(pg.Code) == 5 && (pg.Code[:2] == "22" || pg.Code[:2] == "23" || pg.Code[:2] == "54")
}
