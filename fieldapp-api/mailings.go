package fieldapi

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/fieldapp-api/document"
)

type mailingList struct {
	Mailings []dispatch.Mailing `json:"mailings"`
	// Sends says whether this server can send mail at all.
	Sends bool `json:"sends"`
}

type mailingBody struct {
	Mailing dispatch.Mailing `json:"mailing"`
}

type mailingID struct {
	ID uuid.UUID `path:"id"`
}

// errNoMail refuses a mailing on a server that sends no mail.
var errNoMail = &dispatch.Error{Code: dispatch.NotFound, Key: "no-mail"}

// mailingRoutes let a person keep reviews that go to an address by themselves.
func (a *api) mailingRoutes() {
	route(a, may(dispatch.FigureRead), get("/mailings", "mailings", "One's own mailings"),
		func(ctx context.Context, who dispatch.Actor, _ *struct{}) (*body[mailingList], error) {
			list, err := a.desk.Mailings(ctx, who)
			return answer(mailingList{full(list), a.post.sends()}, err)
		})
	keep := post("/mailings", "keep-mailing", "Have a review sent to an address every week or month")
	keep.Description = "A week's is of the week before, from Sunday; a month's of the month before. Its figures are those that its owner may see on the day; " +
		"who may see none any more sends none any more."
	route(a, may(dispatch.FigureRead), keep, func(ctx context.Context, who dispatch.Actor, in *struct{ In desk.NewMailing }) (*body[mailingBody], error) {
		m, err := a.keepMailing(ctx, who, in.In)
		return answer(mailingBody{m}, err)
	})
	route(a, may(dispatch.FigureRead), huma.Operation{
		Method: http.MethodDelete, Path: "/mailings/{id}", OperationID: "end-mailing", Summary: "End one of one's own mailings", DefaultStatus: http.StatusNoContent,
	}, func(ctx context.Context, who dispatch.Actor, in *mailingID) (*struct{}, error) {
		return nil, a.desk.EndMailing(ctx, who, in.ID)
	})
	// The same two for the review's page, which needs no script.
	a.plain(may(dispatch.FigureRead), huma.Operation{Method: http.MethodPost, Path: "/review/mailings"}, func(w http.ResponseWriter, r *http.Request, who dispatch.Actor) error {
		n, err := readMailing(w, r)
		if err == nil {
			_, err = a.keepMailing(r.Context(), who, n)
		}
		return a.afterMailing(w, r, who, err)
	})
	a.plain(may(dispatch.FigureRead), huma.Operation{Method: http.MethodPost, Path: "/review/mailings/{id}"}, func(w http.ResponseWriter, r *http.Request, who dispatch.Actor) error {
		id, err := uuid.Parse(r.PathValue("id"))
		if err != nil {
			err = &dispatch.Error{Code: dispatch.NotFound, Key: desk.KeyNoMailing}
		} else {
			err = a.desk.EndMailing(r.Context(), who, id)
		}
		return a.afterMailing(w, r, who, err)
	})
}

func (a *api) keepMailing(ctx context.Context, who dispatch.Actor, n desk.NewMailing) (dispatch.Mailing, error) {
	if !a.post.sends() {
		return dispatch.Mailing{}, errNoMail
	}
	return a.desk.KeepMailing(ctx, who, n)
}

const maxForm = 16 << 10

// readMailing reads the page's form, in which when is the rhythm and the day:
// month-2, week-0.
func readMailing(w http.ResponseWriter, r *http.Request) (n desk.NewMailing, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return n, dispatch.Bad("to", desk.KeyRequired)
	}
	n = desk.NewMailing{
		To: r.PostForm.Get("to"), District: r.PostForm.Get("district"), Department: r.PostForm.Get("department"),
		Lang: r.PostForm.Get("lang"), Format: r.PostForm.Get("format"), Hour: mailingHour,
	}
	switch r.PostForm.Get("every") {
	case "week":
		n.Every = dispatch.EveryWeek
	case "month":
		n.Every, n.Day = dispatch.EveryMonth, 1
	}
	return n, nil
}

// mailingHour is when the page's mailings go out: before the working day.
const mailingHour = 6

// afterMailing goes back to the page, or shows it with what was refused.
func (a *api) afterMailing(w http.ResponseWriter, r *http.Request, who dispatch.Actor, err error) error {
	if err == nil {
		http.Redirect(w, r, "/review?"+r.URL.RawQuery+"#mailings", http.StatusSeeOther)
		return nil
	}
	if !wantsPage(r) {
		return err
	}
	return a.writeReview(w, r, who, err)
}

// mailingsOf is the part of the page in which a person keeps mailings; nil where
// the server sends none.
func (a *api) mailingsOf(ctx context.Context, who dispatch.Actor, w wording, city cityNames, ask reviewAsked) (*document.Mailings, error) {
	if !a.post.sends() {
		return nil, nil
	}
	list, err := a.desk.Mailings(ctx, who)
	if err != nil {
		return nil, err
	}
	say := func(key string, args ...any) string { return text(w.lang, "review."+key, named(args)) }
	words := reviewWords{wording: w, city: city}
	of := func(district, department string) string {
		words.ask.district, words.ask.department = district, department
		return words.whose()
	}
	query := ask.link("")
	m := &document.Mailings{
		Title: say("mailings"), To: say("mail-to"), EveryName: say("mail-every"), FormatName: say("mail-format"), Keep: say("mail-keep"), End: say("mail-end"),
		Of: say("mail-of", "of", of(ask.district, ask.department)), Action: "/review/mailings" + query,
		Hidden:  []document.Hidden{{Name: "district", Value: ask.district}, {Name: "department", Value: ask.department}, {Name: "lang", Value: w.lang}},
		Every:   []document.Option{{Value: "month", Text: say("mail-month")}, {Value: "week", Text: say("mail-week")}},
		Formats: []document.Option{},
	}
	for _, end := range madeFormats() {
		m.Formats = append(m.Formats, document.Option{Value: end, Text: end})
	}
	for _, k := range list {
		line := document.Mailing{
			To: k.To, End: "/review/mailings/" + k.ID.String() + query,
			Text: say("mail-"+string(k.Every)) + " · " + of(k.District, k.Department) + " · " + k.Format,
			Next: say("mail-next", "at", k.DueAt.In(city.zone).Format("02/01/2006 15:04")),
		}
		if k.Failed != "" {
			line.Failed = say("mail-failed", "why", k.Failed)
		}
		m.List = append(m.List, line)
	}
	return m, nil
}

// mailed is the question that a mailing asks.
func mailed(m *desk.Due) url.Values {
	q := url.Values{"lang": {m.Lang}}
	day := func(t time.Time) string { return t.In(m.Zone).Format(time.DateOnly) }
	if m.Every == dispatch.EveryMonth {
		q.Set("period", m.Begin.In(m.Zone).Format("2006-01"))
	} else {
		q.Set("from", day(m.Begin))
		q.Set("to", day(m.End))
	}
	if m.District != "" {
		q.Set("district", m.District)
	}
	if m.Department != "" {
		q.Set("department", m.Department)
	}
	return q
}

// messageID is the same each time a mailing of one date is tried, so that a
// mailbox can tell that it has it.
func messageID(m *desk.Due, host string) string {
	return m.ID.String() + "." + strconv.FormatInt(m.DueAt.Unix(), 10) + "@" + host
}
