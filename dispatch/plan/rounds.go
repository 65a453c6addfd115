package plan

// step is one visit of a round. Leave is the earliest time that a vehicle can
// leave after the service, and late the latest time to come for the rest of
// the round to be kept. Edge is the distance to the next step.
type step struct {
	leave, late, edge float64
	stop              int32
}

// round is one vehicle's way; it begins and ends with the depot. An empty one
// has these two steps only.
type round struct {
	steps    []step
	load     float64
	distance float64
}

// begin makes the round empty.
func (s *search) begin(r *round) {
	r.steps = r.steps[:2]
	r.load, r.distance = 0, 0
	depot := &s.stops[0]
	r.steps[0] = step{leave: depot.Ready, late: depot.Due}
	r.steps[1] = step{leave: depot.Ready, late: depot.Due}
}

// refresh works out the times and distances of a round whose steps changed.
func (s *search) refresh(r *round) {
	steps := r.steps
	n := s.n
	depot := &s.stops[0]
	leave, distance := depot.Ready, 0.0
	steps[0].leave = leave
	last := len(steps) - 1
	for k := 1; k <= last; k++ {
		from, to := int(steps[k-1].stop), int(steps[k].stop)
		d := s.distance[from*n+to]
		steps[k-1].edge = d
		distance += d
		stop := &s.stops[to]
		leave = max(leave+s.time[from*n+to], stop.Ready) + stop.Service
		steps[k].leave = leave
	}
	r.distance = distance
	late := depot.Due
	steps[last].late = late
	for k := last - 1; k >= 0; k-- {
		here := int(steps[k].stop)
		stop := &s.stops[here]
		late = min(late-s.time[here*n+int(steps[k+1].stop)]-stop.Service, stop.Due)
		steps[k].late = late
	}
}

// insert puts a stop before step k. The times before and after it are only
// followed as far as they change.
func (s *search) insert(at int32, k int, stop int32) {
	r := &s.rounds[at]
	r.steps = append(r.steps, step{})
	copy(r.steps[k+1:], r.steps[k:])
	r.steps[k] = step{stop: stop}
	r.load += s.stops[stop].Demand
	s.where[stop] = at
	steps, n := r.steps, s.n
	before, after := int(steps[k-1].stop), int(steps[k+1].stop)
	here := int(stop)
	in, out := s.distance[before*n+here], s.distance[here*n+after]
	r.distance += in + out - steps[k-1].edge
	steps[k-1].edge, steps[k].edge = in, out
	leave := steps[k-1].leave
	for i := k; i < len(steps); i++ {
		to := int(steps[i].stop)
		x := &s.stops[to]
		leave = max(leave+s.time[int(steps[i-1].stop)*n+to], x.Ready) + x.Service
		if i > k && steps[i].leave == leave {
			break
		}
		steps[i].leave = leave
	}
	late := steps[k+1].late
	for i := k; i >= 0; i-- {
		from := int(steps[i].stop)
		x := &s.stops[from]
		late = min(late-s.time[from*n+int(steps[i+1].stop)]-x.Service, x.Due)
		if i < k && steps[i].late == late {
			break
		}
		steps[i].late = late
	}
}
