package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/geo"
	"moked/geo/postgis"
	"moked/geo/roads"
)

// loadGround reads an authority's ground from one transaction's view of the
// database, and builds what is asked of it. Parts whose datasets are those of
// before are taken from there.
func loadGround(ctx context.Context, tx pgx.Tx, authority string, before *ground) (*ground, error) {
	g := &ground{authority: authority, datasets: map[string][]int64{}, sources: []string{}}
	if err := g.loadAuthority(ctx, tx); err != nil {
		return nil, err
	}
	sets, err := postgis.Datasets(ctx, tx, authority)
	if err != nil {
		return nil, err
	}
	for _, s := range sets {
		g.datasets[s.Kind] = append(g.datasets[s.Kind], s.ID)
		g.newest = max(g.newest, s.ID)
		if !slices.Contains(g.sources, s.Source) {
			g.sources = append(g.sources, s.Source)
		}
		if s.Kind == string(geo.Boundary) && s.Source == supposed {
			g.supposed = true
		}
	}
	if err := g.loadCatalogue(ctx, tx); err != nil {
		return nil, err
	}
	if err := g.loadAreas(ctx, tx, before); err != nil {
		return nil, err
	}
	g.tiles = &tiles{made: map[string][]byte{}}
	if g.same(before, "base", "boundary", "district", "neighbourhood", "zone") {
		g.tiles = before.tiles
	}
	if err := g.loadGazetteer(ctx, tx, before); err != nil {
		return nil, err
	}
	if err := g.loadRoads(ctx, tx, before); err != nil {
		return nil, err
	}
	if err := g.loadClosed(ctx, tx); err != nil {
		return nil, err
	}
	territories, err := postgis.LoadTerritories(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, t := range territories {
		if t.Authority != authority {
			g.neighbours = append(g.neighbours, t)
		}
	}
	return g, nil
}

const selectAuthority = `select names, time_zone, calendar from authority where code = $1`

func (g *ground) loadAuthority(ctx context.Context, tx pgx.Tx) error {
	var (
		zone     string
		settings []byte
	)
	err := tx.QueryRow(ctx, selectAuthority, g.authority).Scan(&g.names, &zone, &settings)
	if errors.Is(err, pgx.ErrNoRows) {
		return noAuthority(g.authority)
	}
	if err != nil {
		return fmt.Errorf("load authority: %w", err)
	}
	place, err := time.LoadLocation(zone)
	if err != nil {
		return fmt.Errorf("the time zone of %s: %w", g.authority, err)
	}
	if g.calendar, err = dispatch.ReadCalendar(settings, place); err != nil {
		return fmt.Errorf("the calendar of %s: %w", g.authority, err)
	}
	return nil
}

const selectDepartments = `
select code, names, icon, phone
from department
where authority = $1
order by position, code`

const selectCategories = `
select detail, code, department, domain, names, priority, sensitive, retired, version
from category
where authority = $1
order by position, code`

func (g *ground) loadCatalogue(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, selectDepartments, g.authority)
	if err != nil {
		return fmt.Errorf("load departments: %w", err)
	}
	if g.departments, err = pgx.CollectRows(rows, pgx.RowToStructByName[dispatch.Department]); err != nil {
		return fmt.Errorf("load departments: %w", err)
	}
	rows, err = tx.Query(ctx, selectCategories, g.authority)
	if err != nil {
		return fmt.Errorf("load categories: %w", err)
	}
	// The columns come after detail, and so rule over what it repeats.
	g.categories, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (c dispatch.Category, err error) {
		var over dispatch.Category
		err = row.Scan(&c, &over.Code, &over.Department, &over.Domain, &over.Names, &over.Priority, &over.Sensitive, &over.Retired, &over.Version)
		c.Code, c.Department, c.Domain, c.Names = over.Code, over.Department, over.Domain, over.Names
		c.Priority, c.Sensitive, c.Retired, c.Version = over.Priority, over.Sensitive, over.Retired, over.Version
		c.Field = c.Field.Complete()
		return c, err
	})
	if err != nil {
		return fmt.Errorf("load categories: %w", err)
	}
	g.category = make(map[string]*dispatch.Category, len(g.categories))
	for i := range g.categories {
		g.category[g.categories[i].Code] = &g.categories[i]
	}
	return nil
}

func (g *ground) loadAreas(ctx context.Context, tx pgx.Tx, before *ground) error {
	if g.same(before, "boundary", "district", "neighbourhood", "zone") {
		g.tree, g.zones, g.areas = before.tree, before.zones, before.areas
		return nil
	}
	var err error
	if g.tree, err = postgis.LoadAreas(ctx, tx, g.authority); err != nil {
		return err
	}
	if g.zones, err = postgis.LoadZones(ctx, tx, g.authority); err != nil {
		return err
	}
	g.areas, err = geo.NewAreaIndex(g.newest, g.tree, g.zones)
	return err
}

func (g *ground) loadGazetteer(ctx context.Context, tx pgx.Tx, before *ground) error {
	if g.same(before, "street", "address", "place", "boundary", "district", "neighbourhood") {
		g.gazetteer = before.gazetteer
		return nil
	}
	streets, err := postgis.LoadStreets(ctx, tx, g.authority)
	if err != nil {
		return err
	}
	streets, addresses, err := postgis.LoadAddresses(ctx, tx, g.authority, streets)
	if err != nil {
		return err
	}
	places, err := postgis.LoadPlaces(ctx, tx, g.authority)
	if err != nil {
		return err
	}
	g.gazetteer = geo.NewGazetteer(streets, addresses, places, g.tree)
	return nil
}

func (g *ground) loadRoads(ctx context.Context, tx pgx.Tx, before *ground) error {
	if g.same(before, "road") {
		g.roads, g.roadBound = before.roads, before.roadBound
		return nil
	}
	segments, restrictions, err := postgis.LoadRoads(ctx, tx, g.authority)
	if err != nil {
		return err
	}
	g.roadBound = orb.MultiPoint{}.Bound() // empty
	for _, s := range segments {
		g.roadBound = g.roadBound.Union(s.Line.Bound())
	}
	g.roads = roads.New(segments, restrictions)
	return nil
}
