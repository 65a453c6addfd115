package desk

import (
	"context"

	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// The columns of a shift in the order that scanShift reads them, from shift s.
const shiftColumns = `s.id, s.version, s.crew, s.state, s.starts_at, s.ends_at, s.members, s.vehicle, s.skills, s.note`

func scanShift(row pgx.CollectableRow) (s dispatch.Shift, err error) {
	err = row.Scan(&s.ID, &s.Version, &s.Crew, &s.State, &s.From, &s.Until, &s.Members, &s.Vehicle, &s.Skills, &s.Note)
	s.From, s.Until = s.From.UTC(), s.Until.UTC()
	return s, err
}

func shifts(ctx context.Context, tx pgx.Tx, sql string, args ...any) ([]dispatch.Shift, error) {
	rows, _ := tx.Query(ctx, sql, args...)
	return pgx.CollectRows(rows, scanShift)
}
