package main

import (
	"context"
	"fmt"
	"slices"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/geo"
)

// crewsPerTown is how many crews each department has in a city of 17
// districts; departments that aren't named have two.
var crewsPerTown = map[string]int{
	"sanitation": 9, "electricity": 6, "roads": 6, "gardens": 6, "inspection": 6, "security": 6, "water": 5,
	"sewage": 4, "parking": 4, "pest-control": 3, "veterinary": 3, "engineering": 2, "licensing": 1, "emergency": 2,
}

func crewCount(department string, districts int) int {
	n, ok := crewsPerTown[department]
	if !ok {
		n = 2
	}
	return max(1, (n*districts+8)/17)
}

// addCrews gives each department its crews. Between them a department's crews
// have all the skills that its categories ask for; one in three has them all.
func (c *demoCmd) addCrews(ctx context.Context, d *desk.Desk) error {
	departments, categories, err := d.Catalogue(ctx, c.actor())
	if err != nil {
		return err
	}
	districts, err := d.Areas(ctx, c.actor(), geo.District)
	if err != nil {
		return err
	}
	for _, dep := range departments {
		var skills []string
		for _, cat := range categories {
			if cat.Department != dep.Code {
				continue
			}
			for _, s := range cat.Skills {
				if !slices.Contains(skills, s) {
					skills = append(skills, s)
				}
			}
		}
		n := crewCount(dep.Code, max(len(districts), 1))
		for i := range n {
			crew := desk.NewCrew{
				Code: fmt.Sprintf("%s %d", string([]rune(dep.Names["he"])[:3]), i+1),
				Name: fmt.Sprintf("%s %d", dep.Names["he"], i+1), Departments: []string{dep.Code}, Skills: skills,
			}
			if i%3 != 0 && len(skills) > 2 {
				crew.Skills = slices.Delete(slices.Clone(skills), i%len(skills), i%len(skills)+1)
			}
			if n >= 4 {
				crew.District = districts[i*len(districts)/n].Code
			}
			if _, err := d.AddCrew(ctx, c.actor(), crew); err != nil {
				return fmt.Errorf("crew %s: %w", crew.Name, err)
			}
		}
	}
	return c.addOtherCrews(ctx, d, departments)
}

// people makes sure that there is someone to sign in as in each seat, and sets
// their password. A login that another city of the database has gets the
// city's code before it.
func (c *demoCmd) people(ctx context.Context, d *desk.Desk) ([]string, error) {
	there, err := d.Users(ctx, c.actor())
	if err != nil {
		return nil, plain(err)
	}
	var district string
	if areas, err := d.Areas(ctx, c.actor(), geo.District); err == nil && len(areas) > 0 {
		district = areas[0].Code
	}
	seats := []desk.NewUser{
		{Login: "dispatcher", Name: "מוקדן ראשי", Role: dispatch.Dispatcher},
		{Login: "operator", Name: "מוקדנית", Role: dispatch.Operator},
		{Login: "manager", Name: "מנהלת רובע", Role: dispatch.DistrictManager, District: district},
		{Login: "admin", Name: "מנהל המערכת", Role: dispatch.Admin},
	}
	var logins []string
	for _, seat := range seats {
		if seat.Role == dispatch.DistrictManager && district == "" {
			continue
		}
		own := c.Authority + "-" + seat.Login
		if i := slices.IndexFunc(there, func(u desk.User) bool { return u.Login == seat.Login || u.Login == own }); i >= 0 {
			if _, err := d.ChangeUser(ctx, c.actor(), there[i].ID, desk.UserChange{Password: &c.Password}); err != nil {
				return nil, plain(err)
			}
			logins = append(logins, there[i].Login)
			continue
		}
		seat.Password = c.Password
		u, err := d.CreateUser(ctx, c.actor(), seat)
		if isCode(err, dispatch.Conflict) {
			seat.Login = own
			u, err = d.CreateUser(ctx, c.actor(), seat)
		}
		if err != nil {
			return nil, plain(err)
		}
		logins = append(logins, u.Login)
	}
	return logins, nil
}

// demoToken is the name of the tokens by which the city's own life acts; they
// are made anew at each start.
const demoToken = "moked demo"

// tokens are the dispatcher's and each crew's way in.
func (c *demoCmd) tokens(ctx context.Context, d *desk.Desk) (dispatcher string, crews map[string]string, err error) {
	old, err := d.Tokens(ctx, c.actor())
	if err != nil {
		return "", nil, err
	}
	for _, t := range old {
		if t.Name == demoToken {
			if err := d.RevokeToken(ctx, c.actor(), t.ID); err != nil {
				return "", nil, err
			}
		}
	}
	dispatcher, _, err = d.CreateToken(ctx, c.actor(), desk.NewToken{Name: demoToken, Role: dispatch.Dispatcher})
	if err != nil {
		return "", nil, err
	}
	list, err := d.Crews(ctx, c.actor())
	if err != nil {
		return "", nil, err
	}
	crews = map[string]string{}
	for _, k := range list {
		if k.Retired {
			continue
		}
		secret, _, err := d.CreateToken(ctx, c.actor(), desk.NewToken{Name: demoToken, Role: dispatch.CrewMember, Crew: &k.ID})
		if err != nil {
			return "", nil, err
		}
		crews[k.ID.String()] = secret
	}
	return dispatcher, crews, nil
}
