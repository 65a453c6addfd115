package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"moked/migrations/dbtest"
)

// examine runs the doctor and returns what it found, by mark.
func examine(t *testing.T, d doctorCmd) (marks map[rune][]string, err error) {
	t.Helper()
	if d.Listen == "" {
		d.Listen = "127.0.0.1:0"
	}
	var out strings.Builder
	err = doctor(t.Context(), &out, d)
	t.Log(out.String())
	marks = map[rune][]string{}
	for line := range strings.Lines(out.String()) {
		for _, mark := range []rune{fine, advice, lack} {
			if rest, ok := strings.CutPrefix(line, string(mark)+" "); ok {
				marks[mark] = append(marks[mark], rest)
			}
		}
	}
	if (err != nil) != (len(marks[lack]) > 0) {
		t.Errorf("%d things are missing, and the error is %v", len(marks[lack]), err)
	}
	return marks, err
}

func mentions(lines []string, word string) bool {
	return strings.Contains(strings.Join(lines, ""), word)
}

func TestDoctorPrivateDatabase(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	marks, _ := examine(t, doctorCmd{databaseFlags: databaseFlags{Data: data}})
	if !mentions(marks[fine], "PostgreSQL") || mentions(marks[lack], "database") {
		t.Error("a private database was not found to start")
	}
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Error("the doctor made the data folder")
	}
}

func TestDoctorOwnDatabase(t *testing.T) {
	t.Parallel()
	marks, _ := examine(t, doctorCmd{databaseFlags: databaseFlags{Database: dbtest.URL(t)}})
	if !mentions(marks[fine], "PostGIS") || !mentions(marks[fine], "schema is up to date") {
		t.Error("the database was not found to be well")
	}
}

func TestDoctorNoDatabase(t *testing.T) {
	t.Parallel()
	marks, err := examine(t, doctorCmd{databaseFlags: databaseFlags{Database: "postgres://nobody@127.0.0.1:1/none?connect_timeout=2"}})
	if err == nil || !mentions(marks[lack], "does not answer") {
		t.Error(err)
	}
}

func TestDoctorPortTaken(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	defer l.Close()
	marks, _ := examine(t, doctorCmd{databaseFlags: databaseFlags{Database: dbtest.URL(t)}, Listen: l.Addr().String()})
	if !mentions(marks[lack], "cannot answer on "+l.Addr().String()) {
		t.Error("a port that is taken went unnoticed")
	}
}
