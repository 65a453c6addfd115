package geo

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
)

// register is a city's layers as a test reads them.
type register struct {
	streets   []Street
	addresses []Address
	areas     []Area
}

func readLayer(t testing.TB, name string) *geojson.FeatureCollection {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", name))
	if os.IsNotExist(err) {
		t.Skipf("shared/data/%s is not here", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	var fc geojson.FeatureCollection
	if err := json.Unmarshal(data, &fc); err != nil {
		t.Fatal(err)
	}
	return &fc
}

func text(v any) string { s, _ := v.(string); return s }

// netivot reads the municipal layers as they came: lines in pieces, addresses
// that name their street by text, some of them without a line of that name.
func netivot(t testing.TB) register {
	var r register
	ids := map[string]int64{}
	for _, f := range readLayer(t, "netivot_streets.geojson").Features {
		name := text(f.Properties["רחוב"])
		line, ok := f.Geometry.(orb.LineString)
		if !ok || strings.TrimSpace(name) == "" {
			continue
		}
		id := int64(len(r.streets) + 1)
		if ids[name] == 0 {
			ids[name] = id
		}
		r.streets = append(r.streets, Street{ID: id, Name: name, Geom: orb.MultiLineString{line}})
	}
	for _, f := range readLayer(t, "netivot_addresses.geojson").Features {
		name := text(f.Properties["str_name"])
		if ids[name] == 0 {
			id := int64(len(r.streets) + 1)
			ids[name] = id
			r.streets = append(r.streets, Street{ID: id, Name: name})
		}
		r.addresses = append(r.addresses, Address{ID: int64(len(r.addresses) + 1), Street: ids[name],
			House: text(f.Properties["House"]), Point: f.Geometry.(orb.Point)})
	}
	for level, file := range map[Level]string{Neighbourhood: "netivot_neighbourhoods.geojson", District: "netivot_districts.geojson", Boundary: "netivot_boundary.geojson"} {
		for _, f := range readLayer(t, file).Features {
			a := Area{Level: level, Code: text(f.Properties["code"]), Name: text(f.Properties["name"])}
			switch geom := f.Geometry.(type) {
			case orb.Polygon:
				a.Geom = orb.MultiPolygon{geom}
			case orb.MultiPolygon:
				a.Geom = geom
			}
			if level == Boundary && a.Name == "" {
				a.Name = "נתיבות"
			}
			r.areas = append(r.areas, a)
		}
	}
	return r
}

func (r register) gazetteer() *Gazetteer { return NewGazetteer(r.streets, r.addresses, nil, r.areas) }

func (r register) streetNames() map[int64]string {
	m := map[int64]string{}
	for _, s := range r.streets {
		m[s.ID] = strings.TrimSpace(s.Name)
	}
	return m
}
