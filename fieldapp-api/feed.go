package fieldapi

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gorilla/websocket"
	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/dispatch/desk"
)

func (a *api) feedRoutes() {
	snapshot := get("/snapshot", "snapshot", "The open incidents, live jobs and crews in the caller's scope, and the place in the log that they are true at")
	snapshot.Description = "Follow it up with the feed from seq: what the feed brings, put or removed one by one, keeps it current."
	route(a, may(dispatch.SnapshotRead), snapshot,
		func(ctx context.Context, who dispatch.Actor, _ *struct{}) (*body[desk.Snapshot], error) {
			return answer(a.desk.Snapshot(ctx, who))
		})
	feed := get("/api/v1/feed", "feed", "What happens, as a websocket")
	feed.Description = feedText
	feed.Parameters = []*huma.Param{
		{Name: "since", In: "query", Schema: &huma.Schema{Type: huma.TypeInteger, Format: "int64"}, Description: "The seq of the snapshot, or the last upto; left out: from now on"},
		{Name: "log", In: "query", Schema: &huma.Schema{Type: huma.TypeString}, Description: "The snapshot's log; when it isn't this one any more, a resync comes"},
		{Name: "bbox", In: "query", Schema: &huma.Schema{Type: huma.TypeString}, Description: "west,south,east,north in degrees: only what is in it, enters it or leaves it"},
	}
	feed.Responses = map[string]*huma.Response{"101": {Description: "Frames of text follow, each a JSON array of entries (FeedFrame)"}}
	a.plain(may(dispatch.FeedRead), feed, a.feed)
}

const feedText = `Each message is a JSON array of one or more entries in order. An entry carries the object after what happened, under its noun and in ` +
	`the snapshot's shape: put it by its id, or take it out when removed is true. An upto entry says up to which seq everything was considered: ` +
	`ask for since=upto when coming back. A resync entry says that the log can't be read on from since: take a new snapshot. ` +
	`Crew positions come as entries of their own, at most once a second, and are no part of the log. ` +
	`Close codes 4000 to 4499 ask to come back (4001 fell behind, 4002 the server stops, 4003 what you may see has changed), 4500 to 4999 not to (4501 no longer allowed).`

// feed upgrades to a websocket that the reader's frames are written to.
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
		w.Header().Set("Upgrade", "websocket")
		return &dispatch.Error{Code: codeUpgrade, Key: "websocket-only"}
	}
	if !sameOrigin(r) {
		return errForeignOrigin
	}
	ctx, cancel := context.WithTimeout(r.Context(), subscribeTime)
	defer cancel()
	reader, err := a.hub.Subscribe(ctx, who, since, q.Get("log"), box)
	if err != nil {
		return err
	}
	up := websocket.Upgrader{
		ReadBufferSize: socketRead, WriteBufferSize: socketWrite, WriteBufferPool: &a.frames,
		CheckOrigin: func(*http.Request) bool { return true }, // checked above
		Error: func(w http.ResponseWriter, r *http.Request, _ int, _ error) {
			writeProblem(w, problem(langOf(r.Context()), &dispatch.Error{Code: codeMalformed, Key: "websocket-broken"}))
		},
	}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		reader.Close()
		return nil // The upgrader has answered.
	}
	// The request ends here, so that nothing of it is held while the socket is
	// open.
	now := time.Now()
	s := &socket{
		api: a, conn: conn, who: who, again: callOf(r.Context()).again,
		reader: reader, ping: now.Add(pingEvery), check: now.Add(a.recheck),
	}
	a.metrics.sockets.Inc()
	a.sockets.join(s)
	go s.run()
	return nil
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
		return 0, dispatch.Bad("since", "wants.whole-number")
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
		return nil, dispatch.Bad("bbox", "wants.bbox")
	}
	for i, p := range parts {
		f, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil || !(f >= -180 && f <= 180) {
			return nil, dispatch.Bad("bbox", "wants.bbox")
		}
		v[i] = f
	}
	if v[0] >= v[2] || v[1] >= v[3] || v[1] < -90 || v[3] > 90 {
		return nil, dispatch.Bad("bbox", "wants.bbox")
	}
	return &orb.Bound{Min: orb.Point{v[0], v[1]}, Max: orb.Point{v[2], v[3]}}, nil
}
