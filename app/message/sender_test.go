package message_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ricochet.example/app/clock"
	"ricochet.example/app/message"
	mt "ricochet.example/app/message/messagetest"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// post is an outbox with a mail server.
type post struct {
	t      *testing.T
	db     *data.DB
	clock  *clock.Manual
	server *mt.Server
	sender *message.Sender
	log    *strings.Builder
}

// hurry is how long the mail server may take over a step in a test.
const hurry = 700 * time.Millisecond

func newPost(t *testing.T, act func(mt.Moment, string) mt.Act) *post {
	t.Helper()
	p := &post{t: t, clock: clock.At(datatest.Noon), server: mt.New(t, false), log: &strings.Builder{}}
	p.server.Act, p.server.Users["olga"] = act, "cat on the roof"
	p.db = datatest.New(t, p.clock.Now)
	p.sender = p.another()
	p.use(p.settings())
	return p
}

func (p *post) settings() message.Server {
	return message.Server{
		Host: mt.Host, Port: p.server.Port, Security: message.StartTLS, User: "olga", Password: "cat on the roof",
		SenderName: "Novaska é", SenderAddress: "drops@novaska.example",
	}
}

func (p *post) use(s message.Server) {
	p.t.Helper()
	must(p.t, p.db, func(ctx context.Context, tx *data.Tx) error { return message.UseServer(ctx, tx, s) })
}

func (p *post) another() *message.Sender {
	return &message.Sender{DB: p.db, Log: slog.New(slog.NewTextHandler(p.log, nil)), Roots: p.server.Roots(), Patience: hurry}
}

func (p *post) write(m message.Mail) (id string) {
	p.t.Helper()
	if m.Subject == "" {
		m.Subject = "Hello"
	}
	if m.Body == "" {
		m.Body = "Hello.\n"
	}
	must(p.t, p.db, func(ctx context.Context, tx *data.Tx) error {
		written, err := message.Write(ctx, tx, m)
		id = written.ID
		return err
	})
	return id
}

