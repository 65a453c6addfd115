package postgis

import (
	"bytes"
	"database/sql/driver"
	"encoding/hex"
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"
	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom/encoding/ewkb"
)

// wgs84 is the SRID of every geometry that is written.
const wgs84 = 4326

// geometryCodec carries orb's geometries to and from PostGIS. What is written
// is two-dimensional, in WGS84 and finite. What is read may have Z, M and any
// SRID, of which only x and y are kept.
//
// A nil geometry, and a nil slice, is NULL. A single geometry may be read into
// the multi form of its type.
type geometryCodec struct{}

func (geometryCodec) FormatSupported(format int16) bool {
	return format == pgtype.BinaryFormatCode || format == pgtype.TextFormatCode
}

func (geometryCodec) PreferredFormat() int16 { return pgtype.BinaryFormatCode }

func (geometryCodec) PlanEncode(_ *pgtype.Map, _ uint32, format int16, value any) pgtype.EncodePlan {
	switch value.(type) {
	case orb.Point, orb.MultiPoint, orb.LineString, orb.MultiLineString, orb.Ring, orb.Polygon, orb.MultiPolygon, orb.Bound, orb.Collection:
		return geometryPlan{format}
	}
	return nil // pgx follows pointers by itself
}

func (geometryCodec) PlanScan(_ *pgtype.Map, _ uint32, format int16, target any) pgtype.ScanPlan {
	switch target.(type) {
	case *orb.Geometry, *orb.Point, *orb.MultiPoint, *orb.LineString, *orb.MultiLineString, *orb.Polygon, *orb.MultiPolygon, *orb.Collection:
		return geometryPlan{format}
	}
	return nil
}

// DecodeDatabaseSQLValue gives database/sql, which has no geometries, the hex
// text that PostGIS prints.
func (geometryCodec) DecodeDatabaseSQLValue(_ *pgtype.Map, _ uint32, format int16, src []byte) (driver.Value, error) {
	switch {
	case src == nil:
		return nil, nil
	case format == pgtype.TextFormatCode:
		return string(src), nil
	}
	return hex.EncodeToString(src), nil
}

// DecodeValue gives a scan into an any an orb.Geometry.
func (geometryCodec) DecodeValue(_ *pgtype.Map, _ uint32, format int16, src []byte) (any, error) {
	if src == nil {
		return nil, nil
	}
	return decode(format, src)
}

// geometryPlan encodes and scans in one of PostgreSQL's two formats.
type geometryPlan struct{ format int16 }

func (p geometryPlan) Encode(value any, buf []byte) ([]byte, error) {
	if p.format == pgtype.BinaryFormatCode {
		return appendEWKB(buf, value.(orb.Geometry))
	}
	raw, err := appendEWKB(nil, value.(orb.Geometry))
	return hex.AppendEncode(buf, raw), err
}

func (p geometryPlan) Scan(src []byte, target any) error {
	if src == nil {
		return scanNull(target)
	}
	g, err := decode(p.format, src)
	if err != nil {
		return err
	}
	return assign(target, g)
}

func decode(format int16, src []byte) (orb.Geometry, error) {
	if format == pgtype.TextFormatCode {
		raw, err := hex.AppendDecode(nil, src)
		if err != nil {
			return nil, fmt.Errorf("reading a geometry: %w", err)
		}
		src = raw
	}
	g, err := readEWKB(src)
	if err != nil {
		return nil, fmt.Errorf("reading a geometry: %w", err)
	}
	return g, nil
}

// appendEWKB appends the geometry as PostGIS' extended well-known binary.
func appendEWKB(buf []byte, g orb.Geometry) ([]byte, error) {
	t, err := toGeom(g)
	if err != nil {
		return nil, fmt.Errorf("writing a geometry: %w", err)
	}
	w := bytes.NewBuffer(buf)
	err = ewkb.Write(w, ewkb.NDR, t)
	return w.Bytes(), err
}

func readEWKB(src []byte) (orb.Geometry, error) {
	rest, err := measure(src, 0)
	if err != nil {
		return nil, err
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("%d bytes are left over", len(rest))
	}
	t, err := ewkb.Unmarshal(src)
	if err != nil {
		return nil, err
	}
	return fromGeom(t)
}

// scanNull sets what can be nil to nil.
func scanNull(target any) error {
	switch dst := target.(type) {
	case *orb.Geometry:
		*dst = nil
	case *orb.MultiPoint:
		*dst = nil
	case *orb.LineString:
		*dst = nil
	case *orb.MultiLineString:
		*dst = nil
	case *orb.Polygon:
		*dst = nil
	case *orb.MultiPolygon:
		*dst = nil
	case *orb.Collection:
		*dst = nil
	default:
		return fmt.Errorf("cannot read NULL into %T; take a pointer to it", target)
	}
	return nil
}

// assign puts the geometry where its type, or the multi form of it, is wanted.
func assign(target any, g orb.Geometry) error {
	ok := false
	switch dst := target.(type) {
	case *orb.Geometry:
		*dst, ok = g, true
	case *orb.Point:
		*dst, ok = g.(orb.Point)
	case *orb.LineString:
		*dst, ok = g.(orb.LineString)
	case *orb.Polygon:
		*dst, ok = g.(orb.Polygon)
	case *orb.Collection:
		*dst, ok = g.(orb.Collection)
	case *orb.MultiPoint:
		if one, single := g.(orb.Point); single {
			g = orb.MultiPoint{one}
		}
		*dst, ok = g.(orb.MultiPoint)
	case *orb.MultiLineString:
		if one, single := g.(orb.LineString); single {
			g = orb.MultiLineString{one}
		}
		*dst, ok = g.(orb.MultiLineString)
	case *orb.MultiPolygon:
		if one, single := g.(orb.Polygon); single {
			g = orb.MultiPolygon{one}
		}
		*dst, ok = g.(orb.MultiPolygon)
	}
	if !ok {
		return fmt.Errorf("cannot read a %s into %T", g.GeoJSONType(), target)
	}
	return nil
}
