package geo

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// What PostGIS 3.3 with PROJ 9.1 answers: a WGS84 point, ST_Transform of it to
// 2039, and ST_Transform to 4326 of that with the decimals cut off.
var itmByPostGIS = []struct{ wgs84, itm, back orb.Point }{
	{orb.Point{34.85, 32.32}, orb.Point{186080.42507153828, 691858.7014795282}, orb.Point{34.8499955101134, 32.31999366237047}},
	{orb.Point{34.9552, 29.5577}, orb.Point{195301.92844611945, 385573.5940097209}, orb.Point{34.95519043230443, 29.557694624135635}},
	{orb.Point{35.2045, 31.7344}, orb.Point{219461.94223516545, 626867.1350193194}, orb.Point{35.20449005667621, 31.734398783037413}},
	{orb.Point{35.5733, 33.2075}, orb.Point{253846.9502001859, 790289.3391788598}, orb.Point{35.573289795491775, 33.20749697267657}},
	{orb.Point{35.8, 33.0}, orb.Point{275114.28555453883, 767372.9302290975}, orb.Point{35.79999688780252, 32.99999162806958}},
	{orb.Point{34.2676, 31.2203}, orb.Point{130187.47777932188, 570242.4667987077}, orb.Point{34.2675950274456, 31.220295754591433}},
	{orb.Point{34.59, 31.42}, orb.Point{161032.1752512123, 592169.498283602}, orb.Point{34.58999818575091, 31.419995498138288}},
	{orb.Point{34.9896, 32.7940}, orb.Point{199331.9316617383, 744389.5782600511}, orb.Point{34.98959006604393, 32.79399476940399}},
	{orb.Point{35.2, 31.0}, orb.Point{219032.25782064008, 545438.9648740905}, orb.Point{35.19999730027339, 30.999991297993798}},
}

func TestITMAgreesWithPostGIS(t *testing.T) {
	t.Parallel()
	for _, c := range itmByPostGIS {
		got := ToITM(c.wgs84)
		if d := math.Hypot(got[0]-c.itm[0], got[1]-c.itm[1]); d > 1e-6 {
			t.Errorf("ToITM(%v) = %.9f, %.9f: %g m off", c.wgs84, got[0], got[1], d)
		}
		back := FromITM(orb.Point{math.Floor(c.itm[0]), math.Floor(c.itm[1])})
		if d := Metres(back, c.back); d > 1e-6 {
			t.Errorf("FromITM of %v, cut = %.12f, %.12f: %g m off", c.itm, back[0], back[1], d)
		}
	}
}

func TestITMRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := orb.Point{rapid.Float64Range(33.9, 36).Draw(t, "lon"), rapid.Float64Range(29.3, 33.5).Draw(t, "lat")}
		if d := Metres(p, FromITM(ToITM(p))); d > 0.002 {
			t.Fatalf("%v comes back %g m off", p, d)
		}
	})
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		p    orb.Point
		want CoordinateKind
	}{
		{orb.Point{34.85, 32.32}, LonLat},
		{orb.Point{32.32, 34.85}, LatLon},
		{orb.Point{34.9552, 29.5577}, LonLat},
		{orb.Point{35.76, 33.28}, LonLat},
		{orb.Point{186080, 691859}, EastNorth},
		{orb.Point{691859, 186080}, NorthEast},
		{orb.Point{195302, 385574}, EastNorth},
		{orb.Point{0, 0}, Elsewhere},
		{orb.Point{2.35, 48.85}, Elsewhere},
		{orb.Point{math.NaN(), 32}, Elsewhere},
		{orb.Point{math.Inf(1), math.Inf(-1)}, Elsewhere},
	} {
		if got := KindOf(c.p); got != c.want {
			t.Errorf("KindOf(%v) = %s, want %s", c.p, got, c.want)
		}
	}
}

func TestAsWGS84(t *testing.T) {
	t.Parallel()
	want := orb.Point{34.85, 32.32}
	itm := ToITM(want)
	for _, p := range []orb.Point{want, {32.32, 34.85}, itm, {itm[1], itm[0]}} {
		got, ok := AsWGS84(p)
		if !ok || Metres(got, want) > 0.002 {
			t.Errorf("AsWGS84(%v) = %v, %v", p, got, ok)
		}
	}
	if _, ok := AsWGS84(orb.Point{1, 1}); ok {
		t.Error("the Gulf of Guinea is read as Israel")
	}
}

func FuzzITM(f *testing.F) {
	f.Add(34.85, 32.32)
	f.Add(math.NaN(), math.Inf(1))
	f.Add(219529.584, 626907.39)
	f.Add(-90.0, 90.0)
	f.Fuzz(func(t *testing.T, a, b float64) {
		ToITM(orb.Point{a, b})
		FromITM(orb.Point{a, b})
		if got, ok := AsWGS84(orb.Point{a, b}); ok && !(math.Abs(got[0]) <= 180 && math.Abs(got[1]) <= 90) {
			t.Fatalf("AsWGS84(%v, %v) = %v", a, b, got)
		}
	})
}
