package feed

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

const (
	selectHeads = `select authority, log::text, seq, trimmed from feed_head`
	selectHead  = `select log::text, seq, trimmed from feed_head where authority = $1`
	selectTail  = `select ` + entryColumns + ` from event where authority = $1 and seq > $2 order by seq limit $3`
)

// A database that doesn't answer is asked again after this long.
const patience = 10 * time.Second

// A page of the log is read at once.
const page = 2048

// On taking up a log this many entries are read back, so that readers who
// come again after a restart find them in memory.
const readBack = 4096

// tail is the hub's one writer of logs.
func (h *Hub) tail(ctx context.Context) {
	poll := time.NewTicker(h.o.Poll)
	defer poll.Stop()
	round := time.NewTicker(h.o.Positions)
	defer round.Stop()
	mark := time.NewTicker(h.o.Mark)
	defer mark.Stop()
	h.poll(ctx)
	h.round(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.wake:
			for a, n := range h.dirtied() {
				if !h.offered(ctx, a, n.offers) || n.read {
					h.advance(ctx, a)
				}
			}
			// What commits in the meantime goes out in one burst.
			pause(ctx, h.o.Pace)
		case <-poll.C:
			h.poll(ctx)
		case <-round.C:
			h.round(ctx)
		case <-mark.C:
			for _, l := range h.all() {
				v := *l.now.Load()
				v.beat++
				l.publish(v)
			}
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

func (h *Hub) all() []*log {
	h.mu.RLock()
	defer h.mu.RUnlock()
	ls := make([]*log, 0, len(h.logs))
	for _, l := range h.logs {
		ls = append(ls, l)
	}
	return ls
}

type headRow struct {
	authority string
	log       string
	seq       int64
	trimmed   int64
}

// poll reads every head, and whatever is behind it.
func (h *Hub) poll(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	rows, _ := h.pool.Query(ctx, selectHeads)
	heads, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r headRow, err error) {
		err = row.Scan(&r.authority, &r.log, &r.seq, &r.trimmed)
		return r, err
	})
	if err != nil {
		h.failed(ctx, "poll", err)
		return
	}
	ok := true
	for _, r := range heads {
		l := h.log(r.authority)
		if l == nil || l.now.Load().log != r.log || l.now.Load().head > r.seq {
			ok = h.takeUp(ctx, r) && ok
			continue
		}
		if v := *l.now.Load(); v.trimmed != r.trimmed {
			v.trimmed = r.trimmed
			l.publish(v)
		}
		if l.now.Load().head < r.seq {
			ok = h.advance(ctx, r.authority) && ok
		}
	}
	if !ok {
		return
	}
	h.polled.Store(time.Now().UnixNano())
	select {
	case <-h.taken:
	default:
		close(h.taken)
	}
}

// takeUp starts a log from its head: the first time, when the log isn't the
// one that was followed (a restored database, a head that went back), and
// after a gap.
func (h *Hub) takeUp(ctx context.Context, r headRow) bool {
	back := max(r.trimmed, r.seq-readBack, 0)
	es, err := h.read(ctx, r.authority, back, readBack)
	if err != nil {
		h.failed(ctx, "take up "+r.authority, err)
		return false
	}
	if !follows(es, back) {
		es, back = nil, r.seq
	}
	l, known := h.log(r.authority), true
	if l == nil {
		l, known = newLog(r.authority), false
	}
	old := l.now.Load()
	v := view{log: r.log, trimmed: r.trimmed, head: back, life: old.life + 1, tick: old.tick, beat: old.beat}
	l.forget()
	h.fixed = time.Time{}
	l.extend(&v, es, h.o.MaxEntries, h.o.MaxBytes)
	if known {
		h.stats.resets.Add(1)
		h.o.Logger.WarnContext(ctx, "feed: the log starts anew, and so do its readers", "authority", r.authority, "seq", v.head)
	} else {
		h.mu.Lock()
		h.logs[r.authority] = l
		h.mu.Unlock()
	}
	l.publish(v)
	h.hear(dispatch.Event{Authority: r.authority, Type: "geography.changed", Noun: dispatch.NounGeography})
	return true
}

// advance reads an authority's log to its end.
func (h *Hub) advance(ctx context.Context, authority string) bool {
	l := h.log(authority)
	if l == nil {
		h.poll(ctx)
		return true
	}
	for {
		v := *l.now.Load()
		es, err := h.read(ctx, authority, v.head, page)
		if err != nil {
			h.failed(ctx, "tail "+authority, err)
			return false
		}
		if !follows(es, v.head) {
			h.stats.gaps.Add(1)
			h.o.Logger.ErrorContext(ctx, "feed: a gap in the log", "authority", authority, "head", v.head, "next", es[0].event.Seq)
			return h.reload(ctx, authority)
		}
		if len(es) == 0 {
			return true
		}
		h.add(l, es)
		if len(es) < page {
			return true
		}
	}
}

// offered takes events that this process has committed, where they follow what
// the log has. It reports whether nothing is left to be read.
func (h *Hub) offered(ctx context.Context, authority string, offers [][]dispatch.Event) bool {
	l := h.log(authority)
	if l == nil {
		return false
	}
	// Transactions may say that they have committed in another order than they
	// did.
	slices.SortFunc(offers, func(a, b []dispatch.Event) int { return cmp.Compare(a[0].Seq, b[0].Seq) })
	for _, events := range offers {
		head := l.now.Load().head
		if events[len(events)-1].Seq <= head {
			continue // read meanwhile
		}
		es := make([]*entry, len(events))
		for i := range events {
			var err error
			if es[i], err = newEntry(events[i]); err != nil {
				h.failed(ctx, "take "+authority, err)
				return false
			}
		}
		if !follows(es, head) {
			return false
		}
		h.add(l, es)
	}
	return true
}

// add extends a log by what follows, and tells everybody.
func (h *Hub) add(l *log, es []*entry) {
	v := *l.now.Load()
	l.extend(&v, es, h.o.MaxEntries, h.o.MaxBytes)
	l.publish(v)
	h.stats.events.Add(int64(len(es)))
	for _, e := range es {
		ev := e.event
		ev.Authority, ev.Body = l.authority, e.body
		h.hear(ev)
	}
}

func (h *Hub) reload(ctx context.Context, authority string) bool {
	r := headRow{authority: authority}
	err := h.pool.QueryRow(ctx, selectHead, authority).Scan(&r.log, &r.seq, &r.trimmed)
	if err != nil {
		h.failed(ctx, "reload "+authority, err)
		return false
	}
	return h.takeUp(ctx, r)
}

func (h *Hub) read(ctx context.Context, authority string, after int64, limit int) ([]*entry, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	rows, _ := h.pool.Query(ctx, selectTail, authority, after, limit)
	return pgx.CollectRows(rows, func(pgx.CollectableRow) (*entry, error) { return scanEntry(rows) })
}

// follows reports whether the entries are those after seq, each one after the
// other.
func follows(es []*entry, seq int64) bool {
	for i, e := range es {
		if e.event.Seq != seq+1+int64(i) {
			return false
		}
	}
	return true
}

func (h *Hub) hear(ev dispatch.Event) {
	for _, f := range h.listeners {
		f(ev)
	}
}

func (h *Hub) failed(ctx context.Context, what string, err error) {
	if errors.Is(ctx.Err(), context.Canceled) {
		return
	}
	h.stats.errors.Add(1)
	h.o.Logger.ErrorContext(ctx, "feed: the database was not read", "what", what, "error", err)
}