func (p *post) work() {
	p.t.Helper()
	if err := p.sender.Work(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
}

func (p *post) mail(id string) (m message.Mail) {
	p.t.Helper()
	must(p.t, p.db, func(ctx context.Context, tx *data.Tx) (err error) {
		m, err = message.ByID(ctx, tx, id)
		return err
	})
	return m
}

// is fails the test unless the mail is in that state for that reason.
func (p *post) is(id string, s message.State, r message.Reason) message.Mail {
	p.t.Helper()
	m := p.mail(id)
	if m.State != s || m.Reason != r {
		p.t.Fatalf("the mail is %s for %q (%s), not %s for %q", m.State, m.Reason, m.Reply, s, r)
	}
	return m
}

func TestAMailArrivesOnceWithItsHeadersAndItsTextIsNotKept(t *testing.T) {
	p := newPost(t, nil)
	id := p.write(message.Mail{
		To: "ana@example.com", Subject: "Été à Nice", Body: "Bonjour.\n.\nUn point seul.\n", HTML: "<p>Bonjour.</p>",
		Unsubscribe: "https://drops.example/unwanted/x",
	})
	p.work()
	p.work()
	got := p.server.Letters()
	if len(got) != 1 {
		t.Fatalf("%d mails arrived", len(got))
	}
	l := got[0]
	if l.To != "ana@example.com" || l.From != "drops@novaska.example" || !l.Secure || l.User != "olga" {
		t.Errorf("it came as %+v", l)
	}
	for name, want := range map[string]string{
		"Date": "Mon, 03 Mar 2025 12:00:00 +0000", "Message-Id": "<" + id + "@novaska.example>", "Auto-Submitted": "auto-generated",
		"List-Unsubscribe": "<https://drops.example/unwanted/x>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "To": "<ana@example.com>",
	} {
		if got := l.Head.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if !strings.HasPrefix(l.Head.Get("Content-Type"), "multipart/alternative") || !strings.Contains(l.Text, "Un point seul.") {
		t.Errorf("its text is %s", l.Text)
	}
	if m := p.is(id, message.StateSent, ""); m.Body != "" || m.HTML != "" || m.Tries != 1 {
		t.Errorf("the outbox keeps %+v", m)
	}
}

func TestWithoutAMailServerMailsWaitAndLeaveOnceThereIsOne(t *testing.T) {
	p := newPost(t, nil)
	must(t, p.db, message.NoServer)
	id := p.write(message.Mail{To: "ana@example.com"})
	p.work()
	if m := p.is(id, message.StateWaiting, ""); m.Tries != 0 {
		t.Errorf("%d tries without a mail server", m.Tries)
	}
	p.use(p.settings())
	p.work()
	p.is(id, message.StateSent, "")
}

// Every way in which a mail server fails, told by what becomes of the mail.
func TestEveryFailureIsNamedAndFollowedByWhatHelps(t *testing.T) {
	at := func(when mt.Moment, act mt.Act) func(mt.Moment, string) mt.Act {
		return func(at mt.Moment, _ string) mt.Act {
			if at == when {
				return act
			}
			return mt.Act{}
		}
	}
	says := func(when mt.Moment, reply string) func(mt.Moment, string) mt.Act {
		return at(when, mt.Act{Reply: reply})
	}
	for name, c := range map[string]struct {
		act    func(mt.Moment, string) mt.Act
		change func(*post, *message.Server)
		state  message.State
		reason message.Reason
	}{
		"too busy for a connection":       {says(mt.Connect, "421 4.3.2 too busy"), nil, message.StateWaiting, message.Later},
		"it does not talk to us":          {says(mt.Connect, "554 go away"), nil, message.StateWaiting, message.TurnedAway},
		"it does not speak SMTP":          {says(mt.Connect, "HTTP/1.1 400 Bad Request"), nil, message.StateWaiting, message.TurnedAway},
		"a banner that never comes":       {at(mt.Connect, mt.Act{Wait: 2 * hurry}), nil, message.StateWaiting, message.Silent},
		"it hangs up at once":             {at(mt.Connect, mt.Act{Drop: true}), nil, message.StateWaiting, message.Unreachable},
		"the sender is refused":           {says(mt.Mail, "553 5.7.1 not yours"), nil, message.StateWaiting, message.BadSender},
		"it wants us to sign in":          {says(mt.Mail, "530 5.7.0 sign in"), nil, message.StateWaiting, message.NeedsSignIn},
		"the recipient comes later":       {says(mt.Rcpt, "450 4.2.1 greylisted"), nil, message.StateWaiting, message.Later},
		"no such mailbox":                 {says(mt.Rcpt, "550 5.1.1 no such user"), nil, message.StateFailed, message.Mailbox},
		"the recipient is refused":        {says(mt.Rcpt, "550 5.7.1 not from you"), nil, message.StateFailed, message.Recipient},
		"the connection breaks before it": {at(mt.Data, mt.Act{Drop: true}), nil, message.StateWaiting, message.Dropped},
		"it hangs in the middle":          {at(mt.Data, mt.Act{Wait: 2 * hurry}), nil, message.StateWaiting, message.Silent},
		"the mail is too large":           {says(mt.End, "552 5.3.4 too large"), nil, message.StateFailed, message.Content},
		"full for the moment":             {says(mt.End, "452 4.3.1 disk full"), nil, message.StateWaiting, message.Later},
		"the connection breaks after it":  {at(mt.End, mt.Act{Drop: true, Keep: true}), nil, message.StateUnsure, message.Unsure},
		"no word after it":                {at(mt.End, mt.Act{Wait: 2 * hurry, Keep: true}), nil, message.StateUnsure, message.Unsure},
		"a wrong password":                {nil, func(_ *post, s *message.Server) { s.Password = "dog" }, message.StateWaiting, message.WrongSignIn},
		"no way to sign in":               {nil, func(p *post, _ *message.Server) { p.server.Offers = []string{"STARTTLS"} }, message.StateWaiting, message.NoSignIn},
		"no STARTTLS":                     {nil, func(p *post, _ *message.Server) { p.server.Offers = []string{"AUTH PLAIN"} }, message.StateWaiting, message.NoTLS},
		"no TLS where it should be":       {nil, func(_ *post, s *message.Server) { s.Security = message.TLS }, message.StateWaiting, message.NoTLS},
		"nobody vouches for it":           {nil, func(p *post, _ *message.Server) { p.sender.Roots = mt.New(t, false).Roots() }, message.StateWaiting, message.Certificate},
		"the certificate of another":      {nil, func(_ *post, s *message.Server) { s.Host = "localhost" }, message.StateWaiting, message.Certificate},
		"nobody listens":                  {nil, func(p *post, _ *message.Server) { p.server.Stop() }, message.StateWaiting, message.Refused},
		"a name that nobody has":          {nil, func(_ *post, s *message.Server) { s.Host = "mail.invalid" }, message.StateWaiting, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t, c.act)
			s := p.settings()
			if c.change != nil {
				c.change(p, &s)
			}
			p.use(s)
			id := p.write(message.Mail{To: "ana@example.com", Subject: "A secret subject", Body: "A secret text"})
			p.work()
			m := p.mail(id)
			if name == "a name that nobody has" { // without a resolver it cannot be told from silence
				if !slices.Contains([]message.Reason{message.NoHost, message.Unreachable, message.Silent}, m.Reason) {
					t.Fatalf("the reason is %q", m.Reason)
				}
				c.reason = m.Reason
			}
			p.is(id, c.state, c.reason)
			if c.state == message.StateWaiting && !m.NextAt.Equal(datatest.Noon.Add(time.Minute)) {
				t.Errorf("it is tried again at %s", m.NextAt)
			}
			arrived := len(p.server.Letters())
			if unsure := c.state == message.StateUnsure; arrived > 1 || arrived == 1 && !unsure {
				t.Errorf("%d arrived", arrived)
			}
			p.clock.Advance(50 * time.Second)
			p.work()
			if got := len(p.server.Letters()); got != arrived {
				t.Errorf("then %d arrived", got)
			}
			for _, l := range p.server.Letters() {
				if !l.Secure {
					t.Error("a mail came in clear")
				}
			}
			for _, secret := range []string{"secret", "ana@", "cat on the roof", "dog"} {
				if strings.Contains(p.log.String(), secret) {
					t.Errorf("the log says %q: %s", secret, p.log)
				}
			}
			if m.Reply != "" && !strings.ContainsAny(m.Reply[:1], "45") {
				t.Errorf("the server is said to have said %q", m.Reply)
			}
		})
	}
}

