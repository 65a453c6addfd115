package dispatch_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"moked/dispatch"
)

func clockOf(d dispatch.Duration, start time.Time, cal dispatch.Calendar) dispatch.Clock {
	return dispatch.Clock{Kind: dispatch.Resolution, Standard: d, StartedAt: start, DueAt: cal.Due(start, d)}
}

func paused(t testing.TB, c dispatch.Clock, from, until time.Time, cal dispatch.Calendar) dispatch.Clock {
	t.Helper()
	c, err := c.Pause("ממתינים לחלק", from)
	if err != nil {
		t.Fatal(err)
	}
	c, err = c.Resume(until, cal)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestPauseMovesDue(t *testing.T) {
	t.Parallel()
	cal := dispatch.IsraelCalendar(jerusalem(t))
	for _, k := range []struct {
		why                     string
		d                       dispatch.Duration
		start, from, until, due string
	}{
		{"clock hours by what passes", clockHours(10), "2026-03-09 08:00", "2026-03-09 10:00", "2026-03-09 12:30", "2026-03-09 20:30"},
		{"clock hours over the spring change", clockHours(10), "2026-03-26 20:00", "2026-03-27 01:00", "2026-03-27 03:00", "2026-03-27 08:00"},
		{"working hours by those that run", workHours(6), "2026-03-09 09:00", "2026-03-09 10:00", "2026-03-09 12:00", "2026-03-10 09:00"},
		{"working hours by night: not at all", workHours(12), "2026-03-09 09:00", "2026-03-09 18:00", "2026-03-10 07:00", "2026-03-10 13:00"},
		{"working hours over the weekend: Friday's four", workHours(12), "2026-03-12 09:00", "2026-03-12 16:00", "2026-03-15 08:00", "2026-03-15 13:00"},
		{"working days on Friday and Saturday: not at all", workDays(2), "2026-03-12 09:00", "2026-03-13 08:30", "2026-03-14 22:00", "2026-03-16 16:00"},
		{"working days by a whole one", workDays(2), "2026-03-09 09:00", "2026-03-10 08:00", "2026-03-11 08:00", "2026-03-12 16:00"},
		{"working days by some hours", workDays(2), "2026-03-09 09:00", "2026-03-10 10:00", "2026-03-10 12:00", "2026-03-12 10:00"},
		{"when it is late already: stays broken", clockHours(2), "2026-03-09 08:00", "2026-03-09 11:00", "2026-03-09 15:00", "2026-03-09 10:00"},
		{"for no time", clockHours(2), "2026-03-09 08:00", "2026-03-09 09:00", "2026-03-09 09:00", "2026-03-09 10:00"},
		{"resumed before it was paused", clockHours(2), "2026-03-09 08:00", "2026-03-09 09:00", "2026-03-09 08:30", "2026-03-09 10:00"},
	} {
		c := paused(t, clockOf(k.d, at(t, cal, k.start), cal), at(t, cal, k.from), at(t, cal, k.until), cal)
		if want := at(t, cal, k.due); !c.DueAt.Equal(want) {
			t.Errorf("%s: due %s, want %s", k.why, c.DueAt.In(cal.Zone).Format("Mon 2006-01-02 15:04"), k.due)
		}
	}
}

// The time left at a pause is the time left when it ends.
func TestPauseKeepsWhatIsLeft(t *testing.T) {
	t.Parallel()
	zone := jerusalem(t)
	rapid.Check(t, func(rt *rapid.T) {
		cal, d, start := drawCalendar(rt, zone), drawDuration(rt), drawInstant(rt, "start")
		c := clockOf(d, start, cal)
		for range rapid.IntRange(1, 3).Draw(rt, "pauses") {
			span := int64(c.DueAt.Sub(start))
			from := start.Add(time.Duration(rapid.Int64Range(0, span-1).Draw(rt, "from")))
			length := time.Duration(rapid.Int64Range(0, int64(200*time.Hour)).Draw(rt, "length"))
			left := c.Remaining(from, cal)
			due := c.DueAt
			c = paused(t, c, from, from.Add(length), cal)
			if got := c.Remaining(from.Add(length), cal); got != left {
				rt.Fatalf("%v left at %v, %v left at %v", left, from, got, from.Add(length))
			}
			switch moved := c.DueAt.Sub(due); {
			case moved < 0:
				rt.Fatalf("a pause brought the due time forward by %v", moved)
			case d.Unit == dispatch.ClockHours && moved != length:
				rt.Fatalf("a pause of %v moved it by %v", length, moved)
			case cal.Running(d.Unit, from, from.Add(length)) == 0 && moved != 0:
				rt.Fatalf("a pause in which nothing ran moved it by %v", moved)
			}
			start = from.Add(length)
			if !start.Before(c.DueAt) {
				return
			}
		}
	})
}

// Elapsed and Remaining add up to one and the same, whatever happens between.
func TestElapsedAndRemaining(t *testing.T) {
	t.Parallel()
	zone := jerusalem(t)
	rapid.Check(t, func(rt *rapid.T) {
		cal, d, start := drawCalendar(rt, zone), drawDuration(rt), drawInstant(rt, "start")
		c := clockOf(d, start, cal)
		whole := c.Remaining(start, cal)
		now := start
		for now.Before(c.DueAt) && rapid.Bool().Draw(rt, "more") {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(c.DueAt.Sub(now))).Draw(rt, "wait")))
			if c.Paused() {
				c, _ = c.Resume(now, cal)
			} else if now.Before(c.DueAt) {
				c, _ = c.Pause("x", now)
			}
			if got := c.Elapsed(now, cal) + c.Remaining(now, cal); got != whole {
				rt.Fatalf("elapsed %v and remaining %v don't make %v", c.Elapsed(now, cal), c.Remaining(now, cal), whole)
			}
		}
	})
}

