package fieldapi

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"moked/dispatch"
	"moked/dispatch/desk"
)

type crewBody struct {
	Crew dispatch.Crew `json:"crew"`
}

type crewList struct {
	Crews []dispatch.Crew `json:"crews"`
}

func (a *api) crewRoutes() {
	route(a, may(dispatch.CrewRead), get("/crews", "crews", "Crews in the caller's scope, with their last positions"),
		func(ctx context.Context, who dispatch.Actor, _ *struct{}) (*body[crewList], error) {
			list, err := a.desk.Crews(ctx, who)
			return answer(crewList{full(list)}, err)
		})
	route(a, may(dispatch.CrewManage), post("/crews", "add-crew", "Add a crew, off duty"),
		func(ctx context.Context, who dispatch.Actor, in *struct{ In desk.NewCrew }) (*body[crewBody], error) {
			c, err := a.desk.AddCrew(ctx, who, in.In)
			return answer(crewBody{c}, err)
		})
	route(a, may(dispatch.CrewManage), patch("/crews/{id}", "change-crew", "Change a crew; what isn't named stays"),
		func(ctx context.Context, who dispatch.Actor, in *struct {
			ID uuid.UUID `path:"id"`
			In desk.CrewChange
		}) (*body[crewBody], error) {
			c, err := a.desk.ChangeCrew(ctx, who, in.ID, in.In)
			return answer(crewBody{c}, err)
		})
	route(a, may(dispatch.CrewDuty), okPost("/crews/{id}/duty", "crew-duty", "On duty until, off duty, on break"),
		func(ctx context.Context, who dispatch.Actor, in *struct {
			ID uuid.UUID `path:"id"`
			In desk.Duty
		}) (*body[crewBody], error) {
			c, err := a.desk.SetDuty(ctx, who, in.ID, in.In)
			return answer(crewBody{c}, err)
		})
	route(a, may(dispatch.PositionsSend), okPost("/positions", "send-positions", "Where crews are; a late position is kept and moves nobody back"),
		a.positions)
}

// Fix is where a crew was. Crew may be left out by a crew itself.
type Fix struct {
	dispatch.Position
	Crew *uuid.UUID `json:"crew,omitempty"`
	Lat  *float64   `json:"lat"`
	Lon  *float64   `json:"lon"`
}

// Fixes are positions to record.
type Fixes struct {
	Positions []Fix `json:"positions"`
}

func (a *api) positions(ctx context.Context, who dispatch.Actor, in *struct{ In Fixes }) (*body[desk.Recorded], error) {
	ps := make([]dispatch.Position, len(in.In.Positions))
	for i, f := range in.In.Positions {
		at := "positions." + strconv.Itoa(i)
		switch {
		case f.Lat == nil:
			return nil, dispatch.Bad(at+".lat", desk.KeyRequired)
		case f.Lon == nil:
			return nil, dispatch.Bad(at+".lon", desk.KeyRequired)
		}
		p := f.Position
		p.Lat, p.Lon = *f.Lat, *f.Lon
		if f.Crew != nil {
			p.Crew = *f.Crew
		}
		ps[i] = p
	}
	return answer(a.desk.RecordPositions(ctx, who, ps))
}
