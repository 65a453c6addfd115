package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/geo"
)

func newGzip(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }

// oldMap says which column of a CSV file means what. Only ID, FiledAt and
// Category are needed.
type oldMap struct {
	ID            string   `json:"id"`
	Incident      string   `json:"incident"` // what several rows share that were one incident
	FiledAt       string   `json:"filed_at"`
	ClosedAt      string   `json:"closed_at"`
	DueAt         string   `json:"due_at"`
	RespondedAt   string   `json:"responded_at"`
	RespondDueAt  string   `json:"response_due_at"`
	Reopened      string   `json:"reopened"` // how often
	Times         []string `json:"times"`    // how times are written, by the time of 2 January 2006, 15:04:05; the first that fits
	Zone          string   `json:"time_zone"`
	Lat           string   `json:"lat"`
	Lon           string   `json:"lon"`
	East          string   `json:"east"` // instead, of ITM, in metres
	North         string   `json:"north"`
	Address       string   `json:"address"`
	Text          []string `json:"text"`
	District      string   `json:"district"`
	Neighbourhood string   `json:"neighbourhood"`
	Language      string   `json:"language"` // of the names of what is added (he)
	Category      oldCodes `json:"category"`
	Department    oldCodes `json:"department"`
	Channel       oldCodes `json:"channel"`

	zone *time.Location
}

// oldCodes says what a column's values are here: by Codes, or else by being a
// code or a name of the catalogue, or else as Otherwise says: a code, "add"
// (categories and departments: made, and retired), or "leave" (the row is left
// out).
type oldCodes struct {
	Column    string            `json:"column"`
	Codes     map[string]string `json:"codes"`
	Otherwise string            `json:"otherwise"`
}

const (
	addOld   = "add"
	leaveOld = "leave"
)

func readOldMap(file string) (*oldMap, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	m := &oldMap{}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(m); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return m, nil
}

func (m *oldMap) check() error {
	for _, need := range []struct{ name, column string }{{"id", m.ID}, {"filed_at", m.FiledAt}, {"category.column", m.Category.Column}} {
		if need.column == "" {
			return fmt.Errorf("%s: which column is it?", need.name)
		}
	}
	if (m.Lat == "") != (m.Lon == "") || (m.East == "") != (m.North == "") {
		return fmt.Errorf("a place needs both of its coordinates: lat and lon, or east and north")
	}
	if len(m.Times) == 0 {
		m.Times = []string{time.RFC3339, time.DateTime, "2006-01-02T15:04:05", time.DateOnly, "02/01/2006 15:04:05", "02/01/2006 15:04", "02/01/2006"}
	}
	if m.Language == "" {
		m.Language = "he"
	}
	if m.Category.Otherwise == "" {
		m.Category.Otherwise = leaveOld
	}
	if m.Category.Otherwise == addOld && m.Department.Column == "" && m.Department.Otherwise == "" {
		return fmt.Errorf("department.otherwise: whose are the categories that are added?")
	}
	if m.Channel.Otherwise == "" {
		m.Channel.Otherwise = string(dispatch.ByPhone)
	}
	for said, code := range m.Channel.Codes {
		if !slices.Contains(dispatch.Channels(), dispatch.Channel(code)) {
			return fmt.Errorf("channel.codes.%s: there is no channel %q", said, code)
		}
	}
	if !slices.Contains(dispatch.Channels(), dispatch.Channel(m.Channel.Otherwise)) {
		return fmt.Errorf("channel.otherwise: there is no channel %q", m.Channel.Otherwise)
	}
	var err error
	if m.Zone == "" {
		m.Zone = "Asia/Jerusalem"
	}
	if m.zone, err = time.LoadLocation(m.Zone); err != nil {
		return fmt.Errorf("time_zone: there is no %q", m.Zone)
	}
	return nil
}

// columns are all that the map names.
func (m *oldMap) columns() []string {
	all := []string{
		m.ID, m.Incident, m.FiledAt, m.ClosedAt, m.DueAt, m.RespondedAt, m.RespondDueAt, m.Reopened, m.Lat, m.Lon, m.East, m.North,
		m.Address, m.District, m.Neighbourhood, m.Category.Column, m.Department.Column, m.Channel.Column,
	}
	return slices.DeleteFunc(append(all, m.Text...), func(c string) bool { return c == "" })
}

