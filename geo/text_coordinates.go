package geo

import (
	"math"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

var (
	decimalPair = regexp.MustCompile(`^\(?\s*(-?\d{1,7}(?:\.\d+)?)°?\s*([NSEWnsew]?)\s*[,;\s]\s*(-?\d{1,7}(?:\.\d+)?)°?\s*([NSEWnsew]?)\s*\)?$`)
	sideFirst   = regexp.MustCompile(`([NSEWnsew])\s*` + degrees)
	sideLast    = regexp.MustCompile(degrees + `([NSEWnsew])?`)
	linkPair    = regexp.MustCompile(`(?:^|[@=/:,(]|ll\.)(-?\d{1,3}\.\d{2,})(?:,|%2C|%2c|\+|;)\s*(-?\d{1,3}\.\d{2,})`)
	linkData    = regexp.MustCompile(`!3d(-?\d{1,3}\.\d+)!4d(-?\d{1,3}\.\d+)`)
	linkSplit   = regexp.MustCompile(`[?&#](?:m?lat)=(-?\d{1,3}\.\d+).*?[&](?:m?lon|m?lng)=(-?\d{1,3}\.\d+)`)
	linkMap     = regexp.MustCompile(`#map=\d+(?:\.\d+)?/(-?\d{1,3}\.\d+)/(-?\d{1,3}\.\d+)`)
)

// degrees matches degrees, minutes and seconds, the latter two as far as given.
const degrees = `(\d{1,3})\s*°\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′’]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*(?:"|″|”|'')\s*)?`

// ParseCoordinates reads a text that is a position and nothing else: a pair of
// degrees, latitude first unless only the other order makes sense, degrees and
// minutes, a pair on the Israeli grid, a geo: URI or a link of a map service.
// Sure is false when the pair had to be turned round.
func ParseCoordinates(text string) (p orb.Point, sure, ok bool) {
	if len(text) > maxText*4 {
		return orb.Point{}, false, false
	}
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r >= 0x200B && r <= 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, text))
	if !strings.ContainsAny(text, "0123456789") {
		return orb.Point{}, false, false
	}
	if strings.HasPrefix(strings.ToLower(text), "geo:") || strings.Contains(text, "://") || strings.HasPrefix(text, "www.") || strings.HasPrefix(text, "maps.") || strings.HasPrefix(text, "waze.") {
		return parseLink(text)
	}
	if m := decimalPair.FindStringSubmatch(text); m != nil {
		return parsePair(m[1], m[2], m[3], m[4])
	}
	return parseDegrees(text)
}

func parsePair(first, side1, second, side2 string) (orb.Point, bool, bool) {
	a, err1 := strconv.ParseFloat(first, 64)
	b, err2 := strconv.ParseFloat(second, 64)
	if err1 != nil || err2 != nil {
		return orb.Point{}, false, false
	}
	if side1 != "" && side2 != "" {
		return bySides(a, side1, b, side2)
	}
	if math.Abs(a) > 1000 && math.Abs(b) > 1000 {
		for i, p := range []orb.Point{{a, b}, {b, a}} {
			if KindOf(p) == EastNorth {
				return FromITM(p), i == 0, true
			}
		}
		return orb.Point{}, false, false
	}
	// Two whole numbers are a street and a house sooner than a position.
	if !strings.Contains(first, ".") || !strings.Contains(second, ".") {
		return orb.Point{}, false, false
	}
	return latitudeFirst(a, b)
}

// latitudeFirst takes a pair for latitude and longitude, or the other way
// round where only that is in the country, or on the globe.
func latitudeFirst(a, b float64) (orb.Point, bool, bool) {
	straight, turned := orb.Point{b, a}, orb.Point{a, b}
	switch {
	case KindOf(straight) == LonLat:
		return straight, true, true
	case KindOf(turned) == LonLat:
		return turned, false, true
	case math.Abs(a) <= 90 && math.Abs(b) <= 180:
		return straight, true, true
	}
	return orb.Point{}, false, false
}

