package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"ricochet.example/views"
)

// ways are the channels that a reader's page offers, each with where it is seen: "phone", "desk", or both.
func (p *page) ways() (found []string) {
	p.t.Helper()
	for _, n := range all(p.doc, func(n *html.Node) bool { return n.Data == "a" && has(n, "data-channel") }) {
		way, class := attr(n, "data-channel"), strings.Fields(attr(n, "class"))
		if slices.Contains(class, "on-phone") {
			way += " phone"
		}
		if slices.Contains(class, "at-desk") {
			way += " desk"
		}
		found = append(found, way)
	}
	return found
}

// A reader is offered the first four ways of the brand that open by an address, in the brand's order: on a phone with its
// apps, at a desk with what takes their place. Moved by the manager, they move on every link at once.
func TestAReadersButtonsFollowTheBrandsOrder(t *testing.T) {
	l := sharing(t)
	at := "/s/" + l.link
	if got := l.reader().get(at).wants(http.StatusOK).ways(); !slices.Equal(got, []string{"whatsapp", "messenger phone", "telegram", "sms phone", "email desk", "teams desk"}) {
		t.Errorf("a reader is offered %q", got)
	}
	offers := func(order ...string) {
		t.Helper()
		f := l.manager.get(views.ChannelsPath).form(views.ChannelsPath)
		f.values["order"], f.values["offered"] = order, order
		f.send().to(views.ChannelsPath)
	}
	for _, c := range []struct{ order, want []string }{
		{[]string{"email", "instagram", "bluesky", "whatsapp", "x", "telegram"}, []string{"email", "bluesky", "whatsapp", "x"}},
		{[]string{"viber", "sms", "line", "messenger", "teams"}, []string{"viber phone", "sms phone", "line", "messenger phone", "teams desk"}},
		{[]string{"discord", "signal"}, nil},
	} {
		offers(c.order...)
		page := l.reader().get(at).wants(http.StatusOK)
		if got := page.ways(); !slices.Equal(got, c.want) {
			t.Errorf("of %q a reader is offered %q", c.order, got)
		}
		page.says("Copy")
		for _, n := range all(page.doc, func(n *html.Node) bool {
			return n.Data == "a" && has(n, "data-channel") && strings.HasPrefix(attr(n, "href"), "/go/")
		}) {
			l.reader().get(attr(n, "href")).wants(http.StatusFound)
		}
		// Whoever got it from a reader is offered the same.
		if got := l.reader().get("/s/" + l.reader().opens(l.link)).ways(); !slices.Equal(got, c.want) {
			t.Errorf("a hop further they are %q", got)
		}
	}
}
