// Package geo knows places: areas, streets, addresses, the words people use
// for them, and how far apart they are. It is pure: no clock, no network, no
// database, no goroutine. Coordinates are WGS84 longitude, latitude
// (EPSG:4326) as orb has them, unless a name says ITM (EPSG:2039).
package geo

import (
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

// Level is an area's place in the authority's tree.
type Level string

// An authority has one boundary; districts lie in it, and neighbourhoods lie
// in a district.
const (
	Boundary      Level = "boundary"
	District      Level = "district"
	Neighbourhood Level = "neighbourhood"
)

// Levels lists the levels from the root of the tree down.
func Levels() []Level { return []Level{Boundary, District, Neighbourhood} }

// Names holds a thing's name by language code: "he", "en", "ru", "ar".
type Names map[string]string

// Area is one node of an authority's tree, valid from ValidFrom until ValidTo
// (nil: still). Code is unique in its authority and level among the areas of
// one time.
type Area struct {
	ID         uuid.UUID        `json:"id"`
	Level      Level            `json:"level"`
	Code       string           `json:"code"`
	Name       string           `json:"name"`
	Names      Names            `json:"names,omitempty"`
	Parent     *uuid.UUID       `json:"parent,omitempty"`
	Population *int             `json:"population,omitempty"`
	ValidFrom  time.Time        `json:"valid_from"`
	ValidTo    *time.Time       `json:"valid_to,omitempty"`
	Geom       orb.MultiPolygon `json:"-"`
}

// Zone is a piece of one department's own layer of crew zones. Zones of one
// department do not overlap; zones of different departments do, freely.
type Zone struct {
	ID         uuid.UUID        `json:"id"`
	Department string           `json:"department"`
	Code       string           `json:"code"`
	Name       string           `json:"name"`
	Names      Names            `json:"names,omitempty"`
	ValidFrom  time.Time        `json:"valid_from"`
	ValidTo    *time.Time       `json:"valid_to,omitempty"`
	Geom       orb.MultiPolygon `json:"-"`
}

// Street is a named street with all of its pieces. ID is unique among the
// streets that an authority holds at one time, and addresses refer to it.
type Street struct {
	ID      int64               `json:"id"`
	Code    string              `json:"code,omitempty"`
	Name    string              `json:"name"`
	Names   Names               `json:"names,omitempty"`
	Aliases []string            `json:"aliases,omitempty"`
	Class   string              `json:"class,omitempty"`
	Geom    orb.MultiLineString `json:"-"`
}

// Address is one house. House is the number as the municipality writes it
// ("17א", "32/2"). Street is a Street's ID; when the address came without a
// street line, the street has an empty Geom.
type Address struct {
	ID     int64     `json:"id"`
	Street int64     `json:"street"`
	House  string    `json:"house"`
	Point  orb.Point `json:"-"`
}

// Place is a named point that callers navigate by: a school, a park, a
// synagogue, a mall. Kind is one of the words of PlaceKinds.
type Place struct {
	ID      int64     `json:"id"`
	Kind    string    `json:"kind"`
	Name    string    `json:"name"`
	Names   Names     `json:"names,omitempty"`
	Aliases []string  `json:"aliases,omitempty"`
	Point   orb.Point `json:"-"`
}

// Precision says what a found point stands for. Only the first three are
// locations in the sense that an incident may be joined to another one there.
type Precision string

// From the most to the least exact. Pin is a point that a person put on the
// map or that came as coordinates.
const (
	Pin          Precision = "pin"
	House        Precision = "house"
	Interpolated Precision = "interpolated"
	Intersection Precision = "intersection"
	AtPlace      Precision = "place"
	OnStreet     Precision = "street"
	InArea       Precision = "area"
	Unplaced     Precision = "unplaced"
)

// Located reports whether a point of this precision is a location: a crew
// sent there stands before the hazard. Streets and areas are fallbacks.
func (p Precision) Located() bool {
	switch p {
	case Pin, House, Interpolated, Intersection, AtPlace:
		return true
	}
	return false
}

// Result is one answer to a geocoding query. Score is calibrated: of the
// results with score 0.9, nine in ten are right. Street and House are empty
// where they do not apply.
type Result struct {
	Label     string    `json:"label"`
	Lat       float64   `json:"lat"`
	Lon       float64   `json:"lon"`
	Precision Precision `json:"precision"`
	Score     float64   `json:"score"`
	Street    string    `json:"street,omitempty"`
	House     string    `json:"house,omitempty"`
	StreetID  int64     `json:"street_id,omitempty"`
	PlaceID   int64     `json:"place_id,omitempty"`
	Distance  float64   `json:"distance,omitempty"` // metres from the point asked about, of Reverse only
}

// Point is the result's position.
func (r Result) Point() orb.Point { return orb.Point{r.Lon, r.Lat} }
