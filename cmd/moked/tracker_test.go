package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"moked/dispatch"
)

// TestTrackerCommands adds a phone beside a server, has it tell where its crew
// is through the trackers' own port as Traccar's tools do, and shuts it out.
func TestTrackerCommands(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.do("authority", "create", "yam", "--name", "ים")
	crew := strings.TrimSpace(s.do("crew", "add", "--authority", "yam", "--code", "E1", "--name", "חשמל", "--department", "electricity"))
	v := s.serve(strings.TrimSpace(s.do("token", "create", "--authority", "yam", "--role", "dispatcher")), "--trackers", "127.0.0.1:0")
	line, err := v.rest.ReadString('\n')
	port, ok := strings.CutPrefix(strings.TrimSpace(line), "Trackers are taken on http://")
	if err != nil || !ok {
		t.Fatalf("%q %v", line, err)
	}

	said := s.do("tracker", "add", "--authority", "yam", "--crew", "E1", "--name", "phone", "--url", "https://moked.example")
	s.mustSay(said, "https://moked.example/trackers/osmand", "device identifier", "told once")
	_, id, _ := strings.Cut(said, "device identifier")
	id, _, _ = strings.Cut(strings.TrimSpace(id), "\n")
	s.mustSay(s.do("tracker", "add", "--authority", "yam", "--crew", crew, "--protocol", "owntracks"), "trackers/owntracks", "user", "password")
	if status, _, messages := s.try("tracker", "add", "--authority", "yam", "--crew", "E9"); status != 1 || !strings.Contains(messages, "E9") {
		t.Errorf("a crew that isn't there: %d %s", status, messages)
	}

	send := func() int {
		c, err := net.Dial("tcp", port)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		_ = c.SetDeadline(time.Now().Add(20 * time.Second))
		fmt.Fprintf(c, "GET ?id=%s&lat=32.3&lon=34.85&timestamp=%d HTTP/1.1\r\nHost: x\r\n\r\n", id, time.Now().Unix())
		w, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		w.Body.Close()
		return w.StatusCode
	}
	if status := send(); status != http.StatusOK {
		t.Fatalf("the phone is answered %d", status)
	}
	var all struct{ Crews []dispatch.Crew }
	if v.get("/api/v1/crews", &all) != http.StatusOK || len(all.Crews) != 1 || all.Crews[0].Lat == nil || *all.Crews[0].Lat != 32.3 {
		t.Errorf("%+v", all)
	}
	list := s.do("tracker", "list", "--authority", "yam")
	s.mustSay(list, "1 moved", "phone", "owntracks", "never")
	if strings.Contains(list, id) {
		t.Error("the list tells the secret")
	}
	for l := range strings.Lines(list) {
		if strings.Contains(l, "phone") {
			s.mustSay(s.do("tracker", "revoke", "--authority", "yam", strings.Fields(l)[0]), "shut out")
		}
	}
	if status := send(); status != http.StatusBadRequest {
		t.Errorf("shut out, it is answered %d", status)
	}
}
