package ogc

import (
	"math"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

func TestReadBox(t *testing.T) {
	t.Parallel()
	box := func(w, s, e, n float64) orb.Bound {
		return orb.Bound{Min: orb.Point{w, s}, Max: orb.Point{e, n}}
	}
	for _, tc := range []struct {
		s    string
		want []orb.Bound
	}{
		{"34.8,32,34.9,32.1", []orb.Bound{box(34.8, 32, 34.9, 32.1)}},
		{" 34.8, 32 ,3.49e1,32.1", []orb.Bound{box(34.8, 32, 34.9, 32.1)}},
		{"34.8,32,-10,34.9,32.1,100", []orb.Bound{box(34.8, 32, 34.9, 32.1)}},
		{"170,-10,-170,10", []orb.Bound{box(170, -10, 180, 10), box(-180, -10, -170, 10)}},
		{"-180,-90,180,90", []orb.Bound{box(-180, -90, 180, 90)}},
		{"34.8,32,34.8,32", []orb.Bound{box(34.8, 32, 34.8, 32)}},
		{"34.8,32.1,34.9,32", nil}, {"34.8,32,34.9", nil}, {"", nil}, {"a,b,c,d", nil}, {"NaN,0,1,1", nil}, {"0,0,Inf,1", nil},
		{"0,-91,1,1", nil}, {"-181,0,1,1", nil}, {"0,0,1,1,1", nil}, {"0,0,5,1,1,4", nil}, {"0,0,1,1;drop table", nil}, {"1e999,0,1,1", nil},
	} {
		got, ok := readBox(tc.s)
		if ok != (tc.want != nil) || len(got) != len(tc.want) {
			t.Errorf("%q: %v %t", tc.s, got, ok)
			continue
		}
		for n := range got {
			if got[n] != tc.want[n] {
				t.Errorf("%q: %v, want %v", tc.s, got, tc.want)
			}
		}
	}
}

func TestReadTime(t *testing.T) {
	t.Parallel()
	at := func(s string) *time.Time {
		if s == "" {
			return nil
		}
		v, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return &v
	}
	for _, tc := range []struct {
		s, from, to string
		ok          bool
	}{
		{"2026-05-01T10:00:00Z", "2026-05-01T10:00:00Z", "2026-05-01T10:00:00Z", true},
		{"2026-05-01T10:00:00+03:00", "2026-05-01T07:00:00Z", "2026-05-01T07:00:00Z", true},
		{"2026-05-01", "2026-05-01T00:00:00Z", "2026-05-01T23:59:59.999999Z", true},
		{"2026-05-01/2026-05-31", "2026-05-01T00:00:00Z", "2026-05-31T23:59:59.999999Z", true},
		{"2026-05-01T00:00:00Z/..", "2026-05-01T00:00:00Z", "", true},
		{"../2026-05-01T00:00:00Z", "", "2026-05-01T00:00:00Z", true},
		{"/2026-05-01T00:00:00Z", "", "2026-05-01T00:00:00Z", true},
		{"", "", "", false}, {"..", "", "", false}, {"../..", "", "", false}, {"yesterday", "", "", false}, {"2026-05-02/2026-05-01", "", "", false},
		{"2026-13-01", "", "", false}, {"2026-05-01T10:00:00", "", "", false}, {"2026-05-01/2026-05-02/2026-05-03", "", "", false}, {"0000-01-01", "", "", false},
	} {
		from, to, ok := readTime(tc.s)
		same := func(a, b *time.Time) bool { return a == nil && b == nil || a != nil && b != nil && a.Equal(*b) }
		if ok != tc.ok || ok && (!same(from, at(tc.from)) || !same(to, at(tc.to))) {
			t.Errorf("%q: %v %v %t", tc.s, from, to, ok)
		}
	}
}

func TestReadLimit(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{"": fewFeatures, "1": 1, "10000": 10000, "10001": 10000, "99999999999999999999": 10000, "0": 0, "-1": 0, "x": 0, "1.5": 0, "1e3": 0, " 1": 0} {
		if n, ok := readLimit(s); ok != (want > 0) || ok && n != want {
			t.Errorf("%q: %d %t", s, n, ok)
		}
	}
}

// FuzzAsk reads anything: what is taken lies on the globe and within the years.
func FuzzAsk(f *testing.F) {
	for _, s := range []string{"34.8,32,34.9,32.1", "170,-10,-170,10", "NaN,0,1,1", "2026-05-01/..", "2026-05-01T10:00:00Z", "0x1p-2,0,1,1", "10"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if boxes, ok := readBox(s); ok {
			for _, b := range boxes {
				if !(b.Min[0] <= b.Max[0] && b.Min[1] <= b.Max[1] && math.Abs(b.Min[0]) <= 180 && math.Abs(b.Max[0]) <= 180 && math.Abs(b.Min[1]) <= 90 && math.Abs(b.Max[1]) <= 90) {
					t.Fatalf("%q is %v", s, b)
				}
			}
		}
		if from, to, ok := readTime(s); ok && (from == nil && to == nil || from != nil && to != nil && to.Before(*from)) {
			t.Fatalf("%q is %v to %v", s, from, to)
		}
		if n, ok := readLimit(s); ok && (n < 1 || n > mostFeatures) {
			t.Fatalf("%q is %d", s, n)
		}
	})
}
