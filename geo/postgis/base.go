package postgis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"moked/geo/osm"
)

const dropOldBase = `
delete from base_feature f
using dataset d
where d.id = f.dataset and d.authority = $1 and d.kind = 'base' and d.valid_to is not null`

// ReplaceBase puts the features of the base map in force in place of those of
// the same source. The old dataset stays, dated, without its features: nobody
// asks how the map was drawn once, and they would slow every tile.
func ReplaceBase(ctx context.Context, tx pgx.Tx, im Import, features []osm.Feature) error {
	dataset, err := replaceDataset(ctx, tx, im, "base", false)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, dropOldBase, im.Authority); err != nil {
		return fmt.Errorf("drop the old base map: %w", err)
	}
	columns := []string{"dataset", "authority", "layer", "class", "name", "names", "min_zoom", "geom"}
	return copyRows(ctx, tx, "base_feature", columns, len(features), func(i int) ([]any, error) {
		f := features[i]
		return []any{dataset, im.Authority, string(f.Layer), f.Class, f.Name, names(f.Names), f.MinZoom, f.Geom}, nil
	})
}
