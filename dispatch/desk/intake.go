package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"moked/dispatch"
)

// NewReport is what somebody tells us. Place is told in words or as a point.
// Incident joins the report to that open incident, instead of the one that
// dispatch.Merge would find. Key makes a repetition harmless: the same key with
// the same content gives the same report.
type NewReport struct {
	Channel  dispatch.Channel           `json:"channel"`
	Category string                     `json:"category"`
	Text     string                     `json:"text"`
	Place    NewPlace                   `json:"place"`
	Contact  *dispatch.Contact          `json:"contact,omitempty"`
	Answers  map[string]dispatch.Answer `json:"answers,omitempty"`
	Incident *uuid.UUID                 `json:"incident,omitempty"`
	Key      string                     `json:"-"`
}

// NewPlace is a place as it is told: words, a WGS84 point, or both, of which
// the point counts.
type NewPlace struct {
	Text string   `json:"text,omitempty"`
	Lat  *float64 `json:"lat,omitempty"`
	Lon  *float64 `json:"lon,omitempty"`
}

// Filed is what became of a report. Jobs are those of its incident, for
// callers who may see them.
type Filed struct {
	ID       uuid.UUID        `json:"id"`
	Number   string           `json:"number"`
	Token    string           `json:"token"`
	Place    dispatch.Place   `json:"place"`
	Incident FiledIncident    `json:"incident"`
	Jobs     []FiledJob       `json:"jobs"`
	Clocks   []dispatch.Clock `json:"clocks"`
}

// FiledIncident is the incident that the report is about; Merged says that it
// was there before.
type FiledIncident struct {
	ID     uuid.UUID `json:"id"`
	Number string    `json:"number"`
	Merged bool      `json:"merged"`
}

// FiledJob is a job of the report's incident.
type FiledJob struct {
	ID     uuid.UUID         `json:"id"`
	Number string            `json:"number"`
	State  dispatch.JobState `json:"state"`
	Crew   *uuid.UUID        `json:"crew"`
}

// The longest texts that a report may carry, in characters.
const (
	maxText    = 4000
	maxTold    = 500
	maxName    = 200
	maxPhone   = 40
	maxEmail   = 254
	maxKey     = 200
	maxAnswers = 100
)

// filing is a report on its way into the database.
type filing struct {
	who      dispatch.Actor
	n        NewReport
	ground   *ground
	category *dispatch.Category
	report   dispatch.Report // but for its numbers and its incident
	phone    *string
	hash     []byte // nil without a key

	filed Filed
	err   error
}

// FileReport takes a report: it finds the place, joins the report to the open
// incident that it speaks of or opens one, starts the clocks, makes the job
// and, if the category says so, assigns it. A report whose place isn't found
// is filed all the same. When FileReport returns without an error the report
// is on disk. Reports that come at the same time share a transaction.
func (d *Desk) FileReport(ctx context.Context, who dispatch.Actor, n NewReport) (Filed, error) {
	if !who.May(dispatch.ReportFile, dispatch.Scope{}) {
		return Filed{}, forbidden()
	}
	g, err := d.grounds.of(ctx, who.Authority)
	if err != nil {
		return Filed{}, err
	}
	f, err := d.newFiling(who, g, n)
	if err != nil {
		return Filed{}, err
	}
	if err := d.intake.do(ctx, who.Authority, f); err != nil {
		return Filed{}, err
	}
	if f.err != nil {
		return Filed{}, f.err
	}
	if !who.May(dispatch.JobRead, dispatch.Scope{Crew: who.Crew, District: who.District}) {
		f.filed.Jobs = []FiledJob{}
	}
	return f.filed, nil
}

// newFiling checks what was told and finds its place.
func (d *Desk) newFiling(who dispatch.Actor, g *ground, n NewReport) (*filing, error) {
	if err := n.check(); err != nil {
		return nil, err
	}
	c := g.category[n.Category]
	if c == nil {
		return nil, invalid("category", KeyUnknownCategory, map[string]any{"category": n.Category})
	}
	if c.Retired {
		return nil, invalid("category", dispatch.KeyCategoryRetired, map[string]any{"category": n.Category})
	}
	if err := c.Validate(n.Answers); err != nil {
		return nil, err
	}
	place, err := g.locate(n.Place)
	if err != nil {
		return nil, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return nil, err
	}
	f := &filing{
		who: who, n: n, ground: g, category: c,
		report: dispatch.Report{
			ID: id, Token: rand.Text(), Channel: n.Channel, Category: n.Category, Sensitive: c.Sensitive,
			Text: strings.TrimSpace(n.Text), Place: place, Contact: n.Contact, Answers: n.Answers, FiledAt: d.now(),
		},
	}
	if n.Contact != nil {
		f.phone = phone(n.Contact.Phone)
	}
	if n.Key != "" {
		body, err := json.Marshal(n)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(body)
		f.hash = sum[:]
	}
	return f, nil
}

func (n *NewReport) check() error {
	if !slices.Contains(dispatch.Channels(), n.Channel) {
		return invalid("channel", KeyUnknownChannel, map[string]any{"channel": string(n.Channel)})
	}
	if n.Category == "" {
		return invalid("category", KeyRequired, nil)
	}
	c := dispatch.Contact{}
	if n.Contact != nil {
		c = *n.Contact
	}
	for _, t := range []struct {
		field, text string
		max         int
	}{
		{"category", n.Category, maxName}, {"text", n.Text, maxText}, {"place.text", n.Place.Text, maxTold},
		{"contact.name", c.Name, maxName}, {"contact.phone", c.Phone, maxPhone}, {"contact.email", c.Email, maxEmail},
		{"contact.lang", c.Lang, maxPhone}, {"idempotency_key", n.Key, maxKey},
	} {
		if err := checkText(t.field, t.text, t.max); err != nil {
			return err
		}
	}
	if len(n.Answers) > maxAnswers {
		return invalid("answers", KeyTooMany, map[string]any{"max": maxAnswers})
	}
	if (n.Place.Lat == nil) != (n.Place.Lon == nil) {
		return invalid("place", KeyPlaceHalf, nil)
	}
	return nil
}

// checkText refuses text that PostgreSQL can't hold, and text that is too
// long.
func checkText(field, s string, max int) error {
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return invalid(field, dispatch.KeyBadText, nil)
	}
	if n := utf8.RuneCountInString(s); n > max {
		return invalid(field, dispatch.KeyTooLong, map[string]any{"max": max, "length": n})
	}
	return nil
}
