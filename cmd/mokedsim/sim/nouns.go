package sim

import (
	"context"
	"net/http"
)

// What the city reads of the API's shapes.

type area struct {
	ID         string     `json:"id"`
	Code       string     `json:"code"`
	Level      string     `json:"level"`
	Population *int       `json:"population"`
	BBox       [4]float64 `json:"bbox"`
}

type category struct {
	Code       string            `json:"code"`
	Names      map[string]string `json:"names"`
	WorkMins   int               `json:"work_minutes"`
	Priority   int               `json:"priority"`
	Retired    bool              `json:"retired"`
	Sensitive  bool              `json:"sensitive"`
	Resolution standard          `json:"resolution"`
	Questions  []question        `json:"questions"`
}

// standard is a category's promise.
type standard struct {
	Default struct {
		N    float64 `json:"n"`
		Unit string  `json:"unit"`
	} `json:"default"`
}

type question struct {
	Code    string `json:"code"`
	Kind    string `json:"kind"`
	Choices []struct {
		Code string `json:"code"`
	} `json:"choices"`
}

type place struct {
	Lat   *float64 `json:"lat"`
	Lon   *float64 `json:"lon"`
	Label string   `json:"label"`
}

type job struct {
	ID       string  `json:"id"`
	Version  int     `json:"version"`
	State    string  `json:"state"`
	Crew     *string `json:"crew"`
	Category string  `json:"category"`
	Priority int     `json:"priority"`
	Place    place   `json:"place"`
}

type crew struct {
	ID   string   `json:"id"`
	Code string   `json:"code"`
	Lat  *float64 `json:"lat"`
	Lon  *float64 `json:"lon"`
}

type spot struct {
	category string
	lat, lon float64
	text     string
}

// look learns the city: its neighbourhoods, weighed by who lives there, and
// what may be reported.
func (s *city) look(ctx context.Context) error {
	var a struct {
		Areas []area `json:"areas"`
	}
	if err := s.desk.call(ctx, http.MethodGet, "/areas", nil, &a); err != nil {
		return err
	}
	for _, level := range []string{"neighbourhood", "district", "boundary"} {
		for _, v := range a.Areas {
			if v.Level == level {
				s.areas = append(s.areas, v)
			}
		}
		if len(s.areas) > 0 {
			break
		}
	}
	var c struct {
		Categories []category `json:"categories"`
	}
	if err := s.desk.call(ctx, http.MethodGet, "/categories", nil, &c); err != nil {
		return err
	}
	s.categories = c.Categories
	for _, v := range s.categories {
		s.weights = append(s.weights, weightOf(v))
	}
	return nil
}
