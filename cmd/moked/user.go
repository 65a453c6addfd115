package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/google/uuid"

	"moked/dispatch"
	"moked/dispatch/desk"
)

type userCmd struct {
	Add userAdd `cmd:"" help:"Add a person who signs in."`
}

// reachFlags say who somebody is and how far they reach.
type reachFlags struct {
	Authority  string        `required:"" placeholder:"CODE" help:"The authority."`
	Role       dispatch.Role `required:"" help:"dispatcher, operator, crew, department, district, admin or, for tokens, integration."`
	District   string        `placeholder:"CODE" help:"Narrow to this district."`
	Department string        `placeholder:"CODE" help:"Narrow to this department."`
	Crew       string        `placeholder:"ID" help:"The crew, for the role crew."`
}

func (f reachFlags) crew() (*uuid.UUID, error) {
	if f.Crew == "" {
		return nil, nil
	}
	id, err := uuid.Parse(f.Crew)
	if err != nil {
		return nil, fmt.Errorf("--crew: %q is no crew's id: %w", f.Crew, err)
	}
	return &id, nil
}

type userAdd struct {
	databaseFlags
	reachFlags
	Login        string `required:"" help:"What they sign in as."`
	Name         string `required:"" help:"Their name."`
	Lang         string `default:"he" enum:"he,en,ar,ru" help:"The language of their screens."`
	Password     string `help:"Their password; without one, one is made and printed."`
	PasswordFile string `placeholder:"FILE" help:"Read the password from the first line of a file, - for the standard input."`
}

func (c *userAdd) Run(ctx context.Context, t terminal) error {
	crew, err := c.crew()
	if err != nil {
		return err
	}
	password, made := c.Password, false
	switch {
	case c.PasswordFile != "":
		if password, err = firstLine(c.PasswordFile); err != nil {
			return err
		}
	case password == "":
		password, made = rand.Text(), true
	}
	return withDesk(ctx, t, c.databaseFlags, func(d *desk.Desk) error {
		_, err := d.CreateUser(ctx, dispatch.Actor{Authority: c.Authority, Role: dispatch.System}, desk.NewUser{
			Login: c.Login, Name: c.Name, Role: c.Role, District: c.District, Department: c.Department,
			Crew: crew, Lang: c.Lang, Password: password,
		})
		if err != nil {
			return plain(err)
		}
		fmt.Fprintf(t.out, "user %s was added\n", c.Login)
		if made {
			fmt.Fprintf(t.out, "password: %s\n", password)
		}
		return nil
	})
}

func firstLine(file string) (string, error) {
	var r io.Reader = os.Stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", err
		}
		defer f.Close()
		r = f
	}
	line, err := bufio.NewReader(io.LimitReader(r, 4096)).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}

type tokenCmd struct {
	Create tokenCreate `cmd:"" help:"Make a program's token; it is printed alone on the last line, and never again."`
}

type tokenCreate struct {
	databaseFlags
	reachFlags
	Name string `default:"command line" help:"What the token is for."`
}

func (c *tokenCreate) Run(ctx context.Context, t terminal) error {
	crew, err := c.crew()
	if err != nil {
		return err
	}
	return withDesk(ctx, t, c.databaseFlags, func(d *desk.Desk) error {
		secret, _, err := d.CreateToken(ctx, dispatch.Actor{Authority: c.Authority, Role: dispatch.System}, desk.NewToken{
			Name: c.Name, Role: c.Role, District: c.District, Department: c.Department, Crew: crew,
		})
		if err != nil {
			return plain(err)
		}
		fmt.Fprintln(t.out, secret)
		return nil
	})
}
