package fieldapi

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/uuid"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/fieldapp-api/ogc"
)

const (
	cookieName     = "moked_session"
	sessionUser    = "user"
	sessionSeen    = "seen"
	sessionLasts   = 30 * 24 * time.Hour
	sessionIdle    = 24 * time.Hour
	sessionTouch   = 15 * time.Minute // how exactly an idle session's end is kept
	residentParam  = "report"
	authorityParam = "authority"
)

func newSessions(d *desk.Desk, secure bool) *scs.SessionManager {
	m := scs.New()
	m.Store = d.Sessions()
	m.Lifetime = sessionLasts
	m.IdleTimeout = sessionIdle
	m.Cookie.Name = cookieName
	m.Cookie.HttpOnly = true
	m.Cookie.Secure = secure
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Path = "/"
	return m
}

// identify finds out who a caller is. What it was shown stays the same; what
// that is worth may change.
type identify func(context.Context) (dispatch.Actor, error)

// identified finds out who asks: a program by its bearer token, a person by
// the session's cookie, a resident by the secret of a report's page. A secret
// that is wrong is refused; a session that has ended makes the caller public.
func (a *api) identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := callOf(r.Context())
		var err error
		if c.again, err = a.credentials(r); err == nil {
			c.who, err = c.again(r.Context())
		}
		if isCode(err, dispatch.DeviceRevoked) {
			// Whoever holds the tablet may still do what everybody may: sign in again.
			c.shut, err = err, nil
			c.who = dispatch.Actor{Role: dispatch.Public}
		}
		if err != nil {
			writeProblem(w, problemFrom(r.Context(), a.log, err))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// credentials reads what a request shows of who asks.
func (a *api) credentials(r *http.Request) (identify, error) {
	if h := r.Header.Get("Authorization"); h != "" {
		scheme, secret, _ := strings.Cut(h, " ")
		switch {
		case strings.EqualFold(scheme, "Bearer"):
			secret = strings.TrimSpace(secret)
		case strings.EqualFold(scheme, "Basic") && strings.HasPrefix(r.URL.Path, ogc.Path):
			// What a GIS can say: the token as a password, under any name.
			_, secret, _ = r.BasicAuth()
		default:
			return nil, errUnauthenticated("authorization-scheme")
		}
		return func(ctx context.Context) (dispatch.Actor, error) {
			who, err := a.desk.TokenActor(ctx, secret)
			if isCode(err, dispatch.NotFound) {
				err = errUnauthenticated("bad-token")
			}
			return who, err
		}, nil
	}
	query := r.URL.Query()
	public := a.public(query.Get(authorityParam))
	device := a.device(r, public)
	if c, err := r.Cookie(cookieName); err == nil {
		secret := c.Value
		return func(ctx context.Context) (dispatch.Actor, error) {
			who, in, err := a.person(ctx, secret)
			if err == nil && !in {
				return device(ctx)
			}
			return who, err
		}, nil
	}
	if _, err := r.Cookie(deviceCookie); err == nil {
		return device, nil
	}
	if secret := query.Get(residentParam); secret != "" {
		return func(ctx context.Context) (dispatch.Actor, error) { return a.desk.ResidentActor(ctx, secret) }, nil
	}
	return public, nil
}

// person is who is signed in with a session's secret; in is false when the
// session has ended or the person was shut out. A session in use goes on.
func (a *api) person(ctx context.Context, secret string) (who dispatch.Actor, in bool, err error) {
	ctx, err = a.sessions.Load(ctx, secret)
	if err != nil {
		return who, false, err
	}
	id, err := uuid.Parse(a.sessions.GetString(ctx, sessionUser))
	if err != nil {
		return who, false, nil
	}
	who, err = a.desk.UserActor(ctx, id)
	if isCode(err, dispatch.NotFound) {
		return who, false, nil
	}
	if err != nil {
		return who, false, err
	}
	if now := a.now(); now.Sub(time.Unix(a.sessions.GetInt64(ctx, sessionSeen), 0)) > sessionTouch {
		a.sessions.Put(ctx, sessionSeen, now.Unix())
		if _, _, err := a.sessions.Commit(ctx); err != nil {
			return who, false, err
		}
	}
	return who, true, nil
}

// device is the crew that speaks through the tablet whose cookie the request
// has, or the public without one. A revoked tablet is DeviceRevoked.
func (a *api) device(r *http.Request, public identify) identify {
	c, err := r.Cookie(deviceCookie)
	if err != nil {
		return public
	}
	return func(ctx context.Context) (dispatch.Actor, error) {
		who, err := a.desk.DeviceActor(ctx, c.Value)
		if isCode(err, dispatch.NotFound) {
			return public(ctx)
		}
		return who, err
	}
}

// public is a caller who didn't say who they are, of the authority that the
// request names or else of the only one there is. With neither it is of none.
func (a *api) public(named string) identify {
	return func(context.Context) (dispatch.Actor, error) {
		who := dispatch.Actor{Role: dispatch.Public, Authority: named}
		known := a.desk.Authorities()
		switch {
		case named == "" && len(known) == 1:
			who.Authority = known[0]
		case named != "" && !slices.Contains(known, named):
			return who, &dispatch.Error{Code: dispatch.NotFound, Key: desk.KeyNoAuthority, Field: authorityParam, Args: map[string]any{"authority": named}}
		}
		return who, nil
	}
}

func errUnauthenticated(key string) *dispatch.Error {
	return &dispatch.Error{Code: codeUnauthenticated, Key: key}
}
