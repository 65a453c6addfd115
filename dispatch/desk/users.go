package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// User is a person who signs in. District narrows a district manager,
// Department a department head, Crew is a crew member's.
type User struct {
	ID         uuid.UUID     `json:"id"`
	Login      string        `json:"login"`
	Name       string        `json:"name"`
	Role       dispatch.Role `json:"role"`
	District   string        `json:"district,omitempty"`
	Department string        `json:"department,omitempty"`
	Crew       *uuid.UUID    `json:"crew,omitempty"`
	Lang       string        `json:"lang"`
	Disabled   bool          `json:"disabled,omitempty"`
}

// NewUser is a person to add, with a password of at least eight characters.
type NewUser struct {
	Login      string        `json:"login"`
	Name       string        `json:"name"`
	Role       dispatch.Role `json:"role"`
	District   string        `json:"district,omitempty"`
	Department string        `json:"department,omitempty"`
	Crew       *uuid.UUID    `json:"crew,omitempty"`
	Lang       string        `json:"lang,omitempty"`
	Password   string        `json:"password"`
}

// UserChange changes a user; nil leaves as it is.
type UserChange struct {
	Name     *string `json:"name,omitempty"`
	Password *string `json:"password,omitempty"`
	Disabled *bool   `json:"disabled,omitempty"`
}

const (
	minPassword = 8
	maxPassword = 200
)

// Langs lists the languages that a person may choose.
func Langs() []string { return []string{"he", "en", "ar", "ru"} }

