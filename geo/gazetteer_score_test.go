package geo

import (
	"math"
	"math/rand/v2"
	"testing"
)

// asking is an address as it was said, and where it is.
type asking struct {
	text string
	want Address
}

// askings spoils addresses once, twice or not at all, as a day's calls would.
func askings(r register, seed uint64, n int) []asking {
	rng := rand.New(rand.NewPCG(seed, seed))
	names := r.streetNames()
	var out []asking
	for len(out) < n {
		a := r.addresses[rng.IntN(len(r.addresses))]
		text, house := names[a.Street], a.House
		ok := true
		times := []int{0, 1, 1, 2, 2, 3}[rng.IntN(6)]
		for k := times; k > 0 && ok; k-- {
			d := damages[rng.IntN(len(damages))]
			if k > 1 { // only the name is spoilt twice
				for d.name == "number first" || d.name == "glued" || d.name == "flat" || d.name == "city" || d.name == "english keys" || d.name == "prefix" || d.name == "in a sentence" || d.name == "glued letter and error" {
					d = damages[rng.IntN(len(damages))]
				}
				var s string
				if s, ok = d.do(rng, text, ""); ok {
					text = s[:len(s)-1]
				}
				continue
			}
			text, ok = d.do(rng, text, house)
		}
		if ok {
			if times == 0 {
				text += " " + house
			}
			out = append(out, asking{text, a})
		}
	}
	return out
}

// withoutSome leaves out a part of the streets and a part of the houses: what
// callers name and the register doesn't have.
func withoutSome(r register, seed uint64) *Gazetteer {
	rng := rand.New(rand.NewPCG(seed, 99))
	gone := map[int64]bool{}
	var streets []Street
	dropped := map[string]bool{}
	for _, s := range r.streets {
		if _, ok := dropped[s.Name]; !ok {
			dropped[s.Name] = rng.IntN(12) == 0
		}
		if dropped[s.Name] {
			gone[s.ID] = true
			continue
		}
		streets = append(streets, s)
	}
	var addresses []Address
	for _, a := range r.addresses {
		if !gone[a.Street] && rng.IntN(8) != 0 {
			addresses = append(addresses, a)
		}
	}
	return NewGazetteer(streets, addresses, nil, r.areas)
}

// TestScore checks that of the first answers with a score, such a share is
// right: the place within 60 metres of where it should be, the street where
// only that was found.
func TestScore(t *testing.T) {
	t.Parallel()
	for city, r := range map[string]register{"real": netivot(t), "model": modelTown(), "made up": bigCity(800)} {
		t.Run(city, func(t *testing.T) {
			t.Parallel()
			checkScores(t, r)
		})
	}
}

func checkScores(t *testing.T, r register) {
	type bin struct {
		n, right int
		sum      float64
	}
	var bins [10]bin
	names := r.streetNames()
	for _, seed := range []uint64{11, 12, 13} {
		g := withoutSome(r, seed)
		for _, a := range askings(r, seed, 2000) {
			res := g.Find(a.text, Bias{Limit: 1})
			if len(res) == 0 {
				continue
			}
			top := res[0]
			b := &bins[min(int(top.Score*10), 9)]
			b.n++
			b.sum += top.Score
			if top.Precision.Located() && Metres(top.Point(), a.want.Point) < 60 ||
				!top.Precision.Located() && Normalise(top.Street) == Normalise(names[a.want.Street]) {
				b.right++
			}
		}
	}
	for i, b := range bins {
		if b.n == 0 {
			continue
		}
		mean, rate := b.sum/float64(b.n), float64(b.right)/float64(b.n)
		t.Logf("score %.1f–%.1f: %5d answers, mean score %.2f, right %.2f", float64(i)/10, float64(i+1)/10, b.n, mean, rate)
		// A share of few answers strays by itself, three times in a thousand
		// by more than three of its standard deviations.
		stray := 3 * math.Sqrt(mean*(1-mean)/float64(b.n))
		if off := mean - rate; off > 0.06+stray || off < -0.15-stray {
			t.Errorf("score %.1f–%.1f: mean %.2f, but %.2f are right", float64(i)/10, float64(i+1)/10, mean, rate)
		}
	}
}
