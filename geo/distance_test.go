package geo

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	orbgeo "github.com/paulmach/orb/geo"
	"pgregory.net/rapid"
)

// What PostGIS's geography, which follows the geodesic, answers.
func TestMetresAgreesWithTheGeodesic(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b orb.Point
		want float64
	}{
		{orb.Point{34.85, 32.32}, orb.Point{34.85001, 32.32001}, 1.45478146},
		{orb.Point{34.85, 32.32}, orb.Point{34.86, 32.32}, 941.63484854},
		{orb.Point{34.85, 32.32}, orb.Point{34.85, 32.34}, 2217.85201486},
		{orb.Point{34.85, 32.32}, orb.Point{34.9552, 29.5577}, 306417.00821601},
		{orb.Point{34.85, 32.32}, orb.Point{-71.06, 42.36}, 8815325.66803553},
		{orb.Point{34.85, 32.32}, orb.Point{151.2, -33.87}, 14180220.80656403},
		{orb.Point{179.99, 10}, orb.Point{-179.99, 10}, 2192.78728102},
	} {
		got := Metres(c.a, c.b)
		if math.Abs(got-c.want) > 1e-5*c.want {
			t.Errorf("Metres(%v, %v) = %f, want %f", c.a, c.b, got, c.want)
		}
	}
}

func anyPoint(t *rapid.T, name string) orb.Point {
	return orb.Point{rapid.Float64Range(-180, 180).Draw(t, name+" lon"), rapid.Float64Range(-90, 90).Draw(t, name+" lat")}
}

// nearby draws a point within about five kilometres of p.
func nearby(t *rapid.T, p orb.Point, name string) orb.Point {
	return PlaneAt(p).Point(orb.Point{
		rapid.Float64Range(-3500, 3500).Draw(t, name+" east"), rapid.Float64Range(-3500, 3500).Draw(t, name+" north"),
	})
}

func TestMetresIsADistance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyPoint(t, "a"), anyPoint(t, "b")
		d, sphere := Metres(a, b), orbgeo.DistanceHaversine(a, b)
		if math.Abs(d-Metres(b, a)) > 1e-6 || Metres(a, a) != 0 {
			t.Fatalf("from %v to %v and back differ", a, b)
		}
		if sphere < 19_000_000 && math.Abs(d-sphere) > .01*sphere {
			t.Fatalf("Metres(%v, %v) = %f; on the sphere %f", a, b, d, sphere)
		}
	})
}

func TestPlane(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := orb.Point{rapid.Float64Range(-170, 170).Draw(t, "lon"), rapid.Float64Range(-60, 60).Draw(t, "lat")}
		f := PlaneAt(o)
		a, b := nearby(t, o, "a"), nearby(t, o, "b")
		if d := Metres(a, b); math.Abs(f.Distance(a, b)-d) > 2e-3*d+1e-6 {
			t.Fatalf("the plane says %f, the ellipsoid %f", f.Distance(a, b), d)
		}
		if back := f.Point(f.XY(a)); Metres(a, back) > 1e-6 {
			t.Fatalf("%v comes back as %v", a, back)
		}
	})
}

func drawLine(t *rapid.T, p orb.Point) orb.LineString {
	var line orb.LineString
	for range rapid.IntRange(1, 6).Draw(t, "vertices") {
		line = append(line, nearby(t, p, "vertex"))
	}
	return line
}

func TestNearestOnLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := orb.Point{34.85, 32.32}
		line := drawLine(t, p)
		at, ok := NearestOnLine(p, line)
		if !ok {
			t.Fatal("no nearest place")
		}
		if d := Metres(p, at.Point); math.Abs(d-at.Distance()) > 2e-3*d+1e-6 {
			t.Fatalf("%f m to the place, said to be %f", d, at.Distance())
		}
		length := LineLength(line)
		for i := 0.0; i <= 100; i++ {
			q, _ := PointAlong(line, length*i/100)
			if Metres(p, q) < at.Distance()*(1-3e-3)-1e-3 {
				t.Fatalf("%v is nearer than %v", q, at.Point)
			}
		}
		if q, _ := PointAlong(line, at.Along); Metres(q, at.Point) > 1e-3 {
			t.Fatalf("%f m along is %v, not %v", at.Along, q, at.Point)
		}
	})
}

func TestNearestOnLineSides(t *testing.T) {
	t.Parallel()
	north := orb.LineString{{34.85, 32.32}, {34.85, 32.33}}
	west, _ := NearestOnLine(orb.Point{34.849, 32.325}, north)
	east, _ := NearestOnLine(orb.Point{34.851, 32.325}, north)
	if west.Offset < 93 || west.Offset > 95 || math.Abs(west.Offset+east.Offset) > 1e-6 {
		t.Errorf("west of it %f, east of it %f", west.Offset, east.Offset)
	}
	if half := LineLength(north) / 2; math.Abs(west.Along-half) > .01 {
		t.Errorf("%f along, want %f", west.Along, half)
	}
}

func TestNearestOnMultiLine(t *testing.T) {
	t.Parallel()
	lines := orb.MultiLineString{{{34, 32}, {34, 33}}, nil, {{35, 32}, {35, 32.1}, {35, 33}}, {{36, 32}}}
	at, ok := NearestOnMultiLine(orb.Point{35.01, 32.2}, lines)
	if !ok || at.Line != 2 || at.Segment != 1 || math.Abs(at.Point[1]-32.2) > 1e-9 {
		t.Errorf("%+v", at)
	}
	if _, ok := NearestOnMultiLine(orb.Point{35, 32}, orb.MultiLineString{nil, {}}); ok {
		t.Error("something is near to nothing")
	}
	if _, ok := NearestOnMultiLine(orb.Point{math.NaN(), 32}, lines); ok {
		t.Error("something is near to NaN")
	}
}

func TestPointAlong(t *testing.T) {
	t.Parallel()
	line := orb.LineString{{34.85, 32.32}, {34.85, 32.32}, {34.86, 32.32}, {34.86, 32.33}}
	length := LineLength(line)
	if d := Metres(line[0], line[2]) + Metres(line[2], line[3]); math.Abs(length-d) > 1e-5*d {
		t.Errorf("length %f, want %f", length, d)
	}
	for _, c := range []struct {
		metres float64
		want   orb.Point
	}{
		{-5, line[0]}, {0, line[0]}, {math.NaN(), line[0]}, {length + 1, line[3]}, {math.Inf(1), line[3]},
		{Metres(line[0], line[2]) / 2, orb.Point{34.855, 32.32}},
	} {
		if got, ok := PointAlong(line, c.metres); !ok || Metres(got, c.want) > .01 {
			t.Errorf("PointAlong(%f) = %v, want %v", c.metres, got, c.want)
		}
	}
	if _, ok := PointAlong(nil, 3); ok {
		t.Error("an empty line has a point")
	}
}
