package desk

import (
	"context"
	"errors"
	"fmt"

	"moked/dispatch"
	"moked/geo/postgis"
)

// Tile is one vector tile of the authority's ground; see postgis.Tile. Those
// who ask for the same tile at the same time share one query. A tile that
// can't be is NotFound, with the part of its address that is wrong.
func (d *Desk) Tile(ctx context.Context, who dispatch.Actor, layer string, z, x, y int) ([]byte, error) {
	g, err := d.groundFor(ctx, who)
	if err != nil {
		return nil, err
	}
	key := fmt.Sprintf("%s/%s/%d/%d/%d", g.authority, layer, z, x, y)
	for {
		made := d.grounds.tiles.DoChan(key, func() (any, error) {
			return postgis.Tile(ctx, d.pool, layer, z, x, y, g.authority)
		})
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case r := <-made:
			if errors.Is(r.Err, context.Canceled) && ctx.Err() == nil {
				continue // the one whose query it was went away
			}
			var wrong *postgis.TileError
			if errors.As(r.Err, &wrong) {
				return nil, &dispatch.Error{Code: dispatch.NotFound, Key: KeyNoTile, Field: wrong.Field, Args: map[string]any{"value": wrong.Value}}
			}
			tile, _ := r.Val.([]byte)
			return tile, r.Err
		}
	}
}
