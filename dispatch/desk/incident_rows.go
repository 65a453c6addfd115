package desk

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
	"moked/geo"
)

// The columns of an incident in the order that scanIncident reads them, from
// incident i and its category c.
const incidentColumns = `
i.id, i.number, i.version, i.state, i.category, i.department, i.priority, c.sensitive, i.text,
st_y(i.geom), st_x(i.geom), i.precision, i.score, i.label, i.told, i.district, i.neighbourhood,
i.reports, i.last_report_at, i.withheld, i.into_id, i.opened_at, i.closed_at, i.reopened,
(select coalesce(json_agg(json_build_object(
	'kind', k.kind, 'standard', json_build_object('n', k.n, 'unit', k.unit), 'started_at', k.started_at,
	'due_at', k.due_at, 'stopped_at', k.stopped_at, 'pauses', k.pauses) order by k.kind desc), '[]'::json)
 from clock k where k.incident = i.id)`

const fromIncident = ` from incident i join category c on c.authority = i.authority and c.code = i.category `

// incident is an incident with what its shape doesn't show.
type incident struct {
	dispatch.Incident
	lastReport time.Time
}

func scanIncident(row pgx.CollectableRow, g *ground) (*incident, error) {
	var (
		i          incident
		place      placeRow
		lastReport time.Time
		opened     time.Time
	)
	err := row.Scan(&i.ID, &i.Number, &i.Version, &i.State, &i.Category, &i.Department, &i.Priority, &i.Sensitive, &i.Text,
		&place.lat, &place.lon, &place.precision, &place.score, &place.label, &place.told, &place.district, &place.neighbourhood,
		&i.Reports, &lastReport, &i.Withheld, &i.Into, &opened, &i.ClosedAt, &i.Reopened, &i.Clocks)
	if err != nil {
		return nil, err
	}
	i.Place = place.in(g)
	i.lastReport, i.OpenedAt, i.ClosedAt = lastReport.UTC(), opened.UTC(), inUTC(i.ClosedAt)
	for n := range i.Clocks {
		k := &i.Clocks[n]
		k.StartedAt, k.DueAt, k.StoppedAt = k.StartedAt.UTC(), k.DueAt.UTC(), inUTC(k.StoppedAt)
		for p := range k.Pauses {
			k.Pauses[p].From, k.Pauses[p].Until = k.Pauses[p].From.UTC(), inUTC(k.Pauses[p].Until)
		}
		if len(k.Pauses) == 0 {
			k.Pauses = nil
		}
	}
	return &i, nil
}

func incidents(ctx context.Context, tx pgx.Tx, g *ground, sql string, args ...any) ([]*incident, error) {
	rows, _ := tx.Query(ctx, sql, args...)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*incident, error) { return scanIncident(row, g) })
}

// placeRow is a place as the tables keep it.
type placeRow struct {
	lat, lon                *float64
	precision               string
	score                   float32
	label, told             string
	district, neighbourhood string
}

func (p placeRow) in(g *ground) dispatch.Place {
	return dispatch.Place{
		Lat: p.lat, Lon: p.lon, Precision: geo.Precision(p.precision), Score: shortest(p.score), Label: p.label, Text: p.told,
		District: g.ref(geo.District, p.district), Neighbourhood: g.ref(geo.Neighbourhood, p.neighbourhood),
	}
}

// shortest is the float64 that reads as the float32 does: 0.9, not
// 0.8999999761581421.
func shortest(f float32) float64 {
	v, _ := strconv.ParseFloat(strconv.FormatFloat(float64(f), 'g', -1, 32), 64)
	return v
}

func inUTC(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}

// ref names an area of the ground as it is called now; an area that is no
// longer there goes by its code.
func (g *ground) ref(level geo.Level, code string) *dispatch.Ref {
	if code == "" {
		return nil
	}
	for i := range g.tree {
		if a := &g.tree[i]; a.Level == level && a.Code == code {
			return &dispatch.Ref{Code: code, Name: a.Name}
		}
	}
	return &dispatch.Ref{Code: code, Name: code}
}

// Ids are looked up one by one, whatever the planner knows of the tables, and
// locked in their order: the caller sorts them.
const (
	lockIncidents = `
select i.id from unnest($1::uuid[]) as u (id) cross join lateral (
	select id from incident where id = u.id and authority = $2 for update
) i`
	readIncidents = `
select x.* from unnest($1::uuid[]) as u (id) cross join lateral (
	select ` + incidentColumns + fromIncident + ` where i.id = u.id and i.authority = $2 limit 1
) x`
)

// lockIncidents takes incidents by id, in the order of their ids, and then
// reads them: a statement of its own, so that it sees what the lock waited
// for. The result is keyed by id; one of another authority is missing from it.
func (c *change) lockIncidents(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID]*incident, error) {
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	found := make(map[uuid.UUID]*incident, len(ids))
	b := &pgx.Batch{}
	b.Queue(lockIncidents, ids, c.who.Authority)
	b.Queue(readIncidents, ids, c.who.Authority).Query(func(rows pgx.Rows) error {
		all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*incident, error) { return scanIncident(row, c.ground) })
		for _, i := range all {
			found[i.ID] = i
		}
		return err
	})
	return found, c.tx.SendBatch(ctx, b).Close()
}

// lockIncident takes one incident that the actor sees, and checks that the
// change was made on its version.
func (c *change) lockIncident(ctx context.Context, id uuid.UUID, base int) (*incident, error) {
	found, err := c.lockIncidents(ctx, id)
	if err != nil {
		return nil, err
	}
	i := found[id]
	if i == nil || !c.who.Sees(dispatch.NounIncident, i.Scope()) {
		return nil, notFound(KeyNoIncident)
	}
	return i, c.fresh(ctx, base, i.Version, i.ID, i.Incident)
}
