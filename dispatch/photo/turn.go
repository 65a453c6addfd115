package photo

// turn is how stored pixels become the picture as it is seen: mirrored left to
// right first, then turned clockwise by so many quarters.
type turn struct {
	mirrored bool
	quarters int
}

// ofEXIF is the turn that EXIF's orientation asks for, from 1 to 8.
func ofEXIF(orientation int) turn {
	turns := [9]turn{2: {true, 0}, 3: {false, 2}, 4: {true, 2}, 5: {true, 3}, 6: {false, 1}, 7: {true, 1}, 8: {false, 3}}
	if orientation < 1 || orientation > 8 {
		return turn{}
	}
	return turns[orientation]
}

func (t turn) sideways() bool { return t.quarters%2 == 1 }

// plane is one channel of a picture, a byte a sample, w to a row.
type plane struct {
	w, h int
	pix  []byte
}

func newPlane(w, h int) plane { return plane{w, h, make([]byte, w*h)} }

// turned is the plane as it is seen.
func (p plane) turned(t turn) plane {
	if t == (turn{}) {
		return p
	}
	out := newPlane(p.w, p.h)
	if t.sideways() {
		out = newPlane(p.h, p.w)
	}
	for y := range p.h {
		row := p.pix[y*p.w : (y+1)*p.w]
		for x, v := range row {
			if t.mirrored {
				x = p.w - 1 - x
			}
			switch t.quarters {
			case 0:
				out.pix[y*out.w+x] = v
			case 1:
				out.pix[x*out.w+p.h-1-y] = v
			case 2:
				out.pix[(p.h-1-y)*out.w+p.w-1-x] = v
			case 3:
				out.pix[(p.w-1-x)*out.w+y] = v
			}
		}
	}
	return out
}
