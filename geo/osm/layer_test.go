package osm

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"moked/geo"
	"moked/geo/roads"
)

func feature(properties, typ, coordinates string) string {
	return fmt.Sprintf(`{"type":"Feature","properties":%s,"geometry":{"type":%q,"coordinates":%s}}`, properties, typ, coordinates)
}

func collection(features ...string) string {
	return `{"type":"FeatureCollection","name":"שכבה","features":[` + strings.Join(features, ",\n") + `]}`
}

const square = `[[[34.8,32.1],[34.9,32.1],[34.9,32.2],[34.8,32.2],[34.8,32.1]]]`

func TestAreas(t *testing.T) {
	t.Parallel()
	in := "\xef\xbb\xbf" + collection(
		feature(`{"שם":" רובע  א ","קוד":1,"אוכ":"12,500","en":"Quarter A","על":null}`, "Polygon", square),
		feature(`{"שם":"רובע א","קוד":1.0,"אוכ":null}`, "MultiPolygon", `[[[[35,32,5],[35.1,32,5],[35.1,32,5],[35.1,32.1,5],[35,32.1,5]]]]`),
		feature(`{"שם":"","קוד":7}`, "Polygon", square),
		feature(`{"שם":" ","קוד":" "}`, "Polygon", square),
		`{"type":"Feature","properties":{},"geometry":null}`,
		`{"type":"Feature","properties":{"שם":"אוסף","קוד":"ב"},"geometry":{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[35,32]},{"type":"Polygon","coordinates":`+square+`}]}}`,
	)
	areas, report, err := ReadAreas(strings.NewReader(in), 4326, Fields{Name: "שם", Code: "קוד", NameEN: "en", Population: "אוכ", Parent: "על"})
	if err != nil {
		t.Fatal(err)
	}
	if len(areas) != 3 {
		t.Fatalf("areas: %+v", areas)
	}
	a := areas[0]
	if a.Code != "1" || a.Name != "רובע א" || a.Names["he"] != "רובע א" || a.Names["en"] != "Quarter A" ||
		a.Population == nil || *a.Population != 12500 || len(a.Geom) != 2 || a.Where != "feature 1, feature 2" {
		t.Errorf("the first: %+v", a)
	}
	if ring := a.Geom[1][0]; len(ring) != 5 || !ring.Closed() || ring.Orientation() != orb.CCW {
		t.Errorf("ring: %v", ring)
	}
	if areas[1].Name != "7" || areas[2].Code != "ב" || len(areas[2].Geom) != 1 {
		t.Errorf("the others: %+v", areas[1:])
	}
	for _, reason := range []string{"no geometry", "not closed", "doubled points", "neither name nor code"} {
		if left(report, reason) != 1 {
			t.Errorf("%q is not named once: %+v", reason, report.Left)
		}
	}
}

func TestZonesOfTwoDepartmentsMayShareACode(t *testing.T) {
	t.Parallel()
	in := collection(
		feature(`{"c":"N","d":"electricity"}`, "Polygon", square),
		feature(`{"c":"N","d":"water"}`, "Polygon", square),
	)
	zones, _, err := ReadZones(strings.NewReader(in), 0, Fields{Code: "c", Department: "d"})
	if err != nil || len(zones) != 2 || zones[1].Department != "water" || zones[1].Code != "N" {
		t.Errorf("%+v, %v", zones, err)
	}
}

func TestITM(t *testing.T) {
	t.Parallel()
	want := orb.Point{34.85, 32.32}
	p := geo.ToITM(want)
	in := collection(feature(`{"s":"הרצל","h":5}`, "Point", fmt.Sprintf("[%f,%f]", p[0], p[1])))
	crs := strings.Replace(in, `"features"`, `"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::2039"}},"features"`, 1)
	f := Fields{Street: "s", House: "h"}
	for name, read := range map[string]func() (*Extract, error){
		"announced":  func() (*Extract, error) { return ReadAddresses(strings.NewReader(in), 2039, f) },
		"by the crs": func() (*Extract, error) { return ReadAddresses(strings.NewReader(crs), 0, f) },
	} {
		x, err := read()
		if err != nil || len(x.Addresses) != 1 || geo.Metres(x.Addresses[0].Point, want) > 0.01 {
			t.Errorf("%s: %+v, %v", name, x, err)
		}
	}
}

