package desk

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

const selectJob = `select ` + jobColumns + fromJob + ` where j.id = $1 and j.authority = $2`

// Job is one job, ended ones too.
func (d *Desk) Job(ctx context.Context, who dispatch.Actor, id uuid.UUID) (j dispatch.Job, err error) {
	err = d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		js, err := jobs(ctx, tx, g, selectJob, id, who.Authority)
		if err != nil {
			return err
		}
		if len(js) == 0 || !who.Sees(dispatch.NounJob, js[0].Scope()) {
			return notFound(KeyNoJob)
		}
		j = js[0].For(who)
		return nil
	})
	return j, err
}
