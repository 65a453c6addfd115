package postgis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"moked/geo"
)

const selectStreets = `
select row_number() over (order by s.dataset, s.id) as id, s.code, s.name, s.names, s.aliases, s.class, s.geom
from street s join dataset d on d.id = s.dataset
where d.authority = $1 and d.kind = 'street' and d.valid_to is null
order by s.dataset, s.id`

// LoadStreets reads the streets in force, from all sources. Their ids count
// from 1, the same in every process that reads the same datasets.
func LoadStreets(ctx context.Context, q Querier, authority string) ([]geo.Street, error) {
	rows, err := q.Query(ctx, selectStreets, authority)
	if err != nil {
		return nil, fmt.Errorf("load streets: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[geo.Street])
}

// ReplaceStreets puts streets in force in place of those of the same source.
func ReplaceStreets(ctx context.Context, tx pgx.Tx, im Import, streets []geo.Street) error {
	dataset, err := replaceDataset(ctx, tx, im, "street", false)
	if err != nil {
		return err
	}
	columns := []string{"dataset", "id", "code", "name", "names", "aliases", "class", "geom"}
	return copyRows(ctx, tx, "street", columns, len(streets), func(i int) ([]any, error) {
		s := streets[i]
		var geom any
		if len(s.Geom) > 0 {
			geom = s.Geom
		}
		return []any{dataset, s.ID, s.Code, s.Name, names(s.Names), list(s.Aliases), s.Class, geom}, nil
	})
}

const selectAddresses = `
select a.street, a.house, a.geom
from address a join dataset d on d.id = a.dataset
where d.authority = $1 and d.kind = 'address' and d.valid_to is null
order by a.dataset, a.id`

// LoadAddresses reads the addresses in force, from all sources, and ties each
// to the first of streets that bears its street's name to the letter. A name
// that no street bears gets a street of its own without a line; streets comes
// back with those added. Other spellings of one name are the gazetteer's to
// bring together.
func LoadAddresses(ctx context.Context, q Querier, authority string, streets []geo.Street) ([]geo.Street, []geo.Address, error) {
	byName := make(map[string]int64, len(streets))
	next := int64(1)
	for _, s := range streets {
		if _, ok := byName[s.Name]; !ok {
			byName[s.Name] = s.ID
		}
		next = max(next, s.ID+1)
	}
	rows, err := q.Query(ctx, selectAddresses, authority)
	if err != nil {
		return nil, nil, fmt.Errorf("load addresses: %w", err)
	}
	var (
		addresses []geo.Address
		a         geo.Address
		name      string
	)
	_, err = pgx.ForEachRow(rows, []any{&name, &a.House, &a.Point}, func() error {
		id, ok := byName[name]
		if !ok {
			id, next = next, next+1
			byName[name] = id
			streets = append(streets, geo.Street{ID: id, Name: name})
		}
		a.ID, a.Street = int64(len(addresses)+1), id
		addresses = append(addresses, a)
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("load addresses: %w", err)
	}
	return streets, addresses, nil
}

// ReplaceAddresses puts addresses in force in place of those of the same
// source. Each is written with its street's name, found in streets by id.
func ReplaceAddresses(ctx context.Context, tx pgx.Tx, im Import, streets []geo.Street, addresses []geo.Address) error {
	byID := make(map[int64]string, len(streets))
	for _, s := range streets {
		byID[s.ID] = s.Name
	}
	dataset, err := replaceDataset(ctx, tx, im, "address", false)
	if err != nil {
		return err
	}
	columns := []string{"dataset", "id", "street", "house", "geom"}
	return copyRows(ctx, tx, "address", columns, len(addresses), func(i int) ([]any, error) {
		a := addresses[i]
		name, ok := byID[a.Street]
		if !ok {
			return nil, fmt.Errorf("address %d: no street %d", a.ID, a.Street)
		}
		return []any{dataset, a.ID, name, a.House, a.Point}, nil
	})
}

const selectPlaces = `
select row_number() over (order by p.dataset, p.id) as id, p.kind, p.name, p.names, p.aliases, p.geom as point
from place p join dataset d on d.id = p.dataset
where d.authority = $1 and d.kind = 'place' and d.valid_to is null
order by p.dataset, p.id`

// LoadPlaces reads the places in force, from all sources; ids as LoadStreets.
func LoadPlaces(ctx context.Context, q Querier, authority string) ([]geo.Place, error) {
	rows, err := q.Query(ctx, selectPlaces, authority)
	if err != nil {
		return nil, fmt.Errorf("load places: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[geo.Place])
}

// ReplacePlaces puts places in force in place of those of the same source.
func ReplacePlaces(ctx context.Context, tx pgx.Tx, im Import, places []geo.Place) error {
	dataset, err := replaceDataset(ctx, tx, im, "place", false)
	if err != nil {
		return err
	}
	columns := []string{"dataset", "id", "kind", "name", "names", "aliases", "geom"}
	return copyRows(ctx, tx, "place", columns, len(places), func(i int) ([]any, error) {
		p := places[i]
		return []any{dataset, p.ID, p.Kind, p.Name, names(p.Names), list(p.Aliases), p.Point}, nil
	})
}

// names and list keep SQL and JSON nulls out of columns that hold none.
func names(n geo.Names) geo.Names {
	if n == nil {
		return geo.Names{}
	}
	return n
}

func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
