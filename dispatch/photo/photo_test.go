package photo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"moked/dispatch"
)

// scene is a picture whose corners tell which way up it is: red, green, blue
// and white, clockwise from the top left.
func scene(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{230, 30, 30, 255}
			switch {
			case x >= w/2 && y < h/2:
				c = color.RGBA{30, 200, 30, 255}
			case x >= w/2:
				c = color.RGBA{30, 30, 230, 255}
			case y >= h/2:
				c = color.RGBA{240, 240, 240, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

var corners = []string{"red", "green", "blue", "white"}

// seen names the corners of a picture, clockwise from the top left.
func seen(m image.Image) (names []string) {
	r := m.Bounds()
	for _, at := range []image.Point{{r.Dx() / 4, r.Dy() / 4}, {3 * r.Dx() / 4, r.Dy() / 4}, {3 * r.Dx() / 4, 3 * r.Dy() / 4}, {r.Dx() / 4, 3 * r.Dy() / 4}} {
		red, green, blue, _ := m.At(r.Min.X+at.X, r.Min.Y+at.Y).RGBA()
		switch {
		case red > 0x9000 && green > 0x9000 && blue > 0x9000:
			names = append(names, "white")
		case red > green && red > blue:
			names = append(names, "red")
		case green > blue:
			names = append(names, "green")
		default:
			names = append(names, "blue")
		}
	}
	return names
}

func aJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func aPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// segment is a JPEG's segment.
func segment(marker byte, data string) []byte {
	b := []byte{0xff, marker}
	b = binary.BigEndian.AppendUint16(b, uint16(len(data)+2))
	return append(b, data...)
}

// with puts segments behind a JPEG's beginning.
func with(j []byte, segments ...[]byte) []byte {
	out := bytes.Clone(j[:2])
	for _, s := range segments {
		out = append(out, s...)
	}
	return append(out, j[2:]...)
}

// tiff is a block of EXIF: an orientation, and where and when.
func tiff(orientation int) string {
	le := binary.LittleEndian
	var more []byte // what doesn't fit into an entry
	const directories = 8 + 2 + 4*12 + 4 + 2 + 2*12 + 4 + 2 + 6*12 + 4
	entry := func(tag, kind uint16, count uint32, value []byte) []byte {
		b := le.AppendUint16(nil, tag)
		b = le.AppendUint16(b, kind)
		b = le.AppendUint32(b, count)
		if len(value) > 4 {
			b = le.AppendUint32(b, uint32(directories+len(more)))
			more = append(more, value...)
			return b
		}
		return append(b, append(value, make([]byte, 4-len(value))...)...)
	}
	text := func(tag uint16, s string) []byte { return entry(tag, 2, uint32(len(s)+1), append([]byte(s), 0)) }
	number := func(tag uint16, n uint32) []byte { return entry(tag, 4, 1, le.AppendUint32(nil, n)) }
	rationals := func(tag uint16, ns ...uint32) []byte {
		var b []byte
		for _, n := range ns {
			b = le.AppendUint32(b, n)
		}
		return entry(tag, 5, uint32(len(ns)/2), b)
	}
	b := append([]byte("II*\x00"), 8, 0, 0, 0)
	b = append(b, 4, 0)
	b = append(b, text(0x010f, "Camera")...)
	b = append(b, entry(0x0112, 3, 1, []byte{byte(orientation), 0})...)
	b = append(b, number(0x8769, 8+2+4*12+4)...)
	b = append(b, number(0x8825, 8+2+4*12+4+2+2*12+4)...)
	b = append(b, 0, 0, 0, 0, 2, 0)
	b = append(b, text(0x9003, "2026:05:05 10:20:30")...)
	b = append(b, text(0x9011, "+03:00")...)
	b = append(b, 0, 0, 0, 0, 6, 0)
	b = append(b, text(0x0001, "N")...)
	b = append(b, rationals(0x0002, 32, 1, 3, 1, 36, 1)...)
	b = append(b, text(0x0003, "E")...)
	b = append(b, rationals(0x0004, 34, 1, 48, 1, 0, 1)...)
	b = append(b, rationals(0x0007, 7, 1, 20, 1, 31, 1)...)
	b = append(b, text(0x001d, "2026:05:05")...)
	b = append(b, 0, 0, 0, 0)
	if len(b) != directories {
		panic(len(b))
	}
	return string(append(b, more...))
}

func exifSegment(orientation int) []byte { return segment(0xe1, "Exif\x00\x00"+tiff(orientation)) }

// file is one of those in testdata, which were made from scene by libheif and
// libwebp.
func file(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func look(t testing.TB, b []byte) Info {
	t.Helper()
	i, err := Look(b)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func make2(t testing.TB, b []byte) (view, small image.Image) {
	t.Helper()
	v, s, err := Make(b, look(t, b))
	if err != nil {
		t.Fatal(err)
	}
	for _, made := range [][]byte{v, s} {
		plain(t, made)
	}
	if view, err = jpeg.Decode(bytes.NewReader(v)); err != nil {
		t.Fatal(err)
	}
	if small, err = jpeg.Decode(bytes.NewReader(s)); err != nil {
		t.Fatal(err)
	}
	return view, small
}

// plain fails when a JPEG has any segment but those that make the picture.
func plain(t testing.TB, b []byte) {
	t.Helper()
	for at := 2; at+4 <= len(b) && b[at] == 0xff; at += 2 + int(binary.BigEndian.Uint16(b[at+2:])) {
		switch m := b[at+1]; m {
		case 0xdb, 0xc0, 0xc4, 0xda:
			if m == 0xda {
				return
			}
		default:
			t.Errorf("a derivative has a segment %x: %.40q", m, b[at+4:])
		}
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		b    []byte
		mime MIME
		w, h int
	}{
		"jpeg":           {aJPEG(t, scene(640, 480)), JPEG, 640, 480},
		"jpeg, grey":     {aJPEG(t, image.NewGray(image.Rect(0, 0, 9, 7))), JPEG, 9, 7},
		"png":            {aPNG(t, scene(64, 48)), PNG, 64, 48},
		"png, 16 bits":   {aPNG(t, image.NewNRGBA64(image.Rect(0, 0, 5, 6))), PNG, 5, 6},
		"png, palette":   {aPNG(t, image.NewPaletted(image.Rect(0, 0, 5, 6), color.Palette{color.White, color.Black})), PNG, 5, 6},
		"webp":           {file(t, "scene.webp"), WebP, 200, 120},
		"webp, lossless": {file(t, "lossless.webp"), WebP, 200, 120},
		"heic":           {file(t, "scene.heic"), HEIC, 200, 120},
		"heic, turned":   {file(t, "turned.heic"), HEIC, 120, 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := look(t, tc.b)
			if i.MIME != tc.mime || i.Width != tc.w || i.Height != tc.h || i.Memory <= 0 {
				t.Errorf("%+v", i)
			}
			view, small := make2(t, tc.b)
			if view.Bounds().Dx() != tc.w || view.Bounds().Dy() != tc.h {
				t.Errorf("view is %v", view.Bounds())
			}
			if s := small.Bounds(); max(s.Dx(), s.Dy()) > MapSide {
				t.Errorf("map is %v", s)
			}
			if tc.w > 60 {
				if got := seen(view); !equal(got, corners) {
					t.Errorf("%v", got)
				}
			}
		})
	}
}

func equal(a, b []string) bool {
	for i := range b {
		if i >= len(a) || a[i] != b[i] {
			return false
		}
	}
	return len(a) == len(b)
}

// stored is scene as a camera stores it that is to be turned by orientation.
func stored(orientation, w, h int) image.Image {
	upright := scene(w, h)
	t := ofEXIF(orientation)
	sw, sh := w, h
	if t.sideways() {
		sw, sh = h, w
	}
	m := image.NewRGBA(image.Rect(0, 0, sw, sh))
	// EXIF's own words: the 0th row is the visual …, the 0th column the visual ….
	for y := range sh {
		for x := range sw {
			var ux, uy int
			switch orientation {
			case 1: // top, left
				ux, uy = x, y
			case 2: // top, right
				ux, uy = w-1-x, y
			case 3: // bottom, right
				ux, uy = w-1-x, h-1-y
			case 4: // bottom, left
				ux, uy = x, h-1-y
			case 5: // left, top
				ux, uy = y, x
			case 6: // right, top
				ux, uy = w-1-y, x
			case 7: // right, bottom
				ux, uy = w-1-y, h-1-x
			case 8: // left, bottom
				ux, uy = y, h-1-x
			}
			m.SetRGBA(x, y, upright.RGBAAt(ux, uy))
		}
	}
	return m
}

func TestUpright(t *testing.T) {
	t.Parallel()
	for orientation := 1; orientation <= 8; orientation++ {
		b := with(aJPEG(t, stored(orientation, 330, 170)), exifSegment(orientation))
		if i := look(t, b); i.Width != 330 || i.Height != 170 {
			t.Errorf("%d: %d×%d", orientation, i.Width, i.Height)
		}
		view, small := make2(t, b)
		if got := seen(view); view.Bounds().Dx() != 330 || !equal(got, corners) {
			t.Errorf("%d: %v %v", orientation, view.Bounds(), got)
		}
		if got := seen(small); small.Bounds().Dx() != MapSide || !equal(got, corners) {
			t.Errorf("%d: %v %v", orientation, small.Bounds(), got)
		}
	}
}

func TestWhenAndWhere(t *testing.T) {
	t.Parallel()
	png := aPNG(t, scene(40, 30))
	eXIf := binary.BigEndian.AppendUint32(nil, uint32(len(tiff(1))))
	eXIf = append(eXIf, "eXIf"+tiff(1)...)
	eXIf = binary.BigEndian.AppendUint32(eXIf, crc32.ChecksumIEEE(eXIf[4:]))
	for name, b := range map[string][]byte{
		"jpeg": with(aJPEG(t, scene(40, 30)), exifSegment(1)),
		"png":  append(append(bytes.Clone(png[:33]), eXIf...), png[33:]...),
		"heic": file(t, "scene.heic"),
		"webp": file(t, "exif.webp"),
	} {
		i := look(t, b)
		if i.TakenAt == nil || !i.TakenAt.Equal(time.Date(2026, 5, 5, 7, 20, 30, 0, time.UTC)) {
			t.Errorf("%s: taken at %v", name, i.TakenAt)
		}
		if i.Lat == nil || math.Abs(*i.Lat-32.06) > 1e-9 || math.Abs(*i.Lon-34.8) > 1e-9 {
			t.Errorf("%s: taken at %v, %v", name, i.Lat, i.Lon)
		}
	}
	if i := look(t, aJPEG(t, scene(40, 30))); i.TakenAt != nil || i.Lat != nil || i.Lon != nil {
		t.Errorf("a photo that says nothing says %+v", i)
	}
}

func refusal(t testing.TB, b []byte) string {
	t.Helper()
	_, err := Look(b)
	var e *dispatch.Error
	if err == nil {
		return ""
	}
	if !errors.As(err, &e) || e.Code != dispatch.MediaType && e.Code != dispatch.TooLarge {
		t.Fatalf("%v is no refusal", err)
	}
	return e.Key
}

// zipOf is a ZIP archive of one empty file.
const zipOf = zipFile + zipEntry + "PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00/\x00\x00\x00\x1f\x00\x00\x00\x00\x00"

const (
	zipFile  = "PK\x03\x04\n\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00a"
	zipEntry = "PK\x01\x02\x14\x00\n\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00a"
)

func TestRefused(t *testing.T) {
	t.Parallel()
	j, p, w, h := aJPEG(t, scene(640, 480)), aPNG(t, scene(64, 48)), file(t, "scene.webp"), file(t, "scene.heic")
	var g bytes.Buffer
	if err := gif.Encode(&g, scene(8, 8), nil); err != nil {
		t.Fatal(err)
	}
	after := func(b []byte, more string) []byte { return append(bytes.Clone(b), more...) }
	for name, tc := range map[string]struct {
		b   []byte
		key string
	}{
		"nothing":                    {nil, KeyNoPhoto},
		"text":                       {[]byte("hello"), KeyNoPhoto},
		"a page":                     {[]byte("<!doctype html><script>alert(1)</script>"), KeyNoPhoto},
		"svg":                        {[]byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`), KeyDrawing},
		"svg, in capitals":           {[]byte("\ufeff <SVG onload=alert(1)>"), KeyDrawing},
		"gif":                        {g.Bytes(), KeyMoving},
		"a film":                     {[]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), KeyMoving},
		"pdf":                        {[]byte("%PDF-1.7\n"), KeyNoPhoto},
		"zip":                        {[]byte(zipOf), KeyNoPhoto},
		"jpeg, begun":                {j[:3], KeyBroken},
		"jpeg, cut off":              {j[:len(j)-2], KeyBroken},
		"jpeg, half":                 {j[:len(j)/2], KeyBroken},
		"jpeg and zip":               {after(j, zipOf), KeyMore},
		"jpeg and zip, far":          {after(j, string(make([]byte, 2000))+zipOf), KeyMore},
		"jpeg and page":              {after(j, "<html><script>alert(1)</script>"), KeyMore},
		"jpeg and program":           {after(j, "#!/bin/sh\nrm -rf /\n"), KeyMore},
		"jpeg and much":              {after(j, string(bytes.Repeat([]byte{7}, tailAllowed+1))), KeyMore},
		"jpeg and jpeg":              {after(j, string(with(j, segment(0xfe, string(bytes.Repeat([]byte{7}, 5000)))))), KeyMore},
		"zip in a comment":           {with(aJPEG(t, scene(8, 8)), segment(0xfe, zipOf)), KeyMore},
		"zip64 in a comment":         {with(aJPEG(t, scene(8, 8)), segment(0xfe, zip64Of)), KeyMore},
		"jpeg of many scans":         {scans(j, maxScans+1), KeyBroken},
		"script in a comment":        {with(j, segment(0xfe, "<ScRiPt>alert(1)</script>")), KeyMore},
		"php in a comment":           {with(j, segment(0xfe, "<?php system($_GET[0]);")), KeyMore},
		"pdf in a comment":           {with(j, segment(0xfe, "%PDF-1.4")), KeyMore},
		"two frames":                 {with(j, segment(0xc0, "\x08\x00\x10\x00\x10\x01\x01\x11\x00")), KeyBroken},
		"jpeg of 65,000 by as":       {resized(j, 65000, 65000), KeyTooManyDots},
		"jpeg, progressive":          {progressive(resized(j, 9000, 9000)), KeyTooManyDots},
		"jpeg of no size":            {resized(j, 0, 9), KeyBroken},
		"png, begun":                 {p[:8], KeyBroken},
		"png, cut off":               {p[:len(p)-12], KeyBroken},
		"png, half a chunk":          {p[:len(p)-1], KeyBroken},
		"png and zip":                {after(p, zipOf), KeyMore},
		"png and script":             {after(p, "<script>"), KeyMore},
		"png of 50,000 by as":        {sizedPNG(50000, 50000), KeyTooManyDots},
		"png of 4 billion":           {sizedPNG(math.MaxUint32, 1), KeyTooManyDots},
		"png of many":                {sizedPNG(12000, 12000), KeyTooManyDots},
		"png without a picture":      {sizedPNG(1, 1)[:33], KeyBroken},
		"webp, cut off":              {w[:len(w)-1], KeyBroken},
		"webp and zip":               {after(w, zipOf), KeyMore},
		"heic, begun":                {h[:24], KeyBroken},
		"heic, cut off":              {h[:len(h)-1], KeyBroken},
		"heic and zip":               {after(h, zipOf), KeyMore},
		"heic and strange box":       {after(h, "\x00\x00\x00\x0cjunk\x00\x00\x00\x01"), KeyMore},
		"heic that says it is large": {bytes.Replace(h, sps(t, h), sps(t, file(t, "large.heic")), 1), KeyBroken},
		"too heavy":                  {append(bytes.Clone(j), make([]byte, MaxBytes)...), KeyTooHeavy},
	} {
		if got := refusal(t, tc.b); got != tc.key {
			t.Errorf("%s: %q, want %q", name, got, tc.key)
		}
	}
}

// What cameras leave in their files is no fault of theirs.
func TestTaken(t *testing.T) {
	t.Parallel()
	j := aJPEG(t, scene(640, 480))
	xmp := func(s string) []byte {
		return segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00<?xpacket begin='x'?><x:xmpmeta>"+s)
	}
	second := with(j, segment(0xfe, string(bytes.Repeat([]byte{7}, 5000))))
	film := "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x00\x08moov\x00\x00\x20\x08mdat" + string(bytes.Repeat([]byte{9}, 8192))
	for name, b := range map[string][]byte{
		"padding":         append(bytes.Clone(j), make([]byte, 100_000)...),
		"a few bytes":     append(bytes.Clone(j), "SEFHe\x00\x00\x00SEFT"...),
		"more pictures":   append(with(j, segment(0xe2, "MPF\x00II*\x00")), second...),
		"a brighter one":  append(append(with(j, xmp("hdrgm:GainMap")), second...), "SEFT"...),
		"a moving moment": append(with(j, xmp(`GCamera:MotionPhoto="1"`)), film...),
	} {
		if got := refusal(t, b); got != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
	// An index of pictures doesn't let other things in.
	for name, b := range map[string][]byte{
		"zip":    append(append(with(j, segment(0xe2, "MPF\x00II*\x00")), second...), zipOf...),
		"junk":   append(with(j, segment(0xe2, "MPF\x00II*\x00")), bytes.Repeat([]byte{7}, 5000)...),
		"a film": append(with(j, segment(0xe2, "MPF\x00II*\x00")), film...),
	} {
		if got := refusal(t, b); got != KeyMore {
			t.Errorf("%s behind pictures: %q", name, got)
		}
	}
}

// resized is a JPEG that claims another size.
func resized(j []byte, w, h int) []byte {
	j = bytes.Clone(j)
	at := bytes.Index(j, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(j[at+5:], uint16(h))
	binary.BigEndian.PutUint16(j[at+7:], uint16(w))
	return j
}

func progressive(j []byte) []byte {
	j[bytes.Index(j, []byte{0xff, 0xc0})+1] = 0xc2
	return j
}

func sizedPNG(w, h uint32) []byte {
	chunk := func(kind, data string) []byte {
		b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
		b = append(b, kind+data...)
		return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
	}
	head := binary.BigEndian.AppendUint32(nil, w)
	head = binary.BigEndian.AppendUint32(head, h)
	b := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", string(head)+"\x08\x06\x00\x00\x00")...)
	b = append(b, chunk("IDAT", "")...)
	return append(b, chunk("IEND", "")...)
}

// scans is a JPEG that draws its picture n times over.
func scans(j []byte, n int) []byte {
	at := bytes.Index(j, []byte{0xff, 0xda})
	return slices.Concat(j[:at], bytes.Repeat(j[at:len(j)-2], n), j[len(j)-2:])
}

// sps is the sequence's parameters of a HEIC, with their length.
func sps(t testing.TB, b []byte) []byte {
	t.Helper()
	at := bytes.Index(b, []byte("hvcC"))
	for n := at; n < at+200; n++ {
		if b[n]&0x3f == unitSPS && b[n+1] == 0 && b[n+2] == 1 && b[n+5] == 0x42 && b[n+6] == 1 {
			return b[n+3 : n+5+be16(b[n+3:])]
		}
	}
	t.Fatal("no parameters")
	return nil
}

func be16(b []byte) int { return int(binary.BigEndian.Uint16(b)) }
