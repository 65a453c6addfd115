package dispatch

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Candidate is a crew that might take a job, with what is known of it now.
type Candidate struct {
	Crew Crew
	// Seconds is the travel time over the roads from the crew's last position:
	// NaN when the position or the job's place is unknown, +Inf when no road
	// leads there.
	Seconds float64
	// Age is how old the last position is; negative when there is none.
	Age time.Duration
	// Jobs is how many jobs it has in hand, and Ahead the time they still take
	// before this one's turn.
	Jobs  int
	Ahead time.Duration
	// InZone says that the job lies in the crew's own work zone.
	InZone bool
	// Declined says that the crew has handed this very job back.
	Declined bool
}

// Recommendation is one crew's place in the ranking. Score runs from 0 to 1:
// above one half the crew makes the due time, and 0 is not suitable. Seconds
// is nil when unknown. Reasons say why, the weightiest first; Text is the same
// in the reader's language.
type Recommendation struct {
	Crew     uuid.UUID `json:"crew"`
	Score    float64   `json:"score"`
	Seconds  *float64  `json:"seconds"`
	Suitable bool      `json:"suitable"`
	OnTime   bool      `json:"on_time"`
	Reasons  []Reason  `json:"reasons"`
	Text     []string  `json:"text,omitempty"`

	code string
	cost time.Duration
	duty Duty
}

// In is the recommendation with its reasons' text in a language.
func (r Recommendation) In(lang string) Recommendation {
	r.Text = make([]string, len(r.Reasons))
	for i, reason := range r.Reasons {
		r.Text[i] = reason.Text(lang)
	}
	return r
}

// The costs, in time, of what isn't travel or waiting.
const (
	unknownTravel   = 30 * time.Minute // where a crew might be
	outOfZone       = 5 * time.Minute
	otherDistrict   = 10 * time.Minute
	switching       = 2 * time.Minute // for each job in hand
	freshPosition   = 2 * time.Minute // older ones are shown grey, and count less
	stalestPosition = time.Hour
	longestTravel   = 1e6              // seconds
	halfScore       = 20 * time.Minute // the cost at which half of the score is gone
	shortShift      = 10 * time.Minute // work that the shift ends before, beside what is left of it
	callOut         = 20 * time.Minute // from the call to a crew on standby to its leaving
)

// Recommend ranks the crews for a job of category c at now, best first, and
// says why for each. Suitable crews come before the others, those who make the
// due times before those who would be late, and then the sooner before the
// later: travel and the work in hand, with a little added for another zone or
// district and for a position that is old, and for a shift that ends before
// the work would. A crew on a break comes when the break ends. One on standby
// is suitable where no crew on duty is, or the job is of priority 1. Clocks are the incident's; without
// any that runs, the job's DueAt is the time to arrive. Retired crews are left
// out. Equal crews stand in the order of their codes, whatever the order given.
func Recommend(j Job, c Category, clocks []Clock, crews []Candidate, now time.Time) []Recommendation {
	ranked := make([]Recommendation, 0, len(crews))
	staffed := false
	for _, k := range crews {
		if !k.Crew.Retired {
			r := weigh(j, c, clocks, k, now)
			ranked = append(ranked, r)
			staffed = staffed || r.Suitable && r.duty != DutyStandby
		}
	}
	for n := range ranked {
		if ranked[n].duty == DutyStandby {
			ranked[n].standBy(j.Priority == 1, staffed)
		}
	}
	slices.SortFunc(ranked, func(a, b Recommendation) int {
		return cmp.Or(
			-compareBools(a.Suitable, b.Suitable), -compareBools(a.OnTime, b.OnTime), cmp.Compare(a.cost, b.cost),
			cmp.Compare(a.code, b.code), compareIDs(a.Crew, b.Crew))
	})
	return ranked
}

// standBy says what being on standby comes to: whether the crew is called.
func (r *Recommendation) standBy(urgent, staffed bool) {
	why := because("reason.standby-alone")
	switch {
	case urgent:
		why = because("reason.standby-urgent")
	case staffed:
		why = because("reason.standby-spare")
		r.Suitable, r.Score = false, 0
	}
	r.Reasons = slices.Insert(r.Reasons, 0, why)
}

// Auto is the crew to assign without a person: the first of the ranking, if
// the category assigns by itself and the crew is suitable, at work, and its way
// known. Only a person calls a crew in or out of its break.
func Auto(c Category, ranked []Recommendation) (crew uuid.UUID, ok bool) {
	if !c.Auto || len(ranked) == 0 || !ranked[0].Suitable || ranked[0].Seconds == nil || ranked[0].duty != DutyOn {
		return uuid.Nil, false
	}
	return ranked[0].Crew, true
}

