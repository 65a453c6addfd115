package photo

import (
	"encoding/binary"
)

// walkPNG goes from chunk to chunk to the last one.
func walkPNG(b []byte) (s shape, err error) {
	broken := refused(KeyBroken)
	data := false
	for at := 8; ; {
		if at+12 > len(b) {
			return s, broken
		}
		n := int64(binary.BigEndian.Uint32(b[at:]))
		if n > int64(len(b)-at-12) {
			return s, broken
		}
		body := b[at+8 : at+8+int(n)]
		kind := string(b[at+4 : at+8])
		if (kind == "IHDR") != (at == 8) {
			return s, broken
		}
		at += 12 + int(n)
		switch kind {
		case "IHDR":
			if n != 13 {
				return s, broken
			}
			w, h := binary.BigEndian.Uint32(body), binary.BigEndian.Uint32(body[4:])
			if w > 1<<24 || h > 1<<24 {
				w, h = min(w, 1<<24), min(h, 1<<24) // beyond any limit as well
			}
			s.width, s.height = int(w), int(h)
			s.perPixel = pngBytes(body[8], body[9])
			if s.perPixel == 0 {
				return s, broken
			}
		case "acTL":
			return s, refused(KeyMoving)
		case "eXIf":
			s.exif = body
		case "IDAT":
			data = true
		case "IEND":
			if !data {
				return s, broken
			}
			if strange(b[at:]) {
				return s, refused(KeyMore)
			}
			return s, nil
		}
	}
}

// pngBytes is what a pixel takes when decoded, with the three more into which
// it is then turned; 0 for what there isn't.
func pngBytes(depth, colour byte) int {
	wide := 1
	switch depth {
	case 16:
		wide = 2
	case 1, 2, 4, 8:
	default:
		return 0
	}
	switch colour {
	case 0, 3:
		return wide + 3
	case 2, 4, 6:
		return 4*wide + 3
	}
	return 0
}
