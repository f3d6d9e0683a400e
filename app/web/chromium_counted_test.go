package web_test

import (
	"testing"

	"ricochet.example/views"
)

// Amina has shared and looks on: somebody opens her link, and her page says it without being loaded again, to
// whoever hears it too.
func TestAMemberSeesOnThePageThatItCounted(t *testing.T) {
	chrome := realBrowser(t)
	l, _ := sharedOnPort(t)
	b := chrome.person(l.base, android, "en-GB")
	b.keep(l.amina.jar.Cookies(l.amina.address("/"))[0])
	b.open(views.DropPath(l.drop))
	b.reads(`(window.same = true, "")`)
	const people, back = `document.querySelector("[data-counted] [data-people]").dataset.people`, `(document.dispatchEvent(new Event("visibilitychange")), true)`
	if got := b.reads(people); got != "0" {
		t.Fatalf("%s people before anybody came", got)
	}
	for n, want := range []string{"1", "2"} {
		l.reader().opens(l.link)
		if n == 0 { // by itself
			b.until(people+` === "`+want+`"`, 3*wait)
		} else { // and at once when she comes back to it
			b.until(back+` && `+people+` === "`+want+`"`, wait)
		}
	}
	if got := b.reads(`document.querySelector("[data-counted-said]").textContent`); got != "Opened by 2 people, passed on by nobody yet" {
		t.Errorf("who hears the page is told %q", got)
	}
	if b.reads("window.same") != "true" {
		t.Error("the page was loaded again")
	}
	if complaints, strange := b.heard(); len(complaints)+len(strange) > 0 {
		t.Errorf("the browser says %q; other sites asked: %q", complaints, strange)
	}
}
