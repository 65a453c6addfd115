package postgis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Repair is a polygon that was not valid and what was wrong with it, in the
// words of PostGIS ("Self-intersection[34.87 32.32]"). Lost is the area in
// square metres by which mending it changed it.
type Repair struct {
	Code   string  `json:"code"`
	Where  string  `json:"where,omitempty"`
	Reason string  `json:"reason"`
	Lost   float64 `json:"lost_m2"`
}

// PolygonError says that a layer cannot be taken because of one of its rows.
type PolygonError struct {
	Code   string // "repeated-code", "no-area" or "no-parent"
	Where  string // the row in its file
	Area   string // the row's code
	Detail string
}

func (e *PolygonError) Error() string {
	where := e.Where
	if where != "" {
		where += ": "
	}
	return fmt.Sprintf("%s%q: %s", where, e.Area, e.Detail)
}

const createStaged = `
create temporary table if not exists staged_polygon (
	id uuid primary key, code text, name text, names jsonb, parent text, population int,
	source text, geom geometry(Geometry, 4326), reason text, mended geometry(Geometry, 4326)
) on commit drop`

// The structure method takes outer rings and holes as they are meant instead
// of turning overlaps inside out; what collapses to lines or points is
// dropped.
const mendStaged = `
update staged_polygon
set reason = ST_IsValidReason(geom),
    mended = ST_Multi(ST_CollectionExtract(ST_MakeValid(geom, 'method=structure keepcollapsed=false'), 3))
where not ST_IsValid(geom)`

const selectRepairs = `
select code, source as "where", reason,
       abs(ST_Area(mended::geography) - ST_Area(geom::geography)) as lost
from staged_polygon
where reason is not null and not ST_IsEmpty(mended)
order by id`

const selectLost = `
select code, source, coalesce(reason, 'it is empty')
from staged_polygon
where ST_IsEmpty(coalesce(mended, geom)) or ST_Area(coalesce(mended, geom)::geography) < 1
order by id
limit 1`

const emptyStaged = `delete from staged_polygon`

const keepMended = `
update staged_polygon
set geom = mended
where mended is not null`

// stagePolygons puts rows into the transaction's staged_polygon table, mends
// those that are not valid, and says which and why. Codes must differ, and a
// polygon of which less than a square metre is left is an error.
func stagePolygons(ctx context.Context, tx pgx.Tx, polygons []AreaRow) ([]Repair, error) {
	seen := map[string]string{}
	for _, p := range polygons {
		if first, ok := seen[p.Code]; ok {
			return nil, &PolygonError{Code: "repeated-code", Where: p.Where, Area: p.Code, Detail: "the code is that of " + first + " too"}
		}
		seen[p.Code] = p.Where
	}
	if _, err := tx.Exec(ctx, createStaged); err != nil {
		return nil, fmt.Errorf("make the staging table: %w", err)
	}
	if _, err := tx.Exec(ctx, emptyStaged); err != nil {
		return nil, fmt.Errorf("empty the staging table: %w", err)
	}
	ids, err := newIDs(len(polygons))
	if err != nil {
		return nil, err
	}
	columns := []string{"id", "code", "name", "names", "parent", "population", "source", "geom"}
	err = copyRows(ctx, tx, "staged_polygon", columns, len(polygons), func(i int) ([]any, error) {
		p := polygons[i]
		return []any{ids[i], p.Code, p.Name, names(p.Names), p.Parent, p.Population, p.Where, p.Geom}, nil
	})
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, mendStaged); err != nil {
		return nil, fmt.Errorf("mend polygons: %w", err)
	}
	lost := &PolygonError{Code: "no-area"}
	switch err := tx.QueryRow(ctx, selectLost).Scan(&lost.Area, &lost.Where, &lost.Detail); err {
	case nil:
		lost.Detail = "no area is left of it: " + lost.Detail
		return nil, lost
	case pgx.ErrNoRows:
	default:
		return nil, fmt.Errorf("check polygons: %w", err)
	}
	rows, err := tx.Query(ctx, selectRepairs)
	if err != nil {
		return nil, fmt.Errorf("list mended polygons: %w", err)
	}
	repairs, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Repair])
	if err != nil {
		return nil, fmt.Errorf("list mended polygons: %w", err)
	}
	if _, err := tx.Exec(ctx, keepMended); err != nil {
		return nil, fmt.Errorf("keep mended polygons: %w", err)
	}
	return repairs, nil
}
