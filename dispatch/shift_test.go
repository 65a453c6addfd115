package dispatch_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"moked/dispatch"
)

func israel(t testing.TB) dispatch.Calendar { return dispatch.IsraelCalendar(jerusalem(t)) }

// Israel's clocks go forward on a Friday at 02:00, here 27 March 2026, and back
// on a Sunday at 02:00, here 25 October 2026.
func TestWall(t *testing.T) {
	t.Parallel()
	c := israel(t)
	for wall, want := range map[string]string{
		"2026-01-15T07:00": "2026-01-15T05:00Z",
		"2026-07-15T07:00": "2026-07-15T04:00Z",
		"2026-03-27T01:59": "2026-03-26T23:59Z",
		"2026-03-27T02:00": "2026-03-27T00:00Z", // there is none: it is 03:00
		"2026-03-27T02:30": "2026-03-27T00:30Z",
		"2026-03-27T03:00": "2026-03-27T00:00Z",
		"2026-10-25T01:30": "2026-10-24T22:30Z", // the first of two
		"2026-10-25T02:00": "2026-10-25T00:00Z",
		"2026-10-25T00:30": "2026-10-24T21:30Z",
	} {
		w, err := time.Parse("2006-01-02T15:04", wall)
		if err != nil {
			t.Fatal(err)
		}
		y, m, d := w.Date()
		if got := c.Wall(y, m, d, w.Hour(), w.Minute()).UTC().Format("2006-01-02T15:04Z"); got != want {
			t.Errorf("%s is %s, want %s", wall, got, want)
		}
	}
}

func TestWallReadsBack(t *testing.T) {
	t.Parallel()
	c := israel(t)
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(1.6e9, 2.1e9).Draw(t, "at")/60*60, 0).In(c.Zone)
		y, m, d := at.Date()
		got := c.Wall(y, m, d, at.Hour(), at.Minute())
		if before := at.Sub(got); before != 0 && before != time.Hour { // of an hour that comes twice, the first
			t.Fatalf("%v reads back as %v", at, got)
		}
	})
}

func TestWeekOf(t *testing.T) {
	t.Parallel()
	c := israel(t)
	for date, hours := range map[string]float64{"2026-03-22": 167, "2026-03-27": 167, "2026-03-28": 167, "2026-03-29": 168, "2026-10-25": 169, "2026-12-31": 168} {
		d, _ := time.Parse(time.DateOnly, date)
		w := c.WeekOf(d.Date())
		if w[0].In(c.Zone).Weekday() != time.Sunday || w[7].In(c.Zone).Weekday() != time.Sunday || w[7].Sub(w[0]).Hours() != hours {
			t.Errorf("the week of %s: %v to %v", date, w[0], w[7])
		}
		if !slices.ContainsFunc(w[:7], func(day time.Time) bool { return day.In(c.Zone).Format(time.DateOnly) == date }) {
			t.Errorf("%s isn't in its week, %v", date, w)
		}
	}
}

// A night shift keeps its hours on the wall over the change of the clock, and
// lasts an hour less or more for it.
func TestCopiedOverTheClock(t *testing.T) {
	t.Parallel()
	c := israel(t)
	night := dispatch.Shift{ID: red, Crew: blue, Version: 4, From: c.Wall(2026, 3, 19, 23, 0), Until: c.Wall(2026, 3, 20, 7, 0), Vehicle: "סל"}
	next := c.Copied(night, 7)
	if next.From.In(c.Zone).Format("02 15:04") != "26 23:00" || next.Until.In(c.Zone).Format("02 15:04") != "27 07:00" || next.Until.Sub(next.From) != 7*time.Hour {
		t.Errorf("%v to %v", next.From.In(c.Zone), next.Until.In(c.Zone))
	}
	if next.ID == night.ID || next.ID != c.Copied(night, 7).ID || next.ID == c.Copied(night, 14).ID || next.Version != 1 || next.Vehicle != "סל" || next.Crew != blue {
		t.Errorf("%+v", next)
	}
	autumn := dispatch.Shift{From: c.Wall(2026, 10, 17, 23, 0), Until: c.Wall(2026, 10, 18, 7, 0)}
	if next := c.Copied(autumn, 7); next.Until.Sub(next.From) != 9*time.Hour {
		t.Errorf("the night when the clock goes back lasts %v", next.Until.Sub(next.From))
	}
	lost := dispatch.Shift{From: c.Wall(2026, 3, 20, 2, 30), Until: c.Wall(2026, 3, 20, 3, 15)}
	if next := c.Copied(lost, 7); next.Until.Sub(next.From) != 45*time.Minute {
		t.Errorf("a shift in the hour that isn't: %v to %v", next.From, next.Until)
	}
}

