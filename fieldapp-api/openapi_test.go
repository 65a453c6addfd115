package fieldapi

import (
	"bytes"
	"flag"
	"log/slog"
	"os"
	"sort"
	"strings"
	"testing"

	"moked/dispatch/desk"
	"moked/dispatch/feed"
)

var update = flag.Bool("update", false, "write the golden file anew")

// bare is the surface without a city behind it: enough to describe itself.
func bare() *api {
	return newAPI(&desk.Desk{}, feed.NewHub(nil, feed.Options{}), nil, Options{Log: slog.New(slog.DiscardHandler)})
}

func TestOpenAPI(t *testing.T) {
	t.Parallel()
	got, err := bare().openAPI()
	if err != nil {
		t.Fatal(err)
	}
	const golden = "openapi.yaml"
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is stale: run go generate", golden)
	}
}

// TestEverythingIsDescribed keeps the description one that a programmer who
// has never seen Moked can work from.
func TestEverythingIsDescribed(t *testing.T) {
	t.Parallel()
	o := bare().huma.OpenAPI()
	var missing []string
	for name, s := range o.Components.Schemas.Map() {
		if s.Description == "" {
			missing = append(missing, name)
		}
		for field, p := range s.Properties {
			if p.Description == "" {
				missing = append(missing, name+"."+field)
			}
		}
	}
	for name := range readWords(openAPIWords) {
		schema, field, isField := strings.Cut(name, ".")
		s := o.Components.Schemas.Map()[schema]
		if schema != "*" && (s == nil || isField && s.Properties[field] == nil) {
			t.Errorf("openapi_words.txt speaks of %s, which isn't there", name)
		}
	}
	sort.Strings(missing)
	for _, m := range missing {
		t.Errorf("openapi_words.txt says nothing of %s", m)
	}
}
