package desk

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// PauseSum says how much waiting a reason was given for: of how many incidents
// the clock to resolve stood still for it within a period, how long in all, in
// seconds of the period, and how many wait for it now.
type PauseSum struct {
	Reason    string  `json:"reason"`
	Incidents int     `json:"incidents"`
	Seconds   float64 `json:"seconds"`
	Now       int     `json:"now"`
}

// PauseQuery asks for the pauses in [From, To); each list narrows to one of its
// codes, where it isn't empty.
type PauseQuery struct {
	From, To                                           time.Time
	Departments, Categories, Districts, Neighbourhoods []string
}

// mostReasons is how many reasons are told apart.
const mostReasons = 20

const selectPauses = `
select trim(p ->> 'reason'), count(distinct i.id)::int,
	sum(extract(epoch from least(coalesce((p ->> 'until')::timestamptz, $4), $3, $4) - greatest((p ->> 'from')::timestamptz, $2)))::float8,
	(count(distinct i.id) filter (where p ->> 'until' is null and k.stopped_at is null))::int
from clock k join incident i on i.id = k.incident cross join jsonb_array_elements(k.pauses) p
where k.kind = 'resolution' and k.pauses <> '[]' and i.authority = $1
	and (p ->> 'from')::timestamptz < least($3, $4) and coalesce((p ->> 'until')::timestamptz, $4) > $2
	and (cardinality($5::text[]) = 0 or i.department = any($5)) and (cardinality($6::text[]) = 0 or i.category = any($6))
	and (cardinality($7::text[]) = 0 or i.district = any($7)) and (cardinality($8::text[]) = 0 or i.neighbourhood = any($8))
group by 1 order by 3 desc, 1 limit $9`

// Pauses lists the reasons for which clocks stood still, the longest waits first,
// narrowed to the actor's own district and department; to ask for another's is
// refused.
func (d *Desk) Pauses(ctx context.Context, who dispatch.Actor, q PauseQuery) ([]PauseSum, error) {
	if !who.Holds(dispatch.FigureRead) {
		return nil, forbidden()
	}
	for _, own := range []struct {
		code  string
		asked *[]string
	}{{who.District, &q.Districts}, {who.Department, &q.Departments}} {
		if own.code == "" {
			continue
		}
		if slices.ContainsFunc(*own.asked, func(code string) bool { return code != own.code }) {
			return nil, forbidden()
		}
		*own.asked = []string{own.code}
	}
	list := func(codes []string) []string { return append([]string{}, codes...) }
	rows, _ := d.pool.Query(ctx, selectPauses, who.Authority, q.From, q.To, d.now(), list(q.Departments), list(q.Categories), list(q.Districts), list(q.Neighbourhoods), mostReasons)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[PauseSum])
}
