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
