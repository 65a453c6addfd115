package osm

import (
	"encoding/json"
	"strconv"
	"strings"

	"moked/geo"
)

// text is a property as text: numbers without a needless fraction, blanks
// trimmed and run together; "" for null, lists and objects.
func (f *layerFeature) text(field string) string {
	if field == "" {
		return ""
	}
	switch v := f.values[field].(type) {
	case string:
		return strings.Join(strings.Fields(clean(v)), " ")
	case json.Number:
		if n, err := v.Float64(); err == nil && n == float64(int64(n)) {
			return strconv.FormatInt(int64(n), 10)
		}
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// numeric is a property as a number; false when it is none.
func (f *layerFeature) numeric(field string) (float64, bool) {
	s := strings.ReplaceAll(f.text(field), ",", "")
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil && n-n == 0
}

// names are a feature's name and its names by language.
func (f *layerFeature) names(by Fields) (string, geo.Names) {
	name := f.text(by.Name)
	names := geo.Names{}
	for lang, field := range map[string]string{"en": by.NameEN, "ru": by.NameRU, "ar": by.NameAR} {
		if n := f.text(field); n != "" {
			names[lang] = n
		}
	}
	if lang := script(name); lang != "" && names[lang] == "" {
		names[lang] = name
	}
	if len(names) == 0 {
		return name, nil
	}
	return name, names
}

// nameless are values by which a GIS says that a street has no name.
func nameless(name string) bool {
	switch geo.Normalise(name) {
	case "", geo.Normalise("ללא שם"), geo.Normalise("ללא"), geo.Normalise("אין"), "no name", "null", "none", "0":
		return true
	}
	return false
}
