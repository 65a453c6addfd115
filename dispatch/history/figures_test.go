package history

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp/cmpopts"

	gocmp "github.com/google/go-cmp/cmp"

	"moked/dispatch"
	"moked/geo"
)

// computeFigures computes figures from the tables themselves, by another road
// than the scan's: stretches joined to reports, and aggregates. $1 authority,
// $2 now, $3 and $4 the stretches' bounds, $5 and $6 what to group by.
const computeFigures = `
with stretch as (select * from unnest($3::timestamptz[], $4::timestamptz[], $5::text[]) as s(s, e, month)),
told as (
	select r.id, r.filed_at as filed, r.channel, (extract(dow from r.filed_at at time zone a.time_zone) * 24 + extract(hour from r.filed_at at time zone a.time_zone))::int::text as hour, i.category, i.department, i.district, i.neighbourhood, i.closed_at as closed,
		(select count(*) from event v where v.incident = i.id and v.type = 'incident.reopened') as reopened,
		w.stopped_at as responded, w.due_at as respond_by, k.due_at as due,
		case when i.closed_at is null then (select (p->>'from')::timestamptz from jsonb_array_elements(k.pauses) p where p->>'until' is null) end as paused
	from report r join incident i on i.id = r.incident join authority a on a.code = r.authority
	left join clock w on w.incident = i.id and w.kind = 'response'
	left join clock k on k.incident = i.id and k.kind = 'resolution'
	where r.authority = $1),
bore as (
	select t.*, s.month, s.e,
		filed >= s and filed < e as received,
		closed >= s and closed < e as done,
		filed < least(e, $2) and (closed is null or closed >= least(e, $2)) as open,
		coalesce(closed, least(paused, $2)) > due as late,
		coalesce(responded, $2) > respond_by as respond_late
	from told t cross join stretch s)
select jsonb_build_object($6::text, case when $6 <> '' then to_jsonb(b) ->> $6 end, 'month', month),
	count(*) filter (where received),
	count(*) filter (where received and (late or closed is not null and due is not null)),
	count(*) filter (where received and late),
	count(*) filter (where received and reopened > 0),
	count(*) filter (where received and (respond_late or responded is not null and respond_by is not null)),
	count(*) filter (where received and respond_late),
	count(*) filter (where received and responded is not null),
	coalesce(avg(extract(epoch from greatest(responded - filed, '0'))) filter (where received and responded is not null), 0)::float8,
	coalesce(percentile_disc(0.5) within group (order by extract(epoch from greatest(responded - filed, '0'))) filter (where received and responded is not null), 0)::float8,
	coalesce(percentile_disc(0.9) within group (order by extract(epoch from greatest(responded - filed, '0'))) filter (where received and responded is not null), 0)::float8,
	count(*) filter (where done),
	coalesce(avg(extract(epoch from greatest(closed - filed, '0'))) filter (where done), 0)::float8,
	coalesce(percentile_disc(0.5) within group (order by extract(epoch from greatest(closed - filed, '0'))) filter (where done), 0)::float8,
	coalesce(percentile_disc(0.9) within group (order by extract(epoch from greatest(closed - filed, '0'))) filter (where done), 0)::float8,
	count(*) filter (where open),
	count(*) filter (where open and least(paused, e, $2) > due),
	min(filed) filter (where open)
from bore b
where received or done or open
group by 1`

// computed are the groups as PostgreSQL computes them from the tables.
func (c *town) computed(q Query, by Key) []Group {
	c.t.Helper()
	var from, to []time.Time
	var months []string
	if slices.Contains(q.By, ByMonth) {
		for at := q.From; at.Before(q.To); {
			// The authority's months, by PostgreSQL.
			var next time.Time
			var name string
			c.must(c.pool.QueryRow(c.ctx, `select least($2, (date_trunc('month', $1::timestamptz at time zone z) + '1 month') at time zone z), to_char($1::timestamptz at time zone z, 'YYYY-MM')
				from (select time_zone as z from authority where code = $3) a`, at, q.To, townCode).Scan(&next, &name))
			from, to, months = append(from, at), append(to, next), append(months, name)
			at = next
		}
	} else {
		from, to, months = []time.Time{q.From}, []time.Time{q.To}, []string{""}
	}
	rows, err := c.pool.Query(c.ctx, computeFigures, townCode, c.now, from, to, months, string(by))
	c.must(err)
	defer rows.Close()
	var all []Group
	for rows.Next() {
		var g Group
		var keys map[string]*string
		c.must(rows.Scan(&keys, &g.Received, &g.Judged, &g.Late, &g.Reopened, &g.Promised, &g.RespondLate,
			&g.Respond.N, &g.Respond.Mean, &g.Respond.Median, &g.Respond.P90,
			&g.Closed, &g.Resolve.Mean, &g.Resolve.Median, &g.Resolve.P90, &g.Open, &g.Overdue, &g.Oldest))
		g.Resolve.N = g.Closed
		g.Month = *keys["month"]
		for _, k := range new(past).kinds() {
			if k.key == by {
				*k.field(&g) = keys[string(by)]
			}
		}
		all = append(all, g)
	}
	c.must(rows.Err())
	slices.SortFunc(all, Group.compare)
	return all
}

