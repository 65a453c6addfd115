package desk

import (
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"
	"time"

	"github.com/google/uuid"

	"moked/dispatch"
)

// photoFiles keeps the bytes of photos in a folder that every process on the
// database shares:
//
//	AUTHORITY/ab/cd/abcd…           the photo as it came, by its SHA-256
//	AUTHORITY/ab/cd/abcd….view.jpg  what people are shown, made when first asked for
//	AUTHORITY/part/abcd…-UPLOADER   the pieces of one that isn't whole yet
//	AUTHORITY/part/….new            one request's bytes
//	AUTHORITY/lock                  empty; see lock
//
// A file gets its name only when it is whole and on disk, so one that has its
// name is.
type photoFiles struct{ root *os.Root }

// unfinishedFor is how long the pieces of a photo wait for the rest.
const unfinishedFor = 24 * time.Hour

func photoName(authority, sum string) string { return path.Join(authority, sum[:2], sum[2:4], sum) }

func partName(authority, sum string, by uuid.UUID) string {
	return path.Join(authority, "part", sum+"-"+by.String())
}

// create makes a file for one request's bytes.
func (s photoFiles) create(authority string) (name string, f *os.File, err error) {
	dir := path.Join(authority, "part")
	name = path.Join(dir, strings.ToLower(rand.Text())+".new")
	f, err = s.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		if err = s.root.MkdirAll(dir, 0o700); err == nil {
			f, err = s.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		}
	}
	return name, f, err
}

// keep gives a file that is on disk the name of its content, for good: when it
// returns, neither the file nor its name is lost with the power.
func (s photoFiles) keep(temp, name string) error {
	dir := path.Dir(name)
	if _, err := s.root.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		if err := s.root.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		for up := path.Dir(dir); ; up = path.Dir(up) {
			if err := s.syncFolder(up); err != nil {
				return err
			}
			if up == "." {
				break
			}
		}
	}
	if err := s.root.Rename(temp, name); err != nil {
		return err
	}
	return s.syncFolder(dir)
}

func (s photoFiles) syncFolder(dir string) error {
	f, err := s.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// write puts bytes under a name, on disk.
func (s photoFiles) write(authority, name string, b []byte) error {
	temp, f, err := s.create(authority)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = s.keep(temp, name)
	}
	if err != nil {
		_ = s.root.Remove(temp)
	}
	return err
}

// append adds bytes that begin at from to the pieces under a name, and returns
// how many there are then. Bytes that are there already are passed over;
// there may be no gap. Who appends has the pieces to itself, in every process.
// When they come to total, they are moved to a file of the caller's own, whole,
// while it still has them to itself: of requests that send the last piece at
// once, one gets the whole.
func (s photoFiles) append(authority, name string, from int64, more io.ReadSeeker, n, total int64) (size int64, whole string, err error) {
	f, err := s.lockPart(name)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	if size, err = f.Seek(0, io.SeekEnd); err != nil {
		return 0, "", err
	}
	if from > size {
		return size, "", wrongOffset(size)
	}
	if from+n > size {
		if _, err = more.Seek(size-from, io.SeekStart); err != nil {
			return size, "", err
		}
		wrote, err := io.CopyN(f, more, from+n-size)
		if err == nil {
			err = f.Sync()
		}
		if err != nil {
			return size, "", errors.Join(err, f.Truncate(size))
		}
		size += wrote
	}
	if size < total {
		return size, "", nil
	}
	whole = path.Join(authority, "part", strings.ToLower(rand.Text())+".new")
	return size, whole, s.root.Rename(name, whole)
}

// lockPart opens the pieces under a name and locks them. The name may have
// gone to a new file while it waited for the old one's lock.
func (s photoFiles) lockPart(name string) (*os.File, error) {
	for {
		f, err := s.root.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, err
		}
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		if err == nil {
			var held, named fs.FileInfo
			if held, err = f.Stat(); err == nil {
				if named, err = s.root.Stat(name); err == nil && os.SameFile(held, named) {
					return f, nil
				}
			}
		}
		f.Close()
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
}

// size is how many bytes are under a name, 0 for none.
func (s photoFiles) size(name string) (int64, error) {
	st, err := s.root.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return st.Size(), nil
}

// sweep removes what was begun and not gone on with for long.
func (s photoFiles) sweep(now time.Time) error {
	dirs, err := fs.Glob(s.root.FS(), "*/part/*")
	if err != nil {
		return err
	}
	var failed error
	for _, name := range dirs {
		st, err := s.root.Stat(name)
		if err != nil || now.Sub(st.ModTime()) < unfinishedFor {
			continue
		}
		if err := s.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

func wrongOffset(there int64) error {
	return &dispatch.Error{Code: dispatch.WrongOffset, Key: KeyWrongOffset, Args: map[string]any{"offset": there}}
}
