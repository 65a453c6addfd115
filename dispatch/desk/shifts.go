package desk

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// NewShift is a shift to plan. From and Until are RFC 3339, or without a zone
// ("2026-03-27T07:00") by the clock on the authority's wall; they are kept to
// the minute. State "" is on.
type NewShift struct {
	Crew    uuid.UUID         `json:"crew"`
	State   dispatch.Duty     `json:"state,omitempty"`
	From    string            `json:"from"`
	Until   string            `json:"until"`
	Members []dispatch.Member `json:"members,omitempty"`
	Vehicle string            `json:"vehicle,omitempty"`
	Skills  []string          `json:"skills,omitempty"`
	Note    string            `json:"note,omitempty"`
}

// ShiftChange changes a shift; nil leaves as it is.
type ShiftChange struct {
	BaseVersion int                `json:"base_version"`
	Crew        *uuid.UUID         `json:"crew,omitempty"`
	State       *dispatch.Duty     `json:"state,omitempty"`
	From        *string            `json:"from,omitempty"`
	Until       *string            `json:"until,omitempty"`
	Members     *[]dispatch.Member `json:"members,omitempty"`
	Vehicle     *string            `json:"vehicle,omitempty"`
	Skills      *[]string          `json:"skills,omitempty"`
	Note        *string            `json:"note,omitempty"`
}

