package web_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/app/brand"
	"ricochet.example/app/clock"
	"ricochet.example/app/message"
	"ricochet.example/app/web"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// house is an installation in a test: a server on a database of its own, and a
// clock that stands still until it is told to go on.
type house struct {
	t      testing.TB
	db     *data.DB
	clock  *clock.Manual
	server *web.Server
	base   string   // public address
	token  string   // of the set-up link, while there is one
	owner  *browser // who founded the brand, signed in
	log    *strings.Builder
	peers  int
}

// empty is an installation that was just started.
func empty(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, clock: clock.At(datatest.Noon), base: "http://drops.example", log: &strings.Builder{}}
	h.db = datatest.New(t, h.clock.Now)
	return h.begun()
}

// begun is the house with its first server.
func (h *house) begun() *house {
	t := h.t
	t.Helper()
	err := h.db.Update(t.Context(), func(tx *data.Tx) (err error) {
		h.token, err = brand.SetUp(t.Context(), tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	h.server = h.another()
	return h
}

// another is one more server on the house's database.
func (h *house) another() *web.Server {
	h.t.Helper()
	s, err := web.New(h.t.Context(), web.Config{DB: h.db, Clock: h.clock, Log: slog.New(slog.NewTextHandler(h.log, nil))})
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// found is an installation of the brand Novaska, with its owner signed in.
// Changes are fields of the set-up form and what to type there, in turn.
func found(t testing.TB, changes ...string) *house {
	t.Helper()
	return empty(t).founded(changes...)
}

// founded is the house once the form of its set-up link was sent.
func (h *house) founded(changes ...string) *house {
	h.t.Helper()
	h.owner = h.browser()
	fields := append([]string{"name", "Novaska", "url", h.base, "owner_name", "Olga", "email", "olga@novaska.example", "time_zone", "UTC"}, changes...)
	h.owner.get("/setup/" + h.token).wants(http.StatusOK).form("/setup/" + h.token).send(fields...).to("/")
	return h
}

// work does what is due behind the requests.
func (h *house) work() {
	h.t.Helper()
	if err := h.server.Work(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// update changes the database directly, for what no page is there for or what
// is not the point of a test.
func (h *house) update(fn func(ctx context.Context, tx *data.Tx) error) {
	h.t.Helper()
	if err := h.db.Update(h.t.Context(), func(tx *data.Tx) error { return fn(h.t.Context(), tx) }); err != nil {
		h.t.Fatal(err)
	}
}

// view reads the database directly.
func (h *house) view(fn func(ctx context.Context, tx *data.Tx) error) {
	h.t.Helper()
	if err := h.db.View(h.t.Context(), func(tx *data.Tx) error { return fn(h.t.Context(), tx) }); err != nil {
		h.t.Fatal(err)
	}
}

// browser is somebody's browser at home: cookies and an address of its own.
type browser struct {
	*house
	jar    http.CookieJar
	header http.Header
	addr   netip.Addr
	from   string // the page that it is on
}

// browser opens a new one, in another home than all before.
func (h *house) browser() *browser {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	h.peers++
	return &browser{
		house: h, jar: jar, addr: netip.AddrFrom4([4]byte{198, 18, byte(h.peers >> 8), byte(h.peers)}),
		header: http.Header{
			"User-Agent":      {"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"},
			"Accept-Language": {"en-GB,en;q=0.5"},
			"Accept":          {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
		},
	}
}

// french is a new browser of somebody who reads French.
func (h *house) french() *browser {
	b := h.browser()
	b.header.Set("Accept-Language", "fr-FR,fr;q=0.8,en;q=0.5")
	return b
}

// signedIn is a new browser in which the holder of an address is signed in. Who
// has no account yet gets one with that role.
func (h *house) signedIn(email string, role account.Role) (*browser, account.Account) {
	h.t.Helper()
	b := h.browser()
	var who account.Account
	var secret []byte
	h.update(func(ctx context.Context, tx *data.Tx) (err error) {
		who, err = account.ByEmail(ctx, tx, email)
		if errors.Is(err, data.ErrNotFound) {
			name, _, _ := strings.Cut(email, "@")
			who, err = account.Create(ctx, tx, account.Account{Email: email, Name: name, Role: role, Language: "en"})
		}
		if err != nil {
			return err
		}
		secret, err = account.SignIn(ctx, tx, who.ID, account.Device(b.header.Get("User-Agent")))
		return err
	})
	b.hold(secret)
	return b, who
}

// hold gives the browser the cookie of a login session.
func (b *browser) hold(secret []byte) {
	b.t.Helper()
	c, err := b.server.LoginCookie(secret)
	if err != nil {
		b.t.Fatal(err)
	}
	b.jar.SetCookies(b.address("/"), []*http.Cookie{c})
}

func (b *browser) address(path string) *url.URL {
	b.t.Helper()
	u, err := url.Parse(b.base)
	if err != nil {
		b.t.Fatal(err)
	}
	there, err := u.Parse(path)
	if err != nil {
		b.t.Fatal(err)
	}
	return there
}

// get opens an address.
func (b *browser) get(path string) *page {
	b.t.Helper()
	return b.do(b.server, http.MethodGet, path, nil, nil)
}

// post sends fields and their values, in turn, as a form of our own pages does.
func (b *browser) post(path string, fields ...string) *page {
	b.t.Helper()
	values := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		values.Add(fields[i], fields[i+1])
	}
	return b.send(path, values)
}

func (b *browser) send(path string, values url.Values) *page {
	b.t.Helper()
	return b.do(b.server, http.MethodPost, path, values, http.Header{"Origin": {b.base}, "Sec-Fetch-Site": {"same-origin"}})
}

// do sends a request to a server and takes the answer in.
func (b *browser) do(s http.Handler, method, path string, values url.Values, more http.Header) *page {
	b.t.Helper()
	there := b.address(path)
	var body *strings.Reader
	if values != nil {
		body = strings.NewReader(values.Encode())
	} else {
		body = strings.NewReader("")
	}
	r := httptest.NewRequestWithContext(b.t.Context(), method, there.String(), body)
	r.RemoteAddr = netip.AddrPortFrom(b.addr, 40000).String()
	for name, value := range b.header {
		r.Header[name] = value
	}
	if values != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if b.from != "" {
		r.Header.Set("Referer", b.from)
	}
	for name, value := range more {
		r.Header[name] = value
	}
	for _, c := range b.jar.Cookies(there) {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	b.jar.SetCookies(there, w.Result().Cookies())
	p := &page{browser: b, method: method, path: path, status: w.Code, header: w.Header(), body: w.Body.String()}
	if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		doc, err := html.Parse(strings.NewReader(p.body))
		if err != nil {
			b.t.Fatal(err)
		}
		p.doc = doc
		if method == http.MethodGet && w.Code == http.StatusOK {
			b.from = there.String()
		}
	}
	return p
}

// page is an answer as a person sees it.
type page struct {
	*browser
	method, path string
	status       int
	header       http.Header
	body         string
	doc          *html.Node
}

// wants fails the test unless the answer has that status.
func (p *page) wants(status int) *page {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("%s %s: status %d, not %d: %s\n%s", p.method, p.path, p.status, status, p.text(), p.log)
	}
	return p
}

// to fails the test unless the answer sends the browser to that address, and returns the page there.
func (p *page) to(path string) *page {
	p.t.Helper()
	p.wants(http.StatusSeeOther)
	if got := p.header.Get("Location"); got != path {
		p.t.Fatalf("%s %s sends to %q, not %q", p.method, p.path, got, path)
	}
	return p.get(path)
}

// follow returns the page that the answer sends to, wherever that is.
func (p *page) follow() *page {
	p.t.Helper()
	p.wants(http.StatusSeeOther)
	return p.get(p.header.Get("Location"))
}

// says fails the test unless all of the texts can be read on the page.
func (p *page) says(texts ...string) *page {
	p.t.Helper()
	for _, text := range texts {
		if !strings.Contains(p.text(), plain(text)) {
			p.t.Fatalf("%s %s does not say %q, but: %s", p.method, p.path, text, p.text())
		}
	}
	return p
}

// lacks fails the test if one of the texts can be read on the page.
func (p *page) lacks(texts ...string) *page {
	p.t.Helper()
	for _, text := range texts {
		if strings.Contains(p.text(), plain(text)) {
			p.t.Fatalf("%s %s says %q: %s", p.method, p.path, text, p.text())
		}
	}
	return p
}

// text is what can be read on the page, with single spaces.
func (p *page) text() string {
	if p.doc == nil {
		return p.body
	}
	return textOf(p.doc)
}

// plain is a text with single spaces, none of them of a particular kind.
func plain(s string) string { return strings.Join(strings.Fields(s), " ") }

func textOf(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style"):
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if n.Type == html.ElementNode {
			b.WriteByte(' ')
		}
	}
	walk(n)
	return plain(b.String())
}

// all returns the elements that a question is true of, in the page's order.
func all(n *html.Node, is func(*html.Node) bool) (found []*html.Node) {
	if n == nil {
		return nil
	}
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && is(d) {
			found = append(found, d)
		}
	}
	return found
}

// attr is an attribute of an element, empty if it has none.
func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// data returns the values of a data attribute, in the page's order.
func (p *page) data(name string) (values []string) {
	for _, n := range all(p.doc, func(n *html.Node) bool { return has(n, "data-"+name) }) {
		values = append(values, attr(n, "data-"+name))
	}
	return values
}

// form is a form of the page with what stands in its fields, ready to be sent.
type form struct {
	*page
	node   *html.Node
	action string
	values url.Values
}

// form returns the page's form that is sent to an address.
func (p *page) form(action string) *form {
	p.t.Helper()
	found := all(p.doc, func(n *html.Node) bool { return n.Data == "form" && attr(n, "action") == action })
	if len(found) == 0 {
		p.t.Fatalf("%s %s has no form to %s: %s", p.method, p.path, action, p.text())
	}
	f := &form{page: p, node: found[0], action: action, values: url.Values{}}
	for _, n := range all(f.node, func(n *html.Node) bool { return attr(n, "name") != "" && !has(n, "disabled") }) {
		name := attr(n, "name")
		switch {
		case n.Data == "textarea":
			text := ""
			if n.FirstChild != nil {
				text = n.FirstChild.Data
			}
			f.values.Add(name, text)
		case n.Data == "select":
			options := all(n, func(o *html.Node) bool { return o.Data == "option" })
			for i, o := range options {
				if has(o, "selected") || i == 0 {
					f.values.Set(name, attr(o, "value"))
				}
			}
		case n.Data == "input" && (attr(n, "type") == "checkbox" || attr(n, "type") == "radio"):
			if has(n, "checked") {
				f.values.Add(name, attr(n, "value"))
			}
		case n.Data == "input":
			f.values.Add(name, attr(n, "value"))
		}
	}
	return f
}

// send changes fields, named and valued in turn, and sends the form as a browser does.
func (f *form) send(changes ...string) *page {
	f.t.Helper()
	for i := 0; i+1 < len(changes); i += 2 {
		if _, there := f.values[changes[i]]; !there && len(all(f.node, func(n *html.Node) bool { return attr(n, "name") == changes[i] })) == 0 {
			f.t.Fatalf("the form to %s has no field %q", f.action, changes[i])
		}
		f.values.Set(changes[i], changes[i+1])
	}
	return f.browser.send(f.action, f.values)
}

// problem is what stands at a field of the form as being wrong with it; empty when nothing does.
func (f *form) problem(name string) string {
	f.t.Helper()
	fields := all(f.node, func(n *html.Node) bool { return attr(n, "name") == name })
	if len(fields) == 0 {
		f.t.Fatalf("the form to %s has no field %q", f.action, name)
	}
	id := attr(fields[0], "id") + "-problem"
	for _, n := range all(f.node, func(n *html.Node) bool { return attr(n, "id") == id }) {
		return textOf(n)
	}
	return ""
}

// value is what stands in a field.
func (f *form) value(name string) string { return f.values.Get(name) }

// mail returns the latest mail to an address.
func (h *house) mail(to string) message.Mail {
	h.t.Helper()
	var mails []message.Mail
	h.view(func(ctx context.Context, tx *data.Tx) (err error) {
		mails, err = message.Latest(ctx, tx, 1000)
		return err
	})
	for _, m := range mails {
		if m.To == to {
			return m
		}
	}
	h.t.Fatalf("there is no mail to %s", to)
	return message.Mail{}
}

var (
	sixDigits  = regexp.MustCompile(`\b\d{6}\b`)
	signInLink = regexp.MustCompile(`https?://\S+(/signin/\S+)`)
)

// code is the code in the latest mail to an address.
func (h *house) code(to string) string {
	h.t.Helper()
	found := sixDigits.FindString(h.mail(to).Body)
	if found == "" {
		h.t.Fatalf("the mail to %s has no code: %s", to, h.mail(to).Body)
	}
	return found
}

// link is the path of the link in the latest mail to an address.
func (h *house) link(to string) string {
	h.t.Helper()
	found := signInLink.FindStringSubmatch(h.mail(to).Body)
	if found == nil {
		h.t.Fatalf("the mail to %s has no link: %s", to, h.mail(to).Body)
	}
	return found[1]
}

// signIn signs the holder of an address in, by mail and code, and returns the page that follows.
func (b *browser) signIn(email string) *page {
	b.t.Helper()
	b.get("/signin").form("/signin").send("email", email).to("/signin/code")
	return b.get("/signin/code").form("/signin/code").send("code", b.code(email)).follow()
}

// later lets time go by.
func (h *house) later(d time.Duration) { h.clock.Advance(d) }

// wrong is a code that is not the one that was mailed.
func wrong(code string) string {
	last := code[len(code)-1]
	return code[:len(code)-1] + fmt.Sprint((last-'0'+1)%10)
}

// parse is a page's tree.
func parse(t testing.TB, body string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
