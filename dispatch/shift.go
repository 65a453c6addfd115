package dispatch

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Shift is a crew's turn of duty, from From until Until. It is a plan: its
// start puts nobody on duty, the crew does. Vehicle and Skills are the shift's
// own, beside those of the crew, while the crew works it. State is what the
// crew is to be then: on, or standby. A crew's shifts never overlap.
type Shift struct {
	ID      uuid.UUID `json:"id"`
	Version int       `json:"version"`
	Crew    uuid.UUID `json:"crew"`
	State   Duty      `json:"state"`
	From    time.Time `json:"from"`
	Until   time.Time `json:"until"`
	Members []Member  `json:"members"`
	Vehicle string    `json:"vehicle,omitempty"`
	Skills  []string  `json:"skills"`
	Note    string    `json:"note,omitempty"`
}

// Member is one of the people of a shift, who may be someone who signs in.
type Member struct {
	Name string     `json:"name"`
	User *uuid.UUID `json:"user,omitempty"`
}

// Bounds of a shift.
const (
	LongestShift = 7 * 24 * time.Hour
	maxMembers   = 20
	maxOwnSkills = 20
	maxShort     = 200 // characters of a name, a vehicle
)

// Overlaps reports whether two shifts share an instant; one that begins when
// the other ends doesn't.
func (s Shift) Overlaps(o Shift) bool { return s.From.Before(o.Until) && o.From.Before(s.Until) }

// Check tidies a shift and refuses one that can't be: Invalid, naming the
// field.
func (s *Shift) Check() error {
	if s.State == "" {
		s.State = DutyOn
	}
	if s.State != DutyOn && s.State != DutyStandby {
		return Bad("state", KeyUnknownDuty)
	}
	if !s.Until.After(s.From) || s.Until.Sub(s.From) > LongestShift {
		return Bad("until", KeyShiftSpan)
	}
	s.Vehicle, s.Note = strings.TrimSpace(s.Vehicle), strings.TrimSpace(s.Note)
	if err := checkText("vehicle", s.Vehicle, maxShort); err != nil {
		return err
	}
	if err := checkText("note", s.Note, MaxReason); err != nil {
		return err
	}
	if len(s.Members) > maxMembers {
		return Bad("members", KeyShiftFull)
	}
	members := make([]Member, 0, len(s.Members))
	for n, m := range s.Members {
		if m.Name = strings.TrimSpace(m.Name); m.Name == "" {
			return Bad(fmt.Sprintf("members.%d.name", n), KeyNameless)
		}
		if err := checkText(fmt.Sprintf("members.%d.name", n), m.Name, maxShort); err != nil {
			return err
		}
		members = append(members, m)
	}
	s.Members = members
	if len(s.Skills) > maxOwnSkills {
		return Bad("skills", KeyShiftFull)
	}
	skills := make([]string, 0, len(s.Skills))
	for n, skill := range s.Skills {
		skill = strings.TrimSpace(skill)
		if err := checkText(fmt.Sprintf("skills.%d", n), skill, 40); err != nil {
			return err
		}
		if skill != "" && !slices.Contains(skills, skill) {
			skills = append(skills, skill)
		}
	}
	s.Skills = skills
	return nil
}

// Wall is the instant that a clock on the wall shows so. An hour that the clock
// skips is taken as much later, and one that it shows twice is the first.
func (c Calendar) Wall(year int, month time.Month, day, hour, minute int) time.Time {
	asked := time.Date(year, month, day, hour, minute, 0, 0, time.UTC)
	_, before := asked.Add(-24 * time.Hour).In(c.zone()).Zone()
	_, after := asked.Add(24 * time.Hour).In(c.zone()).Zone()
	first := asked.Add(-time.Duration(before) * time.Second)
	second := asked.Add(-time.Duration(after) * time.Second)
	if !c.shows(first, asked) && c.shows(second, asked) {
		return second
	}
	return first
}

func (c Calendar) shows(t, wall time.Time) bool {
	_, offset := t.In(c.zone()).Zone()
	return t.Add(time.Duration(offset) * time.Second).Equal(wall)
}

// WeekOf is the seven midnights of the week of a date and the one that ends it.
// A week begins on Sunday.
func (c Calendar) WeekOf(year int, month time.Month, day int) [8]time.Time {
	sunday := day - int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Weekday())
	var w [8]time.Time
	for n := range w {
		w[n] = c.Wall(year, month, sunday+n, 0, 0)
	}
	return w
}

// Copied is a shift so many days later by the clock on the wall, whatever that
// does in between, with an id that a second copy has too. A day whose clock is
// put back or forward makes a night longer or shorter.
func (c Calendar) Copied(s Shift, days int) Shift {
	wall := func(t time.Time) time.Time {
		t = t.In(c.zone())
		y, m, d := t.Date()
		return c.Wall(y, m, d+days, t.Hour(), t.Minute()).UTC()
	}
	after := s
	after.ID = uuid.NewSHA1(s.ID, fmt.Appendf(nil, "%d days later", days))
	after.Version = 1
	after.From, after.Until = wall(s.From), wall(s.Until)
	if !after.Until.After(after.From) {
		after.Until = after.From.Add(s.Until.Sub(s.From))
	}
	return after
}
