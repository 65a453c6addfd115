package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"os"
	"runtime"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"

	"moked/dispatch"
	"moked/dispatch/photo"
)

// photos is the desk's hand on photos. What decodes at once is bounded by the
// memory that it takes, and HEIC, which takes long, waits for itself alone.
type photos struct {
	files  photoFiles
	memory *semaphore.Weighted
	plain  chan struct{}
	heic   chan struct{}
	making singleflight.Group
}

func newPhotos(root *os.Root) *photos {
	return &photos{
		files:  photoFiles{root},
		memory: semaphore.NewWeighted(photo.MaxMemory),
		plain:  make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
		heic:   make(chan struct{}, 1),
	}
}

// Photo is a photo that is stored: its bytes are on disk and the database says
// so. Width and Height are of the picture as it is seen, in pixels.
type Photo struct {
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	MIME   string `json:"mime"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Stored bool   `json:"stored"`
}

// Piece is a part of a photo: the bytes from First on, of Total in all.
type Piece struct{ First, Bytes, Total int64 }

// Upload is what came of a photo's bytes. Photo is nil while more are to come:
// Offset says from where on. New is false for a photo that was there already.
type Upload struct {
	Photo  *Photo
	New    bool
	Offset int64
}

const (
	selectPhoto = `select bytes, mime, width, height from photo where authority = $1 and sha256 = $2`
	insertPhoto = `
insert into photo (authority, sha256, bytes, mime, width, height, taken_at, taken, uploaded_by, crew, device, at)
values ($1, $2, $3, $4, $5, $6, $7, st_setsrid(st_makepoint($8, $9), 4326), $10, $11, $12, $13)
on conflict (authority, sha256) do update set state = 'stored'
returning (xmax = 0)`
)

// PutPhoto takes a photo's bytes, whole (piece is nil) or a piece of them, and
// is what its device waits for: when it returns a Photo, the bytes are on disk,
// are those that the sum names, and outlive this process and the machine's
// power. A piece must begin where those before it ended, or before; what
// doesn't hash to the sum is dropped with all its pieces. Of a body that
// breaks off, what came is kept for going on with.
func (d *Desk) PutPhoto(ctx context.Context, who dispatch.Actor, sum string, piece *Piece, body io.Reader) (up Upload, err error) {
	defer func() { err = roomless(err) }()
	key, err := d.mayPhoto(who, dispatch.PhotoSend, sum)
	if err != nil {
		return up, err
	}
	if piece != nil {
		switch {
		case piece.First < 0 || piece.Bytes <= 0 || piece.First+piece.Bytes > piece.Total:
			return up, invalid("Content-Range", KeyBadRange, nil)
		case piece.Total > photo.MaxBytes:
			return up, photo.TooHeavy()
		}
	}
	if p, err := d.storedPhoto(ctx, who, key, sum); err != nil || p != nil {
		return Upload{Photo: p}, err
	}
	files := d.photos.files
	temp, f, err := files.create(who.Authority)
	if err != nil {
		return up, err
	}
	defer func() {
		f.Close()
		_ = files.root.Remove(temp)
	}()
	most := int64(photo.MaxBytes)
	if piece != nil {
		most = piece.Bytes
	}
	n, broken := io.Copy(f, io.LimitReader(body, most+1))
	part := partName(who.Authority, sum, who.ID)
	switch {
	case n > most && piece != nil:
		return up, invalid("Content-Range", KeyBadRange, nil)
	case n > most:
		return up, photo.TooHeavy()
	case piece == nil && broken == nil:
		if err := f.Sync(); err != nil {
			return up, err
		}
		return d.finishPhoto(ctx, who, key, sum, temp)
	}
	if piece == nil {
		piece = &Piece{Bytes: n, Total: most + 1}
	}
	total := piece.Total
	if n < piece.Bytes {
		total = math.MaxInt64 // it isn't to be finished by a body that broke off
	}
	var whole string
	if n > 0 {
		if up.Offset, whole, err = files.append(who.Authority, part, piece.First, f, n, total); err != nil {
			return d.meanwhile(ctx, who, key, sum, err)
		}
	}
	switch {
	case broken != nil:
		return up, broken
	case n < piece.Bytes:
		return up, invalid("Content-Range", KeyBadRange, nil)
	case whole == "":
		return up, nil
	}
	return d.finishPhoto(ctx, who, key, sum, whole)
}

// meanwhile is the photo, where a piece didn't fit because another request has
// brought the last one since; otherwise it is the refusal.
func (d *Desk) meanwhile(ctx context.Context, who dispatch.Actor, key []byte, sum string, refusal error) (Upload, error) {
	p, err := d.storedPhoto(ctx, who, key, sum)
	if err != nil || p == nil {
		return Upload{}, refusal
	}
	return Upload{Photo: p}, nil
}

// finishPhoto checks a file that is on disk, gives it its name, and then says
// so in the database. The order is the promise: no row without its file.
func (d *Desk) finishPhoto(ctx context.Context, who dispatch.Actor, key []byte, sum, temp string) (up Upload, err error) {
	files := d.photos.files
	defer func() { _ = files.root.Remove(temp) }()
	i, size, err := d.examine(ctx, temp, key)
	if err != nil {
		return up, err
	}
	lock, err := files.lock(who.Authority, syscall.LOCK_SH)
	if err != nil {
		return up, err
	}
	defer lock.Close()
	if err := files.keep(temp, photoName(who.Authority, sum)); err != nil {
		return up, err
	}
	p := Photo{SHA256: sum, Bytes: size, MIME: string(i.MIME), Width: i.Width, Height: i.Height, Stored: true}
	up = Upload{Photo: &p, New: true, Offset: size}
	if !ruleRow {
		return up, nil
	}
	err = d.write(ctx, who, func(c *change) error {
		lat, lon := i.Lat, i.Lon
		if keep, err := c.placeKept(ctx, key); err != nil || !keep {
			if err != nil {
				return err
			}
			lat, lon = nil, nil
		}
		return c.tx.QueryRow(ctx, insertPhoto, who.Authority, key, size, i.MIME, i.Width, i.Height, i.TakenAt, lon, lat,
			who.ID, optional(who.Crew), optional(who.Device), c.now).Scan(&up.New)
	})
	if err != nil {
		return Upload{}, err
	}
	return up, nil
}

// examine reads a file and finds out what it is: it must hash to the key.
func (d *Desk) examine(ctx context.Context, name string, key []byte) (i photo.Info, size int64, err error) {
	if size, err = d.photos.files.size(name); err != nil {
		return i, 0, err
	}
	weight := min(size, photo.MaxMemory)
	if err := d.photos.memory.Acquire(ctx, weight); err != nil {
		return i, 0, err
	}
	defer d.photos.memory.Release(weight)
	b, err := d.photos.files.root.ReadFile(name)
	if err != nil {
		return i, 0, err
	}
	if sum := sha256.Sum256(b); !bytes.Equal(sum[:], key) && ruleHash {
		return i, 0, &dispatch.Error{Code: dispatch.HashMismatch, Key: KeyHashMismatch, Field: "sha256"}
	}
	i, err = photo.Look(b)
	return i, size, err
}

// PhotoOffset is how far the actor's upload of a photo has come, or the photo
// itself when it is stored.
func (d *Desk) PhotoOffset(ctx context.Context, who dispatch.Actor, sum string) (up Upload, err error) {
	key, err := d.mayPhoto(who, dispatch.PhotoSend, sum)
	if err != nil {
		return up, err
	}
	if up.Photo, err = d.storedPhoto(ctx, who, key, sum); err != nil || up.Photo != nil {
		return up, err
	}
	if up.Offset, err = d.photos.files.size(partName(who.Authority, sum, who.ID)); err == nil && up.Offset == 0 {
		err = notFound(KeyNoPhoto)
	}
	return up, err
}

// storedPhoto is the photo that the database says is stored, if its file is
// there as well.
func (d *Desk) storedPhoto(ctx context.Context, who dispatch.Actor, key []byte, sum string) (*Photo, error) {
	p := Photo{SHA256: sum, Stored: true}
	err := d.pool.QueryRow(ctx, selectPhoto, who.Authority, key).Scan(&p.Bytes, &p.MIME, &p.Width, &p.Height)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	size, err := d.photos.files.size(photoName(who.Authority, sum))
	if err != nil || size != p.Bytes {
		return nil, err // a folder that was lost is filled again
	}
	return &p, nil
}

// mayPhoto checks who asks, and that the sum is one.
func (d *Desk) mayPhoto(who dispatch.Actor, p dispatch.Permission, sum string) (key []byte, err error) {
	switch {
	case !who.May(p, dispatch.Scope{}):
		return nil, forbidden()
	case d.photos == nil:
		return nil, &dispatch.Error{Code: dispatch.Unavailable, Key: KeyUnavailable}
	case !authorityCode.MatchString(who.Authority):
		return nil, notFound(KeyNoPhoto)
	}
	if key = photoKey(sum); key == nil {
		return nil, invalid("sha256", KeyBadSum, nil)
	}
	return key, nil
}

// photoKey is a sum in bytes, or nil for what is none: 64 small hexadecimal
// digits.
func photoKey(sum string) []byte {
	key, err := hex.DecodeString(sum)
	if err != nil || len(key) != sha256.Size || hex.EncodeToString(key) != sum {
		return nil
	}
	return key
}

// roomless tells a full disk apart from a fault: it passes.
func roomless(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return &dispatch.Error{Code: dispatch.Unavailable, Key: KeyNoRoom}
	}
	return err
}

const forgetPlaces = `
update photo p set taken = null
where p.authority = $1 and p.taken is not null and (
	p.at < $2 and not exists (select from job_photo n where n.authority = p.authority and n.sha256 = p.sha256)
	or exists (select from job_photo n join job j on j.id = n.job join incident i on i.id = j.incident
		where n.authority = p.authority and n.sha256 = p.sha256 and i.category <> all($3::text[])))`

// KeepPhotos removes uploads that were not gone on with for a day, files whose
// photos the database has not known for a month, and where photos were taken:
// of those that no job has named in a day, and of those whose category doesn't
// keep it. It is to be called every hour; each goes through a part of the files.
func (d *Desk) KeepPhotos(ctx context.Context) error {
	if d.photos == nil {
		return nil
	}
	// Files have the machine's time, whatever the desk's clock says.
	failed := d.photos.files.sweep(time.Now())
	for _, authority := range d.Authorities() {
		for first := d.now().Hour(); first < 256; first += 24 {
			failed = errors.Join(failed, d.sweepUnknown(ctx, authority, byte(first)))
		}
		g, err := d.grounds.of(ctx, authority)
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		keep := []string{}
		for _, k := range g.categories {
			if g.keepsPlaces(k.Code) {
				keep = append(keep, k.Code)
			}
		}
		_, err = d.pool.Exec(ctx, forgetPlaces, authority, d.now().Add(-unfinishedFor), keep)
		failed = errors.Join(failed, err)
	}
	return failed
}
