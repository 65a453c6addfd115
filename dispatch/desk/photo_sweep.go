package desk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// unknownFor is how long a file stays whose photo the database doesn't know. A
// process that died before it could say so leaves one; so does a database that
// was brought back from a backup, which a newer one may yet follow.
const unknownFor = 30 * 24 * time.Hour

const (
	selectPhotosFrom  = `select encode(sha256, 'hex') from photo where authority = $1 and sha256 between $2 and $3`
	selectPhotoExists = `select exists (select from photo where authority = $1 and sha256 = $2)`
)

// sweepUnknown removes the files of photos whose sums begin so and that the
// database has not known for long. A photo that was acknowledged stays, also
// when no job names it: its operation may still be on a tablet.
func (d *Desk) sweepUnknown(ctx context.Context, authority string, first byte) error {
	files := d.photos.files
	old, err := files.before(path.Join(authority, fmt.Sprintf("%02x", first)), time.Now().Add(-unknownFor))
	if err != nil || len(old) == 0 {
		return err
	}
	from, to := make([]byte, 32), make([]byte, 32)
	for i := range to {
		to[i] = 0xff
	}
	from[0], to[0] = first, first
	rows, _ := d.pool.Query(ctx, selectPhotosFrom, authority, from, to)
	known, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, sum := range known {
		delete(old, sum)
	}
	for sum, names := range old {
		err = errors.Join(err, d.removeUnknown(ctx, authority, sum, names))
	}
	return err
}

// removeUnknown looks again while no upload can come to its end, and removes
// the files of a photo. It is left for another time while one is about to.
func (d *Desk) removeUnknown(ctx context.Context, authority, sum string, names []string) error {
	files := d.photos.files
	lock, err := files.lock(authority, syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer lock.Close()
	var known bool
	if err := d.pool.QueryRow(ctx, selectPhotoExists, authority, photoKey(sum)).Scan(&known); err != nil || known {
		return err
	}
	var failed error
	for _, name := range names {
		st, err := files.root.Stat(name)
		if err == nil && time.Since(st.ModTime()) > unknownFor {
			err = files.root.Remove(name)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

const lockName = "lock"

// lock holds the authority's photos until it is closed: shared from before a
// photo has its name until the database says so, alone to remove one.
func (s photoFiles) lock(authority string, how int) (*os.File, error) {
	f, err := s.root.OpenFile(path.Join(authority, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		if err = syscall.Flock(int(f.Fd()), how); !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// before lists the files in a photos' folder that are older than a time, by
// the sums that they belong to.
func (s photoFiles) before(dir string, then time.Time) (map[string][]string, error) {
	old := map[string][]string{}
	err := fs.WalkDir(s.root.FS(), dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return passOver(err)
		}
		info, err := e.Info()
		if err != nil {
			return passOver(err)
		}
		if base := e.Name(); len(base) >= 64 && photoKey(base[:64]) != nil && info.Mode().IsRegular() && info.ModTime().Before(then) {
			old[base[:64]] = append(old[base[:64]], name)
		}
		return nil
	})
	return old, err
}

// passOver leaves out what has gone meanwhile.
func passOver(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
