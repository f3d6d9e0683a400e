package web_test

import (
	"context"
	"net/http"
	"path"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

// tap presses a button of a form, by its value.
func (f *form) tap(name, value string) *page { return f.send(name, value) }

// inbox is what the manager finds there.
func (l *launch) inbox() *page { return l.manager.get("/voices").wants(http.StatusOK) }

// A reader without an account reacts with one tap and writes one line. The brand reads it, marks it, and the reader
// sees that; another tap changes the reaction, and another message is not taken, nor lost.
func TestAReaderReactsWithOneTapAndWritesOneLine(t *testing.T) {
	l := sharing(t)
	rosa := l.reader("User-Agent", iphone)
	read := rosa.get("/s/" + l.link).wants(http.StatusOK)
	own := read.confirms()
	speak := views.SpeakPath(own)
	rosa.get("/s/"+own).form("/s/"+own+"/react").tap("reaction", "love").to(speak + "?felt=love").wants(http.StatusOK).says("Noted: I love it")
	rosa.get(speak).form("/s/"+own+"/react").tap("reaction", "want").to(speak + "?felt=want").says("Noted: I want one")
	rosa.get(speak).form("/s/"+own+"/say").send("words", " ").wants(http.StatusUnprocessableEntity)
	rosa.get(speak).form("/s/"+own+"/say").send("words", "Is it there in 36?").to(speak+"?sent").says("has arrived", "New")
	rosa.post("/s/"+own+"/say", "words", "And in red?").wants(http.StatusUnprocessableEntity).says("One message each", "And in red?").lacks("Is it there in 36?")
	if len(rosa.jar.Cookies(rosa.address("/"))) != 0 {
		t.Error("something was stored on her device")
	}

	// Sam, at home behind the same link, has said nothing; by Rosa's own address neither can he take back what she said.
	sam := l.reader("User-Agent", android)
	sam.get(speak).lacks("Is it there in 36?")
	sam.post("/s/"+own+"/unsay", "claim", "yes").to(speak)

	drop := l.manager.get(views.DropPath(l.drop))
	if n := drop.row("felt", "want"); attr(n, "data-readers") != "1" || attr(n, "data-members") != "0" {
		t.Errorf("the drop is wanted by %s readers and %s members", attr(n, "data-readers"), attr(n, "data-members"))
	}
	said := l.inbox().lacks("And in red?").says("Is it there in 36?", "by the link of "+l.nameOf(l.aminaID)).data("voice")
	if len(said) != 1 {
		t.Fatalf("in the inbox are %q", said)
	}
	at := views.VoicePath("", said[0])
	l.manager.get(at).lacks("Your answer").form(at).send("state", "used").to("/voices").says("Used")
	rosa.get(speak).says("Used")

	// What she said goes when she takes it back; and with her visit.
	rosa.get(speak).form("/s/"+own+"/unsay").send("claim", "yes").to(speak).lacks("something was written", "I said it")
	rosa.get(speak).form("/s/"+own+"/say").send("words", "Once more").to(speak + "?sent")
	l.inbox().says("Once more")
	rosa.get(views.AboutPath(own)).form("/s/" + own + "/forget").send().follow().wants(http.StatusOK)
	l.inbox().lacks("Once more")
	if n := l.count(`SELECT count(*) FROM voices`); n != 0 {
		t.Errorf("%d things that she said are kept", n)
	}
}

// nameOf is what an account is called.
func (l *launch) nameOf(accountID string) (name string) {
	l.view(func(ctx context.Context, tx *data.Tx) error {
		a, err := account.ByID(ctx, tx, accountID)
		name = a.Name
		return err
	})
	return name
}

// Readers of whom no open is known can speak too, but nobody fills the inbox by that.
func TestWhatReadersSayIsBounded(t *testing.T) {
	l := sharing(t)
	speak := views.SpeakPath(l.link)
	gpc := l.reader("User-Agent", iphone, "Sec-GPC", "1")
	gpc.post("/s/"+l.link+"/react", "reaction", "curious").to(speak + "?felt=curious").says("Noted: I’m curious")
	gpc.get(speak).says("not known to us").form("/s/"+l.link+"/say").send("words", "Without a trace").to(speak + "?sent").says("has arrived")
	eve := l.reader("User-Agent", android)
	status := 0
	for range 31 {
		eve.post("/s/"+l.link+"/react", "reaction", "love")
	}
	eve.post("/s/"+l.link+"/react", "reaction", "love").wants(http.StatusTooManyRequests).says("Much has been said from here")
	for range 30 { // it is not for their reactions that her neighbours cannot write
		eve.post("/s/"+l.link+"/say", "words", "Buy pills").wants(http.StatusSeeOther)
	}
	late := eve.post("/s/"+l.link+"/say", "words", "I mean it").wants(http.StatusTooManyRequests).says("Nothing of yours is lost")
	if got := late.form("/s/" + l.link + "/say").value("words"); got != "I mean it" || late.header.Get("Retry-After") == "" {
		t.Errorf("what comes too often is given back as %q", got)
	}
	for range 3 { // other networks go on where that one stopped
		other := l.reader("User-Agent", android)
		for range 20 {
			status = other.post("/s/"+l.link+"/say", "words", "Buy pills").status
		}
	}
	if n := l.count(`SELECT count(*) FROM voices WHERE kind = 'message'`); status != http.StatusTooManyRequests || n != 50 {
		t.Errorf("a link takes %d messages a day from people whom nobody knows, and then answers %d", n, status)
	}
	again := l.reader("User-Agent", android).post("/s/"+l.link+"/say", "words", "Me too").wants(http.StatusTooManyRequests)
	if got := again.form("/s/" + l.link + "/say").value("words"); got != "Me too" {
		t.Errorf("what a full inbox does not take is given back as %q", got)
	}
	// A person whose open is known is heard all the same.
	rosa := l.reader("User-Agent", iphone)
	own := rosa.opens(l.link)
	rosa.post("/s/"+own+"/say", "words", "I am real").to(views.SpeakPath(own) + "?sent")
	l.inbox().says("I am real")
}

func TestBeforeADropMayBeSharedThereIsNothingToSayOfIt(t *testing.T) {
	l := launched(t)
	eve := l.reader("User-Agent", iphone)
	eve.get(views.SpeakPath(l.link)).to("/s/" + l.link)
	eve.post("/s/"+l.link+"/react", "reaction", "love").to(views.SpeakPath(l.link))
	eve.post("/s/" + l.link + "/want").to(views.SpeakPath(l.link))
	if n := l.count(`SELECT count(*) FROM voices`) + l.count(`SELECT count(*) FROM invitations WHERE link_id IS NOT NULL`); n != 0 {
		t.Errorf("%d things were kept of it", n)
	}
}

// A reader who wants in applies to the squad of who shared, who stands there as the one they came by. Somebody
// decides, even if the squad stops asking meanwhile.
func TestAReaderWhoWantsInAppliesWithTheSharerAsSponsor(t *testing.T) {
	l := sharing(t)
	rosa := l.reader("User-Agent", iphone)
	own := rosa.opens(l.link)
	speak := views.SpeakPath(own)
	rosa.get(speak).lacks("I want in") // nobody is taken in here
	rosa.post("/s/" + own + "/want").to(speak + "?closed")
	lyon := views.SquadPath(l.squad)
	l.manager.get(lyon+"/edit").form(lyon).send("approval", "yes", "questions", "Where do you run?").to(lyon)

	// One further hop away it is still Amina who is credited, and nobody in between.
	sam := l.reader("User-Agent", android)
	sams := sam.opens(own)
	door := sam.get(views.SpeakPath(sams)).says("I want in", "Lyon").form("/s/" + sams + "/want").send().follow().wants(http.StatusOK)
	door.says("Lyon").lacks(l.nameOf(l.aminaID)) // she has not agreed to be named to readers
	if again := rosa.get(speak).form("/s/" + own + "/want").send(); again.header.Get("Location") != door.path {
		t.Errorf("Rosa is led to %s, Sam to %s", again.header.Get("Location"), door.path)
	}
	l.update(func(ctx context.Context, tx *data.Tx) error {
		sq, err := squad.ByID(ctx, tx, l.squad)
		if err != nil {
			return err
		}
		sq.Approval = false
		return squad.Change(ctx, tx, sq)
	})
	b, who := l.signedIn("sam@example.com", account.Ambassador)
	b.get(door.path).form(door.path).send("answer1", "Along the river").follow().says("Your application is there")
	l.manager.get(views.ApplicationsPath(l.squad)).says("by the link of " + l.nameOf(l.aminaID))
	wish := l.wish(lyon, who)
	l.manager.get(wish).says("by the link of " + l.nameOf(l.aminaID)).form(wish + "/accept").send().follow()
	b.get("/").says("Lyon")
	// Among the squad's own invitations it does not stand.
	if got := l.manager.get(lyon).data("invitation"); len(got) != 1 || got[0] == path.Base(door.path) {
		t.Errorf("the squad's invitations are %q", got)
	}
}

// Amina asks without her name, and agrees that a testimonial is published; she sees what becomes of both, and takes
// her word back.
func TestAMemberSeesWhatBecameOfWhatTheySaid(t *testing.T) {
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
	amina := l.nameOf(l.aminaID)
	page := views.DropVoicePath(l.drop)
	l.amina.get(views.DropPath(l.drop)).form("/drops/"+l.drop+"/react").tap("reaction", "curious").to(page).says("Noted")
	l.amina.get(page).form(page).send("kind", "question", "words", "Why no orange one?", "anonymous", "yes").to(page).says("It has arrived", "Why no orange one?")
	l.amina.get(page).form(page).send("kind", "idea", "words", "Orange!", "consent", "yes").wants(http.StatusUnprocessableEntity).says("Only a testimonial")
	l.amina.get(page).form(page).send("kind", "testimonial", "words", "They hold on wet stone.", "consent", "yes").to(page)
	again := l.amina.get(page).form(page)
	again.send("kind", "idea", "words", "Sell the laces").to(page)
	again.send("kind", "idea", "words", "Sell the laces").to(page) // pressed twice
	if n := l.count(`SELECT count(*) FROM voices WHERE kind = 'idea'`); n != 1 {
		t.Errorf("the idea is there %d times", n)
	}

	// The captain reads it without her name; managers see who it was. Ben sees nothing of it.
	box := views.InboxPath(l.squad)
	seen := lead.get(box).wants(http.StatusOK).says("Why no orange one?", "A member of the squad", "May be published")
	question := ""
	for _, n := range all(seen.doc, func(n *html.Node) bool { return has(n, "data-voice") }) {
		if text := plain(textOf(n)); strings.Contains(text, "orange") {
			question = attr(n, "data-voice")
			if strings.Contains(text, amina) {
				t.Errorf("her captain reads %q", text)
			}
		}
	}
	at := views.VoicePath(l.squad, question)
	lead.get(at).lacks(amina)
	lead.get("/voices").wants(http.StatusNotFound)
	l.ben.get(box).wants(http.StatusNotFound)
	l.ben.get(views.OwnVoicesPath).lacks("orange")
	l.manager.get("/voices?kind=question&waiting=1").says("Why no orange one?", amina).lacks("wet stone")
	lead.get(at).form(at).send("state", "used", "answer", "It comes in May.").to(box).says("Used")
	l.manager.get("/voices?waiting=1").lacks("Why no orange one?")

	mine := l.amina.get(views.OwnVoicesPath).wants(http.StatusOK).says("It comes in May.", "Used", "May be published since")
	quote := ""
	for _, n := range all(mine.doc, func(n *html.Node) bool { return has(n, "data-voice") }) {
		if strings.Contains(plain(textOf(n)), "wet stone") {
			quote = attr(n, "data-voice")
		}
	}
	l.ben.post("/me/voice/" + quote + "/disagree").wants(http.StatusNotFound)
	mine.form("/me/voice/"+quote+"/disagree").send().to(views.OwnVoicesPath).says("Your consent is taken back", "May not be published")
	l.manager.get("/voices?kind=testimonial").says("wet stone").lacks("May be published")
	l.ben.post("/me/voice/" + quote + "/unsay").wants(http.StatusNotFound)
	l.amina.get(views.OwnVoicesPath).form("/me/voice/" + quote + "/unsay").send().to(views.OwnVoicesPath).lacks("wet stone")
	l.inbox().lacks("wet stone")

	// With her account goes all that she said.
	erase := views.ErasePath(l.aminaID)
	l.manager.get(erase).form(erase).send("email", "amina@example.com").follow()
	l.inbox().lacks("orange", "laces")
	l.later(time.Minute)
}

// Amina agrees that her words are published, and is sixteen, as she says later: they are not. Nor is she asked again.
func TestNothingThatAMinorSaysIsPublished(t *testing.T) {
	l := sharing(t)
	page := views.DropVoicePath(l.drop)
	say := func(words string) {
		t.Helper()
		f := l.amina.get(page).form(page)
		f.values.Set("consent", "yes") // also where no box asks for it
		f.send("kind", "testimonial", "words", words).to(page)
	}
	say("They hold on wet stone.")
	l.inbox().says("May be published")
	var age account.Age
	l.update(func(ctx context.Context, tx *data.Tx) (err error) {
		age, err = account.SayAge(ctx, tx, account.Age{AccountID: l.aminaID, Band: account.Minor, Guardian: "dad@example.com"})
		return err
	})
	l.inbox().says("They hold on wet stone.").lacks("May be published")
	l.update(func(ctx context.Context, tx *data.Tx) error { return account.Agree(ctx, tx, age.Code) })
	if strings.Contains(l.amina.get(page).body, `name="consent"`) {
		t.Error("a minor is asked to agree")
	}
	say("And on dry stone.")
	l.inbox().says("And on dry stone.").lacks("May be published")
	mine := l.amina.get(views.OwnVoicesPath).says("under 18")
	for _, one := range mine.data("voice") {
		l.amina.post("/me/voice/" + one + "/agree").wants(http.StatusNotFound)
	}

	// Once she is 18 she is asked anew: what she agreed to before does not come back.
	l.amina.post(views.SayGrownPath).to("/me")
	l.owner.post(views.GrownPath(l.aminaID) + "/confirm")
	l.inbox().says("They hold on wet stone.").lacks("May be published")
	l.amina.post("/me/voice/" + mine.data("voice")[0] + "/agree").to(views.OwnVoicesPath)
	l.inbox().says("May be published")
}
