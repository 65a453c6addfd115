package trackers

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// mendAll puts a stream through the mender in pieces of any size.
func mendAll(stream []byte, piece func() int) string {
	var m mender
	var out []byte
	for len(stream) > 0 || m.due {
		n := min(piece(), len(stream))
		src := stream[:n]
		stream = stream[n:]
		for len(src) > 0 || m.due {
			dst := make([]byte, piece())
			k, rest := m.mend(dst, src)
			out, src = append(out, dst[:k]...), rest
		}
	}
	return string(out)
}

func TestMend(t *testing.T) {
	t.Parallel()
	const get, got = "GET ?id=1&lat=2 HTTP/1.1\r\nHost: x\r\n\r\n", "GET /?id=1&lat=2 HTTP/1.1\r\nHost: x\r\n\r\n"
	body := "GET ?id=9 HTTP/1.1\r\n\r\n" // which is none
	for name, c := range map[string]struct{ in, want string }{
		"without a slash":     {get, got},
		"pipelined":           {get + get + get, got + got + got},
		"with a slash":        {got, got},
		"post":                {"POST ?id=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n" + get, "POST /?id=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n" + got},
		"bare line ends":      {"GET ?id=1 HTTP/1.1\nHost: x\n\n" + get, "GET /?id=1 HTTP/1.1\nHost: x\n\n" + got},
		"a question in it":    {"GET /a?b?c HTTP/1.1\r\nX: GET ?id=1\r\n\r\n" + get, "GET /a?b?c HTTP/1.1\r\nX: GET ?id=1\r\n\r\n" + got},
		"two spaces":          {"GET  ?id=1 HTTP/1.1\r\n\r\n", "GET  ?id=1 HTTP/1.1\r\n\r\n"},
		"no method":           {" ?id=1 HTTP/1.1\r\n\r\n", " ?id=1 HTTP/1.1\r\n\r\n"},
		"a body like one":     {"POST / HTTP/1.1\r\nContent-Length: 22\r\n\r\n" + body + get, "POST / HTTP/1.1\r\nContent-Length: 22\r\n\r\n" + body + got},
		"in chunks":           {"POST / HTTP/1.1\r\ntransfer-encoding: Chunked\r\n\r\n16\r\n" + body + "\r\n0\r\nX: y\r\n\r\n" + get, "POST / HTTP/1.1\r\ntransfer-encoding: Chunked\r\n\r\n16\r\n" + body + "\r\n0\r\nX: y\r\n\r\n" + got},
		"a length that isn't": {"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n" + get, "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n" + get},
		"cut off":             {"GET ?", "GET /?"},
		"very long":           {"GET ?" + strings.Repeat("x", 5000) + " HTTP/1.1\r\nA: " + strings.Repeat("y", 5000) + "\r\n\r\n" + get, "GET /?" + strings.Repeat("x", 5000) + " HTTP/1.1\r\nA: " + strings.Repeat("y", 5000) + "\r\n\r\n" + got},
	} {
		for _, size := range []int{1, 2, 7, 1 << 16} {
			if out := mendAll([]byte(c.in), func() int { return size }); out != c.want {
				t.Errorf("%s in pieces of %d: %q, want %q", name, size, out, c.want)
			}
		}
	}
}

// FuzzMend builds a connection's requests out of the seed's choices, some
// without their slash, and reads them as a server does: they are those with
// the slash. Any bytes at all come through with nothing but slashes added,
// however they are cut.
func FuzzMend(f *testing.F) {
	f.Add(uint64(1), []byte("GET ?id=1 HTTP/1.1\r\n\r\n"))
	f.Add(uint64(7), []byte("POST ?a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET ?b HTTP/1.1\r\n\r\n"))
	f.Add(uint64(9), []byte("\n\r\n?\nTransfer-Encoding: chunked\n\nff\n"))
	f.Fuzz(func(t *testing.T, seed uint64, raw []byte) {
		r := rand.New(rand.NewPCG(seed, 3))
		pieces := func() int { return 1 + r.IntN(40) }
		whole := mendAll(raw, func() int { return 1 << 16 })
		if cut := mendAll(raw, pieces); cut != whole {
			t.Fatalf("cut up it is %q, at once %q", cut, whole)
		}
		if strings.ReplaceAll(whole, "/?", "?") != strings.ReplaceAll(string(raw), "/?", "?") {
			t.Fatalf("%q became %q", raw, whole)
		}
		var sent, want strings.Builder
		n := 1 + r.IntN(5)
		for range n {
			request := func(target string) string {
				switch r.IntN(3) {
				case 0:
					return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", target, len(raw), raw)
				case 1:
					chunk := ""
					if len(raw) > 0 {
						chunk = fmt.Sprintf("%x;x=y\r\n%s\r\n", len(raw), raw)
					}
					return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n%s0\r\n\r\n", target, chunk)
				}
				return fmt.Sprintf("GET %s HTTP/1.1\r\nHost: x\r\n\r\n", target)
			}
			said := request("?id=1")
			sent.WriteString(said)
			want.WriteString(strings.Replace(said, " ?", " /?", 1))
		}
		out := mendAll([]byte(sent.String()), pieces)
		if out != want.String() {
			t.Fatalf("%q became %q", sent.String(), out)
		}
		b := bufio.NewReader(iotest.OneByteReader(strings.NewReader(out)))
		for i := range n {
			q, err := http.ReadRequest(b)
			if err != nil {
				t.Fatalf("request %d: %v", i, err)
			}
			got, err := io.ReadAll(q.Body)
			if err != nil || q.URL.RawQuery != "id=1" || q.Method == "POST" && !bytes.Equal(got, raw) {
				t.Fatalf("request %d: %s %q %v", i, q.URL, got, err)
			}
		}
	})
}

// TestMendedConnection: what is read is what was written, mended, and the end
// comes after it.
func TestMendedConnection(t *testing.T) {
	t.Parallel()
	a, b := net.Pipe()
	go func() {
		for _, s := range []string{"GET", " ", "?id=1 HTTP/1.1\r\n", "\r\n"} {
			_, _ = a.Write([]byte(s))
			time.Sleep(time.Millisecond)
		}
		_ = a.Close()
	}()
	got, err := io.ReadAll(&mended{Conn: b})
	if err != nil || string(got) != "GET /?id=1 HTTP/1.1\r\n\r\n" {
		t.Errorf("%q %v", got, err)
	}
}
