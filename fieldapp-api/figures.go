package fieldapi

import (
	"context"
	"net/http"
	"strings"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/dispatch/history"
)

// PastQuery is a question about the past, as an address says it.
type PastQuery struct {
	From          string   `query:"from" doc:"A date of the authority's calendar, 2026-05-01, or an instant; this month's first without one"`
	To            string   `query:"to" doc:"The first date, or instant, that isn't in the period any more; tomorrow without one"`
	Department    []string `query:"department" doc:"One of these; separated by commas. - is of none"`
	Category      []string `query:"category" doc:"One of these, or - for none"`
	District      []string `query:"district" doc:"One of these, or - for none"`
	Neighbourhood []string `query:"neighbourhood" doc:"One of these, or - for none"`
	Channel       []string `query:"channel" doc:"One of these, or - for none"`
	Hour          []string `query:"hour" doc:"Filed in one of these hours of the authority's week: 0 is Sunday from midnight to one, 167 Saturday's last"`
}

type figuresIn struct {
	PastQuery
	By []history.Key `query:"by" doc:"What to tell the figures apart by: department, category, district, neighbourhood, channel, hour, month; separated by commas"`
}

type behindIn struct {
	PastQuery
	Of    string `query:"of" required:"true" enum:"received,judged,late,reopened,responded,promised,respond_late,closed,open,overdue" doc:"The figure"`
	Skip  int    `query:"skip" minimum:"0"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type behindBody struct {
	All     int               `json:"all"`
	Reports []desk.ReportView `json:"reports"`
}

func (a *api) figureRoutes() {
	figures := get("/figures", "figures", "How promises were kept in a period, in whole and in groups")
	figures.Description = "A report is counted where and under what its incident is now, and judged by the standard that was in force on its day. " +
		"Who answers for a district or a department sees its figures only; to ask for another's is refused."
	route(a, may(dispatch.FigureRead), figures, func(ctx context.Context, who dispatch.Actor, in *figuresIn) (*body[history.Answer], error) {
		q, err := a.question(who, in.PastQuery)
		if err != nil {
			return nil, err
		}
		q.By = in.By
		f, err := a.past.Figures(who, q)
		f.Groups = full(f.Groups)
		return answer(f, err)
	})
	behind := get("/figures/reports", "reports-behind", "The reports behind a figure, the newest first")
	behind.Description = "All is the figure. Reports that the caller may not read are left out of the list, and are counted."
	route(a, may(dispatch.FigureRead), behind, func(ctx context.Context, who dispatch.Actor, in *behindIn) (*body[behindBody], error) {
		q, of, err := a.questionOf(who, in.PastQuery, in.Of)
		if err != nil {
			return nil, err
		}
		ids, all, err := a.past.Behind(who, q, of, in.Skip, in.Limit)
		if err != nil {
			return nil, err
		}
		list, err := a.desk.ReportsOf(ctx, who, ids)
		return answer(behindBody{all, full(list)}, err)
	})
	look := get("/figures/attention", "attention", "The places that need a look, the most surprising first, each with its reason")
	look.Description = "A place is a category in a neighbourhood. more: more reports than the twelve periods before let expect. late, overdue: more broken promises " +
		"than the category has elsewhere. again: the same hazard at the same spot, several times in a year."
	route(a, may(dispatch.FigureRead), look, func(ctx context.Context, who dispatch.Actor, in *lookIn) (*body[lookList], error) {
		q, err := a.question(who, in.PastQuery)
		if err != nil {
			return nil, err
		}
		list, err := a.past.Attention(who, q, in.Why, in.Limit)
		return answer(lookList{full(list)}, err)
	})
	reporting := get("/figures/reporting", "reporting", "How readily the people of each area report: what the counts of reports can't tell")
	reporting.Description = "Estimated from how soon further reports follow the first one of a hazard (Liu and Garg). It holds where hazards stay until somebody comes, " +
		"where reports of one hazard are joined, and where people report independently."
	route(a, may(dispatch.FigureRead), reporting, func(ctx context.Context, who dispatch.Actor, in *reportingIn) (*body[reportingList], error) {
		q, err := a.question(who, in.PastQuery)
		if err != nil {
			return nil, err
		}
		list, err := a.past.Reporting(who, q, in.By)
		return answer(reportingList{full(list)}, err)
	})
	route(a, may(dispatch.FigureRead), get("/figures/pauses", "pauses", "For what clocks to resolve stood still in a period, the longest waits first"),
		func(ctx context.Context, who dispatch.Actor, in *pausesIn) (*body[pauseList], error) {
			q, err := a.question(who, PastQuery{From: in.From, To: in.To, Department: in.Department, Category: in.Category, District: in.District, Neighbourhood: in.Neighbourhood})
			if err != nil {
				return nil, err
			}
			list, err := a.desk.Pauses(ctx, who, pausesOf(q))
			return answer(pauseList{full(list)}, err)
		})
	a.heatRoute()
}

type pausesIn struct {
	From          string   `query:"from" doc:"A date of the authority's calendar, 2026-05-01, or an instant; this month's first without one"`
	To            string   `query:"to" doc:"The first date, or instant, that isn't in the period any more; tomorrow without one"`
	Department    []string `query:"department" doc:"One of these; separated by commas. - is of none"`
	Category      []string `query:"category" doc:"One of these, or - for none"`
	District      []string `query:"district" doc:"One of these, or - for none"`
	Neighbourhood []string `query:"neighbourhood" doc:"One of these, or - for none"`
}

type pauseList struct {
	Pauses []desk.PauseSum `json:"pauses"`
}

func pausesOf(q history.Query) desk.PauseQuery {
	return desk.PauseQuery{From: q.From, To: q.To, Departments: q.Where.Departments, Categories: q.Where.Categories, Districts: q.Where.Districts, Neighbourhoods: q.Where.Neighbourhoods}
}

type lookIn struct {
	PastQuery
	Why   history.Why `query:"why" enum:"more,overdue,late,again" doc:"Those of one reason alone"`
	Limit int         `query:"limit" minimum:"1" maximum:"100" default:"5"`
}

type lookList struct {
	Places []history.Attention `json:"places"`
}

type reportingIn struct {
	PastQuery
	By history.Key `query:"by" default:"neighbourhood" enum:"neighbourhood,district"`
}

type reportingList struct {
	Areas []history.Reporting `json:"areas"`
}

func (a *api) question(who dispatch.Actor, in PastQuery) (q history.Query, err error) {
	q.Where = history.Where{
		Departments: codes(in.Department), Categories: codes(in.Category), Districts: codes(in.District),
		Neighbourhoods: codes(in.Neighbourhood), Channels: codes(in.Channel), Hours: in.Hour,
	}
	q.From, q.To, err = a.past.Period(who.Authority, in.From, in.To)
	return q, err
}

// questionOf is a question about the reports behind one figure.
func (a *api) questionOf(who dispatch.Actor, in PastQuery, figure string) (q history.Query, of history.Mark, err error) {
	if of, err = history.ParseMark(figure); err != nil {
		return q, of, err
	}
	q, err = a.question(who, in)
	return q, of, err
}

// codes are the codes of an address, in which - stands for none.
func codes(in []string) []string {
	for n, code := range in {
		if code == "-" {
			in[n] = ""
		}
	}
	return in
}

// historyTile answers the tiles of a period's reports, which the address asks
// about as it does about figures.
func (a *api) historyTile(r *http.Request) func(context.Context, dispatch.Actor, string, int, int, int) ([]byte, error) {
	ask := r.URL.Query()
	list := func(name string) []string {
		if s := ask.Get(name); s != "" {
			return strings.Split(s, ",")
		}
		return nil
	}
	return func(_ context.Context, who dispatch.Actor, _ string, z, x, y int) ([]byte, error) {
		q, err := a.question(who, PastQuery{
			From: ask.Get("from"), To: ask.Get("to"), Department: list("department"), Category: list("category"),
			District: list("district"), Neighbourhood: list("neighbourhood"), Channel: list("channel"), Hour: list("hour"),
		})
		if err != nil {
			return nil, err
		}
		return a.past.Tile(who, q, z, x, y)
	}
}
