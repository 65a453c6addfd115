package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"moked/dispatch"
	"moked/dispatch/desk"
)

type trackerCmd struct {
	Add    trackerAdd    `cmd:"" help:"Add a crew's phone or box, and print what to type into it."`
	List   trackerList   `cmd:"" help:"List the devices, with what became of their fixes."`
	Revoke trackerRevoke `cmd:"" help:"Shut a device out."`
}

type trackerAdd struct {
	databaseFlags
	Authority string `required:"" placeholder:"CODE" help:"The authority."`
	Crew      string `required:"" placeholder:"ID" help:"The crew that the device goes with: its id or its call sign."`
	Protocol  string `enum:"osmand,owntracks" default:"osmand" help:"osmand (OsmAnd, Traccar Client and most boxes) or owntracks."`
	ID        string `name:"id" help:"What the device calls itself, if that can't be changed. For osmand it is the secret: without one, one that nobody can guess is made."`
	Name      string `help:"What it is called, such as the phone's owner."`
	URL       string `name:"url" default:"https://YOUR-SERVER" placeholder:"URL" help:"Where devices reach this server."`
}

func (c *trackerAdd) Run(ctx context.Context, t terminal) error {
	return withDesk(ctx, t, c.databaseFlags, func(d *desk.Desk) error {
		system := dispatch.Actor{Authority: c.Authority, Role: dispatch.System}
		crew, err := crewOf(ctx, d, system, c.Crew)
		if err != nil {
			return err
		}
		_, secret, err := d.AddTracker(ctx, system, desk.NewTracker{Crew: crew.ID, Protocol: desk.Protocol(c.Protocol), Name: c.Name, ID: c.ID})
		if err != nil {
			return plain(err)
		}
		fmt.Fprintf(t.out, "The device tells where %s (%s) is. Type into it:\n\n", crew.Name, crew.Code)
		w := tabwriter.NewWriter(t.out, 0, 8, 2, ' ', 0)
		if secret.Password != "" {
			fmt.Fprintf(w, "  mode\tHTTP\n  URL\t%s/trackers/owntracks\n  user\t%s\n  password\t%s\n", c.URL, secret.User, secret.Password)
		} else {
			fmt.Fprintf(w, "  server URL\t%s/trackers/osmand\n  device identifier\t%s\n", c.URL, secret.ID)
			fmt.Fprintf(w, "\n  or, for OsmAnd\t%s/trackers/osmand?id=%s&lat={0}&lon={1}&timestamp={2}&hdop={3}&altitude={4}&speed={5}&bearing={6}\n", c.URL, secret.ID)
		}
		if err := w.Flush(); err != nil {
			return err
		}
		fmt.Fprintln(t.out, "\nThis is told once: the database doesn't keep it.")
		return nil
	})
}

// crewOf finds a crew by its id or its call sign.
func crewOf(ctx context.Context, d *desk.Desk, who dispatch.Actor, named string) (dispatch.Crew, error) {
	all, err := d.Crews(ctx, who)
	if err != nil {
		return dispatch.Crew{}, plain(err)
	}
	for _, k := range all {
		if k.ID.String() == named || k.Code == named {
			return k, nil
		}
	}
	return dispatch.Crew{}, fmt.Errorf("--crew: %s has no crew %q", who.Authority, named)
}

type trackerList struct {
	databaseFlags
	Authority string `required:"" placeholder:"CODE" help:"The authority."`
}

func (c *trackerList) Run(ctx context.Context, t terminal) error {
	return withDesk(ctx, t, c.databaseFlags, func(d *desk.Desk) error {
		system := dispatch.Actor{Authority: c.Authority, Role: dispatch.System}
		list, err := d.Trackers(ctx, system)
		if err != nil {
			return plain(err)
		}
		crews, err := d.Crews(ctx, system)
		if err != nil {
			return plain(err)
		}
		code := map[uuid.UUID]string{}
		for _, k := range crews {
			code[k.ID] = k.Code
		}
		w := tabwriter.NewWriter(t.out, 0, 8, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tCREW\tPROTOCOL\tDEVICE\tNAME\tLAST SEEN\tFIXES")
		for _, x := range list {
			seen := "never"
			switch {
			case x.RevokedAt != nil:
				seen = "revoked " + x.RevokedAt.Local().Format(time.DateTime)
			case x.SeenAt != nil:
				seen = x.SeenAt.Local().Format(time.DateTime)
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", x.ID, code[x.Crew], x.Protocol, x.Device, x.Name, seen, told(x.Fixes))
		}
		return w.Flush()
	})
}

// told lists what became of fixes: "12 moved, 1 jump".
func told(fixes map[dispatch.FixVerdict]int64) (s string) {
	for _, v := range dispatch.FixVerdicts() {
		if n := fixes[v]; n > 0 {
			if s != "" {
				s += ", "
			}
			s += fmt.Sprintf("%d %s", n, v)
		}
	}
	return s
}

type trackerRevoke struct {
	databaseFlags
	Authority string    `required:"" placeholder:"CODE" help:"The authority."`
	ID        uuid.UUID `arg:"" help:"The device's id, as moked tracker list prints it."`
}

func (c *trackerRevoke) Run(ctx context.Context, t terminal) error {
	return withDesk(ctx, t, c.databaseFlags, func(d *desk.Desk) error {
		x, err := d.RevokeTracker(ctx, dispatch.Actor{Authority: c.Authority, Role: dispatch.System}, c.ID)
		if err != nil {
			return plain(err)
		}
		fmt.Fprintf(t.out, "%s is shut out\n", x.Device)
		return nil
	})
}
