package plan

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// instances are Solomon's problems and the best known distance of each, 0 for
// unknown; MOKED_SOLOMON names another folder.
func instances(tb testing.TB) (names []string, problems []Problem, best []float64) {
	tb.Helper()
	dir := cmp.Or(os.Getenv("MOKED_SOLOMON"), "../../../shared/data/solomon")
	files, _ := filepath.Glob(filepath.Join(dir, "*.txt"))
	if len(files) == 0 {
		tb.Skipf("no Solomon instances in %s", dir)
	}
	known := map[string]struct {
		Distance float64 `json:"distance"`
	}{}
	if raw, err := os.ReadFile(filepath.Join(dir, "bks.json")); err == nil {
		if err := json.Unmarshal(raw, &known); err != nil {
			tb.Fatal(err)
		}
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			tb.Fatal(err)
		}
		p, err := solomon(string(raw))
		if err != nil {
			tb.Fatalf("%s: %v", f, err)
		}
		name := strings.TrimSuffix(filepath.Base(f), ".txt")
		names, problems, best = append(names, name), append(problems, p), append(best, known[name].Distance)
	}
	return names, problems, best
}

// solomon reads an instance: a line of two numbers is the fleet, lines of
// seven are the stops. Distances are straight, in real numbers.
func solomon(text string) (p Problem, err error) {
	var at [][2]float64
	for line := range strings.Lines(text) {
		var v []float64
		for _, word := range strings.Fields(line) {
			if n, err := strconv.ParseFloat(word, 64); err == nil {
				v = append(v, n)
			}
		}
		switch len(v) {
		case 2:
			p.Vehicles, p.Capacity = int(v[0]), v[1]
		case 7:
			at = append(at, [2]float64{v[1], v[2]})
			p.Stops = append(p.Stops, Stop{Demand: v[3], Ready: v[4], Due: v[5], Service: v[6]})
		}
	}
	if len(at) < 2 || p.Vehicles == 0 {
		return p, fmt.Errorf("%d stops, %d vehicles", len(at), p.Vehicles)
	}
	for _, a := range at {
		for _, b := range at {
			p.Distance = append(p.Distance, math.Hypot(a[0]-b[0], a[1]-b[1]))
		}
	}
	return p, nil
}

// TestSolomon asks of every instance, after a short search, that each round is
// kept and no stop left out, with the fleet as given and with one no larger
// than it must be.
func TestSolomon(t *testing.T) {
	t.Parallel()
	names, problems, _ := instances(t)
	for i, p := range problems {
		t.Run(names[i], func(t *testing.T) {
			t.Parallel()
			s, err := Solve(p, Budget{Iterations: 3000}, 1)
			if err != nil {
				t.Fatal(err)
			}
			if bad := faults(p, s); bad != nil || len(s.Unassigned) > 0 {
				t.Fatal(bad, s.Unassigned)
			}
			p.Vehicles = len(s.Rounds)
			if s, err = Solve(p, Budget{Iterations: 10000}, 2); err != nil {
				t.Fatal(err)
			}
			if bad := faults(p, s); bad != nil || len(s.Unassigned) > 0 {
				t.Fatal(bad, s.Unassigned)
			}
		})
	}
}

// BenchmarkSolomon gives each instance one second of one core, once, and
// reports how far from the best known it came: the table, and its mean.
func BenchmarkSolomon(b *testing.B) {
	names, problems, best := instances(b)
	var sum, worst float64
	known := 0
	for i, p := range problems {
		var s Solution
		b.Run(names[i], func(b *testing.B) {
			if s.Iterations == 0 {
				var err error
				start := time.Now()
				if s, err = Solve(p, Budget{Spent: func() float64 { return time.Since(start).Seconds() }}, 1); err != nil {
					b.Fatal(err)
				}
				if bad := faults(p, s); bad != nil || len(s.Unassigned) > 0 {
					b.Fatal(bad, s.Unassigned)
				}
				if best[i] > 0 {
					g := 100 * (s.Distance/best[i] - 1)
					sum, worst, known = sum+g, max(worst, g), known+1
				}
			}
			if best[i] > 0 {
				b.ReportMetric(100*(s.Distance/best[i]-1), "gap-%")
			}
			b.ReportMetric(s.Distance, "distance")
			b.ReportMetric(float64(len(s.Rounds)), "rounds")
		})
	}
	if known > 0 {
		b.Run("mean", func(b *testing.B) {
			b.ReportMetric(sum/float64(known), "gap-%")
			b.ReportMetric(worst, "worst-%")
		})
	}
}
