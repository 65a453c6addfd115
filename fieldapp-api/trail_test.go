package fieldapi

import (
	"bufio"
	"cmp"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"moked/dispatch"
	"moked/dispatch/desk"
)

func TestTrail(t *testing.T) {
	t.Parallel()
	x := newTracked(t)
	x.onDutySince(3)
	filed := x.by.report(x.told(3))
	x.by.post("/jobs/"+filed.Jobs[0].ID.String()+"/assign", map[string]any{"base_version": 1, "crew": x.crew.ID}).is(http.StatusOK)
	begin := x.truncated.Add(-9 * time.Minute)
	for n := range 20 {
		lat := x.lat + 0.002*float64(max(0, 5-n)) // it comes from the north and stays
		if w := say(t, x.port, fmt.Sprintf("GET ?id=%s&timestamp=%d&lat=%f&lon=%f HTTP/1.1\r\nHost: x\r\n\r\n", x.id, begin.Unix()+int64(n)*30, lat, x.lon)); w.StatusCode != 200 {
			t.Fatal(w.StatusCode)
		}
	}
	trail := func(by *client, day string) (tr dispatch.Trail) {
		t.Helper()
		by.get("/crews/" + x.crew.ID.String() + "/trail" + day).is(http.StatusOK).into(&tr)
		return tr
	}
	zone, err := time.LoadLocation(trail(x.by, "").TimeZone)
	x.must(err)
	first := begin.In(zone).Format(time.DateOnly)
	if begin.In(zone).Day() != x.truncated.In(zone).Day() {
		t.Skip("it is midnight: the trail lies on two days")
	}
	tr := trail(x.by, "?day="+first)
	if len(tr.Stops) != 1 || tr.Stops[0].Label == "" || tr.Stops[0].Job == nil || tr.Stops[0].Job.Number != filed.Jobs[0].Number {
		t.Fatalf("%+v", tr.Stops)
	}
	if tr.Fixes != 20 || tr.OffDuty != 0 || tr.Metres < 1000 || tr.Last == nil || tr.Last.Age > 60 || !tr.From.Equal(begin) {
		t.Errorf("%+v", tr)
	}
	own := x.token(townCode, desk.NewToken{Role: dispatch.CrewMember, Crew: &x.crew.ID})
	if got := trail(own, ""); got.Metres != tr.Metres {
		t.Errorf("the crew itself sees %+v", got)
	}
	other := x.by.crew("C2", "electricity")
	stranger := x.token(townCode, desk.NewToken{Role: dispatch.CrewMember, Crew: &other.ID})
	stranger.get("/crews/" + x.crew.ID.String() + "/trail").is(http.StatusNotFound)
	x.by.get("/crews/" + uuid.NewString() + "/trail").is(http.StatusNotFound)
	for _, day := range []string{"yesterday", "2026-13-01", "0001-01-01", "2026-05-05T00:00:00Z"} {
		if p := x.by.get("/crews/" + x.crew.ID.String() + "/trail?day=" + day).is(http.StatusUnprocessableEntity).problem(); p.Field != "day" {
			t.Errorf("%s: %+v", day, p)
		}
	}
	if old := trail(x.by, "?day=2020-01-01"); old.Fixes != 0 || old.Last == nil {
		t.Errorf("%+v", old)
	}
	// Off duty nobody is followed.
	_, err = x.pool.Exec(t.Context(), `delete from event where noun = 'crew'`)
	x.must(err)
	if tr = trail(x.by, "?day="+first); tr.OffDuty != 20 || len(tr.Line.Coordinates) != 0 || len(tr.Stops) != 0 {
		t.Errorf("off duty: %+v", tr)
	}
}

// onDutySince has the crews come on duty some days ago.
func (s *server) onDutySince(days int) {
	s.t.Helper()
	_, err := s.pool.Exec(s.t.Context(), `update event set at = at - make_interval(days => $1) where noun = 'crew'`, days)
	s.must(err)
}

// bus is one row of the file.
type bus struct {
	vehicle        string
	at             time.Time
	lat, lon       string
	heading, speed float64
}

func buses(t *testing.T) (all []bus) {
	f, err := os.Open("../../shared/data/il_bus_gps.csv")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("shared/data/il_bus_gps.csv isn't here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		b := bus{vehicle: r[7], lat: r[2], lon: r[3]}
		if b.at, err = time.Parse(time.RFC3339, r[1]); err != nil {
			t.Fatal(err)
		}
		b.heading, _ = strconv.ParseFloat(r[4], 64)
		b.speed, _ = strconv.ParseFloat(r[5], 64) // km/h
		all = append(all, b)
	}
	return all
}