func TestAMailIsTriedAgainAfterGrowingPausesAndThenGivenUp(t *testing.T) {
	var tries atomic.Int32
	p := newPost(t, func(at mt.Moment, _ string) mt.Act {
		if at == mt.Rcpt {
			tries.Add(1)
			return mt.Act{Reply: "450 4.2.1 later"}
		}
		return mt.Act{}
	})
	id := p.write(message.Mail{To: "ana@example.com"})
	var messageID string
	for n, pause := range []time.Duration{0, time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour} {
		if pause > 0 {
			p.clock.Advance(pause - time.Millisecond)
			p.work()
			if got := int(tries.Load()); got != n {
				t.Fatalf("%d tries before the pause of %s was over, not %d", got, pause, n)
			}
			p.clock.Advance(time.Millisecond)
		}
		p.work()
		if got := int(tries.Load()); got != n+1 {
			t.Fatalf("%d tries after the pause of %s, not %d", got, pause, n+1)
		}
		m := p.mail(id)
		if messageID == "" {
			messageID = m.MessageID
		}
		if m.MessageID != messageID || messageID == "" {
			t.Errorf("at try %d the Message-ID is %q, before it was %q", n+1, m.MessageID, messageID)
		}
	}
	p.is(id, message.StateFailed, message.Later)
	p.clock.Advance(48 * time.Hour)
	p.work()
	if tries.Load() != 7 {
		t.Errorf("%d tries in all", tries.Load())
	}
}

// While the mail server cannot be used, it is asked once for all mails, and each has its own tries.
func TestABrokenMailServerIsNotAskedForEachMail(t *testing.T) {
	var broken atomic.Bool
	p := newPost(t, func(at mt.Moment, _ string) mt.Act {
		if at == mt.Connect && broken.Load() {
			return mt.Act{Reply: "421 busy"}
		}
		return mt.Act{}
	})
	broken.Store(true)
	var ids []string
	for i := range 30 {
		ids = append(ids, p.write(message.Mail{To: fmt.Sprintf("m%d@example.com", i)}))
	}
	p.work()
	p.clock.Advance(time.Minute)
	p.work()
	if got := p.server.Connections(); got != 2 {
		t.Errorf("%d connections for two rounds", got)
	}
	for _, id := range ids {
		if m := p.is(id, message.StateWaiting, message.Later); m.Tries != 2 || !m.NextAt.Equal(p.clock.Now().Add(5*time.Minute)) {
			t.Fatalf("after two rounds %d tries, the next at %s", m.Tries, m.NextAt)
		}
	}
	broken.Store(false)
	for range 3 {
		p.clock.Advance(12 * time.Hour)
		p.work()
	}
	if got := len(p.server.Letters()); got != len(ids) {
		t.Errorf("%d mails arrived", got)
	}
	if got := p.server.Connections(); got != 3 {
		t.Errorf("%d connections in all", got)
	}
}

