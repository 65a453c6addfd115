package fieldapi

import (
	"context"
	"math"
	"time"

	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/dispatch/history"
)

type heatIn struct {
	PastQuery
	Cell        int     `query:"cell" default:"250" doc:"The squares' size in metres of ITM, 50 to 5000"`
	Of          string  `query:"of" default:"received" enum:"received,judged,late,reopened,responded,promised,respond_late,closed,open,overdue" doc:"The figure whose reports are counted"`
	Significant bool    `query:"significant" doc:"Also say which squares stand out"`
	Band        float64 `query:"band" minimum:"0" maximum:"20000" doc:"How far a spot's neighbourhood reaches, in metres; 400 without one"`
}

// heatMap is a GeoJSON feature collection of squares (RFC 7946).
type heatMap struct {
	Type     string       `json:"type" enum:"FeatureCollection"`
	AsOf     time.Time    `json:"as_of"`
	Cell     int          `json:"cell"`
	Features []heatSquare `json:"features"`
}

type heatSquare struct {
	Type       string      `json:"type" enum:"Feature"`
	Geometry   heatOutline `json:"geometry"`
	Properties heatFigures `json:"properties"`
}

type heatOutline struct {
	Type        string     `json:"type" enum:"Polygon"`
	Coordinates []orb.Ring `json:"coordinates"`
}

// heatFigures are a square's. Median and P90 are there where closed reports are
// asked for.
type heatFigures struct {
	N      int     `json:"n"`
	Median float64 `json:"median_s,omitempty"`
	P90    float64 `json:"p90_s,omitempty"`
	Z      float64 `json:"z,omitempty"`
	Hot    bool    `json:"hot,omitempty"`
}

func (a *api) heatRoute() {
	heat := get("/heat", "heat", "Where the reports behind a figure are: how many on each of equal squares, as GeoJSON")
	heat.Description = "Squares lie in ITM, so that all have the same area. n is how many of the reports that of names; with closed, how long they took beside it. Asked for what is significant, z is the Getis-Ord Gi* score of n, and hot squares stand out, up or down, " +
		"from what chance would give: of all that are called hot, one in twenty is expected not to be (Benjamini and Hochberg)."
	route(a, may(dispatch.FigureRead), heat, func(_ context.Context, who dispatch.Actor, in *heatIn) (*body[heatMap], error) {
		q, of, err := a.questionOf(who, in.PastQuery, in.Of)
		if err != nil {
			return nil, err
		}
		cells, asOf, err := a.past.Cells(who, history.CellQuery{Query: q, Size: in.Cell, Of: of, Significant: in.Significant, Band: in.Band})
		if err != nil {
			return nil, err
		}
		m := heatMap{Type: "FeatureCollection", AsOf: asOf, Cell: in.Cell, Features: make([]heatSquare, len(cells))}
		for n := range cells {
			m.Features[n] = squareOf(&cells[n], in.Cell)
		}
		return answer(m, nil)
	})
}

func squareOf(c *history.CellFigures, size int) heatSquare {
	ring := history.Ring(c.Cell, size)
	for n, p := range ring {
		ring[n] = orb.Point{math.Round(p[0]*1e6) / 1e6, math.Round(p[1]*1e6) / 1e6}
	}
	f := heatFigures{N: c.N, Median: c.Median, P90: c.P90, Z: math.Round(c.Z*1e6) / 1e6, Hot: c.Hot}
	return heatSquare{Type: "Feature", Geometry: heatOutline{"Polygon", []orb.Ring{ring}}, Properties: f}
}
