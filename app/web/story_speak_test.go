package web_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

// Rosa and Sam have the same telephone and sit in the same café: nothing tells them apart. Sam does not read what
// Rosa wrote, writes to the brand all the same, and takes nothing of hers back without saying that it is his.
func TestTwoWhoLookAlikeDoNotReadEachOther(t *testing.T) {
	l := sharing(t)
	rosa := l.reader("User-Agent", iphone)
	own := rosa.opens(l.link)
	speak := views.SpeakPath(own)
	rosa.get(speak).form("/s/"+own+"/say").send("words", "My knee is bad").to(speak+"?sent").says("has arrived", "New").lacks("My knee is bad")
	rosa.post("/s/"+own+"/react", "reaction", "love").follow().says("Noted: I love it")

	sam := rosa.beside(iphone)
	if got := sam.opens(l.link); got != own {
		t.Fatalf("Sam can be told from Rosa: he has %s, she %s", got, own)
	}
	page := sam.get(views.SpeakPath(l.link)).says("something was written").lacks("My knee is bad", "Noted:")
	if got := page.form("/s/" + l.link + "/react").pressed(); got != "" {
		t.Errorf("he sees that she chose %q", got)
	}
	// Whose is it? He says nothing of that at first.
	say := page.form("/s/" + l.link + "/say")
	again := say.send("words", "Is there a size 50?").wants(http.StatusUnprocessableEntity).form("/s/" + l.link + "/say")
	if again.problem("other") == "" || again.value("words") != "Is there a size 50?" {
		t.Errorf("he is told %q, and his words are %q", again.problem("other"), again.value("words"))
	}
	if n := len(all(again.doc, func(n *html.Node) bool { return strings.HasPrefix(attr(n, "class"), "banner") })); n != 1 {
		t.Errorf("the page says %d times what is wrong", n)
	}
	again.send("other", "yes").to(views.SpeakPath(l.link) + "?sent").says("has arrived")
	unsay := "/s/" + l.link + "/unsay"
	if got := sam.get(views.SpeakPath(l.link)).form(unsay).send().wants(http.StatusUnprocessableEntity).form(unsay).problem("claim"); got == "" {
		t.Error("what she said is taken back without a word")
	}
	l.inbox().says("My knee is bad", "Is there a size 50?")
	// Sent twice is said once.
	rosa.post("/s/"+own+"/say", "words", "My knee is bad").to(speak + "?sent")
	rosa.get(speak).form("/s/"+own+"/unsay").send("claim", "yes").to(speak).lacks("something was written")
	l.inbox().says("Is there a size 50?").lacks("My knee is bad")
}

// pressed is the reaction that a form shows as chosen.
func (f *form) pressed() string {
	for _, b := range all(f.node, func(n *html.Node) bool { return attr(n, "aria-pressed") == "true" }) {
		return attr(b, "value")
	}
	return ""
}

// felt is how many readers wanted the drop, and how often nobody knows who did.
func (l *launch) felt(feeling string) (readers, unconfirmed string) {
	n := l.manager.get(views.DropPath(l.drop)).row("felt", feeling)
	return attr(n, "data-readers"), attr(n, "data-unconfirmed")
}

// Only readers whose opens count are counted as readers who reacted: not whoever shared, not those who are signed in,
// and not those whose opens a manager takes out.
func TestOnlyReadersWhoCountAreCountedForTheirReactions(t *testing.T) {
	l := sharing(t)
	rosa := l.reader("User-Agent", iphone)
	own := rosa.opens(l.link)
	rosa.post("/s/"+own+"/react", "reaction", "want").follow()
	gpc := l.reader("User-Agent", iphone, "Sec-GPC", "1")
	gpc.post("/s/"+l.link+"/react", "reaction", "want").follow()
	// Amina on her own telephone, signed in and out, and Ben who has an account.
	for _, b := range []*browser{l.amina, l.ben, l.manager} {
		b.get(views.SpeakPath(l.link)).says("You are signed in").lacks("How is it?", "Write a line")
		b.post("/s/"+l.link+"/react", "reaction", "want").to(views.SpeakPath(l.link))
		b.post("/s/"+l.link+"/say", "words", "Not a reader").to(views.SpeakPath(l.link))
	}
	l.amina.get(views.SpeakPath(l.link)).says("Say it as a member")
	hers := l.amina.beside(l.amina.header.Get("User-Agent"))
	for name := range l.amina.header {
		hers.header.Set(name, l.amina.header.Get(name))
	}
	l.work()
	hers.post("/s/"+hers.opens(l.link)+"/react", "reaction", "want").follow()
	l.work()
	if readers, unconfirmed := l.felt("want"); readers != "1" || unconfirmed != "1" {
		t.Errorf("%s readers want it, and %s of whom nothing is known", readers, unconfirmed)
	}
	l.inbox().lacks("Not a reader")
	l.manager.post(views.OpenPath(l.link, l.id(own)), "verdict", views.Exclude, "scope", views.ScopeOpen).follow()
	l.work()
	if readers, _ := l.felt("want"); readers != "0" {
		t.Errorf("%s readers want it once she is taken out", readers)
	}
}

