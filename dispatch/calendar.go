package dispatch

import "time"

// Hours is a day's working time, in minutes from midnight by the wall clock:
// from Open until Close, which may be 1440. Close ≤ Open is no work at all.
type Hours struct{ Open, Close int }

// None reports whether no work is done in these hours.
func (h Hours) None() bool { return h.Close <= h.Open }

// Calendar is an authority's working time, by the wall clock of Zone.
//
// A whole day is one with the hours of Week; a short day (Friday, a holiday's
// eve, the middle days of Pesach and Sukkot) has hours too, but is not counted
// as a working day unless ShortCounts. Working hours run on both.
type Calendar struct {
	Zone        *time.Location
	Week        [7]Hours // by time.Weekday
	ShortDays   [7]bool  // which of Week are short
	Short       Hours    // of eves and middle days
	Holidays    bool     // Israel's holidays are kept
	MidWhole    bool     // middle days are like any other
	MidOff      bool     // middle days are off
	ShortCounts bool
	Days        map[string]Day // by date, "2026-05-01": what an authority fixes for itself
}

// Day is how one date is worked.
type Day struct {
	Hours Hours
	Whole bool // counts as a working day
}

// IsraelCalendar works Sunday to Thursday from 8 to 16 and, shortly, on
// Fridays and the eves of holidays from 8 to 12.
func IsraelCalendar(zone *time.Location) Calendar {
	whole, short := Hours{8 * 60, 16 * 60}, Hours{8 * 60, 12 * 60}
	c := Calendar{Zone: zone, Short: short, Holidays: true}
	for d := time.Sunday; d <= time.Thursday; d++ {
		c.Week[d] = whole
	}
	c.Week[time.Friday], c.ShortDays[time.Friday] = short, true
	return c
}

// On is how the date is worked: as the authority fixed it, or else by the
// holidays, or else by the week.
func (c Calendar) On(year int, month time.Month, day int) Day {
	date := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if len(c.Days) > 0 {
		if d, ok := c.Days[date.Format(time.DateOnly)]; ok {
			return d
		}
	}
	wd := date.Weekday()
	week := c.Week[wd]
	whole := !week.None() && (!c.ShortDays[wd] || c.ShortCounts)
	if h, ok := HolidayOn(date.Date()); ok && c.Holidays && !week.None() {
		switch {
		case h.Kind == HolidayOff, c.MidOff && (h.Kind == HolidayMid || h.Kind == HolidayMidEve):
			return Day{}
		case h.Kind == HolidayMid && c.MidWhole:
		default:
			return Day{Hours: c.Short.within(week), Whole: c.ShortCounts}
		}
	}
	return Day{Hours: week, Whole: whole}
}

// within keeps a short day from being longer than the weekday's own hours.
func (h Hours) within(week Hours) Hours {
	return Hours{max(h.Open, week.Open), min(h.Close, week.Close)}
}

// maxDays bounds every walk through the calendar: no promise is longer, and
// a calendar without working days ends there.
const maxDays = 20 * 366

// span is one stretch of running time.
type span struct{ from, to time.Time }

// spanOn is the running time of a unit on a date; of the hours that a change
// of the clock leaves out or repeats, it has the elapsed ones.
func (c Calendar) spanOn(u Unit, year int, month time.Month, day int) (span, bool) {
	d := c.On(year, month, day)
	if d.Hours.None() || u == WorkingDays && !d.Whole {
		return span{}, false
	}
	s := span{
		time.Date(year, month, day, 0, d.Hours.Open, 0, 0, c.zone()),
		time.Date(year, month, day, 0, d.Hours.Close, 0, 0, c.zone()),
	}
	return s, s.from.Before(s.to)
}

func (c Calendar) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

// Running is how much time of the unit runs between two instants, 0 if to is
// not after from. A clock hour always runs; a working hour runs in the hours
// of whole and short days; a working day runs in the hours of the days that
// count as one.
func (c Calendar) Running(u Unit, from, to time.Time) time.Duration {
	if !from.Before(to) {
		return 0
	}
	if u == ClockHours {
		return to.Sub(from)
	}
	var sum time.Duration
	y, m, d := from.In(c.zone()).Date()
	for i := range maxDays {
		if !time.Date(y, m, d+i, 0, 0, 0, 0, c.zone()).Before(to) {
			break
		}
		if s, ok := c.spanOn(u, y, m, d+i); ok {
			lo, hi := later(s.from, from), earlier(s.to, to)
			sum += max(0, hi.Sub(lo))
		}
	}
	return sum
}

// Advance is the first instant, from t on, by which the unit has run for d.
func (c Calendar) Advance(u Unit, t time.Time, d time.Duration) time.Time {
	if d <= 0 {
		return t
	}
	if u == ClockHours {
		return t.Add(d)
	}
	y, m, day := t.In(c.zone()).Date()
	for i := range maxDays {
		s, ok := c.spanOn(u, y, m, day+i)
		if !ok || !s.to.After(t) {
			continue
		}
		from := later(s.from, t)
		if run := s.to.Sub(from); run < d {
			d -= run
			continue
		}
		return from.Add(d)
	}
	return t.AddDate(0, 0, maxDays)
}

// Due is when a promise made at start falls due.
//
//   - Clock hours: so many hours later, whatever the wall clock does.
//   - Working hours: when so much working time has passed.
//   - Working days: at the end of the Nth working day after the day of
//     receipt, which itself doesn't count. What comes in after hours, or on a
//     day off, counts as received on the next day that has hours. A part of a
//     day is a whole one.
func (c Calendar) Due(start time.Time, d Duration) time.Time {
	n := min(d.N, maxDays*24)
	if !(n > 0) {
		return start
	}
	if d.Unit != WorkingDays {
		return c.Advance(d.Unit, start, time.Duration(n*float64(time.Hour)))
	}
	received := c.Advance(WorkingHours, start, 1).In(c.zone())
	y, m, day := received.Date()
	left := int(n)
	if float64(left) < n {
		left++
	}
	for i := 1; i <= maxDays; i++ {
		s, ok := c.spanOn(WorkingDays, y, m, day+i)
		if !ok {
			continue
		}
		if left--; left == 0 {
			return s.to
		}
	}
	return start.AddDate(0, 0, maxDays)
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
