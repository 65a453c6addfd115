package dispatch_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"moked/dispatch"
)

var dayStart = time.Date(2026, 5, 5, 8, 0, 0, 0, time.UTC)

// along is a day of jobs on one straight road: where each is, in minutes of
// driving from the crew, when its clock ends in minutes (0: none), and work of
// ten minutes each.
func along(places, dues []int) dispatch.WorkDay {
	d := dispatch.WorkDay{Now: dayStart}
	for n := range places {
		j := dispatch.DayJob{Job: dispatch.Job{ID: uuid.UUID{15: byte(n + 1)}, Number: string(rune('A' + n)), State: dispatch.JobAssigned, Priority: 3}, Work: 10 * time.Minute}
		if dues[n] != 0 {
			j.Clocks = []dispatch.Clock{{Kind: dispatch.Response, DueAt: dayStart.Add(time.Duration(dues[n]) * time.Minute)}}
		}
		d.Jobs = append(d.Jobs, j)
	}
	for _, from := range append(append([]int(nil), places...), 0) {
		for _, to := range places {
			d.Ways = append(d.Ways, 60*math.Abs(float64(from-to)))
		}
	}
	return d
}

func numbers(p dispatch.DayPlan) (s string) {
	for _, stop := range p.Stops {
		s += stop.Number
	}
	return s
}

func TestTheDaysOrder(t *testing.T) {
	t.Parallel()
	pinned := func(order string, stop int) dispatch.DayPlan {
		var p dispatch.DayPlan
		for i, c := range order {
			p.Stops = append(p.Stops, dispatch.PlanStop{Job: uuid.UUID{15: byte(c - 'A' + 1)}, Number: string(c), Pinned: i == stop})
		}
		return p
	}
	for name, c := range map[string]struct {
		day  dispatch.WorkDay
		was  dispatch.DayPlan
		keep bool
		want string
	}{
		"least driving":                     {along([]int{9, 1, 5}, []int{0, 0, 0}), dispatch.DayPlan{}, false, "BCA"},
		"a clock before driving":            {along([]int{9, 1, 5}, []int{10, 0, 0}), dispatch.DayPlan{}, false, "ACB"},
		"two clocks before one":             {along([]int{40, 1, 2}, []int{20, 15, 25}), dispatch.DayPlan{}, false, "BCA"},
		"promised stay when little is won":  {along([]int{9, 1, 5}, []int{0, 0, 0}), pinned("ACB", -1), true, "ACB"},
		"promised move for a clock":         {along([]int{9, 1, 5}, []int{0, 12, 0}), pinned("ACB", -1), true, "BAC"},
		"the pinned one keeps its place":    {along([]int{9, 1, 5}, []int{0, 0, 0}), pinned("ABC", 0), false, "ACB"},
		"a new urgent job upsets the least": {along([]int{9, 1, 5, 2}, []int{0, 0, 0, 5}), pinned("ACB", -1), true, "DACB"},
	} {
		if got := numbers(c.day.Make(c.was, c.keep)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	d := along([]int{9, 1, 5}, []int{0, 3, 0})
	d.Jobs[2].Job.State = dispatch.JobDeparted
	if got := numbers(d.Make(dispatch.DayPlan{}, false)); got != "CBA" {
		t.Errorf("the started one is first: %s", got)
	}
	if got := numbers(d.Arrange(dispatch.DayPlan{}, []uuid.UUID{{15: 1}})); got != "CAB" {
		t.Errorf("as arranged: %s", got)
	}
}

func TestThePlanSaysWhy(t *testing.T) {
	t.Parallel()
	d := along([]int{9, 1, 5, 2}, []int{0, 0, 60, 5})
	was := d.Make(dispatch.DayPlan{}, false)
	first := along([]int{9, 1, 5, 2}, []int{0, 0, 60, 5})
	was = first.Arrange(was, nil)
	was.Stops = was.Stops[:3]
	p := d.Make(was, true)
	for number, want := range map[string]string{
		"D": "before: clock ends 08:05 · 2 min drive",
		"A": "moved: job D takes 12 min · 7 min drive",
		"C": "before: clock ends 09:00 · moved: job D takes 12 min · 4 min drive",
	} {
		for _, s := range p.Stops {
			if s.Number == number && s.Why["en"] != want {
				t.Errorf("%s in %s: %q, want %q", number, numbers(p), s.Why["en"], want)
			}
		}
	}
}

// TestNoOrderIsBetter compares with every order there is, and more than eight
// jobs with their own order turned about.
func TestNoOrderIsBetter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 14).Draw(t, "jobs")
		places, dues := make([]int, n), make([]int, n)
		for i := range n {
			places[i], dues[i] = rapid.IntRange(-40, 40).Draw(t, "place"), rapid.IntRange(0, 200).Draw(t, "due")
		}
		d := along(places, dues)
		p := d.Make(dispatch.DayPlan{}, false)
		if len(p.Stops) != n {
			t.Fatalf("%d stops of %d jobs", len(p.Stops), n)
		}
		seen := map[uuid.UUID]bool{}
		clock := dayStart
		for _, s := range p.Stops {
			seen[s.Job] = true
			if s.Arrive.Before(clock) || s.Finish.Before(s.Arrive) || s.Why["ru"] == "" {
				t.Fatalf("a stop out of time: %+v", s)
			}
			clock = s.Finish
		}
		if len(seen) != n {
			t.Fatal("a job twice")
		}
		ids := make([]uuid.UUID, n)
		for i, j := range d.Jobs {
			ids[i] = j.Job.ID
		}
		// Pinned ones keep their places, and started ones come first.
		if n > 0 {
			was, keeps := p, rapid.IntRange(0, n-1).Draw(t, "pinned")
			was.Stops = append([]dispatch.PlanStop(nil), p.Stops...)
			was.Stops[keeps].Pinned = true
			again := d.Make(was, rapid.Bool().Draw(t, "keep"))
			if again.Stops[keeps].Job != was.Stops[keeps].Job {
				t.Fatalf("stop %d was pinned in %s, now %s", keeps, numbers(p), numbers(again))
			}
			d.Jobs[0].Job.State = dispatch.JobArrived
			if again = d.Make(was, true); again.Stops[0].Job != d.Jobs[0].Job.ID {
				t.Fatalf("%s doesn't begin where the crew is", numbers(again))
			}
			d.Jobs[0].Job.State = dispatch.JobAssigned
		}
		for range 20 {
			other := d.Arrange(dispatch.DayPlan{}, rapid.Permutation(ids).Draw(t, "order"))
			if n <= 8 && other.Missed < p.Missed {
				t.Fatalf("%s misses %d, %s only %d", numbers(p), p.Missed, numbers(other), other.Missed)
			}
		}
	})
}

