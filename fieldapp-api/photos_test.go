package fieldapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"testing"

	"moked/dispatch"
	"moked/dispatch/desk"
)

// aPhoto is a photo of its own for every n.
func aPhoto(t testing.TB, n uint64) (sum, b string) {
	t.Helper()
	r := rand.New(rand.NewPCG(n, 7))
	m := image.NewGray(image.Rect(0, 0, 500, 400))
	for i := range m.Pix {
		m.Pix[i] = byte(r.Uint32())
	}
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, m, nil); err != nil {
		t.Fatal(err)
	}
	h := sha256.Sum256(buf.Bytes())
	return hex.EncodeToString(h[:]), buf.String()
}

func (c *client) put(sum, b string, header ...string) *answered {
	c.s.t.Helper()
	return c.do("PUT", "/api/v1/photos/"+sum, b, header...)
}

func (c *client) head(sum string) *answered {
	c.s.t.Helper()
	return c.do("HEAD", "/api/v1/photos/"+sum, nil)
}

func TestPutPhoto(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.as(dispatch.Dispatcher)
	sum, b := aPhoto(t, 1)
	c.head(sum).is(http.StatusNotFound)
	stored := func(a *answered) {
		t.Helper()
		var p desk.Photo
		a.into(&p)
		if p != (desk.Photo{SHA256: sum, Bytes: int64(len(b)), MIME: "image/jpeg", Width: 500, Height: 400, Stored: true}) {
			t.Errorf("%s", a.body)
		}
	}
	stored(c.put(sum, b).is(http.StatusCreated))
	stored(c.put(sum, b).is(http.StatusOK))
	if h := c.head(sum).is(http.StatusOK).header; h.Get("Content-Length") != fmt.Sprint(len(b)) || h.Get(uploadOffset) != "" {
		t.Errorf("%v", h)
	}

	sum, b = aPhoto(t, 2)
	span := func(from, to int) string { return fmt.Sprintf("bytes %d-%d/%d", from, to-1, len(b)) }
	wants := func(a *answered, offset int) {
		t.Helper()
		if got := a.header.Get(uploadOffset); got != fmt.Sprint(offset) {
			t.Errorf("%s: wants byte %s, not %d", a.what, got, offset)
		}
	}
	piece := func(from, to int) *answered {
		t.Helper()
		return c.put(sum, b[from:to], "Content-Range", span(from, to))
	}
	wants(piece(0, 1000).is(http.StatusAccepted), 1000)
	wants(c.head(sum).is(http.StatusOK), 1000)
	wants(piece(0, 1000).is(http.StatusAccepted), 1000)
	if a := piece(1001, 2000).is(http.StatusConflict); a.problem().Code != dispatch.WrongOffset {
		t.Errorf("%s", a.body)
	} else {
		wants(a, 1000)
	}
	stored(piece(1000, len(b)).is(http.StatusCreated))
	stored(piece(1000, len(b)).is(http.StatusOK))
}

func TestPutPhotoRefused(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.as(dispatch.Dispatcher)
	sum, b := aPhoto(t, 1)
	is := func(a *answered, status int, code dispatch.Code) {
		t.Helper()
		if got := a.is(status).problem(); got.Code != code {
			t.Errorf("%s: %s, want %s", a.what, got.Code, code)
		}
	}
	lie, _ := aPhoto(t, 2)
	is(c.put(lie, b), http.StatusUnprocessableEntity, dispatch.HashMismatch)
	is(c.put("abc", b), http.StatusUnprocessableEntity, dispatch.Invalid)
	svg := `<svg xmlns="http://www.w3.org/2000/svg"/>`
	h := sha256.Sum256([]byte(svg))
	is(c.put(hex.EncodeToString(h[:]), svg, "Content-Type", "image/png"), http.StatusUnsupportedMediaType, dispatch.MediaType)
	for _, bad := range []string{"bytes 0-9", "bytes 9-0/100", "bytes 0-9/5", "bytes */100", "bytes 0-9/*", "items 0-9/100", "bytes -1-8/100", "bytes 0-8/100", "bytes 0-99999999999999999999/100"} {
		is(c.put(sum, b[:10], "Content-Range", bad), http.StatusUnprocessableEntity, dispatch.Invalid)
	}
	is(c.put(sum, b[:10], "Content-Range", "bytes 0-9/999999999"), http.StatusRequestEntityTooLarge, dispatch.TooLarge)
	for lang, said := range map[string]string{"he": "התמונה שהגיעה", "en": "Send it again", "ar": "الصورة", "ru": "фотография"} {
		c.lang = lang
		if p := c.put(lie, b).problem(); !strings.Contains(p.Detail, said) {
			t.Errorf("%s: %s", lang, p.Detail)
		}
	}
}

