package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"ricochet.example/app/web"
	"ricochet.example/views"
)

// picture is a page of the gallery to look at.
type picture struct {
	name   string
	path   string
	status int64
	wrong  bool // its form is emptied and sent before
	owners bool // nobody else may see it
}

// pictures are the pages that a guest may see: those of the table of routes,
// and others that a route has too: in another state, or with a form gone wrong.
func (g *gallery) pictures(v guest) (all []picture) {
	for _, rt := range g.server.Routes() {
		if rt.Method != http.MethodGet || !rt.Page || rt.Answers[v.kind] == web.NotFound || rt.Answers[v.kind] == web.SignIn || strings.HasPrefix(rt.Pattern, "/setup/") {
			continue
		}
		if rt.Answers[v.kind] == web.Private && v.values["rehearsal"] == "" {
			continue
		}
		at := wildcard.ReplaceAllStringFunc(strings.ReplaceAll(rt.Pattern, "{$}", ""), func(name string) string { return v.values[strings.Trim(name, "{.}")] })
		all = append(all, picture{name: strings.NewReplacer("/", "_", "{", "", "}", "", "$", "").Replace(rt.Pattern), path: at, status: http.StatusOK, owners: rt.Answers[web.Manager] == web.NotFound})
	}
	more := map[web.Visitor][]picture{
		web.Stranger: {
			{name: "reader_passed", path: "/s/" + g.passed},
			{name: "reader_held", path: "/s/" + g.held},
			{name: "reader_stopped", path: "/s/" + g.over, status: http.StatusGone},
			{name: "reader_unknown", path: "/s/0000000000000", status: http.StatusNotFound},
			{name: "join_full", path: views.JoinPath(g.codes[0])},
			{name: "signin_wrong", path: "/signin", wrong: true},
		},
		web.Outsider: {
			{name: "join_asks", path: views.JoinPath(g.codes[0])},
		},
		web.Member: {
			{name: "drop_read", path: views.DropPath(g.read.ID)},
			{name: "rehearsal_reader", path: "/s/" + v.values["rehearsal"]},
			{name: "nothing", path: "/nothing", status: http.StatusNotFound},
			{name: "leaderboard_today", path: views.BoardPath(g.campaign.ID) + "?period=today"},
		},
		web.Manager: {
			{name: "drop_raw", path: views.DropPath(g.raw.ID)},
			{name: "campaign_quiet", path: views.CampaignPath(g.quiet.ID)},
			{name: "leaderboard_quiet", path: views.BoardPath(g.quiet.ID)},
			{name: "leaderboard_week", path: views.BoardPath(g.campaign.ID) + "?period=week&order=people&squad=" + g.squads[0].ID},
			{name: "campaign_details", path: views.CampaignPath(g.campaign.ID) + "?details=yes"},
			{name: "ambassador_details", path: views.AmbassadorPath(g.amina.ID) + "?details=yes"},
			{name: "campaign_wrong", path: "/campaigns/new", wrong: true},
			{name: "drop_wrong", path: "/drops/new", wrong: true},
			{name: "release_wrong", path: views.ReleasePath(g.shared.ID), wrong: true},
			{name: "nothing", path: "/nothing", status: http.StatusNotFound},
		},
	}
	for _, p := range more[v.kind] {
		if p.status == 0 {
			p.status = http.StatusOK
		}
		all = append(all, p)
	}
	return all
}

// Everyone looks at everything they may see, on a phone and at a desk, by day
// and at night, in English and French: the browser has nothing to complain of,
// asks no other site, and nothing sticks out of the screen.
func TestEveryPageIsFitToBeSeenByAnybodyOnAnything(t *testing.T) {
	chrome := realBrowser(t)
	g := hang(t)
	axe := ""
	if file := os.Getenv("RICOCHET_TEST_AXE"); file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		axe = string(text)
	}
	t.Run("looked at", func(t *testing.T) {
		for _, v := range g.guests() {
			t.Run(v.kind.String()+" in "+v.language, func(t *testing.T) {
				t.Parallel()
				look(t, chrome, g, v, axe)
			})
		}
	})
	before := unfounded(t)
	for _, language := range []string{"en", "fr"} {
		b := (&chromium{t, chrome.ctx}).person(before.base, desktop, language)
		for _, p := range []picture{{name: "unfounded", path: "/", status: 200}, {name: "setup", path: "/setup/" + before.token, status: 200}, {name: "setup_wrong", path: "/setup/" + before.token, status: 200, wrong: true}} {
			b.inspect(p, "nobody_"+language, axe)
		}
	}
	if axe == "" {
		t.Skip("RICOCHET_TEST_AXE names no axe-core, so nobody asked whether everyone can use the pages; make test sets it")
	}
}

// look goes through a guest's pages.
func look(t *testing.T, chrome *chromium, g *gallery, v guest, axe string) {
	t.Helper()
	b := (&chromium{t, chrome.ctx}).person(g.base, desktop, v.language)
	if v.secret != nil {
		b.keep(v.secret)
	} else {
		b.keep(g.codeCookie)
	}
	for _, p := range g.pictures(v) {
		ask := axe
		if v.kind == web.Owner && !p.owners {
			ask = "" // it is what managers see, and they asked
		}
		b.inspect(p, v.kind.String()+"_"+v.language, ask)
	}
}