func bySides(a float64, side1 string, b float64, side2 string) (orb.Point, bool, bool) {
	s1, s2 := strings.ToUpper(side1), strings.ToUpper(side2)
	if s1 == "S" || s1 == "W" {
		a = -a
	}
	if s2 == "S" || s2 == "W" {
		b = -b
	}
	vertical := func(s string) bool { return s == "N" || s == "S" }
	switch {
	case vertical(s1) && !vertical(s2):
	case vertical(s2) && !vertical(s1):
		a, b = b, a
	default:
		return orb.Point{}, false, false
	}
	if math.Abs(a) > 90 || math.Abs(b) > 180 {
		return orb.Point{}, false, false
	}
	return orb.Point{b, a}, true, true
}

// parseDegrees reads 32°19'48"N 34°51'36"E.
func parseDegrees(text string) (orb.Point, bool, bool) {
	re, sideGroup, first := sideLast, 4, 1
	if strings.ContainsRune("NSEWnsew", rune(text[0])) {
		re, sideGroup, first = sideFirst, 1, 2
	}
	all := re.FindAllStringSubmatchIndex(text, 3)
	if len(all) != 2 {
		return orb.Point{}, false, false
	}
	rest := text[:all[0][0]] + text[all[0][1]:all[1][0]] + text[all[1][1]:]
	if strings.Trim(rest, " ,;/()") != "" {
		return orb.Point{}, false, false
	}
	var v [2]float64
	var side [2]string
	for i, m := range all {
		group := func(k int) string {
			if m[2*k] < 0 {
				return ""
			}
			return text[m[2*k]:m[2*k+1]]
		}
		unit := 1.0
		for k := first; k < first+3; k++ {
			if n, err := strconv.ParseFloat(group(k), 64); err == nil {
				if k > first && n >= 60 {
					return orb.Point{}, false, false
				}
				v[i] += n / unit
			}
			unit *= 60
		}
		side[i] = group(sideGroup)
	}
	if side[0] != "" || side[1] != "" {
		return bySides(v[0], side[0], v[1], side[1])
	}
	return latitudeFirst(v[0], v[1])
}

// parseLink finds the position in a geo: URI or a map's link. The place that
// a link points at comes before the middle of its view.
func parseLink(text string) (orb.Point, bool, bool) {
	if plain, err := url.PathUnescape(text); err == nil {
		text = plain
	}
	pointed := text
	for _, key := range []string{"q=", "query=", "ll=", "destination=", "daddr="} {
		if i := strings.Index(text, key); i > 0 && strings.ContainsRune("?&", rune(text[i-1])) {
			pointed = text[i:]
			if m := linkPair.FindStringSubmatch(pointed[:min(len(pointed), 80)]); m != nil {
				return linked(m)
			}
		}
	}
	for _, re := range []*regexp.Regexp{linkData, linkSplit, linkPair, linkMap} {
		if m := re.FindStringSubmatch(text); m != nil {
			return linked(m)
		}
	}
	return orb.Point{}, false, false
}

func linked(m []string) (orb.Point, bool, bool) {
	a, err1 := strconv.ParseFloat(m[1], 64)
	b, err2 := strconv.ParseFloat(m[2], 64)
	if err1 != nil || err2 != nil || math.Abs(a) > 90 || math.Abs(b) > 180 {
		return orb.Point{}, false, false
	}
	return orb.Point{b, a}, true, true
}

// coordinates answers a query that is a position.
func (g *Gazetteer) coordinates(text string, o Bias) ([]Result, bool) {
	p, sure, ok := ParseCoordinates(text)
	if !ok || !finite(p) {
		return nil, false
	}
	r := Result{Lat: p[1], Lon: p[0], Precision: Pin, Score: 0.99,
		Label: strconv.FormatFloat(p[1], 'f', 6, 64) + ", " + strconv.FormatFloat(p[0], 'f', 6, 64)}
	if !sure {
		r.Score = 0.9
	}
	return []Result{r}, true
}
