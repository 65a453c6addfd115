package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"moked/dispatch"
)

// ColumnKind says what a layer's column holds.
type ColumnKind string

// The kinds of columns.
const (
	TextColumn ColumnKind = "text"
	IntColumn  ColumnKind = "integer"
	TimeColumn ColumnKind = "time"
)

// Column is one of a layer's properties. A column can be asked for by its value
// unless it is a time.
type Column struct {
	Name string
	Kind ColumnKind
	sql  string
}

// Layer is a kind of things with places that other systems read: what it is
// called, what its features have, and in which of its columns their time lies
// (from the first to the second, "" is for ever; none where Begin is "").
type Layer struct {
	Name    string
	Columns []Column
	Shape   string // Point or MultiPolygon
	Begin   string
	End     string
	// Moves says that it changes without any event.
	Moves bool

	permission dispatch.Permission
	noun       dispatch.Noun
	from       string
	id, geom   string
	only       string // what every row must hold besides
	where      func(f dispatch.Filter, add func(condition string, value any))
}

func column(name, sql string) Column { return Column{name, TextColumn, sql} }
func whole(name, sql string) Column  { return Column{name, IntColumn, sql} }
func moment(name, sql string) Column { return Column{name, TimeColumn, sql} }

// within narrows an object's rows as Filter.Has does; %s is the value's place.
func within(district, department string) func(dispatch.Filter, func(string, any)) {
	return func(f dispatch.Filter, add func(string, any)) {
		if f.District != "" {
			add(district+` in ('', %s)`, f.District)
		}
		if f.Department != "" {
			add(department, f.Department)
		}
	}
}

// layers are what can be read. What a person wrote, who reported and who works
// in a crew aren't among the columns.
var layers = []Layer{
	{
		Name: "areas", Shape: "MultiPolygon", Begin: "valid_from", End: "valid_to", permission: dispatch.GroundRead,
		from: `area a left join area up on up.id = a.parent`, id: "a.id", geom: "a.geom",
		Columns: []Column{
			column("level", "a.level"), column("code", "a.code"), column("name", "a.name"), whole("population", "a.population"), column("parent", "up.code"),
			moment("valid_from", "a.valid_from"), moment("valid_to", "a.valid_to"),
		},
	},
	{
		Name: "zones", Shape: "MultiPolygon", Begin: "valid_from", End: "valid_to", permission: dispatch.SnapshotRead, noun: dispatch.NounGeography,
		from: `zone a`, id: "a.id", geom: "a.geom",
		Columns: []Column{
			column("department", "a.department"), column("code", "a.code"), column("name", "a.name"), moment("valid_from", "a.valid_from"), moment("valid_to", "a.valid_to"),
		},
	},
	{
		Name: "incidents", Shape: "Point", Begin: "opened_at", End: "closed_at", permission: dispatch.IncidentRead, noun: dispatch.NounIncident,
		from: `incident i left join clock k on k.incident = i.id and k.kind = 'resolution'`, id: "i.id", geom: "i.geom",
		where: within("i.district", "i.department = %s"),
		Columns: []Column{
			column("number", "i.number"), column("state", "i.state"), column("category", "i.category"), column("department", "i.department"), whole("priority", "i.priority"),
			column("district", "i.district"), column("neighbourhood", "i.neighbourhood"), column("label", "i.label"), column("precision", "i.precision"),
			whole("reports", "i.reports"), whole("reopened", "i.reopened"), moment("opened_at", "i.opened_at"), moment("due_at", "k.due_at"), moment("closed_at", "i.closed_at"),
		},
	},
	{
		Name: "jobs", Shape: "Point", Begin: "created_at", End: "ended_at", permission: dispatch.JobRead, noun: dispatch.NounJob,
		from: `job a join incident i on i.id = a.incident left join crew w on w.id = a.crew`, id: "a.id", geom: "i.geom",
		where: within("i.district", "a.department = %s"),
		Columns: []Column{
			column("number", "a.number"), column("state", "a.state"), column("incident", "i.number"), column("category", "i.category"), column("department", "a.department"),
			column("crew", "w.code"), column("district", "i.district"),
			moment("created_at", "a.created_at"), moment("assigned_at", "a.assigned_at"), moment("arrived_at", "a.arrived_at"), moment("ended_at", "a.ended_at"),
		},
	},
	{
		Name: "crews", Shape: "Point", Moves: true, permission: dispatch.CrewRead, noun: dispatch.NounCrew,
		from: `crew a left join crew_position p on p.crew = a.id`, id: "a.id", geom: "p.geom", only: "not a.retired",
		where: within("a.district", "(cardinality(a.departments) = 0 or %s = any(a.departments))"),
		Columns: []Column{
			column("code", "a.code"), column("name", "a.name"), column("kind", "a.kind"), column("departments", "array_to_string(a.departments, ',')"), column("district", "a.district"),
			column("vehicle", "a.vehicle"), whole("heading", "round(p.heading)::int"), moment("on_until", "a.on_until"), moment("at", "p.at"),
		},
	},
}

