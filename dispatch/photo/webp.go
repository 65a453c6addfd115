package photo

import (
	"bytes"
	"encoding/binary"

	"golang.org/x/image/webp"
)

// walkWebP goes from chunk to chunk of the RIFF file, whose head says how long
// it is.
func walkWebP(b []byte) (s shape, err error) {
	broken := refused(KeyBroken)
	size := int64(binary.LittleEndian.Uint32(b[4:])) + 8
	if size < 20 || size > int64(len(b)) {
		return s, broken
	}
	if strange(b[size:]) {
		return s, refused(KeyMore)
	}
	pictures, alpha := 0, 0
	for at := int64(12); at < size; {
		if at+8 > size {
			return s, broken
		}
		n := int64(binary.LittleEndian.Uint32(b[at+4:]))
		if n > size-at-8 {
			return s, broken
		}
		body := b[at+8 : at+8+n]
		switch string(b[at : at+4]) {
		case "VP8X":
			if n >= 10 && body[0]&2 != 0 {
				return s, refused(KeyMoving)
			}
		case "ANIM", "ANMF":
			return s, refused(KeyMoving)
		case "VP8 ":
			pictures++
			s.perPixel = 2 // rounded up to whole blocks
		case "VP8L":
			pictures++
			s.perPixel = 4 + 4 + 3 // with its transforms, and turned into luma and chroma
		case "ALPH":
			alpha = 4 + 1 + 3
		case "EXIF":
			s.exif = bytes.TrimPrefix(body, []byte("Exif\x00\x00"))
		}
		at += 8 + n + n&1
	}
	s.perPixel += alpha
	c, err := webp.DecodeConfig(bytes.NewReader(b[:size]))
	if err != nil || pictures != 1 {
		return s, broken
	}
	s.width, s.height = c.Width, c.Height
	return s, nil
}
