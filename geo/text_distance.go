package geo

// Costs are in twentieths of a typing error.
const oneEdit = 20

// spelling holds what the differences between two words cost: a word as it
// was said or typed, and a word as it is written in the register.
type spelling struct {
	sub         [symCount][symCount]uint8 // [said][written]
	extra, miss [symCount]uint8           // a symbol only said, only written
	firstExtra  [symCount]uint8           // the same at the word's beginning
	firstMiss   [symCount]uint8
	lastExtra   [symCount]uint8 // and at its end
	lastMiss    [symCount]uint8
	double      [symCount]uint8 // a symbol said twice that is written once, or the reverse
	swap        uint8           // two neighbours exchanged
}

// distance is the least cost of turning said into written, or over when it is
// more than limit. With open, said may go on: what is left of written is free.
func (t *spelling) distance(said, written string, limit int, open bool) int {
	const over = 1 << 14
	n, m := len(said), len(written)
	if n > maxWord || m > maxWord {
		return over
	}
	var rows [3][maxWord + 1]int16
	var miss [maxWord]int16
	for j := range m {
		c := written[j]
		switch {
		case j == 0:
			miss[j] = int16(t.firstMiss[c])
		case c == written[j-1]:
			miss[j] = int16(t.double[c])
		case j == m-1:
			miss[j] = int16(t.lastMiss[c])
		default:
			miss[j] = int16(t.miss[c])
		}
	}
	prev2, prev, cur := &rows[0], &rows[1], &rows[2]
	prev[0] = 0
	for j := range m {
		prev[j+1] = prev[j] + miss[j]
	}
	for i := range n {
		c := said[i]
		var extra int16
		switch {
		case i == 0:
			extra = int16(t.firstExtra[c])
		case c == said[i-1]:
			extra = int16(t.double[c])
		case i == n-1 && !open:
			extra = int16(t.lastExtra[c])
		default:
			extra = int16(t.extra[c])
		}
		sub := &t.sub[c]
		cur[0] = prev[0] + extra
		least := cur[0]
		for j := range m {
			w := written[j]
			d := prev[j] + int16(sub[w])
			if e := prev[j+1] + extra; e < d {
				d = e
			}
			if e := cur[j] + miss[j]; e < d {
				d = e
			}
			if i > 0 && j > 0 && c == written[j-1] && said[i-1] == w && c != w {
				if e := prev2[j-1] + int16(t.swap); e < d {
					d = e
				}
			}
			cur[j+1] = d
			if d < least {
				least = d
			}
		}
		// A swap looks two rows back, so a row may rise above the limit by
		// one swap's price and still come down.
		if int(least) > limit+int(t.swap) {
			return over
		}
		prev2, prev, cur = prev, cur, prev2
	}
	best := int(prev[m])
	if open {
		for j := 0; j < m; j++ {
			best = min(best, int(prev[j]))
		}
	}
	if best > limit {
		return over
	}
	return best
}
