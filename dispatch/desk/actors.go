package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// reach is a role with what narrows it.
type reach struct {
	role       dispatch.Role
	district   string
	department string
	crew       *uuid.UUID
}

var (
	personRoles  = []dispatch.Role{dispatch.Admin, dispatch.Dispatcher, dispatch.Operator, dispatch.DepartmentHead, dispatch.DistrictManager, dispatch.CrewMember}
	programRoles = append(slices.Clone(personRoles), dispatch.Integration)
)

// checkReach refuses a role that isn't one of those, and what narrows it if
// that is missing or unknown.
func (d *Desk) checkReach(ctx context.Context, authority string, r reach, roles []dispatch.Role) error {
	g, err := d.grounds.of(ctx, authority)
	if err != nil {
		return err
	}
	if !slices.Contains(roles, r.role) {
		return invalid("role", KeyUnknownRole, map[string]any{"role": string(r.role)})
	}
	switch {
	case r.role == dispatch.DistrictManager && r.district == "":
		return invalid("district", KeyRequired, nil)
	case r.role == dispatch.DepartmentHead && r.department == "":
		return invalid("department", KeyRequired, nil)
	case r.role == dispatch.CrewMember && r.crew == nil:
		return invalid("crew", KeyRequired, nil)
	case r.role != dispatch.CrewMember && r.crew != nil:
		return invalid("crew", KeyNotAllowed, nil)
	case r.district != "" && !g.hasDistrict(r.district):
		return invalid("district", KeyUnknownDistrict, map[string]any{"district": r.district})
	case r.department != "" && !g.hasDepartment(r.department):
		return invalid("department", KeyUnknownDepartment, map[string]any{"department": r.department})
	}
	if r.crew != nil {
		var there bool
		if err := d.pool.QueryRow(ctx, selectCrewRow, *r.crew, authority).Scan(&there); err != nil {
			return err
		}
		if !there {
			return invalid("crew", KeyNoCrew, nil)
		}
	}
	return nil
}

// NewToken is a program's way in.
type NewToken struct {
	Name       string        `json:"name"`
	Role       dispatch.Role `json:"role"`
	District   string        `json:"district,omitempty"`
	Department string        `json:"department,omitempty"`
	Crew       *uuid.UUID    `json:"crew,omitempty"`
}

// Token is a program's way in, without its secret.
type Token struct {
	ID         uuid.UUID     `json:"id"`
	Name       string        `json:"name"`
	Role       dispatch.Role `json:"role"`
	District   string        `json:"district,omitempty"`
	Department string        `json:"department,omitempty"`
	Crew       *uuid.UUID    `json:"crew,omitempty"`
	CreatedAt  time.Time     `json:"created_at"`
	UsedAt     *time.Time    `json:"used_at,omitempty"`
}

// A token's secret begins so, so that it is known for one where it turns up.
const tokenPrefix = "moked_"

