package dispatch_test

import (
	"testing"
	"time"

	"moked/dispatch"
)

// hebrewNewYear counts the days from 1 Tishri of the year 1 to that of year, by
// the arithmetic of the Hebrew calendar: the molad, in parts of 1/1080 hour,
// and the postponements that don't depend on the year's length.
func hebrewNewYear(year int) int {
	months := (235*year - 234) / 19
	parts := 12084 + 13753*months
	day := 29*months + parts/25920
	if (3*(day+1))%7 < 3 {
		day++
	}
	return day
}

// newYearDay corrects for years that would come out too long or too short.
func newYearDay(year int) time.Time {
	before, here, after := hebrewNewYear(year-1), hebrewNewYear(year), hebrewNewYear(year+1)
	switch {
	case after-here == 356:
		here += 2
	case here-before == 382:
		here++
	}
	// 1 Tishri of the year 1 lies 1,373,428 days before 1 January of year 1.
	return time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, here-1373428)
}

// The table agrees with the calendar's own arithmetic: from Pesach to the next
// New Year are always 163 days.
func TestHolidayTable(t *testing.T) {
	t.Parallel()
	for year := 2020; year <= 2050; year++ {
		newYear := newYearDay(year + 3761)
		pesach := newYear.AddDate(0, 0, -163)
		for _, k := range []struct {
			day  time.Time
			key  string
			kind dispatch.HolidayKind
		}{
			{newYear.AddDate(0, 0, -1), "holiday.rosh-hashana", dispatch.HolidayEve},
			{newYear, "holiday.rosh-hashana", dispatch.HolidayOff},
			{newYear.AddDate(0, 0, 1), "holiday.rosh-hashana", dispatch.HolidayOff},
			{newYear.AddDate(0, 0, 9), "holiday.yom-kippur", dispatch.HolidayOff},
			{newYear.AddDate(0, 0, 14), "holiday.sukkot", dispatch.HolidayOff},
			{newYear.AddDate(0, 0, 16), "holiday.sukkot", dispatch.HolidayMid},
			{newYear.AddDate(0, 0, 20), "holiday.simchat-torah", dispatch.HolidayMidEve},
			{newYear.AddDate(0, 0, 21), "holiday.simchat-torah", dispatch.HolidayOff},
			{pesach.AddDate(0, 0, -1), "holiday.pesach", dispatch.HolidayEve},
			{pesach, "holiday.pesach", dispatch.HolidayOff},
			{pesach.AddDate(0, 0, 4), "holiday.pesach", dispatch.HolidayMid},
			{pesach.AddDate(0, 0, 5), "holiday.pesach-last", dispatch.HolidayMidEve},
			{pesach.AddDate(0, 0, 6), "holiday.pesach-last", dispatch.HolidayOff},
			{pesach.AddDate(0, 0, 50), "holiday.shavuot", dispatch.HolidayOff},
		} {
			h, ok := dispatch.HolidayOn(k.day.Date())
			if !ok || h.Key != k.key || h.Kind != k.kind {
				t.Errorf("%s: %v, want %s %s", k.day.Format(time.DateOnly), h, k.key, k.kind)
			}
		}
		independence := pesach.AddDate(0, 0, 20) // 5 Iyar
		switch independence.Weekday() {
		case time.Friday:
			independence = independence.AddDate(0, 0, -1)
		case time.Saturday:
			independence = independence.AddDate(0, 0, -2)
		case time.Monday:
			independence = independence.AddDate(0, 0, 1)
		}
		if h, _ := dispatch.HolidayOn(independence.Date()); h != (dispatch.Holiday{Key: "holiday.independence", Kind: dispatch.HolidayOff}) {
			t.Errorf("%s: %v, want Independence Day", independence.Format(time.DateOnly), h)
		}
		if h, _ := dispatch.HolidayOn(independence.AddDate(0, 0, -1).Date()); h.Kind != dispatch.HolidayEve {
			t.Errorf("%d: Memorial Day is %v", year, h)
		}
		days := 0
		for d := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() == year; d = d.AddDate(0, 0, 1) {
			if h, ok := dispatch.HolidayOn(d.Date()); ok && h.Kind == dispatch.HolidayOff {
				days++
			}
		}
		if days != 9 {
			t.Errorf("%d has %d days off, want 9", year, days)
		}
	}
}

// Days that anyone can look up.
func TestKnownHolidays(t *testing.T) {
	t.Parallel()
	for date, want := range map[string]dispatch.Holiday{
		"2024-05-14": {Key: "holiday.independence", Kind: dispatch.HolidayOff}, // 5 Iyar was a Monday
		"2025-05-01": {Key: "holiday.independence", Kind: dispatch.HolidayOff}, // a Saturday
		"2022-05-05": {Key: "holiday.independence", Kind: dispatch.HolidayOff}, // a Friday
		"2026-04-22": {Key: "holiday.independence", Kind: dispatch.HolidayOff}, // a Wednesday, as it is
		"2026-04-02": {Key: "holiday.pesach", Kind: dispatch.HolidayOff},
		"2026-05-22": {Key: "holiday.shavuot", Kind: dispatch.HolidayOff},
		"2025-09-23": {Key: "holiday.rosh-hashana", Kind: dispatch.HolidayOff},
		"2026-09-21": {Key: "holiday.yom-kippur", Kind: dispatch.HolidayOff},
		"2026-03-03": {}, // Purim is a working day
		"2019-10-09": {}, // before the table
		"2051-09-07": {}, // after it
	} {
		d, _ := time.Parse(time.DateOnly, date)
		if got, _ := dispatch.HolidayOn(d.Date()); got != want {
			t.Errorf("%s: %v, want %v", date, got, want)
		}
	}
}