func TestClockLife(t *testing.T) {
	t.Parallel()
	cal := dispatch.IsraelCalendar(jerusalem(t))
	start := at(t, cal, "2026-03-09 08:00")
	hour := func(n float64) time.Time { return start.Add(time.Duration(n * float64(time.Hour))) }
	c := clockOf(clockHours(10), start, cal)

	p, _ := c.Pause("גשם", hour(2))
	if !p.Paused() || p.Running() || c.Paused() || len(c.Pauses) != 0 {
		t.Errorf("paused %+v from %+v", p, c)
	}
	if left := p.Remaining(hour(7), cal); left != 8*time.Hour || p.Late(hour(100)) {
		t.Errorf("paused, it has %v left, late %v", left, p.Late(hour(100)))
	}
	refusal(t, "paused twice", second(p.Pause("x", hour(3))), dispatch.KeyClockPaused)
	refusal(t, "resumed while running", second(c.Resume(hour(3), cal)), dispatch.KeyClockRunning)

	s := p.Stop(hour(5), cal)
	if s.Paused() || s.StoppedAt == nil || !s.DueAt.Equal(hour(13)) || s.Late(hour(100)) || s.Pauses[0].Until == nil || p.Pauses[0].Until != nil {
		t.Errorf("stopped while paused: %+v", s)
	}
	refusal(t, "paused when stopped", second(s.Pause("x", hour(6))), dispatch.KeyClockStopped)
	refusal(t, "resumed when stopped", second(s.Resume(hour(6), cal)), dispatch.KeyClockRunning)
	if again := s.Stop(hour(9), cal); !again.StoppedAt.Equal(hour(5)) {
		t.Errorf("stopped twice: %v", again.StoppedAt)
	}

	r := s.Restart("נפתח מחדש", hour(9), cal)
	if !r.Running() || !r.DueAt.Equal(hour(17)) || r.Elapsed(hour(9), cal) != 2*time.Hour || s.StoppedAt == nil {
		t.Errorf("restarted: %+v, elapsed %v", r, r.Elapsed(hour(9), cal))
	}
	if same := r.Restart("x", hour(10), cal); cmp.Diff(r, same) != "" {
		t.Error("restarting a running clock changed it")
	}

	late := c.Stop(hour(11), cal)
	if !late.Late(hour(0)) || late.Remaining(hour(50), cal) != -time.Hour {
		t.Errorf("an hour late: %v, %v", late.Late(hour(0)), late.Remaining(hour(50), cal))
	}
	if r := late.Restart("x", hour(20), cal); !r.DueAt.Equal(hour(10)) {
		t.Errorf("a broken promise was mended by reopening: due %v", r.DueAt)
	}
	if c.Late(hour(10)) || !c.Late(hour(10.1)) {
		t.Error("late begins after the due time")
	}
}

func second(_ dispatch.Clock, err error) error { return err }

func refusal(t *testing.T, what string, err error, key string) {
	t.Helper()
	var refused *dispatch.Error
	if !errors.As(err, &refused) || refused.Key != key {
		t.Errorf("%s: %v, want %s", what, err, key)
	}
}
