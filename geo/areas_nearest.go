package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// nearestShape finds which of the shapes has its border nearest to the point,
// the first in the list when several are equally near, and the nearest point of
// it; -1 when the list is empty. A degree of longitude counts k degrees of
// latitude; distances are in degrees of latitude, squared. rival is that of the
// runner-up, infinite without one, and only meaningful when wanted.
func (l *Locator) nearestShape(p orb.Point, k float64, of []int32, wantRival bool) (shape int, best, rival float64, at orb.Point) {
	shape, best, rival = -1, math.Inf(1), math.Inf(1)
	for _, o := range of {
		limit := best
		if wantRival {
			limit = rival
		}
		d, q := limit, at
		for i := l.starts[o]; i < l.starts[o+1]; i++ {
			l.parts[i].nearer(p[0], p[1], k, &d, &q)
		}
		switch {
		case d < best:
			shape, best, rival, at = int(o), d, best, q
		case d < limit:
			rival = d
		}
	}
	return shape, best, rival, at
}
