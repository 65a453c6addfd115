package fieldapi

import (
	"context"
	"net/http"
	"strings"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/fieldapp-api/trackers"
)

type trackerList struct {
	Trackers []desk.Tracker `json:"trackers"`
}

type trackerBody struct {
	Tracker desk.Tracker `json:"tracker"`
}

// AddedTracker is a device that was added, with what is to be typed into it;
// that is told this once. Path is where the device is to send to.
type AddedTracker struct {
	Tracker desk.Tracker       `json:"tracker"`
	Secret  desk.TrackerSecret `json:"secret"`
	Path    string             `json:"path"`
}

func (a *api) trackerRoutes() {
	route(a, may(dispatch.CrewManage), get("/trackers", "trackers", "The phones and boxes that tell where crews are, with what became of their fixes"),
		func(ctx context.Context, who dispatch.Actor, _ *struct{}) (*body[trackerList], error) {
			list, err := a.desk.Trackers(ctx, who)
			return answer(trackerList{full(list)}, err)
		})
	route(a, may(dispatch.CrewManage), post("/trackers", "add-tracker", "Add a crew's device; its secret is told this once"),
		func(ctx context.Context, who dispatch.Actor, in *struct{ In desk.NewTracker }) (*body[AddedTracker], error) {
			t, secret, err := a.desk.AddTracker(ctx, who, in.In)
			return answer(AddedTracker{t, secret, "/trackers/" + string(t.Protocol)}, err)
		})
	route(a, may(dispatch.CrewManage), okPost("/trackers/{id}/revoke", "revoke-tracker", "Shut a device out"),
		func(ctx context.Context, who dispatch.Actor, in *struct {
			ID uuid.UUID `path:"id"`
		}) (*body[trackerBody], error) {
			t, err := a.desk.RevokeTracker(ctx, who, in.ID)
			return answer(trackerBody{t}, err)
		})
	route(a, may(dispatch.CrewRead), get("/crews/{id}/trail", "crew-trail", "Where a crew was on a day while on duty: its way, its stops, and what isn't known"),
		func(ctx context.Context, who dispatch.Actor, in *struct {
			ID  uuid.UUID `path:"id"`
			Day string    `query:"day" doc:"As 2026-05-05, by the authority's clock; left out: today"`
		}) (*body[dispatch.Trail], error) {
			return answer(a.desk.Trail(ctx, who, in.ID, in.Day))
		})
	spoken := trackers.New(a.desk, trackers.Options{Log: a.log, Now: a.now, Caller: a.caller, Allow: a.limits.allow, Spent: a.limits.spent})
	a.open(http.MethodGet, trackers.PathOsmAnd, spoken.OsmAnd)
	a.open(http.MethodPost, trackers.PathOsmAnd, spoken.OsmAnd)
	a.open(http.MethodPost, trackers.PathOwnTracks, spoken.OwnTracks)
}

// fixMetrics counts what became of fixes, those of tablets and programs too.
func fixMetrics(r *prometheus.Registry, d *desk.Desk) {
	for _, v := range dispatch.FixVerdicts() {
		r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "moked_fixes_total", Help: "Fixes of crews by what became of them.", ConstLabels: prometheus.Labels{"verdict": string(v)},
		}, func() float64 { return float64(d.Judged(v)) }))
	}
}

// outside sends what trackers say past the finding out of who asks: they have
// ways of their own to say that.
func (a *api) outside(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/trackers/") {
			a.mux.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}
