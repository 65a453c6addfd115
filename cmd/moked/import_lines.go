package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/geo/osm"
)

type importStreets struct {
	File string `arg:"" help:"A GeoJSON file, or a shapefile or GeoPackage where ogr2ogr is installed."`
	groundFlags
	layerFlags
	NameField   string `aliases:"street-field" placeholder:"FIELD" help:"The field with the street's name (name)."`
	NameEnField string `placeholder:"FIELD" help:"The field with the English name (name_en)."`
	NameArField string `placeholder:"FIELD" help:"The field with the Arabic name (name_ar)."`
	NameRuField string `placeholder:"FIELD" help:"The field with the Russian name (name_ru)."`
	CodeField   string `placeholder:"FIELD" help:"The field with the street's code."`
	ClassField  string `placeholder:"FIELD" help:"The field that says what kind of road it is, in Hebrew, English or OpenStreetMap's words (type)."`
	OnewayField string `placeholder:"FIELD" help:"The field that says whether it is one-way: yes, no, or -1 against the line."`
	SpeedField  string `placeholder:"FIELD" help:"The field with the speed limit in km/h."`
}

func (c *importStreets) Run(ctx context.Context, t terminal) error {
	fields := osm.Fields{
		Name: c.NameField, NameEN: c.NameEnField, NameAR: c.NameArField, NameRU: c.NameRuField,
		Code: c.CodeField, Class: c.ClassField, OneWay: c.OnewayField, Speed: c.SpeedField,
	}
	return c.take(ctx, t, c.File, c.layerFlags, guessStreets(fields), osm.ReadStreets, (*desk.Desk).ReplaceStreets)
}

type importAddresses struct {
	File string `arg:"" help:"A GeoJSON file, or a shapefile or GeoPackage where ogr2ogr is installed."`
	groundFlags
	layerFlags
	StreetField string `placeholder:"FIELD" help:"The field with the street's name (street)."`
	HouseField  string `placeholder:"FIELD" help:"The field with the house number (house)."`
}

func (c *importAddresses) Run(ctx context.Context, t terminal) error {
	fields := osm.Fields{Street: c.StreetField, House: c.HouseField}
	return c.take(ctx, t, c.File, c.layerFlags, guessAddresses(fields), osm.ReadAddresses, (*desk.Desk).ReplaceAddresses)
}

// take reads a layer of streets or addresses and puts it in force.
func (g groundFlags) take(ctx context.Context, t terminal, file string, l layerFlags, guess guesser,
	read func(io.Reader, int, osm.Fields) (*osm.Extract, error),
	replace func(*desk.Desk, context.Context, dispatch.Actor, desk.Source, *osm.Extract) error,
) error {
	return withDesk(ctx, t, g.databaseFlags, func(d *desk.Desk) error {
		var x *osm.Extract
		err := readLayer(ctx, t, file, l, guess, func(r io.Reader, srid int, f osm.Fields) (err error) {
			x, err = read(r, srid, f)
			return err
		})
		if err != nil {
			return err
		}
		if err := replace(d, ctx, g.actor(), g.source("municipal", file, x.Report), x); err != nil {
			return fmt.Errorf("%s: %w", file, plain(err))
		}
		printReport(t.out, filepath.Base(file), x.Report)
		return nil
	})
}