func TestAServerThatTakesFewMailsAConnectionGetsAllOfThem(t *testing.T) {
	var n atomic.Int32
	p := newPost(t, func(at mt.Moment, _ string) mt.Act {
		switch {
		case at == mt.Connect:
			n.Store(0)
		case at == mt.Mail && n.Add(1) > 3:
			return mt.Act{Reply: "421 4.7.0 enough"}
		}
		return mt.Act{}
	})
	for i := range 10 {
		p.write(message.Mail{To: fmt.Sprintf("m%d@example.com", i)})
	}
	p.work()
	if got := len(p.server.Letters()); got != 10 {
		t.Errorf("%d mails arrived", got)
	}
}

func TestASignInMailEndsRatherThanComingLate(t *testing.T) {
	p := newPost(t, nil)
	ends := datatest.Noon.Add(10 * time.Minute)
	late := p.write(message.Mail{Kind: message.SignIn, To: "ana@example.com", Body: "123456", ForgetAt: ends})
	p.clock.Set(ends)
	p.work()
	must(t, p.db, message.Forget)
	p.work()
	if m := p.is(late, message.StateOver, ""); m.Body != "" || len(p.server.Letters()) != 0 {
		t.Errorf("it is %+v, and %d arrived", m, len(p.server.Letters()))
	}
}

// The mail server is so slow that the code is over before its text is through.
func TestASignInMailDoesNotGoOutWhenItsTimeEndsOnTheWay(t *testing.T) {
	var p *post
	ends := datatest.Noon.Add(10 * time.Minute)
	p = newPost(t, func(at mt.Moment, _ string) mt.Act {
		if at == mt.Rcpt {
			p.clock.Set(ends)
		}
		return mt.Act{}
	})
	id := p.write(message.Mail{Kind: message.SignIn, To: "ana@example.com", Body: "123456", ForgetAt: ends})
	p.work()
	if got := len(p.server.Letters()); got != 0 {
		t.Errorf("%d arrived", got)
	}
	p.clock.Advance(time.Hour)
	p.work()
	must(t, p.db, message.Forget)
	p.is(id, message.StateOver, "")
}

// The fiftieth of the others is not taken before the one that somebody waits for has come: it does not wait for them.
func TestWhoWaitsForAMailDoesNotStandBehindAThousandOthers(t *testing.T) {
	came := make(chan struct{})
	others := 0 // they come by one connection
	p := newPost(t, func(at mt.Moment, said string) mt.Act {
		switch {
		case at == mt.End && strings.Contains(said, "123456"):
			close(came)
		case at == mt.End:
			if others++; others == 50 {
				select {
				case <-came:
				case <-time.After(5 * time.Second):
				}
			}
		}
		return mt.Act{}
	})
	p.sender.Patience = 30 * time.Second
	for i := range 100 {
		p.write(message.Mail{To: fmt.Sprintf("m%d@example.com", i)})
	}
	p.write(message.Mail{Kind: message.SignIn, To: "ana@example.com", Body: "123456", ForgetAt: datatest.Noon.Add(10 * time.Minute)})
	p.work()
	got := p.server.Letters()
	at := slices.IndexFunc(got, func(l mt.Letter) bool { return l.To == "ana@example.com" })
	if len(got) != 101 || at < 0 || at > 50 {
		t.Errorf("it came as number %d of %d", at, len(got))
	}
}

