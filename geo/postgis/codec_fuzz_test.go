package postgis

import (
	"encoding/hex"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
)

// FuzzReadEWKB reads any bytes as a geometry. What is read, and can be
// written, is the same when read again.
func FuzzReadEWKB(f *testing.F) {
	for _, g := range []orb.Geometry{
		orb.Point{1, 2}, orb.MultiPoint{{1, 2}}, orb.LineString{{1, 2}, {3, 4}}, orb.MultiLineString{{{1, 2}, {3, 4}}},
		orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}, orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}},
		orb.Collection{orb.Point{1, 2}, orb.Collection{orb.LineString{}}},
	} {
		raw, err := appendEWKB(nil, g)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	for _, text := range []string{
		"00C0000001000010E6" + "3FF00000000000004000000000000000" + "40080000000000004010000000000000", // big-endian, Z and M
		"0102000000FFFFFFFF",                         // four thousand million points
		"0103000000FFFFFF7F",                         // and rings
		"0107000000FFFFFFFF0107000000",               // and parts
		"0104000000010000000102000000000000000",      // a line among points, half a byte short
		"0101000000000000000000F87F000000000000F87F", // no point
	} {
		raw, _ := hex.DecodeString(text)
		f.Add(raw)
	}
	nested := []byte{}
	for range 100_000 {
		nested = append(nested, 1, 7, 0, 0, 0, 1, 0, 0, 0)
	}
	f.Add(nested)
	f.Fuzz(func(t *testing.T, raw []byte) {
		g, err := readEWKB(raw)
		if err != nil {
			return
		}
		written, err := appendEWKB(nil, g)
		if err != nil {
			return
		}
		back, err := readEWKB(written)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(g, back); diff != "" {
			t.Fatal(diff)
		}
	})
}

func BenchmarkPointEWKB(b *testing.B) {
	buf := make([]byte, 0, 64)
	b.ReportAllocs()
	for b.Loop() {
		raw, err := appendEWKB(buf, orb.Point{34.85, 32.32})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := readEWKB(raw); err != nil {
			b.Fatal(err)
		}
	}
}
