package dispatch_test

import (
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"moked/dispatch"
)

func clockHours(n float64) dispatch.Duration {
	return dispatch.Duration{N: n, Unit: dispatch.ClockHours}
}
func workHours(n float64) dispatch.Duration {
	return dispatch.Duration{N: n, Unit: dispatch.WorkingHours}
}
func workDays(n float64) dispatch.Duration {
	return dispatch.Duration{N: n, Unit: dispatch.WorkingDays}
}

func TestDue(t *testing.T) {
	t.Parallel()
	cal := dispatch.IsraelCalendar(jerusalem(t))
	for _, k := range []struct {
		why   string
		start string
		d     dispatch.Duration
		due   string
	}{
		{"clock hours run by night", "2026-03-06 23:00", clockHours(3), "2026-03-07 02:00"},
		{"an hour and a half", "2026-03-09 10:00", clockHours(1.5), "2026-03-09 11:30"},
		{"nothing promised", "2026-03-09 10:00", clockHours(0), "2026-03-09 10:00"},

		{"within the day", "2026-03-09 10:00", workHours(3), "2026-03-09 13:00"},
		{"to the end of the day", "2026-03-09 10:00", workHours(6), "2026-03-09 16:00"},
		{"over the night", "2026-03-09 15:00", workHours(2), "2026-03-10 09:00"},
		{"from the evening", "2026-03-09 20:00", workHours(1), "2026-03-10 09:00"},
		{"before the morning", "2026-03-09 05:00", workHours(1), "2026-03-09 09:00"},
		{"Thursday into the short Friday", "2026-03-12 15:00", workHours(2), "2026-03-13 09:00"},
		{"through Friday to Sunday", "2026-03-12 15:00", workHours(6), "2026-03-15 09:00"},
		{"on Saturday", "2026-03-14 11:00", workHours(1), "2026-03-15 09:00"},
		{"over Pesach's eve and first day", "2026-03-31 15:00", workHours(6), "2026-04-03 09:00"},

		{"one day", "2026-03-09 10:00", workDays(1), "2026-03-10 16:00"},
		{"one day, from the evening", "2026-03-09 17:00", workDays(1), "2026-03-11 16:00"},
		{"one day, from before the morning", "2026-03-09 02:00", workDays(1), "2026-03-10 16:00"},
		{"Thursday: Friday doesn't count", "2026-03-12 10:00", workDays(1), "2026-03-15 16:00"},
		{"Thursday evening is Friday morning", "2026-03-12 18:00", workDays(1), "2026-03-15 16:00"},
		{"Friday morning", "2026-03-13 09:00", workDays(1), "2026-03-15 16:00"},
		{"Friday afternoon is Sunday morning", "2026-03-13 14:00", workDays(1), "2026-03-16 16:00"},
		{"Saturday is Sunday morning", "2026-03-14 14:00", workDays(1), "2026-03-16 16:00"},
		{"a part of a day is a whole one", "2026-03-09 10:00", workDays(0.5), "2026-03-10 16:00"},
		{"a week of working days", "2026-03-09 10:00", workDays(5), "2026-03-16 16:00"},
		{"over Rosh Hashana, Sat and Sun", "2026-09-10 10:00", workDays(1), "2026-09-14 16:00"},
		{"over Pesach: eve, middle days and last day don't count", "2026-03-31 10:00", workDays(1), "2026-04-09 16:00"},
		{"over Independence Day", "2026-04-20 10:00", workDays(1), "2026-04-23 16:00"},

		{"spring: a clock hour is an hour that passes", "2026-03-27 01:30", clockHours(1), "2026-03-27 03:30"},
		{"autumn: the hour that comes twice", "2026-10-25 00:30", clockHours(3), "2026-10-25 02:30"},
		{"spring: a working day ends at the same wall time", "2026-03-26 10:00", workDays(1), "2026-03-29 16:00"},
		{"autumn: working hours keep the wall clock", "2026-10-22 15:00", workHours(6), "2026-10-25 09:00"},
		{"no end to the promise", "2026-03-09 10:00", workDays(1e300), "2046-03-10"},
	} {
		got := cal.Due(at(t, cal, k.start), k.d)
		if len(k.due) == len(time.DateOnly) {
			if limit := at(t, cal, k.due+" 00:00"); got.After(limit.AddDate(1, 0, 0)) {
				t.Errorf("%s: %v", k.why, got)
			}
			continue
		}
		if want := at(t, cal, k.due); !got.Equal(want) {
			t.Errorf("%s: %v from %s is due %s, want %s", k.why, k.d, k.start, got.In(cal.Zone).Format("Mon 2006-01-02 15:04"), k.due)
		}
	}
}

