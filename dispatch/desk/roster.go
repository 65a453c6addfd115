package desk

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// Roster is a week of shifts, from Sunday. A shift that reaches into the week
// from the one before is in both.
type Roster struct {
	Days   []RosterDay      `json:"days"`
	Shifts []dispatch.Shift `json:"shifts"`
}

// RosterDay is one date of a roster: from its midnight to the next, which are
// 23 or 25 hours apart when the clock changes.
type RosterDay struct {
	Date  string    `json:"date"`
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
}

// RosterQuery asks for the week of a date ("2026-03-27"), of this day without
// one, and for one crew or all.
type RosterQuery struct {
	Week string
	Crew uuid.UUID
}

const selectRoster = `select ` + shiftColumns + `, w.district, w.departments from shift s join crew w on w.id = s.crew
where s.authority = $1 and s.ends_at > $2 and s.starts_at < $3 and ($4::uuid is null or s.crew = $4)
	and ($5 = '' or w.district in ('', $5)) and ($6 = '' or w.departments = '{}' or $6 = any(w.departments)) and ($7::uuid is null or s.crew = $7)
order by s.starts_at, w.code, s.id`

// Roster lists a week's shifts of the crews that the actor sees.
func (d *Desk) Roster(ctx context.Context, who dispatch.Actor, q RosterQuery) (r Roster, err error) {
	err = d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		week, err := g.week("week", q.Week, d.now())
		if err != nil {
			return err
		}
		r = Roster{Days: rosterDays(g.calendar, week), Shifts: []dispatch.Shift{}}
		f := who.Filter(dispatch.NounShift)
		if f.Nothing {
			return nil
		}
		rows, _ := tx.Query(ctx, selectRoster, f.Authority, week[0], week[7], optional(q.Crew), f.District, f.Department, optional(f.Crew))
		return each(rows, func(row pgx.CollectableRow) error {
			var (
				s     dispatch.Shift
				scope dispatch.Scope
			)
			if err := row.Scan(&s.ID, &s.Version, &s.Crew, &s.State, &s.From, &s.Until, &s.Members, &s.Vehicle, &s.Skills, &s.Note,
				&scope.District, &scope.Departments); err != nil {
				return err
			}
			s.From, s.Until, scope.Crew = s.From.UTC(), s.Until.UTC(), s.Crew
			if f.Has(scope) {
				r.Shifts = append(r.Shifts, s)
			}
			return nil
		})
	})
	return r, err
}

func rosterDays(c dispatch.Calendar, week [8]time.Time) []RosterDay {
	days := make([]RosterDay, 7)
	for n := range days {
		days[n] = RosterDay{Date: week[n].In(c.Zone).Format(time.DateOnly), From: week[n].UTC(), Until: week[n+1].UTC()}
	}
	return days
}

// week is the week of a date, or of now.
func (g *ground) week(field, date string, now time.Time) (week [8]time.Time, err error) {
	day := now.In(g.calendar.Zone)
	if date != "" {
		if day, err = time.Parse(time.DateOnly, date); err != nil || day.Year() < 2000 || day.Year() > 2200 {
			return week, invalid(field, KeyBadDate, nil)
		}
	}
	return g.calendar.WeekOf(day.Date()), nil
}

// WeekCopy copies the shifts that begin in the week of From into the week of
// To, and into the ones after it, Weeks in all (1). Crews narrows it to some.
type WeekCopy struct {
	From  string      `json:"from"`
	To    string      `json:"to"`
	Weeks int         `json:"weeks,omitempty"`
	Crews []uuid.UUID `json:"crews,omitempty"`
}

// WeekCopied says what came of copying: the shifts made, how many were there
// already, and those that were not made because another is in their way.
type WeekCopied struct {
	Made      []dispatch.Shift `json:"made"`
	Already   int              `json:"already"`
	Conflicts []ShiftConflict  `json:"conflicts"`
}

// ShiftConflict is a copy that was not made, and the shift in its way.
type ShiftConflict struct {
	Shift dispatch.Shift `json:"shift"`
	With  dispatch.Shift `json:"with"`
}

const (
	maxWeeks  = 8
	maxCopies = 5000

	selectRostered = `
select distinct s.crew from shift s
where s.authority = $1 and s.starts_at >= $2 and s.starts_at < $3 and ($4::uuid[] is null or s.crew = any($4))`
	selectTurnsOf = `select ` + shiftColumns + ` from shift s
where s.crew = any($1::uuid[]) and s.ends_at > $2 and s.starts_at < $3 order by s.starts_at, s.id`
)

