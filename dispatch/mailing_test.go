package dispatch

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func israel(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Jerusalem")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestMailingNext(t *testing.T) {
	t.Parallel()
	zone := israel(t)
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, tc := range []struct {
		m                       Mailing
		after, next, from, upto string
	}{
		{Mailing{Every: EveryMonth, Day: 2, Hour: 7}, "2026-05-01 10:00", "2026-05-02 07:00", "2026-04-01 00:00", "2026-05-01 00:00"},
		{Mailing{Every: EveryMonth, Day: 2, Hour: 7}, "2026-05-02 07:00", "2026-06-02 07:00", "2026-05-01 00:00", "2026-06-01 00:00"},
		{Mailing{Every: EveryMonth, Day: 28, Hour: 23}, "2026-12-29 10:00", "2027-01-28 23:00", "2026-12-01 00:00", "2027-01-01 00:00"},
		{Mailing{Every: EveryWeek, Day: 0, Hour: 6}, "2026-11-27 11:00", "2026-11-29 06:00", "2026-11-22 00:00", "2026-11-29 00:00"},
		{Mailing{Every: EveryWeek, Day: 4, Hour: 6}, "2026-11-26 06:00", "2026-12-03 06:00", "2026-11-22 00:00", "2026-11-29 00:00"},
		{Mailing{Every: EveryWeek, Day: 5, Hour: 2}, "2026-03-26 10:00", "2026-03-27 03:00", "2026-03-15 00:00", "2026-03-22 00:00"}, // two o'clock is skipped
	} {
		next := tc.m.Next(at(tc.after), zone)
		from, to := tc.m.Of(next, zone)
		if !next.Equal(at(tc.next)) || !from.Equal(at(tc.from)) || !to.Equal(at(tc.upto)) {
			t.Errorf("%+v after %s: %v, of %v to %v", tc.m, tc.after, next, from, to)
		}
	}
}

// TestMailingGoesOn is due again and again, each period told of once, and over
// by then.
func TestMailingGoesOn(t *testing.T) {
	t.Parallel()
	zone := israel(t)
	rapid.Check(t, func(t *rapid.T) {
		m := Mailing{Every: EveryWeek, Day: rapid.IntRange(0, 6).Draw(t, "day"), Hour: rapid.IntRange(0, 23).Draw(t, "hour")}
		if rapid.Bool().Draw(t, "monthly") {
			m.Every, m.Day = EveryMonth, rapid.IntRange(1, MaxMonthDay).Draw(t, "day")
		}
		at := time.Unix(rapid.Int64Range(1.7e9, 2e9).Draw(t, "at"), 0)
		due := m.Next(at, zone)
		from, to := m.Of(due, zone)
		for range 60 {
			next := m.Next(due, zone)
			f, u := m.Of(next, zone)
			if !next.After(due) || !f.Equal(to) || !u.After(f) || u.After(next) || f.Equal(from) {
				t.Fatalf("%+v due %v of %v to %v, then %v of %v to %v", m, due, from, to, next, f, u)
			}
			due, from, to = next, f, u
		}
	})
}
