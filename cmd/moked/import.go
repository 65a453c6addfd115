package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/geo"
	"moked/geo/osm"
)

type importCmd struct {
	OSM       importOSM       `cmd:"" name:"osm" help:"An OpenStreetMap extract: streets, addresses, places, road graph, base map."`
	Areas     importAreas     `cmd:"" help:"A layer of areas: the boundary, districts or neighbourhoods."`
	Zones     importZones     `cmd:"" help:"A layer of a department's crew zones."`
	Streets   importStreets   `cmd:"" help:"A layer of street lines."`
	Addresses importAddresses `cmd:"" help:"A layer of address points."`
	Reports   importReports   `cmd:"" help:"Reports of the past, of another system: years of them, again and again."`
}

// groundFlags are what every import takes.
type groundFlags struct {
	databaseFlags
	Authority string `required:"" placeholder:"CODE" help:"The authority whose ground it is."`
	Source    string `placeholder:"WORD" help:"Where the data comes from; it replaces what came from there before (osm; municipal for layers)."`
}

// layerFlags are what every municipal layer takes.
type layerFlags struct {
	SRID     int    `name:"srid" placeholder:"2039|4326" help:"The system of the coordinates: 2039 (Israeli TM Grid) or 4326 (WGS84); what the file itself says, else 4326."`
	Layer    string `help:"Which layer of a file with several, such as a GeoPackage."`
	Encoding string `help:"How a shapefile's texts are written, such as CP1255, where it doesn't say so itself."`
}

func (f groundFlags) actor() dispatch.Actor {
	return dispatch.Actor{Authority: f.Authority, Role: dispatch.System}
}

func (f groundFlags) source(other, file string, summary any) desk.Source {
	if f.Source != "" {
		other = f.Source
	}
	return desk.Source{Name: other, File: filepath.Base(file), Summary: summary}
}

type importOSM struct {
	File string `arg:"" help:"A .osm.pbf, .osm, .osm.gz or .osm.bz2 file."`
	groundFlags
}

func (c *importOSM) Run(ctx context.Context, t terminal) error {
	return withDesk(ctx, t, c.databaseFlags, func(d *desk.Desk) error {
		return takeOSM(ctx, t, d, c.actor(), c.File, func(x *osm.Extract) desk.Source { return c.source("osm", c.File, x.Report) })
	})
}

