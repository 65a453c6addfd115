package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"moked/dispatch"
	"moked/dispatch/desk"
)

// The people of the made-up city's shifts.
var (
	firstNames  = []string{"יוסי", "מוחמד", "אבי", "סרגיי", "נטע", "אחמד", "רונית", "דוד", "ולדימיר", "שירה", "איברהים", "משה", "אולגה", "עומר", "יעל"}
	familyNames = []string{"כהן", "לוי", "מזרחי", "ח'טיב", "ביטון", "פרידמן", "אגבאריה", "אזולאי", "גולן", "קוזלוב", "חדד"}
)

// otherCrews are not the authority's own people.
var otherCrews = []desk.NewCrew{
	{Code: "קבלן 1", Name: "קבלן תאורה ורמזורים", Kind: dispatch.ContractorCrew, Departments: []string{"electricity"}, Skills: []string{"electrician", "lift"}, Vehicle: "מנוף סל"},
	{Code: "מתנ 1", Name: "סיירת הורים מתנדבת", Kind: dispatch.VolunteerCrew, Departments: []string{"security"}, Skills: []string{"patrol", "first-aid"}},
	{Code: "סיור 1", Name: "סיור עירוני", Kind: dispatch.PatrolCrew, Departments: []string{"security", "inspection"}, Skills: []string{"patrol", "inspector"}, Vehicle: "ניידת סיור"},
}

// addOtherCrews adds those whose departments the city has.
func (c *demoCmd) addOtherCrews(ctx context.Context, d *desk.Desk, departments []dispatch.Department) error {
	for _, n := range otherCrews {
		n.Departments = slices.DeleteFunc(slices.Clone(n.Departments), func(code string) bool {
			return !slices.ContainsFunc(departments, func(d dispatch.Department) bool { return d.Code == code })
		})
		if len(n.Departments) == 0 {
			continue
		}
		if _, err := d.AddCrew(ctx, c.actor(), n); err != nil {
			return fmt.Errorf("crew %s: %w", n.Name, err)
		}
	}
	return nil
}

// turn is a shift of a pattern, by the clock on the wall. An end that isn't
// after its begin is on the next day.
type turn struct {
	from, until string
	state       dispatch.Duty
	days        string // Sunday first, x where it is worked
}

// patterns are the weeks that crews work: most of them in the morning, some in
// the evening, and a crew of each department at home at night, to be called.
var patterns = map[string][]turn{
	"morning":   {{"07:00", "15:00", dispatch.DutyOn, "xxxxx  "}, {"07:00", "12:00", dispatch.DutyOn, "     x "}},
	"evening":   {{"15:00", "23:00", dispatch.DutyOn, "xxxxxxx"}},
	"night":     {{"23:00", "07:00", dispatch.DutyStandby, "xxxxxxx"}},
	"volunteer": {{"20:00", "00:00", dispatch.DutyOn, " x x x "}},
}

func patternOf(k dispatch.Crew, n, of int) string {
	switch {
	case k.Kind == dispatch.VolunteerCrew:
		return "volunteer"
	case of > 2 && n == of-1:
		return "night"
	case n%3 == 1:
		return "evening"
	}
	return "morning"
}

// roster plans this week of every crew, and the next one as its copy.
func (c *demoCmd) roster(ctx context.Context, d *desk.Desk) error {
	week, err := d.Roster(ctx, c.actor(), desk.RosterQuery{})
	if err != nil || len(week.Shifts) > 0 {
		return err
	}
	crews, err := d.Crews(ctx, c.actor())
	if err != nil {
		return err
	}
	of, seen := map[string]int{}, map[string]int{}
	for _, k := range crews {
		of[k.Departments[0]]++
	}
	for i, k := range crews {
		dep := k.Departments[0]
		n := seen[dep]
		seen[dep]++
		for _, t := range patterns[patternOf(k, n, of[dep])] {
			if err := c.planTurns(ctx, d, week.Days, k.ID, i, t); err != nil {
				return fmt.Errorf("shifts of %s: %w", k.Name, err)
			}
		}
	}
	next := week.Days[6].Until.AddDate(0, 0, 3).Format(time.DateOnly)
	_, err = d.CopyWeek(ctx, c.actor(), desk.WeekCopy{From: week.Days[3].Date, To: next})
	return err
}

func (c *demoCmd) planTurns(ctx context.Context, d *desk.Desk, days []desk.RosterDay, crew uuid.UUID, n int, t turn) error {
	for day, worked := range t.days {
		if worked != 'x' {
			continue
		}
		until := days[day].Date
		if t.until <= t.from {
			date, err := time.Parse(time.DateOnly, until)
			if err != nil {
				return err
			}
			until = date.AddDate(0, 0, 1).Format(time.DateOnly)
		}
		_, err := d.PlanShift(ctx, c.actor(), desk.NewShift{
			Crew: crew, State: t.state, From: days[day].Date + "T" + t.from, Until: until + "T" + t.until,
			Members: []dispatch.Member{person(2 * n), person(2*n + 1)},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func person(n int) dispatch.Member {
	return dispatch.Member{Name: firstNames[n%len(firstNames)] + " " + familyNames[n*7%len(familyNames)]}
}
