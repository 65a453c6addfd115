package desk

import (
	"context"

	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// The columns of a crew in the order that scanCrew reads them, from crew w and
// its last position p.
const crewColumns = `
w.id, w.version, w.code, w.name, w.kind, w.departments, w.skills, w.district, w.vehicle, w.on_until, w.on_break, w.retired,
st_y(p.geom), st_x(p.geom), p.heading, p.at`

const fromCrew = ` from crew w left join crew_position p on p.crew = w.id `

func scanCrew(row pgx.CollectableRow) (k dispatch.Crew, err error) {
	var heading *float32
	err = row.Scan(&k.ID, &k.Version, &k.Code, &k.Name, &k.Kind, &k.Departments, &k.Skills, &k.District, &k.Vehicle, &k.OnUntil, &k.OnBreak, &k.Retired,
		&k.Lat, &k.Lon, &heading, &k.At)
	if heading != nil {
		h := shortest(*heading)
		k.Heading = &h
	}
	k.OnUntil, k.At = inUTC(k.OnUntil), inUTC(k.At)
	return k, err
}

func crews(ctx context.Context, tx pgx.Tx, sql string, args ...any) ([]dispatch.Crew, error) {
	rows, _ := tx.Query(ctx, sql, args...)
	return pgx.CollectRows(rows, scanCrew)
}
