package web_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	document "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"ricochet.example/app/brand"
	"ricochet.example/app/clock"
	"ricochet.example/app/web"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// chromium is a real browser, with nothing in its profile.
type chromium struct {
	t   *testing.T
	ctx context.Context
}

// realBrowser starts the browser that RICOCHET_TEST_CHROMIUM names. The test is
// skipped when it names none: it is set by `make test`, which installs one.
func realBrowser(t *testing.T) *chromium {
	t.Helper()
	binary := os.Getenv("RICOCHET_TEST_CHROMIUM")
	if binary == "" {
		t.Skip("RICOCHET_TEST_CHROMIUM names no browser to look at pages with; make test sets it")
	}
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(binary), chromedp.UserDataDir(profile(t)),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		// A browser that a program drives says so, and is no person.
		chromedp.Flag("disable-blink-features", "AutomationControlled"),
	}
	for _, off := range []string{
		"quic", "background-networking", "component-update", "sync", "extensions", "dev-shm-usage",
		"background-timer-throttling", "backgrounding-occluded-windows", "renderer-backgrounding",
	} {
		options = append(options, chromedp.Flag("disable-"+off, true))
	}
	starting, stop := chromedp.NewExecAllocator(t.Context(), options...)
	ctx, cancel := chromedp.NewContext(starting)
	t.Cleanup(func() {
		cancel()
		stop()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("starting %s: %v", binary, err)
	}
	return &chromium{t, ctx}
}

// profile is a folder for what a browser keeps. Its processes may still write there for a moment when it has ended.
func profile(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "ricochet-browser-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for range 50 {
			if err = os.RemoveAll(folder); err == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Log(err)
	})
	return folder
}

// tab is a tab of a person whose cookies nobody else has.
type tab struct {
	t    testing.TB
	ctx  context.Context
	base string

	mu         sync.Mutex
	status     int64    // of the latest page
	complaints []string // of the browser, about the page
	strange    []string // requests to other sites
}

// person opens a tab with cookies of its own, as a browser that says that it is
// agent and that its person reads language.
func (c *chromium) person(base, agent, language string) *tab {
	c.t.Helper()
	ctx, cancel := chromedp.NewContext(c.ctx, chromedp.WithNewBrowserContext())
	c.t.Cleanup(cancel)
	b := &tab{t: c.t, ctx: ctx, base: base}
	b.listen(agent, language)
	return b
}

// hidden opens one more tab of the same person, which they do not see.
func (b *tab) hidden(agent, language string) *tab {
	b.t.Helper()
	id := chromedp.FromContext(b.ctx).BrowserContextID
	made, err := chromedp.CallBrowser(b.ctx, target.CreateTarget, target.CreateTargetParams{
		URL: "about:blank", BrowserContextID: id, Background: new(true),
	})
	if err != nil {
		b.t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithTargetID(made.TargetID))
	b.t.Cleanup(cancel)
	other := &tab{t: b.t, ctx: ctx, base: b.base}
	other.listen(agent, language)
	return other
}

// listen begins to note what the browser says of the pages in the tab.
func (b *tab) listen(agent, language string) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx); err != nil {
		b.t.Fatal(err)
	}
	must(b, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: agent, AcceptLanguage: language})
		return err
	}))
	if err := chromedp.Listen(b.ctx, b.hear); err != nil {
		b.t.Fatal(err)
	}
}

// hear notes what is wrong with a page. It is called for every event.
func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.complaints = append(b.complaints, "exception: "+e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			b.complaints = append(b.complaints, "console: "+string(e.Type))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Level == "warning" {
			b.complaints = append(b.complaints, fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeDocument {
			b.status = e.Response.Status
		}
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, b.base+"/") && !strings.HasPrefix(e.Request.URL, "data:") {
			b.strange = append(b.strange, e.Request.URL)
		}
	}
}

// heard returns what was noted since it was last asked.
func (b *tab) heard() (complaints, strange []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	complaints, strange = b.complaints, b.strange
	b.complaints, b.strange = nil, nil
	return complaints, strange
}

// must does something in a tab, and fails the test when that cannot be done.
func must[T any](b *tab, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		b.t.Fatal(err)
	}
	return value
}

// laidOut is that no piece of a page is still to come.
const laidOut = `!document.getAnimations().some((a) => a.animationName === "later" || a.animationName === "room")`

// open goes to an address, where all of the page is to be seen then, and returns the status of the answer.
func (b *tab) open(path string) int64 {
	b.t.Helper()
	status := b.goes(path)
	b.until(laidOut, 10*time.Second)
	return status
}

