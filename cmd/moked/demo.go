package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"moked/cmd/mokedsim/sim"
	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/geo"
)

// demoCmd builds a city, made up or real, and runs it. A city that the
// database has already is run as it is.
type demoCmd struct {
	databaseFlags
	serverFlags
	layerFlags
	OSM            string  `name:"osm" placeholder:"FILE" help:"Take a real city from this OpenStreetMap extract instead of making one up."`
	Boundary       string  `placeholder:"FILE" help:"The real city's boundary; without one the outline of its districts."`
	Districts      string  `placeholder:"FILE" help:"The real city's districts."`
	Neighbourhoods string  `placeholder:"FILE" help:"The real city's neighbourhoods."`
	Authority      string  `placeholder:"CODE" help:"The city's code (demo, or the extract's name)."`
	Name           string  `help:"The real city's name in Hebrew (its code)."`
	Population     int     `default:"250000" help:"Residents of the city that is made up."`
	Seed           uint64  `default:"1" help:"The same seed makes the same city."`
	Password       string  `help:"The password of the people made to sign in; without one, a new one at each start."`
	Past           int     `default:"60000" help:"Reports of the years before, made up for a city that is new."`
	Quiet          bool    `help:"No residents and crews who act by themselves."`
	Pace           float64 `default:"6" help:"How much faster than life they act."`
	Reports        float64 `default:"0" help:"Reports in an average hour of life; 0 for as many as the city's size brings."`
}

func (c *demoCmd) Run(ctx context.Context, t terminal) (err error) {
	if c.OSM == "" && c.Districts+c.Boundary+c.Neighbourhoods != "" {
		return errors.New("districts, neighbourhoods and a boundary go with --osm")
	}
	if c.Authority == "" {
		c.Authority = "demo"
		if c.OSM != "" {
			base, _, _ := strings.Cut(filepath.Base(c.OSM), ".")
			c.Authority = strings.ToLower(base)
		}
	}
	if c.Name == "" {
		c.Name = c.Authority
	}
	if c.Password == "" {
		c.Password = strings.ToLower(rand.Text()[:12])
	}
	listener, err := c.listen(ctx)
	if err != nil {
		return err
	}
	defer listener.Close()
	db, err := c.open(ctx, t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close()) }()
	fresh := false
	if err := db.withDesk(ctx, t, func(d *desk.Desk) error {
		fresh, err = c.prepare(ctx, t, d)
		return err
	}); err != nil {
		return err
	}
	return c.serve(ctx, t, db, listener, func(ctx context.Context, d *desk.Desk, url string) error {
		logins, err := c.people(ctx, d)
		if err != nil {
			return err
		}
		fmt.Fprintf(t.out, "Sign in at %s/console as %s; the password is %s\n", url, strings.Join(logins, ", "), c.Password)
		return c.live(ctx, t, d, url, fresh)
	})
}

func (c *demoCmd) actor() dispatch.Actor {
	return dispatch.Actor{Authority: c.Authority, Role: dispatch.System}
}

// prepare builds the city unless it is there; fresh says that it was not.
func (c *demoCmd) prepare(ctx context.Context, t terminal, d *desk.Desk) (fresh bool, err error) {
	crews := 0
	switch list, err := d.Crews(ctx, c.actor()); {
	case isCode(err, dispatch.NotFound):
		fresh = true
		if c.OSM != "" {
			err = c.realCity(ctx, t, d)
		} else {
			err = c.madeUpCity(ctx, t, d)
		}
		if err != nil {
			return false, err
		}
	case err != nil:
		return false, err
	default:
		crews = len(list)
		fmt.Fprintf(t.out, "%s is there already: running it as it is\n", c.Authority)
	}
	if crews == 0 {
		if err := c.addCrews(ctx, d); err != nil {
			return fresh, plain(err)
		}
	}
	return fresh, plain(c.roster(ctx, d))
}

// live gives a fresh city its past, and lets residents report and crews drive
// until ctx ends.
func (c *demoCmd) live(ctx context.Context, t terminal, d *desk.Desk, url string, fresh bool) error {
	desktop, crews, err := c.tokens(ctx, d)
	if err != nil {
		return plain(err)
	}
	authority, err := d.Authority(ctx, c.actor())
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(authority.TimeZone)
	if err != nil {
		return err
	}
	if fresh && c.Past > 0 {
		if err := c.past(ctx, t, d, url, desktop, zone); err != nil {
			return err
		}
	}
	if c.Quiet {
		return nil
	}
	config := sim.Config{
		URL: url, Token: desktop, CrewTokens: crews, Pace: c.Pace, PerHour: c.Reports,
		Assign: true, Seed: c.Seed, Zone: zone, Log: t.log,
	}
	if config.PerHour == 0 {
		// About as many as Israeli hotlines hear: one call in a year for
		// every resident and a half.
		residents := 0
		areas, err := d.Areas(ctx, c.actor(), geo.District)
		if err != nil {
			return err
		}
		for _, a := range areas {
			if a.Population != nil {
				residents += *a.Population
			}
		}
		config.PerHour = float64(max(residents, 60_000)) / 1.5 / (365 * 24)
	}
	if fresh {
		config.Backlog = 60
	}
	if err := sim.Run(ctx, config); err != nil && ctx.Err() == nil {
		t.log.Error("the city's own life ended", "err", err)
	}
	return nil
}

func isCode(err error, code dispatch.Code) bool {
	var refused *dispatch.Error
	return errors.As(err, &refused) && refused.Code == code
}
