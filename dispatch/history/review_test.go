package history

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

// TestReviewIsTheFigures lets anything happen in a town and holds every part of
// a review against the figures of the same question, which another test holds
// against the database.
func TestReviewIsTheFigures(t *testing.T) {
	t.Parallel()
	c := newTown(t)
	r := rand.New(rand.NewPCG(106, 12))
	for range 260 {
		c.happens(r)
	}
	c.read()
	zone := c.of(townCode).zone
	this := time.Date(2026, c.now.In(zone).Month(), 1, 0, 0, 0, 0, zone)
	for _, q := range []Query{
		{From: this.AddDate(0, -1, 0), To: this},
		{From: this, To: this.AddDate(0, 1, 0)},
		{From: c.now.Add(-200 * time.Hour), To: c.now.Add(-20 * time.Hour), Where: Where{Districts: []string{"west"}}},
		{From: this.AddDate(0, -3, 0), To: this, Where: Where{Categories: []string{"pothole", "bench-broken"}}},
	} {
		got, err := c.Review(c.dispatcher(), q)
		c.must(err)
		before := earlier(q.From.In(zone), q.To.In(zone), c.now.In(zone))
		if !got.Before.Equal(before[0]) {
			t.Errorf("the period before begins %v, want %v", got.Before, before[0])
		}
		ask := func(from, to time.Time, w Where) Figures {
			if !from.Before(to) {
				return Figures{}
			}
			a, err := c.Figures(c.dispatcher(), Query{From: from, To: to, Where: w})
			c.must(err)
			return a.Total
		}
		same := func(what string, part Compared, w Where) {
			t.Helper()
			if diff := gocmp.Diff(ask(q.From, q.To, w), part.Now, sameFigures); diff != "" {
				t.Errorf("%s (-figures +review):\n%s", what, diff)
			}
			if diff := gocmp.Diff(ask(before[0], before[1], w), part.Before, sameFigures); diff != "" {
				t.Errorf("%s, before (-figures +review):\n%s", what, diff)
			}
		}
		same("in whole", got.Total, q.Where)
		received := [4]int{}
		for n, parts := range [4][]Compared{got.Departments, got.Categories, got.Districts, got.Neighbourhoods} {
			for _, part := range parts {
				w := q.Where
				switch n {
				case 0:
					w.Departments = []string{part.Department}
				case 1:
					w.Departments, w.Categories = []string{part.Department}, []string{part.Category}
				case 2:
					w.Districts = []string{part.District}
				case 3:
					w.Districts, w.Neighbourhoods = []string{part.District}, []string{part.Neighbourhood}
				}
				same(part.Department+part.Category+part.District+part.Neighbourhood, part, w)
				received[n] += part.Now.Received
			}
		}
		expected := 0.0
		for _, d := range got.Districts {
			expected += d.ExpectedLate
		}
		if math.Abs(expected-float64(got.Total.Now.Late)) > 1e-9 {
			t.Errorf("%v late reports are expected in all, and %d were", expected, got.Total.Now.Late)
		}
		for n, sum := range received {
			if sum != got.Total.Now.Received || sum == 0 {
				t.Errorf("the parts of list %d make up %d reports, of %d", n, sum, got.Total.Now.Received)
			}
		}
		if len(got.Months) == 0 {
			t.Error("no months")
		}
	}
}

// TestEarlier finds the period before one, and the part of it that compares.
func TestEarlier(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Asia/Jerusalem")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, tc := range []struct{ name, from, to, now, begin, end, yearBegin, yearEnd string }{
		{"a month", "2026-05-01 00:00", "2026-06-01 00:00", "2026-06-03 10:00", "2026-04-01 00:00", "2026-05-01 00:00", "2025-05-01 00:00", "2025-06-01 00:00"},
		{"a year", "2025-01-01 00:00", "2026-01-01 00:00", "2026-06-03 10:00", "2024-01-01 00:00", "2025-01-01 00:00", "2024-01-01 00:00", "2025-01-01 00:00"},
		{"a month under way", "2026-05-01 00:00", "2026-06-01 00:00", "2026-05-12 10:30", "2026-04-01 00:00", "2026-04-12 10:30", "2025-05-01 00:00", "2025-05-12 10:30"},
		{"a longer month's end", "2026-03-01 00:00", "2026-04-01 00:00", "2026-03-31 10:30", "2026-02-01 00:00", "2026-02-28 10:30", "2025-03-01 00:00", "2025-03-31 10:30"},
		{"ten days", "2026-05-11 00:00", "2026-05-21 00:00", "2026-06-03 10:00", "2026-05-01 00:00", "2026-05-11 00:00", "2025-05-11 00:00", "2025-05-21 00:00"},
		{"to come", "2026-07-01 00:00", "2026-08-01 00:00", "2026-06-03 10:00", "2026-06-01 00:00", "2026-07-01 00:00", "2025-07-01 00:00", "2025-08-01 00:00"},
	} {
		got := earlier(at(tc.from), at(tc.to), at(tc.now))
		year := yearBefore(at(tc.from), at(tc.to), at(tc.now))
		if !got[0].Equal(at(tc.begin)) || !got[1].Equal(at(tc.end)) {
			t.Errorf("%s: before it %v to %v", tc.name, got[0], got[1])
		}
		if !year[0].Equal(at(tc.yearBegin)) || !year[1].Equal(at(tc.yearEnd)) {
			t.Errorf("%s: the year before %v to %v", tc.name, year[0], year[1])
		}
	}
}

