package main

import (
	"context"
	"fmt"

	"moked/dispatch/desk"
	"moked/geo"
	"moked/geo/osm"
	"moked/geo/town"
)

// realCity takes a city from an extract and layers.
func (c *demoCmd) realCity(ctx context.Context, t terminal, d *desk.Desk) error {
	n := desk.NewAuthority{Code: c.Authority, Names: geo.Names{"he": c.Name}}
	if err := createAuthority(ctx, t, d, n, c.Boundary, c.layerFlags); err != nil {
		return err
	}
	ground := groundFlags{Authority: c.Authority}
	for _, l := range []struct {
		level geo.Level
		file  string
	}{{geo.District, c.Districts}, {geo.Neighbourhood, c.Neighbourhoods}} {
		if l.file == "" {
			continue
		}
		source := func(r osm.Report) desk.Source { return ground.source("municipal", l.file, r) }
		if err := takeAreas(ctx, t, d, c.actor(), l.level, l.file, c.layerFlags, osm.Fields{}, source); err != nil {
			return err
		}
	}
	return takeOSM(ctx, t, d, c.actor(), c.OSM, func(x *osm.Extract) desk.Source { return ground.source("osm", c.OSM, x.Report) })
}

// madeUpCity draws a city and puts it in force.
func (c *demoCmd) madeUpCity(ctx context.Context, t terminal, d *desk.Desk) error {
	fmt.Fprintf(t.out, "making up a city of %d residents\n", c.Population)
	city := town.New(c.Seed, c.Population)
	from := desk.Source{Name: "town", Summary: map[string]any{"seed": c.Seed, "population": c.Population}}
	_, err := d.CreateAuthority(ctx, c.actor(), desk.NewAuthority{
		Code: c.Authority, Names: city.Names, From: from,
		Boundary: &osm.Area{Code: c.Authority, Name: city.Names["he"], Names: city.Names, Geom: city.Boundary},
	})
	if err != nil {
		return plain(err)
	}
	if _, err := d.ReplaceAreas(ctx, c.actor(), from, geo.District, city.Districts); err != nil {
		return plain(err)
	}
	if _, err := d.ReplaceAreas(ctx, c.actor(), from, geo.Neighbourhood, city.Neighbourhoods); err != nil {
		return plain(err)
	}
	if err := d.ReplaceExtract(ctx, c.actor(), from, &city.Extract); err != nil {
		return plain(err)
	}
	departments, _, err := d.Catalogue(ctx, c.actor())
	if err != nil {
		return plain(err)
	}
	var zones []osm.Zone
	for _, dep := range departments {
		for _, z := range city.Zones[zoneCount(city, crewCount(dep.Code, len(city.Districts)))] {
			zones = append(zones, osm.Zone{Department: dep.Code, Area: z})
		}
	}
	if _, err := d.ReplaceZones(ctx, c.actor(), from, zones); err != nil {
		return plain(err)
	}
	fmt.Fprintf(t.out, "%s has %d districts, %d neighbourhoods, %d streets and %d houses\n", city.Names["he"],
		len(city.Districts), len(city.Neighbourhoods), len(city.Extract.Streets), len(city.Extract.Addresses))
	return nil
}

// zoneCount is the finest of the town's divisions that has a crew for each
// part.
func zoneCount(city *town.Town, crews int) int {
	best := 0
	for n := range city.Zones {
		if n <= max(crews, 3) && n > best {
			best = n
		}
	}
	return best
}
