package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/app/squad"
	"ricochet.example/app/voice"
	"ricochet.example/app/web"
	"ricochet.example/data"
	"ricochet.example/views"
)

// writes finds a field of a form into which people write more than a line, by its page or by how long it may be.
func (f *form) writes(known []mistake) string {
	for _, n := range all(f.node, func(n *html.Node) bool { return n.Data == "textarea" && !has(n, "readonly") }) {
		return attr(n, "name")
	}
	for _, m := range known {
		if utf8.RuneCountInString(m.typed) > 100 {
			return m.field
		}
	}
	return ""
}

// Whatever somebody writes at length, they get it back when their session has ended meanwhile, and send it once more
// when they have signed in again.
func TestEveryFormWithALongTextIsHandedBack(t *testing.T) {
	const words = "First line.\n<b>Second</b> & \"last\" line, all my own."
	seen := 0
	for name, form := range mistakes {
		if strings.Contains(name, "/setup/") || strings.Contains(name, "/signin") || form.who == web.Stranger {
			continue
		}
		h := found(t)
		sc := h.scene(form.who)
		action := sc.fill(strings.TrimPrefix(name, "POST "))
		asked := sc.visitor.get(sc.fill(form.page)).wants(http.StatusOK).form(action)
		field := asked.writes(form.fields)
		if field == "" {
			continue
		}
		seen++
		asked.values.Set(field, words)
		p := h.browser().send(action, asked.values)
		if p.status != http.StatusUnauthorized {
			t.Errorf("%s: what was written is answered with status %d", name, p.status)
			continue
		}
		p.says("Nothing is lost", "Second</b> & \"last\" line")
		p.safe(name)
		again := p.form(action)
		for field, values := range asked.values {
			if got := strings.ReplaceAll(again.value(field), "\r\n", "\n"); got != values[0] {
				t.Errorf("%s: %s is handed back as %q, not %q", name, field, got, values[0])
			}
		}
		again.browser = sc.visitor
		if p := again.send(); p.status >= http.StatusInternalServerError || p.status == http.StatusBadRequest || p.status == http.StatusUnauthorized {
			t.Errorf("%s: sent again, it is answered with status %d", name, p.status)
		}
	}
	if seen < 14 {
		t.Errorf("only %d forms were looked at", seen)
	}
}

// Ana writes to the brand at length, and her session ends meanwhile. She signs in again, and what she wrote arrives.
func TestWhatAMemberWroteArrivesAfterTheySignInAgain(t *testing.T) {
	l := sharing(t)
	page := views.DropVoicePath(l.drop)
	f := l.amina.get(page).form(page)
	l.update(func(ctx context.Context, tx *data.Tx) error { return account.SignOutAll(ctx, tx, l.aminaID) })
	back := f.send("kind", "idea", "words", "A shoe that floats.").wants(http.StatusUnauthorized).form(page)
	l.amina.signIn("amina@example.com")
	back.send().to(page).says("It has arrived", "A shoe that floats.")
	l.inbox().says("A shoe that floats.")
}

// Rosa answers a squad's questions, and her session ends meanwhile. Nobody asks her for an address and forgets them.
func TestAnApplicantsAnswersAreHandedBack(t *testing.T) {
	h := found(t)
	lyon := h.owner.squadNamed("Lyon", "")
	join := h.owner.invitation(lyon, "", "")
	h.owner.get(lyon+"/edit").form(lyon).send("approval", "yes", "questions", "Where do you run?").to(lyon)
	rosa, who := h.signedIn("rosa@example.com", account.Ambassador)
	f := rosa.get(join).form(join)
	h.update(func(ctx context.Context, tx *data.Tx) error { return account.SignOutAll(ctx, tx, who.ID) })
	back := f.send("answer1", "Along the river").wants(http.StatusUnauthorized).says("Along the river").form(join)
	rosa.signIn("rosa@example.com")
	back.send().to(join).says("Your application is there")
	h.view(func(ctx context.Context, tx *data.Tx) error {
		a, err := squad.ApplicationOf(ctx, tx, strings.TrimPrefix(lyon, "/squads/"), who.ID)
		if err == nil && a.Answers[0].Text != "Along the river" {
			t.Errorf("her answers are %q", a.Answers)
		}
		return err
	})
}

// A list that was typed into a form with a file comes back, and the file does not.
func TestAFormWithAFileIsHandedBackWithoutIt(t *testing.T) {
	h := found(t)
	invite := h.owner.squadNamed("Lyon", "") + "/invite"
	p := h.browser().upload(invite, "E-mail\nsecret@example.com\n", "list", "ana@example.com\nben@example.com", "language", "en").wants(http.StatusUnauthorized)
	p.says("ben@example.com").lacks("secret@example.com")
	back := p.form(invite)
	back.browser = h.owner
	back.send().wants(http.StatusOK).says("ana@example.com")
}

// Amina has said very much of one drop. What is too much is not taken, and stays in the form.
func TestWhatIsTooMuchOfOneMemberStaysInTheForm(t *testing.T) {
	l := sharing(t)
	page := views.DropVoicePath(l.drop)
	l.update(func(ctx context.Context, tx *data.Tx) error {
		for range 50 {
			if err := voice.Say(ctx, tx, voice.Voice{DropID: l.drop, AccountID: l.aminaID, Kind: voice.Comment, Words: "Again"}); err != nil {
				return err
			}
		}
		return nil
	})
	again := l.amina.get(page).form(page).send("kind", "idea", "words", "The fifty-first").wants(http.StatusUnprocessableEntity).form(page)
	if again.value("words") != "The fifty-first" || !strings.Contains(again.problem("words"), "a lot about this drop") {
		t.Errorf("%q is given back, and at it stands %q", again.value("words"), again.problem("words"))
	}
}
