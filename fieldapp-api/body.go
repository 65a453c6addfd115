package fieldapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"moked/dispatch"
)

// maxBody bounds every request's body; photos have a route of their own.
const maxBody = 1 << 20

// A body that takes longer than this to arrive is given up.
const bodyTime = 30 * time.Second

// readBody reads a request's JSON into v, which then holds valid UTF-8
// without NULs. Fields that v doesn't know are passed over.
func (a *api) readBody(c *call, v any) error {
	if !takesJSON(c.r.Header.Get("Content-Type")) {
		return &dispatch.Error{Code: dispatch.MediaType, Key: "media-type"}
	}
	b := a.bodies.Get().(*bytes.Buffer)
	b.Reset()
	defer func() {
		if b.Cap() <= 64<<10 {
			a.bodies.Put(b)
		}
	}()
	control := http.NewResponseController(c.w)
	_ = control.SetReadDeadline(time.Now().Add(bodyTime))
	most := int64(maxBody)
	l, isLoose := v.(loose)
	if isLoose {
		most = l.loose()
	}
	_, err := b.ReadFrom(http.MaxBytesReader(c.w, c.r.Body, most))
	if err != nil {
		return unreadable(err)
	}
	_ = control.SetReadDeadline(time.Time{})
	if isLoose {
		return decodeLoose(b.Bytes(), v)
	}
	return decode(b.Bytes(), v)
}

// loose is a body whose parts are judged one by one, each with its own bad
// texts, and that may be larger.
type loose interface{ loose() (most int64) }

func decodeLoose(b []byte, v any) error {
	// Invalid UTF-8 becomes U+FFFD where it stands; NULs are the parts' own to
	// refuse.
	var syntax *json.SyntaxError
	err := json.Unmarshal(b, v)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax), errors.Is(err, io.ErrUnexpectedEOF):
		return decode(b, v)
	}
	return mismatch(b, v)
}

// takesJSON accepts JSON by any of its names, and a body that doesn't say.
func takesJSON(contentType string) bool {
	if contentType == "" || contentType == "application/json" {
		return true
	}
	t, _, err := mime.ParseMediaType(contentType)
	return err == nil && (t == "application/json" || t == "text/json" || strings.HasSuffix(t, "+json"))
}

func unreadable(err error) error {
	var (
		large *http.MaxBytesError
		slow  net.Error
	)
	switch {
	case errors.As(err, &large):
		return &dispatch.Error{Code: dispatch.TooLarge, Key: "too-large", Args: map[string]any{"max": large.Limit}}
	case errors.As(err, &slow) && slow.Timeout():
		return &dispatch.Error{Code: codeTimeout, Key: "body-slow"}
	}
	return &dispatch.Error{Code: codeMalformed, Key: "body-broken"}
}

func decode(b []byte, v any) error {
	if t := bytes.TrimSpace(b); len(t) == 0 || string(t) == "null" {
		return &dispatch.Error{Code: codeMalformed, Key: "body-missing"}
	}
	if at := badText(b); at >= 0 {
		return dispatch.Bad(pathAt(b, at), dispatch.KeyBadText)
	}
	err := json.Unmarshal(b, v)
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax):
		return &dispatch.Error{Code: codeMalformed, Key: "malformed", Field: pathAt(b, int(syntax.Offset)-1)}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &dispatch.Error{Code: codeMalformed, Key: "malformed", Field: pathAt(b, len(b))}
	}
	return mismatch(b, v)
}

// badText is the offset of the first byte that no text here may hold: one that
// isn't UTF-8, or a NUL, which PostgreSQL can't store. It is -1 for none.
func badText(b []byte) int {
	if !utf8.Valid(b) {
		for i := 0; i < len(b); {
			r, n := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError && n <= 1 {
				return i
			}
			i += n
		}
	}
	for from := 0; ; {
		i := bytes.Index(b[from:], []byte(`\u0000`))
		if i < 0 {
			return -1
		}
		i += from
		slashes := 0
		for k := i - 1; k >= 0 && b[k] == '\\'; k-- {
			slashes++
		}
		if slashes%2 == 0 {
			return i
		}
		from = i + 1
	}
}
