package desk

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// IncidentQuery narrows a list of incidents; "" doesn't. Cursor is the Next of
// the page before.
type IncidentQuery struct {
	State      string
	Category   string
	Department string
	District   string
	Limit      int
	Cursor     string
}

// IncidentPage is a part of a list, the newest first; Next asks for the one
// after it and is "" at the end.
type IncidentPage struct {
	Incidents []dispatch.Incident `json:"incidents"`
	Next      string              `json:"next,omitempty"`
}

// JobQuery narrows a list of jobs.
type JobQuery struct {
	State      string
	Crew       uuid.UUID
	Department string
	District   string
	Incident   uuid.UUID
	Limit      int
	Cursor     string
}

// JobPage is a part of a list of jobs, the newest first.
type JobPage struct {
	Jobs []dispatch.Job `json:"jobs"`
	Next string         `json:"next,omitempty"`
}

const (
	defaultLimit = 50
	maxLimit     = 500
)

const (
	// $2 to $4 are the actor's filter, $5 to $8 the question, $9 and $10 the
	// cursor.
	listIncidents = `select ` + incidentColumns + fromIncident + `
where i.authority = $1 and ($2 = '' or i.district in ('', $2)) and ($3 = '' or i.department = $3) and ($4::uuid is null or i.id = $4)
	and ($5 = '' or i.state = $5) and ($6 = '' or i.category = $6) and ($7 = '' or i.department = $7) and ($8 = '' or i.district = $8)
	and ($9::timestamptz is null or (i.opened_at, i.id) < ($9, $10))
order by i.opened_at desc, i.id desc limit $11`
	listJobs = `select ` + jobColumns + fromJob + `
where j.authority = $1 and ($2 = '' or i.district in ('', $2)) and ($3 = '' or j.department = $3) and ($4::uuid is null or j.crew = $4)
	and ($5 = '' or j.state = $5) and ($6::uuid is null or j.crew = $6) and ($7 = '' or j.department = $7) and ($8 = '' or i.district = $8)
	and ($9::uuid is null or j.incident = $9)
	and ($10::timestamptz is null or (j.created_at, j.id) < ($10, $11))
order by j.created_at desc, j.id desc limit $12`
)

// Incidents lists incidents that the actor sees.
func (d *Desk) Incidents(ctx context.Context, who dispatch.Actor, q IncidentQuery) (IncidentPage, error) {
	page := IncidentPage{Incidents: []dispatch.Incident{}}
	at, id, err := readCursor(q.Cursor)
	if err != nil {
		return page, err
	}
	if err := checkTexts(q.State, q.Category, q.Department, q.District); err != nil {
		return page, err
	}
	f, limit := who.Filter(dispatch.NounIncident), limitOf(q.Limit)
	if f.Nothing {
		return page, nil
	}
	err = d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		is, err := incidents(ctx, tx, g, listIncidents, f.Authority, f.District, f.Department, optional(f.Incident),
			q.State, q.Category, q.Department, q.District, at, id, limit+1)
		for n, i := range is {
			if n == limit {
				last := is[n-1]
				page.Next = cursor(last.OpenedAt, last.ID)
				break
			}
			if f.Has(i.Scope()) {
				page.Incidents = append(page.Incidents, view(who, i.Incident))
			}
		}
		return err
	})
	return page, err
}

// Jobs lists jobs that the actor sees.
func (d *Desk) Jobs(ctx context.Context, who dispatch.Actor, q JobQuery) (JobPage, error) {
	page := JobPage{Jobs: []dispatch.Job{}}
	at, id, err := readCursor(q.Cursor)
	if err != nil {
		return page, err
	}
	if err := checkTexts(q.State, q.Department, q.District); err != nil {
		return page, err
	}
	f, limit := who.Filter(dispatch.NounJob), limitOf(q.Limit)
	if f.Nothing {
		return page, nil
	}
	err = d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		js, err := jobs(ctx, tx, g, listJobs, f.Authority, f.District, f.Department, optional(f.Crew),
			q.State, optional(q.Crew), q.Department, q.District, optional(q.Incident), at, id, limit+1)
		for n, j := range js {
			if n == limit {
				last := js[n-1]
				page.Next = cursor(last.CreatedAt, last.ID)
				break
			}
			if f.Has(j.Scope()) {
				page.Jobs = append(page.Jobs, j.For(who))
			}
		}
		return err
	})
	return page, err
}

func limitOf(asked int) int {
	if asked <= 0 {
		return defaultLimit
	}
	return min(asked, maxLimit)
}

func checkTexts(texts ...string) error {
	for _, t := range texts {
		if err := checkText("", t, maxName); err != nil {
			return err
		}
	}
	return nil
}

// lastMicro is the end of year 9999, beyond which PostgreSQL is not asked.
const lastMicro = 253_402_300_799_999_999

// cursor names the last entry of a page; nobody but readCursor reads it.
func cursor(at time.Time, id uuid.UUID) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(at.UnixMicro(), 36) + "." + id.String()))
}

func readCursor(s string) (at *time.Time, id *uuid.UUID, err error) {
	if s == "" {
		return nil, nil, nil
	}
	bad := invalid("cursor", KeyBadCursor, nil)
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil, nil, bad
	}
	micros, text, ok := strings.Cut(string(raw), ".")
	n, err := strconv.ParseInt(micros, 36, 64)
	if !ok || err != nil || n < 0 || n > lastMicro {
		return nil, nil, bad
	}
	u, err := uuid.Parse(text)
	if err != nil {
		return nil, nil, bad
	}
	t := time.UnixMicro(n).UTC()
	return &t, &u, nil
}
