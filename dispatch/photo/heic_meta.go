package photo

import "encoding/binary"

// readMeta reads the boxes that say which items there are, where, and of what
// size.
func (h *heif) readMeta(b []byte) error {
	if len(b) < 4 {
		return refused(KeyBroken)
	}
	return boxes(b[4:], func(kind string, body []byte) error {
		r := fields{b: body}
		switch kind {
		case "idat":
			h.idat = body
		case "pitm":
			version := r.take(4) >> 24
			h.primary = r.id(version > 0)
		case "iinf":
			version := r.take(4) >> 24
			r.id(version > 0)
			if r.bad {
				break
			}
			return boxes(r.b, h.readItem)
		case "iprp":
			return boxes(body, h.readProperties)
		case "iloc":
			h.readPlaces(&r)
		case "iref":
			version := r.take(4) >> 24
			if r.bad {
				break
			}
			return boxes(r.b, func(kind string, body []byte) error {
				r := fields{b: body}
				from := r.id(version > 0)
				if n := int(r.take(2)); kind == "dimg" {
					h.tiles[from] = n
				}
				return r.err()
			})
		}
		return r.err()
	})
}

func (h *heif) readItem(kind string, body []byte) error {
	r := fields{b: body}
	version := r.take(4) >> 24
	if kind != "infe" || version < 2 {
		return nil
	}
	id := r.id(version > 2)
	r.take(2)
	if r.bad || len(r.b) < 4 {
		return refused(KeyBroken)
	}
	if h.part() {
		return refused(KeyBroken)
	}
	h.kinds[id] = string(r.b[:4])
	return nil
}

func (h *heif) readProperties(kind string, body []byte) error {
	switch kind {
	case "ipco":
		return boxes(body, func(kind string, body []byte) error {
			if h.part() {
				return refused(KeyBroken)
			}
			h.props = append(h.props, property{kind, body})
			return nil
		})
	case "ipma":
		r := fields{b: body}
		head := r.take(4)
		for range r.take(4) {
			id := r.id(head>>24 > 0)
			for range r.take(1) {
				n := 0
				if head&1 == 1 {
					n = int(r.take(2) & 0x7fff)
				} else {
					n = int(r.take(1) & 0x7f)
				}
				if r.bad = r.bad || h.part(); n > 0 {
					h.of[id] = append(h.of[id], n)
				}
			}
			if r.bad {
				break
			}
		}
		return r.err()
	}
	return nil
}

// readPlaces reads where the items' bytes are.
func (h *heif) readPlaces(r *fields) {
	version := r.take(4) >> 24
	sizes := r.take(2)
	offset, length, base, index := int(sizes>>12), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	if version == 0 {
		index = 0
	}
	n := int(r.id(version > 1))
	for range n {
		id := r.id(version > 1)
		inIdat := false
		if version > 0 {
			how := r.take(2) & 15
			inIdat = how == 1
			r.bad = r.bad || how > 1
		}
		if r.take(2) != 0 {
			r.bad = true // in another file
		}
		from := r.long(base)
		for range r.take(2) {
			r.long(index)
			e := extent{inIdat: inIdat, offset: from + r.long(offset), length: r.long(length)}
			if r.bad = r.bad || h.part(); r.bad {
				return
			}
			h.where[id] = append(h.where[id], e)
		}
		if r.bad {
			return
		}
	}
}

// fields reads numbers one after another; bad says that they ran out.
type fields struct {
	b   []byte
	bad bool
}

// long reads a number of n bytes: 0, 1, 2, 4 or 8.
func (r *fields) long(n int) uint64 {
	if n > len(r.b) || n > 8 {
		r.bad = true
	}
	if r.bad {
		return 0
	}
	var v [8]byte
	copy(v[8-n:], r.b)
	r.b = r.b[n:]
	return binary.BigEndian.Uint64(v[:])
}

func (r *fields) take(n int) uint32 { return uint32(r.long(n)) }

// id reads an item's number, of four bytes in newer boxes.
func (r *fields) id(wide bool) uint32 {
	if wide {
		return r.take(4)
	}
	return r.take(2)
}

func (r *fields) err() error {
	if r.bad {
		return refused(KeyBroken)
	}
	return nil
}
