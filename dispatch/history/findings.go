package history

import (
	"cmp"
	"math"
	"slices"
)

// What is found out by a review.
type What string

// The findings. Each is of the codes that it names, or of the whole.
const (
	KeptBefore     What = "kept-before"   // the share of late against the period before
	KeptYearAgo    What = "kept-year-ago" // and a year before
	ReceivedBefore What = "received"      // how many reports came, against the period before; Category is what changed most
	DepartmentTurn What = "department"    // the department whose share of late changed most
	LateOf         What = "late-of"       // the few categories that most late reports are of
	Backlog        What = "backlog"       // what is open and overdue at the end, against the period before
	AreaLate       What = "area"          // an area with more, or fewer, late reports than its categories let expect
	ReopenedBefore What = "reopened"      // the share of what was closed and opened again
)

// Turn says which way it goes.
type Turn string

// The turns. Same is a difference that chance alone makes often.
const (
	Better Turn = "better"
	Worse  Turn = "worse"
	Same   Turn = "same"
)

// Finding is one thing that a review found, with the figures that say so: N of
// Of now, WasN of WasOf then, or Expected. Chance is how often a difference of
// this size or more would come of chance alone, corrected for how many were
// looked at; 1 where nothing was tested.
type Finding struct {
	What          What     `json:"what"`
	Turn          Turn     `json:"turn"`
	Department    string   `json:"department,omitempty"`
	Category      string   `json:"category,omitempty"`
	District      string   `json:"district,omitempty"`
	Neighbourhood string   `json:"neighbourhood,omitempty"`
	Among         []string `json:"among,omitempty"` // categories, of LateOf
	N             int      `json:"n"`
	Of            int      `json:"of,omitempty"`
	WasN          int      `json:"was_n,omitempty"`
	WasOf         int      `json:"was_of,omitempty"`
	Expected      float64  `json:"expected,omitempty"`
	Chance        float64  `json:"chance"`
}

// notable is how rare a difference must be by chance for it to be called one,
// and enough how many decided reports a share wants.
const (
	notable = 0.05
	enough  = 30
)

// Findings says what the review shows, in the order in which it is told.
func (r Review) Findings() []Finding {
	all := []Finding{}
	now, before, year := r.Total.Now, r.Total.Before, r.Total.YearAgo
	if f, ok := lateTurn(KeptBefore, now, before); ok {
		all = append(all, f)
	}
	if f, ok := lateTurn(KeptYearAgo, now, year); ok {
		all = append(all, f)
	}
	if f, ok := r.received(); ok {
		all = append(all, f)
	}
	all = append(all, r.departments()...)
	if f, ok := r.lateOf(); ok {
		all = append(all, f)
	}
	if now.Overdue+before.Overdue > 0 && before.Received > 0 {
		// Each of what waits is a fact: nothing is tested.
		f := Finding{What: Backlog, Turn: Same, N: now.Overdue, Of: now.Open, WasN: before.Overdue, WasOf: before.Open, Chance: 1}
		switch {
		case now.Overdue > before.Overdue:
			f.Turn = Worse
		case now.Overdue < before.Overdue:
			f.Turn = Better
		}
		all = append(all, f)
	}
	all = append(all, r.areas()...)
	if now.Received >= enough && before.Received >= enough {
		f := Finding{What: ReopenedBefore, N: now.Reopened, Of: now.Received, WasN: before.Reopened, WasOf: before.Received}
		if f.Turn, f.Chance = turn(f.N, f.Of, f.WasN, f.WasOf, 1); f.Turn != Same {
			all = append(all, f)
		}
	}
	return all
}

// turn compares two shares of what is bad, by the normal approximation with the
// pooled share, two-sided; looks is how many such comparisons were made
// (Bonferroni).
func turn(n, of, wasN, wasOf, looks int) (Turn, float64) {
	if of == 0 || wasOf == 0 {
		return Same, 1
	}
	share, was := float64(n)/float64(of), float64(wasN)/float64(wasOf)
	pooled := float64(n+wasN) / float64(of+wasOf)
	spread := math.Sqrt(pooled * (1 - pooled) * (1/float64(of) + 1/float64(wasOf)))
	if spread == 0 {
		return Same, 1
	}
	return turned(share-was, spread, looks)
}

// turned says what a difference of something bad comes to, beside its standard error.
func turned(difference, spread float64, looks int) (Turn, float64) {
	chance := min(1, math.Erfc(math.Abs(difference)/spread/math.Sqrt2)*float64(max(looks, 1)))
	switch {
	case chance > notable || difference == 0:
		return Same, chance
	case difference > 0:
		return Worse, chance
	}
	return Better, chance
}

