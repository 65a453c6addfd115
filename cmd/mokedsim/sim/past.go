package sim

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"
)

// PastConfig says whose past is made up: about so many reports in the years
// before To. Token is anybody's who may see the areas.
type PastConfig struct {
	URL     string
	Token   string
	Years   float64
	Reports int
	Seed    uint64
	To      time.Time
	Zone    *time.Location
}

// PastReport is one report of a past that never was. Hazard numbers what it is
// about. A zero time is none.
type PastReport struct {
	Hazard                       int
	FiledAt, RespondedAt, Closed time.Time
	Category, Channel, Text      string
	Lat, Lon                     float64
	Reopened                     int
}

// PastTruth is what a made-up past really was: how readily each neighbourhood
// reports (further reports of a known hazard come at that many times the
// category's rate a day), how many hazards there were, and how many of them
// nobody reported before they were gone.
type PastTruth struct {
	Readiness  map[string]float64 `json:"readiness"`
	PerDay     map[string]float64 `json:"per_day"`
	Hazards    map[string]int     `json:"hazards"`
	Unreported map[string]int     `json:"unreported"`
}

// ground is a neighbourhood to draw points in.
type ground struct {
	code      string
	geom      orb.MultiPolygon
	residents float64
	readiness float64
	slow      float64     // how much longer work takes here
	sore      []orb.Point // where the same hazard comes back
}

// Past makes up a city's past on its own ground: hazards come with the seasons,
// the weekdays and the hours, more where more people live; they are told of by
// whoever passes and is ready to tell; crews come, and close most in time. The
// reports are in the order in which they were filed.
func Past(ctx context.Context, c PastConfig) ([]PastReport, PastTruth, error) {
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	m := &pastMaker{
		PastConfig: c, r: rand.New(rand.NewPCG(c.Seed, 107)),
		truth: PastTruth{map[string]float64{}, map[string]float64{}, map[string]int{}, map[string]int{}},
	}
	if err := m.look(ctx); err != nil {
		return nil, m.truth, err
	}
	for hazard := 1; len(m.reports) < c.Reports; hazard++ {
		if hazard%4096 == 0 && ctx.Err() != nil {
			return nil, m.truth, ctx.Err()
		}
		m.happens(hazard)
	}
	slices.SortStableFunc(m.reports, func(a, b PastReport) int {
		return cmp.Or(a.FiledAt.Compare(b.FiledAt), cmp.Compare(a.Hazard, b.Hazard))
	})
	return m.reports, m.truth, nil
}

type pastMaker struct {
	PastConfig
	r       *rand.Rand
	grounds []ground
	where   []float64 // weights of grounds
	kinds   []category
	what    []float64 // weights of kinds
	truth   PastTruth
	reports []PastReport
}

func (m *pastMaker) look(ctx context.Context) error {
	s := &city{Config: Config{URL: m.URL, Token: m.Token}, desk: newClient(m.URL, m.Token), r: m.r}
	if err := s.look(ctx); err != nil {
		return err
	}
	for _, a := range s.areas {
		var f geojson.Feature
		if err := s.desk.call(ctx, http.MethodGet, "/areas/"+a.ID+".geojson", nil, &f); err != nil {
			return err
		}
		g := ground{code: a.Code, residents: 3000, readiness: math.Exp(m.r.NormFloat64() * 0.5), slow: math.Exp(m.r.NormFloat64() * 0.25)}
		switch geom := f.Geometry.(type) {
		case orb.Polygon:
			g.geom = orb.MultiPolygon{geom}
		case orb.MultiPolygon:
			g.geom = geom
		}
		if a.Population != nil {
			g.residents = float64(*a.Population)
		}
		for range 3 + m.r.IntN(4) {
			g.sore = append(g.sore, m.pointIn(&g))
		}
		m.truth.Readiness[g.code] = g.readiness
		m.grounds, m.where = append(m.grounds, g), append(m.where, math.Pow(g.residents, 0.8))
	}
	if len(m.grounds) == 0 {
		return fmt.Errorf("the authority has no areas")
	}
	for n, k := range s.categories {
		if k.Retired || k.Sensitive || s.weights[n] == 0 {
			continue
		}
		m.kinds, m.what = append(m.kinds, k), append(m.what, s.weights[n])
		m.truth.PerDay[k.Code] = 0.04 + m.r.ExpFloat64()*0.25
	}
	if len(m.kinds) == 0 {
		return fmt.Errorf("the authority has no categories")
	}
	return nil
}

