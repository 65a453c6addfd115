package fieldapi

import (
	"time"

	"github.com/google/uuid"

	"moked/dispatch"
)

// The feed's entries, for their description only: the hub encodes them.

// FeedEvent is one event with the object after it.
type FeedEvent struct {
	Seq      int64                   `json:"seq"`
	Type     string                  `json:"type"`
	At       time.Time               `json:"at"`
	By       *dispatch.By            `json:"by,omitempty"`
	Incident *dispatch.Incident      `json:"incident,omitempty"`
	Job      *dispatch.Job           `json:"job,omitempty"`
	Crew     *dispatch.Crew          `json:"crew,omitempty"`
	Shift    *dispatch.Shift         `json:"shift,omitempty"`
	Conflict *dispatch.FieldConflict `json:"conflict,omitempty"`
	Message  *dispatch.Message       `json:"message,omitempty"`
	Plan     *dispatch.DayPlan       `json:"plan,omitempty"`
	Removed  bool                    `json:"removed,omitempty"`
	Note     map[string]any          `json:"note,omitempty"`
}

// FeedRemoval is one event of an object that the reader sees no longer: take it
// out by its id.
type FeedRemoval struct {
	Seq      int64        `json:"seq"`
	Type     string       `json:"type"`
	At       time.Time    `json:"at"`
	By       *dispatch.By `json:"by,omitempty"`
	Incident *FeedObject  `json:"incident,omitempty"`
	Job      *FeedObject  `json:"job,omitempty"`
	Crew     *FeedObject  `json:"crew,omitempty"`
	Shift    *FeedObject  `json:"shift,omitempty"`
	Conflict *FeedObject  `json:"conflict,omitempty"`
	Message  *FeedObject  `json:"message,omitempty"`
	Plan     *FeedObject  `json:"plan,omitempty"`
	Removed  bool         `json:"removed" enum:"true"`
}

// FeedObject names what was removed.
type FeedObject struct {
	ID uuid.UUID `json:"id"`
}

// FeedPositions tells where crews are now.
type FeedPositions struct {
	Type  string              `json:"type"`
	Crews []dispatch.Position `json:"crews"`
}

// FeedMark says up to where everything was considered.
type FeedMark struct {
	Type string `json:"type"`
	Upto int64  `json:"upto"`
}

// FeedResync asks for a new snapshot.
type FeedResync struct {
	Type string `json:"type"`
}