func weigh(j Job, c Category, clocks []Clock, k Candidate, now time.Time) Recommendation {
	r := Recommendation{Crew: k.Crew.ID, code: k.Crew.Code, duty: k.Crew.DutyAt(now)}
	travel, known := unknownTravel, false
	if k.Seconds >= 0 {
		seconds := min(k.Seconds, longestTravel)
		travel, known = time.Duration(seconds*float64(time.Second)), !math.IsInf(k.Seconds, 1)
		if known {
			r.Seconds = &seconds
		}
	}
	wait, back := max(0, k.Ahead), 0*time.Minute
	switch {
	case r.duty == DutyStandby:
		wait += callOut
	case r.duty == DutyBreak && k.Crew.BreakUntil != nil:
		back = k.Crew.BreakUntil.Sub(now)
		wait += back
	}
	arrive := now.Add(wait + travel)
	finish := arrive.Add(time.Duration(c.WorkMins) * time.Minute)

	faults := unsuitable(j, c, k, r.duty, arrive, now)
	r.Suitable = len(faults) == 0
	late := lateBy(j, clocks, arrive, finish)
	r.OnTime = late <= 0

	r.cost = wait + travel + time.Duration(max(0, k.Jobs))*switching
	if !k.InZone {
		r.cost += outOfZone
	}
	elsewhere := k.Crew.District != "" && j.Place.DistrictCode() != "" && k.Crew.District != j.Place.DistrictCode()
	if elsewhere {
		r.cost += otherDistrict
	}
	stale := known && k.Age > freshPosition
	if stale {
		r.cost += min(k.Age, stalestPosition) / 4
	}
	short := k.Crew.OnUntil != nil && r.duty != DutyStandby && finish.After(*k.Crew.OnUntil)
	if short {
		r.cost += shortShift + finish.Sub(*k.Crew.OnUntil)
	}
	if r.Suitable {
		r.Score = 0.5 * float64(halfScore) / float64(halfScore+r.cost)
		if r.OnTime {
			r.Score += 0.5
		}
		r.Score = max(1, math.Round(r.Score*1e4)) / 1e4
	}

	r.Reasons = faults
	if back > 0 {
		r.Reasons = append(r.Reasons, because("reason.break-until", "minutes", int(math.Ceil(back.Minutes()))))
	}
	for _, s := range c.Skills {
		if k.Crew.Can(s) {
			r.Reasons = append(r.Reasons, because("reason.skill", "skill", s))
		}
	}
	if known {
		r.Reasons = append(r.Reasons, because("reason.minutes", "minutes", int(math.Ceil(travel.Minutes()))))
	} else if !math.IsInf(k.Seconds, 1) {
		r.Reasons = append(r.Reasons, because("reason.way-unknown"))
	}
	if k.InZone {
		r.Reasons = append(r.Reasons, because("reason.in-zone"))
	}
	if elsewhere {
		r.Reasons = append(r.Reasons, because("reason.other-district"))
	}
	if k.Jobs > 0 {
		r.Reasons = append(r.Reasons, because("reason.jobs-ahead", "jobs", k.Jobs))
	} else {
		r.Reasons = append(r.Reasons, because("reason.free"))
	}
	if stale {
		r.Reasons = append(r.Reasons, because("reason.stale", "minutes", int(k.Age.Minutes())))
	}
	if late > 0 {
		r.Reasons = append(r.Reasons, because("reason.late", "minutes", int(math.Ceil(late.Minutes()))))
	}
	if r.Suitable && short {
		r.Reasons = append(r.Reasons, because("reason.shift-short"))
	}
	return r
}

// unsuitable says all that stands against the crew.
func unsuitable(j Job, c Category, k Candidate, duty Duty, arrive, now time.Time) []Reason {
	faults := []Reason{}
	if !slices.Contains(k.Crew.Departments, j.Department) {
		faults = append(faults, because("reason.other-department"))
	}
	for _, s := range c.Skills {
		if !k.Crew.Can(s) {
			faults = append(faults, because("reason.missing-skill", "skill", s))
		}
	}
	switch {
	case duty == DutyOff:
		faults = append(faults, because("reason.off-shift"))
	case duty == DutyBreak && k.Crew.BreakUntil == nil:
		faults = append(faults, because("reason.on-break"))
	case duty != DutyStandby && !k.Crew.OnUntil.After(arrive):
		faults = append(faults, because("reason.shift-ends", "minutes", int(k.Crew.OnUntil.Sub(now).Minutes())))
	}
	if math.IsInf(k.Seconds, 1) {
		faults = append(faults, because("reason.unreachable"))
	}
	if j.Crew != nil && *j.Crew == k.Crew.ID {
		faults = append(faults, because("reason.has-it"))
	}
	if k.Declined {
		faults = append(faults, because("reason.declined"))
	}
	return faults
}

// lateBy is by how much the crew would miss the running clocks, at the worst.
func lateBy(j Job, clocks []Clock, arrive, finish time.Time) time.Duration {
	worst := time.Duration(math.MinInt64)
	for _, c := range clocks {
		if c.StoppedAt != nil || c.Paused() {
			continue
		}
		end := arrive
		if c.Kind == Resolution {
			end = finish
		}
		worst = max(worst, end.Sub(c.DueAt))
	}
	if worst == math.MinInt64 && j.DueAt != nil {
		return arrive.Sub(*j.DueAt)
	}
	return worst
}