func (m *pastMaker) weighted(w []float64) int {
	total := 0.0
	for _, v := range w {
		total += v
	}
	at := m.r.Float64() * total
	for i, v := range w {
		if at -= v; at < 0 {
			return i
		}
	}
	return len(w) - 1
}

func (m *pastMaker) pointIn(g *ground) orb.Point {
	b := g.geom.Bound()
	for range 200 {
		p := orb.Point{b.Min[0] + m.r.Float64()*(b.Max[0]-b.Min[0]), b.Min[1] + m.r.Float64()*(b.Max[1]-b.Min[1])}
		if planar.MultiPolygonContains(g.geom, p) {
			return p
		}
	}
	return b.Center()
}

// instant is some time of the years, more of them lately, in the winter, on
// working days and by day.
func (m *pastMaker) instant() time.Time {
	span := m.Years * 365.25 * 24
	for {
		at := m.To.Add(-time.Duration(m.r.Float64() * span * float64(time.Hour))).In(m.Zone)
		age := m.To.Sub(at).Hours() / span
		season := 1 + 0.25*math.Cos(2*math.Pi*(float64(at.YearDay())-15)/365)
		if m.r.Float64()*6 < byHour[at.Hour()]*byDay[at.Weekday()]*season*(1-0.25*age) {
			return at
		}
	}
}

// How long after a hazard comes somebody would notice it without any report.
const unseen = 30 * 24 * time.Hour

// happens is one hazard with all that follows.
func (m *pastMaker) happens(hazard int) {
	g := &m.grounds[m.weighted(m.where)]
	k := &m.kinds[m.weighted(m.what)]
	m.truth.Hazards[g.code]++
	rate := m.truth.PerDay[k.Code] * g.readiness
	wait := func() time.Duration { return time.Duration(m.r.ExpFloat64() / rate * 24 * float64(time.Hour)) }
	at := m.instant()
	delay := wait()
	if delay > unseen {
		m.truth.Unreported[g.code]++
		return
	}
	first := at.Add(delay).Truncate(time.Second)
	if first.After(m.To) {
		return
	}
	point := m.pointIn(g)
	if m.r.IntN(60) == 0 {
		sore := m.r.IntN(len(g.sore))
		point, k = g.sore[sore], &m.kinds[sore%len(m.kinds)]
	}
	promised := hoursOf(k)
	took := promised * 0.42 * g.slow * math.Exp(m.r.NormFloat64()*0.75)
	responded := first.Add(time.Duration(took * (0.2 + 0.5*m.r.Float64()) * float64(time.Hour))).Truncate(time.Second)
	closed := first.Add(time.Duration(took * float64(time.Hour))).Truncate(time.Second)
	if m.r.IntN(150) == 0 || closed.After(m.To) {
		closed = time.Time{}
	}
	if responded.After(m.To) {
		responded = time.Time{}
	}
	reopened := 0
	if !closed.IsZero() && m.r.IntN(40) == 0 {
		reopened = 1
	}
	end := m.To
	for _, came := range []time.Time{responded, closed} {
		if !came.IsZero() && came.Before(end) {
			end = came
		}
	}
	for filed := first; filed.Before(end) || filed.Equal(first); filed = filed.Add(wait()).Truncate(time.Second) {
		if !filed.Equal(first) && filed.Sub(first) < time.Second {
			continue
		}
		m.reports = append(m.reports, PastReport{
			Hazard: hazard, FiledAt: filed, RespondedAt: responded, Closed: closed, Category: k.Code, Channel: m.channel(), Text: m.words(k),
			Lat: point[1], Lon: point[0], Reopened: reopened,
		})
		if rate <= 0 {
			return
		}
	}
}

// hoursOf is about how many hours the category promises.
func hoursOf(k *category) float64 {
	n := k.Resolution.Default.N
	switch k.Resolution.Default.Unit {
	case "working_hours":
		n *= 3
	case "working_days":
		n *= 24 * 1.4
	}
	if n <= 0 {
		return 72
	}
	return n
}

func (m *pastMaker) channel() string {
	return []string{"phone", "phone", "phone", "phone", "phone", "app", "app", "web", "whatsapp", "whatsapp"}[m.r.IntN(10)]
}

func (m *pastMaker) words(k *category) string {
	if said := phrases[k.Code]; len(said) > 0 {
		return said[m.r.IntN(len(said))]
	}
	return k.Names["he"]
}
