package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"ricochet.example/app/account"
)

// Ana's phone loses its network, and finds it again. What it keeps is what anybody may see, and when she has signed
// out, nothing.
func TestWithoutANetworkThePhoneSaysSoAndKeepsNothingPersonal(t *testing.T) {
	chrome := realBrowser(t)
	h := onPort(t)
	var down atomic.Bool
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down.Load() {
			panic(http.ErrAbortHandler)
		}
		h.server.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	b, _ := h.signedIn("ana.secret@example.com", account.Ambassador)
	ana := chrome.person(front.URL, desktop, "en-GB")
	for _, c := range b.jar.Cookies(b.address("/")) {
		ana.keep(c)
	}
	run := func(script string) string {
		t.Helper()
		return must(ana, chromedp.Evaluate[string](`(async () => String(await (async () => {`+script+`})()))()`, chromedp.EvalAwaitPromise))
	}
	const kept = `const all = []; for (const name of await caches.keys()) for (const r of await (await caches.open(name)).keys())
		all.push(new URL(r.url).pathname); return all.sort().join(" ")`
	ana.open("/me")
	ana.until("!!navigator.serviceWorker.controller", wait)
	for _, path := range []string{"/", "/me", "/ripples"} {
		ana.open(path)
	}
	paths := strings.Fields(run(kept))
	if len(paths) < 7 {
		t.Errorf("the shell is only %q", paths)
	}
	for _, path := range paths {
		if path != "/offline" && !strings.HasPrefix(path, "/static/") {
			t.Errorf("%s is kept", path)
		}
	}
	if words := run(`return (await (await caches.match("/offline")).text());`); strings.Contains(words, "ana") || strings.Contains(words, "secret") {
		t.Errorf("what is kept says %s", words)
	}
	if complaints, strange := ana.heard(); len(complaints)+len(strange) > 0 {
		t.Errorf("the browser says %q; other sites asked: %q", complaints, strange)
	}

	down.Store(true)
	ana.open("/ripples")
	if got := ana.reads(`!!document.querySelector("[data-offline]") && getComputedStyle(document.body).fontFamily.includes("Inter")`); got != "true" {
		t.Errorf("without a network there is %s", ana.reads("document.body.innerText"))
	}
	down.Store(false)
	ana.open("/me")
	if ana.reads(`document.body.innerText.includes("ana.secret@example.com")`) != "true" {
		t.Error("with the network her page is not there again")
	}

	ana.leaves(`document.querySelector('form[action="/sign-out"]').requestSubmit()`)
	ana.until(`location.pathname == "/signin"`, wait)
	left := ""
	for range wait / (50 * time.Millisecond) {
		if left = run(kept + " + String((await navigator.serviceWorker.getRegistrations()).length)"); left == "0" {
			return
		}
		must(ana, chromedp.Sleep(50*time.Millisecond))
	}
	t.Errorf("after she has signed out there is %s", left)
}
