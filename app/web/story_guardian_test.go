package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/brand"
	"ricochet.example/app/message"
	"ricochet.example/app/squad"
	"ricochet.example/data"
)

// minding is a house where guardians agree for minors, with a squad and a link to it.
func minding(t *testing.T) (h *house, squadPath, join string) {
	t.Helper()
	h = found(t)
	h.owner.get("/settings").form("/settings/ages").send("ages", string(brand.WithGuardian)).to("/settings")
	squadPath = h.owner.squadNamed("Lyon", "")
	return h, squadPath, h.owner.invitation(squadPath, "", "")
}

// minor is somebody of 17 who has named a guardian, and where the mail leads that the guardian gets.
func (h *house) minor(join, name, guardian string) (b *browser, who account.Account, ask string) {
	h.t.Helper()
	b, who = h.signedIn(name+"@example.com", account.Ambassador)
	b.get(join).form(join).send("age", "minor", "guardian", guardian).to(join)
	_, ask, _ = strings.Cut(h.mail(guardian).Body, h.base)
	ask, _, _ = strings.Cut(ask, "\n")
	return b, who, ask
}

// Theo's mother does not agree: nothing of her is left, and no click of his undoes her answer.
func TestTheNoOfAGuardianStands(t *testing.T) {
	h, lyon, join := minding(t)
	_, who := h.signedIn("theo@example.com", account.Ambassador)
	own := h.guest(lyon, who.Email)
	theo, who, ask := h.minor(own, "theo", "mum@example.com")
	other := h.owner.invitation(h.owner.squadNamed("Nice", ""), "", "")
	h.browser().post(ask, "agree", "no").wants(http.StatusOK).says("your address is deleted")
	if n := h.count(`SELECT count(*) FROM mails WHERE recipient = 'mum@example.com'`) + h.count(`SELECT count(*) FROM ages WHERE guardian <> ''`); n != 0 {
		t.Errorf("her address stands in %d places", n)
	}
	for _, path := range []string{own, join, other} {
		for range 2 {
			theo.post(path, "age", "adult")
		}
	}
	theo.get(other).wants(http.StatusConflict).says("does not agree", "2 April 2025")
	theo.get(lyon).wants(http.StatusNotFound)
	if n := h.count(`SELECT count(*) FROM members WHERE account_id = ?`, who.ID); n != 0 {
		t.Errorf("he is in %d squads", n)
	}

	// Who signs in by an invitation reads the same.
	again := h.browser()
	again.get(other).form(other).send("email", who.Email).to("/signin/code").
		form("/signin/code").send("code", h.code(who.Email)).to(other).says("does not agree")

	// A month later he may ask once more, and is still no adult.
	h.later(squad.AgainAfter)
	h.work()
	theo, _ = h.signedIn("theo@example.com", account.Ambassador)
	form := theo.get(other).wants(http.StatusOK).says("How old are you?").form(other)
	form = form.send("age", "adult").wants(http.StatusUnprocessableEntity).form(other)
	if got := form.problem("age"); !strings.Contains(got, "16 or 17") {
		t.Errorf("at the age stands %q", got)
	}
	form.send("age", "minor", "guardian", "dad@example.com").to(other).says("dad@example.com")
	_, ask, _ = strings.Cut(h.mail("dad@example.com").Body, h.base)
	ask, _, _ = strings.Cut(ask, "\n")
	h.browser().post(ask, "agree", "yes").wants(http.StatusOK).says("can go on")
	if n := h.count(`SELECT count(*) FROM members WHERE account_id = ?`, who.ID); n != 1 {
		t.Errorf("with his father's word he is in %d squads", n)
	}
}

// Two years after a No, whoever was 16 is 18, and nothing is left of it.
func TestANoIsForgottenWithTheYears(t *testing.T) {
	h, _, join := minding(t)
	_, _, ask := h.minor(join, "theo", "mum@example.com")
	h.browser().post(ask, "agree", "no").wants(http.StatusOK)
	h.later(700 * 24 * time.Hour)
	h.work()
	if n := h.count(`SELECT count(*) FROM ages`); n != 1 {
		t.Error("it was forgotten early")
	}
	h.later(40 * 24 * time.Hour)
	h.work()
	if n := h.count(`SELECT count(*) FROM ages`); n != 0 {
		t.Error("it is kept for ever")
	}
}

