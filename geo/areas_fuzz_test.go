package geo_test

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"moked/geo"
)

// FuzzAreaIndex reads rings from bytes: eight for a coordinate's bits, or one for
// a point on a coarse lattice, and a byte between for where a ring ends.
func FuzzAreaIndex(f *testing.F) {
	lattice := func(points ...byte) []byte {
		var b []byte
		for _, p := range points {
			b = append(b, 0, p)
		}
		return b
	}
	bits := func(v ...float64) []byte {
		var b []byte
		for i := 0; i+1 < len(v); i += 2 {
			b = append(b, 1)
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v[i]))
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v[i+1]))
		}
		return b
	}
	f.Add(lattice(0x00, 0x30, 0x33, 0x03, 0x00))
	f.Add(lattice(0x00, 0x30, 0x33, 0x03))
	f.Add(lattice(0x00, 0x33, 0x30, 0x03, 0x00))
	f.Add(lattice(0x00, 0x11, 0x22, 0x00))
	f.Add(lattice(0x11, 0x11, 0x11, 0x11))
	f.Add(append(append(lattice(0x00, 0x70, 0x77, 0x07, 0x00), 2), lattice(0x22, 0x52, 0x55, 0x25, 0x22)...))
	f.Add(append(append(lattice(0x00, 0x70, 0x77, 0x00), 3), lattice(0x00, 0x77, 0x07, 0x00)...))
	f.Add(bits(0, 0, 1, math.NaN(), 1, 1, 0, 0))
	f.Add(bits(0, 0, 1e-300, 0, 1e-300, 1e-300, 0, 0))
	f.Add(bits(34, 32, math.Nextafter(34, 35), 32, 34, math.Nextafter(32, 33), 34, 32))
	f.Add(bits(-180, -90, 180, -90, 180, 90, -180, 90, -180, -90))
	f.Fuzz(func(t *testing.T, data []byte) {
		shapes := readRings(data)
		var areas []geo.Area
		for i, s := range shapes {
			areas = append(areas, area(geo.District, string(rune('a'+i%26)), nil, s...))
		}
		x, err := geo.NewAreaIndex(1, areas, nil)
		if err != nil {
			var fault *geo.ShapeError
			if !errors.As(err, &fault) || fault.What == "" {
				t.Fatalf("%v names nothing", err)
			}
			return
		}
		for _, p := range hardPoints(shapes) {
			want := false
			for _, s := range shapes {
				_, covered := coverage(s, p)
				want = want || covered
			}
			if got := x.DistrictAt(p); (got != nil) != want {
				t.Fatalf("%v: district %v, covered %v", p, got, want)
			}
			if w := x.At(p); w.Inside != want || !(w.Distance >= 0) {
				t.Fatalf("%v: %+v", p, w)
			}
		}
	})
}

func readRings(data []byte) []orb.MultiPolygon {
	shapes := []orb.MultiPolygon{{{nil}}}
	for len(data) > 0 {
		s := &shapes[len(shapes)-1]
		poly := &(*s)[len(*s)-1]
		ring := &(*poly)[len(*poly)-1]
		kind := data[0] % 5
		data = data[1:]
		switch {
		case kind == 0 && len(data) >= 1:
			*ring = append(*ring, orb.Point{float64(data[0] >> 4), float64(data[0] & 15)})
			data = data[1:]
		case kind == 1 && len(data) >= 16:
			*ring = append(*ring, orb.Point{
				math.Float64frombits(binary.LittleEndian.Uint64(data)),
				math.Float64frombits(binary.LittleEndian.Uint64(data[8:])),
			})
			data = data[16:]
		case kind == 2:
			*poly = append(*poly, nil)
		case kind == 3:
			shapes = append(shapes, orb.MultiPolygon{{nil}})
		case kind == 4:
			*s = append(*s, orb.Polygon{nil})
		}
	}
	return shapes
}
