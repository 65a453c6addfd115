package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	deleteTracks = `delete from track where at < $1`
	selectTracks = `
select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'track'::regclass and c.relname ~ '^track_[0-9]{8}$'`
	// Partitions come and go under a lock that fixes wait for: not for long.
	waitLittle = `select set_config('lock_timeout', '3s', true)`
	// One process at a time.
	lockTracks = `select pg_advisory_xact_lock(hashtext('moked tracks'))`
)

// daysAhead is how many days have their partition before they come.
const daysAhead = 4

// KeepTracks makes the tracks' daily partitions of the next days, and removes
// what is older than keep. It is to be called every few hours. What doesn't
// get its lock in time is left for the next call.
func (d *Desk) KeepTracks(ctx context.Context, keep time.Duration) error {
	now := d.now()
	for n := range daysAhead {
		day := now.AddDate(0, 0, n)
		// A day that has rows in the default partition stays there.
		err := d.repartition(ctx, fmt.Sprintf(`create table if not exists track_%s partition of track for values from ('%s 00:00Z') to ('%s 00:00Z')`,
			day.Format("20060102"), day.Format(time.DateOnly), day.AddDate(0, 0, 1).Format(time.DateOnly)))
		if err != nil && !spoiled(err) {
			return fmt.Errorf("desk: partition of %s: %w", day.Format(time.DateOnly), err)
		}
	}
	rows, _ := d.pool.Query(ctx, selectTracks)
	parts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("desk: partitions: %w", err)
	}
	cut := now.Add(-keep)
	for _, p := range parts {
		day, err := time.Parse("20060102", p[len("track_"):])
		if err != nil || day.AddDate(0, 0, 1).After(cut) {
			continue
		}
		if err := d.repartition(ctx, `drop table if exists `+pgx.Identifier{p}.Sanitize()); err != nil {
			return fmt.Errorf("desk: drop %s: %w", p, err)
		}
	}
	if _, err := d.pool.Exec(ctx, deleteTracks, cut); err != nil {
		return fmt.Errorf("desk: old tracks: %w", err)
	}
	return nil
}

// repartition changes the track's partitions, or leaves it when others use
// the table for long.
func (d *Desk) repartition(ctx context.Context, sql string) error {
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		for _, s := range []string{waitLittle, lockTracks, sql} {
			if _, err := tx.Exec(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "55P03" {
		d.log.Warn("the tracks' partitions wait for the next time", "error", err)
		return nil
	}
	return err
}
