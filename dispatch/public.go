package dispatch

import (
	"math"

	"github.com/google/uuid"

	"moked/geo"
)

// blurStep is the grid that a sensitive place is moved to when it is
// published: about 1.1 km north to south, and 0.9 km east to west in Israel.
const blurStep = 0.01

// Public is the incident as a resident may see it: what and where it is, its
// state and its due times. What people told or noted isn't in it, and of a
// sensitive one's place only the neighbourhood remains.
func (i Incident) Public() Incident {
	i.Text, i.Withheld = "", ""
	i.Place = i.Place.public(i.Sensitive)
	clocks := make([]Clock, len(i.Clocks))
	for k, c := range i.Clocks {
		pauses := make([]Pause, len(c.Pauses))
		for n, p := range c.Pauses {
			pauses[n] = Pause{From: p.From, Until: p.Until}
		}
		c.Pauses = pauses
		clocks[k] = c
	}
	i.Clocks = clocks
	return i
}

// Public is the report as whoever holds its link may see it: without who told
// it, what was written and answered, and the secret of the link itself.
func (r Report) Public() Report {
	r.Text, r.Token, r.Contact, r.Answers = "", "", nil, nil
	r.Place = r.Place.public(r.Sensitive)
	return r
}

// Scope says whose the report is, from its incident's scope.
func (r Report) Scope(incident Scope) Scope {
	incident.Report, incident.Crew = r.ID, uuid.Nil
	incident.Sensitive = incident.Sensitive || r.Sensitive
	return incident
}

// public is the place without the words it was told in; a sensitive one is
// moved to the middle of its cell of a coarse grid, and loses its label.
func (p Place) public(sensitive bool) Place {
	p.Text = ""
	if !sensitive {
		return p
	}
	p.Label, p.Score = "", 0
	if p.Neighbourhood != nil {
		p.Label = p.Neighbourhood.Name
	}
	if p.Lat != nil && p.Lon != nil {
		lat, lon := blur(*p.Lat), blur(*p.Lon)
		p.Lat, p.Lon, p.Precision = &lat, &lon, geo.InArea
	}
	return p
}

func blur(x float64) float64 {
	return math.Round((math.Floor(x/blurStep)+0.5)*blurStep*1e6) / 1e6
}
