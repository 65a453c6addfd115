package fieldapi

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/dispatch/feed"
)

// Close codes of the feed. 4000–4499 ask the client to come back, 4500–4999
// not to.
const (
	closeResume    = 4001
	closeShutdown  = 4002
	closeForbidden = 4501
)

// feedBuffers are the sockets' write buffers, held only while one is written.
var feedBuffers = &sync.Pool{}

const (
	writeWait = 10 * time.Second
	pongWait  = 60 * time.Second
	pingEvery = 25 * time.Second
	// A reader only ever sends pongs and closes.
	readLimit = 512
)

func (a *api) feedRoutes() {
	route(a, may(dispatch.SnapshotRead), get("/snapshot", "snapshot", "The open incidents, live jobs and crews in the caller's scope, and the feed's position they are true at"),
		func(ctx context.Context, who dispatch.Actor, _ *struct{}) (*body[desk.Snapshot], error) {
			return answer(a.desk.Snapshot(ctx, who))
		})
	a.plain(may(dispatch.FeedRead), http.MethodGet, "/api/v1/feed", a.feed)
}

// feed upgrades to a websocket and writes the reader's frames to it: each a
// JSON array of entries in order. One goroutine reads, one writes.
func (a *api) feed(w http.ResponseWriter, r *http.Request, who dispatch.Actor) error {
	q := r.URL.Query()
	since, err := sinceOf(q)
	if err != nil {
		return err
	}
	box, err := boxOf(q.Get("bbox"))
	if err != nil {
		return err
	}
	if !websocket.IsWebSocketUpgrade(r) {
		return &dispatch.Error{Code: codeMalformed, Key: "websocket-only"}
	}
	up := websocket.Upgrader{
		ReadBufferSize: 512, WriteBufferSize: 4096, WriteBufferPool: feedBuffers,
		CheckOrigin: sameOrigin,
		Error: func(w http.ResponseWriter, r *http.Request, _ int, _ error) {
			writeProblem(w, problem(langOf(r.Context()), &dispatch.Error{Code: codeMalformed, Key: "websocket-only"}))
		},
	}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return nil // The upgrader has answered.
	}
	a.metrics.sockets.Inc()
	defer a.metrics.sockets.Dec()
	defer conn.Close()

	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	defer cancel()
	reader, err := a.hub.Subscribe(ctx, who, since, q.Get("log"), box)
	if err != nil {
		closeWith(conn, closeResume, "subscribe")
		return nil
	}
	defer reader.Close()
	go readAway(conn, cancel)
	a.write(ctx, conn, reader)
	return nil
}

func (a *api) write(ctx context.Context, conn *websocket.Conn, reader *feed.Reader) {
	for {
		next, stop := context.WithTimeout(ctx, pingEvery)
		frame, err := reader.Next(next)
		stop()
		switch {
		case err == nil:
			_ = conn.SetWriteDeadline(time.Now().Add(writeWait))
			if conn.WriteMessage(websocket.TextMessage, frame) != nil {
				return
			}
		case ctx.Err() != nil:
			return
		case errors.Is(err, context.DeadlineExceeded):
			if conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait)) != nil {
				return
			}
		case errors.Is(err, feed.ErrLagged):
			closeWith(conn, closeResume, "lagged")
			return
		default:
			closeWith(conn, closeShutdown, "restart")
			return
		}
	}
}

// readAway reads what the peer sends, which is pongs, until it is gone.
func readAway(conn *websocket.Conn, gone func()) {
	defer gone()
	conn.SetReadLimit(readLimit)
	alive := func() error { return conn.SetReadDeadline(time.Now().Add(pongWait)) }
	_ = alive()
	conn.SetPongHandler(func(string) error { return alive() })
	for {
		if _, _, err := conn.NextReader(); err != nil {
			return
		}
		_ = alive()
	}
}

func closeWith(conn *websocket.Conn, code int, why string) {
	_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, why), time.Now().Add(time.Second))
}

// sameOrigin lets programs (no Origin) and our own pages in.
func sameOrigin(r *http.Request) bool {
	o := r.Header.Get("Origin")
	if o == "" {
		return true
	}
	u, err := url.Parse(o)
	return err == nil && strings.EqualFold(u.Host, r.Host)
}

// sinceOf is the seq to resume after; absent means from the log's end.
func sinceOf(q url.Values) (int64, error) {
	s := q.Get("since")
	if s == "" {
		return -1, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0, dispatch.Bad("since", "number")
	}
	return n, nil
}

// boxOf parses west,south,east,north in degrees; empty is no box.
func boxOf(s string) (*orb.Bound, error) {
	if s == "" {
		return nil, nil
	}
	parts := strings.Split(s, ",")
	var v [4]float64
	if len(parts) != 4 {
		return nil, dispatch.Bad("bbox", "bbox")
	}
	for i, p := range parts {
		f, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil || f != f || f < -180 || f > 180 {
			return nil, dispatch.Bad("bbox", "bbox")
		}
		v[i] = f
	}
	if v[0] >= v[2] || v[1] >= v[3] || v[1] < -90 || v[3] > 90 {
		return nil, dispatch.Bad("bbox", "bbox")
	}
	return &orb.Bound{Min: orb.Point{v[0], v[1]}, Max: orb.Point{v[2], v[3]}}, nil
}
