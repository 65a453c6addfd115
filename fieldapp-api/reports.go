package fieldapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"moked/dispatch"
	"moked/dispatch/desk"
)

type reportIn struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key with the same body gives the same report; with another body it is refused"`
	Body desk.NewReport
}

func (a *api) reportRoutes() {
	file := post("/reports", "file-report", "Tell of a hazard, fault or event")
	file.DefaultStatus = http.StatusCreated
	file.Middlewares = huma.Middlewares{a.strangersSlowly}
	route(a, may(dispatch.ReportFile), file, a.createReport)
	route(a, may(dispatch.ReportRead), get("/reports", "reports", "Reports by phone, number or incident; contacts only for those who need them, and logged"),
		func(ctx context.Context, who dispatch.Actor, in *desk.ReportQuery) (*body[map[string][]dispatch.Report], error) {
			list, err := a.desk.Reports(ctx, who, *in)
			return answer(map[string][]dispatch.Report{"reports": full(list)}, err)
		})
	route(a, may(dispatch.ReportRead), get("/reports/{id}", "report", "One report"),
		func(ctx context.Context, who dispatch.Actor, in *byID) (*body[reportBody], error) {
			r, err := a.desk.Report(ctx, who, in.ID)
			return answer(reportBody{r}, err)
		})
	route(a, everybody(), get("/track/{token}", "track-report", "What became of a report, for whoever has its secret"),
		func(ctx context.Context, _ dispatch.Actor, in *struct {
			Token string `path:"token" maxLength:"100"`
		}) (*body[desk.Tracked], error) {
			return answer(a.desk.Track(ctx, in.Token))
		})
	route(a, may(dispatch.IncidentRead), get("/search", "search", "Incidents, reports, crews and addresses by a few letters"),
		func(ctx context.Context, who dispatch.Actor, in *struct {
			Q string `query:"q" required:"true" maxLength:"200"`
		}) (*body[map[string][]desk.Hit], error) {
			hits, err := a.desk.Search(ctx, who, in.Q, langOf(ctx))
			return answer(map[string][]desk.Hit{"results": full(hits)}, err)
		})
}

type reportBody struct {
	Report dispatch.Report `json:"report"`
}

func (a *api) createReport(ctx context.Context, who dispatch.Actor, in *reportIn) (*body[desk.Filed], error) {
	in.Body.Key = in.Key
	return answer(a.desk.FileReport(ctx, who, in.Body))
}

// strangersSlowly bounds what one address may report without signing in.
func (a *api) strangersSlowly(hc huma.Context, next func(huma.Context)) {
	if actorOf(hc.Context()).Role != dispatch.Public {
		next(hc)
		return
	}
	a.slowly("report", 20*time.Second, 10)(hc, next)
}
