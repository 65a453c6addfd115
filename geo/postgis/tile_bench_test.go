package postgis_test

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb/maptile"

	"moked/geo/postgis"
	"moked/geo/town"
	"moked/migrations/dbtest"
)

// bareTile is the least that makes a tile of the same features in PostGIS: one
// layer, nothing simplified, two properties.
const bareTile = `
select ST_AsMVT(f, 'base', 4096, 'geom') from (
	select class, name, ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope($1, $2, $3)) as geom
	from base_feature
	where geom && ST_Transform(ST_TileEnvelope($1, $2, $3), 4326) and min_zoom <= $1) f`

// BenchmarkTile makes the tiles over the middle of a city of a quarter of a
// million, beside the bare query.
func BenchmarkTile(b *testing.B) {
	pool := dbtest.New(b)
	ctx := b.Context()
	city := town.New(1, 250_000)
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `insert into authority (code, names) values ('a', '{"he": "עיר"}')`); err != nil {
			return err
		}
		return postgis.ReplaceBase(ctx, tx, postgis.Import{Authority: "a", Source: "town", At: noon}, city.Extract.Base)
	})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := pool.Exec(ctx, "analyze base_feature"); err != nil {
		b.Fatal(err)
	}
	for _, z := range []maptile.Zoom{11, 13, 15, 16} {
		at := maptile.At(city.Boundary.Bound().Center(), z)
		b.Run(fmt.Sprintf("z%d", z), func(b *testing.B) {
			for b.Loop() {
				tile, err := postgis.Tile(ctx, pool, "base", int(z), int(at.X), int(at.Y), "a")
				if err != nil || len(tile) == 0 {
					b.Fatal(len(tile), err)
				}
			}
		})
		b.Run(fmt.Sprintf("z%d/bare", z), func(b *testing.B) {
			for b.Loop() {
				var tile []byte
				if err := pool.QueryRow(ctx, bareTile, z, at.X, at.Y).Scan(&tile); err != nil || len(tile) == 0 {
					b.Fatal(len(tile), err)
				}
			}
		})
	}
}
