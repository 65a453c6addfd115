package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"moked/dispatch"
	"moked/geo"
)

// NewCrew is a crew to add, or what a crew is to be. Kind "" is a crew.
type NewCrew struct {
	Code        string            `json:"code"`
	Name        string            `json:"name"`
	Kind        dispatch.CrewKind `json:"kind,omitempty"`
	Departments []string          `json:"departments"`
	Skills      []string          `json:"skills,omitempty"`
	District    string            `json:"district,omitempty"`
	Vehicle     string            `json:"vehicle,omitempty"`
}

// CrewChange changes a crew; nil leaves as it is. A retired crew leaves the
// picture for good.
type CrewChange struct {
	BaseVersion int                `json:"base_version"`
	Name        *string            `json:"name,omitempty"`
	Kind        *dispatch.CrewKind `json:"kind,omitempty"`
	Departments *[]string          `json:"departments,omitempty"`
	Skills      *[]string          `json:"skills,omitempty"`
	District    *string            `json:"district,omitempty"`
	Vehicle     *string            `json:"vehicle,omitempty"`
	Retired     *bool              `json:"retired,omitempty"`
}

const maxSkills = 50

const (
	insertCrew = `
insert into crew (id, authority, version, code, name, kind, departments, skills, district, vehicle)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	updateCrew = `
update crew set version = $2, name = $3, kind = $4, departments = $5, skills = $6, district = $7, vehicle = $8, retired = $9,
	on_until = $10, on_break = $11, break_until = $12, standby_until = $13, shift = $14
where id = $1`
	lockCrew     = `select ` + crewColumns + fromCrew + ` where w.id = $1 and w.authority = $2 for update of w`
	countInHand  = `select count(*) from job where authority = $1 and crew = $2 and state not in ('done', 'cancelled')`
	selectChange = `
select type, at, by from event
where authority = $1 and object = $2 and noun = 'crew' and seq > (select greatest(0, seq - 100000) from feed_head where authority = $1)
	and (body ->> 'version')::int > $3::bigint
order by seq limit 20`
)

// Crews lists the crews that the actor sees, by code.
func (d *Desk) Crews(ctx context.Context, who dispatch.Actor) (list []dispatch.Crew, err error) {
	list = []dispatch.Crew{}
	err = d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		ks, err := crews(ctx, tx, selectCrews, who.Authority)
		for _, k := range ks {
			if who.Sees(dispatch.NounCrew, k.Scope()) {
				list = append(list, k)
			}
		}
		return err
	})
	return list, err
}

// AddCrew adds a crew, off duty.
func (d *Desk) AddCrew(ctx context.Context, who dispatch.Actor, n NewCrew) (k dispatch.Crew, err error) {
	if n.Kind == "" {
		n.Kind = dispatch.StaffCrew
	}
	if n.Skills == nil {
		n.Skills = []string{}
	}
	err = d.write(ctx, who, func(c *change) error {
		id, err := uuid.NewV7()
		if err != nil {
			return err
		}
		k = dispatch.Crew{
			ID: id, Version: 1, Code: n.Code, Name: n.Name, Kind: n.Kind, Departments: n.Departments, Skills: n.Skills,
			District: n.District, Vehicle: n.Vehicle, Duty: dispatch.DutyOff,
		}
		if err := c.ground.checkCrew(k); err != nil {
			return err
		}
		if !who.May(dispatch.CrewManage, k.Scope()) {
			return forbidden()
		}
		_, err = c.tx.Exec(ctx, insertCrew, k.ID, who.Authority, k.Version, k.Code, k.Name, k.Kind, k.Departments, k.Skills, k.District, k.Vehicle)
		if taken(err, "crew_authority_code_key") {
			return &dispatch.Error{Code: dispatch.Conflict, Key: KeyCodeTaken, Field: "code", Args: map[string]any{"code": k.Code}}
		}
		if err != nil {
			return err
		}
		c.tellCrew("crew.added", k, nil, nil)
		return nil
	})
	if err != nil {
		return dispatch.Crew{}, err
	}
	return k, nil
}

// ChangeCrew changes what a crew is. A crew with jobs in hand is not retired.
func (d *Desk) ChangeCrew(ctx context.Context, who dispatch.Actor, id uuid.UUID, in CrewChange) (dispatch.Crew, error) {
	return d.changeCrew(ctx, who, id, in.BaseVersion, dispatch.CrewManage, func(c *change, k *dispatch.Crew) (string, error) {
		set(&k.Name, in.Name)
		set(&k.Kind, in.Kind)
		set(&k.Departments, in.Departments)
		set(&k.Skills, in.Skills)
		set(&k.District, in.District)
		set(&k.Vehicle, in.Vehicle)
		set(&k.Retired, in.Retired)
		if err := c.ground.checkCrew(*k); err != nil {
			return "", err
		}
		if !who.May(dispatch.CrewManage, k.Scope()) {
			return "", forbidden()
		}
		if k.Retired {
			var (
				inHand int
				err    error
			)
			if err = c.tx.QueryRow(ctx, countInHand, who.Authority, k.ID).Scan(&inHand); err != nil {
				return "", err
			}
			if inHand > 0 {
				return "", &dispatch.Error{Code: dispatch.Conflict, Key: KeyCrewHasJobs, Field: "retired", Args: map[string]any{"jobs": inHand}, Current: *k}
			}
			if *k, _, err = k.Go(dispatch.DutyOff, nil, nil, c.now); err != nil {
				return "", err
			}
		}
		return "crew.changed", nil
	})
}

func (d *Desk) changeCrew(ctx context.Context, who dispatch.Actor, id uuid.UUID, base int, p dispatch.Permission, f func(*change, *dispatch.Crew) (event string, err error)) (k dispatch.Crew, err error) {
	err = d.write(ctx, who, func(c *change) error {
		k, err = c.changeCrew(ctx, id, base, p, f)
		return err
	})
	if err != nil {
		return dispatch.Crew{}, err
	}
	return k, nil
}

// changeCrew takes a crew that the actor may do p with, has f change it, writes
// it one version on and tells the event that f named.
func (c *change) changeCrew(ctx context.Context, id uuid.UUID, base int, p dispatch.Permission, f func(*change, *dispatch.Crew) (event string, err error)) (k dispatch.Crew, err error) {
	// Before intake, which assigns crews without locking each.
	if _, err := c.tx.Exec(ctx, lockIntake, c.who.Authority); err != nil {
		return k, err
	}
	ks, err := crews(ctx, c.tx, lockCrew, id, c.who.Authority)
	if err != nil {
		return k, err
	}
	if len(ks) == 0 || !c.who.Sees(dispatch.NounCrew, ks[0].Scope()) {
		return k, notFound(KeyNoCrew)
	}
	k = ks[0]
	was := k.Scope()
	if !c.who.May(p, was) {
		return k, forbidden()
	}
	if base != 0 || p != dispatch.CrewDuty {
		if err := c.freshCrew(ctx, base, k); err != nil {
			return k, err
		}
	}
	event, err := f(c, &k)
	if err != nil {
		return k, err
	}
	return k, c.writeCrew(ctx, event, &k, was)
}

// writeCrew writes a crew that is locked, one version on, and tells of it.
func (c *change) writeCrew(ctx context.Context, event string, k *dispatch.Crew, was dispatch.Scope) error {
	k.Version++
	var shift *uuid.UUID
	if k.Shift != nil {
		shift = &k.Shift.ID
	}
	_, err := c.tx.Exec(ctx, updateCrew, k.ID, k.Version, k.Name, k.Kind, k.Departments, k.Skills, k.District, k.Vehicle, k.Retired,
		k.OnUntil, k.OnBreak, k.BreakUntil, k.StandbyUntil, shift)
	if err != nil {
		return err
	}
	c.tellCrew(event, *k, &was, nil)
	return nil
}

func (c *change) freshCrew(ctx context.Context, base int, k dispatch.Crew) error {
	if base == k.Version {
		return nil
	}
	if base <= 0 {
		return invalid("base_version", KeyBaseVersion, nil)
	}
	rows, _ := c.tx.Query(ctx, selectChange, c.who.Authority, k.ID, base)
	changes, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Change])
	if err != nil {
		return err
	}
	return stale(k.Version, changes, k)
}

func (g *ground) checkCrew(k dispatch.Crew) error {
	for _, t := range []struct {
		field, text string
		max         int
		needed      bool
	}{{"code", k.Code, 40, true}, {"name", k.Name, maxName, true}, {"vehicle", k.Vehicle, maxName, false}, {"district", k.District, maxName, false}} {
		if t.needed && t.text == "" {
			return invalid(t.field, KeyRequired, nil)
		}
		if err := checkText(t.field, t.text, t.max); err != nil {
			return err
		}
	}
	if !slices.Contains(dispatch.CrewKinds(), k.Kind) {
		return invalid("kind", KeyUnknownKind, map[string]any{"kind": string(k.Kind)})
	}
	if len(k.Departments) == 0 {
		return invalid("departments", KeyRequired, nil)
	}
	for _, code := range k.Departments {
		if !g.hasDepartment(code) {
			return invalid("departments", KeyUnknownDepartment, map[string]any{"department": code})
		}
	}
	if len(k.Skills) > maxSkills {
		return invalid("skills", KeyTooMany, map[string]any{"max": maxSkills})
	}
	for n, s := range k.Skills {
		if err := checkText(fmt.Sprintf("skills.%d", n), s, 40); err != nil {
			return err
		}
	}
	if k.District != "" && !g.hasDistrict(k.District) {
		return invalid("district", KeyUnknownDistrict, map[string]any{"district": k.District})
	}
	return nil
}

func (g *ground) hasDepartment(code string) bool {
	return slices.ContainsFunc(g.departments, func(d dispatch.Department) bool { return d.Code == code })
}

func (g *ground) hasDistrict(code string) bool {
	return slices.ContainsFunc(g.tree, func(a geo.Area) bool { return a.Level == geo.District && a.Code == code })
}

// set changes a field to what was given, if anything was.
func set[T any](field *T, given *T) {
	if given != nil {
		*field = *given
	}
}

// taken reports whether a row was refused by a unique constraint.
func taken(err error, constraint string) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == uniqueViolation && pg.ConstraintName == constraint
}
