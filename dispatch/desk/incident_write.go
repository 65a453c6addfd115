package desk

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"moked/dispatch"
)

const (
	insertIncident = `
insert into incident (id, authority, number, version, state, category, department, priority, text, geom, precision, score, label, told,
	district, neighbourhood, reports, last_report_at, withheld, into_id, opened_at, closed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, st_setsrid(st_makepoint($10, $11), 4326), $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`
	updateIncident = `
update incident set version = $2, state = $3, category = $4, department = $5, priority = $6, text = $7,
	geom = st_setsrid(st_makepoint($8, $9), 4326), precision = $10, score = $11, label = $12, told = $13, district = $14, neighbourhood = $15,
	reports = $16, last_report_at = $17, withheld = $18, into_id = $19, closed_at = $20, reopened = $21
where id = $1`
	deleteClocks = `delete from clock where incident = $1`
	insertClock  = `
insert into clock (incident, kind, n, unit, started_at, due_at, stopped_at, pauses) values ($1, $2, $3, $4, $5, $6, $7, $8)`
)

// coordinates of a place for st_makepoint, which makes null of nulls.
func coordinates(p dispatch.Place) (lon, lat *float64) { return p.Lon, p.Lat }

func areaCode(r *dispatch.Ref) string {
	if r == nil {
		return ""
	}
	return r.Code
}

func (c *change) insertIncident(ctx context.Context, i incident) error {
	lon, lat := coordinates(i.Place)
	b := &pgx.Batch{}
	b.Queue(insertIncident, i.ID, c.who.Authority, i.Number, i.Version, i.State, i.Category, i.Department, i.Priority, i.Text,
		lon, lat, i.Place.Precision, float32(i.Place.Score), i.Place.Label, i.Place.Text, areaCode(i.Place.District), areaCode(i.Place.Neighbourhood),
		i.Reports, i.lastReport, i.Withheld, i.Into, i.OpenedAt, i.ClosedAt)
	queueClocks(b, i.ID, i.Clocks)
	return c.tx.SendBatch(ctx, b).Close()
}

func (c *change) updateIncident(ctx context.Context, i incident) error {
	b := &pgx.Batch{}
	queueIncident(b, i)
	return c.tx.SendBatch(ctx, b).Close()
}

func queueIncident(b *pgx.Batch, i incident) {
	lon, lat := coordinates(i.Place)
	b.Queue(updateIncident, i.ID, i.Version, i.State, i.Category, i.Department, i.Priority, i.Text,
		lon, lat, i.Place.Precision, float32(i.Place.Score), i.Place.Label, i.Place.Text, areaCode(i.Place.District), areaCode(i.Place.Neighbourhood),
		i.Reports, i.lastReport, i.Withheld, i.Into, i.ClosedAt, i.Reopened)
	b.Queue(deleteClocks, i.ID)
	queueClocks(b, i.ID, i.Clocks)
}

func queueClocks(b *pgx.Batch, id uuid.UUID, clocks []dispatch.Clock) {
	for _, k := range clocks {
		pauses := k.Pauses
		if pauses == nil {
			pauses = []dispatch.Pause{}
		}
		b.Queue(insertClock, id, k.Kind, k.Standard.N, k.Standard.Unit, k.StartedAt, k.DueAt, k.StoppedAt, pauses)
	}
}

func point(p dispatch.Place) orb.Point {
	pt, _ := p.Point()
	return pt
}
