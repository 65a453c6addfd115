// Package osm reads OpenStreetMap extracts and municipal GIS layers into
// Moked's own plain data: streets, addresses, places, the road graph and the
// base map. It reads from what it is given and keeps nothing: no database, no
// network, no clock.
package osm

import (
	"context"
	"io"

	"github.com/paulmach/orb"

	"moked/geo"
	"moked/geo/roads"
)

// Extract is what one file gave. Ids of streets, addresses, places, segments
// and junctions count from 1 in the order of the OSM ids that they come from:
// the same file gives the same ids, another file does not.
type Extract struct {
	Streets      []geo.Street
	Addresses    []geo.Address
	Places       []geo.Place
	Segments     []roads.Segment
	Restrictions []roads.Restriction
	Base         []Feature
	Report       Report
}

// Layer says which layer of the base map a feature is drawn in.
type Layer string

// The base map's layers, from the bottom up. Class, within a layer:
//
//	land      residential, industrial, commercial, institution, farmland, sand, rock, parking
//	green     park, garden, forest, scrub, grass, pitch, playground, cemetery, reserve
//	water     sea, lake, river, basin, pool (areas); river, stream, canal, coastline (lines)
//	building  building
//	rail      rail, tram, subway
//	road      motorway, trunk, primary, secondary, tertiary, minor, service, track,
//	          pedestrian, path (lines; pedestrian also as areas)
//	boundary  national, region, municipal
//	label     city, town, village, suburb, neighbourhood, square
//
// Where no feature lies is dry land: the sea is drawn, as water.
const (
	Land     Layer = "land"
	Green    Layer = "green"
	Water    Layer = "water"
	Building Layer = "building"
	Rail     Layer = "rail"
	Road     Layer = "road"
	Border   Layer = "boundary"
	Label    Layer = "label"
)

// Layers lists the base map's layers.
func Layers() []Layer { return []Layer{Land, Green, Water, Building, Rail, Road, Border, Label} }

// Feature is one thing on the base map. MinZoom is the first zoom level at
// which it is worth drawing. Geom is a Polygon or MultiPolygon (outer rings
// counter-clockwise, holes clockwise), a LineString, or a Point for labels.
type Feature struct {
	Layer   Layer
	Class   string
	Name    string
	Names   geo.Names
	MinZoom int
	Geom    orb.Geometry
}

// Options narrow and watch a Read. The zero value reads everything.
type Options struct {
	// Clip is the authority's boundary. Streets, addresses and places are
	// taken inside it; roads and the base map inside its bounding box
	// widened by Margin, whole ways at a time. Empty: no clipping.
	Clip orb.MultiPolygon
	// Margin is in metres; 0 means DefaultMargin.
	Margin float64
	// Progress is called now and then with the share done, from 0 to 1.
	Progress func(share float64)
	// MaxElements bounds what is held in memory at once, counted in nodes and
	// references to nodes; 0 means DefaultMaxElements.
	MaxElements int
}

// A crew drives a little beyond its city's border, and a map is looked at
// with some ground around it. Forty million nodes are about a country.
const (
	DefaultMargin      = 1500.0
	DefaultMaxElements = 40_000_000
)

// Read reads an extract: .osm.pbf, .osm, .osm.gz or .osm.bz2, told apart by
// what r begins with. It passes over r several times from r's start. A file
// that is broken, truncated or hostile gives an *Error that says what is
// wrong and where, and no Extract.
func Read(ctx context.Context, r io.ReadSeeker, o Options) (*Extract, error) {
	c, err := collect(ctx, r, o)
	if err != nil {
		return nil, err
	}
	return c.extract(ctx)
}