const (
	insertUser = `
insert into app_user (id, authority, login, name, role, district, department, crew, lang, password)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	userColumns = `id, login, name, role, district, department, crew, lang, disabled_at is not null`
	selectUsers = `select ` + userColumns + ` from app_user where authority = $1 order by login`
	updateUser  = `
update app_user set name = coalesce($3, name), password = coalesce($4, password),
	disabled_at = case when $5::bool is null then disabled_at when $5 then coalesce(disabled_at, now()) end
where id = $1 and authority = $2
returning ` + userColumns
	updateLang    = `update app_user set lang = $2 where id = $1`
	selectLogin   = `select id, password from app_user where login = $1 and disabled_at is null`
	selectCrewRow = `select exists (select from crew where id = $1 and authority = $2 and not retired)`
)

// CreateUser adds a person to the actor's authority. A login that is taken is
// a Conflict.
func (d *Desk) CreateUser(ctx context.Context, who dispatch.Actor, n NewUser) (User, error) {
	if !who.May(dispatch.UserManage, dispatch.Scope{}) {
		return User{}, forbidden()
	}
	if n.Lang == "" {
		n.Lang = "he"
	}
	n.Login = strings.ToLower(strings.TrimSpace(n.Login))
	for _, t := range []struct {
		field, text string
		max         int
	}{{"login", n.Login, maxName}, {"name", n.Name, maxName}, {"password", n.Password, maxPassword}} {
		if t.text == "" {
			return User{}, invalid(t.field, KeyRequired, nil)
		}
		if err := checkText(t.field, t.text, t.max); err != nil {
			return User{}, err
		}
	}
	if !slices.Contains(Langs(), n.Lang) {
		return User{}, invalid("lang", KeyUnknownLang, map[string]any{"lang": n.Lang})
	}
	if err := d.checkReach(ctx, who.Authority, reach{n.Role, n.District, n.Department, n.Crew}, personRoles); err != nil {
		return User{}, err
	}
	hash, err := d.hash(ctx, n.Password)
	if err != nil {
		return User{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return User{}, err
	}
	_, err = d.pool.Exec(ctx, insertUser, id, who.Authority, n.Login, n.Name, n.Role, n.District, n.Department, n.Crew, n.Lang, hash)
	if taken(err, "app_user_login_key") {
		return User{}, &dispatch.Error{Code: dispatch.Conflict, Key: KeyLoginTaken, Field: "login", Args: map[string]any{"login": n.Login}}
	}
	if err != nil {
		return User{}, err
	}
	return User{ID: id, Login: n.Login, Name: n.Name, Role: n.Role, District: n.District, Department: n.Department, Crew: n.Crew, Lang: n.Lang}, nil
}

// Users lists the people of the actor's authority, by login.
func (d *Desk) Users(ctx context.Context, who dispatch.Actor) ([]User, error) {
	if !who.May(dispatch.UserManage, dispatch.Scope{}) {
		return nil, forbidden()
	}
	rows, _ := d.pool.Query(ctx, selectUsers, who.Authority)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[User])
}

// ChangeUser changes a person's name or password, or shuts them out.
func (d *Desk) ChangeUser(ctx context.Context, who dispatch.Actor, id uuid.UUID, in UserChange) (User, error) {
	if !who.May(dispatch.UserManage, dispatch.Scope{}) {
		return User{}, forbidden()
	}
	if in.Name != nil {
		if err := checkText("name", *in.Name, maxName); err != nil {
			return User{}, err
		}
	}
	var hash *string
	if in.Password != nil {
		h, err := d.hash(ctx, *in.Password)
		if err != nil {
			return User{}, err
		}
		hash = &h
	}
	rows, _ := d.pool.Query(ctx, updateUser, id, who.Authority, in.Name, hash, in.Disabled)
	u, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[User])
	if errors.Is(err, pgx.ErrNoRows) {
		return User{}, notFound(KeyNoUser)
	}
	d.actors.forget(userKey(id))
	return u, err
}

// SetLang keeps the language that a person has chosen.
func (d *Desk) SetLang(ctx context.Context, who dispatch.Actor, lang string) error {
	if !slices.Contains(Langs(), lang) {
		return invalid("lang", KeyUnknownLang, map[string]any{"lang": lang})
	}
	_, err := d.pool.Exec(ctx, updateLang, who.ID, lang)
	d.actors.forget(userKey(who.ID))
	return err
}

// nobody's password is compared when a login is unknown, so that the time
// doesn't tell.
const nobody = "$argon2id$v=19$m=65536,t=1,p=2$MDEyMzQ1Njc4OWFiY2RlZg$3w1cGcfvpBZgYq1q5c0pMWx0kNzJmIhYQmJzq3bHkFo"

// Authenticate is the actor of a login and password. It doesn't say which of
// the two is wrong. How many are compared at once is bounded, as each takes
// 64 MiB.
func (d *Desk) Authenticate(ctx context.Context, login, password string) (dispatch.Actor, error) {
	wrong := &dispatch.Error{Code: dispatch.Forbidden, Key: KeySignIn}
	login = strings.ToLower(strings.TrimSpace(login))
	if checkText("login", login, maxName) != nil || checkText("password", password, maxPassword) != nil {
		return dispatch.Actor{}, wrong
	}
	var (
		id   uuid.UUID
		hash string
	)
	err := d.pool.QueryRow(ctx, selectLogin, login).Scan(&id, &hash)
	unknown := errors.Is(err, pgx.ErrNoRows)
	if err != nil && !unknown {
		return dispatch.Actor{}, err
	}
	if unknown {
		hash = nobody
	}
	if err := d.enterHashing(ctx); err != nil {
		return dispatch.Actor{}, err
	}
	match, err := argon2id.ComparePasswordAndHash(password, hash)
	<-d.hashing
	if err != nil {
		return dispatch.Actor{}, err
	}
	if unknown || !match {
		return dispatch.Actor{}, wrong
	}
	return d.UserActor(ctx, id)
}

func (d *Desk) hash(ctx context.Context, password string) (string, error) {
	if len([]rune(password)) < minPassword {
		return "", invalid("password", KeyShortPassword, map[string]any{"min": minPassword})
	}
	if err := checkText("password", password, maxPassword); err != nil {
		return "", err
	}
	if err := d.enterHashing(ctx); err != nil {
		return "", err
	}
	defer func() { <-d.hashing }()
	p := *argon2id.DefaultParams
	p.Parallelism = 2
	return argon2id.CreateHash(password, &p)
}

// enterHashing waits for a place among those who hash, for a while.
func (d *Desk) enterHashing(ctx context.Context) error {
	t := time.NewTimer(10 * time.Second)
	defer t.Stop()
	select {
	case d.hashing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return &dispatch.Error{Code: dispatch.TooMany, Key: KeyBusy}
	}
}
