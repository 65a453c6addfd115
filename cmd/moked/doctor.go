package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"moked/migrations"
	"moked/migrations/localpg"
)

// doctorCmd says what the machine lacks to run the server that its flags
// describe. It changes nothing.
type doctorCmd struct {
	databaseFlags
	Listen string `default:"127.0.0.1:8080" help:"Address that the server is to answer on."`
}

// Run prints what was found; it fails when something needed is missing.
func (d doctorCmd) Run(ctx context.Context, t terminal) error {
	return doctor(ctx, t.out, d)
}

// finding is one thing that was looked at.
type finding struct {
	mark   rune
	what   string
	remedy string
}

// The marks: as it should be, better otherwise, Moked does not work without.
const (
	fine   = '✓'
	advice = '!'
	lack   = '✗'
)

func good(format string, args ...any) finding {
	return finding{mark: fine, what: fmt.Sprintf(format, args...)}
}

func doctor(ctx context.Context, w io.Writer, d doctorCmd) error {
	checks := []func(context.Context) []finding{
		d.checkDatabase, d.checkDisk, checkMemory, checkClock, checkZones, checkFiles, d.checkPort, checkScreens, checkTools,
	}
	lacking := 0
	for _, check := range checks {
		for _, f := range check(ctx) {
			fmt.Fprintf(w, "%c %s\n", f.mark, f.what)
			if f.remedy != "" {
				fmt.Fprintf(w, "    %s\n", f.remedy)
			}
			if f.mark == lack {
				lacking++
			}
		}
	}
	switch lacking {
	case 0:
		fmt.Fprintln(w, "Everything that is needed is there.")
		return nil
	case 1:
		return errors.New("one thing is missing")
	}
	return fmt.Errorf("%d things are missing", lacking)
}

// checkDatabase looks at the database that --database names, or tries out the
// private one.
func (d doctorCmd) checkDatabase(ctx context.Context) []finding {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if d.Database != "" {
		found, err := inspect(ctx, d.Database)
		if err != nil {
			return []finding{{lack, fmt.Sprintf("The database does not answer: %v", err), "Check the address, the password, and that the server runs and lets this machine in."}}
		}
		return found
	}
	found, err := d.tryBox(ctx)
	var missing *localpg.MissingError
	switch {
	case errors.As(err, &missing):
		return []finding{{lack, capital(missing.What), "As root: apt-get update && apt-get install " + strings.Join(missing.Packages, " ")}}
	case err != nil:
		return []finding{{lack, fmt.Sprintf("The private database does not start: %v", err), "Or use a database of your own with --database."}}
	}
	return found
}

// tryBox starts the private database, or where there is none yet one that is
// thrown away afterwards, and looks at it.
func (d doctorCmd) tryBox(ctx context.Context) (found []finding, err error) {
	dir := d.Data
	there := localpg.Exists(dir)
	if !there {
		if dir, err = os.MkdirTemp("", "moked-doctor-"); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		if err := os.Chmod(dir, 0o711); err != nil { // the server may run as another user
			return nil, err
		}
	}
	box, err := localpg.Start(ctx, localpg.Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, box.Stop(context.WithoutCancel(ctx))) }()
	if found, err = inspect(ctx, box.URL()); err != nil {
		return nil, err
	}
	if there {
		return append(found, good("The private database is in %s", d.Data)), nil
	}
	return append(found, good("A private database starts; there is none in %s yet, the server will make it", d.Data)), nil
}

// inspect looks at a database that answers.
func inspect(ctx context.Context, url string) ([]finding, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, err
	}
	defer conn.Close(ctx)
	facts, err := migrations.Inspect(ctx, conn)
	if err != nil {
		return nil, err
	}
	var found []finding
	for _, u := range facts.Unfit() {
		found = append(found, finding{lack, capital(u.What), capital(u.Remedy)})
	}
	if len(found) == 0 {
		found = append(found, good("PostgreSQL %s with PostGIS %s, encoding %s, lc_ctype %s", facts.Version, facts.PostGIS, facts.Encoding, facts.Ctype))
	}
	const most = 2 * time.Second
	if off := time.Since(facts.Now).Round(time.Millisecond); off.Abs() > most {
		found = append(found, finding{lack, fmt.Sprintf("The clocks of this machine and of the database are %v apart", off.Abs()), "Set both by NTP: timedatectl set-ntp true"})
	}
	version, err := migrations.Version(ctx, conn)
	switch latest := migrations.Latest(); {
	case err != nil:
		return nil, err
	case version > latest:
		found = append(found, finding{lack, fmt.Sprintf("The database is at version %d and this program knows only %d", version, latest), "Use the release that migrated it, or a later one."})
	case version == 0:
	case version < latest:
		found = append(found, finding{advice, fmt.Sprintf("The database is at version %d of %d", version, latest), "moked migrate, or the next start of the server, brings it up to date."})
	default:
		found = append(found, good("The database's schema is up to date (version %d)", version))
	}
	return found, nil
}

// checkPort finds out whether the server can answer where it is to.
func (d doctorCmd) checkPort(ctx context.Context) []finding {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", d.Listen)
	if err == nil {
		l.Close()
		return []finding{good("%s is free for the server", d.Listen)}
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, reqErr := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+d.Listen+"/healthz", nil)
	if reqErr == nil {
		if res, err := http.DefaultClient.Do(req); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return []finding{good("A server answers on %s", d.Listen)}
			}
		}
	}
	return []finding{{lack, fmt.Sprintf("The server cannot answer on %s: %v", d.Listen, err), "Choose another address with --listen, or stop the program that has it."}}
}

// existing is the path itself, or the nearest folder above it that is there.
func existing(path string) string {
	path, err := filepath.Abs(path)
	for err == nil {
		if _, err := os.Stat(path); err == nil || path == filepath.Dir(path) {
			return path
		}
		path = filepath.Dir(path)
	}
	return "."
}
