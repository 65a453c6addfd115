package fieldapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"moked/dispatch"
	"moked/dispatch/desk"
)

type shiftBody struct {
	Shift dispatch.Shift `json:"shift"`
}

func (a *api) shiftRoutes() {
	route(a, may(dispatch.CrewRead), get("/shifts", "shifts", "A week's shifts of the crews in the caller's scope, from Sunday"),
		func(ctx context.Context, who dispatch.Actor, in *struct {
			Week string    `query:"week" doc:"A date of the week, 2026-03-27; without one this week"`
			Crew uuid.UUID `query:"crew"`
		}) (*body[desk.Roster], error) {
			return answer(a.desk.Roster(ctx, who, desk.RosterQuery{Week: in.Week, Crew: in.Crew}))
		})
	route(a, may(dispatch.CrewManage), post("/shifts", "plan-shift", "Put a crew on the roster"),
		func(ctx context.Context, who dispatch.Actor, in *struct{ In desk.NewShift }) (*body[shiftBody], error) {
			s, err := a.desk.PlanShift(ctx, who, in.In)
			return answer(shiftBody{s}, err)
		})
	route(a, may(dispatch.CrewManage), okPost("/shifts/copy", "copy-week", "Repeat a week's shifts in another week, or in several; to repeat that makes only what isn't there"),
		func(ctx context.Context, who dispatch.Actor, in *struct{ In desk.WeekCopy }) (*body[desk.WeekCopied], error) {
			return answer(a.desk.CopyWeek(ctx, who, in.In))
		})
	route(a, may(dispatch.CrewManage), patch("/shifts/{id}", "change-shift", "Change a shift; what isn't named stays"),
		func(ctx context.Context, who dispatch.Actor, in *struct {
			ID uuid.UUID `path:"id"`
			In desk.ShiftChange
		}) (*body[shiftBody], error) {
			s, err := a.desk.ChangeShift(ctx, who, in.ID, in.In)
			return answer(shiftBody{s}, err)
		})
	route(a, may(dispatch.CrewManage), huma.Operation{
		Method: http.MethodDelete, Path: "/shifts/{id}", OperationID: "remove-shift",
		Summary: "Take a shift off the roster", DefaultStatus: http.StatusNoContent,
	}, func(ctx context.Context, who dispatch.Actor, in *struct {
		ID          uuid.UUID `path:"id"`
		BaseVersion int       `query:"base_version" doc:"The version that it was decided on"`
	}) (*struct{}, error) {
		return nil, a.desk.RemoveShift(ctx, who, in.ID, in.BaseVersion)
	})
}
