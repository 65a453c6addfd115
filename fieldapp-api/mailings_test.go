package fieldapi

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/mail"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/xuri/excelize/v2"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/dispatch/feed"
)

// mailServer takes letters as a mail server does (RFC 5321), or refuses them
// while refuse says why.
type mailServer struct {
	t      testing.TB
	mu     sync.Mutex
	took   [][]byte
	refuse string
}

func newMailServer(t testing.TB) (*mailServer, string) {
	t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &mailServer{t: t}
	var open sync.WaitGroup
	t.Cleanup(func() { l.Close(); open.Wait() })
	open.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() { defer c.Close(); s.talk(c) })
		}
	})
	return s, "smtp://" + l.Addr().String()
}

func (s *mailServer) talk(c net.Conn) {
	in := bufio.NewReader(c)
	say := func(line string) { fmt.Fprintf(c, "%s\r\n", line) }
	say("220 test")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(strings.Fields(line + " x")[0]); verb {
		case "EHLO":
			say("250-test")
			say("250-8BITMIME")
			say("250 SMTPUTF8")
		case "RCPT":
			s.mu.Lock()
			no := s.refuse
			s.mu.Unlock()
			if no != "" {
				say(no)
				continue
			}
			say("250 ok")
		case "DATA":
			say("354 go on")
			var letter bytes.Buffer
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				letter.WriteString(strings.TrimPrefix(line, "."))
			}
			s.mu.Lock()
			s.took = append(s.took, letter.Bytes())
			s.mu.Unlock()
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (s *mailServer) letters() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.took
}

func (s *mailServer) refuses(why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = why
}

// letter is one that was taken: its heads, its texts, and what is attached.
type letter struct {
	head     mail.Header
	subject  string
	plain    string
	html     string
	name     string
	attached []byte
}

func readLetter(t *testing.T, raw []byte) (l letter) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	must(err)
	l.head = m.Header
	l.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	must(err)
	var walk func(kind string, in io.Reader)
	walk = func(kind string, in io.Reader) {
		media, args, err := mime.ParseMediaType(kind)
		must(err)
		if !strings.HasPrefix(media, "multipart/") {
			t.Fatalf("%s", kind)
		}
		parts := multipart.NewReader(in, args["boundary"])
		for {
			p, err := parts.NextPart()
			if err == io.EOF {
				return
			}
			must(err)
			media, _, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
			must(err)
			if strings.HasPrefix(media, "multipart/") {
				walk(p.Header.Get("Content-Type"), p)
				continue
			}
			var in io.Reader = p // quoted-printable is read already
			if p.Header.Get("Content-Transfer-Encoding") == "base64" {
				in = base64.NewDecoder(base64.StdEncoding, p)
			}
			b, err := io.ReadAll(in)
			must(err)
			switch {
			case p.FileName() != "":
				l.name, l.attached = p.FileName(), b
			case media == "text/html":
				l.html = string(b)
			default:
				l.plain = string(b)
			}
		}
	}
	walk(m.Header.Get("Content-Type"), m.Body)
	return l
}

