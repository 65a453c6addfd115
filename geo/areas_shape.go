package geo

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// ShapeFault is a stable code for what keeps a multipolygon out of an index.
type ShapeFault string

// NotFinite is NaN or an infinity; OutOfRange is a coordinate that no longitude
// and latitude can be (such as ITM metres); Unclosed is a ring whose last point
// isn't its first; TooFewPoints is a ring of fewer than four; NoExtent is a
// multipolygon without any surface; UnknownLevel is an area outside Levels.
const (
	NotFinite    ShapeFault = "shape.not-finite"
	OutOfRange   ShapeFault = "shape.out-of-range"
	Unclosed     ShapeFault = "shape.unclosed"
	TooFewPoints ShapeFault = "shape.too-few-points"
	NoExtent     ShapeFault = "shape.no-extent"
	UnknownLevel ShapeFault = "area.unknown-level"
)

// ShapeError names the shape that can't be indexed. Shape is its place in the
// list that was given, Polygon and Ring count from 0 and are -1 where the fault
// is the whole shape's. What is the area or zone as people know it, when known.
type ShapeError struct {
	Fault                ShapeFault
	Shape, Polygon, Ring int
	What                 string
}

func (e *ShapeError) Error() string {
	what := e.What
	if what == "" {
		what = fmt.Sprintf("shape %d", e.Shape)
	}
	if e.Polygon < 0 {
		return fmt.Sprintf("%s: %s", what, e.Fault)
	}
	return fmt.Sprintf("%s: polygon %d, ring %d: %s", what, e.Polygon, e.Ring, e.Fault)
}

// checkShape accepts what a point test can answer for. Doubled points, rings in
// either direction and polygons without surface beside others that have one are
// harmless.
func checkShape(n int, mp orb.MultiPolygon, bound orb.Bound) *ShapeError {
	surface := false
	for i, poly := range mp {
		if len(poly) == 0 {
			return &ShapeError{TooFewPoints, n, i, 0, ""}
		}
		for j, ring := range poly {
			if fault := checkRing(ring, bound); fault != "" {
				return &ShapeError{fault, n, i, j, ""}
			}
		}
		surface = surface || ringArea(poly[0]) > 0
	}
	if !surface {
		return &ShapeError{NoExtent, n, -1, -1, ""}
	}
	return nil
}

func checkRing(ring orb.Ring, bound orb.Bound) ShapeFault {
	for _, p := range ring {
		switch {
		case math.IsNaN(p[0]+p[1]) || math.IsInf(p[0], 0) || math.IsInf(p[1], 0):
			return NotFinite
		case !bound.Contains(p):
			return OutOfRange
		}
	}
	switch {
	case len(ring) < 4:
		return TooFewPoints
	case ring[0] != ring[len(ring)-1]:
		return Unclosed
	}
	return ""
}

// ringArea is the planar area, relative to the first point so that a small ring
// far from the origin keeps its figures.
func ringArea(ring orb.Ring) float64 {
	sum := 0.0
	for i := range ring[1:] {
		ax, ay := ring[i][0]-ring[0][0], ring[i][1]-ring[0][1]
		bx, by := ring[i+1][0]-ring[0][0], ring[i+1][1]-ring[0][1]
		sum += ax*by - bx*ay
	}
	return math.Abs(sum) / 2
}
