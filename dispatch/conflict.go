package dispatch

import (
	"time"

	"github.com/google/uuid"
)

// ConflictKind says what two sides disagree about.
type ConflictKind string

// The kinds of conflicts. In each a crew did something offline that doesn't
// fit what had become of the job meanwhile.
const (
	ConflictReassigned  ConflictKind = "reassigned"   // done by a crew that it was taken from
	ConflictClosedTwice ConflictKind = "closed_twice" // done again after another crew's closure
	ConflictCancelled   ConflictKind = "cancelled"    // done after it was cancelled
	ConflictReopened    ConflictKind = "reopened"     // done before it was begun anew
	ConflictDeclined    ConflictKind = "declined"     // "we can't" after the same crew's closure
	ConflictTransfer    ConflictKind = "transfer"     // another department asked for on an incident that is closed
)

// ConflictKinds lists the kinds.
func ConflictKinds() []ConflictKind {
	return []ConflictKind{ConflictReassigned, ConflictClosedTwice, ConflictCancelled, ConflictReopened, ConflictDeclined, ConflictTransfer}
}

// Settlement is how a person settles a conflict.
type Settlement string

const (
	// SettleKeep leaves everything as it stands.
	SettleKeep Settlement = "keep"
	// SettleAccept makes the crew's word count: the job is done, by it.
	SettleAccept Settlement = "accept"
	// SettleReopen has the work done again.
	SettleReopen Settlement = "reopen"
)

// Choices lists how a conflict of the kind can be settled.
func (k ConflictKind) Choices() []Settlement {
	switch k {
	case ConflictReassigned, ConflictDeclined:
		return []Settlement{SettleKeep, SettleReopen}
	case ConflictClosedTwice, ConflictCancelled, ConflictReopened, ConflictTransfer:
		return []Settlement{SettleKeep, SettleAccept}
	}
	return []Settlement{SettleKeep}
}

// FieldConflict is a disagreement between the field and the desk, for a person to
// settle: what the crew did, and what had become of the job meanwhile.
type FieldConflict struct {
	ID        uuid.UUID     `json:"id"`
	Version   int           `json:"version"`
	Kind      ConflictKind  `json:"kind"`
	Status    OpStatus      `json:"status"`
	Job       uuid.UUID     `json:"job"`
	Number    string        `json:"number"`
	Incident  uuid.UUID     `json:"incident"`
	Place     Place         `json:"place"`
	Category  string        `json:"category"`
	Op        ConflictOp    `json:"op"`
	Other     ConflictOther `json:"other"`
	Choices   []Settlement  `json:"choices"`
	OpenedAt  time.Time     `json:"opened_at"`
	SettledAt *time.Time    `json:"settled_at,omitempty"`
	SettledBy *By           `json:"settled_by,omitempty"`
	Choice    Settlement    `json:"choice,omitempty"`
	Note      string        `json:"note,omitempty"`
	// Department and District decide who sees it.
	Department string `json:"department"`
}

// ConflictOp is the field's side. At is when it was done as far as it can be
// known, PerformedAt by the device's clock, ReceivedAt when it came.
type ConflictOp struct {
	ID          uuid.UUID `json:"id"`
	Kind        OpKind    `json:"kind"`
	Device      uuid.UUID `json:"device"`
	Crew        uuid.UUID `json:"crew"`
	CrewName    string    `json:"crew_name"`
	At          time.Time `json:"at"`
	PerformedAt time.Time `json:"performed_at"`
	ReceivedAt  time.Time `json:"received_at"`
	Data        OpData    `json:"data"`
}

// ConflictOther is the desk's side: the job as the operation found it, who has
// or had it, and the event that made it so.
type ConflictOther struct {
	State    JobState   `json:"state"`
	Crew     *uuid.UUID `json:"crew"`
	CrewName string     `json:"crew_name,omitempty"`
	Reason   string     `json:"reason,omitempty"`
	Event    string     `json:"event,omitempty"`
	By       *By        `json:"by,omitempty"`
	At       *time.Time `json:"at,omitempty"`
}

// Live reports whether the conflict waits for a person.
func (c FieldConflict) Live() bool { return c.SettledAt == nil }

// Scope says whose the conflict is: whoever sees the job's department and
// district. No crew sees it: its tablet has the operation's verdict.
func (c FieldConflict) Scope() Scope {
	return Scope{District: c.Place.DistrictCode(), Departments: []string{c.Department}, Incident: c.Incident}
}

// MessageKind says what a message in a crew's inbox is about.
type MessageKind string

// The kinds of messages: a person's words, or news that the crew must not
// miss though its job has left its list.
const (
	MessageText      MessageKind = "text"
	MessageStoodDown MessageKind = "stood_down"
	MessageCancelled MessageKind = "cancelled"
	MessageReopened  MessageKind = "reopened"
	MessageSettled   MessageKind = "settled"
)

// Message is one entry of a crew's inbox.
type Message struct {
	ID      uuid.UUID   `json:"id"`
	Version int         `json:"version"`
	Crew    uuid.UUID   `json:"crew"`
	Kind    MessageKind `json:"kind"`
	Text    string      `json:"text"`
	Job     *uuid.UUID  `json:"job,omitempty"`
	Number  string      `json:"number,omitempty"`
	From    By          `json:"from"`
	At      time.Time   `json:"at"`
	ReadAt  *time.Time  `json:"read_at,omitempty"`
	// Departments and District are the crew's, and decide who sees it.
	Departments []string `json:"departments"`
	District    string   `json:"district,omitempty"`
}

// Live reports whether the message is part of the snapshot: always, until it
// is days old.
func (m Message) Live() bool { return true }

// Scope says whose the message is.
func (m Message) Scope() Scope {
	return Scope{District: m.District, Departments: m.Departments, Crew: m.Crew}
}
