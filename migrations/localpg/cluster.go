package localpg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cluster is a PostgreSQL data folder and what it takes to run it.
type cluster struct {
	dir string // PGDATA
	acc account
	in  Install
	new bool // not made yet
}

// findCluster looks at the cluster of a data folder, or says how a new one
// will be.
func findCluster(ctx context.Context, dir string) (*cluster, error) {
	pgdata, acc, err := clusterDir(ctx, dir)
	if err != nil {
		return nil, err
	}
	c := &cluster{dir: pgdata, acc: acc}
	major := 0
	switch version, err := os.ReadFile(filepath.Join(pgdata, "PG_VERSION")); {
	case errors.Is(err, os.ErrNotExist):
		c.new = true
	case err != nil:
		return nil, err
	default:
		if major, err = strconv.Atoi(strings.TrimSpace(string(version))); err != nil {
			return nil, fmt.Errorf("%s is not the data of a PostgreSQL that this program can run: its version is %q", pgdata, version)
		}
	}
	c.in, err = choose(Installs(), major)
	return c, err
}

// init makes the cluster. It appears under its name only when it is whole.
func (c *cluster) init(ctx context.Context, sync bool) error {
	draft := c.dir + ".new"
	if err := os.RemoveAll(draft); err != nil {
		return err
	}
	if err := c.acc.ownFolder(draft); err != nil {
		return err
	}
	args := []string{
		"-D", draft, "-U", superuser, "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums",
		"--auth-local=trust", "--auth-host=reject", "--no-instructions",
	}
	if !sync {
		args = append(args, "--no-sync")
	}
	cmd := c.acc.command(ctx, draft, filepath.Join(c.in.Bin, "initdb"), args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("making a database in %s: %w\n%s", c.dir, err, bytes.TrimSpace(out))
	}
	// Lines that an administrator adds below the include win over it.
	conf, err := os.OpenFile(filepath.Join(draft, "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(conf, "\n# Written anew at every start; your own settings go below this line.\ninclude_if_exists = '%s'\n", confName)
	if err := errors.Join(err, conf.Close()); err != nil {
		return err
	}
	if err := os.Rename(draft, c.dir); err != nil {
		return err
	}
	c.new = false
	return nil
}

// start runs the server and waits until it takes connections, however long
// recovery from a crash takes it.
func (c *cluster) start(ctx context.Context, settings map[string]string) error {
	sockets, err := c.socketDir()
	if err != nil {
		return err
	}
	for _, claim := range []string{filepath.Join(c.dir, "postmaster.pid"), filepath.Join(sockets, socketName+".lock")} {
		if err := c.forgetStale(claim); err != nil {
			return err
		}
	}
	if err := c.write(confName, conf(sockets, settings)); err != nil {
		return err
	}
	// Backends that outlive a killed server keep its memory for a moment, and
	// a new one does not start before they are gone.
	for deadline := time.Now().Add(30 * time.Second); ; {
		tail, err := c.launch(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if !c.quitOrphans() || time.Now().After(deadline) {
			return fmt.Errorf("PostgreSQL did not start in %s: %w\n%s", c.dir, err, tail)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// launch starts the server once, and returns what it wrote to its log if it
// does not come up.
func (c *cluster) launch(ctx context.Context) (string, error) {
	log, err := c.openLog()
	if err != nil {
		return "", err
	}
	defer log.Close()
	from, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return "", err
	}
	cmd := c.acc.command(ctx, c.dir, filepath.Join(c.in.Bin, "pg_ctl"), "start", "-s", "-w", "-t", "86400", "-D", c.dir)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		said, _ := io.ReadAll(io.NewSectionReader(log, from, 1<<16))
		return string(bytes.TrimSpace(said)), err
	}
	return "", nil
}

// maxLog is the size of the server's log above which a start begins a new one.
const maxLog = 16 << 20

func (c *cluster) openLog() (*os.File, error) {
	path := filepath.Join(c.dir, "server.log")
	if info, err := os.Stat(path); err == nil && info.Size() > maxLog {
		if err := os.Rename(path, path+".old"); err != nil {
			return nil, err
		}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR|syscall.O_NOFOLLOW, 0o600)
	if err == nil && c.acc.drop {
		err = f.Chown(c.acc.uid, c.acc.gid)
	}
	return f, err
}

// write replaces a file of the cluster.
func (c *cluster) write(name, text string) error {
	path := filepath.Join(c.dir, name)
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		return err
	}
	if c.acc.drop {
		if err := os.Chown(path+".new", c.acc.uid, c.acc.gid); err != nil {
			return err
		}
	}
	return os.Rename(path+".new", path)
}

// maxSocket is how long the path of a unix socket may be: sun_path less its
// closing zero.
const maxSocket = 107

// socketDir is the folder of the server's socket, which only its account and
// root may enter: the cluster's own, or a short one where that is too long.
func (c *cluster) socketDir() (string, error) {
	if len(filepath.Join(c.dir, socketName)) <= maxSocket {
		return c.dir, nil
	}
	dir := filepath.Join("/tmp", "moked-"+shortName(c.dir))
	return dir, c.acc.ownFolder(dir)
}

// postmaster is what a running server says of itself in postmaster.pid.
type postmaster struct {
	pid     int
	sockets string
}

// running returns the server that runs in the cluster, if one does.
func (c *cluster) running() (postmaster, bool) {
	pid, lines := readPid(filepath.Join(c.dir, "postmaster.pid"))
	if pid < 2 {
		return postmaster{}, false
	}
	if is, _ := c.mine(pid); !is {
		return postmaster{}, false
	}
	p := postmaster{pid: pid, sockets: c.dir}
	if len(lines) > 4 && lines[4] != "" {
		p.sockets = lines[4]
	}
	return p, true
}

// readPid reads a pid file: the number, or 0, and all lines.
func readPid(path string) (int, []string) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, nil
	}
	lines := strings.Split(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil {
		return 0, nil
	}
	return pid, lines
}

// forgetStale removes the lock file of a server that was killed, when its
// number is another program's by now or the dead server is still listed:
// PostgreSQL would take that for a server and refuse to start. (A number that
// is free it recognises by itself.)
func (c *cluster) forgetStale(path string) error {
	pid, _ := readPid(path)
	if pid < 2 || syscall.Kill(pid, 0) == syscall.ESRCH {
		return nil
	}
	if is, _ := c.mine(pid); is {
		return nil
	}
	return os.Remove(path)
}

// stop shuts the server down: it ends its sessions, writes a checkpoint and
// goes.
func (c *cluster) stop(ctx context.Context) error {
	p, up := c.running()
	if !up {
		return nil
	}
	if err := syscall.Kill(p.pid, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("stopping PostgreSQL (process %d): %w", p.pid, err)
	}
	for {
		if now, up := c.running(); !up || now.pid != p.pid {
			if p.sockets != c.dir {
				_ = os.Remove(p.sockets) // made again at the next start
			}
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL (process %d) is still stopping: %w", p.pid, context.Cause(ctx))
		case <-time.After(poll):
		}
	}
}
