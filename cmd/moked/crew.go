package main

import (
	"context"
	"fmt"

	"moked/dispatch"
	"moked/dispatch/desk"
)

type crewCmd struct {
	Add crewAdd `cmd:"" help:"Add a crew; its id is printed alone on the last line."`
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
