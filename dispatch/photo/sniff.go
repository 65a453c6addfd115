package photo

import (
	"bytes"
	"encoding/binary"
)

// notAPhoto says of a file of no kind that is read what is wrong with it.
func notAPhoto(b []byte) error {
	head := bytes.ToLower(b[:min(len(b), 1024)])
	switch {
	case bytes.Contains(head, []byte("<svg")):
		return refused(KeyDrawing)
	case bytes.HasPrefix(b, []byte("GIF8")):
		return refused(KeyMoving)
	case len(b) >= 12 && string(b[4:8]) == "ftyp":
		switch string(b[8:12]) {
		case "heic", "heix", "mif1":
			return refused(KeyBroken)
		case "avif":
			return refused(KeyNoPhoto)
		}
		return refused(KeyMoving)
	}
	return refused(KeyNoPhoto)
}

// What a browser or a shell might take a file for, when it finds these in its
// first bytes. Markup in the metadata of an honest photo is none of them.
var markup = [][]byte{
	[]byte("<script"), []byte("<html"), []byte("<!doctype"), []byte("<iframe"), []byte("<body"), []byte("<svg"),
	[]byte("<?php"), []byte("javascript:"),
}

const (
	headBytes   = 4 << 10  // in which markup is looked for
	pdfBytes    = 1 << 10  // in which readers look for a PDF's beginning
	tailBytes   = 66 << 10 // in which readers look for a ZIP's directory
	tailAllowed = 4 << 10  // how much a camera may leave after the end of a photo
)

// hidesMore reports whether a file that is a photo is something else as well.
func hidesMore(b []byte) bool {
	head := bytes.ToLower(b[:min(len(b), headBytes)])
	for _, m := range markup {
		if bytes.Contains(head, m) {
			return true
		}
	}
	return bytes.Contains(b[:min(len(b), pdfBytes)], []byte("%PDF-")) || isZIP(b)
}

// isZIP looks for the end of a ZIP's directory, as its readers do: from the
// file's end, and then for the directory that it speaks of.
func isZIP(b []byte) bool {
	tail := b[max(0, len(b)-tailBytes):]
	for from := len(tail); ; {
		at := bytes.LastIndex(tail[:from], []byte("PK\x05\x06"))
		if at < 0 {
			return false
		}
		end := len(b) - len(tail) + at
		if at >= 20 && string(tail[at-20:at-16]) == "PK\x06\x07" {
			return true // its directory is told of in the way of the large ones
		}
		if at+22 <= len(tail) {
			size := int64(binary.LittleEndian.Uint32(tail[at+12:]))
			entries := binary.LittleEndian.Uint16(tail[at+10:])
			if start := int64(end) - size; start >= 0 && (entries == 0 || bytes.HasPrefix(b[start:], []byte("PK\x01\x02"))) {
				return true
			}
		}
		from = at
	}
}

// strange reports whether bytes after a photo's end are what no camera leaves
// there: too many, or something that is read by itself.
func strange(tail []byte) bool {
	if len(bytes.Trim(tail, "\x00")) == 0 {
		return false // padding
	}
	if len(tail) > tailAllowed {
		return true
	}
	low := bytes.ToLower(tail)
	for _, m := range markup {
		if bytes.Contains(low, m) {
			return true
		}
	}
	for _, m := range []string{"PK\x03\x04", "%PDF-", "#!/", "\x7fELF", "Rar!", "7z\xbc\xaf", "\x1f\x8b\x08", "MZ\x90"} {
		if bytes.Contains(tail, []byte(m)) {
			return true
		}
	}
	return false
}
