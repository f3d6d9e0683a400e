// Package messagetest is a mail server for tests: it listens on a port of this machine, speaks SMTP, keeps what
// it is given, and fails as it is told to.
package messagetest

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"
)

// Moment is when in the talk a server acts.
type Moment string

// The moments: a connection is made, and one for each command; End is after the dot that ends a mail.
const (
	Connect  Moment = "connect"
	Hello    Moment = "hello"
	StartTLS Moment = "starttls"
	Auth     Moment = "auth"
	Mail     Moment = "mail"
	Rcpt     Moment = "rcpt"
	Data     Moment = "data"
	End      Moment = "end"
)

// Act is what the server does instead of taking part. The zero Act is to go on as usual.
type Act struct {
	Wait  time.Duration // before anything else
	Reply string        // said instead of the usual
	Drop  bool          // the connection is cut, without a word
	Keep  bool          // at End: the mail is taken all the same
}

// Letter is a mail that the server took.
type Letter struct {
	From, To string // of the envelope
	Head     mail.Header
	Text     string // all of it, as it came
	Secure   bool   // it came over TLS
	User     string // who had signed in
}

// Server is a running mail server.
type Server struct {
	Port int
	// Act is asked at each moment with what the client said. It may be set before the first connection only.
	Act func(at Moment, said string) Act
	// Offers are the extensions that it lists.
	Offers []string
	// Users may sign in, with these passwords.
	Users map[string]string

	t       testing.TB
	listen  net.Listener
	cert    tls.Certificate
	roots   *x509.CertPool
	mu      sync.Mutex
	letters []Letter
	met     int
	all     sync.WaitGroup
	open    map[net.Conn]bool
}

// Host is where the server listens.
const Host = "127.0.0.1"

// New starts a server that offers STARTTLS and to sign in, and ends with the test. With implicit, TLS begins
// with the first byte. The names are whom its certificate is for; Host when there are none.
func New(t testing.TB, implicit bool, names ...string) *Server {
	t.Helper()
	s := &Server{t: t, Offers: []string{"8BITMIME", "STARTTLS", "AUTH PLAIN LOGIN"}, Users: map[string]string{}, open: map[net.Conn]bool{}}
	s.certify(names)
	l, err := net.Listen("tcp", Host+":0")
	if err != nil {
		t.Fatal(err)
	}
	s.Port = l.Addr().(*net.TCPAddr).Port
	if implicit {
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{s.cert}, MinVersion: tls.VersionTLS12})
	}
	s.listen = l
	s.all.Go(s.serve)
	t.Cleanup(s.Stop)
	return s
}

// Stop ends the server and all its connections.
func (s *Server) Stop() {
	_ = s.listen.Close()
	s.mu.Lock()
	for c := range s.open {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.all.Wait()
}

// Roots are who vouches for the server.
func (s *Server) Roots() *x509.CertPool { return s.roots }

// Letters are the mails that it took, in their order.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Letter(nil), s.letters...)
}

// To are the mails that it took for an address.
func (s *Server) To(address string) (found []Letter) {
	for _, l := range s.Letters() {
		if l.To == address {
			found = append(found, l)
		}
	}
	return found
}

// Connections is how often somebody connected.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.met
}

func (s *Server) serve() {
	for {
		c, err := s.listen.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.open[c] = true
		s.met++
		s.mu.Unlock()
		s.all.Go(func() {
			defer func() {
				_ = c.Close()
				s.mu.Lock()
				delete(s.open, c)
				s.mu.Unlock()
			}()
			(&talk{server: s, conn: c, text: textproto.NewConn(c)}).run()
		})
	}
}

// talk is one connection.
type talk struct {
	server *Server
	conn   net.Conn
	text   *textproto.Conn
	letter Letter
}

// does asks what to do at a moment, and says whether to go on as usual.
func (k *talk) does(at Moment, said string) (usual, on bool) {
	var act Act
	if k.server.Act != nil {
		act = k.server.Act(at, said)
	}
	time.Sleep(act.Wait)
	if act.Drop {
		return false, false
	}
	if act.Reply != "" {
		return false, k.say(act.Reply)
	}
	return true, true
}

func (k *talk) say(line string) bool { return k.text.PrintfLine("%s", line) == nil }

func (k *talk) run() {
	if usual, on := k.does(Connect, ""); !on || usual && !k.say("220 mail.example ESMTP") {
		return
	}
	for {
		line, err := k.text.ReadLine()
		if err != nil || !k.answer(line) {
			return
		}
	}
}

