// Package dispatch holds Moked's nouns and decisions: what a report, an
// incident, a job, a crew and a clock are, which step a job may take, whether
// two reports speak of one hazard, which crew should go, and who may do what.
// It is pure: it reads no clock, database or network, and starts no
// goroutine. Every function takes the instant it decides at as an argument.
//
// The same structs serve SQL rows, the API's JSON and the feed's entries.
package dispatch

import (
	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"moked/geo"
)

// Ref names an area by its code, with the name to show.
type Ref struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Place is where something is, as it was found: a WGS84 point with the
// precision and score of finding it, and whose it is. Lat and Lon are nil when
// Precision is unplaced. Text is the place as it was told.
type Place struct {
	Lat           *float64      `json:"lat"`
	Lon           *float64      `json:"lon"`
	Precision     geo.Precision `json:"precision"`
	Score         float64       `json:"score"`
	Label         string        `json:"label"`
	Text          string        `json:"text,omitempty"`
	District      *Ref          `json:"district"`
	Neighbourhood *Ref          `json:"neighbourhood"`
}

// Point is the place's position; ok is false when it is unplaced.
func (p Place) Point() (pt orb.Point, ok bool) {
	if p.Lat == nil || p.Lon == nil {
		return pt, false
	}
	return orb.Point{*p.Lon, *p.Lat}, true
}

// DistrictCode is the code of the place's district, or "".
func (p Place) DistrictCode() string {
	if p.District == nil {
		return ""
	}
	return p.District.Code
}

// Scope says whose an object is, for deciding who sees it. An object of no
// district is seen by every district's readers; Departments is never empty
// for an incident or a job.
type Scope struct {
	District    string    `json:"district,omitempty"`
	Departments []string  `json:"departments,omitempty"`
	Crew        uuid.UUID `json:"crew,omitzero"`
	Incident    uuid.UUID `json:"incident,omitzero"`
	Report      uuid.UUID `json:"report,omitzero"`
	Sensitive   bool      `json:"sensitive,omitempty"`
}
