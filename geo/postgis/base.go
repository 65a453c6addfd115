package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"

	"moked/geo/osm"
)

// ReplaceBase puts the features of the base map in force in place of those of
// the same source.
func ReplaceBase(ctx context.Context, tx pgx.Tx, im Import, features []osm.Feature) error {
	dataset, err := replaceDataset(ctx, tx, im, "base", false)
	if err != nil {
		return err
	}
	columns := []string{"dataset", "authority", "layer", "class", "name", "names", "min_zoom", "geom"}
	return copyRows(ctx, tx, "base_feature", columns, len(features), func(i int) ([]any, error) {
		f := features[i]
		return []any{dataset, im.Authority, string(f.Layer), f.Class, f.Name, names(f.Names), f.MinZoom, f.Geom}, nil
	})
}
