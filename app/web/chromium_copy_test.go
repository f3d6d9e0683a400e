package web_test

import (
	"testing"

	"ricochet.example/views"
)

// forbidden is a browser that lets nothing be copied, as some of those inside messengers, and whose sheet of other apps
// does not open.
const forbidden = `
	Object.defineProperty(navigator, "clipboard", { value: undefined });
	Document.prototype.execCommand = () => false;
	navigator.share = () => Promise.reject(new DOMException("", "NotAllowedError"));
`

// Whoever cannot be given a copy is told so and finds the text selected; nobody is told that something was copied, and no
// button does nothing.
func TestWhereNothingCanBeCopiedThePageSaysSo(t *testing.T) {
	chrome := realBrowser(t)
	l, path := sharedOnPort(t)
	by := func(who string) *tab {
		b := chrome.person(l.base, android, "en-GB")
		if who != "" {
			b.keep(l.amina.jar.Cookies(l.amina.address("/"))[0])
		}
		b.before(forbidden)
		return b
	}
	const chosen = `document.activeElement.selectionEnd === document.activeElement.value?.length && document.activeElement.value.includes("/s/")`
	for what, c := range map[string]struct{ who, path, button, says string }{
		"a reader copies":     {"", path, ".share [data-copy]", "[data-said]"},
		"a reader hands on":   {"", path, ".share [data-native]", "[data-said]"},
		"a member copies":     {"amina", views.DropPath(l.drop), "[data-copy=own-link]", "#own-link-status"},
		"a member hands on":   {"amina", views.DropPath(l.drop), "[data-sheet] [data-native]", "[data-said]"},
		"a member's messages": {"amina", views.DropPath(l.drop), "[data-copies=copy]", "[data-said]"},
	} {
		b := by(c.who)
		b.open(c.path)
		button := "document.querySelector(`main " + c.button + "`)"
		b.until("!"+button+".hidden", wait)
		b.reads("(" + button + `.click(), "")`)
		b.until("document.querySelector(`main "+c.says+"`).innerText.includes('copy it from the menu')", wait)
		if b.reads(chosen) != "true" {
			t.Errorf("%s: the text is not there to be copied by hand", what)
		}
		if b.reads(`document.querySelector("main").innerText.includes("Copied")`) != "false" {
			t.Errorf("%s: it says that it copied", what)
		}
		if b.reads("document.querySelector(`main "+c.says+"`).checkVisibility() && document.querySelector(`main "+c.says+"`).getBoundingClientRect().width > 20") != "true" {
			t.Errorf("%s: nobody sees what it says", what)
		}
	}
}
