package postgis

import (
	"context"
	"fmt"

	"github.com/paulmach/orb"
)

const selectDistrictOutline = `
select ST_Multi(ST_CollectionExtract(ST_Union(geom), 3))
from area
where authority = $1 and level = 'district' and valid_to is null`

// DistrictOutline is the ground that the districts in force cover together,
// nil without any.
func DistrictOutline(ctx context.Context, q Querier, authority string) (outline orb.MultiPolygon, err error) {
	if err := q.QueryRow(ctx, selectDistrictOutline, authority).Scan(&outline); err != nil {
		return nil, fmt.Errorf("draw the outline of the districts: %w", err)
	}
	return outline, nil
}

// A hundred metres of ground around the outermost streets.
const selectStreetHull = `
select ST_Multi(ST_Buffer(ST_ConvexHull(ST_Collect(s.geom))::geography, 100)::geometry)
from street s join dataset d on d.id = s.dataset
where d.authority = $1 and d.kind = 'street' and d.valid_to is null`

// StreetHull is the ground that the streets in force span, nil without any.
func StreetHull(ctx context.Context, q Querier, authority string) (hull orb.MultiPolygon, err error) {
	if err := q.QueryRow(ctx, selectStreetHull, authority).Scan(&hull); err != nil {
		return nil, fmt.Errorf("draw the hull of the streets: %w", err)
	}
	return hull, nil
}
