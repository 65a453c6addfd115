package geo

import (
	"crypto/sha256"
	"math/rand/v2"
	"strings"
	"testing"
)

// rightHouse reports whether the answer is the house that was asked for: its
// number, at one of the places where the register has it.
func rightHouse(r register, names map[int64]string, want Address, got Result) bool {
	if !got.Precision.Located() || got.House != strings.TrimSpace(want.House) {
		return false
	}
	return Metres(want.Point, got.Point()) < 25 || got.Street == names[want.Street] && sameNumber(r, want, got)
}

func sameNumber(r register, want Address, got Result) bool {
	for _, a := range r.addresses {
		if a.Street == want.Street && a.House == want.House && Metres(a.Point, got.Point()) < 25 {
			return true
		}
	}
	return false
}

// exactRate is the share of addresses, told as they are written, whose house
// comes first.
func exactRate(t testing.TB) float64 {
	r := netivot(t)
	g := r.gazetteer()
	names := r.streetNames()
	right := 0
	for _, a := range r.addresses {
		q := names[a.Street] + " " + a.House
		res := g.Find(q, Bias{})
		if len(res) > 0 && rightHouse(r, names, a, res[0]) {
			right++
		} else if testing.Verbose() {
			t.Logf("%q: %+v", q, first(res))
		}
	}
	rate := float64(right) / float64(len(r.addresses))
	t.Logf("exact: %d of %d, %.2f %%", right, len(r.addresses), 100*rate)
	return rate
}

func TestExactAddresses(t *testing.T) {
	t.Parallel()
	if rate := exactRate(t); rate < 0.97 {
		t.Errorf("exact addresses: %.2f %% right, want 97", 100*rate)
	}
}

func first(res []Result) any {
	if len(res) == 0 {
		return "nothing"
	}
	return res[0]
}

// damagedRate is the share of damaged queries whose house comes first.
func damagedRate(t testing.TB) float64 {
	r := netivot(t)
	g := r.gazetteer()
	names := r.streetNames()
	rng := rand.New(rand.NewPCG(1, 2))
	all, allRight := 0, 0
	for _, d := range damages {
		tried, right := 0, 0
		for i := 0; tried < 600 && i < 6000; i++ {
			a := r.addresses[rng.IntN(len(r.addresses))]
			q, ok := d.do(rng, names[a.Street], a.House)
			if !ok {
				continue
			}
			tried++
			res := g.Find(q, Bias{})
			if len(res) > 0 && rightHouse(r, names, a, res[0]) {
				right++
			} else if testing.Verbose() {
				t.Logf("%s: %q of %q: %+v", d.name, q, names[a.Street]+" "+a.House, first(res))
			}
		}
		t.Logf("%-18s %4d of %4d, %.1f %%", d.name, right, tried, 100*float64(right)/float64(max(tried, 1)))
		all, allRight = all+tried, allRight+right
	}
	rate := float64(allRight) / float64(all)
	t.Logf("damaged: %d of %d, %.2f %%", allRight, all, 100*rate)
	return rate
}

func TestDamagedAddresses(t *testing.T) {
	t.Parallel()
	if rate := damagedRate(t); rate < 0.95 {
		t.Errorf("damaged addresses: %.2f %% right, want 95", 100*rate)
	}
}

// half splits addresses by a hash of what they are called.
func half(names map[int64]string, a Address) bool {
	h := sha256.Sum256([]byte(names[a.Street] + "|" + a.House))
	return h[0]&1 == 0
}

// halfRate loads half of the houses, and is the share of the others that are
// found within 60 metres.
func halfRate(t testing.TB) float64 {
	r := netivot(t)
	names := r.streetNames()
	var known, asked []Address
	for _, a := range r.addresses {
		if half(names, a) {
			known = append(known, a)
		} else {
			asked = append(asked, a)
		}
	}
	g := NewGazetteer(r.streets, known, nil, r.areas)
	near, located := 0, 0
	for _, a := range asked {
		q := names[a.Street] + " " + a.House
		res := g.Find(q, Bias{})
		if len(res) == 0 {
			continue
		}
		if res[0].Precision.Located() {
			located++
		}
		if d := Metres(a.Point, res[0].Point()); res[0].Precision.Located() && d <= 60 {
			near++
		} else if testing.Verbose() {
			t.Logf("%q: %.0f m off: %+v", q, d, res[0])
		}
	}
	rate := float64(near) / float64(len(asked))
	t.Logf("half of the houses: %d of %d within 60 m, %.2f %% (%d located)", near, len(asked), 100*rate, located)
	return rate
}

func TestInterpolation(t *testing.T) {
	t.Parallel()
	if rate := halfRate(t); rate < 0.9 {
		t.Errorf("half of the houses: %.2f %% within 60 m, want 90", 100*rate)
	}
}

// BenchmarkAccuracy puts the three rates beside the other figures.
func BenchmarkAccuracy(b *testing.B) {
	b.ReportMetric(100*exactRate(b), "exact-%")
	b.ReportMetric(100*damagedRate(b), "damaged-%")
	b.ReportMetric(100*halfRate(b), "half-%")
	b.ReportMetric(0, "ns/op")
}
