package fieldapi

import (
	"bytes"
	"compress/gzip"
	codec "encoding/binary"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/geo"
	"moked/geo/osm"
	"moked/geo/pmtiles"
)

// mapOf asks for a district's map, with headers "Name: value".
func (s *server) mapOf(by *client, method, code string, header ...string) (*http.Response, []byte) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+"/api/v1/districts/"+code+"/map", nil)
	s.must(err)
	if by.cookie != nil {
		r.AddCookie(by.cookie)
	} else if by.secret != "" {
		r.Header.Set("Authorization", "Bearer "+by.secret)
	}
	for _, h := range header {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w, err := http.DefaultClient.Do(r)
	s.must(err)
	defer w.Body.Close()
	b, err := io.ReadAll(w.Body)
	s.must(err)
	return w, b
}

// unarchive reads an archive's tiles, whose directory fits into its root.
func unarchive(t *testing.T, b []byte) map[uint64][]byte {
	t.Helper()
	at := func(n int) uint64 { return codec.LittleEndian.Uint64(b[8*n:]) }
	unpack := func(b []byte) []byte {
		z, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		out, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if at(6) > 0 {
		t.Fatal("there are leaves")
	}
	in := bytes.NewReader(unpack(b[at(1) : at(1)+at(2)]))
	column := func(n uint64) []uint64 {
		vs := make([]uint64, n)
		for i := range vs {
			v, err := codec.ReadUvarint(in)
			if err != nil {
				t.Fatal(err)
			}
			vs[i] = v
		}
		return vs
	}
	n := column(1)[0]
	ids, runs, lengths, offsets := column(n), column(n), column(n), column(n)
	tiles := map[uint64][]byte{}
	var id, end uint64
	for i := range ids {
		id += ids[i]
		from := end
		if offsets[i] > 0 {
			from = offsets[i] - 1
		}
		end = from + lengths[i]
		for k := range runs[i] {
			tiles[id+k] = unpack(b[at(7)+from : at(7)+end])
		}
	}
	return tiles
}

// TestDistrictMap: the archive holds the very tiles that the map is drawn from,
// all of those on the district's ground, and comes whole or in pieces.
func TestDistrictMap(t *testing.T) {
	t.Parallel()
	f := newField(t)
	district := f.town.Districts[0]
	head, _ := f.mapOf(f.tablet, http.MethodHead, district.Code)
	whole, b := f.mapOf(f.tablet, http.MethodGet, district.Code)
	tag := whole.Header.Get("ETag")
	if head.StatusCode != 200 || whole.StatusCode != 200 || head.ContentLength != int64(len(b)) || head.Header.Get("ETag") != tag || len(tag) < 20 ||
		whole.Uncompressed || whole.ContentLength != head.ContentLength || whole.Header.Get("Content-Type") != "application/vnd.pmtiles" {
		t.Fatalf("%d, %d: %d of %d bytes, %v", head.StatusCode, whole.StatusCode, head.ContentLength, len(b), whole.Header)
	}
	tiles := unarchive(t, b)
	bound, seen := district.Geom.Bound(), 0
	for z := maptile.Zoom(10); z <= 16; z++ {
		a, e := maptile.At(orb.Point{bound.Min[0], bound.Max[1]}, z), maptile.At(orb.Point{bound.Max[0], bound.Min[1]}, z)
		for x := a.X; x <= e.X; x++ {
			for y := a.Y; y <= e.Y; y++ {
				live := f.dispatcher.do("GET", fmt.Sprintf("/tiles/base/%d/%d/%d.mvt", z, x, y), nil)
				if got := tiles[pmtiles.ID(uint8(z), x, y)]; !bytes.Equal(got, live.body) {
					t.Fatalf("tile %d/%d/%d has %d bytes, and %d on the map", z, x, y, len(got), len(live.body))
				}
				if len(live.body) > 0 {
					seen++
				}
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d tiles hold something", seen)
	}
	if _, all := f.mapOf(f.tablet, http.MethodGet, "-"); len(unarchive(t, all)) <= len(tiles) {
		t.Error("the whole authority has no more tiles than a district")
	}

	// In pieces it is the same; of another archive there is no piece.
	var pieces []byte
	for from := 0; from < len(b); from += 100_000 {
		w, piece := f.mapOf(f.tablet, http.MethodGet, district.Code, fmt.Sprintf("Range: bytes=%d-%d", from, from+99_999), "If-Range: "+tag)
		if w.StatusCode != http.StatusPartialContent {
			t.Fatalf("a piece: %d", w.StatusCode)
		}
		pieces = append(pieces, piece...)
	}
	if !bytes.Equal(pieces, b) {
		t.Error("the pieces make another archive")
	}
	if w, _ := f.mapOf(f.tablet, http.MethodGet, district.Code, "Range: bytes=0-9", `If-Range: "other"`); w.StatusCode != 200 {
		t.Errorf("a piece of another archive: %d", w.StatusCode)
	}
	if w, _ := f.mapOf(f.tablet, http.MethodGet, district.Code, "If-None-Match: "+tag); w.StatusCode != http.StatusNotModified {
		t.Errorf("the same archive: %d", w.StatusCode)
	}
	for _, code := range []string{"nowhere", "%2e%2e", "..%2f..", "%00"} {
		w, b := f.mapOf(f.dispatcher, http.MethodGet, code, "Accept-Language: ru")
		if w.StatusCode != 404 && w.StatusCode != 400 || !strings.Contains(string(b), "района") && code == "nowhere" || !strings.Contains(string(b), `"detail"`) {
			t.Errorf("district %s: %d %s", code, w.StatusCode, b)
		}
	}
	if w, _ := f.mapOf(f.public(), http.MethodGet, district.Code); w.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger: %d", w.StatusCode)
	}
}

// TestDistrictMapIsMadeOnce for all who ask at once, again when the ground has
// changed or the file is lost, and never half.
func TestDistrictMapIsMadeOnce(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	by := s.as(dispatch.Dispatcher)
	code := s.town.Districts[1].Code
	// What a process left that was killed while it made one.
	left := filepath.Join(s.folder, townCode, "left.new")
	s.must(os.MkdirAll(filepath.Dir(left), 0o700))
	s.must(os.WriteFile(left, []byte("PMTiles"), 0o600))
	long := time.Now().Add(-time.Hour)
	s.must(os.Chtimes(left, long, long))
	var all sync.Map
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			w, b := s.mapOf(by, http.MethodGet, code)
			all.Store(w.Header.Get("ETag")+fmt.Sprint(len(b), w.StatusCode), true)
		})
	}
	wg.Wait()
	if got := maps.Collect(all.Range); len(got) != 1 {
		t.Fatalf("twenty who ask at once have %v", got)
	}
	files := func() []string {
		names, err := filepath.Glob(filepath.Join(s.folder, townCode, "*.pmtiles"))
		s.must(err)
		return names
	}
	before := files()
	if len(before) != 1 {
		t.Fatalf("the files are %v", before)
	}
	if _, err := os.Stat(left); err == nil {
		t.Error("what was left half made stays")
	}
	first, b := s.mapOf(by, http.MethodGet, code)

	// A lost file is made again, of the same bytes.
	s.must(os.Remove(before[0]))
	again, c := s.mapOf(by, http.MethodGet, code)
	if again.Header.Get("ETag") != first.Header.Get("ETag") || !bytes.Equal(b, c) {
		t.Error("made again it is another")
	}

	// Another ground is another archive, and the old one goes.
	system := dispatch.Actor{Authority: townCode, Role: dispatch.System}
	_, err := s.desk.ReplaceAreas(t.Context(), system, desk.Source{Name: "test"}, geo.District, []osm.Area{
		{Code: code, Name: "חדש", Geom: s.town.Districts[0].Geom},
	})
	s.must(err)
	moved, d := s.mapOf(by, http.MethodGet, code)
	if moved.Header.Get("ETag") == first.Header.Get("ETag") || bytes.Equal(b, d) {
		t.Error("another ground has the same archive")
	}
	if after := files(); len(after) != 1 || after[0] == before[0] {
		t.Errorf("the files are %v, before %v", after, before)
	}
}
