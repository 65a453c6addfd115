package dispatch

import "strings"

// Code classifies an error for programs; it is stable, and the API's problem
// documents carry it.
type Code string

const (
	Invalid     Code = "invalid"     // the input is wrong: Field names where
	NotFound    Code = "not-found"   // no such object in the caller's scope
	Forbidden   Code = "forbidden"   // the caller may not do that
	Stale       Code = "stale"       // made on an old version: Current is the object now
	Conflict    Code = "conflict"    // the step does not fit the state
	KeyReused   Code = "key-reused"  // an idempotency key came again with another body
	TooMany     Code = "too-many"    // over a limit: try again later
	Unavailable Code = "unavailable" // a part is down: try again later
	// DeviceRevoked is a tablet that was shut out: it must wipe what it holds.
	DeviceRevoked Code = "device-revoked"

	MediaType    Code = "media-type"    // of a kind that isn't taken
	TooLarge     Code = "too-large"     // more bytes than are taken
	WrongOffset  Code = "wrong-offset"  // the piece doesn't follow what is there: ask what is
	HashMismatch Code = "hash-mismatch" // the bytes are not those that their name says
)

// Error is a refusal that a caller can act on. Key names the message in the
// catalogue of texts, with Args for its placeholders; Field is the path of
// the offending input ("place.lat"). Current is the object as it stands, for
// Stale and Conflict.
type Error struct {
	Code    Code
	Key     string
	Field   string
	Args    map[string]any
	Current any
}

// Error is for logs: the code, the key and the field.
func (e *Error) Error() string {
	parts := []string{string(e.Code), e.Key}
	if e.Field != "" {
		parts = append(parts, e.Field)
	}
	return strings.Join(parts, ": ")
}

// Bad returns an Invalid error for a field.
func Bad(field, key string) *Error { return &Error{Code: Invalid, Key: key, Field: field} }
