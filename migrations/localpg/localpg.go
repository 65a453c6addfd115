// Package localpg is the database in the box: a private PostgreSQL with
// PostGIS, run from the system's own packages in a folder and reached through
// a unix socket that only its owner and root may open.
//
// A server belongs to nobody and to everybody who uses it. Each process that
// uses it holds a shared lock on a file of the folder; the first one starts
// the server and the last one to leave stops it. The kernel drops a lock with
// its process, so neither a crash nor kill -9 leaves the count wrong: a small
// keeper process, which waits for the lock to be free, then stops the server.
package localpg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Locks in the data folder, and what holding each means.
const (
	usersLock      = "postgres.users"      // shared: the server is in use; exclusive: it is not
	transitionLock = "postgres.transition" // the server is being started or stopped
	keeperLock     = "postgres.keeper"     // a keeper is at work
)

// crashLinger is how long the server outlives the last user that ended
// without stopping it: the time that a restart takes.
const crashLinger = 3 * time.Second

// Options say where the server lives and how it runs.
type Options struct {
	// Dir is the data folder. It is made when it is not there.
	Dir string
	// Settings of postgresql.conf that differ from the package's own. They
	// count for a server that is started, not for one that runs already.
	Settings map[string]string
	// Linger, when not zero, leaves a server that nobody uses any more running
	// for so long, for the next one to use; Stop then returns at once.
	Linger time.Duration
	// Log takes what an administrator should know. Nil: nothing is said.
	Log *slog.Logger
}

// Server is this process' use of a running server.
type Server struct {
	opts       Options
	cluster    *cluster
	users      *lockFile
	transition *lockFile
	url        string
	started    bool

	unwatch func()
	stop    sync.Once
	stopErr error
}

// Start starts the server of a data folder, or attaches to the one that runs
// there already. Unless Linger is set, a server that dies while this process
// uses it is started again. When the machine lacks PostgreSQL or PostGIS the
// error is a *MissingError.
func Start(ctx context.Context, opts Options) (*Server, error) {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	dir, err := filepath.Abs(opts.Dir)
	if err != nil {
		return nil, err
	}
	opts.Dir = dir
	if err := os.MkdirAll(dir, 0o711); err != nil {
		return nil, fmt.Errorf("making the data folder: %w", err)
	}
	s := &Server{opts: opts}
	if err := s.attach(ctx); err != nil {
		s.release()
		return nil, err
	}
	s.unwatch = func() {}
	if opts.Linger == 0 {
		s.unwatch = s.watch()
	}
	return s, nil
}

// Exists reports whether a data folder has a database already.
func Exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "postgres", "PG_VERSION"))
	return err == nil
}

// URL is the address of the server's database, for its superuser.
func (s *Server) URL() string { return s.url }

// Started reports whether this process started the server, rather than
// attached to it.
func (s *Server) Started() bool { return s.started }

// PID is the process number of the server that runs at this moment, or 0.
func (s *Server) PID() int {
	p, _ := s.cluster.running()
	return p.pid
}

// Stop ends this process' use of the server, and stops it if nobody else uses
// it. It is safe to call twice.
func (s *Server) Stop(ctx context.Context) error {
	s.stop.Do(func() {
		s.unwatch()
		defer s.release()
		if s.opts.Linger == 0 {
			s.stopErr = s.leave(ctx)
		}
	})
	return s.stopErr
}

// attach takes part in the use of the server and makes sure that it runs.
func (s *Server) attach(ctx context.Context) error {
	var err error
	if s.transition, err = openLock(filepath.Join(s.opts.Dir, transitionLock)); err != nil {
		return fmt.Errorf("the data folder cannot be used: %w", err)
	}
	if s.users, err = openLock(filepath.Join(s.opts.Dir, usersLock)); err != nil {
		return fmt.Errorf("the data folder cannot be used: %w", err)
	}
	if err := s.transition.lock(ctx, syscall.LOCK_EX); err != nil {
		return fmt.Errorf("waiting for another process to start or stop the database: %w", err)
	}
	defer s.transition.unlock()
	if err := s.users.lock(ctx, syscall.LOCK_SH); err != nil {
		return fmt.Errorf("waiting for the database: %w", err)
	}
	if s.cluster, err = findCluster(ctx, s.opts.Dir); err != nil {
		return err
	}
	linger := max(s.opts.Linger, crashLinger)
	if err := keep(ctx, s.cluster, s.opts.Dir, linger); err != nil {
		return err
	}
	if s.started, err = s.ensure(ctx); err != nil {
		return err
	}
	return s.prepare(ctx)
}

