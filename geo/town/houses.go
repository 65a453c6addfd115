package town

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// house is a building with its address: the street's index and the number.
type house struct {
	street int
	number int
	mark   string
	door   orb.Point
	walls  ring
}

// buildHouses sets houses along both sides of the streets, odd numbers on the
// left and even ones on the right, where they stand clear of each other, of
// the streets and of the parks.
func (p *plan) buildHouses() {
	taken := clearing{size: 30, at: map[[2]int][]orb.Point{}}
	roads := p.roadside()
	for s, l := range p.streets {
		gap, back, half := 24.0, 17.0, orb.Point{8.5, 6.5}
		if l.hood >= 0 {
			switch p.hoods[l.hood].kind {
			case oldTown:
				gap, back, half = 17, 12.5, orb.Point{6.5, 5.5}
			case works:
				gap, back, half = 62, 38, orb.Point{25, 22}
			}
		} else if l.class == "primary" || l.class == "secondary" {
			gap, back = 38, 24
		}
		odd, even := 1, 2
		for i := 0; i+1 < len(l.points); i++ {
			a, b := l.points[i], l.points[i+1]
			length := math.Hypot(b[0]-a[0], b[1]-a[1])
			dx, dy := (b[0]-a[0])/length, (b[1]-a[1])/length
			for d := gap * 0.7; d < length-gap*0.5; d += gap * p.between(0.85, 1.25) {
				for _, side := range []float64{1, -1} {
					number := &odd
					if side < 0 {
						number = &even
					}
					n := *number
					*number += 2
					size := orb.Point{half[0] * p.between(0.8, 1.2), half[1] * p.between(0.8, 1.2)}
					mid := orb.Point{a[0] + dx*d - dy*back*side, a[1] + dy*d + dx*back*side}
					if !p.buildable(mid, math.Hypot(size[0], size[1]), roads, &taken, back) {
						continue
					}
					h := house{street: s, number: n, door: orb.Point{mid[0] + dy*size[1]*side*0.6, mid[1] - dx*size[1]*side*0.6}}
					h.walls = tilted(mid, size[0], size[1], math.Atan2(dy, dx))
					p.houses = append(p.houses, h)
					if p.r.Float64() < 0.03 {
						second := h
						second.mark, second.walls = "א", nil
						second.door[0] += 4
						p.houses = append(p.houses, second)
					}
				}
			}
		}
	}
}

func (p *plan) buildable(mid orb.Point, reach float64, roads, taken *clearing, back float64) bool {
	if !p.inland.contains(mid) || taken.near(mid, reach*2+1.5) || roads.near(mid, min(back*0.8, reach+5)) {
		return false
	}
	for _, g := range p.parks {
		c := g.ring.centroid()
		if math.Abs(c[0]-mid[0]) < 450 && math.Abs(c[1]-mid[1]) < 450 && g.ring.contains(mid) {
			return false
		}
	}
	taken.add(mid)
	return true
}

// roadside holds a point every few metres along the streets.
func (p *plan) roadside() *clearing {
	c := &clearing{size: 30, at: map[[2]int][]orb.Point{}}
	for _, l := range p.streets {
		for i := 0; i+1 < len(l.points); i++ {
			a, b := l.points[i], l.points[i+1]
			n := math.Ceil(math.Hypot(b[0]-a[0], b[1]-a[1]) / 6)
			for k := 0.0; k <= n; k++ {
				c.add(along(a, b, k/n))
			}
		}
	}
	return c
}

// clearing answers whether a point is near one of many. Distances asked for
// are at most its size.
type clearing struct {
	size float64
	at   map[[2]int][]orb.Point
}

func (c *clearing) cell(q orb.Point) [2]int {
	return [2]int{int(math.Floor(q[0] / c.size)), int(math.Floor(q[1] / c.size))}
}

func (c *clearing) add(q orb.Point) { k := c.cell(q); c.at[k] = append(c.at[k], q) }

func (c *clearing) near(q orb.Point, d float64) bool {
	k := c.cell(q)
	r := int(math.Ceil(d / c.size))
	for dx := -r; dx <= r; dx++ {
		for dy := -r; dy <= r; dy++ {
			for _, o := range c.at[[2]int{k[0] + dx, k[1] + dy}] {
				if math.Hypot(o[0]-q[0], o[1]-q[1]) < d {
					return true
				}
			}
		}
	}
	return false
}

func (h house) name() string { return fmt.Sprintf("%d%s", h.number, h.mark) }
