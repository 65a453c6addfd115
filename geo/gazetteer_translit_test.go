package geo

import (
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// TestTransliteration asks for Hebrew names by how English, Russian and
// Arabic write them. Some of those are translations, which no spelling finds.
func TestTransliteration(t *testing.T) {
	t.Parallel()
	features := readLayer(t, "oref_areas.geojson").Features
	var streets []Street
	for i, f := range features {
		streets = append(streets, Street{ID: int64(i + 1), Name: text(f.Properties["name"]),
			Geom: orb.MultiLineString{{{34 + float64(i)*0.001, 31}, {34 + float64(i)*0.001, 31.01}}}})
	}
	g := NewGazetteer(streets, nil, nil, nil)
	for lang, want := range map[string]float64{"en": 0.89, "ru": 0.90, "ar": 0.80} {
		asked, right, third := 0, 0, 0
		for i, f := range features {
			name := text(f.Properties["name_"+lang])
			if name == "" || strings.ContainsAny(streets[i].Name, "-0123456789,") {
				continue
			}
			asked++
			for k, r := range g.Find(name, Bias{Limit: 3}) {
				if r.Street == streets[i].Name {
					third++
					if k == 0 {
						right++
					}
					break
				}
			}
		}
		rate := float64(right) / float64(asked)
		t.Logf("%s: %d of %d first, %.1f %%; %.1f %% among three", lang, right, asked, 100*rate, 100*float64(third)/float64(asked))
		if rate < want {
			t.Errorf("%s: %.1f %% right, want %.0f", lang, 100*rate, 100*want)
		}
	}
}

func TestLatinNames(t *testing.T) {
	t.Parallel()
	var r register
	for i, name := range []string{"Rue Grimaldi", "Boulevard des Moulins", "Avenue de la Costa", "Boulevard Princesse Charlotte", "Avenue Princesse Grace",
		"Avenue des Spélugues", "Place d'Armes", "Quai Antoine 1er", "Avenue de Grande-Bretagne", "Rue Princesse Caroline", "Avenue Saint-Laurent", "Quai Jean-Charles Rey"} {
		at := orb.Point{7.42 + float64(i)*0.001, 43.73}
		r.streets = append(r.streets, Street{ID: int64(i + 1), Name: name, Geom: orb.MultiLineString{{at, {at[0], at[1] + 0.003}}}})
		for n, house := range []string{"1", "2", "7", "12", "12bis", "24"} {
			r.addresses = append(r.addresses, Address{ID: int64(len(r.addresses) + 1), Street: int64(i + 1), House: house, Point: orb.Point{at[0] + 0.0001, at[1] + float64(n)*0.0004}})
		}
	}
	g := r.gazetteer()
	for query, want := range map[string]string{
		"12 rue Grimaldi":             "Rue Grimaldi 12",
		"Rue Grimaldi, 12":            "Rue Grimaldi 12",
		"12, Rue Grimaldi 98000":      "Rue Grimaldi 12",
		"grimaldi 12":                 "Rue Grimaldi 12",
		"12 bis rue grimaldi":         "Rue Grimaldi 12bis",
		"rue grimaldy 12":             "Rue Grimaldi 12",
		"rue girmaldi 12":             "Rue Grimaldi 12",
		"24 bd des moulins":           "Boulevard des Moulins 24",
		"24 bd. moulins":              "Boulevard des Moulins 24",
		"7 av de la costa":            "Avenue de la Costa 7",
		"7 bd pcesse charlotte":       "Boulevard Princesse Charlotte 7",
		"2 avenue pincesse grace":     "Avenue Princesse Grace 2",
		"7 avenue des spelugues":      "Avenue des Spélugues 7",
		"7 AVENUE DES SPÉLUGUES":      "Avenue des Spélugues 7",
		"1 place d armes":             "Place d'Armes 1",
		"1 pl. d’Armes":               "Place d'Armes 1",
		"quai antoine 1er 7":          "Quai Antoine 1er 7",
		"7 quai antoine 1er":          "Quai Antoine 1er 7",
		"7 avenue de grande bretagne": "Avenue de Grande-Bretagne 7",
		"7 av. st laurent":            "Avenue Saint-Laurent 7",
		"jean charles rey 12":         "Quai Jean-Charles Rey 12",
		"גרימלדי 12":                  "Rue Grimaldi 12",
		"улица Гримальди 12":          "Rue Grimaldi 12",
		"ערןצשךגן 12":                 "Rue Grimaldi 12", // the keyboard was left in Hebrew
	} {
		res := g.Find(query, Bias{})
		if len(res) == 0 || res[0].Label != want {
			t.Errorf("%q: %+v, want %s", query, first(res), want)
		}
	}
}
