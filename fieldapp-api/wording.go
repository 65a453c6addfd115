package fieldapi

import (
	"cmp"
	"math"
	"strconv"
	"time"

	"moked/dispatch"
)

// named makes arguments of a text out of pairs.
func named(args []any) map[string]any {
	m := map[string]any{}
	for n := 0; n+1 < len(args); n += 2 {
		m[args[n].(string)] = args[n+1]
	}
	return m
}

// wording says figures in one language.
type wording struct{ lang string }

func (w wording) say(key string, args ...any) string {
	return text(w.lang, "charter."+key, named(args))
}

func (w wording) name(names map[string]string, otherwise string) string {
	return cmp.Or(names[w.lang], names["he"], names["en"], otherwise)
}

// number groups digits by three, as all four languages read them here.
func (w wording) number(n int) string {
	s := strconv.Itoa(n)
	for at := len(s) - 3; at > 0; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

// share is n of all in per cent.
func (w wording) share(n, all int) string {
	if all == 0 {
		return "–"
	}
	return strconv.FormatFloat(math.Round(1000*float64(n)/float64(all))/10, 'f', -1, 64) + "%"
}

func (w wording) span(seconds float64) string {
	hours := seconds / 3600
	n := func(v float64) string {
		if v < 10 {
			return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
		}
		return strconv.Itoa(int(math.Round(v)))
	}
	switch {
	case seconds <= 0:
		return "–"
	case hours < 1:
		return w.say("minutes", "n", strconv.Itoa(max(1, int(math.Round(seconds/60)))))
	case hours < 48:
		return w.say("hours", "n", n(hours))
	}
	return w.say("days", "n", n(hours/24))
}

func (w wording) standard(d dispatch.Duration) string {
	if d.N <= 0 {
		return "–"
	}
	return w.say(string(d.Unit), "n", strconv.FormatFloat(d.N, 'f', -1, 64))
}

// month is "05/2026", which all four languages read.
func (w wording) month(code string) string {
	at, err := time.Parse("2006-01", code)
	if err != nil {
		return code
	}
	return at.Format("01/2006")
}
