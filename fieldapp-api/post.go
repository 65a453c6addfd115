package fieldapi

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/fieldapp-api/document"
)

// Post is how a server sends mail. Server is smtp://host:587, which is encrypted
// if the other side can (and must be where there is a password), or
// smtps://host:465; a name and a password may stand before the host. From is whom
// it comes from.
type Post struct {
	Server string
	From   string
}

// postOffice sends; nil sends nothing.
type postOffice struct {
	host    string
	options []mail.Option
	from    *netmail.Address
}

// sends says whether mail can be sent at all.
func (p *postOffice) sends() bool { return p != nil }

// Check says what is wrong with how mail is to be sent.
func (p Post) Check() error {
	_, err := p.open()
	return err
}

// open reads where mail goes; nil if nowhere.
func (p Post) open() (*postOffice, error) {
	if p.Server == "" {
		return nil, nil
	}
	u, err := url.Parse(p.Server)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errors.New("the mail server must be smtp://host:port or smtps://host:port")
	}
	office := &postOffice{host: u.Hostname()}
	if office.from, err = netmail.ParseAddress(p.From); err != nil {
		return nil, fmt.Errorf("whom mail comes from (%q): %w", p.From, err)
	}
	port, options := 587, []mail.Option{mail.WithTLSPolicy(mail.TLSOpportunistic), mail.WithTimeout(postTime)}
	if u.User != nil {
		password, _ := u.User.Password()
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory), mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	if u.Scheme == "smtps" {
		port, options = 465, append(options, mail.WithSSL())
	}
	if s := u.Port(); s != "" {
		if port, err = strconv.Atoi(s); err != nil || port < 1 || port > 65535 {
			return nil, errors.New("the mail server's port must be from 1 to 65535")
		}
	}
	office.options = append(options, mail.WithPort(port))
	return office, nil
}

// How long one sending may take, and how often it is looked for what is due.
const (
	postTime  = 30 * time.Second
	postEvery = time.Minute
	// A letter is made and sent within its lease.
	letterTime = 5 * time.Minute
)

// Post sends the mailings that are due, until ctx ends. On a server that sends
// no mail it returns at once.
func (s *Surface) Post(ctx context.Context) error {
	if !s.api.post.sends() {
		return nil
	}
	every := time.NewTicker(postEvery)
	defer every.Stop()
	for {
		s.api.sendDue(ctx)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-every.C:
		}
	}
}

// sendDue sends all that is due. What can't be sent is noted and tried again.
func (a *api) sendDue(ctx context.Context) {
	for ctx.Err() == nil {
		m, err := a.desk.TakeMailing(ctx)
		if err != nil {
			a.log.WarnContext(ctx, "mailings: not looked at", "err", err)
			return
		}
		if m == nil {
			return
		}
		if err := a.sendMailing(ctx, m); err != nil {
			a.log.WarnContext(ctx, "a mailing wasn't sent", "mailing", m.ID, "err", err)
			err = a.desk.MailingFailed(context.WithoutCancel(ctx), m, a.whyNot(m.Lang, err))
			if err != nil {
				a.log.WarnContext(ctx, "a mailing's failure wasn't noted", "mailing", m.ID, "err", err)
			}
		}
	}
}

// whyNot says to a person why a mailing wasn't sent, without what is internal.
func (a *api) whyNot(lang string, err error) string {
	refusal, sending := (*dispatch.Error)(nil), (*mail.SendError)(nil)
	switch {
	case errors.As(err, &refusal):
		return problem(lang, refusal).Detail
	case errors.As(err, &sending) && !sending.IsTemp():
		return text(lang, "review.mail-refused", nil)
	}
	return text(lang, "review.mail-unsent", nil)
}

func (a *api) sendMailing(ctx context.Context, m *desk.Due) error {
	ctx, cancel := context.WithTimeout(ctx, letterTime)
	defer cancel()
	q := mailed(m)
	d, err := a.reviewOf(ctx, m.Who, q)
	if err != nil {
		return err
	}
	letter := document.Letter{Document: d.Document, Why: text(m.Lang, "review.mail-why", map[string]any{"name": m.Who.Name})}
	if a.home != "" {
		letter.Link, letter.LinkText = a.home+"/review?"+q.Encode(), text(m.Lang, "review.mail-link", nil)
	}
	page, err := letter.HTML()
	if err != nil {
		return err
	}
	file, kind, err := a.make(ctx, d.Document, m.Format)
	if err != nil {
		return err
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	msg.FromMailAddress(a.post.from)
	if err := msg.To(m.To); err != nil {
		return err
	}
	msg.Subject(d.Title + " · " + d.Of + " · " + d.Period)
	_, host, _ := strings.Cut(a.post.from.Address, "@")
	msg.SetMessageIDWithValue(messageID(m, cmp.Or(host, "moked")))
	msg.SetDateWithValue(a.now())
	msg.SetGenHeader(mail.Header("Auto-Submitted"), "auto-generated")
	msg.SetBodyString(mail.TypeTextPlain, letter.Plain())
	msg.AddAlternativeString(mail.TypeTextHTML, page)
	if err := msg.AttachReader("review-"+d.file+"."+m.Format, bytes.NewReader(file), mail.WithFileContentType(mail.ContentType(kind))); err != nil {
		return err
	}
	client, err := mail.NewClient(a.post.host, a.post.options...)
	if err != nil {
		return err
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		return err
	}
	// It is out: that must be known even if the server is about to stop.
	return a.desk.MailingSent(context.WithoutCancel(ctx), m)
}
