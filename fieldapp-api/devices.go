package fieldapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"moked/dispatch"
	"moked/dispatch/desk"
)

const (
	deviceCookie = "moked_device"
	deviceLasts  = 400 * 24 * time.Hour // as long as browsers keep a cookie
)

type deviceBody struct {
	Device desk.Tablet `json:"device"`
}

type deviceList struct {
	Devices []desk.Tablet `json:"devices"`
}

func (a *api) deviceRoutes() {
	route(a, may(dispatch.CrewManage), get("/devices", "devices", "The crews' tablets, the one heard of last first"),
		func(ctx context.Context, who dispatch.Actor, in *struct {
			Crew uuid.UUID `query:"crew"`
		}) (*body[deviceList], error) {
			list, err := a.desk.Devices(ctx, who, in.Crew)
			return answer(deviceList{full(list)}, err)
		})
	route(a, may(dispatch.CrewManage), okPost("/devices/{id}/revoke", "revoke-device", "Shut a lost tablet out; it wipes what it holds at its next contact"),
		func(ctx context.Context, who dispatch.Actor, in *byID) (*body[deviceBody], error) {
			v, err := a.desk.RevokeDevice(ctx, who, in.ID)
			return answer(deviceBody{v}, err)
		})
	route(a, everybody(), huma.Operation{
		Method: http.MethodPost, Path: "/session/wiped", OperationID: "device-wiped",
		Summary: "A revoked tablet says that it has wiped its data", DefaultStatus: http.StatusNoContent,
	}, a.deviceWiped)
	route(a, everybody(), okPost("/session/resume", "resume-session", "A tablet whose browser lost its cookie shows its secret and gets it back"), a.resumeDevice)
}

// DeviceSecret is what a tablet was told when it signed in.
type DeviceSecret struct {
	Secret string `json:"secret"`
}

// resumeDevice gives a tablet its cookie back. Browsers write a cookie to the
// disk half a minute after they got it, so one whose battery dies then wakes
// up without, with a shift's work in its queue. The tablet keeps the secret
// sealed, beside that work.
func (a *api) resumeDevice(ctx context.Context, _ dispatch.Actor, in *struct{ In DeviceSecret }) (*signedInCookie, error) {
	if !a.limits.allow("sign-in "+a.caller(callOf(ctx).r), 6*time.Second, 10) {
		return nil, tooMany()
	}
	who, err := a.desk.DeviceActor(ctx, in.In.Secret)
	if isCode(err, dispatch.NotFound) {
		err = errUnauthenticated(desk.KeySignIn)
	}
	if err != nil {
		return nil, err
	}
	out, err := a.signedIn(ctx, who)
	if err != nil {
		return nil, err
	}
	return &signedInCookie{[]http.Cookie{a.deviceCookie(in.In.Secret)}, out}, nil
}

func (a *api) deviceCookie(secret string) http.Cookie {
	c := a.cookie(secret, a.now().Add(deviceLasts))
	c.Name = deviceCookie
	return c
}

func (a *api) deviceWiped(ctx context.Context, _ dispatch.Actor, in *struct {
	Secret string `cookie:"moked_device"`
}) (*noContent, error) {
	if err := a.desk.DeviceWiped(ctx, in.Secret); err != nil {
		return nil, err
	}
	return &noContent{[]http.Cookie{a.gone(deviceCookie)}}, nil
}

// signInDevice answers a crew's tablet with a cookie of the device's own, which
// outlives a shift without a network; a person's session it hasn't.
func (a *api) signInDevice(ctx context.Context, who dispatch.Actor, n desk.NewDevice) (*signedInCookie, error) {
	secret, v, err := a.desk.SignInDevice(ctx, who, n)
	if err != nil {
		return nil, err
	}
	who.Device = v.ID
	out, err := a.signedIn(ctx, who)
	if err != nil {
		return nil, err
	}
	out.Secret = secret
	return &signedInCookie{[]http.Cookie{a.deviceCookie(secret), a.gone(cookieName)}, out}, nil
}

// gone is the end of a cookie.
func (a *api) gone(name string) http.Cookie {
	c := a.cookie("", time.Unix(1, 0))
	c.Name, c.MaxAge = name, -1
	return c
}
