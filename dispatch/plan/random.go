package plan

import (
	"math"
	"math/bits"
)

// random is splitmix64 (Steele, Lea and Flood, 2014), kept here so that it is
// inlined into the search.
type random uint64

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below is a whole number from 0 to n-1.
func (r *random) below(n int) int {
	hi, _ := bits.Mul64(r.next(), uint64(n))
	return int(hi)
}

// unit is in (0, 1].
func (r *random) unit() float64 { return float64(r.next()>>11+1) / (1 << 53) }

// gap is the number of trials up to and including the first that succeeds,
// when log1p(-p) of the chance p is given.
func (r *random) gap(logFail float64) int { return 1 + int(math.Log(r.unit())/logFail) }
