package desk

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// JobContact is who told us of a job's incident, by one report.
type JobContact struct {
	Report  uuid.UUID        `json:"report"`
	Number  string           `json:"number"`
	Channel dispatch.Channel `json:"channel"`
	Contact dispatch.Contact `json:"contact"`
	FiledAt time.Time        `json:"filed_at"`
}

const selectContacts = `select ` + reportColumns + fromReport + ` where r.incident = $1 and r.contact is not null order by r.filed_at, r.id`

// JobContacts lists who told us of a job's incident, and notes that the actor
// saw them. A crew gets them for a job that it has in hand only.
func (d *Desk) JobContacts(ctx context.Context, who dispatch.Actor, id uuid.UUID) ([]JobContact, error) {
	list := []JobContact{}
	var viewed []uuid.UUID
	err := d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		js, err := jobs(ctx, tx, g, selectJob, id, who.Authority)
		if err != nil {
			return err
		}
		if len(js) == 0 || !who.Sees(dispatch.NounJob, js[0].Scope()) {
			return notFound(KeyNoJob)
		}
		crew := who.Role == dispatch.CrewMember
		if !who.May(dispatch.JobContacts, js[0].Scope()) || crew && !js[0].Live() {
			return forbidden()
		}
		rs, err := reports(ctx, tx, g, selectContacts, js[0].Incident)
		for _, r := range rs {
			if !crew && !who.May(dispatch.ContactRead, r.scope) {
				continue
			}
			viewed = append(viewed, r.ID)
			list = append(list, JobContact{Report: r.ID, Number: r.Number, Channel: r.Channel, Contact: *r.Contact, FiledAt: r.FiledAt})
		}
		return err
	})
	if err == nil {
		err = d.logViews(ctx, who, viewed)
	}
	if err != nil {
		return nil, err
	}
	return list, nil
}
