package web_test

import (
	"context"
	"image/color"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/data"
)

// Without a cover the card says the title; a correction has another address, and the old one shows the new.
func TestACardOfTheTitleFollowsACorrection(t *testing.T) {
	s := openStudio(t)
	dropPath := strings.TrimSuffix(s.manager.get("/drops/new").form("/drops").send("title", "Halo", "body", "Some news.").follow().path, "/release")
	s.releases(dropPath)
	s.later(2 * time.Hour)
	link := ""
	s.view(func(ctx context.Context, tx *data.Tx) error {
		id, err := data.Int(ctx, tx, `SELECT id FROM links WHERE drop_id = ?`, strings.TrimPrefix(dropPath, "/drops/"))
		link = "/s/" + s.server.Tokens().Link(id)
		return err
	})
	address := func() string {
		p := s.stranger.get(link).wants(http.StatusOK)
		m := cardIn.FindStringSubmatch(p.body)
		if m == nil || !strings.HasPrefix(m[1], s.base+link+"/card/") {
			t.Fatalf("the card's address is %v", m)
		}
		if n := strings.Count(p.body, `property="og:image"`); n != 1 || strings.Index(p.body, "og:image:alt") > 4000 {
			t.Errorf("%d cards", n)
		}
		for _, want := range []string{`"og:image:width" content="1200"`, `"og:image:height" content="630"`, `"og:image:type" content="image/jpeg"`, `"twitter:card" content="summary_large_image"`} {
			if !strings.Contains(p.body, want) {
				t.Errorf("there is no %s", want)
			}
		}
		return strings.TrimPrefix(m[1], s.base)
	}
	before := address()
	was := s.stranger.get(before).wants(http.StatusOK)
	if again := address(); again != before || !strings.Contains(was.header.Get("Cache-Control"), "immutable") {
		t.Errorf("the address changes by itself: %s, %s", before, again)
	}
	if p := s.stranger.asks(http.MethodGet, before, "", "If-None-Match", was.header.Get("ETag")); p.status != http.StatusNotModified || p.body != "" {
		t.Errorf("what is known already is sent again: %d", p.status)
	}
	s.manager.get(dropPath+"/edit").form(dropPath).send("title", "Halo, corrected").to(dropPath)
	after := address()
	old, now := s.stranger.get(before).wants(http.StatusOK), s.stranger.get(after).wants(http.StatusOK)
	if after == before || now.body == was.body || old.body != now.body || strings.Contains(old.header.Get("Cache-Control"), "immutable") {
		t.Errorf("after the correction: %s and %s, the same %v", before, after, now.body == was.body)
	}
	s.owner.get("/settings").form("/settings").send("colour", "#c2340d").to("/settings")
	if address() == after {
		t.Error("another colour has the same address")
	}
	s.manager.get(dropPath + "/card").wants(http.StatusOK)
	s.owner.get("/settings").form("/settings").send("colour", "red").wants(http.StatusUnprocessableEntity).says("Choose a colour")
}

// Before saving, the form shows what would come of it, and what to see to.
func TestTheFormShowsTheCardAndWhatToSeeTo(t *testing.T) {
	s := openStudio(t)
	f := s.manager.get("/drops/new").form("/drops")
	f.values.Set("title", strings.Repeat("A title that goes on. ", 5))
	f.values.Set("body", "Look: ![](image:nothinghere)\n\n:::early\nOnly early.\n:::")
	p := f.browser.send("/drops/look", f.values).wants(http.StatusOK)
	p.says("The title has 109 characters. Messengers show some 60.", "There is no teaser", "a picture that this drop does not have", "WhatsApp", "iMessage", "Telegram", "drops.example", "Only early.")
	if got := p.form("/drops").value("title"); got != f.values.Get("title") {
		t.Errorf("the title is now %q", got)
	}
	if n := len(all(p.doc, func(n *html.Node) bool { return n.Data == "svg" && attr(n, "class") == "chat-picture" })); n != 3 {
		t.Errorf("%d cards", n)
	}
	p = p.form("/drops").attaches("/drops/pictures", "a.png", pngOf(300, 300, color.White), "title", "Short", "teaser", "A teaser.").wants(http.StatusOK)
	p.says("The title is shown whole: 5 of 60 characters.", "The teaser is shown whole", "A picture in the text does not", "a picture that this drop does not have")
	f = p.form("/drops")
	f.values.Set("cover", reference.FindStringSubmatch(f.value("body"))[1])
	p = f.browser.send("/drops/look", f.values).wants(http.StatusOK)
	p.says("The cover is small: 300 by 300 pixels", "Nothing says what can be seen on the cover.", "KB, of 280 that every messenger takes.")
	dropPath := strings.TrimSuffix(p.form("/drops").send("cover_alt", "A white square").follow().path, "/release")
	s.manager.get(dropPath+"/release").says("Before it is released", "The cover is small").lacks("Nothing says what can be seen")
	if got := s.manager.get(dropPath + "/edit").form(dropPath).value("cover_alt"); got != "A white square" {
		t.Errorf("the cover shows %q", got)
	}
}
