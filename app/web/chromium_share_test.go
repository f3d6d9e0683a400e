package web_test

import (
	"net/url"
	"strings"
	"testing"

	"ricochet.example/views"
)

// On a phone and at a desk, what is typed goes with every way at once, label and link with it; it is copied,
// and kept for the next time.
func TestTheShareSheetHandsOnWhatIsTyped(t *testing.T) {
	chrome := realBrowser(t)
	l, _ := sharedOnPort(t)
	link := l.base + "/s/" + l.link
	for agent, sms := range map[string]string{iphone: "sms:&body=", android: "sms:?body=", desktop: ""} {
		b := chrome.person(l.base, agent, "en-GB")
		b.keep(l.amina.jar.Cookies(l.amina.address("/"))[0])
		b.before(`Object.defineProperty(navigator, "clipboard", { value: { writeText: (text) => { window.taken = text; return Promise.resolve(); } } });`)
		b.open(views.DropPath(l.drop))
		words := "Mum & dad, look at " + strings.ReplaceAll(sms, "body", "") + "this"
		b.reads(`(() => { const w = document.getElementById("words"); w.value = ` + "`" + words + "`" + `; w.dispatchEvent(new Event("input", { bubbles: true })); return "" })()`)
		want := words + "\n(Commercial collaboration)\n" + link + "/"
		whatsApp, err := url.Parse(b.reads(`document.querySelector("a[data-channel=whatsapp]").href`))
		if err != nil {
			t.Fatal(err)
		}
		if got := whatsApp.Query().Get("text"); whatsApp.Host != "wa.me" || got != want+"whatsapp" {
			t.Errorf("WhatsApp gets %s: %q", whatsApp, got)
		}
		if got := b.reads(`document.querySelector("[data-channel=sms]")?.href ?? ""`); !strings.HasPrefix(got, sms) || (sms == "") != (got == "") {
			t.Errorf("%s: messages open %q", agent, got)
		}
		b.reads(`(document.querySelector("[data-copies=copy]").click(), "")`)
		b.until(`document.querySelector("[data-said]").textContent !== ""`, wait)
		if got := b.reads("window.taken"); got != want+"copy" {
			t.Errorf("what is copied is %q", got)
		}
		b.until(`fetch(location.pathname).then((a) => a.text()).then((text) => { window.later = text; }) && (window.later ?? "").includes("Mum &amp; dad")`, wait)
	}
}