// sameFigures compares exactly but for the means, which are sums of floats in
// PostgreSQL, and for the name of a time's zone.
var sameFigures = gocmp.Options{
	gocmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }),
	gocmp.FilterPath(func(p gocmp.Path) bool { return strings.HasSuffix(p.String(), "Mean") },
		gocmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) <= 1e-6 })),
	cmpopts.EquateEmpty(),
}

// same holds the history against the database, group by group and in whole.
func (c *town) same(what string, q Query) {
	c.t.Helper()
	c.read()
	for _, by := range []Key{"", ByDepartment, ByCategory, ByDistrict, ByNeighbourhood, ByChannel, ByHour} {
		for _, monthly := range []bool{false, true} {
			q.By = nil
			if by != "" {
				q.By = append(q.By, by)
			}
			if monthly {
				q.By = append(q.By, ByMonth)
			}
			got, err := c.Figures(c.dispatcher(), q)
			c.must(err)
			want := c.computed(q, by)
			if diff := gocmp.Diff(want, got.Groups, sameFigures); diff != "" {
				c.t.Fatalf("%s: figures by %v (-database +history):\n%s", what, q.By, diff)
			}
			if monthly {
				continue
			}
			q.By = nil
			total := Figures{}
			if all := c.computed(q, ""); len(all) == 1 {
				total = all[0].Figures
			}
			if diff := gocmp.Diff(total, got.Total, sameFigures); diff != "" {
				c.t.Fatalf("%s: in whole (-database +history):\n%s", what, diff)
			}
		}
	}
}

// computeCells counts on squares of ITM, as PostGIS projects it. $1 authority, $2
// now, $3 from, $4 to, $5 the size.
const computeCells = `
select floor(st_x(at) / $5)::int, floor(st_y(at) / $5)::int,
	count(*) filter (where filed >= $3 and filed < $4),
	count(*) filter (where filed < least($4, $2) and (closed is null or closed >= least($4, $2))),
	coalesce(percentile_disc(0.5) within group (order by extract(epoch from greatest(closed - filed, '0'))) filter (where closed >= $3 and closed < $4), 'NaN')::float8
from (select r.filed_at as filed, i.closed_at as closed, st_transform(i.geom, 2039) as at
	from report r join incident i on i.id = r.incident where r.authority = $1 and i.precision <> 'unplaced') t
group by 1, 2`

// sameCells holds the squares against the database.
func (c *town) sameCells(what string, q Query) {
	c.t.Helper()
	const size = 250
	type figures struct {
		received, open int
		median         float64
	}
	got := map[geo.Cell]figures{}
	for _, of := range []Mark{Received, Open, Closed} {
		cells, _, err := c.Cells(c.dispatcher(), CellQuery{Query: q, Size: size, Of: of})
		c.must(err)
		for _, k := range cells {
			f, known := got[k.Cell]
			if !known {
				f.median = math.NaN()
			}
			switch {
			case of == Received:
				f.received = k.N
			case of == Open:
				f.open = k.N
			case k.N > 0:
				f.median = k.Median
			}
			if got[k.Cell] = f; f.received+f.open == 0 && math.IsNaN(f.median) {
				delete(got, k.Cell) // it only stands out by what isn't there
			}
		}
	}
	rows, err := c.pool.Query(c.ctx, computeCells, townCode, c.now, q.From, q.To, size)
	c.must(err)
	defer rows.Close()
	want := map[geo.Cell]figures{}
	for rows.Next() {
		var cell geo.Cell
		var f figures
		c.must(rows.Scan(&cell.X, &cell.Y, &f.received, &f.open, &f.median))
		if f.received+f.open > 0 || !math.IsNaN(f.median) {
			want[cell] = f
		}
	}
	c.must(rows.Err())
	if diff := gocmp.Diff(want, got, gocmp.AllowUnexported(figures{}), cmpopts.EquateNaNs()); diff != "" {
		c.t.Fatalf("%s: squares (-database +history):\n%s", what, diff)
	}
}

