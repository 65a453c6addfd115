package history

import (
	"cmp"
	"slices"
)

// kind is one of the columns of codes.
type kind struct {
	key    Key
	names  *names
	column []uint16
	field  func(*Group) **string
}

func (p *past) kinds() [6]kind {
	c := &p.columns
	return [6]kind{
		{ByDepartment, &p.department, c.department, func(g *Group) **string { return &g.Department }},
		{ByCategory, &p.category, c.category, func(g *Group) **string { return &g.Category }},
		{ByDistrict, &p.district, c.district, func(g *Group) **string { return &g.District }},
		{ByNeighbourhood, &p.hood, c.neighbourhood, func(g *Group) **string { return &g.Neighbourhood }},
		{ByChannel, &p.channel, c.channel, func(g *Group) **string { return &g.Channel }},
		{ByHour, &weekHours, c.hour, func(g *Group) **string { return &g.Hour }},
	}
}

func (a Group) compare(b Group) int {
	order := func(a, b *string) int {
		if a == nil || b == nil {
			return 0
		}
		return cmp.Compare(*a, *b)
	}
	return cmp.Or(cmp.Compare(a.Month, b.Month), order(a.Department, b.Department), order(a.Category, b.Category),
		order(a.District, b.District), order(a.Neighbourhood, b.Neighbourhood), order(a.Channel, b.Channel), order(a.Hour, b.Hour))
}

// columnsOf are the columns that tell groups apart, nil where one doesn't.
func (p *past) columnsOf(by []Key) (columns [6][]uint16) {
	for n, k := range p.kinds() {
		if slices.Contains(by, k.key) {
			columns[n] = k.column
		}
	}
	return columns
}

// filter is one of a where's conditions: which of a column's codes are wanted.
// Kind is the column's place in kinds.
type filter struct {
	kind   int
	column []uint16
	wanted []bool
}

// filtersOf are a where's conditions.
func (p *past) filtersOf(w Where) []filter {
	var all []filter
	for n, codes := range [6][]string{w.Departments, w.Categories, w.Districts, w.Neighbourhoods, w.Channels, w.Hours} {
		if len(codes) == 0 {
			continue
		}
		k := p.kinds()[n]
		f := filter{n, k.column, make([]bool, len(k.names.codes))}
		for _, code := range codes {
			if at, known := k.names.number[code]; known {
				f.wanted[at] = true
			}
		}
		all = append(all, f)
	}
	return all
}

// filters makes a where into a test of a report's index.
func (p *past) filters(w Where) func(int) bool {
	all := p.filtersOf(w)
	return func(n int) bool {
		for _, f := range all {
			if !f.wanted[f.column[n]] {
				return false
			}
		}
		return true
	}
}
