package fieldapi

import (
	"errors"
	"sync"
	"sync/atomic"
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

// socket is one client of the feed. A goroutine of its own reads from it; the
// few that all sockets share write to it while there is something to write, so
// that an idle client costs little. The hub gives every reader something every
// few seconds, and what is due is looked at then.
type socket struct {
	api   *api
	conn  *websocket.Conn
	who   dispatch.Actor
	again identify
	state atomic.Int32
	gone  atomic.Bool

	mu     sync.Mutex // of the writing
	reader *feed.Reader
	ping   time.Time
	check  time.Time
}

// What a socket's writing is at.
const (
	idle int32 = iota
	writing
	moreToWrite
)

// run reads until the peer is gone, and then lets go of everything.
func (s *socket) run() {
	s.readAway()
	s.gone.Store(true)
	s.api.sockets.leave(s)
	_ = s.conn.Close() // ends what is being written
	s.mu.Lock()
	s.reader.Close()
	s.mu.Unlock()
	s.api.metrics.sockets.Dec()
}

// readAway reads what the peer sends, which is pongs.
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

// wake has the socket write what there is.
func (s *socket) wake() {
	for {
		switch state := s.state.Load(); {
		case state == moreToWrite:
			return
		case state == writing && s.state.CompareAndSwap(writing, moreToWrite):
			return
		case state == idle && s.state.CompareAndSwap(idle, writing):
			s.api.sockets.turn(s)
			return
		}
	}
}

// write takes the socket's turn.
func (s *socket) write() {
	for {
		s.mu.Lock()
		code, why := s.writeAll()
		s.mu.Unlock()
		if code != 0 {
			s.end(code, why) // and is never woken again
			return
		}
		if s.state.CompareAndSwap(writing, idle) {
			return
		}
		s.state.Store(writing)
	}
}

// writeAll writes frames until there are none, or until the socket is to be
// closed, and says why.
func (s *socket) writeAll() (code int, why string) {
	for {
		frame, err := s.reader.Poll(s.api.life)
		switch {
		case err == nil:
		case errors.Is(err, feed.ErrLagged):
			return closeResume, "fell behind"
		default:
			return closeResume, "try again"
		}
		if frame == nil || s.gone.Load() {
			return 0, ""
		}
		now := time.Now()
		if now.After(s.check) {
			s.check = now.Add(s.api.recheck)
			if code, why := s.look(); code != 0 {
				return code, why
			}
		}
		_ = s.conn.SetWriteDeadline(now.Add(writeTime))
		if s.conn.WriteMessage(websocket.TextMessage, frame) != nil {
			return closeResume, "unreachable"
		}
		if now.After(s.ping) {
			s.ping = now.Add(pingEvery)
			_ = s.conn.WriteControl(websocket.PingMessage, nil, now.Add(lastWords))
		}
	}
}

// look finds out anew who the caller is: a token may have been revoked, a
// person shut out or signed out, a role changed. A database that is away
// changes nothing.
func (s *socket) look() (code int, why string) {
	who, err := s.again(s.api.life)
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

// end says goodbye. The peer says so too, and then reading ends; closing
// before that could lose our words.
func (s *socket) end(code int, why string) {
	message := websocket.FormatCloseMessage(code, why)
	if s.conn.WriteControl(websocket.CloseMessage, message, time.Now().Add(lastWords)) != nil {
		_ = s.conn.Close()
		return
	}
	time.AfterFunc(lastWords, func() { _ = s.conn.Close() })
}
