package dispatch

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// plan gives an order its times, and says why for each stop.
func (d WorkDay) plan(order []int, was DayPlan) DayPlan {
	p := DayPlan{
		ID: was.ID, Crew: was.Crew, Version: was.Version, Day: d.Now.In(d.zone()).Format(time.DateOnly), MadeAt: d.Now,
		Ends: d.Ends, Stops: make([]PlanStop, 0, len(order)), Reasons: []Reason{}, Departments: was.Departments, District: was.District,
	}
	s := d.stand(was, true)
	clock, from := d.Now, len(d.Jobs)
	for _, i := range order {
		j := d.Jobs[i]
		drive, known := s.way(from, i)
		stop := PlanStop{
			Job: j.Job.ID, Number: j.Job.Number, Drive: int(math.Round(drive)), Unknown: !known,
			Started: j.Job.started(), Reasons: []Reason{},
		}
		if at := was.Index(stop.Job); at >= 0 {
			stop.Pinned, stop.At, stop.Placed = was.Stops[at].Pinned, was.Stops[at].At, was.Stops[at].Placed
		}
		stop.Arrive = clock.Add(time.Duration(stop.Drive) * time.Second)
		if j.Job.State == JobArrived && j.Job.ArrivedAt != nil {
			stop.Arrive = *j.Job.ArrivedAt
		}
		stop.Begin = later(clock.Add(time.Duration(stop.Drive)*time.Second), stop.Arrive)
		if stop.Pinned && stop.At != nil {
			stop.Begin = later(stop.Begin, *stop.At)
		}
		stop.Work = seconds(j.left(d.Now))
		stop.Finish = stop.Begin.Add(time.Duration(stop.Work) * time.Second)
		due, byArriving := j.clock()
		if stop.DueAt = due; due != nil {
			reached := stop.Finish
			if byArriving {
				reached = stop.Arrive
			}
			stop.Late = max(0, seconds(reached.Sub(*due)))
		}
		p.Drive += stop.Drive
		p.Late += stop.Late
		if stop.Late > 0 {
			p.Missed++
		}
		clock, from = stop.Finish, i
		p.Stops = append(p.Stops, stop)
	}
	d.explain(&p, was)
	return p
}

func (d WorkDay) zone() *time.Location {
	if d.Zone == nil {
		return time.UTC
	}
	return d.Zone
}

// explain says why each stop is where it is, the weightiest first, and which
// new jobs moved those that were promised.
func (d WorkDay) explain(p *DayPlan, was DayPlan) {
	hour := func(t time.Time) string { return t.In(d.zone()).Format("15:04") }
	minutes := func(s int) int { return (s + 59) / 60 }
	for k := range p.Stops {
		s := &p.Stops[k]
		say := func(key string, args ...any) { s.Reasons = append(s.Reasons, because(key, args...)) }
		state := d.state(s.Job)
		switch {
		case state == JobArrived:
			say("plan.arrived")
		case s.Started:
			say("plan.on-the-way")
		case s.Pinned && s.At != nil:
			say("plan.pinned-at", "time", hour(*s.At))
		case s.Pinned:
			say("plan.pinned")
		case s.Placed:
			say("plan.placed")
		}
		if late := minutes(s.afterPin()); late > 0 {
			say("plan.pin-missed", "minutes", late)
		}
		switch {
		case s.Late > 0:
			say("plan.late", "minutes", minutes(s.Late))
		case s.DueAt != nil:
			say("plan.before", "time", hour(*s.DueAt))
		}
		if n := d.overtaker(*p, was, k); n >= 0 && !s.Started {
			x := p.Stops[n]
			say("plan.moved", "number", x.Number, "minutes", minutes(x.Drive+x.Work))
		}
		switch {
		case s.Unknown && s.Drive >= noWay:
			say("reason.unreachable")
		case s.Unknown:
			say("reason.way-unknown")
		case state != JobArrived:
			say("plan.drive", "minutes", minutes(s.Drive))
		}
		if p.Ends != nil && s.Finish.After(*p.Ends) {
			say("plan.after-shift", "time", hour(*p.Ends))
		}
		s.Why = inAll(s.Reasons)
	}
	*p = p.Because()
}

func (d WorkDay) state(job uuid.UUID) JobState {
	i := slices.IndexFunc(d.Jobs, func(j DayJob) bool { return j.Job.ID == job })
	return d.Jobs[i].Job.State
}

// overtaker is the first stop before stop k, a promised one, that was not
// promised before it; -1 for none.
func (d WorkDay) overtaker(p, was DayPlan, k int) int {
	here := was.Index(p.Stops[k].Job)
	if here < 0 {
		return -1
	}
	return slices.IndexFunc(p.Stops[:k], func(s PlanStop) bool {
		at := was.Index(s.Job)
		return at < 0 || at > here
	})
}

// inAll gives reasons in each language, as one line.
func inAll(reasons []Reason) map[string]string {
	all := map[string]string{}
	if len(reasons) == 0 {
		return all
	}
	for _, lang := range []string{"he", "en", "ar", "ru"} {
		texts := make([]string, len(reasons))
		for i, r := range reasons {
			texts[i] = r.Text(lang)
		}
		all[lang] = strings.Join(texts, " · ")
	}
	return all
}
