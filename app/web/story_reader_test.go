package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"

	"ricochet.example/app/visit"

	"golang.org/x/net/html"
)

// User-Agents of those who come to a share link.
const (
	iphone   = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
	android  = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"
	whatsApp = "WhatsApp/2.23.20.0"
	program  = "curl/8.5.0"
)

// reader is somebody's browser, with pairs of header names and values that differ from all others'.
func (h *house) reader(headers ...string) *browser {
	b := h.browser()
	b.header.Set("Sec-Fetch-Dest", "document")
	b.header.Set("Sec-Fetch-Mode", "navigate")
	b.header.Set("Sec-Fetch-Site", "none")
	for i := 0; i+1 < len(headers); i += 2 {
		b.header.Set(headers[i], headers[i+1])
	}
	return b
}

// beside is another person's browser in the same network.
func (b *browser) beside(agent string) *browser {
	other := b.reader("User-Agent", agent)
	other.addr = b.addr
	return other
}

// asks sends a request as it stands, with pairs of header names and values.
func (b *browser) asks(method, path, body string, headers ...string) *page {
	b.t.Helper()
	there := b.address(path)
	r := httptest.NewRequestWithContext(b.t.Context(), method, there.String(), strings.NewReader(body))
	r.RemoteAddr = netip.AddrPortFrom(b.addr, 40000).String()
	for name, value := range b.header {
		r.Header[name] = value
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	for _, c := range b.jar.Cookies(there) {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.server.ServeHTTP(w, r)
	b.jar.SetCookies(there, w.Result().Cookies())
	return &page{browser: b, method: method, path: path, status: w.Code, header: w.Header(), body: w.Body.String()}
}

// token is the share token that a reader page was served for.
func (p *page) token() string { return p.root("data-token") }

// nonce is what a reader page may post; empty when it may not.
func (p *page) nonce() string { return p.root("data-open") }

func (p *page) root(name string) string {
	p.t.Helper()
	for _, n := range all(p.doc, func(n *html.Node) bool { return n.Data == "html" }) {
		return attr(n, name)
	}
	return ""
}

// report is what the script of a page posts.
type report struct {
	Nonce       string
	Channel     string
	VisibleMS   int
	Interaction bool
}

// posts confirms an open as the page's script does.
func (b *browser) posts(token string, r report) *page {
	b.t.Helper()
	body := visit.Report{VisibleMS: r.VisibleMS, Interaction: r.Interaction}.Values()
	body.Set("nonce", r.Nonce)
	body.Set("channel", r.Channel)
	return b.asks(http.MethodPost, "/s/"+token+"/open", body.Encode(), "Content-Type", "application/x-www-form-urlencoded;charset=UTF-8",
		"Accept", "*/*", "Origin", b.base, "Sec-Fetch-Site", "same-origin", "Sec-Fetch-Mode", "cors", "Sec-Fetch-Dest", "empty")
}

// confirms is the page after a second of being looked at; it returns the reader's own token.
func (p *page) confirms() string {
	p.t.Helper()
	looked := report{Nonce: p.nonce(), VisibleMS: 1000}
	if parts := strings.Split(p.path, "/"); len(parts) == 4 {
		looked.Channel = parts[3]
	}
	return p.posts(p.token(), looked).wants(http.StatusOK).own()
}

// own is the token in the answer to a confirmation.
func (p *page) own() string {
	p.t.Helper()
	var answer struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal([]byte(p.body), &answer); err != nil || answer.Token == "" {
		p.t.Fatalf("%s %s answers no token: %s", p.method, p.path, p.body)
	}
	return answer.Token
}

// renewed is the nonce in the answer to a confirmation with one that has ended.
func (p *page) renewed() string {
	p.t.Helper()
	var answer struct {
		Nonce string `json:"nonce"`
	}
	if err := json.Unmarshal([]byte(p.body), &answer); err != nil || answer.Nonce == "" {
		p.t.Fatalf("%s %s answers no nonce: %s", p.method, p.path, p.body)
	}
	return answer.Nonce
}

// opens looks at a share link for long enough, and returns the reader's own token.
func (b *browser) opens(token string) string {
	b.t.Helper()
	return b.get("/s/" + token).wants(http.StatusOK).confirms()
}

// meta is the content of a meta tag, by its name or property.
func (p *page) meta(name string) string {
	for _, n := range all(p.doc, func(n *html.Node) bool {
		return n.Data == "meta" && (attr(n, "name") == name || attr(n, "property") == name)
	}) {
		return attr(n, "content")
	}
	return ""
}

// row is an element by one of its data attributes; it fails the test when there is none.
func (p *page) row(name, value string) *html.Node {
	p.t.Helper()
	found := all(p.doc, func(n *html.Node) bool { return has(n, "data-"+name) && attr(n, "data-"+name) == value })
	if len(found) == 0 {
		p.t.Fatalf("%s %s has nothing with data-%s=%q, but %q: %s", p.method, p.path, name, value, p.data(name), p.text())
	}
	return found[0]
}

// standing fails the test unless the leaderboard gives an account that score and so many people.
func (p *page) standing(account string, score, people int) *page {
	p.t.Helper()
	n := p.row("standing", account)
	if got, want := attr(n, "data-spread")+" "+attr(n, "data-people"), fmt.Sprint(score, " ", people); got != want {
		p.t.Errorf("%s %s: score and people of %s are %s, not %s", p.method, p.path, account, got, want)
	}
	return p
}

// states are the opens of a tree, as its page lists them, the last first: hop and state.
func (p *page) states() (list []string) {
	for _, n := range all(p.doc, func(n *html.Node) bool { return n.Data == "tr" && has(n, "data-open") }) {
		list = append(list, attr(n, "data-hop")+" "+attr(n, "data-state"))
	}
	return list
}

// shows fails the test unless the page lists those opens, the last first.
func (p *page) shows(states ...string) *page {
	p.t.Helper()
	if got := p.states(); !slices.Equal(got, states) {
		p.t.Errorf("%s %s lists %q, not %q", p.method, p.path, got, states)
	}
	return p
}

// left fails the test unless so many fetches of a kind stand on the page of a link.
func (p *page) left(kind, channel string, count int) *page {
	p.t.Helper()
	if lines := all(p.doc, func(n *html.Node) bool { return attr(n, "data-kind") == kind && attr(n, "data-channel") == channel }); len(lines) > 0 {
		n := lines[0]
		if got := attr(n, "data-count"); got != fmt.Sprint(count) {
			p.t.Errorf("%s %s tells of %s fetches of kind %s through %s, not %d", p.method, p.path, got, kind, channel, count)
		}
		return p
	}
	if count != 0 {
		p.t.Errorf("%s %s tells of no fetch of kind %s through %s: %s", p.method, p.path, kind, channel, p.text())
	}
	return p
}
