package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// Once the brand has a colour of its own, everybody's pages carry it, the readers' too; the house's own needs no sheet.
func TestTheBrandsColourIsOnEveryPage(t *testing.T) {
	l := sharing(t)
	pages := func() map[string]*page {
		return map[string]*page{
			"the owner's": l.owner.get("/"), "a member's": l.amina.get("/"), "a reader's": l.browser().get("/s/" + l.link),
			"a stranger's": l.browser().get("/signin"), "the offline": l.browser().get("/offline"),
		}
	}
	const sheet = `<link rel="stylesheet" href="/accent/6a1b9a.css">`
	for what, p := range pages() {
		if strings.Contains(p.body, "/accent/") {
			t.Errorf("%s page has a colour that nobody chose", what)
		}
	}
	l.owner.get("/settings").form("/settings").send().to("/settings")
	if strings.Contains(l.owner.get("/").body, "/accent/") {
		t.Error("saving the settings unchanged chose a colour")
	}
	l.owner.get("/settings").form("/settings").send("colour", "#6A1B9A").to("/settings")
	for what, p := range pages() {
		if !strings.Contains(p.body, sheet) {
			t.Errorf("%s page is without it", what)
		}
	}
	css := l.browser().get("/accent/6a1b9a.css").wants(http.StatusOK)
	if !strings.Contains(css.body, "--stone: #6a1b9a;") || !strings.Contains(css.header.Get("Cache-Control"), "immutable") {
		t.Errorf("%v: %s", css.header, css.body)
	}
	for _, wrong := range []string{"6A1B9A.css", "6a1b9a", "6a1b9a.css;}", "red.css"} {
		l.browser().get("/accent/" + wrong).wants(http.StatusNotFound)
	}
	if w := l.browser().get("/worker.js"); !strings.Contains(w.body, "/accent/6a1b9a.css") {
		t.Error("without a network the colour is missing")
	}
}