func TestWhoWantsNoMailsGetsNoneButThoseTheyAskFor(t *testing.T) {
	p := newPost(t, nil)
	waits := p.write(message.Mail{Kind: message.Invitation, To: "Ana@example.com"})
	must(t, p.db, func(ctx context.Context, tx *data.Tx) error { return message.Stop(ctx, tx, "ana@Example.com") })
	p.is(waits, message.StateFailed, message.Stoppage)
	later := p.write(message.Mail{Kind: message.Invitation, To: "ana@example.com"})
	asked := p.write(message.Mail{Kind: message.SignIn, To: "ana@example.com", ForgetAt: p.clock.Now().Add(time.Minute)})
	p.work()
	p.is(later, message.StateFailed, message.Stoppage)
	p.is(asked, message.StateSent, "")
	must(t, p.db, func(ctx context.Context, tx *data.Tx) error {
		stopped, err := message.Stopped(ctx, tx, "ana@example.com")
		if !stopped {
			t.Error("a mail that was asked for made them forget")
		}
		return err
	})
}

func TestTheOutboxForgets(t *testing.T) {
	p := newPost(t, nil)
	secret := p.write(message.Mail{To: "ana@example.com", Body: "123456", HTML: "<b>123456</b>", ForgetAt: datatest.Noon.Add(time.Minute)})
	plain := p.write(message.Mail{To: "ben@example.com", Body: "news"})
	p.clock.Advance(time.Minute)
	must(t, p.db, func(ctx context.Context, tx *data.Tx) error {
		latest, err := message.Latest(ctx, tx, 10)
		if len(latest) != 2 || latest[1].Body != "" || latest[1].State != message.StateOver || latest[0].Body != "news" {
			t.Errorf("before it forgets there are %+v", latest)
		}
		return errors.Join(err, message.Forget(ctx, tx))
	})
	must(t, p.db, func(ctx context.Context, tx *data.Tx) error {
		n, err := data.Int(ctx, tx, `SELECT count(*) FROM mails WHERE body LIKE '%123456%' OR html LIKE '%123456%'`)
		if n != 0 {
			t.Error("the code is still in the database")
		}
		return err
	})
	p.is(secret, message.StateOver, "")
	p.work()
	p.is(plain, message.StateSent, "")
	p.clock.Advance(91 * 24 * time.Hour)
	must(t, p.db, func(ctx context.Context, tx *data.Tx) error {
		if err := message.Forget(ctx, tx); err != nil {
			return err
		}
		latest, err := message.Latest(ctx, tx, 10)
		if len(latest) != 0 {
			t.Errorf("after 90 days there are %+v", latest)
		}
		return err
	})
}

func TestAMailServerIsCheckedBeforeItIsUsed(t *testing.T) {
	good := message.Server{Host: "smtp.example.com", Port: 587, Security: message.StartTLS, User: "u", Password: "p", SenderName: "N", SenderAddress: "n@example.com"}
	for name, c := range map[string]struct {
		change func(*message.Server)
		fields []string
	}{
		"all is well":                       {func(*message.Server) {}, nil},
		"nothing was filled in":             {func(s *message.Server) { *s = message.Server{} }, []string{"host", "port", "security", "sender_address", "sender_name"}},
		"a port behind the host":            {func(s *message.Server) { s.Host = "smtp.example.com:25" }, []string{"host"}},
		"an address of a page":              {func(s *message.Server) { s.Host = "https://example.com/" }, []string{"host"}},
		"IPv6":                              {func(s *message.Server) { s.Host = "2001:db8::1" }, nil},
		"no protection over the network":    {func(s *message.Server) { s.Security = message.Plain }, []string{"security"}},
		"no protection on the machine":      {func(s *message.Server) { s.Security, s.Host = message.Plain, "localhost" }, nil},
		"a name that only begins like ours": {func(s *message.Server) { s.Security, s.Host = message.Plain, "localhost.example.com" }, []string{"security"}},
		"a user without a password":         {func(s *message.Server) { s.Password = "" }, []string{"password"}},
		"nobody signs in":                   {func(s *message.Server) { s.User, s.Password = "", "" }, nil},
		"a header in the sender's name":     {func(s *message.Server) { s.SenderName = "N\r\nBcc: x@example.com" }, []string{"sender_name"}},
		"a sender that is no address":       {func(s *message.Server) { s.SenderAddress = "N <n@example.com>" }, []string{"sender_address"}},
	} {
		s := good
		c.change(&s)
		if got := s.Check().Fields(); !slices.Equal(got, c.fields) {
			t.Errorf("%s: problems with %q, want %q", name, got, c.fields)
		}
	}
}
