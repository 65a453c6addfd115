package osm

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"moked/geo"
)

// village has two streets that cross, a lake with an island, a school, houses.
func village() *world {
	w := &world{}
	w.node(1, -300, 0).node(2, 0, 0).node(3, 300, 0).node(4, 0, -300).node(5, 0, 300)
	w.way(10, []int64{1, 2, 3}, "highway", "residential", "name", "הרצל", "name:en", "Herzl", "alt_name", "שדרות הרצל;דרך הרצל")
	w.way(11, []int64{4, 2, 5}, "highway", "tertiary", "name", "ז'בוטינסקי", "oneway", "yes", "maxspeed", "30")
	for i, p := range [][2]float64{{400, 400}, {600, 400}, {600, 600}, {400, 600}} {
		w.node(20+int64(i), p[0], p[1])
	}
	for i, p := range [][2]float64{{480, 480}, {520, 480}, {520, 520}, {480, 520}} {
		w.node(30+int64(i), p[0], p[1])
	}
	w.way(40, []int64{20, 21, 22}).way(41, []int64{20, 23, 22}).way(42, []int64{30, 31, 32, 33, 30})
	w.relation(50, []string{"way 40 outer", "way 41 outer", "way 42 inner"},
		"type", "multipolygon", "natural", "water", "name", "האגם")
	w.node(60, 50, 20, "addr:housenumber", "12;14", "addr:street", "הרצל")
	w.node(61, -50, 20, "addr:housenumber", "17א", "addr:street", "הרצל")
	w.node(70, 100, 100, "amenity", "school", "name", "בית ספר ויצמן", "name:ru", "Школа Вейцман")
	w.node(71, 120, 100, "amenity", "school", "name", "בית ספר ויצמן")
	w.node(72, 120, 200, "leisure", "park")
	return w
}

