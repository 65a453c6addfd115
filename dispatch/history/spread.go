package history

// Spread is how long something took, in seconds; without any N, nothing is known.
type Spread struct {
	N      int     `json:"n"`
	Mean   float64 `json:"mean_s"`
	Median float64 `json:"median_s"`
	P90    float64 `json:"p90_s"`
}

// spread reorders the times, which are microseconds.
func spread(took []int64) Spread {
	if len(took) == 0 {
		return Spread{}
	}
	var seconds, micros int64 // apart, so that the sum of any number is exact
	for _, t := range took {
		seconds, micros = seconds+t/1e6, micros+t%1e6
	}
	n := len(took)
	median, p90 := ranks(took, medianRank(n), p90Rank(n))
	return Spread{N: n, Mean: (float64(seconds) + float64(micros)/1e6) / float64(n), Median: float64(median) / 1e6, P90: float64(p90) / 1e6}
}

// The nearest ranks, from 1, of the median and of the 90th percentile of n values.
func medianRank(n int) int { return (n + 1) / 2 }
func p90Rank(n int) int    { return (9*n + 9) / 10 }

// fewValues is how many values are sooner sorted than selected from.
const fewValues = 24

// buckets is into how many parts many values are sorted roughly, before those
// of one part are looked at.
const buckets = 1 << 16

// ranks are the values of two ranks, from 1, the lower one first. The values
// aren't negative, and may be reordered.
func ranks(v []int64, a, b int) (int64, int64) {
	if len(v) <= fewValues {
		for i := 1; i < len(v); i++ {
			x, j := v[i], i
			for ; j > 0 && v[j-1] > x; j-- {
				v[j] = v[j-1]
			}
			v[j] = x
		}
		return v[a-1], v[b-1]
	}
	if len(v) < buckets/8 {
		// What is selected parts the smaller from the larger ones.
		first := ranked(v, a)
		if b == a {
			return first, first
		}
		return first, ranked(v[a:], b-a)
	}
	var most int64
	for _, x := range v {
		most = max(most, x)
	}
	shift := 0
	for most>>shift >= buckets {
		shift++
	}
	counts := make([]int32, buckets)
	for _, x := range v {
		counts[x>>shift]++
	}
	of := func(rank int) int64 {
		bucket := int64(0)
		for ; rank > int(counts[bucket]); bucket++ {
			rank -= int(counts[bucket])
		}
		same := make([]int64, 0, counts[bucket])
		for _, x := range v {
			if x>>shift == bucket {
				same = append(same, x)
			}
		}
		return ranked(same, rank)
	}
	return of(a), of(b)
}

// ranked is the rank-th smallest value, from 1. It reorders the values, those
// before it no larger and those after it no smaller (Hoare's selection, with the
// middle of three as the pivot).
func ranked(v []int64, rank int) int64 {
	k := rank - 1
	for lo, hi := 0, len(v)-1; lo < hi; {
		pivot := max(min(v[lo], v[hi]), min(max(v[lo], v[hi]), v[lo+(hi-lo)/2]))
		i, j := lo, hi
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for v[j] > pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return v[k]
		}
	}
	return v[k]
}
