package fieldapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"moked/dispatch"
	"moked/dispatch/desk"
)

type reportIn struct {
	Key string `header:"Idempotency-Key" doc:"The same key with the same body gives the same report; with another body it is refused"`
	In  desk.NewReport
}

type reportBody struct {
	Report desk.ReportView `json:"report"`
}

type reportList struct {
	Reports []desk.ReportView `json:"reports"`
}

type hitList struct {
	Results []desk.Hit `json:"results"`
}

func (a *api) reportRoutes() {
	file := post("/reports", "file-report", "Tell of a hazard, fault or event")
	file.Description = "Finds the place, joins the report to the open incident that it speaks of or opens one, starts its clocks and " +
		"plans the work. A report whose place isn't found is filed all the same, as unplaced. When this answers, the report is on disk."
	route(a, may(dispatch.ReportFile), file, a.createReport)
	list := get("/reports", "reports", "Reports of a phone, a number or an incident")
	list.Description = "Newest first. Contacts are given only to those who need them, and it is logged who saw them."
	route(a, may(dispatch.ReportRead), list,
		func(ctx context.Context, who dispatch.Actor, in *struct {
			Phone    string    `query:"phone" doc:"In any notation"`
			Number   string    `query:"number"`
			Incident uuid.UUID `query:"incident"`
			Limit    int       `query:"limit" minimum:"1" doc:"50, at most 500"`
		}) (*body[reportList], error) {
			list, err := a.desk.Reports(ctx, who, desk.ReportQuery{Phone: in.Phone, Number: in.Number, Incident: in.Incident, Limit: in.Limit})
			return answer(reportList{full(list)}, err)
		})
	route(a, may(dispatch.ReportRead), get("/reports/{id}", "report", "One report"),
		func(ctx context.Context, who dispatch.Actor, in *byID) (*body[reportBody], error) {
			r, err := a.desk.Report(ctx, who, in.ID)
			return answer(reportBody{r}, err)
		})
	route(a, everybody(), get("/track/{token}", "track-report", "What became of a report, for whoever has its secret"),
		func(ctx context.Context, _ dispatch.Actor, in *struct {
			Token string `path:"token" doc:"The token that filing the report gave"`
		}) (*body[desk.Tracked], error) {
			return answer(a.desk.Track(ctx, in.Token))
		})
	route(a, may(dispatch.IncidentRead), get("/search", "search", "Incidents, reports, jobs, crews and addresses by a few letters or digits"),
		func(ctx context.Context, who dispatch.Actor, in *struct {
			Q string `query:"q" required:"true"`
		}) (*body[hitList], error) {
			hits, err := a.desk.Search(ctx, who, in.Q)
			return answer(hitList{full(hits)}, err)
		})
}

// Strangers who report from one address are slowed beyond this: whole
// neighbourhoods share one behind a mobile network.
const (
	strangersBurst = 300
	strangersEvery = 200 * time.Millisecond
)

func (a *api) createReport(ctx context.Context, who dispatch.Actor, in *reportIn) (*body[desk.Filed], error) {
	if who.Role == dispatch.Public && !a.limits.allow("report "+a.caller(callOf(ctx).r), strangersEvery, strangersBurst) {
		return nil, tooMany()
	}
	in.In.Key = in.Key
	return answer(a.desk.FileReport(ctx, who, in.In))
}
