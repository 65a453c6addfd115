package postgis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"moked/geo"
)

// A flaw smaller than SliverM2 square metres, or narrower on average than
// SliverWidth metres, is a sliver: what is left between borders that were
// drawn twice. Slivers are counted, not listed.
const (
	SliverM2    = 10.0
	SliverWidth = 1.0
)

// Flaw is one patch of ground that a layer doesn't treat as it should. A and B
// are codes: of the two that overlap, of the one that sticks out and what it
// sticks out of, or (A alone) of the one nearest to a gap. Lat and Lon are a
// point in the patch.
type Flaw struct {
	Kind string  `json:"kind"` // gap, overlap, outside
	A    string  `json:"a"`
	B    string  `json:"b,omitempty"`
	M2   float64 `json:"m2"`
	Lat  float64 `json:"lat"`
	Lon  float64 `json:"lon"`
}

// Coverage says how a layer of polygons lies on the ground that it should
// cover. Flaws are the largest first.
type Coverage struct {
	Layer     string  `json:"layer"` // a level, or "zone " and a department
	Polygons  int     `json:"polygons"`
	CoveredM2 float64 `json:"covered_m2"`
	WholeM2   float64 `json:"whole_m2"`
	Flaws     []Flaw  `json:"flaws"`
	Slivers   int     `json:"slivers"`
	SliversM2 float64 `json:"slivers_m2"`
}

// Whole reports whether the layer covers its ground once and no other.
func (c Coverage) Whole() bool { return len(c.Flaws) == 0 }

const areaChildren = `
with child as (
	select c.code, c.geom, p.code as parent, p.geom as within
	from area c left join area p on p.id = c.parent
	where c.authority = $1 and c.level = $2 and c.valid_to is null
), whole as (
	select ST_Union(geom) as geom
	from area
	where authority = $1 and level = $3 and valid_to is null
)`

const zoneChildren = `
with whole as (
	select ST_Union(geom) as geom
	from area
	where authority = $1 and level = $3 and valid_to is null
), child as (
	select z.code, z.geom, $1::text as parent, whole.geom as within
	from zone z cross join whole
	where z.authority = $1 and z.department = $2 and z.valid_to is null
)`

const selectFlaws = `, flaw as (
	select 'gap' as kind, '' as a, '' as b,
	       ST_Difference(whole.geom, (select ST_Union(geom) from child)) as geom
	from whole
	union all
	select 'overlap', x.code, y.code, ST_Intersection(x.geom, y.geom)
	from child x join child y on x.code < y.code and ST_Intersects(x.geom, y.geom) and not ST_Touches(x.geom, y.geom)
	union all
	select 'outside', code, coalesce(parent, ''), ST_Difference(geom, within)
	from child
	where within is not null and not ST_CoveredBy(geom, within)
), patch as (
	select kind, a, b, (ST_Dump(ST_CollectionExtract(geom, 3))).geom
	from flaw
), measured as (
	select *, ST_Area(geom::geography) as m2, ST_Perimeter(geom::geography) as around, ST_PointOnSurface(geom) as at
	from patch
)
select kind, case kind when 'gap' then (select code from child order by child.geom <-> m.at limit 1) else a end,
       b, m2, ST_Y(at), ST_X(at), m2 < $4 or 2 * m2 < $5 * around as sliver
from measured m
where m2 > 0
order by m2 desc, kind, a, b`

const selectCovered = `
select (select count(*) from child),
       coalesce(ST_Area(ST_Intersection(whole.geom, (select ST_Union(geom) from child))::geography), 0),
       coalesce(ST_Area(whole.geom::geography), 0)
from whole`

const (
	areaFlaws   = areaChildren + selectFlaws
	areaCovered = areaChildren + selectCovered
	zoneFlaws   = zoneChildren + selectFlaws
	zoneCovered = zoneChildren + selectCovered
)

const selectZoneDepartments = `
select distinct department
from zone
where authority = $1 and valid_to is null
order by department`

// CheckCoverage measures the layers in force against the ground they should
// cover: districts against the boundary, neighbourhoods against the
// districts, each department's zones against the boundary. A layer without
// polygons, or without anything to cover, is left out.
func CheckCoverage(ctx context.Context, q Querier, authority string) ([]Coverage, error) {
	found := []Coverage{}
	add := func(layer, covered, flaws string, args ...any) error {
		c, err := cover(ctx, q, covered, flaws, args...)
		if err != nil {
			return fmt.Errorf("check the coverage of %s: %w", layer, err)
		}
		if c.Layer = layer; c.Polygons > 0 && c.WholeM2 > 0 {
			found = append(found, c)
		}
		return nil
	}
	for _, level := range []geo.Level{geo.District, geo.Neighbourhood} {
		up, _ := neighbours(level)
		if err := add(string(level), areaCovered, areaFlaws, authority, level, up); err != nil {
			return nil, err
		}
	}
	rows, err := q.Query(ctx, selectZoneDepartments, authority)
	if err != nil {
		return nil, fmt.Errorf("list zone layers: %w", err)
	}
	departments, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("list zone layers: %w", err)
	}
	for _, d := range departments {
		if err := add("zone "+d, zoneCovered, zoneFlaws, authority, d, geo.Boundary); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func cover(ctx context.Context, q Querier, covered, flaws string, args ...any) (Coverage, error) {
	c := Coverage{Flaws: []Flaw{}}
	err := q.QueryRow(ctx, covered, args...).Scan(&c.Polygons, &c.CoveredM2, &c.WholeM2)
	if err != nil {
		return c, err
	}
	rows, err := q.Query(ctx, flaws, append(args, SliverM2, SliverWidth)...)
	if err != nil {
		return c, err
	}
	var (
		f      Flaw
		sliver bool
	)
	_, err = pgx.ForEachRow(rows, []any{&f.Kind, &f.A, &f.B, &f.M2, &f.Lat, &f.Lon, &sliver}, func() error {
		if sliver {
			c.Slivers++
			c.SliversM2 += f.M2
		} else {
			c.Flaws = append(c.Flaws, f)
		}
		return nil
	})
	return c, err
}