// A body that is cut off is kept, and the next asks from where to go on.
func TestPutPhotoCutOff(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.as(dispatch.Dispatcher)
	sum, b := aPhoto(t, 1)
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	s.must(err)
	_, err = fmt.Fprintf(conn, "PUT /api/v1/photos/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s", sum, c.secret, len(b), b[:3000])
	s.must(err)
	s.must(conn.(*net.TCPConn).CloseWrite())
	answer, _ := io.ReadAll(conn)
	if !bytes.HasPrefix(answer, []byte("HTTP/1.1 400")) {
		t.Errorf("%s", answer)
	}
	conn.Close()
	// A database that goes away ends in the same error, and isn't the body's fault.
	if gone := fmt.Errorf("write: %w", io.ErrUnexpectedEOF); brokeOff(gone) || !passing(gone) {
		t.Error("a database that went away is taken for a body that broke off")
	}
	if got := c.head(sum).is(http.StatusOK).header.Get(uploadOffset); got != "3000" {
		t.Fatalf("goes on at %s", got)
	}
	c.put(sum, b[3000:], "Content-Range", fmt.Sprintf("bytes 3000-%d/%d", len(b)-1, len(b))).is(http.StatusCreated)
}

func TestGetPhoto(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.as(dispatch.Dispatcher)
	sum, b := aPhoto(t, 1)
	c.put(sum, b).is(http.StatusCreated)
	for size, side := range map[string]int{"": 500, "?size=view": 500, "?size=map": 320} {
		a := c.get("/photos/" + sum + size).is(http.StatusOK)
		m, err := jpeg.Decode(bytes.NewReader(a.body))
		if err != nil || m.Bounds().Dx() != side {
			t.Errorf("%s: %v %v", size, m, err)
		}
		h := a.header
		if h.Get("Content-Type") != "image/jpeg" || !strings.Contains(h.Get("Cache-Control"), "immutable") || !strings.HasPrefix(h.Get("Cache-Control"), "private") ||
			h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("Content-Disposition") != "" {
			t.Errorf("%s: %v", size, h)
		}
		c.do("GET", "/api/v1/photos/"+sum+size, nil, "If-None-Match", h.Get("ETag")).is(http.StatusNotModified)
	}
	a := c.get("/photos/" + sum + "?size=original").is(http.StatusOK)
	if string(a.body) != b || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") || a.header.Get("X-Content-Type-Options") != "nosniff" ||
		!strings.Contains(a.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%v", a.header)
	}
	c.get("/photos/" + sum + "?size=huge").is(http.StatusUnprocessableEntity)
	s.as(dispatch.Operator).get("/photos/" + sum).is(http.StatusNotFound) // sent by another, and of no job
	s.public().get("/photos/" + sum).is(http.StatusUnauthorized)
	unknown, _ := aPhoto(t, 2)
	c.get("/photos/" + unknown).is(http.StatusNotFound)

	var d map[string]json.RawMessage
	f := c.report(s.told(3))
	c.get("/incidents/" + f.Incident.ID.String()).is(http.StatusOK).into(&d)
	if string(d["photos"]) != "[]" {
		t.Errorf("an incident without photos has %s", d["photos"])
	}
}
