package sim

import (
	"testing"

	"moked/dispatch"
)

// What callers say is about subjects that a new authority has.
func TestPhrasesNameRealSubjects(t *testing.T) {
	_, categories := dispatch.DefaultCatalogue()
	known := map[string]bool{}
	for _, c := range categories {
		known[c.Code] = true
	}
	for code := range weights {
		if !known[code] {
			t.Errorf("no category %s", code)
		}
	}
	for code := range phrases {
		if !known[code] {
			t.Errorf("no category %s", code)
		}
	}
}
