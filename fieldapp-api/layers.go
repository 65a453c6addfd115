package fieldapi

import (
	"net/http"
	"strings"

	"moked/dispatch"
	"moked/fieldapp-api/ogc"
)

// layerRoutes serve the layers that a municipality's GIS reads. Each is open to
// everybody as a page; what is in it is by permission.
func (a *api) layerRoutes() {
	s := ogc.New(a.desk, ogc.Options{
		Now: a.now, Base: a.base, SignIn: errUnauthenticated("sign-in"),
		Who:    func(r *http.Request) dispatch.Actor { return actorOf(r.Context()) },
		Lang:   func(r *http.Request) string { return langOf(r.Context()) },
		Say:    func(r *http.Request, key string) string { return text(langOf(r.Context()), key, nil) },
		Refuse: a.refuseLayer,
	})
	for path, page := range s.Routes() {
		a.open(http.MethodGet, ogc.Path+path, func(w http.ResponseWriter, r *http.Request) {
			c := callOf(r.Context())
			err := c.shut
			if err == nil {
				err = checkAddress(r.URL)
			}
			if err != nil {
				a.refuseLayer(w, r, err)
				return
			}
			page(w, r)
		})
	}
	a.open(http.MethodGet, strings.TrimSuffix(ogc.Path, "/"), func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, ogc.Path, http.StatusMovedPermanently)
	})
}

// refuseLayer answers with an error as the standard wants it: bad input is 400,
// and who must sign in is told both ways.
func (a *api) refuseLayer(w http.ResponseWriter, r *http.Request, err error) {
	p := problemFrom(r.Context(), a.log, err)
	switch p.Code {
	case dispatch.Invalid:
		p.Status = http.StatusBadRequest
	case codeUnauthenticated:
		p.basic = true
	}
	writeProblem(w, p)
}

// base is the server's address as the caller reaches it: what the operator says,
// or else what the request was sent to, with what trusted proxies add.
func (a *api) base(r *http.Request) string {
	if a.home != "" {
		return a.home
	}
	scheme, host := "http", r.Host
	if r.TLS != nil || a.secure {
		scheme = "https"
	}
	if a.hops > 0 {
		if h := lastOf(r.Header.Get("X-Forwarded-Host")); h != "" && !strings.ContainsAny(h, "/\\@ \"<>") {
			host = h
		}
		if p := lastOf(r.Header.Get("X-Forwarded-Proto")); p == "http" || p == "https" {
			scheme = p
		}
	}
	return scheme + "://" + host
}

// lastOf is the last of a header's values: the one that the nearest proxy added.
func lastOf(s string) string {
	_, last, more := strings.Cut(s, ",")
	for more {
		s = last
		_, last, more = strings.Cut(s, ",")
	}
	return strings.TrimSpace(s)
}
