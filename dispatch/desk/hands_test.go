package desk

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"moked/dispatch"
)

// Two who have one incident open see each other, and what each does; a hand
// that isn't heard of any more goes by itself.
func TestHandsOnOneIncident(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	incident := c.reports("פנס לא דולק", west).Incident.ID
	dana, omer := c.actor(dispatch.Dispatcher), c.actor(dispatch.Operator)
	dana.Name, omer.Name = "דנה", "עומר"
	one, two := uuid.New(), uuid.New()
	show := func(who dispatch.Actor, client uuid.UUID, doing Doing) []Hand {
		t.Helper()
		hands, err := c.ShowHand(c.ctx, who, incident, client, doing)
		c.must(err)
		return hands
	}
	if hands := show(dana, one, Reading); len(hands) != 0 {
		t.Errorf("alone, but sees %+v", hands)
	}
	if hands := show(omer, two, Reading); len(hands) != 1 || hands[0].Name != "דנה" || hands[0].Doing != Reading {
		t.Errorf("the second sees %+v", hands)
	}
	show(dana, one, Writing)
	if hands := show(omer, two, Reading); len(hands) != 1 || hands[0].Doing != Writing {
		t.Errorf("the writer is seen as %+v", hands)
	}
	show(dana, one, Nothing)
	if hands := show(omer, two, Reading); len(hands) != 0 {
		t.Errorf("who left is seen still: %+v", hands)
	}
	c.later(HandFresh + time.Second)
	if hands := show(dana, one, Reading); len(hands) != 0 {
		t.Errorf("a lost hand is seen still: %+v", hands)
	}
	_, err := c.ShowHand(c.ctx, dana, incident, one, "sleeping")
	c.refused(err, dispatch.Invalid, "doing")
	_, err = c.ShowHand(c.ctx, dana, uuid.New(), one, Reading)
	c.refused(err, dispatch.NotFound, "")
}
