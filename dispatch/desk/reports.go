package desk

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// ReportView is a report as an actor may see it: with the contact only for
// those who may, and for a resident in its Public view. Merge says why it was
// joined to its incident, or opened it.
type ReportView struct {
	dispatch.Report
	Merge *dispatch.Verdict `json:"merge,omitempty"`
}

// ReportQuery narrows a list of reports; what is "" doesn't.
type ReportQuery struct {
	Phone    string
	Number   string
	Incident uuid.UUID
	Limit    int
}

const (
	selectReports = `select ` + reportColumns + fromReport + `
where r.authority = $1 and ($2::text is null or r.phone = $2) and ($3 = '' or r.number = $3) and ($4::uuid is null or r.incident = $4)
order by r.filed_at desc, r.id desc limit $5`
	selectReportsOf = `select ` + reportColumns + fromReport + `
where r.authority = $1 and r.id = any($2) order by array_position($2, r.id)`
	selectTracked = `select ` + reportColumns + fromReport + ` where r.token = $1`
	insertViews   = `
insert into personal_view (at, authority, actor, report) select $1, $2, $3, unnest($4::uuid[])`
)

// Report is one report.
func (d *Desk) Report(ctx context.Context, who dispatch.Actor, id uuid.UUID) (v ReportView, err error) {
	var viewed []uuid.UUID
	err = d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		r, err := reportByID(ctx, tx, g, id)
		if err != nil {
			return err
		}
		var vs []ReportView
		if vs, viewed = reportViews(who, []report{r}); len(vs) == 0 {
			return notFound(KeyNoReport)
		}
		v = vs[0]
		return nil
	})
	if err == nil {
		err = d.logViews(ctx, who, viewed)
	}
	return v, err
}

// Reports lists the reports of a phone, a number or an incident, the newest
// first. Only those who may read contacts can ask by phone.
func (d *Desk) Reports(ctx context.Context, who dispatch.Actor, q ReportQuery) ([]ReportView, error) {
	vs := []ReportView{}
	if err := checkTexts(q.Phone, q.Number); err != nil {
		return vs, err
	}
	if q.Phone != "" && !who.May(dispatch.ContactRead, dispatch.Scope{}) {
		return vs, forbidden()
	}
	var number *string
	if q.Phone != "" {
		if number = phone(q.Phone); number == nil {
			return vs, nil
		}
	}
	var viewed []uuid.UUID
	err := d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		rs, err := reports(ctx, tx, g, selectReports, who.Authority, number, q.Number, optional(q.Incident), limitOf(q.Limit))
		vs, viewed = reportViews(who, rs)
		return err
	})
	if err == nil {
		err = d.logViews(ctx, who, viewed)
	}
	return vs, err
}

// ReportsOf are the reports with these ids that the actor sees, in their order.
func (d *Desk) ReportsOf(ctx context.Context, who dispatch.Actor, ids []uuid.UUID) ([]ReportView, error) {
	vs := []ReportView{}
	var viewed []uuid.UUID
	err := d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		rs, err := reports(ctx, tx, g, selectReportsOf, who.Authority, ids)
		vs, viewed = reportViews(who, rs)
		return err
	})
	if err == nil {
		err = d.logViews(ctx, who, viewed)
	}
	return vs, err
}

// reportViews keeps what the actor sees, and lists the reports whose contact
// it sees.
func reportViews(who dispatch.Actor, rs []report) (vs []ReportView, viewed []uuid.UUID) {
	vs = []ReportView{}
	for _, r := range rs {
		if !who.Sees(dispatch.NounReport, r.scope) {
			continue
		}
		if who.Role == dispatch.Resident {
			vs = append(vs, ReportView{Report: r.Report.Public()})
			continue
		}
		r.Token = ""
		verdict := r.verdict
		switch {
		case r.Contact == nil:
		case who.May(dispatch.ContactRead, r.scope):
			viewed = append(viewed, r.ID)
		default:
			r.Contact = nil
		}
		vs = append(vs, ReportView{Report: r.Report, Merge: &verdict})
	}
	return vs, viewed
}

// logViews notes who saw whose personal data.
func (d *Desk) logViews(ctx context.Context, who dispatch.Actor, reports []uuid.UUID) error {
	if len(reports) == 0 {
		return nil
	}
	_, err := d.pool.Exec(ctx, insertViews, d.now(), who.Authority, who, reports)
	return err
}

// Tracked is what the holder of a report's link sees.
type Tracked struct {
	Authority string            `json:"authority"`
	Report    dispatch.Report   `json:"report"`
	Incident  dispatch.Incident `json:"incident"`
	Photos    []IncidentPhoto   `json:"photos"`
}

// Track is a report by the secret of its link.
func (d *Desk) Track(ctx context.Context, token string) (Tracked, error) {
	who, err := d.ResidentActor(ctx, token)
	if err != nil {
		return Tracked{}, err
	}
	v := Tracked{Authority: who.Authority, Photos: []IncidentPhoto{}}
	err = d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		r, err := reportByID(ctx, tx, g, who.Report)
		if err != nil {
			return err
		}
		is, err := incidents(ctx, tx, g, readIncidents, []uuid.UUID{r.Incident}, who.Authority)
		if err != nil || len(is) == 0 {
			return err
		}
		v.Report, v.Incident = r.Report.Public(), is[0].Public()
		v.Photos, err = photosOf(ctx, tx, g, who, is[0].Incident)
		return err
	})
	return v, err
}

// ResidentActor is the actor that the holder of a report's link is.
func (d *Desk) ResidentActor(ctx context.Context, token string) (dispatch.Actor, error) {
	if len(token) < 20 || len(token) > 64 || strings.ContainsRune(token, 0) || checkText("token", token, 64) != nil {
		return dispatch.Actor{}, notFound(KeyNoReport)
	}
	rows, _ := d.pool.Query(ctx, selectTracked, token)
	r, err := pgx.CollectExactlyOneRow(rows, func(row pgx.CollectableRow) (report, error) { return scanReport(row, nil) })
	if errors.Is(err, pgx.ErrNoRows) {
		return dispatch.Actor{}, notFound(KeyNoReport)
	}
	if err != nil {
		return dispatch.Actor{}, err
	}
	return dispatch.Actor{Authority: r.owner, Role: dispatch.Resident, Report: r.ID, Incident: r.Incident}, nil
}