// TestFindings tells a change from chance, and the area that is badly served
// from the one that has slow categories.
func TestFindings(t *testing.T) {
	t.Parallel()
	part := func(judged, late, wasJudged, wasLate int) Compared {
		return Compared{Now: Figures{Received: judged, Judged: judged, Late: late}, Before: Figures{Received: wasJudged, Judged: wasJudged, Late: wasLate}}
	}
	of := func(r Review, what What) (found []Finding) {
		for _, f := range r.Findings() {
			if f.What == what {
				found = append(found, f)
			}
		}
		return found
	}
	turns := func(r Review, what What) string {
		s := ""
		for _, f := range of(r, what) {
			s += string(f.Turn) + " "
		}
		return s
	}
	for _, tc := range []struct {
		name  string
		total Compared
		want  string
	}{
		{"clearly worse", part(2000, 400, 2000, 200), "worse "},
		{"clearly better", part(2000, 200, 2000, 400), "better "},
		{"by chance", part(200, 22, 200, 20), "same "},
		{"too few to say", part(20, 18, 2000, 100), ""},
		{"none late at all", part(500, 0, 500, 0), "same "},
	} {
		if got := turns(Review{Total: tc.total}, KeptBefore); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}

	// Half of slow's reports are late and a tenth of quick's. South has slow ones
	// only and is served as all are; north has quick ones and is served badly.
	areas := []Compared{{District: "north", Now: Figures{Judged: 1000, Late: 200}}, {District: "south", Now: Figures{Judged: 1000, Late: 500}}, {District: "west", Now: Figures{Judged: 2000, Late: 100}}}
	expectLate(areas, []Compared{
		{Category: "quick", District: "north", Now: Figures{Judged: 1000, Late: 200}},
		{Category: "slow", District: "south", Now: Figures{Judged: 1000, Late: 500}},
		{Category: "quick", District: "west", Now: Figures{Judged: 2000, Late: 100}},
	}, []Compared{
		{Category: "quick", Now: Figures{Judged: 3000, Late: 300}}, {Category: "slow", Now: Figures{Judged: 1000, Late: 500}},
	})
	found := of(Review{Districts: areas}, AreaLate)
	if len(found) != 2 || found[0].District != "north" || found[0].Turn != Worse || found[0].Expected != 100 || found[1].District != "west" || found[1].Turn != Better {
		t.Errorf("areas: %+v", found)
	}

	few := func(late ...int) (r Review) {
		for n, l := range late {
			r.Categories = append(r.Categories, Compared{Category: string(rune('a' + n)), Now: Figures{Late: l}})
			r.Total.Now.Late += l
		}
		return r
	}
	if f := of(few(5, 40, 3, 30, 2), LateOf); len(f) != 1 || f[0].N != 75 || len(f[0].Among) != 3 || f[0].Among[0] != "b" {
		t.Errorf("late of: %+v", f)
	}
	if f := of(few(5, 6, 5, 6, 5, 6, 5, 6, 5, 6), LateOf); len(f) != 0 {
		t.Errorf("late of everything: %+v", f)
	}

	// Months that swing by a third make a third more no news.
	wild := Review{Total: part(1300, 0, 1000, 0)}
	calm := wild
	for n := range 13 {
		wild.Months = append(wild.Months, Group{Figures: Figures{Received: 1000 + n%2*400}})
		calm.Months = append(calm.Months, Group{Figures: Figures{Received: 1000 + n%2*20}})
	}
	if got := turns(wild, ReceivedBefore) + turns(calm, ReceivedBefore); got != "same worse " {
		t.Errorf("received: %s", got)
	}
}
