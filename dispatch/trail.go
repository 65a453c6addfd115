package dispatch

import (
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"moked/geo"
)

// Trail is a crew's way on one day of its authority, while it was on duty. Its
// Line has a part for each stretch without a gap, simplified, and Times the
// time of each of its vertices. Metres are those driven along the stretches:
// what was driven in a gap isn't known. Fixes counts the fixes of the day,
// Doubted those that aren't believed and OffDuty those that nobody is shown.
type Trail struct {
	Crew     uuid.UUID     `json:"crew"`
	Day      string        `json:"day"`
	TimeZone string        `json:"time_zone"`
	From     *time.Time    `json:"from,omitempty"`
	To       *time.Time    `json:"to,omitempty"`
	Line     TrailLine     `json:"line"`
	Times    [][]time.Time `json:"times"`
	Stops    []Stop        `json:"stops"`
	Gaps     []Gap         `json:"gaps"`
	Metres   float64       `json:"metres"`
	Moving   float64       `json:"moving_seconds"`
	Standing float64       `json:"standing_seconds"`
	Fixes    int           `json:"fixes"`
	Doubted  int           `json:"doubted"`
	OffDuty  int           `json:"off_duty"`
	Last     *LastSeen     `json:"last,omitempty"`
}

// TrailLine is a GeoJSON geometry.
type TrailLine struct {
	Type        string              `json:"type"`
	Coordinates orb.MultiLineString `json:"coordinates"`
}

// Stop is where a crew stood for a while. Job is the one that it was there
// for, as far as that can be told.
type Stop struct {
	From  time.Time `json:"from"`
	To    time.Time `json:"to"`
	Lat   float64   `json:"lat"`
	Lon   float64   `json:"lon"`
	Label string    `json:"label,omitempty"`
	Job   *StopJob  `json:"job,omitempty"`
}

// StopJob names the job of a stop.
type StopJob struct {
	ID       uuid.UUID `json:"id"`
	Number   string    `json:"number"`
	Incident uuid.UUID `json:"incident"`
	Category string    `json:"category"`
}

// Gap is a time without fixes in which the crew came so far, in a straight
// line.
type Gap struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Metres float64   `json:"metres"`
}

// LastSeen is a crew's last position, with its age in seconds.
type LastSeen struct {
	Lat float64   `json:"lat"`
	Lon float64   `json:"lon"`
	At  time.Time `json:"at"`
	Age float64   `json:"age_seconds"`
}

const (
	// Who stays within so many metres for so long stands.
	stopMetres = 40.0
	stopTime   = 3 * time.Minute
	// Two stops so near each other with so little time between are one.
	sameStop     = 60.0
	sameStopTime = 2 * time.Minute
	// Without a fix for so long nobody knows which way was taken.
	gapTime = 5 * time.Minute
	// The trail's line may stray so far from the fixes.
	trailMetres = 6.0
	// A job is done within so many metres of a stop.
	jobMetres = 150.0
)

// DutyChange is a crew as it was put at an instant.
type DutyChange struct {
	At   time.Time
	Crew Crew
}

// OnDuty is which of the fixes were made while the crew was on duty or took a
// break. Both lists are in the order of their times. A crew that nothing is
// known of, or that stands by at home, isn't on duty.
func OnDuty(ps []Position, changes []DutyChange) (on []Position) {
	n := 0
	for _, p := range ps {
		for n < len(changes) && !changes[n].At.After(p.At) {
			n++
		}
		if n == 0 {
			continue
		}
		if d := changes[n-1].Crew.DutyAt(p.At); d == DutyOn || d == DutyBreak {
			on = append(on, p)
		}
	}
	return on
}

