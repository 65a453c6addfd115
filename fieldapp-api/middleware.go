package fieldapi

import (
	"net"
	"net/http"
	"runtime/debug"
	"strings"

	"moked/dispatch"
)

var errForeignOrigin = &dispatch.Error{Code: dispatch.Forbidden, Key: "foreign-origin"}

// maxBody bounds every request's body; photos have a route of their own.
const maxBody = 1 << 20

func (a *api) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch v := recover(); v {
			case nil:
			case http.ErrAbortHandler:
				panic(v)
			default:
				a.log.ErrorContext(r.Context(), "panic", "value", v, "stack", string(debug.Stack()))
				writeProblem(w, problem(askedLang(r), &dispatch.Error{Code: codeInternal, Key: "internal"}))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// secured sets the headers that tell a browser what these pages may load: all
// of it from here, the map's worker and its images from blobs of its own.
func secured(next http.Handler) http.Handler {
	const csp = "default-src 'self'; img-src 'self' blob: data:; worker-src 'self' blob:; " +
		"connect-src 'self'; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
		if r.Body != nil {
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		}
		next.ServeHTTP(w, r)
	})
}

// caller is the address that limits count by: the peer's, or the one that the
// innermost trusted proxy saw.
func (a *api) caller(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if a.hops > 0 {
		hops := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
		if i := len(hops) - a.hops; i >= 0 && i < len(hops) {
			if ip := strings.TrimSpace(hops[i]); net.ParseIP(ip) != nil {
				return ip
			}
		}
	}
	return host
}
