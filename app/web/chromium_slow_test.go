package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"ricochet.example/app/web"
)

// What a slow phone on a slow network is, as Lighthouse has it: four times slower than this machine, 1.6 Mbit/s, and
// 150 ms until an answer begins. https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md
const (
	slower  = 4
	bytes4G = 1.6e6 / 8 // a second
	delay4G = 150       // milliseconds
)

// witness notes what moves in a page that nobody touched, and what keeps the phone busy for more than 50 ms.
const witness = `
	window.watched = { moved: [], busy: [] };
	const at = (s) => (s.node && (s.node.tagName || s.node.parentNode?.tagName)) + "." + (s.node?.className || "") + " " + Math.round(s.previousRect.y) + " > " + Math.round(s.currentRect.y);
	new PerformanceObserver((all) => { for (const e of all.getEntries()) if (!e.hadRecentInput) window.watched.moved.push(e.value.toFixed(5) + ": " + e.sources.map(at).join(", ")); }).observe({ type: "layout-shift", buffered: true });
	new PerformanceObserver((all) => { for (const e of all.getEntries()) window.watched.busy.push(Math.round(e.duration)); }).observe({ type: "longtask", buffered: true });
`

// seen is what was watched of a page.
type seen struct {
	Moved []string // what went from where to where, and how much of the screen by how far
	Busy  []int    // milliseconds
}

// visit comes to a page for the first time, on a slow phone.
func (b *tab) visit(path string) (s seen) {
	b.t.Helper()
	must(b, chromedp.Navigate("about:blank"))
	must(b, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.ClearBrowserCache, cdp.Empty{})
		return err
	}))
	b.goes(path)
	must(b, chromedp.Sleep(2*time.Second)) // unasked, since answering keeps it busy; a reader's page is confirmed after one
	if err := json.Unmarshal([]byte(b.reads("JSON.stringify(window.watched)")), &s); err != nil {
		b.t.Fatal(err)
	}
	return s
}

// slow makes the tab that of a slow phone on a slow network.
func (b *tab) slow() {
	b.t.Helper()
	b.wide(390, "light")
	b.likes("light", "no-preference")
	must(b, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for _, m := range []cdp.Command[cdp.Empty, cdp.Empty]{css.Disable, dom.Disable} { // to be told of all that a page has keeps it busy
			if _, err := cdp.Call(ctx, t, m, cdp.Empty{}); err != nil {
				return fmt.Errorf("asking for less: %w", err)
			}
		}
		if _, err := cdp.Call(ctx, t, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: slower}); err != nil {
			return fmt.Errorf("slowing the phone down: %w", err)
		}
		_, err := cdp.Call(ctx, t, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{Latency: delay4G, DownloadThroughput: bytes4G, UploadThroughput: bytes4G / 2}},
		})
		return err
	}))
	b.before(witness)
	must(b, chromedp.Sleep(4*time.Second)) // a browser is busy with its own for a while when a window opens
}

// Nothing moves under the finger of somebody who reads on a slow phone, whenever the style, the fonts and the pictures
// come. A browser that is very busy now and then draws half a row of a table, or half a tab, before it reads on: what
// moves moves at each of three visits. What keeps the phone busy for more than 50 ms at each of three depends on this
// machine, so it is told, beside what an empty page costs.
func TestOnASlowPhoneNothingMovesOnAnyPage(t *testing.T) {
	chrome := realBrowser(t)
	g := hang(t)
	blank := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cross-Origin-Opener-Policy", "same-origin") // a process of its own, as ours have
		_, _ = w.Write([]byte("<!doctype html><title>Nothing</title><p>Nothing"))
	}))
	t.Cleanup(blank.Close)
	// A slowed tab keeps one of the machine's processors busy even while nothing happens in it: there is one at a time.
	empty := func(t *testing.T) {
		b := (&chromium{t, chrome.ctx}).person(blank.URL, android, "fr")
		b.slow()
		for range 3 {
			t.Logf("an empty page keeps the phone busy for %d ms", b.visit("/").Busy)
		}
	}
	t.Run("an empty page", empty)
	pages, slow := 0, 0
	looked := map[string]bool{} // a captain has the pages of a member, and some more
	for _, v := range g.guests() {
		if v.language != "fr" || v.kind != web.Stranger && v.kind != web.Captain && v.kind != web.Member {
			continue
		}
		t.Run(v.kind.String(), func(t *testing.T) {
			b := (&chromium{t, chrome.ctx}).person(g.base, android, v.language)
			if v.secret != nil {
				b.keep(v.secret)
			}
			b.slow()
			for _, p := range g.pictures(v) {
				if looked[p.name] && v.kind == web.Captain || p.wrong {
					continue
				}
				looked[p.name] = true
				s := b.visit(p.path)
				moved, busy := s.Moved, [][]int{s.Busy}
				for len(busy) < 3 && (len(moved) > 0 || len(s.Busy) > 0) {
					s = b.visit(p.path)
					busy = append(busy, s.Busy)
					if len(moved) > 0 {
						moved = s.Moved
					}
				}
				for _, what := range moved {
					t.Errorf("%s: this moves: %s", p.path, what)
				}
				pages++
				if len(s.Busy) > 0 {
					slow++
					t.Logf("%s keeps the phone busy for %d ms", p.path, busy)
				}
			}
		})
	}
	t.Run("an empty page again", empty)
	t.Logf("%d of %d pages keep the phone busy for more than 50 ms whenever they come", slow, pages)
}
