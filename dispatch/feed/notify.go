package feed

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

const channel = "moked_feed"

// The notification needs no durability: a poll stands behind it.
const sendNotify = `select set_config('synchronous_commit', 'off', true), pg_notify('` + channel + `', a) from unnest($1::text[]) a`

// notify tells other processes of this one's commits, on a connection of its
// own and at most once in o.Notify: the lock that a NOTIFY takes at its commit
// is the whole database's.
func (h *Hub) notify(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.tell:
		}
		h.dirtyMu.Lock()
		payloads := make([]string, 0, len(h.told))
		for a := range h.told {
			payloads = append(payloads, h.self+" "+a)
		}
		clear(h.told)
		h.dirtyMu.Unlock()
		if _, err := h.pool.Exec(ctx, sendNotify, payloads); err != nil {
			h.failed(ctx, "notify", err)
		}
		pause(ctx, h.o.Notify)
	}
}

// listen marks what other processes have committed.
func (h *Hub) listen(ctx context.Context) {
	for ctx.Err() == nil {
		if err := h.listenOnce(ctx); err != nil {
			h.failed(ctx, "listen", err)
			pause(ctx, time.Second)
		}
	}
}

func (h *Hub) listenOnce(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, h.pool.Config().ConnConfig)
	if err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		conn.Close(ctx)
	}()
	if _, err := conn.Exec(ctx, "listen "+channel); err != nil {
		return err
	}
	h.unread("") // what was said before
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		from, authority, _ := strings.Cut(n.Payload, " ")
		if from == h.self || authority == "" {
			continue
		}
		h.unread(authority)
	}
}
