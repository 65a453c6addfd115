package fieldapi

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/fieldapp-api/trackers"
)

// tracked is a city with a crew that has a device of each protocol, and the
// trackers' own port.
type tracked struct {
	*server
	by        *client
	crew      dispatch.Crew
	id        string
	login     desk.TrackerSecret
	port      string
	lat, lon  float64
	truncated time.Time // now, to the second
}

func newTracked(t *testing.T) *tracked {
	s := newServer(t)
	x := &tracked{server: s, by: s.as(dispatch.Dispatcher), truncated: time.Now().Truncate(time.Second)}
	x.crew = x.by.crew("C1", "electricity")
	_, at, _ := s.house(3)
	x.lat, x.lon = at[1], at[0]
	x.id = x.device("osmand").ID
	x.login = x.device("owntracks")
	x.port = s.trackerPort(t)
	return x
}

// trackerPort serves the trackers' own port for as long as the test runs.
func (s *server) trackerPort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	s.must(err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- trackers.Port(ctx, l, s.api.handler(), slog.New(slog.DiscardHandler)) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

func (x *tracked) device(protocol string) desk.TrackerSecret {
	x.t.Helper()
	var added AddedTracker
	x.by.post("/trackers", map[string]any{"crew": x.crew.ID, "protocol": protocol, "name": "טלפון"}).is(http.StatusCreated).into(&added)
	if added.Path != "/trackers/"+protocol {
		x.t.Errorf("sends to %s", added.Path)
	}
	return added.Secret
}

// list is the devices as the console sees them.
func (x *tracked) list() []desk.Tracker {
	x.t.Helper()
	var l trackerList
	x.by.get("/trackers").is(http.StatusOK).into(&l)
	return l.Trackers
}

// fixes sums what became of all devices' fixes.
func (x *tracked) fixes() map[dispatch.FixVerdict]int64 {
	sum := map[dispatch.FixVerdict]int64{}
	for _, d := range x.list() {
		for v, n := range d.Fixes {
			sum[v] += n
		}
	}
	return sum
}

func (x *tracked) at() dispatch.Crew {
	x.t.Helper()
	var l crewList
	x.by.get("/crews").is(http.StatusOK).into(&l)
	return l.Crews[0]
}

// say sends bytes as they are and reads one answer.
func say(t testing.TB, address, request string) *http.Response {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	return answerOf(t, bufio.NewReader(c))
}

func answerOf(t testing.TB, r *bufio.Reader) *http.Response {
	t.Helper()
	w, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	w.Body = io.NopCloser(strings.NewReader(string(b)))
	return w
}

func withBody(head, contentType, body string) string {
	return fmt.Sprintf("%s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", head, contentType, len(body), body)
}

// TestWireForms sends what real devices send, byte by byte, to the trackers'
// port, and looks at the status, the answer, what became of the fix and, where
// it moved the crew, at the readings in metres and seconds.
func TestWireForms(t *testing.T) {
	t.Parallel()
	x := newTracked(t)
	const form = "application/x-www-form-urlencoded"
	clock := x.truncated.Add(-2 * time.Hour)
	lat, lon := x.lat, x.lon
	basic := "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(x.login.User+":"+x.login.Password)) + "\r\n"
	own := func(auth, body string) string {
		return fmt.Sprintf("POST /pub?u=ann&d=phone HTTP/1.1\r\nHost: x\r\n%sX-Limit-U: ann\r\nX-Limit-D: phone\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", auth, len(body), body)
	}
	get := func(target string) string { return "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n" }
	place := fmt.Sprintf("&lat=%f&lon=%f", lat, lon)
	n := 0.0
	for _, c := range []struct {
		name    string
		request func(at time.Time) string
		status  int
		reply   string
		became  dispatch.FixVerdict // "" when nothing is counted
		speed   float64
	}{
		{"osmand, seconds, no slash", func(at time.Time) string {
			return get(fmt.Sprintf("?id=%s&timestamp=%d%s&speed=10&bearing=90&altitude=5&accuracy=4.5&hdop=1&batt=80.0&charge=true&valid=true&what=ever", x.id, at.Unix(), place))
		}, 200, "", "moved", 5.1},
		{"osmand, with a slash", func(at time.Time) string {
			return get(fmt.Sprintf("/?deviceid=%s&timestamp=%d%s&heading=270", x.id, at.Unix(), place))
		}, 200, "", "moved", 0},
		{"osmand, milliseconds", func(at time.Time) string {
			return get(fmt.Sprintf("?id=%s&timestamp=%d%s", x.id, at.UnixMilli(), place))
		}, 200, "", "moved", 0},
		{"osmand, ISO", func(at time.Time) string {
			return get(fmt.Sprintf("/trackers/osmand?id=%s&timestamp=%s%s", x.id, escape(at.Format("2006-01-02T15:04:05.000-0700")), place))
		}, 200, "", "moved", 0},
		{"osmand, date and time", func(at time.Time) string {
			return get(fmt.Sprintf("?id=%s&timestamp=%s%s", x.id, escape(at.UTC().Format(time.DateTime)), place))
		}, 200, "", "moved", 0},
		{"osmand, location", func(at time.Time) string {
			return get(fmt.Sprintf("?id=%s&timestamp=%d&location=%f,%f", x.id, at.Unix(), lat, lon))
		}, 200, "", "moved", 0},
		{"osmand, post with a query", func(at time.Time) string {
			return withBody(fmt.Sprintf("POST ?id=%s&timestamp=%d%s", x.id, at.Unix(), place), form, "")
		}, 200, "", "moved", 0},
		{"osmand, form", func(at time.Time) string {
			return withBody("POST /", form, fmt.Sprintf("id=%s&timestamp=%d%s&speed=20", x.id, at.Unix(), place))
		}, 200, "", "moved", 10.3},
		{"osmand, form that doesn't say so", func(at time.Time) string {
			return withBody("POST /", "text/plain", fmt.Sprintf("id=%s&timestamp=%d%s", x.id, at.Unix(), place))
		}, 200, "", "moved", 0},
		{"osmand, a sign of life", func(time.Time) string { return get("?id=" + x.id + "&batt=50") }, 200, "", "none", 0},
		{"osmand, the receiver doubts it", func(at time.Time) string {
			return get(fmt.Sprintf("?id=%s&timestamp=%d%s&valid=false", x.id, at.Unix(), place))
		}, 200, "", "none", 0},
		{"osmand, null island", func(at time.Time) string { return get(fmt.Sprintf("?id=%s&timestamp=%d&lat=0&lon=0", x.id, at.Unix())) }, 200, "", "island", 0},
		{"osmand, no number", func(at time.Time) string {
			return get(fmt.Sprintf("?id=%s&timestamp=%d&lat=NaN&lon=34.8", x.id, at.Unix()))
		}, 200, "", "range", 0},
		{"osmand, letters", func(at time.Time) string {
			return get(fmt.Sprintf("?id=%s&timestamp=%d&lat=here&lon=34.8", x.id, at.Unix()))
		}, 400, "", "range", 0},
		{"osmand, half a place", func(at time.Time) string { return get(fmt.Sprintf("?id=%s&timestamp=%d&lat=32", x.id, at.Unix())) }, 400, "", "range", 0},
		{"osmand, a time of letters", func(time.Time) string { return get("?id=" + x.id + "&timestamp=noon" + place) }, 400, "", "range", 0},
		{"osmand, tomorrow", func(time.Time) string {
			return get(fmt.Sprintf("?id=%s&timestamp=%d%s", x.id, time.Now().Add(24*time.Hour).Unix(), place))
		}, 200, "", "future", 0},
		{"osmand, the end of time", func(time.Time) string { return get("?id=" + x.id + "&timestamp=9223372036854775807" + place) }, 200, "", "future", 0},
		{"osmand, 1970", func(time.Time) string { return get("?id=" + x.id + "&timestamp=1" + place) }, 200, "", "old", 0},
		{"osmand, unknown", func(time.Time) string { return get("?id=123456789012" + place) }, 400, "", "", 0},
		{"osmand, nobody", func(time.Time) string { return get("?lat=1&lon=2") }, 400, "", "", 0},
		{"osmand, nothing", func(time.Time) string { return get("/") }, 400, "", "", 0},
		{"osmand, put", func(time.Time) string { return withBody("PUT /", form, "") }, 405, "", "", 0},

		{"traccar", func(at time.Time) string {
			return withBody("POST /", "application/json", fmt.Sprintf(`{"location":{"timestamp":%q,"coords":{"latitude":%f,"longitude":%f,"accuracy":4.7,"speed":7.5,"heading":12.3,"altitude":30},"is_moving":true,"odometer":12,"event":"motionchange","battery":{"level":0.93,"is_charging":false},"activity":{"type":"in_vehicle","confidence":100},"extras":{}},"device_id":%q}`,
				at.UTC().Format("2006-01-02T15:04:05.000Z"), lat, lon, x.id))
		}, 200, "", "moved", 7.5},
		{"traccar, nothing known", func(at time.Time) string {
			return withBody("POST /trackers/osmand", "application/json; charset=utf-8", fmt.Sprintf(`{"location":{"timestamp":%q,"coords":{"latitude":%f,"longitude":%f,"accuracy":4,"speed":-1,"heading":-1,"altitude":0}},"device_id":%q}`,
				at.UTC().Format(time.RFC3339), lat, lon, x.id))
		}, 200, "", "moved", 0},
		{"traccar, no place", func(at time.Time) string {
			return withBody("POST /", "application/json", fmt.Sprintf(`{"location":{"timestamp":%q,"event":"heartbeat"},"device_id":%q}`, at.UTC().Format(time.RFC3339), x.id))
		}, 200, "", "none", 0},
		{"traccar, unknown", func(at time.Time) string {
			return withBody("POST /", "application/json", fmt.Sprintf(`{"location":{"timestamp":%q,"coords":{"latitude":%f,"longitude":%f}},"device_id":"123456789012"}`, at.UTC().Format(time.RFC3339), lat, lon))
		}, 404, "", "", 0},
		{"traccar, broken", func(time.Time) string { return withBody("POST /", "application/json", `{"location":`) }, 400, "", "", 0},
		{"traccar, of another shape", func(time.Time) string {
			return withBody("POST /", "application/json", fmt.Sprintf(`{"location":{"coords":{"latitude":"x"}},"device_id":%q}`, x.id))
		}, 400, "", "range", 0},

		{"owntracks", func(at time.Time) string {
			return own(basic, fmt.Sprintf(`{"_type":"location","lat":%f,"lon":%f,"tst":%d.0,"acc":12.0,"alt":30,"vel":36,"cog":180,"batt":77,"tid":"an"}`, lat, lon, at.Unix()))
		}, 200, "[]", "moved", 10},
		{"owntracks, zeros left out", func(at time.Time) string {
			return own(basic, fmt.Sprintf(`{"_type":"location","lat":%f,"lon":%f,"tst":%d}`, lat, lon, at.Unix()))
		}, 200, "[]", "moved", 0},
		{"owntracks, something else", func(time.Time) string { return own(basic, `{"_type":"waypoint","desc":"x"}`) }, 200, "[]", "none", 0},
		{"owntracks, nothing", func(time.Time) string { return own(basic, "") }, 200, "[]", "none", 0},
		{"owntracks, broken", func(time.Time) string { return own(basic, "{") }, 400, "", "range", 0},
		{"owntracks, a stranger", func(time.Time) string { return own("", `{"_type":"location"}`) }, 401, "", "", 0},
		{"owntracks, a wrong password", func(time.Time) string {
			return own("Authorization: Basic "+base64.StdEncoding.EncodeToString([]byte(x.login.User+":x"))+"\r\n", `{"_type":"location"}`)
		}, 401, "", "", 0},
	} {
		before := x.fixes()
		at := clock.Add(time.Duration(n) * time.Minute)
		n++
		w := say(t, x.port, c.request(at))
		reply, _ := io.ReadAll(w.Body)
		if w.StatusCode == http.StatusMethodNotAllowed {
			reply = nil // it says which there are
		}
		if w.StatusCode != c.status || string(reply) != c.reply {
			t.Errorf("%s: %d %q, want %d %q", c.name, w.StatusCode, reply, c.status, c.reply)
			continue
		}
		after := x.fixes()
		for _, v := range dispatch.FixVerdicts() {
			want := int64(0)
			if v == c.became {
				want = 1
			}
			if after[v]-before[v] != want {
				t.Errorf("%s: %d fixes more are %s, want %d", c.name, after[v]-before[v], v, want)
			}
		}
		if c.became != dispatch.FixMoved {
			continue
		}
		if k := x.at(); !k.At.Equal(at) || math.Abs(*k.Lat-lat) > 1e-6 || math.Abs(*k.Lon-lon) > 1e-6 {
			t.Errorf("%s: the crew is at %v %v since %v, want %v", c.name, *k.Lat, *k.Lon, k.At, at)
		}
		var speed *float64
		x.must(x.pool.QueryRow(t.Context(), `select speed from crew_position`).Scan(&speed))
		if speed != nil != (c.speed != 0) || speed != nil && *speed != c.speed {
			t.Errorf("%s: goes at %v, want %v", c.name, speed, c.speed)
		}
	}
}

// TestTrackerPort: requests one after the other and all at once on a
// connection, in pieces, and too large; the main port takes the same paths and
// nothing but trackers' is on theirs.
func TestTrackerPort(t *testing.T) {
	t.Parallel()
	x := newTracked(t)
	one := func(n int) string {
		return fmt.Sprintf("GET ?id=%s&timestamp=%d&lat=%f&lon=%f HTTP/1.1\r\nHost: x\r\n\r\n", x.id, x.truncated.Unix()-100+int64(n), x.lat, x.lon)
	}
	c, err := net.Dial("tcp", x.port)
	x.must(err)
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(30 * time.Second))
	answers := bufio.NewReader(c)
	body := "id=" + x.id + "&batt=1"
	for _, sent := range []string{one(1), one(2) + one(3) + one(4), withBody("POST ?", "text/plain", body) + one(5)} {
		for i := 0; i < len(sent); i += 9 {
			_, err := io.WriteString(c, sent[i:min(i+9, len(sent))])
			x.must(err)
		}
		for range strings.Count(sent, " HTTP/1.1") {
			if w := answerOf(t, answers); w.StatusCode != 200 {
				t.Fatalf("%q: %d", sent, w.StatusCode)
			}
		}
	}
	if got := x.fixes(); got[dispatch.FixMoved] != 5 || got[dispatch.FixNone] != 1 {
		t.Errorf("%v", got)
	}
	if w := say(t, x.port, withBody("POST /", "text/plain", strings.Repeat("x", 100_000))); w.StatusCode != 413 {
		t.Errorf("a large body: %d", w.StatusCode)
	}
	for _, path := range []string{"/api/v1/snapshot", "/metrics", "/console"} {
		if w := say(t, x.port, "GET "+path+" HTTP/1.1\r\nHost: x\r\n\r\n"); w.StatusCode != 400 {
			t.Errorf("%s on the trackers' port: %d", path, w.StatusCode)
		}
	}
	main := strings.TrimPrefix(x.url, "http://")
	if w := say(t, main, fmt.Sprintf("GET /trackers/osmand?id=%s&lat=%f&lon=%f HTTP/1.1\r\nHost: x\r\n\r\n", x.id, x.lat, x.lon)); w.StatusCode != 200 {
		t.Errorf("the main port: %d", w.StatusCode)
	}
	if k := x.at(); time.Since(*k.At) > time.Minute {
		t.Errorf("without a time the fix is of %v", k.At)
	}
	x.by.post("/trackers/"+x.list()[1].ID.String()+"/revoke", nil).is(http.StatusOK)
	if w := say(t, x.port, one(6)); w.StatusCode != 400 {
		t.Errorf("revoked: %d", w.StatusCode)
	}
	if got := x.fixes()[dispatch.FixStranger]; got != 1 {
		t.Errorf("%d fixes of a revoked device are seen", got)
	}
	x.by.post("/trackers/"+uuid.NewString()+"/revoke", nil).is(http.StatusNotFound)
	b, err := json.Marshal(x.list())
	x.must(err)
	for _, secret := range []string{x.id, x.login.Password} {
		if strings.Contains(string(b), secret) {
			t.Error("the list tells a secret")
		}
	}
	metrics := string(x.public().do("GET", "/metrics", nil).is(200).body)
	if !strings.Contains(metrics, `moked_fixes_total{verdict="moved"} 6`) {
		t.Error("the metrics don't count fixes")
	}
}

// TestTrackersAreLimited: a device that sends without end is asked to slow
// down, and others aren't.
func TestTrackersAreLimited(t *testing.T) {
	t.Parallel()
	x := newTracked(t)
	other := x.device("osmand").ID
	c, err := net.Dial("tcp", x.port)
	x.must(err)
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	answers, slow := bufio.NewReader(c), 0
	send := func(id string) int {
		_, err := fmt.Fprintf(c, "GET ?id=%s HTTP/1.1\r\nHost: x\r\n\r\n", id)
		x.must(err)
		return answerOf(t, answers).StatusCode
	}
	for range 6000 {
		if status := send(x.id); status == 429 {
			slow++
			break
		} else if status != 200 {
			t.Fatal(status)
		}
	}
	if slow == 0 {
		t.Error("nobody is asked to slow down")
	}
	if status := send(other); status != 200 {
		t.Errorf("the other device gets %d", status)
	}
}
