package roads

import (
	"container/heap"
	"math"
	"math/rand"

	"github.com/paulmach/orb"
)

// gridCity is n by n jittered blocks of about 120 m: 12 % of the links are
// missing, 15 % one-way, every tenth street is an arterial.
func gridCity(n int, seed int64) []Segment {
	r := rand.New(rand.NewSource(seed))
	at := make([]orb.Point, n*n)
	x, y := make([]float64, n*n), make([]float64, n*n)
	for i := range at {
		x[i], y[i] = float64(i%n)*120+r.Float64()*60, float64(i/n)*120+r.Float64()*60
		at[i] = orb.Point{34.8 + x[i]/94_000, 32.2 + y[i]/110_900}
	}
	var out []Segment
	add := func(a, b int, arterial bool) {
		if !arterial && r.Float64() < .12 {
			return
		}
		v := 30 / 3.6
		if arterial {
			v = 50 / 3.6
		}
		w := math.Hypot(x[a]-x[b], y[a]-y[b])/v + r.Float64()*3
		s := Segment{
			ID: int64(len(out) + 1), A: int64(a), B: int64(b), Forward: w, Backward: w,
			Line: orb.LineString{at[a], at[b]},
		}
		if !arterial && r.Float64() <= .15 {
			if r.Intn(2) == 0 {
				s.Backward = 0
			} else {
				s.Forward = 0
			}
		}
		out = append(out, s)
	}
	for i := range at {
		if i%n+1 < n {
			add(i, i+1, (i/n)%10 == 0)
		}
		if i/n+1 < n {
			add(i, i+n, (i%n)%10 == 0)
		}
	}
	return out
}

// textbook is Dijkstra as it is taught: container/heap over adjacency slices.
type textbook struct{ adj [][]textbookEdge }

type textbookEdge struct {
	to int
	w  float64
}

type textbookItem struct {
	v int
	d float64
}

type textbookHeap []textbookItem

func (h textbookHeap) Len() int           { return len(h) }
func (h textbookHeap) Less(i, j int) bool { return h[i].d < h[j].d }
func (h textbookHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *textbookHeap) Push(x any)        { *h = append(*h, x.(textbookItem)) }
func (h *textbookHeap) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

// newTextbook turns the network around, for searches towards a junction.
func newTextbook(segments []Segment, junctions int) *textbook {
	t := &textbook{make([][]textbookEdge, junctions)}
	for _, s := range segments {
		if s.Forward > 0 {
			t.adj[s.B] = append(t.adj[s.B], textbookEdge{int(s.A), s.Forward})
		}
		if s.Backward > 0 {
			t.adj[s.A] = append(t.adj[s.A], textbookEdge{int(s.B), s.Backward})
		}
	}
	return t
}

func (t *textbook) all(from int) []float64 {
	d := make([]float64, len(t.adj))
	for i := range d {
		d[i] = math.Inf(1)
	}
	d[from] = 0
	h := &textbookHeap{{from, 0}}
	for h.Len() > 0 {
		x := heap.Pop(h).(textbookItem)
		if x.d > d[x.v] {
			continue
		}
		for _, e := range t.adj[x.v] {
			if nd := x.d + e.w; nd < d[e.to] {
				d[e.to] = nd
				heap.Push(h, textbookItem{e.to, nd})
			}
		}
	}
	return d
}

// atJunction is a position at a junction: on any segment that touches it.
func atJunction(segments []Segment) map[int64]Position {
	out := map[int64]Position{}
	for _, s := range segments {
		for end, j := range [2]int64{s.A, s.B} {
			if _, ok := out[j]; !ok {
				out[j] = Position{Segment: s.ID, Share: float64(end)}
			}
		}
	}
	return out
}
