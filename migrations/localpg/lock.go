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

// openLock opens a lock file, making it when it is not there. The lock belongs
// to the returned file and is gone when that is closed, or when the process
// ends in whatever way; programs started by this one don't inherit it.
func openLock(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW, 0o600)
}

// lock takes the file's lock, shared (syscall.LOCK_SH) or exclusive
// (syscall.LOCK_EX), and waits for it until the context ends.
func lock(ctx context.Context, f *os.File, how int) error {
	for {
		held, err := tryLock(f, how)
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

// tryLock takes the file's lock if nobody is in the way.
func tryLock(f *os.File, how int) (bool, error) {
	for {
		switch err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); {
		case err == nil:
			return true, nil
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			return false, nil
		default:
			return false, &os.PathError{Op: "lock", Path: f.Name(), Err: err}
		}
	}
}

// unlock drops the file's lock.
func unlock(f *os.File) { _ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }
