package dispatch

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var fixNow = time.Date(2026, 5, 5, 10, 0, 0, 0, time.UTC)

// fixAt is a fix so many metres east of a place and so many seconds from now.
func fixAt(metres, seconds float64) Position {
	return Position{Lat: 32, Lon: 34.8 + metres/94_500, At: fixNow.Add(time.Duration(seconds * float64(time.Second)))}
}

func with(p Position, accuracy float64) Position { p.Accuracy = &accuracy; return p }

func TestCheckFix(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	at := func(lat, lon float64, d time.Duration) Position {
		return Position{Lat: lat, Lon: lon, At: fixNow.Add(d)}
	}
	for name, c := range map[string]struct {
		p    Position
		want FixVerdict
	}{
		"good":              {at(32, 34.8, 0), ""},
		"null island":       {at(0, 0, 0), FixIsland},
		"beside it":         {at(0.001, -0.002, 0), FixIsland},
		"on the equator":    {at(0, 34.8, 0), ""},
		"latitude":          {at(90.1, 34.8, 0), FixRange},
		"longitude":         {at(32, -180.5, 0), FixRange},
		"no number":         {at(math.NaN(), 34.8, 0), FixRange},
		"no number either":  {at(32, math.NaN(), 0), FixRange},
		"infinite":          {at(math.Inf(1), 34.8, 0), FixRange},
		"a little ahead":    {at(32, 34.8, 2*time.Minute), ""},
		"ahead":             {at(32, 34.8, 2*time.Minute+time.Millisecond), FixFuture},
		"as old as it gets": {at(32, 34.8, -day), ""},
		"too old":           {at(32, 34.8, -day-time.Millisecond), FixOld},
		"1970":              {Position{Lat: 32, Lon: 34.8, At: time.Unix(0, 0)}, FixOld},
		"no time":           {Position{Lat: 32, Lon: 34.8}, FixOld},
	} {
		if got := CheckFix(c.p, fixNow, day); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestAfter(t *testing.T) {
	t.Parallel()
	last := fixAt(0, 0)
	for name, c := range map[string]struct {
		p    Position
		last *Position
		want FixVerdict
		open bool
	}{
		"the first":                  {fixAt(0, 0), nil, FixMoved, false},
		"the first, vague":           {with(fixAt(0, 0), 2000), nil, FixMoved, false},
		"it stands":                  {fixAt(0, 30), &last, FixMoved, false},
		"a motorway":                 {fixAt(330, 10), &last, FixMoved, false},
		"as fast as it gets":         {fixAt(790, 10), &last, FixMoved, false},
		"a jump":                     {fixAt(900, 10), &last, FixJump, true},
		"the same after an hour":     {fixAt(9000, 3600), &last, FixMoved, false},
		"a jump in no time":          {fixAt(300, 0.001), &last, FixJump, true},
		"noise in no time":           {fixAt(80, 0.001), &last, FixMoved, false},
		"far, but it says so":        {with(fixAt(900, 10), 150), &last, FixMoved, false},
		"the same time":              {fixAt(0, 0), &last, FixAgain, false},
		"the same time elsewhere":    {fixAt(5000, 0), &last, FixAgain, false},
		"late":                       {fixAt(0, -30), &last, FixLate, false},
		"late and far":               {fixAt(5000, -30), &last, FixLate, true},
		"vague":                      {with(fixAt(500, 30), 900), &last, FixVague, false},
		"vague and late":             {with(fixAt(500, -30), 900), &last, FixVague, false},
		"vague, but the last is old": {with(fixAt(500, 700), 900), &last, FixMoved, false},
	} {
		if got, open := c.p.After(c.last); got != c.want || open != c.open {
			t.Errorf("%s: %q %v, want %q %v", name, got, open, c.want, c.open)
		}
	}
}

func TestCourse(t *testing.T) {
	t.Parallel()
	drive := func(from float64, seconds ...float64) (ps []Position) {
		for _, s := range seconds {
			ps = append(ps, fixAt(from+10*s, s))
		}
		return ps
	}
	const away = 50_000
	for name, c := range map[string]struct {
		fixes []Position
		want  []Position
	}{
		"a drive":              {drive(0, 0, 10, 20, 30), drive(0, 0, 10, 20, 30)},
		"one jump":             {slices.Concat(drive(0, 0, 10, 20), drive(away, 30), drive(0, 40)), drive(0, 0, 10, 20, 40)},
		"two that agree":       {slices.Concat(drive(0, 0, 10, 20), drive(away, 30, 40), drive(0, 50)), drive(0, 0, 10, 20, 50)},
		"three are believed":   {slices.Concat(drive(0, 0, 10, 20), drive(away, 30, 40, 50)), slices.Concat(drive(0, 0, 10, 20), drive(away, 30, 40, 50))},
		"three that don't":     {slices.Concat(drive(0, 0, 10, 20), drive(away, 30), drive(2*away, 40), drive(3*away, 50)), drive(0, 0, 10, 20)},
		"the first was a jump": {slices.Concat(drive(away, 0), drive(0, 10, 20, 30)), drive(0, 10, 20, 30)},
		"to and fro":           {slices.Concat(drive(0, 0, 10, 20), drive(away, 30), drive(0, 40), drive(away, 50), drive(0, 60)), drive(0, 0, 10, 20, 40, 60)},
		"nothing":              {nil, nil},
	} {
		if got := CourseOf(c.fixes).Believed; !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestCourseLeavesOutWhatIsNotTrue plants lone jumps into any possible drive:
// what is believed is the drive.
func TestCourseLeavesOutWhatIsNotTrue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		var all, drive []Position
		place, at, since := 0.0, 0.0, 0
		for range rapid.IntRange(1, 80).Draw(t, "fixes") {
			step := 1 + r.Float64()*60
			at += step
			place += (r.Float64() - 0.3) * 40 * step
			p := fixAt(place, at)
			all, drive, since = append(all, p), append(drive, p), since+1
			if since > confirmed && r.IntN(4) == 0 {
				at += 0.5
				all, since = append(all, fixAt(place+100_000+r.Float64()*50_000, at)), 0
			}
		}
		c := CourseOf(all)
		if !slices.Equal(c.Believed, drive) {
			t.Fatalf("of %d fixes and %d jumps %d are believed", len(drive), len(all)-len(drive), len(c.Believed))
		}
		for i := 1; i < len(c.Believed); i++ {
			if !c.Believed[i].At.After(c.Believed[i-1].At) {
				t.Fatal("the believed aren't in order")
			}
		}
	})
}

// TestCourseNeverStaysLost: wherever a crew really is, so many good fixes
// there are believed, whatever came before.
func TestCourseNeverStaysLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var c Course
		at := 0.0
		for _, m := range rapid.SliceOf(rapid.Float64Range(-1e6, 1e6)).Draw(t, "anywhere") {
			at += 5
			c.Take(fixAt(m, at))
		}
		for range confirmed {
			at += 5
			c.Take(fixAt(0, at))
		}
		if last := c.Believed[len(c.Believed)-1]; last != fixAt(0, at) {
			t.Fatalf("the crew is taken to be at %v", last)
		}
	})
}

func TestPlain(t *testing.T) {
	t.Parallel()
	p := func(v float64) *float64 { return &v }
	got := Position{Heading: p(361), Speed: p(12.3456), Accuracy: p(-1), At: fixNow.Add(1234567)}.Plain()
	if got.Heading != nil || *got.Speed != 12.3 || got.Accuracy != nil || got.At != fixNow.Add(time.Millisecond) {
		t.Errorf("%+v", got)
	}
	if nan := (Position{Speed: p(math.NaN())}).Plain(); nan.Speed != nil {
		t.Error("a speed that is no number")
	}
}
