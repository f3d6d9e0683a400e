package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/message"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

// speaks writes something of the drop, and returns its id.
func (l *launch) speaks(who *browser, words string, fields ...string) string {
	l.t.Helper()
	page := views.DropVoicePath(l.drop)
	who.get(page).form(page).send(append([]string{"kind", "question", "words", words}, fields...)...).to(page)
	var id string
	l.view(func(ctx context.Context, tx *data.Tx) (err error) {
		id, err = data.One(ctx, tx, data.Text, `SELECT id FROM voices WHERE words = ?`, words)
		return err
	})
	return id
}

// settles is what somebody at the brand makes of something that was said.
func (l *launch) settles(who *browser, squadID, voiceID, state, answer string) {
	l.t.Helper()
	at := views.VoicePath(squadID, voiceID)
	who.get(at).form(at).send("state", state, "answer", answer).to(views.InboxPath(squadID))
}

// captain is somebody who leads the squad.
func (l *launch) captain(email string) *browser {
	l.t.Helper()
	lead, who := l.signedIn(email, account.Ambassador)
	l.update(func(ctx context.Context, tx *data.Tx) error {
		i, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: l.squad})
		if err != nil {
			return err
		}
		sq, err := squad.Join(ctx, tx, i.Code, who.ID)
		if err != nil {
			return err
		}
		sq.CaptainID = who.ID
		return squad.Change(ctx, tx, sq)
	})
	return lead
}

// answers are the mails by which somebody was told what became of what they said, the oldest first.
func (l *launch) answers(email string) (mails []message.Mail) {
	l.t.Helper()
	l.view(func(ctx context.Context, tx *data.Tx) error {
		all, err := message.Latest(ctx, tx, 1000)
		for _, m := range slices.Backward(all) {
			if m.To == email && m.Kind == message.Notice && strings.Contains(m.Body, views.OwnVoicesPath) {
				mails = append(mails, m)
			}
		}
		return err
	})
	return mails
}

// Amina, who reads French, asks without her name in the squad. Her captain answers, mends the answer a moment later, and
// she is told once, in words that anybody may see over her shoulder. What is said to her later she is told too; until
// she has had enough of that. Her captain knows as little of her as before.
func TestAMemberIsToldThatTheyWereAnswered(t *testing.T) {
	l := sharing(t)
	lead := l.captain("cleo@example.com")
	l.amina.get("/me").form("/me").send("language", "fr").to("/me")
	asked := l.speaks(l.amina, "Why no orange one?", "anonymous", "yes")
	name := l.nameOf(l.aminaID)

	l.settles(lead, l.squad, asked, "read", "It comes in June.")
	l.later(3 * time.Minute)
	l.settles(lead, l.squad, asked, "used", "It comes in May.")
	l.later(3 * time.Minute)
	l.looks()
	if got := l.answers("amina@example.com"); len(got) > 0 {
		t.Fatalf("while it is being mended she is told %q", got[0].Subject)
	}
	l.later(time.Minute)
	l.looks()
	l.looks()
	got := l.answers("amina@example.com")
	if len(got) != 1 || got[0].Subject != "Novaska t’a répondu" {
		t.Fatalf("she is told %+v", got)
	}
	m := got[0]
	way := views.OwnVoicePath(asked, 1)
	if !strings.Contains(m.Body, l.base+way) || !strings.Contains(m.HTML, way) {
		t.Errorf("it does not lead to %s: %s", way, m.Body)
	}
	for _, private := range []string{"orange", "It comes", "Halo", "cleo", "anonym", "question"} {
		if strings.Contains(strings.ToLower(m.Subject+m.Body+m.HTML), strings.ToLower(private)) {
			t.Errorf("the mail says %q: %s", private, m.Body)
		}
	}
	page, anchor, _ := strings.Cut(way, "#")
	there := l.amina.get(page).wants(http.StatusOK).says("It comes in May.")
	if !strings.Contains(there.body, `id="`+anchor+`"`) {
		t.Errorf("%s is not there", anchor)
	}
	for _, seen := range []string{views.InboxPath(l.squad), views.VoicePath(l.squad, asked)} {
		lead.get(seen).wants(http.StatusOK).lacks(name)
	}
	lead.get("/outbox").wants(http.StatusNotFound) // where the mail stands with its address

	// What stays as it was is no news; what changes is.
	l.settles(lead, l.squad, asked, "used", "It comes in May.")
	l.later(10 * time.Minute)
	l.looks()
	l.settles(lead, l.squad, asked, "closed", "")
	l.later(10 * time.Minute)
	l.looks()
	if got = l.answers("amina@example.com"); len(got) != 2 || got[1].Subject != "Ce qu’est devenu ce que tu as dit" {
		t.Fatalf("she is told %+v", got)
	}

	// One click ends them, and nothing else.
	l.browser().do(l.server, http.MethodPost, strings.TrimPrefix(m.Unsubscribe, l.base), map[string][]string{"List-Unsubscribe": {"One-Click"}}, nil).wants(http.StatusOK)
	if kinds := l.amina.get(views.NoticesPath).form(views.NoticesPath).values["mail"]; !slices.Equal(kinds, []string{"opened", "reward"}) {
		t.Errorf("she still hears of %q", kinds)
	}
	l.settles(l.manager, "", asked, "used", "It is there.")
	l.later(10 * time.Minute)
	l.looks()
	if got = l.answers("amina@example.com"); len(got) != 2 {
		t.Errorf("she is told %d times", len(got))
	}
}

