package message

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/textproto"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"unicode"
)

// Reason is why a mail could not be sent; the end of a key of package lang.
type Reason string

// The reasons. Those of the first group are about the mail server, whatever the mail.
const (
	NoHost      Reason = "no_host"     // its name is not known
	Refused     Reason = "refused"     // nobody listens on that port
	Silent      Reason = "silent"      // no answer in time
	Unreachable Reason = "unreachable" // the network does not get there
	Certificate Reason = "certificate" // it is not who it should be
	NoTLS       Reason = "no_tls"      // it does not protect the way as it was told to
	TurnedAway  Reason = "turned_away" // it does not talk to us
	NoSignIn    Reason = "no_signin"   // it knows no way to sign in that we know
	WrongSignIn Reason = "signin"      // user or password are wrong
	NeedsSignIn Reason = "needs_signin"
	BadSender   Reason = "sender" // it takes no mail from that sender

	Mailbox   Reason = "mailbox"   // there is no such mailbox
	Recipient Reason = "recipient" // refused for that recipient
	Content   Reason = "content"   // refused for what is in it, or its size
	Later     Reason = "later"     // not now
	Dropped   Reason = "dropped"   // the connection broke
	Unsure    Reason = "unsure"    // the connection broke after the mail was handed over
	Stoppage  Reason = "stopped"   // the address is not written to
	GivenUp   Reason = "given_up"  // by the owner
	Unwritten Reason = "unwritten" // the mail itself cannot be made
)

// Problem is why a mail could not be sent. It holds no secret: what the mail server said, cut to a line, and
// nothing that we said.
type Problem struct {
	Reason Reason
	Reply  string // the mail server's own words with its code, if it said any

	server bool // it is about the mail server, so no other mail would fare better
	final  bool // trying again is of no use
}

// Error implements error.
func (p *Problem) Error() string {
	if p.Reply == "" {
		return "mail: " + string(p.Reason)
	}
	return "mail: " + string(p.Reason) + ": " + p.Reply
}

// longestReply is how much of what a mail server said is kept, in characters.
const longestReply = 300

// reply is what a mail server said, as one line that can be shown.
func reply(e *textproto.Error) string {
	line := strings.Join(strings.FieldsFunc(strconv.Itoa(e.Code)+" "+e.Msg, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	}), " ")
	cut := []rune(strings.ToValidUTF8(line, "�"))
	return string(cut[:min(len(cut), longestReply)])
}

// phase is how far the talk with the mail server had got.
type phase int

const (
	reaching phase = iota // up to its greeting
	securing
	signingIn
	naming      // the sender
	addressing  // the recipient
	telling     // the mail, up to its end
	handingOver // the end is out
)

// problem makes a Problem of what went wrong in a phase. late says that our own patience was over.
func problem(at phase, late bool, err error) *Problem {
	var said *textproto.Error
	if errors.As(err, &said) {
		return answered(at, said)
	}
	p := &Problem{Reason: Dropped, server: at < naming}
	var dns *net.DNSError
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verification *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var nonsense textproto.ProtocolError
	switch {
	case at == handingOver:
		p.Reason = Unsure
	case errors.As(err, &verification), errors.As(err, &authority), errors.As(err, &name), errors.As(err, &invalid):
		p.Reason, p.server = Certificate, true
	case errors.As(err, &record), errors.Is(err, errNoStartTLS):
		p.Reason, p.server = NoTLS, true
	case errors.Is(err, errNoSignIn):
		p.Reason, p.server = NoSignIn, true
	case errors.As(err, &nonsense):
		p.Reason, p.server = TurnedAway, true
	case errors.As(err, &dns) && dns.IsNotFound:
		p.Reason, p.server = NoHost, true
	case errors.Is(err, syscall.ECONNREFUSED):
		p.Reason, p.server = Refused, true
	case late, errors.Is(err, context.DeadlineExceeded), errors.As(err, &dns) && dns.IsTimeout:
		p.Reason, p.server = Silent, at < telling
	case at == reaching:
		p.Reason, p.server = Unreachable, true
	}
	return p
}

// noMailbox is the enhanced status code of RFC 3463 for an address that is none: 5.1.1 and its kin.
var noMailbox = regexp.MustCompile(`(^|\s)5\.1\.(0|1|2|3|10)\b`)

// answered makes a Problem of what the mail server answered.
func answered(at phase, said *textproto.Error) *Problem {
	p := &Problem{Reply: reply(said), Reason: Later, server: at < addressing && (at < naming || said.Code == 421)}
	if said.Code < 500 {
		if said.Code < 400 { // it does not speak SMTP
			p.Reason, p.server = TurnedAway, true
		}
		return p
	}
	switch at {
	case reaching:
		p.Reason = TurnedAway
	case securing:
		p.Reason = NoTLS
	case signingIn:
		p.Reason = WrongSignIn
	case naming:
		p.Reason, p.server = BadSender, true
		if said.Code == 530 {
			p.Reason = NeedsSignIn
		}
	case addressing:
		p.Reason, p.final = Recipient, true
		switch {
		case said.Code == 530:
			p.Reason, p.server, p.final = NeedsSignIn, true, false
		case noMailbox.MatchString(said.Msg):
			p.Reason = Mailbox
		}
	default:
		p.Reason, p.final = Content, true
	}
	return p
}
