package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"

	"moked/dispatch/desk"
	"moked/dispatch/feed"
	"moked/dispatch/history"
	fieldapi "moked/fieldapp-api"
	"moked/fieldapp-api/trackers"
	"moked/web"
)

// serverFlags say how the server answers.
type serverFlags struct {
	Listen        string `default:"127.0.0.1:8080" help:"Address and port to answer on."`
	Trackers      string `placeholder:"ADDRESS" help:"Another address and port, for trackers only, such as 0.0.0.0:5055; they reach /trackers on the first one too."`
	SecureCookies bool   `help:"Give cookies to browsers over HTTPS only: for a server behind TLS."`
	ProxyHops     int    `default:"0" help:"How many trusted proxies stand in front, each adding to X-Forwarded-For."`

	URL      string `placeholder:"URL" help:"The server's own address as people reach it, such as https://moked.example.org, for links in letters and layers."`
	Mail     string `placeholder:"URL" help:"The mail server: smtp://host:587, or smtps://host:465; name:password@ before the host signs in. Without one no mail is sent."`
	MailFrom string `placeholder:"ADDRESS" help:"Whom mail comes from, such as moked@example.org."`

	Photos     string        `placeholder:"DIR" help:"Folder of the photos, one for all servers on a database; without it photos in --data, also where --database is given. It is made when it isn't there."`
	KeepTracks time.Duration `default:"720h" help:"How long the tracks of crews are kept."`
	KeepEvents time.Duration `default:"0s" help:"How long the log of events, with the incidents' timelines, is kept; 0 for ever."`
}

type serveCmd struct {
	databaseFlags
	serverFlags
}

func (c *serveCmd) Run(ctx context.Context, t terminal) (err error) {
	listener, err := c.listen(ctx)
	if err != nil {
		return err
	}
	defer listener.Close()
	db, err := c.open(ctx, t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close()) }()
	return c.serve(ctx, t, db, listener, func(context.Context, *desk.Desk, string) error { return nil })
}

func (f serverFlags) listen(ctx context.Context) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", f.Listen)
	if err != nil {
		return nil, fmt.Errorf("cannot answer on %s: %w", f.Listen, err)
	}
	return listener, nil
}

// listenTrackers opens the trackers' own port, or none.
func (f serverFlags) listenTrackers(ctx context.Context) (net.Listener, error) {
	if f.Trackers == "" {
		return nil, nil
	}
	var config net.ListenConfig
	port, err := config.Listen(ctx, "tcp", f.Trackers)
	if err != nil {
		return nil, fmt.Errorf("cannot take trackers on %s: %w", f.Trackers, err)
	}
	return port, nil
}

// How long requests under way may take to end when the server stops, and how
// long a client may take to send its headers.
const (
	stopTime   = 10 * time.Second
	headerTime = 10 * time.Second
	idleTime   = 2 * time.Minute
)

// Nearly all of a server's garbage is its requests'. A heap of four times what
// is in use spares a busy one a tenth of its processor; GOGC overrides it.
const gcPercent = 300

// serve answers on the listener until ctx ends, then lets what is under way
// end. beside runs meanwhile, with the desk and the server's URL.
func (f serverFlags) serve(ctx context.Context, t terminal, db *database, listener net.Listener, beside func(context.Context, *desk.Desk, string) error) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	port, err := f.listenTrackers(ctx)
	if err != nil {
		return err
	}
	if port != nil {
		defer port.Close()
	}
	post := fieldapi.Post{Server: f.Mail, From: f.MailFrom}
	if err := post.Check(); err != nil {
		return err
	}
	hub := feed.NewHub(db.pool, feed.Options{Logger: t.log})
	past := history.New(db.pool, hub, history.Options{Logger: t.log})
	photos, err := f.openPhotos(db)
	if err != nil {
		return err
	}
	defer photos.Close()
	maps, err := openFolder(filepath.Join(db.data, "maps"))
	if err != nil {
		return err
	}
	defer maps.Close()
	d, err := desk.Open(ctx, db.pool, hub, desk.Options{Logger: t.log, Tracks: f.KeepTracks, Photos: photos, Maps: maps})
	if err != nil {
		return fmt.Errorf("the desk: %w", err)
	}
	defer d.Close()
	pages, err := fs.Sub(web.Dist, "dist")
	if err != nil {
		return err
	}
	surface := fieldapi.New(d, hub, past, fieldapi.Options{
		Log: t.log, Web: pages, SecureCookies: f.SecureCookies, ProxyHops: f.ProxyHops, Life: ctx, URL: f.URL, Post: post,
	})
	server := &http.Server{
		Handler:           surface,
		ReadHeaderTimeout: headerTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    64 << 10,
	}
	// The hub outlives the server's last requests.
	hubCtx, stopHub := context.WithCancel(context.WithoutCancel(ctx))
	defer stopHub()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return ignoreCanceled(hub.Run(hubCtx)) })
	group.Go(func() error { return ignoreCanceled(past.Run(ctx)) })
	group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	url := "http://" + address(listener)
	if port != nil {
		group.Go(func() error { return trackers.Port(ctx, port, surface, t.log) })
	}
	group.Go(func() error { return ignoreCanceled(beside(ctx, d, url)) })
	group.Go(func() error { f.keepHouse(ctx, t, d, hub); return nil })
	group.Go(func() error { return ignoreCanceled(d.FollowPlans(ctx)) })
	group.Go(func() error { return ignoreCanceled(surface.Post(ctx)) })
	group.Go(func() error {
		<-ctx.Done()
		defer stopHub()
		t.log.Info("stopping")
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer cancel()
		if err := server.Shutdown(end); err != nil {
			return server.Close()
		}
		return nil
	})
	fmt.Fprintf(t.out, "Moked answers on %s\n", url)
	if port != nil {
		fmt.Fprintf(t.out, "Trackers are taken on http://%s\n", address(port))
	}
	return group.Wait()
}

// openPhotos opens the folder of photos.
func (f serverFlags) openPhotos(db *database) (*os.Root, error) {
	dir := f.Photos
	if dir == "" {
		dir = filepath.Join(db.data, "photos")
	}
	return openFolder(dir)
}

// openFolder opens a folder of the server's own, which nobody else may look
// into, and makes it when it isn't there.
func openFolder(dir string) (*os.Root, error) {
	err := os.MkdirAll(dir, 0o700)
	if err != nil {
		return nil, fmt.Errorf("the folder %s: %w", dir, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("the folder %s: %w", dir, err)
	}
	return root, nil
}

// keepHouse removes what has had its time, now and every hour.
func (f serverFlags) keepHouse(ctx context.Context, t terminal, d *desk.Desk, hub *feed.Hub) {
	every := time.NewTicker(time.Hour)
	defer every.Stop()
	for {
		err := errors.Join(d.KeepTracks(ctx, f.KeepTracks), d.EndExpiredSessions(ctx), d.KeepPhotos(ctx))
		if f.KeepEvents > 0 {
			_, trimmed := hub.Trim(ctx, time.Now().Add(-f.KeepEvents))
			err = errors.Join(err, trimmed)
		}
		if err != nil && ctx.Err() == nil {
			t.log.Warn("not all that is old was removed", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}

// address is where to reach a listener from this machine.
func address(l net.Listener) string {
	host, port, err := net.SplitHostPort(l.Addr().String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

func ignoreCanceled(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

type migrateCmd struct{ databaseFlags }

func (c *migrateCmd) Run(ctx context.Context, t terminal) error {
	db, err := c.open(ctx, t)
	if err != nil {
		return err
	}
	fmt.Fprintln(t.out, "the database is up to date")
	return db.close()
}
