package dispatch

import (
	"time"

	"github.com/google/uuid"
)

// JobState is where a job stands. See job_steps.go for the table of steps.
type JobState string

const (
	JobPlanned   JobState = "planned"
	JobAssigned  JobState = "assigned"
	JobAccepted  JobState = "accepted"
	JobDeparted  JobState = "departed"
	JobArrived   JobState = "arrived"
	JobPaused    JobState = "paused"
	JobDone      JobState = "done"
	JobCancelled JobState = "cancelled"
)

// Job is work on an incident by one crew. It repeats what the crew needs of
// the incident (category, priority, text, place, due time), so that a crew
// needs no other object. Version grows by one with every change. A declined
// job goes back to planned without a crew, and Reason says why.
type Job struct {
	ID         uuid.UUID  `json:"id"`
	Number     string     `json:"number"`
	Version    int        `json:"version"`
	State      JobState   `json:"state"`
	Incident   uuid.UUID  `json:"incident"`
	Crew       *uuid.UUID `json:"crew"`
	Department string     `json:"department"`
	Category   string     `json:"category"`
	Priority   int        `json:"priority"`
	Text       string     `json:"text"`
	Place      Place      `json:"place"`
	DueAt      *time.Time `json:"due_at"`
	Reason     string     `json:"reason,omitempty"`
	Note       string     `json:"note,omitempty"`
	PausedFrom JobState   `json:"paused_from,omitempty"`
	CreatedAt  time.Time  `json:"created_at"`
	AssignedAt *time.Time `json:"assigned_at,omitempty"`
	ArrivedAt  *time.Time `json:"arrived_at,omitempty"`
	EndedAt    *time.Time `json:"ended_at,omitempty"`
	// Record is what crews wrote down, and RecordMissing what the category's
	// form requires and a finished job doesn't have.
	Record        Record   `json:"record,omitzero"`
	RecordMissing []string `json:"record_missing,omitempty"`
	// Linked is the job whose crew asked for this one.
	Linked *uuid.UUID `json:"linked,omitempty"`
	// Contested says that a conflict about the job waits for a person.
	Contested bool `json:"contested,omitempty"`
	// Former are the crews that had the job before, and ReopenedAt is the version
	// at which it was last begun anew: what an operation is judged by.
	Former     []uuid.UUID `json:"-"`
	ReopenedAt int         `json:"-"`
}

// Live reports whether the job is part of the snapshot.
func (j Job) Live() bool { return j.State != JobDone && j.State != JobCancelled }

// Scope says whose the job is.
func (j Job) Scope() Scope {
	s := Scope{District: j.Place.DistrictCode(), Departments: []string{j.Department}, Incident: j.Incident}
	if j.Crew != nil {
		s.Crew = *j.Crew
	}
	return s
}
