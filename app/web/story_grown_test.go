package web_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/data"
	"ricochet.example/views"
)

// agreed is somebody of 17 in a squad, for whom a guardian agrees.
func (h *house) agreed(join, name, guardian string) (b *browser, who account.Account, at string) {
	h.t.Helper()
	b, who, at = h.minor(join, name, guardian)
	h.browser().post(at, "agree", "yes").wants(http.StatusOK).says("can go on")
	return b, who, at
}

// Theo turns 18 and says so. Until a manager has confirmed it he is a minor; and after it nothing of that is left.
func TestAMinorSaysThatTheyAre18AndAManagerConfirmsIt(t *testing.T) {
	h, _, join := minding(t)
	theo, who, ask := h.agreed(join, "theo", "mum@example.com")
	theo.get("/me").says("mum@example.com agrees", "I am 18 now").lacks("Tell people who open my links").form(views.SayGrownPath).send().to("/me").says("has not confirmed it yet").lacks("I am 18 now")
	theo.post(views.SayGrownPath).to("/me")

	h.owner.get("/").says("theo says that they are 18 now")
	page := views.GrownPath(who.ID)
	h.owner.get(page).form(page+"/decline").send("reason", "We know you from school.").to(page).says("nothing to decide")
	h.owner.get("/").lacks("says that they are 18")
	if m := h.mail(who.Email); !strings.Contains(m.Body, "We know you from school.") {
		t.Errorf("Theo reads %q", m.Body)
	}
	theo.get("/me").says("We know you from school.", "You can say it again").lacks("I am 18 now")
	theo.post(views.SayGrownPath).to("/me").lacks("has not confirmed it yet")
	h.owner.get("/").lacks("says that they are 18")

	h.later(31 * 24 * time.Hour)
	h.owner, _ = h.signedIn("olga@novaska.example", account.Owner)
	theo, _ = h.signedIn(who.Email, account.Ambassador)
	theo.get("/me").form(views.SayGrownPath).send().to("/me")
	theo.get("/me").lacks("Tell people who open my links")
	h.owner.get(page).form(page + "/confirm").send().to(page).says("counts as 18")
	h.owner.post(page + "/confirm").to(page).lacks("counts as 18")
	h.owner.post(page+"/decline", "reason", "We do not know you.").to(page).lacks("reads why in a mail") // in another window
	theo.get("/me").says("Tell people who open my links").lacks("mum@example.com", "18 now")
	h.browser().get(ask).wants(http.StatusNotFound)
	if n := h.count(`SELECT count(*) FROM ages WHERE guardian <> '' OR code IS NOT NULL OR band <> 'adult'`) +
		h.count(`SELECT count(*) FROM mails WHERE recipient = 'mum@example.com'`); n != 0 {
		t.Errorf("his mother stands in %d places", n)
	}
	if n := h.count(`SELECT count(*) FROM acts WHERE member_id = ? AND kind IN ('age_declined', 'age_confirmed')`, who.ID); n != 2 {
		t.Errorf("%d of two decisions are written down", n)
	}
	h.owner.get("/decisions").says("Confirmed that a member is 18", "Did not confirm")
}

// Eight members say that they are 18 now: the overview names five of them, and leads to all.
func TestTheOverviewLeadsToAllWhoSayThatTheyAre18(t *testing.T) {
	h, _, _ := minding(t)
	h.owner.get(views.AllGrownPath).wants(http.StatusOK).says("Nobody")
	var all []string
	for n := range 8 {
		id := ""
		h.update(func(ctx context.Context, tx *data.Tx) error {
			who, err := account.Create(ctx, tx, account.Account{Email: fmt.Sprintf("m%d@example.com", n), Name: fmt.Sprintf("Minor%d", n), Role: account.Ambassador, Language: "en"})
			if err != nil {
				return err
			}
			age, err := account.SayAge(ctx, tx, account.Age{AccountID: who.ID, Band: account.Minor, Guardian: "mum@example.com"})
			if err != nil {
				return err
			}
			if err := account.Agree(ctx, tx, age.Code); err != nil {
				return err
			}
			id = who.ID
			return account.SayGrown(ctx, tx, who.ID)
		})
		all = append(all, id)
		h.later(time.Minute)
		more := h.owner.get("/")
		if got := len(allLinks(more, views.AllGrownPath)); got != min(max(n-4, 0), 1) {
			t.Errorf("of %d it leads to all of them %d times", n+1, got)
		}
	}
	h.owner.get("/").says("Minor4", "3 more say that they are 18 now").lacks("Minor5")
	list := h.owner.get(views.AllGrownPath).wants(http.StatusOK)
	if got := list.data("grown"); !slices.Equal(got, all) {
		t.Errorf("the list has %q, not %q", got, all)
	}
	h.owner.get(views.GrownPath(all[7])).form(views.GrownPath(all[7]) + "/confirm").send()
	if got := h.owner.get(views.AllGrownPath).data("grown"); !slices.Equal(got, all[:7]) {
		t.Errorf("after a decision the list has %q", got)
	}
	h.owner.get("/").says("2 more say")
}

// allLinks are the links of a page to a path.
func allLinks(p *page, path string) []*html.Node {
	return all(p.doc, func(n *html.Node) bool { return n.Data == "a" && attr(n, "href") == path })
}