// In the night Manel answers three things that Ben said; in the morning Ben has taken one of them back. He is told of
// the two in one mail.
func TestWhatIsAnsweredAtNightIsToldInOneMail(t *testing.T) {
	l := sharing(t)
	var said []string
	for _, words := range []string{"Is it warm?", "Is it light?", "Is it dear?"} {
		said = append(said, l.speaks(l.ben, words))
	}
	l.clock.Set(l.shares.Add(8 * time.Hour)) // 22:00
	for _, id := range said {
		l.settles(l.manager, "", id, "read", "")
		l.later(20 * time.Minute)
		l.looks()
	}
	l.ben.get(views.OwnVoicesPath).form("/me/voice/" + said[0] + "/unsay").send().to(views.OwnVoicesPath)
	if got := l.answers("ben@example.com"); len(got) > 0 {
		t.Fatalf("at night he is told %q", got[0].Subject)
	}
	l.clock.Set(l.shares.Add(18 * time.Hour)) // 8:00
	l.looks()
	l.looks()
	if got := l.answers("ben@example.com"); len(got) != 1 || got[0].Subject != "News of 2 things that you said" {
		t.Errorf("in the morning he is told %+v", got)
	}
}

// Ben has switched it on for his phone, and off for his mails. A captain is not told what they answered themself, nor
// anybody what became of a reader's message.
func TestAPhoneHearsOfAnAnswerOnceItWasAskedTo(t *testing.T) {
	l, p := sharing(t), newPhone(t)
	lead := l.captain("cleo@example.com")
	l.pushesTo(p, func(netip.AddrPort) bool { return true })
	l.ben.post("/me/push", p.fields()...).wants(http.StatusNoContent)
	one, other := l.speaks(l.ben, "Is it warm?"), l.speaks(l.ben, "Is it light?")
	own := l.speaks(lead, "Is it loud?")
	rosa := l.reader("User-Agent", iphone)
	hers := rosa.opens(l.link)
	rosa.get(views.SpeakPath(hers)).form("/s/"+hers+"/say").send("words", "Is it there in 36?").wants(http.StatusSeeOther)
	message := l.manager.get("/voices?kind=message").data("voice")[0]

	choose := func(mail, push []string) {
		t.Helper()
		f := l.ben.get(views.NoticesPath).form(views.NoticesPath)
		f.values["mail"], f.values["push"] = mail, push
		f.send("often", "yes").to(views.NoticesPath)
	}
	if f := l.ben.get(views.NoticesPath).form(views.NoticesPath); slices.Contains(f.values["push"], "answered") || !slices.Contains(f.values["mail"], "answered") {
		t.Errorf("unasked it comes by mail %q and as a push %q", f.values["mail"], f.values["push"])
	}
	choose(nil, []string{"reward"})
	l.settles(l.manager, "", one, "read", "")
	l.later(10 * time.Minute)
	l.looks()
	p.heard(0)

	choose(nil, []string{"answered"})
	l.settles(l.manager, "", one, "read", "Yes.")
	l.settles(l.manager, "", other, "read", "Yes.")
	l.settles(lead, l.squad, own, "read", "No.")
	at := views.VoicePath("", message)
	l.manager.get(at).form(at).send("state", "read").to("/voices")
	l.later(10 * time.Minute)
	l.looks()
	l.looks()
	p.heard(1, "News of 2 things that you said")
	l.settles(l.manager, "", other, "used", "Yes.")
	l.later(10 * time.Minute)
	l.looks()
	p.heard(2, "News of 2 things that you said", "Novaska has made something of what you said") // the answer he knows
	if got := p.said[1]["path"]; got != views.OwnVoicePath(other, 1) {
		t.Errorf("it leads to %s", got)
	}
	if got := len(l.answers("ben@example.com")) + len(l.answers("cleo@example.com")); got != 0 {
		t.Errorf("%d mails were written", got)
	}
}

// The first of many things that Ben said is answered: the mail leads to the page on which it stands.
func TestAnAnswerToSomethingOldIsFound(t *testing.T) {
	l := sharing(t)
	var first string
	for n := range 31 {
		id := l.speaks(l.ben, fmt.Sprintf("Thing %d of many", n))
		if n == 0 {
			first = id
		}
	}
	l.settles(l.manager, "", first, "read", "Noted.")
	l.later(10 * time.Minute)
	l.looks()
	got := l.answers("ben@example.com")
	way := views.OwnVoicePath(first, 2)
	if len(got) != 1 || !strings.Contains(got[0].Body, way) {
		t.Fatalf("he is told %+v", got)
	}
	page, anchor, _ := strings.Cut(way, "#")
	if p := l.ben.get(page).says("Thing 0 of many"); !strings.Contains(p.body, `id="`+anchor+`"`) {
		t.Errorf("%s is not there", anchor)
	}
}