const (
	insertToken = `
insert into token (id, authority, hash, name, role, district, department, crew, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	selectTokens = `
select id, name, role, district, department, crew, created_at, used_at from token where authority = $1 and revoked_at is null order by created_at, id`
	revokeToken = `update token set revoked_at = $3 where id = $1 and authority = $2 and revoked_at is null returning hash`
	useToken    = `
update token set used_at = $2 where hash = $1 and revoked_at is null
returning authority, id, name, role, district, department, crew, coalesce((select w.kind from crew w where w.id = token.crew), '')`
	selectActor = `
select authority, id, name, role, district, department, crew, coalesce((select w.kind from crew w where w.id = app_user.crew), ''), lang
from app_user where id = $1 and disabled_at is null`
)

// CreateToken makes a program's way in. The secret is returned this once; the
// database has its SHA-256.
func (d *Desk) CreateToken(ctx context.Context, who dispatch.Actor, n NewToken) (secret string, t Token, err error) {
	if !who.May(dispatch.UserManage, dispatch.Scope{}) {
		return "", t, forbidden()
	}
	if err := checkText("name", n.Name, maxName); err != nil {
		return "", t, err
	}
	if err := d.checkReach(ctx, who.Authority, reach{n.Role, n.District, n.Department, n.Crew}, programRoles); err != nil {
		return "", t, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return "", t, err
	}
	secret = tokenPrefix + strings.ToLower(rand.Text())
	hash := sha256.Sum256([]byte(secret))
	t = Token{ID: id, Name: n.Name, Role: n.Role, District: n.District, Department: n.Department, Crew: n.Crew, CreatedAt: d.now()}
	_, err = d.pool.Exec(ctx, insertToken, id, who.Authority, hash[:], n.Name, n.Role, n.District, n.Department, n.Crew, t.CreatedAt)
	return secret, t, err
}

// Tokens lists the ways in that are open, the oldest first.
func (d *Desk) Tokens(ctx context.Context, who dispatch.Actor) ([]Token, error) {
	if !who.May(dispatch.UserManage, dispatch.Scope{}) {
		return nil, forbidden()
	}
	rows, _ := d.pool.Query(ctx, selectTokens, who.Authority)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Token])
}

// RevokeToken shuts a program out, at once in this process and within seconds
// in others.
func (d *Desk) RevokeToken(ctx context.Context, who dispatch.Actor, id uuid.UUID) error {
	if !who.May(dispatch.UserManage, dispatch.Scope{}) {
		return forbidden()
	}
	var hash []byte
	err := d.pool.QueryRow(ctx, revokeToken, id, who.Authority, d.now()).Scan(&hash)
	if errors.Is(err, pgx.ErrNoRows) {
		return notFound(KeyNoToken)
	}
	d.actors.forget("token " + hex.EncodeToString(hash))
	return err
}

// TokenActor is the actor of a token's secret. Who is let in is remembered for
// a few seconds.
func (d *Desk) TokenActor(ctx context.Context, secret string) (dispatch.Actor, error) {
	if !strings.HasPrefix(secret, tokenPrefix) || len(secret) > 100 {
		return dispatch.Actor{}, notFound(KeyNoToken)
	}
	hash := sha256.Sum256([]byte(secret))
	return d.actors.of("token "+hex.EncodeToString(hash[:]), func() (a dispatch.Actor, err error) {
		var crew *uuid.UUID
		err = d.pool.QueryRow(ctx, useToken, hash[:], d.now()).Scan(&a.Authority, &a.ID, &a.Name, &a.Role, &a.District, &a.Department, &crew, &a.Kind)
		if errors.Is(err, pgx.ErrNoRows) {
			return a, notFound(KeyNoToken)
		}
		if crew != nil {
			a.Crew = *crew
		}
		return a, err
	})
}

// UserActor is the actor that a signed-in person is, as long as they aren't
// shut out. It is remembered for a few seconds.
func (d *Desk) UserActor(ctx context.Context, id uuid.UUID) (dispatch.Actor, error) {
	return d.actors.of(userKey(id), func() (a dispatch.Actor, err error) {
		var crew *uuid.UUID
		err = d.pool.QueryRow(ctx, selectActor, id).Scan(&a.Authority, &a.ID, &a.Name, &a.Role, &a.District, &a.Department, &crew, &a.Kind, &a.Lang)
		if errors.Is(err, pgx.ErrNoRows) {
			return a, notFound(KeyNoUser)
		}
		if crew != nil {
			a.Crew = *crew
		}
		return a, err
	})
}

func userKey(id uuid.UUID) string { return "user " + id.String() }

// actors remembers who was let in a moment ago, so that a request costs no
// query. Refusals aren't remembered.
type actors struct {
	clock func() time.Time
	mu    sync.Mutex
	known map[string]remembered
}

type remembered struct {
	actor dispatch.Actor
	until time.Time
}

const (
	rememberFor = 5 * time.Second
	rememberMax = 10000
)

func newActors(clock func() time.Time) *actors {
	return &actors{clock: clock, known: map[string]remembered{}}
}

func (a *actors) of(key string, read func() (dispatch.Actor, error)) (dispatch.Actor, error) {
	now := a.clock()
	a.mu.Lock()
	r, ok := a.known[key]
	a.mu.Unlock()
	if ok && now.Before(r.until) {
		return r.actor, nil
	}
	who, err := read()
	if err != nil {
		return dispatch.Actor{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.known) >= rememberMax {
		clear(a.known)
	}
	a.known[key] = remembered{who, now.Add(rememberFor)}
	return who, nil
}

func (a *actors) forget(key string) {
	a.mu.Lock()
	delete(a.known, key)
	a.mu.Unlock()
}
