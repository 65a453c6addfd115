package fieldapi

import (
	"context"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/dispatch/desk"
)

type planBody struct {
	Plan dispatch.DayPlan `json:"plan"`
}

type closureBody struct {
	Closure desk.Closure `json:"closure"`
}

type closureList struct {
	Closures []desk.Closure `json:"closures"`
}

type stretchBody struct {
	Lines orb.MultiLineString `json:"lines"`
}

func (a *api) planRoutes() {
	route(a, may(dispatch.PlanRead), get("/crews/{id}/plan", "plan", "A crew's day: its jobs in order, with times; without stops where there is none"),
		func(ctx context.Context, who dispatch.Actor, in *byID) (*body[planBody], error) {
			p, err := a.desk.Plan(ctx, who, in.ID)
			return answer(planBody{p}, err)
		})
	route(a, may(dispatch.PlanArrange), okPost("/crews/{id}/plan", "plan-day", "Plan a crew's day anew; started and pinned jobs stay"),
		func(ctx context.Context, who dispatch.Actor, in *struct {
			ID uuid.UUID `path:"id"`
			In desk.PlanChange
		}) (*body[planBody], error) {
			p, err := a.desk.PlanDay(ctx, who, in.ID, in.In)
			return answer(planBody{p}, err)
		})
	route(a, may(dispatch.PlanArrange), okPost("/crews/{id}/plan/move", "move-stop", "Put a job at another place of the plan"),
		func(ctx context.Context, who dispatch.Actor, in *struct {
			ID uuid.UUID `path:"id"`
			In desk.StopMove
		}) (*body[planBody], error) {
			p, err := a.desk.MoveStop(ctx, who, in.ID, in.In)
			return answer(planBody{p}, err)
		})
	route(a, may(dispatch.PlanArrange), okPost("/crews/{id}/plan/pin", "pin-stop", "Keep a job at its place of the plan, or at a time; or let it go"),
		func(ctx context.Context, who dispatch.Actor, in *struct {
			ID uuid.UUID `path:"id"`
			In desk.StopPin
		}) (*body[planBody], error) {
			p, err := a.desk.PinStop(ctx, who, in.ID, in.In)
			return answer(planBody{p}, err)
		})
	route(a, may(dispatch.PlanArrange), okPost("/crews/{id}/plan/undo", "undo-plan", "Go back to the order before, also where it was changed by itself"),
		func(ctx context.Context, who dispatch.Actor, in *struct {
			ID uuid.UUID `path:"id"`
			In desk.PlanChange
		}) (*body[planBody], error) {
			p, err := a.desk.UndoPlan(ctx, who, in.ID, in.In)
			return answer(planBody{p}, err)
		})
	route(a, may(dispatch.CrewRead), get("/closures", "closures", "The roads that are closed, or will be"),
		func(ctx context.Context, who dispatch.Actor, _ *struct{}) (*body[closureList], error) {
			list, err := a.desk.Closures(ctx, who)
			return answer(closureList{full(list)}, err)
		})
	route(a, may(dispatch.RoadClose), post("/closures", "close-road", "Close a stretch of road: plans, recommendations and routes go around it"),
		func(ctx context.Context, who dispatch.Actor, in *struct{ In desk.NewClosure }) (*body[closureBody], error) {
			k, err := a.desk.CloseRoad(ctx, who, in.In)
			return answer(closureBody{k}, err)
		})
	route(a, may(dispatch.RoadClose), okPost("/closures/stretch", "stretch-of-road", "What closing the road through these points would close"),
		func(ctx context.Context, who dispatch.Actor, in *struct{ In desk.Through }) (*body[stretchBody], error) {
			lines, err := a.desk.Stretch(ctx, who, in.In)
			return answer(stretchBody{lines}, err)
		})
	route(a, may(dispatch.RoadClose), okPost("/closures/{id}/lift", "lift-closure", "Open a closed road again"),
		func(ctx context.Context, who dispatch.Actor, in *byID) (*body[closureBody], error) {
			k, err := a.desk.LiftClosure(ctx, who, in.ID)
			return answer(closureBody{k}, err)
		})
}