// inspect looks at a page from all sides.
func (b *tab) inspect(p picture, who, axe string) {
	b.t.Helper()
	b.wide(390, "light")
	status := b.open(p.path)
	if status != p.status {
		b.t.Errorf("%s, %s: status %d, not %d", who, p.path, status, p.status)
		return
	}
	expected := []string{fmt.Sprint(status)}
	if p.wrong {
		must(b, func(ctx context.Context, _ *chromedp.Target) (*network.Response, error) {
			return chromedp.RunResponse(ctx, chromedp.Evaluate[chromedp.Void](`for (const e of document.querySelectorAll("main form.form input:not([type=hidden], [type=checkbox], [type=color]), main form.form textarea")) e.value = "";
				document.querySelector("main form.form").submit()`))
		})
		if got := b.reads(`!!document.querySelector("[data-problems]")`); got != "true" {
			b.t.Errorf("%s, %s: an empty form is taken", who, p.path)
		}
		expected = append(expected, "422")
	}
	for _, view := range []struct {
		width  int64
		scheme string
	}{{390, "light"}, {320, "light"}, {1440, "dark"}} {
		b.wide(view.width, view.scheme)
		if wide := b.reads(sticking); wide != "" {
			b.t.Errorf("%s, %s: at %d pixels this sticks out: %s", who, p.path, view.width, wide)
		}
		if thin := b.reads(squeezed); thin != "" {
			b.t.Errorf("%s, %s: at %d pixels this is too thin to be seen: %s", who, p.path, view.width, thin)
		}
		if view.width == 390 {
			if wide := b.reads(enlarged); wide != "" {
				b.t.Errorf("%s, %s: with text twice as large this sticks out or is broken: %s", who, p.path, wide)
			}
		}
		if axe != "" && view.width != 320 {
			b.asks(axe, fmt.Sprintf("%s, %s, %d %s", who, p.path, view.width, view.scheme))
		}
	}
	b.paint(p.name + "-" + who)
	complaints, strange := b.heard()
	complaints = slices.DeleteFunc(complaints, func(s string) bool {
		return strings.HasPrefix(s, "network: ") && slices.ContainsFunc(expected, func(code string) bool { return code != "200" && strings.Contains(s, "status of "+code) })
	})
	if len(complaints) > 0 {
		b.t.Errorf("%s, %s: the browser says %q", who, p.path, complaints)
	}
	if len(strange) > 0 {
		b.t.Errorf("%s, %s: other sites are asked: %q", who, p.path, strange)
	}
}

// sticking names elements that stick out of the screen, where the page scrolls sideways.
const sticking = `(() => {
	const wide = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth <= wide) return "";
	return [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > wide + 1 && !e.closest(".scroll"))
		.map(e => e.tagName + "." + e.className + " " + Math.round(e.getBoundingClientRect().right)).slice(0, 5).join(", ") || "something";
})()`

// squeezed names pictures of spread that something beside them left no room for.
const squeezed = `[...document.querySelectorAll(".glyph")].map((e) => [e, Math.round(e.getBoundingClientRect().width)])
	.filter(([e, wide]) => e.checkVisibility() && wide < 20).map(([e, wide]) => e.parentNode.className + " " + wide).slice(0, 5).join(", ")`

// cut names words of headings that are broken in the middle, as no word is that a phone has room for.
const cut = `(() => {
	const range = document.createRange(), found = [];
	for (const heading of document.querySelectorAll("h1:not(.heard), h2:not(.heard), h3:not(.heard)")) {
		const texts = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT);
		for (let text; text = texts.nextNode();)
			for (const word of text.data.matchAll(/[\p{L}\p{N}]+/gu)) {
				range.setStart(text, word.index);
				range.setEnd(text, word.index + word[0].length);
				const lines = new Set([...range.getClientRects()].filter(r => r.width > 0).map(r => Math.round(r.top)));
				if (lines.size > 1 && word[0].length < 14) found.push("a heading breaks " + word[0]);
			}
	}
	return found.slice(0, 5).join(", ");
})()`

// enlarged is what sticks out, or is broken, for those who read with letters twice as large.
const enlarged = `(() => {
	document.documentElement.style.fontSize = "200%";
	try {
		return ` + sticking + ` || ` + cut + `;
	} finally {
		document.documentElement.style.fontSize = "";
	}
})()`

// asks lets axe look at the page and complains of what it finds serious.
func (b *tab) asks(axe, where string) {
	b.t.Helper()
	if b.reads(`typeof window.axe`) == "undefined" {
		must(b, chromedp.Evaluate[chromedp.Void](axe))
	}
	found := must(b, chromedp.Evaluate[string](`axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations
		.filter(v => v.impact == "serious" || v.impact == "critical")
		.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.target + " (" + n.failureSummary.split("\n")[1].trim() + ")").join("; "))))`, chromedp.EvalAwaitPromise))
	var wrong []string
	if err := json.Unmarshal([]byte(found), &wrong); err != nil {
		b.t.Fatal(err)
	}
	for _, w := range wrong {
		b.t.Errorf("%s: %s", where, w)
	}
}

var unfit = regexp.MustCompile(`[^\w.-]+`)

// paint keeps pictures of the whole page, on a phone and at a desk, by day and
// at night, in the folder that RICOCHET_SCREENSHOTS names.
func (b *tab) paint(name string) {
	b.t.Helper()
	dir := os.Getenv("RICOCHET_SCREENSHOTS")
	if dir == "" {
		return
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		b.t.Fatal(err)
	}
	for _, width := range []int64{390, 1440} {
		for _, scheme := range []string{"light", "dark"} {
			b.wide(width, scheme)
			// The bar at the bottom of a phone stands where it would if the screen were as high as the page.
			height := must(b, chromedp.Evaluate[int64]("document.documentElement.scrollHeight"))
			must(b, chromedp.EmulateViewport(width, min(height, 6000)))
			file := fmt.Sprintf("%s-%d-%s.png", unfit.ReplaceAllString(name, ""), width, scheme)
			if err := os.WriteFile(filepath.Join(dir, file), must(b, chromedp.CaptureScreenshot()), 0o600); err != nil {
				b.t.Fatal(err)
			}
		}
	}
}
