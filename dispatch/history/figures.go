package history

import (
	"slices"
	"time"

	"moked/dispatch"
)

// Figures say how promises were kept; the package's comment defines each.
type Figures struct {
	Received    int        `json:"received"`
	Judged      int        `json:"judged"`
	Late        int        `json:"late"`
	Reopened    int        `json:"reopened"`
	Promised    int        `json:"promised"`     // received, with a promise to respond that is decided
	RespondLate int        `json:"respond_late"` // of those
	Respond     Spread     `json:"respond"`
	Closed      int        `json:"closed"`
	Resolve     Spread     `json:"resolve"`
	Open        int        `json:"open"`
	Overdue     int        `json:"overdue"`
	Oldest      *time.Time `json:"oldest,omitempty"`
}

// Group are the figures of one value of each key that was asked for. A code may
// be empty: of no district, say. Month is "2026-05".
type Group struct {
	Department    *string `json:"department,omitempty"`
	Category      *string `json:"category,omitempty"`
	District      *string `json:"district,omitempty"`
	Neighbourhood *string `json:"neighbourhood,omitempty"`
	Channel       *string `json:"channel,omitempty"`
	Hour          *string `json:"hour,omitempty"`
	Month         string  `json:"month,omitempty"`
	Figures
}

// Answer is the figures of a period, all together and in groups: by month
// first, then by codes in the order of Group's fields. AsOf is the instant at
// which open reports were read, and Seq says up to where of the log they are
// known.
type Answer struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	AsOf   time.Time `json:"as_of"`
	Seq    int64     `json:"seq"`
	Total  Figures   `json:"total"`
	Groups []Group   `json:"groups"`
}

// Figures answers a query, narrowed to what the actor may see.
func (h *History) Figures(who dispatch.Actor, q Query) (Answer, error) {
	p, err := h.ask(who, &q)
	if err != nil {
		return Answer{}, err
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	now := h.clock()
	stretches := p.stretches(q, now)
	counted, whole := p.count(q, stretches, now, mostGroups)
	if !whole {
		return Answer{}, &dispatch.Error{Code: dispatch.Invalid, Key: KeyManyGroups, Field: "by", Args: map[string]any{"max": mostGroups}}
	}
	total := &sums{}
	for k, s := range counted {
		total.add(s, k.stretch == len(stretches)-1)
	}
	return Answer{
		From: q.From, To: q.To, AsOf: now, Seq: p.seq,
		Total: total.figures(), Groups: p.groups(q, counted, stretches),
	}, nil
}

// ask settles whether and of what the actor may ask, and finds its past.
func (h *History) ask(who dispatch.Actor, q *Query) (*past, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	if err := q.allow(who); err != nil {
		return nil, err
	}
	p := h.of(who.Authority)
	if p == nil {
		return nil, notRead()
	}
	return p, nil
}

// sums is what figures are made of.
type sums struct {
	received, judged, late, reopened, promised, respondLate, closed, open, overdue int
	oldest                                                                         int64
	took, responded                                                                []int64 // microseconds
}

// key of a group: the codes' numbers, and the stretch.
type key struct {
	codes   [6]uint16
	stretch int
}

// mostGroups is how many groups an answer has at most: ten years by the hour of
// the week are more.
const mostGroups = 20_000

// count sums up the reports by the query's keys and the stretches; whole is false
// where there would be more than most groups.
func (p *past) count(q Query, stretches []stretch, now time.Time, most int) (groups map[key]*sums, whole bool) {
	groups, whole = map[key]*sums{}, true
	by := p.columnsOf(q.By)
	c := &p.columns
	var last *sums
	var lastKey key
	p.each(stretches, p.filters(q.Where), now.UnixMicro(), everything, func(n, stretch int, m Mark) {
		k := key{stretch: stretch}
		for i, column := range by {
			if column != nil {
				k.codes[i] = column[n]
			}
		}
		if last == nil || k != lastKey {
			last, lastKey = groups[k], k
			if last == nil {
				if len(groups) >= most {
					whole = false
					return
				}
				last = &sums{}
				groups[k] = last
			}
		}
		last.take(c, n, m)
	})
	return groups, whole
}

// take counts a report that bears the marks.
func (s *sums) take(c *columns, n int, m Mark) {
	one := func(mark Mark) int {
		if m&mark != 0 {
			return 1
		}
		return 0
	}
	s.received += one(Received)
	s.judged += one(Judged)
	s.late += one(Late)
	s.reopened += one(Reopened)
	s.promised += one(Promised)
	s.respondLate += one(RespondLate)
	s.closed += one(Closed)
	s.open += one(Open)
	s.overdue += one(Overdue)
	if m&Responded != 0 {
		s.responded = append(s.responded, max(c.responded[n]-c.filed[n], 0))
	}
	if m&Closed != 0 {
		s.took = append(s.took, max(c.closed[n]-c.filed[n], 0))
	}
	if m&Open != 0 && (s.oldest == never || c.filed[n] < s.oldest) {
		s.oldest = c.filed[n]
	}
}

// add puts a group's sums to these. What stands open is only of the end.
func (s *sums) add(o *sums, end bool) {
	s.received, s.judged, s.late, s.reopened = s.received+o.received, s.judged+o.judged, s.late+o.late, s.reopened+o.reopened
	s.promised, s.respondLate, s.closed = s.promised+o.promised, s.respondLate+o.respondLate, s.closed+o.closed
	s.took, s.responded = append(s.took, o.took...), append(s.responded, o.responded...)
	if !end {
		return
	}
	s.open, s.overdue = s.open+o.open, s.overdue+o.overdue
	if o.oldest != never && (s.oldest == never || o.oldest < s.oldest) {
		s.oldest = o.oldest
	}
}

// figures are what the sums come to. The times are reordered.
func (s *sums) figures() Figures {
	f := Figures{
		Received: s.received, Judged: s.judged, Late: s.late, Reopened: s.reopened, Promised: s.promised, RespondLate: s.respondLate,
		Respond: spread(s.responded), Closed: s.closed, Resolve: spread(s.took), Open: s.open, Overdue: s.overdue,
	}
	if s.oldest != never {
		t := time.UnixMicro(s.oldest).UTC()
		f.Oldest = &t
	}
	return f
}

// groups puts what was counted into words, in order.
func (p *past) groups(q Query, counted map[key]*sums, stretches []stretch) []Group {
	out := make([]Group, 0, len(counted))
	for k, s := range counted {
		g := Group{Figures: s.figures()}
		for n, kind := range p.kinds() {
			if slices.Contains(q.By, kind.key) {
				code := kind.names.codes[k.codes[n]]
				*kind.field(&g) = &code
			}
		}
		if slices.Contains(q.By, ByMonth) {
			// A query may begin amid a month.
			g.Month = time.UnixMicro(stretches[k.stretch].to - 1).In(p.zone).Format("2006-01")
		}
		out = append(out, g)
	}
	slices.SortFunc(out, Group.compare)
	return out
}
