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
	type bin struct {
		n, right int
		sum      float64
	}
	bins := make([]bin, 10)
	byKind := map[Precision]*bin{}
	for _, seed := range []uint64{11, 12, 13, 14} {
		for _, r := range []register{netivot(t), modelTown(), bigCity(800)} {
			g := withoutSome(r, seed)
			names := r.streetNames()
			for _, a := range askings(r, seed, 1500) {
				res := g.Find(a.text, Bias{Limit: 1})
				if len(res) == 0 {
					continue
				}
				top := res[0]
				right := top.Precision.Located() && Metres(top.Point(), a.want.Point) < 60 ||
					!top.Precision.Located() && Normalise(top.Street) == Normalise(names[a.want.Street])
				b := &bins[min(int(top.Score*10), 9)]
				k := byKind[top.Precision]
				if k == nil {
					k = &bin{}
					byKind[top.Precision] = k
				}
				for _, b := range []*bin{b, k} {
					b.n++
					b.sum += top.Score
					if right {
						b.right++
					}
				}
			}
		}
	}
	for i, b := range bins {
		if b.n == 0 {
			continue
		}
		mean, rate := b.sum/float64(b.n), float64(b.right)/float64(b.n)
		if b.n >= 200 && math.Abs(mean-rate) > 0.12 {
			t.Errorf("score %.1f–%.1f: mean %.2f, but %.2f are right", float64(i)/10, float64(i+1)/10, mean, rate)
		}
		t.Logf("score %.1f–%.1f: %5d answers, mean score %.2f, right %.2f", float64(i)/10, float64(i+1)/10, b.n, mean, rate)
	}
	for k, b := range byKind {
		t.Logf("%s: %d, mean %.2f, right %.2f", k, b.n, b.sum/float64(b.n), float64(b.right)/float64(b.n))
	}
}
