package localpg

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// keeperScript waits until nobody uses the server any more and stops it. File
// 3 is the lock that users share, 4 makes one keeper enough, 5 is held while
// the server is being started or stopped. When the data folder was deleted and
// made again, the server there is another keeper's.
const keeperScript = `
(
	flock -n 4 || exit 0
	while :; do
		flock 3
		flock -u 3
		sleep "$1"
		flock 5
		flock -n 3 && break
		flock -u 5
	done
	case $(readlink /proc/self/fd/3) in *' (deleted)') exit 0 ;; esac
	exec "$2" stop -D "$3" -m fast -s -t 3600
) </dev/null >/dev/null 2>&1 &
`

// keep starts the keeper, a small process of its own that outlives this one:
// it sees to it that the server is stopped, in order, also when the last
// process that used it was killed.
func keep(ctx context.Context, c *cluster, dir string, linger time.Duration) error {
	var files []*os.File
	defer func() {
		for _, f := range files {
			f.Close()
		}
	}()
	for _, name := range []string{usersLock, keeperLock, transitionLock} {
		l, err := openLock(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		files = append(files, os.NewFile(uintptr(l.fd), l.path))
	}
	seconds := strconv.FormatFloat(linger.Seconds(), 'f', 3, 64)
	cmd := c.acc.command(ctx, "/", "/bin/sh", "-c", keeperScript, "keeper", seconds, filepath.Join(c.in.Bin, "pg_ctl"), c.dir)
	cmd.ExtraFiles = files
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("starting the keeper of the database: %w", err)
	}
	return nil
}
