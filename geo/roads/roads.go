// Package roads holds an authority's road graph in memory and answers how
// long a drive takes: the nearest stretch of road to a point, and travel times
// from or to many points at once, with one-ways, turn restrictions and
// closures. Times are in seconds. It is pure: no clock, no database.
package roads

import "github.com/paulmach/orb"

// Segment is a stretch of road between two junctions, A and B, drawn from A
// to B. Forward and Backward are the seconds a crew's vehicle needs from A to
// B and from B to A; 0 means that way is not allowed.
type Segment struct {
	ID                int64
	A, B              int64
	Forward, Backward float64
	Name              string
	Line              orb.LineString
}

// Restriction forbids the turn from segment From over junction Via into
// segment To or, when Only is set, every other turn from From over Via.
type Restriction struct {
	From, Via, To int64
	Only          bool
}

// Position is a place on the road: the share of a segment's length, from A
// to B. Metres is how far it is from the point that was asked for. A position
// belongs to the graph that snapped it and to those made of it by closures;
// on a road that is not there, or closed, nothing reaches it. Off means that
// no road nearby lets one both come and go, so this one is cut off.
type Position struct {
	Segment int64
	Share   float64
	Point   orb.Point
	Metres  float64
	Off     bool

	index int32 // of the segment in the graph
}

// Reached is a crew that can come: its index in what was asked, and the
// seconds that it takes.
type Reached struct {
	Index   int
	Seconds float64
}
