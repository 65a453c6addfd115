package desk

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

const (
	fromOpen = `
from report r join incident i on i.id = r.incident
join category k on k.authority = i.authority and k.code = i.category
left join category told on told.authority = r.authority and told.code = r.category
where r.authority = $1 and r.filed_at >= $2 and r.filed_at < $3`
	// What must be counted before a row of it is published.
	selectOpenSensitive = `
select r.filed_at, i.category, st_y(i.geom), st_x(i.geom)` + fromOpen + ` and (k.sensitive or coalesce(told.sensitive, false))`
	selectOpen = `
select r.number, r.filed_at, i.closed_at, r.channel, i.category, i.department, i.label, st_y(i.geom), st_x(i.geom),
	k.sensitive or coalesce(told.sensitive, false)` + fromOpen + ` and ($4 = '' or i.category = $4)
order by r.filed_at, r.id`
)

// OpenData hands over the reports that were filed in the years from the first to
// the last, of one category if it is named, as everybody may have them
// (dispatch.OpenCounts), the oldest first: all of one state of the database,
// row by row. An error of f ends it.
func (d *Desk) OpenData(ctx context.Context, who dispatch.Actor, first, last int, category string, f func(dispatch.OpenReport) error) error {
	if !who.May(dispatch.CatalogueRead, dispatch.Scope{}) {
		return forbidden()
	}
	return d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		if category != "" && g.category[category] == nil {
			return invalid("category", KeyUnknownCategory, map[string]any{"category": category})
		}
		zone := g.calendar.Zone
		from, to := time.Date(first, 1, 1, 0, 0, 0, 0, zone), time.Date(last+1, 1, 1, 0, 0, 0, 0, zone)
		counts := dispatch.OpenCounts{Zone: zone}
		rows, _ := tx.Query(ctx, selectOpenSensitive, who.Authority, from, to)
		var r dispatch.OpenReport
		if _, err := pgx.ForEachRow(rows, []any{&r.Filed, &r.Category, &r.Lat, &r.Lon}, func() error {
			counts.Add(r)
			r = dispatch.OpenReport{}
			return nil
		}); err != nil {
			return err
		}
		now := d.now()
		rows, _ = tx.Query(ctx, selectOpen, who.Authority, from, to, category)
		r = dispatch.OpenReport{}
		into := []any{&r.Number, &r.Filed, &r.Closed, &r.Channel, &r.Category, &r.Department, &r.Label, &r.Lat, &r.Lon, &r.Sensitive}
		_, err := pgx.ForEachRow(rows, into, func() error {
			row, published := counts.Publish(r, now)
			r = dispatch.OpenReport{}
			if !published {
				return nil
			}
			row.Filed = row.Filed.In(zone)
			if row.Closed != nil {
				at := row.Closed.In(zone)
				row.Closed = &at
			}
			return f(row)
		})
		return err
	})
}
