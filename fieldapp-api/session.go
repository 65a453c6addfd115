package fieldapi

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"moked/dispatch"
	"moked/dispatch/desk"
)

// signedIn is what a page needs to know first: who I am, and of what city.
// Secret is a tablet's own, told once when it signs in; see resumeDevice.
type signedIn struct {
	Actor     dispatch.Actor `json:"actor"`
	Authority desk.Authority `json:"authority"`
	Device    *desk.Tablet   `json:"device,omitempty"`
	Secret    string         `json:"secret,omitempty"`
}

type signedInCookie struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      signedIn
}

type noContent struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

// Credentials are what a person signs in with. A crew's tablet names itself.
type Credentials struct {
	Login    string          `json:"login"`
	Password string          `json:"password"`
	Device   *desk.NewDevice `json:"device,omitempty"`
}

// Language is the choice of a person's screens.
type Language struct {
	Lang string `json:"lang"`
}

func (a *api) sessionRoutes() {
	signIn := okPost("/session", "sign-in", "Sign in with a login and a password")
	signIn.Description = "Answers with a cookie that is the session. A wrong login and a wrong password are refused alike."
	route(a, everybody(), signIn, a.signIn)
	route(a, signedInOnly(), get("/session", "session", "Who is signed in"),
		func(ctx context.Context, who dispatch.Actor, _ *struct{}) (*body[signedIn], error) {
			return answer(a.signedIn(ctx, who))
		})
	route(a, everybody(), huma.Operation{
		Method: http.MethodDelete, Path: "/session", OperationID: "sign-out",
		Summary: "Sign out; the cookie is worthless from then on", DefaultStatus: http.StatusNoContent,
	}, a.signOut)
	route(a, signedInOnly(), patch("/session", "change-session", "Choose the language of one's screens"),
		func(ctx context.Context, who dispatch.Actor, in *struct{ In Language }) (*body[signedIn], error) {
			if err := a.desk.SetLang(ctx, who, in.In.Lang); err != nil {
				return nil, err
			}
			who.Lang = in.In.Lang
			return answer(a.signedIn(ctx, who))
		})
}

func (a *api) signedIn(ctx context.Context, who dispatch.Actor) (signedIn, error) {
	auth, err := a.desk.Authority(ctx, who)
	in := signedIn{Actor: who, Authority: auth}
	if who.Device != uuid.Nil && err == nil {
		var v desk.Tablet
		v, err = a.desk.Device(ctx, who, who.Device)
		in.Device = &v
	}
	return in, err
}

func (a *api) signIn(ctx context.Context, _ dispatch.Actor, in *struct{ In Credentials }) (*signedInCookie, error) {
	// Both who guesses at many logins and those who guess at one are slowed.
	from := "sign-in " + a.caller(callOf(ctx).r)
	login := "login " + strings.ToLower(strings.TrimSpace(in.In.Login))
	if !a.limits.allow(from, 6*time.Second, 10) || len(login) <= 300 && !a.limits.allow(login, 3*time.Second, 20) {
		return nil, tooMany()
	}
	who, err := a.desk.Authenticate(ctx, in.In.Login, in.In.Password)
	if isCode(err, dispatch.Forbidden) {
		err = errUnauthenticated(desk.KeySignIn)
	}
	if err != nil {
		return nil, err
	}
	if n := in.In.Device; n != nil && who.Role == dispatch.CrewMember {
		return a.signInDevice(ctx, who, *n)
	}
	// A fresh session each time: an old cookie never becomes a signed-in one.
	ctx, err = a.sessions.Load(ctx, "")
	if err != nil {
		return nil, err
	}
	a.sessions.Put(ctx, sessionUser, who.ID.String())
	a.sessions.Put(ctx, sessionSeen, a.now().Unix())
	secret, expires, err := a.sessions.Commit(ctx)
	if err != nil {
		return nil, err
	}
	out, err := a.signedIn(ctx, who)
	if err != nil {
		return nil, err
	}
	return &signedInCookie{[]http.Cookie{a.cookie(secret, expires)}, out}, nil
}

func (a *api) signOut(ctx context.Context, _ dispatch.Actor, in *struct {
	Secret string `cookie:"moked_session"`
	Device string `cookie:"moked_device"`
}) (*noContent, error) {
	if in.Device != "" {
		if err := a.desk.SignOutDevice(ctx, in.Device); err != nil {
			return nil, err
		}
	}
	if in.Secret != "" {
		ctx, err := a.sessions.Load(ctx, in.Secret)
		if err != nil {
			return nil, err
		}
		if err := a.sessions.Destroy(ctx); err != nil {
			return nil, err
		}
	}
	return &noContent{[]http.Cookie{a.gone(cookieName), a.gone(deviceCookie)}}, nil
}

func (a *api) cookie(secret string, expires time.Time) http.Cookie {
	c := a.sessions.Cookie
	return http.Cookie{
		Name: c.Name, Value: secret, Path: c.Path, HttpOnly: c.HttpOnly,
		Secure: c.Secure, SameSite: c.SameSite, Expires: expires,
	}
}

func tooMany() error { return &dispatch.Error{Code: dispatch.TooMany, Key: "too-many"} }