// TestFiguresAreTheDatabases lets anything happen in a town and holds every
// figure, after every change, against PostgreSQL's own computation from the
// tables.
func TestFiguresAreTheDatabases(t *testing.T) {
	t.Parallel()
	for _, gap := range []time.Duration{5 * time.Hour, 70 * time.Hour} {
		t.Run(gap.String(), func(t *testing.T) {
			t.Parallel()
			figuresAreTheDatabases(t, gap)
		})
	}
}

func figuresAreTheDatabases(t *testing.T, gap time.Duration) {
	c := newTown(t)
	c.gap = gap
	r := rand.New(rand.NewPCG(106, 4))
	begin := c.now
	happened := map[string]int{}
	for n := range 260 {
		what := c.happens(r)
		happened[what]++
		if what == "" || n%3 != 0 && happened[what] > 3 {
			continue
		}
		from := begin.Add(time.Duration(r.Int64N(int64(c.now.Sub(begin)) + 1))).Truncate(time.Microsecond)
		to := from.Add(time.Duration(r.Int64N(int64(50 * 24 * time.Hour)))).Truncate(time.Microsecond).Add(time.Microsecond)
		c.same(what, Query{From: from, To: to})
		c.sameCells(what, Query{From: from, To: to})
		c.same(what, Query{From: begin.AddDate(0, -2, 0), To: c.now.AddDate(0, 2, 0)})
	}
	for _, what := range []string{"filed", "closed", "reopened", "paused", "resumed", "another category", "merged", "split", "moved", "re-drawn", "charter"} {
		if gap <= 5*time.Hour && happened[what] < 2 {
			t.Errorf("%s happened only %d times", what, happened[what])
		}
	}
	t.Logf("%v", happened)
}

// TestBehindIsTheFigure has each figure be the number of the reports behind it.
func TestBehindIsTheFigure(t *testing.T) {
	t.Parallel()
	c := newTown(t)
	r := rand.New(rand.NewPCG(106, 5))
	begin := c.now
	for range 150 {
		c.happens(r)
	}
	c.read()
	q := Query{From: begin.AddDate(0, 0, 5), To: c.now.AddDate(0, 0, -3), Where: Where{Districts: []string{"west", ""}}}
	a, err := c.Figures(c.dispatcher(), q)
	c.must(err)
	for name, want := range map[string]int{
		"received": a.Total.Received, "judged": a.Total.Judged, "late": a.Total.Late, "reopened": a.Total.Reopened, "promised": a.Total.Promised,
		"respond_late": a.Total.RespondLate, "responded": a.Total.Respond.N, "closed": a.Total.Closed, "open": a.Total.Open, "overdue": a.Total.Overdue,
	} {
		m, err := ParseMark(name)
		c.must(err)
		seen := map[[16]byte]bool{}
		for skip := 0; ; skip += 7 {
			ids, all, err := c.Behind(c.dispatcher(), q, m, skip, 7)
			c.must(err)
			if all != want {
				t.Errorf("%d reports are behind %s, which is %d", all, name, want)
			}
			for _, id := range ids {
				seen[id] = true
			}
			if len(ids) < 7 {
				break
			}
		}
		if len(seen) != want || want == 0 && name != "reopened" && name != "respond_late" {
			t.Errorf("%s is %d, and %d different reports were named", name, want, len(seen))
		}
	}
}

