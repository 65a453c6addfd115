package geo

import (
	"math"
	"math/cmplx"

	"github.com/paulmach/orb"
)

// The Israeli TM Grid: a transverse Mercator projection of GRS80.
const (
	grs80F   = 1 / 298.257222101
	itmLat   = 31.7343936111111 * radPerDeg
	itmLon   = 35.2045169444444 * radPerDeg
	itmScale = 1.0000067
	itmEast  = 219529.584
	itmNorth = 626907.39
)

// Krüger's series in the third flattening n, to n⁴: L. Krüger, "Konforme
// Abbildung des Erdellipsoids in der Ebene" (1912), with the coefficients as
// C. F. F. Karney lists them in "Transverse Mercator with an accuracy of a few
// nanometers" (2011), eqs. 35 and 36. Within three degrees of the meridian what
// is left out is far below a micrometre.
const (
	tmN  = grs80F / (2 - grs80F)
	tmN2 = tmN * tmN
	tmN3 = tmN2 * tmN
	tmN4 = tmN3 * tmN
	// tmA is the radius of the sphere that has the meridian's length.
	tmA = wgs84A / (1 + tmN) * (1 + tmN2/4 + tmN4/64)
)

// Sine series from the conformal to the rectifying latitude, and back; the first
// eccentricity; the rectifying latitude of the grid's origin. Never written.
var (
	tmToRectifying = [4]float64{
		tmN/2 - 2*tmN2/3 + 5*tmN3/16 + 41*tmN4/180,
		13*tmN2/48 - 3*tmN3/5 + 557*tmN4/1440,
		61*tmN3/240 - 103*tmN4/140,
		49561 * tmN4 / 161280,
	}
	tmToConformal = [4]float64{
		-(tmN/2 - 2*tmN2/3 + 37*tmN3/96 - tmN4/360),
		-(tmN2/48 + tmN3/15 - 437*tmN4/1440),
		-(17*tmN3/480 - 37*tmN4/840),
		-(4397 * tmN4 / 161280),
	}
	tmE      = math.Sqrt(grs80F * (2 - grs80F))
	tmOrigin = real(tmSeries(tmSphere(0, conformalTan(itmLat)), &tmToRectifying))
)

// tmSeries adds the sine series to a complex latitude.
func tmSeries(z complex128, c *[4]float64) complex128 {
	sum := z
	for j, a := range c {
		sum += complex(a, 0) * cmplx.Sin(complex(2*float64(j+1), 0)*z)
	}
	return sum
}

// conformalTan is the tangent of the conformal latitude.
func conformalTan(lat float64) float64 {
	t := math.Tan(lat)
	s := math.Sinh(tmE * math.Atanh(tmE*math.Sin(lat)))
	return t*math.Hypot(1, s) - s*math.Hypot(1, t)
}

func tmForward(lon, lat float64) orb.Point {
	z := tmSeries(tmSphere(lon-itmLon, conformalTan(lat)), &tmToRectifying)
	return orb.Point{
		itmEast + itmScale*tmA*imag(z),
		itmNorth + itmScale*tmA*(real(z)-tmOrigin),
	}
}

// tmSphere is the transverse Mercator projection of the sphere: northing plus i
// times easting.
func tmSphere(dlon, tan float64) complex128 {
	s, c := math.Sincos(dlon)
	return complex(math.Atan2(tan, c), math.Asinh(s/math.Hypot(tan, c)))
}

func tmInverse(p orb.Point) (lon, lat float64) {
	z := complex((p[1]-itmNorth)/(itmScale*tmA)+tmOrigin, (p[0]-itmEast)/(itmScale*tmA))
	z = tmSeries(z, &tmToConformal)
	s, c := math.Sincos(real(z))
	sinh := math.Sinh(imag(z))
	lon = itmLon + math.Atan2(sinh, c)
	tan := s / math.Hypot(sinh, c)
	// Newton's method on conformalTan, from the conformal latitude (Karney, eqs. 19 to 21).
	t := tan
	for range 4 {
		lat = math.Atan(t)
		ct := conformalTan(lat)
		t += (tan - ct) / math.Hypot(1, ct) * (1 + (1-tmE*tmE)*t*t) / ((1 - tmE*tmE) * math.Hypot(1, t))
	}
	return lon, math.Atan(t)
}
