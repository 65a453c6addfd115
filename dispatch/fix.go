package dispatch

import (
	"math"
	"time"

	"github.com/paulmach/orb"

	"moked/geo"
)

// FixVerdict says what became of a fix.
type FixVerdict string

// The verdicts. Fixes of the first four are kept in the crew's track.
const (
	FixMoved    FixVerdict = "moved"    // the crew is there now
	FixLate     FixVerdict = "late"     // older than the crew's last, which it doesn't move
	FixJump     FixVerdict = "jump"     // no vehicle gets there from the last so fast: kept until others confirm it
	FixVague    FixVerdict = "vague"    // the receiver knows too little of where it is
	FixAgain    FixVerdict = "again"    // of a time that is known already
	FixIsland   FixVerdict = "island"   // at 0/0, which is what receivers say without a signal
	FixRange    FixVerdict = "range"    // no place on the globe, or no number
	FixFar      FixVerdict = "far"      // in another country
	FixFuture   FixVerdict = "future"   // the device's clock is ahead
	FixOld      FixVerdict = "old"      // from before what tracks are kept
	FixStranger FixVerdict = "stranger" // of no crew that the sender may speak for
	FixNone     FixVerdict = "none"     // a sign of life without a place
)

// FixVerdicts lists every verdict.
func FixVerdicts() []FixVerdict {
	return []FixVerdict{FixMoved, FixLate, FixJump, FixVague, FixAgain, FixIsland, FixRange, FixFar, FixFuture, FixOld, FixStranger, FixNone}
}

// Kept reports whether a fix of the verdict is part of the crew's track.
func (v FixVerdict) Kept() bool {
	return v == FixMoved || v == FixLate || v == FixJump || v == FixVague
}

const (
	// A device's clock may be ahead by so much.
	maxAhead = 2 * time.Minute
	// More metres a second are a jump of the receiver.
	fastest = 70.0
	// Metres that a fix may be off when it doesn't say so, and at most.
	usualError, worstError = 50.0, 500.0
	// Receivers that know their place to no more metres than this aren't
	// believed while there is a better fix of the last while.
	vagueMetres = 200.0
	betterFor   = 10 * time.Minute
	// So many fixes that agree with each other are believed against the last.
	confirmed = 3
	// Two fixes of one moment are no speed.
	leastTime = 500 * time.Millisecond
)

// CheckFix looks at a fix by itself at an instant: "" when it may be true.
// Tracks are kept for keep.
func CheckFix(p Position, now time.Time, keep time.Duration) FixVerdict {
	switch {
	case !(math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180):
		return FixRange
	case math.Abs(p.Lat) < 0.01 && math.Abs(p.Lon) < 0.01:
		return FixIsland
	case p.At.After(now.Add(maxAhead)):
		return FixFuture
	case p.At.Before(now.Add(-keep)):
		return FixOld
	}
	return ""
}

// Plain is the position with its time in UTC to the millisecond and without
// readings that can't be: a heading over 360 degrees, a speed over 200 metres a
// second, an accuracy over 100 km. What stays is rounded to a decimal.
func (p Position) Plain() Position {
	p.At = p.At.UTC().Truncate(time.Millisecond)
	p.Heading, p.Speed, p.Accuracy = reading(p.Heading, 360), reading(p.Speed, 200), reading(p.Accuracy, 1e5)
	return p
}

func reading(v *float64, most float64) *float64 {
	if v == nil || !(*v >= 0 && *v <= most) {
		return nil
	}
	r := math.Round(*v*10) / 10
	return &r
}

// Reaches reports whether a vehicle may have been at both places at their
// times, whichever was first. Each may be off by its accuracy.
func (p Position) Reaches(q Position) bool {
	apart := max(p.At.Sub(q.At).Abs(), leastTime)
	return geo.Metres(orb.Point{p.Lon, p.Lat}, orb.Point{q.Lon, q.Lat}) <= fastest*apart.Seconds()+p.off()+q.off()
}

func (p Position) off() float64 {
	if p.Accuracy == nil {
		return usualError
	}
	return min(max(*p.Accuracy, usualError), worstError)
}

func (p Position) vague() bool { return p.Accuracy != nil && *p.Accuracy > vagueMetres }

// After judges a fix against the last that is believed of its crew, or nil.
// open says that the fix contradicts it, whatever the verdict: the course of
// the crew's latest fixes then decides where it is.
func (p Position) After(last *Position) (v FixVerdict, open bool) {
	switch {
	case last == nil:
		return FixMoved, false
	case p.At.Equal(last.At):
		return FixAgain, false
	case p.vague() && p.At.Sub(last.At) < betterFor:
		return FixVague, false
	case p.At.Before(last.At):
		return FixLate, !p.Reaches(*last)
	case !p.Reaches(*last):
		return FixJump, true
	}
	return FixMoved, false
}

// Course is what a crew's fixes, taken in the order of their times, say of its
// way. A fix that contradicts the last one believed is doubted until so many
// that agree with each other follow; then they are believed, and those before
// them aren't if they were fewer than that. The zero value has no fixes.
type Course struct {
	Believed []Position
	run      int // believed since the last break
	doubted  []Position
}

// Take takes the next fix.
func (c *Course) Take(p Position) {
	if len(c.Believed) == 0 {
		c.Believed, c.run = append(c.Believed, p), 1
		return
	}
	last := &c.Believed[len(c.Believed)-1]
	switch v, _ := p.After(last); v {
	case FixMoved:
		c.Believed, c.run, c.doubted = append(c.Believed, p), c.run+1, nil
	case FixJump:
		if n := len(c.doubted); n > 0 && !p.Reaches(c.doubted[n-1]) {
			c.doubted = nil
		}
		if c.doubted = append(c.doubted, p); len(c.doubted) < confirmed {
			return
		}
		if c.run < confirmed {
			c.Believed = c.Believed[:len(c.Believed)-c.run]
		}
		c.Believed = append(c.Believed, c.doubted...)
		c.run, c.doubted = len(c.doubted), nil
	}
}

// CourseOf is the course of fixes that are in the order of their times.
func CourseOf(ps []Position) (c Course) {
	for _, p := range ps {
		c.Take(p)
	}
	return c
}
