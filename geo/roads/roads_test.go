package roads

import (
	"math"
	"math/rand"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"moked/geo"
)

func same(a, b float64) bool { return a == b || math.Abs(a-b) < 1e-3 }

func TestAnswersAreThoseOfTheRulesOfTheRoad(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := drawNetwork(t)
		g := b.graph()
		to := b.drawPosition(t)
		from := make([]Position, rapid.IntRange(1, 6).Draw(t, "crews"))
		for i := range from {
			from[i] = b.drawPosition(t)
		}
		want := b.times(to, from)
		got := g.Times(nil, to, from)
		for i := range from {
			if !same(got[i], want[i]) {
				t.Fatalf("from %v to %v: %v s, want %v s", from[i], to, got[i], want[i])
			}
			if back := g.TimesFrom(nil, from[i], []Position{to}); !same(back[0], want[i]) {
				t.Fatalf("forward from %v to %v: %v s, want %v s", from[i], to, back[0], want[i])
			}
			line, seconds, ok := g.Route(from[i], to)
			if ok != !math.IsInf(want[i], 1) || ok && !same(seconds, want[i]) {
				t.Fatalf("route from %v to %v: %v %v s, want %v s", from[i], to, ok, seconds, want[i])
			}
			if ok && (!near(line[0], from[i].Point) || !near(line[len(line)-1], to.Point)) {
				t.Fatalf("route from %v to %v runs from %v to %v", from[i], to, line[0], line[len(line)-1])
			}
			// All are driven at ten metres a second.
			if ok && math.Abs(geo.LineLength(line)/10-seconds) > 0.01 {
				t.Fatalf("route of %v m takes %v s", geo.LineLength(line), seconds)
			}
		}
		suits := func(i int) bool { return i%2 == 0 }
		k := rapid.IntRange(1, 4).Draw(t, "k")
		var all []float64
		for i, w := range want {
			if suits(i) && !math.IsInf(w, 1) {
				all = append(all, w)
			}
		}
		slices.Sort(all)
		nearest := g.Nearest(to, from, k, suits)
		if len(nearest) != min(k, len(all)) {
			t.Fatalf("%d nearest, want %d", len(nearest), min(k, len(all)))
		}
		for i, r := range nearest {
			if !suits(r.Index) || !same(r.Seconds, all[i]) || !same(r.Seconds, want[r.Index]) {
				t.Fatalf("nearest %d is crew %d in %v s, want %v s", i, r.Index, r.Seconds, all[i])
			}
		}
	})
}

func near(a, b orb.Point) bool { return geo.Metres(a, b) < 0.01 }

func TestAnswersAreThoseOfTheTextbookInACity(t *testing.T) {
	t.Parallel()
	const n = 60
	segments := gridCity(n, 3)
	g := New(segments, nil)
	yard := newTextbook(segments, n*n)
	at := atJunction(segments)
	r := rand.New(rand.NewSource(4))
	var crews []Position
	var junctions []int
	for range 300 {
		j := r.Intn(n * n)
		if p, ok := at[int64(j)]; ok {
			crews, junctions = append(crews, p), append(junctions, j)
		}
	}
	for i := range 20 {
		want := yard.all(junctions[i])
		got := g.Times(nil, crews[i], crews)
		for k, j := range junctions {
			// A crew at a junction stands on one road of it, and may have
			// to drive that one-way road first; never is it quicker.
			if got[k] < want[j]-1e-3 {
				t.Fatalf("crew %d is quicker than possible: %v s, want %v s", k, got[k], want[j])
			}
			s := segments[g.segment(&crews[k])]
			if s.Forward > 0 && s.Backward > 0 && twoWay(segments, g, crews[i]) && !same(got[k], want[j]) {
				t.Fatalf("crew %d takes %v s, want %v s", k, got[k], want[j])
			}
		}
	}
}

