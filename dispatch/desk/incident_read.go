package desk

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/dispatch/feed"
	"moked/geo"
)

// IncidentDetail is an incident with all that was told of it and done about
// it. A resident has only the incident, and its own report.
type IncidentDetail struct {
	Incident dispatch.Incident `json:"incident"`
	Reports  []ReportView      `json:"reports"`
	Jobs     []dispatch.Job    `json:"jobs"`
	Timeline []json.RawMessage `json:"timeline"`
	Photos   []IncidentPhoto   `json:"photos"`
}

const selectIncidentReports = `select ` + reportColumns + fromReport + ` where r.incident = $1 and r.authority = $2 order by r.filed_at, r.id`

// Incident is one incident, ended ones too, with its reports, its jobs and its
// timeline.
func (d *Desk) Incident(ctx context.Context, who dispatch.Actor, id uuid.UUID) (IncidentDetail, error) {
	v := IncidentDetail{Reports: []ReportView{}, Jobs: []dispatch.Job{}, Timeline: []json.RawMessage{}, Photos: []IncidentPhoto{}}
	var viewed []uuid.UUID
	err := d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		is, err := incidents(ctx, tx, g, readIncidents, []uuid.UUID{id}, who.Authority)
		if err != nil {
			return err
		}
		if len(is) == 0 || !who.Sees(dispatch.NounIncident, is[0].Scope()) {
			return notFound(KeyNoIncident)
		}
		v.Incident = view(who, is[0].Incident)
		rs, err := reports(ctx, tx, g, selectIncidentReports, id, who.Authority)
		if err != nil {
			return err
		}
		v.Reports, viewed = reportViews(who, rs)
		js, err := jobs(ctx, tx, g, readJobs, []uuid.UUID{id})
		if err != nil {
			return err
		}
		for _, j := range js {
			if who.Sees(dispatch.NounJob, j.Scope()) {
				v.Jobs = append(v.Jobs, j)
			}
		}
		if v.Timeline, err = feed.Timeline(ctx, tx, who, id); err != nil {
			return err
		}
		v.Photos, err = photosOf(ctx, tx, g, who, is[0].Incident)
		return err
	})
	if err == nil {
		err = d.logViews(ctx, who, viewed)
	}
	return v, err
}

// NearIncident is an open incident near a point, in metres.
type NearIncident struct {
	Incident dispatch.Incident `json:"incident"`
	Distance float64           `json:"distance"`
}

const (
	nearMetres  = 500.0
	selectAbout = `select ` + incidentColumns + fromIncident + `
where i.authority = $1 and i.state = 'open' and ($2 = '' or i.category = $2)
	and i.geom && st_expand(st_setsrid(st_makepoint($3, $4), 4326), 0.008)
order by i.geom <-> st_setsrid(st_makepoint($3, $4), 4326), i.id limit 50`
)

// NearIncidents lists the open incidents within 500 metres of a point, the
// nearest first, of one category or ("") of all.
func (d *Desk) NearIncidents(ctx context.Context, who dispatch.Actor, lat, lon float64, category string) ([]NearIncident, error) {
	near := []NearIncident{}
	err := d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		if err := g.checkPoint("", lat, lon); err != nil {
			return err
		}
		is, err := incidents(ctx, tx, g, selectAbout, who.Authority, category, lon, lat)
		for _, i := range is {
			metres := geo.Metres(orb.Point{lon, lat}, point(i.Place))
			if metres <= nearMetres && who.Sees(dispatch.NounIncident, i.Scope()) {
				near = append(near, NearIncident{view(who, i.Incident), metres})
			}
		}
		return err
	})
	return near, err
}
