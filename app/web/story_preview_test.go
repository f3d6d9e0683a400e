package web_test

import (
	"context"
	"image/color"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"ricochet.example/app/squad"
	"ricochet.example/data"
)

// preview is the reader's page as the form of a drop shows it, for those who read early ("member") or for everyone
// ("reader"): a page of its own, in a frame.
func (p *page) preview(who string) *page {
	p.t.Helper()
	frames := all(p.doc, func(n *html.Node) bool { return n.Data == "iframe" && attr(n, "data-page") == who })
	if len(frames) != 1 {
		p.t.Fatalf("%s %s has %d frames for a %s", p.method, p.path, len(frames), who)
	}
	if got := attr(frames[0], "sandbox"); got != "allow-same-origin" || has(frames[0], "src") || attr(frames[0], "title") == "" {
		p.t.Errorf("its frame is %v", frames[0].Attr)
	}
	body := attr(frames[0], "srcdoc")
	return &page{browser: p.browser, method: p.method, path: p.path + "#" + who, status: p.status, header: p.header, body: body, doc: parse(p.t, body)}
}

// looked is what is chosen of the ways to look at a drop.
func (p *page) looked(name string) string {
	p.t.Helper()
	chosen := all(p.doc, func(n *html.Node) bool {
		return attr(n, "name") == name && attr(n, "type") == "radio" && has(n, "checked")
	})
	if len(chosen) != 1 || attr(chosen[0], "form") != "drop-form" {
		p.t.Fatalf("%d are chosen of %s", len(chosen), name)
	}
	return attr(chosen[0], "value")
}

// parts are the parts of a reader's page, in their order, with what they say.
func (p *page) parts() (all []string) {
	p.t.Helper()
	for d := range p.doc.Descendants() {
		switch {
		case d.Type != html.ElementNode:
		case d.Data == "h1", attr(d, "class") == "label", attr(d, "class") == "from", attr(d, "class") == "action", d.Data == "footer":
			all = append(all, plain(textOf(d)))
		}
	}
	return all
}