func twoWay(segments []Segment, g *Graph, p Position) bool {
	s := segments[g.segment(&p)]
	return s.Forward > 0 && s.Backward > 0
}

func TestSnapFindsTheNearestRoad(t *testing.T) {
	t.Parallel()
	segments := gridCity(25, 9)
	g := New(segments, nil)
	r := rand.New(rand.NewSource(2))
	for range 2000 {
		p := orb.Point{34.8 + r.Float64()*0.03, 32.2 + r.Float64()*0.03}
		best := math.Inf(1)
		for i := range segments {
			if g.off[i] {
				continue
			}
			if at, ok := geo.NearestOnLine(p, segments[i].Line); ok {
				best = min(best, at.Distance())
			}
		}
		got, ok := g.Snap(p, 400)
		if ok != (best <= 400) {
			t.Fatalf("at %v: found %v, nearest road %v m away", p, ok, best)
		}
		if !ok {
			continue
		}
		if math.Abs(got.Metres-best) > 0.01 || got.Off {
			t.Fatalf("at %v: %v m away, want %v m", p, got.Metres, best)
		}
		s := segments[g.segment(&got)]
		at, _ := geo.PointAlong(s.Line, got.Share*geo.LineLength(s.Line))
		if geo.Metres(at, got.Point) > 0.05 || math.Abs(geo.Metres(p, got.Point)-got.Metres) > got.Metres/500+0.01 {
			t.Fatalf("at %v: the share says %v, the point %v", p, at, got.Point)
		}
	}
}

// cross is four roads that meet in junction 0, from junctions 1 to 4 around
// it, and a fifth, out of which there is no way, from 4 on to 5.
func cross() []Segment {
	ends := []orb.Point{{34.85, 32.3}, {34.86, 32.3}, {34.85, 32.31}, {34.84, 32.3}, {34.85, 32.29}, {34.85, 32.28}}
	var out []Segment
	for i := range int64(4) {
		out = append(out, Segment{
			ID: i + 1, A: i + 1, B: 0, Forward: 60, Backward: 60, Line: orb.LineString{ends[i+1], ends[0]},
		})
	}
	return append(out, Segment{ID: 5, A: 4, B: 5, Forward: 30, Line: orb.LineString{ends[4], ends[5]}})
}

func TestSnapPrefersRoadsThatLeadOut(t *testing.T) {
	t.Parallel()
	g := New(cross(), nil)
	if got := g.Islands(); !slices.Equal(got, []int64{5}) {
		t.Fatalf("cut off are %v, want the road of no return", got)
	}
	beside := orb.Point{34.8501, 32.289}
	p, ok := g.Snap(beside, 500)
	if !ok || p.Segment != 4 || p.Off {
		t.Fatalf("snapped to %+v", p)
	}
	p, ok = g.Snap(beside, 50)
	if !ok || p.Segment != 5 || !p.Off {
		t.Fatalf("with nothing else near, snapped to %+v", p)
	}
	if _, ok := g.Snap(orb.Point{math.NaN(), 32}, 500); ok {
		t.Fatal("snapped a point that is none")
	}
}

func TestTurnsAndClosures(t *testing.T) {
	t.Parallel()
	from, to := Position{Segment: 1, Share: 0.5}, Position{Segment: 2, Share: 0.5}
	tests := []struct {
		name         string
		restrictions []Restriction
		closed       []int64
		want         float64
	}{
		{"straight there", nil, nil, 60},
		{"no turn into it: on, and back", []Restriction{{From: 1, Via: 0, To: 2}}, nil, 180},
		{"only on to 3", []Restriction{{From: 1, Via: 0, To: 3, Only: true}}, nil, 180},
		{"a turn between others", []Restriction{{From: 3, Via: 0, To: 2}}, nil, 60},
		{"a junction that is not theirs", []Restriction{{From: 1, Via: 4, To: 2}}, nil, 60},
		{"the target closed", nil, []int64{2}, math.Inf(1)},
		{"the source closed", nil, []int64{1}, math.Inf(1)},
		{"another closed", nil, []int64{3}, 60},
		{"no turn, and the ways around closed", []Restriction{{From: 1, Via: 0, To: 2}}, []int64{3, 4}, math.Inf(1)},
		{"an unknown one closed", nil, []int64{77}, 60},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := New(cross(), tt.restrictions).WithClosures(tt.closed)
			if got := g.Times(nil, to, []Position{from})[0]; !same(got, tt.want) {
				t.Errorf("takes %v s, want %v s", got, tt.want)
			}
		})
	}
}

