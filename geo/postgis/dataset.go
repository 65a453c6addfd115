package postgis

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Querier is a pool, a connection or a transaction.
type Querier interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// Import says whose data is replaced, from which source (a short word such as
// "osm" or "municipal") and file, and from which instant on the new data is in
// force. Summary is kept with the dataset, as JSON.
type Import struct {
	Authority string
	Source    string
	File      string
	At        time.Time
	Summary   any
}

// Dataset is one import that is in force.
type Dataset struct {
	ID        int64
	Kind      string
	Source    string
	File      string
	ValidFrom time.Time
}

const selectDatasets = `
select id, kind, source, file, valid_from
from dataset
where authority = $1 and valid_to is null
order by kind, source`

// Datasets lists an authority's imports that are in force.
func Datasets(ctx context.Context, q Querier, authority string) ([]Dataset, error) {
	rows, err := q.Query(ctx, selectDatasets, authority)
	if err != nil {
		return nil, fmt.Errorf("list datasets: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Dataset])
}

// Two imports into one authority wait for each other, so that each dates what
// the other left in force.
const lockAuthority = `select pg_advisory_xact_lock(hashtextextended('moked import ' || $1, 0))`

// A version that never was in force for any time, because the next one came
// at the same instant or with an earlier clock, ends when it began.
const retireDatasets = `
update dataset set valid_to = greatest($4, valid_from)
where authority = $1 and kind = $2 and ($3 = '' or source = $3) and valid_to is null`

const insertDataset = `
insert into dataset (authority, kind, source, file, summary, valid_from)
values ($1, $2, $3, $4, coalesce($5, '{}'::jsonb), $6)
returning id`

// replaceDataset dates the datasets of a kind that are in force, those of
// every source when exclusive is set and of this one's otherwise, and makes
// the new one. Rows of the old ones are for the caller to date.
func replaceDataset(ctx context.Context, tx pgx.Tx, im Import, kind string, exclusive bool) (int64, error) {
	if _, err := tx.Exec(ctx, lockAuthority, im.Authority); err != nil {
		return 0, fmt.Errorf("lock the authority's data: %w", err)
	}
	source := im.Source
	if exclusive {
		source = ""
	}
	if _, err := tx.Exec(ctx, retireDatasets, im.Authority, kind, source, im.At); err != nil {
		return 0, fmt.Errorf("date the old %s dataset: %w", kind, err)
	}
	var id int64
	err := tx.QueryRow(ctx, insertDataset, im.Authority, kind, im.Source, im.File, im.Summary, im.At).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("make the %s dataset: %w", kind, err)
	}
	return id, nil
}

// copyRows writes n rows with COPY.
func copyRows(ctx context.Context, tx pgx.Tx, table string, columns []string, n int, row func(i int) ([]any, error)) error {
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromSlice(n, row)); err != nil {
		return fmt.Errorf("write %s rows: %w", table, err)
	}
	return nil
}
