package fieldapi

import (
	"context"
	"errors"
	"time"

	"github.com/gorilla/websocket"

	"moked/dispatch"
	"moked/dispatch/feed"
)

// Close codes of the feed. 4000–4499 ask the client to come back, 4500–4999
// not to.
const (
	closeResume    = 4001 // it fell behind, or the log is away: since what it has
	closeStopping  = 4002
	closeChanged   = 4003 // what the caller may see has changed: anew
	closeForbidden = 4501
)

const (
	subscribeTime = 10 * time.Second
	// A peer may be slow for so long; what it misses meanwhile waits in the log,
	// and if it leaves the log's memory the peer is asked to come back.
	writeTime = time.Minute
	pongTime  = 75 * time.Second
	pingEvery = 25 * time.Second
	lastWords = time.Second

	socketRead  = 256
	socketWrite = 4096
	// A reader only ever sends pongs and closes.
	socketLimit = 512
)

// socket is one client of the feed. One goroutine reads from it and one
// writes; no timer and no buffer is held while it is idle. The hub gives every
// reader something every few seconds, and what is due is looked at then.
type socket struct {
	api    *api
	conn   *websocket.Conn
	reader *feed.Reader
	who    dispatch.Actor
	again  identify
}

func (s *socket) run() {
	s.api.metrics.sockets.Inc()
	defer s.api.metrics.sockets.Dec()
	defer s.conn.Close()
	defer s.reader.Close()
	ctx, cancel := context.WithCancel(s.api.life)
	defer cancel()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		defer cancel()
		s.readAway()
	}()
	code, why := s.write(ctx)
	switch {
	case s.api.life.Err() != nil:
		code, why = closeStopping, "restart"
	case ctx.Err() != nil:
		return
	}
	message := websocket.FormatCloseMessage(code, why)
	if s.conn.WriteControl(websocket.CloseMessage, message, time.Now().Add(lastWords)) != nil {
		return
	}
	// The peer says goodbye too; closing before that could lose our words.
	t := time.NewTimer(lastWords)
	defer t.Stop()
	select {
	case <-gone:
	case <-t.C:
	}
}

// write writes frames until the socket is to be closed, and says why.
func (s *socket) write(ctx context.Context) (code int, why string) {
	now := time.Now()
	ping, check := now.Add(pingEvery), now.Add(s.api.recheck)
	for {
		frame, err := s.reader.Next(ctx)
		if err != nil {
			if errors.Is(err, feed.ErrLagged) {
				return closeResume, "fell behind"
			}
			if ctx.Err() == nil {
				s.api.log.Warn("a reader of the feed was let go", "err", err)
			}
			return closeResume, "try again"
		}
		now := time.Now()
		if now.After(check) {
			check = now.Add(s.api.recheck)
			if code, why := s.look(ctx); code != 0 {
				return code, why
			}
		}
		_ = s.conn.SetWriteDeadline(now.Add(writeTime))
		if s.conn.WriteMessage(websocket.TextMessage, frame) != nil {
			return closeResume, "unreachable"
		}
		if now.After(ping) {
			ping = now.Add(pingEvery)
			_ = s.conn.WriteControl(websocket.PingMessage, nil, now.Add(lastWords))
		}
	}
}

// look finds out anew who the caller is: a token may have been revoked, a
// person shut out or signed out, a role changed. A database that is away
// changes nothing.
func (s *socket) look(ctx context.Context) (code int, why string) {
	who, err := s.again(ctx)
	if isCode(err, codeUnauthenticated, dispatch.NotFound, dispatch.Forbidden) || err == nil && !who.Holds(dispatch.FeedRead) {
		return closeForbidden, "no longer allowed"
	}
	if err != nil {
		return 0, ""
	}
	was := s.who
	was.Name, was.Lang, who.Name, who.Lang = "", "", "", ""
	if was != who {
		return closeChanged, "the scope has changed"
	}
	return 0, ""
}

// readAway reads what the peer sends, which is pongs, until it is gone.
func (s *socket) readAway() {
	s.conn.SetReadLimit(socketLimit)
	alive := func(string) error { return s.conn.SetReadDeadline(time.Now().Add(pongTime)) }
	_ = alive("")
	s.conn.SetPongHandler(alive)
	for {
		if _, _, err := s.conn.NextReader(); err != nil {
			return
		}
	}
}
