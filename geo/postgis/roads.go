package postgis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"moked/geo/roads"
)

const selectSegments = `
select s.id, s.a, s.b, s.forward, s.backward, s.name, s.geom as line
from road_segment s join dataset d on d.id = s.dataset
where d.authority = $1 and d.kind = 'road' and d.valid_to is null
order by s.dataset, s.id`

const selectRestrictions = `
select r.from_id as "from", r.via, r.to_id as "to", r.only_to as "only"
from road_restriction r join dataset d on d.id = r.dataset
where d.authority = $1 and d.kind = 'road' and d.valid_to is null
order by r.dataset, r.from_id, r.via, r.to_id`

// LoadRoads reads the one road graph that an authority has in force.
func LoadRoads(ctx context.Context, q Querier, authority string) ([]roads.Segment, []roads.Restriction, error) {
	rows, err := q.Query(ctx, selectSegments, authority)
	if err != nil {
		return nil, nil, fmt.Errorf("load road segments: %w", err)
	}
	segments, err := pgx.CollectRows(rows, pgx.RowToStructByName[roads.Segment])
	if err != nil {
		return nil, nil, fmt.Errorf("load road segments: %w", err)
	}
	rows, err = q.Query(ctx, selectRestrictions, authority)
	if err != nil {
		return nil, nil, fmt.Errorf("load turn restrictions: %w", err)
	}
	restrictions, err := pgx.CollectRows(rows, pgx.RowToStructByName[roads.Restriction])
	if err != nil {
		return nil, nil, fmt.Errorf("load turn restrictions: %w", err)
	}
	return segments, restrictions, nil
}

// ReplaceRoads puts a road graph in force in place of the one before, from
// whatever source that was: two graphs of one city don't meet at junctions.
func ReplaceRoads(ctx context.Context, tx pgx.Tx, im Import, segments []roads.Segment, restrictions []roads.Restriction) error {
	dataset, err := replaceDataset(ctx, tx, im, "road", true)
	if err != nil {
		return err
	}
	columns := []string{"dataset", "id", "a", "b", "forward", "backward", "name", "geom"}
	err = copyRows(ctx, tx, "road_segment", columns, len(segments), func(i int) ([]any, error) {
		s := segments[i]
		return []any{dataset, s.ID, s.A, s.B, s.Forward, s.Backward, s.Name, s.Line}, nil
	})
	if err != nil {
		return err
	}
	columns = []string{"dataset", "from_id", "via", "to_id", "only_to"}
	return copyRows(ctx, tx, "road_restriction", columns, len(restrictions), func(i int) ([]any, error) {
		r := restrictions[i]
		return []any{dataset, r.From, r.Via, r.To, r.Only}, nil
	})
}
