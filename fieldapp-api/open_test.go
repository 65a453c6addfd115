package fieldapi

import (
	"bytes"
	"compress/gzip"
	wkb "encoding/binary"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/paulmach/orb/geojson"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/fieldapp-api/opendata"
)

// openTown has a past of last year: two hundred ordinary reports, twelve bites
// of dogs at one place and one at another, which are sensitive, and one of a
// month in which there was no other.
func openTown(t *testing.T) (s *server, year string) {
	t.Helper()
	s = newServer(t)
	begin := time.Date(time.Now().Year()-1, 2, 1, 8, 0, 0, 0, time.UTC)
	var old []desk.OldReport
	add := func(category string, filed time.Time, house int) {
		closed := filed.Add(30 * time.Hour)
		at := theTown().Extract.Addresses[house%len(theTown().Extract.Addresses)].Point
		r := desk.OldReport{ID: strconv.Itoa(len(old)), FiledAt: filed, Category: category, Channel: dispatch.ByPhone, At: &at}
		if len(old)%3 > 0 {
			r.ClosedAt = &closed
		}
		if len(old) == 7 {
			r.At = nil
		}
		old = append(old, r)
	}
	for n := range 200 {
		add([]string{"pothole", "lawn"}[n%2], begin.Add(time.Duration(n)*5*time.Hour), n)
	}
	for n := range 12 {
		add("dog-bite", begin.Add(time.Duration(n)*3*time.Hour), 3)
	}
	far := -1
	for n, a := range theTown().Extract.Addresses {
		if math.Floor(a.Point[1]*100) != math.Floor(theTown().Extract.Addresses[3].Point[1]*100) {
			far = n
		}
	}
	if far < 0 {
		t.Fatal("the town lies in one cell")
	}
	add("dog-bite", begin.Add(time.Hour), far)
	add("dog-bite", begin.AddDate(0, 4, 0), 3)
	_, err := s.desk.ImportReports(t.Context(), s.admin(townCode), "old", old)
	s.must(err)
	_, err = s.pool.Exec(t.Context(), `update incident set label = '=cmd|calc' where number = (select min(number) from incident where category = 'pothole')`)
	s.must(err)
	s.reads()
	return s, begin.Format("2006")
}

// TestOpenData reads the files back, each with its own reader: as many rows as
// may be published, and nothing of few.
func TestOpenData(t *testing.T) {
	t.Parallel()
	s, year := openTown(t)
	nobody := s.publicOf(townCode)
	const ordinary, bites = 200, 13

	a := nobody.do("GET", "/open/reports.csv?lang=he&year="+year, nil).is(200)
	rows, err := csv.NewReader(bytes.NewReader(a.body)).ReadAll()
	s.must(err)
	if strings.Join(rows[0], ", ") != "service_request_id, requested_datetime, updated_datetime, closed_date, status_description, status_notes, source, service_name, service_subtype, description, agency_responsible, address, lat, long" {
		t.Errorf("the head is %q", rows[0])
	}
	if len(rows)-1 != ordinary+bites || a.header.Get("X-Rows") != strconv.Itoa(ordinary+bites) {
		t.Errorf("%d rows", len(rows)-1)
	}
	placed, guarded := 0, 0
	for _, r := range rows[1:] {
		for _, cell := range r {
			if cell != "" && strings.ContainsRune("=+@\t\r", rune(cell[0])) {
				t.Errorf("%q begins a formula", cell)
			}
		}
		if r[11] == "'=cmd|calc" {
			guarded++
		}
		if r[8] != "dog-bite" {
			if _, err := time.Parse(time.RFC3339, r[1]); err != nil || r[0] == "" {
				t.Errorf("%q", r)
			}
			continue
		}
		if r[0]+r[6]+r[11] != "" || r[1] != year+"-02" || r[3] != "" && r[3] != year+"-02" {
			t.Errorf("a sensitive row tells %q", r)
		}
		if r[12] != "" {
			placed++
			lat, _ := strconv.ParseFloat(r[12], 64)
			if cents := lat * 1000; math.Abs(cents-math.Round(cents)) > 1e-6 || int(math.Round(cents))%10 != 5 {
				t.Errorf("a sensitive place isn't its cell's: %s", r[12])
			}
		}
	}
	if placed != 12 || guarded != 1 {
		t.Errorf("%d sensitive places, %d guarded cells", placed, guarded)
	}

	packed, err := gzip.NewReader(bytes.NewReader(nobody.do("GET", "/open/reports.csv.gz?lang=he&year="+year, nil).is(200).body))
	s.must(err)
	if plain, err := io.ReadAll(packed); err != nil || !bytes.Equal(plain, a.body) {
		t.Errorf("packed it is another: %v", err)
	}
	all, err := geojson.UnmarshalFeatureCollection(nobody.do("GET", "/open/reports.geojson?year="+year+"&category=pothole", nil).is(200).body)
	s.must(err)
	if len(all.Features) != 100 || all.Features[0].Properties["service_subtype"] != "pothole" {
		t.Errorf("%d potholes", len(all.Features))
	}

	b := nobody.do("GET", "/open/reports.parquet", nil).is(200).body
	file, err := parquet.OpenFile(bytes.NewReader(b), int64(len(b)))
	s.must(err)
	type record struct {
		Subtype  string `parquet:"service_subtype"`
		Geometry []byte `parquet:"geometry,optional"`
	}
	records, err := parquet.Read[record](bytes.NewReader(b), int64(len(b)))
	s.must(err)
	located := 0
	for _, r := range records {
		if len(r.Geometry) == 21 && r.Geometry[0] == 1 && wkb.LittleEndian.Uint32(r.Geometry[1:]) == 1 {
			if lon := math.Float64frombits(wkb.LittleEndian.Uint64(r.Geometry[5:])); lon > 34 && lon < 36 {
				located++
			}
		}
	}
	if len(records) != ordinary+bites || located != ordinary-1+12 {
		t.Errorf("%d records, %d located", len(records), located)
	}
	said, _ := file.Lookup("geo")
	var geo struct {
		Version string `json:"version"`
		Primary string `json:"primary_column"`
		Columns map[string]struct {
			Encoding string    `json:"encoding"`
			Types    []string  `json:"geometry_types"`
			BBox     []float64 `json:"bbox"`
		} `json:"columns"`
	}
	s.must(json.Unmarshal([]byte(said), &geo))
	if c := geo.Columns[geo.Primary]; geo.Version != "1.1.0" || c.Encoding != "WKB" || len(c.Types) != 1 || len(c.BBox) != 4 || c.BBox[0] > c.BBox[2] {
		t.Errorf("geo: %s", said)
	}
}