func TestMailings(t *testing.T) {
	t.Parallel()
	post, address := newMailServer(t)
	s := newServer(t, func(o *Options, _ *feed.Options) {
		o.Post = Post{Server: address, From: "Moked <moked@example.org>"}
		o.URL = "https://moked.example.org/"
	})
	var code string
	s.must(s.pool.QueryRow(t.Context(), `select code from area where authority = $1 and level = 'district' order by code limit 1`, townCode).Scan(&code))
	user, err := s.desk.CreateUser(t.Context(), s.admin(townCode), desk.NewUser{Login: "mira", Name: "מירה", Role: dispatch.DistrictManager, District: code, Password: password})
	s.must(err)
	mira := s.signIn("mira")

	for field, n := range map[string]map[string]any{
		"to":       {"to": "nobody", "every": "week", "format": "csv"},
		"every":    {"to": "a@example.org", "every": "day", "format": "csv"},
		"day":      {"to": "a@example.org", "every": "month", "day": 29, "format": "csv"},
		"hour":     {"to": "a@example.org", "every": "week", "hour": 24, "format": "csv"},
		"format":   {"to": "a@example.org", "every": "week", "format": "doc"},
		"district": {"to": "a@example.org", "every": "week", "format": "csv", "district": "nowhere"},
		"lang":     {"to": "a@example.org", "every": "week", "format": "csv", "lang": "xx"},
	} {
		mira.post("/mailings", n).is(422).names("invalid", field)
	}
	for _, to := range []string{"a@example.org, b@example.org", "a@example.org\r\nBcc: b@example.org", "A <a@example.org>"} {
		mira.post("/mailings", map[string]any{"to": to, "every": "week", "format": "csv"}).is(422).names("invalid", "to")
	}
	s.as(dispatch.Dispatcher).post("/mailings", map[string]any{"to": "a@example.org", "every": "week", "format": "csv"}).is(403) // a program has no mail

	var kept mailingBody
	mira.post("/mailings", map[string]any{"to": "mira@example.org", "every": "month", "day": 1, "hour": 6, "format": "xlsx", "lang": "he"}).is(201).into(&kept)
	s.api.sendDue(t.Context())
	if n := len(post.letters()); n != 0 {
		t.Fatalf("%d letters before their time", n)
	}
	due := func() {
		_, err := s.pool.Exec(t.Context(), `update mailing set due_at = date_trunc('month', now()) + interval '6 hours', try_at = now() - interval '1 second'`)
		s.must(err)
	}
	list := func() mailingList {
		var l mailingList
		mira.get("/mailings").is(200).into(&l)
		return l
	}

	// A server that can't take it is tried again, and the person is told.
	due()
	post.refuses("451 later")
	s.api.sendDue(t.Context())
	if l := list(); len(l.Mailings) != 1 || l.Mailings[0].Failed == "" || l.Mailings[0].SentAt != nil || !l.Sends {
		t.Fatalf("%+v", l)
	}
	s.api.sendDue(t.Context()) // its lease runs
	post.refuses("")
	due()
	var both sync.WaitGroup
	for range 4 {
		both.Go(func() { s.api.sendDue(t.Context()) })
	}
	both.Wait()
	letters := post.letters()
	if len(letters) != 1 {
		t.Fatalf("%d letters", len(letters))
	}
	l := readLetter(t, letters[0])
	if l.head.Get("To") != "<mira@example.org>" || !strings.Contains(l.head.Get("Message-ID"), kept.Mailing.ID.String()) || !strings.Contains(l.subject, "דוח המוקד") {
		t.Errorf("%v %s", l.head, l.subject)
	}
	if !strings.Contains(l.html, `dir="rtl"`) || !strings.Contains(l.html, "https://moked.example.org/review?") || !strings.Contains(l.plain, "פניות: 0") {
		t.Errorf("%s\n%s", l.plain, l.html)
	}
	book, err := excelize.OpenReader(bytes.NewReader(l.attached))
	if err != nil || !strings.HasSuffix(l.name, ".xlsx") {
		t.Fatalf("%s: %v", l.name, err)
	}
	if first, err := book.GetCellValue(book.GetSheetList()[0], "A1"); err != nil || !strings.Contains(first, "דוח המוקד") {
		t.Errorf("%q, %v", first, err)
	}
	if m := list().Mailings[0]; m.Failed != "" || m.SentAt == nil || !m.DueAt.After(*m.SentAt) {
		t.Errorf("%+v", m)
	}

	// The page's form does the same, and says what is wrong with an address.
	form := func(path string, v url.Values) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), "POST", s.url+path, strings.NewReader(v.Encode()))
		s.must(err)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Accept", "text/html")
		req.AddCookie(mira.cookie)
		res, err := http.DefaultTransport.RoundTrip(req)
		s.must(err)
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		s.must(err)
		return res.StatusCode, string(b)
	}
	if status, page := form("/review/mailings?lang=en", url.Values{"to": {"no"}, "every": {"week"}, "format": {"csv"}}); status != 422 || !strings.Contains(page, "That is no e-mail address.") {
		t.Errorf("%d %s", status, page)
	}
	if status, _ := form("/review/mailings?lang=en", url.Values{"to": {"b@example.org"}, "every": {"week"}, "format": {"csv"}}); status != 303 {
		t.Errorf("%d", status)
	}
	if status, _ := form("/review/mailings/"+kept.Mailing.ID.String(), nil); status != 303 || len(list().Mailings) != 1 {
		t.Errorf("%d, %+v", status, list())
	}
	mira.do("DELETE", "/mailings/"+kept.Mailing.ID.String(), nil).is(404)

	// Who was shut out sends no more.
	due()
	out := true
	_, err = s.desk.ChangeUser(t.Context(), s.admin(townCode), user.ID, desk.UserChange{Disabled: &out})
	s.must(err)
	s.api.sendDue(t.Context())
	var left int
	s.must(s.pool.QueryRow(t.Context(), `select count(*) from mailing`).Scan(&left))
	if left != 0 || len(post.letters()) != 1 {
		t.Errorf("%d mailings are left, %d letters went out", left, len(post.letters()))
	}
}

// TestPostCheck says what is wrong with how mail is to be sent.
func TestPostCheck(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		p  Post
		ok bool
	}{
		{Post{}, true},
		{Post{Server: "smtp://mail.example.org", From: "moked@example.org"}, true},
		{Post{Server: "smtps://moked:secret@mail.example.org:465", From: "מוקד <moked@example.org>"}, true},
		{Post{Server: "mail.example.org:25", From: "moked@example.org"}, false},
		{Post{Server: "https://mail.example.org", From: "moked@example.org"}, false},
		{Post{Server: "smtp://mail.example.org:99999", From: "moked@example.org"}, false},
		{Post{Server: "smtp://mail.example.org"}, false},
	} {
		if err := tc.p.Check(); (err == nil) != tc.ok {
			t.Errorf("%+v: %v", tc.p, err)
		}
	}
}
