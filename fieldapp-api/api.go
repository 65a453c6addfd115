// Package fieldapi is Moked's whole HTTP and websocket surface: the console,
// the tablets, the district's page, residents, programs, and the pages
// themselves. Its name is older than its scope. It holds no SQL and takes no
// decision: each route says who may call it, reads the request, calls one use
// case of the desk and writes the answer.
package fieldapi

import (
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/prometheus/client_golang/prometheus"

	"moked/dispatch/desk"
	"moked/dispatch/feed"
)

// Options are what the surface needs besides the desk. Web holds the built
// pages. SecureCookies is for servers behind TLS. ProxyHops is how many
// trusted proxies stand in front, for telling the caller's address.
type Options struct {
	Log           *slog.Logger
	Web           fs.FS
	SecureCookies bool
	ProxyHops     int
	Metrics       *prometheus.Registry
	Now           func() time.Time
}

type api struct {
	desk     *desk.Desk
	hub      *feed.Hub
	log      *slog.Logger
	now      func() time.Time
	sessions *scs.SessionManager
	hops     int
	limits   *limits
	metrics  *metrics
	mux      *http.ServeMux
	huma     huma.API
	routes   []routeInfo
}

// New is the handler of everything that Moked answers over HTTP.
func New(d *desk.Desk, hub *feed.Hub, o Options) http.Handler {
	return newAPI(d, hub, o).handler(o)
}

func newAPI(d *desk.Desk, hub *feed.Hub, o Options) *api {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Metrics == nil {
		o.Metrics = prometheus.NewRegistry()
	}
	mux := http.NewServeMux()
	a := &api{
		desk: d, hub: hub, log: o.Log, now: o.Now, hops: o.ProxyHops, mux: mux,
		sessions: newSessions(d, o.SecureCookies),
		limits:   newLimits(o.Now),
		metrics:  newMetrics(o.Metrics),
		huma:     humago.New(mux, description()),
	}
	a.sessionRoutes()
	a.reportRoutes()
	a.incidentRoutes()
	a.jobRoutes()
	a.crewRoutes()
	a.groundRoutes()
	a.feedRoutes()
	a.tileRoutes()
	a.operationsRoutes(o.Metrics)
	if o.Web != nil {
		a.pageRoutes(o.Web)
	}
	return a
}

func description() huma.Config {
	c := huma.DefaultConfig("Moked", "1")
	c.Info.Description = "Reports, incidents, jobs and crews of a municipal hotline, live. " +
		"Times are RFC 3339 in UTC, positions WGS84, errors RFC 9457 problems with a stable code."
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.CreateHooks = nil
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: cookieName},
		"token":   {Type: "http", Scheme: "bearer"},
	}
	huma.DefaultArrayNullable = false
	return c
}

// handler wraps the routes: outermost first, an error never leaks a panic, a
// cookie never works across origins, and every answer says what it may load.
func (a *api) handler(o Options) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		writeProblem(w, problem(askedLang(r), errForeignOrigin))
	}))
	return a.observe(a.recovered(secured(a.identified(cross.Handler(a.mux)))))
}