const (
	// The roster's changes take the crews that they are of, in the order of
	// their ids; jobs may be assigned meanwhile.
	lockRoster  = `select ` + crewColumns + fromCrew + ` where w.authority = $1 and w.id = any($2::uuid[]) order by w.id for no key update of w`
	insertShift = `
insert into shift (id, authority, version, crew, state, starts_at, ends_at, members, vehicle, skills, note)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	updateShift = `
update shift set version = $2, crew = $3, state = $4, starts_at = $5, ends_at = $6, members = $7, vehicle = $8, skills = $9, note = $10
where id = $1`
	deleteShift  = `delete from shift where id = $1`
	selectShift  = `select ` + shiftColumns + ` from shift s where s.id = $1 and s.authority = $2`
	selectInWay  = `select ` + shiftColumns + ` from shift s where s.crew = $1 and s.id <> $2 and tstzrange(s.starts_at, s.ends_at) && tstzrange($3, $4) order by s.starts_at limit 1`
	selectPeople = `select u.id from unnest($2::uuid[]) as u (id) where not exists (select from app_user a where a.id = u.id and a.authority = $1)`
	selectTurns  = `
select type, at, by from event
where authority = $1 and object = $2 and noun = 'shift' and seq > (select greatest(0, seq - 100000) from feed_head where authority = $1)
	and (body ->> 'version')::int > $3::bigint
order by seq limit 20`
)

// PlanShift puts a crew on the roster. A shift that overlaps another of the
// crew is a Conflict, with the other as Current.
func (d *Desk) PlanShift(ctx context.Context, who dispatch.Actor, n NewShift) (s dispatch.Shift, err error) {
	err = d.write(ctx, who, func(c *change) error {
		id, err := uuid.NewV7()
		if err != nil {
			return err
		}
		s = dispatch.Shift{ID: id, Version: 1, Crew: n.Crew, State: n.State, Members: n.Members, Vehicle: n.Vehicle, Skills: n.Skills, Note: n.Note}
		if s.From, err = c.ground.moment("from", n.From); err != nil {
			return err
		}
		if s.Until, err = c.ground.moment("until", n.Until); err != nil {
			return err
		}
		ks, err := c.lockRoster(ctx, n.Crew)
		if err != nil {
			return err
		}
		k, err := c.rosterOf(ks, n.Crew)
		if err != nil {
			return err
		}
		if err := c.checkShift(ctx, &s, k); err != nil {
			return err
		}
		return c.planShift(ctx, s, k)
	})
	if err != nil {
		return dispatch.Shift{}, err
	}
	return s, nil
}

func (c *change) planShift(ctx context.Context, s dispatch.Shift, k dispatch.Crew) error {
	_, err := c.tx.Exec(ctx, insertShift, s.ID, c.who.Authority, s.Version, s.Crew, s.State, s.From, s.Until, s.Members, s.Vehicle, s.Skills, s.Note)
	if err != nil {
		return err
	}
	c.tellShift("shift.planned", s, k.Scope(), nil, false)
	return nil
}

// ChangeShift changes a shift. A crew that works it goes on until its new end,
// if it was to work until the old one.
func (d *Desk) ChangeShift(ctx context.Context, who dispatch.Actor, id uuid.UUID, in ShiftChange) (after dispatch.Shift, err error) {
	err = d.write(ctx, who, func(c *change) error {
		before, k, ks, err := c.lockShift(ctx, id, in.BaseVersion, in.Crew)
		if err != nil {
			return err
		}
		after = before
		after.Version++
		set(&after.Crew, in.Crew)
		set(&after.State, in.State)
		set(&after.Members, in.Members)
		set(&after.Vehicle, in.Vehicle)
		set(&after.Skills, in.Skills)
		set(&after.Note, in.Note)
		if in.From != nil {
			if after.From, err = c.ground.moment("from", *in.From); err != nil {
				return err
			}
		}
		if in.Until != nil {
			if after.Until, err = c.ground.moment("until", *in.Until); err != nil {
				return err
			}
		}
		to, err := c.rosterOf(ks, after.Crew)
		if err != nil {
			return err
		}
		if err := c.checkShift(ctx, &after, to); err != nil {
			return err
		}
		_, err = c.tx.Exec(ctx, updateShift, id, after.Version, after.Crew, after.State, after.From, after.Until, after.Members, after.Vehicle, after.Skills, after.Note)
		if err != nil {
			return err
		}
		was := k.Scope()
		c.tellShift("shift.changed", after, to.Scope(), &was, false)
		if k.Shift == nil || k.Shift.ID != id {
			return nil
		}
		if k.Shift = &after; after.Crew != k.ID {
			k.Shift = nil
		} else if after.Until.After(c.now) {
			for _, ends := range []**time.Time{&k.OnUntil, &k.StandbyUntil} {
				if *ends != nil && (*ends).Equal(before.Until) {
					*ends = &after.Until
				}
			}
		}
		return c.writeCrew(ctx, "crew.changed", &k, was)
	})
	if err != nil {
		return dispatch.Shift{}, err
	}
	return after, nil
}

// RemoveShift takes a shift off the roster. A crew that works it goes on
// working, without the shift's vehicle and skills.
func (d *Desk) RemoveShift(ctx context.Context, who dispatch.Actor, id uuid.UUID, base int) error {
	return d.write(ctx, who, func(c *change) error {
		s, k, _, err := c.lockShift(ctx, id, base, nil)
		if err != nil {
			return err
		}
		if k.Shift != nil && k.Shift.ID == id {
			k.Shift = nil
			if err := c.writeCrew(ctx, "crew.changed", &k, k.Scope()); err != nil {
				return err
			}
		}
		if _, err := c.tx.Exec(ctx, deleteShift, id); err != nil {
			return err
		}
		was := k.Scope()
		c.tellShift("shift.removed", s, was, &was, true)
		return nil
	})
}

// lockShift takes the crew of a shift, and another that it may go to, and the
// shift as it then stands.
func (c *change) lockShift(ctx context.Context, id uuid.UUID, base int, to *uuid.UUID) (s dispatch.Shift, k dispatch.Crew, ks []dispatch.Crew, err error) {
	for range attempts {
		found, err := shifts(ctx, c.tx, selectShift, id, c.who.Authority)
		if err != nil {
			return s, k, nil, err
		}
		if len(found) == 0 {
			break
		}
		of := []uuid.UUID{found[0].Crew}
		if to != nil {
			of = append(of, *to)
		}
		if ks, err = c.lockRoster(ctx, of...); err != nil {
			return s, k, nil, err
		}
		if found, err = shifts(ctx, c.tx, selectShift, id, c.who.Authority); err != nil {
			return s, k, nil, err
		}
		if len(found) == 0 {
			break
		}
		if s = found[0]; s.Crew != of[0] {
			continue // it went to another crew meanwhile
		}
		if k, err = c.crewOf(ks, s.Crew); err != nil {
			return s, k, nil, notFound(KeyNoShift)
		}
		if !c.who.May(dispatch.CrewManage, k.Scope()) {
			return s, k, nil, forbidden()
		}
		return s, k, ks, c.freshShift(ctx, base, s)
	}
	return s, k, nil, notFound(KeyNoShift)
}

func (c *change) freshShift(ctx context.Context, base int, s dispatch.Shift) error {
	if base == s.Version {
		return nil
	}
	if base <= 0 {
		return invalid("base_version", KeyBaseVersion, nil)
	}
	rows, _ := c.tx.Query(ctx, selectTurns, c.who.Authority, s.ID, base)
	changes, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Change])
	if err != nil {
		return err
	}
	return stale(s.Version, changes, s)
}

func (c *change) lockRoster(ctx context.Context, ids ...uuid.UUID) ([]dispatch.Crew, error) {
	return crews(ctx, c.tx, lockRoster, c.who.Authority, ids)
}

// crewOf finds a crew that the actor sees.
func (c *change) crewOf(ks []dispatch.Crew, id uuid.UUID) (dispatch.Crew, error) {
	for _, k := range ks {
		if k.ID == id && c.who.Sees(dispatch.NounCrew, k.Scope()) {
			return k, nil
		}
	}
	return dispatch.Crew{}, &dispatch.Error{Code: dispatch.NotFound, Key: KeyNoCrew, Field: "crew"}
}

// rosterOf finds a crew whose roster the actor may change.
func (c *change) rosterOf(ks []dispatch.Crew, id uuid.UUID) (dispatch.Crew, error) {
	k, err := c.crewOf(ks, id)
	switch {
	case err != nil:
		return k, err
	case !c.who.May(dispatch.CrewManage, k.Scope()):
		return k, forbidden()
	case k.Retired:
		return k, &dispatch.Error{Code: dispatch.Conflict, Key: dispatch.KeyCrewRetired, Field: "crew", Args: map[string]any{"crew": k.Name}}
	}
	return k, nil
}

// checkShift refuses a shift that can't be, names nobody, or is in the way of
// another.
func (c *change) checkShift(ctx context.Context, s *dispatch.Shift, k dispatch.Crew) error {
	if err := s.Check(); err != nil {
		return err
	}
	var users []uuid.UUID
	for _, m := range s.Members {
		if m.User != nil {
			users = append(users, *m.User)
		}
	}
	if len(users) > 0 {
		rows, _ := c.tx.Query(ctx, selectPeople, c.who.Authority, users)
		unknown, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		if err != nil {
			return err
		}
		for n, m := range s.Members {
			if m.User != nil && len(unknown) > 0 && *m.User == unknown[0] {
				return invalid(fmt.Sprintf("members.%d.user", n), KeyNoUser, nil)
			}
		}
	}
	inWay, err := shifts(ctx, c.tx, selectInWay, s.Crew, s.ID, s.From, s.Until)
	if err != nil {
		return err
	}
	if len(inWay) > 0 {
		return &dispatch.Error{Code: dispatch.Conflict, Key: KeyShiftOverlap, Field: "from", Args: map[string]any{"crew": k.Name}, Current: inWay[0]}
	}
	return nil
}

// shiftNews is a shift with whose it is.
type shiftNews struct {
	dispatch.Shift
	scope dispatch.Scope
	gone  bool
}

func (n shiftNews) Scope() dispatch.Scope { return n.scope }
func (n shiftNews) Live() bool            { return !n.gone }

func (c *change) tellShift(event string, s dispatch.Shift, scope dispatch.Scope, was *dispatch.Scope, gone bool) {
	c.tell(event, dispatch.NounShift, s.ID, uuid.Nil, shiftNews{s, scope, gone}, was, nil)
}

// moment reads a time: with its zone, or by the clock on the wall.
func (g *ground) moment(field, text string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return inYears(field, t.UTC().Truncate(time.Minute))
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, text); err == nil {
			y, m, d := t.Date()
			return inYears(field, g.calendar.Wall(y, m, d, t.Hour(), t.Minute()).UTC())
		}
	}
	return time.Time{}, invalid(field, KeyBadMoment, nil)
}

// inYears keeps a slip of the keyboard out of the roster.
func inYears(field string, t time.Time) (time.Time, error) {
	if t.Year() < 2000 || t.Year() > 2200 {
		return t, invalid(field, KeyBadMoment, nil)
	}
	return t, nil
}
