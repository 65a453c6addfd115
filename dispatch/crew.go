package dispatch

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// Crew is people with skills and a vehicle. Duty is what it was last put to;
// DutyAt says what that comes to at an instant. OnUntil is until when it works
// (on, break), BreakUntil when its break ends, if it said so, and StandbyUntil
// until when it may be called. Shift is the shift that it works or stands by
// in: the shift's vehicle and skills are the crew's for as long. District is
// its home district, or "" for the whole authority. Lat, Lon, Heading (degrees
// from north) and At are its last known position; they come with the feed's
// positions and never change Version.
type Crew struct {
	ID           uuid.UUID  `json:"id"`
	Version      int        `json:"version"`
	Code         string     `json:"code"`
	Name         string     `json:"name"`
	Kind         CrewKind   `json:"kind"`
	Departments  []string   `json:"departments"`
	Skills       []string   `json:"skills"`
	District     string     `json:"district,omitempty"`
	Vehicle      string     `json:"vehicle,omitempty"`
	Duty         Duty       `json:"duty"`
	OnUntil      *time.Time `json:"on_until,omitempty"`
	OnBreak      bool       `json:"on_break,omitempty"`
	BreakUntil   *time.Time `json:"break_until,omitempty"`
	StandbyUntil *time.Time `json:"standby_until,omitempty"`
	Shift        *Shift     `json:"shift,omitempty"`
	Retired      bool       `json:"retired,omitempty"`
	Lat          *float64   `json:"lat,omitempty"`
	Lon          *float64   `json:"lon,omitempty"`
	Heading      *float64   `json:"heading,omitempty"`
	At           *time.Time `json:"at,omitempty"`
}

// Position is one fix of a crew. At is the fix's own time.
type Position struct {
	Crew     uuid.UUID `json:"id"`
	Lat      float64   `json:"lat"`
	Lon      float64   `json:"lon"`
	Heading  *float64  `json:"heading,omitempty"`
	Speed    *float64  `json:"speed,omitempty"`
	Accuracy *float64  `json:"accuracy,omitempty"`
	At       time.Time `json:"at"`
}

// Live reports whether the crew is part of the snapshot.
func (k Crew) Live() bool { return !k.Retired }

// Scope says whose the crew is.
func (k Crew) Scope() Scope {
	return Scope{District: k.District, Departments: k.Departments, Crew: k.ID}
}

// Can reports whether the crew has the skill, of its own or by its shift.
func (k Crew) Can(skill string) bool {
	return slices.Contains(k.Skills, skill) || k.Shift != nil && slices.Contains(k.Shift.Skills, skill)
}

// CrewKind is what a crew is to the authority. It narrows what the crew may do
// and sees, see kindGrants.
type CrewKind string

const (
	// StaffCrew are the authority's own people.
	StaffCrew CrewKind = "crew"
	// PatrolCrew are on the street to find what is wrong.
	PatrolCrew     CrewKind = "patrol"
	VolunteerCrew  CrewKind = "volunteer"
	ContractorCrew CrewKind = "contractor"
)

// CrewKinds lists every kind.
func CrewKinds() []CrewKind {
	return []CrewKind{StaffCrew, PatrolCrew, VolunteerCrew, ContractorCrew}
}
