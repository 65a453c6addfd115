package osm

import (
	"strconv"
	"strings"
)

// class is what a value of highway=* means for driving: the speed limit in
// km/h where the road itself states none, the share of the limit that a van
// keeps over a whole trip, and what holds where no access key does.
//
// Limits are those of Israel's traffic regulations: 110 on motorways, 90 on
// divided roads, 50 in built-up areas, which an extract of a city is taken for
// from primary roads down. The shares are an assumption, not a measurement:
// they stand for junctions, lights and parked cars, and bring a residential
// street without a stated limit to 30 km/h.
type class struct {
	speed    float64
	share    float64
	fallback permission
}

var classes = map[string]class{
	"motorway":       {110, 0.9, free},
	"motorway_link":  {60, 0.8, free},
	"trunk":          {90, 0.8, free},
	"trunk_link":     {50, 0.8, free},
	"primary":        {50, 0.75, free},
	"primary_link":   {50, 0.7, free},
	"secondary":      {50, 0.7, free},
	"secondary_link": {50, 0.7, free},
	"tertiary":       {50, 0.65, free},
	"tertiary_link":  {50, 0.65, free},
	"unclassified":   {50, 0.6, free},
	"road":           {50, 0.6, free},
	"residential":    {50, 0.6, free},
	"living_street":  {20, 0.7, free},
	"service":        {20, 0.7, free},
	"track":          {15, 0.8, free},
	"pedestrian":     {10, 0.8, closed},
	"footway":        {10, 0.8, closed},
	"path":           {10, 0.8, closed},
	"cycleway":       {10, 0.8, closed},
	"busway":         {50, 0.7, closed},
}

// onSufferance is the share of speed kept where access is restricted: the
// search takes such a street to reach it, and not as a short cut.
const onSufferance = 0.4

// unpaved caps the speed on loose ground, in km/h.
const unpaved = 20.0

var loose = map[string]bool{
	"unpaved": true, "gravel": true, "fine_gravel": true, "ground": true, "dirt": true, "earth": true,
	"sand": true, "mud": true, "grass": true, "pebblestone": true, "compacted": false,
}

// zones are limits stated by what law applies, as "IL:urban". Where a country
// is not listed its kind of zone decides.
var zones = map[string]float64{
	"urban": 50, "rural": 80, "trunk": 90, "motorway": 110, "living_street": 20, "pedestrian_zone": 10,
	"bicycle_road": 30, "school": 30,
	"il:rural": 80, "il:urban": 50, "il:motorway": 110,
}

// speeds gives the effective speeds in km/h along a line and against it.
func speeds(t tags) (forward, backward float64) {
	c := classes[t["highway"]]
	effective := func(direction string) float64 {
		limit := 0.0
		for _, k := range []string{"maxspeed:" + direction, "maxspeed", "maxspeed:type", "source:maxspeed", "zone:maxspeed"} {
			if limit = limitOf(t[k]); limit > 0 {
				break
			}
		}
		if limit == 0 {
			limit = c.speed
		}
		v := max(limit*c.share, 3)
		if loose[t["surface"]] {
			v = min(v, unpaved)
		}
		return v
	}
	return effective("forward"), effective("backward")
}

// limitOf reads a value of maxspeed in km/h; 0 when it states none.
func limitOf(s string) float64 {
	s = strings.ToLower(strings.TrimSpace(s))
	if i := strings.IndexAny(s, ";|,"); i >= 0 { // several values: the first
		s = strings.TrimSpace(s[:i])
	}
	switch s {
	case "":
		return 0
	case "walk":
		return 7
	case "none":
		return 130
	}
	unit := 1.0
	for suffix, u := range map[string]float64{"km/h": 1, "kmh": 1, "kph": 1, "mph": 1.609344, "knots": 1.852} {
		if rest, ok := strings.CutSuffix(s, suffix); ok {
			s, unit = strings.TrimSpace(rest), u
			break
		}
	}
	if v, err := strconv.ParseFloat(s, 64); err == nil {
		if v >= 1 && v*unit <= 200 {
			return v * unit
		}
		return 0
	}
	if v := zones[s]; v > 0 {
		return v
	}
	country, zone, ok := strings.Cut(s, ":")
	if !ok || country == "" {
		return 0
	}
	if v := zones[zone]; v > 0 {
		return v
	}
	if v, err := strconv.ParseFloat(strings.TrimPrefix(zone, "zone"), 64); err == nil && v >= 1 && v <= 200 {
		return v // "DE:zone30", "IL:30"
	}
	return 0
}
