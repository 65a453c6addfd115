package postgis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"moked/geo"
)

// A code goes before a name, should a layer name its parents either way.
const adoptByCode = `
update area c
set parent = (
	select p.id from area p
	where p.authority = $1 and p.level = $2 and p.valid_to is null and s.parent in (p.code, p.name)
	order by p.code <> s.parent, p.code
	limit 1)
from staged_polygon s
where s.id = c.id and s.parent <> ''`

// Rows whose named parent isn't there.
const selectOrphans = `
select c.code, s.source as "where", 'unknown-parent' as fault, s.parent as reason, 0 as by_m2
from area c join staged_polygon s on s.id = c.id
where s.parent <> '' and c.parent is null
order by c.id`

const countParents = `
select count(*) filter (where parent is not null),
       (select count(*) from area p where p.authority = $1 and p.level = $2 and p.valid_to is null)
from area
where authority = $1 and level = $3 and valid_to is null`

// Children of a version that was replaced go to the area that has its code now.
const followCode = `
update area c
set parent = p.id
from area old, area p
where c.authority = $1 and c.level = $2 and c.valid_to is null
  and old.id = c.parent and old.valid_to is not null
  and p.authority = $1 and p.level = old.level and p.code = old.code and p.valid_to is null`

const adoptByPlace = `
update area c
set parent = (
	select p.id from area p
	where p.authority = $1 and p.level = $3 and p.valid_to is null and ST_Intersects(p.geom, c.geom)
	order by ST_Area(ST_Intersection(p.geom, c.geom)) desc, p.code
	limit 1)
where c.authority = $1 and c.level = $2 and c.valid_to is null
  and not exists (select from area p where p.id = c.parent and p.valid_to is null)`

// adopt ties the areas of a level, which were just staged and written, to the
// level above: by the parent that the layer names, or where it names none, or
// one that isn't there, by the largest overlap. Then it ties the level below
// to them: by code, or else by overlap. A layer none of whose named parents is
// there names them by the wrong field.
func adopt(ctx context.Context, tx pgx.Tx, authority string, level geo.Level) ([]Repair, error) {
	up, down := neighbours(level)
	var orphans []Repair
	if up != "" {
		if _, err := tx.Exec(ctx, adoptByCode, authority, up); err != nil {
			return nil, fmt.Errorf("find parents by code: %w", err)
		}
		rows, err := tx.Query(ctx, selectOrphans)
		if err != nil {
			return nil, fmt.Errorf("check parents: %w", err)
		}
		if orphans, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Repair]); err != nil {
			return nil, fmt.Errorf("check parents: %w", err)
		}
		var tied, there int
		if err := tx.QueryRow(ctx, countParents, authority, up, level).Scan(&tied, &there); err != nil {
			return nil, fmt.Errorf("check parents: %w", err)
		}
		if len(orphans) > 0 && tied == 0 && there > 0 {
			o := orphans[0]
			return nil, &PolygonError{
				Fault: NoParents, Where: o.Where, Area: o.Code,
				Detail: fmt.Sprintf("its parent %q is no %s of %s, nor is any other row's", o.Reason, up, authority),
			}
		}
		if _, err := tx.Exec(ctx, adoptByPlace, authority, level, up); err != nil {
			return nil, fmt.Errorf("find parents by place: %w", err)
		}
	}
	if down != "" {
		if _, err := tx.Exec(ctx, followCode, authority, down); err != nil {
			return nil, fmt.Errorf("move children by code: %w", err)
		}
		if _, err := tx.Exec(ctx, adoptByPlace, authority, down, level); err != nil {
			return nil, fmt.Errorf("move children by place: %w", err)
		}
	}
	return orphans, nil
}

// neighbours are the levels above and below one, or "".
func neighbours(level geo.Level) (up, down geo.Level) {
	levels := geo.Levels()
	for i, l := range levels {
		if l != level {
			continue
		}
		if i > 0 {
			up = levels[i-1]
		}
		if i+1 < len(levels) {
			down = levels[i+1]
		}
	}
	return up, down
}

// Territory is an authority and the ground it answers for.
type Territory struct {
	Authority string
	Names     geo.Names
	Area      geo.Area
}

const selectTerritories = `
select t.code, t.names, a.id, a.level, a.code, a.name, a.names, a.parent, a.population, a.valid_from, a.valid_to, a.geom
from area a join authority t on t.code = a.authority
where a.level = 'boundary' and a.valid_to is null
order by t.code collate "C"`

// LoadTerritories reads every authority's boundary in force, so that a point
// outside of one can be told whose it is.
func LoadTerritories(ctx context.Context, q Querier) ([]Territory, error) {
	rows, err := q.Query(ctx, selectTerritories)
	if err != nil {
		return nil, fmt.Errorf("load territories: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Territory, err error) {
		a := &t.Area
		err = row.Scan(&t.Authority, &t.Names, &a.ID, &a.Level, &a.Code, &a.Name, &a.Names, &a.Parent,
			&a.Population, &a.ValidFrom, &a.ValidTo, &a.Geom)
		return t, err
	})
}