// Layers lists the layers that the actor may read.
func (d *Desk) Layers(who dispatch.Actor) []Layer {
	var all []Layer
	for _, l := range layers {
		if l.readable(who) {
			all = append(all, l)
		}
	}
	return all
}

func (l Layer) readable(who dispatch.Actor) bool {
	return who.Authority != "" && who.Holds(l.permission) && (l.noun == "" || who.Holds(dispatch.LayerRead) && !who.Filter(l.noun).Nothing)
}

// LayerExists says whether there is a layer of the name, for anybody.
func LayerExists(name string) bool {
	return slices.ContainsFunc(layers, func(l Layer) bool { return l.Name == name })
}

// LayerQuery narrows a layer. Boxes are in WGS84: a feature that meets one of
// them passes; none pass all. From and To are the ends of a closed interval of
// time, nil where it is open; of areas and zones, without either, those in force
// are read. Where has the values that columns must have. After is the Next of
// the page before.
type LayerQuery struct {
	Boxes    []orb.Bound
	From, To *time.Time
	Where    map[string]string
	ID       string
	Limit    int
	After    string
	// Count asks for how many there are in all.
	Count bool
}

// LayerPage is a part of a layer, in the order of ids: GeoJSON features in
// WGS84. Next is "" at the end. A feature that comes or goes meanwhile moves no
// other from page to page.
type LayerPage struct {
	Features []json.RawMessage
	Next     string
	Matched  *int
}

// MaxLayerPage is how many features a page has at most.
const MaxLayerPage = 10_000

// Layer reads a part of a layer: what the actor may see of it. A name or a
// column that isn't there is Invalid.
func (d *Desk) Layer(ctx context.Context, who dispatch.Actor, name string, q LayerQuery) (page LayerPage, err error) {
	at := slices.IndexFunc(layers, func(l Layer) bool { return l.Name == name })
	if at < 0 {
		return page, notFound(KeyNoLayer)
	}
	l := layers[at]
	if !l.readable(who) {
		return page, forbidden()
	}
	limit := min(max(q.Limit, 1), MaxLayerPage)
	s, err := l.selection(who, q)
	if err != nil {
		return page, err
	}
	page.Features = make([]json.RawMessage, 0, min(limit, 1000))
	err = d.read(ctx, who, func(tx pgx.Tx, _ *ground) error {
		if q.Count {
			var n int
			if err := tx.QueryRow(ctx, l.read("count(*)", s), s.values...).Scan(&n); err != nil {
				return err
			}
			page.Matched = &n
		}
		if q.After != "" {
			after, err := uuid.Parse(q.After)
			if err != nil {
				return invalid("cursor", KeyBadCursor, nil)
			}
			s.add(l.id+" > %s", after)
		}
		rows, err := tx.Query(ctx, l.read(l.id+", "+l.feature(), s)+fmt.Sprintf(" order by %s limit %d", l.id, limit+1), s.values...)
		if err != nil {
			return err
		}
		defer rows.Close()
		var last uuid.UUID
		for rows.Next() {
			if len(page.Features) == limit {
				page.Next = last.String()
				break
			}
			var feature json.RawMessage
			if err := rows.Scan(&last, &feature); err != nil {
				return err
			}
			page.Features = append(page.Features, feature)
		}
		rows.Close()
		return rows.Err()
	})
	return page, err
}

