package dbtest_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"moked/geo/postgis"
	"moked/migrations"
	"moked/migrations/dbtest"
)

func TestEachItsOwn(t *testing.T) {
	t.Parallel()
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			db := dbtest.New(t)
			if _, err := db.Exec(t.Context(), `create table mine as select $1::int as i`, i); err != nil {
				t.Fatal(err)
			}
			var got int
			if err := db.QueryRow(t.Context(), `select i from mine`).Scan(&got); err != nil || got != i {
				t.Errorf("got %d, %v", got, err)
			}
			version, err := migrations.Version(t.Context(), db)
			if err != nil || version != migrations.Latest() {
				t.Errorf("version %d of %d, %v", version, migrations.Latest(), err)
			}
		})
	}
}

// TestServerKilled is what a test of durability does.
func TestServerKilled(t *testing.T) {
	t.Parallel()
	s := dbtest.Server(t)
	db, err := postgis.Connect(t.Context(), s.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(t.Context(), `insert into authority (code, names) values ('here', '{}')`); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(s.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	var code string
	for code == "" && t.Context().Err() == nil {
		if db.QueryRow(t.Context(), `select code from authority`).Scan(&code) != nil {
			time.Sleep(20 * time.Millisecond)
		}
	}
	if code != "here" {
		t.Error("a committed row is gone")
	}
}

func BenchmarkURL(b *testing.B) {
	for b.Loop() {
		dbtest.URL(b)
	}
}