// Nia names the brand's owner as her guardian and erases her account: what was written to the owner is not hers.
func TestErasingAMinorForgetsTheMailAboutThemAlone(t *testing.T) {
	h, _, join := minding(t)
	owner := "olga@novaska.example"
	h.update(func(ctx context.Context, tx *data.Tx) error {
		if _, err := message.Write(ctx, tx, message.Mail{Kind: message.Test, To: owner, Subject: "Hello", Body: "Hello"}); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO mail_stops (address, refusals, unwanted) VALUES (?, 1, 0)`, owner)
		return err
	})
	before := h.count(`SELECT count(*) FROM mails WHERE recipient = ?`, owner)
	nia, who, ask := h.minor(join, "nia", owner)
	h.browser().post(ask, "agree", "yes").wants(http.StatusOK)
	nia.post("/me/erase", "email", who.Email).to("/signin")
	if n := h.count(`SELECT count(*) FROM mails WHERE recipient = ?`, owner); n != before {
		t.Errorf("%d mails to the owner are left of %d", n, before)
	}
	if n := h.count(`SELECT count(*) FROM mails WHERE subject LIKE '%nia%' OR body LIKE '%nia%'`); n != 0 {
		t.Errorf("%d mails name who was erased", n)
	}
	if n := h.count(`SELECT count(*) FROM mail_stops WHERE address = ?`, owner); n != 1 {
		t.Error("what is known of the owner's address is gone")
	}
}

// Nobody has one stranger after another written to, whatever they take back in between.
func TestSomebodyHasThreeGuardiansAskedADay(t *testing.T) {
	h, _, join := minding(t)
	nosy, _ := h.signedIn("nosy@example.com", account.Ambassador)
	ask := func(n int) *page {
		return nosy.get(join).form(join).send("age", "minor", "guardian", fmt.Sprintf("stranger%d@example.com", n))
	}
	for n := range 3 {
		ask(n).to(join).form(join + "/withdraw").send().to("/")
		if n := h.count(`SELECT count(*) FROM mails WHERE kind = 'guardian'`); n != 0 {
			t.Error("what is taken back is still in the outbox")
		}
	}
	if got := ask(3).wants(http.StatusUnprocessableEntity).form(join).problem("guardian"); !strings.Contains(got, "tomorrow") {
		t.Errorf("at the guardian stands %q", got)
	}
	if n := h.count(`SELECT count(*) FROM guardian_asks WHERE guardian LIKE '%@%' OR asker LIKE '%@%'`); n != 0 {
		t.Error("addresses are kept to count them")
	}
	h.later(24 * time.Hour)
	h.work()
	if n := h.count(`SELECT count(*) FROM guardian_asks`); n != 0 {
		t.Error("who was asked is kept for more than a day")
	}
	ask(4).to(join)
}

// A guardian who never answers holds no place, and nothing of them is kept.
func TestWhatNoGuardianAnswersComesToAnEnd(t *testing.T) {
	h, lyon, _ := minding(t)
	join := h.owner.invitation(lyon, "1", "")
	_, who, ask := h.minor(join, "theo", "mum@example.com")
	h.later(29 * 24 * time.Hour)
	h.work()
	h.browser().get(ask).wants(http.StatusOK)
	h.later(2 * 24 * time.Hour)
	h.work()
	h.browser().get(ask).wants(http.StatusNotFound)
	if n := h.count(`SELECT count(*) FROM mails WHERE recipient = 'mum@example.com'`) + h.count(`SELECT count(*) FROM ages`); n != 0 {
		t.Error("the mother's address is kept")
	}
	if n := h.count(`SELECT sum(used) FROM invitations`); n != 0 {
		t.Error("the place of the link is taken")
	}
	theo, _ := h.signedIn(who.Email, account.Ambassador)
	theo.get(join).wants(http.StatusOK).says("How old are you?")
}

// Whatever a guardian answers at the same moment in two windows, one answer stands.
func TestAGuardianAnswersOnce(t *testing.T) {
	h, lyon, join := minding(t)
	for n := range 12 {
		_, who, ask := h.minor(join, fmt.Sprintf("m%d", n), fmt.Sprintf("mum%d@example.com", n))
		var all sync.WaitGroup
		for i := range 4 {
			b := h.browser()
			all.Go(func() { b.post(ask, "agree", []string{"yes", "no"}[(i+n)%2]) })
		}
		all.Wait()
		seats := h.count(`SELECT count(*) FROM members WHERE account_id = ? AND squad_id = ?`, who.ID, strings.TrimPrefix(lyon, "/squads/"))
		agreed := h.count(`SELECT count(*) FROM ages WHERE account_id = ? AND agreed_at IS NOT NULL AND refused_at IS NULL`, who.ID)
		said := h.count(`SELECT count(*) FROM ages WHERE account_id = ?`, who.ID)
		if seats != agreed || said != 1 {
			t.Errorf("m%d has %d seats, %d times a guardian agreed, and %d times an age was said", n, seats, agreed, said)
		}
	}
	// One after the other, too.
	_, who, ask := h.minor(join, "late", "late-mum@example.com")
	code := strings.TrimPrefix(ask, "/guardian/")
	h.browser().post(ask, "agree", "yes").wants(http.StatusOK)
	h.update(func(ctx context.Context, tx *data.Tx) error {
		if err := account.Disagree(ctx, tx, code); err == nil {
			t.Error("a guardian who agreed can take the record away under a member")
		}
		return nil
	})
	if n := h.count(`SELECT count(*) FROM ages WHERE account_id = ? AND agreed_at IS NOT NULL`, who.ID); n != 1 {
		t.Error("there is a member of 17 for whom nobody agreed")
	}
}

// Ten people name one address at the same moment: it gets as many mails as it may in a day.
func TestNobodyIsAskedMoreOftenThanTheyMayBe(t *testing.T) {
	h, _, join := minding(t)
	var forms []*form
	for n := range 10 {
		b, _ := h.signedIn(fmt.Sprintf("m%d@example.com", n), account.Ambassador)
		forms = append(forms, b.get(join).form(join))
	}
	var all sync.WaitGroup
	for _, f := range forms {
		all.Go(func() { f.send("age", "minor", "guardian", "mum@example.com") })
	}
	all.Wait()
	if n := h.count(`SELECT count(*) FROM mails WHERE recipient = 'mum@example.com'`); n != 3 {
		t.Errorf("she is asked %d times in a day", n)
	}
}
