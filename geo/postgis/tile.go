package postgis

import (
	"context"
	"fmt"
)

// MaxZoom is the deepest zoom that tiles are made for; maps stretch these to
// go deeper.
const MaxZoom = 20

// TileError says which part of a tile's address is wrong.
type TileError struct {
	Field string // layer, z, x or y
	Value string
}

func (e *TileError) Error() string { return fmt.Sprintf("no tile has %s %s", e.Field, e.Value) }

// Each tile is cut with a margin of a sixteenth, so that lines and outlines
// run on across its border. What a pixel can't show is simplified away: half
// a pixel of a 512-pixel tile.
const tileFrame = `
with tile as (
	select ST_TileEnvelope($1, $2, $3) as frame,
	       ST_Transform(ST_TileEnvelope($1, $2, $3, margin => 1.0 / 16), 4326) as cut,
	       40075016.68557849 / (1 << $1) / 1024 as pixel
)`

// The geometries are drawn once: without "materialized" they are drawn to be
// compared with null, and again.
const baseTile = tileFrame + `, drawn as materialized (
	select f.layer, f.class, nullif(f.name, '') as name,
	       nullif(f.names->>'he', f.name) as name_he, f.names->>'en' as name_en, f.names->>'ar' as name_ar, f.names->>'ru' as name_ru,
	       ST_AsMVTGeom(ST_Simplify(ST_Transform(f.geom, 3857), tile.pixel, true), tile.frame, 4096, 256, true) as geom
	from base_feature f, tile
	where f.authority = $4 and f.geom && tile.cut and f.min_zoom <= $1
	  and f.dataset in (select id from dataset where authority = $4 and kind = 'base' and valid_to is null)
), layers as (
	select layer, ST_AsMVT(f, layer, 4096, 'geom') as mvt
	from drawn d cross join lateral (select d.class, d.name, d.name_he, d.name_en, d.name_ar, d.name_ru, d.geom) f
	where d.geom is not null
	group by layer
)
select coalesce(string_agg(mvt, ''::bytea order by layer), ''::bytea) from layers`

// A label is at one point of its polygon, in one tile: polygons that are cut
// by tiles would bear their names many times.
const polygonTile = `, shape as materialized (
	select l.*, ST_AsMVTGeom(ST_Simplify(ST_Transform(l.whole, 3857), tile.pixel, true), tile.frame, 4096, 256, true) as geom
	from listed l, tile
), label as materialized (
	select l.*, ST_AsMVTGeom(ST_Transform(ST_PointOnSurface(l.whole), 3857), tile.frame, 4096, 0, true) as geom
	from listed l, tile
)`

const areasTile = tileFrame + `, listed as (
	select a.level, a.code, a.name, a.names, p.code as parent, a.geom as whole
	from area a left join area p on p.id = a.parent, tile
	where a.authority = $4 and a.valid_to is null and a.geom && tile.cut
)` + polygonTile + `
select coalesce((select ST_AsMVT(s, 'areas', 4096, 'geom') from
	(select level, code, name, names->>'en' as name_en, names->>'ar' as name_ar, names->>'ru' as name_ru, parent, geom
	 from shape where geom is not null) s), '')
|| coalesce((select ST_AsMVT(s, 'area_labels', 4096, 'geom') from
	(select level, code, name, names->>'en' as name_en, names->>'ar' as name_ar, names->>'ru' as name_ru, parent, geom
	 from label where geom is not null) s), '')`

const zonesTile = tileFrame + `, listed as (
	select z.department, z.code, z.name, z.names, z.geom as whole
	from zone z, tile
	where z.authority = $4 and z.valid_to is null and z.geom && tile.cut
)` + polygonTile + `
select coalesce((select ST_AsMVT(s, 'zones', 4096, 'geom') from
	(select department, code, name, names->>'en' as name_en, names->>'ar' as name_ar, names->>'ru' as name_ru, geom
	 from shape where geom is not null) s), '')
|| coalesce((select ST_AsMVT(s, 'zone_labels', 4096, 'geom') from
	(select department, code, name, names->>'en' as name_en, names->>'ar' as name_ar, names->>'ru' as name_ru, geom
	 from label where geom is not null) s), '')`

// Tile makes one Mapbox vector tile (version 2, extent 4096) of an authority's
// ground. The layer "base" holds the layers of osm.Layer; "areas" holds areas
// and area_labels; "zones" holds zones and zone_labels. A tile with nothing in
// it is empty. An address outside of the pyramid is a *TileError.
func Tile(ctx context.Context, q Querier, layer string, z, x, y int, authority string) ([]byte, error) {
	var sql string
	switch layer {
	case "base":
		sql = baseTile
	case "areas":
		sql = areasTile
	case "zones":
		sql = zonesTile
	default:
		return nil, &TileError{"layer", fmt.Sprintf("%q", layer)}
	}
	if z < 0 || z > MaxZoom {
		return nil, &TileError{"z", fmt.Sprint(z)}
	}
	if x < 0 || x >= 1<<z {
		return nil, &TileError{"x", fmt.Sprint(x)}
	}
	if y < 0 || y >= 1<<z {
		return nil, &TileError{"y", fmt.Sprint(y)}
	}
	var tile []byte
	if err := q.QueryRow(ctx, sql, z, x, y, authority).Scan(&tile); err != nil {
		return nil, fmt.Errorf("make tile %s/%d/%d/%d: %w", layer, z, x, y, err)
	}
	return tile, nil
}
