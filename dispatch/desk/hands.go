package desk

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// Doing is what somebody does with an incident that is open before them.
type Doing string

// Nothing takes the hand away.
const (
	Reading Doing = "reading"
	Writing Doing = "writing"
	Nothing Doing = "nothing"
)

// Hand is somebody else who has the incident open.
type Hand struct {
	Name  string        `json:"name"`
	Role  dispatch.Role `json:"role"`
	Doing Doing         `json:"doing"`
	Since time.Time     `json:"since"`
}

// HandFresh is how long a hand is shown after it was last heard of. A screen
// tells of its own several times in it.
const HandFresh = 15 * time.Second

const (
	upsertHand = `
insert into hand (incident, client, actor, name, role, doing, since, seen_at)
values ($1, $2, $3, $4, $5, $6, $7, $7)
on conflict (incident, client) do update
set doing = excluded.doing, seen_at = excluded.seen_at,
    since = case when hand.doing = excluded.doing then hand.since else excluded.since end`

	deleteHand  = `delete from hand where incident = $1 and client = $2`
	deleteHands = `delete from hand where seen_at < $1`

	selectHands = `
select name, role, doing, since
from hand
where incident = $1 and client <> $2 and seen_at >= $3
order by since, client`
)

// ShowHand says what the actor does with an incident in one of its screens
// (client, an id that the screen made for itself), and returns the others who
// have it open. It changes nothing about the incident; those may who may
// change it.
func (d *Desk) ShowHand(ctx context.Context, who dispatch.Actor, incident, client uuid.UUID, doing Doing) (hands []Hand, err error) {
	g, err := d.grounds.of(ctx, who.Authority)
	if err != nil {
		return nil, err
	}
	now := d.now()
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		is, err := incidents(ctx, tx, g, readIncidents, []uuid.UUID{incident}, who.Authority)
		if err != nil {
			return err
		}
		if len(is) == 0 || !who.Sees(dispatch.NounIncident, is[0].Scope()) {
			return notFound(KeyNoIncident)
		}
		switch {
		case !who.May(dispatch.IncidentChange, is[0].Scope()):
			return forbidden()
		case client == uuid.Nil:
			return invalid("client", KeyRequired, nil)
		case doing != Reading && doing != Writing && doing != Nothing:
			return invalid("doing", KeyUnknownDoing, map[string]any{"doing": string(doing)})
		}
		q := &pgx.Batch{}
		q.Queue(deleteHands, now.Add(-4*HandFresh))
		if doing == Nothing {
			q.Queue(deleteHand, incident, client)
		} else {
			q.Queue(upsertHand, incident, client, who.ID, who.Name, string(who.Role), string(doing), now)
		}
		q.Queue(selectHands, incident, client, now.Add(-HandFresh)).Query(func(rows pgx.Rows) error {
			hands, err = pgx.CollectRows(rows, pgx.RowToStructByName[Hand])
			return err
		})
		return tx.SendBatch(ctx, q).Close()
	})
	return hands, err
}