func TestBrokenLayers(t *testing.T) {
	t.Parallel()
	point := func(c string) string { return collection(feature(`{"s":"הרצל","h":5}`, "Point", c)) }
	good := point("[34.8,32.1]")
	tests := []struct {
		name string
		data string
		srid int
		code Code
		says string
	}{
		{"nothing", "", 4326, Empty, "empty"},
		{"a shapefile", "\x00\x00\x27\x0a", 4326, NotGeoJSON, "not GeoJSON"},
		{"a list", "[]", 4326, NotGeoJSON, "not GeoJSON"},
		{"a geometry", `{"type":"Point","coordinates":[34,32]}`, 4326, NotGeoJSON, "FeatureCollection"},
		{"no features", `{"type":"FeatureCollection"}`, 4326, NotGeoJSON, "no list of features"},
		{"an empty list", collection(), 4326, Empty, "no feature"},
		{"cut short", good[:len(good)-20], 4326, Truncated, "feature 1"},
		{"broken", strings.Replace(good, `"s":`, `"s"`, 1), 4326, Corrupt, "feature 1"},
		{"not a number", point("[34.8,NaN]"), 4326, Corrupt, "feature 1"},
		{"null for a number", point("[34.8,null]"), 4326, BadGeometry, "two numbers"},
		{"one number", point("[34.8]"), 4326, BadGeometry, "two numbers"},
		{"infinite", point("[34.8,1e999]"), 4326, BadGeometry, "two numbers"},
		{"deeper than a point", point("[[34.8,32.1]]"), 4326, BadGeometry, ""},
		{"shallower than an area", collection(feature(`{"s":"א","h":1}`, "Polygon", "[34.8,32.1]")), 4326, BadGeometry, "Polygon"},
		{"a curve", collection(feature(`{"s":"א","h":1}`, "Circle", "[34.8,32.1]")), 4326, BadGeometry, "Circle"},
		{"metres for degrees", point("[187000.5,692000]"), 4326, WrongSRID, "EPSG:2039"},
		{"degrees for metres", point("[34.8,32.1]"), 2039, WrongSRID, "EPSG:4326"},
		{"degrees turned round", point("[32.1,34.8]"), 4326, WrongSRID, "latitude before longitude"},
		{"metres turned round", point("[692000,187000]"), 2039, WrongSRID, "northing before easting"},
		{"web mercator", point("[3877000,3790000]"), 4326, WrongSRID, "3857"},
		{"off the earth", point("[500,32]"), 4326, BadCoordinate, "feature 1"},
		{"off the grid", point("[10,900000]"), 2039, WrongSRID, "outside"},
		{"another system", good, 3857, WrongSRID, "3857"},
		{"the crs says another", strings.Replace(good, `"features"`, `"crs":{"properties":{"name":"EPSG:2039"}},"features"`, 1), 4326, WrongSRID, "crs"},
		{"another field", strings.ReplaceAll(good, `"h":5`, `"house":5`), 4326, NoSuchField, `"house"`},
		{"no house in it", strings.ReplaceAll(good, `"h":5`, `"h":null`), 4326, Empty, "street and a number"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := ReadAddresses(strings.NewReader(tt.data), tt.srid, Fields{Street: "s", House: "h"})
			wantCode(t, err, tt.code)
			if err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error %q does not say %q", err, tt.says)
			}
		})
	}
	for _, elsewhere := range []string{"[7.42,43.73]", "[33.03,34.68]", "[-71.06,42.36]"} { // Monaco, Limassol, Boston
		if _, err := ReadAddresses(strings.NewReader(point(elsewhere)), 4326, Fields{Street: "s", House: "h"}); err != nil {
			t.Errorf("%s: %v", elsewhere, err)
		}
	}
	if _, _, err := ReadAreas(strings.NewReader(good), 4326, Fields{}); err == nil {
		t.Error("a point is taken for an area")
	}
	if _, err := ReadStreets(strings.NewReader(good), 4326, Fields{}); err == nil {
		t.Error("a point is taken for a street")
	}
}

// drawing is a layer of lines, in metres around the origin.
func drawing(lines map[string][][2]float64) string {
	var features []string
	names := make([]string, 0, len(lines))
	for n := range lines {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		var c []string
		for _, p := range lines[n] {
			q := at(p[0], p[1])
			c = append(c, fmt.Sprintf("[%.8f,%.8f]", q[0], q[1]))
		}
		name, class, _ := strings.Cut(n, "|")
		class, oneway, _ := strings.Cut(class, "|")
		features = append(features, feature(fmt.Sprintf(`{"n":%q,"c":%q,"o":%q}`, name, class, oneway), "LineString", "["+strings.Join(c, ",")+"]"))
	}
	return collection(features...)
}

