package sim

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"
)

// client speaks the public API as one caller.
type client struct {
	base, token string
	http        *http.Client
}

func newClient(base, token string) *client {
	return &client{strings.TrimSuffix(base, "/"), token, &http.Client{Timeout: 30 * time.Second}}
}

// refusal is a problem that the server answered with.
type refusal struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Field  string `json:"field"`
}

func (r *refusal) Error() string {
	return fmt.Sprintf("%d %s %s: %s", r.Status, r.Code, r.Field, r.Detail)
}

// call sends in, if any, and reads the answer into out, if wanted. A POST
// carries a key of its own, so that it may be sent again.
func (c *client) call(ctx context.Context, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = b
	}
	key := uuid.NewString()
	var last error
	for try := range 4 {
		if try > 0 && !pause(ctx, time.Duration(try)*700*time.Millisecond) {
			return ctx.Err()
		}
		retry, err := c.once(ctx, method, path, key, body, out)
		if err == nil || !retry {
			return err
		}
		last = err
	}
	return last
}

func (c *client) once(ctx context.Context, method, path, key string, body []byte, out any) (retry bool, err error) {
	r, err := http.NewRequestWithContext(ctx, method, c.base+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		return false, err
	}
	r.Header.Set("Accept-Language", "he")
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", key)
	}
	w, err := c.http.Do(r)
	if err != nil {
		return ctx.Err() == nil, err
	}
	defer w.Body.Close()
	b, err := io.ReadAll(io.LimitReader(w.Body, 64<<20))
	if err != nil {
		return true, err
	}
	if w.StatusCode >= 400 {
		p := &refusal{Status: w.StatusCode}
		_ = json.Unmarshal(b, p)
		return w.StatusCode == 429 || w.StatusCode >= 500, p
	}
	if out == nil || len(b) == 0 {
		return false, nil
	}
	return false, json.Unmarshal(b, out)
}

// entry is one entry of the feed, as far as the city cares.
type entry struct {
	Seq     int64  `json:"seq"`
	Upto    int64  `json:"upto"`
	Type    string `json:"type"`
	Removed bool   `json:"removed"`
	Job     *job   `json:"job"`
}

// snapshot is the state that the feed goes on from.
type snapshot struct {
	Seq   int64  `json:"seq"`
	Log   string `json:"log"`
	Jobs  []job  `json:"jobs"`
	Crews []crew `json:"crews"`
}

// follow calls each with the snapshot's jobs and then with every job that
// the feed brings, again and again until ctx ends.
func (c *client) follow(ctx context.Context, each func(j job, removed bool)) error {
	var s snapshot
	if err := c.call(ctx, http.MethodGet, "/snapshot", nil, &s); err != nil {
		return err
	}
	for _, j := range s.Jobs {
		each(j, false)
	}
	url := fmt.Sprintf("ws%s/api/v1/feed?since=%d&log=%s", strings.TrimPrefix(c.base, "http"), s.Seq, s.Log)
	conn, _, err := websocket.DefaultDialer.DialContext(ctx, url, http.Header{"Authorization": {"Bearer " + c.token}})
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	for {
		var entries []entry
		if err := conn.ReadJSON(&entries); err != nil {
			return err
		}
		for _, e := range entries {
			if e.Type == "resync" {
				return nil
			}
			if e.Job != nil {
				each(*e.Job, e.Removed)
			}
		}
	}
}
