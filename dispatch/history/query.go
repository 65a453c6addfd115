package history

import (
	"slices"
	"time"

	"moked/dispatch"
)

// Key is what figures are told apart by.
type Key string

// The keys. Hour is the hour of the authority's week in which a report was filed,
// from Sunday's midnight: 0 to 167. Month is the month of the authority's calendar in which a report
// was filed, was closed, or stood open at the end.
const (
	ByDepartment    Key = "department"
	ByCategory      Key = "category"
	ByDistrict      Key = "district"
	ByNeighbourhood Key = "neighbourhood"
	ByChannel       Key = "channel"
	ByHour          Key = "hour"
	ByMonth         Key = "month"
)

// Keys lists every key.
func Keys() []Key {
	return []Key{ByDepartment, ByCategory, ByDistrict, ByNeighbourhood, ByChannel, ByHour, ByMonth}
}

// Where narrows what is counted: of each kind that is given, one of the codes.
// The empty code is of none: in no district, say.
type Where struct {
	Departments, Categories, Districts, Neighbourhoods, Channels, Hours []string
}

// Query asks for what happened in [From, To), told apart by By.
type Query struct {
	From, To time.Time
	Where    Where
	By       []Key
}

// The keys of the texts that the history's errors name.
const (
	KeyBadPeriod   = "error.bad-period" // it ends before it begins
	KeyBadDate     = "error.bad-date"
	KeyLongPeriod  = "error.long-period"  // {max} years
	KeyUnknownKey  = "error.unknown-key"  // {key}
	KeyManyGroups  = "error.many-groups"  // {max}
	KeyUnknownMark = "error.unknown-mark" // {mark}, {all}
	KeyNotRead     = "error.history-not-read"
	KeyBadCell     = "error.bad-cell"   // {min} to {max} metres
	KeyManyCells   = "error.many-cells" // at least {min} metres
	KeyBadHour     = "error.bad-hour"
	KeyBadMonth    = "error.bad-month"
	KeyOpenMonth   = "error.open-month"       // it isn't over
	KeyNotYours    = "error.not-your-figures" // {code} of a district or a department
)

// ErrorKeys lists the keys that the history's errors may carry.
func ErrorKeys() []string {
	return []string{KeyBadPeriod, KeyBadDate, KeyLongPeriod, KeyUnknownKey, KeyManyGroups, KeyUnknownMark, KeyNotRead, KeyBadCell, KeyManyCells, KeyBadHour, KeyBadMonth, KeyOpenMonth, KeyNotYours}
}

// maxYears is how long a period may be.
const maxYears = 50

// Period reads a question's bounds: dates of the authority's calendar, of which
// the first begins the period and the second, which isn't in it any more, ends
// it; or instants as of RFC 3339. Without a text the period begins with the
// month, and ends with the day.
func (h *History) Period(authority, from, to string) (begin, end time.Time, err error) {
	p := h.of(authority)
	if p == nil {
		return begin, end, notRead()
	}
	y, m, d := h.clock().In(p.zone).Date()
	if begin, err = p.date(from, "from", time.Date(y, m, 1, 0, 0, 0, 0, p.zone)); err != nil {
		return begin, end, err
	}
	end, err = p.date(to, "to", time.Date(y, m, d+1, 0, 0, 0, 0, p.zone))
	return begin, end, err
}

// Years are the years of the authority's calendar in which its first and its last
// report were filed; this one, where there is none.
func (h *History) Years(authority string) (first, last int, err error) {
	p := h.of(authority)
	if p == nil {
		return 0, 0, notRead()
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.columns.len() == 0 {
		y := h.clock().In(p.zone).Year()
		return y, y, nil
	}
	year := func(at int64) int { return time.UnixMicro(at).In(p.zone).Year() }
	return year(slices.Min(p.columns.filed)), year(slices.Max(p.columns.filed)), nil
}

func (p *past) date(text, field string, without time.Time) (time.Time, error) {
	if text == "" {
		return without, nil
	}
	at, err := time.ParseInLocation(time.DateOnly, text, p.zone)
	if err != nil {
		at, err = time.Parse(time.RFC3339, text)
	}
	if err != nil {
		return at, dispatch.Bad(field, KeyBadDate)
	}
	return at, nil
}

func notRead() error { return &dispatch.Error{Code: dispatch.Unavailable, Key: KeyNotRead} }

func (q Query) check() error {
	if !q.From.Before(q.To) {
		return dispatch.Bad("to", KeyBadPeriod)
	}
	if q.To.After(q.From.AddDate(maxYears, 0, 0)) {
		return &dispatch.Error{Code: dispatch.Invalid, Key: KeyLongPeriod, Field: "to", Args: map[string]any{"max": maxYears}}
	}
	for _, h := range q.Where.Hours {
		if _, ok := weekHours.number[h]; !ok {
			return dispatch.Bad("hour", KeyBadHour)
		}
	}
	for _, k := range q.By {
		if !slices.Contains(Keys(), k) {
			return &dispatch.Error{Code: dispatch.Invalid, Key: KeyUnknownKey, Field: "by", Args: map[string]any{"key": string(k)}}
		}
	}
	return nil
}

// allow narrows a query to what the actor may see the figures of: with its own
// district or department where it has one. To ask for another's is refused,
// with nothing about it.
func (q *Query) allow(who dispatch.Actor) error {
	if !who.Holds(dispatch.FigureRead) || who.Role == dispatch.DistrictManager && who.District == "" || who.Role == dispatch.DepartmentHead && who.Department == "" {
		return &dispatch.Error{Code: dispatch.Forbidden, Key: dispatch.KeyForbidden}
	}
	for _, own := range []struct {
		code, field string
		asked       *[]string
	}{{who.District, "district", &q.Where.Districts}, {who.Department, "department", &q.Where.Departments}} {
		if own.code == "" {
			continue
		}
		for _, code := range *own.asked {
			if code != own.code {
				return &dispatch.Error{Code: dispatch.Forbidden, Key: KeyNotYours, Field: own.field, Args: map[string]any{"code": code}}
			}
		}
		*own.asked = []string{own.code}
	}
	return nil
}

// stretch is one period of a query, in microseconds; its end is now where now
// is earlier than to.
type stretch struct{ from, to, end int64 }

// stretches are the query's months, or the one period that it is.
func (p *past) stretches(q Query, now time.Time) []stretch {
	var all []stretch
	add := func(from, to time.Time) {
		s := stretch{from.UnixMicro(), to.UnixMicro(), to.UnixMicro()}
		s.end = min(s.end, now.UnixMicro())
		all = append(all, s)
	}
	if !slices.Contains(q.By, ByMonth) {
		add(q.From, q.To)
		return all
	}
	for from := q.From; from.Before(q.To); {
		y, m, _ := from.In(p.zone).Date()
		to := time.Date(y, m+1, 1, 0, 0, 0, 0, p.zone)
		if to.After(q.To) {
			to = q.To
		}
		add(from, to)
		from = to
	}
	return all
}
