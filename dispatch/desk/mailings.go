package desk

import (
	"context"
	"errors"
	"net/mail"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// NewMailing is a mailing to keep. Without a Lang it is in the person's own.
type NewMailing struct {
	To         string         `json:"to"`
	Every      dispatch.Every `json:"every"`
	Day        int            `json:"day"`
	Hour       int            `json:"hour"`
	District   string         `json:"district,omitempty"`
	Department string         `json:"department,omitempty"`
	Lang       string         `json:"lang,omitempty"`
	Format     string         `json:"format"`
}

// How many mailings a person may keep, how often one is tried before it is given
// up until the next, and how long a sender has before another one tries.
const (
	maxMailings  = 20
	mailingTries = 8
	mailingLease = 10 * time.Minute
)

const (
	mailingColumns = `id, owner, address, every, day, hour, district, department, lang, format, due_at, sent_at, failed`
	selectMailings = `select ` + mailingColumns + ` from mailing where authority = $1 and owner = $2 order by created_at, id`
	countMailings  = `select count(*) from mailing where owner = $1`
	// Two additions of one person wait for each other.
	lockMailer    = `select id from app_user where id = $1 and authority = $2 and disabled_at is null for update`
	insertMailing = `
insert into mailing (id, authority, owner, address, every, day, hour, district, department, lang, format, due_at, try_at, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13)`
	deleteMailing = `delete from mailing where id = $1 and authority = $2 and owner = $3`
	takeMailing   = `
update mailing set tries = tries + 1, try_at = $1::timestamptz + $2::interval * power(2, least(tries, 6))
where id = (select id from mailing where try_at <= $1 order by try_at, id limit 1 for update skip locked)
returning authority, tries, ` + mailingColumns
	endMailing  = `delete from mailing where id = $1`
	mailingSent = `update mailing set tries = 0, failed = '', sent_at = $3, due_at = $4, try_at = $4 where id = $1 and due_at = $2`
	mailingLate = `update mailing set failed = $3 where id = $1 and due_at = $2`
	mailingSkip = `update mailing set tries = 0, failed = $3, due_at = $4, try_at = $4 where id = $1 and due_at = $2`
)

func mailingFields(m *dispatch.Mailing) []any {
	return []any{&m.ID, &m.Owner, &m.To, &m.Every, &m.Day, &m.Hour, &m.District, &m.Department, &m.Lang, &m.Format, &m.DueAt, &m.SentAt, &m.Failed}
}

func scanMailing(row pgx.CollectableRow) (m dispatch.Mailing, err error) {
	err = row.Scan(mailingFields(&m)...)
	m.DueAt, m.SentAt = m.DueAt.UTC(), inUTC(m.SentAt)
	return m, err
}

// Mailings lists the actor's own.
func (d *Desk) Mailings(ctx context.Context, who dispatch.Actor) ([]dispatch.Mailing, error) {
	if !who.Holds(dispatch.FigureRead) {
		return nil, forbidden()
	}
	rows, _ := d.pool.Query(ctx, selectMailings, who.Authority, who.ID)
	return pgx.CollectRows(rows, scanMailing)
}

// KeepMailing keeps a mailing of the actor's, who must be a person: its figures
// are those that the person may see on the day.
func (d *Desk) KeepMailing(ctx context.Context, who dispatch.Actor, n NewMailing) (m dispatch.Mailing, err error) {
	if !who.Holds(dispatch.FigureRead) {
		return m, forbidden()
	}
	err = d.write(ctx, who, func(c *change) error {
		if m, err = n.mailing(c); err != nil {
			return err
		}
		var owner uuid.UUID
		if err := c.tx.QueryRow(ctx, lockMailer, who.ID, who.Authority).Scan(&owner); errors.Is(err, pgx.ErrNoRows) {
			return forbidden()
		} else if err != nil {
			return err
		}
		var kept int
		if err := c.tx.QueryRow(ctx, countMailings, who.ID).Scan(&kept); err != nil {
			return err
		}
		if kept >= maxMailings {
			return &dispatch.Error{Code: dispatch.Conflict, Key: KeyManyMailings, Args: map[string]any{"max": maxMailings}}
		}
		_, err := c.tx.Exec(ctx, insertMailing, m.ID, who.Authority, m.Owner, m.To, m.Every, m.Day, m.Hour, m.District, m.Department, m.Lang, m.Format, m.DueAt, c.now)
		return err
	})
	return m, err
}

// mailing checks what is asked for.
func (n NewMailing) mailing(c *change) (dispatch.Mailing, error) {
	m := dispatch.Mailing{
		ID: uuid.Must(uuid.NewV7()), Owner: c.who.ID, To: n.To, Every: n.Every, Day: n.Day, Hour: n.Hour,
		District: n.District, Department: n.Department, Lang: n.Lang, Format: n.Format,
	}
	if m.Lang == "" {
		m.Lang = c.who.Lang
	}
	if m.Lang == "" {
		m.Lang = Langs()[0]
	}
	at, err := mail.ParseAddress(n.To)
	first, last := 0, 6
	if n.Every == dispatch.EveryMonth {
		first, last = 1, dispatch.MaxMonthDay
	}
	bad := func(field, key string, args map[string]any) (dispatch.Mailing, error) {
		return m, invalid(field, key, args)
	}
	switch {
	case n.To == "":
		return bad("to", KeyRequired, nil)
	case err != nil || at.Address != n.To || len(n.To) > 254:
		return bad("to", KeyBadAddress, nil)
	case n.Every != dispatch.EveryWeek && n.Every != dispatch.EveryMonth:
		return bad("every", KeyBadRhythm, nil)
	case n.Day < first || n.Day > last:
		return bad("day", KeyOutOfRange, map[string]any{"min": first, "max": last})
	case n.Hour < 0 || n.Hour > 23:
		return bad("hour", KeyOutOfRange, map[string]any{"min": 0, "max": 23})
	case !slices.Contains(Langs(), m.Lang):
		return bad("lang", KeyUnknownLang, map[string]any{"lang": m.Lang})
	case !slices.Contains(dispatch.DocumentFormats(), n.Format):
		return bad("format", KeyUnknownFormat, map[string]any{"format": n.Format})
	case n.District != "" && !c.ground.hasDistrict(n.District):
		return bad("district", KeyUnknownDistrict, map[string]any{"district": n.District})
	case n.Department != "" && !c.ground.hasDepartment(n.Department):
		return bad("department", KeyUnknownDepartment, map[string]any{"department": n.Department})
	case c.who.District != "" && n.District != "" && n.District != c.who.District, c.who.Department != "" && n.Department != "" && n.Department != c.who.Department:
		return m, forbidden()
	}
	m.DueAt = m.Next(c.now, c.ground.calendar.Zone).UTC()
	return m, nil
}

// EndMailing ends one of the actor's mailings.
func (d *Desk) EndMailing(ctx context.Context, who dispatch.Actor, id uuid.UUID) error {
	if !who.Holds(dispatch.FigureRead) {
		return forbidden()
	}
	done, err := d.pool.Exec(ctx, deleteMailing, id, who.Authority, who.ID)
	if err == nil && done.RowsAffected() == 0 {
		return notFound(KeyNoMailing)
	}
	return err
}

// Due is a mailing that is to be sent now, and as whom. It tells of [Begin, End).
type Due struct {
	dispatch.Mailing
	Who        dispatch.Actor
	Begin, End time.Time
	Zone       *time.Location
	try        int
}

// TakeMailing takes the mailing that has been due longest; nobody else takes it
// while its lease runs, which is longer with each try. Nil is none. The mailing
// of a person who may not see figures any more is ended.
func (d *Desk) TakeMailing(ctx context.Context) (*Due, error) {
	for {
		var due Due
		var authority string
		err := d.pool.QueryRow(ctx, takeMailing, d.now(), mailingLease).Scan(append([]any{&authority, &due.try}, mailingFields(&due.Mailing)...)...)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		who, err := d.UserActor(ctx, due.Owner)
		gone := (*dispatch.Error)(nil)
		if errors.As(err, &gone) && gone.Code == dispatch.NotFound || err == nil && !who.Holds(dispatch.FigureRead) {
			if _, err := d.pool.Exec(ctx, endMailing, due.ID); err != nil {
				return nil, err
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		g, err := d.grounds.of(ctx, authority)
		if err != nil {
			return nil, err
		}
		due.Who, due.Zone = who, g.calendar.Zone
		due.Begin, due.End = due.Of(due.DueAt, due.Zone)
		return &due, nil
	}
}

// MailingSent notes that a mailing went out; the next one is after now, so that
// a server that was away for long doesn't send what it missed one by one.
func (d *Desk) MailingSent(ctx context.Context, m *Due) error {
	now := d.now()
	_, err := d.pool.Exec(ctx, mailingSent, m.ID, m.DueAt, now, m.Next(now, m.Zone))
	return err
}

// MailingFailed notes why a mailing could not be sent. It is tried again later,
// and after some tries given up until the next one is due.
func (d *Desk) MailingFailed(ctx context.Context, m *Due, why string) error {
	if m.try < mailingTries {
		_, err := d.pool.Exec(ctx, mailingLate, m.ID, m.DueAt, why)
		return err
	}
	_, err := d.pool.Exec(ctx, mailingSkip, m.ID, m.DueAt, why, m.Next(d.now(), m.Zone))
	return err
}