// feature is a row as GeoJSON: seven decimals, polygons turned as RFC 7946 wants.
func (l Layer) feature() string {
	geom := "st_asgeojson(" + l.geom + ", 7)"
	if l.Shape != "Point" {
		geom = "st_asgeojson(st_forcepolygonccw(" + l.geom + "), 7)"
	}
	b := &strings.Builder{}
	fmt.Fprintf(b, `json_build_object('type', 'Feature', 'id', %s, 'geometry', %s::json, 'properties', json_build_object(`, l.id, geom)
	for n, c := range l.Columns {
		if n > 0 {
			b.WriteString(", ")
		}
		value := c.sql
		if c.Kind == TimeColumn {
			value = `to_char(` + c.sql + ` at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
		}
		fmt.Fprintf(b, "'%s', %s", c.Name, value)
	}
	b.WriteString("))")
	return b.String()
}

func (l Layer) named(name string) (Column, bool) {
	n := slices.IndexFunc(l.Columns, func(c Column) bool { return c.Name == name })
	if n < 0 {
		return Column{}, false
	}
	return l.Columns[n], true
}

// selection is what rows must hold.
type selection struct {
	parts  []string
	values []any
}

// add has rows hold a condition, in which %s stands for the value.
func (s *selection) add(condition string, value any) {
	s.values = append(s.values, value)
	s.parts = append(s.parts, strings.ReplaceAll(condition, "%s", "$"+strconv.Itoa(len(s.values))))
}

// read is the statement that reads something of the layer's rows.
func (l Layer) read(what string, s *selection) string {
	return strings.Join([]string{"select", what, "from", l.from, "where", strings.Join(s.parts, " and ")}, " ")
}

// table is the name by which a layer's own rows go in its from.
func (l Layer) table() string { return strings.TrimSuffix(l.id, ".id") }

func (l Layer) selection(who dispatch.Actor, q LayerQuery) (*selection, error) {
	s := &selection{}
	s.add(l.table()+".authority = %s", who.Authority)
	if l.where != nil {
		l.where(who.Filter(l.noun), s.add)
	}
	if l.only != "" {
		s.parts = append(s.parts, l.only)
	}
	if q.ID != "" {
		id, err := uuid.Parse(q.ID)
		if err != nil {
			return nil, notFound(KeyNoFeature)
		}
		s.add(l.id+" = %s", id)
	}
	if len(q.Boxes) > 0 {
		var any []string
		for _, b := range q.Boxes {
			s.values = append(s.values, b.Min[0], b.Min[1], b.Max[0], b.Max[1])
			n := len(s.values)
			any = append(any, fmt.Sprintf("st_intersects(%s, st_makeenvelope($%d, $%d, $%d, $%d, 4326))", l.geom, n-3, n-2, n-1, n))
		}
		s.parts = append(s.parts, "("+strings.Join(any, " or ")+")")
	}
	begin, _ := l.named(l.Begin)
	end, _ := l.named(l.End)
	switch {
	case l.Begin == "":
	case q.From == nil && q.To == nil:
		if l.Shape != "Point" && q.ID == "" {
			s.parts = append(s.parts, end.sql+" is null")
		}
	default:
		if q.To != nil {
			s.add(begin.sql+" <= %s", *q.To)
		}
		if q.From != nil {
			s.add("("+end.sql+" is null or "+end.sql+" >= %s)", *q.From)
		}
	}
	for name, value := range q.Where {
		c, known := l.named(name)
		if !known || c.Kind == TimeColumn {
			return nil, invalid(name, KeyNoColumn, map[string]any{"column": name})
		}
		if err := checkText(name, value, maxName); err != nil {
			return nil, err
		}
		if c.Kind == IntColumn {
			n, err := strconv.ParseInt(value, 10, 32)
			if err != nil {
				return nil, invalid(name, KeyNoNumber, map[string]any{"value": value})
			}
			s.add(c.sql+" = %s", n)
			continue
		}
		s.add(c.sql+" = %s", value)
	}
	return s, nil
}

// Feature is one of a layer's features; NotFound if the actor sees none such.
func (d *Desk) Feature(ctx context.Context, who dispatch.Actor, layer, id string) (json.RawMessage, error) {
	page, err := d.Layer(ctx, who, layer, LayerQuery{ID: id, Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(page.Features) == 0 {
		return nil, notFound(KeyNoFeature)
	}
	return page.Features[0], nil
}
