package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"moked/dispatch"
	"moked/dispatch/feed"
	"moked/geo"
	"moked/geo/osm"
	"moked/geo/postgis"
)

// NewAuthority is a city or regional council to make. Boundary may be nil: a
// boundary can be imported later. TimeZone "" is Asia/Jerusalem.
type NewAuthority struct {
	Code     string
	Names    geo.Names
	TimeZone string
	Boundary *osm.Area
	From     Source // of the boundary
}

var authorityCode = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

const (
	insertAuthority = `
insert into authority (code, names, time_zone) values ($1, $2, $3)`

	insertDepartment = `
insert into department (authority, code, names, icon, phone, position)
values ($1, $2, $3, $4, $5, $6)`

	insertCategory = `
insert into category (authority, code, department, domain, names, priority, sensitive, retired, detail, position)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
)

// CreateAuthority makes a tenant with the default Israeli catalogue and, where
// it is given one, its boundary. A code that is taken is a Conflict.
func (d *Desk) CreateAuthority(ctx context.Context, who dispatch.Actor, n NewAuthority) (Taken, error) {
	if who.Role != dispatch.System {
		return Taken{}, &dispatch.Error{Code: dispatch.Forbidden, Key: dispatch.KeyForbidden}
	}
	if !authorityCode.MatchString(n.Code) {
		return Taken{}, &dispatch.Error{Code: dispatch.Invalid, Key: KeyBadAuthorityCode, Field: "code", Args: map[string]any{"code": n.Code}}
	}
	if n.TimeZone == "" {
		n.TimeZone = "Asia/Jerusalem"
	}
	if _, err := time.LoadLocation(n.TimeZone); err != nil {
		return Taken{}, &dispatch.Error{Code: dispatch.Invalid, Key: KeyBadTimeZone, Field: "time_zone", Args: map[string]any{"time_zone": n.TimeZone}}
	}
	if n.Names["he"] == "" && n.Names["en"] == "" {
		return Taken{}, dispatch.Bad("names", KeyNameRequired)
	}
	now := d.now()
	var (
		taken Taken
		g     *ground
	)
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) (err error) {
		if _, err := tx.Exec(ctx, insertAuthority, n.Code, n.Names, n.TimeZone); err != nil {
			return err
		}
		if err := installCatalogue(ctx, tx, n.Code); err != nil {
			return err
		}
		if n.Boundary != nil {
			im := postgis.Import{Authority: n.Code, Source: n.From.Name, File: n.From.File, At: now, Summary: n.From.Summary}
			if taken.Repairs, err = postgis.ReplaceAreas(ctx, tx, im, geo.Boundary, []osm.Area{*n.Boundary}); err != nil {
				return err
			}
		}
		if g, err = loadGround(ctx, tx, n.Code, nil); err != nil {
			return err
		}
		_, err = feed.Append(ctx, tx, n.Code, []dispatch.Event{{
			Type: GroundChanged, At: now, By: who.By(), Noun: dispatch.NounGeography,
			Note: map[string]any{"kind": "authority"},
		}})
		return err
	})
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == uniqueViolation && pg.TableName == "authority" {
		return Taken{}, &dispatch.Error{Code: dispatch.Conflict, Key: KeyAuthorityExists, Field: "code", Args: map[string]any{"code": n.Code}}
	}
	if err != nil {
		return Taken{}, groundError("create authority", err)
	}
	d.grounds.put(g)
	d.hub.Wake(n.Code)
	return taken, nil
}

const uniqueViolation = "23505"

// installCatalogue writes the default departments and categories.
func installCatalogue(ctx context.Context, tx pgx.Tx, authority string) error {
	departments, categories := dispatch.DefaultCatalogue()
	batch := &pgx.Batch{}
	for i, dep := range departments {
		batch.Queue(insertDepartment, authority, dep.Code, dep.Names, dep.Icon, dep.Phone, i)
	}
	for i, c := range categories {
		detail, err := json.Marshal(c)
		if err != nil {
			return err
		}
		batch.Queue(insertCategory, authority, c.Code, c.Department, c.Domain, c.Names, c.Priority, c.Sensitive, c.Retired, detail, i)
	}
	return tx.SendBatch(ctx, batch).Close()
}

// groundError turns what a layer's polygons were refused for into an error
// that the caller can act on.
func groundError(doing string, err error) error {
	var polygon *postgis.PolygonError
	if errors.As(err, &polygon) {
		return &dispatch.Error{
			Code: dispatch.Invalid, Key: KeyBadArea, Field: polygon.Where,
			Args: map[string]any{"area": polygon.Area, "fault": string(polygon.Fault), "detail": polygon.Detail},
		}
	}
	return fmt.Errorf("%s: %w", doing, err)
}
