package geo

import (
	"math"
	"math/rand/v2"
	"testing"
)

// plainGiStar is the textbook's double sum.
func plainGiStar(cells []Cell, x []float64, band float64) []float64 {
	n := float64(len(cells))
	mean, squares := 0.0, 0.0
	for _, v := range x {
		mean += v / n
		squares += v * v / n
	}
	s := math.Sqrt(squares - mean*mean)
	z := make([]float64, len(cells))
	for i := range cells {
		var sum, w, w2 float64
		for j := range cells {
			dx, dy := float64(cells[i].X-cells[j].X), float64(cells[i].Y-cells[j].Y)
			weight := 0.0
			if math.Hypot(dx, dy) <= band {
				weight = 1
			}
			sum, w, w2 = sum+weight*x[j], w+weight, w2+weight*weight
		}
		z[i] = (sum - mean*w) / (s * math.Sqrt((n*w2-w*w)/(n-1)))
	}
	return z
}

func TestGiStarIsTheTextbooks(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 106))
	for round := range 12 {
		seen := map[Cell]bool{}
		var cells []Cell
		var x []float64
		wide := int32(40)
		if round%3 == 2 {
			wide = 4_000_000 // few cells in a wide box
		}
		for len(cells) < 700 {
			c := Cell{r.Int32N(wide) - wide/2, r.Int32N(40) + 90_000}
			if seen[c] {
				continue
			}
			seen[c] = true
			v := float64(r.IntN(20))
			if c.X > 0 && c.X < 5 && c.Y < 90_005 {
				v += 60
			}
			cells, x = append(cells, c), append(x, v)
		}
		band := []float64{1, 1.5, 2, 3.7}[round%4]
		got, want := GiStar(cells, x, band), plainGiStar(cells, x, band)
		for n := range want {
			if math.Abs(got[n]-want[n]) > 1e-9 {
				t.Fatalf("cell %v: z is %v, want %v", cells[n], got[n], want[n])
			}
		}
	}
}

func TestGiStarOfNothing(t *testing.T) {
	t.Parallel()
	for _, x := range [][]float64{{}, {3}, {2, 2, 2}, {1, 5}} {
		cells := make([]Cell, len(x))
		for n := range cells {
			cells[n].X = int32(n)
		}
		for _, z := range GiStar(cells, x, 5) {
			if z != 0 {
				t.Errorf("%v: %v", x, z)
			}
		}
	}
}

// TestSignificantHoldsItsRate gives chance alone a thousand tries, and then a
// cluster that is there.
func TestSignificantHoldsItsRate(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 106))
	alarms := 0
	for range 1000 {
		z := make([]float64, 300)
		for n := range z {
			z[n] = r.NormFloat64()
		}
		for _, s := range Significant(z, 0.05) {
			if s {
				alarms++
				break
			}
		}
	}
	// With nothing there, any discovery is false: in one try of twenty.
	if alarms < 20 || alarms > 80 {
		t.Errorf("chance alone was called significant in %d of 1000 tries", alarms)
	}
	z := make([]float64, 300)
	for n := range z {
		if z[n] = r.NormFloat64(); n < 30 {
			z[n] += 5
		}
	}
	found, wrong := 0, 0
	for n, s := range Significant(z, 0.05) {
		switch {
		case s && n < 30:
			found++
		case s:
			wrong++
		}
	}
	if found < 27 || wrong > 6 {
		t.Errorf("%d of 30 found, and %d that aren't there", found, wrong)
	}
}
