package osm

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	posm "github.com/paulmach/osm"
)

// handler takes the elements of one pass, in the file's order. A nil function
// means that this pass has no use for the kind. What it is given is reused or
// dropped afterwards: it copies what it keeps.
type handler struct {
	node     func(*posm.Node) error
	way      func(*posm.Way) error
	relation func(*posm.Relation) error
}

// source is a file that can be passed over several times.
type source interface {
	format() string
	// scan makes one pass and calls progress with the share of it done.
	scan(ctx context.Context, h handler, progress func(float64)) error
}

// Limits that keep hostile input from taking memory or time without end. The
// OSM API allows 2,000 nodes in a way and 32,000 members in a relation.
const (
	maxRefs       = 100_000
	maxMembers    = 100_000
	maxTags       = 5_000
	maxRatio      = 200      // uncompressed to compressed; real XML stays under 40
	ratioFrom     = 16 << 20 // and the ratio counts from here on
	maxXMLElement = 16 << 20
)

// open tells the format by what the file begins with.
func open(r io.ReadSeeker) (source, error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, unreadable(err)
	}
	if size == 0 {
		return nil, wrongAt(Empty, 0, "the file is empty")
	}
	head := make([]byte, 512)
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, unreadable(err)
	}
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, unreadable(err)
	}
	head = head[:n]
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return &xmlFile{r: r, size: size, name: "xml+gzip", unpack: func(r io.Reader) (io.Reader, error) {
			return gzip.NewReader(r)
		}}, nil
	case bytes.HasPrefix(head, []byte("BZh")):
		return &xmlFile{r: r, size: size, name: "xml+bzip2", unpack: func(r io.Reader) (io.Reader, error) {
			return bzip2.NewReader(r), nil
		}}, nil
	case bytes.HasPrefix(text, []byte("<")):
		return &xmlFile{r: r, size: size, name: "xml"}, nil
	case bytes.Contains(head[:min(len(head), 64)], []byte("OSMHeader")),
		bytes.Contains(head[:min(len(head), 64)], []byte("OSMData")):
		return &pbfFile{r: r, size: size}, nil
	}
	return nil, wrongAt(NotOSM, 0, "neither OSM PBF nor OSM XML: it begins with %s", glimpse(head))
}

// glimpse shows the beginning of foreign data without spoiling a terminal.
func glimpse(b []byte) string { return fmt.Sprintf("%.40q", b[:min(len(b), 24)]) }

func unreadable(err error) *Error {
	return &Error{Code: Unreadable, At: -1, Msg: "cannot be read: " + err.Error(), Err: err}
}

// inflated watches a decompressed stream: it counts bytes, refuses data that
// is out of all proportion to what it was packed in, and remembers the first
// error of the stream below, which decoders above like to replace.
type inflated struct {
	r      io.Reader
	packed *counter // nil: not compressed
	n      int64
	mark   int64 // where the element being read began
	err    error
}

func (f *inflated) Read(p []byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	n, err := f.r.Read(p)
	f.n += int64(n)
	switch {
	case err != nil && err != io.EOF:
		code, msg := Corrupt, "broken compression: "+err.Error()
		switch {
		case errors.Is(err, io.ErrUnexpectedEOF):
			code, msg = Truncated, "the compressed data ends in the middle"
		case f.packed == nil || f.packed.err != nil:
			code, msg = Unreadable, "cannot be read: "+err.Error()
		}
		f.err = &Error{Code: code, At: f.n, Msg: msg, Err: err}
	case f.packed != nil && f.n > ratioFrom && f.n/maxRatio > f.packed.n:
		f.err = wrongAt(TooLarge, f.n, "unpacks to more than %d times its size", maxRatio)
	case f.n-f.mark > maxXMLElement:
		f.err = wrongAt(TooLarge, f.mark, "%d MB without a complete element", maxXMLElement>>20)
	default:
		return n, err
	}
	return 0, f.err
}

// counter counts what is read of the file itself.
type counter struct {
	r   io.Reader
	n   int64
	err error
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}

// counted puts a counter below a buffer.
func counted(r io.Reader) (*counter, *bufio.Reader) {
	c := &counter{r: r}
	return c, bufio.NewReaderSize(c, 64<<10)
}

// clean makes text fit for storing: valid UTF-8 without control characters.
func clean(s string) string {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, isControl) {
		return s
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if isControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")))
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// offEarth reports whether a position cannot be one, NaN included.
func offEarth(lon, lat float64) bool {
	return !(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180)
}

func checkNode(n *posm.Node) error {
	if offEarth(n.Lon, n.Lat) {
		return wrongIn(BadCoordinate, fmt.Sprintf("node/%d", n.ID),
			"latitude %v, longitude %v is not on the earth", n.Lat, n.Lon)
	}
	return nil
}
