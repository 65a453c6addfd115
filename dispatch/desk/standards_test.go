package desk

import (
	"errors"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"moked/dispatch"
)

// TestChangeStandards promises something else from a day on: what was filed
// before is judged by what was promised then.
func TestChangeStandards(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	admin := dispatch.Actor{Authority: cityCode, Role: dispatch.Admin, Name: "רונית"}
	west := 34.805
	due := func() time.Duration {
		t.Helper()
		west += 0.01 // another hazard
		f := c.reports("בור", orb.Point{west, 32.05}, "pothole")
		for _, k := range f.Clocks {
			if k.Kind == dispatch.Resolution {
				return k.DueAt.Sub(k.StartedAt)
			}
		}
		t.Fatal("nothing is promised")
		return 0
	}
	before := due()
	standard := func(hours float64) *dispatch.Standard {
		return &dispatch.Standard{Default: dispatch.Duration{N: hours, Unit: dispatch.ClockHours}}
	}
	change := func(base int, hours float64) error {
		return c.ChangeStandards(c.ctx, admin, []StandardChange{{Category: "pothole", BaseVersion: base, Resolution: standard(hours)}})
	}
	first := *c.now
	c.later(time.Hour)
	c.must(change(1, 5))
	if got := due(); got != 5*time.Hour || before == got {
		t.Errorf("due in %v, before in %v", got, before)
	}
	c.later(time.Hour)
	c.must(change(2, 7))

	// Whoever saw another version is told; a standard must make sense; and all
	// is changed or nothing.
	var refused *dispatch.Error
	if err := change(2, 9); !errors.As(err, &refused) || refused.Code != dispatch.Stale {
		t.Errorf("stale: %v", err)
	}
	bad := &dispatch.Standard{Default: dispatch.Duration{N: 1, Unit: "moons"}}
	err := c.ChangeStandards(c.ctx, admin, []StandardChange{{Category: "pothole", BaseVersion: 3, Resolution: standard(9)}, {Category: "bench-broken", BaseVersion: 1, Response: bad}})
	if !errors.As(err, &refused) || refused.Field != "response" {
		t.Errorf("bad: %v", err)
	}
	if err := c.ChangeStandards(c.ctx, c.dispatcher(), nil); !errors.As(err, &refused) || refused.Code != dispatch.Forbidden {
		t.Errorf("a dispatcher: %v", err)
	}

	versions, err := c.Standards(c.ctx, c.dispatcher(), "pothole")
	c.must(err)
	if len(versions) != 3 || versions[0].From != nil || versions[2].Resolution.Default.N != 7 || versions[2].By.Name != "רונית" {
		t.Errorf("%+v", versions)
	}
	for at, want := range map[time.Time]float64{first.Add(90 * time.Minute): 5, c.now.Add(time.Minute): 7} {
		_, categories, err := c.CatalogueAt(c.ctx, c.dispatcher(), at)
		c.must(err)
		for _, k := range categories {
			if k.Code == "pothole" && k.Resolution.Default.N != want {
				t.Errorf("at %v: %+v", at, k.Resolution)
			}
		}
	}
	_, categories, err := c.CatalogueAt(c.ctx, c.dispatcher(), first)
	c.must(err)
	_, defaults := dispatch.DefaultCatalogue()
	for n, k := range categories {
		if k.Resolution.Default != defaults[n].Resolution.Default {
			t.Errorf("at first %s: %+v", k.Code, k.Resolution)
		}
	}
}
