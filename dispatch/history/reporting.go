package history

import (
	"cmp"
	"math"
	"slices"
	"time"

	"moked/dispatch"
)

// Reporting estimates how readily the people of one area report, beside the
// whole: 2 is twice as readily. Low and High bound it, at 95 %, for the numbers
// that were seen. Duplicates is how many further reports came of hazards that
// were already known, and Expected how many would have come at the whole's
// readiness. ReportedIn is how long, in seconds, a hazard of the area waits for
// its first report if that comes at the same rate as further ones do; 0 is
// unknown.
type Reporting struct {
	Code       string  `json:"code"`
	Ratio      float64 `json:"ratio"`
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	Incidents  int     `json:"incidents"`
	Duplicates int     `json:"duplicates"`
	Expected   float64 `json:"expected"`
	ReportedIn float64 `json:"reported_in_s"`
}

// watched is how long after its first report a hazard's further ones count.
const watched = 7 * 24 * time.Hour

// Reporting estimates, for each district or neighbourhood (level), what the
// counts of reports can't tell: how readily people report there. After a
// hazard's first report everybody knows that it exists, and until somebody
// comes to it, further reports come at the rate at which people there report
// (Z. Liu, U. Bhandaram, N. Garg: Quantifying spatial under-reporting
// disparities in resident crowdsourcing, Nature Computational Science 4, 2024).
// The rate is taken to be that of the category times that of the area, and both
// are found by maximum likelihood, each from the other in turn; the interval is
// Garwood's for a Poisson count.
//
// It holds where hazards stay until somebody comes, where reports of one hazard
// are joined to one incident, and where people report one hazard independently.
// The period is of the first reports.
func (h *History) Reporting(who dispatch.Actor, q Query, level Key) ([]Reporting, error) {
	q.By = nil
	if level != ByDistrict && level != ByNeighbourhood {
		return nil, &dispatch.Error{Code: dispatch.Invalid, Key: KeyUnknownKey, Field: "by", Args: map[string]any{"key": string(level)}}
	}
	p, err := h.ask(who, &q)
	if err != nil {
		return nil, err
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	c := &p.columns
	area, names := c.district, &p.district
	if level == ByNeighbourhood {
		area, names = c.neighbourhood, &p.hood
	}
	t := newRates(len(names.codes), len(p.category.codes))
	from, to, now := q.From.UnixMicro(), q.To.UnixMicro(), h.clock().UnixMicro()
	keep := p.filters(q.Where)
	for n, first := range c.first {
		if first < from || first >= to || c.x[n] == nowhere || !keep(n) {
			continue
		}
		end := min(first+watched.Microseconds(), now)
		for _, came := range []int64{c.responded[n], c.closed[n]} {
			if came != never {
				end = min(end, max(came, first))
			}
		}
		at := t.cell(area[n], c.category[n])
		switch filed := c.filed[n]; {
		case filed <= first:
			at.days += float64(end-first) / 86400e6
			at.incidents++
		case filed < end:
			at.again++
		}
	}
	all := t.estimate()
	kept := all[:0]
	for n, r := range all {
		if r.Incidents > 0 && names.codes[n] != "" {
			r.Code = names.codes[n]
			kept = append(kept, r)
		}
	}
	slices.SortFunc(kept, func(a, b Reporting) int { return cmp.Compare(a.Code, b.Code) })
	return kept, nil
}

// rates is how long hazards were known and how many further reports came
// meanwhile, by area and category.
type rates struct {
	areas, categories int
	cells             []rateCell
}

type rateCell struct {
	days             float64
	incidents, again int
}

func newRates(areas, categories int) *rates {
	return &rates{areas, categories, make([]rateCell, areas*categories)}
}

func (t *rates) cell(area, category uint16) *rateCell {
	return &t.cells[int(area)*t.categories+int(category)]
}

// estimate finds each area's rate beside the whole's, which is 1: the mean over
// areas, weighted by what is expected of each.
func (t *rates) estimate() []Reporting {
	ratio, perDay := make([]float64, t.areas), make([]float64, t.categories)
	for a := range ratio {
		ratio[a] = 1
	}
	seen, expected := make([]float64, t.areas), make([]float64, t.areas)
	for a := range t.areas {
		for k := range t.categories {
			seen[a] += float64(t.cells[a*t.categories+k].again)
		}
	}
	for range 200 {
		for k := range t.categories {
			again, days := 0.0, 0.0
			for a := range t.areas {
				x := &t.cells[a*t.categories+k]
				again, days = again+float64(x.again), days+x.days*ratio[a]
			}
			perDay[k] = 0
			if days > 0 {
				perDay[k] = again / days
			}
		}
		moved, all, weighted := 0.0, 0.0, 0.0
		for a := range t.areas {
			expected[a] = 0
			for k := range t.categories {
				expected[a] += t.cells[a*t.categories+k].days * perDay[k]
			}
			all += expected[a]
		}
		next := make([]float64, t.areas)
		for a := range t.areas {
			if next[a] = 1; expected[a] > 0 {
				next[a] = seen[a] / expected[a]
			}
			weighted += next[a] * expected[a]
		}
		for a := range t.areas {
			if weighted > 0 {
				next[a] *= all / weighted
			}
			moved = max(moved, math.Abs(next[a]-ratio[a]))
		}
		ratio = next
		if moved < 1e-12 {
			break
		}
	}
	out := make([]Reporting, t.areas)
	for a := range out {
		r := Reporting{Ratio: ratio[a], Duplicates: int(seen[a]), Expected: expected[a], High: math.MaxFloat64}
		days := 0.0
		for k := range t.categories {
			x := &t.cells[a*t.categories+k]
			r.Incidents, days = r.Incidents+x.incidents, days+x.days
		}
		if expected[a] > 0 {
			low, high := garwood(r.Duplicates)
			r.Low, r.High = low/expected[a], high/expected[a]
		}
		if r.Duplicates > 0 {
			r.ReportedIn = days * 86400 / seen[a]
		}
		out[a] = r
	}
	return out
}

// garwood is the exact 95 % interval of a Poisson mean of which n were seen
// (Garwood 1936).
func garwood(n int) (low, high float64) {
	if n > 0 {
		low = gammaQuantile(float64(n), 0.025)
	}
	return low, gammaQuantile(float64(n)+1, 0.975)
}

// gammaQuantile is the p-quantile of the gamma distribution of shape a and
// scale 1, by bisection.
func gammaQuantile(a, p float64) float64 {
	lo, hi := 0.0, a+10*math.Sqrt(a)+20
	for range 200 {
		mid := (lo + hi) / 2
		if gammaP(a, mid) < p {
			lo = mid
		} else {
			hi = mid
		}
		if hi-lo <= 1e-12*hi {
			break
		}
	}
	return (lo + hi) / 2
}

// gammaP is the regularised lower incomplete gamma function P(a, x): by its
// series below a+1, and by Lentz's continued fraction of its complement above
// (DLMF 8.7.1 and 8.9.2).
func gammaP(a, x float64) float64 {
	if x <= 0 {
		return 0
	}
	lg, _ := math.Lgamma(a)
	front := math.Exp(a*math.Log(x) - x - lg)
	if x < a+1 {
		term := 1 / a
		sum := term
		for n := a + 1; math.Abs(term) > 1e-16*math.Abs(sum); n++ {
			term *= x / n
			sum += term
		}
		return front * sum
	}
	const tiny = 1e-300
	b := x + 1 - a
	c, d := 1/tiny, 1/b
	f := d
	for n := 1.0; n < 10_000; n++ {
		an := -n * (n - a)
		b += 2
		if d = an*d + b; math.Abs(d) < tiny {
			d = tiny
		}
		if c = b + an/c; math.Abs(c) < tiny {
			c = tiny
		}
		d = 1 / d
		f *= d * c
		if math.Abs(d*c-1) < 1e-15 {
			break
		}
	}
	return 1 - front*f
}
