package dispatch

import (
	"math"
	"slices"
	"time"

	"github.com/google/uuid"
)

// DayPlan is the order and the times in which a crew does its open jobs on a
// day. There is one for a crew: its ID is the crew's. Version grows by one with
// every change. Day is the date where the authority is. Drive is in seconds;
// Missed counts the stops whose clock will run out first, and Late adds up by
// how many seconds. Reasons say what changed the plan as a whole, Why the same
// in each language. Undo says that the order before can be had back.
// Departments and District are the crew's when it was made.
type DayPlan struct {
	ID          uuid.UUID         `json:"id"`
	Crew        uuid.UUID         `json:"crew"`
	Version     int               `json:"version"`
	Day         string            `json:"day"`
	MadeAt      time.Time         `json:"made_at"`
	By          By                `json:"by"`
	Ends        *time.Time        `json:"ends,omitempty"` // the crew's work
	Stops       []PlanStop        `json:"stops"`
	Drive       int               `json:"drive_seconds"`
	Missed      int               `json:"missed"`
	Late        int               `json:"late_seconds"`
	Reasons     []Reason          `json:"reasons"`
	Why         map[string]string `json:"why,omitempty"`
	Undo        bool              `json:"undo,omitempty"`
	Further     int               `json:"further,omitempty"` // jobs beyond those planned
	Departments []string          `json:"departments"`
	District    string            `json:"district,omitempty"`
}

// PlanStop is one job of a plan. Arrive, Begin and Finish are expected; Drive
// (from the stop before) and Work are in seconds. DueAt is the clock that the
// stop is measured by, and Late by how many seconds it will be missed. Started
// stops come first; a pinned one keeps its place, or begins at At. Placed says
// that a dispatcher put it there.
type PlanStop struct {
	Job     uuid.UUID         `json:"job"`
	Number  string            `json:"number"`
	Arrive  time.Time         `json:"arrive"`
	Begin   time.Time         `json:"begin"`
	Finish  time.Time         `json:"finish"`
	Drive   int               `json:"drive_seconds"`
	Unknown bool              `json:"drive_unknown,omitempty"`
	Work    int               `json:"work_seconds"`
	DueAt   *time.Time        `json:"due_at,omitempty"`
	Late    int               `json:"late_seconds,omitempty"`
	Started bool              `json:"started,omitempty"`
	Pinned  bool              `json:"pinned,omitempty"`
	At      *time.Time        `json:"at,omitempty"`
	Placed  bool              `json:"placed,omitempty"`
	Reasons []Reason          `json:"reasons"`
	Why     map[string]string `json:"why"`
}

// Live reports whether the plan is part of the snapshot: as long as there is
// anything to do.
func (p DayPlan) Live() bool { return len(p.Stops) > 0 }

// Scope says whose the plan is: the crew's.
func (p DayPlan) Scope() Scope {
	return Scope{District: p.District, Departments: p.Departments, Crew: p.Crew}
}

// Index is the job's place in the plan, or -1.
func (p DayPlan) Index(job uuid.UUID) int {
	return slices.IndexFunc(p.Stops, func(s PlanStop) bool { return s.Job == job })
}

// DayJob is a job to plan, with its incident's clocks and the time its work
// takes.
type DayJob struct {
	Job    Job
	Clocks []Clock
	Work   time.Duration
}

// WorkDay is what a plan is made of; Now is when the crew sets out. Ways are the seconds of the drives, row by
// row: row and column n are job n's place, and the last row is the crew's
// position. NaN is unknown, +Inf means that no road leads there.
type WorkDay struct {
	Now  time.Time
	Zone *time.Location
	Ends *time.Time
	Jobs []DayJob
	Ways []float64
}

// The costs, in seconds of driving, by which orders are compared: a clock kept
// outweighs any lateness, a minute of lateness any drive, and a promised job is
// moved only for a clock or to save this much lateness.
const (
	missedCost = 1e9
	latenessOf = 1e3
	movedOf    = 120 * latenessOf // for each pair of promised jobs that change places
	unknownWay = 15 * 60          // where a job's place or the crew's is unknown
	noWay      = 2 * 3600
	waitOf     = 0.5  // a pinned time leaves the crew waiting
	priorityOf = 1e-3 // between equals the urgent job goes first
	exactly    = 8    // as many free stops are tried in every order
)

// Make plans the day anew: started jobs first, pinned ones of was where they
// were, and the others in the order that keeps the most clocks, then is least
// late, then drives least. With keep, jobs of was change places only where that
// keeps a clock or saves minutes of lateness, and those that a dispatcher placed
// stay. With up to eight free stops that is the best there is.
func (d WorkDay) Make(was DayPlan, keep bool) DayPlan {
	s := d.stand(was, keep)
	return d.plan(s.best(), was)
}

// Arrange plans the day in the order given, as it stands; jobs that it doesn't
// name come last, and started ones first.
func (d WorkDay) Arrange(was DayPlan, jobs []uuid.UUID) DayPlan {
	order := make([]int, 0, len(d.Jobs))
	taken := make([]bool, len(d.Jobs))
	take := func(fits func(j DayJob) bool) {
		for n, j := range d.Jobs {
			if !taken[n] && fits(j) {
				taken[n], order = true, append(order, n)
			}
		}
	}
	take(func(j DayJob) bool { return j.Job.State == JobArrived })
	take(func(j DayJob) bool { return j.Job.started() })
	for _, id := range jobs {
		take(func(j DayJob) bool { return j.Job.ID == id })
	}
	take(func(DayJob) bool { return true })
	return d.plan(order, was)
}

// started reports whether the crew is on its way to the job, or there.
func (j Job) started() bool { return j.State == JobDeparted || j.State == JobArrived }

// clock is what a job is measured by: the running clock that is due first, and
// whether arriving meets it or only finishing does.
func (j DayJob) clock() (due *time.Time, byArriving bool) {
	for _, c := range j.Clocks {
		if c.Running() && (c.Kind != Response || j.Job.State != JobArrived) && (due == nil || c.DueAt.Before(*due)) {
			at := c.DueAt
			due, byArriving = &at, c.Kind == Response
		}
	}
	if due == nil && len(j.Clocks) == 0 && j.Job.DueAt != nil && j.Job.State != JobArrived {
		return j.Job.DueAt, true
	}
	return due, byArriving
}

// way is the drive between two rows of Ways, and whether it is known.
func (d WorkDay) way(from, to int) (seconds float64, known bool) {
	w := d.Ways[from*len(d.Jobs)+to]
	switch {
	case math.IsNaN(w):
		return unknownWay, false
	case math.IsInf(w, 1):
		return noWay, false
	}
	return w, true
}

// left is how long the work of a job still takes at now.
func (j DayJob) left(now time.Time) time.Duration {
	if j.Job.State != JobArrived || j.Job.ArrivedAt == nil {
		return j.Work
	}
	return max(j.Work-now.Sub(*j.Job.ArrivedAt), min(j.Work, 5*time.Minute))
}
