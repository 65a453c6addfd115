package main

import (
	"context"
	"errors"
	"fmt"

	"moked/dispatch/desk"
	"moked/dispatch/feed"
)

// withDesk opens the database for the time of one command and hands its desk
// to do.
func withDesk(ctx context.Context, t terminal, f databaseFlags, do func(*desk.Desk) error) (err error) {
	db, err := f.open(ctx, t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close()) }()
	return db.withDesk(ctx, t, do)
}

// withDesk hands a desk to do. Its hub doesn't run: servers on the same
// database find what do changed in the log.
func (db *database) withDesk(ctx context.Context, t terminal, do func(*desk.Desk) error) error {
	hub := feed.NewHub(db.pool, feed.Options{Logger: t.log})
	d, err := desk.Open(ctx, db.pool, hub, desk.Options{Logger: t.log})
	if err != nil {
		return fmt.Errorf("the desk: %w", err)
	}
	defer d.Close()
	return do(d)
}
