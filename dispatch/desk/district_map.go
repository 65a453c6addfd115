package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"
	orbgeo "github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/maptile"

	"moked/dispatch"
	"moked/geo"
	"moked/geo/osm"
	"moked/geo/pmtiles"
	"moked/geo/postgis"
)

// WholeAuthority stands for a district's code where all of the authority's
// ground is meant.
const WholeAuthority = "-"

// DistrictMap is the base map of a district as one archive, which its reader
// closes. Sum is the SHA-256 of its bytes.
type DistrictMap struct {
	*os.File
	Sum string
}

const (
	mapMinZoom = 10
	mapMaxZoom = 16
	mapMargin  = 500.0 // metres around the district
	mapTiles   = 100_000
	mapTime    = 10 * time.Minute
	// mapShape changes when the same ground is to be written another way.
	mapShape = "2"
)

// mapKinds are the datasets that the base map is drawn from, and the district
// is cut by.
var mapKinds = []string{"base", "boundary", "district"}

// mapFields are what postgis.Tile says of the base map's features.
var mapFields = map[string]string{
	"class": "String", "name": "String", "name_he": "String", "name_en": "String", "name_ar": "String", "name_ru": "String",
}

// DistrictMap is the base map of a district and its near surroundings as a
// PMTiles archive of zooms 10 to 16, whose tiles are those of Tile. It is made
// when it is first asked for, once for all who ask, and kept as a file until
// the ground changes. There is no district of that code: NotFound.
func (d *Desk) DistrictMap(ctx context.Context, who dispatch.Actor, code string) (*DistrictMap, error) {
	for {
		g, err := d.groundFor(ctx, who)
		if err != nil {
			return nil, err
		}
		if d.maps == nil {
			return nil, &dispatch.Error{Code: dispatch.Unavailable, Key: KeyUnavailable}
		}
		bound, name, err := g.districtBound(code)
		if err != nil {
			return nil, err
		}
		prefix := mapPrefix(g, code)
		if m, err := d.maps.find(prefix); m != nil || err != nil {
			return m, err
		}
		// The archive is everybody's: it is not given up with the one who asked
		// first.
		made := d.grounds.making.DoChan("map "+prefix, func() (any, error) {
			ctx, end, err := d.maps.begin(d.grounds)
			if err != nil {
				return nil, err
			}
			defer end()
			return nil, d.makeMap(ctx, g, prefix, name, bound)
		})
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case r := <-made:
			if r.Err != nil {
				return nil, roomless(r.Err)
			}
		}
	}
}

// districtBound is the district's box with its margin, and its name.
func (g *ground) districtBound(code string) (orb.Bound, string, error) {
	level := geo.District
	if code == WholeAuthority {
		level = geo.Boundary
	}
	for _, a := range g.tree {
		if a.Level == level && (a.Code == code || code == WholeAuthority) {
			return orbgeo.BoundPad(a.Geom.Bound(), mapMargin), a.Name, nil
		}
	}
	return orb.Bound{}, "", &dispatch.Error{Code: dispatch.NotFound, Key: KeyUnknownDistrict, Field: "code", Args: map[string]any{"district": code}}
}

// mapPrefix is what the names of a district's archives of this ground begin
// with: the authority, the district, and what the map is drawn from.
func mapPrefix(g *ground, code string) string {
	var drawn strings.Builder
	drawn.WriteString(mapShape)
	for _, k := range mapKinds {
		fmt.Fprint(&drawn, " ", k, g.datasets[k])
	}
	return path.Join(g.authority, short(code)+"-"+short(drawn.String())+"-")
}

// short is a name for what may hold any letters.
func short(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}