// takeOSM reads an extract, clipped to the authority's boundary where it has
// one, and puts it in force.
func takeOSM(ctx context.Context, t terminal, d *desk.Desk, who dispatch.Actor, file string, source func(*osm.Extract) desk.Source) error {
	clip, err := d.Boundary(ctx, who)
	if err != nil {
		return plain(err)
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	bar := newProgress(t.err, "reading "+filepath.Base(file))
	x, err := osm.Read(ctx, f, osm.Options{Clip: clip, Progress: bar.at})
	bar.done()
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if err := d.ReplaceExtract(ctx, who, source(x), x); err != nil {
		return plain(err)
	}
	printReport(t.out, filepath.Base(file), x.Report)
	return nil
}

type importAreas struct {
	File string `arg:"" help:"A GeoJSON file, or a shapefile or GeoPackage where ogr2ogr is installed."`
	groundFlags
	layerFlags
	Level           geo.Level `required:"" enum:"boundary,district,neighbourhood" help:"boundary, district or neighbourhood."`
	NameField       string    `placeholder:"FIELD" help:"The field with the name (name)."`
	NameEnField     string    `placeholder:"FIELD" help:"The field with the English name (name_en)."`
	NameArField     string    `placeholder:"FIELD" help:"The field with the Arabic name (name_ar)."`
	NameRuField     string    `placeholder:"FIELD" help:"The field with the Russian name (name_ru)."`
	CodeField       string    `placeholder:"FIELD" help:"The field with the code (code); without one the name serves."`
	ParentField     string    `placeholder:"FIELD" help:"The field with the code of the area around it (district); without one it goes where it lies."`
	PopulationField string    `placeholder:"FIELD" help:"The field with the number of residents (population)."`
}

func (c *importAreas) fields() osm.Fields {
	return osm.Fields{
		Name: c.NameField, NameEN: c.NameEnField, NameAR: c.NameArField, NameRU: c.NameRuField,
		Code: c.CodeField, Parent: c.ParentField, Population: c.PopulationField,
	}
}

func (c *importAreas) Run(ctx context.Context, t terminal) error {
	return withDesk(ctx, t, c.databaseFlags, func(d *desk.Desk) error {
		return takeAreas(ctx, t, d, c.actor(), c.Level, c.File, c.layerFlags, c.fields(), func(r osm.Report) desk.Source { return c.source("municipal", c.File, r) })
	})
}

// takeAreas reads a layer of areas and puts it in force.
func takeAreas(ctx context.Context, t terminal, d *desk.Desk, who dispatch.Actor, level geo.Level, file string, l layerFlags, f osm.Fields, source func(osm.Report) desk.Source) error {
	var (
		areas  []osm.Area
		report osm.Report
	)
	err := readLayer(ctx, t, file, l, guessAreas(f, level), func(r io.Reader, srid int, f osm.Fields) (err error) {
		areas, report, err = osm.ReadAreas(r, srid, f)
		return err
	})
	if err != nil {
		return err
	}
	if level == geo.Boundary {
		areas = []osm.Area{oneArea(who.Authority, areas)}
	}
	taken, err := d.ReplaceAreas(ctx, who, source(report), level, areas)
	if err != nil {
		return fmt.Errorf("%s: %w", file, plain(err))
	}
	printReport(t.out, filepath.Base(file), report)
	printTaken(t.out, taken)
	return nil
}

// oneArea joins all that a boundary's layer holds into the authority's one.
func oneArea(authority string, areas []osm.Area) osm.Area {
	one := osm.Area{Code: authority, Name: areas[0].Name, Names: areas[0].Names, Where: areas[0].Where}
	if one.Name == "" {
		one.Name = authority
	}
	for _, a := range areas {
		one.Geom = append(one.Geom, a.Geom...)
	}
	return one
}

type importZones struct {
	File string `arg:"" help:"A GeoJSON file, or a shapefile or GeoPackage where ogr2ogr is installed."`
	groundFlags
	layerFlags
	Department      string `placeholder:"CODE" help:"The department whose zones they are."`
	DepartmentField string `placeholder:"FIELD" help:"The field with the department's code, instead of --department."`
	NameField       string `placeholder:"FIELD" help:"The field with the name (name)."`
	CodeField       string `placeholder:"FIELD" help:"The field with the code (code); without one the name serves."`
}

func (c *importZones) Run(ctx context.Context, t terminal) error {
	if (c.Department == "") == (c.DepartmentField == "") {
		return fmt.Errorf("whose zones are they? give --department or --department-field")
	}
	return withDesk(ctx, t, c.databaseFlags, func(d *desk.Desk) error {
		var (
			zones  []osm.Zone
			report osm.Report
		)
		guess := guessAreas(osm.Fields{Name: c.NameField, Code: c.CodeField, Department: c.DepartmentField}, "")
		err := readLayer(ctx, t, c.File, c.layerFlags, guess, func(r io.Reader, srid int, f osm.Fields) (err error) {
			zones, report, err = osm.ReadZones(r, srid, f)
			return err
		})
		if err != nil {
			return err
		}
		for i := range zones {
			if c.Department != "" {
				zones[i].Department = c.Department
			}
		}
		taken, err := d.ReplaceZones(ctx, c.actor(), c.source("municipal", c.File, report), zones)
		if err != nil {
			return fmt.Errorf("%s: %w", c.File, plain(err))
		}
		printReport(t.out, filepath.Base(c.File), report)
		printTaken(t.out, taken)
		return nil
	})
}
