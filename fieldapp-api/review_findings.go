package fieldapi

import (
	"math"
	"strconv"
	"strings"

	"moked/dispatch/history"
	"moked/fieldapp-api/document"
)

// findings writes what the review found: what changed, why it matters, and where
// the figures behind it are.
func (w reviewWords) findings() []document.Finding {
	var all []document.Finding
	for _, f := range w.review.Findings() {
		said := document.Finding{Tone: toneOf(f), LinkText: w.tell("behind")}
		said.Text, said.Why, said.Link = w.finding(f)
		all = append(all, said)
	}
	return all
}

// toneOf is whether a finding is good news. More reports are neither.
func toneOf(f history.Finding) document.Tone {
	switch {
	case f.What == history.ReceivedBefore || f.Turn == history.Same:
		return ""
	case f.Turn == history.Better:
		return document.Good
	}
	return document.Bad
}

func (w reviewWords) finding(f history.Finding) (said, why, link string) {
	key := string(f.What) + "." + string(f.Turn)
	// The difference of late reports from what there would be at the other share.
	residents := func() string {
		if f.WasOf == 0 {
			return "0"
		}
		return w.number(int(math.Round(math.Abs(float64(f.N) - float64(f.Of)*float64(f.WasN)/float64(f.WasOf)))))
	}
	turned := f.Turn != history.Same
	switch f.What {
	case history.KeptBefore, history.KeptYearAgo:
		said = w.tell(key, "now", w.share(f.Of-f.N, f.Of), "was", w.share(f.WasOf-f.WasN, f.WasOf))
		if turned {
			why = w.tell("late-why."+string(f.Turn), "n", residents(), "chance", w.chance(f.Chance))
		}
		link = w.look("lens", "late")
	case history.ReceivedBefore:
		said = w.tell(key, "n", w.number(f.N), "change", w.percent(f.N, f.WasN))
		if f.Category != "" {
			why = w.tell("received-why", "category", w.category(f.Category), "now", w.number(f.Of), "was", w.number(f.WasOf))
		}
		link = w.look("category", f.Category)
	case history.DepartmentTurn:
		said = w.tell(key, "department", w.department(f.Department), "now", w.share(f.Of-f.N, f.Of), "was", w.share(f.WasOf-f.WasN, f.WasOf))
		why = w.tell("late-why."+string(f.Turn), "n", residents(), "chance", w.chance(f.Chance))
		link = w.ask.link("/review", "department", f.Department)
	case history.LateOf:
		names := make([]string, len(f.Among))
		for n, code := range f.Among {
			names[n] = w.category(code)
		}
		said = w.tell("late-of", "share", w.share(f.N, f.Of), "names", strings.Join(names, ", "))
		t := w.review.Total.Now
		why = w.tell("late-of-why", "now", w.keptShare(t), "could", w.share(t.Judged-t.Late+f.N, t.Judged))
		link = w.look("lens", "late", "category", f.Among[0])
	case history.Backlog:
		said = w.tell(key, "n", w.number(f.N), "was", w.number(f.WasN))
		if oldest := w.review.Total.Now.Oldest; oldest != nil {
			why = w.tell("oldest", "date", oldest.In(w.city.zone).Format("02/01/2006"))
		}
		link = w.look("lens", "overdue")
	case history.AreaLate:
		name := w.district(f.District)
		if f.Neighbourhood != "" {
			name = w.hood(f.District, f.Neighbourhood)
		}
		said = w.tell(key, "area", name, "n", w.number(f.N), "expected", w.number(int(math.Round(f.Expected))))
		why = w.tell("area-why", "chance", w.chance(f.Chance))
		link = w.look("district", f.District, "neighbourhood", f.Neighbourhood, "lens", "late")
	case history.ReopenedBefore:
		said = w.tell(key, "now", w.share(f.N, f.Of), "was", w.share(f.WasN, f.WasOf))
		why = w.tell("reopened-why." + string(f.Turn))
		link = w.look("lens", "reopened")
	}
	return said, why, link
}

// chance writes how rare something is by chance: once in so many periods, in
// round numbers, a million at most.
func (w reviewWords) chance(p float64) string {
	if p <= 0 {
		p = 1e-6
	}
	n := math.Floor(1 / max(p, 1e-6))
	if n >= 100 {
		power := math.Pow(10, math.Floor(math.Log10(n)))
		n = math.Floor(n/power) * power
	}
	s := strconv.FormatFloat(n, 'f', 0, 64)
	for at := len(s) - 3; at > 0; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}
