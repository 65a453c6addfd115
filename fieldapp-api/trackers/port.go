package trackers

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// How long a device may take, and how much it may say before its body.
const (
	headerTime = 10 * time.Second
	answerTime = 30 * time.Second
	idleTime   = 2 * time.Minute
	maxHeader  = 8 << 10
	stopTime   = 5 * time.Second
	// So many connections are open at most; more wait to be accepted.
	maxOpen = 16384
)

// Port serves trackers on a listener of their own until ctx ends: surface is
// the whole HTTP surface, of which it lets them reach their own paths only.
// Requests without a slash are taken, and any other path is OsmAnd's.
func Port(ctx context.Context, l net.Listener, surface http.Handler, log *slog.Logger) error {
	s := &http.Server{
		Handler:           ported(surface),
		ReadHeaderTimeout: headerTime, ReadTimeout: answerTime, WriteTimeout: answerTime, IdleTimeout: idleTime,
		MaxHeaderBytes: maxHeader,
		ErrorLog:       slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(&mending{Listener: l, open: make(chan struct{}, maxOpen)}) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if s.Shutdown(end) != nil {
		_ = s.Close()
	}
	return nil
}

// ported sends each request to the path of its protocol. Nothing stands
// before this port, so what a proxy would say is made up.
func ported(surface http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("X-Forwarded-For")
		u := *r.URL
		u.Path, u.RawPath = PathOsmAnd, ""
		if p := strings.TrimSuffix(r.URL.Path, "/"); p == PathOwnTracks || p == "/owntracks" || p == "/pub" {
			u.Path = PathOwnTracks
		}
		r.URL = &u
		surface.ServeHTTP(w, r)
	})
}

// mending is a listener whose connections are mended.
type mending struct {
	net.Listener
	open chan struct{}
}

// Accept waits until there is room.
func (l *mending) Accept() (net.Conn, error) {
	l.open <- struct{}{}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.open
		return nil, err
	}
	return &counted{mended: mended{Conn: c}, leave: func() { <-l.open }}, nil
}

// counted makes room when it closes.
type counted struct {
	mended
	left  sync.Once
	leave func()
}

// Close may be called again.
func (c *counted) Close() error {
	c.left.Do(c.leave)
	return c.mended.Conn.Close()
}
