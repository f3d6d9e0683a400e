package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"ricochet.example/app/account"
	"ricochet.example/data"
)

// writer is somebody of the brand in a browser of their own.
func (h *house) writer(chrome *chromium, email string) (*tab, account.Account) {
	h.t.Helper()
	b, who := h.signedIn(email, account.Manager)
	own := chrome.person(h.base, desktop, "en-GB")
	own.keep(b.jar.Cookies(b.address("/"))[0])
	return own, who
}

// types puts words at the end of the text, as a person does.
func (b *tab) types(words string) {
	b.t.Helper()
	b.reads(`(() => { const t = document.forms["drop-form"].elements.body; t.focus(); t.setSelectionRange(t.value.length, t.value.length); })()`)
	must(b, chromedp.KeyEvent(words))
}

const theText = `(document.forms["drop-form"]?.elements.body.value ?? "")`

// Max types, and his browser is killed in the middle of it, so that it can send nothing more. When he opens another,
// what he typed is there.
func TestTextSurvivesABrowserThatIsKilled(t *testing.T) {
	chrome := realBrowser(t)
	l, _ := sharedOnPort(t)
	edit := "/drops/" + l.drop + "/edit"
	max, _ := l.writer(chrome, "max@novaska.example")
	max.open(edit)
	max.types(" and then the rain came")
	max.until(`document.querySelector("[data-kept]")?.textContent.includes("Draft kept")`, wait)
	if complaints, strange := max.heard(); len(complaints)+len(strange) > 0 {
		t.Errorf("the browser complains of %q and asked for %q", complaints, strange)
	}
	if got := max.reads("Object.keys(sessionStorage).length + Object.keys(localStorage).length"); got != "0" {
		t.Errorf("%s things are stored in the browser", got)
	}
	process := chromedp.FromContext(chrome.ctx).Browser.Process()
	if err := process.Kill(); err != nil {
		t.Fatal(err)
	}

	again, _ := l.writer(realBrowser(t), "max@novaska.example")
	again.open(edit)
	again.until(`document.querySelector("[data-draft]:not(form)") !== null`, wait)
	if got := again.reads(theText); strings.Contains(got, "rain") {
		t.Errorf("the form says %q, unasked", got)
	}
	again.leaves(`document.querySelector("a[href*='draft=']").click()`)
	again.until(`document.querySelector("a[href*='draft=']") === null && `+theText+`.includes("and then the rain came")`, wait)
	// Leaving at once, without a pause, loses nothing either.
	again.types(", twice")
	again.leaves(`location.assign("/drops")`)
	again.until(`location.pathname === "/drops"`, wait)
	// What is sent on the way out may come after the next page was asked for; what was kept before is offered meanwhile.
	again.until(`fetch("`+edit+`").then(a => a.text())
		.then(t => new DOMParser().parseFromString(t, "text/html").querySelector("a[href*='draft=']"))
		.then(a => a ? fetch(a.getAttribute("href")) : null).then(a => a ? a.text() : "")
		.then(t => window.offered = t.includes("came, twice")) && window.offered === true`, wait)
	again.open(edit)
	again.leaves(`document.querySelector("a[href*='draft=']").click()`)
	again.until(theText+`.endsWith("and then the rain came, twice")`, wait)
	again.leaves(`document.forms["drop-form"].querySelector(".actions button[type=submit]").click()`)
	again.until(`location.pathname === "/drops/`+l.drop+`"`, wait)
	again.open(edit)
	again.stays(edit, 0)
	if got := again.reads(`document.querySelector("[data-draft]:not(form)") === null && ` + theText + `.includes("twice")`); got != "true" {
		t.Errorf("after saving: %s", again.reads(theText))
	}
}

