package dispatch

import "github.com/google/uuid"

// Role is the kind of an actor.
type Role string

const (
	Dispatcher      Role = "dispatcher"
	Operator        Role = "operator"
	CrewMember      Role = "crew"
	DepartmentHead  Role = "department"
	DistrictManager Role = "district"
	Admin           Role = "admin"
	Resident        Role = "resident"
	Public          Role = "public"
	Integration     Role = "integration"
	// System is Moked itself: imports, automatic assignment.
	System Role = "system"
)

// Actor is who acts: a role within an authority, narrowed to a district, a
// department, a crew, or (a resident by link) the incident of one report. An
// empty District or Department does not narrow.
type Actor struct {
	Authority  string    `json:"authority"`
	Role       Role      `json:"role"`
	ID         uuid.UUID `json:"id"`
	Name       string    `json:"name,omitempty"`
	District   string    `json:"district,omitempty"`
	Department string    `json:"department,omitempty"`
	Crew       uuid.UUID `json:"crew,omitzero"`
	Incident   uuid.UUID `json:"incident,omitzero"`
	Report     uuid.UUID `json:"report,omitzero"`
	Lang       string    `json:"lang,omitempty"`
}

// By is how events name the actor.
func (a Actor) By() By { return By{Role: a.Role, Name: a.Name} }
