package fieldapi

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"moked/dispatch/desk"
	"moked/dispatch/feed"
)

func TestPages(t *testing.T) {
	t.Parallel()
	web := fstest.MapFS{
		"console/index.html":  {Data: []byte("<!doctype html><title>מוקד</title>")},
		"assets/app-1.js":     {Data: []byte("plain")},
		"assets/app-1.js.br":  {Data: []byte("brotli")},
		"assets/app-1.js.gz":  {Data: []byte("gzip")},
		"assets/font-1.woff2": {Data: []byte("font")},
		"secret.txt":          {Data: []byte("secret")},

		"field/index.html":           {Data: []byte("<!doctype html><title>שטח</title>")},
		"field/sw.js":                {Data: []byte("worker")},
		"field/manifest.webmanifest": {Data: []byte("{}")},
		"field/secret.txt":           {Data: []byte("secret")},
	}
	s := newAPI(&desk.Desk{}, feed.NewHub(nil, feed.Options{}), nil, Options{Web: web})
	for _, r := range s.routes {
		if r.method == "" && r.path != "/" {
			t.Errorf("%s takes every method", r.path)
		}
	}
	for _, tc := range []struct {
		path, accept string
		status       int
		header, body string
	}{
		{"/", "", 302, "", ""},
		{"/console", "", 200, "text/html; charset=utf-8", "מוקד"},
		{"/console/incident/3", "", 200, "text/html; charset=utf-8", "מוקד"},
		{"/login", "", 200, "text/html; charset=utf-8", "מוקד"},
		{"/field", "", 200, "text/html; charset=utf-8", "שטח"},
		{"/field/job/3", "", 200, "text/html; charset=utf-8", "שטח"},
		{"/field/sw.js", "", 200, "text/javascript; charset=utf-8", "worker"},
		{"/field/manifest.webmanifest", "", 200, "application/manifest+json", "{}"},
		{"/field/icon-192.png", "", 404, "application/problem+json", ""},
		{"/field/secret.txt", "", 200, "text/html; charset=utf-8", "שטח"},
		{"/assets/app-1.js", "", 200, "text/javascript; charset=utf-8", "plain"},
		{"/assets/app-1.js", "gzip, br", 200, "text/javascript; charset=utf-8", "brotli"},
		{"/assets/app-1.js", "gzip", 200, "text/javascript; charset=utf-8", "gzip"},
		{"/assets/font-1.woff2", "br", 200, "font/woff2", "font"},
		{"/assets/", "", 404, "application/problem+json", ""},
		{"/assets/none.js", "", 404, "application/problem+json", ""},
		{"/assets/%2e%2e/secret.txt", "", 404, "application/problem+json", ""},
		{"/secret.txt", "", 404, "application/problem+json", ""},
	} {
		r := httptest.NewRequest(http.MethodGet, tc.path, nil)
		r.Header.Set("Accept-Encoding", tc.accept)
		w := httptest.NewRecorder()
		mux(s).ServeHTTP(w, r)
		if w.Code != tc.status || tc.header != "" && w.Header().Get("Content-Type") != tc.header || !strings.Contains(w.Body.String(), tc.body) {
			t.Errorf("%s (%s): %d %s %s", tc.path, tc.accept, w.Code, w.Header().Get("Content-Type"), w.Body)
		}
		if (w.Header().Get("Service-Worker-Allowed") == "/field") != (tc.path == "/field/sw.js") {
			t.Errorf("%s lets a worker rule %q", tc.path, w.Header().Get("Service-Worker-Allowed"))
		}
		if w.Header().Get("Content-Security-Policy") == "" || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s lacks the headers that keep a page to itself", tc.path)
		}
		if strings.HasPrefix(tc.path, "/assets/") != strings.Contains(w.Header().Get("Cache-Control"), "immutable") && w.Code == 200 {
			t.Errorf("%s is kept: %s", tc.path, w.Header().Get("Cache-Control"))
		}
	}
}

// mux is the surface without finding out who asks, which needs a database.
func mux(a *api) http.Handler { return a.observed(a.recovered(secured(a.mux))) }