func lateTurn(what What, now, was Figures) (Finding, bool) {
	f := Finding{What: what, N: now.Late, Of: now.Judged, WasN: was.Late, WasOf: was.Judged}
	f.Turn, f.Chance = turn(f.N, f.Of, f.WasN, f.WasOf, 1)
	return f, f.Of >= enough && f.WasOf >= enough
}

// received compares how many reports came. Counts spread wider than a Poisson's,
// as storms make them: by as much as the months before do.
func (r Review) received() (Finding, bool) {
	now, was := r.Total.Now.Received, r.Total.Before.Received
	if now+was < enough || was == 0 {
		return Finding{}, false
	}
	f := Finding{What: ReceivedBefore, N: now, WasN: was}
	spread := math.Sqrt(float64(now+was) * r.wide())
	f.Turn, f.Chance = turned(float64(now-was), spread, 1)
	most := 0
	for _, c := range r.Categories {
		change := c.Now.Received - c.Before.Received
		if (change > 0) == (now > was) && max(change, -change) > most {
			most = max(change, -change)
			f.Department, f.Category = c.Department, c.Category
			f.Of, f.WasOf = c.Now.Received, c.Before.Received
		}
	}
	return f, true
}

// wide is how many times a Poisson's variance that of the whole months' counts
// is, from one to the next.
func (r Review) wide() float64 {
	var sum, n float64
	for m := 1; m < len(r.Months); m++ {
		a, b := float64(r.Months[m-1].Received), float64(r.Months[m].Received)
		if a+b > 0 && (!r.Open || m+1 < len(r.Months)) {
			sum, n = sum+(a-b)*(a-b)/(a+b), n+1
		}
	}
	if n < 3 {
		return 1
	}
	return max(1, sum/n)
}

// departments are the one that got worse and the one that got better, beyond
// chance.
func (r Review) departments() []Finding {
	looks := 0
	for _, d := range r.Departments {
		if d.Now.Judged >= enough && d.Before.Judged >= enough {
			looks++
		}
	}
	var all []Finding
	for _, d := range r.Departments {
		if f, ok := lateTurn(DepartmentTurn, d.Now, d.Before); ok && looks > 1 {
			f.Department = d.Department
			f.Turn, f.Chance = turn(f.N, f.Of, f.WasN, f.WasOf, looks)
			all = append(all, f)
		}
	}
	return clearest(all)
}

// clearest are the one of those that got worse that chance explains least, and the
// one of those that got better.
func clearest(all []Finding) []Finding {
	var out []Finding
	for _, t := range []Turn{Worse, Better} {
		var best *Finding
		for n := range all {
			if f := &all[n]; f.Turn == t && (best == nil || f.Chance < best.Chance) {
				best = f
			}
		}
		if best != nil {
			out = append(out, *best)
		}
	}
	return out
}

// A few categories are worth a sentence if so few are of so much of what is late.
const (
	lateAmong = 3
	lateShare = 0.4
	lateLeast = 10
)

// lateOf are the few categories, three at most, that a good part of all late
// reports is of.
func (r Review) lateOf() (Finding, bool) {
	late := slices.Clone(r.Categories)
	slices.SortStableFunc(late, func(a, b Compared) int { return cmp.Compare(b.Now.Late, a.Now.Late) })
	f := Finding{What: LateOf, Turn: Same, Of: r.Total.Now.Late, Chance: 1}
	for _, c := range late[:min(lateAmong, len(late))] {
		if c.Now.Late > 0 {
			f.N += c.Now.Late
			f.Among = append(f.Among, c.Category)
		}
	}
	return f, f.Of >= lateLeast && len(r.Categories) > lateAmong && float64(f.N) >= lateShare*float64(f.Of)
}

// areas are the one with more late reports than its categories let expect, and
// the one with fewer, beyond chance: districts, or the neighbourhoods where
// there is one district.
func (r Review) areas() []Finding {
	areas := r.Districts
	if len(areas) < 2 {
		areas = r.Neighbourhoods
	}
	looks := 0
	for _, a := range areas {
		if a.Now.Judged >= enough {
			looks++
		}
	}
	var all []Finding
	for _, a := range areas {
		if a.Now.Judged < enough || looks < 2 || a.District == "" || a.spreadLate == 0 {
			continue
		}
		f := Finding{What: AreaLate, District: a.District, Neighbourhood: a.Neighbourhood, N: a.Now.Late, Of: a.Now.Judged, Expected: a.ExpectedLate}
		f.Turn, f.Chance = turned(float64(f.N)-f.Expected, math.Sqrt(a.spreadLate), looks)
		all = append(all, f)
	}
	return clearest(all)
}
