package dispatch

import (
	"time"

	"github.com/google/uuid"
)

// IncidentState is open, closed, merged (into the incident Into), or archived:
// another system never closed it, and it came here with that system's history.
type IncidentState string

const (
	IncidentOpen     IncidentState = "open"
	IncidentClosed   IncidentState = "closed"
	IncidentMerged   IncidentState = "merged"
	IncidentArchived IncidentState = "archived"
)

// Incident is the hazard, fault or event out in the world. While it is open,
// at least one job is planned or under way, or Withheld says why none is.
// Version grows by one with every change, and a change names the version it
// was made on. Sensitive is the category's. Reopened counts how often it was
// opened again after it was closed.
type Incident struct {
	ID         uuid.UUID     `json:"id"`
	Number     string        `json:"number"`
	Version    int           `json:"version"`
	State      IncidentState `json:"state"`
	Category   string        `json:"category"`
	Department string        `json:"department"`
	Priority   int           `json:"priority"`
	Sensitive  bool          `json:"sensitive,omitempty"`
	Text       string        `json:"text"`
	Place      Place         `json:"place"`
	Reports    int           `json:"reports"`
	Clocks     []Clock       `json:"clocks"`
	Withheld   string        `json:"withheld,omitempty"`
	Into       *uuid.UUID    `json:"into,omitempty"`
	OpenedAt   time.Time     `json:"opened_at"`
	ClosedAt   *time.Time    `json:"closed_at,omitempty"`
	Reopened   int           `json:"reopened,omitempty"`
}

// Live reports whether the incident is part of the snapshot.
func (i Incident) Live() bool { return i.State == IncidentOpen }

// Scope says whose the incident is.
func (i Incident) Scope() Scope {
	return Scope{District: i.Place.DistrictCode(), Departments: []string{i.Department}, Incident: i.ID, Sensitive: i.Sensitive}
}

// ClockKind is what a clock measures: the time to arrive, or to resolve.
type ClockKind string

const (
	Response   ClockKind = "response"
	Resolution ClockKind = "resolution"
)

// Clock is one running measurement of a standard. DueAt already counts the
// pauses that have ended; while paused it is the due time as of the pause and
// moves when the clock resumes. StoppedAt is when what it measures happened.
type Clock struct {
	Kind      ClockKind  `json:"kind"`
	Standard  Duration   `json:"standard"`
	StartedAt time.Time  `json:"started_at"`
	DueAt     time.Time  `json:"due_at"`
	StoppedAt *time.Time `json:"stopped_at,omitempty"`
	Pauses    []Pause    `json:"pauses,omitempty"`
}

// Pause is a stretch in which a clock did not run, with the reason that a
// person gave. Until is nil while it lasts.
type Pause struct {
	From   time.Time  `json:"from"`
	Until  *time.Time `json:"until,omitempty"`
	Reason string     `json:"reason"`
}
