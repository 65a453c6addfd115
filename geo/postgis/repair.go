package postgis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"moked/geo/osm"
)

// Fault is a kind of flaw in a layer's row.
type Fault string

// What can be wrong with a row. The last three refuse the layer.
const (
	Invalid       Fault = "invalid"        // its rings cross or touch: mended
	NoArea        Fault = "no-area"        // it covers no ground: left out
	UnknownParent Fault = "unknown-parent" // the parent that it names isn't there: found by place
	RepeatedCode  Fault = "repeated-code"  // two rows have its code
	NoneLeft      Fault = "none-left"      // every row was left out
	NoParents     Fault = "no-parents"     // no row's parent is there: the wrong field
)

// Repair is a row that was mended or left out. Reason is for people: what
// PostGIS says of an invalid polygon ("Self-intersection[34.87 32.32]"), the
// parent that is unknown. ByM2 is by how many square metres mending changed
// its area.
type Repair struct {
	Code   string  `json:"code"`
	Where  string  `json:"where,omitempty"`
	Fault  Fault   `json:"fault"`
	Reason string  `json:"reason"`
	ByM2   float64 `json:"by_m2,omitempty"`
}

// PolygonError says that a layer cannot be taken because of one of its rows.
type PolygonError struct {
	Fault  Fault
	Where  string // the row in its file
	Area   string // the row's code
	Detail string
}

func (e *PolygonError) Error() string {
	where := e.Where
	if where != "" {
		where += ": "
	}
	return fmt.Sprintf("%sarea %q: %s", where, e.Area, e.Detail)
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
select code, source as "where", 'invalid' as fault, reason,
       abs(ST_Area(mended::geography) - ST_Area(geom::geography)) as by_m2
from staged_polygon
where reason is not null and ST_Area(mended::geography) >= 1
order by id`

const dropEmpty = `
delete from staged_polygon
where ST_IsEmpty(coalesce(mended, geom)) or ST_Area(coalesce(mended, geom)::geography) < 1
returning code, source as "where", 'no-area' as fault, coalesce(reason, 'it covers no ground') as reason, 0 as by_m2`

const emptyStaged = `delete from staged_polygon`

const keepMended = `
update staged_polygon
set geom = coalesce(mended, geom)`

// stagePolygons puts rows into the transaction's staged_polygon table, mends
// those that are not valid, leaves out those that cover less than a square
// metre, and says which and why. Codes must differ, and one row must be left.
func stagePolygons(ctx context.Context, tx pgx.Tx, polygons []osm.Area) ([]Repair, error) {
	seen := map[string]string{}
	for _, p := range polygons {
		if first, ok := seen[p.Code]; ok {
			return nil, &PolygonError{Fault: RepeatedCode, Where: p.Where, Area: p.Code, Detail: "the code is that of " + first + " too"}
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
		if p.Geom == nil {
			p.Geom = orb.MultiPolygon{}
		}
		return []any{ids[i], p.Code, p.Name, names(p.Names), p.Parent, p.Population, p.Where, p.Geom}, nil
	})
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, mendStaged); err != nil {
		return nil, fmt.Errorf("mend polygons: %w", err)
	}
	var repairs []Repair
	for _, list := range []string{selectRepairs, dropEmpty} {
		rows, err := tx.Query(ctx, list)
		if err != nil {
			return nil, fmt.Errorf("list mended polygons: %w", err)
		}
		some, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Repair])
		if err != nil {
			return nil, fmt.Errorf("list mended polygons: %w", err)
		}
		repairs = append(repairs, some...)
	}
	tag, err := tx.Exec(ctx, keepMended)
	if err != nil {
		return nil, fmt.Errorf("keep mended polygons: %w", err)
	}
	if tag.RowsAffected() == 0 {
		refused := &PolygonError{Fault: NoneLeft, Detail: "the layer has no polygon"}
		if len(repairs) > 0 {
			r := repairs[0]
			refused.Where, refused.Area, refused.Detail = r.Where, r.Code, "no polygon is left of the layer: "+r.Reason
		}
		return nil, refused
	}
	return repairs, nil
}
