package photo

import (
	"archive/zip"
	"bytes"
	"errors"
	"image/jpeg"
	"runtime"
	"slices"
	"strings"
	"testing"

	"moked/dispatch"
)

// seeds are photos of every kind, cut off, hidden in each other, grown, and
// what only looks like one.
func seeds(f *testing.F) {
	j, p := aJPEG(f, scene(40, 30)), aPNG(f, scene(40, 30))
	w, l, x, h := file(f, "scene.webp"), file(f, "lossless.webp"), file(f, "exif.webp"), file(f, "scene.heic")
	for _, b := range [][]byte{j, p, w, l, x, h, with(j, exifSegment(6)), progressive(bytes.Clone(j))} {
		f.Add(b)
		for _, n := range []int{4, 12, 33, len(b) / 2, len(b) - 1} {
			f.Add(b[:n])
		}
		for _, more := range []string{zipOf, zip64Of, "<script>", "%PDF-1.4", "#!/bin/sh\n", string(j), string(p), string(h), string(make([]byte, 64))} {
			f.Add(append(bytes.Clone(b), more...))
		}
	}
	for _, inside := range []string{zipOf, zip64Of, "<svg onload=alert(1)>", "<?php", "%PDF-1.4"} {
		f.Add(with(aJPEG(f, scene(8, 8)), segment(0xfe, inside)))
	}
	f.Add(resized(j, 65000, 65000))
	f.Add(resized(j, 41, 31))
	f.Add(sizedPNG(50_000, 50_000))
	f.Add(sizedPNG(100, 100))
	f.Add([]byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`))
	f.Add([]byte("GIF89a"))
	f.Add([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"))
}

// refusedWell fails unless an error is one of this package's refusals.
func refusedWell(t *testing.T, err error) {
	t.Helper()
	var e *dispatch.Error
	if !errors.As(err, &e) || e.Code != dispatch.MediaType && e.Code != dispatch.TooLarge || !slices.Contains(ErrorKeys(), e.Key) {
		t.Fatalf("%v is no refusal", err)
	}
}

// FuzzLook: whatever comes is refused, or is within the limits and nothing
// else as well. To find that out takes little memory.
func FuzzLook(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		i, err := Look(b)
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > uint64(64*len(b)+4<<20) {
			t.Errorf("to look at %d bytes took %d", len(b), took)
		}
		if err != nil {
			refusedWell(t, err)
			return
		}
		if !slices.Contains([]MIME{JPEG, PNG, WebP, HEIC}, i.MIME) || i.Width < 1 || i.Height < 1 || max(i.Width, i.Height) > MaxSide ||
			i.Memory < int64(i.Width)*int64(i.Height) || i.Memory > MaxMemory {
			t.Errorf("%+v", i)
		}
		if (i.Lat == nil) != (i.Lon == nil) || i.Lat != nil && (*i.Lat < -90 || *i.Lat > 90 || *i.Lon < -180 || *i.Lon > 180) {
			t.Errorf("it was taken at %v %v", i.Lat, i.Lon)
		}
		// What others would make of the same bytes.
		if z, err := zip.NewReader(bytes.NewReader(b), int64(len(b))); err == nil && len(z.File) > 0 {
			t.Errorf("it is an archive of %s as well", z.File[0].Name)
		}
		for _, m := range []string{"<svg", "<script", "<html", "%pdf-"} {
			if strings.Contains(strings.ToLower(string(b[:min(len(b), pdfBytes)])), m) {
				t.Errorf("it begins with %s", m)
			}
		}
	})
}

// FuzzMake: what Look lets in becomes two plain upright pictures of the size
// that was promised, or is refused.
func FuzzMake(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		i, err := Look(b)
		if err != nil || i.Memory > 4<<20 {
			return
		}
		view, small, err := Make(b, i)
		if err != nil {
			refusedWell(t, err)
			return
		}
		for side, made := range map[int][]byte{ViewSide: view, MapSide: small} {
			plain(t, made)
			c, err := jpeg.DecodeConfig(bytes.NewReader(made))
			if err != nil || max(c.Width, c.Height) > side || max(i.Width, i.Height) <= side && (c.Width != i.Width || c.Height != i.Height) {
				t.Errorf("of %d × %d became %+v, %v", i.Width, i.Height, c, err)
			}
		}
	})
}

// zip64Of is zipOf whose directory is told of where only the newer readers
// look, as in archives of more than 4 GB.
const zip64Of = zipFile + zipEntry +
	"PK\x06\x06\x2c\x00\x00\x00\x00\x00\x00\x00\x2d\x00\x2d\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00" +
	"\x2f\x00\x00\x00\x00\x00\x00\x00\x1f\x00\x00\x00\x00\x00\x00\x00" +
	"PK\x06\x07\x00\x00\x00\x00\x4e\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00" +
	"PK\x05\x06\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00"
