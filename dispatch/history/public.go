package history

import (
	"cmp"
	"slices"
	"time"

	"moked/dispatch"
)

// few is how many reports there must be of a kind for its figures to be
// published: fewer might tell of persons.
const few = 5

// Public is what an authority publishes of how its promises were kept, in whole
// months. Of what is Hidden no figure is given: it is of few reports, or would
// tell of another that is. Categories that are sensitive aren't listed; they are
// in the wholes.
type Public struct {
	From        time.Time     `json:"from"`
	To          time.Time     `json:"to"`
	Total       PublicFigures `json:"total"`
	Departments []PublicPart  `json:"departments"`
	Categories  []PublicPart  `json:"categories"`
	Districts   []PublicPart  `json:"districts"`
	Months      []PublicPart  `json:"months"`
}

// PublicPart are the figures of one department, category (with its
// department), district or month (2026-05).
type PublicPart struct {
	Code       string `json:"code"`
	Department string `json:"department,omitempty"`
	PublicFigures
}

// PublicFigures say how promises were kept: how many reports came, of how many
// the promise is decided and how many of those were kept, and in how many
// seconds half of those closed, and nine in ten, were.
type PublicFigures struct {
	Hidden   bool    `json:"hidden,omitempty"`
	Received int     `json:"received"`
	Judged   int     `json:"judged"`
	Kept     int     `json:"kept"`
	Median   float64 `json:"median_s"`
	P90      float64 `json:"p90_s"`
}

func published(f Figures) PublicFigures {
	return PublicFigures{Received: f.Received, Judged: f.Judged, Kept: f.Judged - f.Late, Median: f.Resolve.Median, P90: f.Resolve.P90}
}

// publicMonths is how many months are published where nobody says otherwise.
const publicMonths = 12

// Public computes what the authority publishes of the months from the first to
// the last ("2026-05"), which must be over: the last twelve without them.
// Categories that sensitive names aren't listed.
func (h *History) Public(authority, first, last string, sensitive func(category string) bool) (Public, error) {
	p := h.of(authority)
	if p == nil {
		return Public{}, notRead()
	}
	now := h.clock()
	y, m, _ := now.In(p.zone).Date()
	this := time.Date(y, m, 1, 0, 0, 0, 0, p.zone)
	to := this
	if last != "" {
		at, err := time.ParseInLocation("2006-01", last, p.zone)
		if err != nil {
			return Public{}, dispatch.Bad("to", KeyBadMonth)
		}
		if to = at.AddDate(0, 1, 0); to.After(this) {
			return Public{}, dispatch.Bad("to", KeyOpenMonth)
		}
	}
	from := to.AddDate(0, -publicMonths, 0)
	if first != "" {
		at, err := time.ParseInLocation("2006-01", first, p.zone)
		if err != nil {
			return Public{}, dispatch.Bad("from", KeyBadMonth)
		}
		from = at
	}
	key := publicKey{authority, from.Unix(), to.Unix()}
	if kept, ok := h.kept(key, now); ok {
		return kept, nil
	}
	everyone := dispatch.Actor{Authority: authority, Role: dispatch.System}
	ask := func(by ...Key) (Answer, error) { return h.Figures(everyone, Query{From: from, To: to, By: by}) }
	categories, err := ask(ByDepartment, ByCategory)
	if err != nil {
		return Public{}, err
	}
	departments, err := ask(ByDepartment)
	if err != nil {
		return Public{}, err
	}
	districts, err := ask(ByDistrict)
	if err != nil {
		return Public{}, err
	}
	months, err := ask(ByMonth)
	if err != nil {
		return Public{}, err
	}
	out := Public{From: from, To: to, Total: published(categories.Total)}
	parts := func(groups []Group, name func(Group) (code, department string)) []PublicPart {
		all := []PublicPart{}
		for _, g := range groups {
			if g.Received == 0 {
				continue
			}
			part := PublicPart{PublicFigures: published(g.Figures)}
			part.Code, part.Department = name(g)
			all = append(all, part)
		}
		return all
	}
	out.Departments = parts(departments.Groups, func(g Group) (string, string) { return *g.Department, "" })
	out.Districts = parts(districts.Groups, func(g Group) (string, string) { return *g.District, "" })
	out.Months = parts(months.Groups, func(g Group) (string, string) { return g.Month, "" })
	out.Categories = parts(categories.Groups, func(g Group) (string, string) { return *g.Category, *g.Department })
	for _, list := range [][]PublicPart{out.Departments, out.Districts, out.Months} {
		conceal(list, func(PublicPart) bool { return false })
	}
	// A category could be told from its department's whole.
	byDepartment := map[string][]PublicPart{}
	for _, k := range out.Categories {
		byDepartment[k.Department] = append(byDepartment[k.Department], k)
	}
	out.Categories = []PublicPart{}
	for _, d := range out.Departments {
		list := byDepartment[d.Code]
		conceal(list, func(k PublicPart) bool { return sensitive(k.Code) || d.Hidden })
		for _, k := range list {
			if !sensitive(k.Code) {
				out.Categories = append(out.Categories, k)
			}
		}
	}
	h.keep(key, out, now)
	return out, nil
}

// conceal hides the parts that are of few reports or that must be hidden; and
// where those that are hidden could be told from the whole, because they are one,
// or few together, the smallest of the others too, until they can't.
func conceal(parts []PublicPart, must func(PublicPart) bool) {
	order := make([]int, len(parts))
	hidden, reports := 0, 0
	for n := range parts {
		order[n] = n
		if parts[n].Received < few || must(parts[n]) {
			parts[n].Hidden = true
			hidden, reports = hidden+1, reports+parts[n].Received
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(parts[a].Received, parts[b].Received), cmp.Compare(parts[a].Code, parts[b].Code))
	})
	for _, n := range order {
		if hidden == 0 || hidden > 1 && reports >= few {
			break
		}
		if !parts[n].Hidden {
			parts[n].Hidden = true
			hidden, reports = hidden+1, reports+parts[n].Received
		}
	}
	for n := range parts {
		if parts[n].Hidden {
			parts[n].PublicFigures = PublicFigures{Hidden: true}
		}
	}
}

// What was published is kept for a while: anybody may ask for it.
const publishedFor = time.Minute

type publicKey struct {
	authority string
	from, to  int64
}

type publicKept struct {
	public Public
	at     time.Time
}

const mostPublished = 200

func (h *History) kept(key publicKey, now time.Time) (Public, bool) {
	h.publicMu.Lock()
	defer h.publicMu.Unlock()
	k, ok := h.public[key]
	return k.public, ok && now.Sub(k.at) < publishedFor
}

func (h *History) keep(key publicKey, p Public, now time.Time) {
	h.publicMu.Lock()
	defer h.publicMu.Unlock()
	if len(h.public) >= mostPublished || h.public == nil {
		h.public = map[publicKey]publicKept{}
	}
	h.public[key] = publicKept{p, now}
}
