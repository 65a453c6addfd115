package history

import "math"

// surprise is a chance as a number that grows with how small it is, at most 99.
func surprise(chance float64) float64 {
	if chance <= 1e-99 {
		return 99
	}
	return max(-math.Log10(chance), 0)
}

// negativeBinomial is a count's distribution by its mean and by how many times
// as wide as a Poisson's its variance is.
type negativeBinomial struct{ mean, wide float64 }

// each hands over the chance of 0, 1, 2 … until f says that it has enough.
func (d negativeBinomial) each(f func(n int, chance float64) bool) {
	if d.wide <= 1+1e-9 {
		chance := math.Exp(-d.mean)
		for n := 0; f(n, chance); n++ {
			chance *= d.mean / float64(n+1)
		}
		return
	}
	// Successes r at chance q each: mean r(1-q)/q, variance mean/q.
	q := 1 / d.wide
	r := d.mean * q / (1 - q)
	logs := r * math.Log(q)
	for n := 0; f(n, math.Exp(logs)); n++ {
		logs += math.Log((float64(n) + r) / float64(n+1) * (1 - q))
	}
}

// tail is the chance of n or more.
func (d negativeBinomial) tail(n int) float64 {
	below := 0.0
	if d.mean > 700 {
		// Far from zero the normal's tail is as good, and its terms don't underflow.
		return math.Erfc((float64(n)-0.5-d.mean)/math.Sqrt(2*d.mean*d.wide)) / 2
	}
	if float64(n) > d.mean {
		sum := 0.0
		d.each(func(i int, chance float64) bool {
			if i >= n {
				sum += chance
			}
			return i < n || chance > 1e-18*sum && i < n+100_000
		})
		return min(sum, 1)
	}
	d.each(func(i int, chance float64) bool {
		if i < n {
			below += chance
		}
		return i < n
	})
	return max(1-below, 0)
}

// quantile is the least count up to which the share p of the chance lies.
func (d negativeBinomial) quantile(p float64) int {
	if d.mean > 700 {
		z := 1.959963984540054
		if p < 0.5 {
			z = -z
		}
		return max(int(math.Round(d.mean+z*math.Sqrt(d.mean*d.wide))), 0)
	}
	sum, at := 0.0, 0
	d.each(func(n int, chance float64) bool {
		sum, at = sum+chance, n
		return sum < p && n < 1_000_000
	})
	return at
}

func poissonTail(mean float64, n int) float64 { return negativeBinomial{mean, 1}.tail(n) }

// binomialTail is the chance of n or more of all, each at the chance p.
func binomialTail(all, n int, p float64) float64 {
	if n <= 0 {
		return 1
	}
	if p >= 1 {
		return 1
	}
	lg := func(x int) float64 { v, _ := math.Lgamma(float64(x) + 1); return v }
	sum := 0.0
	for i := n; i <= all; i++ {
		term := math.Exp(lg(all) - lg(i) - lg(all-i) + float64(i)*math.Log(p) + float64(all-i)*math.Log1p(-p))
		sum += term
		if float64(i) > p*float64(all) && term < 1e-18*sum {
			break
		}
	}
	return min(sum, 1)
}
