package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"moked/geo/postgis"
	"moked/migrations"
	"moked/migrations/localpg"
)

// databaseFlags say which database a command works on.
type databaseFlags struct {
	Database string `env:"MOKED_DATABASE_URL,MOKED_DATABASE" placeholder:"URL" help:"PostgreSQL with PostGIS to use, as postgres://…; without it a private one runs in --data."`
	Data     string `default:".data" placeholder:"DIR" help:"Folder of the private database, and of the photos; it is made when it isn't there, and kept."`
}

// database is an open, migrated database.
type database struct {
	pool *pgxpool.Pool
	url  string
	data string          // the folder of --data
	box  *localpg.Server // nil with --database
}

// open connects to the database that the flags name, brings its schema up to
// date, and with --data starts its server or attaches to the one that runs.
func (f databaseFlags) open(ctx context.Context, t terminal) (*database, error) {
	db := &database{url: f.Database, data: f.Data}
	if f.Database == "" {
		box, err := localpg.Start(ctx, localpg.Options{Dir: f.Data, Log: t.log})
		if err != nil {
			return nil, fmt.Errorf("the private database in %s: %w", f.Data, err)
		}
		db.box, db.url = box, box.URL()
	}
	if err := db.connect(ctx); err != nil {
		return nil, errors.Join(err, db.close())
	}
	return db, nil
}

func (db *database) connect(ctx context.Context) error {
	pool, err := postgis.Connect(ctx, db.url)
	if err != nil {
		return fmt.Errorf("the database: %w", err)
	}
	db.pool = pool
	if err := migrations.Up(ctx, db.url); err != nil {
		return fmt.Errorf("the database's schema: %w", err)
	}
	return nil
}

// close leaves the database; a private server that nobody else uses stops.
func (db *database) close() error {
	if db.pool != nil {
		db.pool.Close()
	}
	if db.box == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return db.box.Stop(ctx)
}
