// Package dbtest gives a test a database of its own: a real PostgreSQL with
// PostGIS, migrated, empty, and gone when the test ends. Tests that use it may
// run in parallel.
//
// The databases live in one server that all test processes of a user share: it
// is started by the first and stopped a while after the last, or it is the one
// that MOKED_TEST_DATABASE names by the URL of a superuser. It does not sync
// to disk; a test that kills its database takes one from Server.
package dbtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"moked/geo/postgis"
	"moked/migrations"
	"moked/migrations/localpg"
)

// New returns a pool of connections to a new, migrated database. Both are gone
// when the test ends.
func New(t testing.TB) *pgxpool.Pool {
	t.Helper()
	pool, err := postgis.Connect(context.Background(), URL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closePool(t, pool) })
	return pool
}

// URL returns the address of a new, migrated database, for a test that hands
// it to other processes. The database is gone when the test ends.
func URL(t testing.TB) string {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatalf("tests need a database: %v", err)
	}
	name := fmt.Sprintf("%s%d_%s", testPrefix, os.Getpid(), strings.ToLower(rand.Text()[:10]))
	if err := s.exec(context.Background(), s.cloneSQL(name)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.exec(context.Background(), dropSQL(name)); err != nil {
			t.Error(err)
		}
	})
	return s.address(name)
}

// Server starts a database server that is the test's alone, with its database
// migrated. It syncs to disk as one in production does, so the test may kill
// it (see localpg.Server.PID) and count what is left; it then starts again by
// itself.
func Server(t testing.TB) *localpg.Server {
	t.Helper()
	dir, err := os.MkdirTemp("", "moked-server-")
	if err == nil {
		t.Cleanup(func() { os.RemoveAll(dir) })
		err = os.Chmod(dir, 0o711) // the server may run as another user
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := localpg.Start(context.Background(), localpg.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if err := migrations.Up(context.Background(), s.URL()); err != nil {
		t.Fatal(err)
	}
	return s
}

// closePool closes the pool, but does not wait for ever for connections that
// the test forgot to give back.
func closePool(t testing.TB, pool *pgxpool.Pool) {
	closed := make(chan struct{})
	go func() {
		pool.Close()
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(10 * time.Second):
		t.Errorf("%d connections were not given back to the pool", pool.Stat().AcquiredConns())
	}
}

// server is the shared server, with a migrated template in it.
type server struct {
	url      *url.URL
	major    int // PostgreSQL's version
	template string
}

// address is the URL of one of the server's databases.
func (s *server) address(database string) string {
	u := *s.url
	u.Path = "/" + database
	return u.String()
}

// exec runs statements, each in a transaction of its own, on a connection of
// their own: a pool would keep goroutines that a test may count.
func (s *server) exec(ctx context.Context, statements ...string) error {
	conn, err := pgx.Connect(ctx, s.url.String())
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, sql := range statements {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	return nil
}
