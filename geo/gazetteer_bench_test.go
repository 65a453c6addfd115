package geo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

// bigCity makes a city of so many streets, with made-up names of the shapes
// that Hebrew names have, and twenty houses on each.
func bigCity(streets int) register {
	rng := rand.New(rand.NewPCG(7, 7))
	firsts := strings.Fields("יצחק משה דוד חיים יוסף אברהם יעקב שמואל אליהו מנחם נתן שלמה רחל לאה חנה שרה")
	letters := []rune("אבגדהוזחטיכלמנסעפצקרשת")
	kinds := []string{"", "", "", "", "שדרות ", "סמטת ", "הרב ", `ד"ר `, "דרך "}
	seen := map[string]bool{}
	var r register
	for len(r.streets) < streets {
		name := kinds[rng.IntN(len(kinds))]
		if rng.IntN(3) == 0 {
			name += firsts[rng.IntN(len(firsts))] + " "
		}
		for range 3 + rng.IntN(5) {
			name += string(letters[rng.IntN(len(letters))])
		}
		if seen[name] {
			continue
		}
		seen[name] = true
		id := int64(len(r.streets) + 1)
		at := orb.Point{34.80 + rng.Float64()*0.1, 32.00 + rng.Float64()*0.1}
		dx, dy := (rng.Float64()-0.5)*0.008, (rng.Float64()-0.5)*0.008
		line := orb.LineString{}
		for k := range 6 {
			line = append(line, orb.Point{at[0] + dx*float64(k)/5, at[1] + dy*float64(k)/5})
		}
		r.streets = append(r.streets, Street{ID: id, Name: name, Geom: orb.MultiLineString{line}})
		for n := range 20 {
			r.addresses = append(r.addresses, Address{ID: int64(len(r.addresses) + 1), Street: id, House: fmt.Sprint(n + 1),
				Point: orb.Point{at[0] + dx*float64(n)/20 + float64(n%2)*0.0003, at[1] + dy*float64(n)/20}})
		}
	}
	return r
}

// bigQueries spoils addresses of the city in every way.
func bigQueries(r register, n int) []string {
	rng := rand.New(rand.NewPCG(3, 4))
	names := r.streetNames()
	var out []string
	for len(out) < n {
		a := r.addresses[rng.IntN(len(r.addresses))]
		if q, ok := damages[rng.IntN(len(damages))].do(rng, names[a.Street], a.House); ok {
			out = append(out, q)
		}
	}
	return out
}

func reportTimes(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

func BenchmarkFind(b *testing.B) {
	r := bigCity(3000)
	g := r.gazetteer()
	queries := bigQueries(r, 2000)
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		g.Find(queries[i%len(queries)], Bias{})
		took = append(took, time.Since(start))
	}
	reportTimes(b, took)
}

func BenchmarkSuggest(b *testing.B) {
	r := bigCity(3000)
	g := r.gazetteer()
	near := orb.Point{34.85, 32.05}
	var typed []string
	for _, q := range bigQueries(r, 300) {
		runes := []rune(q)
		for n := 2; n <= len(runes); n++ {
			typed = append(typed, string(runes[:n]))
		}
	}
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		g.Suggest(typed[i%len(typed)], Bias{Near: &near})
		took = append(took, time.Since(start))
	}
	reportTimes(b, took)
}

func BenchmarkReverse(b *testing.B) {
	r := bigCity(3000)
	g := r.gazetteer()
	rng := rand.New(rand.NewPCG(5, 6))
	for b.Loop() {
		g.Reverse(orb.Point{34.80 + rng.Float64()*0.1, 32.00 + rng.Float64()*0.1}, Bias{})
	}
}

func BenchmarkNewGazetteer(b *testing.B) {
	r := bigCity(3000)
	for b.Loop() {
		r.gazetteer()
	}
}