func TestEveryFormatGivesTheSame(t *testing.T) {
	t.Parallel()
	w := village()
	want := read(t, w)
	want.Report.Format = ""
	for name, b := range map[string][]byte{"dense": w.pbf(true), "plain": w.pbf(false)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Read(context.Background(), bytes.NewReader(b), Options{})
			if err != nil {
				t.Fatal(err)
			}
			got.Report.Format = ""
			if d := gocmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestVillage(t *testing.T) {
	t.Parallel()
	x := read(t, village())
	if len(x.Streets) != 2 || x.Streets[0].Name != "הרצל" || x.Streets[0].Names["en"] != "Herzl" ||
		x.Streets[0].Names["he"] != "הרצל" || !slices.Equal(x.Streets[0].Aliases, []string{"שדרות הרצל", "דרך הרצל"}) {
		t.Errorf("streets: %+v", x.Streets)
	}
	var houses []string
	for _, a := range x.Addresses {
		if a.Street != x.Streets[0].ID {
			t.Errorf("house %s is in street %d", a.House, a.Street)
		}
		houses = append(houses, a.House)
	}
	slices.Sort(houses)
	if !slices.Equal(houses, []string{"12", "14", "17א"}) {
		t.Errorf("houses: %v", houses)
	}
	if len(x.Places) != 1 || x.Places[0].Kind != geo.KindSchool || x.Places[0].Names["ru"] == "" {
		t.Errorf("places: %+v", x.Places)
	}
	if len(x.Segments) != 4 {
		t.Errorf("%d segments", len(x.Segments))
	}
	for _, f := range x.Base {
		if f.Layer != Water {
			continue
		}
		lake, ok := f.Geom.(orb.Polygon)
		if !ok || len(lake) != 2 || lake[0].Orientation() != orb.CCW || lake[1].Orientation() != orb.CW {
			t.Fatalf("the lake is %T of %v", f.Geom, f.Geom)
		}
		if planar.PolygonContains(lake, at(500, 500)) || !planar.PolygonContains(lake, at(450, 450)) {
			t.Error("the island is not the hole of the lake")
		}
		if f.Name != "האגם" || f.Class != "lake" {
			t.Errorf("the lake is %q, a %s", f.Name, f.Class)
		}
	}
	if left(x.Report, "the same place again") != 1 || left(x.Report, "no name: park") != 1 {
		t.Errorf("left out: %+v", x.Report.Left)
	}
}

func TestOneNameTwoVillagesAreTwoStreets(t *testing.T) {
	t.Parallel()
	w := &world{}
	for i, x := range []float64{0, 300, 500, 800, 5000, 5300} {
		w.node(int64(i+1), x, 0)
	}
	w.way(10, []int64{1, 2}, "highway", "residential", "name", "הזית")
	w.way(11, []int64{3, 4}, "highway", "primary", "name", "הזית")
	w.way(12, []int64{5, 6}, "highway", "residential", "name", "הזית")
	w.node(20, 5200, 30, "addr:housenumber", "3", "addr:street", "הזית")
	w.node(21, 100, 30, "addr:housenumber", "3", "addr:street", "הזית")
	w.node(22, 2600, 3000, "addr:housenumber", "3", "addr:street", "הזית")
	x := read(t, w)
	if len(x.Streets) != 3 || len(x.Streets[0].Geom) != 2 || len(x.Streets[1].Geom) != 1 || len(x.Streets[2].Geom) != 0 {
		t.Fatalf("streets: %+v", x.Streets)
	}
	if x.Streets[0].Class != "primary" {
		t.Errorf("class %q", x.Streets[0].Class)
	}
	var in []int64
	for _, a := range x.Addresses {
		in = append(in, a.Street)
	}
	if !slices.Equal(in, []int64{2, 1, 3}) {
		t.Errorf("the houses are in streets %v", in)
	}
}

func TestClip(t *testing.T) {
	t.Parallel()
	w := village()
	ring := orb.Ring{at(-100, -100), at(700, -100), at(700, 700), at(-100, 700), at(-100, -100)}
	w.node(100, 90_000, 0).node(101, 90_300, 0)
	w.way(110, []int64{100, 101}, "highway", "residential", "name", "רחוקה")
	w.way(43, []int64{22, 100, 101, 22}, "landuse", "forest")
	w.node(102, -200, 30, "amenity", "school", "name", "מעבר לגבול")
	x, err := Read(context.Background(), bytes.NewReader(w.pbf(true)), Options{Clip: orb.MultiPolygon{{ring}}, Margin: 500})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range x.Streets {
		if s.Name == "רחוקה" {
			t.Error("a street far away is taken")
		}
	}
	if len(x.Streets) != 2 || len(x.Segments) != 4 || len(x.Places) != 1 {
		t.Errorf("%d streets, %d segments, %d places", len(x.Streets), len(x.Segments), len(x.Places))
	}
	for _, f := range x.Base {
		if f.Class == "forest" && f.Geom.Bound().Max[0] > at(1300, 0)[0] {
			t.Errorf("the forest reaches to %v", f.Geom.Bound().Max)
		}
	}
	if left(x.Report, "outside the boundary") != 1 {
		t.Errorf("left out: %+v", x.Report.Left)
	}
	far := orb.Ring{{0, 0}, {1, 0}, {1, 1}, {0, 0}}
	_, err = Read(context.Background(), bytes.NewReader(w.xml()), Options{Clip: orb.MultiPolygon{{far}}})
	wantCode(t, err, Empty)
}

func TestHousesAreTiedToStreets(t *testing.T) {
	t.Parallel()
	w := &world{}
	for i := range 6 {
		w.node(int64(i+1), float64(i)*100, 0)
	}
	w.way(10, []int64{1, 2, 3}, "highway", "residential", "name", "שדרות בן-גוריון", "alt_name", "השדרה")
	w.node(20, 10, 10, "addr:housenumber", "1", "addr:street", "שדרות בן גוריון")
	w.node(21, 20, 10, "addr:housenumber", "3", "addr:street", "השדרה")
	w.node(22, 30, 10, "addr:housenumber", "5")
	w.node(23, 40, 10, "addr:housenumber", "7")
	w.node(24, 50, 10, "addr:housenumber", "9")
	w.node(25, 60, 10, "addr:housenumber", "א", "addr:street", "השדרה")
	w.node(26, 70, 10, "addr:housenumber", "2-6", "addr:place", "שכונת הפועלים")
	w.way(11, []int64{23, 24}, "addr:interpolation", "odd", "addr:street", "השדרה")
	w.relation(30, []string{"way 10 street", "node 22 house"}, "type", "associatedStreet")
	w.way(12, []int64{4, 5, 6, 4}, "building", "yes", "addr:housenumber", "32/2", "addr:street", "השדרה")
	x := read(t, w)
	names := map[int64]string{}
	for _, s := range x.Streets {
		names[s.ID] = s.Name
	}
	got := map[string]int{}
	for _, a := range x.Addresses {
		got[names[a.Street]+" "+a.House]++
	}
	want := map[string]int{}
	for _, h := range []string{"1", "3", "5", "7", "9", "32/2"} {
		want["שדרות בן-גוריון "+h] = 1
	}
	for _, h := range []string{"2", "4", "6"} {
		want["שכונת הפועלים "+h] = 1
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
}

func TestOverpassAndEditorsXML(t *testing.T) {
	t.Parallel()
	in := `<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="Overpass API">
<note>The data included in this document is from www.openstreetmap.org.</note>
<meta osm_base="2026-01-01T00:00:00Z"/>
<bounds minlat="32" minlon="34" maxlat="33" maxlon="35"/>
  <node id="-1" action="modify" visible="true" lat="32.32" lon="34.85"/>
  <node id="-2" action="modify" visible="true" lat="32.33" lon="34.85"><tag k="place" v="town"/><tag k="name" v="ב&#x05D0;"/></node>
  <way id="-3" action="modify" visible="true" timestamp="2026-01-01T00:00:00Z" user="א" uid="7"><nd ref="-1"/><nd ref="-2"/><tag k="highway" v="residential"/><tag k="name" v="רח' א"/></way>
</osm>`
	x, err := Read(context.Background(), strings.NewReader(in), Options{})
	if err != nil || len(x.Streets) != 1 || len(x.Segments) != 1 || len(x.Places) != 1 || x.Places[0].Name != "בא" {
		t.Errorf("%+v, %v", x, err)
	}
}

func TestHouseNumbers(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]string{
		"12": {"12"}, "12;14": {"12", "14"}, "12, 14א": {"12", "14א"}, "12-16": {"12", "14", "16"}, "3–6": {"3", "4", "5", "6"},
		"17א": {"17א"}, "32/2": {"32/2"}, "16-12": {"16-12"}, "1-999": {"1-999"}, "": nil, "אין": nil, " 7  ב ": {"7 ב"},
		";;": nil, "5-א": {"5-א"}, "99999999999999999999-3": {"99999999999999999999-3"},
	} {
		if got := numbersOf(in); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestBrokenAreasAreNamed(t *testing.T) {
	t.Parallel()
	w := &world{}
	for i, p := range [][2]float64{{0, 0}, {100, 0}, {100, 100}, {0, 100}} {
		w.node(int64(i+1), p[0], p[1])
	}
	w.way(10, []int64{1, 2, 3}).way(11, []int64{3, 4})
	w.way(12, []int64{1, 2, 3, 4, 1}, "landuse", "forest", "name", "יער")
	w.relation(20, []string{"way 10 outer", "way 11 outer"}, "type", "multipolygon", "natural", "water")
	w.relation(21, []string{"way 10 outer", "way 99 outer"}, "type", "multipolygon", "natural", "water")
	w.relation(22, []string{"relation 22 outer", "way 12 outer", "way 12 outer"}, "type", "multipolygon", "natural", "water")
	w.relation(23, []string{"way 12 outer"}, "type", "multipolygon")
	x := read(t, w)
	count := map[string]int{}
	for _, f := range x.Base {
		count[f.Class]++
	}
	if !maps.Equal(count, map[string]int{"lake": 1, "forest": 1}) {
		t.Errorf("drawn: %v", count)
	}
	var broken []string
	for _, l := range x.Report.Left {
		if l.Kind == "area" {
			broken = append(broken, fmt.Sprint(l.N, " ", l.Reason, " ", l.Examples))
		}
	}
	slices.SortFunc(broken, cmp.Compare[string])
	want := []string{
		"1 a member twice: taken once [relation/22]",
		"1 a ring is broken [relation/20 at node/4]",
		"1 a ring is open, since some of its ways are not in the file [relation/21]",
	}
	if d := gocmp.Diff(want, broken); d != "" {
		t.Error(d)
	}
}

func TestRingsThatTouchComeApart(t *testing.T) {
	t.Parallel()
	w := &world{}
	for i, p := range [][2]float64{{0, 0}, {100, 0}, {100, 100}, {200, 100}, {200, 200}, {100, 200}, {0, 100}} {
		w.node(int64(i+1), p[0], p[1])
	}
	// Two squares that share node 3, drawn as one figure of eight.
	w.way(10, []int64{1, 2, 3, 4}).way(11, []int64{4, 5, 6, 3}).way(12, []int64{3, 7, 1})
	w.relation(20, []string{"way 10 outer", "way 11 outer", "way 12 outer"}, "type", "multipolygon", "natural", "wood")
	x := read(t, w)
	if len(x.Base) != 1 {
		t.Fatalf("drawn: %+v, left out %+v", x.Base, x.Report.Left)
	}
	size := squareMetres(polygons(x.Base[0].Geom))
	if size < 19_000 || size > 21_000 {
		t.Errorf("%v m², want two squares of 10,000", size)
	}
}

func TestCoast(t *testing.T) {
	t.Parallel()
	w := &world{}
	// The coast runs north to south beyond the town: the sea lies west.
	w.node(1, -500, 2000).node(2, -520, 100).node(3, -480, -100).node(4, -500, -2000)
	w.way(10, []int64{1, 2, 3, 4}, "natural", "coastline")
	w.node(5, -900, -600).node(6, 600, -600).node(7, 600, 600).node(8, -900, 600)
	w.way(11, []int64{5, 6, 7, 8}, "highway", "residential")
	// An island, with the land on the left of its shore as well.
	w.node(20, -800, 0).node(21, -700, 0).node(22, -700, 100).node(23, -800, 100)
	w.way(12, []int64{20, 21, 22, 23, 20}, "natural", "coastline")
	sea := func(w *world) orb.MultiPolygon {
		var out orb.MultiPolygon
		for _, f := range read(t, w).Base {
			if f.Class == "sea" {
				out = append(out, polygons(f.Geom)...)
			}
		}
		return out
	}
	water := sea(w)
	for _, tt := range []struct {
		x, y float64
		wet  bool
	}{{-600, 300, true}, {-600, -300, true}, {-400, 300, false}, {500, 0, false}, {-750, 50, false}, {-850, 50, true}} {
		if got := planar.MultiPolygonContains(water, at(tt.x, tt.y)); got != tt.wet {
			t.Errorf("at %v, %v: water %v", tt.x, tt.y, got)
		}
	}
	// The same coast, of which the file holds only a part.
	w.nodes[0].at, w.nodes[3].at = at(-500, 500), at(-500, -500)
	water = sea(w)
	if !planar.MultiPolygonContains(water, at(-600, 300)) || planar.MultiPolygonContains(water, at(400, 0)) {
		t.Error("a coast that stops short is not carried on")
	}
}
