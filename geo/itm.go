package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// ToITM projects a WGS84 point to the Israeli TM Grid (EPSG:2039), easting and
// northing in metres, by the datum shift that PostGIS and PROJ take for it
// (EPSG:9676, "Israel 1993 to WGS 84 (2)", 0.5 m). The older shift of EPSG:1073,
// which spatial_ref_sys still prints, lies ten metres off. Inside Israel the
// result is that of ST_Transform to a micrometre.
func ToITM(p orb.Point) orb.Point {
	x, y, z := geocentric(p[0]*radPerDeg, p[1]*radPerDeg, wgs84F)
	lon, lat := geodetic(shiftBack(x, y, z))
	return tmForward(lon, lat)
}

// FromITM is the WGS84 point at an easting and northing of the Israeli TM Grid.
// FromITM(ToITM(p)) is within two millimetres of p: like PROJ, both directions
// take the shift's rotation to first order.
func FromITM(p orb.Point) orb.Point {
	lon, lat := tmInverse(p)
	x, y, z := geocentric(lon, lat, grs80F)
	x, y, z = shiftForward(x, y, z)
	lon, lat = geodeticOn(x, y, z, wgs84F)
	return orb.Point{lon / radPerDeg, lat / radPerDeg}
}

// CoordinateKind says what a pair of numbers can be, given that it lies in
// Israel or next to it.
type CoordinateKind string

// LonLat is WGS84 as orb has it, LatLon the same pair turned round, as people
// say and type it; EastNorth is ITM and NorthEast ITM turned round. No pair is
// two of them.
const (
	LonLat    CoordinateKind = "lonlat"
	LatLon    CoordinateKind = "latlon"
	EastNorth CoordinateKind = "itm"
	NorthEast CoordinateKind = "itm-turned"
	Elsewhere CoordinateKind = "elsewhere"
)

// israelWGS84 and israelITM hold the country, its territorial waters and some
// way beyond the borders.
var (
	israelWGS84 = orb.Bound{Min: orb.Point{33.9, 29.3}, Max: orb.Point{36.0, 33.5}}
	israelITM   = orb.Bound{Min: orb.Point{90_000, 355_000}, Max: orb.Point{300_000, 825_000}}
)

// KindOf tells what the pair is.
func KindOf(p orb.Point) CoordinateKind {
	turned := orb.Point{p[1], p[0]}
	switch {
	case math.IsNaN(p[0]) || math.IsNaN(p[1]): // which orb.Bound holds to be inside
		return Elsewhere
	case israelWGS84.Contains(p):
		return LonLat
	case israelWGS84.Contains(turned):
		return LatLon
	case israelITM.Contains(p):
		return EastNorth
	case israelITM.Contains(turned):
		return NorthEast
	}
	return Elsewhere
}

// AsWGS84 reads a pair of any kind as WGS84; false when it is none of them.
func AsWGS84(p orb.Point) (orb.Point, bool) {
	switch KindOf(p) {
	case LonLat:
		return p, true
	case LatLon:
		return orb.Point{p[1], p[0]}, true
	case EastNorth:
		return FromITM(p), true
	case NorthEast:
		return FromITM(orb.Point{p[1], p[0]}), true
	}
	return orb.Point{}, false
}

// The shift from Israel 1993 to WGS84: metres, arc seconds turned to radians
// (coordinate frame), and scale.
const (
	shiftX, shiftY, shiftZ = 23.772, 17.49, 17.859
	arcSecond              = radPerDeg / 3600
	turnX, turnY, turnZ    = 0.3132 * arcSecond, 1.85274 * arcSecond, -1.67299 * arcSecond
	shiftScale             = 1 - 5.4262e-6
)

func shiftForward(x, y, z float64) (float64, float64, float64) {
	return shiftX + shiftScale*(x+turnZ*y-turnY*z),
		shiftY + shiftScale*(y-turnZ*x+turnX*z),
		shiftZ + shiftScale*(z+turnY*x-turnX*y)
}

func shiftBack(x, y, z float64) (float64, float64, float64) {
	x, y, z = (x-shiftX)/shiftScale, (y-shiftY)/shiftScale, (z-shiftZ)/shiftScale
	return x - turnZ*y + turnY*z, y + turnZ*x - turnX*z, z - turnY*x + turnX*y
}

// geocentric is the place at height 0, in radians, on the ellipsoid of
// flattening f. WGS84's and GRS80's equatorial radii are the same.
func geocentric(lon, lat, f float64) (x, y, z float64) {
	e2 := f * (2 - f)
	s, c := math.Sincos(lat)
	n := wgs84A / math.Sqrt(1-e2*s*s)
	return n * c * math.Cos(lon), n * c * math.Sin(lon), n * (1 - e2) * s
}

func geodetic(x, y, z float64) (lon, lat float64) { return geodeticOn(x, y, z, grs80F) }

// geodeticOn is by B. R. Bowring, "Transformation from spatial to geographical
// coordinates" (1976): exact to a nanometre near the surface.
func geodeticOn(x, y, z, f float64) (lon, lat float64) {
	e2 := f * (2 - f)
	p := math.Hypot(x, y)
	s, c := math.Sincos(math.Atan2(z, p*(1-f)))
	b := wgs84A * (1 - f)
	return math.Atan2(y, x), math.Atan2(z+e2/(1-e2)*b*s*s*s, p-e2*wgs84A*c*c*c)
}
