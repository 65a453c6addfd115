package dispatch

import "time"

//go:generate sh -c "node holidaysgen/holidays.mjs > holidays_table.go && gofmt -w holidays_table.go"

// HolidayKind says what a holiday does to the working day.
type HolidayKind string

const (
	HolidayOff    HolidayKind = "off"     // no work
	HolidayEve    HolidayKind = "eve"     // a short day
	HolidayMid    HolidayKind = "mid"     // between the holy days of Pesach and of Sukkot
	HolidayMidEve HolidayKind = "mid-eve" // the last of these, which is an eve too
)

// Holiday is one day of the Israeli calendar that is not like others. Key
// names its text ("holiday.pesach"); an eve has the key of its holiday.
type Holiday struct {
	Key  string
	Kind HolidayKind
}

// holidayOffsets counts days from the anchors.
var holidayOffsets = [...]struct {
	anchor, from, to int
	Holiday
}{
	{0, -1, -1, Holiday{"holiday.pesach", HolidayEve}},
	{0, 0, 0, Holiday{"holiday.pesach", HolidayOff}},
	{0, 1, 4, Holiday{"holiday.pesach", HolidayMid}},
	{0, 5, 5, Holiday{"holiday.pesach-last", HolidayMidEve}},
	{0, 6, 6, Holiday{"holiday.pesach-last", HolidayOff}},
	{0, 49, 49, Holiday{"holiday.shavuot", HolidayEve}},
	{0, 50, 50, Holiday{"holiday.shavuot", HolidayOff}},
	{1, -1, -1, Holiday{"holiday.independence", HolidayEve}}, // Memorial Day
	{1, 0, 0, Holiday{"holiday.independence", HolidayOff}},
	{2, -1, -1, Holiday{"holiday.rosh-hashana", HolidayEve}},
	{2, 0, 1, Holiday{"holiday.rosh-hashana", HolidayOff}},
	{2, 8, 8, Holiday{"holiday.yom-kippur", HolidayEve}},
	{2, 9, 9, Holiday{"holiday.yom-kippur", HolidayOff}},
	{2, 13, 13, Holiday{"holiday.sukkot", HolidayEve}},
	{2, 14, 14, Holiday{"holiday.sukkot", HolidayOff}},
	{2, 15, 19, Holiday{"holiday.sukkot", HolidayMid}},
	{2, 20, 20, Holiday{"holiday.simchat-torah", HolidayMidEve}},
	{2, 21, 21, Holiday{"holiday.simchat-torah", HolidayOff}},
}

// HolidayOn is the holiday on a civil date, for the years 2020 to 2050; ok is
// false on other days, and in years out of the table.
func HolidayOn(year int, month time.Month, day int) (h Holiday, ok bool) {
	if year < firstHolidayYear || year > lastHolidayYear {
		return h, false
	}
	at := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	for i, mmdd := range holidayAnchors[year-firstHolidayYear] {
		start := time.Date(year, time.Month(mmdd/100), mmdd%100, 0, 0, 0, 0, time.UTC)
		n := int(at.Sub(start) / (24 * time.Hour))
		for _, o := range holidayOffsets {
			if o.anchor == i && o.from <= n && n <= o.to {
				h, ok = o.Holiday, true
			}
		}
	}
	return h, ok
}
