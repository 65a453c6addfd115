package postgis

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/wkbcommon"
)

var errNotFinite = errors.New("a coordinate is not a finite number")

// toGeom converts a geometry for writing.
func toGeom(g orb.Geometry) (geom.T, error) {
	switch g := g.(type) {
	case orb.Point:
		flat, err := flatten(nil, g)
		return geom.NewPointFlat(geom.XY, flat).SetSRID(wgs84), err
	case orb.MultiPoint:
		flat, err := flatten(nil, g...)
		return geom.NewMultiPointFlat(geom.XY, flat).SetSRID(wgs84), err
	case orb.LineString:
		flat, err := flatten(nil, g...)
		return geom.NewLineStringFlat(geom.XY, flat).SetSRID(wgs84), err
	case orb.MultiLineString:
		flat, ends, err := flattenEach(nil, g)
		return geom.NewMultiLineStringFlat(geom.XY, flat, ends).SetSRID(wgs84), err
	case orb.Ring:
		return toGeom(orb.Polygon{g})
	case orb.Bound:
		return toGeom(g.ToPolygon())
	case orb.Polygon:
		flat, ends, err := flattenEach(nil, g)
		return geom.NewPolygonFlat(geom.XY, flat, ends).SetSRID(wgs84), err
	case orb.MultiPolygon:
		var flat []float64
		endss := make([][]int, len(g))
		for i, p := range g {
			var err error
			if flat, endss[i], err = flattenEach(flat, p); err != nil {
				return nil, err
			}
		}
		return geom.NewMultiPolygonFlat(geom.XY, flat, endss).SetSRID(wgs84), nil
	case orb.Collection:
		c := geom.NewGeometryCollection().SetSRID(wgs84)
		for _, part := range g {
			t, err := toGeom(part)
			if err != nil {
				return nil, err
			}
			if err := c.Push(t); err != nil {
				return nil, err
			}
		}
		return c, nil
	}
	return nil, fmt.Errorf("%T is no geometry", g)
}

func flatten(flat []float64, points ...orb.Point) ([]float64, error) {
	for _, p := range points {
		if math.IsNaN(p[0]-p[0]) || math.IsNaN(p[1]-p[1]) { // NaN or infinite
			return flat, errNotFinite
		}
		flat = append(flat, p[0], p[1])
	}
	return flat, nil
}

func flattenEach[L ~[]orb.Point](flat []float64, lines []L) (_ []float64, ends []int, err error) {
	for _, line := range lines {
		if flat, err = flatten(flat, line...); err != nil {
			return flat, nil, err
		}
		ends = append(ends, len(flat))
	}
	return flat, ends, nil
}

// fromGeom converts a geometry that was read.
func fromGeom(t geom.T) (orb.Geometry, error) {
	flat, stride := t.FlatCoords, t.Stride
	switch t := t.(type) {
	case *geom.Point:
		if t.Empty() || math.IsNaN(t.X()) {
			return nil, errors.New("the point is empty")
		}
		return orb.Point{t.X(), t.Y()}, nil
	case *geom.MultiPoint:
		points := make(orb.MultiPoint, 0, t.NumPoints())
		for i := range t.NumPoints() {
			if p := t.Point(i); !p.Empty() {
				points = append(points, orb.Point{p.X(), p.Y()})
			}
		}
		return points, nil
	case *geom.LineString:
		return line[orb.LineString](flat(), 0, len(flat()), stride()), nil
	case *geom.MultiLineString:
		return orb.MultiLineString(lines[orb.LineString](flat(), 0, t.Ends(), stride())), nil
	case *geom.Polygon:
		return orb.Polygon(lines[orb.Ring](flat(), 0, t.Ends(), stride())), nil
	case *geom.MultiPolygon:
		polygons := make(orb.MultiPolygon, len(t.Endss()))
		from := 0
		for i, ends := range t.Endss() {
			polygons[i] = lines[orb.Ring](flat(), from, ends, stride())
			if len(ends) > 0 {
				from = ends[len(ends)-1]
			}
		}
		return polygons, nil
	case *geom.GeometryCollection:
		parts := make(orb.Collection, t.NumGeoms())
		for i := range parts {
			var err error
			if parts[i], err = fromGeom(t.Geom(i)); err != nil {
				return nil, err
			}
		}
		return parts, nil
	}
	return nil, fmt.Errorf("%T has no counterpart in orb", t)
}

func line[L ~[]orb.Point](flat []float64, from, to, stride int) L {
	points := make(L, 0, (to-from)/stride)
	for i := from; i < to; i += stride {
		points = append(points, orb.Point{flat[i], flat[i+1]})
	}
	return points
}

func lines[L ~[]orb.Point](flat []float64, from int, ends []int, stride int) []L {
	all := make([]L, len(ends))
	for i, to := range ends {
		all[i] = line[L](flat, from, to, stride)
		from = to
	}
	return all
}

// maxDepth is how deep collections may lie in collections.
const maxDepth = 16

var errShort = errors.New("it ends too early")

// measure walks over one geometry and returns the bytes after it. It bounds
// what decoding allocates by what is there: the counts in a geometry are not
// to be trusted.
func measure(b []byte, depth int) ([]byte, error) {
	const z, m, srid = 1 << 31, 1 << 30, 1 << 29
	if depth > maxDepth {
		return nil, fmt.Errorf("collections lie more than %d deep", maxDepth)
	}
	if len(b) < 5 {
		return nil, errShort
	}
	var order binary.ByteOrder = binary.LittleEndian
	if b[0] == wkbcommon.XDRID {
		order = binary.BigEndian
	}
	kind := order.Uint32(b[1:])
	b = b[5:]
	stride := 16
	if kind&z != 0 {
		stride += 8
	}
	if kind&m != 0 {
		stride += 8
	}
	if kind&srid != 0 {
		if len(b) < 4 {
			return nil, errShort
		}
		b = b[4:]
	}
	points := func(b []byte) ([]byte, error) {
		n, b, err := count(b, order)
		if err != nil {
			return nil, err
		}
		return skip(b, n*stride)
	}
	switch kind &^ (z | m | srid) {
	case wkbcommon.PointID:
		return skip(b, stride)
	case wkbcommon.LineStringID:
		return points(b)
	case wkbcommon.PolygonID:
		return repeat(b, order, points)
	case wkbcommon.MultiPointID, wkbcommon.MultiLineStringID, wkbcommon.MultiPolygonID, wkbcommon.GeometryCollectionID:
		return repeat(b, order, func(b []byte) ([]byte, error) { return measure(b, depth+1) })
	}
	return nil, fmt.Errorf("%d is no type of geometry", kind)
}

// repeat reads a count and takes one step over the bytes for each.
func repeat(b []byte, order binary.ByteOrder, step func([]byte) ([]byte, error)) ([]byte, error) {
	n, b, err := count(b, order)
	for i := 0; i < n && err == nil; i++ {
		b, err = step(b)
	}
	return b, err
}

func count(b []byte, order binary.ByteOrder) (int, []byte, error) {
	if len(b) < 4 {
		return 0, nil, errShort
	}
	return int(order.Uint32(b)), b[4:], nil
}

func skip(b []byte, n int) ([]byte, error) {
	if len(b) < n {
		return nil, errShort
	}
	return b[n:], nil
}
