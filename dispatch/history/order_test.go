package history

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// TestOrderFindsWhatChanged lets keys and copies change, come and go, and holds
// every range of the order against looking at all, until it is arranged anew.
func TestOrderFindsWhatChanged(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(106, 21))
	type report struct{ key, value uint64 }
	var all []report
	key := func(n uint32) uint64 { return all[n].key }
	of := func(n uint32) uint64 { return all[n].value }
	some := func() report { return report{uint64(r.IntN(60)), r.Uint64N(5)} } // 0 is left out
	for range 3000 {
		all = append(all, some())
	}
	o := order[uint64]{}
	o.arrange(len(all), key, of)
	for change := range 1500 {
		switch r.IntN(12) {
		case 0:
			all = append(all, some())
			o.came(uint32(len(all) - 1))
		default:
			n := uint32(r.IntN(len(all)))
			was := all[n]
			if all[n] = some(); all[n] != was {
				o.changed(n, was.key)
			}
		}
		if change == 900 {
			o.arrange(len(all), key, of)
		}
		low := uint64(1 + r.IntN(60))
		high := low + uint64(r.IntN(20))
		type seen struct {
			N     uint32
			Value uint64
		}
		var got, want []seen
		o.between(low, high, key, of, func(ns []uint32, values []uint64) {
			for i, n := range ns {
				got = append(got, seen{n, values[i]})
			}
		})
		for n, k := range all {
			if k.key >= low && k.key <= high {
				want = append(want, seen{uint32(n), k.value})
			}
		}
		slices.SortFunc(got, func(a, b seen) int { return cmp.Compare(a.N, b.N) })
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Fatalf("after %d changes, from %d to %d (-all +order):\n%s", change+1, low, high, diff)
		}
	}
}
