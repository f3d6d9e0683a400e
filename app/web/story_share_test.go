package web_test

import (
	"bytes"
	"context"
	"image/png"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	qr "github.com/piglig/go-qr"
	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/app/brand"
	"ricochet.example/app/drop"
	"ricochet.example/data"
	"ricochet.example/views"
)

// on is the member's browser on another device.
func (b *browser) on(agent string) *browser {
	other := *b
	other.header = b.header.Clone()
	other.header.Set("User-Agent", agent)
	return &other
}

// sent is where a message goes: the text that an address fills in.
func sent(t testing.TB, p *page) string {
	t.Helper()
	to, err := url.Parse(p.header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	return to.Query().Get("text")
}

// Manel writes three messages. Amina finds them filled in, sends one as it is and one in her own words, and
// finds those the next time; the label and her link go along whatever she does.
func TestAMemberSharesInTheirOwnWords(t *testing.T) {
	l := sharing(t)
	form := l.manager.get(views.EditPath(l.drop)).form("/drops/" + l.drop)
	form.values["caption"] = []string{"{{first name}} of {{squad}} was there.", "See {{title}}: {{link}} Nice?", ""}
	form.send().follow().says("The Halo trail shoe")
	l.update(func(ctx context.Context, tx *data.Tx) error {
		return account.Rename(ctx, tx, l.aminaID, "Amina Mansouri", "en")
	})

	at := views.DropPath(l.drop)
	sheet := l.amina.get(at).wants(http.StatusOK)
	f := sheet.form(views.SharePath(l.drop))
	if got := f.value("words"); got != "Amina of Lyon was there." {
		t.Errorf("she finds %q", got)
	}
	link := l.base + "/s/" + l.link
	if got, want := sent(t, l.amina.get("/go/"+l.link+"/whatsapp").wants(http.StatusFound)), "Amina of Lyon was there.\n(Commercial collaboration)\n"+link+"/whatsapp"; got != want {
		t.Errorf("it goes as %q", got)
	}
	second := l.amina.get(at + "?caption=2").form(views.SharePath(l.drop))
	on := second.send("channel", "whatsapp").to(views.SendPath(l.drop, "whatsapp") + "?now=yes&caption=2").wants(http.StatusOK)
	to, found := strings.CutPrefix(on.header.Get("Refresh"), "0; url=")
	if !found {
		t.Fatalf("nothing opens by itself: %v", on.header)
	}
	if got, want := sent(t, l.amina.get(to).wants(http.StatusFound)), "See The Halo trail shoe: "+link+"/whatsapp Nice?\n(Commercial collaboration)"; got != want {
		t.Errorf("the second goes as %q", got)
	}

	mine := f.send("words", "  Mum, look at this\r\n", "channel", "whatsapp").follow()
	if got, want := sent(t, l.amina.get("/go/"+l.link+"/whatsapp")), "Mum, look at this\n(Commercial collaboration)\n"+link+"/whatsapp"; got != want {
		t.Errorf("her own words go as %q", got)
	}
	mine.says("Mum, look at this", "Commercial collaboration", link+"/whatsapp")
	if got := l.amina.get(at).form(views.SharePath(l.drop)).value("words"); got != "Mum, look at this" {
		t.Errorf("the next time she finds %q", got)
	}
	if got := sent(t, l.reader().get("/go/"+l.link+"/whatsapp")); strings.Contains(got, "Mum") || strings.Contains(got, "Amina") || !strings.Contains(got, "(Commercial collaboration)") && !strings.Contains(got, "Nice?") {
		t.Errorf("a reader of her link sends %q", got)
	}
	l.amina.get(views.SendPath(l.drop, "copy")).says("Share", "Copy it, then paste it").lacks("Send by")
	l.amina.post(views.WordsPath(l.drop), "words", "").wants(http.StatusNoContent)
	if got := l.amina.get(at).form(views.SharePath(l.drop)).value("words"); got != "Amina of Lyon was there." {
		t.Errorf("with her own words gone she finds %q", got)
	}
	l.amina.post(views.SharePath(l.drop), "words", "x", "channel", "pigeon").wants(http.StatusBadRequest)
}

// Whatever device asks gets what works there, the channels that the member really uses first.
func TestTheSheetOffersWhatWorksWhereItIsLookedAt(t *testing.T) {
	l := sharing(t)
	at := views.DropPath(l.drop)
	hand := func(p *page, channel string) string {
		for _, n := range all(p.doc, func(n *html.Node) bool { return attr(n, "data-channel") == channel }) {
			return attr(n, "data-hand")
		}
		return "not offered"
	}
	for agent, want := range map[string][3]string{
		iphone:  {"sms:&body={all}", "fb-messenger://share/?link={link}", "https://line.me/R/share?text={all}"},
		android: {"sms:?body={all}", "fb-messenger://share/?link={link}", "https://line.me/R/share?text={all}"},
		desktop: {"not offered", "not offered", "https://social-plugins.line.me/lineit/share?url={link}"},
	} {
		p := l.amina.on(agent).get(at).wants(http.StatusOK)
		if got := [3]string{hand(p, "sms"), hand(p, "messenger"), hand(p, "line")}; got != want {
			t.Errorf("%s: %q", agent, got)
		}
		if got := p.data("channel"); got[0] != "whatsapp" {
			t.Errorf("%s: first comes %q", agent, got)
		}
	}
	for range 3 {
		l.amina.get("/go/" + l.link + "/linkedin").wants(http.StatusFound)
	}
	l.amina.get("/go/" + l.link + "/telegram").wants(http.StatusFound)
	for range 9 {
		l.reader().get("/go/" + l.link + "/teams").wants(http.StatusFound) // readers of her link are not her
	}
	l.work()
	if got := l.amina.get(at).data("channel")[:4]; !slices.Equal(got, []string{"whatsapp", "linkedin", "telegram", "email"}) {
		t.Errorf("she is offered %q first", got)
	}

	l.manager.post(views.ChannelsPath, "order", "telegram", "order", "snapchat", "offered", "telegram", "up", "snapchat")
	f := l.manager.get(views.ChannelsPath).form(views.ChannelsPath)
	f.values["offered"], f.values["order"] = []string{"slack", "discord", "wechat"}, []string{"slack", "wechat", "discord"}
	f.values.Set("up", "discord")
	f.send().to(views.ChannelsPath + "#discord")
	if got := l.amina.get(at).data("channel"); !slices.Equal(got, []string{"slack", "discord", "wechat"}) {
		t.Errorf("the manager's order is %q", got)
	}
	l.amina.get(at).form(views.SharePath(l.drop)).send("channel", "discord").follow().says("paste it in Discord", l.base+"/s/"+l.link+"/discord").lacks("Open Discord")
}

func TestAMemberNotesWhomTheyToldAndNobodyElseSeesIt(t *testing.T) {
	l := sharing(t)
	pressed := func(b *browser) (all []string) {
		for _, n := range buttons(b.get(views.DropPath(l.drop)), "back") {
			all = append(all, attr(n, "value"))
		}
		return all
	}
	l.amina.post(views.ToldPath(l.drop), "circle", "family").wants(http.StatusSeeOther)
	l.amina.post(views.ToldPath(l.drop), "circle", "family").wants(http.StatusSeeOther)
	l.amina.post(views.ToldPath(l.drop), "circle", "team").wants(http.StatusSeeOther)
	l.amina.post(views.ToldPath(l.drop), "circle", "neighbours").wants(http.StatusBadRequest)
	if got := pressed(l.amina); !slices.Equal(got, []string{"family", "team"}) {
		t.Errorf("she told %q", got)
	}
	if got := pressed(l.ben); len(got) != 0 {
		t.Errorf("Ben told %q", got)
	}
	l.amina.post(views.ToldPath(l.drop), "back", "family").wants(http.StatusSeeOther)
	if got := pressed(l.amina); !slices.Equal(got, []string{"team"}) {
		t.Errorf("then she told %q", got)
	}
}

// buttons are a page's, by their name.
func buttons(p *page, name string) []*html.Node {
	return all(p.doc, func(n *html.Node) bool { return n.Data == "button" && attr(n, "name") == name })
}

// The code leads where it says, as a picture and as a file; nothing of it is there before the drop is shared,
// nor when the link is stopped.
func TestACodeLeadsToTheMembersLink(t *testing.T) {
	l := launched(t)
	l.clock.Set(l.opens)
	files := []string{views.QRPath(l.drop), views.QRPath(l.drop) + ".png", views.QRPath(l.drop) + ".svg", views.DropPath(l.drop) + views.StoryFile, views.DropPath(l.drop) + views.PhotoFile}
	for _, file := range files {
		l.amina.get(file).wants(http.StatusNotFound).lacks("Halo")
	}
	l.amina.post(views.SharePath(l.drop), "words", "x", "channel", "copy").wants(http.StatusNotFound)
	l.amina.get(views.SendPath(l.drop, "copy")).wants(http.StatusNotFound).lacks("Halo")
	l.clock.Set(l.shares)
	for query, want := range map[string]string{"": "/qr", "?for=wechat": "/wechat"} {
		got := l.amina.get(views.QRPath(l.drop) + ".png" + query).wants(http.StatusOK)
		img, err := png.Decode(bytes.NewReader([]byte(got.body)))
		if err != nil {
			t.Fatal(err)
		}
		if text, err := qr.Decode(img); err != nil || text != l.base+"/s/"+l.link+want {
			t.Errorf("it says %q: %v", text, err)
		}
	}
	for file, high := range map[string]int{views.StoryFile: 1920, views.PhotoFile: 1350} {
		got := l.amina.get(views.DropPath(l.drop) + file).wants(http.StatusOK)
		img, err := png.Decode(bytes.NewReader([]byte(got.body)))
		if err != nil || img.Bounds().Dx() != 1080 || img.Bounds().Dy() != high {
			t.Fatalf("%s is %v: %v", file, img.Bounds(), err)
		}
		if text, err := qr.Decode(img); err != nil || text != l.base+"/s/"+l.link+"/qr" {
			t.Errorf("%s says %q: %v", file, text, err)
		}
		if cache := got.header.Get("Cache-Control"); cache != "private, no-store" {
			t.Errorf("%s may be kept: %s", file, cache)
		}
	}
	shown := l.amina.get(views.QRPath(l.drop)).wants(http.StatusOK).says("The Halo trail shoe")
	file := l.amina.get(views.QRPath(l.drop) + ".svg").wants(http.StatusOK)
	paths := all(shown.doc, func(n *html.Node) bool { return n.Data == "path" && len(attr(n, "d")) > 1000 })
	if len(paths) != 1 || !strings.Contains(file.body, attr(paths[0], "d")) {
		t.Error("the page and the file show two codes")
	}
	l.amina.get(views.QRPath(l.drop) + "?for=telegram").wants(http.StatusNotFound)
	other, _ := l.signedIn("cleo@example.com", account.Ambassador)
	other.get(views.QRPath(l.drop)).wants(http.StatusNotFound)
	l.manager.post("/links/"+l.link+"/stop", "note", "").wants(http.StatusSeeOther)
	for _, file := range files {
		l.amina.get(file).wants(http.StatusNotFound)
	}
	l.update(func(ctx context.Context, tx *data.Tx) error {
		return drop.SetRelease(ctx, tx, l.drop, drop.Release{PublicAt: l.clock.Now().Add(-time.Hour)})
	})
	other.post("/drops/" + l.drop + "/link").wants(http.StatusSeeOther)
	other.get(views.QRPath(l.drop)).wants(http.StatusOK)
}

// Who shared is said to those whom the link itself reached, if the member agrees, and to nobody further on;
// the label stands under the title all the same.
func TestReadersAreToldWhoSharedOnlyIfTheMemberAgrees(t *testing.T) {
	l := sharing(t)
	l.amina.get("/me").form("/me").send("name", "Amina <b> Mansouri").follow()
	const nobody = "Shared with you by a member of Novaska’s squad"
	l.reader().get("/s/"+l.link).says(nobody).lacks("Amina", "Mansouri")
	l.amina.get("/me").form("/me").send("named", "true").follow()
	own := l.reader().get("/s/"+l.link).says("From Amina, a member of Novaska’s squad", "Commercial collaboration").lacks("Mansouri", nobody).confirms()
	l.reader().get("/s/"+own).says("Passed along by friends", "Commercial collaboration").lacks("Amina")
	l.reader().get("/s/" + l.benLink).says(nobody).lacks("Amina")
	l.amina.get("/me").form("/me").send("name", "<i>Mina</i> M").follow()
	if body := l.reader().get("/s/" + l.link).says("From <i>Mina</i>, a member").body; strings.Contains(body, "<i>Mina") {
		t.Error("a name is taken for a part of the page")
	}
	f := l.amina.get("/me").form("/me")
	f.values.Del("named")
	f.send().follow()
	l.reader().get("/s/" + l.link).says(nobody).lacks("Mina")

	l.amina.get("/me").form("/me").send("named", "true").follow()
	l.reader().get("/s/" + l.link).says("From <i>Mina</i>")
	l.update(func(ctx context.Context, tx *data.Tx) error {
		if _, err := account.SayAge(ctx, tx, account.Age{AccountID: l.aminaID, Band: account.Minor, Guardian: "dad@example.com"}); err != nil {
			return err
		}
		return brand.NewEdition(ctx, tx)
	})
	l.reader().get("/s/" + l.link).says(nobody).lacks("Mina") // a minor is named on no page that others see
	if fields := all(l.amina.get("/me").doc, func(n *html.Node) bool { return attr(n, "name") == "named" }); len(fields) != 0 {
		t.Error("a minor is asked whether to be named")
	}
	l.amina.post("/me", "name", "Mina", "language", "en", "named", "true")
	l.reader().get("/s/" + l.link).says(nobody)
	title := l.reader().get("/s/" + l.link)
	for _, h1 := range all(title.doc, func(n *html.Node) bool { return n.Data == "h1" }) {
		next := h1.NextSibling
		for next != nil && next.Type != html.ElementNode {
			next = next.NextSibling
		}
		if attr(next, "class") != "label" || textOf(next) != "Commercial collaboration" {
			t.Errorf("under the title stands %q", textOf(next))
		}
	}
}
