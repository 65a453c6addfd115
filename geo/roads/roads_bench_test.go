package roads

import (
	"math/rand"
	"testing"
	"time"
)

// benchCity is the shape that the figures are stated for: 44,000 junctions
// and 2,000 crews.
func benchCity() (g *Graph, yard *textbook, crews []Position, incidents []Position, junctions []int) {
	const n = 210
	segments := gridCity(n, 5)
	g = New(segments, nil)
	yard = newTextbook(segments, n*n)
	at := atJunction(segments)
	r := rand.New(rand.NewSource(8))
	pick := func() (Position, int) {
		for {
			j := r.Intn(n * n)
			if p, ok := at[int64(j)]; ok && !g.off[g.segment(&p)] {
				p.index = g.segment(&p)
				return p, j
			}
		}
	}
	for range 2000 {
		p, _ := pick()
		crews = append(crews, p)
	}
	for range 50 {
		p, j := pick()
		incidents, junctions = append(incidents, p), append(junctions, j)
	}
	return g, yard, crews, incidents, junctions
}

// textbookTime is what the textbook search takes for one incident, measured
// in the same run.
func textbookTime(b *testing.B, yard *textbook, junctions []int) time.Duration {
	b.Helper()
	yard.all(junctions[0])
	start := time.Now()
	for _, j := range junctions[:20] {
		yard.all(j)
	}
	return time.Since(start) / 20
}

func BenchmarkTimesAll(b *testing.B) {
	g, yard, crews, incidents, junctions := benchCity()
	base := textbookTime(b, yard, junctions)
	var dst []float64
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		dst = g.Times(dst[:0], incidents[i%len(incidents)], crews)
		i++
	}
	each := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(float64(base)/float64(each), "×textbook")
	b.ReportMetric(float64(base.Microseconds())/1000, "textbook-ms")
}

func BenchmarkNearest5(b *testing.B) {
	g, yard, crews, incidents, junctions := benchCity()
	base := textbookTime(b, yard, junctions)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		g.Nearest(incidents[i%len(incidents)], crews, 5, func(i int) bool { return i%3 != 0 })
		i++
	}
	each := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(float64(base)/float64(each), "×textbook")
	b.ReportMetric(float64(base.Microseconds())/1000, "textbook-ms")
}

func BenchmarkRoute(b *testing.B) {
	g, _, crews, incidents, _ := benchCity()
	i := 0
	for b.Loop() {
		g.Route(crews[i%len(crews)], incidents[i%len(incidents)])
		i++
	}
}

func BenchmarkSnap(b *testing.B) {
	g, _, _, _, _ := benchCity()
	r := rand.New(rand.NewSource(1))
	b.ReportAllocs()
	for b.Loop() {
		s := g.segments[r.Intn(len(g.segments))]
		p := s.Line[0]
		p[0] += (r.Float64() - .5) / 2000
		p[1] += (r.Float64() - .5) / 2000
		g.Snap(p, 500)
	}
}

func BenchmarkWithClosures(b *testing.B) {
	g, _, _, _, _ := benchCity()
	for b.Loop() {
		g.WithClosures([]int64{5, 6, 7, 8})
	}
}
