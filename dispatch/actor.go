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
// empty District or Department does not narrow. Kind is the crew's, for a crew:
// without one it has the rights that all kinds have.
type Actor struct {
	Authority  string    `json:"authority"`
	Role       Role      `json:"role"`
	ID         uuid.UUID `json:"id"`
	Name       string    `json:"name,omitempty"`
	District   string    `json:"district,omitempty"`
	Department string    `json:"department,omitempty"`
	Crew       uuid.UUID `json:"crew,omitzero"`
	Kind       CrewKind  `json:"crew_kind,omitempty"`
	Incident   uuid.UUID `json:"incident,omitzero"`
	Report     uuid.UUID `json:"report,omitzero"`
	Lang       string    `json:"lang,omitempty"`
	// Device is the tablet that the actor speaks through, if it is one.
	Device uuid.UUID `json:"device,omitzero"`
}

// By is how events name the actor.
func (a Actor) By() By { return By{Role: a.Role, Name: a.Name} }

// Narrow reports whether the actor sees a job in its Narrow view only: a crew
// that isn't the authority's own.
func (a Actor) Narrow() bool {
	return a.Role == CrewMember && a.Kind != StaffCrew && a.Kind != PatrolCrew
}
