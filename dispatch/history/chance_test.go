package history

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"

	"moked/dispatch"
)

// TestGarwood holds the interval against the printed tables of a Poisson's 95 %
// limits (E. S. Pearson and H. O. Hartley, Biometrika Tables, table 40).
func TestGarwood(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		n         int
		low, high float64
	}{{0, 0, 3.69}, {1, 0.0253, 5.57}, {2, 0.242, 7.22}, {5, 1.62, 11.67}, {10, 4.80, 18.39}, {20, 12.22, 30.89}, {50, 37.11, 65.92}} {
		low, high := garwood(tc.n)
		if math.Abs(low-tc.low) > 0.006 || math.Abs(high-tc.high) > 0.006 {
			t.Errorf("%d: %.4f to %.4f, want %v to %v", tc.n, low, high, tc.low, tc.high)
		}
	}
}

func TestGammaP(t *testing.T) {
	t.Parallel()
	for _, x := range []float64{0, 0.1, 1, 3, 20, 200} {
		if got, want := gammaP(1, x), 1-math.Exp(-x); math.Abs(got-want) > 1e-12 {
			t.Errorf("P(1, %v) is %v, want %v", x, got, want)
		}
		if got, want := gammaP(0.5, x), math.Erf(math.Sqrt(x)); math.Abs(got-want) > 1e-12 {
			t.Errorf("P(1/2, %v) is %v, want %v", x, got, want)
		}
	}
	// P(n, x) is the chance of n or more of a Poisson of mean x.
	for n := 1; n < 60; n++ {
		if got, want := poissonTail(25, n), gammaP(float64(n), 25); math.Abs(got-want) > 1e-10 {
			t.Errorf("%d or more of 25: %v, want %v", n, got, want)
		}
	}
}

func TestNegativeBinomialIsWhatItSays(t *testing.T) {
	t.Parallel()
	for _, d := range []negativeBinomial{{3, 1}, {3, 2.5}, {40, 1.2}, {0.2, 4}, {600, 3}} {
		var all, mean, squares float64
		d.each(func(n int, chance float64) bool {
			all, mean, squares = all+chance, mean+chance*float64(n), squares+chance*float64(n)*float64(n)
			return n < 20_000
		})
		if math.Abs(all-1) > 1e-9 || math.Abs(mean-d.mean) > 1e-6*d.mean || math.Abs((squares-mean*mean)/d.mean-d.wide) > 1e-6*d.wide {
			t.Errorf("%+v: chances of %v, mean %v, %v times as wide", d, all, mean, (squares-mean*mean)/mean)
		}
		if a, b := d.tail(0), d.tail(int(d.mean)+1)+func() (below float64) {
			d.each(func(n int, chance float64) bool { below += chance; return n < int(d.mean) })
			return below
		}(); math.Abs(a-1) > 1e-9 || math.Abs(b-1) > 1e-9 {
			t.Errorf("%+v: tails %v, %v", d, a, b)
		}
	}
}

func TestBinomialTail(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		all, n  int
		p, want float64
	}{{10, 0, 0.3, 1}, {10, 10, 0.5, 1.0 / 1024}, {10, 1, 0.5, 1023.0 / 1024}, {3, 2, 0.5, 0.5}, {5, 6, 0.5, 0}} {
		if got := binomialTail(tc.all, tc.n, tc.p); math.Abs(got-tc.want) > 1e-12 {
			t.Errorf("%d or more of %d at %v: %v, want %v", tc.n, tc.all, tc.p, got, tc.want)
		}
	}
}

// truth is a made-up past of which it is known how readily each area reports.
func truth(r *rand.Rand, areas, categories, incidents int) (p *past, readiness []float64) {
	p = &past{zone: time.UTC, category: newNames(), department: newNames(), district: newNames(), hood: newNames(), channel: newNames()}
	perDay := make([]float64, categories+1)
	for k := range categories {
		p.category.of(fmt.Appendf(nil, "k%d", k))
		perDay[k+1] = 0.05 + r.ExpFloat64()*0.3
	}
	readiness = make([]float64, areas+1)
	for a := range areas {
		p.hood.of(fmt.Appendf(nil, "a%d", a))
		readiness[a+1] = math.Exp(r.NormFloat64() * 0.5) // most within a factor of three of each other
	}
	add := func(x row) {
		x.id = uuid.New()
		p.columns.put(&x)
	}
	const day = 86400e6
	begin := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	for range incidents {
		a, k := 1+r.IntN(areas), 1+r.IntN(categories)
		// Areas differ in what goes wrong there, too.
		if r.IntN(2) == 0 {
			k = 1 + (a+r.IntN(3))%categories
		}
		first := begin + int64(r.Float64()*300*day)
		closed := first + int64(r.ExpFloat64()*3*day)
		x := row{first: first, filed: first, closed: closed, neighbourhood: uint16(a), category: uint16(k), x: 1, y: 1}
		add(x)
		for at := first; ; {
			at += int64(r.ExpFloat64() / (perDay[k] * readiness[a]) * day)
			if at >= closed {
				break
			}
			x.filed = at
			add(x)
		}
	}
	return p, readiness
}

// TestReportingRecoversTheTruth makes up pasts whose areas report more and less
// readily, and finds that out of the reports alone.
func TestReportingRecoversTheTruth(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(23, 106))
	all, within := 0, 0
	for range 8 {
		p, readiness := truth(r, 30, 12, 20_000)
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		h := &History{pasts: map[string]*past{townCode: p}, clock: func() time.Time { return now }}
		got, err := h.Reporting(dispatch.Actor{Authority: townCode, Role: dispatch.Admin}, Query{From: now.AddDate(-1, 0, 0), To: now}, ByNeighbourhood)
		if err != nil || len(got) != 30 {
			t.Fatalf("%d areas, %v", len(got), err)
		}
		// Beside the whole: weighted by what was expected of each.
		weighted, weights := 0.0, 0.0
		for _, g := range got {
			weighted, weights = weighted+g.Expected*readiness[p.hood.number[g.Code]], weights+g.Expected
		}
		for _, g := range got {
			all++
			if want := readiness[p.hood.number[g.Code]] * weights / weighted; want >= g.Low && want <= g.High {
				within++
			}
			if g.Low > g.Ratio || g.Ratio > g.High {
				t.Errorf("%+v", g)
			}
		}
	}
	t.Logf("%d of %d within the interval", within, all)
	if within < all*90/100 {
		t.Errorf("%d of %d within the interval", within, all)
	}
}
