package osm

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"io"

	"google.golang.org/protobuf/encoding/protowire"
)

// pbfFile is an .osm.pbf file: blocks, each a length, a header and a body
// (https://wiki.openstreetmap.org/wiki/PBF_Format). It is decoded here, on
// protowire, since paulmach/osm's decoder panics inside goroutines of its own
// on plain (not dense) nodes, on text numbers out of range and on negative
// sizes, which no caller can recover from, and takes a file cut short in a
// block's header for a whole one.
type pbfFile struct {
	r      io.ReadSeeker
	size   int64
	blocks []pbfBlock // where the data blocks are, after the first pass
}

type pbfBlock struct {
	at    int64 // of the block's length prefix
	holds kinds
}

// kinds says which kinds of element a block holds, so that a later pass can
// step over it.
type kinds uint8

const (
	nodes kinds = 1 << iota
	ways
	relations
)

const (
	maxBlockHeader = 64 << 10
	maxBlock       = 32 << 20
)

func (f *pbfFile) format() string { return "pbf" }

func (f *pbfFile) scan(ctx context.Context, h handler, progress func(float64)) error {
	if f.blocks != nil {
		return f.rescan(ctx, h, progress)
	}
	if _, err := f.r.Seek(0, io.SeekStart); err != nil {
		return unreadable(err)
	}
	r := &blockReader{r: bufio.NewReaderSize(f.r, 256<<10)}
	dec := pbfDecoder{h: h}
	blocks := []pbfBlock{}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		progress(float64(r.at) / float64(f.size))
		at := r.at
		typ, body, err := r.next()
		if err == io.EOF {
			f.blocks = blocks
			return nil
		}
		if err != nil {
			return err
		}
		switch typ {
		case "OSMHeader":
			err = checkHeader(body)
		case "OSMData":
			var holds kinds
			holds, err = dec.block(body)
			blocks = append(blocks, pbfBlock{at, holds})
		}
		if err != nil {
			return locate(err, at)
		}
	}
}

// rescan reads only the blocks that hold what h wants.
func (f *pbfFile) rescan(ctx context.Context, h handler, progress func(float64)) error {
	var want kinds
	if h.node != nil {
		want |= nodes
	}
	if h.way != nil {
		want |= ways
	}
	if h.relation != nil {
		want |= relations
	}
	buf := bufio.NewReaderSize(f.r, 256<<10)
	r := &blockReader{r: buf, at: -1}
	dec := pbfDecoder{h: h}
	for _, b := range f.blocks {
		if b.holds&want == 0 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		progress(float64(b.at) / float64(f.size))
		if r.at != b.at {
			if _, err := f.r.Seek(b.at, io.SeekStart); err != nil {
				return unreadable(err)
			}
			buf.Reset(f.r)
			r.at = b.at
		}
		_, body, err := r.next()
		if err == io.EOF {
			err = wrongAt(Unreadable, b.at, "the file became shorter while it was read")
		}
		if err == nil {
			_, err = dec.block(body)
		}
		if err != nil {
			return locate(err, b.at)
		}
	}
	return nil
}

// locate adds the block's offset to an error that has none.
func locate(err error, at int64) error {
	var e *Error
	if errors.As(err, &e) && e.At < 0 {
		e.At = at
	}
	return err
}

// blockReader reads one block after another into buffers of its own.
type blockReader struct {
	r      io.Reader
	at     int64
	packed []byte
	raw    bytes.Buffer
	zr     io.ReadCloser
}

