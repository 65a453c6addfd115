package desk

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// NewMessage is what a person writes to a crew, about one of its jobs if Job is
// named.
type NewMessage struct {
	Text string     `json:"text"`
	Job  *uuid.UUID `json:"job,omitempty"`
}

// A message stays in the snapshot for so long.
const messagesLast = 7 * 24 * time.Hour

const messageColumns = `
m.id, m.version, m.crew, m.kind, m.text, m.job, m.number, m.sender, m.at, m.read_at, m.departments, m.district`

const fromMessage = ` from message m `

const (
	insertMessage = `insert into message (id, authority, crew, kind, text, job, number, sender, at, departments, district)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	readMessage      = `update message set read_at = $3, version = version + 1 where id = $1 and crew = $2 and read_at is null`
	selectMessage    = `select ` + messageColumns + fromMessage + ` where m.id = $1 and m.authority = $2`
	snapshotMessages = `select ` + messageColumns + fromMessage + `
where m.authority = $1 and m.at > $2 and ($3::uuid is null or m.crew = $3) order by m.at, m.id`
	selectMessageJob = `select number from job where id = $1 and authority = $2`
	selectOneCrew    = `select ` + crewColumns + fromCrew + ` where w.id = $1 and w.authority = $2`
)

func scanMessage(row pgx.CollectableRow) (m dispatch.Message, err error) {
	err = row.Scan(&m.ID, &m.Version, &m.Crew, &m.Kind, &m.Text, &m.Job, &m.Number, &m.From, &m.At, &m.ReadAt, &m.Departments, &m.District)
	m.At, m.ReadAt = m.At.UTC(), inUTC(m.ReadAt)
	return m, err
}

// SendMessage puts a message into a crew's inbox.
func (d *Desk) SendMessage(ctx context.Context, who dispatch.Actor, crew uuid.UUID, n NewMessage) (m dispatch.Message, err error) {
	n.Text = strings.TrimSpace(n.Text)
	err = d.write(ctx, who, func(c *change) error {
		var job *dispatch.Job
		if n.Job != nil {
			job = &dispatch.Job{ID: *n.Job}
			err := c.tx.QueryRow(ctx, selectMessageJob, *n.Job, who.Authority).Scan(&job.Number)
			if errors.Is(err, pgx.ErrNoRows) {
				return &dispatch.Error{Code: dispatch.NotFound, Key: KeyNoJob, Field: "job"}
			}
			if err != nil {
				return err
			}
		}
		m, err = c.newMessage(ctx, crew, dispatch.MessageText, strings.ReplaceAll(n.Text, "\x00", ""), job)
		if err != nil {
			return err
		}
		if !who.Sees(dispatch.NounCrew, dispatch.Scope{District: m.District, Departments: m.Departments, Crew: crew}) {
			return notFound(KeyNoCrew)
		}
		if !who.May(dispatch.MessageSend, m.Scope()) {
			return forbidden()
		}
		if n.Text == "" {
			return invalid("text", KeyRequired, nil)
		}
		return checkText("text", n.Text, maxText)
	})
	if err != nil {
		return dispatch.Message{}, err
	}
	return m, nil
}

// message leaves word in a crew's inbox.
func (c *change) message(ctx context.Context, crew uuid.UUID, kind dispatch.MessageKind, text string, job *dispatch.Job) error {
	_, err := c.newMessage(ctx, crew, kind, text, job)
	return err
}

func (c *change) newMessage(ctx context.Context, crew uuid.UUID, kind dispatch.MessageKind, text string, job *dispatch.Job) (m dispatch.Message, err error) {
	ks, err := crews(ctx, c.tx, selectOneCrew, crew, c.who.Authority)
	if err != nil {
		return m, err
	}
	if len(ks) == 0 {
		return m, notFound(KeyNoCrew)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return m, err
	}
	m = dispatch.Message{
		ID: id, Version: 1, Crew: crew, Kind: kind, Text: text, From: c.who.By(), At: c.now,
		Departments: ks[0].Departments, District: ks[0].District,
	}
	if job != nil {
		m.Job, m.Number = &job.ID, job.Number
	}
	if _, err := c.tx.Exec(ctx, insertMessage, m.ID, c.who.Authority, m.Crew, m.Kind, m.Text, m.Job, m.Number, m.From, m.At, m.Departments, m.District); err != nil {
		return m, err
	}
	c.tellMessage("message.sent", m)
	return m, nil
}

// messageRead notes that a crew has read a message of its own; read says
// whether it hadn't before, and found whether there is one.
func (c *change) messageRead(ctx context.Context, id, crew uuid.UUID, at time.Time) (found, read bool, err error) {
	done, err := c.tx.Exec(ctx, readMessage, id, crew, at)
	if err != nil {
		return false, false, err
	}
	rows, _ := c.tx.Query(ctx, selectMessage, id, c.who.Authority)
	m, err := pgx.CollectExactlyOneRow(rows, scanMessage)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && m.Crew != crew {
		return false, false, nil
	}
	if err != nil {
		return false, false, err
	}
	if done.RowsAffected() > 0 {
		c.tellMessage("message.read", m)
	}
	return true, done.RowsAffected() > 0, nil
}