// TestFiguresOfOnesOwn narrows figures to the actor's district and department,
// and refuses another's without a word of it.
func TestFiguresOfOnesOwn(t *testing.T) {
	t.Parallel()
	c := newTown(t)
	for n, at := range spots[:4] {
		for range n + 1 {
			c.files(categories[n%2], at, dispatch.ByPhone)
			c.now = c.now.Add(time.Hour)
		}
	}
	c.read()
	q := Query{From: c.now.AddDate(0, 0, -7), To: c.now.AddDate(0, 0, 1)}
	actor := func(role dispatch.Role, district, department string) dispatch.Actor {
		a := c.dispatcher()
		a.Role, a.District, a.Department = role, district, department
		return a
	}
	for _, tc := range []struct {
		name         string
		who          dispatch.Actor
		where        Where
		want         int
		code         dispatch.Code
		field, named string
	}{
		{"all", c.dispatcher(), Where{}, 10, "", "", ""},
		{"the manager of a district", actor(dispatch.DistrictManager, "west", ""), Where{}, 3, "", "", ""},
		{"its own, asked for", actor(dispatch.DistrictManager, "west", ""), Where{Districts: []string{"west"}}, 3, "", "", ""},
		{"another's neighbourhood", actor(dispatch.DistrictManager, "west", ""), Where{Neighbourhoods: []string{"ne"}}, 0, "", "", ""},
		{"another's district", actor(dispatch.DistrictManager, "west", ""), Where{Districts: []string{"east"}}, 0, dispatch.Forbidden, "district", "east"},
		{"another's beside its own", actor(dispatch.DistrictManager, "west", ""), Where{Districts: []string{"west", "east"}}, 0, dispatch.Forbidden, "district", "east"},
		{"a manager of nothing", actor(dispatch.DistrictManager, "", ""), Where{}, 0, dispatch.Forbidden, "", ""},
		{"the head of a department", actor(dispatch.DepartmentHead, "", "roads"), Where{}, 6, "", "", ""},
		{"another's department", actor(dispatch.DepartmentHead, "", "roads"), Where{Departments: []string{"gardens"}}, 0, dispatch.Forbidden, "department", "gardens"},
		{"a head of nothing", actor(dispatch.DepartmentHead, "", ""), Where{}, 0, dispatch.Forbidden, "", ""},
		{"a dispatcher of a district", actor(dispatch.Dispatcher, "east", ""), Where{}, 7, "", "", ""},
		{"a crew", actor(dispatch.CrewMember, "", ""), Where{}, 0, dispatch.Forbidden, "", ""},
		{"a resident", actor(dispatch.Resident, "", ""), Where{}, 0, dispatch.Forbidden, "", ""},
	} {
		q := q
		q.Where, q.By = tc.where, []Key{ByDistrict, ByNeighbourhood, ByDepartment}
		a, err := c.Figures(tc.who, q)
		var refusal *dispatch.Error
		if err != nil {
			refusal = err.(*dispatch.Error)
		} else {
			refusal = &dispatch.Error{}
		}
		named, _ := refusal.Args["code"].(string)
		if refusal.Code != tc.code || refusal.Field != tc.field || named != tc.named || a.Total.Received != tc.want {
			t.Errorf("%s: got %d, %v; want %d, %s %s %s", tc.name, a.Total.Received, err, tc.want, tc.code, tc.field, tc.named)
		}
		for _, g := range a.Groups {
			if cmp.Or(tc.who.District, *g.District) != *g.District || cmp.Or(tc.who.Department, *g.Department) != *g.Department {
				t.Errorf("%s: a group of %s, %s", tc.name, *g.District, *g.Department)
			}
		}
	}
}

// TestBadPeriods names what is wrong with a question.
func TestBadPeriods(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		q          Query
		key, field string
	}{
		{Query{From: at, To: at}, KeyBadPeriod, "to"},
		{Query{From: at, To: at.Add(-1)}, KeyBadPeriod, "to"},
		{Query{From: at, To: at.AddDate(51, 0, 0)}, KeyLongPeriod, "to"},
		{Query{From: at, To: at.AddDate(1, 0, 0), By: []Key{"shoe"}}, KeyUnknownKey, "by"},
		{Query{From: at, To: at.AddDate(50, 0, 0), By: Keys()}, "", ""},
	} {
		err := tc.q.check()
		refusal, _ := err.(*dispatch.Error)
		if tc.key == "" && err == nil {
			continue
		}
		if refusal == nil || refusal.Code != dispatch.Invalid || refusal.Key != tc.key || refusal.Field != tc.field {
			t.Errorf("%v to %v by %v: %v", tc.q.From, tc.q.To, tc.q.By, err)
		}
	}
}

// TestManyGroups refuses a grain at which nobody can read the answer, and says so.
func TestManyGroups(t *testing.T) {
	t.Parallel()
	p, _ := truth(rand.New(rand.NewPCG(9, 106)), 8, 8, 20_000)
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	h := &History{pasts: map[string]*past{townCode: p}, clock: func() time.Time { return now }}
	r := rand.New(rand.NewPCG(10, 106))
	for n := range p.columns.filed {
		at := now.Add(-time.Duration(r.Int64N(int64(10 * 365 * 24 * time.Hour))))
		p.columns.filed[n], p.columns.closed[n], p.columns.hour[n] = at.UnixMicro(), at.Add(time.Hour).UnixMicro(), uint16(r.IntN(168))
	}
	p.columns.inOrder = 0
	ask := func(by ...Key) error {
		_, err := h.Figures((&town{}).dispatcher(), Query{From: now.AddDate(-10, 0, 0), To: now, By: by})
		return err
	}
	if err := ask(ByMonth); err != nil {
		t.Errorf("by month: %v", err)
	}
	if err := ask(ByHour); err != nil {
		t.Errorf("by hour: %v", err)
	}
	refused, _ := ask(ByMonth, ByHour, ByCategory, ByDistrict, ByNeighbourhood).(*dispatch.Error)
	if refused == nil || refused.Code != dispatch.Invalid || refused.Key != KeyManyGroups || refused.Field != "by" {
		t.Errorf("ten years by the hour of everything: %v", refused)
	}
}
