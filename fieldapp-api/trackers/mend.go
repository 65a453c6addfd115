package trackers

import (
	"net"
	"strconv"
	"strings"
)

// mended is a connection whose requests may lack the slash before their
// query, as Traccar's own tools write them: "GET ?id=1 HTTP/1.1". It puts the
// slash in as the bytes come by, and so has to know where each request begins:
// it reads along as much of HTTP as tells how long a body is.
type mended struct {
	net.Conn
	in   []byte // read, and not yet looked at
	room [2048]byte
	mender
}

// Read is called by one goroutine at a time.
func (c *mended) Read(p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	for n == 0 {
		if len(c.in) == 0 && !c.due {
			m, err := c.Conn.Read(c.room[:])
			if m == 0 {
				return 0, err
			}
			c.in = c.room[:m] // an error comes again with the next reading
		}
		n, c.in = c.mend(p, c.in)
	}
	return n, nil
}

// mender is the place in a stream of requests.
type mender struct {
	at    place
	due   bool   // a slash and the question mark that follows it are to be written
	line  []byte // of the line so far, as much as matters
	left  int64  // of a body or a chunk
	chunk bool   // the body comes in chunks
}

type place int

const (
	requestLine place = iota
	headers
	wholeBody
	chunkLine
	chunkBody
	trailers
	unknown // whatever follows is passed on as it is
)

// A line's beginning of so many bytes says what it is.
const lineMatters = 256

// mend writes what it can of src into dst, and returns how much it wrote and
// what is left of src. dst has room for a byte.
func (m *mender) mend(dst, src []byte) (n int, rest []byte) {
	for n < len(dst) {
		if m.due {
			m.due = false
			dst[n] = '?'
			n++
			continue
		}
		if len(src) == 0 {
			break
		}
		if m.at == wholeBody || m.at == chunkBody || m.at == unknown {
			k := copy(dst[n:], src)
			if m.at != unknown {
				k = int(min(int64(k), m.left))
				m.left -= int64(k)
			}
			n, src = n+k, src[k:]
			if m.at != unknown && m.left == 0 {
				m.over()
			}
			continue
		}
		b := src[0]
		src = src[1:]
		if b == '?' && m.at == requestLine && slashless(m.line) {
			dst[n] = '/'
			m.due = true
		} else {
			dst[n] = b
		}
		n++
		if b == '\n' {
			m.ended()
		} else if len(m.line) < lineMatters {
			m.line = append(m.line, b)
		}
	}
	return n, src
}

// slashless reports whether a request line that goes on with a question mark
// has only a method before it.
func slashless(line []byte) bool {
	n := len(line)
	if n < 2 || n > 20 || line[n-1] != ' ' {
		return false
	}
	for _, b := range line[:n-1] {
		if b < 'A' || b > 'Z' {
			return false
		}
	}
	return true
}

// over is called at a body's or a chunk's last byte.
func (m *mender) over() {
	if m.at == chunkBody {
		m.at = chunkLine
		return
	}
	*m = mender{line: m.line[:0]}
}

// ended is called at a line's end.
func (m *mender) ended() {
	line := strings.TrimSuffix(string(m.line), "\r")
	m.line = m.line[:0]
	switch m.at {
	case requestLine:
		if line != "" {
			m.at, m.left, m.chunk = headers, 0, false
		}
	case headers:
		m.header(line)
	case chunkLine:
		size, _, _ := strings.Cut(line, ";")
		n, err := strconv.ParseUint(strings.TrimSpace(size), 16, 62)
		switch {
		case err != nil:
			m.at = unknown
		case n == 0:
			m.at = trailers
		default:
			m.at, m.left = chunkBody, int64(n)+2 // and its line's end
		}
	case trailers:
		if line == "" {
			m.over()
		}
	}
}

// header takes note of what says how long the body is.
func (m *mender) header(line string) {
	if line == "" {
		switch {
		case m.chunk:
			m.at = chunkLine
		case m.left > 0:
			m.at = wholeBody
		default:
			m.over()
		}
		return
	}
	name, value, _ := strings.Cut(line, ":")
	value = strings.TrimSpace(value)
	switch strings.ToLower(name) {
	case "content-length":
		n, err := strconv.ParseInt(value, 10, 62)
		if err != nil || n < 0 {
			m.at = unknown // the server refuses it
			return
		}
		m.left = n
	case "transfer-encoding":
		m.chunk = strings.EqualFold(value, "chunked")
	case "upgrade":
		m.at = unknown
	}
}