func TestLinesAreCutWhereTheyMeet(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		lines     map[string][][2]float64
		segments  int
		connected bool
	}{
		{"a cross", map[string][][2]float64{"a": {{-100, 0}, {100, 0}}, "b": {{0, -100}, {0, 100}}}, 4, true},
		{"a T", map[string][][2]float64{"a": {{-100, 0}, {100, 0}}, "b": {{0, 0}, {0, 100}}}, 3, true},
		{"a T that falls short", map[string][][2]float64{"a": {{-100, 0}, {100, 0}}, "b": {{0, .4}, {0, 100}}}, 3, true},
		{"a T that runs over", map[string][][2]float64{"a": {{-100, 0}, {100, 0}}, "b": {{0, -.4}, {0, 100}}}, 3, true},
		{"a gap", map[string][][2]float64{"a": {{-100, 0}, {100, 0}}, "b": {{0, 2}, {0, 100}}}, 2, false},
		{"end to end", map[string][][2]float64{"a": {{-100, 0}, {0, 0}}, "b": {{.3, .3}, {100, 0}}}, 2, true},
		{"a bend on a line", map[string][][2]float64{"a": {{-100, 0}, {100, 0}}, "b": {{-50, 100}, {0, 0}, {50, 100}}}, 4, true},
		{"across itself", map[string][][2]float64{"a": {{-100, 0}, {100, 0}, {100, 100}, {0, 100}, {0, -100}}}, 3, true},
		{"a ring", map[string][][2]float64{"a": {{0, 0}, {100, 0}, {100, 100}, {0, 0}}}, 1, true},
		{"twice the same", map[string][][2]float64{"a": {{-100, 0}, {100, 0}}, "b": {{100, 0}, {-100, 0}}}, 1, true},
		{"one upon another", map[string][][2]float64{"a": {{-100, 0}, {100, 0}}, "b": {{-20, 0}, {20, 0}}}, 3, true},
		{"side by side", map[string][][2]float64{"a": {{-100, 0}, {100, 0}}, "b": {{-100, 5}, {100, 5}}}, 2, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x, err := ReadStreets(strings.NewReader(drawing(tt.lines)), 4326, Fields{Name: "n"})
			if err != nil {
				t.Fatal(err)
			}
			if len(x.Segments) != tt.segments {
				t.Errorf("%d segments, want %d: %+v", len(x.Segments), tt.segments, x.Segments)
			}
			if off := len(roads.New(x.Segments, nil).Islands()); (off == 0) != tt.connected {
				t.Errorf("%d segments are cut off", off)
			}
			drawn, cut := 0.0, 0.0
			for _, f := range x.Base {
				drawn += geo.LineLength(f.Geom.(orb.LineString))
			}
			for _, s := range x.Segments {
				cut += geo.LineLength(s.Line)
			}
			if left(x.Report, "twice") == 0 && (cut > drawn+2 || cut < drawn-2) {
				t.Errorf("%v m were drawn, %v m are driven", drawn, cut)
			}
		})
	}
}

func TestClassesAndDirectionsOfALayer(t *testing.T) {
	t.Parallel()
	x, err := ReadStreets(strings.NewReader(drawing(map[string][][2]float64{
		"א|עורקי|חד סטרי":   {{0, 0}, {100, 0}},
		"ב|מקומי|-1":        {{0, 100}, {100, 100}},
		"ג|שביל הולכי רגל|": {{0, 200}, {100, 200}},
		" |primary|no":      {{0, 300}, {100, 300}},
		"ד|בלה|אולי":        {{0, 400}, {100, 400}},
	})), 4326, Fields{Name: "n", Class: "c", OneWay: "o"})
	if err != nil {
		t.Fatal(err)
	}
	if len(x.Streets) != 4 || len(x.Segments) != 4 {
		t.Fatalf("%d streets, %d segments", len(x.Streets), len(x.Segments))
	}
	for _, s := range x.Segments {
		switch s.Name {
		case "א":
			if s.Forward == 0 || s.Backward != 0 {
				t.Errorf("one-way: %+v", s)
			}
		case "ב":
			if s.Forward != 0 || s.Backward == 0 {
				t.Errorf("one-way against the line: %+v", s)
			}
		case "", "ד":
			if s.Forward == 0 || s.Forward != s.Backward {
				t.Errorf("both ways: %+v", s)
			}
		default:
			t.Errorf("a path is driven: %+v", s)
		}
	}
	for _, reason := range []string{"no name", "not for vehicles", "class that is not known", "direction that is not known"} {
		if left(x.Report, reason) != 1 {
			t.Errorf("%q is not named once: %+v", reason, x.Report.Left)
		}
	}
}

func TestHebrewClasses(t *testing.T) {
	t.Parallel()
	for class, want := range map[string]string{
		"עורקי": "primary", "ראשי גדול": "primary", "מאסף": "secondary", "משני": "tertiary", "מקומי": "residential",
		"משולב": "living_street", "רחוב מקומי": "residential", "שביל": "footway", "מדרגות": "steps", "דרך עפר": "track",
		"כביש מהיר": "motorway", "שביל אופניים": "cycleway", "Local Street": "residential", "Arterial": "primary",
		"tertiary": "tertiary", " ": "residential", "": "residential", "??": "residential",
	} {
		if got, _ := highwayOf(class); got != want {
			t.Errorf("%q is %s, want %s", class, got, want)
		}
	}
}
