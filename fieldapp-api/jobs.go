package fieldapi

import (
	"context"

	"github.com/google/uuid"

	"moked/dispatch"
	"moked/dispatch/desk"
)

type byID struct {
	ID uuid.UUID `path:"id"`
}

// Page asks for a part of a list.
type Page struct {
	Limit  int    `query:"limit" minimum:"1" doc:"50, at most 500"`
	Cursor string `query:"cursor" doc:"The next of the page before"`
}

type jobBody struct {
	Job dispatch.Job `json:"job"`
}

type contactList struct {
	Contacts []desk.JobContact `json:"contacts"`
}

type stepIn struct {
	ID uuid.UUID `path:"id"`
	In desk.Step
}

func (a *api) jobRoutes() {
	route(a, may(dispatch.JobRead), get("/jobs", "jobs", "Jobs in the caller's scope"),
		func(ctx context.Context, who dispatch.Actor, in *struct {
			State      string    `query:"state" enum:"planned,assigned,accepted,departed,arrived,paused,done,cancelled"`
			Crew       uuid.UUID `query:"crew"`
			Incident   uuid.UUID `query:"incident"`
			Department string    `query:"department"`
			District   string    `query:"district"`
			Page
		}) (*body[desk.JobPage], error) {
			return answer(a.desk.Jobs(ctx, who, desk.JobQuery{
				State: in.State, Crew: in.Crew, Incident: in.Incident, Department: in.Department, District: in.District, Limit: in.Limit, Cursor: in.Cursor,
			}))
		})
	route(a, may(dispatch.JobRead), get("/jobs/{id}", "job", "One job"),
		func(ctx context.Context, who dispatch.Actor, in *byID) (*body[jobBody], error) {
			j, err := a.desk.Job(ctx, who, in.ID)
			return answer(jobBody{j}, err)
		})
	route(a, may(dispatch.JobAssign), get("/jobs/{id}/recommend", "recommend-crews", "Crews for a job, best first, each with the reasons"), a.recommend)

	route(a, may(dispatch.JobContacts), get("/jobs/{id}/contacts", "job-contacts", "Who told us of the job's incident; it is noted who saw it"),
		func(ctx context.Context, who dispatch.Actor, in *byID) (*body[contactList], error) {
			list, err := a.desk.JobContacts(ctx, who, in.ID)
			return answer(contactList{full(list)}, err)
		})

	a.step("assign", dispatch.JobAssign, "Give the job to a crew, or move it to another", a.assignJob)
	a.step("accept", dispatch.JobWork, "The crew will go", a.acceptJob)
	a.step("depart", dispatch.JobWork, "The crew is on its way", a.departJob)
	a.step("arrive", dispatch.JobWork, "The crew is there", a.arriveJob)
	a.step("pause", dispatch.JobWork, "Work stops for a while, for a reason", a.pauseJob)
	a.step("resume", dispatch.JobWork, "Work goes on", a.resumeJob)
	a.step("complete", dispatch.JobWork, "The work is done", a.completeJob)
	a.step("decline", dispatch.JobWork, "The crew can't, for a reason: the job is planned again", a.declineJob)
	a.step("cancel", dispatch.JobCancel, "The job is not needed, for a reason", a.cancelJob)
	a.step("reopen", dispatch.JobCancel, "The job has to be done again, for a reason", a.reopenJob)
}

type recommendations struct {
	Crews []dispatch.Recommendation `json:"crews"`
}

func (a *api) recommend(ctx context.Context, who dispatch.Actor, in *byID) (*body[recommendations], error) {
	who.Lang = langOf(ctx)
	list, err := a.desk.Recommend(ctx, who, in.ID)
	return answer(recommendations{full(list)}, err)
}

type stepHandler func(context.Context, dispatch.Actor, *stepIn) (*body[jobBody], error)

func (a *api) step(action string, p dispatch.Permission, summary string, h stepHandler) {
	route(a, may(p), okPost("/jobs/{id}/"+action, action+"-job", summary), h)
}

func stepped(j dispatch.Job, err error) (*body[jobBody], error) { return answer(jobBody{j}, err) }

func (a *api) assignJob(ctx context.Context, who dispatch.Actor, in *stepIn) (*body[jobBody], error) {
	return stepped(a.desk.AssignJob(ctx, who, in.ID, in.In))
}

func (a *api) acceptJob(ctx context.Context, who dispatch.Actor, in *stepIn) (*body[jobBody], error) {
	return stepped(a.desk.AcceptJob(ctx, who, in.ID, in.In))
}

func (a *api) departJob(ctx context.Context, who dispatch.Actor, in *stepIn) (*body[jobBody], error) {
	return stepped(a.desk.DepartJob(ctx, who, in.ID, in.In))
}

func (a *api) arriveJob(ctx context.Context, who dispatch.Actor, in *stepIn) (*body[jobBody], error) {
	return stepped(a.desk.ArriveJob(ctx, who, in.ID, in.In))
}

func (a *api) pauseJob(ctx context.Context, who dispatch.Actor, in *stepIn) (*body[jobBody], error) {
	return stepped(a.desk.PauseJob(ctx, who, in.ID, in.In))
}

func (a *api) resumeJob(ctx context.Context, who dispatch.Actor, in *stepIn) (*body[jobBody], error) {
	return stepped(a.desk.ResumeJob(ctx, who, in.ID, in.In))
}

func (a *api) completeJob(ctx context.Context, who dispatch.Actor, in *stepIn) (*body[jobBody], error) {
	return stepped(a.desk.CompleteJob(ctx, who, in.ID, in.In))
}

func (a *api) declineJob(ctx context.Context, who dispatch.Actor, in *stepIn) (*body[jobBody], error) {
	return stepped(a.desk.DeclineJob(ctx, who, in.ID, in.In))
}

func (a *api) cancelJob(ctx context.Context, who dispatch.Actor, in *stepIn) (*body[jobBody], error) {
	return stepped(a.desk.CancelJob(ctx, who, in.ID, in.In))
}

func (a *api) reopenJob(ctx context.Context, who dispatch.Actor, in *stepIn) (*body[jobBody], error) {
	return stepped(a.desk.ReopenJob(ctx, who, in.ID, in.In))
}
