package dbtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"moked/migrations"
	"moked/migrations/localpg"
)

const (
	testPrefix     = "moked_test_"
	templatePrefix = "moked_template_"

	// keepTemplates is how many templates of other states of the schema stay.
	keepTemplates = 3
)

// shared finds or starts the server of this user's tests, once a process. It
// is never stopped here: a test binary does not say when it ends, and the
// server's keeper notices.
var shared = sync.OnceValues(func() (*server, error) {
	ctx := context.Background()
	address := os.Getenv("MOKED_TEST_DATABASE")
	started := false
	if address == "" {
		dir, err := folder()
		if err != nil {
			return nil, err
		}
		local, err := localpg.Start(ctx, localpg.Options{Dir: dir, Linger: 20 * time.Second, Settings: settings()})
		if err != nil {
			return nil, err
		}
		address, started = local.URL(), local.Started()
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("MOKED_TEST_DATABASE: %w", err)
	}
	s := &server{url: u}
	return s, s.prepare(ctx, started)
})

// folder is where this user's test server lives.
func folder() (string, error) {
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("moked-test-%d", os.Getuid()))
	if err := os.Mkdir(dir, 0o711); err != nil && !errors.Is(err, os.ErrExist) {
		return "", err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", err
	}
	if !info.IsDir() || int(info.Sys().(*syscall.Stat_t).Uid) != os.Getuid() {
		return "", fmt.Errorf("%s belongs to somebody else", dir)
	}
	return dir, nil
}

// settings are those of a server whose data nobody will miss.
func settings() map[string]string {
	return map[string]string{
		"fsync":              "off",
		"synchronous_commit": "off",
		"full_page_writes":   "off",
		"wal_level":          "minimal",
		"max_wal_senders":    "0",
		"max_wal_size":       "4GB",
		"checkpoint_timeout": "1h",
		"max_connections":    "400",
		// A worker in a database keeps it from being dropped for a while.
		"autovacuum": "off",
	}
}

// cloneSQL copies the template file by file, which is five times quicker than
// logging it page by page, as PostgreSQL 15 and later do unless told.
func (s *server) cloneSQL(name string) string {
	sql := "create database " + name + " template " + s.template
	if s.major >= 15 {
		sql += " strategy file_copy"
	}
	return sql
}

func dropSQL(name string) string { return "drop database if exists " + name + " with (force)" }

// prepare makes the template of the present schema unless it is there, and in
// a server that was just started sweeps up after tests of earlier times.
func (s *server) prepare(ctx context.Context, started bool) error {
	key, err := schemaKey()
	if err != nil {
		return err
	}
	s.template = templatePrefix + key
	conn, err := pgx.Connect(ctx, s.url.String())
	if err != nil {
		return err
	}
	defer conn.Close(ctx) // which drops the lock too
	if err := conn.QueryRow(ctx, `select current_setting('server_version_num')::int / 10000`).Scan(&s.major); err != nil {
		return err
	}
	const lock = 0x6d6f6b6564
	if _, err := conn.Exec(ctx, `select pg_advisory_lock($1)`, int64(lock)); err != nil {
		return err
	}
	if started {
		if err := s.sweep(ctx, conn); err != nil {
			return err
		}
	}
	// A template that takes no connections is a finished one.
	var done bool
	err = conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1 and not datallowconn)`, s.template).Scan(&done)
	if err != nil || done {
		return err
	}
	if err := s.exec(ctx, dropSQL(s.template), "create database "+s.template+" template template0 encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'"); err != nil {
		return err
	}
	if err := migrations.Up(ctx, s.address(s.template)); err != nil {
		return err
	}
	return s.exec(ctx, "alter database "+s.template+" with is_template true allow_connections false")
}

// schemaKey names the state of the schema.
func schemaKey() (string, error) {
	sum := sha256.New()
	steps := migrations.Files()
	err := fs.WalkDir(steps, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(steps, path)
		fmt.Fprintf(sum, "%s\n%d\n%s", path, len(text), text)
		return err
	})
	return fmt.Sprintf("%x", sum.Sum(nil)[:8]), err
}

// sweep drops what killed test processes and older states of the schema left.
func (s *server) sweep(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, `select datname from pg_database order by oid desc`)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	var drop []string
	templates := 0
	for _, name := range names {
		if rest, ok := strings.CutPrefix(name, testPrefix); ok {
			digits, _, _ := strings.Cut(rest, "_")
			if pid, err := strconv.Atoi(digits); err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
				drop = append(drop, dropSQL(name))
			}
		}
		if strings.HasPrefix(name, templatePrefix) && name != s.template {
			if templates++; templates > keepTemplates {
				drop = append(drop, "alter database "+name+" with is_template false", dropSQL(name))
			}
		}
	}
	return s.exec(ctx, drop...)
}
