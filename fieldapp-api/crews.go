package fieldapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"moked/dispatch"
	"moked/dispatch/desk"
)

type crewBody struct {
	Crew dispatch.Crew `json:"crew"`
}

func (a *api) crewRoutes() {
	route(a, may(dispatch.CrewRead), get("/crews", "crews", "Crews in the caller's scope, with their last positions"),
		func(ctx context.Context, who dispatch.Actor, _ *struct{}) (*body[map[string][]dispatch.Crew], error) {
			list, err := a.desk.Crews(ctx, who)
			return answer(map[string][]dispatch.Crew{"crews": full(list)}, err)
		})
	add := post("/crews", "add-crew", "Add a crew")
	add.DefaultStatus = http.StatusCreated
	route(a, may(dispatch.CrewManage), add,
		func(ctx context.Context, who dispatch.Actor, in *struct{ Body desk.NewCrew }) (*body[crewBody], error) {
			c, err := a.desk.AddCrew(ctx, who, in.Body)
			return answer(crewBody{c}, err)
		})
	route(a, may(dispatch.CrewManage), huma.Operation{
		Method: http.MethodPatch, Path: "/crews/{id}", OperationID: "change-crew", Summary: "Change a crew; what isn't named stays",
	}, func(ctx context.Context, who dispatch.Actor, in *struct {
		ID   uuid.UUID `path:"id"`
		Body desk.CrewChange
	}) (*body[crewBody], error) {
		c, err := a.desk.ChangeCrew(ctx, who, in.ID, in.Body)
		return answer(crewBody{c}, err)
	})
	duty := post("/crews/{id}/duty", "crew-duty", "On duty until, off duty, on break")
	duty.DefaultStatus = http.StatusOK
	route(a, may(dispatch.CrewDuty), duty, func(ctx context.Context, who dispatch.Actor, in *struct {
		ID   uuid.UUID `path:"id"`
		Body desk.Duty
	}) (*body[crewBody], error) {
		c, err := a.desk.SetDuty(ctx, who, in.ID, in.Body)
		return answer(crewBody{c}, err)
	})
	send := post("/positions", "send-positions", "Where crews are; a late position is kept and moves nobody back")
	send.DefaultStatus = http.StatusOK
	route(a, may(dispatch.PositionsSend), send, func(ctx context.Context, who dispatch.Actor, in *struct {
		Body struct {
			Positions []dispatch.Position `json:"positions" minItems:"1" maxItems:"1000"`
		}
	}) (*body[desk.Recorded], error) {
		return answer(a.desk.RecordPositions(ctx, who, in.Body.Positions))
	})
}
