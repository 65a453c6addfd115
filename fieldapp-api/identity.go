package fieldapi

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/uuid"

	"moked/dispatch"
	"moked/dispatch/desk"
)

const (
	cookieName    = "moked_session"
	sessionUser   = "user"
	sessionLasts  = 30 * 24 * time.Hour
	sessionIdle   = 24 * time.Hour
	bearer        = "Bearer "
	residentParam = "report"
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

type actorKey struct{}

// actorOf is who asks; a caller who didn't say is the public.
func actorOf(ctx context.Context) dispatch.Actor {
	if a, ok := ctx.Value(actorKey{}).(dispatch.Actor); ok {
		return a
	}
	return dispatch.Actor{Role: dispatch.Public}
}

// identified finds out who asks: a program by its bearer token, a person by
// the session's cookie, a resident by the secret of a report's page. A token
// that is wrong is refused; a session that has ended makes the caller public.
func (a *api) identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := withLang(r.Context(), askedLang(r))
		who, ctx, err := a.identify(ctx, r)
		if err != nil {
			writeProblem(w, problemFrom(ctx, a.log, err))
			return
		}
		if who.Lang != "" && r.Header.Get("Accept-Language") == "" {
			ctx = withLang(ctx, who.Lang)
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(ctx, actorKey{}, who)))
	})
}

func (a *api) identify(ctx context.Context, r *http.Request) (dispatch.Actor, context.Context, error) {
	public := dispatch.Actor{Role: dispatch.Public}
	if h := r.Header.Get("Authorization"); h != "" {
		secret, ok := strings.CutPrefix(h, bearer)
		if !ok {
			return public, ctx, errUnauthenticated("authorization-scheme")
		}
		who, err := a.desk.TokenActor(ctx, secret)
		return who, ctx, err
	}
	if c, err := r.Cookie(cookieName); err == nil {
		ctx, err = a.sessions.Load(ctx, c.Value)
		if err != nil {
			return public, ctx, err
		}
		if id, err := uuid.Parse(a.sessions.GetString(ctx, sessionUser)); err == nil {
			who, err := a.desk.UserActor(ctx, id)
			if err == nil {
				return who, ctx, nil
			}
			if !isCode(err, dispatch.NotFound) {
				return public, ctx, err
			}
		}
		return public, ctx, nil
	}
	if secret := r.URL.Query().Get(residentParam); secret != "" {
		who, err := a.desk.ResidentActor(ctx, secret)
		return who, ctx, err
	}
	return public, ctx, nil
}

func errUnauthenticated(key string) *dispatch.Error {
	return &dispatch.Error{Code: codeUnauthenticated, Key: key}
}
