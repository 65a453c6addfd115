package photo

import (
	"encoding/binary"
	"slices"
)

// A HEIC file is a tree of boxes. The decoder that reads its pictures bounds
// neither memory nor time well, so all that decides about them is read here
// first: the items, their sizes by every account, and what they are coded as.

// isHEIC looks at the brands that a file claims.
func isHEIC(b []byte) bool {
	n := int(binary.BigEndian.Uint32(b))
	if n < 16 || n > 1024 || n > len(b) {
		return false
	}
	for at := 8; at+4 <= n; at += 4 {
		if at != 12 && slices.Contains([]string{"heic", "heix", "heim", "heis"}, string(b[at:at+4])) {
			return true
		}
	}
	return false
}

// boxes calls f with each box of b in turn, until it returns an error.
func boxes(b []byte, f func(kind string, body []byte) error) error {
	for at := 0; at < len(b); {
		if at+8 > len(b) {
			return refused(KeyBroken)
		}
		n, head := uint64(binary.BigEndian.Uint32(b[at:])), uint64(8)
		switch n {
		case 0:
			n = uint64(len(b) - at)
		case 1:
			if at+16 > len(b) {
				return refused(KeyBroken)
			}
			n, head = binary.BigEndian.Uint64(b[at+8:]), 16
		}
		if n < head || n > uint64(len(b)-at) {
			return refused(KeyBroken)
		}
		if err := f(string(b[at+4:at+8]), b[at+int(head):at+int(n)]); err != nil {
			return err
		}
		at += int(n)
	}
	return nil
}

// isFilm reports whether bytes are a film in one piece.
func isFilm(b []byte) bool {
	first, moov := true, false
	err := boxes(b, func(kind string, _ []byte) error {
		if first && kind != "ftyp" || !slices.Contains([]string{"ftyp", "moov", "mdat", "free", "skip", "uuid", "wide", "meta", "udta"}, kind) {
			return refused(KeyMore)
		}
		first, moov = false, moov || kind == "moov"
		return nil
	})
	return err == nil && moov
}

// heif is what the meta box says.
type heif struct {
	file    []byte
	idat    []byte
	primary uint32
	kinds   map[uint32]string
	props   []property
	of      map[uint32][]int // an item's properties, from 1
	where   map[uint32][]extent
	tiles   map[uint32]int // how many items an item is derived from
	parts   int            // of all of these
}

// maxParts bounds what a file makes us keep of it; a photo has some hundreds.
const maxParts = 20_000

// part counts one more, and reports whether that is too many.
func (h *heif) part() bool {
	h.parts++
	return h.parts > maxParts
}

type property struct {
	kind string
	body []byte
}

type extent struct {
	inIdat         bool
	offset, length uint64
}

func walkHEIC(b []byte) (s shape, err error) {
	h := heif{file: b, kinds: map[uint32]string{}, of: map[uint32][]int{}, where: map[uint32][]extent{}, tiles: map[uint32]int{}}
	end := len(b) // padding is no box
	for end > 0 && b[end-1] == 0 && len(b)-end < tailAllowed {
		end--
	}
	metas := 0
	walk := func(whole []byte) error {
		metas = 0
		return boxes(whole, func(kind string, body []byte) error {
			switch kind {
			case "meta":
				metas++
				return h.readMeta(body)
			case "ftyp", "mdat", "free", "skip", "uuid", "mpvd", "sefd", "idat":
				return nil
			case "moov", "moof":
				return refused(KeyMoving)
			}
			return refused(KeyMore)
		})
	}
	// The last box may end in zeros of its own.
	if err = walk(b); err != nil && end < len(b) {
		h = heif{file: b, kinds: map[uint32]string{}, of: map[uint32][]int{}, where: map[uint32][]extent{}, tiles: map[uint32]int{}}
		err = walk(b[:end])
	}
	if err != nil {
		return s, err
	}
	if metas != 1 {
		return s, refused(KeyBroken)
	}
	return h.shape()
}

