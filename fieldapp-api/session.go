package fieldapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"moked/dispatch"
	"moked/dispatch/desk"
)

// signedIn is what a page needs to know first: who I am, and of what city.
type signedIn struct {
	Actor     dispatch.Actor `json:"actor"`
	Authority desk.Authority `json:"authority"`
}

type cookies struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      signedIn
}

type noContent struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

type credentials struct {
	Body struct {
		Login    string `json:"login" maxLength:"100"`
		Password string `json:"password" maxLength:"1000"`
	}
}

func (a *api) sessionRoutes() {
	signIn := post("/session", "sign-in", "Sign in with a login and a password")
	signIn.DefaultStatus = http.StatusOK
	signIn.Middlewares = huma.Middlewares{a.slowly("sign-in", 6*time.Second, 10)}
	route(a, everybody(), signIn, a.signIn)
	route(a, signedInOnly(), get("/session", "session", "Who is signed in"),
		func(ctx context.Context, who dispatch.Actor, _ *struct{}) (*body[signedIn], error) {
			return answer(a.signedIn(ctx, who))
		})
	route(a, everybody(), huma.Operation{
		Method: http.MethodDelete, Path: "/session", OperationID: "sign-out",
		Summary: "Sign out; the cookie is worthless from then on", DefaultStatus: http.StatusNoContent,
	}, a.signOut)
	route(a, signedInOnly(), huma.Operation{
		Method: http.MethodPatch, Path: "/session", OperationID: "change-session", Summary: "Choose the language of one's screens",
	}, func(ctx context.Context, who dispatch.Actor, in *struct {
		Body struct {
			Lang string `json:"lang" enum:"he,en,ar,ru"`
		}
	}) (*body[signedIn], error) {
		if err := a.desk.SetLang(ctx, who, in.Body.Lang); err != nil {
			return nil, err
		}
		who.Lang = in.Body.Lang
		return answer(a.signedIn(ctx, who))
	})
}

func (a *api) signedIn(ctx context.Context, who dispatch.Actor) (signedIn, error) {
	auth, err := a.desk.Authority(ctx, who)
	return signedIn{who, auth}, err
}

func (a *api) signIn(ctx context.Context, _ dispatch.Actor, in *credentials) (*cookies, error) {
	who, err := a.desk.Authenticate(ctx, in.Body.Login, in.Body.Password)
	if err != nil {
		return nil, err
	}
	// A fresh session each time: an old cookie never becomes a signed-in one.
	ctx, err = a.sessions.Load(ctx, "")
	if err != nil {
		return nil, err
	}
	a.sessions.Put(ctx, sessionUser, who.ID.String())
	secret, expires, err := a.sessions.Commit(ctx)
	if err != nil {
		return nil, err
	}
	out, err := a.signedIn(ctx, who)
	if err != nil {
		return nil, err
	}
	return &cookies{[]http.Cookie{a.cookie(secret, expires)}, out}, nil
}

func (a *api) signOut(ctx context.Context, _ dispatch.Actor, in *struct {
	Secret string `cookie:"moked_session"`
}) (*noContent, error) {
	if in.Secret != "" {
		ctx, err := a.sessions.Load(ctx, in.Secret)
		if err != nil {
			return nil, err
		}
		if err := a.sessions.Destroy(ctx); err != nil {
			return nil, err
		}
	}
	gone := a.cookie("", time.Unix(1, 0))
	gone.MaxAge = -1
	return &noContent{[]http.Cookie{gone}}, nil
}

func (a *api) cookie(secret string, expires time.Time) http.Cookie {
	c := a.sessions.Cookie
	return http.Cookie{
		Name: c.Name, Value: secret, Path: c.Path, HttpOnly: c.HttpOnly,
		Secure: c.Secure, SameSite: c.SameSite, Expires: expires,
	}
}

// slowly refuses a caller's address that does a thing too often.
func (a *api) slowly(what string, every time.Duration, burst int) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		r, _ := humago.Unwrap(hc)
		if !a.limits.allow(what+" "+a.caller(r), every, burst) {
			p := problem(langOf(r.Context()), &dispatch.Error{Code: dispatch.TooMany, Key: "too-many"})
			hc.SetHeader("Retry-After", "60")
			_ = huma.WriteErr(a.huma, hc, p.Status, p.Title, p)
			return
		}
		next(hc)
	}
}