// TestOpenDataAsFiles serves whole files, parts of them, and none where nothing
// has changed; wrong questions are named.
func TestOpenDataAsFiles(t *testing.T) {
	t.Parallel()
	s, year := openTown(t)
	nobody := s.publicOf(townCode)
	path := "/open/reports.csv?year=" + year
	var many sync.WaitGroup
	bodies := make([][]byte, 6)
	for n := range bodies {
		many.Go(func() { bodies[n] = nobody.do("GET", path, nil).body })
	}
	many.Wait()
	a := nobody.do("GET", path, nil).is(200)
	for _, b := range bodies {
		if !bytes.Equal(b, a.body) {
			t.Error("two that asked at once got two files")
		}
	}
	if a.header.Get("Content-Length") != strconv.Itoa(len(a.body)) || a.header.Get("Last-Modified") == "" {
		t.Errorf("%v", a.header)
	}
	tag := a.header.Get("ETag")
	nobody.do("GET", path, nil, "If-None-Match", tag).is(304)
	nobody.do("GET", path, nil, "If-Modified-Since", a.header.Get("Last-Modified")).is(304)
	part := nobody.do("GET", path, nil, "Range", "bytes=10-29").is(206)
	if !bytes.Equal(part.body, a.body[10:30]) {
		t.Errorf("a part is %q", part.body)
	}
	if h := nobody.do("HEAD", path, nil).is(200); len(h.body) != 0 || h.header.Get("Content-Length") == "" {
		t.Errorf("%v", h.header)
	}
	for path, want := range map[string]struct {
		status int
		field  string
	}{
		"/open/reports.csv?year=x": {422, "year"}, "/open/reports.csv?year=1800": {404, "year"}, "/open/reports.csv?category=nothing": {422, "category"},
		"/open/reports.csv?from=2026-01-01": {422, "from"}, "/open/datapackage.json?x=1": {422, "x"}, "/open?x=1": {422, "x"},
	} {
		if got := nobody.do("GET", path, nil).is(want.status).problem(); got.Field != want.field {
			t.Errorf("%s: %+v", path, got)
		}
	}
	nobody.do("GET", "/open/reports.xml", nil).is(404)
	for _, lang := range []string{"he", "en", "ar", "ru"} {
		page := string(nobody.do("GET", "/open?lang="+lang, nil).is(200).body)
		if strings.Contains(page, "open.") || strings.Contains(page, "charter.") || !strings.Contains(page, "/open/reports.parquet?") || strings.Contains(page, `dir="rtl"`) != (lang == "he" || lang == "ar") {
			t.Errorf("%s: %s", lang, page)
		}
	}
	var pack struct {
		Profile   string `json:"profile"`
		Resources []struct {
			Path   string `json:"path"`
			Schema struct {
				Fields []struct{ Name, Type, Description string } `json:"fields"`
			} `json:"schema"`
		} `json:"resources"`
	}
	nobody.do("GET", "/open/datapackage.json", nil).is(200).into(&pack)
	if pack.Profile != "data-package" || len(pack.Resources) < 8 || len(pack.Resources[0].Schema.Fields) != len(opendata.Columns) {
		t.Errorf("%+v", pack)
	}
	for _, r := range pack.Resources {
		nobody.do("HEAD", strings.TrimPrefix(r.Path, s.url), nil).is(200)
	}
	// They are kept, and let go of when they are too many.
	for _, k := range []string{"pothole", "lawn", "dog-bite", "weeds", "fire", "noise-home", "bench-broken"} {
		for _, lang := range []string{"he", "en", "ar", "ru"} {
			nobody.do("GET", "/open/reports.csv?lang="+lang+"&category="+k, nil)
		}
	}
	if n := len(s.api.opened.files); n > openKept {
		t.Errorf("%d files are kept", n)
	}
}