func TestClosuresLeaveTheGraphAsItWas(t *testing.T) {
	t.Parallel()
	g := New(cross(), nil)
	from, to := Position{Segment: 1, Share: 0.5}, Position{Segment: 2, Share: 0.5}
	closed := g.WithClosures([]int64{2})
	if got := closed.Times(nil, to, []Position{from})[0]; !math.IsInf(got, 1) {
		t.Errorf("through the closure in %v s", got)
	}
	if p, _ := closed.Snap(orb.Point{34.85, 32.309}, 5000); p.Segment == 2 {
		t.Error("snapped to a closed road")
	}
	if got := g.Times(nil, to, []Position{from})[0]; !same(got, 60) {
		t.Errorf("without the closure %v s", got)
	}
}

func TestNoNetworkAndSenselessOnes(t *testing.T) {
	t.Parallel()
	line := orb.LineString{{34.8, 32.1}, {34.9, 32.2}}
	for name, segments := range map[string][]Segment{
		"none":          nil,
		"no line":       {{ID: 1, A: 1, B: 2, Forward: 5}},
		"one point":     {{ID: 1, A: 1, B: 2, Forward: 5, Line: line[:1]}},
		"one place":     {{ID: 1, A: 1, B: 1, Forward: 5, Line: orb.LineString{line[0], line[0]}}},
		"not driven":    {{ID: 1, A: 1, B: 2, Line: line}},
		"no number":     {{ID: 1, A: 1, B: 2, Forward: math.NaN(), Backward: math.Inf(1), Line: line}},
		"negative":      {{ID: 1, A: 1, B: 2, Forward: -5, Backward: 5, Line: line}},
		"nowhere":       {{ID: 1, A: 1, B: 2, Forward: 5, Line: orb.LineString{{math.NaN(), 1}, {2, math.NaN()}}}},
		"the same id":   {{ID: 1, A: 1, B: 2, Forward: 5, Line: line}, {ID: 1, A: 2, B: 3, Forward: 5, Line: line}},
		"vast and tiny": {{ID: 1, A: 1, B: 2, Forward: 1e9, Backward: 1e-300, Line: line}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := New(segments, []Restriction{{From: 1, Via: 2, To: 9}})
			p, _ := g.Snap(line[0], 1000)
			q := Position{Segment: 1, Share: 2}
			g.Times(nil, p, []Position{p, q})
			g.TimesFrom(nil, q, []Position{p, q})
			g.Nearest(q, []Position{p, q}, 3, nil)
			g.Route(p, q)
			g.Islands()
		})
	}
}

func TestReadersNeedNoLock(t *testing.T) {
	t.Parallel()
	segments := gridCity(20, 1)
	g := New(segments, nil)
	crews := make([]Position, 50)
	for i := range crews {
		crews[i], _ = g.Snap(segments[i*7].Line[0], 500)
	}
	want := g.Times(nil, crews[0], crews)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 50 {
				g.Nearest(crews[i], crews, 5, nil)
				g.WithClosures([]int64{int64(i)}).Route(crews[i], crews[0])
				if got := g.Times(nil, crews[0], crews); !slices.Equal(got, want) {
					t.Error("another answer beside other readers")
				}
			}
		})
	}
	wg.Wait()
}
