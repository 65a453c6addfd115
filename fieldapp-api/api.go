// Package fieldapi is Moked's whole HTTP and websocket surface: the console,
// the tablets, the district's page, residents, programs, and the pages
// themselves. Its name is older than its scope. It holds no SQL and takes no
// decision: each route says who may call it, reads the request, calls one use
// case of the desk, or asks the history, and writes the answer.
package fieldapi

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/prometheus/client_golang/prometheus"

	"moked/dispatch/desk"
	"moked/dispatch/feed"
	"moked/dispatch/history"
	"moked/fieldapp-api/document"
)

// Options are what the surface needs besides the desk. Web holds the built
// pages. SecureCookies is for servers behind TLS. ProxyHops is how many
// trusted proxies stand in front, for telling the caller's address. When
// Life ends, the feed's clients are asked to come back. Recheck is how often
// an open socket's right to be there is looked at (20 s). Post
// is how mail is sent; the zero value sends none. URL is the server's own address
// as people reach it, for links; without one it is taken from the request.
type Options struct {
	Log           *slog.Logger
	Web           fs.FS
	SecureCookies bool
	ProxyHops     int
	Metrics       *prometheus.Registry
	Now           func() time.Time
	Life          context.Context
	Recheck       time.Duration
	URL           string
	Post          Post
}

type api struct {
	desk     *desk.Desk
	hub      *feed.Hub
	past     *history.History
	log      *slog.Logger
	now      func() time.Time
	life     context.Context // of the sockets
	sockets  *sockets
	recheck  time.Duration
	hops     int
	sessions *scs.SessionManager
	limits   *limits
	metrics  *metrics
	mux      *http.ServeMux
	huma     huma.API
	routes   []routeInfo
	bodies   sync.Pool // of *bytes.Buffer
	frames   sync.Pool // the sockets' write buffers, held only while one is written
	printer  *document.Printer
	post     *postOffice
	opened   *openFiles
	home     string // Options.URL, without a slash at its end
	secure   bool
}

// Surface answers everything that Moked answers over HTTP, and sends its mail.
type Surface struct {
	http.Handler
	api *api
}

// New is the surface of a desk, its hub and its history. A Post that isn't right
// sends nothing; see Post.Check.
func New(d *desk.Desk, hub *feed.Hub, past *history.History, o Options) *Surface {
	a := newAPI(d, hub, past, o)
	return &Surface{a.handler(), a}
}

func newAPI(d *desk.Desk, hub *feed.Hub, past *history.History, o Options) *api {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Metrics == nil {
		o.Metrics = processMetrics()
	}
	if o.Recheck == 0 {
		o.Recheck = 20 * time.Second
	}
	if o.Life == nil {
		o.Life = context.Background()
	}
	office, err := o.Post.open()
	if err != nil {
		o.Log.Warn("no mail is sent", "err", err)
	}
	mux := http.NewServeMux()
	a := &api{
		desk: d, hub: hub, past: past, log: o.Log, now: o.Now, life: o.Life, recheck: o.Recheck, hops: o.ProxyHops, mux: mux,
		sessions: newSessions(d, o.SecureCookies),
		limits:   newLimits(o.Now),
		metrics:  newMetrics(o.Metrics, hub),
		huma:     humago.New(mux, description()),
		sockets:  newSockets(hub, o.Life.Done()),
		bodies:   sync.Pool{New: func() any { return &bytes.Buffer{} }},
		printer:  document.NewPrinter(fontsOf(o.Web)),
		post:     office,
		opened:   newOpenFiles(),
		home:     strings.TrimRight(o.URL, "/"),
		secure:   o.SecureCookies,
	}
	a.sessionRoutes()
	a.reportRoutes()
	a.incidentRoutes()
	a.jobRoutes()
	a.crewRoutes()
	a.trackerRoutes()
	fixMetrics(o.Metrics, d)
	a.syncRoutes()
	a.deviceRoutes()
	a.shiftRoutes()
	a.planRoutes()
	a.groundRoutes()
	a.feedRoutes()
	a.tileRoutes()
	a.districtMapRoutes()
	a.photoRoutes()
	a.figureRoutes()
	a.charterRoutes()
	a.reviewRoutes()
	a.mailingRoutes()
	a.layerRoutes()
	a.openRoutes()
	if o.Web != nil {
		a.pageRoutes(o.Web)
	}
	a.operationsRoutes(o.Metrics)
	return a
}

// handler wraps the routes: outermost first, every request is counted, a panic
// never leaks, every answer says what it may load, who asks is found out, and
// a cookie never works across origins.
func (a *api) handler() http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		writeProblem(w, problem(langOf(r.Context()), errForeignOrigin))
	}))
	return a.observed(a.recovered(secured(a.outside(a.identified(cross.Handler(a.mux))))))
}
