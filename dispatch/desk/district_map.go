package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
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
	mapShape = "1"
)

// mapKinds are the datasets that the base map is drawn from, and the district
// is cut by.
var mapKinds = []string{"base", "boundary", "district"}

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
			ctx, stop := context.WithTimeout(d.grounds.ctx, mapTime)
			defer stop()
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
		about.Layers = append(about.Layers, pmtiles.Layer{ID: string(l), Fields: map[string]string{"class": "String", "name": "String"}})
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

// mapFiles keeps archives in a folder, which processes may share:
//
//	AUTHORITY/DISTRICT-GROUND-SUM.pmtiles  an archive by its content
//	AUTHORITY/….new                        one that is being made
//
// A file gets its name only when it is whole.
type mapFiles struct{ root *os.Root }

// mapFile is one that is being made.
type mapFile struct {
	*os.File
	root *os.Root
	name string
}

func (f mapFile) discard() {
	f.Close()
	_ = f.root.Remove(f.name)
}

func (m mapFiles) create(authority string) (mapFile, error) {
	if err := m.root.MkdirAll(authority, 0o700); err != nil {
		return mapFile{}, err
	}
	name := path.Join(authority, strings.ToLower(rand.Text())+".new")
	f, err := m.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	return mapFile{f, m.root, name}, err
}

const archived = ".pmtiles"

// find opens the archive whose name begins with prefix, or is nil.
func (m mapFiles) find(prefix string) (*DistrictMap, error) {
	dir, start := path.Split(prefix)
	all, err := fs.ReadDir(m.root.FS(), path.Clean(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		sum, ok := strings.CutPrefix(e.Name(), start)
		if sum, ok = cutSuffix(sum, ok); !ok {
			continue
		}
		f, err := m.root.Open(path.Join(dir, e.Name()))
		if errors.Is(err, fs.ErrNotExist) {
			continue // it went meanwhile
		}
		if err != nil {
			return nil, err
		}
		return &DistrictMap{File: f, Sum: sum}, nil
	}
	return nil, nil
}

func cutSuffix(s string, ok bool) (string, bool) {
	cut, found := strings.CutSuffix(s, archived)
	return cut, ok && found
}

// forgotten is when a file that was being made has no maker any more.
const forgotten = 2 * mapTime

// keep gives an archive its name, and removes the district's former ones and
// what a process that ended left half made. Whoever reads one goes on.
func (m mapFiles) keep(f mapFile, prefix, sum string) error {
	if err := f.Sync(); err != nil {
		return err
	}
	dir, start := path.Split(prefix)
	name := start + sum + archived
	if err := m.root.Rename(f.name, path.Join(dir, name)); err != nil {
		return err
	}
	all, err := fs.ReadDir(m.root.FS(), path.Clean(dir))
	if err != nil {
		return err
	}
	district, _, _ := strings.Cut(start, "-")
	for _, e := range all {
		old := strings.HasPrefix(e.Name(), district+"-") && e.Name() != name
		if strings.HasSuffix(e.Name(), ".new") {
			info, err := e.Info()
			old = err == nil && time.Since(info.ModTime()) > forgotten
		}
		if old {
			_ = m.root.Remove(path.Join(dir, e.Name()))
		}
	}
	return nil
}
