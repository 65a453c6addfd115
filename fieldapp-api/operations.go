package fieldapi

import (
	"net/http"

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
	a.open(http.MethodGet, "/api/v1/openapi.yaml", func(w http.ResponseWriter, r *http.Request) {
		b, err := a.huma.OpenAPI().YAML()
		if err != nil {
			writeProblem(w, problemFrom(r.Context(), a.log, err))
			return
		}
		w.Header().Set("Content-Type", "application/yaml")
		_, _ = w.Write(b)
	})
	// Whatever no other route takes, in the house's shape.
	a.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		writeProblem(w, problem(langOf(r.Context()), &dispatch.Error{Code: dispatch.NotFound, Key: "no-such-page"}))
	})
}

// open registers a route that everybody may call and that writes its own
// answer.
func (a *api) open(method, path string, h http.HandlerFunc) {
	a.routes = append(a.routes, routeInfo{method, path, everybody()})
	a.mux.HandleFunc(method+" "+path, h)
}
