package desk

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// StandardChange sets a category's standards; nil leaves one as it is.
// BaseVersion is the category's version that it was made on.
type StandardChange struct {
	Category    string             `json:"-"`
	BaseVersion int                `json:"base_version"`
	Response    *dispatch.Standard `json:"response,omitempty"`
	Resolution  *dispatch.Standard `json:"resolution,omitempty"`
}

// StandardVersion is what a category promised from an instant on; From is nil
// for what was promised from the beginning. By is who set it.
type StandardVersion struct {
	Version    int               `json:"version"`
	Response   dispatch.Standard `json:"response"`
	Resolution dispatch.Standard `json:"resolution"`
	From       *time.Time        `json:"from,omitempty"`
	By         dispatch.By       `json:"by,omitzero"`
}

const (
	lockCategory = `select version from category where authority = $1 and code = $2 for update`
	// What was promised until now is kept before it is changed for the first time.
	keepFirst = `
insert into standard (authority, category, version, response, resolution, from_at)
select authority, code, version, coalesce(detail -> 'response', '{}'), coalesce(detail -> 'resolution', '{}'), '-infinity'
from category k where authority = $1 and code = $2 and not exists (select from standard s where s.authority = k.authority and s.category = k.code)`
	updateStandards = `
update category set version = version + 1, detail = detail || jsonb_build_object('response', $3::jsonb, 'resolution', $4::jsonb)
where authority = $1 and code = $2`
	insertStandard = `
insert into standard (authority, category, version, response, resolution, from_at, by)
select authority, code, version, $3, $4, $5, $6 from category where authority = $1 and code = $2`
	selectStandards = `
select version, response, resolution, case when isfinite(from_at) then from_at end, by
from standard where authority = $1 and category = $2 order by version`
	selectStandardsAt = `
select distinct on (category) category, response, resolution
from standard where authority = $1 and from_at <= $2 order by category, version desc`
)

// ChangeStandards changes what the charter promises from now on, all of the
// changes or none. Clocks that were started keep the standard of their day.
// A category that has changed since BaseVersion is Stale.
func (d *Desk) ChangeStandards(ctx context.Context, who dispatch.Actor, changes []StandardChange) error {
	if !who.May(dispatch.CatalogueEdit, dispatch.Scope{}) {
		return forbidden()
	}
	g, err := d.grounds.of(ctx, who.Authority)
	if err != nil {
		return err
	}
	now := d.now()
	return d.changeGround(ctx, who, "charter", "", func(tx pgx.Tx) error {
		for _, s := range changes {
			var version int
			err := tx.QueryRow(ctx, lockCategory, who.Authority, s.Category).Scan(&version)
			if errors.Is(err, pgx.ErrNoRows) {
				return &dispatch.Error{Code: dispatch.NotFound, Key: KeyUnknownCategory, Field: "category", Args: map[string]any{"category": s.Category}}
			}
			if err != nil {
				return err
			}
			known := g.category[s.Category]
			if known == nil || version != s.BaseVersion || known.Version != version {
				return &dispatch.Error{Code: dispatch.Stale, Key: KeyStale, Field: "base_version", Args: map[string]any{"version": version, "changes": []Change{}}, Current: known}
			}
			category := *known
			if s.Response != nil {
				category.Response = *s.Response
			}
			if s.Resolution != nil {
				category.Resolution = *s.Resolution
			}
			if field := category.Unsound(); field != "" {
				return invalid(field, dispatch.KeyCatalogueInvalid, map[string]any{"category": s.Category})
			}
			response, err := json.Marshal(category.Response)
			if err != nil {
				return err
			}
			resolution, err := json.Marshal(category.Resolution)
			if err != nil {
				return err
			}
			b := &pgx.Batch{}
			b.Queue(keepFirst, who.Authority, s.Category)
			b.Queue(updateStandards, who.Authority, s.Category, response, resolution)
			b.Queue(insertStandard, who.Authority, s.Category, response, resolution, now, who.By())
			if err := tx.SendBatch(ctx, b).Close(); err != nil {
				return err
			}
		}
		return nil
	})
}

// Standards lists the versions of a category's standards, the first first. One
// that was never changed has one version, which the category itself says.
func (d *Desk) Standards(ctx context.Context, who dispatch.Actor, category string) ([]StandardVersion, error) {
	if !who.May(dispatch.CatalogueRead, dispatch.Scope{}) {
		return nil, forbidden()
	}
	g, err := d.grounds.of(ctx, who.Authority)
	if err != nil {
		return nil, err
	}
	k := g.category[category]
	if k == nil {
		return nil, &dispatch.Error{Code: dispatch.NotFound, Key: KeyUnknownCategory, Field: "category", Args: map[string]any{"category": category}}
	}
	rows, _ := d.pool.Query(ctx, selectStandards, who.Authority, category)
	versions, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (v StandardVersion, err error) {
		err = row.Scan(&v.Version, &v.Response, &v.Resolution, &v.From, &v.By)
		v.From = inUTC(v.From)
		return v, err
	})
	if err == nil && len(versions) == 0 {
		versions = []StandardVersion{{Version: k.Version, Response: k.Response, Resolution: k.Resolution}}
	}
	return versions, err
}

// CatalogueAt is the catalogue as it is, with the standards that were in force
// at an instant.
func (d *Desk) CatalogueAt(ctx context.Context, who dispatch.Actor, at time.Time) ([]dispatch.Department, []dispatch.Category, error) {
	departments, categories, err := d.Catalogue(ctx, who)
	if err != nil {
		return nil, nil, err
	}
	type promised struct{ response, resolution dispatch.Standard }
	then := map[string]promised{}
	rows, _ := d.pool.Query(ctx, selectStandardsAt, who.Authority, at)
	var code string
	var p promised
	if _, err := pgx.ForEachRow(rows, []any{&code, &p.response, &p.resolution}, func() error {
		then[code] = p
		p = promised{}
		return nil
	}); err != nil {
		return nil, nil, err
	}
	all := make([]dispatch.Category, len(categories))
	for n, k := range categories {
		if p, changed := then[k.Code]; changed {
			k.Response, k.Resolution = p.response, p.resolution
		}
		all[n] = k
	}
	return departments, all, nil
}
