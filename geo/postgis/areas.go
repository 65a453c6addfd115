package postgis

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/geo"
	"moked/geo/osm"
)

const selectAreas = `
select id, level, code, name, names, parent, population, valid_from, valid_to, geom
from area
where authority = $1 and valid_to is null
order by array_position(array['boundary', 'district', 'neighbourhood'], level), code collate "C"`

// LoadAreas reads the areas in force, from the root of the tree down, each
// level by code.
func LoadAreas(ctx context.Context, q Querier, authority string) ([]geo.Area, error) {
	rows, err := q.Query(ctx, selectAreas, authority)
	if err != nil {
		return nil, fmt.Errorf("load areas: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[geo.Area])
}

const retireAreas = `
update area set valid_to = greatest($3, valid_from)
where authority = $1 and level = $2 and valid_to is null`

const insertArea = `
insert into area (id, dataset, authority, level, code, name, names, population, valid_from, geom)
select id, $1, $2, $3, code, name, names, population, $4, geom
from staged_polygon`

// ReplaceAreas puts the areas of one level in force in place of those before,
// mends their rings, and ties the tree together again: the new areas to the
// level above (by their Parent or, where they name none, by where they lie),
// and the level below to them. It returns the rows that it mended or left out;
// a layer that it can't take is a *PolygonError.
func ReplaceAreas(ctx context.Context, tx pgx.Tx, im Import, level geo.Level, areas []osm.Area) ([]Repair, error) {
	dataset, err := replaceDataset(ctx, tx, im, string(level), true)
	if err != nil {
		return nil, err
	}
	repairs, err := stagePolygons(ctx, tx, areas)
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, retireAreas, im.Authority, level, im.At); err != nil {
		return nil, fmt.Errorf("date the old areas: %w", err)
	}
	if _, err := tx.Exec(ctx, insertArea, dataset, im.Authority, level, im.At); err != nil {
		return nil, fmt.Errorf("write areas: %w", err)
	}
	orphans, err := adopt(ctx, tx, im.Authority, level)
	return append(repairs, orphans...), err
}

const selectZones = `
select id, department, code, name, names, valid_from, valid_to, geom
from zone
where authority = $1 and valid_to is null
order by department collate "C", code collate "C"`

// LoadZones reads the crew zones in force.
func LoadZones(ctx context.Context, q Querier, authority string) ([]geo.Zone, error) {
	rows, err := q.Query(ctx, selectZones, authority)
	if err != nil {
		return nil, fmt.Errorf("load zones: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[geo.Zone])
}

const retireZones = `
update zone set valid_to = greatest($3, valid_from)
where authority = $1 and department = $2 and valid_to is null`

const insertZone = `
insert into zone (id, dataset, authority, department, code, name, names, valid_from, geom)
select id, $1, $2, $3, code, name, names, $4, geom
from staged_polygon`

// ReplaceZones puts one department's layer of crew zones in force in place of
// the one before; the department is the dataset's source. It returns as
// ReplaceAreas.
func ReplaceZones(ctx context.Context, tx pgx.Tx, im Import, department string, zones []osm.Area) ([]Repair, error) {
	im.Source = department
	dataset, err := replaceDataset(ctx, tx, im, "zone", false)
	if err != nil {
		return nil, err
	}
	repairs, err := stagePolygons(ctx, tx, zones)
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, retireZones, im.Authority, department, im.At); err != nil {
		return nil, fmt.Errorf("date the old zones: %w", err)
	}
	if _, err := tx.Exec(ctx, insertZone, dataset, im.Authority, department, im.At); err != nil {
		return nil, fmt.Errorf("write zones: %w", err)
	}
	return repairs, nil
}

// newIDs are in the order of their making.
func newIDs(n int) ([]uuid.UUID, error) {
	ids := make([]uuid.UUID, n)
	for i := range ids {
		id, err := uuid.NewV7()
		if err != nil {
			return nil, err
		}
		ids[i] = id
	}
	return ids, nil
}
