package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// LinePosition is the place on a line that is nearest to some point. Line is the
// line's number in its multiline (0 for a single one), Segment the segment of
// it that starts at that vertex, Along the metres from the line's start, Offset
// the metres from the point: positive when the point lies left of the line as
// drawn, negative on the right.
type LinePosition struct {
	Point         orb.Point
	Line, Segment int
	Along, Offset float64
}

// Distance is in metres from the point to the line.
func (l LinePosition) Distance() float64 { return math.Abs(l.Offset) }

// NearestOnLine finds the place on a line nearest to p, the first when several
// are; false when the line is empty or p isn't a number. The nearest place is
// found on the plane at p: for what lies within a kilometre, Offset is right to
// 5 parts in 10,000. Along is what PointAlong takes to come back to it.
func NearestOnLine(p orb.Point, line orb.LineString) (LinePosition, bool) {
	return NearestOnMultiLine(p, orb.MultiLineString{line})
}

// NearestOnMultiLine is NearestOnLine over several lines.
func NearestOnMultiLine(p orb.Point, lines orb.MultiLineString) (LinePosition, bool) {
	plane := PlaneAt(p)
	var best LinePosition
	var share float64 // of the segment, up to the place
	found := false
	for i, line := range lines {
		if at, t, ok := nearestOnLine(plane, line); ok && (!found || at.Distance() < best.Distance()) {
			at.Line = i
			best, share, found = at, t, true
		}
	}
	if found {
		line := lines[best.Line][:min(best.Segment+2, len(lines[best.Line]))]
		before := LineLength(line[:best.Segment+1])
		best.Along = before + share*(LineLength(line)-before)
	}
	return best, found
}

// nearestOnLine looks from the plane's origin and leaves Along out.
func nearestOnLine(plane Plane, line orb.LineString) (best LinePosition, share float64, ok bool) {
	if len(line) == 0 {
		return best, 0, false
	}
	least := math.Inf(1)
	a := plane.XY(line[0])
	for i := range max(1, len(line)-1) {
		b := plane.XY(line[min(i+1, len(line)-1)])
		dx, dy := b[0]-a[0], b[1]-a[1]
		t := 0.0
		if n := dx*dx + dy*dy; n > 0 {
			t = min(1, max(0, -(a[0]*dx+a[1]*dy)/n))
		}
		x, y := a[0]+t*dx, a[1]+t*dy
		if d := x*x + y*y; d < least {
			least, share = d, t
			best = LinePosition{Point: lerpPoint(line[i], line[min(i+1, len(line)-1)], t), Segment: i, Offset: math.Sqrt(d)}
			if dx*y-dy*x > 0 {
				best.Offset = -best.Offset
			}
		}
		a = b
	}
	return best, share, !math.IsInf(least, 1)
}

// LineLength is in metres, segment by segment on the plane amid each: right to
// 1 part in 100,000 for segments up to 10 km.
func LineLength(line orb.LineString) float64 {
	sum := 0.0
	for i := 1; i < len(line); i++ {
		sum += segmentMetres(line[i-1], line[i])
	}
	return sum
}

// PointAlong is the point so many metres from the line's start, its start or
// end when the line is shorter than that; false when the line is empty.
func PointAlong(line orb.LineString, metres float64) (orb.Point, bool) {
	if len(line) == 0 {
		return orb.Point{}, false
	}
	if !(metres > 0) {
		return line[0], true
	}
	for i := 1; i < len(line); i++ {
		d := segmentMetres(line[i-1], line[i])
		if metres < d {
			return lerpPoint(line[i-1], line[i], metres/d), true
		}
		metres -= d
	}
	return line[len(line)-1], true
}

func segmentMetres(a, b orb.Point) float64 {
	return PlaneAt(orb.Point{a[0], (a[1] + b[1]) / 2}).Distance(a, b)
}

func lerpPoint(a, b orb.Point, t float64) orb.Point {
	if t >= 1 {
		return b
	}
	return orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
}
