package localpg

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"
)

// poll is how often a wait for another process looks again.
const poll = 10 * time.Millisecond

// lockFile is an open file that serves as a lock. The lock is gone when it is
// closed, or when the process ends in whatever way; it is not an *os.File, as
// that is closed when nobody refers to it any more. Programs started by this
// process don't inherit it.
type lockFile struct {
	fd   int
	path string
}

// openLock opens a lock file, making it when it is not there.
func openLock(path string) (*lockFile, error) {
	for {
		fd, err := syscall.Open(path, syscall.O_CREAT|syscall.O_RDWR|syscall.O_NOFOLLOW|syscall.O_CLOEXEC, 0o600)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil {
			return nil, &os.PathError{Op: "open", Path: path, Err: err}
		}
		return &lockFile{fd, path}, nil
	}
}

// lock takes the lock, shared (syscall.LOCK_SH) or exclusive
// (syscall.LOCK_EX), and waits for it until the context ends.
func (l *lockFile) lock(ctx context.Context, how int) error {
	for {
		held, err := l.try(how)
		if held || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(poll):
		}
	}
}

// try takes the lock if nobody is in the way.
func (l *lockFile) try(how int) (bool, error) {
	for {
		switch err := syscall.Flock(l.fd, how|syscall.LOCK_NB); {
		case err == nil:
			return true, nil
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			return false, nil
		default:
			return false, &os.PathError{Op: "lock", Path: l.path, Err: err}
		}
	}
}

// unlock drops the lock and keeps the file open.
func (l *lockFile) unlock() { _ = syscall.Flock(l.fd, syscall.LOCK_UN) }

// close drops the lock for good.
func (l *lockFile) close() { _ = syscall.Close(l.fd) }