// answer answers a command, and says whether the talk goes on.
func (k *talk) answer(line string) bool {
	verb, rest, _ := strings.Cut(line, " ")
	moment := map[string]Moment{"EHLO": Hello, "HELO": Hello, "STARTTLS": StartTLS, "AUTH": Auth, "MAIL": Mail, "RCPT": Rcpt, "DATA": Data}
	at, known := moment[strings.ToUpper(verb)]
	if known {
		if usual, on := k.does(at, line); !usual {
			return on
		}
	}
	switch strings.ToUpper(verb) {
	case "EHLO", "HELO":
		return k.hello()
	case "STARTTLS":
		return k.say("220 go ahead") && k.secure()
	case "AUTH":
		return k.auth(rest)
	case "MAIL":
		k.letter = Letter{From: address(rest), User: k.letter.User, Secure: k.letter.Secure}
		return k.say("250 ok")
	case "RCPT":
		k.letter.To = address(rest)
		return k.say("250 ok")
	case "DATA":
		return k.say("354 go on") && k.take()
	case "RSET", "NOOP":
		return k.say("250 ok")
	case "QUIT":
		k.say("221 bye")
		return false
	}
	return k.say("500 what?")
}

func (k *talk) hello() bool {
	if _, secure := k.conn.(*tls.Conn); secure {
		k.letter.Secure = true
	}
	lines := []string{"mail.example"}
	for _, o := range k.server.Offers {
		if o != "STARTTLS" || !k.letter.Secure {
			lines = append(lines, o)
		}
	}
	for i, l := range lines {
		mark := "-"
		if i == len(lines)-1 {
			mark = " "
		}
		if !k.say("250" + mark + l) {
			return false
		}
	}
	return true
}

func (k *talk) secure() bool {
	t := tls.Server(k.conn, &tls.Config{Certificates: []tls.Certificate{k.server.cert}, MinVersion: tls.VersionTLS12})
	if err := t.Handshake(); err != nil {
		return false
	}
	k.text, k.letter.Secure = textproto.NewConn(t), true
	return true
}

func (k *talk) auth(how string) bool {
	way, first, _ := strings.Cut(how, " ")
	var user, password string
	switch strings.ToUpper(way) {
	case "PLAIN":
		b, _ := base64.StdEncoding.DecodeString(first)
		if parts := strings.Split(string(b), "\x00"); len(parts) == 3 {
			user, password = parts[1], parts[2]
		}
	case "LOGIN":
		for _, to := range []*string{&user, &password} {
			if !k.say("334 VXNlcm5hbWU6") {
				return false
			}
			line, err := k.text.ReadLine()
			if err != nil {
				return false
			}
			b, _ := base64.StdEncoding.DecodeString(line)
			*to = string(b)
		}
	}
	if want, ok := k.server.Users[user]; !ok || want != password {
		return k.say("535 5.7.8 authentication failed")
	}
	k.letter.User = user
	return k.say("235 welcome")
}

func (k *talk) take() bool {
	b, err := k.text.ReadDotBytes()
	if err != nil {
		return false
	}
	var act Act
	if k.server.Act != nil {
		act = k.server.Act(End, string(b))
	}
	if act.Reply == "" && !act.Drop || act.Keep {
		l := k.letter
		l.Text = string(b)
		if m, err := mail.ReadMessage(bufio.NewReader(strings.NewReader(l.Text))); err == nil {
			l.Head = m.Header
		}
		k.server.mu.Lock()
		k.server.letters = append(k.server.letters, l)
		k.server.mu.Unlock()
	}
	time.Sleep(act.Wait)
	switch {
	case act.Drop:
		return false
	case act.Reply != "":
		return k.say(act.Reply)
	}
	return k.say("250 taken")
}

// address is what stands between < and >.
func address(s string) string {
	_, s, _ = strings.Cut(s, "<")
	s, _, _ = strings.Cut(s, ">")
	return s
}

// certify makes a certificate that nobody but Roots knows.
func (s *Server) certify(names []string) {
	s.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	who := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail.example"}, DNSNames: names, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	if len(names) == 0 {
		who.IPAddresses = []net.IP{net.ParseIP(Host)}
	}
	der, err := x509.CreateCertificate(rand.Reader, who, who, &key.PublicKey, key)
	if err != nil {
		s.t.Fatal(fmt.Errorf("making a certificate: %w", err))
	}
	s.cert = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	signed, err := x509.ParseCertificate(der)
	if err != nil {
		s.t.Fatal(err)
	}
	s.roots = x509.NewCertPool()
	s.roots.AddCert(signed)
}