// goes goes to an address and returns the status of the answer.
func (b *tab) goes(path string) int64 {
	b.t.Helper()
	must(b, chromedp.Navigate(b.base+path))
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.status
}

// reads returns what an expression is in the page.
func (b *tab) reads(expression string) string {
	b.t.Helper()
	return must(b, chromedp.Evaluate[string]("String("+expression+")"))
}

// leaves does something by which the page goes: once it was asked for, so that its end is not that of the question.
func (b *tab) leaves(statement string) {
	b.t.Helper()
	b.reads("setTimeout(() => { " + statement + " }, 0)")
}

// path is what stands in the address bar, without the site.
func (b *tab) path() string { return b.reads("location.pathname") }

// spied notes what a page's script does before it does it: when somebody saw
// the page, what it posts, and when it changes the address. Times on a machine
// that is busy say little; these are the page's own.
const spied = `
	window.spied = { seen: 0, posts: [], turned: 0 };
	const now = () => Math.round(performance.now());
	const see = () => { if (document.visibilityState === "visible" && !window.spied.seen) window.spied.seen = now(); };
	see();
	document.addEventListener("visibilitychange", see);
	const send = window.fetch;
	window.fetch = (to, how) => { window.spied.posts.push({ at: now(), ...Object.fromEntries(how.body) }); return send(to, how); };
	const replace = history.replaceState.bind(history);
	history.replaceState = (...a) => { window.spied.turned = now(); replace(...a); };
`

// before runs a script in every page of the tab before the page's own.
func (b *tab) before(script string) {
	b.t.Helper()
	must(b, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, document.AddScriptToEvaluateOnNewDocument, document.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	}))
}

// until waits until an expression is true in the page, and fails the test when it is not in time.
func (b *tab) until(expression string, within time.Duration) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, within+10*time.Second)
	defer cancel()
	var said string
	var err error
	for range within / (20 * time.Millisecond) {
		// A page that goes away meanwhile cannot say; the next one can.
		if said, err = chromedp.Run(ctx, chromedp.Evaluate[string]("String("+expression+")")); said == "true" {
			return
		}
		must(b, chromedp.Sleep(20*time.Millisecond))
	}
	b.t.Fatalf("after %v it is not true that %s (%v); the address is %s", within, expression, err, b.path())
}

// stays waits, and fails the test if the address bar changes meanwhile.
func (b *tab) stays(path string, d time.Duration) {
	b.t.Helper()
	must(b, chromedp.Sleep(d))
	if got := b.path(); got != path {
		b.t.Fatalf("the address is %s within %v, not %s", got, d, path)
	}
}

// wide makes the tab so many pixels wide, and light or dark; what moves is still.
func (b *tab) wide(width int64, scheme string) {
	b.t.Helper()
	height := int64(844)
	if width > 1000 {
		height = 900
	}
	must(b, chromedp.EmulateViewport(width, height))
	b.likes(scheme, "reduce")
}

// likes is what the person wants pages to be: light or dark, and whether anything in them may move.
func (b *tab) likes(scheme, motion string) {
	b.t.Helper()
	must(b, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: motion}},
		})
		return err
	}))
}

// keep puts a cookie into the tab's jar.
func (b *tab) keep(c *http.Cookie) {
	b.t.Helper()
	must(b, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: b.base + "/", HTTPOnly: new(true)})
		return err
	}))
}

// journal is a log that a server writes while a test reads it.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(line)
}

// unfounded is an installation on a port, with the real clock, before it is set up.
func unfounded(t *testing.T) *house {
	t.Helper()
	now := clock.System{}
	h := &house{t: t, log: &strings.Builder{}, db: datatest.New(t, now.Now)}
	var err error
	h.server, err = web.New(t.Context(), web.Config{DB: h.db, Clock: now, Log: slog.New(slog.NewTextHandler(&journal{}, nil))})
	if err != nil {
		t.Fatal(err)
	}
	port := httptest.NewServer(h.server)
	t.Cleanup(port.Close)
	h.base = port.URL
	h.update(func(ctx context.Context, tx *data.Tx) (err error) {
		h.token, err = brand.SetUp(ctx, tx)
		return err
	})
	return h
}

// onPort is a founded one, which works behind the requests every second.
func onPort(t *testing.T) *house {
	t.Helper()
	h := unfounded(t)
	h.owner = h.browser()
	h.owner.get("/setup/"+h.token).form("/setup/"+h.token).
		send("name", "Novaska", "url", h.base, "owner_name", "Olga Ferreira", "email", "olga@novaska.example", "time_zone", "Europe/Paris", "language", "en").to("/")
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.server.Run(ctx)
	}()
	t.Cleanup(func() {
		stop()
		<-done
	})
	return h
}
