package plan

// ruin tears strings of stops out of a few rounds near a stop drawn at random.
func (s *search) ruin() {
	placed := 0
	for _, r := range s.used {
		placed += len(s.rounds[r].steps) - 2
	}
	if placed == 0 {
		return
	}
	average := float64(placed) / float64(len(s.used))
	limit := min(longest, average)
	strings := int(1 + s.random.unit()*(4*removed/(1+limit)-1))
	seed := 1 + s.random.below(s.n-1)
	// The stop itself is the first of its row.
	row := s.near[seed*(s.n-1) : (seed+1)*(s.n-1)]
	torn := 0
	for _, c := range row {
		r := s.where[c]
		if r < 0 || s.isTouched[r] {
			continue
		}
		s.tear(r, c, limit)
		if torn++; torn >= strings {
			break
		}
	}
}

// tear takes a string with the stop in it out of its round.
func (s *search) tear(at, stop int32, limit float64) {
	s.touch(at)
	r := &s.rounds[at]
	stops := len(r.steps) - 2
	length := 1 + s.random.below(max(1, int(min(float64(stops), limit))))
	skip := 0
	if length > 1 && length < stops && s.random.unit() < split {
		for skip = 1; length+skip < stops && s.random.unit() < deeper; skip++ {
		}
	}
	k := 1
	for r.steps[k].stop != stop {
		k++
	}
	// It holds step k, or the stop itself may stay as a part of the middle.
	span := length + skip
	lo, hi := max(1, k-span+1), min(k, stops-span+1)
	from := lo + s.random.below(hi-lo+1)
	hole := from + span // from here on skip steps stay
	if skip > 0 {
		hole = from + 1 + s.random.below(length-1)
	}
	w := from
	for i := from; i < len(r.steps); i++ {
		if i < from+span && (i < hole || i >= hole+skip) {
			c := r.steps[i].stop
			s.where[c] = -1
			s.absent = append(s.absent, c)
			r.load -= s.stops[c].Demand
			continue
		}
		r.steps[w].stop = r.steps[i].stop
		w++
	}
	r.steps = r.steps[:w]
	s.total -= r.distance
	if w == 2 {
		s.begin(r)
		for i, u := range s.used {
			if u == at {
				s.used = append(s.used[:i], s.used[i+1:]...)
				break
			}
		}
		s.free = append(s.free, at)
		return
	}
	s.refresh(r)
	s.total += r.distance
}
