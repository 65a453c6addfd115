// Package photo reads the photos that crews send: it finds out by its content
// what a file is, refuses what is no honest photo, reads when and where it was
// taken, and makes the small upright pictures that people are shown, which
// carry nothing but the picture. It is pure: bytes in, bytes out.
//
// Look is cheap and decides whether a file is taken at all; Make decodes, and
// Info.Memory says about how much memory that takes.
package photo

import (
	"bytes"
	"time"

	"moked/dispatch"
)

// MIME is the kind of a file, as its content says.
type MIME string

// The kinds that are read.
const (
	JPEG MIME = "image/jpeg"
	PNG  MIME = "image/png"
	WebP MIME = "image/webp"
	HEIC MIME = "image/heic"
)

// Limits of what is taken: bytes of a file, the longer side in pixels, and the
// memory that decoding takes, in bytes. The 48 megapixels of a
// phone fit.
const (
	MaxBytes  = 40 << 20
	MaxSide   = 20_000
	MaxMemory = 512 << 20
)

// Info is what a file is. Width and Height are of the picture as it is to be
// seen, in pixels. Position and time are the camera's word, where it gives
// them.
type Info struct {
	MIME   MIME
	Width  int
	Height int
	// Memory is about how much decoding takes, in bytes.
	Memory int64
	// TakenAt is nil when the file doesn't say, or not in which time zone.
	TakenAt *time.Time
	// Lat and Lon are WGS84 degrees, or both nil.
	Lat, Lon *float64

	turn turn
}

// The keys of the texts that the refusals name.
const (
	KeyNoPhoto     = "photo.no-photo"      // none of the kinds that are read
	KeyDrawing     = "photo.drawing"       // SVG
	KeyMoving      = "photo.moving"        // an animation or a film
	KeyBroken      = "photo.broken"        // truncated, or not as its kind is made
	KeyMore        = "photo.more"          // something else is hidden in the file
	KeyTooManyDots = "photo.too-many-dots" // {width} {height}
	KeyTooHeavy    = "photo.too-heavy"     // {max}, in megabytes
)

// ErrorKeys lists the keys that this package's errors may carry.
func ErrorKeys() []string {
	return []string{KeyNoPhoto, KeyDrawing, KeyMoving, KeyBroken, KeyMore, KeyTooManyDots, KeyTooHeavy}
}

func refused(key string) error { return &dispatch.Error{Code: dispatch.MediaType, Key: key} }

// shape is what a walk over a file's structure finds: the size of the stored
// pixels, what decoding one pixel takes, and the block of EXIF.
type shape struct {
	width, height int
	perPixel      int // bytes
	exif          []byte
	upright       bool // the decoder turns them itself, whatever EXIF says
	sideways      bool // and then by a quarter
}

// Look finds out what a file is, without decoding it. It refuses, with an
// *dispatch.Error, all that is no whole, plain, single photo: other kinds,
// drawings, films, files that were cut off, that hold more than a photo, or
// that would grow beyond the limits when decoded.
func Look(b []byte) (Info, error) {
	if len(b) > MaxBytes {
		return Info{}, TooHeavy()
	}
	var (
		s   shape
		err error
		i   = Info{MIME: sniff(b)}
	)
	if i.MIME != "" && hidesMore(b) {
		return Info{}, refused(KeyMore)
	}
	switch i.MIME {
	case JPEG:
		s, err = walkJPEG(b)
	case PNG:
		s, err = walkPNG(b)
	case WebP:
		s, err = walkWebP(b)
	case HEIC:
		s, err = walkHEIC(b)
	default:
		return Info{}, notAPhoto(b)
	}
	if err != nil {
		return Info{}, err
	}
	if s.width <= 0 || s.height <= 0 {
		return Info{}, refused(KeyBroken)
	}
	i.Memory = int64(s.width) * int64(s.height) * int64(s.perPixel)
	if s.width > MaxSide || s.height > MaxSide || i.Memory > MaxMemory {
		return Info{}, &dispatch.Error{
			Code: dispatch.MediaType, Key: KeyTooManyDots, Args: map[string]any{"width": s.width, "height": s.height},
		}
	}
	if s.exif != nil {
		said := i.readEXIF(s.exif)
		if !s.upright {
			i.turn = said
		}
	}
	i.Width, i.Height = s.width, s.height
	if i.turn.sideways() || s.sideways {
		i.Width, i.Height = i.Height, i.Width
	}
	return i, nil
}

// TooHeavy is the refusal of a file of more than MaxBytes.
func TooHeavy() error {
	return &dispatch.Error{Code: dispatch.TooLarge, Key: KeyTooHeavy, Args: map[string]any{"max": MaxBytes >> 20}}
}

// sniff tells the kinds apart by how their files begin.
func sniff(b []byte) MIME {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return JPEG
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return PNG
	case len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		return WebP
	case len(b) >= 12 && string(b[4:8]) == "ftyp" && isHEIC(b):
		return HEIC
	}
	return ""
}
