package photo

// coded is the size of the picture that an item's code makes, by the code's
// own word. Parameters that are hidden among the picture's data, where the
// decoder would follow them, are refused.
func (h *heif) coded(id uint32) (w, hi int, err error) {
	broken := refused(KeyBroken)
	var config []byte
	for _, n := range h.of[id] {
		if n >= 1 && n <= len(h.props) && h.props[n-1].kind == "hvcC" {
			config = h.props[n-1].body
		}
	}
	if len(config) < 23 {
		return 0, 0, broken
	}
	prefix := int(config[21]&3) + 1
	r := fields{b: config[23:]}
	for range config[22] {
		kind := r.take(1) & 0x3f
		for range r.take(2) {
			n := int(r.take(2))
			if r.bad || n > len(r.b) {
				return 0, 0, broken
			}
			if kind == unitSPS {
				a, b, ok := sequenceSize(r.b[:n])
				if !ok {
					return 0, 0, broken
				}
				w, hi = max(w, a), max(hi, b)
			}
			r.b = r.b[n:]
		}
	}
	if r.bad || w == 0 || hi == 0 {
		return 0, 0, broken
	}
	for _, e := range h.where[id] {
		b, ok := h.bytes(e)
		if !ok {
			return 0, 0, broken
		}
		for len(b) > 0 {
			r := fields{b: b}
			n := r.long(prefix)
			if r.bad || n < 2 || n > uint64(len(r.b)) {
				return 0, 0, broken
			}
			if kind := r.b[0] >> 1 & 0x3f; kind >= unitVPS && kind <= unitPPS {
				return 0, 0, broken
			}
			b = r.b[n:]
		}
	}
	if len(h.where[id]) == 0 {
		return 0, 0, broken
	}
	return w, hi, nil
}

// Kinds of a code's units that carry parameters (H.265, table 7-1).
const (
	unitVPS = 32
	unitSPS = 33
	unitPPS = 34
)

// sequenceSize reads the size of the pictures from a sequence's parameters
// (H.265, 7.3.2.2).
func sequenceSize(unit []byte) (w, h int, ok bool) {
	r := bits{b: unescaped(unit)}
	r.skip(16 + 4)
	layers := int(r.take(3))
	r.skip(1 + 88 + 8)
	var profile, level [8]bool
	for i := range layers {
		profile[i], level[i] = r.take(1) == 1, r.take(1) == 1
	}
	if layers > 0 {
		r.skip(2 * (8 - layers))
	}
	for i := range layers {
		if profile[i] {
			r.skip(88)
		}
		if level[i] {
			r.skip(8)
		}
	}
	r.golomb()
	if r.golomb() == 3 {
		r.skip(1)
	}
	wide, high := r.golomb(), r.golomb()
	if r.bad || wide == 0 || high == 0 || wide > 1<<20 || high > 1<<20 {
		return 0, 0, false
	}
	return int(wide), int(high), true
}

// unescaped is a unit without the bytes that keep it from looking like a
// beginning.
func unescaped(b []byte) []byte {
	out := make([]byte, 0, len(b))
	zeros := 0
	for _, c := range b {
		if zeros >= 2 && c == 3 {
			zeros = 0
			continue
		}
		if c == 0 {
			zeros++
		} else {
			zeros = 0
		}
		out = append(out, c)
	}
	return out
}

// bits reads a code bit by bit.
type bits struct {
	b   []byte
	at  int
	bad bool
}

func (r *bits) skip(n int) { r.at += n }

func (r *bits) take(n int) (v uint32) {
	for range n {
		if r.at>>3 >= len(r.b) {
			r.bad = true
			return 0
		}
		v = v<<1 | uint32(r.b[r.at>>3]>>(7-r.at&7)&1)
		r.at++
	}
	return v
}

// golomb reads a number whose leading zeros say how long it is.
func (r *bits) golomb() uint32 {
	zeros := 0
	for r.take(1) == 0 {
		if zeros++; zeros > 31 || r.bad {
			r.bad = true
			return 0
		}
	}
	return 1<<zeros - 1 + r.take(zeros)
}
