package web_test

import (
	"net/http"
	"testing"

	"ricochet.example/views"
)

// A note of whom one told is shown as kept once it is: not without a network, which is told, and not when nobody is signed
// in any more: then they are led to sign in.
func TestANoteIsShownAsKeptOnceItIs(t *testing.T) {
	chrome := realBrowser(t)
	l, _ := sharedOnPort(t)
	b := chrome.person(l.base, android, "en-GB")
	b.keep(l.amina.jar.Cookies(l.amina.address("/"))[0])
	b.open(views.DropPath(l.drop))
	chip := func(circle string) string { return `document.querySelector("[data-told] [value=` + circle + `]")` }
	const pressed = `.getAttribute("aria-pressed")`
	b.reads("(" + chip("friends") + `.click(), "")`)
	b.until(chip("friends")+pressed+` === "true"`, wait)
	b.open(views.DropPath(l.drop))
	if got := b.reads(chip("friends") + pressed); got != "true" {
		t.Errorf("the next page says that the note is %s", got)
	}
	b.reads(`(window.real = fetch, window.fetch = () => Promise.reject(new TypeError()), "")`) // as without a network
	b.reads("(" + chip("team") + `.click(), "")`)
	b.until(`document.querySelector("[data-told] [role=status]").textContent.includes("No network")`, wait)
	if got := b.reads(chip("team") + pressed); got != "false" {
		t.Errorf("without a network the note is said to be kept: %s", got)
	}
	b.reads(`(window.fetch = real, "")`)
	b.reads("(" + chip("team") + `.click(), "")`)
	b.until(chip("team")+pressed+` === "true" && document.querySelector("[data-told] [role=status]").textContent === ""`, wait)
	l.amina.post("/sign-out").wants(http.StatusSeeOther)
	b.reads("(" + chip("family") + `.click(), "")`)
	b.until(`location.pathname === "/signin"`, wait)
}
