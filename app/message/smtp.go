package message

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	netmail "net/mail"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// What the mail server lacks.
var (
	errNoStartTLS = errors.New("the mail server does not offer STARTTLS")
	errNoSignIn   = errors.New("the mail server offers no way to sign in that we know")
)

// patience is how long the mail server may take.
type patience struct {
	talk  time.Duration // up to the end of a mail
	taken time.Duration // from there until it says that it took it; RFC 5321 asks for ten minutes
}

// usual fits between the times of a claim.
var usual = patience{talk: 90 * time.Second, taken: 5 * time.Minute}

// line is a connection to the mail server.
type line struct {
	conn   net.Conn
	client *smtp.Client
	sent   int // mails so far
}

// mailsALine is after how many mails a connection is closed: servers count.
const mailsALine = 50

// dial connects, protects the way and signs in. What went wrong is told as a *Problem.
func (s Server) dial(ctx context.Context, roots *x509.CertPool, wait patience) (_ *line, err error) {
	at := reaching
	ctx, cancel := context.WithTimeout(ctx, wait.talk)
	defer cancel()
	defer func() {
		if err != nil {
			err = problem(at, ctx.Err() != nil, err)
		}
	}()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)))
	if err != nil {
		return nil, err
	}
	raw := conn
	defer context.AfterFunc(ctx, func() { _ = raw.Close() })()
	defer func() {
		if err != nil {
			_ = raw.Close()
		}
	}()
	secure := &tls.Config{ServerName: s.Host, RootCAs: roots, MinVersion: tls.VersionTLS12}
	if s.Security == TLS {
		at = securing
		t := tls.Client(conn, secure)
		if err := t.HandshakeContext(ctx); err != nil {
			return nil, err
		}
		conn = t
		at = reaching
	}
	c, err := smtp.NewClient(conn, s.Host)
	if err != nil {
		return nil, err
	}
	if err := c.Hello(s.domain()); err != nil {
		return nil, err
	}
	if s.Security == StartTLS {
		at = securing
		if ok, _ := c.Extension("STARTTLS"); !ok {
			return nil, errNoStartTLS
		}
		if err := c.StartTLS(secure); err != nil {
			return nil, err
		}
	}
	if s.User != "" {
		at = signingIn
		how, err := s.signIn(c)
		if err != nil {
			return nil, err
		}
		if err := c.Auth(how); err != nil {
			return nil, err
		}
	}
	return &line{conn: raw, client: c}, nil
}

// signIn is the best way to sign in that both sides know.
func (s Server) signIn(c *smtp.Client) (smtp.Auth, error) {
	_, offered := c.Extension("AUTH")
	ways := strings.Fields(strings.ToUpper(offered))
	unprotected := s.Security == Plain
	switch {
	case slices.Contains(ways, "SCRAM-SHA-256"):
		return smtp.ScramSHA256Auth(s.User, s.Password), nil
	case slices.Contains(ways, "PLAIN"):
		return smtp.PlainAuth("", s.User, s.Password, s.Host, unprotected), nil
	case slices.Contains(ways, "LOGIN"):
		return smtp.LoginAuth(s.User, s.Password, s.Host, unprotected), nil
	case slices.Contains(ways, "CRAM-MD5"):
		return smtp.CRAMMD5Auth(s.User, s.Password), nil
	}
	return nil, errNoSignIn
}

// cut ends the connection without a word: any word would end a mail that was begun, and send it.
func (l *line) cut() { _ = l.conn.Close() }

// hangUp ends the connection between two mails, politely where that takes no time.
func (l *line) hangUp() {
	if l == nil {
		return
	}
	stop := time.AfterFunc(time.Second, func() { _ = l.conn.Close() })
	defer stop.Stop()
	_ = l.client.Quit()
	_ = l.conn.Close()
}

// fresh says whether the line has taken no mail yet.
func (l *line) fresh() bool { return l.sent == 0 }

// send hands one mail over. Right before its end goes out it asks handOver, and if that fails, the end never
// does. What went wrong is told as a *Problem; after that, but for a refusal, the line is broken.
func (l *line) send(ctx context.Context, wait patience, s Server, m Mail, text []byte, handOver func() error) (err error) {
	at := naming
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	late := time.AfterFunc(wait.talk, cancel)
	defer late.Stop()
	defer context.AfterFunc(ctx, func() { _ = l.conn.Close() })()
	defer func() {
		if err != nil && !errors.Is(err, errNotOurs) {
			err = problem(at, ctx.Err() != nil, err)
		}
	}()
	l.sent++
	// Asking for it where it is not needed makes mails bounce at the next server that lacks it.
	l.client.SkipSMTPUTF8(ascii(s.SenderAddress) && ascii(m.To))
	if err := l.client.Mail("<" + s.SenderAddress + ">"); err != nil {
		return err
	}
	at = addressing
	if err := l.client.Rcpt("<" + m.To + ">"); err != nil {
		return err
	}
	at = telling
	w, err := l.client.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	if err := handOver(); err != nil {
		return errors.Join(errNotOurs, err)
	}
	late.Reset(wait.taken)
	at = handingOver
	return w.Close()
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// errNotOurs is that a mail must not go out, for its claim or its time is over.
var errNotOurs = errors.New("the mail is not to be sent any more")

// compose makes the text of a mail, with its headers.
func compose(s Server, m Mail) ([]byte, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(&netmail.Address{Name: s.SenderName, Address: s.SenderAddress})
	msg.ToMailAddress(&netmail.Address{Address: m.To})
	msg.Subject(m.Subject)
	msg.SetDateWithValue(m.WrittenAt)
	msg.SetMessageIDWithValue(m.MessageID)
	// Nobody's absence note answers it.
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	if m.Unsubscribe != "" {
		msg.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribe, "<"+m.Unsubscribe+">")
		if strings.HasPrefix(m.Unsubscribe, "https:") {
			msg.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
		}
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Body)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	var text bytes.Buffer
	if _, err := msg.WriteTo(&text); err != nil {
		return nil, err
	}
	return text.Bytes(), nil
}
