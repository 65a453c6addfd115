package roads

import (
	"math"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"moked/geo"
)

// brute knows the rules of the road and nothing else: it corrects the time
// from the start of each directed segment to the target until none changes
// (Bellman–Ford over the roads, as a driver meets them).
type brute struct {
	segments     []Segment
	restrictions []Restriction
	closed       map[int64]bool
}

type directed struct {
	segment *Segment
	back    bool
}

func (d directed) seconds() float64 {
	if d.back {
		return d.segment.Backward
	}
	return d.segment.Forward
}

func (d directed) ends() (from, to int64) {
	if d.back {
		return d.segment.B, d.segment.A
	}
	return d.segment.A, d.segment.B
}

// ahead is the share of the segment between a position and its far end.
func (d directed) ahead(share float64) float64 {
	if d.back {
		return share
	}
	return 1 - share
}

func (b *brute) roads() []directed {
	var out []directed
	for i := range b.segments {
		for _, back := range []bool{false, true} {
			if d := (directed{&b.segments[i], back}); d.seconds() > 0 {
				out = append(out, d)
			}
		}
	}
	return out
}

func (b *brute) mayTurn(from, to directed) bool {
	_, via := from.ends()
	if start, _ := to.ends(); start != via {
		return false
	}
	only, allowed := false, false
	for _, r := range b.restrictions {
		if r.From != from.segment.ID || r.Via != via {
			continue
		}
		leads := false
		for _, d := range b.roads() {
			if start, _ := d.ends(); d.segment.ID == r.To && start == via {
				leads = true
			}
		}
		if !leads {
			continue
		}
		if r.Only {
			only = true
			allowed = allowed || r.To == to.segment.ID
		} else if r.To == to.segment.ID {
			return false
		}
	}
	return !only || allowed
}

func (b *brute) times(to Position, from []Position) []float64 {
	roads := b.roads()
	open := func(d directed) bool { return !b.closed[d.segment.ID] }
	rest := make([]float64, len(roads)) // from the start of each
	for i, d := range roads {
		rest[i] = math.Inf(1)
		if d.segment.ID == to.Segment && open(d) {
			rest[i] = (1 - d.ahead(to.Share)) * d.seconds()
		}
	}
	onward := func(d directed) float64 {
		best := math.Inf(1)
		for j, next := range roads {
			if open(next) && b.mayTurn(d, next) {
				best = min(best, rest[j])
			}
		}
		return best
	}
	for changed := true; changed; {
		changed = false
		for i, d := range roads {
			if !open(d) {
				continue
			}
			if t := d.seconds() + onward(d); t < rest[i]-1e-12 {
				rest[i], changed = t, true
			}
		}
	}
	out := make([]float64, len(from))
	for k, p := range from {
		out[k] = math.Inf(1)
		for _, d := range roads {
			if d.segment.ID != p.Segment || !open(d) {
				continue
			}
			if p.Segment == to.Segment && d.ahead(to.Share) <= d.ahead(p.Share) {
				out[k] = min(out[k], (d.ahead(p.Share)-d.ahead(to.Share))*d.seconds())
			}
			out[k] = min(out[k], d.ahead(p.Share)*d.seconds()+onward(d))
		}
	}
	return out
}

// drawNetwork is any small network: loops, parallels, one-ways, dead ends,
// roads that no one may drive, restrictions right and senseless, closures.
func drawNetwork(t *rapid.T) *brute {
	junctions := rapid.IntRange(1, 8).Draw(t, "junctions")
	at := make([]orb.Point, junctions)
	for i := range at {
		at[i] = orb.Point{
			34.85 + float64(rapid.IntRange(0, 40).Draw(t, "x"))/2000,
			32.3 + float64(rapid.IntRange(0, 40).Draw(t, "y"))/2000,
		}
	}
	b := &brute{closed: map[int64]bool{}}
	n := rapid.IntRange(1, 16).Draw(t, "segments")
	for i := range n {
		a, z := rapid.IntRange(0, junctions-1).Draw(t, "a"), rapid.IntRange(0, junctions-1).Draw(t, "b")
		s := Segment{ID: int64(100 + i), A: int64(a), B: int64(z), Line: orb.LineString{at[a], at[z]}}
		if a == z || rapid.Bool().Draw(t, "bent") {
			bend := orb.Point{at[a][0] + 0.003, at[z][1] + 0.002}
			s.Line = orb.LineString{at[a], bend, at[z]}
		}
		length := geo.LineLength(s.Line)
		switch rapid.IntRange(0, 5).Draw(t, "ways") {
		case 0:
			s.Forward = length / 10
		case 1:
			s.Backward = length / 10
		case 2:
		default:
			s.Forward, s.Backward = length/10, length/10
		}
		b.segments = append(b.segments, s)
	}
	for range rapid.IntRange(0, 6).Draw(t, "restrictions") {
		from := b.segments[rapid.IntRange(0, n-1).Draw(t, "from")]
		b.restrictions = append(b.restrictions, Restriction{
			From: from.ID,
			Via:  []int64{from.A, from.B}[rapid.IntRange(0, 1).Draw(t, "via")],
			To:   b.segments[rapid.IntRange(0, n-1).Draw(t, "to")].ID,
			Only: rapid.Bool().Draw(t, "only"),
		})
	}
	for range rapid.IntRange(0, 3).Draw(t, "closures") {
		b.closed[b.segments[rapid.IntRange(0, n-1).Draw(t, "closed")].ID] = true
	}
	return b
}

func (b *brute) graph() *Graph {
	g := New(b.segments, b.restrictions)
	if len(b.closed) > 0 {
		var ids []int64
		for id := range b.closed {
			ids = append(ids, id)
		}
		g = g.WithClosures(ids)
	}
	return g
}

func (b *brute) drawPosition(t *rapid.T) Position {
	s := b.segments[rapid.IntRange(0, len(b.segments)-1).Draw(t, "on")]
	share := float64(rapid.IntRange(0, 8).Draw(t, "share")) / 8
	p, _ := geo.PointAlong(s.Line, share*geo.LineLength(s.Line))
	return Position{Segment: s.ID, Share: share, Point: p}
}