// makeMap draws the tiles, one after the other so that the desk's own work
// isn't held up, and keeps the archive unless the ground changed meanwhile:
// then it is made again by who asked.
func (d *Desk) makeMap(ctx context.Context, g *ground, prefix, name string, bound orb.Bound) (err error) {
	if n := tilesIn(bound); n > mapTiles {
		return &dispatch.Error{Code: dispatch.Unavailable, Key: KeyMapTooLarge, Args: map[string]any{"tiles": n}}
	}
	began := time.Now()
	tiles, err := d.maps.create(g.authority)
	if err != nil {
		return err
	}
	defer tiles.discard()
	archive, err := d.maps.create(g.authority)
	if err != nil {
		return err
	}
	defer archive.discard()

	w := pmtiles.NewWriter(tiles)
	for z := mapMinZoom; z <= mapMaxZoom; z++ {
		for _, t := range tilesOf(bound, z) {
			b, err := d.baseTile(ctx, g, t)
			if err == nil && len(b) > 0 {
				err = w.Add(pmtiles.ID(uint8(z), t.X, t.Y), b)
			}
			if err != nil {
				return err
			}
		}
	}
	if _, err := tiles.Seek(0, io.SeekStart); err != nil {
		return err
	}
	about := pmtiles.About{
		Name: name, MinZoom: mapMinZoom, MaxZoom: mapMaxZoom, Bound: bound, Center: bound.Center(), CenterZoom: 14,
	}
	if slices.Contains(g.sources, "osm") {
		about.Attribution = "© OpenStreetMap"
	}
	for _, l := range osm.Layers() {
		about.Layers = append(about.Layers, pmtiles.Layer{ID: string(l), Fields: mapFields})
	}
	sum := sha256.New()
	if err := w.Finish(io.MultiWriter(archive, sum), tiles, about); err != nil {
		return err
	}
	now, err := d.grounds.of(ctx, g.authority)
	if err != nil || mapPrefix(now, "") != mapPrefix(g, "") {
		return err
	}
	if err := d.maps.keep(archive, prefix, hex.EncodeToString(sum.Sum(nil))); err != nil {
		return err
	}
	d.log.Info("district map made", "authority", g.authority, "district", name, "took", time.Since(began).Round(time.Millisecond))
	return nil
}

// baseTile is Tile's, from memory where it was made before; those made here
// don't drive out of it what people look at.
func (d *Desk) baseTile(ctx context.Context, g *ground, t maptile.Tile) ([]byte, error) {
	if b, ok := g.tiles.get(fmt.Sprintf("base/%d/%d/%d", t.Z, t.X, t.Y)); ok {
		return b, nil
	}
	return postgis.Tile(ctx, d.pool, "base", int(t.Z), int(t.X), int(t.Y), g.authority)
}

// corners are the tiles at a box's north-west and south-east.
func corners(bound orb.Bound, z int) (a, b maptile.Tile) {
	return maptile.At(orb.Point{bound.Min[0], bound.Max[1]}, maptile.Zoom(z)), maptile.At(orb.Point{bound.Max[0], bound.Min[1]}, maptile.Zoom(z))
}

func tilesIn(bound orb.Bound) (n int) {
	for z := mapMinZoom; z <= mapMaxZoom; z++ {
		a, b := corners(bound, z)
		n += int(min(float64(b.X-a.X+1)*float64(b.Y-a.Y+1), math.MaxInt32))
	}
	return n
}

// tilesOf lists a zoom's tiles that touch the box, in the archive's order.
func tilesOf(bound orb.Bound, z int) []maptile.Tile {
	a, b := corners(bound, z)
	var all []maptile.Tile
	for x := a.X; x <= b.X; x++ {
		for y := a.Y; y <= b.Y; y++ {
			all = append(all, maptile.New(x, y, maptile.Zoom(z)))
		}
	}
	slices.SortFunc(all, func(s, t maptile.Tile) int {
		m, n := pmtiles.ID(uint8(z), s.X, s.Y), pmtiles.ID(uint8(z), t.X, t.Y)
		switch {
		case m < n:
			return -1
		case m > n:
			return 1
		}
		return 0
	})
	return all
}
