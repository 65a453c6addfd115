package migrations_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"golang.org/x/sync/errgroup"

	"moked/migrations"
	"moked/migrations/dbtest"
)

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// empty makes a database that nothing was done in.
func empty(t *testing.T, how string) string {
	t.Helper()
	u, err := url.Parse(dbtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), u.String())
	if err != nil {
		t.Fatal(err)
	}
	name := strings.Trim(u.Path, "/") + "_empty"
	if _, err := conn.Exec(t.Context(), "create database "+name+" template template0 "+how); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.Background()
		if _, err := conn.Exec(ctx, "drop database "+name+" with (force)"); err != nil {
			t.Error(err)
		}
		conn.Close(ctx)
	})
	u.Path = "/" + name
	return u.String()
}

const utf8 = "encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'"

func TestUpByManyAtOnce(t *testing.T) {
	t.Parallel()
	address := empty(t, utf8)
	var g errgroup.Group
	for range 3 {
		g.Go(func() error { return migrations.Up(t.Context(), address) })
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	version, err := migrations.Version(t.Context(), connect(t, address))
	if err != nil || version != migrations.Latest() {
		t.Errorf("version %d, %v", version, err)
	}
}

func TestUnfit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		how     string
		reasons int
	}{
		{"encoding 'UTF8' lc_collate 'C' lc_ctype 'C'", 1},
		{"encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C'", 2},
	} {
		address := empty(t, c.how)
		err := migrations.Up(t.Context(), address)
		var unfit *migrations.UnfitError
		if !errors.As(err, &unfit) || len(unfit.Reasons) != c.reasons {
			t.Errorf("%s: %v", c.how, err)
		}
		version, err := migrations.Version(t.Context(), connect(t, address))
		if err != nil || version != 0 {
			t.Errorf("%s: the database was changed: version %d, %v", c.how, version, err)
		}
	}
}

func TestNewer(t *testing.T) {
	t.Parallel()
	address := dbtest.URL(t)
	if _, err := connect(t, address).Exec(t.Context(), `insert into goose_db_version (version_id, is_applied) values (99999, true)`); err != nil {
		t.Fatal(err)
	}
	if err := migrations.Up(t.Context(), address); !errors.Is(err, migrations.ErrNewer) {
		t.Error(err)
	}
}

// TestDown takes every step back and does it again.
func TestDown(t *testing.T) {
	t.Parallel()
	address := dbtest.URL(t)
	config, err := pgx.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	db := stdlib.OpenDB(*config)
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectPostgres, db, migrations.Files())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.DownTo(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
}

func TestInspect(t *testing.T) {
	t.Parallel()
	facts, err := migrations.Inspect(t.Context(), dbtest.New(t))
	if err != nil {
		t.Fatal(err)
	}
	if unfit := facts.Unfit(); len(unfit) > 0 || facts.Major < migrations.OldestPostgres || facts.PostGIS == "" || time.Since(facts.Now).Abs() > time.Minute {
		t.Errorf("%+v: %v", facts, unfit)
	}
}