// Max's login session ends while he writes. The page says so and keeps his text; signed in again in another tab, he
// goes on as if nothing had been.
func TestASignInThatEndsWhileSomebodyWritesCostsNothing(t *testing.T) {
	chrome := realBrowser(t)
	l, _ := sharedOnPort(t)
	edit := "/drops/" + l.drop + "/edit"
	max, who := l.writer(chrome, "max@novaska.example")
	max.open(edit)
	l.update(func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM login_sessions WHERE account_id = ?`, who.ID)
		return err
	})
	max.types(" Rain.")
	max.until(`document.querySelector("[data-ended]") !== null`, wait)
	max.heard() // the browser says that it was refused
	var secret []byte
	l.update(func(ctx context.Context, tx *data.Tx) (err error) {
		secret, err = account.SignIn(ctx, tx, who.ID, "")
		return err
	})
	c, err := l.server.LoginCookie(secret)
	if err != nil {
		t.Fatal(err)
	}
	max.keep(&http.Cookie{Name: c.Name, Value: c.Value})
	max.until(`document.querySelector("[data-ended]") === null && document.querySelector("[data-kept]")?.textContent.includes("Draft kept")`, wait)
	max.leaves(`document.forms["drop-form"].querySelector(".actions button[type=submit]").click()`)
	max.until(`location.pathname === "/drops/`+l.drop+`" && document.body?.textContent.includes("Rain.")`, wait)
}

// Whoever does not know Markdown has buttons and keys for it, that write it and take it back.
func TestTheToolbarWritesMarkdown(t *testing.T) {
	chrome := realBrowser(t)
	l, _ := sharedOnPort(t)
	max, _ := l.writer(chrome, "max@novaska.example")
	for name, c := range map[string]struct{ before, from, to, do, want string }{
		"bold":               {"the sole holds", "4", "8", `tool("bold")`, "the **sole** holds"},
		"bold again":         {"the **sole** holds", "6", "10", `tool("bold")`, "the sole holds"},
		"italic in bold":     {"**sole**", "2", "6", `tool("italic")`, "***sole***"},
		"italic, of nothing": {"", "0", "0", `tool("italic")`, "*italic*"},
		"a heading":          {"one\ntwo\nthree", "5", "5", `tool("heading")`, "one\n## two\nthree"},
		"a list":             {"one\ntwo\n\nthree", "0", "13", `tool("list")`, "- one\n- two\n\n- three"},
		"no list any more":   {"- one\n- two", "0", "11", `tool("list")`, "one\ntwo"},
		"a quote":            {"", "0", "0", `tool("quote")`, "> What somebody said"},
		"a link":             {"see this", "4", "8", `tool("link")`, "see [this](https://)"},
		"of an address":      {"https://novaska.example", "0", "23", `tool("link")`, "[words](https://novaska.example)"},
		"for early readers":  {"one\ntwo", "4", "7", `tool("early")`, "one\n\n:::early\ntwo\n:::\n"},
		"for everyone":       {"", "0", "0", `tool("public")`, ":::public\nRead once the drop is public.\n:::\n"},
		"bold by keys":       {"sole", "0", "4", `key("KeyB", "b")`, "**sole**"},
		"a heading by keys":  {"sole", "0", "0", `key("Digit2", "é", true)`, "## sole"},
		"taken back":         {"sole", "0", "4", `(tool("bold"), document.execCommand("undo"))`, "sole"},
	} {
		max.open("/drops/" + l.drop + "/edit")
		got := max.reads(`(() => {
			const t = document.forms["drop-form"].elements.body;
			const tool = (name) => document.querySelector("[data-tool=" + name + "]").click();
			const key = (code, key, shiftKey = false) => t.dispatchEvent(new KeyboardEvent("keydown", { code, key, shiftKey, ctrlKey: true, cancelable: true }));
			t.value = ` + "`" + c.before + "`" + `;
			t.focus();
			t.setSelectionRange(` + c.from + `, ` + c.to + `);
			` + c.do + `;
			return t.value;
		})()`)
		if got != c.want {
			t.Errorf("%s: %q, not %q", name, got, c.want)
		}
	}
}

// inFrame is an expression about the page that the form of a drop shows, as those see it who read early.
func inFrame(expression string) string {
	return `(() => { const page = document.querySelector("iframe[data-page=member]").contentDocument; return ` + expression + `; })()`
}

// Max types, and on the phone beside it the page becomes what he typed: its title, its label, a picture, its button. It
// stays where he scrolled to; he looks at the card and at the page of a desk, and nothing on it can be pressed.
func TestThePhoneBesideTheTextShowsWhatIsTyped(t *testing.T) {
	chrome := realBrowser(t)
	l, _ := sharedOnPort(t)
	edit := "/drops/" + l.drop + "/edit"
	max, _ := l.writer(chrome, "max@novaska.example")
	max.open(edit)
	max.until(inFrame(`page.querySelector("body.reader h1")?.textContent !== undefined && page.fonts.status === "loaded" && page.querySelector("main").clientWidth > 300`), wait)
	if got := max.reads(inFrame(`page.defaultView.innerWidth + " " + getComputedStyle(page.querySelector(".share")).borderTopLeftRadius`)); got != "390 14px" {
		t.Errorf("the phone is as wide as %s, in its style", got)
	}
	if got := max.reads(inFrame(`page.querySelector("h1 + .label").textContent.trim() !== "" && getComputedStyle(page.querySelector(".label")).display !== "none"`)); got != "true" {
		t.Error("the label is not under the title")
	}
	max.reads(inFrame(`(window.kept = page.querySelector("footer"), page.defaultView.scrollTo(0, 200), page.defaultView.scrollY)`))
	write := func(name, value string) {
		max.reads(`(() => { const f = document.forms["drop-form"].elements["` + name + `"]; f.value = "` + value + `"; f.dispatchEvent(new Event("input", { bubbles: true })); })()`)
	}
	write("title", "A new title")
	max.until(inFrame(`page.querySelector("h1").textContent === "A new title" && page.title === "A new title"`), wait)
	write("action", "Try it on")
	write("action_url", "https://novaska.example/try")
	max.until(inFrame(`page.querySelector(".action .btn")?.textContent === "Try it on"`), wait)
	max.types("\n\nAnd then the rain came")
	max.until(inFrame(`page.querySelector(".prose").textContent.includes("And then the rain came")`), wait)
	label := max.reads(inFrame(`page.querySelector(".label").textContent`))
	write("language", "fr")
	max.until(inFrame(`page.documentElement.lang === "fr" && page.querySelector(".label").textContent.length > 0`), wait)
	if label == "" {
		t.Error("there is no label")
	}
	if got := max.reads(inFrame(`page.defaultView.scrollY > 0 && page.querySelector("footer") === window.kept`)); got != "true" {
		t.Error("the page is another, and at its beginning again")
	}
	if got := max.reads(inFrame(`page.querySelector("body").inert && page.querySelectorAll("script").length === 0`)); got != "true" {
		t.Error("the page can be used")
	}
	// A picture, and that it is the cover.
	max.reads(`(async () => {
		const c = Object.assign(document.createElement("canvas"), { width: 64, height: 48 });
		c.getContext("2d").fillRect(0, 0, 64, 48);
		const carried = new DataTransfer();
		carried.items.add(new File([await new Promise((done) => c.toBlob(done, "image/png"))], "a.png", { type: "image/png" }));
		const f = document.forms["drop-form"].elements;
		f.picture.files = carried.files;
		f.alt.value = "A sole";
		document.querySelector("[data-upload]:not([data-most])").click();
	})()`)
	max.until(inFrame(`page.querySelector(".prose img[alt='A sole']")?.naturalWidth === 64`), wait)
	max.reads(`(() => { const f = document.forms["drop-form"].elements.cover; f.selectedIndex = 1; f.dispatchEvent(new Event("input", { bubbles: true })); })()`)
	max.until(inFrame(`page.querySelector("img.cover")?.naturalWidth === 64`), wait)

	shown := func(selector string) string {
		return max.reads(`document.querySelector("` + selector + `").checkVisibility()`)
	}
	for _, c := range []struct{ way, phone, card, wide string }{{"card", "false", "true", ""}, {"page", "true", "false", "1024"}, {"phone", "true", "false", "390"}} {
		max.reads(`document.querySelector("#look [value=` + c.way + `]").click()`)
		if shown(".as-page") != c.phone || shown(".as-card") != c.card {
			t.Errorf("%s: the page is shown: %s, the card: %s", c.way, shown(".as-page"), shown(".as-card"))
		}
		if c.wide != "" {
			max.until(inFrame(`page.defaultView.innerWidth === `+c.wide), wait)
			if got := max.reads(`(() => { const f = document.querySelector("iframe[data-page=member]"), s = f.parentElement; return Math.abs(f.getBoundingClientRect().width - s.clientWidth) < 1 && document.documentElement.scrollWidth <= innerWidth; })()`); got != "true" {
				t.Errorf("%s: the page is not as wide as its frame", c.way)
			}
		}
	}
	max.reads(`document.querySelector("#look [value=reader]").click()`)
	if shown("iframe[data-page=reader]") != "true" || shown("iframe[data-page=member]") != "false" {
		t.Error("a reader's page is not shown alone")
	}
	write("title", "As readers see it")
	max.until(`document.querySelector("iframe[data-page=reader]").contentDocument.querySelector("h1").textContent === "As readers see it" && document.querySelector("#look [value=reader]").checked`, wait)
	if complaints, strange := max.heard(); len(complaints)+len(strange) > 0 {
		t.Errorf("the browser complains of %q and asked for %q", complaints, strange)
	}
}
