package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/data"
)

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

// signIn signs the holder of an address in, by mail and code, and returns the page that follows.
func (b *browser) signIn(email string) *page {
	b.t.Helper()
	b.get("/signin").form("/signin").send("email", email).to("/signin/code")
	return b.get("/signin/code").form("/signin/code").send("code", b.code(email)).follow()
}
