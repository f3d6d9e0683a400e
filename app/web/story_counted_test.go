package web_test

import (
	"net/http"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/views"
)

// Amina's page asks again and again what came of her link, and is told it when there is something to tell:
// what the page itself says when it is loaded anew.
func TestWhatCameOfALinkIsToldToAPageThatAsksAgain(t *testing.T) {
	l := sharing(t)
	at := views.CountedPath(l.drop)
	said := func(p *page) (says, people string) {
		t.Helper()
		parts := all(p.doc, func(n *html.Node) bool { return has(n, "data-says") })
		if len(parts) != 1 {
			t.Fatalf("%s says it %d times: %s", p.path, len(parts), p.text())
		}
		return attr(parts[0], "data-says"), attr(parts[0], "data-people")
	}
	tag := ""
	for _, turn := range []struct {
		what func()
		want string
	}{
		{func() {}, "Nobody has opened your link yet."},
		{func() { l.reader("User-Agent", whatsApp, "Accept", "*/*").get("/s/" + l.link + "/whatsapp") }, "Nobody has opened your link yet."},
		{func() { l.reader().opens(l.link) }, "Opened by 1 person, passed on by nobody yet"},
		{func() { l.reader().opens(l.reader().opens(l.reader().opens(l.link))) }, "Opened by 4 people, passed on by 2, 3 hops at the farthest"},
	} {
		turn.what()
		l.work()
		now := l.amina.do(l.server, http.MethodGet, at, nil, http.Header{"If-None-Match": {tag}}).wants(http.StatusOK)
		if says, _ := said(now); says != turn.want {
			t.Errorf("she is told %q, not %q", says, turn.want)
		}
		if says, _ := said(l.amina.get(views.DropPath(l.drop))); says != turn.want {
			t.Errorf("the page says %q, not %q", says, turn.want)
		}
		tag = now.header.Get("ETag")
		same := l.amina.asks(http.MethodGet, at, "", "If-None-Match", tag).wants(http.StatusNotModified)
		if same.body != "" || same.header.Get("Cache-Control") != "no-store" {
			t.Errorf("nothing new is told as %q, to be kept as %q says", same.body, same.header.Get("Cache-Control"))
		}
	}
	l.manager.get(at).wants(http.StatusNotFound)
	l.reader().get(at).wants(http.StatusSeeOther)
	l.amina.get(at).says("Pasted in WhatsApp at " + l.clock.Now().Format("15:04"))
	l.later(24 * time.Hour)
	l.amina.get(at).lacks("Pasted in WhatsApp at").says("Pasted in WhatsApp:")

	if _, people := said(l.ben.get(at).wants(http.StatusOK)); people != "0" {
		t.Errorf("Ben is told of %s people, of whom none came by his link", people)
	}
}
