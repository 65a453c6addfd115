package dispatch

import (
	"slices"
	"time"
)

// newsTold is how many jobs a plan names as having changed it.
const newsTold = 4

// News says what has changed since the plan was made: the jobs that came and
// left, those that were begun, whose clocks end at another time, and the end of
// the crew's work. Nothing of the kind is the roads or the time.
func (d WorkDay) News(was DayPlan) []Reason {
	news := []Reason{}
	say := func(key string, args ...any) {
		if len(news) < newsTold {
			news = append(news, because(key, args...))
		}
	}
	for _, j := range d.Jobs {
		switch at := was.Index(j.Job.ID); {
		case at < 0:
			say("plan.new", "number", j.Job.Number)
		case j.Job.started() && !was.Stops[at].Started:
			say("plan.begun", "number", j.Job.Number)
		case !j.Job.started():
			if due, _ := j.clock(); !sameTime(due, was.Stops[at].DueAt) {
				say("plan.due", "number", j.Job.Number)
			}
		}
	}
	for _, s := range was.Stops {
		if !slices.ContainsFunc(d.Jobs, func(j DayJob) bool { return j.Job.ID == s.Job }) {
			say("plan.left", "number", s.Number)
		}
	}
	if was.Live() && !sameTime(d.Ends, was.Ends) {
		say("plan.ends")
	}
	if len(news) == 0 {
		say("plan.roads")
	}
	return news
}

// Because is the plan with what changed it, in each language.
func (p DayPlan) Because(news ...Reason) DayPlan {
	p.Reasons = slices.Clone(news)
	if p.Missed > 0 {
		p.Reasons = append(p.Reasons, because("plan.missed", "clocks", p.Missed))
	}
	p.Why = inAll(p.Reasons)
	return p
}

// PlanAct is what a dispatcher did to a plan.
type PlanAct string

// The acts; the key of each one's reason is plan. and the act.
const (
	PlanAnew   PlanAct = "anew"
	PlanDrag   PlanAct = "dragged"
	PlanPin    PlanAct = "pin"
	PlanUnpin  PlanAct = "unpin"
	PlanUndone PlanAct = "undone"
)

// Reason is the act as a reason, with the job's number where it is about one.
func (a PlanAct) Reason(number string) Reason {
	if number == "" {
		return because("plan." + string(a))
	}
	return because("plan."+string(a), "number", number)
}

// For is the plan as the actor may see it: a crew that isn't the authority's own
// isn't told who.
func (p DayPlan) For(who Actor) DayPlan {
	if who.Narrow() {
		return p.Narrow()
	}
	return p
}

// Narrow is the plan without the name of who changed it.
func (p DayPlan) Narrow() DayPlan {
	p.By.Name = ""
	return p
}

// slight is by how much times may move without its being told.
const slight = 90 * time.Second

// Differs reports whether the plan tells a person anything else than before:
// another order, pins, lateness, or times that have moved by more than a minute
// or so.
func (p DayPlan) Differs(was DayPlan) bool {
	if len(p.Stops) != len(was.Stops) || p.Missed != was.Missed || p.Further != was.Further || p.Day != was.Day || !sameTime(p.Ends, was.Ends) ||
		p.District != was.District || !slices.Equal(p.Departments, was.Departments) {
		return true
	}
	for n, s := range p.Stops {
		o := was.Stops[n]
		if s.Job != o.Job || s.Started != o.Started || s.Pinned != o.Pinned || s.Placed != o.Placed || s.Unknown != o.Unknown ||
			!sameTime(s.At, o.At) || !sameTime(s.DueAt, o.DueAt) || s.Begin.Sub(o.Begin).Abs() > slight || s.Finish.Sub(o.Finish).Abs() > slight {
			return true
		}
	}
	return false
}

// Reordered reports whether the plan asks for another order than the one
// before: by stops that changed places, or that are new.
func (p DayPlan) Reordered(was DayPlan) bool {
	last := -1
	for _, s := range p.Stops {
		at := was.Index(s.Job)
		if at < last || at < 0 {
			return true
		}
		last = at
	}
	return false
}

// afterPin is by how many seconds a pinned time will be missed.
func (s PlanStop) afterPin() int {
	if !s.Pinned || s.At == nil || s.Started {
		return 0
	}
	return max(0, seconds(s.Begin.Sub(*s.At)))
}
