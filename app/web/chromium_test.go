package web_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	document "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"

	"ricochet.example/app/clock"
)

// desktop is what the real browser says of itself; headless, it would say that no person is there.
const desktop = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"

// wait is how long something may take that happens sooner or later, on a machine that is busy.
const wait = 20 * time.Second

// turns waits until the address bar shows another path.
func (b *tab) turns(from string) {
	b.t.Helper()
	b.until(`location.pathname != "`+from+`"`, wait)
}

// sharedOnPort is a drop that is shared, and its link's path.
func sharedOnPort(t *testing.T) (l *launch, path string) {
	t.Helper()
	l = newLaunch(onPort(t))
	now := clock.System{}.Now()
	l.release(now.Add(-2*time.Hour), now.Add(-time.Hour), now.Add(24*time.Hour))
	return l, "/s/" + l.link
}

func TestAfterASecondEverythingOnThePageCarriesTheReadersOwnLink(t *testing.T) {
	chrome := realBrowser(t)
	l, path := sharedOnPort(t)
	rosa := chrome.person(l.base, desktop, "en-GB")
	rosa.before(spied)
	rosa.open(path + "/whatsapp")
	rosa.turns(path + "/whatsapp")
	own := rosa.path()
	for what, wrong := range map[string]string{
		"it turned before it was seen for a second":            "spied.turned - spied.seen < 1000",
		"it posted a shorter look, or twice, or another share": `spied.posts.length != 1 || spied.posts[0].visible < 1000 || spied.posts[0].channel != "whatsapp"`,
		"it says that somebody touched it":                     "!!spied.posts[0].interaction",
		"the canonical address is another":                     `document.querySelector("link[rel=canonical]").href != location.href`,
		"og:url is another":                                    `document.querySelector('meta[property="og:url"]').content != location.href`,
		"something to share by is another's":                   `[...document.querySelectorAll(".share a, .share input")].some(e => !decodeURIComponent(e.href || e.value).includes(location.pathname.slice(3)))`,
		"there is nothing to share by":                         `document.querySelectorAll(".share a").length < 3`,
		"the link that she came by still stands in the page":   `document.documentElement.outerHTML.includes("` + l.link + `")`,
		"it went forward in the history":                       "history.length > 2", // about:blank and the page
	} {
		if rosa.reads(wrong) != "false" {
			t.Errorf("%s: %s", what, rosa.reads("JSON.stringify(spied)"))
		}
	}
	rosa.open(own)
	rosa.until("spied.posts.length > 0", wait)
	rosa.stays(own, 500*time.Millisecond)
	l.tree().shows("1 counted")

	sam := chrome.person(l.base, strings.ReplaceAll(desktop, "141", "140"), "fr-FR")
	sam.open(own)
	sam.turns(own)
	l.tree().shows("1 same_network", "1 counted")
}

func TestAPageThatNobodySeesConfirmsNothing(t *testing.T) {
	chrome := realBrowser(t)
	l, path := sharedOnPort(t)
	front := chrome.person(l.base, desktop, "en-GB")
	front.open("/signin")
	behind := front.hidden(desktop, "en-GB")
	behind.before(spied)
	behind.goes(path) // what nobody sees is not laid out
	if got := behind.reads("document.visibilityState"); got != "hidden" {
		t.Fatalf("the tab behind is %s", got)
	}
	behind.stays(path, 2500*time.Millisecond)
	must(behind, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, document.BringToFront, cdp.Empty{})
		return err
	}))
	behind.turns(path)
	if behind.reads("spied.seen >= 2500 && spied.turned - spied.seen >= 1000") != "true" {
		t.Errorf("it was not seen for a second: %s", behind.reads("JSON.stringify(spied)"))
	}
	l.tree().shows("1 counted")
}

// The page carries an old nonce, and a post with it is answered as after half an hour: with the page's own.
func TestAPageWhoseNonceHasEndedPostsOnceMoreWithTheOneItIsGiven(t *testing.T) {
	chrome := realBrowser(t)
	l, path := sharedOnPort(t)
	for _, c := range []struct {
		model, ended string // ended says which posts come too late
		counts       bool
	}{{"141", `post.nonce == "old"`, true}, {"140", "true", false}} {
		late := chrome.person(l.base, strings.ReplaceAll(desktop, "141", c.model), "en-GB")
		late.before(spied + `
			let own = "";
			document.addEventListener("readystatechange", () => {
				const root = document.documentElement;
				if (!own) { own = root.dataset.open; root.dataset.open = "old"; }
			});
			const through = window.fetch;
			window.fetch = (to, how) => {
				const post = Object.fromEntries(how.body);
				if (!(` + c.ended + `)) return through(to, how);
				window.spied.posts.push(post);
				return Promise.resolve(new Response(JSON.stringify({ nonce: own }), { status: 409 }));
			};`)
		late.open(path)
		late.until("spied.posts.length == 2", wait)
		if c.counts {
			late.turns(path)
		} else {
			late.stays(path, 2*time.Second)
		}
		if got := late.reads(`spied.posts.length == 2 && spied.posts[0].nonce == "old" && spied.posts[1].nonce != "old"`); got != "true" {
			t.Errorf("it posted %s", late.reads("JSON.stringify(spied.posts)"))
		}
	}
	l.tree().shows("1 counted")
}

