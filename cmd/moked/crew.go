package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"moked/dispatch"
	"moked/dispatch/desk"
)

type crewCmd struct {
	Add  crewAdd  `cmd:"" help:"Add a crew; its id is printed alone on the last line."`
	List crewList `cmd:"" help:"List the crews: call sign, kind, state and until when, departments, name, id."`
}

type crewAdd struct {
	databaseFlags
	Authority  string   `required:"" placeholder:"CODE" help:"The authority that it works for."`
	Code       string   `required:"" help:"Its call sign, unique in the authority."`
	Name       string   `required:"" help:"Its name."`
	Kind       string   `enum:"crew,patrol,volunteer,contractor" default:"crew" help:"crew, patrol, volunteer or contractor."`
	Department []string `required:"" placeholder:"CODE" help:"A department that it works for; may be given again."`
	Skill      []string `placeholder:"SKILL" help:"What it is able to do; may be given again."`
	District   string   `placeholder:"CODE" help:"Its home district; without one the whole authority."`
	Vehicle    string   `help:"What it drives."`
}

func (c *crewAdd) Run(ctx context.Context, t terminal) error {
	return withDesk(ctx, t, c.databaseFlags, func(d *desk.Desk) error {
		crew, err := d.AddCrew(ctx, dispatch.Actor{Authority: c.Authority, Role: dispatch.System}, desk.NewCrew{
			Code: c.Code, Name: c.Name, Kind: dispatch.CrewKind(c.Kind), Departments: c.Department, Skills: c.Skill, District: c.District, Vehicle: c.Vehicle,
		})
		if err != nil {
			return plain(err)
		}
		fmt.Fprintln(t.out, crew.ID)
		return nil
	})
}

type crewList struct {
	databaseFlags
	Authority string `required:"" placeholder:"CODE" help:"The authority that they work for."`
}

func (c *crewList) Run(ctx context.Context, t terminal) error {
	return withDesk(ctx, t, c.databaseFlags, func(d *desk.Desk) error {
		who := dispatch.Actor{Authority: c.Authority, Role: dispatch.System}
		list, err := d.Crews(ctx, who)
		if err != nil {
			return plain(err)
		}
		authority, err := d.Authority(ctx, who)
		if err != nil {
			return plain(err)
		}
		zone, err := time.LoadLocation(authority.TimeZone)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(t.out, 0, 4, 2, ' ', 0)
		now := time.Now()
		for _, k := range list {
			state := string(k.DutyAt(now))
			if ends := k.Ends(now); ends != nil {
				state += " until " + ends.In(zone).Format("Mon 15:04")
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", k.Code, k.Kind, state, strings.Join(k.Departments, ","), k.Name, k.ID)
		}
		return w.Flush()
	})
}
