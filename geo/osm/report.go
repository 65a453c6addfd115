package osm

import (
	"cmp"
	"slices"
)

// Report says what a file held, what was taken and what was left out.
type Report struct {
	// Format is "pbf", "xml", "xml+gzip", "xml+bzip2" or "geojson".
	Format string `json:"format"`
	// Read counts the file's elements by kind: node, way, relation, feature.
	Read []Count `json:"read"`
	// Taken counts what came of them: street, address, place, segment,
	// restriction, and the base map's layers.
	Taken []Count `json:"taken"`
	// Left lists what was left out or mended, and why.
	Left []Left `json:"left"`
}

// Count is how many of a kind there are.
type Count struct {
	Kind string `json:"kind"`
	N    int    `json:"n"`
}

// Left is one reason for leaving things out, how many it met, and the first
// few of them ("way/123", "feature 7").
type Left struct {
	Kind     string   `json:"kind"`
	Reason   string   `json:"reason"`
	N        int      `json:"n"`
	Examples []string `json:"examples"`
}

const maxExamples = 5

// tally gathers a Report.
type tally struct {
	read, taken map[string]int
	left        map[[2]string]*Left
}

func newTally() *tally {
	return &tally{map[string]int{}, map[string]int{}, map[[2]string]*Left{}}
}

func (t *tally) leave(kind, reason, example string) {
	l := t.left[[2]string{kind, reason}]
	if l == nil {
		l = &Left{Kind: kind, Reason: reason}
		t.left[[2]string{kind, reason}] = l
	}
	l.N++
	if len(l.Examples) < maxExamples {
		l.Examples = append(l.Examples, example)
	}
}

func (t *tally) report(format string) Report {
	r := Report{Format: format, Read: counts(t.read), Taken: counts(t.taken), Left: []Left{}}
	for _, l := range t.left {
		r.Left = append(r.Left, *l)
	}
	slices.SortFunc(r.Left, func(a, b Left) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(b.N, a.N), cmp.Compare(a.Reason, b.Reason))
	})
	return r
}

func counts(m map[string]int) []Count {
	out := []Count{}
	for k, n := range m {
		out = append(out, Count{k, n})
	}
	slices.SortFunc(out, func(a, b Count) int { return cmp.Compare(a.Kind, b.Kind) })
	return out
}
