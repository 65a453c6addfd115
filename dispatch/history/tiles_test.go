package history

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"
)

// dot is a point of a tile.
type dot struct {
	x, y            int
	category, state string
}

func dotsOf(t testing.TB, b []byte) (all []dot) {
	t.Helper()
	layers, err := mvt.Unmarshal(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range layers {
		if l.Name != "reports" || l.Version != 2 || l.Extent != 4096 {
			t.Fatalf("a layer %q, %d, %d", l.Name, l.Version, l.Extent)
		}
		for _, f := range l.Features {
			p := f.Geometry.(orb.Point)
			all = append(all, dot{int(p[0]), int(p[1]), f.Properties["category"].(string), f.Properties["state"].(string)})
		}
	}
	return all
}

// tileOfPostGIS is the same tile by ST_AsMVT, of the authority's reports filed
// from $5 to $6, read at $7.
const tileOfPostGIS = `
select coalesce(st_asmvt(t, 'reports', 4096, 'at'), '') from (
	select st_asmvtgeom(st_transform(i.geom, 3857), st_tileenvelope($1, $2, $3), 4096, 0, true) as at, i.category,
		case when i.closed_at is null or i.closed_at >= $7 then
			case when least((select (p->>'from')::timestamptz from jsonb_array_elements(k.pauses) p where p->>'until' is null and i.closed_at is null), $7) > k.due_at
				then 'overdue' else 'open' end
		when i.closed_at > k.due_at then 'late' else 'closed' end as state
	from report r join incident i on i.id = r.incident left join clock k on k.incident = i.id and k.kind = 'resolution'
	where r.authority = $4 and r.filed_at >= $5 and r.filed_at < $6
		and i.geom && st_transform(st_tileenvelope($1, $2, $3), 4326)) t`

// TestTilesArePostGIS holds every tile in which something is against
// ST_AsMVT's, after all kinds of changes, some of which move incidents.
func TestTilesArePostGIS(t *testing.T) {
	t.Parallel()
	c := newTown(t)
	r := rand.New(rand.NewPCG(106, 6))
	begin := c.now
	drawn := 0
	for n := range 160 {
		c.happens(r)
		if n < 100 && n%25 != 0 {
			continue
		}
		c.read()
		if n == 120 {
			p := c.of(townCode)
			p.mu.Lock()
			p.columns.arrange()
			p.mu.Unlock()
		}
		q := Query{From: begin.AddDate(0, 0, 3), To: c.now.Add(time.Hour).Truncate(time.Microsecond)}
		if !q.From.Before(q.To) {
			continue
		}
		for z := maptile.Zoom(2); z <= 17; z += 5 {
			seen := map[maptile.Tile]bool{}
			for _, at := range spots {
				tile := maptile.At(at, z)
				if seen[tile] {
					continue
				}
				seen[tile] = true
				b, err := c.History.Tile(c.dispatcher(), q, int(z), int(tile.X), int(tile.Y))
				c.must(err)
				var want []byte
				c.must(c.pool.QueryRow(c.ctx, tileOfPostGIS, int(z), int(tile.X), int(tile.Y), townCode, q.From, q.To, c.now).Scan(&want))
				got, wanted := sortedDots(dotsOf(t, b)), sortedDots(dotsOf(t, want))
				if diff := gocmp.Diff(wanted, got, gocmp.AllowUnexported(dot{})); diff != "" {
					t.Fatalf("after %d changes, tile %v (-PostGIS +history):\n%s", n, tile, diff)
				}
				drawn += len(got)
			}
		}
	}
	if drawn < 1000 {
		t.Errorf("only %d points were drawn", drawn)
	}
	for _, no := range [][3]int{{3, 8, 0}, {3, 0, -1}, {21, 0, 0}, {-1, 0, 0}} {
		if b, err := c.History.Tile(c.dispatcher(), Query{From: begin, To: c.now.Add(time.Hour)}, no[0], no[1], no[2]); b != nil || err != nil {
			t.Errorf("%v: %d bytes, %v", no, len(b), err)
		}
	}
}

func sortedDots(all []dot) []dot {
	slices.SortFunc(all, func(a, b dot) int {
		return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y), cmp.Compare(a.category, b.category), cmp.Compare(a.state, b.state))
	})
	return all
}

// TestCrowdedTile counts by cells where points can't be told apart.
func TestCrowdedTile(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(8, 106))
	p, _ := truth(r, 3, 3, 15_000)
	c := &p.columns
	tile := maptile.Tile{X: 9770, Y: 6600, Z: 14}
	for n := range c.x {
		c.wx[n], c.wy[n] = tile.X<<18|r.Uint32N(1<<18), tile.Y<<18|r.Uint32N(1<<18)
	}
	c.arrange()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	h := &History{pasts: map[string]*past{townCode: p}, clock: func() time.Time { return now }}
	town := &town{}
	b, err := h.Tile(town.dispatcher(), Query{From: now.AddDate(-2, 0, 0), To: now}, 14, int(tile.X), int(tile.Y))
	if err != nil {
		t.Fatal(err)
	}
	layers, err := mvt.Unmarshal(b)
	if err != nil || len(layers) != 1 || layers[0].Name != "cells" {
		t.Fatalf("%v, %v", layers, err)
	}
	n := 0
	for _, f := range layers[0].Features {
		count := func(name string) int { return int(f.Properties[name].(float64)) }
		n += count("n")
		if count("open") > count("n") || count("overdue") > count("open") || count("late") < count("overdue") {
			t.Errorf("%v", f.Properties)
		}
		if p := f.Geometry.(orb.Point); p[0] < 0 || p[0] > 4096 || int(p[0])%32 != 16 {
			t.Errorf("a cell at %v", p)
		}
	}
	if n != c.len() {
		t.Errorf("%d of %d are in cells", n, c.len())
	}
}
