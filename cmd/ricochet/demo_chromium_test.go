package main

import (
	"context"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// onlookerInChromium is a tab of a real browser that looks at a demo.
type onlookerInChromium struct {
	t   *testing.T
	ctx context.Context
}

// inChromium opens a tab of the browser that RICOCHET_TEST_CHROMIUM names.
func inChromium(t *testing.T) *onlookerInChromium {
	t.Helper()
	binary := os.Getenv("RICOCHET_TEST_CHROMIUM")
	if binary == "" {
		t.Skip("RICOCHET_TEST_CHROMIUM names no browser to look at pages with; make test sets it")
	}
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(binary), chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1440, 900),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.UserAgent("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"),
		chromedp.Flag("disable-blink-features", "AutomationControlled"), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-quic", true),
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
	return &onlookerInChromium{t, ctx}
}

func (o *onlookerInChromium) reads(script string) string {
	o.t.Helper()
	text, err := chromedp.Run(o.ctx, chromedp.Evaluate[string](`String(`+script+`)`))
	if err != nil {
		o.t.Fatalf("%s: %v", script, err)
	}
	return text
}

func (o *onlookerInChromium) click(selector string) {
	o.t.Helper()
	o.reads(`document.querySelector(` + strconv.Quote(selector) + `).click()`)
}

// until waits for something to become true, as long as a busy machine may take.
func (o *onlookerInChromium) until(what, script string) {
	o.t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		if o.reads(script) == "true" {
			return
		}
		if time.Now().After(end) {
			o.t.Fatalf("%s: never; the stage says %q", what, o.reads(`document.querySelector("[data-stage-says]").textContent`))
		}
	}
}

// A visitor opens the link as a friend, passes it on, and sees the drop open on
// the phone: all in one browser, and nothing on the page has to be loaded again.
func TestOnTheStageALinkTravelsAndAnEmbargoLifts(t *testing.T) {
	visitor := inChromium(t)
	p := perform(t)
	ctx, end := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			_ = p.site.Work(ctx) // what fails is missed by the stage
			time.Sleep(100 * time.Millisecond)
		}
	}()
	defer func() {
		end()
		<-done
	}()
	if err := chromedp.Do(visitor.ctx, chromedp.Navigate(p.http.URL+"/stage")); err != nil {
		t.Fatal(err)
	}
	people := func() int {
		n, err := strconv.Atoi(strings.Fields(visitor.reads(`document.querySelector("[data-stage-says]").textContent`))[0])
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := people()
	says := func(n int) string {
		return `document.querySelector("[data-stage-says]").textContent.startsWith("` + strconv.Itoa(n) + ` ")`
	}
	visitor.click("[data-friend]")
	visitor.until("a friend adds a person", says(before+1))
	visitor.until("the friend has a link to pass on", `!document.querySelector("[data-pass-on]").disabled`)
	visitor.click("[data-pass-on]")
	visitor.until("who it is passed on to adds another", says(before+2))
	visitor.until("the desk shows them", `[...frames.desk.document.querySelectorAll(".stat dd")].some(e => e.textContent.trim() == "`+strconv.Itoa(before+2)+`")`)

	title := strconv.Quote(p.cast.Embargoed().Title)
	if got := visitor.reads(`!!frames.phone.document.body?.textContent.includes(` + title + `)`); got != "false" {
		t.Fatal("the drop can be read before its time")
	}
	p.clock.Set(p.starts.Add(10 * time.Minute))
	visitor.until("the drop opens on the phone", `!!frames.phone.document.body?.textContent.includes(`+title+`)`)
}
