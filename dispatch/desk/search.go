package desk

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
	"moked/geo"
)

// Hit is one answer of a search. ID is empty for an address.
type Hit struct {
	Kind  string     `json:"kind"` // incident, report, job, crew, address
	ID    *uuid.UUID `json:"id,omitempty"`
	Label string     `json:"label"`
	Lat   *float64   `json:"lat,omitempty"`
	Lon   *float64   `json:"lon,omitempty"`
}

const (
	maxHits = 8
	// Numbers as they are printed, or only their count.
	searchIncidents = `select ` + incidentColumns + fromIncident + `
where i.authority = $1 and (i.number ilike $2 or (i.state = 'open' and (i.label ilike $3 or i.text ilike $3)))
order by (i.number ilike $2) desc, i.opened_at desc limit 40`
	searchReports = `select ` + reportColumns + fromReport + `
where r.authority = $1 and (r.number ilike $2 or r.phone = $3)
order by r.filed_at desc limit 40`
	searchJobs = `select ` + jobColumns + fromJob + ` where j.authority = $1 and j.number ilike $2 order by j.created_at desc limit 8`
)

// Search finds incidents, reports, jobs and crews by number, name, text or
// (for those who may read contacts) phone, and then addresses.
func (d *Desk) Search(ctx context.Context, who dispatch.Actor, text string) ([]Hit, error) {
	text = strings.TrimSpace(text)
	if err := checkText("q", text, maxName); err != nil {
		return nil, err
	}
	hits := []Hit{}
	if text == "" {
		return hits, nil
	}
	contains := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
	number := contains
	if !strings.ContainsAny(text, "0123456789") {
		number = "" // no number is empty
	}
	var called *string
	if who.May(dispatch.ContactRead, dispatch.Scope{}) && len(text) >= 7 {
		called = phone(text)
	}
	var viewed []uuid.UUID
	err := d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		is, err := incidents(ctx, tx, g, searchIncidents, who.Authority, number, contains)
		if err != nil {
			return err
		}
		for _, i := range is {
			if who.Sees(dispatch.NounIncident, i.Scope()) && len(hits) < maxHits {
				p := view(who, i.Incident)
				hits = append(hits, Hit{"incident", &i.ID, label(i.Number, p.Text, p.Place.Label), p.Place.Lat, p.Place.Lon})
			}
		}
		rs, err := reports(ctx, tx, g, searchReports, who.Authority, number, called)
		if err != nil {
			return err
		}
		n := 0
		vs, _ := reportViews(who, rs)
		for _, v := range vs {
			if n++; n <= maxHits {
				hits = append(hits, Hit{"report", &v.ID, label(v.Number, v.Text, v.Place.Label), v.Place.Lat, v.Place.Lon})
			}
		}
		if called != nil {
			for _, v := range vs {
				viewed = append(viewed, v.ID)
			}
		}
		js, err := jobs(ctx, tx, g, searchJobs, who.Authority, number)
		if err != nil {
			return err
		}
		for _, j := range js {
			if who.Sees(dispatch.NounJob, j.Scope()) {
				hits = append(hits, Hit{"job", &j.ID, label(j.Number, j.Text, j.Place.Label), j.Place.Lat, j.Place.Lon})
			}
		}
		ks, err := crews(ctx, tx, selectCrews, who.Authority)
		n = 0
		for _, k := range ks {
			if n < maxHits && who.Sees(dispatch.NounCrew, k.Scope()) && (strings.Contains(fold(k.Name), fold(text)) || strings.EqualFold(k.Code, text)) {
				n++
				hits = append(hits, Hit{"crew", &k.ID, k.Name, k.Lat, k.Lon})
			}
		}
		return err
	})
	if err == nil {
		err = d.logViews(ctx, who, viewed)
	}
	if err != nil || !who.May(dispatch.GroundRead, dispatch.Scope{}) {
		return hits, err
	}
	found, err := d.Suggest(ctx, who, text, geo.Bias{Limit: 5})
	for _, f := range found {
		hits = append(hits, Hit{"address", nil, f.Label, &f.Lat, &f.Lon})
	}
	return hits, err
}

func fold(s string) string { return strings.ToLower(s) }

func label(parts ...string) string {
	var given []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			given = append(given, p)
		}
	}
	return strings.Join(given, " · ")
}
