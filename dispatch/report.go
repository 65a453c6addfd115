package dispatch

import (
	"time"

	"github.com/google/uuid"
)

// Channel is the way a report came in.
type Channel string

// The channels a report may name.
const (
	ByPhone       Channel = "phone"
	ByWeb         Channel = "web"
	ByApp         Channel = "app"
	ByWhatsApp    Channel = "whatsapp"
	BySMS         Channel = "sms"
	ByEmail       Channel = "email"
	ByDesk        Channel = "desk"
	ByField       Channel = "field"
	BySensor      Channel = "sensor"
	ByCamera      Channel = "camera"
	ByIntegration Channel = "integration"
)

// Channels lists every channel.
func Channels() []Channel {
	return []Channel{ByPhone, ByWeb, ByApp, ByWhatsApp, BySMS, ByEmail, ByDesk, ByField, BySensor, ByCamera, ByIntegration}
}

// Contact is who told us. It is personal data: it appears in no event and in
// no shape but the full report's.
type Contact struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
	Lang  string `json:"lang,omitempty"`
}

// Report is what one person or system told us. Number is public, unique in
// the authority ("26-000123"); Token is the secret of the report's own page.
// Sensitive is the category's.
type Report struct {
	ID        uuid.UUID         `json:"id"`
	Number    string            `json:"number"`
	Token     string            `json:"token,omitempty"`
	Channel   Channel           `json:"channel"`
	Category  string            `json:"category"`
	Sensitive bool              `json:"sensitive,omitempty"`
	Text      string            `json:"text"`
	Place     Place             `json:"place"`
	Contact   *Contact          `json:"contact,omitempty"`
	Answers   map[string]Answer `json:"answers,omitempty"`
	Incident  uuid.UUID         `json:"incident_id"`
	FiledAt   time.Time         `json:"filed_at"`
}

// Answer is the reply to one of a category's questions: a bool, a number, or
// the code of a choice, as JSON has them.
type Answer any
