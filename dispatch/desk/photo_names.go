package desk

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

const (
	insertJobPhotos = `
insert into job_photo (job, sha256, kind, authority, at) select $1, n.sha256, n.kind, $2, n.at
from unnest($3::bytea[], $4::text[], $5::timestamptz[]) as n (sha256, kind, at) on conflict do nothing`
	forgetTheirPlaces = `update photo set taken = null where authority = $1 and sha256 = any($2) and taken is not null`
	selectNaming      = `
select distinct i.category from job_photo n join job j on j.id = n.job join incident i on i.id = j.incident
where n.authority = $1 and n.sha256 = $2`
)

// signed is the kind under which a job names the drawing of a signature.
const signed = "signature"

// namePhotos notes which photos a job's record names, whether or not their
// bytes have come. Where the job's category doesn't keep where photos were
// taken, they forget it.
func (c *change) namePhotos(b *pgx.Batch, j dispatch.Job) {
	var (
		keys  [][]byte
		kinds []string
		times []time.Time
	)
	name := func(sum, kind string, at time.Time) {
		if key := photoKey(sum); key != nil {
			keys, kinds, times = append(keys, key), append(kinds, kind), append(times, at)
		}
	}
	for _, p := range j.Record.Photos {
		name(p.SHA256, string(p.Kind), p.At)
	}
	if s := j.Record.Signature; s != nil {
		name(s.SHA256, signed, s.At)
	}
	if len(keys) == 0 {
		return
	}
	b.Queue(insertJobPhotos, j.ID, c.who.Authority, keys, kinds, times)
	if !c.ground.keepsPlaces(j.Category) {
		b.Queue(forgetTheirPlaces, c.who.Authority, keys)
	}
}

// placeKept reports whether a photo's record may hold where it was taken: no
// job that names it is of a category that says no.
func (c *change) placeKept(ctx context.Context, key []byte) (bool, error) {
	rows, _ := c.tx.Query(ctx, selectNaming, c.who.Authority, key)
	categories, err := pgx.CollectRows(rows, pgx.RowTo[string])
	for _, code := range categories {
		if !c.ground.keepsPlaces(code) {
			return false, err
		}
	}
	return true, err
}

// public says whether a resident sees the photo on the page of its incident.
func (p IncidentPhoto) public(g *ground, of dispatch.Incident) bool {
	u := photoUse{kind: p.Kind, category: of.Category, incident: of.Scope()}
	return p.Stored && u.published(g)
}

// keepsPlaces is the policy of a category.
func (g *ground) keepsPlaces(category string) bool {
	k, ok := g.category[category]
	return ok && k.Field.PhotoPlace
}

// publishesPhotos says whether a resident sees the photos after the work.
func (g *ground) publishesPhotos(category string) bool {
	k, ok := g.category[category]
	return ok && k.Field.PublicPhotos
}

// IncidentPhoto is a photo of an incident's job. Stored is false until its
// bytes have come. TakenAt is the camera's word; Lat and Lon are where it was
// taken, where the category keeps that.
type IncidentPhoto struct {
	SHA256  string     `json:"sha256"`
	Kind    string     `json:"kind"`
	Job     uuid.UUID  `json:"job"`
	At      time.Time  `json:"at"`
	Stored  bool       `json:"stored"`
	TakenAt *time.Time `json:"taken_at,omitempty"`
	Lat     *float64   `json:"lat,omitempty"`
	Lon     *float64   `json:"lon,omitempty"`
}

const selectIncidentPhotos = `
select encode(n.sha256, 'hex'), n.kind, n.job, n.at, p.sha256 is not null, p.taken_at, st_y(p.taken), st_x(p.taken)
from job j join job_photo n on n.job = j.id left join photo p on p.authority = n.authority and p.sha256 = n.sha256
where j.incident = $1 and j.authority = $2 and n.kind <> 'signature'
order by n.at, n.sha256`

// photosOf lists what an incident's jobs have photographed, as the actor may
// see it.
func photosOf(ctx context.Context, tx pgx.Tx, g *ground, who dispatch.Actor, of dispatch.Incident) ([]IncidentPhoto, error) {
	rows, _ := tx.Query(ctx, selectIncidentPhotos, of.ID, who.Authority)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[IncidentPhoto])
	seen := []IncidentPhoto{}
	for _, p := range all {
		p.At, p.TakenAt = p.At.UTC(), inUTC(p.TakenAt)
		switch {
		case who.Role == dispatch.Resident && !p.public(g, of):
			continue
		case who.Role == dispatch.Resident:
			p = IncidentPhoto{SHA256: p.SHA256, Kind: p.Kind, Job: p.Job, At: p.At, Stored: true}
		case !g.keepsPlaces(of.Category):
			p.Lat, p.Lon = nil, nil
		}
		seen = append(seen, p)
	}
	return seen, err
}
