package osm

import (
	"slices"
	"strings"
	"unicode"

	"moked/geo"
)

// named reads what a thing is called: its name as the locals write it, its
// name by language, and other names that it goes by.
func named(t tags) (string, geo.Names, []string) {
	names := geo.Names{}
	for _, lang := range []string{"he", "en", "ru", "ar"} {
		if n := t["name:"+lang]; n != "" {
			names[lang] = n
		}
	}
	n := t["name"]
	if n == "" {
		n = t.first("name:he", "name:en")
	}
	if lang := script(n); lang != "" && names[lang] == "" {
		names[lang] = n
	}
	if names["en"] == "" && t["int_name"] != "" {
		names["en"] = t["int_name"]
	}
	if len(names) == 0 {
		names = nil
	}
	var aliases []string
	for _, k := range []string{
		"alt_name", "alt_name:he", "alt_name:en", "old_name", "old_name:he", "short_name", "short_name:he",
		"loc_name", "official_name", "official_name:he", "bridge:name",
	} {
		for _, a := range strings.Split(t[k], ";") {
			aliases = addAlias(aliases, strings.TrimSpace(a), n)
		}
	}
	return n, names, aliases
}

func addAlias(to []string, alias, name string) []string {
	if alias == "" || alias == name || slices.Contains(to, alias) {
		return to
	}
	return append(to, alias)
}

// script guesses a name's language by its first letter, where the alphabet
// tells.
func script(s string) string {
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Hebrew, r):
			return "he"
		case unicode.Is(unicode.Arabic, r):
			return "ar"
		case unicode.Is(unicode.Cyrillic, r):
			return "ru"
		case unicode.IsLetter(r):
			return ""
		}
	}
	return ""
}
