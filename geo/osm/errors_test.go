package osm

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"google.golang.org/protobuf/encoding/protowire"
)

func wantCode(t *testing.T, err error, code Code) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want one of code %s", err, code)
	}
	if e.Code != code || e.Error() == "" {
		t.Errorf("error %q of code %s, want %s", e, e.Code, code)
	}
}

func zipped(b []byte) []byte {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, _ = w.Write(b)
	_ = w.Close()
	return z.Bytes()
}

// spoilt has a wrong checksum.
func spoilt(b []byte) []byte {
	b[len(b)-6] ^= 1
	return b
}

func group(fields message) []byte {
	table := message(nil).bytes(1, nil).bytes(1, []byte("highway")).bytes(1, []byte("residential"))
	return append(bytes.Clone(pbfHeader), block("OSMData", message(nil).bytes(1, table).bytes(2, fields), false)...)
}

func TestBrokenFiles(t *testing.T) {
	t.Parallel()
	w := village()
	pbf, text := w.pbf(true), w.xml()
	zig := protowire.EncodeZigZag
	repeated := village().node(1, 7, 7)
	repeatedWay := village().way(10, []int64{1, 2}, "highway", "service")
	tests := []struct {
		name string
		data []byte
		code Code
		says string
	}{
		{"nothing", nil, Empty, "empty"},
		{"a picture", []byte("\x89PNG\r\n\x1a\n0000"), NotOSM, "neither"},
		{"other XML", []byte("<?xml version='1.0'?><gpx><trk/></gpx>"), NotOSM, "<gpx>"},
		{"changes", []byte("<osmChange><create/></osmChange>"), NotOSM, "osmChange"},
		{"no element", []byte("<osm></osm>"), Empty, "no node"},
		{"of no use", (&world{}).node(1, 0, 0).xml(), Empty, "no street"},
		{"only a comment", []byte("<!-- -->"), NotOSM, "no XML element"},
		{"XML cut short", text[:bytes.Index(text, []byte("</way>"))], Truncated, "line"},
		{"broken XML", bytes.Replace(text, []byte("</way>"), []byte("</wax>"), 1), Corrupt, "line"},
		{"an id that is none", []byte(`<osm><node id="x" lat="1" lon="1"/></osm>`), Corrupt, ""},
		{"off the earth", []byte(`<osm><node id="5" lat="91" lon="1"/></osm>`), BadCoordinate, "node/5"},
		{"no number", []byte(`<osm><node id="5" lat="NaN" lon="1"/></osm>`), BadCoordinate, "node/5"},
		{"a node twice", repeated.xml(), RepeatedID, "node/1"},
		{"a way twice", repeatedWay.pbf(true), RepeatedID, "way/10"},
		{"gzip cut short", zipped(text)[:200], Truncated, "ends"},
		{"gzip of nonsense", zipped([]byte("nonsense")), NotOSM, ""},
		{"broken gzip", spoilt(zipped(text)), Corrupt, "compression"},
		{"a bomb", zipped(append([]byte("<osm>"), bytes.Repeat([]byte(" "), 20<<20)...)), TooLarge, ""},
		{"an endless element", append([]byte("<osm><node id=\"1\" "), bytes.Repeat([]byte(" "), maxXMLElement+1<<20)...), TooLarge, "element"},
		{"a way of a million nodes", fmt.Appendf(nil, "<osm><way id=\"3\">%s</way></osm>", strings.Repeat(`<nd ref="1"/>`, 1_000_000)), TooLarge, "way/3"},

		{"PBF cut in a block", pbf[:len(pbf)-10], Truncated, "middle"},
		{"PBF cut in a length", append(bytes.Clone(pbf), 0, 0), Truncated, "middle"},
		{"PBF cut after a length", append(bytes.Clone(pbf), 0, 0, 0, 9), Truncated, "middle"},
		{"a header too long", append(bytes.Clone(pbf), 0xff, 0xff, 0xff, 0xff), Corrupt, "header"},
		{"a negative size", append(bytes.Clone(pbfHeader), frame("OSMData", message(nil).number(2, ^uint64(0)).bytes(3, []byte{1}))...), TooLarge, ""},
		{"a size of gigabytes", append(bytes.Clone(pbfHeader), frame("OSMData", message(nil).number(2, 2<<30-1).bytes(3, []byte{1}))...), TooLarge, ""},
		{"not zlib", append(bytes.Clone(pbfHeader), frame("OSMData", message(nil).number(2, 9).bytes(3, []byte("not zlib")))...), Corrupt, "compression"},
		{"zstd", append(bytes.Clone(pbfHeader), frame("OSMData", message(nil).number(2, 9).bytes(7, []byte("x")))...), Corrupt, "zstd"},
		{"full history", append(block("OSMHeader", message(nil).bytes(4, []byte("HistoricalInformation")), true), pbf...), NotOSM, "history"},
		{"a feature of the future", append(block("OSMHeader", message(nil).bytes(4, []byte("Teleports")), true), pbf...), Corrupt, "Teleports"},
		{"text out of range", group(message(nil).bytes(3, message(nil).number(1, 8).bytes(2, packed(1)).bytes(3, packed(9)))), Corrupt, "way/8"},
		{"keys without values", group(message(nil).bytes(3, message(nil).number(1, 8).bytes(2, packed(1, 1)).bytes(3, packed(2)))), Corrupt, "way/8"},
		{"roles without members", group(message(nil).bytes(4, message(nil).number(1, 8).bytes(8, packed(1)))), Corrupt, "relation/8"},
		{"a member of no type", group(message(nil).bytes(4, message(nil).number(1, 8).bytes(8, packed(1)).bytes(9, deltas(4)).bytes(10, packed(7)))), Corrupt, "relation/8"},
		{"nodes without latitudes", group(message(nil).bytes(2, message(nil).bytes(1, deltas(1, 2)).bytes(9, deltas(1, 2)))), Corrupt, "latitudes"},
		{"tags without end", group(message(nil).bytes(2, message(nil).bytes(1, deltas(6)).bytes(8, deltas(1)).bytes(9, deltas(1)).bytes(10, packed(1, 2)))), Corrupt, "node/6"},
		{"a node off the earth", group(message(nil).bytes(1, message(nil).number(1, zig(4)).number(8, zig(1<<40)).number(9, 0))), BadCoordinate, "node/4"},
		{"a plain node with a bad text", group(message(nil).bytes(1, message(nil).number(1, zig(4)).bytes(2, packed(77)).bytes(3, packed(1)))), Corrupt, "node/4"},
		{"a way of too many nodes", group(message(nil).bytes(3, message(nil).number(1, 8).bytes(8, bytes.Repeat([]byte{0}, 1_000_000)))), TooLarge, "way/8"},
		{"a group that is no message", group(message{0x0f, 0xff}), Corrupt, "protobuf"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x, err := Read(context.Background(), bytes.NewReader(tt.data), Options{})
			if x != nil {
				t.Error("an extract came of it")
			}
			wantCode(t, err, tt.code)
			if err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error %q does not say %q", err, tt.says)
			}
		})
	}
}

// seeker reads through another reader.
type seeker struct {
	io.Reader
	io.Seeker
}

func TestReadersThatFail(t *testing.T) {
	t.Parallel()
	for name, b := range map[string][]byte{"pbf": village().pbf(true), "xml": village().xml(), "gzip": zipped(village().xml())} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			under := bytes.NewReader(b)
			failing := io.MultiReader(io.LimitReader(under, 100), iotest.ErrReader(io.ErrClosedPipe))
			_, err := Read(context.Background(), seeker{failing, under}, Options{})
			if !errors.Is(err, io.ErrClosedPipe) {
				t.Errorf("error %v", err)
			}
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			if _, err := Read(ctx, bytes.NewReader(b), Options{}); !errors.Is(err, context.Canceled) {
				t.Errorf("after cancelling: %v", err)
			}
			_, err = Read(context.Background(), bytes.NewReader(b), Options{MaxElements: 3})
			wantCode(t, err, TooLarge)
		})
	}
}
