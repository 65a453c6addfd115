package desk

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

const (
	insertJobPhoto = `
insert into job_photo (job, sha256, kind, authority, at) values ($1, $2, $3, $4, $5) on conflict do nothing`
	forgetPlace  = `update photo set taken = null where authority = $1 and sha256 = $2 and taken is not null`
	selectNaming = `
select distinct i.category from job_photo n join job j on j.id = n.job join incident i on i.id = j.incident
where n.authority = $1 and n.sha256 = $2`
)

// namePhoto notes that a job's record names a photo, whether or not its bytes
// have come. kind is before, after, other or signature. Where the job's
// category doesn't keep where photos were taken, the photo forgets it.
func (c *change) namePhoto(ctx context.Context, job dispatch.Job, sha256, kind string, at time.Time) error {
	key := photoKey(sha256)
	if key == nil {
		return invalid("sha256", KeyBadSum, nil)
	}
	if _, err := c.tx.Exec(ctx, insertJobPhoto, job.ID, key, kind, c.who.Authority, at); err != nil {
		return err
	}
	if c.ground.keepsPlaces(job.Category) {
		return nil
	}
	_, err := c.tx.Exec(ctx, forgetPlace, c.who.Authority, key)
	return err
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

// incidentPhotos lists what an incident's jobs have photographed.
func incidentPhotos(ctx context.Context, tx pgx.Tx, authority string, incident uuid.UUID) ([]IncidentPhoto, error) {
	rows, _ := tx.Query(ctx, selectIncidentPhotos, incident, authority)
	ps, err := pgx.CollectRows(rows, pgx.RowToStructByPos[IncidentPhoto])
	for n := range ps {
		ps[n].At, ps[n].TakenAt = ps[n].At.UTC(), inUTC(ps[n].TakenAt)
	}
	return ps, err
}
