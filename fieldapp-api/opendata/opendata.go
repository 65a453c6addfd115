// Package opendata writes reports as open data: CSV with the columns that
// Open311's bulk downloads have, GeoJSON (RFC 7946), and GeoParquet (1.1.0). What
// may be published is decided before: see dispatch.OpenCounts.
package opendata

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"time"

	"moked/dispatch"
	"moked/fieldapp-api/document"
)

// Row is a report in words. Place is nil where it isn't told.
type Row struct {
	ID        string
	Requested time.Time
	Updated   time.Time
	Closed    *time.Time
	Status    string
	Source    string
	Service   string
	Subtype   string
	Agency    string
	Address   string
	Lat, Lon  *float64
	MonthOnly bool // the times say no more than the month
}

// Columns are the columns of the CSV, in their order: those in use for bulk
// downloads of service requests.
var Columns = []string{
	"service_request_id", "requested_datetime", "updated_datetime", "closed_date", "status_description", "status_notes", "source",
	"service_name", "service_subtype", "description", "agency_responsible", "address", "lat", "long",
}

// The states that status_description has.
const (
	Open   = "open"
	Closed = "closed"
)

// RowOf puts a published report into words; name tells a category's and a
// department's name.
func RowOf(r dispatch.OpenReport, category, department func(code string) string) Row {
	row := Row{
		ID: r.Number, Requested: r.Filed, Updated: r.Filed, Closed: r.Closed, Status: Open, Source: string(r.Channel),
		Service: category(r.Category), Subtype: r.Category, Agency: department(r.Department), Address: r.Label, MonthOnly: r.Sensitive,
	}
	if r.Closed != nil {
		row.Status = Closed
		if r.Closed.After(r.Filed) {
			row.Updated = *r.Closed
		}
	}
	if r.Lat != nil && r.Lon != nil {
		lat, lon := round(*r.Lat), round(*r.Lon)
		row.Lat, row.Lon = &lat, &lon
	}
	return row
}

// round keeps six decimals: a tenth of a metre.
func round(v float64) float64 { return math.Round(v*1e6) / 1e6 }

// when writes an instant with the authority's offset; a month as 2026-05.
func (r Row) when(at time.Time) string {
	if r.MonthOnly {
		return at.Format("2006-01")
	}
	return at.Format(time.RFC3339)
}

func (r Row) closed() string {
	if r.Closed == nil {
		return ""
	}
	return r.when(*r.Closed)
}

// Writer writes rows as a file of one format. Close ends the file, without which
// it isn't whole.
type Writer interface {
	Write(Row) error
	Close() error
}

// Formats are the formats by the ends of their files' names, with their kinds.
var Formats = []struct{ End, Kind string }{
	{"csv", "text/csv; charset=utf-8"},
	{"csv.gz", "application/gzip"},
	{"geojson", "application/geo+json"},
	{"parquet", "application/vnd.apache.parquet"},
}

// KindOf is a format's media type; false where there is no such format.
func KindOf(end string) (string, bool) {
	for _, f := range Formats {
		if f.End == end {
			return f.Kind, true
		}
	}
	return "", false
}

// NewWriter writes a file of a format.
func NewWriter(w io.Writer, end string) (Writer, error) {
	switch end {
	case "csv.gz":
		return newGzipCSV(w)
	case "geojson":
		return newGeoJSON(w)
	case "parquet":
		return newParquet(w), nil
	}
	return newCSV(w)
}

type csvWriter struct {
	*csv.Writer
	line []string
}

func newCSV(w io.Writer) (*csvWriter, error) {
	c := &csvWriter{Writer: csv.NewWriter(w), line: make([]string, len(Columns))}
	return c, c.Writer.Write(Columns)
}

func (c *csvWriter) Write(r Row) error {
	copy(c.line, []string{
		document.Plain(r.ID), r.when(r.Requested), r.when(r.Updated), r.closed(), r.Status, "", r.Source,
		document.Plain(r.Service), document.Plain(r.Subtype), "", document.Plain(r.Agency), document.Plain(r.Address), degrees(r.Lat), degrees(r.Lon),
	})
	return c.Writer.Write(c.line)
}

func (c *csvWriter) Close() error {
	c.Flush()
	return c.Error()
}

func degrees(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}

type geoJSONWriter struct {
	*bufio.Writer
	some bool
}

func newGeoJSON(w io.Writer) (*geoJSONWriter, error) {
	g := &geoJSONWriter{Writer: bufio.NewWriterSize(w, 1<<16)}
	_, err := g.WriteString(`{"type":"FeatureCollection","features":[`)
	return g, err
}

type feature struct {
	Type       string     `json:"type"`
	Geometry   *point     `json:"geometry"`
	Properties properties `json:"properties"`
}

type point struct {
	Type        string     `json:"type"`
	Coordinates [2]float64 `json:"coordinates"`
}

type properties struct {
	ID        string  `json:"service_request_id,omitempty"`
	Requested string  `json:"requested_datetime"`
	Updated   string  `json:"updated_datetime"`
	Closed    *string `json:"closed_date"`
	Status    string  `json:"status_description"`
	Source    string  `json:"source,omitempty"`
	Service   string  `json:"service_name"`
	Subtype   string  `json:"service_subtype"`
	Agency    string  `json:"agency_responsible"`
	Address   string  `json:"address,omitempty"`
}

func (g *geoJSONWriter) Write(r Row) error {
	f := feature{Type: "Feature", Properties: properties{
		ID: r.ID, Requested: r.when(r.Requested), Updated: r.when(r.Updated), Status: r.Status, Source: r.Source,
		Service: r.Service, Subtype: r.Subtype, Agency: r.Agency, Address: r.Address,
	}}
	if r.Closed != nil {
		at := r.closed()
		f.Properties.Closed = &at
	}
	if r.Lat != nil && r.Lon != nil {
		f.Geometry = &point{"Point", [2]float64{*r.Lon, *r.Lat}}
	}
	b, err := json.Marshal(f)
	if err != nil {
		return err
	}
	if g.some {
		_ = g.WriteByte(',')
	}
	g.some = true
	_ = g.WriteByte('\n')
	_, err = g.Writer.Write(b)
	return err
}

func (g *geoJSONWriter) Close() error {
	_, _ = g.WriteString("\n]}\n")
	return g.Flush()
}
