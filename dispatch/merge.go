package dispatch

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"
	orbgeo "github.com/paulmach/orb/geo"

	"moked/geo"
)

// Told is what a report says of the hazard: enough to judge whether an open
// incident is the same one.
type Told struct {
	Place Place
	At    time.Time
}

// Near is an open incident that may be the same hazard, with the time of the
// last report that was joined to it.
type Near struct {
	Incident   Incident  `json:"incident"`
	LastReport time.Time `json:"last_report_at"`
}

// Verdict is what Merge decided: the incident to join, or nil to open one.
// Why explains the decision, and Considered each candidate of the same
// category, nearest first. It is kept with the report, so that a person can
// read it and undo it (Incident.Split).
type Verdict struct {
	Join       *uuid.UUID   `json:"join,omitempty"`
	Why        []Reason     `json:"why"`
	Considered []Considered `json:"considered,omitempty"`
}

// Considered is one candidate: how far it is, and why it is or isn't the same
// hazard. Same says that it could be joined; the nearest such one is.
type Considered struct {
	Incident uuid.UUID `json:"incident"`
	Number   string    `json:"number"`
	Metres   float64   `json:"metres"`
	Same     bool      `json:"same"`
	Why      Reason    `json:"why"`
}

// Sensitive hazards join only where both places are exact, this close.
const sensitiveMetres = 15

// Merge decides whether what was told in category c is one of the open
// incidents. It joins the nearest one, and of several at the same distance the
// one with the lowest number, that
//
//   - is open, and of the same category or one that the rule names in With;
//   - is a location, as the report is: a street, an area or the town hall is
//     where the search fell back to, and never gathers reports;
//   - lies within the rule's Metres, less so the less exact either place is;
//   - had a report within the rule's Hours before or after this one.
//
// Without a rule nothing joins. The order of the candidates doesn't matter.
func Merge(told Told, c Category, open []Near) Verdict {
	if c.Merge == nil {
		return Verdict{Why: []Reason{because("merge.no-rule")}}
	}
	here, ok := told.Place.Point()
	if !ok || !told.Place.Precision.Located() {
		return Verdict{Why: []Reason{because("merge.not-located", "precision", string(told.Place.Precision))}}
	}
	var v Verdict
	for _, n := range open {
		if n.Incident.Category != c.Code && !slices.Contains(c.Merge.With, n.Incident.Category) {
			continue
		}
		k := Considered{Incident: n.Incident.ID, Number: n.Incident.Number}
		there, placed := n.Incident.Place.Point()
		if placed {
			k.Metres = math.Round(orbgeo.DistanceHaversine(here, there)*10) / 10
		}
		k.Same, k.Why = c.same(told, n, k.Metres, placed)
		if math.IsNaN(k.Metres) {
			k.Metres = 0
		}
		v.Considered = append(v.Considered, k)
	}
	slices.SortFunc(v.Considered, func(a, b Considered) int {
		return cmp.Or(-compareBools(a.Same, b.Same), cmp.Compare(a.Metres, b.Metres), compareNumbers(a.Number, b.Number), compareIDs(a.Incident, b.Incident))
	})
	if len(v.Considered) == 0 {
		v.Why = []Reason{because("merge.none-near")}
		return v
	}
	first := v.Considered[0]
	v.Why = []Reason{first.Why}
	if first.Same {
		v.Join = &first.Incident
	}
	const kept = 5
	v.Considered = v.Considered[:min(kept, len(v.Considered))]
	return v
}

// same judges one candidate of the category at a distance.
func (c Category) same(told Told, n Near, metres float64, placed bool) (bool, Reason) {
	i := n.Incident
	gap := told.At.Sub(n.LastReport).Abs()
	limit := c.Merge.Metres * min(trust(told.Place.Precision), trust(i.Place.Precision))
	if c.Sensitive {
		limit = min(limit, sensitiveMetres)
	}
	switch {
	case i.State != IncidentOpen:
		return false, because("merge.not-open", "number", i.Number)
	case !placed || !i.Place.Precision.Located():
		return false, because("merge.other-not-located", "number", i.Number)
	case c.Sensitive && (trust(told.Place.Precision) < 1 || trust(i.Place.Precision) < 1):
		return false, because("merge.sensitive", "number", i.Number)
	case !(metres <= limit):
		return false, because("merge.too-far", "number", i.Number, "metres", metres, "limit", math.Round(limit))
	case !(gap.Hours() <= c.Merge.Hours):
		return false, because("merge.too-old", "number", i.Number, "hours", math.Round(gap.Hours()), "limit", c.Merge.Hours)
	}
	return true, because("merge.same", "number", i.Number, "metres", metres, "minutes", math.Round(gap.Minutes()))
}

// trust is how much of the rule's distance a precision earns: a place that may
// itself be off by some metres must look nearer to count as near.
func trust(p geo.Precision) float64 {
	switch p {
	case geo.Pin, geo.House:
		return 1
	case geo.Intersection:
		return 0.8
	case geo.Interpolated:
		return 0.7
	case geo.AtPlace:
		return 0.6
	}
	return 0
}

// compareNumbers orders public numbers ("26-000123") by age: by year, then by
// count, also when the count has outgrown its zeros.
func compareNumbers(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}
