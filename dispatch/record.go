package dispatch

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
)

// PhotoKind says what a job's photo shows.
type PhotoKind string

// The kinds of photos.
const (
	PhotoBefore PhotoKind = "before"
	PhotoAfter  PhotoKind = "after"
	PhotoOther  PhotoKind = "other"
)

// Record is what crews wrote down about a job. It is a set of facts that only
// grows: whatever the order in which two tablets' entries come, the record is
// the same. Of two entries about one thing the later one counts, and of two at
// one instant the one with the greater id.
type Record struct {
	Checks    map[string]Check   `json:"checks,omitempty"`
	Materials map[string]float64 `json:"materials,omitempty"`
	Notes     []RecordNote       `json:"notes,omitempty"`
	Photos    []RecordPhoto      `json:"photos,omitempty"`
	Signature *Signature         `json:"signature,omitempty"`
	// When the crew said that it accepted, departed and arrived: the earliest
	// word of each counts.
	AcceptedAt *time.Time `json:"accepted_at,omitempty"`
	DepartedAt *time.Time `json:"departed_at,omitempty"`
	ArrivedAt  *time.Time `json:"arrived_at,omitempty"`
	// Hold is the last word on whether the work stands still.
	Hold *Hold `json:"hold,omitempty"`
}

// Check is one line of the checklist as it was ticked.
type Check struct {
	Value bool      `json:"value"`
	At    time.Time `json:"at"`
	Op    uuid.UUID `json:"op"`
}

// RecordNote is a crew's note; ID is its operation's.
type RecordNote struct {
	ID   uuid.UUID `json:"id"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

// RecordPhoto names a photo by the SHA-256 of its bytes, which may come later.
type RecordPhoto struct {
	SHA256  string    `json:"sha256"`
	Kind    PhotoKind `json:"kind"`
	At      time.Time `json:"at"`
	Caption string    `json:"caption,omitempty"`
}

// Signature is who received the work, and the drawing of their hand as a photo.
type Signature struct {
	SHA256 string    `json:"sha256,omitempty"`
	Name   string    `json:"name"`
	At     time.Time `json:"at"`
	Op     uuid.UUID `json:"op"`
}

// Hold says since when the work stands still, or goes on.
type Hold struct {
	On     bool      `json:"on"`
	Reason string    `json:"reason,omitempty"`
	At     time.Time `json:"at"`
	Op     uuid.UUID `json:"op"`
}

// IsZero says that nothing was written down.
func (r Record) IsZero() bool {
	return len(r.Checks) == 0 && len(r.Materials) == 0 && len(r.Notes) == 0 && len(r.Photos) == 0 && r.Signature == nil &&
		r.AcceptedAt == nil && r.DepartedAt == nil && r.ArrivedAt == nil && r.Hold == nil
}

func (r Record) hasPhoto(k PhotoKind) bool {
	return slices.ContainsFunc(r.Photos, func(p RecordPhoto) bool { return p.Kind == k })
}

// beats says whether an entry made at at by op counts over another of the same
// thing.
func beats(at time.Time, op uuid.UUID, otherAt time.Time, other uuid.UUID) bool {
	if c := at.Compare(otherAt); c != 0 {
		return c > 0
	}
	return bytes.Compare(op[:], other[:]) > 0
}

// written is the record with one operation's entry in it. The record before
// is unchanged.
func (r Record) written(op Op, at time.Time) Record {
	d := op.Data
	switch op.Kind {
	case OpCheck:
		if was, ok := r.Checks[d.Code]; !ok || beats(at, op.ID, was.At, was.Op) || !ruleLatest {
			r.Checks = maps.Clone(r.Checks)
			if r.Checks == nil {
				r.Checks = map[string]Check{}
			}
			r.Checks[d.Code] = Check{d.Value, at, op.ID}
		}
	case OpMaterial:
		r.Materials = maps.Clone(r.Materials)
		if r.Materials == nil {
			r.Materials = map[string]float64{}
		}
		sum := rounded(r.Materials[d.Code] + rounded(d.Add))
		if !ruleSum {
			sum = rounded(d.Add)
		}
		r.Materials[d.Code] = sum
	case OpNote:
		r.Notes = insert(r.Notes, RecordNote{op.ID, d.Text, at}, func(a, b RecordNote) int {
			return cmp.Or(a.At.Compare(b.At), bytes.Compare(a.ID[:], b.ID[:]))
		})
	case OpPhoto:
		p := RecordPhoto{d.SHA256, d.PhotoKind, at, d.Caption}
		i := slices.IndexFunc(r.Photos, func(q RecordPhoto) bool { return q.SHA256 == p.SHA256 && q.Kind == p.Kind })
		if i >= 0 && (r.Photos[i].At.Before(p.At) || r.Photos[i].At.Equal(p.At) && r.Photos[i].Caption >= p.Caption) {
			return r
		}
		if i >= 0 {
			r.Photos = slices.Delete(slices.Clone(r.Photos), i, i+1)
		}
		r.Photos = insert(r.Photos, p, func(a, b RecordPhoto) int {
			return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.SHA256, b.SHA256), cmp.Compare(a.Kind, b.Kind))
		})
	case OpSign:
		if s := r.Signature; s == nil || beats(at, op.ID, s.At, s.Op) {
			r.Signature = &Signature{d.SHA256, d.Name, at, op.ID}
		}
	}
	return r
}

// rounded keeps sums of decimal quantities decimal, to a thousandth.
func rounded(f float64) float64 {
	if f < 0 {
		return -rounded(-f)
	}
	return float64(int64(f*1000+0.5)) / 1000
}

// insert puts v into a sorted list, which is copied.
func insert[T any](list []T, v T, compare func(a, b T) int) []T {
	at, _ := slices.BinarySearchFunc(list, v, compare)
	return slices.Insert(slices.Clone(list), at, v)
}

// said is the record with the crew's word that it did a step at at; the
// earliest word counts.
func (r Record) said(a Action, at time.Time) Record {
	first := func(t *time.Time) *time.Time {
		if t != nil && !at.Before(*t) {
			return t
		}
		return &at
	}
	switch a {
	case ActAccept:
		r.AcceptedAt = first(r.AcceptedAt)
	case ActDepart:
		r.DepartedAt = first(r.DepartedAt)
	case ActArrive:
		r.ArrivedAt = first(r.ArrivedAt)
	}
	return r
}
