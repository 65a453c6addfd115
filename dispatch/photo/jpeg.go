package photo

import (
	"bytes"
	"encoding/binary"
)

// walkJPEG goes from marker to marker up to the end of the picture, and looks
// at what comes after it: nothing, padding, a camera's few bytes, or the
// further pictures (the same scene brighter, a preview) that its index in the
// head announces.
func walkJPEG(b []byte) (shape, error) {
	j, err := jpegFrom(b)
	if err != nil {
		return shape{}, err
	}
	tail := b[j.end:]
	for j.more && len(tail) > 2 {
		at := bytes.Index(tail, []byte("\xff\xd8\xff"))
		if at < 0 || strange(tail[:at]) {
			break
		}
		next, err := jpegFrom(tail[at:])
		if err != nil {
			break
		}
		tail = tail[at+next.end:]
	}
	if strange(tail) && !(j.motion && isFilm(tail)) {
		return shape{}, refused(KeyMore)
	}
	return j.shape, nil
}

type jpegWalk struct {
	shape
	end    int  // of the picture
	more   bool // its head announces further pictures
	motion bool // or the moment on film
}

// maxScans bounds how often a picture may be drawn over: each time takes as
// long as a picture, whatever its bytes. Encoders make a dozen.
const maxScans = 100

func jpegFrom(b []byte) (j jpegWalk, err error) {
	broken := refused(KeyBroken)
	scans := 0
	for at := 2; ; {
		if at+2 > len(b) || b[at] != 0xff {
			return j, broken
		}
		marker := b[at+1]
		switch {
		case marker == 0xff: // filling
			at++
			continue
		case marker == 0xd9: // the end
			if j.width == 0 || scans == 0 {
				return j, broken
			}
			j.end = at + 2
			return j, nil
		case marker == 0x01 || marker >= 0xd0 && marker <= 0xd8 || marker == 0:
			return j, broken // has no length, and no place between segments
		}
		if at+4 > len(b) {
			return j, broken
		}
		n := int(binary.BigEndian.Uint16(b[at+2:]))
		if n < 2 || at+2+n > len(b) {
			return j, broken
		}
		data := b[at+4 : at+2+n]
		at += 2 + n
		switch {
		case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc:
			if j.width != 0 || len(data) < 6 || marker > 0xc2 {
				return j, broken // two frames, or a way of coding that nobody uses
			}
			j.height, j.width = int(binary.BigEndian.Uint16(data[1:])), int(binary.BigEndian.Uint16(data[3:]))
			j.perPixel = jpegBytes(data, marker == 0xc2)
			if j.perPixel == 0 || j.width == 0 || j.height == 0 {
				return j, broken
			}
		case marker == 0xe1 && bytes.HasPrefix(data, []byte("Exif\x00")) && len(data) > 6 && j.exif == nil:
			j.exif = data[6:]
		case marker == 0xe1 && bytes.HasPrefix(data, []byte("http://ns.adobe.com/xap/1.0/")):
			j.motion = j.motion || bytes.Contains(data, []byte("MotionPhoto")) || bytes.Contains(data, []byte("MicroVideo"))
			// The brighter picture of "ultra HDR" is announced here, too.
			j.more = j.more || bytes.Contains(data, []byte("GainMap"))
		case marker == 0xe2 && bytes.HasPrefix(data, []byte("MPF\x00")):
			j.more = true
		case marker == 0xda:
			if scans++; j.width == 0 || scans > maxScans {
				return j, broken
			}
			if at = scanEnd(b, at); at < 0 {
				return j, broken
			}
		}
	}
}

// scanEnd is where the coded data that begin at a place end: at the next
// marker that isn't one of theirs. It is -1 where they don't.
func scanEnd(b []byte, at int) int {
	for {
		n := bytes.IndexByte(b[at:], 0xff)
		if n < 0 || at+n+1 >= len(b) {
			return -1
		}
		at += n
		switch next := b[at+1]; {
		case next == 0 || next >= 0xd0 && next <= 0xd7:
			at += 2
		case next == 0xff:
			at++
		default:
			return at
		}
	}
}

// jpegBytes is what a pixel takes when decoded: its samples, and for a
// progressive picture its coefficients, of four bytes, for as long as it is
// read. It is 0 for a frame that doesn't say.
func jpegBytes(frame []byte, progressive bool) int {
	n := int(frame[5])
	if n != 1 && n != 3 && n != 4 || len(frame) < 6+3*n {
		return 0
	}
	samples, most := 0, 0
	for c := range n {
		s := frame[6+3*c+1]
		h, v := int(s>>4), int(s&15)
		if h < 1 || h > 4 || v < 1 || v > 4 {
			return 0
		}
		samples += h * v
		most = max(most, h*v)
	}
	per := (samples + most - 1) / most
	if n == 4 {
		per += 7 // turned from inks into light
	}
	if progressive {
		per += 4 * samples / most
	}
	return per
}