func TestALinkFromAMailWaitsThreeSecondsOrForATouch(t *testing.T) {
	chrome := realBrowser(t)
	l, path := sharedOnPort(t)
	patient := chrome.person(l.base, desktop, "en-GB")
	patient.before(spied)
	patient.open(path + "/email")
	patient.turns(path + "/email")
	if patient.reads("spied.posts.length == 1 && spied.posts[0].visible >= 3000 && !spied.posts[0].interaction") != "true" {
		t.Errorf("it did not wait: %s", patient.reads("JSON.stringify(spied)"))
	}
	quick := chrome.person(l.base, strings.ReplaceAll(desktop, "141", "140"), "en-GB")
	quick.before(spied)
	quick.open(path + "/email")
	must(quick, chromedp.MouseClickXY(200, 300))
	quick.turns(path + "/email")
	if quick.reads("spied.posts.length == 1 && spied.posts[0].visible >= 1000 && !!spied.posts[0].interaction") != "true" {
		t.Errorf("it did not say that it was touched: %s", quick.reads("JSON.stringify(spied)"))
	}
	l.tree().shows("1 counted", "1 counted")
}

func TestABrowserThatIsDoubtedIsWaitedForToTouchThePage(t *testing.T) {
	chrome := realBrowser(t)
	l, path := sharedOnPort(t)
	odd := chrome.person(l.base, desktop+" SecurityHeaders", "en-GB")
	odd.before(spied)
	odd.open(path)
	odd.until("spied.posts.length > 0", wait)
	odd.stays(path, 2500*time.Millisecond)
	if got := odd.reads("spied.posts.length"); got != "1" {
		t.Errorf("it posted %s times without being touched", got)
	}
	l.tree().shows()
	must(odd, chromedp.KeyEvent("j"))
	odd.turns(path)
	l.tree().shows("1 counted")
}

func TestABrowserThatAProgramDrivesKeepsTheLinkItCameBy(t *testing.T) {
	chrome := realBrowser(t)
	l, path := sharedOnPort(t)
	driven := chrome.person(l.base, desktop, "en-GB")
	driven.before(spied + `Object.defineProperty(Navigator.prototype, "webdriver", { get: () => true });`)
	driven.open(path)
	driven.until("spied.posts.length > 0", wait)
	driven.stays(path, time.Second)
	l.tree().shows().left("bot", "unknown", 1)
}

func TestNothingIsLeftOnTheDeviceOfAReader(t *testing.T) {
	chrome := realBrowser(t)
	l, path := sharedOnPort(t)
	rosa := chrome.person(l.base, desktop, "en-GB")
	rosa.open(path)
	rosa.turns(path)
	kept := must(rosa, chromedp.Evaluate[string](`(async () => JSON.stringify([document.cookie, localStorage.length, sessionStorage.length,
		(await indexedDB.databases()).length, (await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length]))()`, chromedp.EvalAwaitPromise))
	if kept != `["",0,0,0,0,0]` {
		t.Errorf("it keeps %s", kept)
	}
	cookies, err := chromedp.CallBrowser(rosa.ctx, storage.GetCookies, storage.GetCookiesParams{BrowserContextID: chromedp.FromContext(rosa.ctx).BrowserContextID})
	if err != nil {
		t.Fatal(err)
	}
	if len(cookies.Cookies) != 0 {
		t.Errorf("it has %d cookies", len(cookies.Cookies))
	}
	if complaints, strange := rosa.heard(); len(complaints)+len(strange) > 0 {
		t.Errorf("the browser says %q; other sites asked: %q", complaints, strange)
	}
}

func TestWithoutScriptsThePageReadsAndSharesAllTheSame(t *testing.T) {
	chrome := realBrowser(t)
	l, path := sharedOnPort(t)
	plain := chrome.person(l.base, desktop, "en-GB")
	must(plain, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	plain.open(path)
	text := must(plain, chromedp.OuterHTML(chromedp.CSS("html")))
	for _, want := range []string{"Croix-Rousse", `href="/go/` + l.link + `/whatsapp"`, l.base + path + "/copy"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page is without %s", want)
		}
	}
	l.tree().shows().left("fetched", "unknown", 1)
}
