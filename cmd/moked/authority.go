package main

import (
	"context"
	"fmt"
	"io"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/geo"
	"moked/geo/osm"
)

type authorityCmd struct {
	Create authorityCreate `cmd:"" help:"Make an authority, with the default catalogue of departments and categories."`
}

type authorityCreate struct {
	Code string `arg:"" help:"Its code: small letters, digits and hyphens."`
	databaseFlags
	layerFlags
	Name     string `required:"" help:"Its name in Hebrew."`
	NameEn   string `help:"Its name in English."`
	NameAr   string `help:"Its name in Arabic."`
	NameRu   string `help:"Its name in Russian."`
	TimeZone string `default:"Asia/Jerusalem" help:"The time zone of its clocks and calendar."`
	Boundary string `placeholder:"FILE" help:"A layer with its boundary; without one the streets' hull is taken at the first import."`
}

func (c *authorityCreate) Run(ctx context.Context, t terminal) error {
	n := desk.NewAuthority{Code: c.Code, Names: geo.Names{"he": c.Name}, TimeZone: c.TimeZone}
	for lang, name := range map[string]string{"en": c.NameEn, "ar": c.NameAr, "ru": c.NameRu} {
		if name != "" {
			n.Names[lang] = name
		}
	}
	return withDesk(ctx, t, c.databaseFlags, func(d *desk.Desk) error {
		return createAuthority(ctx, t, d, n, c.Boundary, c.layerFlags)
	})
}

// createAuthority makes an authority with the boundary that a file has; all
// its polygons are taken as one.
func createAuthority(ctx context.Context, t terminal, d *desk.Desk, n desk.NewAuthority, boundary string, l layerFlags) error {
	if boundary != "" {
		err := readLayer(ctx, t, boundary, l, guessNothing, func(r io.Reader, srid int, f osm.Fields) error {
			areas, report, err := osm.ReadAreas(r, srid, f)
			if err != nil {
				return err
			}
			one := oneArea(n.Code, areas)
			one.Name, one.Names = n.Names["he"], n.Names
			n.Boundary = &one
			n.From = groundFlags{}.source("municipal", boundary, report)
			return nil
		})
		if err != nil {
			return err
		}
	}
	taken, err := d.CreateAuthority(ctx, dispatch.Actor{Authority: n.Code, Role: dispatch.System}, n)
	if err != nil {
		return plain(err)
	}
	printTaken(t.out, taken)
	fmt.Fprintf(t.out, "authority %s was made\n", n.Code)
	return nil
}

// guessNothing reads a layer by its geometry alone.
func guessNothing(map[string]bool) osm.Fields { return osm.Fields{} }
