package ogc

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"
)

// readBox reads a bbox: west, south, east, north in degrees of WGS84, or with
// heights between, which aren't looked at. A box whose west lies east of its
// east crosses the antimeridian: it is two. ok is false where it can't be read.
func readBox(s string) (boxes []orb.Bound, ok bool) {
	parts := strings.Split(s, ",")
	if len(parts) != 4 && len(parts) != 6 {
		return nil, false
	}
	v := make([]float64, len(parts))
	for n, p := range parts {
		x, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, false
		}
		v[n] = x
	}
	if len(v) == 6 {
		if v[2] > v[5] {
			return nil, false
		}
		v = []float64{v[0], v[1], v[3], v[4]}
	}
	west, south, east, north := v[0], v[1], v[2], v[3]
	if south > north || south < -90 || north > 90 || west < -180 || west > 180 || east < -180 || east > 180 {
		return nil, false
	}
	box := func(west, east float64) orb.Bound {
		return orb.Bound{Min: orb.Point{west, south}, Max: orb.Point{east, north}}
	}
	if west > east {
		return []orb.Bound{box(west, 180), box(-180, east)}, true
	}
	return []orb.Bound{box(west, east)}, true
}

// readTime reads a datetime: an instant as of RFC 3339, a day of UTC, or an
// interval of two, of which one may be open (".." or nothing). Both ends belong
// to it. ok is false where it can't be read, or ends before it begins.
func readTime(s string) (from, to *time.Time, ok bool) {
	first, last, interval := strings.Cut(s, "/")
	if !interval {
		if first == "" || first == ".." {
			return nil, nil, false
		}
		last = first
	}
	from, okFrom := readEnd(first, false)
	to, okTo := readEnd(last, true)
	if !okFrom || !okTo || from == nil && to == nil || from != nil && to != nil && to.Before(*from) {
		return nil, nil, false
	}
	return from, to, true
}

// readEnd reads one end of an interval; nil is an open one. A day's last instant
// is its end.
func readEnd(s string, last bool) (*time.Time, bool) {
	if s == "" || s == ".." {
		return nil, true
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		if at, err = time.Parse(time.DateOnly, s); err != nil {
			return nil, false
		}
		if last {
			at = at.AddDate(0, 0, 1).Add(-time.Microsecond)
		}
	}
	at = at.UTC()
	if at.Year() < 1 || at.Year() > 9999 {
		return nil, false
	}
	return &at, true
}

// How many features a page has where nobody says, and at most.
const (
	fewFeatures  = 100
	mostFeatures = 10_000
)

// readLimit reads a limit: more than the most is the most, as the standard has it.
func readLimit(s string) (int, bool) {
	if s == "" {
		return fewFeatures, true
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		// Digits beyond what a number holds are still many.
		if strings.Trim(s, "0123456789") == "" {
			return mostFeatures, true
		}
		return 0, false
	}
	return min(n, mostFeatures), n >= 1
}