// read turns a row into a report; why says what is wrong with it.
func (m *oldMap) read(r *oldCells, s *survey, now time.Time) (o desk.OldReport, why string) {
	o.ID, o.Incident = clean(r.of(m.ID)), clean(r.of(m.Incident))
	if o.ID == "" {
		return o, "it has no id"
	}
	if len(o.ID) > maxOldID || len(o.Incident) > maxOldID {
		return o, "its id is too long"
	}
	var given *time.Time
	for _, f := range []struct {
		column string
		to     **time.Time
	}{{m.FiledAt, &given}, {m.ClosedAt, &o.ClosedAt}, {m.DueAt, &o.DueAt}, {m.RespondedAt, &o.RespondedAt}, {m.RespondDueAt, &o.RespondDue}} {
		text := r.of(f.column)
		if text == "" {
			continue
		}
		at, ok := m.time(text)
		if !ok {
			return o, "the time in " + f.column + " can't be read"
		}
		*f.to = &at
	}
	switch {
	case given == nil:
		return o, "it doesn't say when it was filed"
	case given.After(now):
		return o, "it was filed in the future"
	case o.ClosedAt != nil && o.ClosedAt.Before(*given):
		return o, "it was closed before it was filed"
	case o.ClosedAt != nil && o.ClosedAt.After(now):
		return o, "it was closed in the future"
	}
	o.FiledAt, o.Standard = *given, m.DueAt == ""
	if o.RespondedAt != nil && o.RespondedAt.Before(o.FiledAt) {
		return o, "it was responded to before it was filed"
	}
	var ok bool
	if o.Category, ok = s.category(r); !ok {
		return o, "its category isn't known"
	}
	if o.Department, ok = s.department(r); !ok {
		return o, "its department isn't known"
	}
	o.Channel = dispatch.Channel(m.Channel.Otherwise)
	if code, ok := m.Channel.Codes[r.of(m.Channel.Column)]; ok {
		o.Channel = dispatch.Channel(code)
	}
	if text := r.of(m.Reopened); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > math.MaxInt16 {
			return o, "the number in " + m.Reopened + " can't be read"
		}
		o.Reopened = n
	}
	o.At, o.Told = m.point(r), clean(r.of(m.Address))
	o.Fallback = o.At != nil && s.fallback[*o.At]
	o.District, o.Neighbourhood = clean(r.of(m.District)), clean(r.of(m.Neighbourhood))
	var said []string
	for _, c := range m.Text {
		if text := clean(r.of(c)); text != "" {
			said = append(said, text)
		}
	}
	o.Text = strings.Join(said, " · ")
	return o, ""
}

const maxOldID = 100

// time reads a text in the first way of writing that fits.
func (m *oldMap) time(text string) (time.Time, bool) {
	for _, layout := range m.Times {
		if at, err := time.ParseInLocation(layout, text, m.zone); err == nil {
			return at.Truncate(time.Microsecond), at.Year() > 1970 && at.Year() < 2200
		}
	}
	return time.Time{}, false
}

// point is where the row says it was; nil for nowhere, also where the numbers
// mean no place.
func (m *oldMap) point(r *oldCells) *orb.Point {
	x, y, itm := r.of(m.Lon), r.of(m.Lat), false
	if m.Lat == "" {
		x, y, itm = r.of(m.East), r.of(m.North), true
	}
	var p orb.Point
	for n, text := range []string{x, y} {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		p[n] = v
	}
	if p[0] == 0 && p[1] == 0 {
		return nil
	}
	if itm {
		if p[0] < 0 || p[0] > 1e6 || p[1] < 0 || p[1] > 2e6 {
			return nil
		}
		p = geo.FromITM(p)
	}
	if math.Abs(p[0]) > 180 || math.Abs(p[1]) > 85 {
		return nil
	}
	return &p
}

// clean makes any bytes into a text that the database takes.
func clean(text string) string {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\ufffd")
	}
	return strings.ReplaceAll(text, "\x00", "")
}
