package web_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/app/message"
	mt "ricochet.example/app/message/messagetest"
	"ricochet.example/data"
)

// mailServer types a mail server into the settings, and sends the form.
func (h *house) mailServer(s *mt.Server, do string, changes ...string) *page {
	h.t.Helper()
	h.server.Post().Roots, h.server.Post().Patience = s.Roots(), time.Second
	s.Users["olga"] = "cat on the roof"
	fields := append([]string{
		"host", mt.Host, "port", strconv.Itoa(s.Port), "security", "starttls", "user", "olga", "password", "cat on the roof",
		"sender_name", "Novaska", "sender_address", "drops@novaska.example",
	}, changes...)
	f := h.owner.get("/settings/mail").wants(http.StatusOK).form("/settings/mail")
	f.values.Set("do", do)
	return f.send(fields...)
}

// post sends what is due.
func (h *house) post() {
	h.t.Helper()
	if err := h.server.Post().Work(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// parts are the text part and the HTML part of a mail that arrived.
func parts(t testing.TB, l mt.Letter) (text, page string) {
	t.Helper()
	_, params, err := mime.ParseMediaType(l.Head.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(strings.ReplaceAll(l.Text, "\r\n", "\n"), "\n\n")
	r := multipart.NewReader(strings.NewReader(body), params["boundary"])
	for {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return text, page
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
			page = string(b)
		} else {
			text = string(b)
		}
	}
}

// Olga sets a mail server up. Manel asks for a code, and gets it as a mail that his mail program can show.
func TestAnOwnerSetsTheMailServerUpAndSignInCodesArrive(t *testing.T) {
	h, server := found(t), mt.New(t, false)
	h.mailServer(server, "test").to("/settings/mail").says("took the test mail to olga@novaska.example").lacks("cat on the roof")
	if got := server.To("olga@novaska.example"); len(got) != 1 || !strings.Contains(got[0].Text, "can send mails") {
		t.Fatalf("the test mail is %+v", got)
	}
	if p := h.owner.get("/settings/mail"); strings.Contains(p.body, "cat on the roof") {
		t.Error("the password is on the page")
	}

	h.signedIn("manel@novaska.example", account.Manager)
	b := h.french()
	b.get("/signin").form("/signin").send("email", "manel@novaska.example").to("/signin/code")
	h.post()
	h.post()
	got := server.To("manel@novaska.example")
	if len(got) != 1 {
		t.Fatalf("%d mails came", len(got))
	}
	text, shown := parts(t, got[0])
	code := sixDigits.FindString(text)
	if code == "" || !strings.Contains(shown, code) {
		t.Fatalf("no code in %s or %s", text, shown)
	}
	for _, name := range []string{"List-Unsubscribe", "User-Agent", "X-Mailer"} {
		if got[0].Head.Get(name) != "" {
			t.Errorf("it has a %s", name)
		}
	}
	doc, err := html.Parse(strings.NewReader(shown))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range all(doc, func(n *html.Node) bool {
		return has(n, "src") || slices.Contains([]string{"img", "link", "script", "iframe", "form"}, n.Data)
	}) {
		t.Errorf("the mail fetches something: <%s>", n.Data)
	}
	for _, n := range all(doc, func(n *html.Node) bool { return n.Data == "a" }) {
		if !strings.HasPrefix(attr(n, "href"), h.base+"/") {
			t.Errorf("a link leads to %s", attr(n, "href"))
		}
	}
	if strings.Contains(shown, "url(") || !strings.Contains(shown, "prefers-color-scheme: dark") {
		t.Errorf("its style is not as it should be: %s", shown)
	}
	b.get("/signin/code").form("/signin/code").send("code", code).follow().wants(http.StatusOK)

	// The owner sees that it was sent, not what it said.
	h.owner.get("/outbox?state=sent").says("manel@novaska.example", "Sent").lacks(code)
	if strings.Contains(h.log.String(), code) || strings.Contains(h.log.String(), "cat on the roof") {
		t.Error("a secret is in the log")
	}
}

func TestWhatIsWrongWithAMailServerIsSaidInWords(t *testing.T) {
	h := found(t)
	for name, c := range map[string]struct {
		act     mt.Act
		at      mt.Moment
		changes []string
		says    string
	}{
		"a wrong password":       {mt.Act{}, "", []string{"password", "dog"}, "refuses the user name or the password"},
		"nobody listens":         {mt.Act{}, "", []string{"port", "1"}, "Nothing listens on this port"},
		"TLS on the wrong port":  {mt.Act{}, "", []string{"security", "tls"}, "does not offer this kind of protection"},
		"another's certificate":  {mt.Act{}, "", []string{"host", "localhost"}, "certificate is not valid for this name"},
		"a sender it refuses":    {mt.Act{Reply: "553 5.7.1 <drops@novaska.example> is not yours"}, mt.Mail, nil, "does not take mails from this sender"},
		"a recipient it refuses": {mt.Act{Reply: "550 5.1.1 nobody"}, mt.Rcpt, nil, "There is no such mailbox"},
	} {
		t.Run(name, func(t *testing.T) {
			server := mt.New(t, false)
			server.Act = func(at mt.Moment, _ string) mt.Act {
				if at == c.at {
					return c.act
				}
				return mt.Act{}
			}
			p := h.mailServer(server, "test", c.changes...).wants(http.StatusUnprocessableEntity).says(c.says, "The settings are saved")
			if c.act.Reply != "" {
				p.says(c.act.Reply)
			}
			if strings.Contains(p.body, "cat on the roof") || strings.Contains(p.body, "dog") {
				t.Error("the password is on the page")
			}
		})
	}
}

func TestAMailServerFormIsGivenBackWithWhatIsWrong(t *testing.T) {
	h, server := found(t), mt.New(t, false)
	for name, c := range map[string]struct{ field, typed, says string }{
		"a host with a port":     {"host", "smtp.example.com:587", "Only the name of the server"},
		"no port":                {"port", "many", "number"},
		"no protection":          {"security", "none", ""},
		"no sender":              {"sender_address", "drops", "e-mail address"},
		"a header in the sender": {"sender_name", "Novaska\r\nBcc: eve@example.com", ""},
	} {
		p := h.mailServer(server, "save", "host", "smtp.example.com", c.field, c.typed).wants(http.StatusUnprocessableEntity)
		f := p.form("/settings/mail")
		if got := f.problem(c.field); got == "" && c.field != "security" || !strings.Contains(got, c.says) {
			t.Errorf("%s: at the field stands %q", name, got)
		}
		if f.value("password") != "" || f.value("sender_name") == "" {
			t.Errorf("%s: the form is %v", name, f.values)
		}
	}
	if len(server.Letters()) > 0 {
		t.Error("a mail was sent")
	}
}

// Mallory has the owner's browser for a minute, and wants the password sent to a server of hers.
func TestAKeptPasswordDoesNotGoToAnotherServer(t *testing.T) {
	h, server, other := found(t), mt.New(t, false), mt.New(t, false)
	h.mailServer(server, "save").to("/settings/mail")
	h.mailServer(server, "test", "password", "", "sender_name", "Novaska Sport").to("/settings/mail").says("took the test mail")
	p := h.mailServer(other, "test", "password", "").wants(http.StatusUnprocessableEntity)
	if got := p.form("/settings/mail").problem("password"); !strings.Contains(got, "type the password again") {
		t.Errorf("at the password stands %q", got)
	}
	if other.Connections() > 0 {
		t.Error("the other server was asked")
	}
	h.owner.get("/settings/mail").form("/settings/mail/remove").send().to("/settings/mail").says("was removed")
	h.view(func(ctx context.Context, tx *data.Tx) error {
		n, err := data.Int(ctx, tx, `SELECT count(*) FROM mail_passwords`)
		if n > 0 {
			t.Error("the password is still there")
		}
		return err
	})
}

// The mail server is away when Ana asks for a code, and comes back before the code ends; for Ben it comes back too late.
func TestTheOutboxTellsWhatBecameOfMailsAndTheOwnerActs(t *testing.T) {
	h, server := found(t), mt.New(t, false)
	h.mailServer(server, "save").to("/settings/mail")
	refuse := true
	server.Act = func(at mt.Moment, said string) mt.Act {
		switch {
		case at == mt.Rcpt && strings.Contains(said, "ana@"):
			return mt.Act{Reply: "450 4.2.1 greylisted, come again"}
		case at == mt.Rcpt && strings.Contains(said, "ben@") && refuse:
			return mt.Act{Reply: "550 5.7.1 <b>no</b>"}
		}
		return mt.Act{}
	}
	for _, name := range []string{"ana", "ben", "cleo"} {
		h.update(func(ctx context.Context, tx *data.Tx) error {
			_, err := message.Write(ctx, tx, message.Mail{Kind: message.Invitation, To: name + "@example.com", Subject: "News for " + name, Body: "A private text."})
			return err
		})
	}
	h.post()
	h.owner.get("/outbox").says("Waiting (1)", "Failed (1)", "Sent (1)", "greylisted, come again", "<b>no</b>", "Tried 1 time").lacks("A private text")
	failed := h.owner.get("/outbox?state=failed").says("News for ben").lacks("News for ana", "News for cleo")
	ben := failed.data("mail")[0]
	refuse = false
	failed.form("/outbox/" + ben + "/again").send().to("/outbox").says("is tried again")
	h.post()
	if got := server.To("ben@example.com"); len(got) != 1 {
		t.Errorf("%d mails came to ben", len(got))
	}
	ana := h.owner.get("/outbox?state=waiting").data("mail")[0]
	h.owner.get("/outbox?state=waiting").form("/outbox/" + ana + "/give-up").send().to("/outbox").says("given up")
	h.later(6 * time.Hour)
	h.post()
	if got := server.To("ana@example.com"); len(got) > 0 {
		t.Errorf("%d mails came to ana", len(got))
	}
	h.owner.post("/outbox/" + ben + "/again").wants(http.StatusNotFound)
	h.owner.post("/outbox/again").to("/outbox").says("1 mail is tried again")
}

func TestTheOutboxIsReadPageByPage(t *testing.T) {
	h := found(t)
	h.update(func(ctx context.Context, tx *data.Tx) error {
		for i := range 120 {
			if _, err := message.Write(ctx, tx, message.Mail{To: fmt.Sprintf("m%03d@example.com", i), Subject: "Hello", Body: "Hello."}); err != nil {
				return err
			}
		}
		return nil
	})
	seen := map[string]bool{}
	for _, page := range []string{"/outbox", "/outbox?page=2", "/outbox?page=3", "/outbox?page=99999999999999999999", "/outbox?page=-1&state=nonsense"} {
		for _, id := range h.owner.get(page).wants(http.StatusOK).data("mail") {
			seen[id] = true
		}
	}
	if len(seen) != 120 {
		t.Errorf("%d mails were seen", len(seen))
	}
}