// next gives a block's type and unpacked body, valid until the next call;
// io.EOF means that the file ended between two blocks.
func (b *blockReader) next() (string, []byte, error) {
	at := b.at
	var prefix [4]byte
	if n, err := io.ReadFull(b.r, prefix[:]); err != nil {
		if n == 0 && err == io.EOF {
			return "", nil, io.EOF
		}
		return "", nil, b.short(at, err)
	}
	size := binary.BigEndian.Uint32(prefix[:])
	if size == 0 || size > maxBlockHeader {
		return "", nil, wrongAt(Corrupt, at, "a block header of %d bytes; it has 1 to %d", size, maxBlockHeader)
	}
	header, err := b.take(int(size), at)
	if err != nil {
		return "", nil, err
	}
	typ, datasize, err := blockHeader(header)
	if err != nil {
		return "", nil, locate(err, at)
	}
	if datasize < 0 || datasize > maxBlock {
		return "", nil, wrongAt(TooLarge, at, "a block of %d bytes; at most %d are read", datasize, maxBlock)
	}
	packed, err := b.take(int(datasize), at)
	if err != nil {
		return "", nil, err
	}
	b.at += 4 + int64(size) + datasize
	body, err := b.unpack(packed)
	return typ, body, locate(err, at)
}

func (b *blockReader) take(n int, at int64) ([]byte, error) {
	if cap(b.packed) < n {
		b.packed = make([]byte, n)
	}
	b.packed = b.packed[:n]
	if _, err := io.ReadFull(b.r, b.packed); err != nil {
		return nil, b.short(at, err)
	}
	return b.packed, nil
}

func (b *blockReader) short(at int64, err error) error {
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		return wrongAt(Truncated, at, "the file ends in the middle of a block")
	}
	return &Error{Code: Unreadable, At: at, Msg: "cannot be read: " + err.Error(), Err: err}
}

func blockHeader(b []byte) (typ string, datasize int64, err error) {
	datasize = -1
	err = fields(b, func(num protowire.Number, v uint64, data []byte) error {
		switch num {
		case 1:
			typ = string(data)
		case 3:
			datasize = int64(int32(v))
		}
		return nil
	})
	if err == nil && datasize < 0 {
		err = wrongAt(Corrupt, -1, "a block without a size")
	}
	return typ, datasize, err
}

var packings = map[protowire.Number]string{4: "lzma", 5: "bzip2", 6: "lz4", 7: "zstd"}

// unpack inflates a block's body. It never holds more than maxBlock bytes.
func (b *blockReader) unpack(blob []byte) ([]byte, error) {
	var raw, zipped []byte
	rawSize := int64(-1)
	other := ""
	err := fields(blob, func(num protowire.Number, v uint64, data []byte) error {
		switch num {
		case 1:
			raw = data
		case 2:
			rawSize = int64(int32(v))
		case 3:
			zipped = data
		default:
			other = packings[num]
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case raw != nil:
		return raw, nil
	case zipped == nil && other != "":
		return nil, wrongAt(Corrupt, -1, "a block packed with %s, which is not read; zlib is", other)
	case zipped == nil:
		return nil, wrongAt(Corrupt, -1, "a block without data")
	case rawSize < 0 || rawSize > maxBlock:
		return nil, wrongAt(TooLarge, -1, "a block of %d bytes unpacked; at most %d are read", rawSize, maxBlock)
	}
	if b.zr == nil {
		b.zr, err = zlib.NewReader(bytes.NewReader(zipped))
	} else {
		err = b.zr.(zlib.Resetter).Reset(bytes.NewReader(zipped), nil)
	}
	if err != nil {
		b.zr = nil
		return nil, wrongAt(Corrupt, -1, "broken compression: %v", err)
	}
	b.raw.Reset()
	n, err := io.Copy(&b.raw, io.LimitReader(b.zr, rawSize+1))
	if err != nil {
		return nil, wrongAt(Corrupt, -1, "broken compression: %v", err)
	}
	if n != rawSize {
		return nil, wrongAt(Corrupt, -1, "a block unpacks to other than the %d bytes it announces", rawSize)
	}
	return b.raw.Bytes(), nil
}

// checkHeader refuses files that need what is not understood here.
func checkHeader(b []byte) error {
	return fields(b, func(num protowire.Number, _ uint64, data []byte) error {
		if num != 4 {
			return nil
		}
		switch string(data) {
		case "OsmSchema-V0.6", "DenseNodes":
			return nil
		case "HistoricalInformation":
			return wrongAt(NotOSM, -1, "a file of full history; a snapshot is needed")
		}
		return wrongAt(Corrupt, -1, "it needs the feature %.60q, which is not read", data)
	})
}