// ensure starts the server if it does not run, under the transition lock.
func (s *Server) ensure(ctx context.Context) (started bool, err error) {
	if _, up := s.cluster.running(); up {
		return false, nil
	}
	if s.cluster.new {
		s.opts.Log.Info("making a database", "dir", s.cluster.dir, "postgresql", s.cluster.in.Major)
		if err := s.cluster.init(ctx, s.opts.Settings["fsync"] != "off"); err != nil {
			return false, err
		}
	}
	return true, s.cluster.start(ctx, s.opts.Settings)
}

// prepare makes the database in a new cluster and notes where it is.
func (s *Server) prepare(ctx context.Context) error {
	p, up := s.cluster.running()
	if !up {
		return errors.New("PostgreSQL ended right after its start")
	}
	address := func(db string) string {
		q := url.Values{"host": {p.sockets}, "port": {port}, "sslmode": {"disable"}}
		return "postgres://" + superuser + "@/" + db + "?" + q.Encode()
	}
	s.url = address(database)
	conn, err := connect(ctx, address("postgres"))
	if err != nil {
		return fmt.Errorf("connecting to the database: %w", err)
	}
	defer conn.Close(ctx)
	var exists bool
	err = conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, database).Scan(&exists)
	if err == nil && !exists {
		_, err = conn.Exec(ctx, `create database `+database)
	}
	return err
}

// connect waits for a server that another process has just begun to start.
func connect(ctx context.Context, url string) (*pgx.Conn, error) {
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(poll) {
		conn, err := pgx.Connect(ctx, url)
		if err == nil || ctx.Err() != nil || time.Now().After(deadline) {
			return conn, err
		}
	}
}

// leave stops the server unless somebody else uses it.
func (s *Server) leave(ctx context.Context) error {
	if err := s.transition.lock(ctx, syscall.LOCK_EX); err != nil {
		return fmt.Errorf("waiting for another process to start or stop the database: %w", err)
	}
	// The keeper, which waits for the same lock, may hold it for an instant.
	for range 10 {
		last, err := s.users.try(syscall.LOCK_EX)
		if err != nil {
			return err
		}
		if last {
			return s.cluster.stop(ctx)
		}
		time.Sleep(poll)
	}
	return nil
}

// release drops the locks; the kernel does the same for a process that dies.
func (s *Server) release() {
	for _, l := range []*lockFile{s.users, s.transition} {
		if l != nil {
			l.close()
		}
	}
}

// watch starts the server again whenever it dies, until the returned function
// is called.
func (s *Server) watch() (end func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() {
		const first, most = 250 * time.Millisecond, 15 * time.Second
		for wait := first; ; {
			select {
			case <-ctx.Done():
				return
			case <-time.After(wait):
			}
			if _, up := s.cluster.running(); up {
				wait = first
				continue
			}
			if err := s.revive(ctx); err != nil && ctx.Err() == nil {
				s.opts.Log.Error("the database is down and does not start", "err", err)
				wait = min(2*wait, most)
			}
		}
	})
	return func() { cancel(); done.Wait() }
}

func (s *Server) revive(ctx context.Context) error {
	if err := s.transition.lock(ctx, syscall.LOCK_EX); err != nil {
		return err
	}
	defer s.transition.unlock()
	started, err := s.ensure(ctx)
	if started && err == nil {
		s.opts.Log.Warn("the database had died and was started again")
	}
	return err
}
