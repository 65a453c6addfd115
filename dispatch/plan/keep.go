package plan

import "slices"

func (s *search) touch(r int32) {
	if !s.isTouched[r] {
		s.isTouched[r] = true
		s.touched = append(s.touched, r)
	}
}

func (r *round) copyFrom(o *round) {
	r.steps = r.steps[:len(o.steps)]
	copy(r.steps, o.steps)
	r.load, r.distance = o.load, o.distance
}

func (s *search) commit() {
	for _, r := range s.touched {
		s.isTouched[r] = false
		s.kept[r].copyFrom(&s.rounds[r])
	}
	s.touched = s.touched[:0]
	s.keptUsed = append(s.keptUsed[:0], s.used...)
	s.keptFree = append(s.keptFree[:0], s.free...)
	s.keptAbsent = append(s.keptAbsent[:0], s.absent...)
	s.keptTotal = s.total
}

func (s *search) rollback() {
	for _, r := range s.touched {
		s.isTouched[r] = false
		s.rounds[r].copyFrom(&s.kept[r])
		steps := s.kept[r].steps
		for k := 1; k < len(steps)-1; k++ {
			s.where[steps[k].stop] = r
		}
	}
	s.touched = s.touched[:0]
	s.used = append(s.used[:0], s.keptUsed...)
	s.free = append(s.free[:0], s.keptFree...)
	s.absent = append(s.absent[:0], s.keptAbsent...)
	for _, c := range s.absent {
		s.where[c] = -1
	}
	s.total = s.keptTotal
}

func (s *search) remember() {
	for r := range s.rounds {
		b := s.best[r][:0]
		steps := s.rounds[r].steps
		for k := 1; k < len(steps)-1; k++ {
			b = append(b, steps[k].stop)
		}
		s.best[r] = b
	}
	s.bestAbsent = append(s.bestAbsent[:0], s.absent...)
	s.bestTotal = s.total
}

func (s *search) solution() Solution {
	out := Solution{Iterations: s.iterations, Rounds: [][]int{}, Unassigned: []int{}}
	for _, b := range s.best {
		if len(b) == 0 {
			continue
		}
		stops := make([]int, len(b))
		at := 0
		for i, c := range b {
			stops[i] = int(c)
			out.Distance += s.distance[at*s.n+int(c)]
			at = int(c)
		}
		out.Distance += s.distance[at*s.n]
		out.Rounds = append(out.Rounds, stops)
	}
	for _, l := range [][]int32{s.hopeless, s.bestAbsent} {
		for _, c := range l {
			out.Unassigned = append(out.Unassigned, int(c))
		}
	}
	slices.Sort(out.Unassigned)
	return out
}
