package desk

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
	"moked/dispatch/feed"
)

// save writes everything in one round trip, the events last.
func (b *batch) save(ctx context.Context) error {
	if len(b.firsts) == 0 {
		return nil
	}
	q := &pgx.Batch{}
	var opened []*incident
	for _, f := range b.firsts {
		if i := b.opens[f]; i != nil {
			opened = append(opened, i)
		}
	}
	b.queueOpened(q, opened)
	b.queueJoined(q)
	if err := b.queueReports(q); err != nil {
		return err
	}
	b.queueJobs(q, opened)
	for _, j := range b.moved {
		if b.isNew[j.Incident] {
			continue // written with its incident
		}
		queueJob(q, j)
	}
	if err := feed.Queue(q, b.who.Authority, b.events); err != nil {
		return err
	}
	return b.tx.SendBatch(ctx, q).Close()
}

const insertOpened = `
insert into incident (id, authority, number, version, state, category, department, priority, text, geom, precision, score, label, told,
	district, neighbourhood, reports, last_report_at, opened_at)
select o.id, $1, o.number, o.version, 'open', o.category, o.department, o.priority, o.text, st_setsrid(st_makepoint(o.lon, o.lat), 4326),
	o.precision, o.score, o.label, o.told, o.district, o.neighbourhood, o.reports, o.last_report_at, o.opened_at
from unnest($2::uuid[], $3::text[], $4::int[], $5::text[], $6::text[], $7::int[], $8::text[], $9::float8[], $10::float8[], $11::text[],
	$12::real[], $13::text[], $14::text[], $15::text[], $16::text[], $17::int[], $18::timestamptz[], $19::timestamptz[])
	as o (id, number, version, category, department, priority, text, lon, lat, precision, score, label, told, district, neighbourhood,
	reports, last_report_at, opened_at)`

const insertClocks = `
insert into clock (incident, kind, n, unit, started_at, due_at)
select * from unnest($1::uuid[], $2::text[], $3::real[], $4::text[], $5::timestamptz[], $6::timestamptz[])`

func (b *batch) queueOpened(q *pgx.Batch, opened []*incident) {
	if len(opened) == 0 {
		return
	}
	var c struct {
		id, clockOf                                                                []uuid.UUID
		number, category, department, text, precision, label, told, district, hood []string
		version, priority, reports                                                 []int32
		lon, lat                                                                   []*float64
		score, n                                                                   []float32
		last, opened, started, due                                                 []time.Time
		kind, unit                                                                 []string
	}
	for _, i := range opened {
		lon, lat := coordinates(i.Place)
		c.id, c.number, c.version = append(c.id, i.ID), append(c.number, i.Number), append(c.version, int32(i.Version))
		c.category, c.department = append(c.category, i.Category), append(c.department, i.Department)
		c.priority, c.text = append(c.priority, int32(i.Priority)), append(c.text, i.Text)
		c.lon, c.lat = append(c.lon, lon), append(c.lat, lat)
		c.precision, c.score = append(c.precision, string(i.Place.Precision)), append(c.score, float32(i.Place.Score))
		c.label, c.told = append(c.label, i.Place.Label), append(c.told, i.Place.Text)
		c.district, c.hood = append(c.district, areaCode(i.Place.District)), append(c.hood, areaCode(i.Place.Neighbourhood))
		c.reports, c.last, c.opened = append(c.reports, int32(i.Reports)), append(c.last, i.lastReport), append(c.opened, i.OpenedAt)
		for _, k := range i.Clocks {
			c.clockOf, c.kind, c.n = append(c.clockOf, i.ID), append(c.kind, string(k.Kind)), append(c.n, float32(k.Standard.N))
			c.unit, c.started, c.due = append(c.unit, string(k.Standard.Unit)), append(c.started, k.StartedAt), append(c.due, k.DueAt)
		}
	}
	q.Queue(insertOpened, b.who.Authority, c.id, c.number, c.version, c.category, c.department, c.priority, c.text, c.lon, c.lat,
		c.precision, c.score, c.label, c.told, c.district, c.hood, c.reports, c.last, c.opened)
	q.Queue(insertClocks, c.clockOf, c.kind, c.n, c.unit, c.started, c.due)
}

const updateJoined = `
update incident i set version = u.version, reports = u.reports, last_report_at = u.last_report_at,
	geom = st_setsrid(st_makepoint(u.lon, u.lat), 4326), precision = u.precision, score = u.score, label = u.label, told = u.told,
	district = u.district, neighbourhood = u.neighbourhood
from unnest($1::uuid[], $2::int[], $3::int[], $4::timestamptz[], $5::float8[], $6::float8[], $7::text[], $8::real[], $9::text[], $10::text[],
	$11::text[], $12::text[])
	as u (id, version, reports, last_report_at, lon, lat, precision, score, label, told, district, neighbourhood)
where i.id = u.id`

// queueJoined writes what joining changes of incidents that were there before.
func (b *batch) queueJoined(q *pgx.Batch) {
	var c struct {
		id                                              []uuid.UUID
		version, reports                                []int32
		last                                            []time.Time
		lon, lat                                        []*float64
		score                                           []float32
		precision, label, told, district, neighbourhood []string
	}
	for id := range b.changed {
		if b.isNew[id] {
			continue
		}
		i := b.held[id]
		lon, lat := coordinates(i.Place)
		c.id, c.version, c.reports, c.last = append(c.id, id), append(c.version, int32(i.Version)), append(c.reports, int32(i.Reports)), append(c.last, i.lastReport)
		c.lon, c.lat, c.score = append(c.lon, lon), append(c.lat, lat), append(c.score, float32(i.Place.Score))
		c.precision, c.label, c.told = append(c.precision, string(i.Place.Precision)), append(c.label, i.Place.Label), append(c.told, i.Place.Text)
		c.district, c.neighbourhood = append(c.district, areaCode(i.Place.District)), append(c.neighbourhood, areaCode(i.Place.Neighbourhood))
	}
	if len(c.id) > 0 {
		q.Queue(updateJoined, c.id, c.version, c.reports, c.last, c.lon, c.lat, c.precision, c.score, c.label, c.told, c.district, c.neighbourhood)
	}
}

