package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
)

// server is `moked serve` on the shell's database.
type server struct {
	t     *testing.T
	url   string
	token string
	rest  *bufio.Reader // of what it prints
}

// serve runs a server until the test ends, and checks that it stops cleanly.
func (s shell) serve(token string, flags ...string) server {
	s.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	out, to := io.Pipe()
	ended := make(chan int, 1)
	var messages bytes.Buffer
	go func() {
		ended <- run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0", "--database", s.url, "--log-level", "error"}, flags...), to, &messages)
		to.Close()
	}()
	s.t.Cleanup(func() {
		stop()
		go io.Copy(io.Discard, out)
		select {
		case status := <-ended:
			if status != 0 {
				s.t.Errorf("serve ended with %d\n%s", status, messages.String())
			}
		case <-time.After(30 * time.Second):
			s.t.Error("serve doesn't stop")
		}
	})
	printed := bufio.NewReader(out)
	line, err := printed.ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "Moked answers on ")
	if err != nil || !ok {
		s.t.Fatalf("%q, %v\n%s", line, err, messages.String())
	}
	return server{s.t, url, token, printed}
}

// get asks the API and decodes its answer.
func (s server) get(path string, into any) int {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if into != nil && res.StatusCode == http.StatusOK {
		if err := json.Unmarshal(body, into); err != nil {
			s.t.Fatalf("%s: %v in %s", path, err, body)
		}
	}
	return res.StatusCode
}

// A server that runs takes up what commands beside it change.
func TestCommandsBesideAServer(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.do("authority", "create", "netanya", "--name", "נתניה", "--boundary", s.real("netanya_boundary.geojson"))
	token := strings.TrimSpace(s.do("token", "create", "--authority", "netanya", "--role", "dispatcher"))
	first, second := s.serve(token), s.serve(token)

	s.do("import", "osm", s.real("netanya.osm.pbf"), "--authority", "netanya")
	s.do("import", "areas", s.real("netanya_districts.geojson"), "--authority", "netanya", "--level", "district")
	crew := strings.TrimSpace(s.do("crew", "add", "--authority", "netanya", "--code", "חש1", "--name", "חשמל", "--department", "electricity", "--skill", "electrician"))
	s.do("authority", "create", "netivot", "--name", "נתיבות", "--boundary", s.real("netivot_boundary.geojson"))

	for name, v := range map[string]server{"the first": first, "the second": second} {
		wait(t, name+" knows the districts", func() bool {
			var at struct {
				Authority string
				District  *struct{ Code, Name string }
			}
			return v.get("/api/v1/areas/at?lat=32.3286&lon=34.8567", &at) == 200 && at.Authority == "netanya" && at.District != nil && at.District.Code != ""
		})
		wait(t, name+" finds streets", func() bool {
			var found struct {
				Results []struct {
					Street   string
					District *struct{ Code string }
				}
			}
			return v.get("/api/v1/geocode?q=%D7%A8%D7%97%27+%D7%94%D7%A8%D7%A6%D7%9C", &found) == 200 && len(found.Results) > 0 &&
				found.Results[0].Street == "הרצל" && found.Results[0].District != nil
		})
		wait(t, name+" has the crew", func() bool {
			var list struct{ Crews []struct{ ID string } }
			return v.get("/api/v1/crews", &list) == 200 && len(list.Crews) == 1 && list.Crews[0].ID == crew
		})
		wait(t, name+" knows the neighbour", func() bool {
			var at struct {
				Authority string
				Outside   bool
			}
			return v.get("/api/v1/areas/at?lat=31.42&lon=34.59", &at) == 200 && at.Authority == "netivot" && at.Outside
		})
		over := maptile.At(orb.Point{34.8567, 32.3286}, 13)
		if status := v.get(fmt.Sprintf("/tiles/base/13/%d/%d.mvt", over.X, over.Y), nil); status != http.StatusOK {
			t.Errorf("%s: a tile over the city: %d", name, status)
		}
		for _, path := range []string{"/healthz", "/readyz"} {
			if status := v.get(path, nil); status != http.StatusOK {
				t.Errorf("%s: %s: %d", name, path, status)
			}
		}
	}
}

// wait is for what another process brings about.
func wait(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 1000 {
		if ok() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("never came: " + what)
}

func TestAPortThatIsTaken(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	one := s.serve("")
	status, _, messages := s.try("serve", "--listen", strings.TrimPrefix(one.url, "http://"))
	if status != 1 || !strings.Contains(messages, "cannot answer on") {
		t.Error(status, messages)
	}
}

// The demo on a real city: one command, and crews drive.
func TestDemoOfARealCity(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	ctx, stop := context.WithCancel(context.Background())
	out, to := io.Pipe()
	ended := make(chan int, 1)
	var messages bytes.Buffer
	args := []string{
		"demo", "--listen", "127.0.0.1:0", "--database", s.url, "--log-level", "error", "--password", "correct horse",
		"--osm", s.real("netanya.osm.pbf"), "--districts", s.real("netanya_districts.geojson"), "--name", "נתניה", "--past", "2000",
	}
	go func() {
		ended <- run(ctx, args, to, &messages)
		to.Close()
	}()
	lines := bufio.NewScanner(out)
	var url string
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "Sign in at ") {
		if u, ok := strings.CutPrefix(lines.Text(), "Moked answers on "); ok {
			url = u
		}
	}
	go io.Copy(io.Discard, out)
	s.mustSay(lines.Text(), url+"/console", "dispatcher", "correct horse")
	v := server{t: t, url: url, token: strings.TrimSpace(s.do("token", "create", "--authority", "netanya", "--role", "dispatcher"))}
	wait(t, "crews on the map, and jobs under way", func() bool {
		var now struct {
			Incidents []struct{ ID string }
			Jobs      []struct{ State string }
			Crews     []struct{ Lat *float64 }
		}
		if v.get("/api/v1/snapshot", &now) != 200 {
			return false
		}
		placed, busy := 0, 0
		for _, c := range now.Crews {
			if c.Lat != nil {
				placed++
			}
		}
		for _, j := range now.Jobs {
			if j.State != "planned" {
				busy++
			}
		}
		return placed > 10 && busy > 0 && len(now.Incidents) > 5
	})
	stop()
	if status := <-ended; status != 0 && status != 130 {
		t.Error(status, messages.String())
	}
	if n := s.rows(`select count(*)::text from area where level = 'district' and valid_to is null`); n != "11" {
		t.Error(n, "districts")
	}
	if n := s.rows(`select count(*)::text from past where filed_at < now() - interval '1 day' and due_at is not null and district <> ''`); len(n) < 4 {
		t.Error(n, "reports of the years before")
	}
}
