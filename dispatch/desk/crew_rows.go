package desk

import (
	"context"

	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// The columns of a crew in the order that scanCrew reads them, from crew w, its
// last position p and the shift s that it works.
const crewColumns = `
w.id, w.version, w.code, w.name, w.kind, w.departments, w.skills, w.district, w.vehicle,
w.on_until, w.on_break, w.break_until, w.standby_until, w.retired, st_y(p.geom), st_x(p.geom), p.heading, p.at,
case when s.id is not null then json_build_object('id', s.id, 'version', s.version, 'crew', s.crew, 'state', s.state,
	'from', s.starts_at, 'until', s.ends_at, 'members', s.members, 'vehicle', s.vehicle, 'skills', s.skills, 'note', s.note) end`

const fromCrew = ` from crew w left join crew_position p on p.crew = w.id left join shift s on s.id = w.shift `

func scanCrew(row pgx.CollectableRow) (k dispatch.Crew, err error) {
	var heading *float32
	err = row.Scan(&k.ID, &k.Version, &k.Code, &k.Name, &k.Kind, &k.Departments, &k.Skills, &k.District, &k.Vehicle,
		&k.OnUntil, &k.OnBreak, &k.BreakUntil, &k.StandbyUntil, &k.Retired, &k.Lat, &k.Lon, &heading, &k.At, &k.Shift)
	if heading != nil {
		h := shortest(*heading)
		k.Heading = &h
	}
	k.OnUntil, k.At = inUTC(k.OnUntil), inUTC(k.At)
	k.BreakUntil, k.StandbyUntil = inUTC(k.BreakUntil), inUTC(k.StandbyUntil)
	if k.Shift != nil {
		k.Shift.From, k.Shift.Until = k.Shift.From.UTC(), k.Shift.Until.UTC()
	}
	return k.Told(), err
}

func crews(ctx context.Context, tx pgx.Tx, sql string, args ...any) ([]dispatch.Crew, error) {
	rows, _ := tx.Query(ctx, sql, args...)
	return pgx.CollectRows(rows, scanCrew)
}
