package desk

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// The columns of a report in the order that scanReport reads them, from report
// r, its category c, and its incident i.
const reportColumns = `
r.id, r.number, r.token, r.channel, r.category, c.sensitive, r.text,
st_y(r.geom), st_x(r.geom), r.precision, r.score, r.label, r.told, r.district, r.neighbourhood,
r.contact, r.answers, r.incident, r.filed_at, r.merge, i.district, i.department, r.authority`

const fromReport = ` from report r join category c on c.authority = r.authority and c.code = r.category join incident i on i.id = r.incident `

// report is a report with why it was joined, and whose it is.
type report struct {
	dispatch.Report
	joined  bool
	verdict dispatch.Verdict
	scope   dispatch.Scope
	owner   string
}

func scanReport(row pgx.CollectableRow, g *ground) (report, error) {
	var (
		r        report
		place    placeRow
		filed    time.Time
		district string
		dep      string
	)
	err := row.Scan(&r.ID, &r.Number, &r.Token, &r.Channel, &r.Category, &r.Sensitive, &r.Text,
		&place.lat, &place.lon, &place.precision, &place.score, &place.label, &place.told, &place.district, &place.neighbourhood,
		&r.Contact, &r.Answers, &r.Incident, &filed, &r.verdict, &district, &dep, &r.owner)
	if err != nil {
		return r, err
	}
	r.FiledAt = filed.UTC()
	if g != nil {
		r.Place = place.in(g)
	}
	r.joined = r.verdict.Join != nil
	r.scope = r.Report.Scope(dispatch.Scope{District: district, Departments: []string{dep}, Incident: r.Incident})
	return r, nil
}

func reports(ctx context.Context, tx pgx.Tx, g *ground, sql string, args ...any) ([]report, error) {
	rows, _ := tx.Query(ctx, sql, args...)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (report, error) { return scanReport(row, g) })
}

const selectReport = `select ` + reportColumns + fromReport + ` where r.id = $1 and r.authority = $2`

func reportByID(ctx context.Context, tx pgx.Tx, g *ground, id uuid.UUID) (report, error) {
	rows, _ := tx.Query(ctx, selectReport, id, g.authority)
	r, err := pgx.CollectExactlyOneRow(rows, func(row pgx.CollectableRow) (report, error) { return scanReport(row, g) })
	if errors.Is(err, pgx.ErrNoRows) {
		err = notFound(KeyNoReport)
	}
	return r, err
}
