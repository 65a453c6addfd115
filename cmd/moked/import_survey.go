package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/dispatch/desk"
)

// survey is what one must know of a whole file before its first row can be
// taken: which categories and departments it has that aren't here, and which
// points stand for a place that wasn't known.
type survey struct {
	m      *oldMap
	rows   int
	points map[orb.Point]*pointUse

	categories  map[string]string // what the file says → a code
	departments map[string]string
	knows       map[dispatch.Noun]map[string]string // a code or a name in lower case → a code

	fallback map[orb.Point]bool
	add      desk.OldCatalogue
	said     []string
}

// pointUse is how many rows lie at one point, and of which categories.
type pointUse struct {
	rows       int
	categories map[string]bool
}

const (
	nounCategory   dispatch.Noun = "category"
	nounDepartment dispatch.Noun = "department"
)

func newSurvey(m *oldMap, departments []dispatch.Department, categories []dispatch.Category) survey {
	s := survey{
		m: m, points: map[orb.Point]*pointUse{}, categories: map[string]string{}, departments: map[string]string{}, fallback: map[orb.Point]bool{},
		knows: map[dispatch.Noun]map[string]string{nounCategory: {}, nounDepartment: {}},
	}
	for _, d := range departments {
		s.know(nounDepartment, d.Code, d.Names)
	}
	for _, k := range categories {
		s.know(nounCategory, k.Code, k.Names)
	}
	return s
}

func (s *survey) know(noun dispatch.Noun, code string, names map[string]string) {
	for _, name := range names {
		s.knows[noun][strings.ToLower(name)] = code
	}
	s.knows[noun][strings.ToLower(code)] = code
}

// see looks at one row.
func (s *survey) see(r *oldCells) error {
	if s.rows == 0 {
		for _, c := range s.m.columns() {
			if _, ok := r.column[c]; !ok {
				return fmt.Errorf("the file has no column %q; it has: %s", c, strings.Join(r.header, ", "))
			}
		}
	}
	s.rows++
	department := s.m.Department.Otherwise
	if s.m.Department.Column != "" {
		department = s.learn(nounDepartment, s.m.Department, s.departments, r, "")
	}
	s.learn(nounCategory, s.m.Category, s.categories, r, department)
	if p := s.m.point(r); p != nil {
		u := s.points[*p]
		if u == nil {
			u = &pointUse{}
			s.points[*p] = u
		}
		u.rows++
		if u.categories == nil {
			u.categories = map[string]bool{}
		}
		if len(u.categories) < fallbackCategories {
			u.categories[r.of(s.m.Category.Column)] = true
		}
	}
	return nil
}

// learn finds the code of a column's value, or makes one where the map says so.
func (s *survey) learn(noun dispatch.Noun, c oldCodes, known map[string]string, r *oldCells, department string) string {
	said := clean(r.of(c.Column))
	if code, ok := known[said]; ok {
		return code
	}
	code := c.Codes[said]
	if code == "" {
		code = s.knows[noun][strings.ToLower(said)]
	}
	if code == "" && said != "" && c.Otherwise == addOld {
		code = desk.OldCode(said)
		names := map[string]string{"he": said, s.m.Language: said}
		switch {
		case s.knows[noun][code] != "":
		case noun == nounDepartment:
			s.add.Departments = append(s.add.Departments, dispatch.Department{Code: code, Names: names})
		default:
			s.add.Categories = append(s.add.Categories, dispatch.Category{
				Code: code, Department: department, Domain: "old", Names: names, Priority: 4, Skills: []string{}, Questions: []dispatch.Question{},
			})
		}
		s.knows[noun][code] = code
	}
	if code == "" && c.Otherwise != leaveOld && c.Otherwise != addOld {
		code = c.Otherwise
	}
	known[said] = code
	return code
}

// A point that stands for places that weren't known (the town hall, often) has
// many rows, of many kinds: at least so many and such a share of all.
const (
	fallbackRows       = 50
	fallbackShare      = 0.01
	fallbackCategories = 5
)

// settle draws the conclusions when all rows were seen.
func (s *survey) settle() {
	for p, u := range s.points {
		if u.rows >= fallbackRows && float64(u.rows) >= fallbackShare*float64(s.rows) && len(u.categories) >= fallbackCategories {
			s.fallback[p] = true
			s.said = append(s.said, fmt.Sprintf("%d rows (%.1f %%) lie at %.5f, %.5f: that stands for a place that wasn't known, and isn't taken for one",
				u.rows, 100*float64(u.rows)/float64(s.rows), p[1], p[0]))
		}
	}
	s.points = nil
	slices.Sort(s.said)
	if n := len(s.add.Categories); n > 0 {
		s.said = append(s.said, fmt.Sprintf("%d categories were added, retired", n))
	}
	if n := len(s.add.Departments); n > 0 {
		s.said = append(s.said, fmt.Sprintf("%d departments were added", n))
	}
}

func (s *survey) category(r *oldCells) (string, bool) {
	code := s.categories[clean(r.of(s.m.Category.Column))]
	return code, code != ""
}

// department is the row's own, or "" for its category's.
func (s *survey) department(r *oldCells) (string, bool) {
	if s.m.Department.Column == "" {
		return "", true
	}
	code := s.departments[clean(r.of(s.m.Department.Column))]
	return code, code != "" || s.m.Department.Otherwise != leaveOld
}
