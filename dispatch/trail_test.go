package dispatch

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// day builds a crew's day: it drives and stands, and says so every ten seconds.
type day struct {
	metres, seconds float64
	fixes           []Position
}

func (d *day) drive(metres, speed float64) {
	for end := d.metres + metres; d.metres < end; {
		d.fixes = append(d.fixes, fixAt(d.metres, d.seconds))
		d.metres, d.seconds = d.metres+10*speed, d.seconds+10
	}
}

// stand wanders by up to so many metres.
func (d *day) stand(seconds, wander float64) {
	r := rand.New(rand.NewPCG(1, 1))
	for end := d.seconds + seconds; d.seconds < end; d.seconds += 10 {
		d.fixes = append(d.fixes, fixAt(d.metres+(2*r.Float64()-1)*wander, d.seconds))
	}
}

// always is a crew that was on duty all along.
func always() []DutyChange {
	until := fixNow.Add(240 * time.Hour)
	return []DutyChange{{fixNow.Add(-time.Hour), Crew{OnUntil: &until}}}
}

func minutes(t time.Time) float64 { return t.Sub(fixNow).Minutes() }

func TestTrail(t *testing.T) {
	t.Parallel()
	var d day
	d.drive(3000, 10) // 5 minutes
	d.stand(600, 15)  // to 15
	d.drive(1200, 10) // to 17
	d.stand(120, 10)  // a light, to 19
	d.drive(1200, 10) // to 21
	d.seconds += 900  // nothing, to 36
	d.metres += 8000  // and elsewhere
	d.drive(600, 10)  // to 37
	d.stand(60, 10)   // to 38
	d.seconds += 1800 // the phone sleeps, to 68
	d.stand(30, 10)   // still there
	d.fixes = append(d.fixes, fixAt(-90_000, d.seconds+5))
	tr := TrailOf(d.fixes, always())
	if len(tr.Stops) != 2 || len(tr.Gaps) != 1 || tr.Doubted != 1 || tr.Fixes != len(d.fixes) || tr.OffDuty != 0 {
		t.Fatalf("%d stops, %d gaps, %d doubted of %d: %+v", len(tr.Stops), len(tr.Gaps), tr.Doubted, tr.Fixes, tr.Stops)
	}
	for i, want := range []struct{ from, to, metres float64 }{{5, 15, 3000}, {37, 68.5, 14000}} {
		s := tr.Stops[i]
		metres := (s.Lon - 34.8) * 94_500
		if math.Abs(minutes(s.From)-want.from) > 0.6 || math.Abs(minutes(s.To)-want.to) > 0.6 || math.Abs(metres-want.metres) > 20 {
			t.Errorf("stop %d is from %.1f to %.1f at %.0f m, want %+v", i, minutes(s.From), minutes(s.To), metres, want)
		}
	}
	if g := tr.Gaps[0]; math.Abs(g.Metres-8000) > 150 || math.Abs(minutes(g.To)-36) > 0.5 {
		t.Errorf("%+v", g)
	}
	if math.Abs(tr.Metres-(5400+600)) > 150 {
		t.Errorf("driven %v m", tr.Metres)
	}
	if len(tr.Line.Coordinates) != 2 || len(tr.Line.Coordinates[0]) > 20 || len(tr.Times[0]) != len(tr.Line.Coordinates[0]) {
		t.Errorf("the line has %d parts, the first with %d vertices and %d times", len(tr.Line.Coordinates), len(tr.Line.Coordinates[0]), len(tr.Times[0]))
	}
	if sum := tr.Moving + tr.Standing + tr.Gaps[0].To.Sub(tr.Gaps[0].From).Seconds(); math.Abs(sum-tr.To.Sub(*tr.From).Seconds()) > 0.01 {
		t.Errorf("its parts take %v of %v", sum, tr.To.Sub(*tr.From))
	}
}

