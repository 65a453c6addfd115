package geo_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"moked/geo"
)

var cityBound = orb.Bound{Min: orb.Point{34.80, 32.20}, Max: orb.Point{35.10, 32.42}}

// patchwork divides the bound into nx by ny polygons whose shared borders wind:
// each has seg edges, the very same points in both neighbours' rings, and stays
// within its own strip so that no two borders meet but at corners.
func patchwork(r *rand.Rand, b orb.Bound, nx, ny, seg int) []orb.MultiPolygon {
	w, h := (b.Max[0]-b.Min[0])/float64(nx), (b.Max[1]-b.Min[1])/float64(ny)
	corner := make([][]orb.Point, nx+1)
	for i := range corner {
		for j := range ny + 1 {
			p := orb.Point{b.Min[0] + float64(i)*w, b.Min[1] + float64(j)*h}
			if i > 0 && i < nx {
				p[0] += (r.Float64() - .5) * .3 * w
			}
			if j > 0 && j < ny {
				p[1] += (r.Float64() - .5) * .3 * h
			}
			corner[i] = append(corner[i], p)
		}
	}
	border := func(p, q orb.Point, straight bool) []orb.Point {
		line := []orb.Point{p}
		walk := 0.0
		for k := 1; k < seg; k++ {
			t := float64(k) / float64(seg)
			walk = (walk + (r.Float64()-.5)*.03) * .95
			off := walk * min(1, 4*min(t, 1-t))
			if straight {
				off = 0
			}
			line = append(line, orb.Point{
				p[0] + (q[0]-p[0])*t - (q[1]-p[1])*off*w/h,
				p[1] + (q[1]-p[1])*t + (q[0]-p[0])*off*h/w,
			})
		}
		return append(line, q)
	}
	east, north := make([][][]orb.Point, nx+1), make([][][]orb.Point, nx+1)
	for i := range nx + 1 {
		east[i], north[i] = make([][]orb.Point, ny+1), make([][]orb.Point, ny+1)
		for j := range ny + 1 {
			if i < nx {
				east[i][j] = border(corner[i][j], corner[i+1][j], j == 0 || j == ny)
			}
			if j < ny {
				north[i][j] = border(corner[i][j], corner[i][j+1], i == 0 || i == nx)
			}
		}
	}
	var out []orb.MultiPolygon
	for i := range nx {
		for j := range ny {
			var ring orb.Ring
			ring = append(ring, east[i][j][:seg]...)
			ring = append(ring, north[i+1][j][:seg]...)
			for k := seg; k > 0; k-- {
				ring = append(ring, east[i][j+1][k])
			}
			for k := seg; k >= 0; k-- {
				ring = append(ring, north[i][j][k])
			}
			out = append(out, orb.MultiPolygon{{ring}})
		}
	}
	return out
}

// crowd makes points as reports come: most in clusters, some anywhere.
func crowd(r *rand.Rand, b orb.Bound, n int) []orb.Point {
	type cluster struct{ x, y, s float64 }
	w, h := b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]
	clusters := make([]cluster, 80)
	for i := range clusters {
		clusters[i] = cluster{b.Min[0] + r.Float64()*w, b.Min[1] + r.Float64()*h, .005 + r.Float64()*.03}
	}
	var out []orb.Point
	for len(out) < n {
		p := orb.Point{b.Min[0] + r.Float64()*w, b.Min[1] + r.Float64()*h}
		if r.Float64() < .8 {
			c := clusters[int(r.ExpFloat64()*12)%len(clusters)]
			p = orb.Point{c.x + r.NormFloat64()*c.s*w, c.y + r.NormFloat64()*c.s*h}
		}
		if b.Contains(p) {
			out = append(out, p)
		}
	}
	return out
}

func testID(n int) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, n)) }

func box(x0, y0, x1, y1 float64) orb.Polygon {
	return orb.Polygon{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}}
}

func area(level geo.Level, code string, parent *geo.Area, polys ...orb.Polygon) geo.Area {
	a := geo.Area{
		ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(string(level)+code)), Level: level,
		Code: code, Name: "שם " + code, Geom: polys,
	}
	if parent != nil {
		a.Parent = &parent.ID
	}
	return a
}
