package web_test

import (
	"testing"
	"time"

	"ricochet.example/views"
)

// What lies in a tab that nobody sees was not read; what somebody looks at for a second was, and the next page knows.
func TestADropIsNotedAsReadOnceItIsSeen(t *testing.T) {
	chrome := realBrowser(t)
	l, _ := sharedOnPort(t)
	b := chrome.person(l.base, android, "en-GB")
	b.keep(l.amina.jar.Cookies(l.amina.address("/"))[0])
	reads := func() int64 { return l.count(`SELECT count(*) FROM reads`) }
	unseen := b.hidden(android, "en-GB")
	unseen.goes(views.DropPath(l.drop)) // what nobody sees is not laid out
	unseen.until(`document.visibilityState === "hidden" && document.querySelector("[data-reads]") !== null`, wait)
	time.Sleep(1500 * time.Millisecond)
	if n := reads(); n != 0 {
		t.Fatalf("%d reads are noted of a drop that nobody saw", n)
	}
	b.open(views.DropPath(l.drop))
	b.until(`document.visibilityState === "visible"`, wait)
	for end := time.Now().Add(wait); reads() == 0 && time.Now().Before(end); {
		time.Sleep(50 * time.Millisecond)
	}
	if n := reads(); n != 1 {
		t.Fatalf("%d reads are noted of a drop that was seen", n)
	}
	b.open(views.DropPath(l.drop))
	b.until(`document.querySelector("[data-reads]") === null`, wait)
	if complaints, strange := b.heard(); len(complaints)+len(strange) > 0 {
		t.Errorf("the browser says %q; other sites asked: %q", complaints, strange)
	}
}