// TestTheBestOfAllOrders compares with every order of up to six jobs: none
// keeps more clocks, of those none is less late, and of those none drives less
// beyond what urgency weighs.
func TestTheBestOfAllOrders(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "jobs")
		places, dues := make([]int, n), make([]int, n)
		for i := range n {
			places[i], dues[i] = rapid.IntRange(-40, 40).Draw(t, "place"), rapid.IntRange(0, 120).Draw(t, "due")
		}
		d := along(places, dues)
		p := d.Make(dispatch.DayPlan{}, false)
		ids := make([]uuid.UUID, n)
		for i, j := range d.Jobs {
			ids[i] = j.Job.ID
		}
		permute(ids, 0, func(order []uuid.UUID) {
			o := d.Arrange(dispatch.DayPlan{}, order)
			better := o.Missed < p.Missed ||
				o.Missed == p.Missed && o.Late < p.Late ||
				o.Missed == p.Missed && o.Late == p.Late && o.Drive < p.Drive-urgencyWeighs
			if better {
				t.Fatalf("%s (%d missed, %d s late, %d s driven) is better than %s (%d, %d, %d)",
					numbers(o), o.Missed, o.Late, o.Drive, numbers(p), p.Missed, p.Late, p.Drive)
			}
		})
	})
}

// urgencyWeighs is how many seconds of driving the wish to do things early may
// cost: six jobs of priority 3, some hours.
const urgencyWeighs = 6 * 3 * 4 * 3600 / 1000

func permute(ids []uuid.UUID, from int, f func([]uuid.UUID)) {
	if from == len(ids) {
		f(ids)
		return
	}
	for i := from; i < len(ids); i++ {
		ids[from], ids[i] = ids[i], ids[from]
		permute(ids, from+1, f)
		ids[from], ids[i] = ids[i], ids[from]
	}
}

