package desk

import (
	"errors"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"moked/dispatch"
)

// TestPauses sums what clocks stood still for, within the period and to whom it
// is theirs.
func TestPauses(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	begin := *c.now
	pause := func(at orb.Point, category, reason string, hours int) {
		t.Helper()
		f := c.reports("בדיקה", at, category)
		step := func(do func(i dispatch.Incident) error) {
			t.Helper()
			x, err := c.Incident(c.ctx, c.dispatcher(), f.Incident.ID)
			c.must(err)
			c.must(do(x.Incident))
		}
		step(func(i dispatch.Incident) error {
			_, err := c.PauseIncident(c.ctx, c.dispatcher(), i.ID, IncidentStep{BaseVersion: i.Version, Reason: reason})
			return err
		})
		if hours == 0 {
			return
		}
		c.later(time.Duration(hours) * time.Hour)
		step(func(i dispatch.Incident) error {
			_, err := c.ResumeIncident(c.ctx, c.dispatcher(), i.ID, IncidentStep{BaseVersion: i.Version})
			return err
		})
	}
	pause(orb.Point{34.81, 32.05}, "pothole", "ממתין לחלקים", 10)
	pause(orb.Point{34.83, 32.05}, "pothole", "ממתין לחלקים ", 5)
	pause(orb.Point{34.87, 32.05}, "street-light-out", "גשם", 3)
	pause(orb.Point{34.88, 32.05}, "street-light-out", "גשם", 0)
	c.later(time.Hour)
	ask := func(who dispatch.Actor, q PauseQuery) []PauseSum {
		t.Helper()
		got, err := c.Pauses(c.ctx, who, q)
		c.must(err)
		return got
	}
	all := PauseQuery{From: begin.Add(-time.Hour), To: begin.AddDate(0, 1, 0)}
	got := ask(c.dispatcher(), all)
	if len(got) != 2 || got[0] != (PauseSum{"ממתין לחלקים", 2, 15 * 3600, 0}) || got[1] != (PauseSum{"גשם", 2, 4 * 3600, 1}) {
		t.Errorf("all: %+v", got)
	}
	part := PauseQuery{From: begin.Add(4 * time.Hour), To: begin.Add(6 * time.Hour)}
	if got := ask(c.dispatcher(), part); len(got) != 1 || got[0].Seconds != 2*3600 || got[0].Incidents != 1 {
		t.Errorf("two hours: %+v", got)
	}
	manager := c.actor(dispatch.DistrictManager)
	manager.District = "east"
	if got := ask(manager, all); len(got) != 1 || got[0].Reason != "גשם" {
		t.Errorf("the east: %+v", got)
	}
	other := all
	other.Districts = []string{"west"}
	var refused *dispatch.Error
	if _, err := c.Pauses(c.ctx, manager, other); !errors.As(err, &refused) || refused.Code != dispatch.Forbidden {
		t.Errorf("the west: %v", err)
	}
	other.Districts, other.Categories = nil, []string{"pothole"}
	if got := ask(c.dispatcher(), other); len(got) != 1 || got[0].Incidents != 2 {
		t.Errorf("potholes: %+v", got)
	}
}
