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
	c := a.cookie(secret, a.now().Add(deviceLasts))
	c.Name = deviceCookie
	return &signedInCookie{[]http.Cookie{c, a.gone(cookieName)}, out}, nil
}

// gone is the end of a cookie.
func (a *api) gone(name string) http.Cookie {
	c := a.cookie("", time.Unix(1, 0))
	c.Name, c.MaxAge = name, -1
	return c
}