// Two years after she said that she was 16 or 17, Nia is asked whether she is 18.
func TestWhoMustBe18ByNowIsAsked(t *testing.T) {
	h, _, join := minding(t)
	nia, who, _ := h.agreed(join, "nia", "mum@example.com")
	nia.get("/").lacks("Are you 18 now?")
	h.later(733 * 24 * time.Hour)
	nia, _ = h.signedIn(who.Email, account.Ambassador)
	nia.get("/").says("Are you 18 now?")
	nia.post(views.SayGrownPath).to("/me")
	nia.get("/").lacks("Are you 18 now?")
}

// Nia's mother was told that her address is kept until Nia is 18: once she must be, it is gone, whether Nia says so or
// not. Nia stays a member, and is shown no name until somebody has confirmed her age.
func TestAGuardianIsForgottenOnceTheMemberMustBe18(t *testing.T) {
	h, lyon, join := minding(t)
	_, who, ask := h.agreed(join, "nia", "mum@example.com")
	h.later(731 * 24 * time.Hour)
	h.work()
	h.browser().get(ask).wants(http.StatusOK).says("until the member is 18")
	h.later(2 * 24 * time.Hour)
	h.work()
	if n := h.count(`SELECT count(*) FROM ages WHERE guardian <> '' OR code IS NOT NULL`); n != 0 {
		t.Error("her mother's address is kept")
	}
	h.browser().get(ask).wants(http.StatusNotFound)
	nia, _ := h.signedIn(who.Email, account.Ambassador)
	nia.get(lyon).wants(http.StatusOK)
	nia.get("/me").says("By now you must be 18", "I am 18 now").lacks("mum@example.com", "Tell people who open my links")
	nia.get(views.MinePath).says("By now you must be 18").lacks("mum@example.com")
	h.owner, _ = h.signedIn("olga@novaska.example", account.Owner)
	h.owner.get(lyon + "/members/" + who.ID).says("must be 18 by now")
}

// Theo's mother takes back what she agreed to: he is out with his next click, he and the brand are told, and he is
// back when she agrees again.
func TestAGuardianTakesBackWhatTheyAgreedTo(t *testing.T) {
	h, lyon, join := minding(t)
	theo, who, ask := h.agreed(join, "theo", "mum@example.com")
	back := ask + "/back"
	mum := h.browser()
	if m := h.mail("mum@example.com"); !strings.Contains(m.Body, "Keep this mail") {
		t.Errorf("she reads %q", m.Body)
	}
	mum.get(ask).says("What you agreed to", "Lyon", "2025", "I take my agreement back")
	mum.get(back).wants(http.StatusOK)
	theo.get(lyon).wants(http.StatusOK) // looking decides nothing
	mum.get(back).form(back).send().to(ask).says("You took your agreement back")
	mum.post(back).to(ask)
	theo.get(lyon).wants(http.StatusSeeOther)
	if m := h.mail(who.Email); !strings.Contains(m.Body, "nobody blames you") {
		t.Errorf("Theo reads %q", m.Body)
	}
	if m := h.mail("olga@novaska.example"); !strings.Contains(m.Body, views.SuspendPath(who.ID)) || strings.Contains(m.Body, "theo") {
		t.Errorf("the owner reads %q", m.Body)
	}
	suspend := views.SuspendPath(who.ID)
	h.owner.get(suspend).says("took back their agreement").lacks("Let in again")
	h.owner.post("/people/" + who.ID + "/readmit").to(suspend)
	if n := h.count(`SELECT count(*) FROM accounts WHERE id = ? AND suspended_at IS NOT NULL`, who.ID); n != 1 {
		t.Error("staff let in whose guardian does not agree")
	}
	mum.post(ask, "agree", "no").wants(http.StatusOK).says("You took your agreement back")

	mum.get(ask).form(ask).send().wants(http.StatusOK).says("can go on", "I take my agreement back")
	theo, _ = h.signedIn(who.Email, account.Ambassador)
	theo.get(lyon).wants(http.StatusOK)
	h.owner.get("/decisions").says("Took back their agreement", "Agreed again", "A parent or guardian")

	// Once he must be 18, it is for staff to let him in.
	mum.post(back).to(ask)
	h.later(733 * 24 * time.Hour)
	h.owner, _ = h.signedIn("olga@novaska.example", account.Owner)
	h.owner.get(suspend).form("/people/" + who.ID + "/readmit").send().to(suspend)
	theo, _ = h.signedIn(who.Email, account.Ambassador)
	theo.get("/me").says("Tell people who open my links").lacks("mum@example.com")
}

// The code of a guardian is kept as a hash; one that an older version kept in clear works, and is hashed.
func TestACodeOfAGuardianIsKeptAsAHash(t *testing.T) {
	h, _, join := minding(t)
	_, who, ask := h.agreed(join, "theo", "mum@example.com")
	code := strings.TrimPrefix(ask, "/guardian/")
	if n := h.count(`SELECT count(*) FROM ages WHERE code = ?`, code); n != 0 {
		t.Error("whoever reads the database has the code")
	}
	hash := ""
	h.view(func(ctx context.Context, tx *data.Tx) (err error) {
		hash, err = data.One(ctx, tx, data.Text, `SELECT code FROM ages WHERE account_id = ?`, who.ID)
		return err
	})
	h.browser().get("/guardian/" + hash).wants(http.StatusNotFound)
	h.update(func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE ages SET code = ? WHERE account_id = ?`, code, who.ID)
		return err
	})
	h.browser().get(ask).says("What you agreed to")
	h.later(25 * time.Hour)
	h.work()
	if n := h.count(`SELECT count(*) FROM ages WHERE code = ?`, hash); n != 1 {
		t.Error("the code is still kept in clear")
	}
	h.browser().get(ask).says("What you agreed to")
}
