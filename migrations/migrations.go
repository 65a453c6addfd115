// Package migrations holds the database's schema as a row of numbered steps,
// and brings a database up to date. A step that was released is never changed;
// schema.sql shows what they come to.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed 0*.sql
var files embed.FS

// Files are the steps, as the program carries them.
func Files() fs.FS { return files }

// Latest is the number of the last step: the version that Up brings a database
// to.
func Latest() int64 {
	names, err := fs.Glob(files, "*.sql")
	if err != nil || len(names) == 0 {
		panic("migrations: nothing is embedded")
	}
	number, _, _ := strings.Cut(path.Base(names[len(names)-1]), "_")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		panic("migrations: a step without a number: " + names[len(names)-1])
	}
	return n
}

// ErrNewer means that the database was migrated by a later release than this
// program.
var ErrNewer = errors.New("the database is newer than this program")

// Up brings the database at the URL to the latest version. Several processes
// may do so at once: one works, the others wait. A step that fails leaves the
// database at the one before it. A server that cannot hold the schema is
// refused with an *UnfitError before anything is changed.
func Up(ctx context.Context, url string) (err error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return err
	}
	db := stdlib.OpenDB(*config)
	defer func() { err = errors.Join(err, db.Close()) }()
	done, err := look(ctx, db)
	if err != nil || done {
		return err
	}
	// Asked for every second, for as long as a long step of another process
	// may take.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 3600))
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithSessionLocker(locker), goose.WithSlog(slog.New(slog.DiscardHandler)), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// look reports whether the database is at the latest version already. It is
// refused if it cannot hold the schema, or if it is newer.
func look(ctx context.Context, db *sql.DB) (done bool, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	err = conn.Raw(func(raw any) error {
		pg := raw.(*stdlib.Conn).Conn()
		facts, err := Inspect(ctx, pg)
		if err != nil {
			return err
		}
		if unfit := facts.Unfit(); len(unfit) > 0 {
			return &UnfitError{unfit}
		}
		version, err := Version(ctx, pg)
		if version > Latest() {
			return fmt.Errorf("%w: it is at version %d, the program knows %d", ErrNewer, version, Latest())
		}
		done = version == Latest()
		return err
	})
	return done, err
}

// Querier is what a connection, a pool and a transaction have in common here.
type Querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// Version is the number of the last step that was done in a database; 0 for
// one that was never migrated.
func Version(ctx context.Context, db Querier) (int64, error) {
	var there bool
	err := db.QueryRow(ctx, `select to_regclass('goose_db_version') is not null`).Scan(&there)
	if err != nil || !there {
		return 0, err
	}
	var n int64
	err = db.QueryRow(ctx, `select coalesce(max(version_id), 0) from goose_db_version where is_applied`).Scan(&n)
	return n, err
}
