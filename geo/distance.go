package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// The WGS84 ellipsoid.
const (
	wgs84A    = 6378137.0
	wgs84F    = 1 / 298.257223563
	radPerDeg = math.Pi / 180
)

// Metres is the distance between two WGS84 points over the ellipsoid, by
// Lambert's formula for long lines (Andoyer–Lambert): within 1e-5 of the
// geodesic inside a country and ten metres over thousands of kilometres, except
// between places nearly opposite on the globe.
func Metres(a, b orb.Point) float64 {
	if a == b {
		return 0
	}
	u1 := math.Atan((1 - wgs84F) * math.Tan(a[1]*radPerDeg))
	u2 := math.Atan((1 - wgs84F) * math.Tan(b[1]*radPerDeg))
	p, q := (u1+u2)/2, (u2-u1)/2
	sp, cp := math.Sincos(p)
	sq, cq := math.Sincos(q)
	l := math.Sin((b[0] - a[0]) * radPerDeg / 2)
	h := min(1, sq*sq+math.Cos(u1)*math.Cos(u2)*l*l) // sin²(σ/2)
	if h == 0 {
		return 0
	}
	s := 2 * math.Asin(math.Sqrt(h))
	if h == 1 {
		return wgs84A * s
	}
	x := (s - math.Sin(s)) * sp * sp * cq * cq / (1 - h)
	y := (s + math.Sin(s)) * cp * cp * sq * sq / h
	return wgs84A * (s - wgs84F/2*(x+y))
}

// Plane is a flat map of the surroundings of Origin, in metres east and north.
// It scales by the WGS84 ellipsoid's radii there: up to 60 degrees of latitude
// distances are right to 2 parts in 1,000 within 5 km of the origin, and to 5 in
// 10,000 within 1 km.
type Plane struct {
	Origin         orb.Point
	PerLon, PerLat float64 // metres in a degree
}

// PlaneAt is the plane about a WGS84 point.
func PlaneAt(p orb.Point) Plane {
	const e2 = wgs84F * (2 - wgs84F)
	s, c := math.Sincos(p[1] * radPerDeg)
	w := 1 - e2*s*s
	n := wgs84A / math.Sqrt(w)
	return Plane{p, n * max(c, 1e-6) * radPerDeg, n * (1 - e2) / w * radPerDeg}
}

// XY is where a WGS84 point lies on the plane.
func (f Plane) XY(p orb.Point) orb.Point {
	return orb.Point{(p[0] - f.Origin[0]) * f.PerLon, (p[1] - f.Origin[1]) * f.PerLat}
}

// Point is the WGS84 point at a place on the plane.
func (f Plane) Point(xy orb.Point) orb.Point {
	return orb.Point{f.Origin[0] + xy[0]/f.PerLon, f.Origin[1] + xy[1]/f.PerLat}
}

// Distance is in metres, by the plane.
func (f Plane) Distance(a, b orb.Point) float64 {
	return math.Hypot((b[0]-a[0])*f.PerLon, (b[1]-a[1])*f.PerLat)
}
