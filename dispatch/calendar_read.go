package dispatch

import (
	"encoding/json"
	"fmt"
	"time"
)

// ReadCalendar is the Israeli calendar with an authority's own settings, as
// JSON; every field may be left out:
//
//	{"week": {"sunday": "08:00-15:30", "friday": null},
//	 "short": "08:00-12:00", "short_days": ["friday"], "short_counts": false,
//	 "holidays": true, "middle": "short" | "whole" | "off",
//	 "days": {"2026-10-27": null, "2026-12-31": "08:00-13:00"}}
//
// A day that is fixed is a working day if it has at least six hours. Errors
// name the field.
func ReadCalendar(settings []byte, zone *time.Location) (Calendar, error) {
	c := IsraelCalendar(zone)
	if len(settings) == 0 {
		return c, nil
	}
	var in struct {
		Week        map[string]*string `json:"week"`
		Short       *string            `json:"short"`
		ShortDays   []string           `json:"short_days"`
		ShortCounts bool               `json:"short_counts"`
		Holidays    *bool              `json:"holidays"`
		Middle      string             `json:"middle"`
		Days        map[string]*string `json:"days"`
	}
	if err := json.Unmarshal(settings, &in); err != nil {
		return c, Bad("calendar", KeyBadCalendar)
	}
	weekday := func(name string) (time.Weekday, bool) {
		for d := time.Sunday; d <= time.Saturday; d++ {
			if name == weekdayNames[d] {
				return d, true
			}
		}
		return 0, false
	}
	for name, text := range in.Week {
		d, ok := weekday(name)
		h, good := readHours(text)
		if !ok || !good {
			return c, Bad("calendar.week."+name, KeyBadCalendar)
		}
		c.Week[d] = h
	}
	if in.Short != nil {
		h, ok := readHours(in.Short)
		if !ok {
			return c, Bad("calendar.short", KeyBadCalendar)
		}
		c.Short = h
	}
	if in.ShortDays != nil {
		c.ShortDays = [7]bool{}
		for i, name := range in.ShortDays {
			d, ok := weekday(name)
			if !ok {
				return c, Bad(fmt.Sprintf("calendar.short_days.%d", i), KeyBadCalendar)
			}
			c.ShortDays[d] = true
		}
	}
	switch in.Middle {
	case "", "short":
	case "whole":
		c.MidWhole = true
	case "off":
		c.MidOff = true
	default:
		return c, Bad("calendar.middle", KeyBadCalendar)
	}
	if in.Holidays != nil {
		c.Holidays = *in.Holidays
	}
	c.ShortCounts = in.ShortCounts
	c.Days = make(map[string]Day, len(in.Days))
	for date, text := range in.Days {
		_, err := time.Parse(time.DateOnly, date)
		h, ok := readHours(text)
		if err != nil || !ok {
			return c, Bad("calendar.days."+date, KeyBadCalendar)
		}
		c.Days[date] = Day{Hours: h, Whole: h.Close-h.Open >= 6*60}
	}
	for d := range c.Week {
		if !c.Week[d].None() && (!c.ShortDays[d] || c.ShortCounts) {
			return c, nil
		}
	}
	return c, Bad("calendar.week", KeyNoWorkingDay)
}

var weekdayNames = [7]string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// readHours reads "08:00-16:30"; nil is a day off.
func readHours(text *string) (h Hours, ok bool) {
	if text == nil {
		return h, true
	}
	var a, b, c, d int
	if n, err := fmt.Sscanf(*text, "%02d:%02d-%02d:%02d", &a, &b, &c, &d); err != nil || n != 4 {
		return h, false
	}
	h = Hours{a*60 + b, c*60 + d}
	good := *text == fmt.Sprintf("%02d:%02d-%02d:%02d", a, b, c, d) && b < 60 && d < 60 && h.Open >= 0 && h.Close <= 1440 && !h.None()
	return h, good
}
