package document

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// drawn is a chart in the picture's own units.
type drawn struct {
	Title, Bars, Line   string
	Width, Height, Base float64
	Columns             []drawnColumn
	Lines               []string // runs of known points
	Dots                []drawnDot
	Marks               []drawnMark
}

type drawnColumn struct {
	Name               string
	X, Y, W, H, Middle float64
}

type drawnDot struct{ X, Y float64 }

type drawnMark struct {
	Y    float64
	Text string
}

const (
	chartWidth  = 1000
	chartHeight = 240
	chartBase   = 210
	chartTop    = 20
	chartMarks  = 3
)

// draw lays a chart out: bars from zero, and the line from 0 at the base to 1 at
// the top. Time runs from left to right in every language, as on the screens.
func draw(c *Chart) *drawn {
	if c == nil || len(c.Points) == 0 {
		return nil
	}
	d := &drawn{Title: c.Title, Bars: c.Bars, Line: c.Line, Width: chartWidth, Height: chartHeight, Base: chartBase}
	most := 1.0
	for _, p := range c.Points {
		most = max(most, p.Bar)
	}
	step := nice(most / chartMarks)
	top := math.Ceil(most/step) * step
	up := func(share float64) float64 { return round(chartBase - share*(chartBase-chartTop)) }
	for v := step; v <= top; v += step {
		d.Marks = append(d.Marks, drawnMark{up(v / top), strconv.FormatFloat(v, 'f', -1, 64)})
	}
	wide := (chartWidth - 40.0) / float64(len(c.Points)) // the marks' texts stand at the end
	var run []string
	end := func() {
		if len(run) > 1 {
			d.Lines = append(d.Lines, strings.Join(run, " "))
		}
		run = nil
	}
	for n, p := range c.Points {
		x := float64(n) * wide
		middle := round(x + wide/2)
		y := up(p.Bar / top)
		d.Columns = append(d.Columns, drawnColumn{Name: p.Name, X: round(x + wide*0.2), Y: y, W: round(wide * 0.6), H: round(chartBase - y), Middle: middle})
		if !p.Known {
			end()
			continue
		}
		at := up(p.Line)
		run = append(run, fmt.Sprintf("%g,%g", middle, at))
		d.Dots = append(d.Dots, drawnDot{middle, at})
	}
	end()
	return d
}

// nice is the next number up of 1, 2 or 5 times a power of ten.
func nice(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(max(v, 1))))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= v {
			return m * power
		}
	}
	return 10 * power
}

func round(v float64) float64 { return math.Round(v*10) / 10 }
