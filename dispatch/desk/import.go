package desk

import (
	"context"

	"github.com/jackc/pgx/v5"

	"moked/dispatch"
	"moked/dispatch/feed"
	"moked/geo"
	"moked/geo/osm"
	"moked/geo/postgis"
)

// GroundChanged is the type of the event that tells every process and screen
// to load the authority's ground again. Its note has the kind that changed.
const GroundChanged = "geography.changed"

// Source names where a layer comes from: a short word ("osm", "municipal") and
// the file's name. A layer replaces the one of the same source.
type Source struct {
	Name    string
	File    string
	Summary any // kept with the dataset, as JSON
}

// Taken is what an import of polygons did: which it mended, and how the layers
// in force lie on the authority's ground afterwards.
type Taken struct {
	Repairs  []postgis.Repair   `json:"repairs"`
	Coverage []postgis.Coverage `json:"coverage"`
}

// ReplaceAreas puts one level's areas in force in place of those before. An
// area that can't be taken is an Invalid error whose Field names its row.
func (d *Desk) ReplaceAreas(ctx context.Context, who dispatch.Actor, from Source, level geo.Level, areas []postgis.AreaRow) (Taken, error) {
	return d.replacePolygons(ctx, who, from, string(level), func(tx pgx.Tx, im postgis.Import) ([]postgis.Repair, error) {
		return postgis.ReplaceAreas(ctx, tx, im, level, areas)
	})
}

// ReplaceZones puts one department's crew zones in force in place of those
// before; errors as ReplaceAreas.
func (d *Desk) ReplaceZones(ctx context.Context, who dispatch.Actor, from Source, department string, zones []postgis.AreaRow) (Taken, error) {
	return d.replacePolygons(ctx, who, from, "zone", func(tx pgx.Tx, im postgis.Import) ([]postgis.Repair, error) {
		var known bool
		err := tx.QueryRow(ctx, selectDepartmentExists, im.Authority, department).Scan(&known)
		if err == nil && !known {
			err = &dispatch.Error{Code: dispatch.Invalid, Key: KeyUnknownDepartment, Field: "department", Args: map[string]any{"department": department}}
		}
		if err != nil {
			return nil, err
		}
		return postgis.ReplaceZones(ctx, tx, im, department, zones)
	})
}

const selectDepartmentExists = `select exists (select from department where authority = $1 and code = $2)`

func (d *Desk) replacePolygons(ctx context.Context, who dispatch.Actor, from Source, kind string, replace func(pgx.Tx, postgis.Import) ([]postgis.Repair, error)) (taken Taken, err error) {
	err = d.replace(ctx, who, from, kind, func(tx pgx.Tx, im postgis.Import) error {
		if taken.Repairs, err = replace(tx, im); err != nil {
			return err
		}
		taken.Coverage, err = postgis.CheckCoverage(ctx, tx, im.Authority)
		return err
	})
	return taken, err
}

// ReplaceExtract puts all that an OpenStreetMap extract gave in force, in
// place of the source's last one: streets, addresses, places, road graph and
// base map.
func (d *Desk) ReplaceExtract(ctx context.Context, who dispatch.Actor, from Source, x *osm.Extract) error {
	return d.replace(ctx, who, from, "osm", func(tx pgx.Tx, im postgis.Import) error {
		if err := postgis.ReplaceStreets(ctx, tx, im, x.Streets); err != nil {
			return err
		}
		if err := postgis.ReplaceAddresses(ctx, tx, im, x.Streets, x.Addresses); err != nil {
			return err
		}
		if err := postgis.ReplacePlaces(ctx, tx, im, x.Places); err != nil {
			return err
		}
		if err := postgis.ReplaceRoads(ctx, tx, im, x.Segments, x.Restrictions); err != nil {
			return err
		}
		return postgis.ReplaceBase(ctx, tx, im, x.Base)
	})
}

// ReplaceStreets puts a municipal layer's streets in force. Its road graph and
// base map count only where no OpenStreetMap extract is in force, which knows
// one-ways and speeds that such a layer doesn't.
func (d *Desk) ReplaceStreets(ctx context.Context, who dispatch.Actor, from Source, x *osm.Extract) error {
	return d.replace(ctx, who, from, "street", func(tx pgx.Tx, im postgis.Import) error {
		if err := postgis.ReplaceStreets(ctx, tx, im, x.Streets); err != nil {
			return err
		}
		var foreign bool
		if err := tx.QueryRow(ctx, selectOtherRoads, im.Authority, im.Source).Scan(&foreign); err != nil || foreign {
			return err
		}
		if err := postgis.ReplaceRoads(ctx, tx, im, x.Segments, x.Restrictions); err != nil {
			return err
		}
		return postgis.ReplaceBase(ctx, tx, im, x.Base)
	})
}

const selectOtherRoads = `
select exists (
	select from dataset
	where authority = $1 and kind = 'road' and source <> $2 and valid_to is null)`

// ReplaceAddresses puts a municipal layer's houses in force. Each names its
// street in x.Streets.
func (d *Desk) ReplaceAddresses(ctx context.Context, who dispatch.Actor, from Source, x *osm.Extract) error {
	return d.replace(ctx, who, from, "address", func(tx pgx.Tx, im postgis.Import) error {
		return postgis.ReplaceAddresses(ctx, tx, im, x.Streets, x.Addresses)
	})
}

// replace is one import: one transaction, which is given up unless the ground
// can be loaded from what it wrote.
func (d *Desk) replace(ctx context.Context, who dispatch.Actor, from Source, kind string, write func(pgx.Tx, postgis.Import) error) error {
	if !who.May(dispatch.GroundImport, dispatch.Scope{}) {
		return &dispatch.Error{Code: dispatch.Forbidden, Key: dispatch.KeyForbidden}
	}
	now := d.now()
	im := postgis.Import{Authority: who.Authority, Source: from.Name, File: from.File, At: now, Summary: from.Summary}
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if err := write(tx, im); err != nil {
			return err
		}
		if _, err := loadGround(ctx, tx, im.Authority, nil); err != nil {
			return err
		}
		_, err := feed.Append(ctx, tx, im.Authority, []dispatch.Event{{
			Type: GroundChanged, At: now, By: who.By(), Noun: dispatch.NounGeography,
			Note: map[string]any{"kind": kind, "source": from.Name},
		}})
		return err
	})
	if err != nil {
		return groundError("import "+kind, err)
	}
	d.hub.Wake(im.Authority)
	return nil
}
