package opendata

import (
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"math"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

type gzipCSV struct {
	*csvWriter
	out *gzip.Writer
}

func newGzipCSV(w io.Writer) (*gzipCSV, error) {
	out := gzip.NewWriter(w)
	c, err := newCSV(out)
	return &gzipCSV{c, out}, err
}

func (g *gzipCSV) Close() error { return errors.Join(g.csvWriter.Close(), g.out.Close()) }

// record is a row of the Parquet file. Times are instants in milliseconds; of a
// row whose month alone is told they are the month's beginning.
type record struct {
	ID        *string    `parquet:"service_request_id,optional"`
	Requested time.Time  `parquet:"requested_datetime,timestamp(millisecond)"`
	Updated   time.Time  `parquet:"updated_datetime,timestamp(millisecond)"`
	Closed    *time.Time `parquet:"closed_date,optional,timestamp(millisecond)"`
	Month     bool       `parquet:"month_only"`
	Status    string     `parquet:"status_description,dict"`
	Source    *string    `parquet:"source,optional,dict"`
	Service   string     `parquet:"service_name,dict"`
	Subtype   string     `parquet:"service_subtype,dict"`
	Agency    string     `parquet:"agency_responsible,dict"`
	Address   *string    `parquet:"address,optional"`
	Geometry  []byte     `parquet:"geometry,optional"`
}

// A row group is held in memory until it is full.
const (
	groupRows = 50_000
	batchRows = 1_000
)

type parquetWriter struct {
	*parquet.GenericWriter[record]
	batch []record
	box   [4]float64 // west, south, east, north
}

func newParquet(w io.Writer) *parquetWriter {
	return &parquetWriter{
		GenericWriter: parquet.NewGenericWriter[record](w, parquet.MaxRowsPerRowGroup(groupRows), parquet.Compression(&zstd.Codec{}), parquet.CreatedBy("Moked", "1", "")),
		batch:         make([]record, 0, batchRows),
		box:           [4]float64{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)},
	}
}

func some(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (p *parquetWriter) Write(r Row) error {
	k := record{
		ID: some(r.ID), Requested: r.Requested, Updated: r.Updated, Closed: r.Closed, Month: r.MonthOnly, Status: r.Status,
		Source: some(r.Source), Service: r.Service, Subtype: r.Subtype, Agency: r.Agency, Address: some(r.Address),
	}
	if r.Lat != nil && r.Lon != nil {
		k.Geometry = wkbPoint(*r.Lon, *r.Lat)
		p.box = [4]float64{min(p.box[0], *r.Lon), min(p.box[1], *r.Lat), max(p.box[2], *r.Lon), max(p.box[3], *r.Lat)}
	}
	if p.batch = append(p.batch, k); len(p.batch) == batchRows {
		return p.flush()
	}
	return nil
}

func (p *parquetWriter) flush() error {
	_, err := p.GenericWriter.Write(p.batch)
	p.batch = p.batch[:0]
	return err
}

// Close writes the file's end, with what makes it GeoParquet. Its places are in
// longitude and latitude of WGS84 (OGC:CRS84), which is what no crs means.
func (p *parquetWriter) Close() error {
	if err := p.flush(); err != nil {
		return err
	}
	column := map[string]any{"encoding": "WKB", "geometry_types": []string{"Point"}}
	if p.box[0] <= p.box[2] {
		column["bbox"] = p.box
	}
	geo, err := json.Marshal(map[string]any{"version": "1.1.0", "primary_column": "geometry", "columns": map[string]any{"geometry": column}})
	if err != nil {
		return err
	}
	p.SetKeyValueMetadata("geo", string(geo))
	return p.GenericWriter.Close()
}

// wkbPoint is a point as well-known binary, little-endian.
func wkbPoint(x, y float64) []byte {
	b := make([]byte, 0, 21)
	b = append(b, 1)
	b = binary.LittleEndian.AppendUint32(b, 1)
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(y))
}