// CopyWeek repeats a week's shifts by the clock on the wall. To copy again is
// to make what isn't there yet: a shift that was copied before, or is planned
// for the same hours, stays as it is.
func (d *Desk) CopyWeek(ctx context.Context, who dispatch.Actor, in WeekCopy) (out WeekCopied, err error) {
	if in.Weeks == 0 {
		in.Weeks = 1
	}
	if in.Weeks < 0 || in.Weeks > maxWeeks {
		return out, invalid("weeks", KeyTooMany, map[string]any{"max": maxWeeks})
	}
	if !who.Holds(dispatch.CrewManage) {
		return out, forbidden()
	}
	err = d.write(ctx, who, func(c *change) error {
		out = WeekCopied{Made: []dispatch.Shift{}, Conflicts: []ShiftConflict{}}
		from, first, err := c.ground.weeks(in, c.now)
		if err != nil {
			return err
		}
		rows, _ := c.tx.Query(ctx, selectRostered, who.Authority, from[0], from[7], in.Crews)
		ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		if err != nil {
			return err
		}
		ks, err := c.lockRoster(ctx, ids...)
		if err != nil {
			return err
		}
		ks = slices.DeleteFunc(ks, func(k dispatch.Crew) bool { return k.Retired || !who.May(dispatch.CrewManage, k.Scope()) })
		copies, err := c.copies(ctx, ks, from, first, in.Weeks, &out)
		if err != nil {
			return err
		}
		for _, s := range copies {
			k, err := c.rosterOf(ks, s.Crew)
			if err != nil {
				return err
			}
			if err := c.planShift(ctx, s, k); err != nil {
				return err
			}
		}
		out.Made = append(out.Made, copies...)
		return nil
	})
	if err != nil {
		return WeekCopied{}, err
	}
	return out, nil
}

// weeks are the week to copy from and the first to copy to.
func (g *ground) weeks(in WeekCopy, now time.Time) (from, to [8]time.Time, err error) {
	for _, w := range []struct {
		field, date string
		week        *[8]time.Time
	}{{"from", in.From, &from}, {"to", in.To, &to}} {
		if w.date == "" {
			return from, to, invalid(w.field, KeyRequired, nil)
		}
		if *w.week, err = g.week(w.field, w.date, now); err != nil {
			return from, to, err
		}
	}
	if from == to {
		return from, to, invalid("to", KeySameWeek, nil)
	}
	return from, to, nil
}

// copies are the shifts to make; it counts in out those that are there already
// and those that something is in the way of.
func (c *change) copies(ctx context.Context, ks []dispatch.Crew, from, first [8]time.Time, weeks int, out *WeekCopied) ([]dispatch.Shift, error) {
	ids := make([]uuid.UUID, len(ks))
	for n, k := range ks {
		ids[n] = k.ID
	}
	days := daysBetween(c.ground.calendar, from[0], first[0])
	all, err := shifts(ctx, c.tx, selectTurnsOf, ids, from[0], from[7])
	if err != nil {
		return nil, err
	}
	there, err := shifts(ctx, c.tx, selectTurnsOf, ids, first[0], first[0].AddDate(0, 0, 7*weeks+8))
	if err != nil {
		return nil, err
	}
	byCrew := map[uuid.UUID][]dispatch.Shift{}
	for _, s := range there {
		byCrew[s.Crew] = append(byCrew[s.Crew], s)
	}
	var made []dispatch.Shift
	for w := range weeks {
		for _, s := range all {
			if s.From.Before(from[0]) {
				continue // it is the week before's
			}
			next := c.ground.calendar.Copied(s, days+7*w)
			of := byCrew[s.Crew]
			at := slices.IndexFunc(of, func(o dispatch.Shift) bool {
				return o.ID == next.ID || o.From.Equal(next.From) && o.Until.Equal(next.Until)
			})
			if at >= 0 {
				out.Already++
				continue
			}
			if at = slices.IndexFunc(of, next.Overlaps); at >= 0 {
				out.Conflicts = append(out.Conflicts, ShiftConflict{next, of[at]})
				continue
			}
			byCrew[s.Crew] = append(of, next)
			made = append(made, next)
		}
	}
	if len(made) > maxCopies {
		return nil, invalid("weeks", KeyTooMany, map[string]any{"max": maxCopies})
	}
	return made, nil
}

// daysBetween counts the days from one midnight to another, whatever the clock
// does in between.
func daysBetween(c dispatch.Calendar, a, b time.Time) int {
	date := func(t time.Time) time.Time {
		y, m, d := t.In(c.Zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(date(b).Sub(date(a)) / (24 * time.Hour))
}
