package roads

import (
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"moked/geo"
)

// TestWhatIsDrawnIsWhatIsClosed: the segments between two places, drawn and
// found again by their lines, are the same; and they are what the drive
// between the places goes along.
func TestWhatIsDrawnIsWhatIsClosed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := drawNetwork(t)
		g := b.graph()
		through := []Position{b.drawPosition(t), b.drawPosition(t)}
		list, ok := g.Between(through)
		_, there, okThere := g.Route(through[0], through[1])
		_, back, okBack := g.Route(through[1], through[0])
		if ok != (okThere || okBack) {
			t.Fatalf("between %v: %v, though there is a drive: %v %v", through, ok, okThere, okBack)
		}
		if !ok {
			return
		}
		for _, p := range through {
			if !slices.Contains(list, p.Segment) {
				t.Fatalf("%v lacks an end of %v", list, through)
			}
		}
		// What is closed is driven by nobody, and was driven before.
		c := g.WithClosures(list)
		for _, id := range list {
			s := g.segments[g.byID[id]]
			if s.Forward <= 0 && s.Backward <= 0 {
				t.Fatalf("%d can't be driven", id)
			}
			if line, _, ok := c.Route(Position{Segment: id, Share: 0.5, index: -1}, through[0]); ok {
				t.Fatalf("a drive on the closed %d: %v", id, line)
			}
		}
		again, ok := g.Between([]Position{through[1], through[0]})
		if slices.Sort(again); !ok || there != back && !slices.Equal(again, slices.Sorted(slices.Values(list))) {
			t.Fatalf("%v the other way around is %v", list, again)
		}
	})
}

func TestAlong(t *testing.T) {
	t.Parallel()
	segments := cross()
	g := New(segments, nil)
	for _, s := range segments {
		lines := g.Lines([]int64{s.ID})
		if got := g.Along(lines, 3); !slices.Equal(got, []int64{s.ID}) {
			t.Errorf("along segment %d: %v", s.ID, got)
		}
		// A network loaded anew may be split otherwise, or be a metre off.
		plane := geo.PlaneAt(s.Line[0])
		for _, line := range lines {
			for i := range line {
				line[i][0] += 1 / plane.PerLon
				line[i][1] += 1 / plane.PerLat
			}
		}
		if got := g.Along(lines, 3); !slices.Equal(got, []int64{s.ID}) {
			t.Errorf("along segment %d, a metre off: %v", s.ID, got)
		}
	}
	all := []int64{}
	for _, s := range segments {
		all = append(all, s.ID)
	}
	slices.Sort(all)
	if got := g.Along(g.Lines(all), 3); !slices.Equal(got, all) {
		t.Errorf("along all: %v, want %v", got, all)
	}
	if got := g.Along(orb.MultiLineString{{}, {{0, 0}}, {{0, 0}, {0, 1}}}, 3); len(got) > 0 {
		t.Errorf("along nothing: %v", got)
	}
}