// TrailOf is the trail of a day's fixes in the order of their times.
func TrailOf(ps []Position, changes []DutyChange) Trail {
	believed := CourseOf(ps).Believed
	on := OnDuty(believed, changes)
	t := Trail{
		Line: TrailLine{"MultiLineString", orb.MultiLineString{}}, Times: [][]time.Time{}, Stops: []Stop{}, Gaps: []Gap{},
		Fixes: len(ps), Doubted: len(ps) - len(believed), OffDuty: len(believed) - len(on),
	}
	if len(on) == 0 {
		return t
	}
	from, to := on[0].At, on[len(on)-1].At
	t.From, t.To = &from, &to
	stays := stopsIn(on)
	var line orb.LineString
	var times []time.Time
	total := to.Sub(from)
	add := func(p orb.Point, at time.Time) { line, times = append(line, p), append(times, at) }
	for i := 0; i < len(on); {
		if n := len(line); n > 0 {
			a := on[i-1]
			here := orb.Point{on[i].Lon, on[i].Lat}
			if apart := on[i].At.Sub(a.At); apart > gapTime {
				g := Gap{From: a.At, To: on[i].At, Metres: math.Round(geo.Metres(line[n-1], here))}
				t.Gaps = append(t.Gaps, g)
				total -= apart
				t.stretch(line, times)
				line, times = nil, nil
			}
		}
		if len(stays) == 0 || stays[0].first != i {
			add(orb.Point{on[i].Lon, on[i].Lat}, on[i].At)
			i++
			continue
		}
		s := stays[0]
		stays = stays[1:]
		stop := Stop{From: on[s.first].At, To: on[s.last].At, Lat: s.at[1], Lon: s.at[0]}
		t.Stops = append(t.Stops, stop)
		t.Standing += stop.To.Sub(stop.From).Seconds()
		add(s.at, stop.From)
		add(s.at, stop.To)
		i = s.last + 1
	}
	t.stretch(line, times)
	t.Metres = math.Round(t.Metres)
	t.Moving = total.Seconds() - t.Standing
	return t
}

// stretch adds a part of the line.
func (t *Trail) stretch(line orb.LineString, times []time.Time) {
	t.Metres += geo.LineLength(line)
	var kept orb.LineString
	var at []time.Time
	for _, i := range geo.Simplify(line, trailMetres) {
		kept, at = append(kept, line[i]), append(at, times[i])
	}
	if len(kept) == 1 { // a line has two ends
		kept, at = append(kept, kept[0]), append(at, at[0])
	}
	t.Line.Coordinates, t.Times = append(t.Line.Coordinates, kept), append(t.Times, at)
}

// stay is the fixes of one stop, and their middle.
type stay struct {
	first, last int
	at          orb.Point
}

// stopsIn finds the stops: as many fixes as there are within reach of the
// middle of those before them.
func stopsIn(ps []Position) (found []stay) {
	plane := geo.PlaneAt(orb.Point{ps[0].Lon, ps[0].Lat})
	xy := make([]orb.Point, len(ps))
	for i, p := range ps {
		xy[i] = plane.XY(orb.Point{p.Lon, p.Lat})
	}
	for i := 0; i < len(ps); {
		middle, n := xy[i], 1.0
		j := i
		for j+1 < len(ps) && math.Hypot(xy[j+1][0]-middle[0], xy[j+1][1]-middle[1]) <= stopMetres {
			j++
			n++
			middle = orb.Point{middle[0] + (xy[j][0]-middle[0])/n, middle[1] + (xy[j][1]-middle[1])/n}
		}
		if ps[j].At.Sub(ps[i].At) < stopTime {
			i++
			continue
		}
		found = joined(found, stay{i, j, plane.Point(middle)}, ps, plane)
		i = j + 1
	}
	return found
}

// joined adds a stop, or makes it one with the last.
func joined(found []stay, s stay, ps []Position, plane geo.Plane) []stay {
	if n := len(found); n > 0 {
		b := &found[n-1]
		if plane.Distance(b.at, s.at) <= sameStop && ps[s.first].At.Sub(ps[b.last].At) <= sameStopTime {
			b.last = s.last
			return found
		}
	}
	return append(found, s)
}

// Served is the job that a crew stood there for: of those that were its own at
// the time the nearest.
func (s Stop) Served(js []Job) *StopJob {
	var best *StopJob
	nearest := jobMetres
	for _, j := range js {
		if j.Place.Lat == nil || j.Place.Lon == nil || j.AssignedAt == nil || j.AssignedAt.After(s.To) || j.EndedAt != nil && j.EndedAt.Before(s.From) {
			continue
		}
		if d := geo.Metres(orb.Point{*j.Place.Lon, *j.Place.Lat}, orb.Point{s.Lon, s.Lat}); d <= nearest {
			nearest, best = d, &StopJob{j.ID, j.Number, j.Incident, j.Category}
		}
	}
	return best
}
