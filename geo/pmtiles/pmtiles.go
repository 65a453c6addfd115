// Package pmtiles writes an archive of vector tiles as one file, in version 3
// of the PMTiles format (https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md):
// a header of 127 bytes, directories of tiles along a Hilbert curve, and the
// tiles themselves, each content once. Whoever reads it takes pieces of the
// file, from a server or a disk. The package is pure.
package pmtiles

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/paulmach/orb"
)

// MaxZoom is the deepest zoom that a tile's id can be of.
const MaxZoom = 26

// ID is a tile's number: those of lesser zooms come first, and those of one
// zoom follow a Hilbert curve from the north-west. z is at most MaxZoom, and x
// and y are below 2^z.
func ID(z uint8, x, y uint32) uint64 {
	id := (uint64(1)<<(2*z) - 1) / 3
	for s := uint32(1) << z >> 1; s > 0; s >>= 1 {
		var rx, ry uint32
		if x&s != 0 {
			rx = 1
		}
		if y&s != 0 {
			ry = 1
		}
		id += uint64(s) * uint64(s) * uint64((3*rx)^ry)
		x, y = turn(s, x, y, rx, ry)
	}
	return id
}

func turn(s, x, y, rx, ry uint32) (uint32, uint32) {
	x, y = x&(s-1), y&(s-1)
	if ry == 0 {
		if rx == 1 {
			x, y = s-1-x, s-1-y
		}
		x, y = y, x
	}
	return x, y
}

// Layer describes one of the tiles' layers for those who open the archive.
type Layer struct {
	ID     string            `json:"id"`
	Fields map[string]string `json:"fields"`
}

// About is what an archive says of itself. Bound is in degrees.
type About struct {
	Name        string
	Attribution string
	Layers      []Layer
	MinZoom     uint8
	MaxZoom     uint8
	Bound       orb.Bound
	Center      orb.Point
	CenterZoom  uint8
}

// entry says where the tiles from id on are, run of them with the same bytes.
type entry struct {
	id, offset  uint64
	length, run uint32
}

// Writer gathers an archive's tiles. Their bytes go to a file of the caller's,
// which Finish reads again; only the directory is held.
type Writer struct {
	tiles     io.Writer
	written   uint64
	addressed uint64
	entries   []entry
	at        map[[sha256.Size]byte]uint64 // where a content begins
}

// NewWriter begins an archive whose tiles' bytes are put aside in tiles.
func NewWriter(tiles io.Writer) *Writer {
	return &Writer{tiles: tiles, at: map[[sha256.Size]byte]uint64{}}
}

// Add takes a vector tile as it is, not compressed. Tiles come in the order of
// their ids, each once; an empty one need not come at all.
func (w *Writer) Add(id uint64, tile []byte) error {
	last := len(w.entries) - 1
	if last >= 0 {
		if e := w.entries[last]; id < e.id+uint64(e.run) {
			return fmt.Errorf("tile %d comes after %d", id, e.id)
		}
	}
	packed, err := pack(tile)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(packed)
	offset, known := w.at[sum]
	if !known {
		offset = w.written
		if _, err := w.tiles.Write(packed); err != nil {
			return err
		}
		w.written += uint64(len(packed))
		w.at[sum] = offset
	}
	w.addressed++
	if last >= 0 {
		if e := &w.entries[last]; known && e.offset == offset && id == e.id+uint64(e.run) {
			e.run++
			return nil
		}
	}
	w.entries = append(w.entries, entry{id: id, offset: offset, length: uint32(len(packed)), run: 1})
	return nil
}

// Finish writes the archive: tiles gives the bytes that were put aside, from
// their beginning.
func (w *Writer) Finish(to io.Writer, tiles io.Reader, about About) error {
	meta, err := json.Marshal(map[string]any{
		"name": about.Name, "attribution": about.Attribution, "type": "baselayer", "vector_layers": about.Layers,
	})
	if err != nil {
		return err
	}
	if meta, err = pack(meta); err != nil {
		return err
	}
	root, leaves, err := directories(w.entries)
	if err != nil {
		return err
	}
	head := w.header(about, len(root), len(meta), len(leaves))
	for _, part := range [][]byte{head, root, meta, leaves} {
		if _, err := to.Write(part); err != nil {
			return err
		}
	}
	n, err := io.Copy(to, tiles)
	if err == nil && uint64(n) != w.written {
		err = fmt.Errorf("%d bytes of tiles, %d were put aside", n, w.written)
	}
	return err
}

const (
	headerLength = 127
	gzipped      = 2 // of the format's compressions
	vectorTiles  = 1 // of its kinds of tiles
)

func (w *Writer) header(about About, root, meta, leaves int) []byte {
	b := append(make([]byte, 0, headerLength), "PMTiles\x03"...)
	at := uint64(headerLength)
	for _, length := range []uint64{uint64(root), uint64(meta), uint64(leaves), w.written} {
		b = binary.LittleEndian.AppendUint64(b, at)
		b = binary.LittleEndian.AppendUint64(b, length)
		at += length
	}
	for _, n := range []uint64{w.addressed, uint64(len(w.entries)), uint64(len(w.at))} {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	b = append(b, 1, gzipped, gzipped, vectorTiles, about.MinZoom, about.MaxZoom) // 1: in the order of the ids
	for _, v := range []float64{about.Bound.Min[0], about.Bound.Min[1], about.Bound.Max[0], about.Bound.Max[1]} {
		b = binary.LittleEndian.AppendUint32(b, degrees(v))
	}
	b = append(b, about.CenterZoom)
	for _, v := range about.Center {
		b = binary.LittleEndian.AppendUint32(b, degrees(v))
	}
	return b
}

// degrees are written as ten-millionths.
func degrees(v float64) uint32 { return uint32(int32(math.Round(v * 1e7))) }

// rootRoom is what the format leaves for the root directory: with the header
// it is the first piece that a reader takes.
const rootRoom = 16384 - headerLength

// directories encodes the entries as one root, or as leaves with a root that
// names them where they are too many.
func directories(entries []entry) (root, leaves []byte, err error) {
	if root, err = directory(entries); err != nil || len(root) <= rootRoom {
		return root, nil, err
	}
	for size := 4096; size <= 1<<24; size *= 2 {
		leaves = nil
		var heads []entry
		for from := 0; from < len(entries); from += size {
			leaf, err := directory(entries[from:min(from+size, len(entries))])
			if err != nil {
				return nil, nil, err
			}
			heads = append(heads, entry{id: entries[from].id, offset: uint64(len(leaves)), length: uint32(len(leaf))})
			leaves = append(leaves, leaf...)
		}
		if root, err = directory(heads); err != nil || len(root) <= rootRoom {
			return root, leaves, err
		}
	}
	return nil, nil, errors.New("too many tiles for one archive")
}

// directory encodes entries, column by column. A run of 0 means a leaf.
func directory(entries []entry) ([]byte, error) {
	b := binary.AppendUvarint(nil, uint64(len(entries)))
	var last uint64
	for _, e := range entries {
		b = binary.AppendUvarint(b, e.id-last)
		last = e.id
	}
	for _, e := range entries {
		b = binary.AppendUvarint(b, uint64(e.run))
	}
	for _, e := range entries {
		b = binary.AppendUvarint(b, uint64(e.length))
	}
	for i, e := range entries {
		// 0: right after the one before.
		if i > 0 && e.offset == entries[i-1].offset+uint64(entries[i-1].length) {
			b = append(b, 0)
		} else {
			b = binary.AppendUvarint(b, e.offset+1)
		}
	}
	return pack(b)
}

func pack(b []byte) ([]byte, error) {
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(b); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}
