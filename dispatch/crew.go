package dispatch

import (
	"time"

	"github.com/google/uuid"
)

// Crew is people with skills and a vehicle. It is on duty while OnUntil lies
// ahead. District is its home district, or "" for the whole authority. Lat,
// Lon, Heading (degrees from north) and At are its last known position; they
// come with the feed's positions and never change Version.
type Crew struct {
	ID          uuid.UUID  `json:"id"`
	Version     int        `json:"version"`
	Code        string     `json:"code"`
	Name        string     `json:"name"`
	Kind        string     `json:"kind"`
	Departments []string   `json:"departments"`
	Skills      []string   `json:"skills"`
	District    string     `json:"district,omitempty"`
	Vehicle     string     `json:"vehicle,omitempty"`
	OnUntil     *time.Time `json:"on_until,omitempty"`
	OnBreak     bool       `json:"on_break,omitempty"`
	Retired     bool       `json:"retired,omitempty"`
	Lat         *float64   `json:"lat,omitempty"`
	Lon         *float64   `json:"lon,omitempty"`
	Heading     *float64   `json:"heading,omitempty"`
	At          *time.Time `json:"at,omitempty"`
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
func (c Crew) Live() bool { return !c.Retired }

// Scope says whose the crew is.
func (c Crew) Scope() Scope {
	return Scope{District: c.District, Departments: c.Departments, Crew: c.ID}
}
