package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/geo"
)

// OldReport is a report of the past, as another system kept it. ID is what that
// system calls it, and Incident what it calls the incident, where several of
// its reports were one; else "". At is nil, or Told is found, where it has no
// coordinates; Fallback says that At stands for a place that wasn't known.
// DueAt is the promise of its day, which may be before it was filed; nil is no
// promise, or, with Standard, what the category promises now. An open report
// has no ClosedAt.
type OldReport struct {
	ID, Incident            string
	FiledAt                 time.Time
	ClosedAt, DueAt         *time.Time
	RespondedAt, RespondDue *time.Time
	Standard                bool
	Category, Department    string // codes of the catalogue; without a department the category's
	Channel                 dispatch.Channel
	At                      *orb.Point
	Fallback                bool
	Told, Text              string
	District, Neighbourhood string // codes or names, for where At lies in no area
	Reopened                int
}

// OldTaken is what an import of old reports did.
type OldTaken struct {
	New       int `json:"new"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Kept      int `json:"kept"` // not taken: their incidents were worked on here since
}

// HistoryImported is the type of the event that tells every process to read
// the authority's reports again.
const HistoryImported = "history.imported"

const (
	createOld = `
create temporary table old (
	id uuid, hash bytea, incident uuid, own boolean, number text, incident_number text, token text, channel text, category text, department text,
	priority int, text text, told text, lon float8, lat float8, precision text, score real, label text, district text, neighbourhood text,
	filed_at timestamptz, closed_at timestamptz, responded_at timestamptz, respond_due timestamptz, respond_n real, respond_unit text,
	due_at timestamptz, n real, unit text, reopened int
) on commit drop`
	dropUnchangedOld = `delete from old using report r where r.id = old.id and r.body_hash = old.hash`
	dropWorkedOld    = `delete from old using incident i where i.id = old.incident and i.version > 1`
	// Another source may have used the same numbers.
	renumberOld = `
update old set number = $2 || '-' || number
where exists (select from report r where r.authority = $1 and r.number = old.number and r.id <> old.id)`
	renumberOldIncidents = `
update old set incident_number = $2 || '-' || incident_number
where exists (select from incident i where i.authority = $1 and i.number = old.incident_number and i.id <> old.incident)`
	// An incident is as its own report says, or as the first that came where
	// that one hasn't come.
	createFacts = `
create temporary table facts on commit drop as
select * from (select distinct on (incident) * from old order by incident, own desc, filed_at, id) f
where own or not exists (select from incident i where i.id = f.incident)`
	upsertOldIncidents = `
insert into incident as i (id, authority, number, state, category, department, priority, text, geom, precision, score, label, told,
	district, neighbourhood, reports, last_report_at, opened_at, closed_at, reopened)
select incident, $1, incident_number, case when closed_at is null then 'archived' else 'closed' end, category, department, priority, text,
	st_setsrid(st_makepoint(lon, lat), 4326), precision, score, label, told, district, neighbourhood, 1,
	filed_at, filed_at, closed_at, reopened
from facts
on conflict (id) do update set state = excluded.state, category = excluded.category, department = excluded.department,
	priority = excluded.priority, text = excluded.text, geom = excluded.geom, precision = excluded.precision, score = excluded.score,
	label = excluded.label, told = excluded.told, district = excluded.district, neighbourhood = excluded.neighbourhood,
	opened_at = excluded.opened_at, closed_at = excluded.closed_at, reopened = excluded.reopened`
	dropOldClocks   = `delete from clock using facts where clock.incident = facts.incident`
	insertOldClocks = `
insert into clock (incident, kind, n, unit, started_at, due_at, stopped_at)
select incident, 'resolution', n, unit, filed_at, due_at, closed_at from facts where due_at is not null
union all
select incident, 'response', respond_n, respond_unit, filed_at, respond_due, coalesce(responded_at, closed_at) from facts where respond_due is not null`
	upsertOldReports = `
insert into report as r (id, authority, number, token, channel, category, text, told, geom, precision, score, label, district, neighbourhood,
	incident, merge, filed_by, filed_at, body_hash)
select id, $1, number, token, channel, category, text, told, st_setsrid(st_makepoint(lon, lat), 4326), precision,
	score, label, district, neighbourhood, incident, '{"why": []}', $2, filed_at, hash
from old
on conflict (id) do update set channel = excluded.channel, category = excluded.category, text = excluded.text, told = excluded.told,
	geom = excluded.geom, precision = excluded.precision, score = excluded.score, label = excluded.label, district = excluded.district,
	neighbourhood = excluded.neighbourhood, incident = excluded.incident, filed_at = excluded.filed_at, body_hash = excluded.body_hash
returning xmax = 0`
	countOldReports = `
update incident i set reports = c.n, last_report_at = c.last
from (select r.incident, count(*) as n, max(r.filed_at) as last from report r where r.incident in (select incident from old) group by r.incident) c
where i.id = c.incident and (i.reports, i.last_report_at) is distinct from (c.n, c.last)`
)

var oldColumns = []string{
	"id", "hash", "incident", "own", "number", "incident_number", "token", "channel", "category", "department",
	"priority", "text", "told", "lon", "lat", "precision", "score", "label", "district", "neighbourhood",
	"filed_at", "closed_at", "responded_at", "respond_due", "respond_n", "respond_unit", "due_at", "n", "unit", "reopened",
}

// ImportReports takes reports of the past from a source, all in one
// transaction: with their places, and with clocks that hold the promises of
// their day. The same report of the same source is the same row here, however
// often it comes; an incident that was worked on here since stays as it is, and
// takes none. What never closed there is archived: counted as open, and no part
// of the live picture. The rows' ids must differ.
func (d *Desk) ImportReports(ctx context.Context, who dispatch.Actor, source string, rows []OldReport) (taken OldTaken, err error) {
	if !who.May(dispatch.GroundImport, dispatch.Scope{}) {
		return taken, forbidden()
	}
	err = d.write(ctx, who, func(c *change) error {
		taken = OldTaken{}
		if _, err := c.tx.Exec(ctx, createOld); err != nil {
			return err
		}
		from := pgx.CopyFromSlice(len(rows), func(n int) ([]any, error) { return c.ground.oldRow(source, &rows[n]) })
		if _, err := c.tx.CopyFrom(ctx, pgx.Identifier{"old"}, oldColumns, from); err != nil {
			return err
		}
		by, err := json.Marshal(filedBy{By: dispatch.By{Role: who.Role, Name: source}})
		if err != nil {
			return err
		}
		for _, s := range []struct {
			sql  string
			args []any
			n    *int
		}{
			{dropUnchangedOld, nil, &taken.Unchanged},
			{dropWorkedOld, nil, &taken.Kept},
			{renumberOld, []any{who.Authority, source}, nil},
			{renumberOldIncidents, []any{who.Authority, source}, nil},
			{createFacts, nil, nil},
			{upsertOldIncidents, []any{who.Authority}, nil},
			{dropOldClocks, nil, nil},
			{insertOldClocks, nil, nil},
		} {
			tag, err := c.tx.Exec(ctx, s.sql, s.args...)
			if err != nil {
				return err
			}
			if s.n != nil {
				*s.n = int(tag.RowsAffected())
			}
		}
		written, err := c.tx.Query(ctx, upsertOldReports, who.Authority, by)
		if err != nil {
			return err
		}
		var isNew bool
		if _, err = pgx.ForEachRow(written, []any{&isNew}, func() error {
			if isNew {
				taken.New++
			} else {
				taken.Changed++
			}
			return nil
		}); err != nil {
			return err
		}
		if _, err := c.tx.Exec(ctx, countOldReports); err != nil {
			return err
		}
		if taken.New+taken.Changed > 0 {
			c.events = append(c.events, dispatch.Event{
				Type: HistoryImported, At: c.now, By: who.By(), Noun: dispatch.NounGeography,
				Note: map[string]any{"source": source, "reports": taken.New + taken.Changed},
			})
		}
		return nil
	})
	return taken, err
}

// oldRow is a report as createOld's table takes it.
func (g *ground) oldRow(source string, r *OldReport) ([]any, error) {
	incident := r.Incident
	if incident == "" {
		incident = r.ID
	}
	k := g.category[r.Category]
	if k == nil {
		return nil, invalid("category", KeyUnknownCategory, map[string]any{"category": r.Category})
	}
	department := r.Department
	if department == "" {
		department = k.Department
	}
	hash, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(hash)
	p := g.oldPlace(r)
	lon, lat := coordinates(p)
	var (
		due, respondDue   = r.DueAt, r.RespondDue
		standard, respond dispatch.Duration
	)
	for _, clock := range dispatch.StartClocks(*k, nil, r.FiledAt, g.calendar) {
		switch {
		case !r.Standard:
		case clock.Kind == dispatch.Resolution && due == nil:
			due, standard = &clock.DueAt, clock.Standard
		case clock.Kind == dispatch.Response && respondDue == nil && r.RespondedAt != nil:
			respondDue, respond = &clock.DueAt, clock.Standard
		}
	}
	for _, s := range []struct {
		given    *time.Time
		standard *dispatch.Duration
	}{{r.DueAt, &standard}, {r.RespondDue, &respond}} {
		if s.given != nil {
			*s.standard = dispatch.Duration{N: max(s.given.Sub(r.FiledAt).Hours(), 0), Unit: dispatch.ClockHours}
		}
	}
	return []any{
		oldID(g.authority, source, "report", r.ID), sum[:], oldID(g.authority, source, "incident", incident), incident == r.ID,
		r.ID, incident, rand.Text(), string(r.Channel), r.Category, department, int32(k.Priority), r.Text, r.Told, lon, lat, string(p.Precision), float32(p.Score), p.Label,
		areaCode(p.District), areaCode(p.Neighbourhood), r.FiledAt, r.ClosedAt, r.RespondedAt, respondDue, float32(respond.N), string(respond.Unit),
		due, float32(standard.N), string(standard.Unit), int32(r.Reopened),
	}, nil
}

// likely is how sure a place that was found for an old report must be: of a
// hundred such, at least so many are right.
const likely = 0.8

// oldPlace is where an old report was: its own point, or what its words are
// found to mean. Areas are those of today, or the named ones where the point
// is in none.
func (g *ground) oldPlace(r *OldReport) dispatch.Place {
	p := dispatch.Place{Precision: geo.Unplaced, Label: r.Told, Text: r.Told}
	switch {
	case r.At != nil && r.Fallback:
		// What stands for a place that wasn't known lies in no area either.
		p.Lat, p.Lon, p.Precision = &r.At[1], &r.At[0], geo.InArea
	case r.At != nil:
		p = g.placeAt(geo.Result{Lat: r.At[1], Lon: r.At[0], Precision: geo.Pin, Score: 1, Label: r.Told}, r.Told)
	default:
		// Nobody looks at what was found, so it must be likely.
		if found, err := g.locate(NewPlace{Text: r.Told}); err == nil && found.Score >= likely {
			p = found
		}
	}
	named := func(level geo.Level, said string, at **dispatch.Ref) {
		if said == "" || *at != nil {
			return
		}
		for _, a := range g.tree {
			if a.Level == level && (a.Code == said || a.Name == said || contains(a.Names, said)) {
				*at = &dispatch.Ref{Code: a.Code, Name: a.Name}
				return
			}
		}
	}
	named(geo.District, r.District, &p.District)
	named(geo.Neighbourhood, r.Neighbourhood, &p.Neighbourhood)
	return p
}

func contains(names map[string]string, said string) bool {
	for _, n := range names {
		if strings.EqualFold(n, said) {
			return true
		}
	}
	return false
}

// oldSpace is the namespace of the ids of what was imported (RFC 9562, 5.5).
var oldSpace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://moked.example/old-reports"))

// oldID is the same for the same thing of the same source.
func oldID(authority, source, noun, id string) uuid.UUID {
	return uuid.NewSHA1(oldSpace, []byte(strings.Join([]string{authority, source, noun, id}, "\x00")))
}
