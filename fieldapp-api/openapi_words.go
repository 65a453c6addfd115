package fieldapi

import (
	"bufio"
	_ "embed"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed openapi_words.txt
var openAPIWords string

// words are what the description says of one schema or field.
type words struct {
	text             string
	uuid, null, free bool
	values           []any
}

func readWords(text string) map[string]words {
	all := map[string]words{}
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		name, said, ok := strings.Cut(lines.Text(), " ")
		if !ok || name == "#" {
			continue
		}
		var w words
		w.text = said
		if rest, braced := strings.CutPrefix(said, "{"); braced {
			kind, said, _ := strings.Cut(rest, "} ")
			w.text = said
			for flag := range strings.SplitSeq(kind, " ") {
				switch flag {
				case "uuid":
					w.uuid = true
				case "null":
					w.null = true
				case "optional":
					w.free = true
				default:
					for v := range strings.SplitSeq(flag, "|") {
						w.values = append(w.values, v)
					}
				}
			}
		}
		all[name] = w
	}
	return all
}

// explain adds to the schemas what they and their fields mean, and which
// values these have.
func explain(schemas map[string]*huma.Schema) {
	all := readWords(openAPIWords)
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		s := schemas[name]
		s.Description = all[name].text
		for field, p := range s.Properties {
			w, ok := all[name+"."+field]
			if !ok {
				w = all["*."+field]
			}
			p.Description = w.text
			// What need not be there is left out rather than null.
			p.Nullable = p.Nullable && slices.Contains(s.Required, field)
			p.Enum = w.values
			if w.uuid {
				p.Format = "uuid"
			}
			if w.free {
				s.Required = slices.DeleteFunc(s.Required, func(r string) bool { return r == field })
			}
			if w.null && p.Ref != "" {
				p.AnyOf, p.Ref = []*huma.Schema{{Ref: p.Ref}, {Type: "null"}}, ""
			} else if w.null {
				p.Nullable = true
			}
		}
	}
}
