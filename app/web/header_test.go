package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// Redirections, files and what scripts are told are no pages, and yet they say
// what they are, tell other sites nothing, and keep a browser on https.
func TestEveryAnswerIsStrict(t *testing.T) {
	h := found(t, "url", "https://drops.example")
	h.base = "https://drops.example"
	stranger := h.browser()
	for _, p := range []*page{
		stranger.get("/signin").wants(http.StatusOK),
		stranger.get("/drops").wants(http.StatusSeeOther),
		stranger.get("/robots.txt").wants(http.StatusOK),
		stranger.get("/static/nothing.css").wants(http.StatusNotFound),
		stranger.get("/s/nothing").wants(http.StatusNotFound),
		stranger.post("/s/nothing/open").wants(http.StatusBadRequest),
		stranger.do(h.server, http.MethodPost, "/signin", nil, http.Header{"Origin": {"https://evil.example"}}).wants(http.StatusForbidden),
	} {
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
		} {
			if got := p.header.Get(name); got != want {
				t.Errorf("%s %s: %s is %q", p.method, p.path, name, got)
			}
		}
	}
}

// What to go on to after signing in is kept in a cookie; an address that is too
// long for one is left out, and signing in works.
func TestAVeryLongAddressDoesNotKeepAnybodyFromSigningIn(t *testing.T) {
	h := found(t)
	stranger := h.browser()
	at := "/squads?x=" + strings.Repeat("x", 5000)
	stranger.get(at).to("/signin").wants(http.StatusOK)
	stranger.post("/signin", "email", "olga@novaska.example", "next", at).to("/signin/code").wants(http.StatusOK)
	at = "/squads?x=" + strings.Repeat("x", 900)
	stranger.post("/signin", "email", "olga@novaska.example", "next", at).to("/signin/code").
		form("/signin/code").send("code", h.code("olga@novaska.example")).to(at).wants(http.StatusOK)
}
