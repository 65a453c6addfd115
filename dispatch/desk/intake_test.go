package desk

import (
	"testing"
	"time"

	"moked/dispatch"
)

func TestReportOpensIncidentWithClocksAndJob(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	f := c.reports("פנס לא דולק", west)
	if f.Number != "26-000001" || f.Incident.Number != "26-I-000001" || f.Incident.Merged {
		t.Errorf("filed %+v", f)
	}
	if len(f.Jobs) != 1 || f.Jobs[0].State != dispatch.JobPlanned || f.Jobs[0].Number != "26-J-000001" {
		t.Errorf("jobs %+v", f.Jobs)
	}
	if f.Place.DistrictCode() != "west" {
		t.Errorf("district %q", f.Place.DistrictCode())
	}
	if len(f.Clocks) == 0 {
		t.Error("no clock runs")
	}
	if len(f.Token) < 22 {
		t.Errorf("token %q is short", f.Token)
	}
}

func TestReportsOfOneHazardJoin(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	first := c.reports("פנס לא דולק", west)
	c.later(10 * time.Minute)
	again := c.reports("שוב הפנס", eastOf(west, 5))
	if again.Incident.ID != first.Incident.ID || !again.Incident.Merged {
		t.Fatalf("the second report opened %s", again.Incident.Number)
	}
	if again.Number != "26-000002" || again.Jobs[0].ID != first.Jobs[0].ID {
		t.Errorf("filed %+v", again)
	}
	far := c.reports("פנס אחר", eastOf(west, 2000))
	if far.Incident.ID == first.Incident.ID {
		t.Error("a light two kilometres away was joined")
	}
}
