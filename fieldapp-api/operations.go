package fieldapi

import (
	"net/http"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"moked/dispatch"
)

// operationsRoutes serve those who run the server: alive, ready, measured.
func (a *api) operationsRoutes(r *prometheus.Registry) {
	a.open(http.MethodGet, "/healthz", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("ok\n"))
	})
	a.open(http.MethodGet, "/readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := a.desk.Ready(r.Context()); err != nil {
			a.log.WarnContext(r.Context(), "not ready", "err", err)
			writeProblem(w, problem(langOf(r.Context()), &dispatch.Error{Code: dispatch.Unavailable, Key: "unavailable"}))
			return
		}
		_, _ = w.Write([]byte("ready\n"))
	})
	metrics := promhttp.HandlerFor(r, promhttp.HandlerOpts{})
	a.open(http.MethodGet, "/metrics", metrics.ServeHTTP)
	described, err := a.openAPI()
	if err != nil {
		panic(err) // a route's description doesn't encode: the first test sees it
	}
	a.open(http.MethodGet, "/api/v1/openapi.yaml", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/yaml")
		_, _ = w.Write(described)
	})
	a.open("", "/", a.nothing)
}

// nothing answers for whatever no route takes: no such page, or no such method
// at a page that there is.
func (a *api) nothing(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete} {
		other := &http.Request{Method: method, URL: r.URL, Host: r.Host}
		if _, pattern := a.mux.Handler(other); strings.HasPrefix(pattern, method+" ") {
			allowed = append(allowed, method)
		}
	}
	e := errNoPage
	if len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		e = &dispatch.Error{Code: codeMethod, Key: "method", Args: map[string]any{"allowed": strings.Join(allowed, ", ")}}
	}
	writeProblem(w, problem(langOf(r.Context()), e))
}
