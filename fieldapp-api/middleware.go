package fieldapi

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"moked/dispatch"
)

var errForeignOrigin = &dispatch.Error{Code: dispatch.Forbidden, Key: "foreign-origin"}

// observed counts and times requests by the route's pattern, never by path,
// and opens the call that the request's context carries.
func (a *api) observed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		s := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		c := &call{who: dispatch.Actor{Role: dispatch.Public}, w: w}
		c.r = r.WithContext(context.WithValue(r.Context(), callKey{}, c))
		defer func() {
			route := c.r.Pattern
			if route == "" {
				route = "none"
			}
			a.metrics.requests.WithLabelValues(route, strconv.Itoa(s.status)).Observe(time.Since(start).Seconds())
		}()
		next.ServeHTTP(s, c.r)
	})
}

type statusWriter struct {
	http.ResponseWriter
	status int
	begun  bool
}

func (s *statusWriter) WriteHeader(status int) {
	s.status, s.begun = status, true
	s.ResponseWriter.WriteHeader(status)
}

func (s *statusWriter) Write(b []byte) (int, error) {
	s.begun = true
	return s.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (s *statusWriter) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// Hijack hands the connection to the websocket.
func (s *statusWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	s.status, s.begun = http.StatusSwitchingProtocols, true
	return http.NewResponseController(s.ResponseWriter).Hijack()
}

func (a *api) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch v := recover(); v {
			case nil:
			case http.ErrAbortHandler:
				panic(v)
			default:
				a.log.ErrorContext(r.Context(), "panic", "value", v, "stack", string(debug.Stack()))
				if s, ok := w.(*statusWriter); ok && s.begun {
					panic(http.ErrAbortHandler) // half an answer is worse than none
				}
				writeProblem(w, problem(langOf(r.Context()), errInternal))
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
		if strings.HasPrefix(r.URL.Path, "/api/") {
			h.Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}

// checkAddress refuses what PostgreSQL can't hold in an address's parts.
func checkAddress(u *url.URL) error {
	if !sound(u.Path) {
		return errNoPage
	}
	if u.RawQuery == "" {
		return nil
	}
	for name, values := range u.Query() {
		for _, v := range values {
			if !sound(v) || !sound(name) {
				return dispatch.Bad(short(name), dispatch.KeyBadText)
			}
		}
	}
	return nil
}

func sound(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// caller is the address that limits count by: the peer's, or the one that the
// innermost trusted proxy saw. All of an IPv6 customer's /64 count as one.
func (a *api) caller(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if a.hops > 0 {
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if i := len(hops) - a.hops; i >= 0 {
			if ip := strings.TrimSpace(hops[i]); net.ParseIP(ip) != nil {
				host = ip
			}
		}
	}
	if ip := net.ParseIP(host); ip != nil && ip.To4() == nil {
		return ip.Mask(net.CIDRMask(64, 128)).String()
	}
	return host
}
