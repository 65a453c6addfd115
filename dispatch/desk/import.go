package desk

import (
	"context"
	"maps"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

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
func (d *Desk) ReplaceAreas(ctx context.Context, who dispatch.Actor, from Source, level geo.Level, areas []osm.Area) (Taken, error) {
	if level != geo.Boundary {
		if err := d.checkHere(ctx, who, areaBounds(areas)); err != nil {
			return Taken{}, err
		}
	}
	return d.replacePolygons(ctx, who, from, string(level), func(tx pgx.Tx, im postgis.Import) ([]postgis.Repair, error) {
		repairs, err := postgis.ReplaceAreas(ctx, tx, im, level, areas)
		if err == nil && level == geo.District {
			err = supposeBoundary(ctx, tx, im)
		}
		return repairs, err
	})
}

// ReplaceZones puts crew zones in force, in place of those before of each
// department that has some among them; errors as ReplaceAreas.
func (d *Desk) ReplaceZones(ctx context.Context, who dispatch.Actor, from Source, zones []osm.Zone) (Taken, error) {
	by := map[string][]osm.Area{}
	var all []osm.Area
	for _, z := range zones {
		by[z.Department] = append(by[z.Department], z.Area)
		all = append(all, z.Area)
	}
	if err := d.checkHere(ctx, who, areaBounds(all)); err != nil {
		return Taken{}, err
	}
	return d.replacePolygons(ctx, who, from, "zone", func(tx pgx.Tx, im postgis.Import) (repairs []postgis.Repair, err error) {
		for _, department := range slices.Sorted(maps.Keys(by)) {
			var known bool
			if err := tx.QueryRow(ctx, selectDepartmentExists, im.Authority, department).Scan(&known); err != nil {
				return nil, err
			}
			if !known {
				return nil, invalid("department", KeyUnknownDepartment, map[string]any{"department": department})
			}
			more, err := postgis.ReplaceZones(ctx, tx, im, department, by[department])
			if err != nil {
				return nil, err
			}
			repairs = append(repairs, more...)
		}
		return repairs, nil
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
		if err := postgis.ReplaceBase(ctx, tx, im, x.Base); err != nil {
			return err
		}
		return supposeBoundary(ctx, tx, im)
	})
}

// Sources of a boundary that was not imported: the districts' own outline, and
// the hull of the streets, which is only a guess.
const (
	ofDistricts = "districts"
	supposed    = "supposed"
)

const selectBoundaryGiven = `
select exists (
	select from dataset
	where authority = $1 and kind = 'boundary' and source not in ('districts', 'supposed') and valid_to is null)`

const selectAuthorityNames = `select names from authority where code = $1`

// supposeBoundary gives an authority without a boundary of its own the outline
// of its districts or, without districts, the hull of its streets.
func supposeBoundary(ctx context.Context, tx pgx.Tx, im postgis.Import) error {
	var given bool
	if err := tx.QueryRow(ctx, selectBoundaryGiven, im.Authority).Scan(&given); err != nil || given {
		return err
	}
	im.Source = ofDistricts
	outline, err := postgis.DistrictOutline(ctx, tx, im.Authority)
	if err == nil && outline == nil {
		im.Source = supposed
		outline, err = postgis.StreetHull(ctx, tx, im.Authority)
	}
	if err != nil || outline == nil {
		return err
	}
	boundary := osm.Area{Code: im.Authority, Name: im.Authority, Geom: outline}
	if err := tx.QueryRow(ctx, selectAuthorityNames, im.Authority).Scan(&boundary.Names); err != nil {
		return err
	}
	if he := boundary.Names["he"]; he != "" {
		boundary.Name = he
	}
	_, err = postgis.ReplaceAreas(ctx, tx, im, geo.Boundary, []osm.Area{boundary})
	return err
}

// Boundary is the ground that the authority was given, to clip imports to;
// nil when it has no boundary, or only one that was supposed.
func (d *Desk) Boundary(ctx context.Context, who dispatch.Actor) (orb.MultiPolygon, error) {
	g, err := d.groundFor(ctx, who)
	if err != nil || g.supposed {
		return nil, err
	}
	var boundary orb.MultiPolygon
	for _, a := range g.tree {
		if a.Level == geo.Boundary {
			boundary = append(boundary, a.Geom...)
		}
	}
	return boundary, nil
}

// ReplaceStreets puts a municipal layer's streets in force. Its road graph and
// base map count only where no OpenStreetMap extract is in force, which knows
// one-ways and speeds that such a layer doesn't.
func (d *Desk) ReplaceStreets(ctx context.Context, who dispatch.Actor, from Source, x *osm.Extract) error {
	var bounds []orb.Bound
	for _, st := range x.Streets {
		bounds = append(bounds, st.Geom.Bound())
	}
	if err := d.checkHere(ctx, who, bounds); err != nil {
		return err
	}
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
	var bounds []orb.Bound
	for _, a := range x.Addresses {
		bounds = append(bounds, a.Point.Bound())
	}
	if err := d.checkHere(ctx, who, bounds); err != nil {
		return err
	}
	return d.replace(ctx, who, from, "address", func(tx pgx.Tx, im postgis.Import) error {
		return postgis.ReplaceAddresses(ctx, tx, im, x.Streets, x.Addresses)
	})
}

// checkHere refuses a layer of which nothing lies by the ground that the
// authority was given: another city's, or one in another system.
func (d *Desk) checkHere(ctx context.Context, who dispatch.Actor, bounds []orb.Bound) error {
	boundary, err := d.Boundary(ctx, who)
	if err != nil || boundary == nil || len(bounds) == 0 {
		return err
	}
	here := boundary.Bound()
	km := math.Inf(1)
	for _, b := range bounds {
		if b.IsEmpty() {
			continue
		}
		if b.Intersects(here) {
			return nil
		}
		km = min(km, geo.Metres(b.Center(), here.Center())/1000)
	}
	if math.IsInf(km, 1) {
		return nil
	}
	return invalid("", KeyElsewhere, map[string]any{"km": math.Round(km), "authority": who.Authority})
}

func areaBounds(areas []osm.Area) []orb.Bound {
	var bounds []orb.Bound
	for _, a := range areas {
		if len(a.Geom) > 0 {
			bounds = append(bounds, a.Geom.Bound())
		}
	}
	return bounds
}

// replace is one import: one transaction, which is given up unless the ground
// can be loaded from what it wrote.
func (d *Desk) replace(ctx context.Context, who dispatch.Actor, from Source, kind string, write func(pgx.Tx, postgis.Import) error) error {
	if !who.May(dispatch.GroundImport, dispatch.Scope{}) {
		return &dispatch.Error{Code: dispatch.Forbidden, Key: dispatch.KeyForbidden}
	}
	im := postgis.Import{Authority: who.Authority, Source: from.Name, File: from.File, At: d.now(), Summary: from.Summary}
	return d.changeGround(ctx, who, kind, from.Name, func(tx pgx.Tx) error { return write(tx, im) })
}

// changeGround is one change of the ground: one transaction, which is given up
// unless the ground can be loaded from what it wrote.
func (d *Desk) changeGround(ctx context.Context, who dispatch.Actor, kind, source string, write func(pgx.Tx) error) error {
	var g *ground
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) (err error) {
		if err := write(tx); err != nil {
			return err
		}
		if g, err = loadGround(ctx, tx, who.Authority, nil); err != nil {
			return err
		}
		_, err = feed.Append(ctx, tx, who.Authority, []dispatch.Event{{
			Type: GroundChanged, At: d.now(), By: who.By(), Noun: dispatch.NounGeography,
			Note: map[string]any{"kind": kind, "source": source},
		}})
		return err
	})
	if err != nil {
		return groundError("import "+kind, err)
	}
	d.grounds.put(g)
	d.hub.Wake(who.Authority)
	return nil
}