// After ninety days nothing tells any more by which visit something was said, nor at what hour.
func TestWhatReadersSaidIsCutDownWithTheirVisits(t *testing.T) {
	l := sharing(t)
	rosa := l.reader("User-Agent", iphone)
	rosa.get(views.AboutPath(l.link)).says("a reaction or a message", "90 days").lacks("cookies, messages")
	own := rosa.opens(l.link)
	rosa.post("/s/"+own+"/react", "reaction", "love").follow()
	rosa.post("/s/"+own+"/say", "words", "For the record").follow()
	l.later(time.Hour)
	said := l.inbox().data("voice")
	l.later(90*24*time.Hour - 2*time.Hour)
	l.work()
	if n := l.count(`SELECT count(*) FROM voices WHERE open_id IS NOT NULL`); n != 2 {
		t.Errorf("%d are known before their time", n)
	}
	l.later(2 * time.Hour)
	l.work()
	if n := l.count(`SELECT count(*) FROM voices WHERE open_id IS NOT NULL OR said_at % 86400000 <> 0`); n != 0 {
		t.Errorf("of %d more is known than their day", n)
	}
	l.manager, _ = l.signedIn("manel@novaska.example", account.Manager)
	if got := l.inbox().says("For the record").data("voice"); len(got) != 1 || got[0] == said[0] {
		t.Errorf("its name, which tells when it was made, is %q and was %q", got, said)
	}
	if readers, unconfirmed := l.felt("love"); readers != "1" || unconfirmed != "0" {
		t.Errorf("%s readers love it still, and %s of whom nothing is known", readers, unconfirmed)
	}
}

// Amina has said something of a drop that she may not see any more. She keeps her words; what it is called is not
// told, to her as little as to her captain.
func TestVoicesTellNothingOfADropThatMayNotBeSeenAnyMore(t *testing.T) {
	l := sharing(t)
	lead, cap := l.signedIn("cleo@example.com", account.Ambassador)
	l.update(func(ctx context.Context, tx *data.Tx) error {
		i, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: l.squad})
		if err != nil {
			return err
		}
		sq, err := squad.Join(ctx, tx, i.Code, cap.ID)
		if err != nil {
			return err
		}
		sq.CaptainID = cap.ID
		return squad.Change(ctx, tx, sq)
	})
	title := l.dropTitle()
	page := views.DropVoicePath(l.drop)
	l.amina.get(page).form(page).send("words", "Too heavy").to(page)
	box := views.InboxPath(l.squad)
	one := lead.get(box).says("Too heavy", title).data("voice")[0]
	lead.get("/").says("1 voice that nobody has read")
	l.amina.get(views.OwnVoicesPath).says("Too heavy", title)

	now := l.clock.Now()
	l.manager.get(views.ReleasePath(l.drop)).form(views.ReleasePath(l.drop)).send("opens_at", written(now.Add(48*time.Hour)),
		"shareable_at", written(now.Add(72*time.Hour)), "public_at", written(now.Add(96*time.Hour))).form(views.ReleasePath(l.drop)).send("sure", l.squad).to(views.DropPath(l.drop))
	l.amina.get(views.DropPath(l.drop)).wants(http.StatusNotFound)
	if mine := l.amina.get(views.OwnVoicesPath).says("Too heavy").lacks(title); strings.Contains(mine.body, l.drop) {
		t.Error("her page leads to the drop")
	}
	lead.get(box).lacks("Too heavy", title)
	if n := lead.get(box).data("count"); len(n) != 1 || n[0] != "0" {
		t.Errorf("the captain's inbox counts %q", n)
	}
	lead.get("/").lacks("that nobody has read")
	lead.get(views.VoicePath(l.squad, one)).wants(http.StatusNotFound)
	lead.post(views.VoicePath(l.squad, one), "state", "used").wants(http.StatusNotFound)
	l.inbox().says("Too heavy", title)
	l.later(48 * time.Hour)
	lead.get(box).says("Too heavy", title)
	l.amina.get(views.OwnVoicesPath).says(title)
}

// dropTitle is what the drop is called.
func (l *launch) dropTitle() (title string) {
	l.view(func(ctx context.Context, tx *data.Tx) (err error) {
		title, err = data.One(ctx, tx, data.Text, `SELECT v.title FROM drops d JOIN drop_versions v ON v.drop_id = d.id AND v.number = d.version WHERE d.id = ?`, l.drop)
		return err
	})
	return title
}

// What becomes of what people said is written down, with who decided it; who said it only if they gave their name, and
// nothing of their words.
func TestWhatBecomesOfVoicesIsWrittenDown(t *testing.T) {
	l := sharing(t)
	page := views.DropVoicePath(l.drop)
	l.amina.get(page).form(page).send("words", "Too heavy").to(page)
	l.ben.get(page).form(page).send("words", "Too light", "anonymous", "yes").to(page)
	for _, id := range l.inbox().data("voice") {
		at := views.VoicePath("", id)
		l.manager.get(at).form(at).send("state", "used", "answer", "We weigh it.").to("/voices")
		l.manager.get(at).form(at).send("state", "used", "answer", "We weigh it. ").to("/voices") // again
		l.manager.post(at + "/remove").to("/voices")
	}
	list := l.manager.get(views.DecisionsPath(l.campaign)).says("Answered what somebody said", "Removed what somebody said", l.nameOf(l.aminaID), l.dropTitle(), "Lyon", "manel")
	list.lacks("heavy", "light", "We weigh it", l.nameOf(l.benID))
	if got := list.data("act"); !slices.Equal(got, []string{"voice_removed", "voice_settled", "voice_removed", "voice_settled"}) {
		t.Errorf("written down are %q", got)
	}
}