// shape checks every item, as any may be decoded with the primary one.
func (h *heif) shape() (s shape, err error) {
	broken := refused(KeyBroken)
	var largest int64
	for id, kind := range h.kinds {
		switch kind {
		case "hvc1":
			w, hi, err := h.coded(id)
			if err != nil {
				return s, err
			}
			largest = max(largest, int64(w)*int64(hi))
			if w > MaxSide || hi > MaxSide {
				s.width, s.height, s.perPixel = w, hi, 1
				return s, nil // too large, as Look finds
			}
		case "Exif":
			if data, ok := h.data(id); ok && len(data) > 4 {
				if skip := binary.BigEndian.Uint32(data); int64(skip) < int64(len(data)-4) {
					s.exif = data[4+skip:]
				}
			}
		case "iovl":
			return s, broken // pictures laid over each other
		}
	}
	w, hi, ok := h.size(h.primary)
	if !ok {
		return s, broken
	}
	switch h.kinds[h.primary] {
	case "hvc1":
	case "grid":
		data, ok := h.data(h.primary)
		if !ok || len(data) < 8 {
			return s, broken
		}
		tiles := (int(data[2]) + 1) * (int(data[3]) + 1)
		if data[1]&1 == 0 {
			w, hi = int(binary.BigEndian.Uint16(data[4:])), int(binary.BigEndian.Uint16(data[6:]))
		} else if len(data) < 12 {
			return s, broken
		} else {
			w, hi = int(binary.BigEndian.Uint32(data[4:])), int(binary.BigEndian.Uint32(data[8:]))
		}
		if tiles > 4096 || tiles != h.tiles[h.primary] || largest == 0 {
			return s, broken
		}
	default:
		return s, broken
	}
	if w <= 0 || hi <= 0 {
		return s, broken
	}
	s.width, s.height, s.upright = w, hi, true
	s.perPixel = heicBytes(int64(w)*int64(hi), largest)
	for _, n := range h.of[h.primary] {
		if n < 1 || n > len(h.props) {
			return s, broken
		}
		switch p := h.props[n-1]; p.kind {
		case "irot":
			if len(p.body) > 0 && p.body[0]&1 == 1 {
				s.sideways = !s.sideways
			}
		case "clap":
			if len(p.body) >= 16 {
				n, d := binary.BigEndian.Uint32(p.body), binary.BigEndian.Uint32(p.body[4:])
				m, e := binary.BigEndian.Uint32(p.body[8:]), binary.BigEndian.Uint32(p.body[12:])
				if d == 0 || e == 0 || int64(n/d) > int64(s.width) || int64(m/e) > int64(s.height) || n < d || m < e {
					return s, broken
				}
				s.width, s.height = int(n/d), int(m/e)
			}
		}
	}
	return s, nil
}

// heicBytes is what a pixel of the whole takes when it is decoded from pieces
// of at most largest pixels: 12 megapixels in one piece were measured at 21.
func heicBytes(whole, largest int64) int {
	return 8 + int((14*largest+whole-1)/whole)
}

// size is the size that an item claims.
func (h *heif) size(id uint32) (w, hi int, ok bool) {
	for _, n := range h.of[id] {
		if n < 1 || n > len(h.props) {
			return 0, 0, false
		}
		if p := h.props[n-1]; p.kind == "ispe" && len(p.body) >= 12 {
			return int(binary.BigEndian.Uint32(p.body[4:])), int(binary.BigEndian.Uint32(p.body[8:])), true
		}
	}
	return 0, 0, false
}

// data is an item's bytes, where they are in one piece.
func (h *heif) data(id uint32) ([]byte, bool) {
	ex := h.where[id]
	if len(ex) != 1 {
		return nil, false
	}
	return h.bytes(ex[0])
}

func (h *heif) bytes(e extent) ([]byte, bool) {
	in := h.file
	if e.inIdat {
		in = h.idat
	}
	if e.offset > uint64(len(in)) || e.length > uint64(len(in))-e.offset {
		return nil, false
	}
	if e.length == 0 {
		return in[e.offset:], true
	}
	return in[e.offset : e.offset+e.length], true
}