func at(t testing.TB, cal dispatch.Calendar, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s, cal.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func drawInstant(t *rapid.T, name string) time.Time {
	first := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	return time.Unix(rapid.Int64Range(first, first+4*366*86400).Draw(t, name), 0)
}

func drawDuration(t *rapid.T) dispatch.Duration {
	d := dispatch.Duration{Unit: rapid.SampledFrom([]dispatch.Unit{dispatch.ClockHours, dispatch.WorkingHours, dispatch.WorkingDays}).Draw(t, "unit")}
	if d.Unit == dispatch.WorkingDays {
		d.N = float64(rapid.IntRange(1, 60).Draw(t, "days"))
	} else {
		d.N = float64(rapid.IntRange(1, 400).Draw(t, "quarters")) / 4
	}
	return d
}

// drawCalendar draws odd calendars too: nights, short days that count, days
// that the authority fixed.
func drawCalendar(t *rapid.T, zone *time.Location) dispatch.Calendar {
	cal := dispatch.IsraelCalendar(zone)
	cal.ShortCounts = rapid.Bool().Draw(t, "short counts")
	cal.Holidays = rapid.Bool().Draw(t, "holidays")
	cal.MidWhole = rapid.Bool().Draw(t, "mid whole")
	cal.MidOff = rapid.Bool().Draw(t, "mid off")
	if rapid.Bool().Draw(t, "round the clock") {
		for d := range cal.Week {
			cal.Week[d] = dispatch.Hours{Open: 0, Close: 24 * 60}
		}
	}
	cal.Days = map[string]dispatch.Day{
		"2025-07-01": {},
		"2025-07-05": {Hours: dispatch.Hours{Open: 600, Close: 1200}, Whole: true},
	}
	return cal
}

func TestDueIsMonotone(t *testing.T) {
	t.Parallel()
	zone := jerusalem(t)
	rapid.Check(t, func(t *rapid.T) {
		cal, d := drawCalendar(t, zone), drawDuration(t)
		a, b := drawInstant(t, "a"), drawInstant(t, "b")
		if b.Before(a) {
			a, b = b, a
		}
		if cal.Due(b, d).Before(cal.Due(a, d)) {
			t.Fatalf("filed at %v it is due %v, filed later at %v it is due %v", a, cal.Due(a, d), b, cal.Due(b, d))
		}
		more := d
		more.N++
		if !cal.Due(a, d).Before(cal.Due(a, more)) || !a.Before(cal.Due(a, d)) {
			t.Fatalf("%v from %v is due %v, %v is due %v", d, a, cal.Due(a, d), more, cal.Due(a, more))
		}
	})
}

// Working time falls due while people work.
func TestDueIsInWorkingTime(t *testing.T) {
	t.Parallel()
	zone := jerusalem(t)
	rapid.Check(t, func(t *rapid.T) {
		cal, d, start := drawCalendar(t, zone), drawDuration(t), drawInstant(t, "start")
		if d.Unit == dispatch.ClockHours {
			return
		}
		due := cal.Due(start, d)
		just := due.Add(-time.Second)
		if run := cal.Running(d.Unit, just, due); run != time.Second {
			t.Fatalf("due %v is not in working time: %v", due.In(zone), run)
		}
	})
}

// Advance undoes Running, and running time adds up.
func TestAdvanceAndRunning(t *testing.T) {
	t.Parallel()
	zone := jerusalem(t)
	rapid.Check(t, func(t *rapid.T) {
		cal, d, start := drawCalendar(t, zone), drawDuration(t), drawInstant(t, "start")
		length := time.Duration(rapid.IntRange(1, 100*3600).Draw(t, "seconds")) * time.Second
		end := cal.Advance(d.Unit, start, length)
		if got := cal.Running(d.Unit, start, end); got != length {
			t.Fatalf("advanced by %v, ran %v", length, got)
		}
		mid := start.Add(time.Duration(rapid.Int64Range(0, int64(end.Sub(start))).Draw(t, "mid")))
		if a, b := cal.Running(d.Unit, start, mid), cal.Running(d.Unit, mid, end); a+b != length {
			t.Fatalf("%v and %v don't make %v", a, b, length)
		}
	})
}

func TestRunningAcrossDST(t *testing.T) {
	t.Parallel()
	cal := dispatch.IsraelCalendar(jerusalem(t))
	for d := range cal.Week {
		cal.Week[d] = dispatch.Hours{Open: 0, Close: 24 * 60}
	}
	cal.Holidays = false
	for _, k := range []struct {
		from, to string
		hours    float64
	}{
		{"2026-03-27 00:00", "2026-03-28 00:00", 23},
		{"2026-10-25 00:00", "2026-10-26 00:00", 25},
		{"2026-06-01 00:00", "2026-06-02 00:00", 24},
	} {
		if got := cal.Running(dispatch.WorkingHours, at(t, cal, k.from), at(t, cal, k.to)); got.Hours() != k.hours {
			t.Errorf("%s: %v, want %v hours", k.from, got, k.hours)
		}
	}
}

// A calendar without any working time comes to an end.
func TestDueEnds(t *testing.T) {
	t.Parallel()
	never := dispatch.Calendar{}
	for _, d := range []dispatch.Duration{workHours(1), workDays(1), workDays(math.Inf(1)), clockHours(math.NaN()), clockHours(-3), {N: 5, Unit: "moons"}} {
		if due := never.Due(noon, d); due.Before(noon) || due.After(noon.AddDate(25, 0, 0)) {
			t.Errorf("%v: due %v", d, due)
		}
	}
}

func TestReadCalendar(t *testing.T) {
	t.Parallel()
	zone := jerusalem(t)
	cal, err := dispatch.ReadCalendar([]byte(`{
		"week": {"sunday": "07:30-15:30", "wednesday": "08:00-18:00", "friday": null},
		"short": "08:00-11:00", "middle": "off",
		"days": {"2026-03-10": null, "2026-03-14": "09:00-17:00", "2026-03-16": "08:00-10:00"}}`), zone)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []struct {
		start string
		d     dispatch.Duration
		due   string
	}{
		{"2026-03-08 07:00", workHours(1), "2026-03-08 08:30"},
		{"2026-03-09 10:00", workDays(1), "2026-03-11 18:00"},
		{"2026-03-12 10:00", workDays(1), "2026-03-14 17:00"},
		{"2026-03-15 10:00", workDays(1), "2026-03-17 16:00"},
		{"2026-04-01 10:00", workHours(2), "2026-04-09 09:00"},
	} {
		if got := cal.Due(at(t, cal, k.start), k.d); !got.Equal(at(t, cal, k.due)) {
			t.Errorf("%v from %s is due %s, want %s", k.d, k.start, got.In(zone).Format("Mon 2006-01-02 15:04"), k.due)
		}
	}
	if same, err := dispatch.ReadCalendar([]byte(`{}`), zone); err != nil || !same.Holidays || same.Week != dispatch.IsraelCalendar(zone).Week {
		t.Errorf("{}: %+v, %v", same, err)
	}
}

func TestReadCalendarRefuses(t *testing.T) {
	t.Parallel()
	for settings, field := range map[string]string{
		`nonsense`:                                "calendar",
		`{"week": []}`:                            "calendar",
		`{"week": {"funday": "08:00-16:00"}}`:     "calendar.week.funday",
		`{"week": {"sunday": "8-16"}}`:            "calendar.week.sunday",
		`{"week": {"sunday": "16:00-08:00"}}`:     "calendar.week.sunday",
		`{"week": {"sunday": "08:00-25:00"}}`:     "calendar.week.sunday",
		`{"week": {"sunday": "08:00-16:00 x"}}`:   "calendar.week.sunday",
		`{"short": "08:61-12:00"}`:                "calendar.short",
		`{"short_days": ["sunday", "someday"]}`:   "calendar.short_days.1",
		`{"middle": "perhaps"}`:                   "calendar.middle",
		`{"days": {"2026-02-30": null}}`:          "calendar.days.2026-02-30",
		`{"days": {"2026-02-03": "-1:00-02:00"}}`: "calendar.days.2026-02-03",
		`{"short_days": ["sunday","monday","tuesday","wednesday","thursday","friday"]}`: "calendar.week",
	} {
		_, err := dispatch.ReadCalendar([]byte(settings), time.UTC)
		var refused *dispatch.Error
		if !errors.As(err, &refused) || refused.Field != field {
			t.Errorf("%s: %v, want %s", settings, err, field)
		}
	}
}

func FuzzReadCalendar(f *testing.F) {
	f.Add([]byte(`{"week": {"sunday": "08:00-15:30"}, "days": {"2026-10-27": null}}`))
	f.Add([]byte(`{"short_days": ["friday"], "short": "00:00-24:00", "short_counts": true}`))
	f.Fuzz(func(t *testing.T, settings []byte) {
		cal, err := dispatch.ReadCalendar(settings, time.UTC)
		if err != nil {
			return
		}
		for _, d := range []dispatch.Duration{workHours(3), workDays(2)} {
			if due := cal.Due(noon, d); !due.After(noon) {
				t.Errorf("%s: %v is due at %v", settings, d, due)
			}
		}
	})
}

func BenchmarkDue(b *testing.B) {
	cal := dispatch.IsraelCalendar(jerusalem(b))
	for _, d := range []dispatch.Duration{clockHours(72), workHours(12), workDays(2), workDays(30)} {
		b.Run(fmt.Sprintf("%v_%s", d.N, d.Unit), func(b *testing.B) {
			for b.Loop() {
				cal.Due(noon, d)
			}
		})
	}
}