func TestTrailOfNothing(t *testing.T) {
	t.Parallel()
	for name, tr := range map[string]Trail{
		"no fixes": TrailOf(nil, always()), "never on duty": TrailOf([]Position{fixAt(0, 0)}, nil), "one fix": TrailOf([]Position{fixAt(0, 0)}, always()),
	} {
		if tr.Stops == nil || tr.Gaps == nil || tr.Line.Coordinates == nil || tr.Times == nil || tr.Metres != 0 {
			t.Errorf("%s: %+v", name, tr)
		}
	}
}

// TestTrailIsOfDuty: what was recorded before a shift, on stand-by and after
// it isn't shown.
func TestTrailIsOfDuty(t *testing.T) {
	t.Parallel()
	var ps []Position
	for m := range 60 {
		ps = append(ps, fixAt(float64(m)*100, float64(m)*60))
	}
	at := func(m float64) time.Time { return fixNow.Add(time.Duration(m * float64(time.Minute))) }
	until := func(m float64) *time.Time { t := at(m); return &t }
	changes := []DutyChange{
		{at(-600), Crew{}}, {at(10), Crew{OnUntil: until(20)}}, // ends by itself
		{at(25), Crew{StandbyUntil: until(35)}},
		{at(30), Crew{OnUntil: until(500)}}, {at(35), Crew{OnUntil: until(500), OnBreak: true}}, {at(40), Crew{}},
	}
	var got []float64
	for _, p := range OnDuty(ps, changes) {
		got = append(got, minutes(p.At))
	}
	if want := []float64{10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if tr := TrailOf(ps, changes); tr.OffDuty != 40 || tr.From == nil || !tr.From.Equal(at(10)) || !tr.To.Equal(at(39)) {
		t.Errorf("%d off duty, from %v to %v", tr.OffDuty, tr.From, tr.To)
	}
}

func TestServed(t *testing.T) {
	t.Parallel()
	s := Stop{From: fixNow, To: fixNow.Add(10 * time.Minute), Lat: 32, Lon: 34.8}
	job := func(number string, metres, from, to float64) Job {
		p := fixAt(metres, 0)
		a, e := fixNow.Add(time.Duration(from)*time.Minute), fixNow.Add(time.Duration(to)*time.Minute)
		return Job{ID: uuid.New(), Number: number, Place: Place{Lat: &p.Lat, Lon: &p.Lon}, AssignedAt: &a, EndedAt: &e}
	}
	nowhere := job("nowhere", 0, -5, 5)
	nowhere.Place = Place{}
	for want, js := range map[string][]Job{
		"":     {job("far", 200, -5, 5), job("before", 0, -50, -5), job("after", 0, 20, 30), nowhere},
		"near": {job("far", 120, -5, 50), job("near", 20, -5, 5)},
	} {
		got := ""
		if j := s.Served(js); j != nil {
			got = j.Number
		}
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestTrailKeepsItsTimes: whatever the fixes, the vertices' times rise, stops
// are apart and long enough, and nothing lasts longer than the day.
func TestTrailKeepsItsTimes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 4))
		var ps []Position
		place, at := 0.0, 0.0
		for range rapid.IntRange(1, 300).Draw(t, "fixes") {
			at += 1 + math.Abs(r.NormFloat64())*60
			switch r.IntN(3) {
			case 0:
				place += r.NormFloat64() * 2000
			case 1:
				place += r.NormFloat64() * 30
			}
			ps = append(ps, fixAt(place, at))
		}
		tr := TrailOf(ps, always())
		for i, line := range tr.Line.Coordinates {
			if len(line) < 2 || len(line) != len(tr.Times[i]) || !slices.IsSortedFunc(tr.Times[i], time.Time.Compare) {
				t.Fatalf("part %d: %d vertices at %v", i, len(line), tr.Times[i])
			}
		}
		for i, s := range tr.Stops {
			if s.To.Sub(s.From) < stopTime || i > 0 && s.From.Before(tr.Stops[i-1].To) {
				t.Fatalf("stop %d: %+v", i, s)
			}
		}
		if tr.Moving < -1e-6 || tr.Standing < 0 || tr.Metres < 0 || len(tr.Gaps) != len(tr.Line.Coordinates)-1 {
			t.Fatalf("moves for %v s, stands for %v s, %d gaps", tr.Moving, tr.Standing, len(tr.Gaps))
		}
	})
}
