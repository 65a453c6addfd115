package dispatch

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Noun names the object an event carries; it is the object's key in the
// feed's entry, and its plural is the key of the snapshot's list.
type Noun string

const (
	NounIncident  Noun = "incident"
	NounJob       Noun = "job"
	NounCrew      Noun = "crew"
	NounOperation Noun = "operation"
	// NounShift is news of a roster. Shifts are listed by week and not in the
	// snapshot.
	NounShift    Noun = "shift"
	NounConflict Noun = "conflict"
	NounMessage  Noun = "message"
	NounPlan     Noun = "plan"
	// NounGeography marks news of the ground itself (areas, zones, streets,
	// the catalogue): it carries no object, and readers load it again.
	NounGeography Noun = "geography"
)

// By says who caused an event, without personal data beyond a user's name.
type By struct {
	Role Role   `json:"role"`
	Name string `json:"name,omitempty"`
}

// Event is one entry of an authority's append-only log. Seq has no holes and
// its order is commit order. Body is the object after the event, in the
// snapshot's shape. Gone says that the object has left the snapshot. Was is
// set when the object's scope changed, so that readers of the old scope learn
// of its removal. Incident is the incident whose timeline the event is on.
// Note holds what the state itself does not say, such as a reason.
type Event struct {
	Authority string          `json:"-"`
	Seq       int64           `json:"seq"`
	Type      string          `json:"type"`
	At        time.Time       `json:"at"`
	By        By              `json:"by"`
	Noun      Noun            `json:"-"`
	Object    uuid.UUID       `json:"-"`
	Incident  uuid.UUID       `json:"-"`
	Scope     Scope           `json:"-"`
	Was       *Scope          `json:"-"`
	Gone      bool            `json:"removed,omitempty"`
	Note      map[string]any  `json:"note,omitempty"`
	Body      json.RawMessage `json:"-"`
}