func TestPinnedTimesPlacesAndNews(t *testing.T) {
	t.Parallel()
	d := along([]int{9, 1, 5}, []int{0, 0, 0})
	was := d.Make(dispatch.DayPlan{}, false) // BCA
	at := dayStart.Add(2 * time.Minute)
	was.Stops[2].Pinned, was.Stops[2].At = true, &at
	p := d.Make(was, true)
	// Nine minutes away, it begins as soon as it can, and says so.
	if numbers(p)[0] != 'A' || !p.Stops[0].Begin.Equal(dayStart.Add(9*time.Minute)) || p.Stops[0].Why["en"] != "pinned to 08:02 · 7 min after the time it is pinned to · 9 min drive" {
		t.Errorf("%s begins %s: %q", numbers(p), p.Stops[0].Begin, p.Stops[0].Why["en"])
	}
	later := dayStart.Add(3 * time.Hour)
	was.Stops[2].At = &later
	if p = d.Make(was, true); numbers(p) != "BCA" || !p.Stops[2].Begin.Equal(later) || p.Drive != 9*60 {
		t.Errorf("%s, the pinned one begins %s", numbers(p), p.Stops[2].Begin)
	}
	// Placed by hand: it stays with keep, and not anew.
	placed := d.Arrange(dispatch.DayPlan{}, []uuid.UUID{{15: 1}})
	placed.Stops[0].Placed = true
	d.Jobs[1].Clocks = []dispatch.Clock{{Kind: dispatch.Response, DueAt: dayStart.Add(5 * time.Minute)}}
	if got := numbers(d.Make(placed, true)); got[0] != 'A' {
		t.Errorf("placed by hand: %s", got)
	}
	if got := numbers(d.Make(placed, false)); got != "BCA" {
		t.Errorf("anew: %s", got)
	}
	// What comes anew takes no place from one placed by hand, nor has it
	// overtake what it follows.
	urgent := along([]int{9, 1, 5, 2}, []int{0, 0, 0, 5})
	promised := urgent
	promised.Jobs = urgent.Jobs[:3]
	placed = promised.Arrange(dispatch.DayPlan{}, []uuid.UUID{{15: 1}, {15: 3}, {15: 2}})
	placed.Stops[1].Placed = true
	if got := numbers(urgent.Make(placed, true)); got != "DACB" {
		t.Errorf("an urgent one before ACB: %s", got)
	}
	// Nor does one that is begun, and was never planned.
	begun := urgent
	begun.Jobs = slices.Clone(urgent.Jobs)
	begun.Jobs[3].Job.State = dispatch.JobDeparted
	if got := numbers(begun.Make(placed, true)); got != "DACB" {
		t.Errorf("one begun before ACB: %s", got)
	}
	// The work ends before the day does.
	ends := dayStart.Add(20 * time.Minute)
	d.Ends = &ends
	p = d.Make(dispatch.DayPlan{}, false)
	for n, s := range p.Stops {
		if after := s.Finish.After(ends); after != (n > 0) || after != strings.Contains(s.Why["en"], "after the shift ends at 08:20") {
			t.Errorf("%s ends %s: %q", s.Number, s.Finish, s.Why["en"])
		}
	}
	// What is new: C has gone, A is begun, B's clock changed, and D came.
	next := along([]int{9, 1, 5, 2}, []int{0, 9, 0, 0})
	next.Jobs = append(next.Jobs[:2:2], next.Jobs[3])
	next.Jobs[0].Job.State = dispatch.JobDeparted
	next.Ends = &ends
	q := dispatch.DayPlan{}.Because(next.News(p)...)
	if want := "job A has begun · the clock of B changed · job D was added · job C is off the plan"; q.Why["en"] != want {
		t.Errorf("news: %q", q.Why["en"])
	}
	if n := d.News(p); len(n) != 1 || n[0].Key != "plan.roads" {
		t.Errorf("no news: %v", n)
	}
	if p.Differs(p) || p.Reordered(p) || !p.Reordered(dispatch.DayPlan{}) {
		t.Error("a plan differs from itself")
	}
}

func BenchmarkMakeDay(b *testing.B) {
	const n = 30
	places, dues := make([]int, n), make([]int, n)
	for i := range n {
		places[i], dues[i] = i*37%80-40, i*53%480
	}
	d := along(places, dues)
	for b.Loop() {
		d.Make(dispatch.DayPlan{}, false)
	}
}