// TestBusesInAnyOrder replays a day of real buses twice, by all three
// protocols: once in order and once each, and once shuffled, with repeats,
// over eight connections. Every bus ends at the same place, with the same
// track and the same trail.
func TestBusesInAnyOrder(t *testing.T) {
	t.Parallel()
	all := buses(t)
	slices.SortStableFunc(all, func(a, b bus) int { return a.at.Compare(b.at) })
	// The same times of the day, on the day before yesterday.
	days := time.Duration(time.Since(all[len(all)-1].at)/(24*time.Hour)) - 1
	for i := range all {
		all[i].at = all[i].at.Add(days * 24 * time.Hour)
	}
	type key struct {
		vehicle string
		at      time.Time
	}
	known, once := map[key]bool{}, []bus{}
	vehicles := map[string]int{}
	for _, b := range all {
		if k := (key{b.vehicle, b.at}); !known[k] {
			known[k] = true
			once = append(once, b)
		}
		if _, ok := vehicles[b.vehicle]; !ok {
			vehicles[b.vehicle] = len(vehicles)
		}
	}
	shuffled := slices.Concat(all, all[:len(all)/3])
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })

	x := newTracked(t)
	replay := func(name string, connections int, bs []bus) map[string]dispatch.Crew {
		crews, says := map[string]dispatch.Crew{}, map[string]func(bus) string{}
		for v, n := range vehicles {
			x.crew = x.by.crew(name+v, "electricity")
			crews[v] = x.crew
			says[v] = x.speaker(n % 3)
		}
		g, _ := errgroup.WithContext(t.Context())
		for c := range connections {
			g.Go(func() error {
				conn, err := net.Dial("tcp", x.port)
				if err != nil {
					return err
				}
				defer conn.Close()
				in := bufio.NewReader(conn)
				for i := c; i < len(bs); i += connections {
					if _, err := conn.Write([]byte(says[bs[i].vehicle](bs[i]))); err != nil {
						return err
					}
					w, err := http.ReadResponse(in, nil)
					if err != nil || w.StatusCode != 200 {
						return fmt.Errorf("%+v: %v %w", bs[i], w, err)
					}
					w.Body.Close()
				}
				return nil
			})
		}
		x.must(g.Wait())
		return crews
	}
	ordered, mixed := replay("A", 1, once), replay("B", 8, shuffled)
	x.onDutySince(5)

	var list crewList
	x.by.get("/crews").is(http.StatusOK).into(&list)
	at := map[uuid.UUID]dispatch.Crew{}
	for _, k := range list.Crews {
		at[k.ID] = k
	}
	stops, metres := 0, 0.0
	for v := range vehicles {
		a, b := at[ordered[v].ID], at[mixed[v].ID]
		if a.At == nil || b.At == nil || !a.At.Equal(*b.At) || *a.Lat != *b.Lat || *a.Lon != *b.Lon {
			t.Errorf("bus %s ends at %v, %v in order and at %v, %v out of it", v, ref(a.Lat), a.At, ref(b.Lat), b.At)
		}
		for d := range 2 {
			day := once[0].at.Add(time.Duration(d)*24*time.Hour + 3*time.Hour).Format(time.DateOnly)
			one, other := x.trail(a.ID, day), x.trail(b.ID, day)
			if diff := gocmp.Diff(one, other); diff != "" {
				t.Errorf("bus %s on %s (-in order +out of it):\n%.2000s", v, day, diff)
			}
			stops, metres = stops+len(one.Stops), metres+one.Metres
		}
	}
	if stops < 20 || metres < 500_000 {
		t.Errorf("%d buses make %d stops and %.0f km", len(vehicles), stops, metres/1000)
	}
	t.Logf("%d buses, %d fixes, %d sent out of order: %d stops, %.0f km", len(vehicles), len(once), len(shuffled), stops, metres/1000)
}

func ref(v *float64) float64 { return *cmp.Or(v, new(float64)) }

// trail is a day's trail as it came, without whose it is and how long ago the
// last fix was.
func (x *tracked) trail(crew uuid.UUID, day string) (tr dispatch.Trail) {
	x.t.Helper()
	x.by.get("/crews/" + crew.String() + "/trail?day=" + day).is(http.StatusOK).into(&tr)
	tr.Crew = uuid.Nil
	if tr.Last != nil {
		tr.Last.Age = 0
	}
	return tr
}

// speaker adds a device of the crew and says how it tells of a bus: as
// OsmAnd, as Traccar Client or as OwnTracks.
func (x *tracked) speaker(protocol int) func(bus) string {
	switch protocol {
	case 0:
		id := x.device("osmand").ID
		return func(b bus) string {
			return fmt.Sprintf("GET ?id=%s&timestamp=%d&lat=%s&lon=%s&speed=%f&bearing=%f HTTP/1.1\r\nHost: x\r\n\r\n", id, b.at.Unix(), b.lat, b.lon, b.speed/1.852, b.heading)
		}
	case 1:
		id := x.device("osmand").ID
		return func(b bus) string {
			body, _ := json.Marshal(map[string]any{"device_id": id, "location": map[string]any{"timestamp": b.at, "coords": map[string]any{
				"latitude": json.Number(b.lat), "longitude": json.Number(b.lon), "speed": b.speed / 3.6, "heading": b.heading}}})
			return withBody("POST /", "application/json", string(body))
		}
	}
	s := x.device("owntracks")
	basic := base64.StdEncoding.EncodeToString([]byte(s.User + ":" + s.Password))
	return func(b bus) string {
		body := fmt.Sprintf(`{"_type":"location","lat":%s,"lon":%s,"tst":%d,"vel":%f,"cog":%f}`, b.lat, b.lon, b.at.Unix(), b.speed, b.heading)
		return fmt.Sprintf("POST /owntracks HTTP/1.1\r\nHost: x\r\nAuthorization: Basic %s\r\nContent-Length: %d\r\n\r\n%s", basic, len(body), body)
	}
}
