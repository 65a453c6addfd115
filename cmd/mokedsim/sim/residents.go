package sim

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"time"
)

// Shares of an average hour, by the hour of the day, and of an average day,
// from Sunday to Saturday.
var (
	byHour = [24]float64{
		.11, .07, .05, .04, .04, .07, .24, .86, 1.73, 2.80, 2.87, 2.42,
		2.14, 2.01, 2.15, 1.82, 1.16, .84, .60, .53, .45, .40, .38, .24,
	}
	byDay = [7]float64{1.32, 1.31, 1.33, 1.19, 1.12, .34, .39}
)

// A demonstration at night should not be a still picture.
const quietest = 0.5

// residents report, one after the other, at the hour's rate.
func (s *city) residents(ctx context.Context) {
	for {
		now := time.Now().In(s.Zone)
		rate := s.PerHour * max(byHour[now.Hour()]*byDay[now.Weekday()], quietest)
		gap := time.Duration(-math.Log(1-s.dice()) / rate * float64(time.Hour))
		if !s.sleep(ctx, gap) {
			return
		}
		s.reportOne(ctx)
	}
}

// A share of reports speak of what another has just reported.
const again = 0.17

type newReport struct {
	Channel  string         `json:"channel"`
	Category string         `json:"category"`
	Text     string         `json:"text"`
	Place    map[string]any `json:"place"`
	Contact  map[string]any `json:"contact,omitempty"`
	Answers  map[string]any `json:"answers,omitempty"`
}

func (s *city) reportOne(ctx context.Context) {
	sp, fresh := s.hazard(ctx)
	n := newReport{Channel: s.channel(), Category: sp.category, Text: sp.text}
	n.Place = map[string]any{"lat": sp.lat + s.between(-4e-5, 4e-5), "lon": sp.lon + s.between(-4e-5, 4e-5)}
	if fresh && n.Channel == "phone" {
		if label := s.address(ctx, sp); label != "" {
			n.Place = map[string]any{"text": label}
		}
	}
	n.Contact = map[string]any{
		"name":  givenNames[s.pick(len(givenNames))],
		"phone": fmt.Sprintf("05%d-555%04d", s.pick(9), s.pick(10_000)),
	}
	n.Answers = s.answers(sp.category)
	if err := s.desk.call(ctx, http.MethodPost, "/reports", n, nil); err != nil && ctx.Err() == nil {
		s.Log.Warn("report refused", "category", n.Category, "err", err)
	}
}

// hazard is something new at a house of the city, or something that others
// have reported lately.
func (s *city) hazard(ctx context.Context) (sp spot, fresh bool) {
	if s.dice() < again {
		s.mu.Lock()
		if n := len(s.spots); n > 0 {
			sp = s.spots[max(0, n-1-s.r.IntN(min(n, 25)))]
		}
		s.mu.Unlock()
		if sp.category != "" {
			return sp, false
		}
	}
	c := s.categories[s.weighted(s.weights)]
	lat, lon := s.somewhere(ctx)
	sp = spot{category: c.Code, lat: lat, lon: lon, text: s.words(c)}
	s.mu.Lock()
	if s.spots = append(s.spots, sp); len(s.spots) > 200 {
		s.spots = s.spots[100:]
	}
	s.mu.Unlock()
	return sp, true
}

func (s *city) weighted(w []float64) int {
	total := 0.0
	for _, v := range w {
		total += v
	}
	at := s.dice() * total
	for i, v := range w {
		if at -= v; at < 0 {
			return i
		}
	}
	return len(w) - 1
}

// somewhere is a point near a house, in an area drawn by its residents.
func (s *city) somewhere(ctx context.Context) (lat, lon float64) {
	w := make([]float64, len(s.areas))
	for i, a := range s.areas {
		w[i] = 1
		if a.Population != nil {
			w[i] = float64(*a.Population)
		}
	}
	b := s.areas[s.weighted(w)].BBox
	for range 20 {
		lon, lat = s.between(b[0], b[2]), s.between(b[1], b[3])
		var r reversed
		if s.desk.call(ctx, http.MethodGet, fmt.Sprintf("/reverse?lat=%f&lon=%f", lat, lon), nil, &r) != nil {
			continue
		}
		if r.Address != nil && r.Address.Distance < 80 {
			return r.Address.Lat, r.Address.Lon
		}
		if r.Address == nil && r.Areas.District != nil {
			return lat, lon
		}
	}
	return lat, lon
}

type reversed struct {
	Address *struct {
		Label    string  `json:"label"`
		Lat      float64 `json:"lat"`
		Lon      float64 `json:"lon"`
		Distance float64 `json:"distance"`
	} `json:"address"`
	Areas struct {
		District *struct {
			Code string `json:"code"`
		} `json:"district"`
	} `json:"areas"`
}

// address is the place as a caller would say it.
func (s *city) address(ctx context.Context, sp spot) string {
	var r reversed
	err := s.desk.call(ctx, http.MethodGet, fmt.Sprintf("/reverse?lat=%f&lon=%f", sp.lat, sp.lon), nil, &r)
	if err != nil || r.Address == nil || r.Address.Distance > 40 {
		return ""
	}
	return r.Address.Label
}

func (s *city) channel() string {
	return []string{"phone", "app", "whatsapp", "web"}[s.weighted([]float64{.55, .2, .17, .08})]
}

func (s *city) answers(code string) map[string]any {
	out := map[string]any{}
	for _, c := range s.categories {
		if c.Code != code {
			continue
		}
		for _, q := range c.Questions {
			switch q.Kind {
			case "bool":
				out[q.Code] = s.dice() < 0.2
			case "number":
				out[q.Code] = 1 + s.pick(3)
			case "choice":
				if len(q.Choices) > 0 {
					out[q.Code] = q.Choices[s.pick(len(q.Choices))].Code
				}
			}
		}
	}
	return out
}
