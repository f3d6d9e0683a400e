package web_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"ricochet.example/app/web"
	"ricochet.example/views"
)

// there is how much of a page is laid out, and how long it is.
const there = `JSON.stringify([[...document.querySelectorAll("body *")].filter((e) => getComputedStyle(e).display !== "none").length, document.documentElement.scrollHeight])`

// pieces are when the pieces of a page come, each moment once.
const pieces = `[...new Set([...document.querySelectorAll("body *")].map((e) => getComputedStyle(e)).filter((s) => s.animationName === "later").map((s) => s.animationDelay))].join(" ")`

// early is what comes before something that stands above it, and so would be pushed down by it. A piece of a piece waits
// for the whole first.
const early = `JSON.stringify((() => {
	const all = [];
	let last = 0;
	const look = (e, since) => {
		const s = getComputedStyle(e);
		if (s.display === "none" || s.position === "fixed" || s.position === "absolute") return;
		if (s.animationName === "later") since += Math.max(0, Math.round(parseFloat(s.animationDelay) * 1000));
		if (since < last) return all.push(e.tagName + "." + e.className + " after " + since + " ms, not " + last);
		last = Math.max(last, since);
		for (const c of e.children) look(c, since);
	};
	look(document.body, 0);
	return all;
})())`

// A phone lays a page out in pieces. All of them come, from the top to the bottom: what is there in the end is what is
// there at once for somebody who wants nothing to move.
func TestEveryPieceOfAPageComes(t *testing.T) {
	chrome := realBrowser(t)
	g := hang(t)
	for _, v := range g.guests() {
		if v.language != "fr" || v.kind != web.Stranger && v.kind != web.Captain {
			continue
		}
		t.Run(v.kind.String(), func(t *testing.T) {
			b := (&chromium{t, chrome.ctx}).person(g.base, android, v.language)
			if v.secret != nil {
				b.keep(v.secret)
			}
			b.wide(390, "light")
			for _, p := range g.pictures(v) {
				if p.wrong {
					continue
				}
				b.likes("light", "no-preference")
				b.open(p.path)
				came := b.reads(there)
				if before := b.reads(early); before != "[]" {
					t.Errorf("%s: comes before what is above it: %s", p.path, before)
				}
				b.likes("light", "reduce")
				if all := b.reads(there); came != all {
					t.Errorf("%s: of %s (parts, pixels) came %s", p.path, all, came)
				}
			}
		})
	}
}

// The pages that are looked at most, which are long, come in several pieces; for whoever comes to a place in a page, and
// at a desk, all of it comes at once. Whoever reloads it or goes back comes to where they were.
func TestALongPageComesInPieces(t *testing.T) {
	chrome := realBrowser(t)
	g := hang(t)
	for _, v := range g.guests() {
		if v.language != "fr" || v.kind != web.Stranger && v.kind != web.Member {
			continue
		}
		paths := []string{"/", "/me", "/squad", views.DropPath(g.shared.ID), views.SharePath(g.shared.ID), views.LinkPath(g.link)}
		if v.kind == web.Stranger {
			paths = []string{"/s/" + g.link}
		}
		t.Run(v.kind.String(), func(t *testing.T) {
			b := (&chromium{t, chrome.ctx}).person(g.base, android, v.language)
			if v.secret != nil {
				b.keep(v.secret)
			}
			b.wide(390, "light")
			b.likes("light", "no-preference")
			for _, path := range paths {
				b.open(path)
				if when := strings.Fields(b.reads(pieces)); len(when) < 2 {
					t.Errorf("%s: pieces come at %q", path, when)
				}
				b.reads(`document.querySelector("main [id], main").id ||= "here"`)
				b.reads(`location.hash = document.querySelector("main [id], main").id`)
				if when := b.reads(pieces); when != "-1s" {
					t.Errorf("%s#: pieces come at %q", path, when)
				}

				b.open("/glossary")
				b.open(path)
				b.reads(`scrollTo(0, 1e6)`)
				was := b.reads(`scrollY`)
				b.leaves(`window.old = true; location.reload()`) // going back may find the page as it was kept
				b.until(`!window.old && document.readyState === "complete" && `+laidOut, 10*time.Second)
				must(b, chromedp.Sleep(100*time.Millisecond))
				if is := b.reads(`scrollY`); is != was {
					t.Errorf("%s: who was at %s comes back to %s", path, was, is)
				}
			}
			b.wide(1440, "light")
			b.likes("light", "no-preference")
			for _, path := range paths {
				b.open(path)
				if when := b.reads(pieces); when != "" {
					t.Errorf("%s at a desk: pieces come at %q", path, when)
				}
			}
		})
	}
}

// At a desk, where there are keys, the field to sign in with has the caret; on a phone nothing has.
func TestTheFieldToSignInWithHasTheCaretAtADesk(t *testing.T) {
	chrome := realBrowser(t)
	b := chrome.person(onPort(t).base, android, "fr")
	for width, has := range map[int64]string{390: "", 1440: "email"} {
		b.wide(width, "light")
		b.open("/signin")
		if on := b.reads(`document.activeElement.id`); on != has {
			t.Errorf("at %d px the caret is in %q, not in %q", width, on, has)
		}
	}
}
