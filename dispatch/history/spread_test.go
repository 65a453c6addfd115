package history

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

func TestRankedIsTheSortedValue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SliceOfN(rapid.Int64Range(0, 40), 1, 200).Draw(t, "v")
		rank := rapid.IntRange(1, len(v)).Draw(t, "rank")
		sorted := slices.Sorted(slices.Values(v))
		if got := ranked(v, rank); got != sorted[rank-1] {
			t.Fatalf("got %d, want %d", got, sorted[rank-1])
		}
		slices.Sort(v)
		if !slices.Equal(v, sorted) {
			t.Fatal("values were lost")
		}
	})
}

func TestRanksOfManyAreTheSortedValues(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 106))
	for _, most := range []int64{1, 3, 70_000, 1 << 40, math.MaxInt64} {
		v := make([]int64, buckets)
		for n := range v {
			v[n] = r.Int64N(most)
			if n%3 == 0 {
				v[n] /= 1 + r.Int64N(1_000_000)
			}
		}
		sorted := slices.Sorted(slices.Values(v))
		for _, rank := range []int{1, 2, 777, len(v) / 2, len(v) - 1, len(v)} {
			if a, b := ranks(v, rank, len(v)+1-rank); a != sorted[rank-1] || b != sorted[len(v)-rank] {
				t.Errorf("below %d: rank %d is %d and %d, want %d and %d", most, rank, a, b, sorted[rank-1], sorted[len(v)-rank])
			}
		}
	}
}

// TestPutKeepsOneOfEach puts reports in any order, some again, among ids that
// fall on the same slots.
func TestPutKeepsOneOfEach(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var c columns
		last := map[uuid.UUID]int64{}
		for n := range rapid.IntRange(0, 300).Draw(t, "n") {
			var id uuid.UUID
			binary.BigEndian.PutUint32(id[:], uint32(rapid.IntRange(0, 200).Draw(t, "id")))
			binary.LittleEndian.PutUint32(id[12:], uint32(rapid.IntRange(0, 7).Draw(t, "slot")))
			c.put(&row{id: id, filed: int64(n)})
			last[id] = int64(n)
		}
		if c.len() != len(last) {
			t.Fatalf("%d reports, want %d", c.len(), len(last))
		}
		for n, id := range c.id {
			if c.filed[n] != last[id] {
				t.Fatalf("%v: %d, want %d", id, c.filed[n], last[id])
			}
		}
	})
}
