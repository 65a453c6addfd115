package dispatch

import (
	"time"

	"github.com/google/uuid"
)

// OpenIncident is the incident that a first report opens, with its clocks
// started when the report was filed.
func OpenIncident(id uuid.UUID, number string, r Report, c Category, cal Calendar) Incident {
	return Incident{
		ID: id, Number: number, Version: 1, State: IncidentOpen,
		Category: c.Code, Department: c.Department, Priority: c.Priority, Sensitive: c.Sensitive,
		Text: r.Text, Place: r.Place, Reports: 1,
		Clocks:   StartClocks(c, r.Answers, r.FiledAt, cal),
		OpenedAt: r.FiledAt,
	}
}

// OpenJob is a job on the incident for a department, planned at now.
func (i Incident) OpenJob(id uuid.UUID, number, department string, now time.Time) Job {
	j := Job{ID: id, Number: number, State: JobPlanned, Incident: i.ID, Department: department, CreatedAt: now}
	j = j.follow(i)
	j.Version = 1
	return j
}

// Follow takes up what the job repeats of its incident, one version on if
// anything differs; changed says whether it does.
func (j Job) Follow(i Incident) (after Job, changed bool) {
	after = j.follow(i)
	if after.Category == j.Category && after.Priority == j.Priority && after.Text == j.Text &&
		samePlace(after.Place, j.Place) && sameTime(after.DueAt, j.DueAt) {
		return j, false
	}
	after.Version++
	return after, true
}

func (j Job) follow(i Incident) Job {
	j.Category, j.Priority, j.Text, j.Place, j.DueAt = i.Category, i.Priority, i.Text, i.Place, i.DueAt()
	return j
}

// DueAt is the incident's next due time: that of its first clock to fall due
// among those that have not stopped, or nil.
func (i Incident) DueAt() *time.Time {
	var due *time.Time
	for _, c := range i.Clocks {
		if c.StoppedAt == nil && (due == nil || c.DueAt.Before(*due)) {
			at := c.DueAt
			due = &at
		}
	}
	return due
}

func samePlace(a, b Place) bool {
	return sameFloat(a.Lat, b.Lat) && sameFloat(a.Lon, b.Lon) && a.Precision == b.Precision && a.Score == b.Score &&
		a.Label == b.Label && a.Text == b.Text && sameRef(a.District, b.District) && sameRef(a.Neighbourhood, b.Neighbourhood)
}

func sameFloat(a, b *float64) bool { return a == b || a != nil && b != nil && *a == *b }
func sameRef(a, b *Ref) bool       { return a == b || a != nil && b != nil && *a == *b }
func sameTime(a, b *time.Time) bool {
	return a == b || a != nil && b != nil && a.Equal(*b)
}
