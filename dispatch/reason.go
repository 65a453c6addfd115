package dispatch

import "github.com/google/uuid"

// Reason says why, for a person: Key names its text, with Args for the
// placeholders. Text gives it in a language.
type Reason struct {
	Key  string         `json:"key"`
	Args map[string]any `json:"args,omitempty"`
}

// because makes a reason of a key and name, value pairs.
func because(key string, args ...any) Reason {
	r := Reason{Key: key}
	for i := 0; i+1 < len(args); i += 2 {
		if r.Args == nil {
			r.Args = make(map[string]any, len(args)/2)
		}
		r.Args[args[i].(string)] = args[i+1]
	}
	return r
}

// compareIDs orders ids as their text does.
func compareIDs(a, b uuid.UUID) int {
	for i := range a {
		if a[i] != b[i] {
			return int(a[i]) - int(b[i])
		}
	}
	return 0
}