// Max writes a drop and looks at it as it would be on a phone: it is the page that readers get, part by part, from its
// cover to its notice. Nothing of what he looks at is saved, and nothing on it can be pressed.
func TestTheFormShowsThePageThatReadersGetAndSavesNothingOfIt(t *testing.T) {
	s := openStudio(t)
	s.update(func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE accounts SET name = 'Max Weber' WHERE email = 'max@novaska.example'`)
		return err
	})
	f := s.manager.get("/drops/new").form("/drops").attaches("/drops/pictures", "a.png", pngOf(1300, 700, color.White), "title", "Halo", "body", "First.", "alt", "A sole").wants(http.StatusOK).form("/drops")
	id := reference.FindStringSubmatch(f.value("body"))[1]
	path := strings.TrimSuffix(f.send("cover", id, "cover_alt", "A sole").follow().path, "/release")
	f = s.manager.get(path + "/edit").form(path)
	for field, value := range map[string]string{
		"title": "The <Halo>", "teaser": "Soon", "body": "It holds.\n\n:::early\nOnly now.\n:::\n\n:::public\nFor all.\n:::", "action": "Have a look", "action_url": "https://novaska.example/halo", "tags": "trail",
	} {
		f.values.Set(field, value)
	}
	p := f.browser.send(path+"/look", f.values).wants(http.StatusOK)
	member, reader := p.preview("member"), p.preview("reader")
	for page, c := range map[*page]struct{ says, lacks string }{member: {"Only now.", "For all."}, reader: {"For all.", "Only now."}} {
		page.says("The <Halo>", "It holds.", c.says, "Have a look", "From Max, a member of Novaska’s squad", "Know somebody who would like this?", "WhatsApp", "Copy the link", "No account, no cookie").lacks(c.lacks)
		if early := strings.Contains(page.text(), "Early access"); early != (page == member) {
			t.Errorf("%s says that it is early: %v", page.path, early)
		}
		cover := all(page.doc, func(n *html.Node) bool { return attr(n, "class") == "cover" })
		if len(cover) != 1 || attr(cover[0], "src") != "/m/"+id {
			t.Errorf("%s has %d covers", page.path, len(cover))
		}
		body := all(page.doc, func(n *html.Node) bool { return n.Data == "body" })[0]
		if !has(body, "inert") || len(all(page.doc, func(n *html.Node) bool { return n.Data == "script" })) > 0 {
			t.Errorf("%s can be used", page.path)
		}
	}
	// Nothing of it was saved, nor is it by whoever looks again.
	s.manager.get(path).lacks("It holds.")
	s.manager.get(path+"/edit").preview("member").says("First.").lacks("It holds.", "Have a look")
	f.send().to(path)

	// What readers get from then on is that page, part by part.
	token := s.opensNow(path)
	shown, early := s.stranger.get("/s/"+token).parts(), member.parts()
	if len(shown) != 5 || len(early) != 5 {
		t.Fatalf("%q and %q", early, shown)
	}
	if shown[1] != "The <Halo>" || shown[2] == "" {
		t.Errorf("the label is %q, under %q", shown[2], shown[1])
	}
	for n := 1; n < 5; n++ { // who shared it is another
		if shown[n] != early[n] {
			t.Errorf("a reader gets %q, and in the form stood %q", shown[n], early[n])
		}
	}
	// Whoever may not edit it may not look at it.
	s.amina.send(path+"/look", f.values).wants(http.StatusNotFound)
	s.stranger.send(path+"/look", f.values).wants(http.StatusUnauthorized).lacks("From Max")
}

// Without a script the form shows again what was chosen: a card, a phone or a page, for a member or for a reader; first
// the phone. It is the same in French, and what the page itself says is in the language of the drop.
func TestTheWayToLookAtADropIsChosenWithoutAScript(t *testing.T) {
	s := openStudio(t)
	path := s.writes("title", "Halo", "body", "It holds.", "language", "en")
	p := s.manager.get(path+"/edit").says("Card", "Phone", "Page", "As a member", "As a reader")
	if p.looked("look") != "phone" || p.looked("look_for") != "member" {
		t.Errorf("first it shows %s for a %s", p.looked("look"), p.looked("look_for"))
	}
	for _, way := range []string{"card", "page", "phone"} {
		f := s.manager.get(path + "/edit").form(path)
		f.values.Set("look", way)
		f.values.Set("look_for", "reader")
		if p := f.browser.send(path+"/look", f.values).wants(http.StatusOK); p.looked("look") != way || p.looked("look_for") != "reader" {
			t.Errorf("it shows %s for a %s, not %s", p.looked("look"), p.looked("look_for"), way)
		}
	}
	french := s.frenchManager().get(path+"/edit").says("Aperçu", "Téléphone", "Vu par un membre", "Vu par un lecteur")
	french.preview("reader").says("Know somebody who would like this?")
	f := french.form(path)
	f.values.Set("language", "fr")
	french.browser.send(path+"/look", f.values).preview("reader").says("Copier le lien").lacks("Know somebody")

	// A drop that readers may not pass on shows that too.
	at := path + "/release"
	s.manager.get(at).form(at).send("chosen", s.squad, "opens_at", "2030-01-01T10:00", "shareable_at", "2030-01-01T10:00", "hops", "0").to(path)
	s.manager.get(path + "/edit").preview("reader").says("This one stays with you.").lacks("Copy the link")
}

// On the page of a drop come what is told and what is read before the ranking, of which ten rows stand there; the others
// are behind a link.
func TestThePageOfADropTellsTheSquadsBeforeItRanksThem(t *testing.T) {
	s := openStudio(t)
	path := s.writes("title", "Halo", "body", "It holds.")
	for n := range 12 {
		_, who := s.signedIn("member"+string(rune('a'+n))+"@example.com", "ambassador")
		s.update(func(ctx context.Context, tx *data.Tx) error {
			i, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: s.squad})
			if err != nil {
				return err
			}
			_, err = squad.Join(ctx, tx, i.Code, who.ID)
			return err
		})
	}
	now := s.clock.Now().UTC().Format("2006-01-02T15:04")
	s.manager.get(path+"/release").form(path+"/release").send("chosen", s.squad, "opens_at", now, "shareable_at", now).to(path)
	s.work()
	p := s.manager.get(path).wants(http.StatusOK).says("The whole board: 13 members")
	if rows := all(p.doc, func(n *html.Node) bool { return has(n, "data-standing") }); len(rows) != 10 {
		t.Errorf("%d rows stand there", len(rows))
	}
	var order []string
	for _, n := range all(p.doc, func(n *html.Node) bool { return n.Data == "h2" }) {
		order = append(order, plain(textOf(n)))
	}
	at := func(title string) int {
		for i, o := range order {
			if o == title {
				return i
			}
		}
		t.Fatalf("%q is not among %q", title, order)
		return -1
	}
	if told, houses, reads, links := at("Tell the squads"), at("Links of the house"), at("What readers see"), at("Links"); told > links || houses > links || reads > links {
		t.Errorf("the page says %q", order)
	}
}
