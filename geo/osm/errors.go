package osm

import "fmt"

// Code names what is wrong with a file; it is stable, for programs.
type Code string

// What can be wrong with a file.
const (
	NotOSM        Code = "not-osm"        // neither PBF nor OSM XML
	Truncated     Code = "truncated"      // it ends in the middle
	Corrupt       Code = "corrupt"        // it contradicts its own format
	TooLarge      Code = "too-large"      // beyond a limit that keeps memory bounded
	BadCoordinate Code = "bad-coordinate" // a point off the earth
	RepeatedID    Code = "repeated-id"    // two elements of one kind share an id
	Empty         Code = "empty"          // nothing in it, or nothing inside the boundary
	Unreadable    Code = "unreadable"     // the reader itself failed
	NotGeoJSON    Code = "not-geojson"    // not a FeatureCollection
	BadGeometry   Code = "bad-geometry"   // coordinates that make no geometry
	NoSuchField   Code = "no-such-field"  // a field name that no feature has
	WrongSRID     Code = "wrong-srid"     // coordinates that are not of the system named
	BadValue      Code = "bad-value"      // a property that cannot be what its field needs
)

// Error says what is wrong with a file and where. At is a byte offset in the
// uncompressed data, or -1; Where names the element ("way/123", "feature 7").
type Error struct {
	Code  Code
	At    int64
	Where string
	Field string
	Msg   string
	Err   error
}

func (e *Error) Error() string {
	s := e.Msg
	if e.Field != "" {
		s = fmt.Sprintf("field %q: %s", e.Field, s)
	}
	if e.Where != "" {
		s = e.Where + ": " + s
	}
	if e.At >= 0 {
		s = fmt.Sprintf("at byte %d: %s", e.At, s)
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

func wrongAt(code Code, at int64, format string, args ...any) *Error {
	return &Error{Code: code, At: at, Msg: fmt.Sprintf(format, args...)}
}

func wrongIn(code Code, where, format string, args ...any) *Error {
	return &Error{Code: code, At: -1, Where: where, Msg: fmt.Sprintf(format, args...)}
}
