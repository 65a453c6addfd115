package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// scores gives each option the chance that it is the one that was meant. An
// option weighs less the more had to be forgiven; what weighs beside it takes
// from its share, and so does the chance that the right one isn't known at
// all. Options at one place support each other.
func (g *Gazetteer) scores(options []option, ranks []float64) []float64 {
	const (
		warmth  = 4.0
		unknown = 34.0
	)
	weights := make([]float64, len(options))
	total := math.Exp(-unknown / warmth)
	for i := range options {
		weights[i] = math.Exp(-ranks[i] / warmth)
		total += weights[i]
	}
	out := make([]float64, len(options))
	at := make([]orb.Point, len(options))
	for i := range options {
		at[i] = g.plane.XY(options[i].point)
	}
	for i, opt := range options {
		share := weights[i]
		for j := range options {
			if dx, dy := at[i][0]-at[j][0], at[i][1]-at[j][1]; i != j && dx*dx+dy*dy < 60*60 {
				share += weights[j]
			}
		}
		out[i] = certainty(opt) * share / total
	}
	for i := len(out) - 2; i >= 0; i-- {
		out[i] = max(out[i], min(out[i+1], 1))
	}
	return out
}

// certainty is the chance that an option's point is right when its name is.
func certainty(opt option) float64 {
	p := 0.99
	switch opt.precision {
	case Interpolated:
		p = 0.92 - min(opt.reach/600, 0.4)
	case OnStreet, InArea:
		if opt.asked {
			p = 0.5
		} else {
			p = 0.95
		}
	}
	return p * math.Pow(0.8, float64(min(opt.dropped, 4)))
}
