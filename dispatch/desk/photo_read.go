package desk

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
	"moked/dispatch/photo"
)

// PhotoSize is which picture of a photo is asked for.
type PhotoSize string

// The original is the file as it came, with all that its camera wrote into it.
const (
	PhotoView     PhotoSize = "view"
	PhotoMap      PhotoSize = "map"
	PhotoOriginal PhotoSize = "original"
)

// PhotoFile is a picture to be read; close it when done.
type PhotoFile struct {
	*os.File
	MIME string
}

const (
	selectPhotoOwner = `select mime, state, uploaded_by, crew from photo where authority = $1 and sha256 = $2`
	selectPhotoUses  = `
select n.kind, j.crew, j.department, i.id, i.department, i.district, i.category, c.sensitive
from job_photo n join job j on j.id = n.job join incident i on i.id = j.incident
join category c on c.authority = i.authority and c.code = i.category
where n.authority = $1 and n.sha256 = $2`
	markUnreadable = `update photo set state = 'unreadable' where authority = $1 and sha256 = $2`
)

// OpenPhoto opens a photo as the actor may see it. Who sent it sees it; so does
// who sees a job or an incident that it is of; and a resident the photos after
// the work on their incident, where its category publishes them. The original
// is for those of the authority's own people who may read it for the file.
func (d *Desk) OpenPhoto(ctx context.Context, who dispatch.Actor, sum string, size PhotoSize) (PhotoFile, error) {
	key, err := d.mayPhoto(who, dispatch.PhotoRead, sum)
	if err != nil {
		return PhotoFile{}, err
	}
	if !slices.Contains([]PhotoSize{PhotoView, PhotoMap, PhotoOriginal}, size) {
		return PhotoFile{}, invalid("size", KeyUnknownSize, map[string]any{"size": string(size)})
	}
	if size == PhotoOriginal && !who.May(dispatch.PhotoFull, dispatch.Scope{}) {
		return PhotoFile{}, forbidden()
	}
	mime, err := d.seesPhoto(ctx, who, key)
	if err != nil {
		return PhotoFile{}, err
	}
	name := photoName(who.Authority, sum)
	if size != PhotoOriginal {
		mime = string(photo.JPEG)
		name += "." + string(size) + ".jpg"
	}
	f, err := d.photos.files.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) && size != PhotoOriginal {
		if err = d.makePhoto(ctx, who.Authority, sum, key); err == nil {
			f, err = d.photos.files.root.Open(name)
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return PhotoFile{}, notFound(KeyNoPhoto)
	}
	return PhotoFile{f, mime}, err
}

// seesPhoto returns a photo's kind if the actor may see it.
func (d *Desk) seesPhoto(ctx context.Context, who dispatch.Actor, key []byte) (mime string, err error) {
	err = d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		var (
			state string
			by    uuid.UUID
			crew  *uuid.UUID
		)
		err := tx.QueryRow(ctx, selectPhotoOwner, who.Authority, key).Scan(&mime, &state, &by, &crew)
		if errors.Is(err, pgx.ErrNoRows) {
			return notFound(KeyNoPhoto)
		}
		if err != nil {
			return err
		}
		if who.ID != uuid.Nil && by == who.ID || who.Role == dispatch.CrewMember && crew != nil && *crew == who.Crew {
			return nil
		}
		rows, _ := tx.Query(ctx, selectPhotoUses, who.Authority, key)
		uses, err := pgx.CollectRows(rows, scanUse)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(uses, func(u photoUse) bool { return u.shows(who, g) }) {
			return notFound(KeyNoPhoto)
		}
		return nil
	})
	return mime, err
}

// photoUse is a job that names a photo.
type photoUse struct {
	kind, category string
	job, incident  dispatch.Scope
}

func scanUse(row pgx.CollectableRow) (u photoUse, err error) {
	var (
		crew          *uuid.UUID
		ofJob, ofThat string
	)
	err = row.Scan(&u.kind, &crew, &ofJob, &u.incident.Incident, &ofThat, &u.incident.District, &u.category, &u.incident.Sensitive)
	u.job = dispatch.Scope{District: u.incident.District, Departments: []string{ofJob}, Incident: u.incident.Incident}
	u.incident.Departments = []string{ofThat}
	if crew != nil {
		u.job.Crew = *crew
	}
	return u, err
}

func (u photoUse) shows(who dispatch.Actor, g *ground) bool {
	if who.Role == dispatch.Resident {
		return u.published(g) && who.Sees(dispatch.NounIncident, u.incident)
	}
	return who.Sees(dispatch.NounJob, u.job) || who.Sees(dispatch.NounIncident, u.incident)
}

// published says whether residents see the photo on their incident's page.
func (u photoUse) published(g *ground) bool {
	return u.kind == "after" && !u.incident.Sensitive && g.publishesPhotos(u.category)
}

// makePhoto makes the pictures that are shown of a photo, once for all who ask
// meanwhile, and goes on when these have left.
func (d *Desk) makePhoto(ctx context.Context, authority, sum string, key []byte) error {
	made := d.photos.making.DoChan(authority+sum, func() (any, error) {
		return nil, d.makeNow(context.WithoutCancel(ctx), authority, sum, key)
	})
	select {
	case r := <-made:
		return r.Err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *Desk) makeNow(ctx context.Context, authority, sum string, key []byte) error {
	p := d.photos
	name := photoName(authority, sum)
	i, size, err := d.examine(ctx, name, key)
	if err != nil {
		return err
	}
	slot := p.plain
	if i.MIME == photo.HEIC {
		slot = p.heic
	}
	slot <- struct{}{}
	defer func() { <-slot }()
	weight := min(i.Memory+size, photo.MaxMemory)
	if err := p.memory.Acquire(ctx, weight); err != nil {
		return err
	}
	defer p.memory.Release(weight)
	b, err := p.files.root.ReadFile(name)
	if err != nil {
		return err
	}
	view, small, err := photo.Make(b, i)
	var refusal *dispatch.Error
	if errors.As(err, &refusal) {
		d.log.WarnContext(ctx, "a photo doesn't decode", "authority", authority, "sha256", sum, "mime", i.MIME)
		_, err = d.pool.Exec(ctx, markUnreadable, authority, key)
		return errors.Join(err, invalid("sha256", KeyUnreadable, nil))
	}
	if err != nil {
		return err
	}
	err = p.files.write(authority, name+"."+string(PhotoMap)+".jpg", small)
	return errors.Join(err, p.files.write(authority, name+"."+string(PhotoView)+".jpg", view))
}
