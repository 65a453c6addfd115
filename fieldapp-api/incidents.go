package fieldapi

import (
	"context"

	"github.com/google/uuid"

	"moked/dispatch"
	"moked/dispatch/desk"
)

type incidentBody struct {
	Incident dispatch.Incident `json:"incident"`
}

type incidentStepIn struct {
	ID uuid.UUID `path:"id"`
	In desk.IncidentStep
}

type handList struct {
	Hands []desk.Hand `json:"hands"`
}

type handIn struct {
	ID uuid.UUID `path:"id"`
	In ShowHand
}

// ShowHand is what one does with an incident in one of one's screens.
type ShowHand struct {
	Client uuid.UUID  `json:"client"`
	Doing  desk.Doing `json:"doing"`
}

type nearList struct {
	Incidents []desk.NearIncident `json:"incidents"`
}

func (a *api) incidentRoutes() {
	route(a, may(dispatch.IncidentRead), get("/incidents", "incidents", "Incidents in the caller's scope, newest first"),
		func(ctx context.Context, who dispatch.Actor, in *struct {
			State      string `query:"state" enum:"open,closed,merged,archived"`
			Category   string `query:"category"`
			Department string `query:"department"`
			District   string `query:"district"`
			Page
		}) (*body[desk.IncidentPage], error) {
			return answer(a.desk.Incidents(ctx, who, desk.IncidentQuery{
				State: in.State, Category: in.Category, Department: in.Department, District: in.District, Limit: in.Limit, Cursor: in.Cursor,
			}))
		})
	route(a, may(dispatch.IncidentRead), get("/incidents/near", "incidents-near", "Open incidents near a point, the nearest first"),
		func(ctx context.Context, who dispatch.Actor, in *struct {
			At
			Category string `query:"category"`
		}) (*body[nearList], error) {
			list, err := a.desk.NearIncidents(ctx, who, in.Lat, in.Lon, in.Category)
			return answer(nearList{full(list)}, err)
		})
	route(a, may(dispatch.IncidentRead), get("/incidents/{id}", "incident", "One incident with its reports, jobs and timeline"),
		func(ctx context.Context, who dispatch.Actor, in *byID) (*body[desk.IncidentDetail], error) {
			return answer(a.desk.Incident(ctx, who, in.ID))
		})
	route(a, may(dispatch.IncidentChange), okPost("/incidents/{id}/hands", "show-hand", "Say what one does with an incident, every few seconds, and learn who else has it open"),
		func(ctx context.Context, who dispatch.Actor, in *handIn) (*body[handList], error) {
			hands, err := a.desk.ShowHand(ctx, who, in.ID, in.In.Client, in.In.Doing)
			return answer(handList{full(hands)}, err)
		})
	route(a, may(dispatch.IncidentChange), patch("/incidents/{id}", "change-incident", "Correct what or where an incident is; what isn't named stays"), func(ctx context.Context, who dispatch.Actor, in *struct {
		ID uuid.UUID `path:"id"`
		In desk.IncidentChange
	}) (*body[incidentBody], error) {
		i, err := a.desk.ChangeIncident(ctx, who, in.ID, in.In)
		return answer(incidentBody{i}, err)
	})
	route(a, may(dispatch.IncidentChange), okPost("/incidents/{id}/merge", "merge-incidents", "End an incident as being the same as another"),
		func(ctx context.Context, who dispatch.Actor, in *struct {
			ID uuid.UUID `path:"id"`
			In desk.Merging
		}) (*body[incidentBody], error) {
			i, err := a.desk.MergeIncidents(ctx, who, in.ID, in.In)
			return answer(incidentBody{i}, err)
		})
	route(a, may(dispatch.IncidentChange), okPost("/incidents/{id}/split", "split-report", "Take a report off an incident: it opens one of its own"),
		func(ctx context.Context, who dispatch.Actor, in *struct {
			ID uuid.UUID `path:"id"`
			In desk.Splitting
		}) (*body[incidentBody], error) {
			i, err := a.desk.SplitReport(ctx, who, in.ID, in.In)
			return answer(incidentBody{i}, err)
		})
	route(a, may(dispatch.IncidentClose), post("/incidents/{id}/jobs", "open-job", "Plan a further job on an open incident"), func(ctx context.Context, who dispatch.Actor, in *struct {
		ID uuid.UUID `path:"id"`
		In desk.FurtherJob
	}) (*body[jobBody], error) {
		return stepped(a.desk.OpenJob(ctx, who, in.ID, in.In))
	})

	a.incidentStep("pause", dispatch.IncidentChange, "Its clocks stand still, for a reason", a.desk.PauseIncident)
	a.incidentStep("resume", dispatch.IncidentChange, "Its clocks go on", a.desk.ResumeIncident)
	a.incidentStep("withhold", dispatch.IncidentClose, "No job is to be done for now, for a reason", a.desk.WithholdIncident)
	a.incidentStep("close", dispatch.IncidentClose, "It is dealt with, for a reason; its open jobs are cancelled", a.desk.CloseIncident)
	a.incidentStep("reopen", dispatch.IncidentClose, "It was not dealt with, for a reason", a.desk.ReopenIncident)
}

func (a *api) incidentStep(action string, p dispatch.Permission, summary string, do func(context.Context, dispatch.Actor, uuid.UUID, desk.IncidentStep) (dispatch.Incident, error)) {
	route(a, may(p), okPost("/incidents/{id}/"+action, action+"-incident", summary),
		func(ctx context.Context, who dispatch.Actor, in *incidentStepIn) (*body[incidentBody], error) {
			i, err := do(ctx, who, in.ID, in.In)
			return answer(incidentBody{i}, err)
		})
}
