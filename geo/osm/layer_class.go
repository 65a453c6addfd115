package osm

import (
	"strings"

	"moked/geo"
)

// roadWords maps what municipal layers call their roads to highway=*: the
// first word that the class contains decides.
var roadWords = []struct{ word, highway string }{
	{"לא סלול", "track"}, {"עפר", "track"}, {"חקלאי", "track"}, {"כורכר", "track"},
	{"אופניים", "cycleway"}, {"מדרגות", "steps"}, {"הולכי", "footway"}, {"הולך", "footway"}, {"מדרכה", "footway"},
	{"שביל", "footway"}, {"טיילת", "footway"}, {"מדרחוב", "pedestrian"}, {"סמטה", "living_street"},
	{"מחלף", "motorway_link"}, {"רמפה", "trunk_link"}, {"מהיר", "motorway"}, {"אוטוסטרדה", "motorway"},
	{"בין עירוני", "trunk"}, {"בינעירוני", "trunk"}, {"ארצי", "trunk"},
	{"עורק", "primary"}, {"ראשי", "primary"}, {"מאסף", "secondary"}, {"משני", "tertiary"}, {"אזורי", "secondary"},
	{"משולב", "living_street"}, {"הולנדי", "living_street"}, {"שירות", "service"}, {"חניה", "service"}, {"חניון", "service"},
	{"גישה", "service"}, {"מקומי", "residential"}, {"מגורים", "residential"}, {"שכונתי", "residential"},
	{"stair", "steps"}, {"bicycle", "cycleway"}, {"pedestrian", "pedestrian"}, {"walk", "footway"},
	{"highway", "trunk"}, {"arterial", "primary"}, {"collector", "secondary"}, {"local", "residential"},
}

// highwayOf is the highway=* that a layer's class stands for; OSM's own words
// stand for themselves, and a class that is blank or not known is a street.
func highwayOf(class string) (highway string, known bool) {
	c := strings.ToLower(strings.TrimSpace(class))
	if _, ok := classes[c]; ok || c == "steps" {
		return c, true
	}
	c = " " + geo.Normalise(class) + " "
	for _, w := range roadWords {
		if strings.Contains(c, " "+geo.Normalise(w.word)) || strings.Contains(c, "ה"+geo.Normalise(w.word)) {
			return w.highway, true
		}
	}
	return "residential", strings.TrimSpace(c) == ""
}

// onewayOf reads a layer's word for a road's direction as OSM's value.
func onewayOf(s string) (oneway string, known bool) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "1", "yes", "true", "t", "y", "f", "ft", "forward", "oneway", "כן", "חד סטרי", "חד-סטרי", "חד־סטרי":
		return "yes", true
	case "-1", "tf", "backward", "reverse", "reversed", "הפוך", "נגד":
		return "-1", true
	case "", "0", "2", "no", "false", "n", "b", "both", "twoway", "לא", "דו סטרי", "דו-סטרי", "דו־סטרי":
		return "no", true
	}
	return "no", false
}