const insertJobs = `
insert into job (id, authority, number, version, state, incident, crew, department, created_at, assigned_at)
select j.id, $1, j.number, j.version, j.state, j.incident, j.crew, j.department, j.created_at, j.assigned_at
from unnest($2::uuid[], $3::text[], $4::int[], $5::text[], $6::uuid[], $7::uuid[], $8::text[], $9::timestamptz[], $10::timestamptz[])
	as j (id, number, version, state, incident, crew, department, created_at, assigned_at)`

// queueJobs writes the jobs of the incidents that the batch opens.
func (b *batch) queueJobs(q *pgx.Batch, opened []*incident) {
	var c struct {
		id, incident              []uuid.UUID
		crew                      []*uuid.UUID
		number, state, department []string
		version                   []int32
		created                   []time.Time
		assigned                  []*time.Time
	}
	for _, i := range opened {
		for _, j := range b.jobs[i.ID] {
			c.id, c.incident, c.crew = append(c.id, j.ID), append(c.incident, j.Incident), append(c.crew, j.Crew)
			c.number, c.state, c.department = append(c.number, j.Number), append(c.state, string(j.State)), append(c.department, j.Department)
			c.version, c.created, c.assigned = append(c.version, int32(j.Version)), append(c.created, j.CreatedAt), append(c.assigned, j.AssignedAt)
		}
	}
	if len(c.id) > 0 {
		q.Queue(insertJobs, b.who.Authority, c.id, c.number, c.version, c.state, c.incident, c.crew, c.department, c.created, c.assigned)
	}
}

const insertReports = `
insert into report (id, authority, number, token, channel, category, text, told, geom, precision, score, label, district, neighbourhood,
	contact, phone, answers, incident, merge, filed_by, filed_at, idempotency, body_hash)
select r.id, $1, r.number, r.token, r.channel, r.category, r.text, r.told, st_setsrid(st_makepoint(r.lon, r.lat), 4326), r.precision, r.score,
	r.label, r.district, r.neighbourhood, r.contact::jsonb, r.phone, r.answers::jsonb, r.incident, r.merge::jsonb, r.filed_by::jsonb,
	r.filed_at, r.idempotency, r.body_hash
from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::float8[], $10::float8[], $11::text[],
	$12::real[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::uuid[], $20::text[], $21::text[],
	$22::timestamptz[], $23::text[], $24::bytea[])
	as r (id, number, token, channel, category, text, told, lon, lat, precision, score, label, district, neighbourhood, contact, phone,
	answers, incident, merge, filed_by, filed_at, idempotency, body_hash)`

func (b *batch) queueReports(q *pgx.Batch) error {
	var c struct {
		id, incident                                                             []uuid.UUID
		number, token, channel, category, text, told, precision, label, district []string
		hood, answers, merge, by                                                 []string
		contact, phone, key                                                      []*string
		lon, lat                                                                 []*float64
		score                                                                    []float32
		filed                                                                    []time.Time
		hash                                                                     [][]byte
	}
	for _, f := range b.firsts {
		r := &f.report
		answers := r.Answers
		if answers == nil {
			answers = map[string]dispatch.Answer{}
		}
		texts := [4]string{}
		for n, v := range []any{answers, b.verdict[f], filedBy{f.who.By(), f.who.ID}, r.Contact} {
			t, err := json.Marshal(v)
			if err != nil {
				return err
			}
			texts[n] = string(t)
		}
		var contact, key *string
		if r.Contact != nil {
			contact = &texts[3]
		}
		if f.n.Key != "" {
			key = &f.n.Key
		}
		lon, lat := coordinates(r.Place)
		c.id, c.incident, c.number, c.token = append(c.id, r.ID), append(c.incident, r.Incident), append(c.number, r.Number), append(c.token, r.Token)
		c.channel, c.category, c.text = append(c.channel, string(r.Channel)), append(c.category, r.Category), append(c.text, r.Text)
		c.told, c.lon, c.lat = append(c.told, r.Place.Text), append(c.lon, lon), append(c.lat, lat)
		c.precision, c.score, c.label = append(c.precision, string(r.Place.Precision)), append(c.score, float32(r.Place.Score)), append(c.label, r.Place.Label)
		c.district, c.hood = append(c.district, areaCode(r.Place.District)), append(c.hood, areaCode(r.Place.Neighbourhood))
		c.answers, c.merge, c.by = append(c.answers, texts[0]), append(c.merge, texts[1]), append(c.by, texts[2])
		c.contact, c.phone, c.key = append(c.contact, contact), append(c.phone, f.phone), append(c.key, key)
		c.filed, c.hash = append(c.filed, r.FiledAt), append(c.hash, f.hash)
	}
	q.Queue(insertReports, b.who.Authority, c.id, c.number, c.token, c.channel, c.category, c.text, c.told, c.lon, c.lat, c.precision,
		c.score, c.label, c.district, c.hood, c.contact, c.phone, c.answers, c.incident, c.merge, c.by, c.filed, c.key, c.hash)
	return nil
}

// filedBy is who took the report, as the table keeps it.
type filedBy struct {
	dispatch.By
	ID uuid.UUID `json:"id,omitzero"`
}
