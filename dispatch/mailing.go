package dispatch

import (
	"time"

	"github.com/google/uuid"
)

// Every says how often a mailing goes out.
type Every string

// The rhythms. A week's mailing is of the week before, from Sunday; a month's of
// the month before.
const (
	EveryWeek  Every = "week"
	EveryMonth Every = "month"
)

// Mailing sends a review to an address, again and again, as its owner may see it
// on the day. Day is of the week, 0 is Sunday, or of the month, from 1 to 28;
// Hour is of the authority's clock. District and Department narrow it, "" is all
// that the owner may see. Failed says why the last one could not be sent.
type Mailing struct {
	ID         uuid.UUID  `json:"id"`
	Owner      uuid.UUID  `json:"owner"`
	To         string     `json:"to"`
	Every      Every      `json:"every"`
	Day        int        `json:"day"`
	Hour       int        `json:"hour"`
	District   string     `json:"district,omitempty"`
	Department string     `json:"department,omitempty"`
	Lang       string     `json:"lang"`
	Format     string     `json:"format"` // of what is attached: pdf, xlsx or csv
	DueAt      time.Time  `json:"due_at"`
	SentAt     *time.Time `json:"sent_at,omitempty"`
	Failed     string     `json:"failed,omitempty"`
}

// DocumentFormats are what a review can be had as, to send on.
func DocumentFormats() []string { return []string{"pdf", "xlsx", "csv"} }

// MaxMonthDay is the last day of the month that every month has.
const MaxMonthDay = 28

// Next is the first time after an instant at which the mailing is due, by the
// zone's clock. An hour that the clock skips in spring is the one after it.
func (m Mailing) Next(after time.Time, zone *time.Location) time.Time {
	y, month, d := after.In(zone).Date()
	at := func(day int) time.Time { return time.Date(y, month, day, m.Hour, 0, 0, 0, zone) }
	if m.Every == EveryMonth {
		next := at(m.Day)
		for n := 1; !next.After(after); n++ {
			next = time.Date(y, month+time.Month(n), m.Day, m.Hour, 0, 0, 0, zone)
		}
		return next
	}
	day := d - int(after.In(zone).Weekday()) + m.Day
	next := at(day)
	for !next.After(after) {
		day += 7
		next = at(day)
	}
	return next
}

// Of is the period that a mailing due at an instant tells of: the week, from
// Sunday, or the month that was over by then.
func (m Mailing) Of(due time.Time, zone *time.Location) (from, to time.Time) {
	y, month, d := due.In(zone).Date()
	if m.Every == EveryMonth {
		return time.Date(y, month-1, 1, 0, 0, 0, 0, zone), time.Date(y, month, 1, 0, 0, 0, 0, zone)
	}
	sunday := d - int(due.In(zone).Weekday())
	return time.Date(y, month, sunday-7, 0, 0, 0, 0, zone), time.Date(y, month, sunday, 0, 0, 0, 0, zone)
}
