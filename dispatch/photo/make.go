package photo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"github.com/gen2brain/heic"
	"golang.org/x/image/webp"
)

// The longer sides, in pixels, of the pictures that are shown.
const (
	ViewSide = 1600
	MapSide  = 320
)

// How much of the picture the JPEGs keep, of 100.
const (
	viewQuality = 82
	mapQuality  = 78
)

// Make decodes a file that Look has passed, and makes the two pictures that
// people are shown: upright JPEGs of at most ViewSide and MapSide that hold
// the picture and nothing else. A file that doesn't decode is refused.
//
// It takes Info.Memory, and for HEIC seconds: the caller bounds how many run
// at once.
func Make(b []byte, i Info) (view, small []byte, err error) {
	img, err := decode(b, i)
	if err != nil {
		return nil, nil, err
	}
	p := planesOf(img)
	img = nil
	v := p.shrunk(ViewSide).turned(i.turn)
	if view, err = v.encode(viewQuality); err != nil {
		return nil, nil, err
	}
	small, err = v.shrunk(MapSide).encode(mapQuality)
	return view, small, err
}

// decode never panics: what a decoder makes of a hostile file is a refusal.
func decode(b []byte, i Info) (img image.Image, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the decoder of %s panicked: %v", i.MIME, r)
		}
		if err != nil || img == nil || img.Bounds().Empty() {
			img, err = nil, refused(KeyBroken)
		}
	}()
	switch i.MIME {
	case JPEG:
		img, err = jpeg.Decode(bytes.NewReader(b))
	case PNG:
		img, err = png.Decode(bytes.NewReader(b))
	case WebP:
		img, err = webp.Decode(bytes.NewReader(b))
	case HEIC:
		// The decoder wants its own brand first.
		b = bytes.Clone(b)
		copy(b[8:12], "heic")
		img, err = heic.Decode(bytes.NewReader(b))
	}
	if err != nil {
		return nil, err
	}
	// What decodes to another size than it was let in with is no honest file.
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if i.turn.sideways() {
		w, h = h, w
	}
	if w != i.Width || h != i.Height {
		return nil, refused(KeyBroken)
	}
	return img, nil
}

// planes are a picture as luma and chroma; grey has luma alone.
type planes struct {
	w, h      int
	y, cb, cr channel
	grey      bool
}

type channel struct {
	pix          []byte
	stride, w, h int
}

// planesOf takes a picture apart. What isn't luma and chroma already is turned
// into them, upon white where one sees through it.
func planesOf(img image.Image) planes {
	r := img.Bounds()
	p := planes{w: r.Dx(), h: r.Dy()}
	switch m := img.(type) {
	case *image.YCbCr:
		p.y = channel{m.Y[m.YOffset(r.Min.X, r.Min.Y):], m.YStride, p.w, p.h}
		at := m.COffset(r.Min.X, r.Min.Y)
		last := m.COffset(r.Max.X-1, r.Max.Y-1) - at
		cw, ch := last%m.CStride+1, last/m.CStride+1
		p.cb, p.cr = channel{m.Cb[at:], m.CStride, cw, ch}, channel{m.Cr[at:], m.CStride, cw, ch}
		return p
	case *image.Gray:
		p.grey = true
		p.y = channel{m.Pix[m.PixOffset(r.Min.X, r.Min.Y):], m.Stride, p.w, p.h}
		return p
	}
	y, cb, cr := newPlane(p.w, p.h), newPlane(p.w, p.h), newPlane(p.w, p.h)
	n := 0
	put := func(red, green, blue, alpha uint32) { // premultiplied, of 0xffff
		white := 0xffff - alpha
		y.pix[n], cb.pix[n], cr.pix[n] = color.RGBToYCbCr(byte((red+white)>>8), byte((green+white)>>8), byte((blue+white)>>8))
		n++
	}
	for py := r.Min.Y; py < r.Max.Y; py++ {
		for px := r.Min.X; px < r.Max.X; px++ {
			switch m := img.(type) {
			case *image.NRGBA:
				put(m.NRGBAAt(px, py).RGBA())
			case *image.RGBA:
				put(m.RGBAAt(px, py).RGBA())
			default:
				put(img.At(px, py).RGBA())
			}
		}
	}
	p.y, p.cb, p.cr = channel{y.pix, p.w, p.w, p.h}, channel{cb.pix, p.w, p.w, p.h}, channel{cr.pix, p.w, p.w, p.h}
	return p
}

// picture is a small one, with half as much chroma both ways.
type picture struct {
	w, h      int
	y, cb, cr plane
	grey      bool
}

// shrunk fits the picture into a square of so many pixels, if it is larger.
func (p planes) shrunk(side int) picture {
	w, h := p.w, p.h
	if longer := max(w, h); longer > side {
		w, h = max(1, (w*side+longer/2)/longer), max(1, (h*side+longer/2)/longer)
	}
	out := picture{w: w, h: h, grey: p.grey, y: p.y.shrunk(w, h)}
	if !p.grey {
		out.cb, out.cr = p.cb.shrunk((w+1)/2, (h+1)/2), p.cr.shrunk((w+1)/2, (h+1)/2)
	}
	return out
}

func (c channel) shrunk(w, h int) plane {
	w, h = min(w, c.w), min(h, c.h)
	return shrink(c.pix, c.stride, c.w, c.h, w, h)
}

func (p picture) shrunk(side int) picture {
	of := func(c plane) channel { return channel{c.pix, c.w, c.w, c.h} }
	return planes{w: p.w, h: p.h, grey: p.grey, y: of(p.y), cb: of(p.cb), cr: of(p.cr)}.shrunk(side)
}

func (p picture) turned(t turn) picture {
	p.y = p.y.turned(t)
	if !p.grey {
		p.cb, p.cr = p.cb.turned(t), p.cr.turned(t)
	}
	p.w, p.h = p.y.w, p.y.h
	return p
}

func (p picture) encode(quality int) ([]byte, error) {
	var img image.Image = &image.Gray{Pix: p.y.pix, Stride: p.w, Rect: image.Rect(0, 0, p.w, p.h)}
	if !p.grey {
		img = &image.YCbCr{
			Y: p.y.pix, Cb: p.cb.pix, Cr: p.cr.pix, YStride: p.w, CStride: p.cb.w,
			SubsampleRatio: image.YCbCrSubsampleRatio420, Rect: image.Rect(0, 0, p.w, p.h),
		}
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality})
	return b.Bytes(), err
}
