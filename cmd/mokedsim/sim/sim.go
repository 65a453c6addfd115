// Package sim plays a city on a Moked server through its public API. The
// hours and weekdays of its reports are those of 58,251 requests to Boston's
// hotline (July to December 2011) moved to a week that begins on Sunday; what
// they are about follows Ashdod's hotline in May 2026.
package sim

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
)

// Config says whose city is played and how fast. Token is a dispatcher's;
// CrewTokens holds one token for each crew that is to drive, by the crew's id.
// PerHour is the number of reports in an average hour of real life.
type Config struct {
	URL        string
	Token      string
	CrewTokens map[string]string
	Pace       float64
	PerHour    float64
	Backlog    int
	Assign     bool
	Seed       uint64
	Zone       *time.Location
	Log        *slog.Logger
}

type city struct {
	Config
	desk       *client
	areas      []area
	categories []category
	weights    []float64

	mu    sync.Mutex
	r     *rand.Rand
	spots []spot // of earlier reports, which others may report again
}

// Run plays the city until ctx ends.
func Run(ctx context.Context, c Config) error {
	if c.Pace <= 0 {
		c.Pace = 1
	}
	if c.Zone == nil {
		c.Zone = time.Local
	}
	s := &city{Config: c, desk: newClient(c.URL, c.Token), r: rand.New(rand.NewPCG(c.Seed, 106))}
	if err := s.look(ctx); err != nil {
		return err
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	for id, token := range c.CrewTokens {
		wg.Go(func() { s.crew(ctx, id, token) })
	}
	if c.Assign {
		wg.Go(func() { s.dispatcher(ctx) })
	}
	for range c.Backlog {
		s.reportOne(ctx)
	}
	s.residents(ctx)
	return ctx.Err()
}

// dice draws under the lock: many goroutines share one seeded source.
func (s *city) dice() float64 { s.mu.Lock(); defer s.mu.Unlock(); return s.r.Float64() }

func (s *city) between(lo, hi float64) float64 { return lo + s.dice()*(hi-lo) }

func (s *city) pick(n int) int { s.mu.Lock(); defer s.mu.Unlock(); return s.r.IntN(n) }

// sleep waits for d of the city's time; it reports whether there is more.
func (s *city) sleep(ctx context.Context, d time.Duration) bool {
	return pause(ctx, time.Duration(float64(d)/s.Pace))
}

func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