func TestCopiesDontOverlap(t *testing.T) {
	t.Parallel()
	c := israel(t)
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.IntRange(1, 365).Draw(t, "day")
		hour := rapid.IntRange(0, 23).Draw(t, "hour")
		long, gap := rapid.IntRange(1, 14).Draw(t, "long"), rapid.IntRange(0, 6).Draw(t, "gap")
		a := dispatch.Shift{ID: uuid.New(), From: c.Wall(2026, 1, day, hour, 0), Until: c.Wall(2026, 1, day, hour+long, 0)}
		b := dispatch.Shift{ID: uuid.New(), From: c.Wall(2026, 1, day, hour+long+gap, 0), Until: c.Wall(2026, 1, day, hour+long+gap+6, 0)}
		if !a.Until.After(a.From) || !b.Until.After(b.From) || a.Overlaps(b) {
			t.Skip("not of this world")
		}
		for _, days := range []int{7, 14, -7, 28} {
			x, y := c.Copied(a, days), c.Copied(b, days)
			if !x.Until.After(x.From) || x.Overlaps(y) && x.Until.Sub(x.From) > 2*time.Hour && y.Until.Sub(y.From) > 2*time.Hour {
				t.Fatalf("%v–%v and %v–%v", x.From, x.Until, y.From, y.Until)
			}
		}
	})
}

func TestShiftCheck(t *testing.T) {
	t.Parallel()
	good := func() dispatch.Shift {
		return dispatch.Shift{From: noon, Until: noon.Add(8 * time.Hour), Members: []dispatch.Member{{Name: " יוסי "}}, Skills: []string{"lift", " lift", ""}}
	}
	s := good()
	if err := s.Check(); err != nil || s.State != dispatch.DutyOn || s.Members[0].Name != "יוסי" || len(s.Skills) != 1 {
		t.Errorf("%+v: %v", s, err)
	}
	for field, spoil := range map[string]func(*dispatch.Shift){
		"until":          func(s *dispatch.Shift) { s.Until = s.From },
		"state":          func(s *dispatch.Shift) { s.State = dispatch.DutyBreak },
		"members.0.name": func(s *dispatch.Shift) { s.Members[0].Name = " " },
		"members":        func(s *dispatch.Shift) { s.Members = make([]dispatch.Member, 21) },
		"skills":         func(s *dispatch.Shift) { s.Skills = make([]string, 21) },
		"skills.0":       func(s *dispatch.Shift) { s.Skills[0] = strings.Repeat("x", 41) },
		"vehicle":        func(s *dispatch.Shift) { s.Vehicle = strings.Repeat("x", 201) },
		"note":           func(s *dispatch.Shift) { s.Note = strings.Repeat("x", 501) },
	} {
		s := good()
		spoil(&s)
		refused, ok := s.Check().(*dispatch.Error)
		if !ok || refused.Field != field || refused.Code != dispatch.Invalid {
			t.Errorf("%s: %v", field, refused)
		}
	}
	long := good()
	if long.Until = long.From.Add(8 * 24 * time.Hour); long.Check() == nil {
		t.Error("a shift of eight days")
	}
}
